//! Name constraints (RFC 5280 section 4.2.1.10): whether a CA's limits allow the names of a certificate below it.

use super::cert::{NameConstraints, Subtree};
use super::{Cert, San};
use std::fmt;

/// How many names are held against how many rules: as many comparisons as webpki does before it refuses such a chain.
const MAX_COMPARISONS: usize = 250_000;
/// How many rules are shown of those that a name is outside of.
const RULES_SHOWN: usize = 8;

/// The rule of a CA that a name breaks.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken<'a> {
    /// The name lies in this excluded subtree.
    Excluded(&'a Subtree),
    /// The name lies in none of these permitted subtrees of its kind.
    Outside(Vec<&'a Subtree>),
}

impl fmt::Display for Broken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Excluded(rule) => write!(f, "{rule} excluded"),
            Broken::Outside(rules) if rules.len() > RULES_SHOWN => {
                let shown: Vec<String> = rules[..RULES_SHOWN].iter().map(ToString::to_string).collect();
                write!(f, "{} and {} others only", shown.join(", "), rules.len() - RULES_SHOWN)
            }
            Broken::Outside(rules) => write!(f, "{} only", crate::safe::one_of(rules)),
        }
    }
}

/// The first name of `cert` that `limits` forbid as it is shown, and the rule that forbids it. Of thousands of names under
/// thousands of rules, only the first are looked at: the verifier of the handshake refuses such a chain for that alone.
pub fn violation<'a>(limits: &'a NameConstraints, cert: &Cert) -> Option<(String, Broken<'a>)> {
    let rules = limits.excluded.len() + limits.permitted.len();
    let names = cert.names().iter().take(MAX_COMPARISONS / rules.max(1));
    let broken = { names }.find_map(|name| forbids(limits, name).map(|rule| (name.to_string(), rule)));
    broken.or_else(|| subject_violation(limits, cert))
}

/// The rule of `limits` that `name` breaks; `None` where they allow it.
pub fn forbids<'a>(limits: &'a NameConstraints, name: &San) -> Option<Broken<'a>> {
    judged(limits, |rule| within(name, rule))
}

/// `within` says whether the name is in a subtree, `None` where they are of different kinds.
fn judged(limits: &NameConstraints, within: impl Fn(&Subtree) -> Option<bool>) -> Option<Broken<'_>> {
    if let Some(rule) = limits.excluded.iter().find(|rule| within(rule) == Some(true)) {
        return Some(Broken::Excluded(rule));
    }
    let same_kind: Vec<&Subtree> = limits.permitted.iter().filter(|rule| within(rule).is_some()).collect();
    let allowed = same_kind.is_empty() || same_kind.iter().any(|rule| within(rule) == Some(true));
    (!allowed).then_some(Broken::Outside(same_kind))
}

/// Whether `name` lies in the subtree; `None` where the rule is about another kind of name.
fn within(name: &San, rule: &Subtree) -> Option<bool> {
    match (name, rule) {
        (San::Dns(name), Subtree::Dns(domain)) => Some(in_domain(name, domain)),
        (San::Email(mailbox), Subtree::Email(limit)) => Some(mailbox_within(mailbox, limit)),
        (San::Uri(uri), Subtree::Uri(limit)) => Some(in_host_or_domain(uri_host(uri), limit)),
        (San::Ip(ip), Subtree::Ip(network)) => in_network(*ip, network),
        _ => None,
    }
}

fn in_domain(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.as_bytes(), domain.trim_start_matches('.').as_bytes());
    let Some((above, end)) = name.len().checked_sub(domain.len()).map(|at| name.split_at(at)) else { return false };
    domain.is_empty() || (end.eq_ignore_ascii_case(domain) && (above.is_empty() || above.ends_with(b".")))
}

/// A host itself, or with a leading dot what lies below it.
fn in_host_or_domain(host: &str, limit: &str) -> bool {
    match limit.strip_prefix('.') {
        Some(domain) => in_domain(host, domain) && !host.eq_ignore_ascii_case(domain),
        None => host.eq_ignore_ascii_case(limit),
    }
}

fn mailbox_within(mailbox: &str, limit: &str) -> bool {
    if limit.contains('@') {
        return mailbox.eq_ignore_ascii_case(limit);
    }
    mailbox.rsplit_once('@').is_some_and(|(_, host)| in_host_or_domain(host, limit))
}

fn uri_host(uri: &str) -> &str {
    let authority = uri.split_once("://").map_or(uri, |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host)
}

fn in_network(ip: std::net::IpAddr, network: &[u8]) -> Option<bool> {
    let octets = match ip {
        std::net::IpAddr::V4(v4) => v4.octets().to_vec(),
        std::net::IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    // an address of the other family is of this kind too, and in no such network: so say OpenSSL, Go and webpki
    if network.len() != octets.len() * 2 {
        return Some(false);
    }
    let (address, mask) = network.split_at(octets.len());
    Some(octets.iter().zip(address).zip(mask).all(|((ip, net), mask)| ip & mask == net & mask))
}

/// Directory constraints bind the subject itself (RFC 5280 section 4.2.1.10).
fn subject_violation<'a>(limits: &'a NameConstraints, cert: &Cert) -> Option<(String, Broken<'a>)> {
    let subject = inner(cert.subject.der());
    let starts = |rule: &Subtree| match rule {
        Subtree::Directory(prefix) => Some(subject.starts_with(inner(prefix.der()))),
        _ => None,
    };
    if subject.is_empty() { None } else { judged(limits, starts).map(|rule| (cert.subject.to_string(), rule)) }
}

fn inner(name: &[u8]) -> &[u8] {
    crate::asn1::Reader::new(name).next().map_or(&[], |v| v.expect(crate::asn1::SEQUENCE).map_or(&[][..], |v| v.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(limits: &NameConstraints, name: &San) -> Option<String> {
        forbids(limits, name).map(|rule| rule.to_string())
    }

    fn dns(name: &str) -> San {
        San::Dns(name.to_owned())
    }

    #[test]
    fn permitted_and_excluded_domains() {
        let limits = NameConstraints {
            permitted: vec![Subtree::Dns("corp.example".into())],
            excluded: vec![Subtree::Dns("hr.corp.example".into())],
        };
        assert_eq!(refused(&limits, &dns("api.corp.example")), None);
        assert_eq!(refused(&limits, &dns("api.example")), Some("DNS:corp.example only".into()));
        assert_eq!(refused(&limits, &dns("evilcorp.example")), Some("DNS:corp.example only".into()));
        assert_eq!(refused(&limits, &dns("x.hr.corp.example")), Some("DNS:hr.corp.example excluded".into()));
        assert_eq!(refused(&limits, &San::Ip([10, 0, 0, 1].into())), None, "another kind of name is not limited");
    }

    #[test]
    fn networks_mail_and_uris() {
        let ten = Subtree::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]);
        assert_eq!(within(&San::Ip([10, 9, 8, 7].into()), &ten), Some(true));
        assert_eq!(within(&San::Ip([11, 9, 8, 7].into()), &ten), Some(false));
        assert!(mailbox_within("a@b.example", "b.example") && !mailbox_within("a@x.b.example", "b.example"));
        assert!(mailbox_within("a@x.b.example", ".b.example"));
        assert_eq!(within(&San::Uri("spiffe://corp.example/billing".into()), &Subtree::Uri("corp.example".into())), Some(true));
    }
}
