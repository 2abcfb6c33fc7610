//! Public keys computed from private ones where aws-lc-rs knows no such keys. They are only compared with a certificate's.

use super::kind::KeyKind;
use crate::asn1::{self, Fault, Reader};
use bp256::elliptic_curve::array::Array;
use bp256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use bp256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, SecretKey};
use ed448_goldilocks::elliptic_curve::bigint::U448;
use ed448_goldilocks::elliptic_curve::scalar::FromUintUnchecked;
use ed448_goldilocks::{Ed448, MontgomeryPoint, SigningKey};
use num_bigint::BigUint;

/// The point of a private scalar, uncompressed, on the curves that RustCrypto knows and aws-lc-rs does not.
pub(super) fn ec_point(curve: &str, scalar: &[u8]) -> Option<Vec<u8>> {
    match curve {
        "P-224" => point::<p224::NistP224>(scalar),
        "brainpoolP256r1" => point::<bp256::BrainpoolP256r1>(scalar),
        "brainpoolP256t1" => point::<bp256::BrainpoolP256t1>(scalar),
        "brainpoolP384r1" => point::<bp384::BrainpoolP384r1>(scalar),
        "brainpoolP384t1" => point::<bp384::BrainpoolP384t1>(scalar),
        _ => None,
    }
}

fn point<C>(scalar: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let scalar = asn1::unsigned_bytes(scalar);
    let mut padded = zeroize::Zeroizing::new(Array::<u8, FieldBytesSize<C>>::default());
    let start = padded.len().checked_sub(scalar.len())?;
    padded[start..].copy_from_slice(scalar);
    Some(SecretKey::<C>::from_bytes(&padded).ok()?.public_key().to_sec1_point(false).as_bytes().to_vec())
}

/// The public key of an Ed448 seed (RFC 8032 section 5.2.5).
pub(super) fn ed448(seed: &[u8]) -> Option<Vec<u8>> {
    Some(SigningKey::try_from(seed).ok()?.verifying_key().to_bytes().to_vec())
}

/// The public key of an X448 private key (RFC 7748 section 5).
pub(super) fn x448(private: &[u8]) -> Option<Vec<u8>> {
    let mut clamped = zeroize::Zeroizing::new(<[u8; 56]>::try_from(private).ok()?);
    clamped[0] &= 252;
    clamped[55] |= 128;
    let scalar = ed448_goldilocks::Scalar::<Ed448>::from_uint_unchecked(U448::from_le_slice(&clamped[..]));
    Some((&MontgomeryPoint::GENERATOR * &scalar).0.to_vec())
}

/// The public key of a DSA or Diffie-Hellman key, an INTEGER: the generator to the power of the private number, in the group
/// that `parameters` name: p, q, g for DSA (RFC 3279 section 2.3.2) and X9.42 keys with q and g the other way round (section
/// 2.3.3), p and g for PKCS#3.
///
/// # Errors
/// [`Fault`] where a number is ill-formed.
pub(super) fn power(kind: &KeyKind, parameters: &[u8], private: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let mut group = Reader::new(parameters).sequence()?;
    let mut number = || group.expect(asn1::INTEGER).map(|v| BigUint::from_bytes_be(asn1::unsigned_bytes(v.content)));
    let (p, second) = (number()?, number()?);
    let g = if matches!(kind, KeyKind::Dsa(_)) { number()? } else { second };
    let x = Reader::new(private).expect(asn1::INTEGER)?;
    let x = BigUint::from_bytes_be(asn1::unsigned_bytes(x.content));
    // an even modulus is no prime, and sizes are those of keys: what is beyond costs work and is never a key
    if p.bits() > MOST_BITS || x.bits() > MOST_BITS || !p.bit(0) {
        return Ok(None);
    }
    let mut y = g.modpow(&x, &p).to_bytes_be();
    if y.first().is_some_and(|top| top & 0x80 != 0) {
        y.insert(0, 0); // DER's numbers have a sign
    }
    Ok(Some(asn1::der(asn1::INTEGER, &y)))
}

/// The largest DSA and DH groups that we compute in, in bits: as OpenSSL's limit for the modulus (OPENSSL_DSA_MAX_MODULUS_BITS).
const MOST_BITS: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safe::{from_hex, hex};

    #[test]
    fn ed448_and_x448_keys_are_those_of_their_rfcs() {
        // RFC 8032 section 7.4, the first; RFC 7748 section 6.2, Alice's
        let seed = from_hex(concat!(
            "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3",
            "528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b"
        ));
        assert!(
            hex(&ed448(&seed.unwrap()).unwrap()).starts_with("5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778")
        );
        let alice = from_hex(concat!(
            "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d",
            "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b"
        ));
        assert!(
            hex(&x448(&alice.unwrap()).unwrap()).starts_with("9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bb")
        );
        assert_eq!((ed448(&[1; 56]), x448(&[1; 57])), (None, None));
    }

    #[test]
    fn the_scalar_one_gives_the_generator() {
        let g = |curve| hex(&ec_point(curve, &[0, 1]).unwrap());
        assert!(g("P-224").starts_with("04b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21"));
        assert!(g("brainpoolP256r1").starts_with("048bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262"));
        assert!(g("brainpoolP384r1").starts_with("041d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10"));
        assert_eq!(ec_point("brainpoolP512r1", &[1]), None);
        assert_eq!(ec_point("P-224", &[1; 29]), None);
        assert_eq!(ec_point("P-224", &[]), None, "zero is no key");
    }

    #[test]
    fn powers_are_taken_in_the_group() {
        let group = asn1::sequence(&[asn1::integer(23), asn1::integer(11), asn1::integer(2)]);
        let number = |n| asn1::integer(n);
        // DSA takes the third number for its generator, Diffie-Hellman the second
        assert_eq!(power(&KeyKind::Dsa(5), &group, &number(7)).unwrap(), Some(number(13)));
        assert_eq!(power(&KeyKind::Dh(5), &group, &number(2)).unwrap(), Some(number(6)));
        let even = asn1::sequence(&[asn1::integer(24), asn1::integer(11), asn1::integer(2)]);
        assert_eq!(power(&KeyKind::Dsa(5), &even, &number(7)).unwrap(), None);
        assert!(power(&KeyKind::Dsa(5), &[], &number(7)).is_err());
    }
}
