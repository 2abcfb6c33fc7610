//! The certificate itself. This is the door to rcgen.
//!
//! rcgen writes the certificate's frame: version, serial number, validity and the extensions. It cannot write every name:
//! its `DistinguishedName` holds each attribute type once (no second OU, no DC=example,DC=com), no multi-valued RDN, and
//! chooses the string types itself, while an issuer field has to equal the CA's subject byte for byte. So the names and the
//! public key are put in as they stand, and the whole is signed once, afterwards.

use super::{Profile, Request, constraints_of};
use crate::asn1::{self, Fault, Reader};
use crate::error::{Error, Result};
use crate::pki::cert::{NameConstraints, Subtree};
use crate::pki::signing::{Scheme, Signer};
use crate::pki::{DistinguishedName, KeyKind, San};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyIdMethod,
    KeyUsagePurpose, PublicKeyData, SanType, SerialNumber, SignatureAlgorithm, SigningKey,
};

/// What goes into a certificate besides the request.
pub(super) struct Frame<'a> {
    /// The issuer's name, as its own certificate has it.
    pub issuer: &'a DistinguishedName,
    /// The issuer's key identifier; `None` for a root, which needs none.
    pub authority_key_id: Option<Vec<u8>>,
    /// The public key to certify, as SubjectPublicKeyInfo.
    pub spki: &'a [u8],
    /// Its kind.
    pub kind: &'a KeyKind,
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
}

/// The DER of the certificate that `request` asks for, signed by `signer`.
pub(super) fn certificate(request: &Request, frame: &Frame<'_>, signer: &Signer) -> Result<Vec<u8>> {
    let unsigned =
        unsigned(request, frame, signer.scheme()).map_err(|e| Error::internal("no certificate could be written").because(e))?;
    let (body, algorithm) = with_names_and_key(&unsigned, request, frame).map_err(unwritten)?;
    let signature = signer.sign(&body)?;
    Ok(asn1::sequence(&[body, algorithm, asn1::der(asn1::BIT_STRING, &[&[0], &signature[..]].concat())]))
}

fn unwritten(why: impl std::fmt::Display) -> Error {
    Error::internal("no certificate could be written").because(why)
}

/// RFC 5280 section 4.1.2: version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions.
/// Answers the tbsCertificate, and the algorithm identifier that stands in it and after it.
fn with_names_and_key(unsigned: &[u8], request: &Request, frame: &Frame<'_>) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let mut parts = Reader::new(unsigned).sequence()?.sequence()?;
    let (version, serial) = (parts.expect(asn1::context(0, true))?, parts.expect(asn1::INTEGER)?);
    let (algorithm, _issuer) = (parts.expect(asn1::SEQUENCE)?, parts.expect(asn1::SEQUENCE)?);
    let (validity, _subject) = (parts.expect(asn1::SEQUENCE)?, parts.expect(asn1::SEQUENCE)?);
    let (_key, extensions) = (parts.expect(asn1::SEQUENCE)?, parts.expect(asn1::context(3, true))?);
    let body = asn1::sequence(&[
        version.whole,
        serial.whole,
        algorithm.whole,
        frame.issuer.der(),
        validity.whole,
        request.subject.der(),
        frame.spki,
        extensions.whole,
    ]);
    Ok((body, algorithm.whole.to_vec()))
}

/// Stands in for the keys while rcgen writes: names an algorithm, and signs nothing.
struct Absent(&'static SignatureAlgorithm);

impl PublicKeyData for Absent {
    fn der_bytes(&self) -> &[u8] {
        &[]
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.0
    }
}

impl SigningKey for Absent {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}

fn unsigned(request: &Request, frame: &Frame<'_>, scheme: Scheme) -> Result<Vec<u8>> {
    let mut issuer = CertificateParams::default();
    issuer.key_identifier_method = KeyIdMethod::PreSpecified(frame.authority_key_id.clone().unwrap_or_default());
    let issuer = rcgen::Issuer::new(issuer, Absent(algorithm(scheme)));

    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from(frame.serial.clone()));
    (params.not_before, params.not_after) = (request.not_before, request.not_after);
    // rcgen marks subjectAltName as critical where the subject is empty (RFC 5280 section 4.2.1.6)
    params.distinguished_name = rcgen::DistinguishedName::new();
    if !request.subject.is_empty() {
        params.distinguished_name.push(DnType::CommonName, "put in afterwards");
    }
    params.subject_alt_names = request.sans.iter().map(san).collect::<Result<_>>()?;
    params.key_identifier_method = KeyIdMethod::PreSpecified(super::key_id(frame.spki));
    params.use_authority_key_identifier_extension = frame.authority_key_id.is_some();
    params.key_usages = key_usages(&request.profile, frame.kind);
    params.extended_key_usages = match request.profile {
        Profile::Ca { .. } => vec![],
        Profile::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
        Profile::Client => vec![ExtendedKeyUsagePurpose::ClientAuth],
        Profile::Both => vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth],
    };
    params.is_ca = match request.profile {
        Profile::Ca { path_len: None, .. } => IsCa::Ca(BasicConstraints::Unconstrained),
        Profile::Ca { path_len: Some(n), .. } => IsCa::Ca(BasicConstraints::Constrained(n)),
        _ => IsCa::ExplicitNoCa,
    };
    params.name_constraints = constraints_of(&request.profile).map(name_constraints).transpose()?;
    Ok(params.signed_by(&Absent(algorithm(scheme)), &issuer).map_err(unwritten)?.der().to_vec())
}

