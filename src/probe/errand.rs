//! What is said to a server once the handshake is done, and whether its answer is a refusal.
//!
//! A TLS 1.3 server judges the client after the client is done, and some servers finish every handshake and refuse in the
//! protocol above: only a request shows.

use super::starttls::{StartTls, xmpp_stream};
use crate::handshake::Errand;

/// What is asked.
#[derive(Debug, Clone)]
pub enum Request {
    /// `GET /` in HTTP/1.1, or in HTTP/2 where that was agreed on.
    Http {
        /// The authority: host and port.
        authority: String,
    },
    /// What the protocol that began in plain text goes on with.
    After(StartTls, String),
    /// Nothing: to see whether the server goes by itself.
    Silence,
}

/// How an HTTP/2 client begins (RFC 9113 section 3.4), with empty settings.
const H2_BEGIN: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// LDAP's "Who am I?" (RFC 4532), message 2.
const LDAP_WHO: &[u8] = b"\x30\x1e\x02\x01\x02\x77\x19\x80\x171.3.6.1.4.1.4203.1.11.3";
/// How much of a page is waited for.
const MAX_PAGE: usize = 16 << 10;

impl Errand for Request {
    fn words(&self, alpn: Option<&str>) -> Vec<u8> {
        match self {
            Request::Http { authority } if alpn == Some("h2") => h2_request(authority),
            Request::Http { authority } => format!(
                "GET / HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: mtls/{}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                env!("CARGO_PKG_VERSION")
            )
            .into_bytes(),
            Request::After(protocol, host) => words_after(*protocol, host),
            Request::Silence => Vec::new(),
        }
    }

    fn is_answered(&self, heard: &[u8]) -> bool {
        match self {
            Request::Silence => false,
            Request::After(..) => !heard.is_empty(),
            Request::Http { .. } if heard.starts_with(b"HTTP/1.") => is_whole_page(heard),
            Request::Http { .. } if looks_like_h2(heard) => h2_has_answered(heard),
            Request::Http { .. } => !heard.is_empty(),
        }
    }
}

fn words_after(protocol: StartTls, host: &str) -> Vec<u8> {
    match protocol {
        StartTls::Smtp => b"EHLO mtls.invalid\r\n".to_vec(),
        StartTls::Imap => b"a2 CAPABILITY\r\n".to_vec(),
        StartTls::Pop3 => b"CAPA\r\n".to_vec(),
        StartTls::Ftp => b"FEAT\r\n".to_vec(),
        StartTls::Ldap => LDAP_WHO.to_vec(),
        StartTls::Xmpp => xmpp_stream(host).into_bytes(),
        StartTls::Postgres => {
            let body = b"\0\x03\0\0user\0mtls\0database\0postgres\0\0";
            // the length counts itself
            [&(body.len() as u32 + 4).to_be_bytes()[..], body].concat()
        }
        // it waits for a login, which would be noted as a failed one
        StartTls::Mysql => Vec::new(),
    }
}

/// HPACK (RFC 7541 appendix A): `:method GET`, `:path /`, `:scheme https` by number, `:authority` as it is.
fn h2_request(authority: &str) -> Vec<u8> {
    let authority = &authority.as_bytes()[..authority.len().min(126)];
    let mut block = vec![0x82, 0x84, 0x87, 0x41, authority.len() as u8];
    block.extend(authority);
    let mut request = H2_BEGIN.to_vec();
    // HEADERS with END_STREAM and END_HEADERS on stream 1
    request.extend([0, 0, block.len() as u8, 1, 5, 0, 0, 0, 1]);
    request.extend(block);
    request
}

fn looks_like_h2(heard: &[u8]) -> bool {
    // the first frame of a server is SETTINGS (RFC 9113 section 3.4)
    heard.len() >= 9 && heard[0] == 0 && heard[3] == 4
}

/// The frames in `heard`: kind, flags, content as far as it has come.
fn h2_frames(heard: &[u8]) -> Vec<(u8, u8, &[u8])> {
    let mut frames = Vec::new();
    let mut rest = heard;
    while let [a, b, c, kind, flags, _, _, _, _, more @ ..] = rest {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let content = &more[..length.min(more.len())];
        frames.push((*kind, *flags, content));
        rest = more.get(length..).unwrap_or_default();
    }
    frames
}

/// DATA or HEADERS that end the stream, RST_STREAM or GOAWAY.
fn h2_has_answered(heard: &[u8]) -> bool {
    h2_frames(heard).iter().any(|(kind, flags, _)| (matches!(kind, 0 | 1) && flags & 1 == 1) || matches!(kind, 3 | 7))
}

