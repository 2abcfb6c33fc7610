//! A certificate: its DER and the facts in it. This is the door to x509-parser.

use super::signature::Signature;
use super::{DistinguishedName, KeyKind, San};
use crate::asn1;
use crate::crypto;
use crate::error::{Error, Kind, Result};
use crate::safe::hex;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use time::OffsetDateTime;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};

/// The largest certificate or request that is read, in bytes; real ones with thousands of names stay below a tenth of it.
/// Taken apart, names of two bytes each would fill a hundred times their size.
pub const MAX_SIZE: usize = 1 << 20;

/// A certificate. Cheap to clone; two are equal when their DER is.
#[derive(Clone)]
pub struct Cert(Arc<Facts>);

/// What a certificate says, taken from its DER once.
pub struct Facts {
    /// The whole certificate.
    pub der: Vec<u8>,
    /// X.509 version: 1, 2 or 3.
    pub version: u8,
    /// Serial number, big-endian, without leading zeros.
    pub serial: Vec<u8>,
    /// Whom it is about.
    pub subject: DistinguishedName,
    /// Who signed it.
    pub issuer: DistinguishedName,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// End of validity.
    pub not_after: OffsetDateTime,
    /// The kind of its public key.
    pub key: KeyKind,
    /// Its public key as SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The signature over [`Cert::tbs`].
    pub signature: Signature,
    /// subjectAltName; `None` where the extension is absent.
    pub san: Option<Vec<San>>,
    /// extendedKeyUsage by RFC 5280 name (`serverAuth`), or dotted number; `None` where absent.
    pub eku: Option<Vec<String>>,
    /// keyUsage by RFC 5280 name (`digitalSignature`); `None` where absent.
    pub key_usage: Option<Vec<&'static str>>,
    /// basicConstraints; `None` where absent.
    pub basic: Option<BasicConstraints>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// authorityKeyIdentifier's key identifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// nameConstraints; `None` where absent.
    pub name_constraints: Option<NameConstraints>,
    /// All extensions in their order.
    pub extensions: Vec<Extension>,
}

/// basicConstraints (RFC 5280 section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether this is a CA.
    pub ca: bool,
    /// How many intermediates may follow below it.
    pub path_len: Option<u32>,
}

/// nameConstraints (RFC 5280 section 4.2.1.10).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// Names must be in one of these, for each kind that is listed.
    pub permitted: Vec<Subtree>,
    /// Names must be in none of these.
    pub excluded: Vec<Subtree>,
}

/// One subtree of a name constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtree {
    /// A DNS domain and what is below it.
    Dns(String),
    /// A mailbox, a host or a domain.
    Email(String),
    /// A URI's host or domain.
    Uri(String),
    /// An IP network: address and mask octets, 4 + 4 or 16 + 16.
    Ip(Vec<u8>),
    /// A directory name's beginning (DER of the Name).
    Directory(DistinguishedName),
    /// Another kind.
    Other(String),
}

impl fmt::Display for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subtree::Dns(s) => write!(f, "DNS:{s}"),
            Subtree::Email(s) => write!(f, "email:{s}"),
            Subtree::Uri(s) => write!(f, "URI:{s}"),
            Subtree::Ip(octets) => {
                let (address, mask) = octets.split_at(octets.len() / 2);
                let bits: u32 = mask.iter().map(|b| b.leading_ones()).sum();
                write!(f, "IP:{}/{bits}", San::from_ip_octets(address).value())
            }
            Subtree::Directory(name) => write!(f, "dirName:{name}"),
            Subtree::Other(s) => f.write_str(s),
        }
    }
}

/// One extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its number, dotted.
    pub oid: String,
    /// Whether a verifier that does not know it must refuse the certificate.
    pub critical: bool,
    /// The content of its OCTET STRING.
    pub value: Vec<u8>,
    /// Whether its content is well-formed, as far as we know its kind.
    pub readable: bool,
}

impl Deref for Cert {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl PartialEq for Cert {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.der == other.der
    }
}

impl Eq for Cert {}

impl std::hash::Hash for Cert {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.der.hash(state);
    }
}

impl fmt::Debug for Cert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cert({}, {})", self.subject, hex(&self.sha256()))
    }
}

