//! Where to listen: `HOST:PORT`, `:PORT`, `PORT`, `[::1]:PORT`.

use crate::error::{Error, Kind, Result};
use crate::safe::Safe;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::str::FromStr;

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: Host,
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    /// This machine only: a port alone.
    Loopback,
    /// Every interface: `:PORT`, `*:PORT`.
    Any,
    Ip(IpAddr),
    Name(String),
}

impl FromStr for Address {
    type Err = String;

    /// Reads `HOST:PORT`, `:PORT` (every interface), `PORT` (this machine only) or `[::1]:PORT`. Port 0 is any free one.
    fn from_str(text: &str) -> Result<Address, String> {
        let wanted =
            || "want HOST:PORT, [::1]:PORT, :PORT (every interface) or PORT (this machine only), as in localhost:8443".to_owned();
        let (host, port) = text.rsplit_once(':').map_or((None, text), |(host, port)| (Some(host), port));
        let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        if !is_number {
            return Err(wanted());
        }
        let port = port.parse().map_err(|_| "a port is a number from 0 to 65535".to_owned())?;
        let host = match host {
            None => Host::Loopback,
            Some("" | "*") => Host::Any,
            Some(host) => match host.strip_prefix('[').map(|h| h.strip_suffix(']').ok_or_else(wanted)) {
                Some(ip) => Host::Ip(ip?.parse::<Ipv6Addr>().map_err(|_| wanted())?.into()),
                // without brackets it cannot be told where an IPv6 address ends
                None if host.contains([':', '/', ' ', '[', ']']) => return Err(wanted()),
                None => host.parse().map_or_else(|_| Host::Name(host.to_owned()), Host::Ip),
            },
        };
        Ok(Address { host, port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Loopback => write!(f, "127.0.0.1:{}", self.port),
            Host::Any => write!(f, ":{}", self.port),
            Host::Ip(ip) => SocketAddr::new(*ip, self.port).fmt(f),
            Host::Name(name) => write!(f, "{}:{}", Safe(name), self.port),
        }
    }
}

impl Address {
    /// Listens there; with the address that it became.
    pub(super) fn listen(&self) -> Result<(TcpListener, SocketAddr)> {
        let bound = TcpListener::bind(&self.candidates()?[..]).and_then(|listener| {
            let address = listener.local_addr()?;
            Ok((listener, address))
        });
        bound.map_err(|e| self.refused(e))
    }

    fn candidates(&self) -> Result<Vec<SocketAddr>> {
        let at = |ip: IpAddr| SocketAddr::new(ip, self.port);
        Ok(match &self.host {
            Host::Loopback => vec![at(Ipv4Addr::LOCALHOST.into())],
            // an IPv6 socket takes IPv4 as well, except on Windows; IPv4 alone where there is no IPv6
            Host::Any if cfg!(windows) => vec![at(Ipv4Addr::UNSPECIFIED.into())],
            Host::Any => vec![at(Ipv6Addr::UNSPECIFIED.into()), at(Ipv4Addr::UNSPECIFIED.into())],
            Host::Ip(ip) => vec![at(*ip)],
            Host::Name(name) => {
                let resolved = (name.as_str(), self.port).to_socket_addrs().map_err(|e| {
                    Error::new(
                        Kind::Network,
                        format!("the host name \"{}\" does not resolve", Safe(name)),
                        "give an address of this machine, as in 127.0.0.1:8443, or :8443 for every interface",
                    )
                    .because(e)
                })?;
                let mut resolved: Vec<SocketAddr> = resolved.collect();
                // clients that get both addresses of "localhost" try both, but some know IPv4 only
                resolved.sort_by_key(SocketAddr::is_ipv6);
                resolved
            }
        })
    }

    fn refused(&self, error: io::Error) -> Error {
        let (what, fix) = match error.kind() {
            ErrorKind::AddrInUse => (
                format!("{self}: another program listens there already"),
                format!("give another port, or 0 for any free one; ss -ltnp 'sport = :{}' shows the program", self.port),
            ),
            ErrorKind::PermissionDenied => (
                format!("{self}: this user may not listen there"),
                format!(
                    "give a port from 1024 on, as in {}; lower ones are the administrator's",
                    Address { port: 8443, ..self.clone() }
                ),
            ),
            ErrorKind::AddrNotAvailable => (
                format!("{self} is no address of this machine"),
                format!("give one that it has (ip address), or :{} for every interface", self.port),
            ),
            _ => (format!("{self}: cannot listen there"), "give another address, as in 127.0.0.1:8443".to_owned()),
        };
        Error::new(Kind::Network, what, fix).because(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        text.parse::<Address>().map(|a| a.to_string())
    }

    #[test]
    fn addresses_are_read_in_every_form() {
        for (text, shown) in [
            ("8443", "127.0.0.1:8443"),
            ("0", "127.0.0.1:0"),
            (":8443", ":8443"),
            ("*:8443", ":8443"),
            ("[::1]:8443", "[::1]:8443"),
            ("localhost:8443", "localhost:8443"),
            ("10.1.2.3:1", "10.1.2.3:1"),
        ] {
            assert_eq!(read(text), Ok(shown.to_owned()));
        }
        for text in [
            "",
            ":",
            "localhost",
            "::1:8443",
            "[::1]",
            "[::1:8443",
            "localhost:",
            "localhost:https",
            "a:65536",
            "-1",
            "+1",
            "http://a:1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_had_says_why() {
        let listen = |text: String| text.parse::<Address>().unwrap().listen().unwrap_err();
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let error = listen(taken.local_addr().unwrap().to_string());
        assert!(
            error.what.ends_with("another program listens there already") && error.fix.contains("0 for any free one"),
            "{error}"
        );
        assert_eq!((error.kind, error.kind.exit_status()), (Kind::Network, 1));
        let error = listen("192.0.2.1:0".to_owned()); // TEST-NET-1, RFC 5737
        assert!(error.what.ends_with("is no address of this machine"), "{error}");
        let error = listen("no-such-host.invalid:0".to_owned());
        assert!(error.what.ends_with("does not resolve"), "{error}");
    }
}
