//! Words on the command line become names for a certificate. This is the door to idna.

use super::San;
use super::name::parse_ip;
use crate::error::{Error, Kind, Result};

/// Whose certificate the name is for: what is plainly a slip for a server may be meant for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Names that clients connect to.
    Server,
    /// Names of whoever connects.
    Client,
}

/// The prefixes that say which kind a name is of, as OpenSSL writes them.
const PREFIXES: [&str; 4] = ["DNS:", "IP:", "URI:", "email:"];

/// Schemes of addresses that people paste where a host name is meant.
const ADDRESS_SCHEMES: [&str; 8] = ["http", "https", "ws", "wss", "tcp", "tls", "ssl", "grpc"];

/// The name that `word` means: `api.example`, `*.api.example`, `bücher.example`, `10.0.0.1`, `[::1]`,
/// `spiffe://example/ns/api`, `ops@example.com`, or any of them after `DNS:`, `IP:`, `URI:` or `email:`.
///
/// # Errors
/// [`Kind::Usage`], saying what is wrong with the word and what to write instead.
pub fn parse(word: &str, side: Side) -> Result<San> {
    if let Some(c) = word.chars().find(|c| c.is_whitespace() || c.is_control()) {
        let what = if c == ' ' { "a space".to_owned() } else { format!("the character U+{:04X}", u32::from(c)) };
        return Err(refused(word, format!("it has {what} in it"), "give each name as a word of its own"));
    }
    if word.is_empty() {
        return Err(refused(word, "it is empty", "give a host name, such as api.example"));
    }
    let prefix = PREFIXES.iter().find(|p| word.get(..p.len()).is_some_and(|start| start.eq_ignore_ascii_case(p)));
    match prefix.map(|p| (*p, &word[p.len()..])) {
        Some(("DNS:", name)) => dns(name),
        Some(("IP:", address)) => ip(address),
        Some(("URI:", text)) => uri(text),
        Some((_, address)) => email(address),
        None => guess(word, side),
    }
}

/// A host name as it stands in certificates and goes over the wire: international letters as A-labels, anything else as
/// it is.
pub fn ascii_host(host: &str) -> String {
    // UTS 46 maps some letters to what no host name has, and some to nothing at all
    let is_host = |ascii: &str| {
        let labels = ascii.strip_suffix('.').unwrap_or(ascii);
        labels.split('.').all(|l| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_*".contains(&b)))
    };
    match idna::domain_to_ascii(host) {
        Ok(ascii) if !host.is_ascii() && is_host(&ascii) => ascii,
        _ => host.to_owned(),
    }
}

/// The name as people read it: an international name in its own letters, with the A-labels of the certificate.
pub fn shown(name: &San) -> String {
    let San::Dns(ascii) = name else { return name.value() };
    match idna::domain_to_unicode(ascii.strip_prefix("*.").unwrap_or(ascii)) {
        (unicode, Ok(())) if ascii.contains("xn--") => {
            let star = if ascii.starts_with("*.") { "*." } else { "" };
            format!("{star}{unicode} ({ascii})")
        }
        _ => ascii.clone(),
    }
}

fn refused(word: &str, why: impl Into<String>, fix: impl Into<String>) -> Error {
    let why: String = why.into();
    Error::new(Kind::Usage, format!("\"{}\" is no name for a certificate", crate::safe::Safe(word)), fix).because(why)
}

/// The kind of a name without a prefix.
fn guess(word: &str, side: Side) -> Result<San> {
    if let Some(address) = parse_ip(word) {
        return Ok(San::Ip(address));
    }
    if let Some((scheme, rest)) = word.split_once("://") {
        if side == Side::Server && ADDRESS_SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
            let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
            return Err(refused(
                word,
                "it is an address with a scheme; TLS clients compare the host name alone",
                format!("write {host} (or URI:{word} if the whole address must be in the certificate)"),
            ));
        }
        return uri(word);
    }
    if word.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("urn:")) {
        return uri(word);
    }
    if word.contains('@') {
        return match side {
            Side::Client => email(word),
            Side::Server => Err(refused(
                word,
                "it is a mail address; TLS clients compare host names",
                format!("write the host name alone (or email:{word} if it must be in the certificate)"),
            )),
        };
    }
    if let Some((address, bits)) = word.split_once('/').filter(|(a, _)| parse_ip(a).is_some()) {
        return Err(refused(
            word,
            "a certificate names single addresses, not networks",
            format!("write {address} (a CA can be limited to a network: mtls ca --permit IP:{address}/{bits})"),
        ));
    }
    match word.split_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            Err(refused(word, "a certificate names hosts without ports", format!("write {host}")))
        }
        Some((_, rest)) if rest.contains(':') || word.starts_with('[') => ip(word),
        Some((kind, _)) => Err(refused(
            word,
            format!("\"{}:\" is no kind of name that mtls knows", crate::safe::Safe(kind)),
            "use DNS:, IP:, URI: or email:, or the name alone",
        )),
        None => dns(word),
    }
}

