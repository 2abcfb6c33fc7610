//! Bags and their attributes (RFC 7292 section 4.2).

use super::attributes::name_of;
use super::{FRIENDLY_NAME, LOCAL_KEY_ID, SDSI_CERTIFICATE, TRUSTED_KEY_USAGE, X509_CERTIFICATE, X509_CRL, bag_type};
use crate::asn1::{self, Fault, Reader, Value};
use crate::error::{Error, Kind, Result};
use crate::formats::Budget;
use crate::formats::pbe::EncryptedKey;
use crate::pki::PrivateKey;
use std::rc::Rc;
use zeroize::Zeroizing;

/// How deep lists of bags may nest in each other. Nobody is known to nest them at all.
const MAX_NESTING: usize = 8;

/// One bag with what its attributes say.
#[derive(Clone)]
pub(super) struct Bag {
    /// The number of its type.
    pub kind: String,
    pub content: Content,
    /// friendlyName.
    pub name: Option<String>,
    /// localKeyId: ties keys and certificates together.
    pub id: Option<Vec<u8>>,
    /// Whether Java's mark of a trusted certificate is there.
    pub is_trusted: bool,
    /// The DER of what is encrypted on its own, or of what is not known, for who writes the file anew.
    pub whole: Option<Rc<Zeroizing<Vec<u8>>>>,
    /// All of its attributes in DER, one by one.
    pub attributes: Vec<Vec<u8>>,
}

