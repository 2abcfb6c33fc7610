//! The public key that belongs to a private one.
//!
//! Most formats carry it beside the private key; where they do not, it is derived, by aws-lc-rs for the keys it knows.

use super::kind::{KeyKind, OID_DH, OID_DHX, OID_DSA, OID_EC, OID_RSA};
use super::{computed, curve};
use crate::asn1::{self, Fault, Reader};
use aws_lc_rs::signature::KeyPair;
use aws_lc_rs::{agreement, signature};

/// Kind and SubjectPublicKeyInfo of the key in a PKCS#8 PrivateKeyInfo (RFC 5958 section 2).
pub(super) fn of_pkcs8(pkcs8: &[u8]) -> Result<(KeyKind, Option<Vec<u8>>), Fault> {
    let mut inside = Reader::new(pkcs8).sequence()?;
    inside.expect(asn1::INTEGER)?;
    let algorithm = inside.expect(asn1::SEQUENCE)?;
    let private = inside.expect(asn1::OCTET_STRING)?.content;
    let attached = inside.filter_map(Result::ok).find(|v| v.tag & !0x20 == asn1::context(1, false));
    let mut parameters = algorithm.reader();
    let oid = parameters.oid()?;
    let public = match attached.and_then(|v| v.content.split_first().map(|(_, key)| key.to_vec())) {
        Some(key) => Some(key),
        None => derived(&oid, parameters.rest(), private, pkcs8)?,
    };
    // RSA-PSS parameters and absent NULLs vary between private key and certificate: `same_key` compares the keys alone
    let spki = public.map(|key| spki(algorithm.whole, &key));
    let kind = match (&spki, oid.as_str()) {
        (Some(spki), _) => KeyKind::from_spki(spki)?,
        (None, _) => KeyKind::from_algorithm(&oid, parameters.rest()),
    };
    Ok((kind, spki))
}

/// A SubjectPublicKeyInfo from its algorithm identifier and the bytes of the key.
fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = asn1::der(asn1::BIT_STRING, &[&[0], key].concat());
    asn1::sequence(&[algorithm, &bits])
}

fn derived(oid: &str, parameters: &[u8], private: &[u8], pkcs8: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    Ok(match oid {
        OID_RSA | "1.2.840.113549.1.1.10" => {
            let mut key = Reader::new(private).sequence()?;
            key.expect(asn1::INTEGER)?;
            let (modulus, exponent) = (key.expect(asn1::INTEGER)?, key.expect(asn1::INTEGER)?);
            Some(asn1::sequence(&[modulus.whole, exponent.whole]))
        }
        OID_EC => match sec1_public(private)? {
            Some(point) => Some(point),
            None => ec_point(&KeyKind::from_algorithm(oid, parameters), sec1_scalar(private)?, private),
        },
        "1.3.101.112" => {
            signature::Ed25519KeyPair::from_seed_unchecked(seed(private)?).ok().map(|pair| pair.public_key().as_ref().to_vec())
        }
        "1.3.101.110" => agreed(&agreement::X25519, seed(private)?),
        "1.3.101.113" => computed::ed448(seed(private)?),
        "1.3.101.111" => computed::x448(seed(private)?),
        OID_DSA | OID_DH | OID_DHX => {
            computed::power(&KeyKind::from_algorithm(oid, parameters), parameters, private).ok().flatten()
        }
        _ => ml_dsa(&KeyKind::from_algorithm(oid, parameters), pkcs8),
    })
}

/// RFC 8410 section 7: the private key is an OCTET STRING within the OCTET STRING.
fn seed(private: &[u8]) -> Result<&[u8], Fault> {
    Ok(Reader::new(private).expect(asn1::OCTET_STRING)?.content)
}

/// The parameters inside an ECPrivateKey (RFC 5915 section 3), where they are there.
pub(super) fn sec1_parameters(der: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let mut key = Reader::new(der).sequence()?;
    key.expect(asn1::INTEGER)?;
    key.expect(asn1::OCTET_STRING)?;
    Ok(key.optional(asn1::context(0, true))?.map(|p| p.content.to_vec()))
}

