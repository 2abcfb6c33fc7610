//! BKS, BouncyCastle's keystore: certificates in the clear, keys sealed one by one, a MAC over all.

use super::java::input::Input;
use super::java::{bmp, bouncy, each_once, misfit, trailing, wrong_password};
use super::{Format, Opening, Store};
use crate::crypto::kdf::{self, Purpose};
use crate::crypto::{self, Digest};
use crate::error::{Error, Result};

/// The longest salt that is taken for one: BouncyCastle writes 20 bytes.
const MAX_SALT: usize = 1024;

/// What BKS and UBER begin with.
pub(super) struct Header<'a> {
    pub version: u32,
    pub salt: &'a [u8],
    pub iterations: u64,
}

impl<'a> Header<'a> {
    /// Version, salt and iteration count.
    ///
    /// # Errors
    /// A damaged-store error where they make no sense.
    pub fn read(format: Format, input: &mut Input<'a>) -> Result<Self> {
        let version = input.u32()?;
        if version > 2 {
            return Err(Error::damaged(format!("a {format} of version {version}; there are only 0, 1 and 2")));
        }
        let salt = input.block()?;
        if salt.is_empty() || salt.len() > MAX_SALT {
            return Err(Error::damaged(format!("a {format} with a salt of {} bytes", salt.len())));
        }
        Ok(Header { version, salt, iterations: u64::from(input.u32()?) })
    }
}

/// Whether `bytes` begin as a BKS does. Version 2 tells by its head; version 1 shares that with UBER, and is told by its
/// first entry, which lies in the clear.
pub fn looks_like(bytes: &[u8]) -> bool {
    let mut input = Input::new(bytes);
    let Ok(header) = Header::read(Format::Bks, &mut input) else { return false };
    header.version == 2 || begins_entries(input.rest())
}

/// Whether entries begin here: an entry's head in the clear, or the end mark and a digest behind it.
pub(super) fn begins_entries(bytes: &[u8]) -> bool {
    match bytes {
        [0, digest @ ..] => digest.len() == Digest::Sha1.length(),
        [1..=4, entry @ ..] => begins_an_entry(entry),
        _ => false,
    }
}

/// An alias, a date before the year 10000, and a short chain.
fn begins_an_entry(bytes: &[u8]) -> bool {
    let mut input = Input::new(bytes);
    let alias_and_date = input.text().and_then(|_| input.u64());
    let is_date = alias_and_date.is_ok_and(|milliseconds| milliseconds < 1 << 48);
    is_date && input.u32().is_ok_and(|chain| chain < 1 << 16)
}

/// Opens a BKS.
///
/// # Errors
/// A damaged-store error where its structure is not whole; a wrong-password error where it is, and the MAC fits no password;
/// `too-costly` where it asks for more than the budget.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let mut input = Input::new(bytes);
    let header = Header::read(Format::Bks, &mut input)?;
    let start = input.position();
    let raw = bouncy::entries(&mut input, opening.budget)?;
    let content = &bytes[start..input.position()];
    let mac = input.bytes(Digest::Sha1.length())?;
    // before version 2 a length in bytes was given where one in bits was wanted
    let key_length = if header.version == 2 { 20 } else { 2 };
    let behind = input.rest().len();
    let opened = opening.passwords.open_store(opening.name, |password| {
        opening.budget.charge("HMAC-SHA1 of the BKS", header.iterations)?;
        let key = kdf::pkcs12(Digest::Sha1, Purpose::Mac, &bmp(password), header.salt, header.iterations, key_length)?;
        if crypto::equal(&Digest::Sha1.hmac(&key, content), mac) { Ok(()) } else { Err(wrong_password()) }
    });
    let ((), password) = opened.map_err(|refused| misfit(refused, behind))?;
    let mut words = Vec::new();
    let entries = raw.iter().flat_map(|raw| raw.open(opening, &password, &mut words)).collect();
    let mut remarks = trailing(behind);
    if header.version < 2 {
        remarks.push(format!("BKS version {}: the key of its MAC has only 16 bits, so it proves little", header.version));
    }
    Ok(Store {
        format: Format::Bks,
        encryption: each_once(words),
        mac: Some(format!("HMAC-SHA1 x{}", header.iterations)),
        password: Some(password),
        entries,
        remarks,
    })
}
