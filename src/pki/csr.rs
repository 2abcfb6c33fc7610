//! Certification requests (PKCS#10, RFC 2986).

use super::{DistinguishedName, KeyKind, San};
use crate::asn1::{self, Fault, Reader};
use crate::error::Result;

/// A request: which name and key someone wants certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The whole request.
    pub der: Vec<u8>,
    /// The name that is asked for.
    pub subject: DistinguishedName,
    /// The public key.
    pub spki: Vec<u8>,
    /// Its kind.
    pub key: KeyKind,
    /// The alternative names that are asked for.
    pub san: Vec<San>,
    /// Whether the request is signed with its own key; `None` where we cannot check the algorithm.
    pub proven: Option<bool>,
}

impl Request {
    /// A request from its DER.
    ///
    /// # Errors
    /// A damaged-store error where it is ill-formed.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        super::cert::within(der, super::cert::MAX_SIZE, "certification request")?;
        read(der).map_err(|fault| fault.damages("a certification request is ill-formed"))
    }
}

fn read(der: &[u8]) -> Result<Request, Fault> {
    let whole = Reader::new(der).expect(asn1::SEQUENCE)?;
    let mut parts = whole.reader();
    let body = parts.expect(asn1::SEQUENCE)?;
    let signature = super::cert::read_signature(&mut parts)?;
    let mut inside = body.reader();
    inside.expect(asn1::INTEGER)?;
    let subject = inside.expect(asn1::SEQUENCE)?;
    let spki = inside.expect(asn1::SEQUENCE)?.whole.to_vec();
    let san = super::cert::requested_names(whole.whole);
    Ok(Request {
        der: whole.whole.to_vec(),
        subject: DistinguishedName::from_der(subject.whole),
        key: KeyKind::from_spki(&spki)?,
        proven: super::signature::verify(&spki, &signature, body.whole),
        san,
        spki,
    })
}
