//! Subject alternative names, and whether one covers a host name.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One name of a subjectAltName extension (RFC 5280 section 4.2.1.6). Shown as in the JSON: `DNS:api.example`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum San {
    /// A DNS name, perhaps with a wildcard as its first label; A-labels.
    Dns(String),
    /// An IP address.
    Ip(IpAddr),
    /// A URI, such as a SPIFFE identity.
    Uri(String),
    /// A mail address.
    Email(String),
    /// A directory name, in RFC 4514 text.
    Directory(String),
    /// Anything else, as `kind` and shown content.
    Other(&'static str, String),
}

impl fmt::Display for San {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            San::Dns(s) => write!(f, "DNS:{s}"),
            San::Ip(ip) => write!(f, "IP:{ip}"),
            San::Uri(s) => write!(f, "URI:{s}"),
            San::Email(s) => write!(f, "email:{s}"),
            San::Directory(s) => write!(f, "dirName:{s}"),
            San::Other(kind, s) => write!(f, "{kind}:{s}"),
        }
    }
}

impl San {
    /// The value without its kind.
    pub fn value(&self) -> String {
        match self {
            San::Ip(ip) => ip.to_string(),
            San::Dns(s) | San::Uri(s) | San::Email(s) | San::Directory(s) | San::Other(_, s) => s.clone(),
        }
    }

    /// An IP address from the octets of an iPAddress name: 4 or 16 of them.
    pub fn from_ip_octets(octets: &[u8]) -> San {
        if let Ok(v4) = <[u8; 4]>::try_from(octets) {
            San::Ip(IpAddr::V4(Ipv4Addr::from(v4)))
        } else if let Ok(v6) = <[u8; 16]>::try_from(octets) {
            San::Ip(IpAddr::V6(Ipv6Addr::from(v6)))
        } else {
            San::Other("IP", crate::safe::hex(octets))
        }
    }

    /// Whether a client that asked for `host` accepts this name (RFC 9525 section 6): DNS names without regard to
    /// case, a wildcard for exactly one whole first label; IP addresses only by iPAddress names.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        match (self, parse_ip(host)) {
            (San::Ip(ip), Some(asked)) => *ip == asked,
            (San::Dns(pattern), None) => dns_covers(pattern.strip_suffix('.').unwrap_or(pattern), host),
            _ => false,
        }
    }

    /// A wildcard over a whole public suffix: a top-level domain (`*.example`), which verifiers take for nothing (webpki,
    /// OpenSSL, Java), or a country's second level (`*.co.uk`), which browsers, Java, curl and GnuTLS refuse.
    pub fn is_over_public_suffix(&self) -> bool {
        let San::Dns(pattern) = self else { return false };
        let Some(domain) = pattern.strip_prefix("*.") else { return false };
        let domain = domain.trim_end_matches('.').to_ascii_lowercase();
        match domain.split_once('.') {
            None => true,
            Some((second, country)) => country.len() == 2 && COUNTRIES_SECOND_LEVELS.contains(&second),
        }
    }
}

/// Second levels below which countries register names (publicsuffix.org: the usual ones, not the whole list).
const COUNTRIES_SECOND_LEVELS: [&str; 15] =
    ["ac", "co", "com", "edu", "gob", "gouv", "gov", "ltd", "ne", "net", "nom", "or", "org", "plc", "sch"];

/// An IP address as people write one in a host name position, with or without brackets.
pub fn parse_ip(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host).parse().ok()
}

fn dns_covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        None => pattern.eq_ignore_ascii_case(host),
        Some(domain) => host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(domain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_what_rfc_9525_says() {
        let dns = |s: &str| San::Dns(s.to_owned());
        assert!(dns("API.example").covers("api.example."));
        assert!(dns("*.example").covers("api.example"));
        assert!(!dns("*.example").covers("a.b.example"));
        assert!(!dns("*.example").covers("example"));
        assert!(!dns("127.0.0.1").covers("127.0.0.1"));
        assert!(San::from_ip_octets(&[127, 0, 0, 1]).covers("127.0.0.1"));
        assert!(San::from_ip_octets(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).covers("[::1]"));
    }

    #[test]
    fn a_wildcard_over_a_top_level_domain_counts_for_nothing() {
        assert!(San::Dns("*.example".into()).is_over_public_suffix());
        assert!(San::Dns("*.co.uk".into()).is_over_public_suffix());
        assert!(!San::Dns("*.api.example".into()).is_over_public_suffix());
        assert!(!San::Dns("*.acme.co.uk".into()).is_over_public_suffix());
        assert!(!San::Dns("example".into()).is_over_public_suffix());
    }
}
