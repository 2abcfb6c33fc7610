//! A BER reader with budgets and a DER writer (ITU-T X.690): the ground under keys, certificates and stores.
//!
//! Files in the wild are BER more often than DER (indefinite lengths, octet strings in pieces: NSS, old Windows,
//! appliances), so foreign bytes go through [`to_der`] once and are read as DER from then on.

use crate::error::{Error, Kind};
use std::fmt;

/// INTEGER.
pub const INTEGER: u8 = 0x02;
/// BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// NULL.
pub const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// BMPString.
pub const BMP_STRING: u8 = 0x1e;
/// SEQUENCE, constructed.
pub const SEQUENCE: u8 = 0x30;
/// SET, constructed.
pub const SET: u8 = 0x31;

/// The tag byte `[n]` of the context class; `constructed` for EXPLICIT tags and IMPLICIT structures.
pub const fn context(n: u8, constructed: bool) -> u8 {
    0x80 | n | if constructed { 0x20 } else { 0 }
}

/// How deep values may nest before a file is refused; certificates and stores stay below 20.
pub const MAX_DEPTH: usize = 48;

/// Bytes that are no well-formed BER, or not the value that was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault(pub &'static str);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Values that nest deeper than [`MAX_DEPTH`].
const TOO_DEEP: Fault = Fault("values nest too deep");

impl Fault {
    /// The error about a file in which it was met: `what` says what is damaged there. Nesting without end is no damage, but
    /// asks for more than anyone should be given.
    pub fn damages(self, what: impl Into<String>) -> Error {
        if self == TOO_DEEP {
            return Error::new(
                Kind::TooCostly,
                format!("values nest more than {MAX_DEPTH} deep, the cap for one file (real ones stay below 20)"),
                "get the file from a source that you trust: no program writes such files for use",
            );
        }
        Error::damaged(what).because(self)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        fault.damages("the content is cut off or altered")
    }
}

/// One value: its tag byte, its content, and the whole of it with tag and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value<'a> {
    /// Tag byte: class, constructed bit and number.
    pub tag: u8,
    /// The content octets.
    pub content: &'a [u8],
    /// Tag, length and content.
    pub whole: &'a [u8],
}

impl<'a> Value<'a> {
    /// A reader over the values inside.
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.content)
    }

    /// The value if its tag is `tag`.
    pub fn expect(self, tag: u8) -> Result<Self, Fault> {
        if self.tag == tag { Ok(self) } else { Err(Fault(wanted(tag))) }
    }

    /// An INTEGER's or ENUMERATED's value where it fits in 64 bits and is not negative.
    pub fn unsigned(&self) -> Result<u64, Fault> {
        let bytes = unsigned_bytes(self.content);
        match self.content.first() {
            None => Err(Fault("an INTEGER without content")),
            Some(b) if b & 0x80 != 0 => Err(Fault("a negative INTEGER where a count is wanted")),
            Some(_) if bytes.len() > 8 => Err(Fault("an INTEGER too large for a count")),
            Some(_) => Ok(bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b))),
        }
    }

    /// An OBJECT IDENTIFIER in dotted form.
    pub fn oid(&self) -> Result<String, Fault> {
        oid_to_string(self.expect(OID)?.content)
    }

    /// A BIT STRING's bytes, where all bits of the last one are used.
    pub fn bit_string(&self) -> Result<&'a [u8], Fault> {
        match self.expect(BIT_STRING)?.content {
            [0, bits @ ..] => Ok(bits),
            _ => Err(Fault("a BIT STRING that is not whole bytes")),
        }
    }
}

fn wanted(tag: u8) -> &'static str {
    match tag {
        INTEGER => "an INTEGER was wanted",
        BIT_STRING => "a BIT STRING was wanted",
        OCTET_STRING => "an OCTET STRING was wanted",
        OID => "an OBJECT IDENTIFIER was wanted",
        SEQUENCE => "a SEQUENCE was wanted",
        SET => "a SET was wanted",
        _ => "another tag was wanted",
    }
}

/// An INTEGER's content without leading zero bytes.
pub fn unsigned_bytes(content: &[u8]) -> &[u8] {
    let zeros = content.iter().take_while(|b| **b == 0).count();
    &content[zeros..]
}

