//! Opening: which password fits which part.

use super::assemble::{self, Opened, Thing};
use super::bags::{self, Bag, Content};
use super::pfx::{Part, Pfx};
use super::write::typed;
use super::{X509_CERTIFICATE, X509_CRL};
use crate::asn1::Reader;
use crate::error::{Error, Kind, Result};
use crate::formats::Kept;
use crate::formats::pbe::{Derivations, EncryptedKey, Scheme, Spellings, names};
use crate::formats::store::{Format, Item, Store};
use crate::formats::{Opening, pbe};
use crate::pki::crl::Crl;
use crate::pki::{Cert, Password};
use crate::safe::{Safe, count};
use std::cell::RefCell;

/// Reads a PKCS#12 file (DER or BER).
///
/// # Errors
/// Told apart by [`Kind`]: no password opens it, it is damaged, it uses what we do not know, it costs too much.
/// A key that alone does not open is no error of the file: its entry says so.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let pfx = Pfx::parse(bytes, opening.budget)?;
    let reader = Opener { opening, derivations: Derivations::new(opening.budget), last: RefCell::default() };
    let is_locked = pfx.mac.is_some() || pfx.parts.iter().any(|part| matches!(part, Part::Encrypted { .. }));
    let (parts, password) = match is_locked {
        true => {
            let (parts, password) = opening.passwords.open_store(opening.name, |password| reader.unlock(&pfx, password))?;
            (parts, Some(password))
        }
        false => (pfx.parts.iter().map(|_| None).collect(), None),
    };
    let mut schemes = Schemes::default();
    let (mut things, mut has_open_key) = (Vec::new(), false);
    for (part, opened) in pfx.parts.iter().zip(parts) {
        let bags = match (opened, part) {
            (Some(bags), _) => bags,
            (None, Part::Encrypted { scheme, ciphertext }) => reader.unlock_alone(scheme, ciphertext, password.as_ref())?,
            (None, Part::Plain(bags)) => bags.clone(),
        };
        let scheme = match part {
            Part::Encrypted { scheme, .. } => Some(scheme),
            Part::Plain(_) => None,
        };
        schemes.note_part(scheme, &bags);
        has_open_key |= scheme.is_none() && bags.iter().any(|bag| matches!(bag.content, Content::Key(_)));
        things.extend(bags.into_iter().map(|bag| reader.open_bag(bag, password.as_ref())));
    }
    Ok(Store {
        format: Format::Pkcs12,
        encryption: schemes.in_words(),
        mac: pfx.mac.as_ref().map(ToString::to_string),
        // where only keys are locked, what opened one of them is the password to write the store with again
        password: password.or(reader.last.into_inner()),
        entries: assemble::entries(things),
        remarks: remarks(&pfx, has_open_key),
    })
}

fn remarks(pfx: &Pfx, has_open_key: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    if has_open_key {
        remarks.push("a private key lies in it without encryption: whoever can read the file has it".to_owned());
    }
    if pfx.trailing > 0 {
        remarks.push(format!("{} after the end of the PKCS#12 structure", count(pfx.trailing, "byte")));
    }
    if pfx.mac.is_none() {
        remarks.push("no MAC: nothing protects the content against change".to_owned());
    }
    remarks
}

struct Opener<'a> {
    opening: &'a Opening<'a>,
    derivations: Derivations<'a>,
    /// The password that opened the last key with one of its own: the next key most likely has the same.
    last: RefCell<Option<Password>>,
}

