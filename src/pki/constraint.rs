//! Name constraints (RFC 5280 section 4.2.1.10): whether a CA's limits allow the names of a certificate below it.

use super::cert::{NameConstraints, Subtree};
use super::{Cert, San};

/// The first name of `cert` that `limits` forbid, and the rule that forbids it, both as they are shown.
pub fn violation(limits: &NameConstraints, cert: &Cert) -> Option<(String, String)> {
    cert.names()
        .iter()
        .find_map(|name| refused_by(limits, name).map(|rule| (name.to_string(), rule)))
        .or_else(|| subject_violation(limits, cert))
}

fn refused_by(limits: &NameConstraints, name: &San) -> Option<String> {
    if let Some(rule) = limits.excluded.iter().find(|rule| within(name, rule) == Some(true)) {
        return Some(format!("{rule} excluded"));
    }
    let same_kind: Vec<&Subtree> = limits.permitted.iter().filter(|rule| within(name, rule).is_some()).collect();
    let allowed = same_kind.is_empty() || same_kind.iter().any(|rule| within(name, rule) == Some(true));
    (!allowed).then(|| format!("{} only", crate::safe::one_of(&same_kind)))
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
    let (name, domain) = (name.to_ascii_lowercase(), domain.trim_start_matches('.').to_ascii_lowercase());
    domain.is_empty() || name == domain || name.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'))
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
    if network.len() != octets.len() * 2 {
        return None;
    }
    let (address, mask) = network.split_at(octets.len());
    Some(octets.iter().zip(address).zip(mask).all(|((ip, net), mask)| ip & mask == net & mask))
}

/// Directory constraints bind the subject itself (RFC 5280 section 4.2.1.10).
fn subject_violation(limits: &NameConstraints, cert: &Cert) -> Option<(String, String)> {
    let subject = inner(cert.subject.der());
    let starts = |rule: &Subtree| match rule {
        Subtree::Directory(prefix) => Some(subject.starts_with(inner(prefix.der()))),
        _ => None,
    };
    if subject.is_empty() {
        return None;
    }
    if let Some(rule) = limits.excluded.iter().find(|rule| starts(rule) == Some(true)) {
        return Some((cert.subject.to_string(), format!("{rule} excluded")));
    }
    let rules: Vec<&Subtree> = limits.permitted.iter().filter(|rule| starts(rule).is_some()).collect();
    let allowed = rules.is_empty() || rules.iter().any(|rule| starts(rule) == Some(true));
    (!allowed).then(|| (cert.subject.to_string(), format!("{} only", crate::safe::one_of(&rules))))
}

fn inner(name: &[u8]) -> &[u8] {
    crate::asn1::Reader::new(name).next().map_or(&[], |v| v.expect(crate::asn1::SEQUENCE).map_or(&[][..], |v| v.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(name: &str) -> San {
        San::Dns(name.to_owned())
    }

    #[test]
    fn permitted_and_excluded_domains() {
        let limits = NameConstraints {
            permitted: vec![Subtree::Dns("corp.example".into())],
            excluded: vec![Subtree::Dns("hr.corp.example".into())],
        };
        assert_eq!(refused_by(&limits, &dns("api.corp.example")), None);
        assert_eq!(refused_by(&limits, &dns("api.example")), Some("DNS:corp.example only".into()));
        assert_eq!(refused_by(&limits, &dns("evilcorp.example")), Some("DNS:corp.example only".into()));
        assert_eq!(refused_by(&limits, &dns("x.hr.corp.example")), Some("DNS:hr.corp.example excluded".into()));
        assert_eq!(refused_by(&limits, &San::Ip([10, 0, 0, 1].into())), None, "another kind of name is not limited");
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
