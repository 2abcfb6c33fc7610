//! New key pairs.

use super::PrivateKey;
use super::key::NewKey;
use super::kind::KeyKind;
use crate::error::{Error, Result};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, PqdsaKeyPair, PqdsaSigningAlgorithm, RsaKeyPair,
};
use zeroize::Zeroizing;

impl NewKey {
    /// A new random key. EC and Ed25519 take well under a millisecond, RSA 4096 up to some seconds.
    ///
    /// # Errors
    /// An internal error where the system gives no random numbers.
    pub fn generate(self) -> Result<PrivateKey> {
        let pkcs8 = self.pkcs8().map_err(|_| Error::internal("no key could be generated: the system gave no random numbers"))?;
        PrivateKey::from_pkcs8(&pkcs8)
    }

    /// The kind of key that it makes.
    pub fn kind(self) -> KeyKind {
        match self {
            NewKey::EcP256 => KeyKind::Ec("P-256".to_owned()),
            NewKey::EcP384 => KeyKind::Ec("P-384".to_owned()),
            NewKey::EcP521 => KeyKind::Ec("P-521".to_owned()),
            NewKey::Ed25519 => KeyKind::Ed25519,
            NewKey::Rsa2048 => KeyKind::Rsa(2048),
            NewKey::Rsa3072 => KeyKind::Rsa(3072),
            NewKey::Rsa4096 => KeyKind::Rsa(4096),
            NewKey::MlDsa44 => KeyKind::MlDsa(44),
            NewKey::MlDsa65 => KeyKind::MlDsa(65),
            NewKey::MlDsa87 => KeyKind::MlDsa(87),
        }
    }

    /// The word that `--key` takes.
    pub fn word(self) -> &'static str {
        NewKey::ALL.iter().find(|(_, key)| *key == self).map_or("", |(word, _)| word)
    }

    /// The new key that is of the same kind as `kind`, where we can make one.
    pub fn like(kind: &KeyKind) -> Option<NewKey> {
        NewKey::ALL.iter().map(|(_, key)| *key).find(|key| key.kind() == *kind)
    }

    /// PKCS#8 of version 1 throughout: OpenSSL before 3.5 refuses version 2, which adds the public key (openssl issue 9134).
    fn pkcs8(self) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        match self {
            NewKey::EcP256 => ec(&aws::ECDSA_P256_SHA256_ASN1_SIGNING),
            NewKey::EcP384 => ec(&aws::ECDSA_P384_SHA384_ASN1_SIGNING),
            NewKey::EcP521 => ec(&aws::ECDSA_P521_SHA512_ASN1_SIGNING),
            NewKey::Ed25519 => Ok(Zeroizing::new(Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())?.as_ref().to_vec())),
            NewKey::Rsa2048 => rsa(KeySize::Rsa2048),
            NewKey::Rsa3072 => rsa(KeySize::Rsa3072),
            NewKey::Rsa4096 => rsa(KeySize::Rsa4096),
            NewKey::MlDsa44 => ml_dsa(&aws::ML_DSA_44_SIGNING),
            NewKey::MlDsa65 => ml_dsa(&aws::ML_DSA_65_SIGNING),
            NewKey::MlDsa87 => ml_dsa(&aws::ML_DSA_87_SIGNING),
        }
    }
}

fn ec(algorithm: &'static EcdsaSigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    Ok(Zeroizing::new(EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new())?.as_ref().to_vec()))
}

fn rsa(size: KeySize) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    Ok(Zeroizing::new(RsaKeyPair::generate(size)?.as_der()?.as_ref().to_vec()))
}

/// The seed form of RFC 9881 section 6: the shortest, and the one that every other form can be derived from.
fn ml_dsa(algorithm: &'static PqdsaSigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    Ok(Zeroizing::new(PqdsaKeyPair::generate(algorithm)?.to_pkcs8v1()?.as_ref().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_made_as_announced_and_tells_its_public_key() {
        for (word, new) in NewKey::ALL {
            let key = new.generate().unwrap();
            assert_eq!(*key.kind(), new.kind(), "{word}");
            assert!(key.spki().is_some(), "{word}");
            assert_eq!((NewKey::like(key.kind()), new.word()), (Some(new), word));
            // PrivateKeyInfo version 1 is written as INTEGER 0
            let inside = crate::asn1::Reader::new(key.pkcs8()).sequence().unwrap();
            assert_eq!(inside.rest()[..3], [2, 1, 0], "{word}");
        }
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(NewKey::EcP256.generate().unwrap().spki(), NewKey::EcP256.generate().unwrap().spki());
    }
}
