//! Error messages and whole logs of other programs become explanations: text in, [`Explanation`]s out.
//!
//! What is known stands in `strings.txt`, a record for each meaning. Nothing is guessed: text that holds no known string
//! yields nothing.

mod advice;
mod pattern;
mod rank;
mod read;
mod record;
mod scan;
mod side;
mod table;

pub use table::PrintedBy;

use crate::diagnose::Code;
use read::table;
use std::borrow::Cow;
use table::{Role, STACKS, Weight};

/// The longest text that is tried again with its lines joined: a message that was pasted, not a log.
const PASTED: usize = 16 * 1024;

/// What a known string in a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The string as it stands in the text: a stranger's words.
    pub matched: String,
    /// The line on which it stands first, counted from 1.
    pub line: usize,
    /// How often it stands there, in its various spellings.
    pub count: usize,
    /// Whose message it is: `Java`, `OpenSSL` …
    pub stack: &'static str,
    /// What it means: a sentence or two, lower case, no full stop.
    pub meaning: String,
    /// Which side printed it.
    pub printed_by: PrintedBy,
    /// Where to look: a finding's `at` where the side is known (`client-truststore`), else from the view of the side that
    /// printed it (`own-truststore`, `peer-keystore`), or `protocol`, `network`, `file`.
    pub look_at: Vec<&'static str>,
    /// The causes of the catalogue that it may stand for, the likeliest first.
    pub codes: Vec<Code>,
    /// The `mtls` command to run next; words in capitals are for the reader to fill in.
    pub next: String,
    /// Where this is known from: a program and its version, a source file, an RFC, an issue.
    pub source: String,
}

/// A string by which a stack says a cause of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// Whose message it is.
    pub stack: &'static str,
    /// The string; `*` stands for a variable part.
    pub text: String,
    /// Which side prints it.
    pub printed_by: PrintedBy,
    /// Whether this cause is the likeliest of those that it may stand for, and it is no mere echo of the other side's.
    pub is_likely: bool,
}

/// Explains the known strings of `text`, the root cause first; empty where nothing is known.
///
/// `text` may be one message or a log of any length and encoding; the time taken is in proportion to its length.
pub fn explain(text: &[u8]) -> Vec<Explanation> {
    let text = scan::plain(text);
    let found = explanations(&text);
    if found.is_empty() && text.len() <= PASTED { explanations(&scan::unwrapped(&text)) } else { found }
}

fn explanations(text: &[u8]) -> Vec<Explanation> {
    let hits = scan::hits(text);
    let marks = side::Marks::of(&hits);
    let place = advice::Address::of(&hits);
    let table = table();
    let groups = rank::ranked(text, &hits, &marks);
    groups.iter().map(|group| advice::explanation(text, group, &table.rows[group.row], &place)).collect()
}

/// How the stacks call a cause of the catalogue: first the strings that most likely mean it, then those that may mean it
/// among others.
pub fn sayings(code: Code) -> Vec<Saying> {
    let table = table();
    let mut found: Vec<(bool, usize, usize, Saying)> = Vec::new();
    for needle in &table.needles {
        let Role::Says { row, by } = needle.role else { continue };
        let row = &table.rows[row];
        let fits = |by: PrintedBy| {
            row.codes.iter().any(|(c, side)| *c == code && (by.side().is_none() || side.is_none() || *side == by.side()))
        };
        if row.weight == Weight::Frame || !fits(by) {
            continue;
        }
        let is_likely = row.weight >= Weight::Cause && row.codes.first().is_some_and(|(c, _)| *c == code);
        let text = readable(&needle.text);
        let order = STACKS.iter().position(|(word, _)| *word == needle.stack).unwrap_or_default();
        found.push((!is_likely, row.codes.len(), order, Saying { stack: STACKS[order].1, text, printed_by: by, is_likely }));
    }
    found.sort_by_key(|(unlikely, codes, order, _)| (*unlikely, *codes, *order));
    found.into_iter().map(|(.., saying)| saying).collect()
}

/// Every command that an explanation may advise.
#[cfg(test)]
pub(crate) fn commands() -> Vec<String> {
    let all: std::collections::BTreeSet<String> =
        table().rows.iter().flat_map(|r| &r.next).map(|(_, next)| next.clone()).collect();
    all.into_iter().collect()
}

/// A pattern as people read it: every variable part is an ellipsis.
fn readable(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(i) = rest.find(['*', '#', '{']) {
        out.push_str(&rest[..i]);
        out.push('…');
        let end = if rest[i..].starts_with('{') { rest[i..].find('}').map_or(rest.len(), |e| i + e + 1) } else { i + 1 };
        rest = &rest[end..];
    }
    out.push_str(rest);
    out.trim_matches(['…', ' ']).to_owned()
}

/// The catalogue code that `text` is, if it is one and nothing else.
pub fn code(text: &str) -> Option<Code> {
    let word: Cow<'_, str> = match text.trim().strip_prefix("error[").and_then(|t| t.strip_suffix(']')) {
        Some(word) => Cow::Borrowed(word),
        None => Cow::Owned(text.trim().to_ascii_lowercase()),
    };
    crate::diagnose::catalogue::CATALOGUE.iter().map(|r| r.code).find(|code| code.word() == word)
}

#[cfg(test)]
mod tests;
