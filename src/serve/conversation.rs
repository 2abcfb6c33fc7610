//! What is said after the handshake: HTTP is answered, anything else is echoed line by line.

use super::http::{self, Head};
use crate::handshake::{Failure, Stream};
use std::time::{Duration, Instant};

/// How long a line, and an HTTP head, may be.
const MAX_HEAD: usize = 16 << 10;
const CHUNK: usize = 4 << 10;

/// How a client begins.
pub(super) enum Opening {
    /// It said this; nothing yet where it keeps still.
    Said(Vec<u8>),
    /// It said goodbye instead.
    Left,
    /// The connection ended instead.
    Ended(Failure),
}

/// Waits for the client's first words.
pub(super) fn opening(stream: &mut Stream, deadline: Instant) -> Opening {
    let mut buffer = [0; CHUNK];
    match stream.read(&mut buffer, deadline) {
        Ok(0) => Opening::Left,
        Ok(n) => Opening::Said(buffer[..n].to_vec()),
        Err(Failure::TimedOut) => Opening::Said(Vec::new()),
        Err(failure) => Opening::Ended(failure),
    }
}

/// What one conversation may take.
pub(super) struct Limits {
    idle: Duration,
    /// The head of a request, from its first byte.
    head: Duration,
    end: Instant,
    bytes: usize,
}

impl Limits {
    pub(super) fn new(limits: &super::Limits, head: Duration) -> Self {
        Limits { idle: limits.idle, head, end: Instant::now() + limits.stay, bytes: limits.bytes }
    }
}

/// The client's words as they come.
struct Listener<'a> {
    stream: &'a mut Stream,
    limits: &'a Limits,
    /// Heard and not answered yet.
    said: Vec<u8>,
    heard: usize,
}

impl Listener<'_> {
    /// Hears more until `deadline`; whether there was any within the limits.
    fn hear(&mut self, deadline: Instant) -> bool {
        let mut buffer = [0; CHUNK];
        if self.heard >= self.limits.bytes {
            return false;
        }
        match self.stream.read(&mut buffer, deadline.min(self.limits.end)) {
            Ok(n @ 1..) => {
                self.heard += n;
                self.said.extend_from_slice(&buffer[..n]);
                true
            }
            _ => false,
        }
    }

    fn say(&mut self, bytes: &[u8]) -> bool {
        let deadline = (Instant::now() + self.limits.idle).min(self.limits.end);
        self.stream.write_all(bytes, deadline).is_ok()
    }
}

/// Talks with a client that `said` something, until it goes or has had its share. `page` is what HTTP is answered.
pub(super) fn hold(stream: &mut Stream, said: Vec<u8>, limits: &Limits, page: &dyn Fn() -> String) {
    let heard = said.len();
    let mut client = Listener { stream, limits, said, heard };
    if client.said.is_empty() && !client.hear(Instant::now() + limits.idle) {
        return;
    }
    // a request is asked of a program, which has it at hand; a line may be typed
    let begun = Instant::now();
    while !client.said.contains(&b'\n') && client.said.len() < MAX_HEAD {
        let patience = if http::may_begin(&client.said) { begun + limits.head } else { Instant::now() + limits.idle };
        if !client.hear(patience) {
            break;
        }
    }
    if http::is_request(&client.said) { answer(&mut client, begun, page) } else { echo(&mut client) }
}

fn answer(client: &mut Listener<'_>, begun: Instant, page: &dyn Fn() -> String) {
    loop {
        match http::head(&client.said) {
            Some(head) => return respond(client, &head, page),
            None if client.said.len() >= MAX_HEAD => {
                client.say(http::response("431 Request Header Fields Too Large", "{}\n", true).as_bytes());
                return;
            }
            None if !client.hear(begun + client.limits.head) => {
                client.say(http::response("408 Request Timeout", "{}\n", true).as_bytes());
                return;
            }
            None => {}
        }
    }
}

fn respond(client: &mut Listener<'_>, head: &Head, page: &dyn Fn() -> String) {
    if head.expects_continue && !client.say(b"HTTP/1.1 100 Continue\r\n\r\n") {
        return;
    }
    // the body says nothing to us, but a client may want to be rid of it first
    let mut body = client.said.len() - head.length;
    while body < head.body {
        client.said.clear();
        if !client.hear(Instant::now() + client.limits.head) {
            break;
        }
        body += client.said.len();
    }
    let text = match head.is_http_1 {
        true => http::response("200 OK", &page(), head.wants_body),
        false => http::response("505 HTTP Version Not Supported", "{}\n", head.wants_body),
    };
    client.say(text.as_bytes());
}

fn echo(client: &mut Listener<'_>) {
    loop {
        let whole = match client.said.iter().rposition(|b| *b == b'\n') {
            Some(last) => last + 1,
            None if client.said.len() >= MAX_HEAD => client.said.len(),
            None => 0,
        };
        let lines: Vec<u8> = client.said.drain(..whole).collect();
        if !lines.is_empty() && !client.say(&lines) {
            return;
        }
        if !client.hear(Instant::now() + client.limits.idle) {
            // what stands after the last line break
            let rest = std::mem::take(&mut client.said);
            client.say(&rest);
            return;
        }
    }
}
