//! The entries of BouncyCastle's BKS and UBER (`org.bouncycastle.jcajce.provider.keystore.bc.BcKeyStoreSpi`).

use super::input::Input;
use super::{Label, Stored, bmp};
use crate::crypto::kdf::{self, Purpose};
use crate::crypto::{Cipher, Digest, NotDecrypted};
use crate::error::{Error, Kind, Result};
use crate::formats::{Budget, Entry, Item, Opening};
use crate::pki::{Password, PrivateKey};
use crate::safe::{Safe, count};
use std::fmt;

/// One entry as it lies in the file.
pub struct Raw<'a> {
    label: Label,
    chain: Vec<Stored<'a>>,
    content: Content<'a>,
}

enum Content<'a> {
    Certificate(Stored<'a>),
    Plain(Result<Key>),
    Bytes(&'a [u8]),
    Sealed(&'a [u8]),
}

/// The entries up to the zero byte behind them.
///
/// # Errors
/// A damaged-store error where the structure is not whole; `too-costly` for more entries than the budget allows.
pub fn entries<'a>(input: &mut Input<'a>, budget: &Budget) -> Result<Vec<Raw<'a>>> {
    let mut entries = Vec::new();
    loop {
        let tag = input.u8()?;
        if tag == 0 {
            return Ok(entries);
        }
        budget.charge_entries(1)?;
        let label = Label::read(input)?;
        let chain = Stored::read_chain(input, true, budget)?;
        let content = match tag {
            1 => Content::Certificate(Stored::read(input, true)?),
            2 => Content::Plain(Key::read(input)?),
            3 => Content::Bytes(input.block()?),
            4 => Content::Sealed(input.block()?),
            _ => {
                return Err(Error::damaged("the store is cut off or altered").because(format!(
                    "the entry \"{}\" is of the kind {tag}, which BouncyCastle's stores do not have",
                    Safe(&label.alias)
                )));
            }
        };
        entries.push(Raw { label, chain, content });
    }
}

impl Raw<'_> {
    /// The entry, its seal broken with the store's password or another one; how it was sealed is added to `words`.
    pub fn open(&self, opening: &Opening<'_>, store: &Password, words: &mut Vec<String>) -> Vec<Entry> {
        match &self.content {
            Content::Certificate(stored) => vec![self.label.trusted(stored)],
            Content::Plain(key) => self.opened(key.clone(), opening.budget),
            Content::Bytes(bytes) => vec![
                self.label.entry(Item::Unread {
                    what: format!("{} that a program put in as a key", count(bytes.len(), "byte")),
                    why: Error::unsupported("only the program that put them in knows what they are")
                        .with_fix("read it with the program that wrote it"),
                }),
            ],
            Content::Sealed(sealed) => {
                let key = Seal::read(sealed).and_then(|seal| {
                    words.push(seal.to_string());
                    self.label.open(opening, store, |password| {
                        // a key of two digests' length, and an initialisation vector
                        opening.budget.charge(Seal::NAME, seal.iterations * 3)?;
                        seal.open(password)
                    })
                });
                self.opened(key.and_then(|key| key), opening.budget)
            }
        }
    }

    fn opened(&self, key: Result<Key>, budget: &Budget) -> Vec<Entry> {
        match key {
            Ok(Key::Secret { algorithm, bits }) => vec![self.label.entry(Item::Secret { algorithm, bits: Some(bits) })],
            Ok(Key::Private(key)) => self.label.key(key, &self.chain, budget),
            Ok(Key::Public(algorithm)) => vec![
                self.label.entry(Item::Unread {
                    what: format!("a public key ({})", Safe(&algorithm)),
                    why: Error::unsupported("a public key alone, without certificate or private key")
                        .with_fix("nothing to do: TLS has no use for it"),
                }),
            ],
            // a private key has certificates with it: BouncyCastle takes none without
            Err(e) if e.kind == Kind::KeyPasswordDiffers && self.chain.is_empty() => {
                vec![self.label.entry(Item::Secret { algorithm: "sealed under another password".to_owned(), bits: None })]
            }
            Err(e) => self.label.key(Err(e), &self.chain, budget),
        }
    }
}

/// A key as BouncyCastle encodes it: kind, format, algorithm, bytes.
#[derive(Clone)]
enum Key {
    Private(Result<PrivateKey>),
    Public(String),
    Secret { algorithm: String, bits: u32 },
}

impl Key {
    /// The outer error is of the structure, the inner of the key.
    fn read(input: &mut Input<'_>) -> Result<Result<Key>> {
        let (kind, format, algorithm, encoded) = (input.u8()?, input.text()?, input.text()?, input.block()?);
        Ok(match (kind, format.as_str()) {
            (0, "PKCS#8" | "PKCS8") => Ok(Key::Private(PrivateKey::from_pkcs8(encoded))),
            (1, "X.509" | "X509") => Ok(Key::Public(algorithm)),
            (2, _) => Ok(Key::Secret { algorithm, bits: u32::try_from(encoded.len() * 8).unwrap_or(u32::MAX) }),
            (0 | 1, format) => Err(Error::unsupported(format!("a key in the encoding {}", Safe(format)))),
            (kind, _) => Err(Error::damaged(format!("a key of the kind {kind}, which BouncyCastle's stores do not have"))),
        })
    }
}

/// A sealed key: salt, iterations and ciphertext.
struct Seal<'a> {
    salt: &'a [u8],
    iterations: u64,
    ciphertext: &'a [u8],
}

impl fmt::Display for Seal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x{}", Seal::NAME, self.iterations)
    }
}

impl<'a> Seal<'a> {
    /// PBEWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C).
    const NAME: &'static str = "PBE-SHA1-3DES";

    fn read(sealed: &'a [u8]) -> Result<Self> {
        let mut input = Input::new(sealed);
        let (salt, iterations) = (input.block()?, u64::from(input.u32()?));
        Ok(Seal { salt, iterations, ciphertext: input.rest() })
    }

    fn open(&self, password: &Password) -> Result<Result<Key>> {
        let password = bmp(password);
        let derive = |purpose, length| kdf::pkcs12(Digest::Sha1, purpose, &password, self.salt, self.iterations, length);
        match Cipher::TripleDes.decrypt(&derive(Purpose::Key, 24)?, &derive(Purpose::Iv, 8)?, self.ciphertext) {
            Ok(plain) => {
                let mut input = Input::new(&plain);
                // one wrong key in 256 leaves good padding, and then no sense
                let key = Key::read(&mut input).map_err(|_| Error::wrong_password())?;
                match key {
                    Err(e) if e.kind == Kind::Damaged => Err(Error::wrong_password()),
                    key => Ok(key),
                }
            }
            Err(NotDecrypted::Padding) => Err(Error::wrong_password()),
            Err(NotDecrypted::Length) => Err(Error::damaged(format!(
                "{} under {self} are cut off or altered: they cannot have this length",
                count(self.ciphertext.len(), "byte")
            ))),
        }
    }
}
