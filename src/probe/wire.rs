//! A connection on which everything has a deadline and a cap.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a line of a plain-text protocol may get (RFC 5321 says 512, others more).
const MAX_LINE: usize = 8 << 10;
/// How many lines an answer may have.
const MAX_LINES: usize = 200;

/// What a dialogue goes over: TCP; a byte string where a test plays the other side.
pub trait Stream: Read + Write {
    /// Bounds the next read and the next write.
    ///
    /// # Errors
    /// Those of the system.
    fn wait_at_most(&self, time: Duration) -> io::Result<()>;
}

impl Stream for TcpStream {
    fn wait_at_most(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))?;
        self.set_write_timeout(Some(time))
    }
}

/// A connection with a deadline.
pub struct Wire<'a> {
    stream: &'a mut dyn Stream,
    deadline: Instant,
}

impl<'a> Wire<'a> {
    /// A connection that is used until `deadline`.
    pub fn new(stream: &'a mut dyn Stream, deadline: Instant) -> Self {
        Wire { stream, deadline }
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    /// Sends all of `bytes`.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.wait_at_most(self.left()?)?;
        self.stream.write_all(bytes)
    }

    /// Some bytes, at most `buffer`'s length; 0 at the end.
    pub(super) fn some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.wait_at_most(self.left()?)?;
            match self.stream.read(buffer) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) if e.kind() == ErrorKind::WouldBlock => return Err(ErrorKind::TimedOut.into()),
                other => return other,
            }
        }
    }

    /// Exactly `n` bytes; `n` is bounded by the caller.
    pub(super) fn exactly(&mut self, n: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; n];
        let mut filled = 0;
        while filled < n {
            match self.some(&mut bytes[filled..])? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                more => filled += more,
            }
        }
        Ok(bytes)
    }

    /// One line without its end. Byte by byte, so that nothing of what follows is taken.
    pub(super) fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        while line.len() < MAX_LINE {
            match self.exactly(1) {
                Ok(byte) if byte[0] == b'\n' => break,
                Ok(byte) => line.push(byte[0]),
                // the last line may lack its end
                Err(e) if e.kind() == ErrorKind::UnexpectedEof && !line.is_empty() => break,
                Err(e) => return Err(e),
            }
        }
        Ok(String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
    }

    /// Lines up to and with the first that `is_last`.
    pub(super) fn lines_until(&mut self, is_last: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
        let mut lines = Vec::new();
        while lines.len() < MAX_LINES {
            let line = self.line()?;
            let is_end = is_last(&line);
            lines.push(line);
            if is_end {
                return Ok(lines);
            }
        }
        Err(io::Error::new(ErrorKind::InvalidData, "an answer without an end"))
    }
}
