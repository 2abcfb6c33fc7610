//! HTTP proxies: a tunnel by CONNECT (RFC 9110 section 9.3.6).

use super::Target;
use super::trouble::{Trouble, in_dialogue};
use super::wire::Wire;
use base64::Engine as _;
use std::fmt;
use zeroize::Zeroizing;

/// An HTTP proxy.
#[derive(Clone)]
pub struct Proxy {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `user:password`, where it wants one.
    credentials: Option<Zeroizing<String>>,
}

/// Without its password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy {}", self.name())
    }
}

impl Proxy {
    /// Reads `http://[user:password@]host[:port]`. Without a port it is 3128, as of most proxies.
    ///
    /// # Errors
    /// What is wrong with it, in words that leave the password out.
    pub fn parse(text: &str) -> Result<Proxy, String> {
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            None => text,
            Some(_) => return Err("only http:// proxies are spoken to (the tunnel itself carries TLS)".to_owned()),
        };
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => (Some(Zeroizing::new(unescaped(credentials)?)), place),
            None => (None, rest),
        };
        let target = Target::parse(place).map_err(|_| "want http://[user:password@]host:port".to_owned())?;
        Ok(Proxy { host: target.host, port: target.port.unwrap_or(3128), credentials })
    }

    /// `host:port`
    pub fn name(&self) -> String {
        Target { host: self.host.clone(), port: Some(self.port) }.to_string()
    }
}

/// Percent-escapes resolved, as in any address with a password in it.
fn unescaped(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits: String = [rest.next(), rest.next()].into_iter().flatten().map(char::from).collect();
            u8::from_str_radix(&digits, 16).map_err(|_| "a % in the proxy's user or password must be written %25".to_owned())?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).map_err(|_| "the proxy's user or password is no UTF-8".to_owned())
}

/// Asks the proxy for a tunnel to `host`.
///
/// # Errors
/// What it answered instead.
pub fn connect(wire: &mut Wire<'_>, proxy: &Proxy, host: &str, port: u16) -> Result<(), Trouble> {
    let target = Target { host: host.to_owned(), port: Some(port) };
    let mut request = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if let Some(credentials) = &proxy.credentials {
        let encoded = Zeroizing::new(base64::engine::general_purpose::STANDARD.encode(credentials.as_bytes()));
        request.push_str(&format!("Proxy-Authorization: Basic {}\r\n", encoded.as_str()));
    }
    request.push_str("\r\n");
    let what = "the request to the proxy";
    wire.send(request.as_bytes()).map_err(|e| in_dialogue(&e, what))?;
    let silent = |e: std::io::Error| match in_dialogue(&e, what) {
        Trouble::Closed(_) => Trouble::Proxy("nothing, and closed the connection".to_owned()),
        other => other,
    };
    let status = wire.line().map_err(silent)?;
    if !status.starts_with("HTTP/") {
        return Err(Trouble::Proxy(format!("{} (which is no HTTP)", status.chars().take(60).collect::<String>())));
    }
    let code = status.split_ascii_whitespace().nth(1).unwrap_or_default();
    if !matches!(code.as_bytes(), [b'2', _, _]) {
        return Err(Trouble::Proxy(status));
    }
    wire.lines_until(str::is_empty).map_err(silent).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_has_a_place_and_perhaps_credentials() {
        let proxy = Proxy::parse("http://me:p%40ss@proxy.example:8080/").unwrap();
        assert_eq!((proxy.name(), proxy.credentials.as_ref().unwrap().as_str()), ("proxy.example:8080".to_owned(), "me:p@ss"));
        assert!(!format!("{proxy:?}").contains("p@ss"));
        assert_eq!(Proxy::parse("[::1]").unwrap().name(), "[::1]:3128");
        for text in ["https://p:1", "socks5://p:1", "http://", "http://u:p@", "http://%zz@p:1"] {
            assert!(Proxy::parse(text).is_err(), "{text}");
        }
    }
}
