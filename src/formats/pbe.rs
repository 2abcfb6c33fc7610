//! Stands in for the password-based encryption schemes until they are merged.
#![allow(missing_docs, clippy::missing_errors_doc)]

use super::Budget;
use crate::error::{Error, Result};
use crate::pki::{Password, PrivateKey};

pub fn decrypt_pkcs8(_der: &[u8], _password: &Password, _budget: &Budget) -> Result<PrivateKey> {
    Err(Error::unsupported("encrypted private keys are not read yet"))
}
