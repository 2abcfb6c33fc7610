//! Distinguished names: their DER as it was found, and their RFC 4514 text both ways.

use crate::asn1::{self, Fault, Reader};
use crate::error::{Error, Kind, Result};
use std::fmt;

/// Attribute types by the short name that OpenSSL and RFC 4514 section 3 give them.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("CN", "2.5.4.3"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("C", "2.5.4.6"),
    ("STREET", "2.5.4.9"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("serialNumber", "2.5.4.5"),
    ("SN", "2.5.4.4"),
    ("GN", "2.5.4.42"),
    ("title", "2.5.4.12"),
    ("initials", "2.5.4.43"),
    ("generationQualifier", "2.5.4.44"),
    ("dnQualifier", "2.5.4.46"),
    ("pseudonym", "2.5.4.65"),
    ("businessCategory", "2.5.4.15"),
    ("postalCode", "2.5.4.17"),
    ("organizationIdentifier", "2.5.4.97"),
    ("jurisdictionL", "1.3.6.1.4.1.311.60.2.1.1"),
    ("jurisdictionST", "1.3.6.1.4.1.311.60.2.1.2"),
    ("jurisdictionC", "1.3.6.1.4.1.311.60.2.1.3"),
];

/// Other spellings that people write.
const SPELLINGS: &[(&str, &str)] =
    &[("S", "ST"), ("E", "emailAddress"), ("EMAIL", "emailAddress"), ("SURNAME", "SN"), ("GIVENNAME", "GN"), ("USERID", "UID")];

/// An X.501 Name. Two are equal when their DER is: the comparison that TLS stacks make (RFC 5280 section 7.1 allows more).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DistinguishedName {
    der: Vec<u8>,
}

/// One attribute: its type in dotted form, the tag of its value, and the value's content.
struct Attribute {
    oid: String,
    tag: u8,
    value: Vec<u8>,
}

impl DistinguishedName {
    /// A name from the DER of its SEQUENCE; not checked further, so that what a certificate says is kept as it is.
    pub fn from_der(der: impl Into<Vec<u8>>) -> Self {
        DistinguishedName { der: der.into() }
    }

    /// A name with a common name only.
    pub fn with_common_name(cn: &str) -> Self {
        DistinguishedName { der: encode(&[vec![("2.5.4.3".to_owned(), Value::Text(cn.to_owned()))]]) }
    }

    /// A name from RFC 4514 text, `CN=billing,O=Example\, Inc.,C=DE`: the last part of the text is the first of the DER.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the text is no such name; says which part.
    pub fn from_rfc4514(text: &str) -> Result<Self> {
        let mut rdns = parse_rfc4514(text).map_err(|why| {
            Error::new(
                Kind::Usage,
                format!("\"{text}\" is no distinguished name"),
                "write it as in RFC 4514, for example \"CN=billing,O=Example\\, Inc.,C=DE\"",
            )
            .because(why)
        })?;
        rdns.reverse();
        Ok(DistinguishedName { der: encode(&rdns) })
    }

    /// The DER of the Name.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether it has no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.rdns().is_ok_and(|r| r.is_empty())
    }

    /// The most specific common name.
    pub fn common_name(&self) -> Option<String> {
        self.last("2.5.4.3")
    }

    /// The most specific organization.
    pub fn organisation(&self) -> Option<String> {
        self.last("2.5.4.10")
    }

    fn last(&self, oid: &str) -> Option<String> {
        self.rdns().ok()?.iter().rev().flatten().find(|a| a.oid == oid).and_then(Attribute::text)
    }

    /// What people call it: the common name, or the whole name where there is none.
    pub fn short(&self) -> String {
        self.common_name().filter(|cn| !cn.is_empty()).unwrap_or_else(|| self.to_string())
    }

    fn rdns(&self) -> Result<Vec<Vec<Attribute>>, Fault> {
        Reader::new(&self.der).sequence()?.map(|rdn| read_rdn(rdn?)).collect()
    }
}

