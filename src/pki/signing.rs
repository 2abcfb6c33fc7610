//! Signatures with a private key, as certificates carry them.

use super::{KeyKind, PrivateKey};
use crate::error::{Error, Kind, Result};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self as aws, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, PqdsaKeyPair, RsaKeyPair};

/// The signature algorithms that we sign with: one for each kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// sha256WithRSAEncryption (RFC 4055): PSS is refused by too many older peers.
    RsaSha256,
    /// ecdsa-with-SHA256 (RFC 5758) on P-256.
    EcdsaP256Sha256,
    /// ecdsa-with-SHA384 on P-384.
    EcdsaP384Sha384,
    /// ecdsa-with-SHA512 on P-521.
    EcdsaP521Sha512,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// ML-DSA-44 (RFC 9881).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// A private key, ready to sign.
pub struct Signer {
    scheme: Scheme,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    MlDsa(PqdsaKeyPair),
}

impl Signer {
    /// Makes `key` ready.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] for kinds of key that we do not sign with, a damaged-store error where the key is ill-formed
    /// or its parts do not belong together.
    pub fn new(key: &PrivateKey) -> Result<Signer> {
        let scheme = scheme_of(key.kind()).ok_or_else(|| {
            Error::new(
                Kind::Unsupported,
                format!("mtls cannot sign with a key of the kind {}", key.kind().title()),
                "use a CA whose key is RSA (2048 bits and more), EC P-256, P-384 or P-521, Ed25519 or ML-DSA",
            )
        })?;
        let der = key.pkcs8();
        let rejected = |e: aws_lc_rs::error::KeyRejected| Error::damaged("the private key is not usable").because(e);
        let ec = |algorithm: &'static EcdsaSigningAlgorithm| {
            EcdsaKeyPair::from_private_key_der(algorithm, der).map(Pair::Ec).map_err(rejected)
        };
        let ml_dsa = |algorithm| PqdsaKeyPair::from_pkcs8(algorithm, der).map(Pair::MlDsa).map_err(rejected);
        let pair = match scheme {
            Scheme::RsaSha256 => RsaKeyPair::from_pkcs8(der).map(Pair::Rsa).map_err(rejected)?,
            Scheme::EcdsaP256Sha256 => ec(&aws::ECDSA_P256_SHA256_ASN1_SIGNING)?,
            Scheme::EcdsaP384Sha384 => ec(&aws::ECDSA_P384_SHA384_ASN1_SIGNING)?,
            Scheme::EcdsaP521Sha512 => ec(&aws::ECDSA_P521_SHA512_ASN1_SIGNING)?,
            Scheme::Ed25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Pair::Ed).map_err(rejected)?,
            Scheme::MlDsa44 => ml_dsa(&aws::ML_DSA_44_SIGNING)?,
            Scheme::MlDsa65 => ml_dsa(&aws::ML_DSA_65_SIGNING)?,
            Scheme::MlDsa87 => ml_dsa(&aws::ML_DSA_87_SIGNING)?,
        };
        Ok(Signer { scheme, pair })
    }

    /// The algorithm that its signatures have.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The signature over `message`.
    ///
    /// # Errors
    /// An internal error where the system gives no random numbers.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        self.try_sign(message).map_err(|_| Error::internal("the key would not sign"))
    }

    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&aws::RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            Pair::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                let length = pair.sign(message, &mut signature)?;
                signature.truncate(length);
                Ok(signature)
            }
        }
    }
}

fn scheme_of(kind: &KeyKind) -> Option<Scheme> {
    Some(match kind {
        // below 2048 bits aws-lc-rs does not sign, and no peer would accept it
        KeyKind::Rsa(bits) if *bits >= 2048 => Scheme::RsaSha256,
        KeyKind::Ec(curve) => match curve.as_str() {
            "P-256" => Scheme::EcdsaP256Sha256,
            "P-384" => Scheme::EcdsaP384Sha384,
            "P-521" => Scheme::EcdsaP521Sha512,
            _ => return None,
        },
        KeyKind::Ed25519 => Scheme::Ed25519,
        KeyKind::MlDsa(44) => Scheme::MlDsa44,
        KeyKind::MlDsa(65) => Scheme::MlDsa65,
        KeyKind::MlDsa(87) => Scheme::MlDsa87,
        _ => return None,
    })
}
