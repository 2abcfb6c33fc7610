//! Ciphers that stores are encrypted with. AES is aws-lc-rs's; the legacy ones are RustCrypto's.

use super::kdf::Secret;
use aria::{Aria128, Aria192, Aria256};
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    self as aws, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use camellia::{Camellia128, Camellia192, Camellia256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use rc2::Rc2;
use rc4::{Rc4, StreamCipher};
use std::fmt;
use zeroize::Zeroizing;

/// A cipher with its mode. Block ciphers in CBC mode pad as PKCS#7 does (RFC 5652 section 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// AES in CBC mode with a key of 128, 192 or 256 bits.
    AesCbc(u16),
    /// AES in GCM mode, nonce of 12 and tag of 16 bytes, with a key of 128, 192 or 256 bits.
    AesGcm(u16),
    /// Triple DES in CBC mode with three keys.
    TripleDes,
    /// Triple DES in CBC mode with two keys.
    TripleDesTwoKeys,
    /// DES in CBC mode.
    Des,
    /// RC2 in CBC mode (RFC 2268), with its effective bits: 1 to 1024.
    Rc2(u16),
    /// RC4.
    Rc4,
    /// Camellia in CBC mode (RFC 3657) with a key of 128, 192 or 256 bits.
    CamelliaCbc(u16),
    /// ARIA in CBC mode (RFC 5794) with a key of 128, 192 or 256 bits.
    AriaCbc(u16),
}

impl fmt::Display for Cipher {
    /// As a PBES2 scheme names it: `AES-256-CBC`, `3DES-CBC`, `RC2-128-CBC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cipher::AesCbc(bits) => write!(f, "AES-{bits}-CBC"),
            Cipher::AesGcm(bits) => write!(f, "AES-{bits}-GCM"),
            Cipher::TripleDes => f.write_str("3DES-CBC"),
            Cipher::TripleDesTwoKeys => f.write_str("2DES-CBC"),
            Cipher::Des => f.write_str("DES-CBC"),
            Cipher::Rc2(bits) => write!(f, "RC2-{bits}-CBC"),
            Cipher::Rc4 => f.write_str("RC4"),
            Cipher::CamelliaCbc(bits) => write!(f, "Camellia-{bits}-CBC"),
            Cipher::AriaCbc(bits) => write!(f, "ARIA-{bits}-CBC"),
        }
    }
}

/// Why something did not decrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDecrypted {
    /// The key, the initialisation vector or the ciphertext has a length that this cipher cannot have: no key would help.
    Length,
    /// The padding or the tag is wrong: another key was meant, or the ciphertext was altered.
    Padding,
}

impl Cipher {
    /// The length of its key in bytes; `None` where it takes several.
    pub fn key_length(self) -> Option<usize> {
        match self {
            Cipher::AesCbc(bits) | Cipher::AesGcm(bits) | Cipher::CamelliaCbc(bits) | Cipher::AriaCbc(bits) => {
                Some(usize::from(bits / 8))
            }
            Cipher::TripleDes => Some(24),
            Cipher::TripleDesTwoKeys => Some(16),
            Cipher::Des => Some(8),
            Cipher::Rc2(_) | Cipher::Rc4 => None,
        }
    }

    /// The length of its initialisation vector or nonce in bytes; zero for none.
    pub fn iv_length(self) -> usize {
        match self {
            Cipher::AesCbc(_) | Cipher::CamelliaCbc(_) | Cipher::AriaCbc(_) => 16,
            Cipher::AesGcm(_) => 12,
            Cipher::TripleDes | Cipher::TripleDesTwoKeys | Cipher::Des | Cipher::Rc2(_) => 8,
            Cipher::Rc4 => 0,
        }
    }

    /// The plaintext of `ciphertext`.
    ///
    /// # Errors
    /// [`NotDecrypted`].
    pub fn decrypt(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
        if self.key_length().is_some_and(|length| length != key.len()) || iv.len() != self.iv_length() {
            return Err(NotDecrypted::Length);
        }
        match self {
            Cipher::AesCbc(bits) => aes_cbc_decrypt(bits, key, iv, ciphertext),
            Cipher::AesGcm(bits) => aes_gcm_decrypt(bits, key, iv, ciphertext),
            Cipher::TripleDes => cbc_decrypt(keyed::<TdesEde3>(key)?, iv, ciphertext),
            Cipher::TripleDesTwoKeys => cbc_decrypt(keyed::<TdesEde2>(key)?, iv, ciphertext),
            Cipher::Des => cbc_decrypt(keyed::<Des>(key)?, iv, ciphertext),
            Cipher::Rc2(bits) => cbc_decrypt(rc2_keyed(key, bits)?, iv, ciphertext),
            Cipher::Rc4 => rc4(key, ciphertext),
            Cipher::CamelliaCbc(128) => cbc_decrypt(keyed::<Camellia128>(key)?, iv, ciphertext),
            Cipher::CamelliaCbc(192) => cbc_decrypt(keyed::<Camellia192>(key)?, iv, ciphertext),
            Cipher::CamelliaCbc(_) => cbc_decrypt(keyed::<Camellia256>(key)?, iv, ciphertext),
            Cipher::AriaCbc(128) => cbc_decrypt(keyed::<Aria128>(key)?, iv, ciphertext),
            Cipher::AriaCbc(192) => cbc_decrypt(keyed::<Aria192>(key)?, iv, ciphertext),
            Cipher::AriaCbc(_) => cbc_decrypt(keyed::<Aria256>(key)?, iv, ciphertext),
        }
    }