impl Cert {
    /// A certificate from its DER.
    ///
    /// # Errors
    /// A damaged-store error that says what is ill-formed; `too-costly` for one of more than [`MAX_SIZE`] bytes.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        within(der, MAX_SIZE, "certificate")?;
        let (rest, x509) = X509Certificate::from_der(der)
            .map_err(|e| Error::damaged("a certificate is ill-formed").because(parser_words(&e)))?;
        let whole = &der[..der.len() - rest.len()];
        facts(whole, &x509).map(|f| Cert(Arc::new(f))).map_err(|fault| fault.damages("a certificate is ill-formed"))
    }

    /// The same, or from BER where DER does not go: the bytes stay as they are wherever possible, as the signature and the
    /// fingerprint are over them.
    ///
    /// # Errors
    /// As [`Cert::from_der`].
    pub fn from_ber(value: &[u8]) -> Result<Self> {
        Cert::from_der(value).or_else(|e| match asn1::to_der(value) {
            Ok((der, _)) if der != value => Cert::from_der(&der),
            _ => Err(e),
        })
    }

    /// The part that is signed: the first value in the certificate.
    pub fn tbs(&self) -> &[u8] {
        let body = asn1::Reader::new(&self.der).sequence().and_then(|mut parts| parts.expect(asn1::SEQUENCE));
        body.map_or(&[], |body| body.whole)
    }

    /// SHA-256 over the DER: the usual fingerprint.
    pub fn sha256(&self) -> Vec<u8> {
        crypto::sha256(&self.der)
    }

    /// SHA-1 over the DER, which old tools show.
    pub fn sha1(&self) -> Vec<u8> {
        crypto::sha1(&self.der)
    }

    /// SHA-256 over the SubjectPublicKeyInfo: the pin of a key (RFC 7469 section 2.4, in hex).
    pub fn spki_sha256(&self) -> Vec<u8> {
        crypto::sha256(&self.spki)
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether basicConstraints says that this is a CA.
    pub fn is_ca(&self) -> bool {
        self.basic.is_some_and(|b| b.ca)
    }

    /// Whether it may be used for `purpose` (`serverAuth`, `clientAuth`): extendedKeyUsage is absent, names it or names any
    /// (RFC 5280 section 4.2.1.12).
    pub fn allows(&self, purpose: &str) -> bool {
        self.eku.as_ref().is_none_or(|eku| eku.iter().any(|u| u == purpose || u == "anyExtendedKeyUsage"))
    }

    /// The names a client may ask for; empty where there is no subjectAltName.
    pub fn names(&self) -> &[San] {
        self.san.as_deref().unwrap_or_default()
    }
}

/// Whether `der`, which is a `what`, is at most `cap` bytes long.
///
/// # Errors
/// [`Kind::TooCostly`], naming both figures.
pub(super) fn within(der: &[u8], cap: usize, what: &str) -> Result<()> {
    if der.len() <= cap {
        return Ok(());
    }
    Err(Error::new(
        Kind::TooCostly,
        format!("a {what} of {} MiB; the cap is {} MiB", der.len().div_ceil(1 << 20), cap >> 20),
        "check that this is the right file: no program makes such a one for use",
    ))
}

fn parser_words(e: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    use x509_parser::nom::Err;
    match e {
        Err::Incomplete(_) => "it is cut off".to_owned(),
        Err::Error(e) | Err::Failure(e) => e.to_string(),
    }
}

fn facts(der: &[u8], x509: &X509Certificate<'_>) -> Result<Facts, asn1::Fault> {
    let tbs = &x509.tbs_certificate;
    let mut parts = asn1::Reader::new(der).sequence()?;
    parts.expect(asn1::SEQUENCE)?;
    let signature = read_signature(&mut parts)?;
    let time = |t: x509_parser::time::ASN1Time| t.to_datetime();
    let mut facts = Facts {
        version: (x509.version().0 + 1) as u8,
        serial: asn1::unsigned_bytes(x509.raw_serial()).to_vec(),
        subject: DistinguishedName::from_der(tbs.subject.as_raw()),
        issuer: DistinguishedName::from_der(tbs.issuer.as_raw()),
        not_before: time(tbs.validity.not_before),
        not_after: time(tbs.validity.not_after),
        key: KeyKind::from_spki(tbs.subject_pki.raw)?,
        spki: tbs.subject_pki.raw.to_vec(),
        der: der.to_vec(),
        signature,
        san: None,
        eku: None,
        key_usage: None,
        basic: None,
        subject_key_id: None,
        authority_key_id: None,
        name_constraints: None,
        extensions: Vec::with_capacity(tbs.extensions().len()),
    };
    for extension in tbs.extensions() {
        note_extension(&mut facts, extension.parsed_extension());
        facts.extensions.push(Extension {
            oid: extension.oid.to_id_string(),
            critical: extension.critical,
            value: extension.value.to_vec(),
            readable: extension.parsed_extension().error().is_none(),
        });
    }
    Ok(facts)
}

