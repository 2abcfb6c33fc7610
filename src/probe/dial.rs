//! From an address to a TCP connection on which TLS may begin.

use super::trouble::Trouble;
use super::wire::Wire;
use super::{Proxy, StartTls, proxy, starttls};
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