impl Opener<'_> {
    /// Tries `password` on the whole file, and gives what was in its encrypted parts. What it does not open although it fits
    /// elsewhere stays `None`: MAC and encryption may have passwords of their own (RFC 7292 section 3.1,
    /// `openssl pkcs12 -twopass`).
    fn unlock(&self, pfx: &Pfx, password: &Password) -> Result<Vec<Option<Vec<Bag>>>> {
        let mut spellings = Spellings::new(password);
        let mut fits = match &pfx.mac {
            Some(mac) if !mac.verifies(&pfx.content, &mut spellings, &self.derivations)? => {
                return Err(Error::wrong_password());
            }
            mac => mac.is_some(),
        };
        let mut opened = Vec::with_capacity(pfx.parts.len());
        for part in &pfx.parts {
            let Part::Encrypted { scheme, ciphertext } = part else {
                opened.push(None);
                continue;
            };
            match self.decrypt(scheme, ciphertext, &spellings) {
                Err(e) if e.kind == Kind::WrongPassword => opened.push(None),
                bags => {
                    opened.push(Some(bags?));
                    fits = true;
                }
            }
        }
        if fits { Ok(opened) } else { Err(Error::wrong_password()) }
    }

    fn decrypt(&self, scheme: &Scheme, ciphertext: &[u8], spellings: &Spellings) -> Result<Vec<Bag>> {
        scheme.open(ciphertext, spellings, &self.derivations, |plaintext| bags::parse(plaintext, self.opening.budget))
    }

    /// Opens a part with a password of its own.
    fn unlock_alone(&self, scheme: &Scheme, ciphertext: &[u8], opened_with: Option<&Password>) -> Result<Vec<Bag>> {
        self.with_key_password(&format!("the encrypted part of {}", self.opening.name), opened_with, |password| {
            self.decrypt(scheme, ciphertext, &Spellings::new(password))
        })
        .map_err(|e| match e.kind {
            Kind::WrongPassword => Error::wrong_password()
                .because("the password fits the rest of the file, but an encrypted part of it has another one")
                .with_fix("give the other password, too: --key-password pass:TEXT, env:NAME, file:PATH or prompt"),
            _ => e,
        })
    }

    fn with_key_password<T>(
        &self,
        what: &str,
        opened_with: Option<&Password>,
        mut open: impl FnMut(&Password) -> Result<T>,
    ) -> Result<T> {
        let last = self.last.borrow().clone();
        if let Some(opened) = last.and_then(|password| open(&password).ok()) {
            return Ok(opened);
        }
        let (opened, password) = self.opening.passwords.open_key(what, opened_with, open)?;
        self.last.replace(Some(password));
        Ok(opened)
    }

    fn open_bag(&self, bag: Bag, store: Option<&Password>) -> Thing {
        let Bag { kind, content, name, id, is_trusted, whole, attributes } = bag;
        let whole = whole.map(std::rc::Rc::unwrap_or_clone).unwrap_or_default();
        let mut kept = None;
        let content = match content {
            Content::Key(key) => Opened::Key(key),
            Content::Shrouded(key) => {
                let key = self.open_key("key", name.as_deref(), key, store, EncryptedKey::open);
                // what opened it was remembered
                let key = key.map(|key| match (self.last.borrow().clone(), store) {
                    (Some(password), Some(store)) => key.found_under(password, store),
                    _ => key,
                });
                kept = key.is_err().then(|| Kept::sealed(Format::Pkcs12, &whole));
                Opened::Key(key)
            }
            Content::Cert(der) => match Cert::from_ber(&der) {
                Ok(cert) => Opened::Cert(cert),
                Err(why) => {
                    kept = Some(Kept::Bag { kind, content: typed(X509_CERTIFICATE, &der).into(), attributes });
                    Opened::Other(Item::Unread { what: "certificate".to_owned(), why })
                }
            },
            Content::Crl(der) => Opened::Other(match Crl::from_der(&der) {
                Ok(crl) => Item::Crl(crl),
                Err(why) => {
                    kept = Some(Kept::Bag { kind, content: typed(X509_CRL, &der).into(), attributes });
                    Item::Unread { what: "certificate revocation list".to_owned(), why }
                }
            }),
            Content::Secret(key) => {
                let open = |key: &EncryptedKey, spellings: &Spellings, derivations: &Derivations<'_>| {
                    let plain = key.plaintext(spellings, derivations)?;
                    Ok((secret(&plain)?, plain))
                };
                Opened::Other(match self.open_key("secret key", name.as_deref(), key, store, open) {
                    Ok((item, plain)) => {
                        // without a password of the store, what opens a key is the store's
                        let has_its_own = store.is_some_and(|store| self.last.borrow().as_ref() != Some(store));
                        kept = Some(Kept::Secret { plain, own: has_its_own.then_some(whole), stays: false });
                        item
                    }
                    Err(why) => {
                        kept = Some(Kept::sealed(Format::Pkcs12, &whole));
                        Item::Unread { what: "secret key".to_owned(), why }
                    }
                })
            }
            Content::OtherSecret { kind: secret } => {
                kept = Some(Kept::Bag { kind, content: whole, attributes });
                Opened::Other(Item::Secret { algorithm: format!("secret of another kind ({secret})"), bits: None })
            }
            Content::Unread { what, why } => {
                kept = Some(Kept::Bag { kind, content: whole, attributes });
                Opened::Other(Item::Unread { what: what.to_owned(), why })
            }
        };
        Thing { content, name, id, is_trusted, kept }
    }

    /// Opens one shrouded key with `open`; where no password fits, the error says which key it is.
    fn open_key<T>(
        &self,
        noun: &str,
        name: Option<&str>,
        key: Result<std::rc::Rc<EncryptedKey>>,
        store: Option<&Password>,
        open: impl Fn(&EncryptedKey, &Spellings, &Derivations<'_>) -> Result<T>,
    ) -> Result<T> {
        let key = key?;
        let title = name.map_or_else(|| format!("a {noun}"), |name| format!("the {noun} \"{}\"", Safe(name)));
        let opened = self.with_key_password(&format!("{title} in {}", self.opening.name), store, |password| {
            open(&key, &Spellings::new(password), &self.derivations)
        });
        opened.map_err(|e| match (e.kind, store) {
            (Kind::WrongPassword, Some(_)) => Error::new(
                Kind::KeyPasswordDiffers,
                format!("the store opens, but {title} in it needs another password"),
                "give the key's own password: --key-password pass:TEXT, env:NAME, file:PATH or prompt",
            ),
            _ => e,
        })
    }
}

