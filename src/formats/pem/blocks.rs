//! What the blocks of a PEM file come to: entries.

use super::scan::Block;
use super::traditional::Scheme;
use crate::error::{Error, Kind, Result};
use crate::formats::der::{self, Shape, Values};
use crate::formats::{Entry, Item, Opening, Store};
use crate::pki::Cert;
use crate::safe::Safe;

/// What a label says is in a block.
enum Label {
    /// Something that the bytes themselves tell better: certificate, key, request, list, PKCS#7.
    Value,
    /// OpenSSL's certificate with trust settings behind it.
    Trusted,
    /// The curve of the key that follows.
    Curve,
    /// A keystore in armour.
    Pkcs12,
    /// Something that is in no store: what it is, and what to do.
    Other(&'static str, &'static str),
}

const LABELS: &[(&str, Label)] = &[
    ("CERTIFICATE", Label::Value),
    ("X509 CERTIFICATE", Label::Value),
    ("X.509 CERTIFICATE", Label::Value),
    ("TRUSTED CERTIFICATE", Label::Trusted),
    ("PKCS7", Label::Value),
    ("PKCS #7 SIGNED DATA", Label::Value),
    ("CMS", Label::Value),
    ("CERTIFICATE CHAIN", Label::Value),
    ("CERTIFICATE REQUEST", Label::Value),
    ("NEW CERTIFICATE REQUEST", Label::Value),
    ("X509 CRL", Label::Value),
    ("CRL", Label::Value),
    ("PRIVATE KEY", Label::Value),
    ("ENCRYPTED PRIVATE KEY", Label::Value),
    ("RSA PRIVATE KEY", Label::Value),
    ("EC PRIVATE KEY", Label::Value),
    ("DSA PRIVATE KEY", Label::Value),
    ("ANY PRIVATE KEY", Label::Value),
    ("EC PARAMETERS", Label::Curve),
    ("PKCS12", Label::Pkcs12),
    ("PKCS #12", Label::Pkcs12),
    ("PUBLIC KEY", Label::Value),
    ("RSA PUBLIC KEY", Label::Value),
    ("EC PUBLIC KEY", Label::Value),
    ("DSA PUBLIC KEY", Label::Value),
    ("DH PARAMETERS", Label::Value),
    (
        "X9.42 DH PARAMETERS",
        Label::Other(
            "Diffie-Hellman parameters: they hold no certificate and no key",
            "they are a server's setting; name the certificate's file instead",
        ),
    ),
    (
        "DSA PARAMETERS",
        Label::Other("DSA parameters: they hold no certificate and no key", "name the file of the key itself (DSA PRIVATE KEY)"),
    ),
    (
        "OPENSSH PRIVATE KEY",
        Label::Other(
            "an OpenSSH private key, in a format that only SSH uses",
            "RSA and ECDSA: bring a copy into PKCS#8: cp FILE FILE.pem && ssh-keygen -p -m PKCS8 -f FILE.pem; Ed25519 stays as it is there: make a new key for TLS, mtls client NAME",
        ),
    ),
    ("SSH2 PUBLIC KEY", Label::Other("an SSH public key", "TLS needs a certificate: name a file with BEGIN CERTIFICATE in it")),
    (
        "ATTRIBUTE CERTIFICATE",
        Label::Other("an attribute certificate, which TLS does not use", "ask for the X.509 certificate (BEGIN CERTIFICATE)"),
    ),
    (
        "SSL SESSION PARAMETERS",
        Label::Other("a saved TLS session, not a certificate", "openssl sess_id -in FILE -cert shows the certificate in it"),
    ),
];

/// The curve where no key follows.
const CURVE_ALONE: (&str, &str) = (
    "elliptic curve parameters without a key",
    "the key's file has a block BEGIN EC PRIVATE KEY or BEGIN PRIVATE KEY: name that",
);

/// Whether a file of one block with this label is called PKCS#7.
pub fn is_pkcs7(label: &str) -> bool {
    matches!(label, "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" | "CERTIFICATE CHAIN")
}

/// Reads one block after another.
pub struct Read<'a> {
    opening: &'a Opening<'a>,
    values: Values<'a>,
    entries: Vec<Entry>,
    remarks: Vec<String>,
}

impl<'a> Read<'a> {
    /// For one file.
    pub fn new(opening: &'a Opening<'a>) -> Self {
        Read { opening, values: Values::new(opening), entries: Vec::new(), remarks: Vec::new() }
    }

    /// Takes in one block; a keystore in armour is answered as the store it is.
    ///
    /// # Errors
    /// Only where the budget ends, or for a keystore in armour.
    pub fn take(&mut self, block: Block<'_>) -> Result<Option<Store>> {
        let label = LABELS.iter().find(|(known, _)| *known == block.label).map(|(_, label)| label);
        let alias = alias(block.before);
        let read = match (&block.content, label) {
            // named before damage is: what SSH and PGP armour hold need not be base64 in our sense
            (_, Some(Label::Other(what, fix))) => Ok(vec![unread(block.label, not_here(what, fix))]),
            (_, None) => Ok(vec![unread(block.label, unknown(block.label))]),
            (Err(why), _) => Err(Error::damaged("it is damaged").because(why)),
            (Ok(der), Some(Label::Pkcs12)) => return crate::formats::open_loose(der, self.opening).map(Some),
            (Ok(der), Some(Label::Curve)) => {
                self.values.curve = Some(der.to_vec());
                return Ok(None);
            }
            (Ok(der), Some(Label::Trusted)) => trusted(der).map(|entry| vec![entry]),
            (Ok(der), Some(Label::Value)) => match block.header("DEK-Info") {
                Some(dek) => self.encrypted(dek, der).map(|entry| vec![entry]),
                None => self.value(&block, der),
            },
        };
        match read {
            Ok(entries) => self.entries.extend(entries.into_iter().map(|e| named(e, &alias, &block))),
            Err(e) if e.kind == Kind::TooCostly => return Err(e),
            Err(e) => {
                let entry = unread(block.label, e);
                self.entries.push(named(entry, &alias, &block));
            }
        }
        Ok(None)
    }

