//! What goes over the wire to strangers: names to addresses, TCP, proxies and STARTTLS dialogues, handshakes with a client
//! of ours, and hand-made first messages that find out what a server would have liked to hear.
//!
//! Everything here has a deadline and a count; what a stranger says is read up to a cap.

pub mod dial;
pub mod errand;
pub mod greeting;
pub mod hello;
pub mod plain;
pub mod proxy;
pub mod reply;
pub mod resolve;
pub mod starttls;
pub mod survey;
pub mod trouble;
pub mod visit;
pub mod wire;

pub use dial::Route;
pub use proxy::Proxy;
pub use starttls::StartTls;
pub use survey::{Lack, Survey};
pub use trouble::Trouble;
pub use visit::{Auth, Latencies, Plan, Seen, Stop, Visit};

use crate::pki::name::parse_ip;
use crate::pki::san::ascii_host;
use std::fmt;

/// The port of a target that names none.
pub const DEFAULT_PORT: u16 = 443;

/// Where to go: a host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// A DNS name, or an IP address without brackets.
    pub host: String,
    /// The port, where one was given.
    pub port: Option<u16>,
}

impl Target {
    /// Reads `HOST`, `HOST:PORT`, `[IPv6]:PORT`, an IPv6 address, or the beginning of an `https://` address.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Target, String> {
        let text = text.trim();
        let text = ["https://", "tls://", "ssl://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
        let text = text.split(['/', '?', '#']).next().unwrap_or_default();
        if text.parse::<std::net::Ipv6Addr>().is_ok() {
            // ::1:8443 is an address too, though hardly anyone means it
            let last = text.rsplit(':').next().unwrap_or_default();
            if last.len() > 2 && text.contains("::") && last.bytes().all(|b| b.is_ascii_digit()) {
                let address = text.strip_suffix(last).unwrap_or(text).trim_end_matches(':');
                let address = if address.is_empty() || text.ends_with(&format!("::{last}")) { "::" } else { address };
                return Err(format!(
                    "an IPv6 address and a port want brackets: [{address}]:{last}, or [{text}]:443 if all of it is the address"
                ));
            }
            return Ok(Target { host: text.to_owned(), port: None });
        }
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (ip, port) = rest.split_once(']').ok_or("an IPv6 address in brackets lacks its closing bracket")?;
                ip.parse::<std::net::Ipv6Addr>().map_err(|_| "what stands in brackets is no IPv6 address")?;
                (ip, if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or("want [IPv6]:PORT")?) })
            }
            None => match text.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let is_host = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ':' | '@' | '[' | ']' | '\\' | '"');
        if host.is_empty() || !(parse_ip(host).is_some() || host.chars().all(is_host)) {
            return Err("want HOST:PORT, as in api.example:8443, 127.0.0.1:8443 or [::1]:8443".to_owned());
        }
        let port = match port {
            None => None,
            Some(digits) => match digits.parse::<u16>() {
                Ok(port @ 1..) if digits.bytes().all(|b| b.is_ascii_digit()) => Some(port),
                _ => return Err("want a port between 1 and 65535 after the colon".to_owned()),
            },
        };
        Ok(Target { host: ascii_host(host), port })
    }

    /// Whether it is an IP address.
    pub fn is_ip(&self) -> bool {
        parse_ip(&self.host).is_some()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.host, self.port) {
            (host, Some(port)) if host.contains(':') => write!(f, "[{host}]:{port}"),
            (host, Some(port)) => write!(f, "{host}:{port}"),
            (host, None) => f.write_str(host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_hosts_with_or_without_a_port() {
        for (text, host, port) in [
            ("api.example:8443", "api.example", Some(8443)),
            ("api.example", "api.example", None),
            ("127.0.0.1:1", "127.0.0.1", Some(1)),
            ("[::1]:8443", "::1", Some(8443)),
            ("[::1]", "::1", None),
            ("::1", "::1", None),
            ("2001:db8::1", "2001:db8::1", None),
            ("https://api.example:8443/path?x#y", "api.example", Some(8443)),
            ("https://api.example/", "api.example", None),
        ] {
            assert_eq!(Target::parse(text), Ok(Target { host: host.to_owned(), port }), "{text}");
        }
        assert_eq!(Target::parse("bücher.example:1").unwrap().host, "xn--bcher-kva.example");
        // what UTS 46 makes nothing of stays as it is, and is no name that resolves
        for text in ["\u{34f}", "a.\u{34f}.example"] {
            assert_eq!(Target::parse(text).unwrap().host, text);
        }
        for text in ["::1:8443", "2001:db8::1:443", "::443"] {
            assert!(Target::parse(text).unwrap_err().contains(if text == "::443" { "[::]:443" } else { ":1]:" }), "{text}");
        }
        for text in ["", ":443", "a:0", "a:65536", "a:+1", "a:x", "a b:1", "[::1", "[x]:1", "[::1]1", "user@host:1", "a:1:2"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert_eq!(Target::parse("[::1]:1").unwrap().to_string(), "[::1]:1");
    }
}
