//! Name constraints: the words of `--permit` and `--exclude`, and whether a CA's constraints allow a name.

use crate::error::{Error, Kind, Result};
use crate::pki::San;
use crate::pki::cert::{NameConstraints, Subtree};
use crate::pki::name::parse_ip;
use crate::pki::san::{self, Side};
use std::net::IpAddr;

/// The subtree that `word` means: a domain and all below it (`example.com`), a network (`10.0.0.0/8`, or one address), a
/// mailbox (`ops@example.com`), or the mailboxes of a host or domain (`email:example.com`, `email:.example.com`).
///
/// # Errors
/// [`Kind::Usage`], saying what is wrong with the word.
pub fn parse(word: &str) -> Result<Subtree> {
    if let Some(domain) = strip_prefix(word, "email:").filter(|w| !w.contains('@')) {
        let dot = if domain.starts_with('.') { "." } else { "" };
        return Ok(Subtree::Email(format!("{dot}{}", dns_base(word, domain)?)));
    }
    if let Some(subtree) = network(strip_prefix(word, "IP:").unwrap_or(word))? {
        return Ok(subtree);
    }
    if strip_prefix(word, "URI:").is_some() {
        return Err(refused(word, "mtls limits CAs by DNS names, IP networks and mail addresses", "leave it out"));
    }
    if word.contains('@') {
        return match san::parse(word, Side::Client)? {
            San::Email(mailbox) => Ok(Subtree::Email(mailbox)),
            _ => Err(refused(word, "it is no mail address", "write it like ops@example.com")),
        };
    }
    Ok(Subtree::Dns(dns_base(word, strip_prefix(word, "DNS:").unwrap_or(word))?))
}

fn refused(word: &str, why: impl std::fmt::Display, fix: impl Into<String>) -> Error {
    Error::new(Kind::Usage, format!("\"{}\" is no name constraint", crate::safe::Safe(word)), fix).because(why)
}

fn strip_prefix<'a>(word: &'a str, prefix: &str) -> Option<&'a str> {
    word.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).map(|_| &word[prefix.len()..])
}

/// RFC 5280 section 4.2.1.10: a domain constrains itself and everything below it; it is written without a leading dot.
fn dns_base(word: &str, domain: &str) -> Result<String> {
    let fix = "write the domain alone, such as example.com: it covers all names below it too";
    let domain = domain.strip_prefix("*.").or(domain.strip_prefix('.')).unwrap_or(domain);
    match san::parse(&format!("DNS:{domain}"), Side::Server) {
        Ok(San::Dns(base)) if !base.contains('*') => Ok(base),
        Ok(_) => Err(refused(word, "a constraint has no wildcard", fix)),
        Err(e) => Err(e.because.iter().fold(refused(word, "", fix), |_, why| refused(word, why, fix))),
    }
}

fn network(word: &str) -> Result<Option<Subtree>> {
    let (address, bits) = word.split_once('/').map_or((word, None), |(address, bits)| (address, Some(bits)));
    let Some(address) = parse_ip(address) else { return Ok(None) };
    let octets = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let longest = octets.len() as u32 * 8;
    let bits = match bits.map(str::parse::<u32>) {
        None => longest,
        Some(Ok(bits)) if bits <= longest => bits,
        Some(_) => return Err(refused(word, format!("a prefix has 0 to {longest} bits"), format!("write {address}/{longest}"))),
    };
    let mask: Vec<u8> = (0..octets.len() as u32).map(|i| (0xff00u32 >> bits.saturating_sub(i * 8).min(8)) as u8).collect();
    let base: Vec<u8> = octets.iter().zip(&mask).map(|(octet, mask)| octet & mask).collect();
    if base != octets {
        let base = San::from_ip_octets(&base).value();
        return Err(refused(word, "the address has bits beyond its prefix", format!("write {base}/{bits}")));
    }
    Ok(Some(Subtree::Ip([base, mask].concat())))
}

/// Why `limits` forbid `name`, in a few words; `None` where they allow it (RFC 5280 section 4.2.1.10).
pub fn objection(limits: &NameConstraints, name: &San) -> Option<String> {
    if let Some(excluded) = limits.excluded.iter().find(|s| contains(s, name) == Some(true)) {
        return Some(format!("{name} is within {excluded}, which the CA excludes"));
    }
    let mut same_kind = limits.permitted.iter().filter(|s| contains(s, name).is_some()).peekable();
    same_kind.peek()?;
    if same_kind.any(|s| contains(s, name) == Some(true)) {
        return None;
    }
    let permitted: Vec<String> =
        limits.permitted.iter().filter(|s| contains(s, name).is_some()).map(ToString::to_string).collect();
    Some(format!("{name} is outside {}, to which the CA is limited", crate::safe::one_of(&permitted)))
}

