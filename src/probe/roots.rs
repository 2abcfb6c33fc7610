//! The system's own roots. The door to rustls-native-certs, which knows where each system keeps them (and honours
//! SSL_CERT_FILE and SSL_CERT_DIR, as OpenSSL does).

use crate::error::{Error, Kind, Result};
use crate::pki::Cert;

/// The certificates that this system trusts.
///
/// # Errors
/// Unreadable where there is none.
pub fn system() -> Result<Vec<Cert>> {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Cert> = found.certs.iter().filter_map(|der| Cert::from_der(der.as_ref()).ok()).collect();
    if !roots.is_empty() {
        return Ok(roots);
    }
    let error = Error::new(
        Kind::Unreadable,
        "this system has no trusted roots that could be read",
        "give a truststore with --trust STORE, or install the roots (Debian, Ubuntu, Fedora: the package ca-certificates)",
    );
    Err(found.errors.iter().take(3).fold(error, |error, why| error.because(why)))
}
