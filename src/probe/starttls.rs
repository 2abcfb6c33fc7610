//! Protocols that begin in plain text and are asked for TLS.

use super::plain;
use super::trouble::{Trouble, in_dialogue};
use super::wire::Wire;
use crate::safe::Safe;

/// A protocol with a request for TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// RFC 3207.
    Smtp,
    /// RFC 9051 section 6.2.1.
    Imap,
    /// RFC 2595 section 4.
    Pop3,
    /// RFC 4511 section 4.14.
    Ldap,
    /// PostgreSQL's SSLRequest ("Frontend/Backend Protocol", "SSL Session Encryption").
    Postgres,
    /// MySQL's and MariaDB's SSLRequest packet ("Client/Server Protocol", "Connection Phase").
    Mysql,
    /// RFC 6120 section 5.
    Xmpp,
    /// RFC 4217.
    Ftp,
}

impl StartTls {
    /// Every one.
    pub const ALL: [StartTls; 8] = [
        StartTls::Smtp,
        StartTls::Imap,
        StartTls::Pop3,
        StartTls::Ldap,
        StartTls::Postgres,
        StartTls::Mysql,
        StartTls::Xmpp,
        StartTls::Ftp,
    ];

    /// Its name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            StartTls::Smtp => "smtp",
            StartTls::Imap => "imap",
            StartTls::Pop3 => "pop3",
            StartTls::Ldap => "ldap",
            StartTls::Postgres => "postgres",
            StartTls::Mysql => "mysql",
            StartTls::Xmpp => "xmpp",
            StartTls::Ftp => "ftp",
        }
    }

    /// The port that its servers listen on where none was given.
    pub fn port(self) -> u16 {
        match self {
            StartTls::Smtp => 25,
            StartTls::Imap => 143,
            StartTls::Pop3 => 110,
            StartTls::Ldap => 389,
            StartTls::Postgres => 5432,
            StartTls::Mysql => 3306,
            StartTls::Xmpp => 5222,
            StartTls::Ftp => 21,
        }
    }

    /// Its name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            StartTls::Smtp => "SMTP",
            StartTls::Imap => "IMAP",
            StartTls::Pop3 => "POP3",
            StartTls::Ldap => "LDAP",
            StartTls::Postgres => "PostgreSQL",
            StartTls::Mysql => "MySQL",
            StartTls::Xmpp => "XMPP",
            StartTls::Ftp => "FTP",
        }
    }
}

/// LDAP's extended request 1.3.6.1.4.1.1466.20037, message 1.
const LDAP_START: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
/// PostgreSQL's SSLRequest: its length, and 1234.5679 as its version.
const POSTGRES_START: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
/// CLIENT_SSL among MySQL's capabilities.
const MYSQL_SSL: u16 = 0x0800;
/// How long the answers of binary protocols and of XMPP may get.
const MAX_ANSWER: usize = 64 << 10;

/// Asks for TLS in `protocol`; after this the server waits for the first message of TLS.
///
/// # Errors
/// Why it will not come to that.
pub fn ask(wire: &mut Wire<'_>, protocol: StartTls, host: &str) -> Result<(), Trouble> {
    match protocol {
        StartTls::Smtp => smtp(wire),
        StartTls::Imap => imap(wire),
        StartTls::Pop3 => pop3(wire),
        StartTls::Ldap => ldap(wire),
        StartTls::Postgres => postgres(wire),
        StartTls::Mysql => mysql(wire),
        StartTls::Xmpp => xmpp(wire, host),
        StartTls::Ftp => ftp(wire),
    }
}

fn send(wire: &mut Wire<'_>, words: &[u8]) -> Result<(), Trouble> {
    wire.send(words).map_err(|e| in_dialogue(&e, "the request for TLS"))
}

