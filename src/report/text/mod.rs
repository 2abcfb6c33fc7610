//! A report for people: the only place with colours and drawn symbols.

mod certificate;
mod encounter;
mod explanation;
mod finding;
mod handshake;
mod inspection;
mod made;
mod style;
mod table;
mod visit;

pub use style::{Charset, Style};

use super::{Body, Report};
use crate::diagnose::Finding;
use crate::error::Error;
use crate::safe::Safe;
use crate::serve::Visit;
use std::fmt::Display;

/// What was found or made, and what is wrong with it: for standard output.
pub fn result(report: &Report, style: &Style) -> String {
    let now = report.now;
    let body = match &report.body {
        // for another program, which wants it as it is
        Body::Text(text) => return text.clone(),
        _ if style.is_quiet => String::new(),
        Body::None => String::new(),
        Body::Inspection(items) => joined(items.iter().map(|i| inspection::draw(i, now, style))),
        // where a store could not be read nobody connected
        Body::Handshake(shake) if !shake.transcript.completed && shake.transcript.failed_step.is_none() => String::new(),
        Body::Handshake(shake) => joined([handshake::draw(shake, style), handshake::outcome(shake, style)]),
        Body::Encounter(met) => encounter::draw(met, now, style),
        Body::Made(made) => made::draw(made, now, style),
        Body::Explanations(found) => explanation::draw(found, style),
        Body::Catalogue(pages) => explanation::pages(pages, style),
        Body::Served(served) => visit::farewell(served),
    };
    let findings: Vec<String> = report.findings.iter().filter(|f| !f.is_about_files()).map(|f| finding::draw(f, style)).collect();
    style.fit(&joined(std::iter::once(body).chain(findings)))
}

/// A client of a server, as it came: for standard output.
pub fn visit(visit: &Visit, style: &Style) -> String {
    let line = if style.is_quiet { String::new() } else { visit::draw(visit, style) };
    let findings = visit.findings.iter().map(|f| finding::draw(f, style));
    style.fit(&std::iter::once(line).chain(findings).collect::<String>())
}

/// Findings alone: for standard error.
pub fn findings(findings: &[Finding], style: &Style) -> String {
    style.fit(&joined(findings.iter().map(|f| finding::draw(f, style))))
}

/// Paragraphs with an empty line between them.
fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What kept us from looking or writing: for standard error. Beside a text for another program, all findings.
pub fn complaints(report: &Report, style: &Style) -> String {
    let is_plain_text = matches!(report.body, Body::Text(_));
    let findings = report.findings.iter().filter(|f| is_plain_text || f.is_about_files());
    style.fit(&joined(findings.map(|f| finding::draw(f, style))))
}

/// An error: the fact, its causes, the remedy.
pub fn error(error: &Error, style: &Style) -> String {
    let mut lines = vec![format!("{} {}", style.bad("error:"), safe(&error.what))];
    lines.extend(error.because.iter().map(|cause| format!("because: {}", safe(cause))));
    if !error.fix.is_empty() {
        lines.push(format!("{} {}", style.strong("fix:"), safe(&error.fix)));
    }
    style.fit(&(lines.join("\n") + "\n"))
}

/// A stranger's text, harmless.
fn safe(text: impl Display) -> String {
    Safe(text).to_string()
}

/// `text` in lines of at most `columns`, broken at spaces; a longer word stands alone.
fn wrapped(text: &str, columns: usize, style: &Style) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if style.columns(line) + 1 + style.columns(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