/// Reads definite-length values one after another.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader over `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// Whether all was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next tag byte, without reading on.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value, which must be there; as an iterator the reader ends where it is empty.
    #[allow(clippy::should_implement_trait)] // it does implement it: this is the form that knows a value is due
    pub fn next(&mut self) -> Result<Value<'a>, Fault> {
        let head = Head::parse(self.rest)?;
        let length = head.length.ok_or(Fault("an indefinite length where DER is wanted"))?;
        let end = head.size.checked_add(length).filter(|e| *e <= self.rest.len()).ok_or(CUT_OFF)?;
        let (whole, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Value { tag: head.tag, content: &whole[head.size..], whole })
    }

    /// The next value, which must have `tag`.
    pub fn expect(&mut self, tag: u8) -> Result<Value<'a>, Fault> {
        self.next()?.expect(tag)
    }

    /// The next value if it has `tag`; otherwise nothing is read.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Value<'a>>, Fault> {
        if self.peek() == Some(tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// A reader over the inside of the next SEQUENCE.
    pub fn sequence(&mut self) -> Result<Reader<'a>, Fault> {
        Ok(self.expect(SEQUENCE)?.reader())
    }

    /// The dotted form of the next OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<String, Fault> {
        self.next()?.oid()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Value<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_empty() {
            return None;
        }
        let value = Reader::next(self);
        if value.is_err() {
            self.rest = &[]; // one fault ends the walk: what follows cannot be told apart
        }
        Some(value)
    }
}

const CUT_OFF: Fault = Fault("a value reaches past the end: the data is cut off");

/// Tag, length (`None`: indefinite) and the size of both.
struct Head {
    tag: u8,
    length: Option<usize>,
    size: usize,
}

impl Head {
    fn parse(bytes: &[u8]) -> Result<Head, Fault> {
        let (&tag, rest) = bytes.split_first().ok_or(CUT_OFF)?;
        if tag & 0x1f == 0x1f {
            return Err(Fault("a tag number over 30"));
        }
        let (&first, rest) = rest.split_first().ok_or(CUT_OFF)?;
        if first < 0x80 {
            return Ok(Head { tag, length: Some(usize::from(first)), size: 2 });
        }
        if first == 0x80 {
            return Ok(Head { tag, length: None, size: 2 });
        }
        let n = usize::from(first & 0x7f);
        let digits = rest.get(..n).ok_or(CUT_OFF)?;
        let significant = unsigned_bytes(digits);
        if significant.len() > 4 {
            return Err(Fault("a length over 4 GiB"));
        }
        let length = significant.iter().fold(0usize, |l, b| l << 8 | usize::from(*b));
        Ok(Head { tag, length: Some(length), size: 2 + n })
    }
}

/// The first value in `bytes` as DER: definite minimal lengths, strings in one piece. Also says how many bytes of
/// the input it took, so that a caller can tell trailing data.
///
/// # Errors
/// [`Fault`] if the value is cut off, ill-formed or nests deeper than [`MAX_DEPTH`].
pub fn to_der(bytes: &[u8]) -> Result<(Vec<u8>, usize), Fault> {
    let mut out = Vec::with_capacity(bytes.len());
    let used = normalise(bytes, &mut out, 0)?;
    Ok((out, used))
}

fn normalise(bytes: &[u8], out: &mut Vec<u8>, depth: usize) -> Result<usize, Fault> {
    if depth > MAX_DEPTH {
        return Err(TOO_DEEP);
    }
    let head = Head::parse(bytes)?;
    if head.tag & 0x20 == 0 {
        let length = head.length.ok_or(Fault("an indefinite length on a primitive value"))?;
        let end = head.size.checked_add(length).ok_or(CUT_OFF)?;
        write_value(out, head.tag, bytes.get(head.size..end).ok_or(CUT_OFF)?);
        return Ok(end);
    }
    let mut inner = Vec::new();
    // a constructed universal OCTET STRING is its pieces put together (X.690 8.7.3)
    let joins_pieces = head.tag == (OCTET_STRING | 0x20);
    let mut at = head.size;
    let end = match head.length {
        Some(length) => Some(head.size.checked_add(length).filter(|e| *e <= bytes.len()).ok_or(CUT_OFF)?),
        None => None,
    };
    loop {
        match end {
            Some(end) if at == end => break,
            None if bytes.get(at..at + 2) == Some(&[0, 0]) => {
                at += 2;
                break;
            }
            _ => {}
        }
        let within = bytes.get(at..end.unwrap_or(bytes.len())).ok_or(CUT_OFF)?;
        if joins_pieces {
            let mut piece = Vec::new();
            at += normalise(within, &mut piece, depth + 1)?;
            inner.extend_from_slice(Reader::new(&piece).expect(OCTET_STRING)?.content);
        } else {
            at += normalise(within, &mut inner, depth + 1)?;
        }
    }
    write_value(out, if joins_pieces { OCTET_STRING } else { head.tag }, &inner);
    Ok(at)
}

/// The content of an IMPLICIT OCTET STRING that BER may have cut in pieces: as it is when primitive, the pieces put
/// together when constructed. The normaliser cannot know such a tag is a string; the reader of the structure does.
pub fn implicit_octets(value: &Value<'_>) -> Result<Vec<u8>, Fault> {
    if value.tag & 0x20 == 0 {
        return Ok(value.content.to_vec());
    }
    value.reader().try_fold(Vec::new(), |mut all, piece| {
        all.extend_from_slice(piece?.expect(OCTET_STRING)?.content);
        Ok(all)
    })
}

