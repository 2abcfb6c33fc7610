//! JCEKS, the keystore of Java's cryptography extension: JKS with triple DES, and with secret keys.

use super::java::sun;
use super::{Format, Opening, Store};
use crate::error::Result;

const MAGIC: u32 = 0xcece_cece;

/// Whether `bytes` begin as a JCEKS does.
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC.to_be_bytes())
}

/// Opens a JCEKS. Secret keys are told by algorithm and length; nothing is ever deserialized.
///
/// # Errors
/// As [`sun::read`].
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    sun::read(Format::Jceks, MAGIC, bytes, opening)
}