fn read_rdn(rdn: asn1::Value<'_>) -> Result<Vec<Attribute>, Fault> {
    rdn.expect(asn1::SET)?
        .reader()
        .map(|attribute| {
            let mut inside = attribute?.expect(asn1::SEQUENCE)?.reader();
            let (oid, value) = (inside.oid()?, Reader::next(&mut inside)?);
            Ok(Attribute { oid, tag: value.tag, value: value.content.to_vec() })
        })
        .collect()
}

impl Attribute {
    /// The value as text, from whichever string type holds it; `None` where it is no string.
    fn text(&self) -> Option<String> {
        match self.tag {
            // UTF8String, and the ASCII kinds that are often filled with UTF-8 or Latin-1
            0x0c | 0x12 | 0x13 | 0x14 | 0x16 | 0x1a => Some(
                String::from_utf8(self.value.clone()).unwrap_or_else(|_| self.value.iter().map(|b| char::from(*b)).collect()),
            ),
            asn1::BMP_STRING => {
                let units: Vec<u16> = self.value.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
                String::from_utf16(&units).ok()
            }
            0x1c => self.value.chunks_exact(4).map(|c| char::from_u32(u32::from_be_bytes([c[0], c[1], c[2], c[3]]))).collect(),
            _ => None,
        }
    }
}

