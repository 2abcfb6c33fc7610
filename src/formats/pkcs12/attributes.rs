//! Attributes of bags (RFC 7292 section 4.2): made, read and taken over.

use super::{FRIENDLY_NAME, LOCAL_KEY_ID};
use crate::asn1::{self, Reader, Value};

pub(super) fn attribute(kind: &str, value: &[u8]) -> Vec<u8> {
    asn1::sequence(&[asn1::oid(kind), asn1::der(asn1::SET, value)])
}

pub(super) fn friendly_name(alias: &str) -> Vec<u8> {
    let bmp: Vec<u8> = alias.encode_utf16().flat_map(u16::to_be_bytes).collect();
    attribute(FRIENDLY_NAME, &asn1::der(asn1::BMP_STRING, &bmp))
}

pub(super) fn local_key_id(id: &[u8]) -> Vec<u8> {
    attribute(LOCAL_KEY_ID, &asn1::der(asn1::OCTET_STRING, id))
}

/// The text of a friendlyName; `None` for one of the wrong type.
pub(super) fn name_of(value: Value<'_>) -> Option<String> {
    match value.tag {
        asn1::BMP_STRING => Some(from_bmp(value.content)),
        asn1::UTF8_STRING | PRINTABLE_STRING | T61_STRING | IA5_STRING => {
            Some(String::from_utf8_lossy(value.content).into_owned())
        }
        _ => None,
    }
}

/// `attributes` as they are, but for the name where `alias` is another one now.
pub(super) fn renamed(attributes: &[Vec<u8>], alias: Option<&str>) -> Vec<Vec<u8>> {
    let name = |attribute: &[u8]| -> Option<Option<String>> {
        let mut inside = Reader::new(attribute).sequence().ok()?;
        let is_name = inside.oid().ok()? == FRIENDLY_NAME;
        is_name.then(|| inside.expect(asn1::SET).and_then(|values| values.reader().next()).ok().and_then(name_of))
    };
    let had = attributes.iter().rev().find_map(|a| name(a).flatten()).filter(|had| !had.is_empty());
    if had.as_deref() == alias {
        return attributes.to_vec();
    }
    let others = attributes.iter().filter(|a| name(a).is_none()).cloned();
    others.chain(alias.map(friendly_name)).collect()
}

const PRINTABLE_STRING: u8 = 0x13;
const T61_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;

/// BMPString is UCS-2 by the standard and UTF-16 in practice; a zero character at its end is no part of the name.
fn from_bmp(content: &[u8]) -> String {
    let units = content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let name: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    name.trim_end_matches('\0').to_owned()
}