fn write_value(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits = (length as u64).to_be_bytes();
        let significant = unsigned_bytes(&digits);
        out.push(0x80 | significant.len() as u8);
        out.extend_from_slice(significant);
    }
    out.extend_from_slice(content);
}

/// DER of one value.
pub fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    write_value(&mut out, tag, content);
    out
}

/// DER of a constructed value of `parts`, in their order.
pub fn nest<P: AsRef<[u8]>>(tag: u8, parts: &[P]) -> Vec<u8> {
    let content: Vec<u8> = parts.iter().flat_map(|p| p.as_ref().iter().copied()).collect();
    der(tag, &content)
}

/// DER of a SEQUENCE of `parts`.
pub fn sequence<P: AsRef<[u8]>>(parts: &[P]) -> Vec<u8> {
    nest(SEQUENCE, parts)
}

/// DER of an INTEGER that is not negative.
pub fn integer(n: u64) -> Vec<u8> {
    unsigned_integer(&n.to_be_bytes())
}

/// DER of an INTEGER from big-endian bytes without a sign.
pub fn unsigned_integer(bytes: &[u8]) -> Vec<u8> {
    let significant = unsigned_bytes(bytes);
    let mut content = Vec::with_capacity(significant.len() + 1);
    if significant.first().is_none_or(|b| b & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(significant);
    der(INTEGER, &content)
}

/// DER of an OBJECT IDENTIFIER in dotted form; the caller's text is a constant of ours or was checked.
pub fn oid(dotted: &str) -> Vec<u8> {
    der(OID, &oid_content(dotted).unwrap_or_default())
}

/// The content octets of a dotted OBJECT IDENTIFIER, or `None` if it is none (X.690 8.19).
pub fn oid_content(dotted: &str) -> Option<Vec<u8>> {
    let arcs: Vec<u64> = dotted.split('.').map(|a| a.parse().ok()).collect::<Option<_>>()?;
    let [first @ 0..=2, second, rest @ ..] = arcs.as_slice() else { return None };
    if *first < 2 && *second > 39 {
        return None;
    }
    let mut out = Vec::new();
    for arc in std::iter::once(&first.checked_mul(40)?.checked_add(*second)?).chain(rest) {
        let mut groups = vec![(arc & 0x7f) as u8];
        let mut left = arc >> 7;
        while left > 0 {
            groups.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        out.extend(groups.iter().rev());
    }
    Some(out)
}

/// The dotted form of an OBJECT IDENTIFIER's content octets.
pub fn oid_to_string(content: &[u8]) -> Result<String, Fault> {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc = 0u64;
    for byte in content {
        arc = arc.checked_mul(128).ok_or(Fault("an OBJECT IDENTIFIER with an arc over 64 bits"))? | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    let complete = content.last().is_some_and(|b| b & 0x80 == 0);
    let (Some(head), true) = (arcs.first().copied(), complete) else { return Err(Fault("an OBJECT IDENTIFIER that is cut off")) };
    let (a, b) = if head >= 80 { (2, head - 80) } else { (head / 40, head % 40) };
    Ok(arcs[1..].iter().fold(format!("{a}.{b}"), |s, arc| format!("{s}.{arc}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_become_der() {
        // SEQUENCE (indefinite) { OCTET STRING in two pieces, INTEGER 5 with a long length }
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, b'a', 4, 2, b'b', b'c', 0, 0, 2, 0x81, 1, 5, 0, 0, 0xff];
        let (out, used) = to_der(&ber).unwrap();
        assert_eq!(out, [0x30, 8, 4, 3, b'a', b'b', b'c', 2, 1, 5]);
        assert_eq!(used, ber.len() - 1);
    }

    #[test]
    fn every_cut_of_a_value_is_a_fault() {
        let whole = sequence(&[integer(1234567), der(OCTET_STRING, &[7; 200])]);
        for end in 0..whole.len() {
            assert!(to_der(&whole[..end]).is_err(), "cut at {end}");
        }
        assert_eq!(to_der(&whole).unwrap().0, whole);
    }

    #[test]
    fn nesting_is_bounded() {
        let bytes = [0x30, 0x80].repeat(100_000);
        assert_eq!(to_der(&bytes), Err(TOO_DEEP));
        let refused = Error::from(TOO_DEEP);
        assert!(refused.kind == Kind::TooCostly && refused.what.contains("48"), "{refused}");
    }

    #[test]
    fn object_identifiers_round_trip() {
        for dotted in ["1.2.840.113549.1.12.1.3", "2.16.840.1.113894.746875.1.1", "2.999.1", "0.9.2342"] {
            assert_eq!(oid_to_string(&oid_content(dotted).unwrap()).unwrap(), dotted);
        }
        assert_eq!(oid_content("1.40"), None);
        assert!(oid_to_string(&[0x2a, 0x86]).is_err());
    }

    #[test]
    fn integers_keep_their_sign_bit_clear() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(Reader::new(&integer(10_000)).next().unwrap().unsigned(), Ok(10_000));
    }
}
