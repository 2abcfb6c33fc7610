//! What other platforms will say of a certificate, known before it is handed out.

use super::Profile;
use crate::pki::{Cert, KeyKind, San};
use crate::safe::Safe;

/// Apple's platforms refuse longer TLS server certificates, of private CAs too (support.apple.com/en-us/103769, formerly HT210176).
const APPLE_DAYS: i64 = 825;

/// What is known to trouble some peers about `cert`, in sentences.
pub fn of(cert: &Cert, profile: &Profile) -> Vec<String> {
    let mut advice = Vec::new();
    let is_server = matches!(profile, Profile::Server | Profile::Both);
    if is_server && cert.not_after - cert.not_before > time::Duration::days(APPLE_DAYS) {
        advice.push(format!(
            "valid for over {APPLE_DAYS} days: macOS, iOS and Apple's other systems refuse such a server certificate, of private CAs too \
             (--days {} is the most, as it starts an hour early)",
            APPLE_DAYS - 1
        ));
    }
    for name in cert.names().iter().filter(|_| is_server) {
        if let San::Dns(name) = name
            && let Some(domain) = name.strip_prefix("*.")
            && !domain.contains('.')
        {
            advice.push(format!(
                "{}: a wildcard directly below a top-level domain, which browsers, curl and Go's peers may refuse; name the hosts, or \
                 use *.name.{}",
                Safe(name),
                Safe(domain)
            ));
        }
    }
    let spiffe = cert.names().iter().filter(|n| matches!(n, San::Uri(uri) if uri.starts_with("spiffe://"))).count();
    let uris = cert.names().iter().filter(|n| matches!(n, San::Uri(_))).count();
    if spiffe > 0 && uris > 1 {
        advice.push("more than one URI: SPIFFE peers refuse a certificate with a second one (X.509-SVID, section 2)".to_owned());
    }
    advice.extend(of_key(&cert.key));
    advice
}

/// Which peers can take a certificate with such a key, where not all can.
pub fn of_key(kind: &KeyKind) -> Option<String> {
    match kind {
        KeyKind::MlDsa(set) => Some(format!(
            "ML-DSA-{set} works in TLS 1.3 with OpenSSL 3.5 and newer (and what is built on it: nginx, HAProxy, curl, Python), Go 1.27 \
             and newer, and rustls with aws-lc-rs; browsers, OpenSSL 3.0 and most builds of GnuTLS refuse it, and Java reads such \
             certificates from 24 on but does not use them in TLS yet"
        )),
        KeyKind::Ed25519 => Some(
            "Ed25519 works with OpenSSL 1.1.1, Java 15, Go 1.13 and newer, and rustls; browsers and Windows' own TLS refuse it"
                .to_owned(),
        ),
        KeyKind::Ec(curve) if curve == "P-521" => {
            Some("P-521 is refused by Chrome and other peers built on BoringSSL; P-256 and P-384 work everywhere".to_owned())
        }
        _ => None,
    }
}