/// Lines of a numbered answer (`250-…`, `250 …`), which must begin with `code`.
fn numbered(wire: &mut Wire<'_>, code: &str, what: &'static str) -> Result<Vec<String>, Trouble> {
    let is_last = |line: &str| !line.is_char_boundary(3) || line.len() < 4 || line.as_bytes()[3] != b'-';
    let lines = wire.lines_until(is_last).map_err(|e| in_dialogue(&e, what))?;
    match lines.last() {
        Some(last) if last.starts_with(code) => Ok(lines),
        Some(last) if last.len() >= 3 && last.as_bytes()[..3].iter().all(u8::is_ascii_digit) => Err(refused(last)),
        _ => Err(Trouble::AnotherProtocol(lines.join("\n").into_bytes())),
    }
}

fn refused(answer: &str) -> Trouble {
    Trouble::NoStartTls(format!("it says \"{}\"", Safe(answer.chars().take(200).collect::<String>())))
}

fn another(greeting: &str) -> Trouble {
    Trouble::AnotherProtocol(greeting.as_bytes().to_vec())
}

const GREETING: &str = "the wait for the server's greeting";
const REQUEST: &str = "the request for TLS";

fn smtp(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let greeting = numbered(wire, "220", GREETING)?;
    // FTP greets alike
    if greeting.iter().any(|line| plain::protocol(line.as_bytes()) == Some("FTP")) {
        return Err(another(&greeting.join("\n")));
    }
    send(wire, b"EHLO mtls.invalid\r\n")?;
    let offers = numbered(wire, "250", REQUEST)?;
    if !offers.iter().any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS"))) {
        return Err(Trouble::NoStartTls("STARTTLS is not among what it offers".to_owned()));
    }
    send(wire, b"STARTTLS\r\n")?;
    numbered(wire, "220", REQUEST).map(|_| ())
}

fn ftp(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    numbered(wire, "220", GREETING)?;
    send(wire, b"AUTH TLS\r\n")?;
    numbered(wire, "234", REQUEST).map(|_| ())
}

fn imap(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let greeting = wire.line().map_err(|e| in_dialogue(&e, GREETING))?;
    if !greeting.starts_with("* ") {
        return Err(another(&greeting));
    }
    send(wire, b"a1 STARTTLS\r\n")?;
    let answer = wire.lines_until(|line| line.starts_with("a1 ")).map_err(|e| in_dialogue(&e, REQUEST))?;
    match answer.last() {
        Some(last) if last.to_ascii_uppercase().starts_with("A1 OK") => Ok(()),
        last => Err(refused(last.map_or("", |l| l))),
    }
}

fn pop3(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let greeting = wire.line().map_err(|e| in_dialogue(&e, GREETING))?;
    if !greeting.starts_with("+OK") {
        return Err(another(&greeting));
    }
    send(wire, b"STLS\r\n")?;
    let answer = wire.line().map_err(|e| in_dialogue(&e, REQUEST))?;
    if answer.starts_with("+OK") { Ok(()) } else { Err(refused(&answer)) }
}

/// The answer is an ExtendedResponse whose first element is the result code, 0 for success.
fn ldap(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    send(wire, LDAP_START)?;
    let fail = |e: std::io::Error| in_dialogue(&e, REQUEST);
    let head = wire.exactly(2).map_err(fail)?;
    if head[0] != 0x30 {
        return Err(Trouble::AnotherProtocol(head));
    }
    let length = match head[1] {
        n @ ..=0x7f => usize::from(n),
        n @ 0x81..=0x84 => wire.exactly(usize::from(n - 0x80)).map_err(fail)?.iter().fold(0, |l, b| (l << 8) | usize::from(*b)),
        _ => return Err(Trouble::AnotherProtocol(head)),
    };
    if length > MAX_ANSWER {
        return Err(Trouble::NoStartTls("its answer is too long".to_owned()));
    }
    let answer = wire.exactly(length).map_err(fail)?;
    match answer.windows(3).find(|w| w[..2] == [0x0a, 0x01]).map(|w| w[2]) {
        Some(0) => Ok(()),
        Some(code) => Err(Trouble::NoStartTls(format!("LDAP result code {code}{}", ldap_words(code)))),
        None => Err(Trouble::NoStartTls("it answers something else".to_owned())),
    }
}

