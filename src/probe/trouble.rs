//! Why TLS could not begin.

use super::plain::protocol;
use std::fmt;
use std::io::{self, ErrorKind};

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
                write!(f, "the server speaks {}", protocol(bytes).unwrap_or("another protocol"))
            }
            Trouble::Closed(what) => write!(f, "the connection was closed {what}"),
        }
    }
}

/// What an error in the midst of a dialogue means; `what` was waited for.
pub(super) fn in_dialogue(error: &io::Error, what: &'static str) -> Trouble {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Trouble::TimedOut(what),
        _ => Trouble::Closed("before TLS began"),
    }
}
