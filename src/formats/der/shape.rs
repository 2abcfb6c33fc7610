//! What a DER value is, told by its first two levels.

use crate::asn1::{self, Reader, Value};
use crate::error::{Error, Kind};
use crate::formats::{pkcs7, pkcs12};

/// The kinds of value that are met in files about certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Certificate (RFC 5280).
    Certificate,
    /// CertificationRequest (RFC 2986).
    Request,
    /// CertificateList (RFC 5280 section 5).
    Crl,
    /// PrivateKeyInfo (RFC 5958).
    Pkcs8,
    /// EncryptedPrivateKeyInfo (RFC 5958).
    EncryptedPkcs8,
    /// RSAPrivateKey (RFC 8017).
    Pkcs1,
    /// ECPrivateKey (RFC 5915).
    Sec1,
    /// OpenSSL's traditional DSA private key.
    DsaKey,
    /// ContentInfo of PKCS#7 or CMS (RFC 2315, RFC 5652).
    Pkcs7,
    /// PFX (RFC 7292).
    Pkcs12,
    /// SubjectPublicKeyInfo (RFC 5280), or RSAPublicKey (RFC 8017).
    PublicKey,
    /// DHParameter (PKCS#3).
    DhParameters,
    /// None of these.
    Unknown,
}

impl Shape {
    /// The shape of a DER value.
    pub fn of(value: &[u8]) -> Shape {
        if pkcs12::looks_like(value) {
            return Shape::Pkcs12;
        }
        if pkcs7::is_content_info(value) {
            return Shape::Pkcs7;
        }
        let Ok(whole) = Reader::new(value).expect(asn1::SEQUENCE) else { return Shape::Unknown };
        let parts: Vec<Value<'_>> = whole.reader().take(7).filter_map(Result::ok).collect();
        let tags: Vec<u8> = parts.iter().map(|v| v.tag).collect();
        match tags.as_slice() {
            [asn1::SEQUENCE, asn1::SEQUENCE, asn1::BIT_STRING] => signed(&parts[0]),
            [asn1::SEQUENCE, asn1::OCTET_STRING] => Shape::EncryptedPkcs8,
            [asn1::SEQUENCE, asn1::BIT_STRING] => Shape::PublicKey,
            [asn1::INTEGER, asn1::SEQUENCE, asn1::OCTET_STRING, ..] => Shape::Pkcs8,
            [asn1::INTEGER, asn1::OCTET_STRING, ..] => Shape::Sec1,
            numbers if numbers.iter().all(|tag| *tag == asn1::INTEGER) => match numbers.len() {
                7 => Shape::Pkcs1,
                6 => Shape::DsaKey,
                // an RSA public key's second number is its exponent (mostly 65537), a DH group's its generator (mostly 2)
                2 if parts[1].content.len() > 1 => Shape::PublicKey,
                2 | 3 => Shape::DhParameters,
                _ => Shape::Unknown,
            },
            // altered behind its body: still what it was, so that it is called damaged
            [asn1::SEQUENCE, _, ..] => begun(&parts[0]).unwrap_or(Shape::Unknown),
            _ => Shape::Unknown,
        }
    }

    /// What to call it.
    pub fn title(self) -> &'static str {
        match self {
            Shape::Certificate => "certificate",
            Shape::Request => "certification request",
            Shape::Crl => "certificate revocation list",
            Shape::Pkcs8 | Shape::Pkcs1 | Shape::Sec1 | Shape::DsaKey => "private key",
            Shape::EncryptedPkcs8 => "encrypted private key",
            Shape::Pkcs7 => "PKCS#7",
            Shape::Pkcs12 => "PKCS#12",
            Shape::PublicKey => "public key",
            Shape::DhParameters => "Diffie-Hellman parameters",
            Shape::Unknown => "ASN.1 value",
        }
    }

    /// Why a file that holds nothing else is no store.
    pub fn refusal(self) -> Error {
        let (what, fix) = match self {
            Shape::PublicKey => PUBLIC_KEY,
            Shape::DhParameters => DH_PARAMETERS,
            _ => (
                "DER (ASN.1) data that is neither a certificate nor a key, a request or a revocation list",
                "openssl asn1parse -inform DER -i -in FILE shows what is in it",
            ),
        };
        Error::new(Kind::NotAStore, what, fix)
    }
}

/// What a public key is, and what to do with it.
pub const PUBLIC_KEY: (&str, &str) = (
    "a public key: it holds neither a certificate nor a private key",
    "ask for the certificate that was made for it (BEGIN CERTIFICATE), or for the private key",
);

/// What Diffie-Hellman parameters are, and what to do with them.
pub const DH_PARAMETERS: (&str, &str) = (
    "Diffie-Hellman parameters: they hold no certificate and no key",
    "they are a server's setting (ssl_dhparam in nginx); name the certificate's file instead",
);

/// What this is the body of, where it begins as nothing else does.
fn begun(body: &Value<'_>) -> Option<Shape> {
    const TAGGED: u8 = asn1::context(0, true);
    let tags: Vec<u8> = body.reader().take(5).filter_map(Result::ok).map(|v| v.tag).collect();
    match tags.as_slice() {
        // version, serial number, algorithm, issuer, validity
        [TAGGED, asn1::INTEGER, asn1::SEQUENCE, asn1::SEQUENCE, asn1::SEQUENCE] => Some(Shape::Certificate),
        // version, subject, key, attributes
        [asn1::INTEGER, asn1::SEQUENCE, asn1::SEQUENCE, TAGGED] => Some(Shape::Request),
        // version, algorithm, issuer, two times
        [asn1::INTEGER, asn1::SEQUENCE, asn1::SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => Some(Shape::Crl),
        _ => None,
    }
}

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Certificate, request and revocation list are alike on the outside: to-be-signed, algorithm, signature.
fn signed(body: &Value<'_>) -> Shape {
    let tags: Vec<u8> = body.reader().take(6).filter_map(Result::ok).map(|v| v.tag).collect();
    let tags = match tags.as_slice() {
        [asn1::INTEGER, asn1::SEQUENCE, asn1::SEQUENCE, attributes, ..] if *attributes == asn1::context(0, true) => {
            return Shape::Request;
        }
        // attributes are not optional in RFC 2986, and left out by some
        [asn1::INTEGER, asn1::SEQUENCE, asn1::SEQUENCE] => return Shape::Request,
        [asn1::INTEGER, rest @ ..] => rest,
        all => all,
    };
    match tags {
        [asn1::SEQUENCE, asn1::SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => Shape::Crl,
        _ => Shape::Certificate,
    }
}
