//! A server's answer to a first message, read as far as it tells what the server chose.

use super::wire::Wire;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Instant;

/// How much of the handshake is read: a ServerHello is far shorter.
const MAX_HELLO: usize = 16 << 10;
/// A record's content is at most this long (RFC 8446 section 5.2, RFC 5246 section 6.2.3).
const MAX_RECORD: usize = (16 << 10) + 2048;
/// The random of a ServerHello that asks for another key share (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a,
    0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It goes on with these choices.
    Hello(Choice),
    /// It refuses with this alert.
    Alert(u8),
    /// It closes without a word.
    Closed,
    /// It says nothing in the time allowed.
    Silent,
    /// It answers something that is no TLS; its beginning.
    NotTls(Vec<u8>),
}

/// A server's choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The version.
    pub version: u16,
    /// The cipher suite.
    pub suite: u16,
    /// The group, where it is told this early (TLS 1.3).
    pub group: Option<u16>,
    /// Whether it asks for a key share of that group first.
    pub is_retry: bool,
}

/// Sends `message` and reads the answer until `deadline`.
pub(super) fn exchange(stream: &mut TcpStream, message: &[u8], deadline: Instant) -> Reply {
    let mut wire = Wire::new(stream, deadline);
    if wire.send(message).is_err() {
        return Reply::Closed;
    }
    read(&mut |n| wire.exactly(n)).unwrap_or_else(|error| match error.kind() {
        ErrorKind::TimedOut => Reply::Silent,
        _ => Reply::Closed,
    })
}

/// Reads records from `next`, which yields exactly as many bytes as it is asked for.
///
/// # Errors
/// Those of `next`.
pub fn read(next: &mut dyn FnMut(usize) -> std::io::Result<Vec<u8>>) -> std::io::Result<Reply> {
    let mut handshake = Vec::new();
    while handshake.len() < MAX_HELLO {
        let mut head = next(1)?;
        if !matches!(head[0], 0x14..=0x17) {
            // what a plain-text server says comes in one piece, most of it
            while head.len() < 64 {
                match next(1) {
                    Ok(more) => head.extend(more),
                    Err(_) => break,
                }
            }
            return Ok(Reply::NotTls(head));
        }
        head.extend(next(4)?);
        let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
        if head[1] != 3 || length > MAX_RECORD {
            return Ok(Reply::NotTls(head));
        }
        let content = next(length)?;
        match (head[0], content.as_slice()) {
            // a warning (unrecognized_name, say) is no refusal
            (0x15, [1, number, ..]) if *number != 0 => {}
            (0x15, [_, number, ..]) => return Ok(Reply::Alert(*number)),
            (0x16, more) => handshake.extend(more),
            _ => return Ok(Reply::NotTls(head)),
        }
        if let [kind, a, b, c, ..] = handshake[..] {
            let length = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
            if kind != 2 {
                return Ok(Reply::NotTls(handshake));
            }
            if handshake.len() >= 4 + length {
                return Ok(hello(&handshake[4..4 + length]).map_or(Reply::NotTls(head), Reply::Hello));
            }
        }
    }
    Ok(Reply::Closed)
}

/// A ServerHello (RFC 8446 section 4.1.3).
fn hello(body: &[u8]) -> Option<Choice> {
    let legacy = u16::from_be_bytes([*body.first()?, *body.get(1)?]);
    let random = body.get(2..34)?;
    let after_session = 35 + usize::from(*body.get(34)?);
    let suite = u16::from_be_bytes([*body.get(after_session)?, *body.get(after_session + 1)?]);
    let mut choice = Choice { version: legacy, suite, group: None, is_retry: random == RETRY };
    let mut rest = body.get(after_session + 5..).unwrap_or_default();
    while let [a, b, c, d, more @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*c, *d]));
        let content = more.get(..length)?;
        match (u16::from_be_bytes([*a, *b]), content) {
            (43, [high, low]) => choice.version = u16::from_be_bytes([*high, *low]),
            (51, [high, low, ..]) => choice.group = Some(u16::from_be_bytes([*high, *low])),
            _ => {}
        }
        rest = &more[length..];
    }
    Some(choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Reply {
        let mut rest = bytes;
        let mut next = |n: usize| {
            let (taken, left) = rest.split_at_checked(n).ok_or(std::io::Error::from(ErrorKind::UnexpectedEof))?;
            rest = left;
            Ok(taken.to_vec())
        };
        read(&mut next).unwrap_or(Reply::Closed)
    }

    /// A ServerHello in one record.
    fn server_hello(legacy: u16, random: [u8; 32], suite: u16, extensions: &[u8]) -> Vec<u8> {
        let mut body = legacy.to_be_bytes().to_vec();
        body.extend(random);
        body.push(0);
        body.extend(suite.to_be_bytes());
        body.push(0);
        body.extend((extensions.len() as u16).to_be_bytes());
        body.extend(extensions);
        let mut handshake = vec![2, 0];
        handshake.extend((body.len() as u16).to_be_bytes());
        handshake.extend(body);
        let mut record = vec![0x16, 3, 3];
        record.extend((handshake.len() as u16).to_be_bytes());
        record.extend(handshake);
        record
    }

    #[test]
    fn choices_are_read() {
        let old = server_hello(0x0302, [7; 32], 0x002f, &[]);
        assert_eq!(told(&old), Reply::Hello(Choice { version: 0x0302, suite: 0x002f, group: None, is_retry: false }));
        let new = server_hello(0x0303, RETRY, 0x1301, &[0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 0x19]);
        assert_eq!(told(&new), Reply::Hello(Choice { version: 0x0304, suite: 0x1301, group: Some(0x19), is_retry: true }));
        // in pieces, after a warning
        let mut pieces = vec![0x15, 3, 3, 0, 2, 1, 112];
        for piece in old[5..].chunks(20) {
            pieces.extend([0x16, 3, 2, 0, piece.len() as u8]);
            pieces.extend(piece);
        }
        assert_eq!(told(&pieces), told(&old));
    }

    #[test]
    fn anything_else_ends_without_harm() {
        assert_eq!(told(b"\x15\x03\x01\x00\x02\x02\x46"), Reply::Alert(70));
        assert_eq!(told(b""), Reply::Closed);
        assert_eq!(told(b"\x16\x03\x03"), Reply::Closed);
        assert_eq!(told(b"HTTP/1.1 400 Bad Request"), Reply::NotTls(b"HTTP/1.1 400 Bad Request".to_vec()));
        assert!(matches!(told(b"\x16\x03\x03\xff\xff"), Reply::NotTls(_)));
        assert_eq!(told(&[0x16, 3, 3, 0, 0].repeat(100_000)), Reply::Closed);
        let whole = server_hello(0x0303, [7; 32], 0x1301, &[0, 43, 0, 2, 3, 4]);
        for end in 0..whole.len() {
            assert_eq!(told(&whole[..end]), Reply::Closed, "{end}");
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut altered = whole.clone();
                altered[at] = value;
                let _ = told(&altered);
            }
        }
    }
}