fn ip(word: &str) -> Result<San> {
    if let Some(address) = parse_ip(word) {
        return Ok(San::Ip(address));
    }
    let bare = word.trim_matches(['[', ']']);
    let host = word.strip_prefix('[').and_then(|w| w.split_once("]:")).map(|(host, _)| host);
    match (host.and_then(parse_ip), bare.split_once('%')) {
        (Some(address), _) => Err(refused(word, "a certificate names hosts without ports", format!("write {address}"))),
        (None, Some((address, _))) if parse_ip(address).is_some() => {
            Err(refused(word, "a certificate cannot name the zone of a link-local address", format!("write {address}")))
        }
        _ => Err(refused(word, "it is no IP address", "write it like 192.0.2.1 or 2001:db8::1")),
    }
}

/// RFC 5280 section 4.2.1.6 and RFC 9525 section 6.3: a wildcard is the whole first label; names are A-labels in
/// lower case, without the final dot of an absolute name.
fn dns(word: &str) -> Result<San> {
    let name = word.strip_suffix('.').unwrap_or(word);
    let (star, domain) = match name.strip_prefix("*.") {
        Some(domain) => ("*.", domain),
        None => ("", name),
    };
    if name == "*" {
        return Err(refused(word, "no client accepts a wildcard for every name", "write the domain too: *.example.com"));
    }
    if domain.contains('*') {
        return Err(refused(
            word,
            "a wildcard stands for exactly one whole label, the first",
            "write *.example.com, and one name for each further level",
        ));
    }
    let is_odd = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_');
    if let Some(c) = domain.chars().find(|c| is_odd(*c)) {
        return Err(refused(
            word,
            format!("a host name cannot have \"{c}\" in it"),
            "write the host name alone, such as api.example",
        ));
    }
    let foreign =
        || refused(word, "it is no host name under the rules for international names (UTS 46)", "write it in A-labels: xn--…");
    let ascii = idna::domain_to_ascii(domain).map_err(|_| foreign())?;
    // UTS 46 makes wide letters plain, and a stroke that stands alone a space: "＊" and "´" come out as what was refused above
    if ascii.contains(is_odd) {
        return Err(foreign());
    }
    // looks like an address (WHATWG URL, "ends in a number"), and no client would compare it as a name
    if ascii.rsplit('.').next().is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())) {
        return Err(refused(
            word,
            "it ends in a number, as only an IP address does",
            "write the address in full, such as 192.0.2.1",
        ));
    }
    let labels = ascii.split('.');
    for label in labels {
        if label.is_empty() {
            return Err(refused(word, "a part of it is empty", "write labels with one dot between them"));
        }
        if label.len() > 63 {
            return Err(refused(
                word,
                format!("a part of it has {} characters; 63 are allowed", label.len()),
                "use a shorter name",
            ));
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(refused(word, "a part of it starts or ends with a hyphen", "leave the hyphen out"));
        }
    }
    if star.len() + ascii.len() > 253 {
        return Err(refused(word, "it has more than 253 characters", "use a shorter name"));
    }
    Ok(San::Dns(format!("{star}{ascii}")))
}

/// RFC 5280 section 4.2.1.6: absolute, ASCII; for SPIFFE also the rules of its ID (SPIFFE-ID, section 2).
fn uri(text: &str) -> Result<San> {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    let scheme_is_fine = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    if !scheme_is_fine || rest.is_empty() {
        return Err(refused(text, "it is no absolute URI", "write it with its scheme, such as spiffe://example/api"));
    }
    if !text.is_ascii() || text.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
        return Err(refused(text, "a URI is plain ASCII", "write other characters as %XX of their UTF-8 bytes"));
    }
    if let Some(id) = text.strip_prefix("spiffe://") {
        spiffe(id).map_err(|why| refused(text, why, "write it as spiffe://trust-domain/path"))?;
    }
    Ok(San::Uri(text.to_owned()))
}