    /// The ciphertext of `plaintext`; AES-GCM, Camellia and ARIA, which we only read, give [`NotDecrypted::Length`].
    ///
    /// # Errors
    /// [`NotDecrypted::Length`] where key or initialisation vector do not fit the cipher.
    pub fn encrypt(self, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, NotDecrypted> {
        if self.key_length().is_some_and(|length| length != key.len()) || iv.len() != self.iv_length() {
            return Err(NotDecrypted::Length);
        }
        match self {
            Cipher::AesCbc(bits) => aes_cbc_encrypt(bits, key, iv, plaintext),
            Cipher::AesGcm(_) | Cipher::CamelliaCbc(_) | Cipher::AriaCbc(_) => Err(NotDecrypted::Length),
            Cipher::TripleDes => cbc_encrypt(keyed::<TdesEde3>(key)?, iv, plaintext),
            Cipher::TripleDesTwoKeys => cbc_encrypt(keyed::<TdesEde2>(key)?, iv, plaintext),
            Cipher::Des => cbc_encrypt(keyed::<Des>(key)?, iv, plaintext),
            Cipher::Rc2(bits) => cbc_encrypt(rc2_keyed(key, bits)?, iv, plaintext),
            Cipher::Rc4 => rc4(key, plaintext).map(|text| text.to_vec()),
        }
    }
}

fn aes(bits: u16, key: &[u8]) -> Result<UnboundCipherKey, NotDecrypted> {
    let algorithm = match bits {
        128 => &aws::AES_128,
        192 => &aws::AES_192,
        256 => &aws::AES_256,
        _ => return Err(NotDecrypted::Length),
    };
    UnboundCipherKey::new(algorithm, key).map_err(|_| NotDecrypted::Length)
}

fn iv_of_block(iv: &[u8]) -> Result<FixedLength<16>, NotDecrypted> {
    <[u8; 16]>::try_from(iv).map(FixedLength::from).map_err(|_| NotDecrypted::Length)
}

fn aes_cbc_decrypt(bits: u16, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    whole_blocks(ciphertext, 16)?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(aes(bits, key)?).map_err(|_| NotDecrypted::Length)?;
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let context = DecryptionContext::Iv128(iv_of_block(iv)?);
    let length = key.decrypt(&mut text, context).map_err(|_| NotDecrypted::Padding)?.len();
    text.truncate(length);
    Ok(text)
}

fn aes_cbc_encrypt(bits: u16, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, NotDecrypted> {
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(aes(bits, key)?).map_err(|_| NotDecrypted::Length)?;
    let mut text = Vec::with_capacity(plaintext.len() + 16); // no plaintext is left behind by a growing vector
    text.extend_from_slice(plaintext);
    key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(iv_of_block(iv)?)).map_err(|_| NotDecrypted::Length)?;
    Ok(text)
}

fn aes_gcm_decrypt(bits: u16, key: &[u8], nonce: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    let algorithm = match bits {
        128 => &aead::AES_128_GCM,
        192 => &aead::AES_192_GCM,
        256 => &aead::AES_256_GCM,
        _ => return Err(NotDecrypted::Length),
    };
    let key = UnboundKey::new(algorithm, key).map_err(|_| NotDecrypted::Length)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotDecrypted::Length)?;
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let opened = LessSafeKey::new(key).open_in_place(nonce, Aad::empty(), &mut text);
    let length = opened.map_err(|_| NotDecrypted::Padding)?.len();
    text.truncate(length);
    Ok(text)
}

fn whole_blocks(ciphertext: &[u8], block: usize) -> Result<(), NotDecrypted> {
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(block) { Err(NotDecrypted::Length) } else { Ok(()) }
}

fn keyed<C: KeyInit>(key: &[u8]) -> Result<C, NotDecrypted> {
    C::new_from_slice(key).map_err(|_| NotDecrypted::Length)
}

fn rc2_keyed(key: &[u8], effective_bits: u16) -> Result<Rc2, NotDecrypted> {
    // outside of these bounds the crate's key schedule would index out of its table
    if !(1..=128).contains(&key.len()) || !(1..=1024).contains(&effective_bits) {
        return Err(NotDecrypted::Length);
    }
    Ok(Rc2::new_with_eff_key_len(key, usize::from(effective_bits)))
}

