//! Reading a BCFKS.

use super::encryption::{Encrypted, derive, spellings};
use super::{kind, purpose};
use crate::asn1::{self, Reader, Value};
use crate::crypto::{self, Digest};
use crate::error::{Error, Kind, Result};
use crate::formats::java::{Label, Stored, trailing, wrong_password};
use crate::formats::pbe::{Derivations, Kdf, names, pbes2_kdf};
use crate::formats::{Budget, Entry, Format, Item, Kept, Opening, Store};
use crate::pki::{Password, PrivateKey};
use crate::safe::Safe;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Keys of HMAC are not longer than this.
const MAX_KEY: usize = 1024;
/// GeneralizedTime (X.680 section 46).
const GENERALIZED_TIME: u8 = 0x18;

/// What guards the content against change.
enum Check<'a> {
    Mac { digest: Digest, kdf: Kdf, length: usize, mac: &'a [u8] },
    Signature(String),
}

/// Opens a BCFKS.
///
/// # Errors
/// A damaged-store error where its structure is not whole; a wrong-password error where it is, and the MAC fits no password;
/// an unsupported-algorithm error that names what we do not know; `too-costly`.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let (der, used) = asn1::to_der(bytes)?;
    let mut whole = Reader::new(&der).sequence()?;
    let content = whole.expect(asn1::SEQUENCE)?;
    let check = Check::read(Reader::next(&mut whole)?)?;
    let encrypted = Encrypted::read(content)?;
    let derivations = Derivations::new(opening.budget);
    let (plain, password) =
        opening.passwords.open_store(opening.name, |password| unlock(&content, &check, &encrypted, password, &derivations))?;
    let objects = objects(&plain, opening)?;
    let entries = objects.iter().flat_map(|object| object.open(opening, &password, &derivations)).collect();
    let mut remarks = trailing(bytes.len() - used);
    let mac = match check {
        Check::Mac { digest, kdf: Kdf::Pbkdf2 { iterations, .. }, .. } => Some(format!("HMAC-{digest} x{iterations}")),
        Check::Mac { digest, kdf, .. } => Some(format!("HMAC-{digest}, {kdf}")),
        Check::Signature(algorithm) => {
            remarks.push(format!("signed with {algorithm} in place of a MAC; the signature was not verified"));
            None
        }
    };
    Ok(Store { format: Format::Bcfks, encryption: Some(encrypted.to_string()), mac, password: Some(password), entries, remarks })
}

impl<'a> Check<'a> {
    /// ObjectStoreIntegrityCheck: a MAC, or a signature under the tag 0.
    fn read(value: Value<'a>) -> Result<Self> {
        if value.tag == asn1::context(0, true) {
            let algorithm = value.reader().sequence()?.sequence()?.oid()?;
            return Ok(Check::Signature(names::title(&algorithm)));
        }
        let mut inside = value.expect(asn1::SEQUENCE)?.reader();
        let oid = inside.sequence()?.oid()?;
        let digest = names::hmac(&oid).ok_or_else(|| {
            Error::unsupported(format!("the content is protected with {}, which mtls does not know", names::title(&oid)))
        })?;
        let (kdf, length) = pbes2_kdf(inside.expect(asn1::SEQUENCE)?)?;
        let mac = inside.expect(asn1::OCTET_STRING)?.content;
        match length {
            Some(length) if length <= MAX_KEY => Ok(Check::Mac { digest, kdf, length, mac }),
            Some(length) => Err(Error::damaged(format!("a MAC with a key of {length} bytes"))),
            None => Err(Error::damaged("the length of the key for the MAC is missing")),
        }
    }
}

/// The content, after its MAC was found right.
fn unlock(
    content: &Value<'_>,
    check: &Check<'_>,
    encrypted: &Encrypted<'_>,
    password: &Password,
    derivations: &Derivations<'_>,
) -> Result<Zeroizing<Vec<u8>>> {
    let Check::Mac { digest, kdf, length, mac } = check else {
        return encrypted.open(password, purpose::STORE, derivations);
    };
    for kdf in spellings(kdf) {
        let key = derive(&kdf, password, purpose::INTEGRITY, *length, derivations)?;
        if crypto::equal(&digest.hmac(&key, content.whole), mac) {
            return encrypted.open(password, purpose::STORE, derivations).map_err(|e| match e.kind {
                Kind::WrongPassword => Error::damaged("the MAC fits the password, and the content does not decrypt with it"),
                _ => e,
            });
        }
    }
    Err(wrong_password())
}

/// One ObjectData.
struct Object<'a> {
    label: Label,
    kind: u64,
    content: &'a [u8],
}

fn objects<'a>(plain: &'a [u8], opening: &Opening<'_>) -> Result<Vec<Object<'a>>> {
    let mut store = Reader::new(plain).sequence()?;
    store.expect(asn1::INTEGER)?; // version
    store.expect(asn1::SEQUENCE)?; // the integrity algorithm once more
    store.expect(GENERALIZED_TIME)?;
    store.expect(GENERALIZED_TIME)?;
    let mut objects = Vec::new();
    for object in store.sequence()? {
        opening.budget.charge_entries(1)?;
        let mut inside = object?.expect(asn1::SEQUENCE)?.reader();
        let kind = inside.expect(asn1::INTEGER)?.unsigned()?;
        let alias = String::from_utf8_lossy(inside.expect(asn1::UTF8_STRING)?.content).into_owned();
        let created = instant(inside.expect(GENERALIZED_TIME)?.content);
        inside.expect(GENERALIZED_TIME)?; // last change
        let content = inside.expect(asn1::OCTET_STRING)?.content;
        objects.push(Object { label: Label { alias, created }, kind, content });
    }
    Ok(objects)
}