/// A secret key as Java writes it: PKCS#8 with a cipher's number where a private key's algorithm stands.
fn secret(der: &[u8]) -> Result<Item> {
    let mut inside = Reader::new(der).sequence()?;
    inside.expect(crate::asn1::INTEGER)?;
    let oid = inside.sequence()?.oid()?;
    let length = inside.expect(crate::asn1::OCTET_STRING)?.content.len();
    let algorithm = match oid.as_str() {
        "2.16.840.1.101.3.4.1" => "AES".to_owned(),
        // the second is DES-EDE in ECB mode, which is what Java writes
        "1.2.840.113549.3.7" | "1.3.14.3.2.17" => "DESede".to_owned(),
        "1.3.14.3.2.7" => "DES".to_owned(),
        names::RC2_CBC => "RC2".to_owned(),
        "1.2.840.113549.3.4" => "ARCFOUR".to_owned(),
        "1.3.6.1.4.1.3029.1.1.2" => "Blowfish".to_owned(),
        // keytool -importpass keeps a text under this number
        "1.2.840.113549.1.5.3" => return Ok(Item::Secret { algorithm: "password".to_owned(), bits: None }),
        _ => match names::hmac(&oid) {
            Some(digest) => format!("Hmac{digest}"),
            None => pbe::names::title(&oid),
        },
    };
    Ok(Item::Secret { algorithm, bits: Some(length as u32 * 8) })
}

/// How the parts of a file are encrypted, for its description.
#[derive(Default)]
struct Schemes {
    certificates: Vec<String>,
    keys: Vec<String>,
}

const NOT_ENCRYPTED: &str = "not encrypted";
const CERTIFICATES: &str = "certificates: ";
const KEYS: &str = "; keys: ";

/// Whether a file has keys that are encrypted, by what [`Store::encryption`] says of it; or, where it has none, certificates.
pub fn has_locked_keys(encryption: &str) -> bool {
    let of_keys = match encryption.strip_prefix(CERTIFICATES).and_then(|parts| parts.split_once(KEYS)) {
        Some((_, of_keys)) => of_keys,
        None => encryption,
    };
    of_keys != NOT_ENCRYPTED
}

impl Schemes {
    fn note_part(&mut self, scheme: Option<&Scheme>, bags: &[Bag]) {
        let outer = scheme.map_or_else(|| NOT_ENCRYPTED.to_owned(), ToString::to_string);
        let mut holds_keys = false;
        for bag in bags {
            let scheme = match &bag.content {
                Content::Key(_) | Content::OtherSecret { .. } => outer.clone(),
                Content::Shrouded(Ok(key)) | Content::Secret(Ok(key)) => key.scheme.to_string(),
                Content::Shrouded(Err(why)) | Content::Secret(Err(why)) => why.what.clone(),
                _ => {
                    note(&mut self.certificates, &outer);
                    continue;
                }
            };
            holds_keys = true;
            note(&mut self.keys, &scheme);
        }
        if scheme.is_some() && !holds_keys {
            note(&mut self.certificates, &outer); // an encrypted part without anything in it, as of an empty truststore
        }
    }

    /// One scheme where it is the same for all, else what certificates and keys have each; `None` where nothing is
    /// encrypted.
    fn in_words(&self) -> Option<String> {
        let (certificates, keys) = (self.certificates.join(" and "), self.keys.join(" and "));
        let all = match (certificates.as_str(), keys.as_str()) {
            ("", one) | (one, "") => one.to_owned(),
            (one, other) if one == other => one.to_owned(),
            (one, other) => format!("{CERTIFICATES}{one}{KEYS}{other}"),
        };
        (!all.is_empty() && all != NOT_ENCRYPTED).then_some(all)
    }
}

fn note(list: &mut Vec<String>, scheme: &str) {
    if !list.iter().any(|known| known == scheme) {
        list.push(scheme.to_owned());
    }
}
