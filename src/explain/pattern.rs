//! One known string with its variable parts.
//!
//! `*` stands for anything within the line, `#` for digits, `{host}` for a word that is remembered. A pattern begins and
//! ends at a word's border, so that `expired certificate` is not found in `unexpired certificates`; a `*` at its end
//! lifts that. Upper and lower case are one, unless the pattern is all capitals, as constants are.

/// How far a variable part may reach: it keeps matching linear, and a message together.
const REACH: usize = 300;

/// A known string.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
    /// The piece that is searched for; the others are looked at around it.
    anchor: usize,
    starts_at_border: bool,
    ends_at_border: bool,
    is_exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Anything,
    Digits,
    Word(String),
}

/// Where a pattern was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub start: usize,
    pub end: usize,
    /// What stood for the words to remember.
    pub words: Vec<(String, String)>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it: no literal part of three bytes or more, or an open brace.
    pub fn parse(text: &str) -> Result<Pattern, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = match c {
                '*' => {
                    pieces.push(Piece::Anything);
                    1
                }
                '#' => {
                    pieces.push(Piece::Digits);
                    1
                }
                '{' => {
                    let end = rest.find('}').ok_or_else(|| format!("{text}: a brace is open"))?;
                    pieces.push(Piece::Word(rest[1..end].to_owned()));
                    end + 1
                }
                _ => {
                    let end = rest.find(['*', '#', '{']).unwrap_or(rest.len());
                    pieces.push(Piece::Literal(rest.as_bytes()[..end].to_vec()));
                    end
                }
            };
            rest = &rest[length..];
        }
        let open = |piece: Option<&Piece>| piece == Some(&Piece::Anything);
        let (starts_at_border, ends_at_border) = (!open(pieces.first()), !open(pieces.last()));
        if !starts_at_border {
            pieces.remove(0);
        }
        if !ends_at_border {
            pieces.pop();
        }
        let length = |piece: &Piece| if let Piece::Literal(l) = piece { l.len() } else { 0 };
        let anchor = (0..pieces.len()).max_by_key(|&i| length(&pieces[i])).unwrap_or(0);
        if pieces.get(anchor).map_or(0, length) < 3 {
            return Err(format!("{text}: no part is long enough to search for"));
        }
        let is_exact = !pieces.iter().any(|p| matches!(p, Piece::Literal(l) if l.iter().any(u8::is_ascii_lowercase)));
        Ok(Pattern { pieces, anchor, starts_at_border, ends_at_border, is_exact })
    }

    /// The part to search for.
    pub fn anchor(&self) -> &[u8] {
        match &self.pieces[self.anchor] {
            Piece::Literal(literal) => literal,
            _ => &[],
        }
    }

    /// Whether the rest of the line belongs to the message.
    pub fn goes_on(&self) -> bool {
        !self.ends_at_border
    }

    /// The whole pattern's place in `text`, where its anchor stands at `at`.
    pub fn place(&self, text: &[u8], at: usize) -> Option<Place> {
        let after = at + self.anchor().len();
        if self.is_exact && text.get(at..after) != Some(self.anchor()) {
            return None;
        }
        let mut words = Vec::new();
        let start = self.backwards(text, at, &mut words)?;
        words.reverse();
        let end = self.forwards(text, after, &mut words)?;
        let is_whole = (!self.starts_at_border || is_border(text, start)) && (!self.ends_at_border || is_border(text, end));
        is_whole.then_some(Place { start, end, words })
    }

    fn forwards(&self, text: &[u8], from: usize, words: &mut Vec<(String, String)>) -> Option<usize> {
        let line = line_end(text, from);
        let pieces = &self.pieces[self.anchor + 1..];
        let (mut at, mut i) = (from, 0);
        while let Some(piece) = pieces.get(i) {
            let next = pieces.get(i + 1);
            match (piece, next) {
                (Piece::Literal(l), _) => {
                    at = self.equals(text.get(at..at + l.len())?, l).then_some(at + l.len())?;
                }
                (Piece::Digits, _) => {
                    let end = at + text[at..line.max(at)].iter().take_while(|b| b.is_ascii_digit()).count();
                    at = (end > at).then_some(end)?;
                }
                (variable, Some(Piece::Literal(l))) => {
                    let found = self.starts(&text[at..line.max(at)], l).next()?;
                    remember(variable, &text[at..at + found], words)?;
                    at += found + l.len();
                    i += 1;
                }
                (variable, _) => {
                    let word = text[at..line.max(at)].split(|b| !is_word(*b)).next().unwrap_or_default();
                    // what ends a sentence is no part of its last word
                    let word = word.strip_suffix(b".").or(word.strip_suffix(b":")).unwrap_or(word);
                    remember(variable, word, words)?;
                    at += word.len();
                }
            }
            i += 1;
        }
        Some(at)
    }

    fn backwards(&self, text: &[u8], from: usize, words: &mut Vec<(String, String)>) -> Option<usize> {
        let line = line_start(text, from);
        let pieces = &self.pieces[..self.anchor];
        let (mut at, mut left) = (from, pieces.len());
        while left > 0 {
            match (&pieces[left - 1], left.checked_sub(2).map(|i| &pieces[i])) {
                (Piece::Literal(l), _) => {
                    let start = at.checked_sub(l.len())?;
                    at = self.equals(&text[start..at], l).then_some(start)?;
                }
                (Piece::Digits, _) => {
                    let digits = text[line.min(at)..at].iter().rev().take_while(|b| b.is_ascii_digit()).count();
                    at = (digits > 0).then_some(at - digits)?;
                }
                (variable, Some(Piece::Literal(l))) => {
                    let line = line.min(at);
                    let found = line + self.starts(&text[line..at], l).next_back()?;
                    remember(variable, &text[found + l.len()..at], words)?;
                    at = found;
                    left -= 1;
                }
                (variable, _) => {
                    let length = text[line.min(at)..at].iter().rev().take_while(|b| is_word(**b)).count();
                    remember(variable, &text[at - length..at], words)?;
                    at -= length;
                }
            }
            left -= 1;
        }
        Some(at)
    }

    /// Where `literal` begins in `text`.
    fn starts<'a>(&'a self, text: &'a [u8], literal: &'a [u8]) -> impl DoubleEndedIterator<Item = usize> + 'a {
        let first = literal.first().map_or([0; 2], |b| [b.to_ascii_lowercase(), b.to_ascii_uppercase()]);
        let places = 0..(text.len() + 1).saturating_sub(literal.len());
        // most places fall to the first byte, which is much cheaper to compare
        places.filter(move |&i| first.contains(&text[i]) && self.equals(&text[i..i + literal.len()], literal))
    }

    fn equals(&self, a: &[u8], b: &[u8]) -> bool {
        if self.is_exact { a == b } else { a.eq_ignore_ascii_case(b) }
    }
}

