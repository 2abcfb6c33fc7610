//! Finds the blocks of PEM armour in a text.
//!
//! The `pem` crate's parser gives up the whole file at the first fault, and knows neither indentation nor escaped line
//! ends; files that people are handed have all of that, and one bad block must not cost them the others. So the scanner
//! is our own (and the crate writes). It follows RFC 7468's lax grammar and goes further where that is unambiguous:
//! no character of base64 is ever taken for anything else.

use crate::formats::text::from_packed_base64;
use crate::safe::Safe;
use std::borrow::Cow;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// The longest label that is taken for one; real ones stay below 40 characters.
const LONGEST_LABEL: usize = 80;

/// The most headers that are kept of one block; real ones have two, PGP's a few more.
const MOST_HEADERS: usize = 32;

/// One block.
#[derive(Debug)]
pub struct Block<'a> {
    /// What stands between `BEGIN` and the dashes.
    pub label: &'a str,
    /// The line of its beginning, from 1.
    pub line: usize,
    /// The text between the block before and this one.
    pub before: &'a str,
    /// Its headers (RFC 1421 section 4.4): `Proc-Type`, `DEK-Info`.
    pub headers: Vec<(String, String)>,
    /// What it holds, or in words why that cannot be read.
    pub content: Result<Zeroizing<Vec<u8>>, String>,
}

impl Block<'_> {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Whether there is a beginning of a block anywhere.
pub fn has_block(text: &str) -> bool {
    text.contains(BEGIN) || text.contains("-----BEGIN%20")
}

/// A text whose escapes stand for PEM: percent-encoding, as nginx hands client certificates on.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains("-----BEGIN%20") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('%') {
        out.push_str(head);
        match tail.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(u8::is_ascii) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &tail[2..];
            }
            None => {
                out.push('%');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The blocks of a text, in order. Takes time in proportion to the text, whatever is in it.
pub fn blocks(text: &str) -> Blocks<'_> {
    Blocks { text, at: 0, line: 1, counted: 0 }
}

/// Iterates over the blocks of a text.
pub struct Blocks<'a> {
    text: &'a str,
    /// Where the search goes on.
    at: usize,
    /// The line number at `counted`.
    line: usize,
    counted: usize,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        let from = self.at;
        loop {
            let begin = self.at + self.text[self.at..].find(BEGIN)?;
            let label_at = begin + BEGIN.len();
            self.at = label_at;
            if is_commented_out(&self.text[from..begin]) {
                continue;
            }
            let (label, body) = label(&self.text[label_at..]);
            let body_at = self.text.len() - body.len();
            let (inside, end) = self.until_end(label, body_at);
            self.at = end;
            let line = self.line_of(begin);
            let (headers, content) = match inside {
                Ok(inside) => read_body(inside),
                Err(why) => (Vec::new(), Err(why)),
            };
            return Some(Block { label, line, before: &self.text[from..begin], headers, content });
        }
    }
}

impl<'a> Blocks<'a> {
    /// The text from `body_at` to the END line of `label`, or why there is none; and where the search goes on.
    fn until_end(&self, label: &str, body_at: usize) -> (Result<&'a str, String>, usize) {
        let body = &self.text[body_at..];
        // the next line of dashes must be this block's end
        let mut dashes = body.match_indices(DASHES).map(|(at, _)| at);
        match dashes.find(|at| body[*at..].starts_with(END) || body[*at..].starts_with(BEGIN)) {
            Some(at) if body[at..].starts_with(END) => {
                let (closing_label, after) = self::label(&body[at + END.len()..]);
                let next = self.text.len() - after.len();
                if closing_label == label {
                    (Ok(&body[..at]), next)
                } else {
                    (Err(format!("it begins as {} and ends as {}", Safe(label), Safe(closing_label))), next)
                }
            }
            Some(at) => (Err("its END line is missing".to_owned()), body_at + at),
            None => (Err("its END line is missing: the file is cut off".to_owned()), self.text.len()),
        }
    }

