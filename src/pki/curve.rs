//! Elliptic curves by number, or by their parameters where a file spells those out.

use crate::asn1::{self, Fault, Reader};

/// Curves by object identifier: name and field size in bits.
const CURVES: &[(&str, &str, u32)] = &[
    ("1.2.840.10045.3.1.7", "P-256", 256),
    ("1.3.132.0.34", "P-384", 384),
    ("1.3.132.0.35", "P-521", 521),
    ("1.3.132.0.33", "P-224", 224),
    ("1.2.840.10045.3.1.1", "P-192", 192),
    ("1.3.132.0.9", "secp160k1", 160),
    ("1.3.132.0.8", "secp160r1", 160),
    ("1.3.132.0.30", "secp160r2", 160),
    ("1.3.132.0.31", "secp192k1", 192),
    ("1.3.132.0.32", "secp224k1", 224),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1", 160),
    ("1.3.36.3.3.2.8.1.1.2", "brainpoolP160t1", 160),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192),
    ("1.3.36.3.3.2.8.1.1.4", "brainpoolP192t1", 192),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224),
    ("1.3.36.3.3.2.8.1.1.6", "brainpoolP224t1", 224),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    ("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1", 256),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 320),
    ("1.3.36.3.3.2.8.1.1.10", "brainpoolP320t1", 320),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
    ("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1", 384),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
    ("1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1", 512),
    ("1.3.132.0.1", "sect163k1", 163),
    ("1.3.132.0.15", "sect163r2", 163),
    ("1.3.132.0.26", "sect233k1", 233),
    ("1.3.132.0.27", "sect233r1", 233),
    ("1.3.132.0.16", "sect283k1", 283),
    ("1.3.132.0.17", "sect283r1", 283),
    ("1.3.132.0.36", "sect409k1", 409),
    ("1.3.132.0.37", "sect409r1", 409),
    ("1.3.132.0.38", "sect571k1", 571),
    ("1.3.132.0.39", "sect571r1", 571),
    ("1.2.156.10197.1.301", "SM2", 256),
];

/// What follows the name of a curve whose parameters are spelled out: RFC 5480 forbids that, and TLS peers refuse it.
const EXPLICIT: &str = " (explicit parameters)";

/// The name of the curve in ECParameters (RFC 5480, SEC 1 appendix C.2): a dotted number where we know no name.
pub(super) fn name(parameters: &[u8]) -> String {
    match Reader::new(parameters).oid() {
        Ok(oid) => CURVES.iter().find(|(known, ..)| *known == oid).map_or(oid, |(_, name, _)| (*name).to_owned()),
        Err(_) => match explicit(parameters) {
            Ok(Some(name)) => format!("{name}{EXPLICIT}"),
            _ => "explicit parameters".to_owned(),
        },
    }
}

/// The size of a curve's field in bits, by its name.
pub(super) fn bits(name: &str) -> Option<u32> {
    let name = plain(name);
    CURVES.iter().find(|(_, known, _)| *known == name).map(|(_, _, bits)| *bits)
}

/// A curve's name without the remark that its parameters are spelled out.
pub(super) fn plain(name: &str) -> &str {
    name.strip_suffix(EXPLICIT).unwrap_or(name)
}

/// The first eight bytes of the base point's x, which tell the curves that are met with explicit parameters.
const BASE_POINTS: &[(&str, u64)] = &[
    ("P-192", 0x188d_a80e_b030_90f6),
    ("P-224", 0xb70e_0cbd_6bb4_bf7f),
    ("P-256", 0x6b17_d1f2_e12c_4247),
    ("P-384", 0xaa87_ca22_be8b_0537),
    ("P-521", 0x00c6_858e_06b7_0404),
    ("secp256k1", 0x79be_667e_f9dc_bbac),
    ("brainpoolP256r1", 0x8bd2_aeb9_cb7e_57cb),
    ("brainpoolP320r1", 0x43bd_7e9a_fb53_d8b8),
    ("brainpoolP384r1", 0x1d1c_64f0_68cf_45ff),
    ("brainpoolP512r1", 0x81ae_e4bd_d82e_d964),
];

/// The curve that SpecifiedECDomain spells out, where it is one that we know.
fn explicit(parameters: &[u8]) -> Result<Option<&'static str>, Fault> {
    let mut inside = Reader::new(parameters).sequence()?;
    inside.expect(asn1::INTEGER)?;
    inside.sequence()?;
    inside.sequence()?;
    let base = inside.expect(asn1::OCTET_STRING)?.content;
    let Some(start) = base.get(1..9).and_then(|x| x.try_into().ok()) else { return Ok(None) };
    let start = u64::from_be_bytes(start);
    Ok(BASE_POINTS.iter().find(|(_, known)| *known == start).map(|(name, _)| *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled_out(base: &[u8]) -> Vec<u8> {
        let empty = asn1::sequence::<&[u8]>(&[]);
        asn1::sequence(&[asn1::integer(1), empty.clone(), empty, asn1::der(asn1::OCTET_STRING, base), asn1::integer(7)])
    }

    #[test]
    fn curves_are_named_by_number_and_by_parameters() {
        assert_eq!(name(&asn1::oid("1.2.840.10045.3.1.7")), "P-256");
        assert_eq!(name(&asn1::oid("1.3.36.3.3.2.8.1.1.14")), "brainpoolP512t1");
        assert_eq!(name(&asn1::oid("1.2.3")), "1.2.3");
        let p256 = name(&spelled_out(&[4, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8]));
        assert_eq!((p256.as_str(), bits(&p256)), ("P-256 (explicit parameters)", Some(256)));
        assert_eq!(name(&spelled_out(&[4, 1, 2])), "explicit parameters");
        assert_eq!((bits("sect571r1"), bits("1.2.3")), (Some(571), None));
    }
}
