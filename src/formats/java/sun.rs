//! The layout that JKS and JCEKS share (`sun.security.provider.JavaKeyStore`, `com.sun.crypto.provider.JceKeyStore`):
//! a mark, a version, a count, entries, and a digest over all of it with the password.

use super::input::Input;
use super::protector::{Protected, Protector};
use super::serial::{self, Object};
use super::{Label, Stored, each_once, misfit, trailing, utf16, wrong_password};
use crate::crypto::java::jks_digest;
use crate::crypto::{self, Digest};
use crate::error::{Error, Kind, Result};
use crate::formats::{Entry, Format, Item, Kept, Opening, Store};
use crate::pki::{Password, PrivateKey};
use crate::safe::Safe;
use std::rc::Rc;

/// The least that an entry takes: its tag, an empty alias, a date, an empty certificate.
const LEAST_ENTRY: usize = 4 + 2 + 8 + 4;

/// What an entry holds, before a password is known.
enum Content<'a> {
    Key { protected: &'a [u8], chain: Vec<Stored<'a>> },
    Trusted(Stored<'a>),
    Sealed(Rc<Object<'a>>),
}

/// Opens a store of `format`, which begins with `magic`.
///
/// # Errors
/// A damaged-store error where its structure is not whole; a wrong-password error where it is, and the digest fits no
/// password; `too-costly` for more entries than the budget allows.
pub fn read(format: Format, magic: u32, bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let mut input = Input::new(bytes);
    if input.u32()? != magic {
        return Err(Error::damaged(format!("this does not begin as a {format} does")));
    }
    let raw = entries(format, &mut input, opening)?;
    let content = &bytes[..input.position()];
    let digest = input.bytes(Digest::Sha1.length())?;
    let behind = input.rest().len();
    let opened = opening.passwords.open_store(opening.name, |password| {
        let fits = crypto::equal(&jks_digest(&utf16(password), content), digest);
        if fits { Ok(()) } else { Err(wrong_password()) }
    });
    let ((), password) = opened.map_err(|refused| misfit(refused, behind))?;
    let mut words = Vec::new();
    let mut opened = Vec::with_capacity(raw.len());
    for (label, content) in &raw {
        match content {
            Content::Trusted(stored) => opened.push(label.trusted(stored)),
            Content::Key { protected, chain } => {
                let sealed = *protected;
                let protected = Protected::from_der(sealed);
                words.extend(protected.as_ref().ok().map(|p| p.by.to_string()));
                let key = protected.and_then(|p| private_key(&p, label, opening, &password));
                let kept = key.is_err().then(|| Kept::sealed(format, sealed));
                let mut entries = label.key(key, chain, opening.budget).into_iter();
                opened.extend(entries.next().map(|entry| Entry { kept, ..entry }));
                opened.extend(entries);
            }
            Content::Sealed(object) => opened.push(secret(object, label, opening, &password, &mut words)),
        }
    }
    Ok(Store {
        format,
        encryption: each_once(words),
        mac: Some("SHA-1 digest with the password".to_owned()),
        password: Some(password),
        entries: opened,
        remarks: trailing(behind),
    })
}

fn entries<'a>(format: Format, input: &mut Input<'a>, opening: &Opening<'_>) -> Result<Vec<(Label, Content<'a>)>> {
    let version = input.u32()?;
    if !(1..=2).contains(&version) {
        return Err(Error::damaged(format!("a {format} of version {version}; there are only 1 and 2")));
    }
    let names_type = version == 2;
    let count = input.count(LEAST_ENTRY)?;
    opening.budget.charge_entries(count)?;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let tag = input.u32()?;
        let label = Label::read(input)?;
        let content = match tag {
            1 => {
                let protected = input.block()?;
                Content::Key { protected, chain: Stored::read_chain(input, names_type, opening.budget)? }
            }
            2 => Content::Trusted(Stored::read(input, names_type)?),
            3 if format == Format::Jceks => Content::Sealed(serial::read_object(input)?),
            _ => {
                return Err(Error::damaged("the store is cut off or altered").because(format!(
                    "the entry \"{}\" is of the kind {tag}, which {format} does not have",
                    Safe(&label.alias)
                )));
            }
        };
        entries.push((label, content));
    }
    Ok(entries)
}

fn private_key(protected: &Protected<'_>, label: &Label, opening: &Opening<'_>, store: &Password) -> Result<PrivateKey> {
    let (pkcs8, password) = label.open_with(opening, store, |password| {
        protected.by.charge(opening.budget)?;
        protected.open(password)
    })?;
    Ok(PrivateKey::from_pkcs8(&pkcs8)?.found_under(password, store))
}

/// A `javax.crypto.SealedObject`: the parameters and the ciphertext of a serialized key.
fn secret(object: &Object<'_>, label: &Label, opening: &Opening<'_>, store: &Password, words: &mut Vec<String>) -> Entry {
    match unseal(object, label, opening, store, words) {
        Ok((algorithm, bits)) => label.entry(Item::Secret { algorithm, bits }),
        Err(e) if e.kind == Kind::KeyPasswordDiffers => {
            label.entry(Item::Secret { algorithm: "sealed under another password".to_owned(), bits: None })
        }
        Err(why) => label.entry(Item::Unread { what: format!("a sealed secret ({})", Safe(&object.class)), why }),
    }
}

fn unseal(
    object: &Object<'_>,
    label: &Label,
    opening: &Opening<'_>,
    store: &Password,
    words: &mut Vec<String>,
) -> Result<(String, Option<u32>)> {
    let sealed_with = object.text("sealAlg").unwrap_or("no algorithm that is named");
    if sealed_with != "PBEWithMD5AndTripleDES" {
        return Err(Error::unsupported(format!("the secret is sealed with {}, which mtls does not know", Safe(sealed_with))));
    }
    let missing = || Error::damaged("a sealed secret without its parameters or its content");
    let by = Protector::triple_des(object.bytes("encodedParams").ok_or_else(missing)?)?;
    let ciphertext = object.bytes("encryptedContent").ok_or_else(missing)?;
    words.push(by.to_string());
    let plain = label.open(opening, store, |password| {
        by.charge(opening.budget)?;
        by.open(ciphertext, password, |p| p.starts_with(&serial::MAGIC))
    })?;
    let key = serial::read_object(&mut Input::new(&plain))?;
    // SecretKeySpec calls its bytes `key`; other keys are written as java.security.KeyRep, which calls them `encoded`
    let bytes = key.bytes("key").or(key.bytes("encoded"));
    let algorithm = key.text("algorithm").unwrap_or(&key.class).to_owned();
    Ok((algorithm, bytes.and_then(|b| u32::try_from(b.len() * 8).ok())))
}
