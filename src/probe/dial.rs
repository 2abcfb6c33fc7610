//! From an address to a TCP connection on which TLS may begin.

use super::wire::Wire;
use super::{Proxy, StartTls, proxy, starttls};
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The way to a server, beside its address.
#[derive(Debug, Clone)]
pub struct Route {
    /// The host, for a proxy and for protocols that name it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The proxy to go through.
    pub proxy: Option<Proxy>,
    /// The protocol in which TLS must be asked for.
    pub starttls: Option<StartTls>,
    /// How long it may take until TLS can begin.
    pub timeout: Duration,
}

/// Why there is no connection to speak TLS on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The name has no address; says why.
    NotResolved(String),
    /// Nothing listens there.
    Refused,
    /// No answer in the time allowed; says to what.
    TimedOut(&'static str),
    /// There is no way there; says why.
    Unreachable(String),
    /// The proxy did not connect us; says what it answered.
    Proxy(String),
    /// The server speaks the protocol, but offers no TLS in it; says what it answered.
    NoStartTls(String),
    /// The server does not speak the protocol in which TLS was to be asked for; these are its first bytes.
    AnotherProtocol(Vec<u8>),
    /// The connection was closed before TLS could begin; says at which point.
    Closed(&'static str),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::NotResolved(why) | Trouble::Unreachable(why) => f.write_str(why),
            Trouble::Refused => f.write_str("nothing listens there"),
            Trouble::TimedOut(what) => write!(f, "no answer to {what} in the time allowed"),
            Trouble::Proxy(said) => write!(f, "the proxy says \"{said}\""),
            Trouble::NoStartTls(said) => write!(f, "the server offers no TLS: {said}"),
            Trouble::AnotherProtocol(bytes) => {
                write!(f, "the server speaks {}", super::plain::protocol(bytes).unwrap_or("another protocol"))
            }
            Trouble::Closed(what) => write!(f, "the connection was closed {what}"),
        }
    }
}

/// Connects to `address` and does all that comes before TLS.
///
/// # Errors
/// Why TLS cannot begin.
pub fn dial(address: SocketAddr, route: &Route) -> Result<TcpStream, Trouble> {
    let deadline = Instant::now() + route.timeout;
    let mut stream = TcpStream::connect_timeout(&address, route.timeout).map_err(|error| connecting(&error))?;
    // a delayed small write would only cost time
    let _ = stream.set_nodelay(true);
    if let Some(through) = &route.proxy {
        proxy::connect(&mut Wire::new(&mut stream, deadline), through, &route.host, route.port)?;
    }
    if let Some(protocol) = route.starttls {
        starttls::ask(&mut Wire::new(&mut stream, deadline), protocol, &route.host)?;
    }
    Ok(stream)
}

fn connecting(error: &io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::ConnectionRefused => Trouble::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Trouble::TimedOut("the connection"),
        ErrorKind::ConnectionReset => Trouble::Closed("as soon as it was asked for"),
        _ => Trouble::Unreachable(format!("there is no way to that address ({})", words(error))),
    }
}

/// What the system says, without its error number.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// What an error in the midst of a dialogue means; `what` was waited for.
pub(super) fn in_dialogue(error: &io::Error, what: &'static str) -> Trouble {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Trouble::TimedOut(what),
        _ => Trouble::Closed("before TLS began"),
    }
}
