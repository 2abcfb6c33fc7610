//! Message digests and HMAC.

use aws_lc_rs::{digest as aws, hmac};
use pbkdf2::hmac::{Hmac, KeyInit, Mac};
use std::fmt;
use zeroize::Zeroizing;

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Digest::Sha256.of(&[bytes])
}

/// SHA-1, for key identifiers and old fingerprints only.
pub fn sha1(bytes: &[u8]) -> Vec<u8> {
    Digest::Sha1.of(&[bytes])
}

/// The digests that stores use, for content and inside key derivations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Digest {
    /// MD5 (RFC 1321): old files only.
    Md5,
    /// SHA-1: old files only.
    Sha1,
    /// SHA-224 (FIPS 180-4).
    Sha224,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
    /// SHA-512/224 (FIPS 180-4), which Java offers for stores.
    Sha512_224,
    /// SHA-512/256 (FIPS 180-4), which Java offers for stores.
    Sha512_256,
    /// SHA3-224 (FIPS 202).
    Sha3_224,
    /// SHA3-256 (FIPS 202).
    Sha3_256,
    /// SHA3-384 (FIPS 202).
    Sha3_384,
    /// SHA3-512 (FIPS 202).
    Sha3_512,
}

impl fmt::Display for Digest {
    /// `SHA256`, as it stands in `HMAC-SHA256`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Digest::Md5 => "MD5",
            Digest::Sha1 => "SHA1",
            Digest::Sha224 => "SHA224",
            Digest::Sha256 => "SHA256",
            Digest::Sha384 => "SHA384",
            Digest::Sha512 => "SHA512",
            Digest::Sha512_224 => "SHA512/224",
            Digest::Sha512_256 => "SHA512/256",
            Digest::Sha3_224 => "SHA3-224",
            Digest::Sha3_256 => "SHA3-256",
            Digest::Sha3_384 => "SHA3-384",
            Digest::Sha3_512 => "SHA3-512",
        })
    }
}

/// By which library a digest is made.
enum Maker {
    Aws(&'static aws::Algorithm),
    Md5,
    Sha512_224,
    Sha3_224,
}

impl Digest {
    /// The length of its output, in bytes.
    pub fn length(self) -> usize {
        match self {
            Digest::Md5 => 16,
            Digest::Sha1 => 20,
            Digest::Sha224 | Digest::Sha512_224 | Digest::Sha3_224 => 28,
            Digest::Sha256 | Digest::Sha512_256 | Digest::Sha3_256 => 32,
            Digest::Sha384 | Digest::Sha3_384 => 48,
            Digest::Sha512 | Digest::Sha3_512 => 64,
        }
    }

    /// The length of the blocks in which it takes its input, in bytes.
    pub fn block_length(self) -> usize {
        match self {
            Digest::Md5 | Digest::Sha1 | Digest::Sha224 | Digest::Sha256 => 64,
            Digest::Sha384 | Digest::Sha512 | Digest::Sha512_224 | Digest::Sha512_256 => 128,
            Digest::Sha3_224 => 144,
            Digest::Sha3_256 => 136,
            Digest::Sha3_384 => 104,
            Digest::Sha3_512 => 72,
        }
    }

    fn maker(self) -> Maker {
        match self {
            Digest::Md5 => Maker::Md5,
            Digest::Sha1 => Maker::Aws(&aws::SHA1_FOR_LEGACY_USE_ONLY),
            Digest::Sha224 => Maker::Aws(&aws::SHA224),
            Digest::Sha256 => Maker::Aws(&aws::SHA256),
            Digest::Sha384 => Maker::Aws(&aws::SHA384),
            Digest::Sha512 => Maker::Aws(&aws::SHA512),
            Digest::Sha512_224 => Maker::Sha512_224,
            Digest::Sha512_256 => Maker::Aws(&aws::SHA512_256),
            Digest::Sha3_224 => Maker::Sha3_224,
            Digest::Sha3_256 => Maker::Aws(&aws::SHA3_256),
            Digest::Sha3_384 => Maker::Aws(&aws::SHA3_384),
            Digest::Sha3_512 => Maker::Aws(&aws::SHA3_512),
        }
    }