/// AlgorithmIdentifier and BIT STRING, as they stand at the end of certificates, requests and CRLs.
pub(super) fn read_signature(parts: &mut asn1::Reader<'_>) -> Result<Signature, asn1::Fault> {
    let algorithm = parts.expect(asn1::SEQUENCE)?;
    let value = parts.expect(asn1::BIT_STRING)?.bit_string()?.to_vec();
    Ok(Signature { algorithm: algorithm.content.to_vec(), oid: algorithm.reader().oid()?, value })
}

fn note_extension(facts: &mut Facts, parsed: &ParsedExtension<'_>) {
    match parsed {
        ParsedExtension::SubjectAlternativeName(names) => {
            facts.san = Some(names.general_names.iter().map(general_name).collect())
        }
        ParsedExtension::BasicConstraints(b) => {
            facts.basic = Some(BasicConstraints { ca: b.ca, path_len: b.path_len_constraint })
        }
        ParsedExtension::SubjectKeyIdentifier(id) => facts.subject_key_id = Some(id.0.to_vec()),
        ParsedExtension::AuthorityKeyIdentifier(a) => facts.authority_key_id = a.key_identifier.as_ref().map(|id| id.0.to_vec()),
        ParsedExtension::KeyUsage(usage) => {
            // x509-parser counts the bits from the lowest: bit 0 is digitalSignature
            facts.key_usage = Some(
                KEY_USAGES.iter().enumerate().filter(|(bit, _)| usage.flags >> bit & 1 == 1).map(|(_, name)| *name).collect(),
            );
        }
        ParsedExtension::ExtendedKeyUsage(usage) => {
            let known = [
                (usage.any, "anyExtendedKeyUsage"),
                (usage.server_auth, "serverAuth"),
                (usage.client_auth, "clientAuth"),
                (usage.code_signing, "codeSigning"),
                (usage.email_protection, "emailProtection"),
                (usage.time_stamping, "timeStamping"),
                (usage.ocsp_signing, "OCSPSigning"),
            ];
            let names = known.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name.to_owned());
            facts.eku = Some(names.chain(usage.other.iter().map(|oid| oid.to_id_string())).collect());
        }
        ParsedExtension::NameConstraints(limits) => {
            let subtrees = |list: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| {
                list.iter().flatten().map(|s| subtree(&s.base)).collect()
            };
            facts.name_constraints = Some(NameConstraints {
                permitted: subtrees(&limits.permitted_subtrees),
                excluded: subtrees(&limits.excluded_subtrees),
            });
        }
        _ => {}
    }
}

/// RFC 5280 section 4.2.1.3, in bit order.
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

fn general_name(name: &GeneralName<'_>) -> San {
    match name {
        GeneralName::DNSName(s) => San::Dns((*s).to_owned()),
        GeneralName::RFC822Name(s) => San::Email((*s).to_owned()),
        GeneralName::URI(s) => San::Uri((*s).to_owned()),
        GeneralName::IPAddress(octets) => San::from_ip_octets(octets),
        GeneralName::DirectoryName(name) => San::Directory(DistinguishedName::from_der(name.as_raw()).to_string()),
        GeneralName::RegisteredID(oid) => San::Other("RID", oid.to_id_string()),
        GeneralName::OtherName(oid, _) => San::Other("otherName", oid.to_id_string()),
        GeneralName::X400Address(_) => San::Other("x400Address", "…".to_owned()),
        GeneralName::EDIPartyName(_) => San::Other("ediPartyName", "…".to_owned()),
        GeneralName::Invalid(_, bytes) => San::Other("invalid", hex(bytes)),
    }
}

fn subtree(name: &GeneralName<'_>) -> Subtree {
    match name {
        GeneralName::DNSName(s) => Subtree::Dns((*s).to_owned()),
        GeneralName::RFC822Name(s) => Subtree::Email((*s).to_owned()),
        GeneralName::URI(s) => Subtree::Uri((*s).to_owned()),
        GeneralName::IPAddress(octets) => Subtree::Ip(octets.to_vec()),
        GeneralName::DirectoryName(name) => Subtree::Directory(DistinguishedName::from_der(name.as_raw())),
        other => Subtree::Other(general_name(other).to_string()),
    }
}

/// The alternative names that a certification request asks for (extensionRequest, RFC 2985 section 5.4.2).
pub(super) fn requested_names(request: &[u8]) -> Vec<San> {
    let Ok((_, request)) = x509_parser::certification_request::X509CertificationRequest::from_der(request) else {
        return Vec::new();
    };
    let extensions = request.requested_extensions().into_iter().flatten();
    extensions
        .filter_map(|e| match e {
            ParsedExtension::SubjectAlternativeName(names) => {
                Some(names.general_names.iter().map(general_name).collect::<Vec<_>>())
            }
            _ => None,
        })
        .flatten()
        .collect()
}
