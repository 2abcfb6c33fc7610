//! How a report looks: colour, symbols, width.

use std::borrow::Cow;

/// Which characters the reader's terminal shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Charset {
    /// All of Unicode, symbols and line drawings too.
    Symbols,
    /// All of Unicode in names and words, but ASCII for our own symbols: a file or a pipe.
    #[default]
    Text,
    /// ASCII alone.
    Ascii,
}

/// How a report looks.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// Whether to colour with ANSI sequences.
    pub is_coloured: bool,
    /// Which characters to use.
    pub charset: Charset,
    /// The columns of the terminal; `None` where it is none, and lines may be of any length.
    pub width: Option<usize>,
    /// Whether to show every field.
    pub is_verbose: bool,
    /// Whether to show findings only.
    pub is_quiet: bool,
}

/// Our own symbols, and what stands for them where they cannot be shown.
const SYMBOLS: &[(char, &str)] = &[
    ('✓', "[ok]"),
    ('✗', "[failed]"),
    ('·', "-"),
    ('×', "x"),
    ('…', "..."),
    ('└', "`"),
    ('─', "-"),
    ('▶', ">"),
    ('◀', "<"),
    ('→', "->"),
    ('“', "\""),
    ('”', "\""),
    ('’', "'"),
    ('—', "-"),
    ('–', "-"),
];

impl Style {
    /// The sign of something that is well.
    pub fn tick(&self) -> String {
        self.good("✓")
    }

    /// The sign of something that failed.
    pub fn cross(&self) -> String {
        self.bad("✗")
    }

    /// `text` in green.
    pub fn good(&self, text: &str) -> String {
        self.paint("32", text)
    }

    /// `text` in red.
    pub fn bad(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// `text` in yellow.
    pub fn warn(&self, text: &str) -> String {
        self.paint("33", text)
    }

    /// `text` in bold.
    pub fn strong(&self, text: &str) -> String {
        self.paint("1", text)
    }

    /// `text` faint.
    pub fn faint(&self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(&self, sequence: &str, text: &str) -> String {
        if self.is_coloured && !text.is_empty() { format!("\x1b[{sequence}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// `text` in the characters that can be shown.
    pub fn fit(&self, text: &str) -> String {
        if self.charset == Charset::Symbols || text.is_ascii() {
            return text.to_owned();
        }
        text.chars().map(|c| self.fitted(c)).collect()
    }

    fn fitted(&self, c: char) -> Cow<'static, str> {
        match SYMBOLS.iter().find(|(symbol, _)| *symbol == c) {
            _ if c.is_ascii() || self.charset == Charset::Symbols => c.to_string().into(),
            Some((_, ascii)) => (*ascii).into(),
            None if self.charset == Charset::Text => c.to_string().into(),
            None => c.escape_unicode().to_string().into(),
        }
    }

    /// How many columns `text` takes once fitted; colour sequences take none.
    pub fn columns(&self, text: &str) -> usize {
        let mut columns = 0;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                // only we write escapes: those of strangers went through `Safe`
                '\x1b' => {
                    chars.by_ref().find(|c| *c == 'm');
                }
                c if c.is_ascii() => columns += 1,
                c => columns += self.fitted(c).chars().count(),
            }
        }
        columns
    }

    /// `text` and spaces up to `columns`.
    pub fn padded(&self, text: &str, columns: usize) -> String {
        format!("{text}{}", " ".repeat(columns.saturating_sub(self.columns(text))))
    }
}
