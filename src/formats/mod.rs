//! Bytes to [`Store`] and back: pure functions, no clock, no files.

pub mod bcfks;
pub mod bks;
pub mod budget;
pub mod java;
pub mod jceks;
pub mod jks;
pub mod pbe;
pub mod pkcs12;
pub mod store;
pub mod uber;

pub use budget::Budget;
pub use store::{Entry, Format, Item, Store};

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
