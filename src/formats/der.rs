//! Bare DER (and BER): certificates, keys, requests, revocation lists, one or several after another.

mod shape;

pub use shape::Shape;

use super::pbe::{Derivations, EncryptedKey, Spellings};
use super::store::refuse_unread;
use super::{Entry, Format, Item, Opening, Store, pkcs7, text};
use crate::asn1::{self, Fault, Reader};
use crate::error::{Error, Kind, Result};
use crate::pki::crl::Crl;
use crate::pki::csr::Request;
use crate::pki::{Cert, Password, PrivateKey};
use std::borrow::Cow;

/// Whether the bytes begin as a DER value of a kind that this reader knows, or are base64 of one without PEM armour.
pub fn looks_like(bytes: &[u8]) -> bool {
    begins_as_der(bytes)
        || text::bare_base64(bytes).is_some_and(|inner| begins_as_der(&inner) && !super::pkcs12::looks_like(&inner))
}

/// A SEQUENCE with a plausible beginning; a file that was cut off begins so too.
pub fn begins_as_der(bytes: &[u8]) -> bool {
    let rest = match bytes {
        [0x30, 0x80, rest @ ..] => rest,
        [0x30, n @ 0x81..=0x84, rest @ ..] => rest.get(usize::from(n & 0x7f)..).unwrap_or_default(),
        [0x30, n, rest @ ..] if *n < 0x80 && bytes.len() <= usize::from(*n) + 16 => rest,
        _ => return false,
    };
    matches!(rest.first(), Some(&(asn1::SEQUENCE | asn1::INTEGER | asn1::OID)))
}

/// Reads the file's values into entries, keys and certificates still apart.
///
/// # Errors
/// Damaged-store where the first value cannot be read, not-a-store where it is of a kind that is in no store.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let mut remarks = Vec::new();
    let inner = if begins_as_der(bytes) { None } else { text::bare_base64(bytes) };
    if inner.is_some() {
        remarks.push("base64 without PEM armour".to_owned());
    }
    let mut rest = inner.as_deref().map_or(bytes, Vec::as_slice);
    let mut values = Values::new(opening);
    let mut entries: Vec<Entry> = Vec::new();
    // what is filled up with zeros is no value, though two of them look like one
    let filled_up = rest.iter().rev().take_while(|b| **b == 0).count();
    while !rest.is_empty() {
        if !entries.is_empty() && rest.len() <= filled_up {
            remarks.push(format!("{} of zeros after the end", crate::safe::count(rest.len(), "byte")));
            break;
        }
        if !entries.is_empty() && rest.starts_with(&[0, 0]) {
            remarks.push(format!("{} after the end are not read", crate::safe::count(rest.len(), "byte")));
            break;
        }
        opening.budget.charge_entries(1)?;
        match one_value(rest) {
            Ok((value, used)) => {
                let read = values.entries(&value)?;
                entries.extend(read);
                rest = &rest[used..];
            }
            Err(fault) if !entries.is_empty() && begins_as_der(rest) => {
                entries.push(unread(Shape::Unknown, cut_or_altered(rest, fault)));
                break;
            }
            Err(_) if !entries.is_empty() => {
                remarks.push(format!("{} after the end are not read", crate::safe::count(rest.len(), "byte")));
                break;
            }
            Err(fault) => return Err(cut_or_altered(rest, fault)),
        }
    }
    refuse_unread(&entries)?;
    let encryption = values.encryption.take();
    Ok(Store { format: Format::Der, encryption, mac: None, password: values.opened_with, entries, remarks })
}

/// The first value and how long it is, as it stands where it is DER, else brought into DER.
fn one_value(bytes: &[u8]) -> Result<(Cow<'_, [u8]>, usize), Fault> {
    let (der, used) = asn1::to_der(bytes)?;
    let as_it_stands = &bytes[..used];
    Ok((if der == as_it_stands { Cow::Borrowed(as_it_stands) } else { Cow::Owned(der) }, used))
}

fn cut_or_altered(bytes: &[u8], fault: Fault) -> Error {
    let claimed = match bytes {
        [_, 0x82, high, low, ..] => Some(4 + usize::from(*high) * 256 + usize::from(*low)),
        [_, 0x83, a, b, c, ..] => Some(5 + (usize::from(*a) << 16) + (usize::from(*b) << 8) + usize::from(*c)),
        _ => None,
    };
    match claimed.filter(|n| *n > bytes.len()) {
        Some(n) => fault.damages(format!("cut off: it should be {n} bytes long, and {} are there", bytes.len())),
        None => fault.damages("binary (DER) data that is altered"),
    }
}

/// Reads single values, with what carries over from one to the next: the password that opened a key, and a curve.
pub struct Values<'a> {
    opening: &'a Opening<'a>,
    /// The password that opened the last encrypted key.
    pub opened_with: Option<Password>,
    /// How the keys are encrypted, in words.
    pub encryption: Option<String>,
    /// DER of the curve's parameters that stood before an EC key.
    pub curve: Option<Vec<u8>>,
}