/// Keeps what stands for a word; an empty word is no match.
fn remember(variable: &Piece, text: &[u8], words: &mut Vec<(String, String)>) -> Option<()> {
    if let Piece::Word(name) = variable {
        (!text.is_empty()).then_some(())?;
        words.push((name.clone(), String::from_utf8_lossy(text).into_owned()));
    }
    Some(())
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'/') || b >= 0x80
}

/// Whether no word goes on across `at`. The `n` of an escaped line break (`\n`, in logs as JSON) belongs to no word.
fn is_border(text: &[u8], at: usize) -> bool {
    let goes_on = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    let is_escape = at >= 2 && text[at - 2] == b'\\' && matches!(text[at - 1], b'n' | b't' | b'r');
    let begins_word = goes_on(text.get(at));
    let ends_word = goes_on(before) && !is_escape;
    !(begins_word && ends_word)
}

fn line_end(text: &[u8], from: usize) -> usize {
    let window = &text[from..text.len().min(from + REACH)];
    from + window.iter().position(|b| *b == b'\n').unwrap_or(window.len())
}

fn line_start(text: &[u8], from: usize) -> usize {
    let window = &text[from.saturating_sub(REACH)..from];
    from - window.iter().rev().position(|b| *b == b'\n').unwrap_or(window.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Option<String> {
        let p = Pattern::parse(pattern).unwrap();
        let folded = text.to_ascii_lowercase();
        let anchor = String::from_utf8(p.anchor().to_ascii_lowercase()).unwrap();
        folded.match_indices(&anchor).find_map(|(at, _)| p.place(text.as_bytes(), at)).map(|f| text[f.start..f.end].to_owned())
    }

    #[test]
    fn a_pattern_is_found_as_whole_words() {
        assert_eq!(found("expired certificate", "an Expired Certificate."), Some("Expired Certificate".into()));
        assert_eq!(found("expired certificate", "an unexpired certificate"), None);
        assert_eq!(found("expired certificate", "expired certificates"), None);
        assert_eq!(found("expired certificate*", "expired certificates"), Some("expired certificate".into()));
        assert_eq!(found("PKIX path", r"{\nPKIX path"), Some("PKIX path".into()));
    }

    #[test]
    fn capitals_are_constants() {
        assert_eq!(found("INVALID_PURPOSE", "code: 'INVALID_PURPOSE'"), Some("INVALID_PURPOSE".into()));
        assert_eq!(found("INVALID_PURPOSE", "an invalid_purpose"), None);
        assert_eq!(found("INVALID_PURPOSE", "ERR_INVALID_PURPOSE"), None);
    }

    #[test]
    fn variable_parts_stay_within_the_line() {
        let p = "certificate is valid for *, not {host}";
        assert_eq!(
            found(p, "x509: certificate is valid for a, b, not c.example: x"),
            Some("certificate is valid for a, b, not c.example".into())
        );
        assert_eq!(found(p, "certificate is valid for a,\nnot c.example"), None);
        assert_eq!(found("error:#:SSL routines::bad", "error:12:SSL routines::bad"), Some("error:12:SSL routines::bad".into()));
        assert_eq!(found("error:#:SSL routines::bad", "error:x:SSL routines::bad"), None);
        let far = format!("certificate is valid for {}, not b", "a".repeat(1000));
        assert_eq!(found(p, &far), None);
    }

    #[test]
    fn words_are_remembered_in_their_order() {
        let p = Pattern::parse("server at \"{host}\" (*), port {port} failed").unwrap();
        let text = b"server at \"db.example\" (10.0.0.1), port 5432 failed";
        let at = text.windows(p.anchor().len()).position(|w| w == p.anchor()).unwrap();
        let words = p.place(text, at).unwrap().words;
        assert_eq!(words, [("host".to_owned(), "db.example".to_owned()), ("port".to_owned(), "5432".to_owned())]);
    }

    #[test]
    fn a_pattern_needs_something_to_search_for() {
        assert!(Pattern::parse("*").is_err());
        assert!(Pattern::parse("a*b").is_err());
        assert!(Pattern::parse("ab {host").is_err());
    }
}
