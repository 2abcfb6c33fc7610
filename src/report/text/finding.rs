//! A finding: what is wrong, the facts side by side, the remedy.

use super::table::Table;
use super::{Style, safe, wrapped};
use crate::diagnose::{Finding, Severity};

/// How wide a paragraph gets.
const PARAGRAPH: usize = 100;

/// A finding in some lines.
pub fn draw(finding: &Finding, style: &Style) -> String {
    let label = match finding.severity {
        Severity::Error => style.bad(&format!("error[{}]:", finding.code)),
        Severity::Warning => style.warn(&format!("warning[{}]:", finding.code)),
        Severity::Info => style.strong(&format!("note[{}]:", finding.code)),
    };
    let mut table = Table::default();
    table.line(format!("{label} {}", safe(&finding.headline)));
    for (what, is) in &finding.facts {
        table.row([format!("  {}", safe(what)), safe(is)]);
    }
    // the explanation of an error about a file is its headline and its facts once more
    if !finding.explain.is_empty() && !finding.explain.starts_with(&finding.headline) {
        let columns = style.width.unwrap_or(PARAGRAPH).clamp(40, PARAGRAPH) - 2;
        for line in wrapped(&safe(&finding.explain), columns, style) {
            table.line(format!("  {line}"));
        }
    }
    if !finding.fix.is_empty() {
        // a fix of several commands stays one that can be pasted
        for (i, line) in finding.fix.lines().enumerate() {
            let label = if i == 0 { style.strong("fix:") } else { "    ".to_owned() };
            table.line(format!("  {label} {}", safe(line)));
        }
    }
    table.draw(3, style)
}