fn algorithm(scheme: Scheme) -> &'static SignatureAlgorithm {
    match scheme {
        Scheme::RsaSha256 => &rcgen::PKCS_RSA_SHA256,
        Scheme::EcdsaP256Sha256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        Scheme::EcdsaP384Sha384 => &rcgen::PKCS_ECDSA_P384_SHA384,
        Scheme::EcdsaP521Sha512 => &rcgen::PKCS_ECDSA_P521_SHA512,
        Scheme::Ed25519 => &rcgen::PKCS_ED25519,
        Scheme::MlDsa44 => &rcgen::PKCS_ML_DSA_44,
        Scheme::MlDsa65 => &rcgen::PKCS_ML_DSA_65,
        Scheme::MlDsa87 => &rcgen::PKCS_ML_DSA_87,
    }
}

/// A CA signs certificates and CRLs, nothing else (CA/Browser Forum BR 7.1.2.10.7 wants digitalSignature only of a CA that
/// answers OCSP itself). A leaf signs the handshake; RSA also decrypts in the RSA key exchange of TLS 1.2, which other
/// keys cannot (RFC 9881 section 5 forbids it for ML-DSA).
fn key_usages(profile: &Profile, kind: &KeyKind) -> Vec<KeyUsagePurpose> {
    match (profile, kind) {
        (Profile::Ca { .. }, _) => vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign],
        (_, KeyKind::Rsa(_)) => vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
        _ => vec![KeyUsagePurpose::DigitalSignature],
    }
}

fn san(name: &San) -> Result<SanType> {
    Ok(match name {
        San::Dns(s) => SanType::DnsName(s.as_str().try_into().map_err(unwritten)?),
        San::Ip(address) => SanType::IpAddress(*address),
        San::Uri(s) => SanType::URI(s.as_str().try_into().map_err(unwritten)?),
        San::Email(s) => SanType::Rfc822Name(s.as_str().try_into().map_err(unwritten)?),
        San::Directory(_) | San::Other(..) => return Err(unwritten(format!("rcgen has no name like {name}"))),
    })
}

fn name_constraints(limits: &NameConstraints) -> Result<rcgen::NameConstraints> {
    let list = |subtrees: &[Subtree]| subtrees.iter().map(general_subtree).collect::<Result<_>>();
    Ok(rcgen::NameConstraints { permitted_subtrees: list(&limits.permitted)?, excluded_subtrees: list(&limits.excluded)? })
}

/// Whether rcgen can write all of `limits`.
pub(super) fn can_write(limits: &NameConstraints) -> bool {
    limits.permitted.iter().chain(&limits.excluded).all(|s| general_subtree(s).is_ok())
}

fn general_subtree(subtree: &Subtree) -> Result<GeneralSubtree> {
    Ok(match subtree {
        Subtree::Dns(base) => GeneralSubtree::DnsName(base.clone()),
        Subtree::Email(base) => GeneralSubtree::Rfc822Name(base.clone()),
        Subtree::Ip(octets) => {
            let (base, mask) = octets.split_at(octets.len() / 2);
            GeneralSubtree::IpAddress(match (base.try_into(), mask.try_into()) {
                (Ok(base), Ok(mask)) => CidrSubnet::V4(base, mask),
                _ => CidrSubnet::V6(base.try_into().map_err(unwritten)?, mask.try_into().map_err(unwritten)?),
            })
        }
        Subtree::Uri(_) | Subtree::Directory(_) | Subtree::Other(_) => {
            return Err(unwritten(format!("rcgen has no constraint like {subtree}")));
        }
    })
}