fn spiffe(id: &str) -> Result<(), &'static str> {
    let (domain, path) = id.split_once('/').map_or((id, None), |(domain, path)| (domain, Some(path)));
    if domain.is_empty() || !domain.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b)) {
        return Err("the trust domain of a SPIFFE ID is lower-case letters, digits, \".\", \"-\" and \"_\", without a port");
    }
    let segment_is_fine =
        |s: &str| !matches!(s, "" | "." | "..") && s.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
    if path.is_some_and(|path| !path.split('/').all(segment_is_fine)) {
        return Err("the path of a SPIFFE ID has parts of letters, digits, \".\", \"-\" and \"_\", none of them empty");
    }
    if id.len() + "spiffe://".len() > 2048 {
        return Err("a SPIFFE ID has at most 2048 characters");
    }
    Ok(())
}

/// RFC 5280 section 4.2.1.6: `local@domain`, both ASCII (a local part in other letters needs RFC 9598, which TLS
/// peers do not read).
fn email(word: &str) -> Result<San> {
    let wrong = |why: &str| Err(refused(word, why, "write it like ops@example.com"));
    let Some((local, domain)) = word.rsplit_once('@') else { return wrong("it is no mail address") };
    if local.is_empty() || local.contains(['@', '"', '(', ')', '<', '>', ',', ';', ':', '[', ']', '\\']) {
        return wrong("the part before the @ is no mailbox");
    }
    if !local.is_ascii() {
        return wrong("the part before the @ must be plain ASCII in a certificate");
    }
    match dns(domain)? {
        San::Dns(domain) if !domain.starts_with('*') => Ok(San::Email(format!("{local}@{domain}"))),
        _ => wrong("the part after the @ is no domain"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(word: &str) -> String {
        match parse(word, Side::Server) {
            Ok(san) => san.to_string(),
            Err(e) => {
                assert_eq!(e.kind, Kind::Usage);
                assert!(!e.fix.is_empty());
                format!("error: {}", e.because.join("; "))
            }
        }
    }

    #[test]
    fn words_become_the_names_they_mean() {
        for (word, name) in [
            ("API.Example.", "DNS:api.example"),
            ("*.example.com", "DNS:*.example.com"),
            ("bücher.example", "DNS:xn--bcher-kva.example"),
            ("*.bücher.example", "DNS:*.xn--bcher-kva.example"),
            ("my_service", "DNS:my_service"),
            ("127.0.0.1", "IP:127.0.0.1"),
            ("[2001:DB8::1]", "IP:2001:db8::1"),
            ("::1", "IP:::1"),
            ("IP:::1", "IP:::1"),
            ("dns:localhost", "DNS:localhost"),
            ("spiffe://example/ns/api", "URI:spiffe://example/ns/api"),
            ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
            ("URI:https://api.example/", "URI:https://api.example/"),
            ("email:ops@bücher.example", "email:ops@xn--bcher-kva.example"),
        ] {
            assert_eq!(server(word), name, "{word}");
        }
        assert_eq!(parse("ops@example.com", Side::Client).unwrap().to_string(), "email:ops@example.com");
    }

    #[test]
    fn nonsense_is_refused_with_the_reason() {
        for (word, reason) in [
            ("", "empty"),
            ("a b", "a space"),
            ("a\u{7}b", "U+0007"),
            ("api.example:8443", "without ports"),
            ("[::1]:8443", "without ports"),
            ("https://api.example:8443/x", "scheme"),
            ("*", "every name"),
            ("a.*.example", "the first"),
            ("a*.example", "the first"),
            ("*.*.example", "the first"),
            ("a..example", "empty"),
            ("-a.example", "hyphen"),
            ("300.1.2.3", "ends in a number"),
            ("10.0.0.0/8", "not networks"),
            ("example.com/path", "\"/\""),
            ("ops@example.com", "mail address"),
            ("fe80::1%eth0", "zone"),
            ("2001:db8:::1", "no IP address"),
            ("IP:localhost", "no IP address"),
            ("foo:bar", "no kind of name"),
            ("URI:nothing", "absolute"),
            ("spiffe://Example/x", "lower-case"),
            ("spiffe://example//x", "empty"),
            ("xn--zzzz-.example", "UTS 46"),
            ("\u{b4}ch.example", "UTS 46"),
            ("\u{ff0a}.example", "UTS 46"),
            ("\u{ff11}27.0.0.\u{ff11}", "ends in a number"),
        ] {
            let answer = server(word);
            assert!(answer.starts_with("error: ") && answer.contains(reason), "{word}: {answer}");
        }
        assert!(server(&"a".repeat(64)).contains("64 characters"));
        assert!(server(&["abcdefgh"; 29].join(".")).contains("253"));
    }

    #[test]
    fn international_names_are_shown_both_ways() {
        assert_eq!(shown(&San::Dns("*.xn--bcher-kva.example".to_owned())), "*.bücher.example (*.xn--bcher-kva.example)");
        assert_eq!(shown(&San::Dns("api.example".to_owned())), "api.example");
    }
}
