//! Text that may come from a stranger, made fit to print; hex, lists and dates in words.

use std::fmt::{self, Write as _};
use time::OffsetDateTime;

/// Shows `T` with control characters, line breaks and direction overrides escaped, so that a subject name cannot
/// write over the terminal or forge a line of our output.
pub struct Safe<T>(pub T);

impl<T: fmt::Display> fmt::Display for Safe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Escaping(f);
        write!(out, "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        for c in s.chars() {
            if is_hostile(c) { write!(self.0, "{}", c.escape_unicode())? } else { self.0.write_char(c)? }
        }
        Ok(())
    }
}

/// Control characters, and the invisible ones that reorder or hide text (Unicode UAX #9; zero-width characters). All are
/// below U+10000.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// Lower-case hex without separators, as in the JSON.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
        let _ = write!(s, "{b:02x}");
        s
    })
}

/// The bytes of a hex string; colons and spaces between pairs are allowed. `None` if it is no hex.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().filter(|c| !matches!(c, ':' | ' ')).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}

/// A fingerprint short enough to compare by eye: `3f:a1:…:07` (first two bytes and the last).
pub fn short_fingerprint(bytes: &[u8]) -> String {
    match bytes {
        [a, b, .., z] => format!("{a:02x}:{b:02x}:…:{z:02x}"),
        _ => hex(bytes),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn one_of<T: fmt::Display>(items: &[T]) -> String {
    joined(items, " or ")
}

/// `a`, `a and b`, `a, b and c`.
pub fn all_of<T: fmt::Display>(items: &[T]) -> String {
    joined(items, " and ")
}

fn joined<T: fmt::Display>(items: &[T], last: &str) -> String {
    let words: Vec<String> = items.iter().map(ToString::to_string).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
    }
}

/// `1 certificate`, `3 certificates`, `2 entries`.
pub fn count(n: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

/// `2027-02-19`, in UTC.
pub fn date(t: OffsetDateTime) -> String {
    let t = t.to_offset(time::UtcOffset::UTC);
    format!("{:04}-{:02}-{:02}", t.year(), u8::from(t.month()), t.day())
}

/// RFC 3339 in UTC to the second, as in the JSON.
pub fn rfc3339(t: OffsetDateTime) -> String {
    let t = t.to_offset(time::UtcOffset::UTC);
    format!("{}T{:02}:{:02}:{:02}Z", date(t), t.hour(), t.minute(), t.second())
}

/// `2027-02-19 (in 90 days)`, `2026-03-01 (8 months ago)`.
pub fn date_with_distance(t: OffsetDateTime, now: OffsetDateTime) -> String {
    format!("{} ({})", date(t), distance(t, now))
}

/// `in 90 days`, `3 hours ago`: the largest unit that leaves a number worth reading, rounded down. What a percent (of days
/// and less: at most an hour) is missing from counts as whole: a certificate of 90 days still has 90 a moment later.
pub fn distance(t: OffsetDateTime, now: OffsetDateTime) -> String {
    let seconds = (t - now).whole_seconds();
    let (ahead, s) = (seconds >= 0, seconds.unsigned_abs());
    let roughly = (s + s / 100) / 86_400;
    let s = s + (s / 100).min(3_600);
    let days = s / 86_400;
    let span = match () {
        () if days >= 730 => format!("{} years", roughly * 4 / 1461),
        () if days > 120 => format!("{} months", roughly / 30),
        () if days >= 2 => format!("{days} days"),
        () if s >= 7_200 => format!("{} hours", s / 3_600),
        () if s >= 120 => format!("{} minutes", s / 60),
        () => count(s as usize, "second"),
    };
    if ahead { format!("in {span}") } else { format!("{span} ago") }
}

/// A word that a POSIX shell takes as one argument.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", Safe(word).to_string().replace('\'', "'\\''"))
    }
}

/// A path as it can be pasted into a shell command: one that begins with a dash is no option.
pub fn shell_path(path: &str) -> String {
    if path.starts_with('-') { shell_word(&format!("./{path}")) } else { shell_word(path) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn hostile_characters_are_escaped() {
        assert_eq!(Safe("a\x1b[31m\u{202e}b\n").to_string(), "a\\u{1b}[31m\\u{202e}b\\u{a}");
        assert_eq!(Safe("grün, 証明書").to_string(), "grün, 証明書");
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(one_of(&["a", "b", "c"]), "a, b or c");
        assert_eq!(all_of(&["a", "b"]), "a and b");
        assert_eq!(count(1, "key"), "1 key");
    }

    #[test]
    fn distances_choose_a_unit() {
        let now = OffsetDateTime::UNIX_EPOCH;
        for (d, words) in [
            (Duration::days(90), "in 90 days"),
            (Duration::days(90) - Duration::MINUTE, "in 90 days"),
            (Duration::days(90) - Duration::hours(2), "in 89 days"),
            (Duration::days(2) - Duration::SECOND, "in 2 days"),
            (-Duration::minutes(117), "118 minutes ago"),
            (-Duration::minutes(119) - Duration::seconds(30), "2 hours ago"),
            (Duration::days(730) - Duration::SECOND, "in 2 years"),
            (Duration::days(3653) - Duration::SECOND, "in 10 years"),
            (-Duration::hours(3), "3 hours ago"),
            (Duration::days(3600), "in 9 years"),
            (Duration::days(240), "in 8 months"),
        ] {
            assert_eq!(distance(now + d, now), words);
        }
    }

    #[test]
    fn hex_round_trips() {
        assert_eq!(from_hex("3F:a1 07"), Some(vec![0x3f, 0xa1, 7]));
        assert_eq!(hex(&[0x3f, 0xa1, 7]), "3fa107");
        assert_eq!(from_hex("xyz"), None);
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_split_them() {
        assert_eq!(shell_word("pki/ca.crt"), "pki/ca.crt");
        assert_eq!(shell_word("my ca.crt"), "'my ca.crt'");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(shell_word("*.example"), "'*.example'");
        assert_eq!(shell_path("-x.pem"), "./-x.pem");
        assert_eq!(shell_path("-x y.pem"), "'./-x y.pem'");
    }
}