impl<'a> Values<'a> {
    /// For one file.
    pub fn new(opening: &'a Opening<'a>) -> Self {
        Values { opening, opened_with: None, encryption: None, curve: None }
    }

    /// The entries of one value: one, but for PKCS#7.
    ///
    /// # Errors
    /// Only where the budget ends; what cannot be read is an entry that says so.
    pub fn entries(&mut self, value: &[u8]) -> Result<Vec<Entry>> {
        let shape = Shape::of(value);
        if shape == Shape::Pkcs7 {
            return match pkcs7::entries(value, self.opening.budget) {
                Err(e) if e.kind == Kind::TooCostly => Err(e),
                Err(e) => Ok(vec![unread(shape, e)]),
                Ok(entries) => Ok(entries),
            };
        }
        Ok(vec![Entry::new(None, self.item(shape, value).unwrap_or_else(|e| unread(shape, e).item))])
    }

    fn item(&mut self, shape: Shape, value: &[u8]) -> Result<Item> {
        Ok(match shape {
            Shape::Certificate => Item::Certificate(Cert::from_ber(value)?),
            Shape::Request => Item::Request(Request::from_der(&in_der(value)?)?),
            Shape::Crl => Item::Crl(Crl::from_der(&in_der(value)?)?),
            Shape::Pkcs8 | Shape::Pkcs1 | Shape::Sec1 | Shape::DsaKey => loose(Ok(self.key(shape, value)?)),
            Shape::EncryptedPkcs8 => loose(self.encrypted_key(value)),
            _ => return Err(shape.refusal()),
        })
    }

    fn encrypted_key(&mut self, value: &[u8]) -> Result<PrivateKey> {
        let key = EncryptedKey::from_der(&in_der(value)?)?;
        self.encryption.get_or_insert_with(|| key.scheme.to_string());
        let derivations = Derivations::new(self.opening.budget);
        self.open(|password| key.open(&Spellings::new(password), &derivations))
    }

    /// A private key that is not encrypted.
    ///
    /// # Errors
    /// Damaged-store where it is ill-formed.
    pub fn key(&mut self, shape: Shape, value: &[u8]) -> Result<PrivateKey> {
        match shape {
            Shape::Pkcs8 => PrivateKey::from_pkcs8(value),
            Shape::Pkcs1 => PrivateKey::from_pkcs1(&in_der(value)?),
            Shape::Sec1 => PrivateKey::from_sec1(&in_der(value)?, self.curve.take().as_deref()),
            Shape::DsaKey => dsa(&in_der(value)?),
            _ => Err(Error::damaged("the private key is ill-formed")),
        }
    }

    /// Tries the passwords on an encrypted key.
    ///
    /// # Errors
    /// As [`crate::pki::Passwords::open_key`].
    pub fn open(&mut self, decrypt: impl FnMut(&Password) -> Result<PrivateKey>) -> Result<PrivateKey> {
        let opened = self.opening.passwords.open_key(self.opening.name, self.opened_with.as_ref(), decrypt);
        let (key, password) = opened?;
        self.opened_with = Some(password);
        Ok(key)
    }
}

/// A key that has not met its certificate yet.
pub fn loose(key: Result<PrivateKey>) -> Item {
    Item::Key { key, chain: Vec::new(), sent: Vec::new() }
}

/// An entry for what could not be read.
fn unread(shape: Shape, why: Error) -> Entry {
    Entry::new(None, Item::Unread { what: shape.title().to_owned(), why })
}

fn in_der(value: &[u8]) -> Result<Cow<'_, [u8]>> {
    Ok(one_value(value)?.0)
}

/// OpenSSL's traditional DSA key: version, p, q, g, public y, private x.
///
/// # Errors
/// Damaged-store where it is ill-formed.
pub fn dsa(der: &[u8]) -> Result<PrivateKey> {
    let parts = || -> Result<_, Fault> {
        let mut inside = Reader::new(der).sequence()?;
        inside.expect(asn1::INTEGER)?;
        let mut next = || inside.expect(asn1::INTEGER).map(|v| v.whole);
        let (p, q, g, _y, x) = (next()?, next()?, next()?, next()?, next()?);
        Ok((asn1::sequence(&[p, q, g]), x))
    };
    let (parameters, x) = parts()?;
    PrivateKey::wrapped(&asn1::sequence(&[asn1::oid(crate::pki::kind::OID_DSA), parameters]), x)
}

/// The certificates one after another in DER, as `.der` and `.crt` files hold them.
pub fn write(certs: &[Cert]) -> Vec<u8> {
    certs.iter().flat_map(|c| c.der.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Budget;
    use crate::pki::Passwords;

    #[test]
    fn zeros_that_fill_up_a_file_are_no_values() {
        let cert = include_bytes!("../../fixtures/pem/server.der");
        let filled = [&cert[..], &[0; 100]].concat();
        let passwords = Passwords::usual();
        let store = read(&filled, &Opening { name: "x.der", passwords: &passwords, budget: &Budget::default() }).unwrap();
        assert_eq!((store.entries.len(), store.remarks.join("")), (1, "100 bytes of zeros after the end".to_owned()));
    }
}
