//! A TLS connection that its owner reads and writes, each time until a deadline.

use super::failure::Failure;
use super::notes::Log;
use super::reason;
use super::wire;
use rustls::Connection;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

/// How much is read from the network at once.
const CHUNK: usize = 16 << 10;

/// A TLS connection.
pub struct Stream {
    tls: Connection,
    tcp: TcpStream,
    /// What arrived and TLS has not taken in yet.
    arrived: Vec<u8>,
}

impl Stream {
    pub(super) fn new(tls: Connection, tcp: TcpStream) -> Stream {
        // a delayed small write would only cost time
        let _ = tcp.set_nodelay(true);
        Stream { tls, tcp, arrived: Vec::new() }
    }

    pub(super) fn tls(&self) -> &Connection {
        &self.tls
    }

    /// Shakes hands until `deadline`.
    ///
    /// # Errors
    /// Why it broke off. The alert that tells the peer waits for [`Stream::sign_off`].
    pub(super) fn shake_hands(&mut self, log: &Log, deadline: Instant) -> Result<(), Failure> {
        while self.tls.is_handshaking() {
            self.flush_while_taken(deadline)?;
            self.receive(deadline)?;
            log.note_first(&self.arrived);
            while !self.arrived.is_empty() && self.tls.is_handshaking() {
                self.take_in()?;
                self.tls.process_new_packets().map_err(|error| log.failure(&error))?;
            }
        }
        self.flush_while_taken(deadline)
    }

    /// Sends what is to be sent. A peer that takes nothing more is no failure yet: the reason may lie in what it sent before.
    fn flush_while_taken(&mut self, deadline: Instant) -> Result<(), Failure> {
        match self.flush(deadline) {
            Err(Failure::Closed) | Ok(()) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Sends what is still to be said, the alert above all, and waits until `deadline` for the peer to close.
    pub(super) fn sign_off(mut self, deadline: Instant) {
        if self.flush(deadline).is_ok() {
            wire::linger(&mut self.tcp, deadline);
        }
    }

    /// The same with `bytes` in the place of what TLS would say.
    pub(super) fn say_plainly(mut self, bytes: &[u8], deadline: Instant) {
        let limited = wire::left(deadline).and_then(|left| self.tcp.set_write_timeout(Some(left)));
        if limited.and_then(|()| self.tcp.write_all(bytes)).is_ok() {
            wire::linger(&mut self.tcp, deadline);
        }
    }

    /// Waits for something from the peer until `deadline`; how many bytes of it are in `buffer`, 0 after its goodbye.
    ///
    /// # Errors
    /// [`Failure::TimedOut`]; [`Failure::Closed`] where the connection ended without a goodbye; an alert, or what else ended it.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, Failure> {
        loop {
            match self.tls.reader().read(buffer) {
                Ok(n) => return Ok(n),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Err(Failure::Closed),
            }
            if self.arrived.is_empty() {
                self.receive(deadline)?;
            }
            self.take_in()?;
            let state = self.tls.process_new_packets();
            // answers of the protocol itself, and the alert if the peer misbehaved
            let sent = self.flush(deadline);
            state.map_err(|error| reason::of(&error))?;
            sent?;
        }
    }

    /// Waits for bytes from the network, at least one.
    fn receive(&mut self, deadline: Instant) -> Result<(), Failure> {
        let mut buffer = [0; CHUNK];
        let waiting = wire::left(deadline).and_then(|left| self.tcp.set_read_timeout(Some(left)));
        match waiting.and_then(|()| self.tcp.read(&mut buffer)) {
            Ok(0) => Err(Failure::Closed),
            Ok(n) => {
                self.arrived.extend_from_slice(&buffer[..n]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(wire::io_failure(&error)),
        }
    }

    /// Gives TLS some of what arrived.
    fn take_in(&mut self) -> Result<(), Failure> {
        if self.arrived.is_empty() {
            return Ok(());
        }
        let taken = self.tls.read_tls(&mut &self.arrived[..]).map_err(|error| Failure::Other(error.to_string()))?;
        self.arrived.drain(..taken);
        Ok(())
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
        self.sign_off(deadline);
    }
}
