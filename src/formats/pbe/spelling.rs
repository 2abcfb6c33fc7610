//! The bytes that a password becomes before a key is derived from it.

use super::Kdf;
use crate::crypto::kdf::Secret;
use crate::pki::Password;

/// Every way in which a password's text is turned into bytes out there, the standard one first.
///
/// PKCS#12's derivation takes a BMPString with two zero bytes at its end (RFC 7292 appendix B.1); all others take the
/// text's UTF-8 (RFC 8018). The deviations that are tried after that:
/// - the empty password as no bytes at all, where others write the two zero bytes;
/// - OpenSSL before 1.1 took each byte of the UTF-8 text for a character of its own;
/// - Latin-1 bytes where UTF-8 is due (PBES2 by programs in an old locale);
/// - the BMPString where UTF-8 is due (PBES2 by old NSS).
pub struct Spellings {
    bmp: Vec<Secret>,
    bytes: Vec<Secret>,
}

impl Spellings {
    /// The spellings of `password`.
    pub fn new(password: &Password) -> Self {
        let text = password.expose();
        let standard = bmp(text.encode_utf16());
        let mut spellings = Spellings { bmp: vec![standard.clone()], bytes: vec![text.as_bytes().to_vec().into()] };
        if text.is_empty() {
            spellings.bmp.push(Secret::default());
        }
        if !text.is_ascii() {
            spellings.bmp.push(bmp(text.bytes().map(u16::from)));
            let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            spellings.bytes.extend(latin1.map(Secret::from));
        }
        spellings.bytes.push(standard);
        spellings
    }

    /// The spellings that `kdf` is to be tried with.
    pub fn of(&self, kdf: &Kdf) -> &[Secret] {
        if matches!(kdf, Kdf::Pkcs12 { .. }) { &self.bmp } else { &self.bytes }
    }

    /// The one spelling that the standard has `kdf` use.
    pub fn standard(&self, kdf: &Kdf) -> &[u8] {
        self.of(kdf).first().map_or(&[], |spelling| spelling)
    }

    /// Puts the spelling that fitted a file's MAC first, so that its other parts are tried with it first.
    pub fn prefer(&mut self, kdf: &Kdf, at: usize) {
        let list = if matches!(kdf, Kdf::Pkcs12 { .. }) { &mut self.bmp } else { &mut self.bytes };
        if at < list.len() {
            list[..=at].rotate_right(1);
        }
    }
}

/// Characters (with surrogates beyond the BMP) in big-endian order, and two zero bytes.
fn bmp(units: impl Iterator<Item = u16>) -> Secret {
    let units: Vec<u16> = units.collect(); // the length is known before bytes are laid down: none stay behind by growing
    let mut bytes = Secret::new(Vec::with_capacity(units.len() * 2 + 2));
    units.iter().for_each(|unit| bytes.extend_from_slice(&unit.to_be_bytes()));
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::Digest;

    fn of(text: &str) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let spellings = Spellings::new(&Password::new(text));
        let lists = [&spellings.bmp, &spellings.bytes].map(|list| list.iter().map(|s| s.to_vec()).collect());
        lists.into()
    }

    #[test]
    fn passwords_are_spelled_in_every_known_way() {
        assert_eq!(of("a"), (vec![vec![0, b'a', 0, 0]], vec![vec![b'a'], vec![0, b'a', 0, 0]]));
        assert_eq!(of("").0, [vec![0, 0], vec![]]);
        assert_eq!(of("é").0, [vec![0, 0xe9, 0, 0], vec![0, 0xc3, 0, 0xa9, 0, 0]]);
        assert_eq!(of("é").1, [vec![0xc3, 0xa9], vec![0xe9], vec![0, 0xe9, 0, 0]]);
        assert_eq!(of("🔑").0[0], [0xd8, 0x3d, 0xdd, 0x11, 0, 0]);
    }

    #[test]
    fn the_spelling_that_fitted_comes_first() {
        let kdf = Kdf::Pkcs12 { digest: Digest::Sha1, salt: vec![], iterations: 1 };
        let mut spellings = Spellings::new(&Password::empty());
        spellings.prefer(&kdf, 1);
        assert!(spellings.standard(&kdf).is_empty());
    }
}
