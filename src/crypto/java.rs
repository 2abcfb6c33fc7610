//! The key protections of Sun's two keystores: compositions of old digests that exist nowhere else.

use super::kdf::Secret;
use super::{Digest, sha1};
use crate::error::{Error, Result};
use zeroize::Zeroizing;

/// The key stream of the JKS key protector, `length` bytes of it: SHA-1 of password and salt, then of the password and the
/// digest before (`sun.security.provider.KeyProtector`). `password` is in UTF-16, big-endian, without an end mark.
pub fn jks_key_stream(password: &[u8], salt: &[u8], length: usize) -> Secret {
    let mut stream = Zeroizing::new(Vec::with_capacity(length + Digest::Sha1.length()));
    let mut last = salt.to_vec();
    while stream.len() < length {
        last = Digest::Sha1.of(&[password, &last]);
        stream.extend_from_slice(&last);
    }
    stream.truncate(length);
    stream
}

/// `text` under the key stream of [`jks_key_stream`]; the same call hides and shows.
pub fn jks_apply(password: &[u8], salt: &[u8], text: &[u8]) -> Secret {
    let stream = jks_key_stream(password, salt, text.len());
    Zeroizing::new(text.iter().zip(stream.iter()).map(|(a, b)| a ^ b).collect())
}

/// Key (24 bytes) and initialisation vector (8 bytes) of Sun's PBEWithMD5AndTripleDES, which is not PBES1: each half of the
/// salt is turned over MD5 with the password on its own (`com.sun.crypto.provider.PBES1Core`).
///
/// # Errors
/// A damaged-store error for a salt that is not 8 bytes, or for no iterations. The caller has charged the work.
pub fn pbe_md5_triple_des(password: &[u8], salt: &[u8], iterations: u64) -> Result<(Secret, Secret)> {
    let mut salt: [u8; 8] =
        salt.try_into().map_err(|_| Error::damaged(format!("a salt of {} bytes, where 8 are wanted", salt.len())))?;
    if iterations == 0 {
        return Err(Error::damaged("a key derivation of zero iterations"));
    }
    if salt[..4] == salt[4..] {
        salt[..4].reverse(); // else both halves of the key would be the same
    }
    let mut derived = Zeroizing::new(Vec::with_capacity(32));
    for half in salt.chunks(4) {
        let mut turned = Zeroizing::new(Digest::Md5.of(&[half, password]));
        for _ in 1..iterations {
            turned = Zeroizing::new(Digest::Md5.of(&[&turned, password]));
        }
        derived.extend_from_slice(&turned);
    }
    let (key, iv) = derived.split_at(24);
    Ok((Zeroizing::new(key.to_vec()), Zeroizing::new(iv.to_vec())))
}

/// The digest over a whole JKS or JCEKS: SHA-1 of the password, a fixed phrase and the content
/// (`sun.security.provider.JavaKeyStore`). `password` as in [`jks_key_stream`].
pub fn jks_digest(password: &[u8], content: &[u8]) -> Vec<u8> {
    Digest::Sha1.of(&[password, b"Mighty Aphrodite", content])
}

/// The check value behind a key in JKS: SHA-1 of the password and the key.
pub fn jks_key_check(password: &[u8], key: &[u8]) -> Vec<u8> {
    sha1(&Zeroizing::new([password, key].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::hex;

    #[test]
    fn the_key_stream_undoes_itself_and_starts_with_the_digest_of_password_and_salt() {
        let text = [7u8; 50];
        let hidden = jks_apply(b"\0p\0w", &[1; 20], &text);
        assert_eq!(hex(&hidden[..20]), hex(&Digest::Sha1.of(&[b"\0p\0w", &[1; 20]]).iter().map(|b| b ^ 7).collect::<Vec<_>>()));
        assert_eq!(&jks_apply(b"\0p\0w", &[1; 20], &hidden)[..], text);
        assert!(jks_key_stream(b"", &[], 0).is_empty());
    }

    #[test]
    fn one_iteration_of_the_triple_des_derivation_is_two_digests() {
        let (key, iv) = pbe_md5_triple_des(b"secret", b"abcdefgh", 1).unwrap();
        let halves = [Digest::Md5.of(&[b"abcdsecret"]), Digest::Md5.of(&[b"efghsecret"])].concat();
        assert_eq!(([&key[..], &iv[..]].concat()), halves);
        assert_ne!(pbe_md5_triple_des(b"secret", b"abcdefgh", 2).unwrap().0, key);
        // equal halves: the first one is turned round
        let (key, _) = pbe_md5_triple_des(b"secret", b"abcdabcd", 1).unwrap();
        assert_eq!(key[..16], Digest::Md5.of(&[b"dcbasecret"])[..]);
    }

    #[test]
    fn parameters_that_make_no_sense_are_errors() {
        assert!(pbe_md5_triple_des(b"", b"1234567", 1).is_err());
        assert!(pbe_md5_triple_des(b"", b"12345678", 0).is_err());
    }
}
