//! Certificate revocation lists (RFC 5280 section 5).

use super::DistinguishedName;
use super::signature::Signature;
use crate::asn1::Reader;
use crate::error::{Error, Result};
use time::OffsetDateTime;
use x509_parser::prelude::{CertificateRevocationList, FromDer};

/// The largest list that is read, in bytes: over a million entries.
pub const MAX_SIZE: usize = 32 << 20;

/// A CRL: who says that which serial numbers are revoked since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crl {
    /// The whole list.
    pub der: Vec<u8>,
    /// Who signed it.
    pub issuer: DistinguishedName,
    /// When it was made.
    pub this_update: OffsetDateTime,
    /// Until when the next one should be there.
    pub next_update: Option<OffsetDateTime>,
    /// The revoked serial numbers, big-endian without leading zeros, with the time and the reason in words.
    pub revoked: Vec<Revoked>,
    /// The part that is signed.
    pub tbs: Vec<u8>,
    /// The signature over it.
    pub signature: Signature,
}

/// One line of a CRL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Serial number, big-endian without leading zeros.
    pub serial: Vec<u8>,
    /// Since when.
    pub since: OffsetDateTime,
    /// Why, where it says so.
    pub reason: Option<String>,
}

impl Crl {
    /// A CRL from its DER.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        super::cert::within(der, MAX_SIZE, "certificate revocation list")?;
        let ill_formed = |why: String| Error::damaged("a certificate revocation list is ill-formed").because(why);
        let (rest, list) = CertificateRevocationList::from_der(der).map_err(|e| ill_formed(e.to_string()))?;
        let whole = &der[..der.len() - rest.len()];
        let parts = || -> Result<_, crate::asn1::Fault> {
            let mut parts = Reader::new(whole).sequence()?;
            let tbs = parts.expect(crate::asn1::SEQUENCE)?.whole.to_vec();
            Ok((tbs, super::cert::read_signature(&mut parts)?))
        };
        let (tbs, signature) = parts().map_err(|fault| ill_formed(fault.to_string()))?;
        // a delta list takes certificates off the list with this reason (RFC 5280 section 5.3.1): they are good again
        let standing = list.iter_revoked_certificates().filter(|r| r.reason_code().is_none_or(|(_, code)| code.0 != 8));
        let revoked = standing.map(|r| Revoked {
            serial: crate::asn1::unsigned_bytes(r.raw_serial()).to_vec(),
            since: r.revocation_date.to_datetime(),
            reason: r.reason_code().map(|(_, code)| code.to_string()),
        });
        Ok(Crl {
            der: whole.to_vec(),
            issuer: DistinguishedName::from_der(list.issuer().as_raw()),
            this_update: list.last_update().to_datetime(),
            next_update: list.next_update().map(|t| t.to_datetime()),
            revoked: revoked.collect(),
            tbs,
            signature,
        })
    }
}
