//! Writes PEM (RFC 7468), by the `pem` crate.

use crate::pki::{Cert, PrivateKey};
use pem::{EncodeConfig, LineEnding, Pem, encode_config};
use zeroize::Zeroizing;

fn block(label: &str, der: &[u8]) -> String {
    encode_config(&Pem::new(label, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}

/// The certificates, each as a block `CERTIFICATE`, in their order.
pub fn certificates(certs: &[Cert]) -> String {
    certs.iter().map(|c| block("CERTIFICATE", &c.der)).collect()
}

/// The key as PKCS#8, not encrypted.
pub fn private_key(key: &PrivateKey) -> Zeroizing<String> {
    Zeroizing::new(block("PRIVATE KEY", key.pkcs8()))
}

/// A key that is encrypted already: the DER of its EncryptedPrivateKeyInfo.
pub fn encrypted_private_key(der: &[u8]) -> String {
    block("ENCRYPTED PRIVATE KEY", der)
}

/// A certification request.
pub fn request(der: &[u8]) -> String {
    block("CERTIFICATE REQUEST", der)
}

/// A revocation list.
pub fn crl(der: &[u8]) -> String {
    block("X509 CRL", der)
}

/// PKCS#7.
pub fn pkcs7(der: &[u8]) -> String {
    block("PKCS7", der)
}