fn cbc_decrypt<C: BlockCipherDecrypt>(cipher: C, iv: &[u8], ciphertext: &[u8]) -> Result<Secret, NotDecrypted> {
    whole_blocks(ciphertext, C::block_size())?;
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| NotDecrypted::Length)?;
    mode.decrypt_padded_vec::<Pkcs7>(ciphertext).map(Zeroizing::new).map_err(|_| NotDecrypted::Padding)
}

fn cbc_encrypt<C: BlockCipherEncrypt>(cipher: C, iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, NotDecrypted> {
    let mode = cbc::Encryptor::inner_iv_slice_init(cipher, iv).map_err(|_| NotDecrypted::Length)?;
    Ok(mode.encrypt_padded_vec::<Pkcs7>(plaintext))
}

fn rc4(key: &[u8], text: &[u8]) -> Result<Secret, NotDecrypted> {
    let mut text = Zeroizing::new(text.to_vec());
    keyed::<Rc4>(key)?.apply_keystream(&mut text);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::{from_hex, hex};

    const ALL: [(Cipher, usize); 11] = [
        (Cipher::AesCbc(128), 16),
        (Cipher::AesCbc(192), 24),
        (Cipher::AesCbc(256), 32),
        (Cipher::TripleDes, 24),
        (Cipher::TripleDesTwoKeys, 16),
        (Cipher::Des, 8),
        (Cipher::Rc2(40), 5),
        (Cipher::Rc2(128), 16),
        (Cipher::Rc2(63), 128),
        (Cipher::Rc4, 5),
        (Cipher::Rc4, 16),
    ];

    #[test]
    fn what_is_encrypted_decrypts() {
        let key: Vec<u8> = (0..128).collect();
        for (cipher, length) in ALL {
            let iv = vec![7; cipher.iv_length()];
            for text in [&b""[..], b"12345678", b"a longer text over several blocks"] {
                let hidden = cipher.encrypt(&key[..length], &iv, text).unwrap();
                assert_eq!(&cipher.decrypt(&key[..length], &iv, &hidden).unwrap()[..], text, "{cipher}");
            }
        }
    }

    #[test]
    fn ciphers_are_those_of_their_standards() {
        // RFC 2268 section 5, with one block of CBC over a zero vector being the plain cipher
        let block = |cipher: Cipher, key: &str, text: &str| {
            let hidden = cipher.encrypt(&from_hex(key).unwrap(), &vec![0; cipher.iv_length()], &from_hex(text).unwrap());
            hex(&hidden.unwrap()[..text.len() / 2])
        };
        assert_eq!(block(Cipher::Rc2(64), "ffffffffffffffff", "ffffffffffffffff"), "278b27e42e2f0d49");
        assert_eq!(block(Cipher::Rc2(128), "88bca90e90875a7f0f79c384627bafb2", "0000000000000000"), "2269552ab0f85ca6");
        assert_eq!(block(Cipher::Des, "0123456789abcdef", "4e6f772069732074"), "3fa40e8a984d4815");
        assert_eq!(block(Cipher::Rc4, "0102030405", "0000000000000000"), "b2396305f03dc027"); // RFC 6229
        let aes = "000102030405060708090a0b0c0d0e0f1011121314151617";
        assert_eq!(block(Cipher::AesCbc(192), aes, "00112233445566778899aabbccddeeff"), "dda97ca4864cdfe06eaf70a0ec0d7191");
    }

    #[test]
    fn wrong_keys_and_wrong_lengths_differ() {
        for (cipher, length) in ALL.into_iter().filter(|(cipher, _)| *cipher != Cipher::Rc4) {
            let iv = vec![7; cipher.iv_length()];
            let hidden = cipher.encrypt(&vec![1; length], &iv, b"secret").unwrap();
            assert_eq!(cipher.decrypt(&vec![1; length], &iv, &hidden[1..]).unwrap_err(), NotDecrypted::Length, "{cipher}");
            assert_eq!(cipher.decrypt(&vec![1; length], &iv, &[]).unwrap_err(), NotDecrypted::Length);
            assert_eq!(cipher.decrypt(&vec![1; length], &[], &hidden).unwrap_err(), NotDecrypted::Length);
            assert_eq!(cipher.decrypt(&[], &iv, &hidden).unwrap_err(), NotDecrypted::Length);
            // some other keys give good padding by chance, not all
            let refused = (2..32u8).filter(|k| cipher.decrypt(&vec![*k; length], &iv, &hidden) == Err(NotDecrypted::Padding));
            assert!(refused.count() > 20, "{cipher}");
        }
        assert_eq!(Cipher::Rc2(2000).decrypt(&[1], &[0; 8], &[0; 8]).unwrap_err(), NotDecrypted::Length);
        assert_eq!(Cipher::Rc4.decrypt(&[], &[], b"x").unwrap_err(), NotDecrypted::Length);
        assert_eq!(Cipher::AesGcm(128).decrypt(&[0; 16], &[0; 12], &[]).unwrap_err(), NotDecrypted::Padding);
    }
}
