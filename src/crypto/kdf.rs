//! Keys from passwords. The caller has charged the work to the file's budget before it comes here.

use super::Digest;
use crate::error::{Error, Kind, Result};
use aws_lc_rs::pbkdf2 as aws;
use pbkdf2::pbkdf2_hmac;
use std::num::NonZeroU32;
use zeroize::Zeroizing;

/// Bytes that must not stay in memory.
pub type Secret = Zeroizing<Vec<u8>>;

/// PBKDF2 with HMAC of `digest` (RFC 8018 section 5.2), `length` bytes of it.
///
/// # Errors
/// As `count` for `iterations`.
pub fn pbkdf2(digest: Digest, password: &[u8], salt: &[u8], iterations: u64, length: usize) -> Result<Secret> {
    let rounds = count(iterations)?;
    let mut key = Zeroizing::new(vec![0; length]);
    let algorithm = match digest {
        Digest::Sha1 => aws::PBKDF2_HMAC_SHA1,
        Digest::Sha256 => aws::PBKDF2_HMAC_SHA256,
        Digest::Sha384 => aws::PBKDF2_HMAC_SHA384,
        Digest::Sha512 => aws::PBKDF2_HMAC_SHA512,
        other => {
            match other {
                Digest::Md5 => pbkdf2_hmac::<md5::Md5>(password, salt, rounds.get(), &mut key),
                Digest::Sha512_224 => pbkdf2_hmac::<sha2::Sha512_224>(password, salt, rounds.get(), &mut key),
                Digest::Sha512_256 => pbkdf2_hmac::<sha2::Sha512_256>(password, salt, rounds.get(), &mut key),
                Digest::Sha3_224 => pbkdf2_hmac::<sha3::Sha3_224>(password, salt, rounds.get(), &mut key),
                Digest::Sha3_256 => pbkdf2_hmac::<sha3::Sha3_256>(password, salt, rounds.get(), &mut key),
                Digest::Sha3_384 => pbkdf2_hmac::<sha3::Sha3_384>(password, salt, rounds.get(), &mut key),
                Digest::Sha3_512 => pbkdf2_hmac::<sha3::Sha3_512>(password, salt, rounds.get(), &mut key),
                _ => pbkdf2_hmac::<sha2::Sha224>(password, salt, rounds.get(), &mut key),
            }
            return Ok(key);
        }
    };
    aws::derive(algorithm, rounds, salt, password, &mut key);
    Ok(key)
}

/// PBKDF1 (RFC 8018 section 5.1): as many bytes as `digest` gives.
///
/// # Errors
/// As `count` for `iterations`.
pub fn pbkdf1(digest: Digest, password: &[u8], salt: &[u8], iterations: u64) -> Result<Secret> {
    Ok(digest.over_and_over(digest.of(&[password, salt]), count(iterations)?.get() - 1))
}

/// What the PKCS#12 derivation is asked for (RFC 7292 appendix B.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// A key to encrypt with.
    Key = 1,
    /// An initialisation vector.
    Iv = 2,
    /// A key for a MAC.
    Mac = 3,
}

/// The PKCS#12 derivation (RFC 7292 appendix B.2), `length` bytes of it. `password` is a BMPString with its two zero
/// bytes at the end.
///
/// # Errors
/// As `count` for `iterations`.
pub fn pkcs12(digest: Digest, purpose: Purpose, password: &[u8], salt: &[u8], iterations: u64, length: usize) -> Result<Secret> {
    let rounds = count(iterations)?.get();
    let block = digest.block_length();
    let diversifier = vec![purpose as u8; block];
    let mut input = Zeroizing::new([filled(salt, block), filled(password, block)].concat());
    let mut key = Zeroizing::new(Vec::with_capacity(length + digest.length()));
    loop {
        let a = digest.over_and_over(digest.of(&[&diversifier, &input]), rounds - 1);
        key.extend_from_slice(&a);
        if key.len() >= length {
            key.truncate(length);
            return Ok(key);
        }
        input.chunks_mut(block).for_each(|chunk| add_plus_one(chunk, &a));
    }
}

/// `bytes` over and over, up to the next whole number of blocks; nothing stays nothing.
fn filled(bytes: &[u8], block: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len().div_ceil(block) * block).collect()
}