fn sec1_scalar(der: &[u8]) -> Result<&[u8], Fault> {
    let mut key = Reader::new(der).sequence()?;
    key.expect(asn1::INTEGER)?;
    Ok(key.expect(asn1::OCTET_STRING)?.content)
}

fn sec1_public(der: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let mut key = Reader::new(der).sequence()?;
    key.expect(asn1::INTEGER)?;
    key.expect(asn1::OCTET_STRING)?;
    key.optional(asn1::context(0, true))?;
    let Some(public) = key.optional(asn1::context(1, true))? else { return Ok(None) };
    Ok(Some(Reader::next(&mut public.reader())?.bit_string()?.to_vec()))
}

/// The point of a private scalar on the curves that are known here.
fn ec_point(kind: &KeyKind, scalar: &[u8], sec1: &[u8]) -> Option<Vec<u8>> {
    let KeyKind::Ec(name) = kind else { return None };
    let (algorithm, size) = match curve::plain(name) {
        "P-256" => (&agreement::ECDH_P256, 32),
        "P-384" => (&agreement::ECDH_P384, 48),
        "P-521" => (&agreement::ECDH_P521, 66),
        "secp256k1" => {
            let pair = signature::EcdsaKeyPair::from_private_key_der(&signature::ECDSA_P256K1_SHA256_ASN1_SIGNING, sec1).ok()?;
            return Some(pair.public_key().as_ref().to_vec());
        }
        curve => return computed::ec_point(curve, scalar),
    };
    // writers drop leading zeros of the scalar; aws-lc-rs wants its full length
    let scalar = asn1::unsigned_bytes(scalar);
    let mut padded = zeroize::Zeroizing::new(vec![0u8; size]);
    padded.get_mut(size.checked_sub(scalar.len())?..)?.copy_from_slice(scalar);
    agreed(algorithm, &padded)
}

/// The public key of a raw private key for key agreement.
fn agreed(algorithm: &'static agreement::Algorithm, private: &[u8]) -> Option<Vec<u8>> {
    let key = agreement::PrivateKey::from_private_key(algorithm, private).ok()?;
    Some(key.compute_public_key().ok()?.as_ref().to_vec())
}

fn ml_dsa(kind: &KeyKind, pkcs8: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match kind {
        KeyKind::MlDsa(44) => &signature::ML_DSA_44_SIGNING,
        KeyKind::MlDsa(65) => &signature::ML_DSA_65_SIGNING,
        KeyKind::MlDsa(87) => &signature::ML_DSA_87_SIGNING,
        _ => return None,
    };
    let pair = signature::PqdsaKeyPair::from_pkcs8(algorithm, pkcs8).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// Whether two SubjectPublicKeyInfos hold the same key: the key bits, and for EC the same curve. EC points are
/// compared uncompressed or compressed alike: by their x coordinate and sign.
pub(super) fn same_key(a: &[u8], b: &[u8]) -> bool {
    match (key_bits(a), key_bits(b)) {
        (Some(a), Some(b)) => a == b || same_point(a, b),
        _ => false,
    }
}

fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    let mut inside = Reader::new(spki).sequence().ok()?;
    inside.sequence().ok()?;
    Reader::next(&mut inside).ok()?.bit_string().ok()
}

/// The bits of a key in a form that is equal for equal keys: points of a curve compressed, other keys as they are.
pub(super) fn comparable(spki: &[u8]) -> Option<Vec<u8>> {
    let bits = key_bits(spki)?;
    Some(compressed(bits).map_or_else(|| bits.to_vec(), |(sign, x)| [&[2 | sign], x].concat()))
}

fn same_point(a: &[u8], b: &[u8]) -> bool {
    compressed(a).is_some() && compressed(a) == compressed(b)
}

/// Sign and x coordinate of a point on a curve (SEC 1 section 2.3.3).
fn compressed(point: &[u8]) -> Option<(u8, &[u8])> {
    let (form, xy) = point.split_first()?;
    match form {
        2 | 3 => Some((form & 1, xy)),
        // 6 and 7 are the hybrid form of X9.62: both coordinates, and the sign of y once more
        4 | 6 | 7 if xy.len() % 2 == 0 => Some((xy.last()? & 1, &xy[..xy.len() / 2])),
        _ => None,
    }
}
