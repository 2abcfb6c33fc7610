//! As much of HTTP/1.1 (RFC 9112) as it takes to answer one request.

/// What matters of a request's head.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    /// Where it ends, with the empty line.
    pub length: usize,
    /// Whether it is HTTP/1.x.
    pub is_http_1: bool,
    /// False for HEAD.
    pub wants_body: bool,
    /// How long the request's own body is, as far as it says so.
    pub body: usize,
    /// Whether the client waits for a word before it sends its body.
    pub expects_continue: bool,
}

/// A token of RFC 9110 section 5.6.2, which a method is.
fn is_token(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// `GET /path HTTP/1.1`
fn request_line(said: &[u8]) -> Option<(&str, &str)> {
    let line = said.split(|b| *b == b'\n').next()?;
    let line = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    let mut words = line.split(' ');
    let (method, _target, version) = (words.next()?, words.next()?, words.next()?);
    (words.next().is_none() && is_token(method) && version.starts_with("HTTP/")).then_some((method, version))
}

/// Whether the first line is a request line.
pub fn is_request(said: &[u8]) -> bool {
    said.contains(&b'\n') && request_line(said).is_some()
}

/// Whether a first line that is not whole yet may become one: its first word is in capitals, as every known method is.
pub fn may_begin(said: &[u8]) -> bool {
    let method = said.split(|b| *b == b' ').next().unwrap_or_default();
    !method.is_empty() && method.iter().all(u8::is_ascii_uppercase)
}

/// The head of a request; `None` where it is not whole yet.
pub fn head(said: &[u8]) -> Option<Head> {
    let mut length = 0;
    let mut lines: Vec<String> = Vec::new();
    for line in said.split_inclusive(|b| *b == b'\n') {
        length += line.len();
        match line {
            b"\r\n" | b"\n" => {
                let (method, version) = request_line(said)?;
                let field = |name: &str| lines.iter().find_map(|line| value(line, name));
                return Some(Head {
                    length,
                    is_http_1: version.starts_with("HTTP/1."),
                    wants_body: method != "HEAD",
                    body: field("content-length").and_then(|n| n.parse().ok()).unwrap_or(0),
                    expects_continue: field("expect").is_some_and(|e| e.eq_ignore_ascii_case("100-continue")),
                });
            }
            line if line.ends_with(b"\n") => lines.push(String::from_utf8_lossy(line).into_owned()),
            _ => return None,
        }
    }
    None
}

/// The value of a header line of this name, which is given in lower case.
fn value<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (field, value) = line.split_once(':')?;
    field.eq_ignore_ascii_case(name).then(|| value.trim())
}

/// A response with `json`, after which the connection ends.
pub fn response(status: &str, json: &str, with_body: bool) -> String {
    let body = if with_body { json } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}",
        json.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_has_three_words() {
        for line in ["GET / HTTP/1.1\r\n", "M-SEARCH * HTTP/1.0\n", "PRI * HTTP/2.0\r\n", "get / HTTP/1.1\r\n"] {
            assert!(is_request(line.as_bytes()), "{line}");
        }
        for line in
            ["GET / HTTP/1.1", "hello\n", "GET /\r\n", "GET  / HTTP/1.1\r\n", "a b HTTP/1.1 c\n", "\n", "G(T / HTTP/1.1\n"]
        {
            assert!(!is_request(line.as_bytes()), "{line}");
        }
        assert!(may_begin(b"GE") && may_begin(b"GET /x") && !may_begin(b"hello") && !may_begin(b""));
    }

    #[test]
    fn a_head_ends_with_an_empty_line() {
        let text = b"POST /x HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 3\r\nExpect: 100-Continue\r\n\r\nabc";
        let whole = Head { length: text.len() - 3, is_http_1: true, wants_body: true, body: 3, expects_continue: true };
        assert_eq!(head(text), Some(whole));
        for end in 0..text.len() - 3 {
            assert_eq!(head(&text[..end]), None, "{end}");
        }
        assert!(!head(b"HEAD / HTTP/1.0\n\n").unwrap().wants_body);
        assert!(!head(b"PRI * HTTP/2.0\r\n\r\n").unwrap().is_http_1);
        let huge = b"PUT / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n";
        assert_eq!(head(huge).unwrap().body, 0);
    }

    #[test]
    fn a_response_says_its_length_even_to_head() {
        let (with, without) = (response("200 OK", "{\"ü\":1}", true), response("200 OK", "{\"ü\":1}", false));
        assert!(with.ends_with("\r\n\r\n{\"ü\":1}") && without.ends_with("\r\n\r\n"));
        assert!(with.contains("Content-Length: 8\r\n") && without.contains("Content-Length: 8\r\n"));
    }
}
