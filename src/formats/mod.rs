//! Bytes to [`Store`] and back: pure functions, no clock, no files.

pub mod assemble;
pub mod bcfks;
pub mod bks;
pub mod budget;
pub mod consumer;
pub mod der;
pub mod detect;
pub mod java;
pub mod jceks;
pub mod jks;
pub mod pbe;
pub mod pem;
pub mod pkcs12;
pub mod pkcs7;
pub mod store;
pub mod target;
pub mod text;
pub mod uber;

pub use budget::Budget;
pub use store::{Entry, Format, Item, Kept, Store};

use crate::error::{Error, Result};
use crate::pki::Passwords;

/// What a reader needs beside the bytes.
pub struct Opening<'a> {
    /// What the file is called, for a password prompt.
    pub name: &'a str,
    /// What to try.
    pub passwords: &'a Passwords<'a>,
    /// How much work the file may ask for.
    pub budget: &'a Budget,
}

/// How one format is told and read.
pub struct Reader {
    /// Which one.
    pub format: Format,
    /// Whether the bytes begin as this format does; true for damaged files too.
    pub looks_like: fn(&[u8]) -> bool,
    /// Reads them.
    pub read: fn(&[u8], &Opening<'_>) -> Result<Store>,
}

/// Every format that is read, surest signs first. A new format is one row.
pub const FORMATS: &[Reader] = &[
    Reader { format: Format::Jks, looks_like: jks::looks_like, read: jks::read },
    Reader { format: Format::Jceks, looks_like: jceks::looks_like, read: jceks::read },
    Reader { format: Format::Pkcs12, looks_like: pkcs12::looks_like, read: pkcs12::read },
    Reader { format: Format::Bcfks, looks_like: bcfks::looks_like, read: bcfks::read },
    Reader { format: Format::Bks, looks_like: bks::looks_like, read: bks::read },
    Reader { format: Format::Uber, looks_like: uber::looks_like, read: uber::read },
    Reader { format: Format::Pem, looks_like: pem::looks_like, read: pem::read },
    Reader { format: Format::Pkcs7, looks_like: pkcs7::looks_like, read: pkcs7::read },
    Reader { format: Format::Der, looks_like: der::looks_like, read: der::read },
];

/// Opens a file's content, whatever it is, with every key at its certificate.
///
/// # Errors
/// Not-a-store with what the bytes are instead, and the errors of the format's reader.
pub fn open(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let mut store = open_loose(bytes, opening)?;
    if is_loose(store.format) {
        store.entries = assemble::assemble(vec![store.entries]);
        store.format = sole_kind(&store).unwrap_or(store.format);
    }
    Ok(store)
}

/// Opens a file's content; keys and certificates of a format that only lines them up are still apart, for a caller that
/// brings several files together.
///
/// # Errors
/// As [`open`].
pub fn open_loose(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let opened = match FORMATS.iter().find(|f| (f.looks_like)(bytes)) {
        Some(format) => (format.read)(bytes, opening),
        None => Err(detect::refusal(bytes, opening.name)),
    };
    opened.map_err(|e| named_in_fix(e, opening.name))
}

/// Whether a format only lines up keys and certificates.
pub fn is_loose(format: Format) -> bool {
    matches!(format, Format::Pem | Format::Der | Format::Pkcs7 | Format::Csr | Format::Crl)
}

/// A file of nothing but requests, or lists, is called by that name.
fn sole_kind(store: &Store) -> Option<Format> {
    if store.format == Format::Pkcs7 {
        return None;
    }
    let all = |is: fn(&Item) -> bool| store.entries.iter().all(|e| is(&e.item));
    match () {
        () if all(|i| matches!(i, Item::Request(_))) => Some(Format::Csr),
        () if all(|i| matches!(i, Item::Crl(_))) => Some(Format::Crl),
        () => None,
    }
}

/// Remedies are written with `FILE` for the file; here it gets its name, so that they can be pasted.
fn named_in_fix(mut e: Error, name: &str) -> Error {
    if !name.is_empty() && name != "-" && name != "standard input" {
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let pieces: Vec<&str> = e.fix.split("FILE").collect();
        let mut fix = pieces[0].to_owned();
        for pair in pieces.windows(2) {
            let is_word = !pair[0].ends_with(is_part) && !pair[1].starts_with(is_part);
            fix += &if is_word { crate::safe::shell_path(name) } else { "FILE".to_owned() };
            fix += pair[1];
        }
        e.fix = fix;
    }
    e
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_names_the_file_and_leaves_other_words_alone() {
        let e = Error::new(crate::error::Kind::NotAStore, "x", "do -i KEY-FILE -o FILE.pem FILES < FILE");
        assert_eq!(named_in_fix(e, "a b.age").fix, "do -i KEY-FILE -o 'a b.age'.pem FILES < 'a b.age'");
    }
}

#[cfg(test)]
mod foreign_tests;
