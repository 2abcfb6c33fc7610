//! What was made, kept or changed: a line a thing.

use super::table::Table;
use super::{Style, certificate, handshake, safe, wrapped};
use crate::report::{Made, Row};
use std::path::PathBuf;
use time::OffsetDateTime;

/// The files, the handshake that proves them, and what to do next.
pub fn draw(made: &Made, now: OffsetDateTime, style: &Style) -> String {
    let mut table = Table::default();
    for row in &made.rows {
        table.row([format!("  {}", safe(&row.role)), safe(files(&row.files)), says(row, now, style)]);
        if let (true, Some(cert)) = (style.is_verbose, &row.cert) {
            certificate::fields(cert, now, 6, &mut table, style);
        }
    }
    let mut out = table.draw(2, style);
    if let Some(proof) = &made.proof {
        if style.is_verbose || !proof.transcript.completed {
            out.push('\n');
            out.push_str(&handshake::draw(proof, style));
        }
        out.push('\n');
        out.push_str(&handshake::outcome(proof, style));
    }
    for remark in &made.remarks {
        let columns = style.width.unwrap_or(110).clamp(40, 110) - 4;
        for (i, line) in wrapped(&safe(remark), columns, style).iter().enumerate() {
            let mark = if i == 0 { format!("\n  {} ", style.warn("!")) } else { "    ".to_owned() };
            out.push_str(&format!("{mark}{line}\n"));
        }
    }
    for (i, next) in made.next.iter().enumerate() {
        out.push_str(if i == 0 { "\n  next: " } else { "        " });
        out.push_str(&safe(next));
        out.push('\n');
    }
    out
}

/// `pki/server.p12 (+ .crt .key)` where only the endings differ, else all of them.
fn files(files: &[PathBuf]) -> String {
    let Some((first, rest)) = files.split_first() else { return String::new() };
    let ending = |f: &PathBuf| {
        let has_same_stem = f.with_extension("") == first.with_extension("");
        f.extension().filter(|_| has_same_stem).map(|e| format!(".{}", e.to_string_lossy()))
    };
    match rest.iter().map(ending).collect::<Option<Vec<_>>>() {
        Some(endings) if !endings.is_empty() => format!("{} (+ {})", first.display(), endings.join(" ")),
        _ => files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn says(row: &Row, now: OffsetDateTime, style: &Style) -> String {
    let what = safe(&row.says);
    let what = match (row.action, what.is_empty()) {
        ("made", _) => what,
        (action, true) => style.faint(action),
        (action, false) => format!("{}: {what}", style.faint(action)),
    };
    let until = row.cert.as_ref().map(|cert| certificate::validity(cert, now, style));
    [Some(what).filter(|w| !w.is_empty()), until].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
