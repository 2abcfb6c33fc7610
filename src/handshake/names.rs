//! Protocol numbers by the names that IANA gives them.

use rustls::{CipherSuite, NamedGroup, ProtocolVersion, SignatureScheme};

/// `TLSv1.3`.
pub(super) fn version(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        other => numbered(u16::from(other)),
    }
}

/// `TLS_AES_256_GCM_SHA384`.
pub(super) fn cipher_suite(suite: CipherSuite) -> String {
    match suite.as_str() {
        // rustls writes the version into the names of TLS 1.3's suites
        Some(name) => name.replacen("TLS13_", "TLS_", 1),
        None if u16::from(suite) & 0x0f0f == 0x0a0a => "GREASE".to_owned(),
        None => numbered(u16::from(suite)),
    }
}

/// The cipher suite of this number as IANA writes it, or the number.
pub fn cipher_suite_name(number: u16) -> String {
    cipher_suite(CipherSuite::from(number))
}

/// The key exchange group of this number as IANA writes it, or the number.
pub fn group_name(number: u16) -> String {
    group(NamedGroup::from(number))
}

/// `X25519MLKEM768`, `x25519`, `ffdhe2048`.
pub(super) fn group(group: NamedGroup) -> String {
    match group {
        NamedGroup::secp256r1MLKEM768 => "SecP256r1MLKEM768".to_owned(),
        NamedGroup::X25519 | NamedGroup::X448 => group.as_str().map(str::to_ascii_lowercase).unwrap_or_default(),
        other => match other.as_str() {
            Some(name) if name.starts_with("FFDHE") => name.to_ascii_lowercase(),
            Some(name) => name.to_owned(),
            None if u16::from(other) & 0x0f0f == 0x0a0a => "GREASE".to_owned(),
            None => numbered(u16::from(other)),
        },
    }
}

/// `ecdsa_secp256r1_sha256`.
pub(super) fn signature_scheme(scheme: SignatureScheme) -> String {
    let number = u16::from(scheme);
    SCHEMES.iter().find(|(known, _)| *known == number).map_or_else(|| numbered(number), |(_, name)| (*name).to_owned())
}

fn numbered(number: u16) -> String {
    format!("0x{number:04x}")
}

/// IANA registry "TLS SignatureScheme".
const SCHEMES: &[(u16, &str)] = &[
    (0x0201, "rsa_pkcs1_sha1"),
    (0x0203, "ecdsa_sha1"),
    (0x0401, "rsa_pkcs1_sha256"),
    (0x0403, "ecdsa_secp256r1_sha256"),
    (0x0501, "rsa_pkcs1_sha384"),
    (0x0503, "ecdsa_secp384r1_sha384"),
    (0x0601, "rsa_pkcs1_sha512"),
    (0x0603, "ecdsa_secp521r1_sha512"),
    (0x0804, "rsa_pss_rsae_sha256"),
    (0x0805, "rsa_pss_rsae_sha384"),
    (0x0806, "rsa_pss_rsae_sha512"),
    (0x0807, "ed25519"),
    (0x0808, "ed448"),
    (0x0809, "rsa_pss_pss_sha256"),
    (0x080a, "rsa_pss_pss_sha384"),
    (0x080b, "rsa_pss_pss_sha512"),
    (0x081a, "ecdsa_brainpoolP256r1tls13_sha256"),
    (0x081b, "ecdsa_brainpoolP384r1tls13_sha384"),
    (0x081c, "ecdsa_brainpoolP512r1tls13_sha512"),
    (0x0904, "mldsa44"),
    (0x0905, "mldsa65"),
    (0x0906, "mldsa87"),
];

/// The name of an alert (IANA registry "TLS Alerts"), or `unknown alert` where it has none.
pub fn alert_name(number: u8) -> String {
    ALERTS.iter().find(|(known, _)| *known == number).map_or_else(|| "unknown alert".to_owned(), |(_, name)| (*name).to_owned())
}

const ALERTS: &[(u8, &str)] = &[
    (0, "close_notify"),
    (10, "unexpected_message"),
    (20, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (40, "handshake_failure"),
    (41, "no_certificate"),
    (42, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (47, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (50, "decode_error"),
    (51, "decrypt_error"),
    (52, "too_many_cids_requested"),
    (60, "export_restriction"),
    (70, "protocol_version"),
    (71, "insufficient_security"),
    (80, "internal_error"),
    (86, "inappropriate_fallback"),
    (90, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (110, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (112, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (117, "general_error"),
    (120, "no_application_protocol"),
    (121, "ech_required"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_iana() {
        assert_eq!(cipher_suite(CipherSuite::TLS13_CHACHA20_POLY1305_SHA256), "TLS_CHACHA20_POLY1305_SHA256");
        assert_eq!(cipher_suite(CipherSuite::from(0x5a5a)), "GREASE");
        let groups = [0x001d, 0x0017, 0x0100, 0x11eb, 0x11ec, 0xfe00].map(|n| group(NamedGroup::from(n)));
        assert_eq!(groups, ["x25519", "secp256r1", "ffdhe2048", "SecP256r1MLKEM768", "X25519MLKEM768", "0xfe00"]);
        assert_eq!(signature_scheme(SignatureScheme::ML_DSA_65), "mldsa65");
        assert_eq!(signature_scheme(SignatureScheme::from(0x7777)), "0x7777");
        assert_eq!(alert_name(48), "unknown_ca");
    }
}