/// `chunk + (addend, over and over) + 1`, as big-endian numbers, without the carry out of the top.
fn add_plus_one(chunk: &mut [u8], addend: &[u8]) {
    let mut carry = 1u16;
    for (i, byte) in chunk.iter_mut().enumerate().rev() {
        carry += u16::from(*byte) + u16::from(addend[i % addend.len()]);
        *byte = carry as u8;
        carry >>= 8;
    }
}

/// scrypt (RFC 7914) with cost `n`, block size `r` and parallelisation `p`, `length` bytes of it.
///
/// # Errors
/// A damaged-store error where `n` is not a power of two above 1, or another parameter makes no sense.
pub fn scrypt(password: &[u8], salt: &[u8], n: u64, r: u32, p: u32, length: usize) -> Result<Secret> {
    let ill_formed = || Error::damaged(format!("scrypt parameters that make no sense (N={n}, r={r}, p={p})"));
    if !n.is_power_of_two() || n < 2 || length == 0 {
        return Err(ill_formed());
    }
    let params = scrypt::Params::new(n.trailing_zeros() as u8, r, p).map_err(|_| ill_formed())?;
    let mut key = Zeroizing::new(vec![0; length]);
    scrypt::scrypt(password, salt, &params, &mut key).map_err(|_| ill_formed())?;
    Ok(key)
}

/// An iteration count as the libraries take it.
///
/// # Errors
/// A damaged-store error for zero, [`Kind::TooCostly`] for more than 32 bits.
fn count(iterations: u64) -> Result<NonZeroU32> {
    let fits = u32::try_from(iterations).map_err(|_| {
        Error::new(
            Kind::TooCostly,
            format!("a key derivation of {iterations} iterations; more than {} cannot be done", u32::MAX),
            "have the file written anew with fewer iterations (10000 is usual)",
        )
    })?;
    NonZeroU32::new(fits).ok_or_else(|| Error::damaged("a key derivation of zero iterations"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::{from_hex, hex};

    #[test]
    fn pbkdf2_is_that_of_rfc_6070_and_its_sisters() {
        for (digest, key) in [
            (Digest::Md5, "042407b552be345ad6eee2cf2f7ed01dd9662d8f"),
            (Digest::Sha1, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
            (Digest::Sha224, "93200ffa96c5776d38fa10abdf8f5bfc0054b971"),
            (Digest::Sha256, "ae4d0c95af6b46d32d0adff928f06dd02a303f8e"),
            (Digest::Sha384, "54f775c6d790f21930459162fc535dbf04a93918"),
            (Digest::Sha512, "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e"),
            (Digest::Sha512_224, "b8878ac5e4509c165c1b508961fa3c3afcef3f37"),
            (Digest::Sha512_256, "fcfd108c99cc888ec0af9f184885aff5f02d19a9"),
        ] {
            assert_eq!(hex(&pbkdf2(digest, b"password", b"salt", 2, 20).unwrap()), key, "{digest}");
        }
    }

    #[test]
    fn pkcs12_derivation_gives_its_published_values() {
        let (password, salt) = (from_hex("0073006D006500670000").unwrap(), from_hex("0A58CF64530D823F").unwrap());
        let derive = |purpose, length| hex(&pkcs12(Digest::Sha1, purpose, &password, &salt, 1, length).unwrap());
        assert_eq!(derive(Purpose::Key, 24), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
        assert_eq!(derive(Purpose::Iv, 8), "79993dfe048d3b76");
        // nothing in, and more than one block out
        assert_eq!(pkcs12(Digest::Sha256, Purpose::Mac, &[], &[], 1, 100).unwrap().len(), 100);
    }

    #[test]
    fn scrypt_is_that_of_rfc_7914() {
        let key = scrypt(b"password", b"NaCl", 1024, 8, 16, 64).unwrap();
        assert!(hex(&key).starts_with("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
    }

    #[test]
    fn senseless_parameters_are_errors() {
        assert_eq!(pbkdf2(Digest::Sha256, b"", b"", 0, 20).unwrap_err().kind, Kind::Damaged);
        assert_eq!(pkcs12(Digest::Sha1, Purpose::Key, b"", b"", 1 << 33, 20).unwrap_err().kind, Kind::TooCostly);
        for (n, r, p) in [(0, 8, 1), (1, 8, 1), (1000, 8, 1), (1024, 0, 1), (1024, 8, 0), (2, u32::MAX, u32::MAX)] {
            assert_eq!(scrypt(b"", b"", n, r, p, 16).unwrap_err().kind, Kind::Damaged, "{n} {r} {p}");
        }
    }
}
