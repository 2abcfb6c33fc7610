//! Text around and inside of formats: encodings, and base64 (this is the door to the base64 crate).

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine};
use std::borrow::Cow;
use zeroize::Zeroizing;

/// Padding is tolerated where it is missing, and so are stray bits behind the last byte: both are unambiguous, and both
/// come out of forms and hand-made files.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// The bytes as text: UTF-8 and UTF-16 with or without a byte order mark, other bytes replaced (they can only stand
/// around what we look for, never in it).
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // ASCII in UTF-16 has a zero in every second place
        [a, 0, b, 0, c, 0, ..] if [*a, *b, *c].iter().all(|x| *x != 0) => utf16(bytes, u16::from_le_bytes),
        [0, a, 0, b, 0, c, ..] if [*a, *b, *c].iter().all(|x| *x != 0) => utf16(bytes, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = String::with_capacity(bytes.len() / 2);
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Cow::Owned(text)
}

/// Whether the bytes are text that a person could read: judged by their beginning.
pub fn is_text(bytes: &[u8]) -> bool {
    let text = decode(&bytes[..bytes.len().min(4096)]);
    let odd = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace())).count();
    // Latin-1 letters here and there still make a text
    odd * 10 <= text.chars().count()
}

/// The bytes that base64 `text` stands for; white space is skipped.
///
/// # Errors
/// In words, what is wrong with the text.
pub fn from_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut packed = Zeroizing::new(Vec::with_capacity(text.len()));
    packed.extend(text.bytes().filter(|b| !b.is_ascii_whitespace()));
    from_packed_base64(&packed)
}

/// The bytes that base64 without white space stands for.
///
/// # Errors
/// As [`from_base64`].
pub fn from_packed_base64(packed: &[u8]) -> Result<Zeroizing<Vec<u8>>, String> {
    if packed.is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    LENIENT.decode(packed).map(Zeroizing::new).map_err(|e| match e {
        DecodeError::InvalidByte(_, b'=') => "base64 goes on after its padding".to_owned(),
        DecodeError::InvalidByte(at, byte) if byte.is_ascii_graphic() => {
            format!("'{}' is no base64 (character {})", char::from(byte), at + 1)
        }
        DecodeError::InvalidByte(at, _) => format!("a character that is no base64 (character {})", at + 1),
        _ => "base64 that is cut off: its length fits no number of bytes".to_owned(),
    })
}

/// What a whole text stands for that is nothing but base64: at least 32 characters, white space allowed.
pub fn bare_base64(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b) || b.is_ascii_whitespace();
    // the beginning decides cheaply for nearly every binary file
    if !is_text(bytes) || bytes.len() < 32 {
        return None;
    }
    let text = decode(bytes);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    (text.len() >= 32 && text.bytes().all(is_base64)).then(|| from_base64(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_text_with_and_without_a_mark() {
        let wide = |unit: fn(u16) -> [u8; 2], mark: &[u8]| -> Vec<u8> {
            mark.iter().copied().chain("-----BEGIN ü".encode_utf16().flat_map(unit)).collect()
        };
        for bytes in [
            wide(u16::to_le_bytes, &[0xff, 0xfe]),
            wide(u16::to_be_bytes, &[0xfe, 0xff]),
            wide(u16::to_le_bytes, &[]),
            wide(u16::to_be_bytes, &[]),
            "\u{feff}-----BEGIN ü".as_bytes().to_vec(),
        ] {
            assert_eq!(decode(&bytes), "-----BEGIN ü");
            assert!(is_text(&bytes));
        }
    }

    #[test]
    fn base64_is_read_leniently_and_faults_are_named() {
        assert_eq!(from_base64("aGFs\r\n bG8").unwrap().as_slice(), b"hallo");
        assert_eq!(from_base64("aGFsbG8=").unwrap().as_slice(), b"hallo");
        assert!(from_base64("aGFs?G8=").unwrap_err().starts_with("'?' is no base64 (character 5)"));
        assert!(from_base64("aGFsb=8=").is_err());
        assert!(from_base64("aGFsb").unwrap_err().contains("cut off"));
        assert!(from_base64(" \n").is_err());
    }

    #[test]
    fn prose_is_not_base64() {
        assert!(bare_base64(b"this is a text, and no base64 at all; it is long enough").is_none());
        assert!(bare_base64(&[0x30, 0x82].repeat(40)).is_none());
        assert!(bare_base64("QUFB".repeat(10).as_bytes()).is_some());
    }
}
