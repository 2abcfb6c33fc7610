//! Finds every known string of a text in one pass.

use super::pattern::Place;
use super::read::table;
use super::table::{Needle, Table};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A known string in the text.
pub(super) struct Hit {
    pub needle: &'static Needle,
    pub place: Place,
}

/// All known strings of `text`, in the order of their places.
pub(super) fn hits(text: &[u8]) -> Vec<Hit> {
    let table = table();
    let Some(searcher) = searcher(table) else { return Vec::new() };
    let mut hits: Vec<Hit> = searcher
        .find_overlapping_iter(text)
        .filter_map(|found| {
            let needle = &table.needles[found.pattern().as_usize()];
            needle.pattern.place(text, found.start()).map(|place| Hit { needle, place })
        })
        .collect();
    hits.sort_by_key(|hit| hit.place.start);
    hits
}

/// `None` only if the table were too large for an automaton of 32-bit states.
fn searcher(table: &Table) -> Option<&'static AhoCorasick> {
    static SEARCHER: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let anchors = || table.needles.iter().map(|n| n.pattern.anchor());
    let build =
        || AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(anchors()).ok();
    SEARCHER.get_or_init(build).as_ref()
}

/// The text as it was meant: UTF-16 as PowerShell writes it decoded, colours of a terminal left out, typographic quotes
/// and spaces as typed on a keyboard.
pub(super) fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    let text = match text {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        _ => Cow::Borrowed(text),
    };
    if !text.contains(&0x1b) && !text.contains(&0xE2) && !text.contains(&0xC2) && !text.contains(&b'\r') {
        return text;
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest: &[u8] = &text;
    while let Some((&first, after)) = rest.split_first() {
        rest = match rest {
            [0x1b, b'[', more @ ..] => {
                // ECMA-48: parameters, then one final byte
                let end = more.iter().position(|b| (0x40..=0x7e).contains(b)).map_or(more.len(), |i| i + 1);
                &more[end..]
            }
            [0xE2, 0x80, 0x98 | 0x99, more @ ..] => {
                out.push(b'\'');
                more
            }
            [0xE2, 0x80, 0x9C | 0x9D, more @ ..] => {
                out.push(b'"');
                more
            }
            [0xC2, 0xA0, more @ ..] => {
                out.push(b' ');
                more
            }
            [b'\r', b'\n', ..] => after,
            _ => {
                out.push(first);
                after
            }
        };
    }
    Cow::Owned(out)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
}

/// The text with its lines joined: a message that was wrapped when it was copied from a terminal or a ticket.
pub(super) fn unwrapped(text: &[u8]) -> Vec<u8> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_it_was_meant() {
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("bad decrypt\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(plain(&utf16).as_ref(), b"bad decrypt\n");
        assert_eq!(plain(b"\x1b[31mbad\x1b[0m decrypt\r\n").as_ref(), b"bad decrypt\n");
        assert_eq!(plain("“for ‘x’”\u{a0}y".as_bytes()).as_ref(), b"\"for 'x'\" y");
        assert_eq!(plain(b"\x1b[").as_ref(), b"");
        assert!(matches!(plain(b"plain"), Cow::Borrowed(_)));
    }
}
