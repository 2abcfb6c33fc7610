//! What answers without TLS, by its first bytes.

/// How much of an answer is kept.
pub(super) const KEPT: usize = 512;

/// What the first bytes of a server are, by name.
pub fn protocol(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(KEPT)]);
    let upper = text.to_ascii_uppercase();
    let trimmed = upper.trim_start();
    let is_numbered = |code: &str| text.starts_with(code) && matches!(text.as_bytes().get(3), Some(b' ' | b'-'));
    Some(match () {
        () if text.starts_with("SSH-") => "SSH",
        () if upper.starts_with("HTTP/") => "HTTP",
        () if trimmed.starts_with("<!DOCTYPE HTML") || trimmed.starts_with("<HTML") || trimmed.starts_with("<HEAD") => "HTTP",
        () if is_numbered("220") && (upper.contains("SMTP") || upper.contains("MAIL")) => "SMTP",
        () if is_numbered("220") && upper.contains("FTP") => "FTP",
        () if is_numbered("220") || is_numbered("554") || is_numbered("421") => "SMTP or FTP",
        () if text.starts_with("* OK") || text.starts_with("* PREAUTH") || text.starts_with("* BYE") => "IMAP",
        () if text.starts_with("+OK") => "POP3",
        () if text.starts_with("-ERR") || text.starts_with("-NOAUTH") || text.starts_with("+PONG") => "POP3 or Redis",
        () if text.starts_with("RFB ") => "VNC",
        () if trimmed.starts_with("<?XML") || trimmed.starts_with("<STREAM:") => "XML (XMPP?)",
        () if text.starts_with("AMQP") => "AMQP",
        () if bytes.len() > 5 && bytes[3] == 0 && (bytes[4] == 10 || bytes[4] == 0xff) => "MySQL",
        () if bytes.starts_with(&[0, 0, 0]) && bytes.get(4) == Some(&4) => "HTTP/2 without TLS",
        () if bytes.starts_with(&[5, 0]) || bytes.starts_with(&[5, 0xff]) => "SOCKS",
        () => return None,
    })
}

/// The bytes as one readable line: the first line of a text, or the beginning in hex.
pub fn line(bytes: &[u8]) -> String {
    let first = bytes.split(|b| matches!(b, b'\r' | b'\n')).find(|l| !l.is_empty()).unwrap_or_default();
    let text = String::from_utf8_lossy(first);
    if !text.is_empty() && text.chars().all(|c| !c.is_control() && c != '\u{fffd}') {
        text.chars().take(100).collect()
    } else {
        format!("bytes {}", crate::safe::hex(&bytes[..bytes.len().min(16)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_go_by_their_first_bytes() {
        for (bytes, name) in [
            (&b"SSH-2.0-OpenSSH_9.2\r\n"[..], Some("SSH")),
            (b"HTTP/1.1 400 Bad Request\r\n", Some("HTTP")),
            (b"\n<!DOCTYPE html>", Some("HTTP")),
            (b"220 mx.example ESMTP Postfix", Some("SMTP")),
            (b"220 (vsFTPd 3.0.3)", Some("FTP")),
            (b"220-welcome", Some("SMTP or FTP")),
            (b"* OK [CAPABILITY IMAP4rev1]", Some("IMAP")),
            (b"+OK ready", Some("POP3")),
            (b"J\0\0\0\x0a8.0.36\0", Some("MySQL")),
            (b"\0\0\x06\x04\0\0", None),
            (b"", None),
            (b"2200", None),
        ] {
            assert_eq!(protocol(bytes), name, "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(line(b"\r\nSSH-2.0-x\r\nmore"), "SSH-2.0-x");
        assert_eq!(line(b"\x00\xff"), "bytes 00ff");
    }
}