/// Whether an answer in HTTP/1 is there as far as it matters: its head, and its page where it reports an error.
fn is_whole_page(heard: &[u8]) -> bool {
    let Some(end) = heard.windows(4).position(|w| w == b"\r\n\r\n") else { return heard.len() >= MAX_PAGE };
    if status(heard).is_some_and(|code| code < 400) {
        return true;
    }
    let head = String::from_utf8_lossy(&heard[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let page = &heard[end + 4..];
    length.is_some_and(|length| page.len() >= length) || page.ends_with(b"0\r\n\r\n") || heard.len() >= MAX_PAGE
}

/// The status code of an answer in HTTP/1.
pub fn status(heard: &[u8]) -> Option<u16> {
    let line = heard.split(|b| *b == b'\r' || *b == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?.strip_prefix("HTTP/")?;
    line.split(' ').nth(1)?.parse().ok()
}

/// What servers write when they refuse for want of a good certificate: nginx, IIS, Envoy and friends, PostgreSQL.
const REFUSALS: &[&str] = &[
    "no required ssl certificate was sent",
    "the ssl certificate error",
    "ssl certificate error",
    "ssl certificate required",
    "client certificate",
    "certificate required",
    "cannot perform post-handshake authentication",
    "certificate authentication failed",
    "403.7",
    "403.12",
    "403.13",
    "403.16",
    "403.17",
];

/// The words with which the server refuses the client, or its lack of a certificate: `400 No required SSL certificate was
/// sent`. `None` where the answer is no such refusal.
pub fn refusal(heard: &[u8]) -> Option<String> {
    let (code, page) = if let Some(code) = status(heard) {
        if !matches!(code, 400 | 401 | 403 | 495 | 496) {
            return None;
        }
        (Some(code), heard.to_vec())
    } else if looks_like_h2(heard) {
        (None, h2_frames(heard).iter().filter(|(kind, ..)| *kind == 0).flat_map(|(.., content)| content.to_vec()).collect())
    } else if heard.first() == Some(&b'E') {
        // PostgreSQL's error packet: fields, each a letter, a text and a zero
        let fields = heard.split(|b| *b == 0).filter_map(|field| field.get(1..));
        (None, fields.flat_map(|text| [text, b"\n"].concat()).collect())
    } else {
        return None;
    };
    let text = String::from_utf8_lossy(&page).into_owned();
    let lower = text.to_ascii_lowercase();
    let at = REFUSALS.iter().find_map(|words| lower.find(words))?;
    let sentence = surrounding(&text, at);
    Some(code.map_or(sentence.clone(), |code| {
        if sentence.starts_with(char::is_numeric) { sentence } else { format!("{code} {sentence}") }
    }))
}

/// The text around `at`, up to the next tag or line break on both sides.
fn surrounding(text: &str, at: usize) -> String {
    let is_end = |c: char| matches!(c, '<' | '>' | '\r' | '\n' | '"');
    let from = text[..at].rfind(is_end).map_or(0, |i| i + 1);
    let to = text[at..].find(is_end).map_or(text.len(), |i| at + i);
    text[from..to].trim().chars().take(160).collect()
}

/// The first line of an answer in HTTP, for people: `HTTP/1.1 200 OK`.
pub fn headline(heard: &[u8]) -> Option<String> {
    status(heard)?;
    let line = heard.split(|b| *b == b'\r' || *b == b'\n').next()?;
    Some(String::from_utf8_lossy(line).chars().take(100).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NGINX: &[u8] = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 40\r\n\r\n<html><head><title>400 No required SSL certificate was sent</title></head>";

    #[test]
    fn refusals_in_http_are_told_from_other_errors() {
        assert_eq!(refusal(NGINX).as_deref(), Some("400 No required SSL certificate was sent"));
        let error = b"HTTP/1.1 400 Bad Request\r\n\r\n<center>The SSL certificate error</center>";
        assert_eq!(refusal(error).as_deref(), Some("400 The SSL certificate error"));
        assert_eq!(refusal(b"HTTP/1.1 400 Bad Request\r\n\r\nbad header"), None);
        assert_eq!(refusal(b"HTTP/1.1 200 OK\r\n\r\nno required SSL certificate was sent"), None);
        assert_eq!(refusal(b""), None);
        let postgres = b"E\0\0\0\x50SFATAL\0C28000\0Mconnection requires a valid client certificate\0\0";
        assert_eq!(refusal(postgres).as_deref(), Some("connection requires a valid client certificate"));
    }

    #[test]
    fn an_answer_is_waited_for_as_far_as_it_matters() {
        let http = Request::Http { authority: "api.example".to_owned() };
        assert!(!http.is_answered(b"") && !http.is_answered(b"HTTP/1.1 200 OK\r\n"));
        assert!(http.is_answered(b"HTTP/1.1 200 OK\r\n\r\n"));
        assert!(!http.is_answered(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nab"));
        assert!(http.is_answered(b"HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nabc"));
        assert!(http.is_answered(b"hello"));
        let settings = b"\0\0\0\x04\0\0\0\0\0";
        assert!(!http.is_answered(settings));
        assert!(http.is_answered(&[&settings[..], b"\0\0\x01\x01\x05\0\0\0\x01\x8c"].concat()));
        assert!(http.words(Some("h2")).starts_with(b"PRI *"));
        assert!(http.words(None).starts_with(b"GET / HTTP/1.1\r\nHost: api.example\r\n"));
    }
}