    /// The entries, what was learnt on the way, and what there is to remark.
    pub fn finish(mut self) -> (Vec<Entry>, Values<'a>, Vec<String>) {
        if self.entries.is_empty() && self.values.curve.is_some() {
            self.entries.push(unread("EC PARAMETERS", not_here(CURVE_ALONE.0, CURVE_ALONE.1)));
        }
        (self.entries, self.values, self.remarks)
    }

    fn value(&mut self, block: &Block<'_>, der: &[u8]) -> Result<Vec<Entry>> {
        let shape = Shape::of(der);
        if !fits(block.label, shape) && shape != Shape::Unknown {
            self.remarks.push(format!(
                "line {}: labelled {}, but it is a {}: OpenSSL will not read it there",
                block.line,
                block.label,
                shape.title()
            ));
        }
        if shape == Shape::Unknown {
            return Err(Error::damaged("it is damaged").because("what its base64 stands for is cut off or altered"));
        }
        self.values.entries(der)
    }

    fn encrypted(&mut self, dek: &str, ciphertext: &[u8]) -> Result<Entry> {
        let scheme = Scheme::parse(dek)?;
        self.values.encryption.get_or_insert_with(|| scheme.to_string());
        let curve = self.values.curve.take();
        let key = self.values.open(|password| scheme.decrypt(ciphertext, password, curve.as_deref()));
        Ok(Entry::new(None, der::loose(key)))
    }
}

/// Whether a label is the one that other programs look for around such a value.
fn fits(label: &str, shape: Shape) -> bool {
    match shape {
        Shape::Certificate => label.ends_with("CERTIFICATE"),
        Shape::Request => label.ends_with("CERTIFICATE REQUEST"),
        Shape::Crl => label.ends_with("CRL"),
        Shape::Pkcs8 => label == "PRIVATE KEY" || label == "ANY PRIVATE KEY",
        Shape::EncryptedPkcs8 => label == "ENCRYPTED PRIVATE KEY",
        Shape::Pkcs1 => label == "RSA PRIVATE KEY",
        Shape::Sec1 => label == "EC PRIVATE KEY",
        Shape::DsaKey => label == "DSA PRIVATE KEY",
        Shape::Pkcs7 => is_pkcs7(label),
        _ => true,
    }
}

fn unread(label: &str, why: Error) -> Entry {
    let known: String = label.chars().take(80).collect();
    Entry::new(None, Item::Unread { what: known, why })
}

fn not_here(what: &str, fix: &str) -> Error {
    Error::new(Kind::NotAStore, what, fix)
}

fn unknown(label: &str) -> Error {
    let what = if label.starts_with("PGP ") {
        "an OpenPGP key or message, which TLS does not use".to_owned()
    } else {
        format!("a PEM block of an unknown kind: {}", Safe(label))
    };
    not_here(&what, "name a file with BEGIN CERTIFICATE or BEGIN PRIVATE KEY in it")
}

/// Adds to an entry its name and, where it was not read, its place.
fn named(mut entry: Entry, alias: &Option<String>, block: &Block<'_>) -> Entry {
    entry.alias = entry.alias.or_else(|| alias.clone());
    if let Item::Unread { why, .. } = &mut entry.item
        && why.kind != Kind::NotAStore
    {
        *why = why.clone().in_file(format!("line {} ({})", block.line, Safe(block.label)));
    }
    entry
}

/// OpenSSL's `TRUSTED CERTIFICATE`: a certificate, then `X509_CERT_AUX { trust, reject [0], alias, keyid, other [1] }`
/// (OpenSSL's crypto/x509/x_x509a.c). One that is only rejected for some uses is not a trusted one.
fn trusted(bytes: &[u8]) -> Result<Entry> {
    use crate::asn1::{self, Reader};
    let cert = Cert::from_ber(bytes)?;
    let aux = bytes.get(cert.der.len()..).unwrap_or_default();
    let mut parts = Reader::new(aux).sequence().unwrap_or(Reader::new(&[]));
    let trust = parts.optional(asn1::SEQUENCE).ok().flatten();
    let reject = parts.optional(asn1::context(0, true)).ok().flatten();
    let alias = parts.optional(asn1::UTF8_STRING).ok().flatten();
    let alias = alias.and_then(|a| std::str::from_utf8(a.content).ok()).map(str::to_owned);
    let item = if reject.is_some() && trust.is_none() { Item::Certificate(cert) } else { Item::Trusted(cert) };
    Ok(Entry::new(alias, item))
}

/// The name that `openssl pkcs12` and `keytool -list -rfc` print before a block.
fn alias(before: &str) -> Option<String> {
    let found = ["friendlyName:", "Alias name:"].iter().find_map(|mark| before.rsplit_once(mark))?;
    let name = found.1.lines().next().unwrap_or_default().trim();
    (!name.is_empty()).then(|| name.chars().take(200).collect())
}
