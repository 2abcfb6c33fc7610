//! PKCS#7 and CMS SignedData as a bag of certificates and revocation lists (RFC 2315, RFC 5652 section 5).

use super::store::refuse_unread;
use super::{Budget, Entry, Format, Item, Opening, Store, text};
use crate::asn1::{self, Fault, Reader};
use crate::error::{Error, Kind, Result};
use crate::pki::Cert;
use crate::pki::crl::Crl;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const DATA: &str = "1.2.840.113549.1.7.1";

/// Whether the bytes begin as a ContentInfo of PKCS#7 or CMS, bare or as base64 without armour.
pub fn looks_like(bytes: &[u8]) -> bool {
    is_content_info(bytes) || text::bare_base64(bytes).is_some_and(|inner| is_content_info(&inner))
}

/// Whether the bytes begin as a ContentInfo in DER or BER.
pub fn is_content_info(bytes: &[u8]) -> bool {
    content_type(bytes).is_some()
}

/// The last arc of the content type: 2 for SignedData.
fn content_type(bytes: &[u8]) -> Option<u8> {
    // SEQUENCE with a length of any form, then the OBJECT IDENTIFIER 1.2.840.113549.1.7.x
    let [asn1::SEQUENCE, length, rest @ ..] = bytes else { return None };
    let size_of_length = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    match rest.get(size_of_length..)? {
        [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last, ..] => Some(*last),
        _ => None,
    }
}

/// Reads a PKCS#7 file.
///
/// # Errors
/// Damaged-store, not-a-store for other kinds of PKCS#7 than SignedData, too-costly.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let inner = if is_content_info(bytes) { None } else { text::bare_base64(bytes) };
    let entries = entries(inner.as_deref().map_or(bytes, Vec::as_slice), opening.budget)?;
    refuse_unread(&entries)?;
    let mut store = Store::plain(Format::Pkcs7, entries);
    if inner.is_some() {
        store.remarks.push("base64 without PEM armour".to_owned());
    }
    Ok(store)
}

/// The certificates and revocation lists of one ContentInfo.
///
/// # Errors
/// As [`read`].
pub fn entries(bytes: &[u8], budget: &Budget) -> Result<Vec<Entry>> {
    match content_type(bytes) {
        Some(2) => {}
        Some(3 | 6) => {
            return Err(Error::new(
                Kind::NotAStore,
                "an encrypted PKCS#7 message (S/MIME): it holds no certificates to use",
                "decrypt it with its recipient's key first: openssl cms -decrypt -inform DER -in FILE -inkey KEY",
            ));
        }
        _ => {
            return Err(Error::new(
                Kind::NotAStore,
                "a PKCS#7 message without certificates",
                "ask for the certificates themselves",
            ));
        }
    }
    // definite lengths are read as they stand, so that no byte of a certificate changes; BER is brought into DER first
    let found = parts(bytes, budget).or_else(|fault| match fault {
        Stop::Budget(e) => Err(Stop::Budget(e)),
        Stop::Fault(_) => parts(&asn1::to_der(bytes)?.0, budget),
    });
    let entries = found.map_err(|stop| match stop {
        Stop::Budget(e) => e,
        Stop::Fault(fault) => fault.damages("PKCS#7 data that is cut off or altered"),
    })?;
    if entries.is_empty() {
        return Err(Error::new(
            Kind::NotAStore,
            "a PKCS#7 file that holds neither certificates nor revocation lists",
            "ask for the certificates themselves; a detached signature is no store",
        ));
    }
    Ok(entries)
}

enum Stop {
    Fault(Fault),
    Budget(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

fn parts(bytes: &[u8], budget: &Budget) -> Result<Vec<Entry>, Stop> {
    let mut info = Reader::new(bytes).sequence()?;
    if info.oid()? != SIGNED_DATA {
        return Err(Fault("the content is not SignedData").into());
    }
    let mut signed = info.expect(asn1::context(0, true))?.reader().sequence()?;
    signed.expect(asn1::INTEGER)?;
    signed.expect(asn1::SET)?;
    signed.expect(asn1::SEQUENCE)?;
    let mut entries = Vec::new();
    for (tag, item) in [(0, certificate as fn(&[u8]) -> Item), (1, crl)] {
        let Some(set) = signed.optional(asn1::context(tag, true))? else { continue };
        for value in set.reader() {
            let value = value?;
            budget.charge_entries(1).map_err(Stop::Budget)?;
            let item = if value.tag == asn1::SEQUENCE { item(value.whole) } else { other(tag) };
            entries.push(Entry::new(None, item));
        }
    }
    Ok(entries)
}

fn certificate(der: &[u8]) -> Item {
    Cert::from_ber(der).map_or_else(|why| Item::Unread { what: "certificate".to_owned(), why }, Item::Certificate)
}

fn crl(der: &[u8]) -> Item {
    Crl::from_der(der).map_or_else(|why| Item::Unread { what: "certificate revocation list".to_owned(), why }, Item::Crl)
}

/// Attribute certificates and the like stand beside certificates under tags of their own (RFC 5652 section 10.2.2).
fn other(set: u8) -> Item {
    let what = if set == 0 { "attribute certificate" } else { "revocation information" };
    let fix = "ask for X.509 certificates and CRLs";
    Item::Unread {
        what: what.to_owned(),
        why: Error::new(Kind::Unsupported, format!("{what} of a kind that TLS does not use"), fix),
    }
}

/// A certificates-only SignedData (RFC 5652 section 5; "degenerate"): what `.p7b` files are. DER.
pub fn write(certs: &[Cert]) -> Vec<u8> {
    let mut sorted: Vec<&[u8]> = certs.iter().map(|c| &c.der[..]).collect();
    sorted.sort_unstable(); // a SET OF is sorted in DER (X.690 section 11.6); readers do not rely on an order
    let signed = asn1::sequence(&[
        asn1::integer(1),
        asn1::der(asn1::SET, &[]),
        asn1::sequence(&[asn1::oid(DATA)]),
        asn1::nest(asn1::context(0, true), &sorted),
        asn1::der(asn1::SET, &[]),
    ]);
    asn1::sequence(&[asn1::oid(SIGNED_DATA), asn1::der(asn1::context(0, true), &signed)])
}