/// GeneralizedTime in UTC; a part of a second is left out.
fn instant(text: &[u8]) -> Option<OffsetDateTime> {
    let text = std::str::from_utf8(text).ok()?;
    let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u16>().ok());
    let month = time::Month::try_from(number(4, 6)? as u8).ok()?;
    let date = time::Date::from_calendar_date(i32::from(number(0, 4)?), month, number(6, 8)? as u8).ok()?;
    let time = time::Time::from_hms(number(8, 10)? as u8, number(10, 12)? as u8, number(12, 14)? as u8).ok()?;
    text.ends_with('Z').then(|| date.with_time(time).assume_utc())
}

impl Object<'_> {
    fn open(&self, opening: &Opening<'_>, store: &Password, derivations: &Derivations<'_>) -> Vec<Entry> {
        match self.kind {
            kind::CERTIFICATE => vec![self.label.trusted(&Stored::x509(self.content))],
            kind::PRIVATE_KEY | kind::PROTECTED_PRIVATE_KEY => {
                let (chain, key) = match self.private_key(opening.budget) {
                    Ok((encrypted, chain)) => {
                        let key = encrypted.and_then(|e| {
                            let open = |password: &Password| e.open(password, purpose::PRIVATE_KEY, derivations);
                            let (pkcs8, password) = self.label.open_with(opening, store, open)?;
                            Ok(PrivateKey::from_pkcs8(&pkcs8)?.found_under(password, store))
                        });
                        (chain, key)
                    }
                    Err(why) => (vec![], Err(why)),
                };
                let is_sealed = key.is_err() && self.kind == kind::PRIVATE_KEY;
                let mut entries = self.label.key(key, &chain, opening.budget);
                if let Some(entry) = entries.first_mut().filter(|_| is_sealed) {
                    entry.kept = Some(Kept::sealed(Format::Bcfks, self.content));
                }
                entries
            }
            kind::SECRET_KEY | kind::PROTECTED_SECRET_KEY => {
                let item = match self.secret(opening, store, derivations) {
                    Ok((algorithm, bits)) => Item::Secret { algorithm, bits: Some(bits) },
                    Err(e) if e.kind == Kind::KeyPasswordDiffers => {
                        Item::Secret { algorithm: "encrypted under another password".to_owned(), bits: None }
                    }
                    Err(why) => Item::Unread { what: "a secret key".to_owned(), why },
                };
                vec![self.label.entry(item)]
            }
            other => {
                let what = format!("an object of the kind {other}");
                let why = Error::unsupported(format!("an object of the kind {other}, which BouncyCastle 1.72 does not have"))
                    .with_fix("read it with the program that wrote it");
                vec![self.label.entry(Item::Unread { what, why })]
            }
        }
    }

    /// EncryptedPrivateKeyData: the encrypted key and its certificates.
    fn private_key(&self, budget: &Budget) -> Result<(Result<Encrypted<'_>>, Vec<Stored<'_>>)> {
        let mut inside = Reader::new(self.content).sequence()?;
        let encrypted = inside.expect(asn1::SEQUENCE)?;
        let chain = inside.sequence()?.map(|cert| {
            budget.charge_entries(1)?;
            Ok(Stored::x509(cert?.whole))
        });
        let chain = chain.collect::<Result<_>>()?;
        Ok((Encrypted::read(encrypted), chain))
    }

    /// EncryptedSecretKeyData, and the SecretKeyData in it: the algorithm's name and the key's length in bits.
    fn secret(&self, opening: &Opening<'_>, store: &Password, derivations: &Derivations<'_>) -> Result<(String, u32)> {
        let encrypted = Encrypted::read(Reader::new(self.content).expect(asn1::SEQUENCE)?)?;
        let plain = self.label.open(opening, store, |password| encrypted.open(password, purpose::SECRET_KEY, derivations))?;
        let mut inside = Reader::new(&plain).sequence()?;
        let algorithm = secret_algorithm(&inside.oid()?);
        let key = inside.expect(asn1::OCTET_STRING)?.content;
        Ok((algorithm, u32::try_from(key.len() * 8).unwrap_or(u32::MAX)))
    }
}

/// The numbers that BouncyCastle gives to secret keys, by Java's names for them.
fn secret_algorithm(oid: &str) -> String {
    match oid {
        "2.16.840.1.101.3.4.1" => "AES".to_owned(),
        "1.3.14.3.2.17" => "DESede".to_owned(),
        "1.2.410.200004.1.4" => "SEED".to_owned(),
        _ if oid.starts_with("1.2.392.200011.61.1.1.1.") => "Camellia".to_owned(),
        _ if oid.starts_with("1.2.410.200046.1.1.") => "ARIA".to_owned(),
        _ => match names::hmac(oid) {
            Some(digest) => format!("Hmac{digest}"),
            None => Safe(names::title(oid)).to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_names_are_told() {
        assert_eq!(instant(b"20261122024300Z").map(|t| t.unix_timestamp()), Some(1_795_315_380));
        assert_eq!(instant(b"20261122024300.123Z"), instant(b"20261122024300Z"));
        for wrong in [&b"2026"[..], b"20261322024300Z", b"20261122024300", b"\xff", b""] {
            assert_eq!(instant(wrong), None);
        }
        assert_eq!(secret_algorithm("1.2.840.113549.2.9"), "HmacSHA256");
    }
}
