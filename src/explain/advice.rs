//! From a known string to the words that people read: the meaning with its sides named, and a command to paste.

use super::Explanation;
use super::rank::Group;
use super::scan::Hit;
use super::side::named;
use super::table::{PrintedBy, Role, Row, STACKS};
use crate::diagnose::Code;

/// The longest piece of the text that is repeated.
const SHOWN: usize = 300;

/// The host and port that a text is about, where it says so.
#[derive(Debug, Default)]
pub(super) struct Address {
    host: Option<String>,
    port: Option<String>,
}

impl Address {
    pub fn of(hits: &[Hit]) -> Address {
        let mut address = Address::default();
        for hit in hits.iter().filter(|h| h.needle.role == Role::Where) {
            for (name, word) in hit.place.words.iter().filter(|(_, word)| is_plain(word)) {
                let slot = if name == "port" { &mut address.port } else { &mut address.host };
                slot.get_or_insert_with(|| word.clone());
            }
        }
        address
    }
}

/// Whether a word of the text may stand in a command: nothing that a shell would take for more than a word.
fn is_plain(word: &str) -> bool {
    let is_safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'_' | b'/');
    !word.is_empty() && word.len() < 256 && !word.starts_with('-') && word.bytes().all(is_safe)
}

/// What a group of hits says of `text`.
pub(super) fn explanation(text: &[u8], group: &Group<'_>, row: &Row, address: &Address) -> Explanation {
    let place = &group.first.place;
    let line_end = text[place.end..].iter().take(SHOWN).position(|b| *b == b'\n').map_or(text.len(), |i| place.end + i);
    let end = if group.first.needle.pattern.goes_on() { line_end.min(place.end + SHOWN) } else { place.end };
    let found = String::from_utf8_lossy(&text[place.start..end]);
    let mut matched: String = found.trim().chars().take(SHOWN).collect();
    if matched.len() < found.trim().len() {
        matched.push('…');
    }
    let stack = STACKS.iter().find(|(word, _)| *word == group.first.needle.stack).map_or("", |(_, name)| name);
    Explanation {
        matched,
        line: 1 + text[..place.start].iter().filter(|b| **b == b'\n').count(),
        count: group.count,
        stack,
        meaning: filled(&named(&row.means, group.by), &place.words),
        printed_by: group.by,
        look_at: row.look.iter().map(|l| l.word(group.by)).collect(),
        codes: codes(row, group.by),
        next: next(row, group, address),
        source: row.source.clone(),
    }
}

fn codes(row: &Row, by: PrintedBy) -> Vec<Code> {
    let fits = |side: &Option<crate::handshake::Side>| side.is_none() || by.side().is_none() || *side == by.side();
    row.codes.iter().filter(|(_, side)| fits(side)).map(|(code, _)| *code).collect()
}

/// The command for the side that printed it, with what the text says of host, port and names.
fn next(row: &Row, group: &Group<'_>, address: &Address) -> String {
    let of = |side| row.next.iter().find(|(s, _)| *s == side).map(|(_, text)| text);
    let command = of(group.by.side()).or_else(|| of(None)).or_else(|| row.next.first().map(|(_, text)| text));
    let mut command = command.cloned().unwrap_or_default();
    let plain: Vec<(String, String)> = group.first.place.words.iter().filter(|(_, word)| is_plain(word)).cloned().collect();
    command = filled(&command, &plain);
    for (name, hole) in [("{host}", "HOST"), ("{port}", "PORT"), ("{name}", "NAME"), ("{file}", "FILE"), ("{user}", "USER")] {
        let word = match name {
            "{host}" | "{name}" => address.host.as_deref(),
            "{port}" => address.port.as_deref(),
            _ => None,
        };
        command = command.replace(name, word.unwrap_or(hole));
    }
    command
}

/// A sentence with the words of the text put in; in a meaning they may be anything and are escaped when printed.
fn filled(sentence: &str, words: &[(String, String)]) -> String {
    words.iter().fold(sentence.to_owned(), |s, (name, word)| s.replace(&format!("{{{name}}}"), word))
}
