//! A TLS connection after its handshake: reads and writes that keep to a deadline.

use super::failure::Failure;
use super::reason;
use super::wire::{self, End};
use rustls::Connection;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// A TLS connection after its handshake.
pub struct Stream {
    tls: Connection,
    tcp: TcpStream,
    /// What arrived together with the end of the handshake: already decrypted, and not yet.
    heard: Vec<u8>,
    unfed: Vec<u8>,
}

impl Stream {
    pub(super) fn new(end: End, tcp: TcpStream) -> Stream {
        Stream { tls: end.tls, tcp, heard: end.heard, unfed: end.unfed }
    }

    /// Waits for something from the peer until `deadline`; how many bytes of it are in `buffer`, 0 after its goodbye.
    ///
    /// # Errors
    /// [`Failure::TimedOut`]; [`Failure::Closed`] where the connection ended without a goodbye; an alert, or what else ended it.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, Failure> {
        if !self.heard.is_empty() {
            let n = buffer.len().min(self.heard.len());
            buffer[..n].copy_from_slice(&self.heard[..n]);
            self.heard.drain(..n);
            return Ok(n);
        }
        loop {
            match self.tls.reader().read(buffer) {
                Ok(n) => return Ok(n),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Err(Failure::Closed),
            }
            self.take_in(deadline)?;
            let state = self.tls.process_new_packets();
            // answers of the protocol itself, and the alert if the peer misbehaved
            let sent = self.flush(deadline);
            state.map_err(|error| reason::of(&error))?;
            sent?;
        }
    }

    /// Gives TLS what arrived, at least one byte.
    fn take_in(&mut self, deadline: Instant) -> Result<(), Failure> {
        let taken = if self.unfed.is_empty() {
            wire::left(deadline)
                .and_then(|left| self.tcp.set_read_timeout(Some(left)))
                .and_then(|()| self.tls.read_tls(&mut self.tcp))
        } else {
            let taken = self.tls.read_tls(&mut &self.unfed[..]);
            self.unfed.drain(..*taken.as_ref().unwrap_or(&0));
            taken
        };
        match taken {
            Ok(0) => Err(Failure::Closed),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(wire::io_failure(&error)),
        }
    }

    /// Sends `bytes` until `deadline`.
    ///
    /// # Errors
    /// [`Failure::TimedOut`] where the peer does not take them; [`Failure::Closed`] where it is gone.
    pub fn write_all(&mut self, mut bytes: &[u8], deadline: Instant) -> Result<(), Failure> {
        while !bytes.is_empty() {
            // rustls buffers up to 64 KiB
            let taken = self.tls.writer().write(bytes).map_err(|error| wire::io_failure(&error))?;
            bytes = &bytes[taken..];
            self.flush(deadline)?;
        }
        Ok(())
    }

    fn flush(&mut self, deadline: Instant) -> Result<(), Failure> {
        while self.tls.wants_write() {
            let written = wire::left(deadline).and_then(|left| self.tcp.set_write_timeout(Some(left)));
            match written.and_then(|()| self.tls.write_tls(&mut self.tcp)) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(wire::io_failure(&error)),
            }
        }
        Ok(())
    }

    /// Says goodbye and waits until `deadline` for the peer to close, so that nothing that was sent is lost to a reset.
    pub fn close(mut self, deadline: Instant) {
        self.tls.send_close_notify();
        if self.flush(deadline).is_ok() {
            wire::linger(&mut self.tcp, deadline);
        }
    }
}
