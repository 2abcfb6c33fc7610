//! What a server says where nobody asks for TLS.

use super::dial::{Route, dial};
use super::plain::KEPT;
use super::wire::Wire;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long a server may take to greet us before we greet it.
const GREETING: Duration = Duration::from_millis(800);

/// What `address` says without TLS: its greeting, or its answer to a plain HTTP request. Empty where it says nothing.
pub fn listen(address: SocketAddr, route: &Route) -> Vec<u8> {
    let Ok(mut stream) = dial(address, route) else { return Vec::new() };
    let mut bytes = vec![0; KEPT];
    let mut hear = |stream: &mut std::net::TcpStream, patience: Duration, words: &[u8]| {
        let mut wire = Wire::new(stream, Instant::now() + patience);
        if wire.send(words).is_err() {
            return 0;
        }
        wire.some(&mut bytes).unwrap_or(0)
    };
    let mut heard = hear(&mut stream, GREETING.min(route.timeout), b"");
    if heard == 0 {
        let request = format!("GET / HTTP/1.0\r\nHost: {}\r\n\r\n", route.host);
        heard = hear(&mut stream, route.timeout.min(Duration::from_secs(3)), request.as_bytes());
    }
    bytes.truncate(heard);
    // an alert means that TLS is spoken here after all
    if bytes.first() == Some(&0x15) { Vec::new() } else { bytes }
}
