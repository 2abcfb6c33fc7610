//! UBER, BouncyCastle's keystore that is encrypted as a whole.

use super::bks::{self, Header};
use super::java::input::Input;
use super::java::{bmp, bouncy};
use super::{Format, Opening, Store};
use crate::crypto::bouncycastle::twofish_cbc_decrypt;
use crate::crypto::kdf::{self, Purpose, Secret};
use crate::crypto::{self, Digest};
use crate::error::{Error, Kind, Result};
use crate::pki::Password;

/// PBEWithSHAAndTwofish-CBC: PKCS#12's derivation with SHA-1 for a key of 256 bits.
const NAME: &str = "PBE-SHA1-Twofish";
/// The salt's length, which never varies.
const SALT: usize = 20;
/// Twofish's block, in bytes.
const BLOCK: usize = 16;
/// The most iterations that BouncyCastle takes.
const MAX_ITERATIONS: u64 = 1024 << 6;

/// Whether `bytes` begin as an UBER does: as a BKS of version 0 or 1, without an entry in the clear.
pub fn looks_like(bytes: &[u8]) -> bool {
    let header = Header::read(Format::Uber, &mut Input::new(bytes));
    let fits = header.is_ok_and(|h| h.version < 2 && h.salt.len() == SALT && (1..=MAX_ITERATIONS).contains(&h.iterations));
    fits && !bks::looks_like(bytes)
}

/// Opens an UBER.
///
/// # Errors
/// A damaged-store error where it is cut off, or where a password opened it and its digest does not fit; a wrong-password
/// error where none opened it; an unsupported-algorithm error for version 0, whose derivation is long forgotten.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let mut input = Input::new(bytes);
    let header = Header::read(Format::Uber, &mut input)?;
    if header.version == 0 {
        return Err(Error::unsupported("an UBER of version 0, encrypted with the derivation of BouncyCastle before 1.0")
            .with_fix("open and save it once with BouncyCastle's own keytool provider"));
    }
    let ciphertext = input.rest();
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
        return Err(Error::damaged("the store is cut off: its encrypted part is not a whole number of blocks"));
    }
    let (plain, password) = opening.passwords.open_store(opening.name, |password| {
        // a key of two digests' length, and an initialisation vector
        opening.budget.charge(NAME, header.iterations * 3)?;
        decrypt(&header, ciphertext, password)
    })?;
    let mut inside = Input::new(&plain);
    let damaged = || Error::damaged("the password is right, but the decrypted content is cut off or altered");
    let raw = bouncy::entries(&mut inside, opening.budget).map_err(|e| if e.kind == Kind::Damaged { damaged() } else { e })?;
    let content = &plain[..inside.position()];
    let digest = inside.bytes(Digest::Sha1.length()).map_err(|_| damaged())?;
    if !crypto::equal(&Digest::Sha1.of(&[content]), digest) {
        return Err(damaged().because("the digest behind the entries does not fit them"));
    }
    // inside, each key is sealed once more; the outer encryption is the one to tell
    let entries = raw.iter().flat_map(|raw| raw.open(opening, &password, &mut Vec::new())).collect();
    Ok(Store {
        format: Format::Uber,
        encryption: Some(format!("{NAME} x{}", header.iterations)),
        mac: Some("SHA-1 digest inside the encryption".to_owned()),
        password: Some(password),
        entries,
        remarks: vec![], // what is left is padding
    })
}

/// The content with its padding, where it begins as entries do: what a wrong key leaves does so about once in 2^20 times.
/// Only then can damage further on be told from a wrong password.
fn decrypt(header: &Header<'_>, ciphertext: &[u8], password: &Password) -> Result<Secret> {
    let password = bmp(password);
    let derive = |purpose, length| kdf::pkcs12(Digest::Sha1, purpose, &password, header.salt, header.iterations, length);
    let plain = twofish_cbc_decrypt(&derive(Purpose::Key, 32)?, &derive(Purpose::Iv, 16)?, ciphertext)
        .map_err(|_| Error::internal("Twofish took no key of its own length"))?;
    let is_empty = plain.first() == Some(&0) && plain.get(1..21) == Some(&crypto::sha1(&[0])[..]);
    if is_empty || bks::begins_entries(&plain) {
        return Ok(plain);
    }
    Err(Error::wrong_password().because("nothing sensible came out of the decryption; altered content looks the same"))
}
