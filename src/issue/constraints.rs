//! Name constraints: the words of `--permit` and `--exclude`, and whether a CA's constraints allow a name.

use crate::error::{Error, Kind, Result};
use crate::pki::San;
use crate::pki::cert::{NameConstraints, Subtree};
use crate::pki::constraint::{self, Broken};
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

/// Why `limits` forbid `name`, in a few words; `None` where they allow it.
pub fn objection(limits: &NameConstraints, name: &San) -> Option<String> {
    constraint::forbids(limits, name).map(|broken| match broken {
        Broken::Excluded(rule) => format!("{name} is within {rule}, which the CA excludes"),
        Broken::Outside(rules) => format!("{name} is outside {}, to which the CA is limited", crate::safe::one_of(&rules)),
    })
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