/// What is in a bag.
#[derive(Clone)]
pub(super) enum Content {
    /// A private key in the clear.
    Key(Result<PrivateKey>),
    /// A private key, encrypted on its own, or why it cannot be opened whatever the password.
    Shrouded(Result<Rc<EncryptedKey>>),
    /// An X.509 certificate.
    Cert(Vec<u8>),
    /// A CRL.
    Crl(Vec<u8>),
    /// A secret of the kind that Java writes: an encrypted PKCS#8 structure.
    Secret(Result<Rc<EncryptedKey>>),
    /// A secret of another kind.
    OtherSecret { kind: String },
    /// What we cannot read.
    Unread { what: &'static str, why: Error },
}

impl Content {
    /// Whether a file that is written anew may have to take it over as it is.
    fn is_taken_over(&self) -> bool {
        !matches!(self, Content::Key(_) | Content::Cert(_) | Content::Crl(_))
    }
}

/// The bags of a SafeContents (DER or BER); nested ones stand where their list stood.
///
/// # Errors
/// A damaged-store error where it is ill-formed, [`Kind::TooCostly`] for too many bags or too deep nesting.
pub(super) fn parse(safe_contents: &[u8], budget: &Budget) -> Result<Vec<Bag>> {
    let der = Zeroizing::new(asn1::to_der(safe_contents).map_err(ill_formed)?.0);
    let mut bags = Vec::new();
    collect(Reader::new(&der).expect(asn1::SEQUENCE).map_err(ill_formed)?, &mut bags, budget, 0)?;
    Ok(bags)
}

fn ill_formed(fault: Fault) -> Error {
    fault.damages("the content of the PKCS#12 file is cut off or altered")
}

fn collect(list: Value<'_>, bags: &mut Vec<Bag>, budget: &Budget, depth: usize) -> Result<()> {
    if depth > MAX_NESTING {
        return Err(Error::new(
            Kind::TooCostly,
            format!("lists of bags nest more than {MAX_NESTING} deep"),
            "have the file written anew by another program",
        ));
    }
    for value in list.reader() {
        budget.charge_entries(1)?;
        let mut inside = value.and_then(|v| v.expect(asn1::SEQUENCE)).map_err(ill_formed)?.reader();
        let mut head = || Ok((inside.oid()?, explicit(inside.expect(asn1::context(0, true))?)?));
        let (kind, content) = head().map_err(ill_formed)?;
        if kind == bag_type::SAFE_CONTENTS {
            collect(content.expect(asn1::SEQUENCE).map_err(ill_formed)?, bags, budget, depth + 1)?;
            continue;
        }
        let whole = content.whole;
        let content = read_content(&kind, content)?;
        let whole = content.is_taken_over().then(|| Rc::new(Zeroizing::new(whole.to_vec())));
        let mut bag = Bag { kind, content, name: None, id: None, is_trusted: false, whole, attributes: Vec::new() };
        if let Some(attributes) = inside.optional(asn1::SET).map_err(ill_formed)? {
            note_attributes(&mut bag, attributes).map_err(ill_formed)?;
        }
        bags.push(bag);
    }
    Ok(())
}

fn read_content(kind: &str, value: Value<'_>) -> Result<Content> {
    Ok(match kind {
        bag_type::KEY => Content::Key(PrivateKey::from_pkcs8(value.whole)),
        bag_type::SHROUDED_KEY => Content::Shrouded(shrouded(EncryptedKey::from_value(value))?),
        bag_type::CERT => {
            let (kind, value) = typed(value).map_err(ill_formed)?;
            match kind.as_str() {
                X509_CERTIFICATE => Content::Cert(value.expect(asn1::OCTET_STRING).map_err(ill_formed)?.content.to_vec()),
                SDSI_CERTIFICATE => unread("SDSI certificate", "a certificate of the SDSI kind; mtls reads X.509"),
                _ => unread("certificate", "a certificate of an unknown kind; mtls reads X.509"),
            }
        }
        bag_type::CRL => {
            let (kind, value) = typed(value).map_err(ill_formed)?;
            match kind.as_str() {
                X509_CRL => Content::Crl(value.expect(asn1::OCTET_STRING).map_err(ill_formed)?.content.to_vec()),
                _ => unread("revocation list", "a revocation list of an unknown kind; mtls reads X.509"),
            }
        }
        bag_type::SECRET => {
            let (kind, value) = typed(value).map_err(ill_formed)?;
            match kind.as_str() {
                // Java gives a shrouded key's type, and puts the structure into an OCTET STRING
                bag_type::SHROUDED_KEY if value.tag == asn1::OCTET_STRING => {
                    Content::Secret(shrouded(EncryptedKey::from_der(value.content))?)
                }
                _ => Content::OtherSecret { kind },
            }
        }
        _ => unread("bag", "a bag of an unknown type"),
    })
}

/// An encrypted key; an unknown algorithm is that key's matter, a fault that of the whole file.
fn shrouded(key: Result<EncryptedKey>) -> Result<Result<Rc<EncryptedKey>>> {
    match key {
        Err(e) if e.kind != Kind::Unsupported => Err(e),
        other => Ok(other.map(Rc::new)),
    }
}

fn unread(what: &'static str, why: &str) -> Content {
    Content::Unread { what, why: Error::unsupported(why).with_fix("have it exported again as X.509 in a PKCS#12 file") }
}

/// A type and the value inside of `[0] EXPLICIT`, as certificates, CRLs and secrets stand in their bags.
fn typed(value: Value<'_>) -> Result<(String, Value<'_>), Fault> {
    let mut inside = value.expect(asn1::SEQUENCE)?.reader();
    Ok((inside.oid()?, explicit(inside.expect(asn1::context(0, true))?)?))
}

/// Takes the attributes that we know. One of the wrong type is left out, as other readers do; the rest is kept.
fn note_attributes(bag: &mut Bag, attributes: Value<'_>) -> Result<(), Fault> {
    for attribute in attributes.reader() {
        let attribute = attribute?.expect(asn1::SEQUENCE)?;
        bag.attributes.push(attribute.whole.to_vec());
        let mut inside = attribute.reader();
        let kind = inside.oid()?;
        let mut values = inside.expect(asn1::SET)?.reader();
        let value = match values.is_empty() {
            true => continue,
            false => values.next()?,
        };
        match (kind.as_str(), value.tag) {
            (FRIENDLY_NAME, _) => bag.name = name_of(value).or(bag.name.take()),
            (LOCAL_KEY_ID, asn1::OCTET_STRING) if !value.content.is_empty() => bag.id = Some(value.content.to_vec()),
            (TRUSTED_KEY_USAGE, _) => bag.is_trusted = true,
            _ => {}
        }
    }
    Ok(())
}

/// The one value inside of an EXPLICIT tag.
pub(super) fn explicit(value: Value<'_>) -> Result<Value<'_>, Fault> {
    Reader::next(&mut value.reader())
}
