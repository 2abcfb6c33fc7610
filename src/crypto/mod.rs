//! The cryptography that the rest builds on: one library, aws-lc-rs, and RustCrypto for legacy ciphers that it lacks.
//!
//! Nothing here is a primitive of our own; this is the door behind which those crates stay. [`kdf::pkcs12`] and
//! [`kdf::pbkdf1`] are compositions of digests that no crate offers.

pub mod bouncycastle;
pub mod cipher;
pub mod digest;
pub mod java;
pub mod kdf;

pub use cipher::{Cipher, NotDecrypted};
pub use digest::{Digest, sha1, sha256};

use crate::error::{Error, Result};

/// `n` random bytes from the system's generator.
///
/// # Errors
/// An internal error where the system gives none.
pub fn random(n: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; n];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("the system's random generator failed"))?;
    Ok(bytes)
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}
