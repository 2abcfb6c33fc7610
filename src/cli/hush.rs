//! Secrets that were typed as words of the command line, and must not be repeated by an answer: where such a word stands in
//! the wrong place, a message would quote it.

use std::borrow::Cow;
use std::ffi::OsString;

/// What must not be said, and what is said instead.
#[derive(Debug, Default)]
pub struct Hush(Vec<(String, String)>);

impl Hush {
    /// The secrets in `words`: what follows `pass:`, and passwords in addresses (`https://user:password@host`).
    pub fn of(words: &[OsString]) -> Hush {
        let secrets = words.iter().filter_map(|word| word.to_str()).filter_map(secret);
        // as it stands in a text for people, and in JSON
        let spellings = secrets.flat_map(|(start, secret, end)| {
            let escaped = secret.replace('\\', "\\\\").replace('"', "\\\"");
            [secret, escaped].map(|s| (format!("{start}{s}{end}"), format!("{start}\u{2026}{end}")))
        });
        Hush(spellings.collect())
    }

    /// `text` without them.
    pub fn over<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for (said, instead) in &self.0 {
            if text.contains(said.as_str()) {
                text = Cow::Owned(text.replace(said.as_str(), instead));
            }
        }
        text
    }
}

/// The secret of a word, with what stands before and behind it.
fn secret(word: &str) -> Option<(&'static str, String, &'static str)> {
    if let Some((_, secret)) = word.split_once("pass:") {
        return (!secret.is_empty()).then(|| ("pass:", secret.to_owned(), ""));
    }
    let authority = word.split_once("://")?.1.split(['/', '?', '#']).next()?;
    let (_, password) = authority.rsplit_once('@')?.0.split_once(':')?;
    (!password.is_empty()).then(|| (":", password.to_owned(), "@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_passwords_are_not_repeated() {
        let words = ["--new", "pass:se\"kret", "--password=pass:x y", "https://bob:99@host:443/", "pass:", "a:b@c"];
        let hush = Hush::of(&words.map(OsString::from));
        assert_eq!(hush.over("pass:se\"kret: no such file"), "pass:…: no such file");
        assert_eq!(hush.over("{\"what\": \"pass:se\\\"kret\"}"), "{\"what\": \"pass:…\"}");
        assert_eq!(hush.over("'--password=pass:x y' and https://bob:99@host"), "'--password=pass:…' and https://bob:…@host");
        assert_eq!(hush.over("pass: a:b@c 99"), "pass: a:b@c 99");
    }
}