/// RFC 4511 appendix A.
fn ldap_words(code: u8) -> &'static str {
    match code {
        1 => " (operations error)",
        2 => " (protocol error: it does not know StartTLS)",
        52 => " (unavailable: it has no certificate)",
        53 => " (unwilling to perform)",
        _ => "",
    }
}

fn postgres(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    send(wire, POSTGRES_START)?;
    match wire.exactly(1).map_err(|e| in_dialogue(&e, REQUEST))?[0] {
        b'S' => Ok(()),
        b'N' => Err(Trouble::NoStartTls("ssl is off in its configuration".to_owned())),
        b'E' => Err(Trouble::NoStartTls("it answers the request for TLS with an error".to_owned())),
        other => Err(Trouble::AnotherProtocol(vec![other])),
    }
}

fn mysql(wire: &mut Wire<'_>) -> Result<(), Trouble> {
    let fail = |e: std::io::Error| in_dialogue(&e, GREETING);
    let head = wire.exactly(4).map_err(fail)?;
    let length = usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16;
    if length > MAX_ANSWER || head[3] != 0 {
        return Err(Trouble::AnotherProtocol(head));
    }
    let greeting = wire.exactly(length).map_err(fail)?;
    match greeting.first() {
        Some(10) => {}
        Some(0xff) => {
            return Err(refused(&String::from_utf8_lossy(greeting.get(3..).unwrap_or_default())));
        }
        _ => return Err(Trouble::AnotherProtocol([head, greeting].concat())),
    }
    // after the version (to its zero): thread id 4, scramble 8, filler 1, then the lower capabilities
    let version = greeting.iter().skip(1).position(|b| *b == 0).map(|n| n + 2);
    let capabilities = version.and_then(|at| greeting.get(at + 13..at + 15)).map(|c| u16::from_le_bytes([c[0], c[1]]));
    match capabilities {
        Some(capabilities) if capabilities & MYSQL_SSL != 0 => {}
        _ => return Err(Trouble::NoStartTls("TLS is off in its configuration".to_owned())),
    }
    // CLIENT_PROTOCOL_41, CLIENT_SSL, CLIENT_SECURE_CONNECTION; packets of 16 MiB; utf8
    let mut request = vec![32, 0, 0, 1];
    request.extend(0x0000_8a00_u32.to_le_bytes());
    request.extend(0x0100_0000_u32.to_le_bytes());
    request.push(33);
    request.extend([0; 23]);
    send(wire, &request)
}

fn xmpp(wire: &mut Wire<'_>, host: &str) -> Result<(), Trouble> {
    let stream = xmpp_stream(host);
    send(wire, stream.as_bytes())?;
    let features = until(wire, &["</stream:features>", "<stream:features/>", "</stream:stream>"], GREETING)?;
    if !features.contains("<stream:stream") && !features.contains("<stream:error") {
        return Err(another(&features));
    }
    if !features.contains("urn:ietf:params:xml:ns:xmpp-tls") {
        return Err(Trouble::NoStartTls("starttls is not among its stream's features".to_owned()));
    }
    send(wire, b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
    let answer = until(wire, &[">"], REQUEST)?;
    if answer.contains("<proceed") { Ok(()) } else { Err(refused(&answer)) }
}

/// The beginning of an XMPP stream to `host`.
pub(super) fn xmpp_stream(host: &str) -> String {
    let to: String = host.chars().filter(|c| !matches!(c, '\'' | '"' | '<' | '>' | '&')).collect();
    format!(
        "<?xml version='1.0'?><stream:stream to='{to}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    )
}

/// Text up to the first of `ends`; what ends without one is returned as it is.
fn until(wire: &mut Wire<'_>, ends: &[&str], what: &'static str) -> Result<String, Trouble> {
    let mut text = Vec::new();
    while text.len() < MAX_ANSWER {
        match wire.exactly(1) {
            Ok(byte) => text.extend(byte),
            Err(_) if !text.is_empty() => break,
            Err(e) => return Err(in_dialogue(&e, what)),
        }
        if ends.iter().any(|end| text.ends_with(end.as_bytes())) {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