    fn line_of(&mut self, at: usize) -> usize {
        let passed = &self.text.as_bytes()[self.counted..at];
        let feeds = passed.iter().filter(|b| **b == b'\n').count();
        // the line ends of the first Macintosh
        let returns = if feeds == 0 { passed.iter().filter(|b| **b == b'\r').count() } else { 0 };
        self.line += feeds + returns;
        self.counted = at;
        self.line
    }
}

/// `#`, `;` or `//` before BEGIN on its line, and nothing else.
fn is_commented_out(before: &str) -> bool {
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default().trim();
    !line.is_empty() && line.chars().all(|c| matches!(c, '#' | ';' | '/'))
}

/// The label and what follows its dashes; without dashes, the rest of the line counts as the label.
fn label(text: &str) -> (&str, &str) {
    let mut limit = text.len().min(LONGEST_LABEL + DASHES.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let near = &text[..limit];
    let line = near.split(['\n', '\r', '\\']).next().unwrap_or_default();
    match line.find(DASHES) {
        Some(at) => (text[..at].trim(), &text[at + DASHES.len()..]),
        None => (line.trim_end_matches('-').trim_end(), &text[line.len()..]),
    }
}

type Body = (Vec<(String, String)>, Result<Zeroizing<Vec<u8>>, String>);

fn read_body(inside: &str) -> Body {
    let plain = strip_quotes(inside);
    let plain = strip_escapes(&plain);
    let mut headers = Vec::new();
    let mut base64 = Zeroizing::new(String::with_capacity(plain.len()));
    for line in lines(&plain) {
        match line.split_once(':') {
            // no base64 has a colon
            Some((name, value)) if base64.is_empty() => {
                if headers.len() < MOST_HEADERS {
                    headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
            _ => line.split([' ', '\t', '\r']).for_each(|part| base64.push_str(part.trim())),
        }
    }
    let content = from_packed_base64(base64.as_bytes());
    (headers, content)
}

/// The lines of a text that ends them with LF, CR LF or (without any LF) CR; a CR before an LF stays.
fn lines(text: &str) -> std::str::Split<'_, char> {
    text.split(if text.contains('\n') { '\n' } else { '\r' })
}

/// Line ends and other characters that are written as escapes, as in environment variables, JSON and source code.
fn strip_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        while letters.peek() == Some(&'\\') {
            letters.next(); // escaped twice
        }
        match letters.next() {
            Some('n' | 'r' | 't' | '\n' | '\r') => out.push('\n'),
            Some('u') => {
                let code: String = letters.by_ref().take(4).collect();
                out.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('?'));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// What is inside quotes, where each line is a string of its own.
fn strip_quotes(text: &str) -> Cow<'_, str> {
    let quote = |c: char| matches!(c, '"' | '\'');
    if !text.contains('"') && !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let inside = lines(text).map(|line| match (line.find(quote), line.rfind(quote)) {
        (Some(open), Some(close)) if open < close => &line[open + 1..close],
        // one quote closes the string of the BEGIN line, or opens that of the END line
        (Some(_), _) => "",
        _ if line.trim_matches(|c: char| c.is_whitespace() || "+,.;".contains(c)).is_empty() => "",
        _ => line,
    });
    Cow::Owned(inside.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<Result<String, String>> {
        blocks(&unescape(text)).map(|b| b.content.map(|c| String::from_utf8_lossy(&c).into_owned())).collect()
    }

    fn all_read_as_hello(texts: &[&str]) {
        for text in texts {
            assert_eq!(contents(text), [Ok("hello, world".to_owned())], "{text:?}");
        }
    }

    #[test]
    fn armour_is_read_however_it_was_carried() {
        all_read_as_hello(&[
            "-----BEGIN X-----\naGVsbG8sIHdvcmxk\n-----END X-----\n",
            "-----BEGIN X-----\r\naGVsbG8s\r\nIHdvcmxk\r\n-----END X-----",
            "-----BEGIN X-----\raGVsbG8s\rIHdvcmxk\r-----END X-----\r",
            "text\n  cert: |\n    -----BEGIN X-----\n    aGV\n    sbG8sIHdvcmxk\n    -----END X-----\nmore",
            r#"{"cert": "-----BEGIN X-----\naGVsbG8sIHdvcmxk\n-----END X-----\n"}"#,
            r"CERT='-----BEGIN X-----\\naGVsbG8sIHdvcmxk\\n-----END X-----\\n'",
            "-----BEGIN X----- aGVsbG8s IHdvcmxk -----END X-----",
            "-----BEGIN X-----aGVsbG8sIHdvcmxk-----END X-----",
            "-----BEGIN X-----  \n\naGVsbG8sIHdvcmxk\n\n-----END X-----",
            "-----BEGIN%20X-----%0AaGVsbG8sIHdvcmxk%0A-----END%20X-----%0A",
            "s = \"-----BEGIN X-----\\n\" +\n  \"aGVsbG8s\\n\" +\n  \"IHdvcmxk\\n\" +\n  \"-----END X-----\\n\";",
            "-----BEGIN X-----\\n\"\n\"aGVsbG8sIHdvcmxk\\n\"\n\"-----END X-----\\n\"",
            "[\"-----BEGIN X-----\",\n\"aGVsbG8s\",\n\"IHdvcmxk\",\n\"-----END X-----\"]",
            "-----BEGIN X-----\nProc-Type: 4,CLEAR\nA: b\n\naGVsbG8sIHdvcmxk\n-----END X-----",
            "# -----BEGIN X-----\n# aGk=\n# -----END X-----\n-----BEGIN X-----\naGVsbG8sIHdvcmxk\n-----END X-----",
        ]);
        assert_eq!(contents("-----BEGIN X-----\naGk\\u003d\n-----END X-----"), [Ok("hi".to_owned())]);
    }

    #[test]
    fn fault_in_one_block_spares_the_others() {
        let good = "-----BEGIN X-----\naGk=\n-----END X-----\n";
        for (bad, why) in [
            ("-----BEGIN X-----\naG?k=\n-----END X-----\n", "'?' is no base64"),
            ("-----BEGIN X-----\naGk=\n-----END Y-----\n", "begins as X and ends as Y"),
            ("-----BEGIN X-----\naGk=\n", "its END line is missing"),
            ("-----BEGIN X-----\n-----END X-----\n", "nothing in it"),
            ("-----BEGIN X---\naGk=\naGk=\n-----END X-----\n", "goes on after its padding"),
            ("-----BEGIN X-----\naGk=\naGk=\n-----END X-----\n", "goes on after its padding"),
        ] {
            let found = contents(&[good, bad, good].concat());
            assert_eq!((found.len(), found[0].is_ok(), found[2].is_ok()), (3, true, true), "{bad}");
            assert!(found[1].as_ref().unwrap_err().contains(why), "{bad}: {:?}", found[1]);
        }
        assert!(contents("-----BEGIN X-----\naGk=\n")[0].as_ref().unwrap_err().contains("cut off"));
    }

    #[test]
    fn headers_lines_and_surroundings_are_kept() {
        let text = "one\ntwo\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\naGk=\n-----END RSA PRIVATE KEY-----\nthree\n-----BEGIN B-----\naGk=\n-----END B-----";
        let found: Vec<_> = blocks(text).collect();
        assert_eq!((found[0].label, found[0].line, found[0].before), ("RSA PRIVATE KEY", 3, "one\ntwo\n"));
        assert_eq!(found[0].header("dek-info"), Some("AES-256-CBC,00FF"));
        assert_eq!((found[1].line, found[1].before.trim_start_matches('-').trim()), (10, "three"));
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        let started = std::time::Instant::now();
        for text in ["-----BEGIN ", "-----BEGIN X-----", "-----", "-----BEGIN X-----\n-----END ", "# -----BEGIN X", "-----END X"]
        {
            let _ = blocks(&text.repeat(300_000 / text.len())).count();
        }
        // some tenths of a second, unoptimised; quadratic, it would be minutes
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }
}
