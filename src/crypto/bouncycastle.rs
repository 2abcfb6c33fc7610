//! Ciphers that only BouncyCastle's stores use: Twofish in CBC mode (UBER), AES-256 in CCM mode and AES-256 key wrap with
//! padding (BCFKS).

use super::cipher::NotDecrypted;
use super::kdf::Secret;
use aes::Aes256;
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyInit, KeyIvInit};
use ccm::aead::AeadInOut;
use ccm::consts::{U7, U8, U9, U10, U11, U12, U13, U16};
use ccm::{Ccm, Nonce};
use twofish::Twofish;
use zeroize::Zeroizing;

/// What Twofish in CBC mode hid, with the padding behind it; a key of 256 bits, an initialisation vector of 16 bytes.
///
/// # Errors
/// [`NotDecrypted::Length`] where the ciphertext is not whole blocks, or key or vector have another length.
pub fn twofish_cbc_decrypt(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    if key.len() != 32 || ciphertext.is_empty() {
        return Err(NotDecrypted::Length);
    }
    let mode = cbc::Decryptor::<Twofish>::new_from_slices(key, iv).map_err(|_| NotDecrypted::Length)?;
    mode.decrypt_padded_vec::<NoPadding>(ciphertext).map(Zeroizing::new).map_err(|_| NotDecrypted::Length)
}

/// The lengths of an AES-CCM tag that we read, in bytes: BouncyCastle writes 8 by default.
pub const CCM_TAGS: [usize; 3] = [8, 12, 16];

/// What AES-256 in CCM mode (RFC 3610) hid; the tag of `tag` bytes stands behind the ciphertext.
///
/// # Errors
/// [`NotDecrypted::Padding`] where the tag does not fit: another key, or altered. [`NotDecrypted::Length`] for a key, nonce
/// or tag that cannot be.
pub fn aes_ccm_decrypt(key: &[u8], nonce: &[u8], tag: usize, ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    if ciphertext.len() < tag {
        return Err(NotDecrypted::Length);
    }
    macro_rules! ccm {
        ($($tag:literal $tag_type:ty: $($nonce:literal $nonce_type:ty)*;)*) => {
            match (tag, nonce.len()) {
                $($(($tag, $nonce) => {
                    let cipher = Ccm::<Aes256, $tag_type, $nonce_type>::new_from_slice(key).map_err(|_| NotDecrypted::Length)?;
                    let nonce = Nonce::<$nonce_type>::try_from(nonce).map_err(|_| NotDecrypted::Length)?;
                    let mut text = Zeroizing::new(ciphertext.to_vec());
                    cipher.decrypt_in_place(&nonce, &[], &mut *text).map_err(|_| NotDecrypted::Padding)?;
                    Ok(text)
                })*)*
                _ => Err(NotDecrypted::Length),
            }
        };
    }
    ccm! {
        8 U8: 7 U7 8 U8 9 U9 10 U10 11 U11 12 U12 13 U13;
        12 U12: 7 U7 8 U8 9 U9 10 U10 11 U11 12 U12 13 U13;
        16 U16: 7 U7 8 U8 9 U9 10 U10 11 U11 12 U12 13 U13;
    }
}

/// What AES-256 in CCM mode hides of `plaintext`, with the tag of 8 bytes and the nonce of 12 that BouncyCastle uses.
///
/// # Errors
/// [`NotDecrypted::Length`] for a key or nonce of another length.
pub fn aes_ccm_encrypt(key: &[u8], nonce: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, NotDecrypted> {
    let cipher = Ccm::<Aes256, U8, U12>::new_from_slice(key).map_err(|_| NotDecrypted::Length)?;
    let nonce = Nonce::<U12>::try_from(nonce).map_err(|_| NotDecrypted::Length)?;
    let mut text = Vec::with_capacity(plaintext.len() + 16); // no plaintext is left behind by a growing vector
    text.extend_from_slice(plaintext);
    cipher.encrypt_in_place(&nonce, &[], &mut text).map_err(|_| NotDecrypted::Length)?;
    Ok(text)
}

/// What AES-256 key wrap with padding (RFC 5649) hid.
///
/// # Errors
/// [`NotDecrypted::Padding`] where it does not unwrap: another key, or altered. [`NotDecrypted::Length`] for lengths that
/// cannot be.
pub fn aes_key_unwrap(key: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    if ciphertext.len() < 16 || !ciphertext.len().is_multiple_of(8) {
        return Err(NotDecrypted::Length);
    }
    let kek = AesKek::new(&AES_256, key).map_err(|_| NotDecrypted::Length)?;
    let mut text = Zeroizing::new(vec![0; ciphertext.len()]);
    let length = kek.unwrap_with_padding(ciphertext, &mut text).map_err(|_| NotDecrypted::Padding)?.len();
    text.truncate(length);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::from_hex;

    #[test]
    fn twofish_gives_its_published_value() {
        // known answer of the all-zero key of 256 bits and the all-zero block, from the Twofish paper
        let block = from_hex("57ff739d4dc92c1bd7fc01700cc8216f").unwrap();
        assert_eq!(twofish_cbc_decrypt(&[0; 32], &[0; 16], &block).unwrap()[..], [0; 16]);
        assert_eq!(twofish_cbc_decrypt(&[0; 32], &[9; 16], &block).unwrap()[..], [9; 16]);
        for (key, iv, text) in [(32, 16, 15), (32, 15, 16), (16, 16, 16), (32, 16, 0)] {
            let refused = twofish_cbc_decrypt(&vec![0; key], &vec![0; iv], &vec![0; text]);
            assert_eq!(refused, Err(NotDecrypted::Length), "{key} {iv} {text}");
        }
    }

    #[test]
    fn ccm_opens_what_it_closed_and_nothing_else() {
        let (key, nonce) = ([1; 32], [2; 12]);
        let hidden = aes_ccm_encrypt(&key, &nonce, b"a text").unwrap();
        assert_eq!(&aes_ccm_decrypt(&key, &nonce, 8, &hidden).unwrap()[..], b"a text");
        assert_eq!(aes_ccm_decrypt(&[3; 32], &nonce, 8, &hidden), Err(NotDecrypted::Padding));
        assert_eq!(aes_ccm_decrypt(&key, &nonce, 7, &hidden), Err(NotDecrypted::Length));
        assert_eq!(aes_ccm_decrypt(&key, &nonce[..3], 8, &hidden), Err(NotDecrypted::Length));
        assert_eq!(aes_ccm_decrypt(&key, &nonce, 8, &hidden[..5]), Err(NotDecrypted::Length));
        assert_eq!(aes_ccm_decrypt(&key[1..], &nonce, 8, &hidden), Err(NotDecrypted::Length));
    }

    #[test]
    fn key_wrap_opens_what_it_closed_and_nothing_else() {
        let kek = AesKek::new(&AES_256, &[1; 32]).unwrap();
        let mut out = vec![0; 64];
        let hidden = kek.wrap_with_padding(b"a text of odd length.", &mut out).unwrap().to_vec();
        assert_eq!(&aes_key_unwrap(&[1; 32], &hidden).unwrap()[..], b"a text of odd length.");
        assert_eq!(aes_key_unwrap(&[2; 32], &hidden), Err(NotDecrypted::Padding));
        assert_eq!(aes_key_unwrap(&[1; 32], &hidden[1..]), Err(NotDecrypted::Length));
        assert_eq!(aes_key_unwrap(&[1; 32], &[]), Err(NotDecrypted::Length));
    }
}
