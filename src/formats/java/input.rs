//! What `java.io.DataInputStream` reads: big-endian numbers, counted bytes, and text in modified UTF-8.

use crate::error::{Error, Result};

/// Reads a data stream; every length is checked against what is left before anything is made of it.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    /// A reader over `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Input { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// A damaged-store error that says where the bytes end.
    pub fn bytes(&mut self, n: usize) -> Result<&'a [u8]> {
        let taken = self.rest().get(..n).ok_or_else(|| {
            Error::damaged("the store is cut off or altered").because(format!(
                "at byte {} it announces {n} more, and {} are left",
                self.at,
                self.rest().len()
            ))
        })?;
        self.at += n;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(N)?);
        Ok(array)
    }

    /// The next byte.
    ///
    /// # Errors
    /// As [`Input::bytes`]; so for all below.
    pub fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    /// The next two bytes.
    pub fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next four bytes.
    pub fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next eight bytes.
    pub fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// A length in four bytes, and as many bytes.
    pub fn block(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()?;
        self.bytes(length as usize)
    }

    /// A number of things in four bytes, of which each takes `least` bytes or more.
    pub fn count(&mut self, least: usize) -> Result<usize> {
        let at = self.at;
        let count = self.u32()? as usize;
        if count > self.rest().len() / least.max(1) {
            return Err(Error::damaged("the store is cut off or altered")
                .because(format!("at byte {at} it announces {count} things, more than the rest can hold")));
        }
        Ok(count)
    }

    /// A length in two bytes, and as many bytes of modified UTF-8 (`DataInput.readUTF`).
    pub fn text(&mut self) -> Result<String> {
        let at = self.at;
        let length = self.u16()?;
        modified_utf8(self.bytes(usize::from(length))?)
            .ok_or_else(|| Error::damaged("the store is cut off or altered").because(format!("at byte {at} a text is no UTF-8")))
    }
}

/// Modified UTF-8: UTF-16 units of one to three bytes each; half pairs become U+FFFD. `None` where it is ill-formed.
pub fn modified_utf8(bytes: &[u8]) -> Option<String> {
    if bytes.iter().all(|b| (1..0x80).contains(b)) {
        return String::from_utf8(bytes.to_vec()).ok();
    }
    let tail = |b: &u8| (b & 0xc0 == 0x80).then_some(u16::from(b & 0x3f));
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return Some(String::from_utf16_lossy(&units)),
            [a, rest @ ..] if *a < 0x80 => {
                units.push(u16::from(*a));
                rest
            }
            [a, b, rest @ ..] if a & 0xe0 == 0xc0 => {
                units.push(u16::from(a & 0x1f) << 6 | tail(b)?);
                rest
            }
            [a, b, c, rest @ ..] if a & 0xf0 == 0xe0 => {
                units.push(u16::from(a & 0x0f) << 12 | tail(b)? << 6 | tail(c)?);
                rest
            }
            _ => return None,
        };
    }
}

/// `text` as `DataOutput.writeUTF` writes it, without the length before it.
pub fn to_modified_utf8(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        match unit {
            1..0x80 => out.push(unit as u8),
            0 | 0x80..0x800 => out.extend([0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8]),
            _ => out.extend([0xe0 | (unit >> 12) as u8, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn text_round_trips_through_javas_utf8() {
        for text in ["server", "grün-証明", "a\0b", "😀", ""] {
            assert_eq!(modified_utf8(&to_modified_utf8(text)).as_deref(), Some(text));
        }
        assert_eq!(to_modified_utf8("\0"), [0xc0, 0x80]);
        assert_eq!(to_modified_utf8("😀").len(), 6);
        assert_eq!(modified_utf8(&[0xed, 0xa0, 0xbd]).as_deref(), Some("\u{fffd}"));
        for wrong in [&[0x80][..], &[0xc3], &[0xe2, 0x82], &[0xff, 0xff], &[0xc3, b'a']] {
            assert_eq!(modified_utf8(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn lengths_beyond_the_end_are_damage() {
        for bytes in [&[0xff, 0xff, 0xff, 0xff, 1][..], &[0, 0, 0, 2, 1], &[0, 0]] {
            assert_eq!(Input::new(bytes).block().unwrap_err().kind, Kind::Damaged);
        }
        assert_eq!(Input::new(&[0x7f, 0xff, 0xff, 0xff, 0, 0]).count(1).unwrap_err().kind, Kind::Damaged);
        assert_eq!(Input::new(&[0, 3, b'a', b'b']).text().unwrap_err().kind, Kind::Damaged);
    }
}