    /// The digest of `parts`, one after another.
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self.maker() {
            Maker::Aws(algorithm) => {
                let mut context = aws::Context::new(algorithm);
                parts.iter().for_each(|part| context.update(part));
                context.finish().as_ref().to_vec()
            }
            Maker::Md5 => rust_crypto::<md5::Md5>(parts),
            Maker::Sha512_224 => rust_crypto::<sha2::Sha512_224>(parts),
            Maker::Sha3_224 => rust_crypto::<sha3::Sha3_224>(parts),
        }
    }

    /// The digest of the digest of … of `start`, `times` over: what old key derivations spend their time on.
    pub fn over_and_over(self, start: Vec<u8>, times: u32) -> Zeroizing<Vec<u8>> {
        let mut state = Zeroizing::new(start);
        match self.maker() {
            // one-shot and in place: a context for each round would take several times as long
            Maker::Aws(algorithm) => (0..times).for_each(|_| {
                let round = aws::digest(algorithm, &state);
                state.clear();
                state.extend_from_slice(round.as_ref());
            }),
            _ => (0..times).for_each(|_| state = Zeroizing::new(self.of(&[&state]))),
        }
        state
    }

    /// HMAC (RFC 2104) of `message` under `key`.
    pub fn hmac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Digest::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Digest::Sha224 => hmac::HMAC_SHA224,
            Digest::Sha256 => hmac::HMAC_SHA256,
            Digest::Sha384 => hmac::HMAC_SHA384,
            Digest::Sha512 => hmac::HMAC_SHA512,
            Digest::Md5 => return keyed::<Hmac<md5::Md5>>(key, message),
            Digest::Sha512_224 => return keyed::<Hmac<sha2::Sha512_224>>(key, message),
            Digest::Sha512_256 => return keyed::<Hmac<sha2::Sha512_256>>(key, message),
            Digest::Sha3_224 => return keyed::<Hmac<sha3::Sha3_224>>(key, message),
            Digest::Sha3_256 => return keyed::<Hmac<sha3::Sha3_256>>(key, message),
            Digest::Sha3_384 => return keyed::<Hmac<sha3::Sha3_384>>(key, message),
            Digest::Sha3_512 => return keyed::<Hmac<sha3::Sha3_512>>(key, message),
        };
        hmac::sign(&hmac::Key::new(algorithm, key), message).as_ref().to_vec()
    }
}

fn rust_crypto<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().to_vec()
}

fn keyed<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length (RFC 2104 section 3)
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::hex;

    #[test]
    fn digests_are_those_of_their_standards() {
        for (digest, abc) in [
            (Digest::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Digest::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Digest::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            (Digest::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Digest::Sha512_224, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"),
            (Digest::Sha512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
            (Digest::Sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
            (Digest::Sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        ] {
            assert_eq!(hex(&digest.of(&[b"a", b"", b"bc"])), abc, "{digest}");
            assert_eq!(abc.len(), digest.length() * 2);
        }
        assert!(hex(&Digest::Sha384.of(&[b"abc"])).starts_with("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"));
        assert!(hex(&Digest::Sha512.of(&[b"abc"])).starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"));
    }

    #[test]
    fn hmac_is_that_of_rfc_2202_and_4231() {
        let jefe = |digest: Digest| hex(&digest.hmac(b"Jefe", b"what do ya want for nothing?"));
        assert_eq!(jefe(Digest::Md5), "750c783e6ab0b503eaa86e310a5db738");
        assert_eq!(jefe(Digest::Sha1), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(jefe(Digest::Sha224), "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44");
        assert_eq!(jefe(Digest::Sha256), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(Digest::Sha512_256.hmac(b"Jefe", b"x").len(), 32);
    }
}
