//! The outer structure (RFC 7292 section 4), taken apart without a password.

use super::bags::{self, Bag, explicit};
use super::mac::Mac;
use super::{DATA, ENCRYPTED_DATA, ENVELOPED_DATA, SIGNED_DATA};
use crate::asn1::{self, Fault, Reader, Value};
use crate::error::{Error, Result};
use crate::formats::Budget;
use crate::formats::pbe::Scheme;

/// A file, taken apart.
pub(super) struct Pfx {
    /// The content octets of the authenticated safe as they stand in the file: what the MAC is over.
    pub content: Vec<u8>,
    /// How it is authenticated.
    pub mac: Option<Mac>,
    /// Its parts in their order.
    pub parts: Vec<Part>,
    /// How many bytes follow the end of the structure.
    pub trailing: usize,
}

/// One ContentInfo of the authenticated safe.
pub(super) enum Part {
    /// Bags in the clear.
    Plain(Vec<Bag>),
    /// Bags encrypted together.
    Encrypted { scheme: Scheme, ciphertext: Vec<u8> },
}

impl Pfx {
    /// Takes `bytes` (DER or BER) apart.
    ///
    /// # Errors
    /// A damaged-store error where the structure is not whole, an unsupported-algorithm error that names what it is
    /// encrypted or authenticated with.
    pub fn parse(bytes: &[u8], budget: &Budget) -> Result<Pfx> {
        let (der, used) = asn1::to_der(bytes).map_err(not_whole)?;
        let mut pfx = Reader::new(&der).sequence().map_err(not_whole)?;
        match pfx.expect(asn1::INTEGER).and_then(|v| v.unsigned()).map_err(not_whole)? {
            3 => {}
            version => return Err(Error::unsupported(format!("PKCS#12 version {version}; mtls reads version 3"))),
        }
        let (kind, value) = content_info(pfx.expect(asn1::SEQUENCE).map_err(not_whole)?).map_err(not_whole)?;
        let content = match kind.as_str() {
            DATA => octets(value).map_err(not_whole)?,
            SIGNED_DATA => {
                let what = "the file is authenticated with a signature (public-key integrity) instead of a password";
                return Err(Error::unsupported(what).with_fix("export it again with a password"));
            }
            _ => return Err(not_whole(Fault("its content is of no type that PKCS#12 has"))),
        };
        let mac = match pfx.optional(asn1::SEQUENCE).map_err(not_whole)? {
            Some(mac) => Some(Mac::parse(mac)?),
            None => None,
        };
        let (safe, _) = asn1::to_der(&content).map_err(not_whole)?;
        let parts = Reader::new(&safe).sequence().map_err(not_whole)?;
        let parts = parts.map(|value| {
            budget.charge_entries(1)?;
            part(value.map_err(not_whole)?, budget)
        });
        let parts = parts.collect::<Result<_>>()?;
        Ok(Pfx { content, mac, parts, trailing: bytes.len() - used })
    }
}

/// What a fault in the outer structure means.
fn not_whole(fault: Fault) -> Error {
    fault.damages("the PKCS#12 structure is cut off or altered")
}

/// contentType and the value inside of `[0] EXPLICIT`.
fn content_info(value: Value<'_>) -> Result<(String, Value<'_>), Fault> {
    let mut inside = value.reader();
    Ok((inside.oid()?, explicit(inside.expect(asn1::context(0, true))?)?))
}

fn octets(value: Value<'_>) -> Result<Vec<u8>, Fault> {
    Ok(value.expect(asn1::OCTET_STRING)?.content.to_vec())
}

fn part(value: Value<'_>, budget: &Budget) -> Result<Part> {
    let (kind, value) = content_info(value).map_err(not_whole)?;
    match kind.as_str() {
        DATA => Ok(Part::Plain(bags::parse(&octets(value).map_err(not_whole)?, budget)?)),
        ENCRYPTED_DATA => encrypted(value),
        ENVELOPED_DATA => Err(Error::unsupported("a part is encrypted to a recipient's public key (envelopedData)")
            .with_fix("export the file again with a password")),
        _ => Err(not_whole(Fault("a part is of no type that PKCS#12 has"))),
    }
}

/// EncryptedData (RFC 5652 section 8).
fn encrypted(value: Value<'_>) -> Result<Part> {
    let structure = || -> Result<(Value<'_>, Vec<u8>), Fault> {
        let mut inside = value.expect(asn1::SEQUENCE)?.reader();
        inside.expect(asn1::INTEGER)?;
        let mut info = inside.sequence()?;
        info.oid()?;
        let algorithm = info.expect(asn1::SEQUENCE)?;
        // [0] IMPLICIT, in pieces where it is constructed; absent where the content is elsewhere, which we cannot have
        let ciphertext = Reader::next(&mut info)?;
        if ciphertext.tag & !0x20 != asn1::context(0, false) {
            return Err(Fault("the encrypted content is missing"));
        }
        Ok((algorithm, asn1::implicit_octets(&ciphertext)?))
    };
    let (algorithm, ciphertext) = structure().map_err(not_whole)?;
    Ok(Part::Encrypted { scheme: Scheme::from_der(algorithm.whole)?, ciphertext })
}
