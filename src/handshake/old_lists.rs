//! Revocation lists that webpki does not take, and OpenSSL and Java do: version 1, as a bare `openssl ca -gencrl` writes.

use crate::pki::crl::Crl;
use crate::pki::{Cert, signature};
use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, Error};

/// The lists, and the CAs that may have signed them beside those that the peer sends.
#[derive(Debug, Clone, Default)]
pub(super) struct OldLists {
    pub(super) lists: Vec<Crl>,
    pub(super) anchors: Vec<Cert>,
}

impl OldLists {
    /// webpki's verdict, unless a list says otherwise: an acceptance becomes a refusal, never the other way round.
    pub(super) fn judge<T>(
        &self,
        leaf: &CertificateDer<'_>,
        rest: &[CertificateDer<'_>],
        verdict: Result<T, Error>,
    ) -> Result<T, Error> {
        if verdict.is_ok() && self.revoke(leaf, rest) {
            return Err(Error::InvalidCertificate(CertificateError::Revoked));
        }
        verdict
    }

    /// Whether one of the presented certificates is on a list that a CA of its issuer's name signed.
    fn revoke(&self, leaf: &CertificateDer<'_>, rest: &[CertificateDer<'_>]) -> bool {
        if self.lists.is_empty() {
            return false;
        }
        let presented: Vec<Cert> = std::iter::once(leaf).chain(rest).filter_map(|der| Cert::from_der(der).ok()).collect();
        let signed = |list: &Crl| {
            let mut issuers = presented.iter().chain(&self.anchors).filter(|c| c.subject == list.issuer);
            issuers.any(|c| signature::verify(&c.spki, &list.signature, &list.tbs) == Some(true))
        };
        let lists = |cert: &Cert| {
            self.lists.iter().any(|l| l.issuer == cert.issuer && l.revoked.iter().any(|r| r.serial == cert.serial) && signed(l))
        };
        presented.iter().any(lists)
    }
}
