//! Names to addresses.

use super::trouble::Trouble;
use crate::pki::name::parse_ip;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::time::Duration;

/// How many addresses of a name are tried.
pub const MAX_ADDRESSES: usize = 16;

/// The addresses behind `host`, in the order in which the system prefers them.
///
/// # Errors
/// [`Trouble::NotResolved`], also where the system's resolver takes longer than `timeout`: it cannot be told to hurry, so it
/// is left behind.
pub fn addresses(host: &str, port: u16, timeout: Duration) -> Result<Vec<SocketAddr>, Trouble> {
    if let Some(ip) = parse_ip(host) {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (sender, receiver) = mpsc::channel();
    let name = host.to_owned();
    let asking = std::thread::Builder::new().spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(|found| found.take(4 * MAX_ADDRESSES).collect::<Vec<_>>());
        // nobody listens any more where it took too long
        let _ = sender.send(found);
    });
    if asking.is_err() {
        return Err(Trouble::NotResolved("the resolver's thread does not start".to_owned()));
    }
    let found = match receiver.recv_timeout(timeout) {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(Trouble::NotResolved(reason(&error.to_string()))),
        Err(_) => return Err(Trouble::NotResolved("the resolver did not answer in the time allowed".to_owned())),
    };
    let mut distinct: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !distinct.contains(&address) && distinct.len() < MAX_ADDRESSES {
            distinct.push(address);
        }
    }
    if distinct.is_empty() { Err(Trouble::NotResolved("the name has no address".to_owned())) } else { Ok(distinct) }
}

/// `failed to lookup address information: Name or service not known` without its beginning.
fn reason(error: &str) -> String {
    error.rsplit(": ").next().unwrap_or(error).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_resolve_to_themselves_and_nonsense_to_nothing() {
        let second = Duration::from_secs(5);
        assert_eq!(addresses("127.0.0.1", 1, second), Ok(vec!["127.0.0.1:1".parse().unwrap()]));
        assert_eq!(addresses("::1", 1, second), Ok(vec!["[::1]:1".parse().unwrap()]));
        assert!(addresses("localhost", 1, second).unwrap().iter().all(|a| a.ip().is_loopback()));
        assert!(matches!(addresses("no-such-host.invalid", 1, second), Err(Trouble::NotResolved(_))));
    }
}