/// Whether `name` is in the subtree; `None` where the two are of different kinds.
fn contains(subtree: &Subtree, name: &San) -> Option<bool> {
    match (subtree, name) {
        (Subtree::Dns(base), San::Dns(name)) => Some(is_below(name, base)),
        (Subtree::Uri(base), San::Uri(uri)) => {
            let authority = uri.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
            let host = authority.rsplit('@').next().unwrap_or("").split(':').next().unwrap_or("");
            Some(host_in(host, base))
        }
        (Subtree::Email(base), San::Email(mailbox)) => Some(match base.split_once('@') {
            Some(_) => base.eq_ignore_ascii_case(mailbox),
            None => host_in(mailbox.rsplit('@').next().unwrap_or(""), base),
        }),
        (Subtree::Ip(network), San::Ip(address)) => {
            let octets = match address {
                IpAddr::V4(v4) => v4.octets().to_vec(),
                IpAddr::V6(v6) => v6.octets().to_vec(),
            };
            let (base, mask) = network.split_at(network.len() / 2);
            // an address of the other family is of this kind too, and in no such network: so OpenSSL, Go and webpki
            let masked = |bytes: &[u8]| bytes.iter().zip(mask).map(|(b, m)| b & m).collect::<Vec<u8>>();
            Some(base.len() == octets.len() && masked(&octets) == masked(base))
        }
        _ => None,
    }
}

/// A DNS name in a domain or equal to it; some CAs write the domain with a leading dot.
fn is_below(name: &str, base: &str) -> bool {
    let (name, base) = (name.to_ascii_lowercase(), base.trim_start_matches('.').to_ascii_lowercase());
    base.is_empty() || name == base || name.strip_suffix(&base).is_some_and(|rest| rest.ends_with('.'))
}

/// A host that is `base`, or is below it where `base` starts with a dot.
fn host_in(host: &str, base: &str) -> bool {
    match base.strip_prefix('.') {
        Some(domain) => is_below(host, domain) && !host.eq_ignore_ascii_case(domain),
        None => host.eq_ignore_ascii_case(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_subtrees() {
        for (word, shown) in [
            ("example.com", "DNS:example.com"),
            (".example.com", "DNS:example.com"),
            ("*.Example.com", "DNS:example.com"),
            ("DNS:bücher.example", "DNS:xn--bcher-kva.example"),
            ("10.0.0.0/8", "IP:10.0.0.0/8"),
            ("IP:192.168.4.0/22", "IP:192.168.4.0/22"),
            ("127.0.0.1", "IP:127.0.0.1/32"),
            ("2001:db8::/33", "IP:2001:db8::/33"),
            ("0.0.0.0/0", "IP:0.0.0.0/0"),
            ("ops@example.com", "email:ops@example.com"),
            ("email:.example.com", "email:.example.com"),
        ] {
            assert_eq!(parse(word).map(|s| s.to_string()).as_deref(), Ok(shown), "{word}");
        }
        for word in ["10.1.2.3/8", "10.0.0.0/33", "a.*.b", "", "URI:example.com", "a b"] {
            assert_eq!(parse(word).unwrap_err().kind, Kind::Usage, "{word}");
        }
        assert_eq!(parse("10.1.2.3/8").unwrap_err().fix, "write 10.0.0.0/8");
    }

    #[test]
    fn constraints_judge_names_of_their_kind_only() {
        let words = |list: &[&str]| list.iter().map(|w| parse(w).unwrap()).collect();
        let limits = NameConstraints {
            permitted: words(&["example.com", "10.0.0.0/8", "email:example.com"]),
            excluded: words(&["secret.example.com", "10.9.0.0/16"]),
        };
        let allows = |word: &str| objection(&limits, &san::parse(word, Side::Client).unwrap()).is_none();
        for word in ["example.com", "a.example.com", "*.example.com", "10.1.2.3", "a@example.com", "spiffe://other/x"] {
            assert!(allows(word), "{word}");
        }
        for word in
            ["badexample.com", "::1", "x.secret.example.com", "secret.example.com", "10.9.1.1", "a@sub.example.com", "192.0.2.1"]
        {
            assert!(!allows(word), "{word}");
        }
    }
}