impl fmt::Display for DistinguishedName {
    /// RFC 4514 section 2: last attribute first, `,` between RDNs, `+` inside one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(rdns) = self.rdns() else { return write!(f, "#{}", crate::safe::hex(&self.der)) };
        for (i, rdn) in rdns.iter().rev().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            for (j, a) in rdn.iter().enumerate() {
                if j > 0 {
                    f.write_str("+")?;
                }
                let name = ATTRIBUTES.iter().find(|(_, oid)| *oid == a.oid).map(|(name, _)| *name);
                match (name, a.text()) {
                    (Some(name), Some(text)) => write!(f, "{name}={}", escaped(&text))?,
                    _ => write!(f, "{}=#{}", a.oid, crate::safe::hex(&asn1::der(a.tag, &a.value)))?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// RFC 4514 section 2.4.
fn escaped(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        let special = matches!(c, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (i == 0 && matches!(c, ' ' | '#'))
            || (i == last && c == ' ');
        match c {
            '\0' => out.push_str("\\00"),
            c if special => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

enum Value {
    Text(String),
    Der(Vec<u8>),
}

type Rdn = Vec<(String, Value)>;

fn parse_rfc4514(text: &str) -> Result<Vec<Rdn>, String> {
    let mut rdns: Vec<Rdn> = vec![Vec::new()];
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return Err("it is empty".to_owned());
    }
    loop {
        let (name, after) = rest.split_once('=').ok_or(format!("\"{rest}\" has no \"=\""))?;
        let oid = attribute_oid(name.trim())
            .ok_or(format!("\"{}\" is no attribute that mtls knows; its dotted number works too", name.trim()))?;
        // other white space than the space is a part of the value, as it would be unescaped (RFC 4514 section 2.4)
        let (value, separator, after) = take_value(after.trim_start_matches(' '))?;
        // a value that is there cannot fail: `rdns` starts with one element and only grows
        if let Some(rdn) = rdns.last_mut() {
            rdn.push((oid, value));
        }
        match separator {
            None => return Ok(rdns),
            Some('+') => {}
            Some(_) => rdns.push(Vec::new()),
        }
        rest = after;
    }
}

fn attribute_oid(name: &str) -> Option<String> {
    let full = SPELLINGS.iter().find(|(s, _)| s.eq_ignore_ascii_case(name)).map_or(name, |(_, full)| full);
    let known = ATTRIBUTES.iter().find(|(n, _)| n.eq_ignore_ascii_case(full)).map(|(_, oid)| (*oid).to_owned());
    known.or_else(|| asn1::oid_content(name).map(|_| name.to_owned()))
}

/// The value up to the next separator, that separator, and what follows it.
fn take_value(text: &str) -> Result<(Value, Option<char>, &str), String> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut kept = 0; // up to here trailing spaces are part of the value: they were escaped
    let mut chars = text.char_indices();
    let mut end = (None, "");
    while let Some((i, c)) = chars.next() {
        match c {
            ',' | ';' | '+' => {
                end = (Some(c), &text[i + 1..]);
                break;
            }
            '\\' => {
                let (_, c) = chars.next().ok_or("it ends in a backslash")?;
                match (c.to_digit(16), chars.clone().next().and_then(|(_, d)| d.to_digit(16))) {
                    (Some(high), Some(low)) => {
                        chars.next();
                        bytes.push((high * 16 + low) as u8);
                    }
                    _ => bytes.extend(c.to_string().bytes()),
                }
                kept = bytes.len();
            }
            c => bytes.extend(c.to_string().bytes()),
        }
    }
    while bytes.len() > kept && bytes.last() == Some(&b' ') {
        bytes.pop();
    }
    let value = String::from_utf8(bytes).map_err(|_| "an escaped value is not UTF-8".to_owned())?;
    let value = match value.strip_prefix('#').filter(|_| text.starts_with('#')) {
        Some(digits) => Value::Der(
            crate::safe::from_hex(digits)
                .filter(|d| Reader::new(d).next().is_ok())
                .ok_or("a \"#\" value that is no hex of DER")?,
        ),
        None => Value::Text(value),
    };
    Ok((value, end.0, end.1))
}

fn encode(rdns: &[Rdn]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = rdns
        .iter()
        .map(|rdn| {
            let mut attributes: Vec<Vec<u8>> = rdn
                .iter()
                .map(|(oid, value)| {
                    let value = match value {
                        Value::Der(der) => der.clone(),
                        Value::Text(text) => asn1::der(string_tag(oid, text), text.as_bytes()),
                    };
                    asn1::sequence(&[asn1::oid(oid), value])
                })
                .collect();
            attributes.sort(); // DER orders the elements of a SET OF (X.690 11.6)
            asn1::nest(asn1::SET, &attributes)
        })
        .collect();
    asn1::sequence(&sets)
}

/// RFC 5280 appendix A.1: country and serial number are PrintableString, DC and email IA5String; else UTF8String.
fn string_tag(oid: &str, text: &str) -> u8 {
    match oid {
        "2.5.4.6" | "2.5.4.5" | "2.5.4.46" if text.is_ascii() => 0x13,
        "0.9.2342.19200300.100.1.25" | "1.2.840.113549.1.9.1" if text.is_ascii() => 0x16,
        _ => asn1::UTF8_STRING,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in [
            "CN=billing,O=Example\\, Inc.,C=DE",
            "CN=a+UID=7,DC=example,DC=com",
            "CN=\\ leading and trailing\\ ",
            "CN=Grün 証明書,OU=one,OU=two",
            "CN=\\#1,emailAddress=a@b.example",
            "CN=\u{b}\\ +OU=\tone",
        ] {
            assert_eq!(DistinguishedName::from_rfc4514(text).unwrap().to_string(), text);
        }
        assert_eq!(DistinguishedName::from_rfc4514("cn = x , o=\"y").unwrap().to_string(), "CN=x,O=\\\"y");
        assert_eq!(DistinguishedName::from_rfc4514("1.2.3=#0c0161").unwrap().to_string(), "1.2.3=#0c0161");
    }

    #[test]
    fn the_short_name_is_the_common_name() {
        assert_eq!(DistinguishedName::from_rfc4514("O=x,CN=Dev CA").unwrap().short(), "Dev CA");
        assert_eq!(DistinguishedName::from_rfc4514("O=x").unwrap().short(), "O=x");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "billing", "NOPE=x", "CN=x\\", "1.2.3=#zz"] {
            assert_eq!(DistinguishedName::from_rfc4514(text).unwrap_err().kind, Kind::Usage, "{text}");
        }
    }
}
