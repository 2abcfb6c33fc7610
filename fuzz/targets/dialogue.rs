//! Dialogues in plain text before TLS begins: STARTTLS of every protocol, and HTTP proxies. The stranger's side is the input.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::probe::wire::{Stream, Wire};
use mtls::probe::{Proxy, StartTls, proxy, starttls};
use mtls_fuzz::choice;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

/// A stranger who says this, whatever he hears.
struct Stranger<'a>(&'a [u8]);

impl Read for Stranger<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Stranger<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Stranger<'_> {
    fn wait_at_most(&self, _: Duration) -> io::Result<()> {
        Ok(())
    }
}

const PROTOCOLS: [StartTls; 8] = [
    StartTls::Smtp,
    StartTls::Imap,
    StartTls::Pop3,
    StartTls::Ldap,
    StartTls::Postgres,
    StartTls::Mysql,
    StartTls::Xmpp,
    StartTls::Ftp,
];

fuzz_target!(|input: &[u8]| {
    let (how, said) = choice(input);
    let mut stranger = Stranger(said);
    let mut wire = Wire::new(&mut stranger, Instant::now() + Duration::from_secs(3600));
    let _ = match PROTOCOLS.get(usize::from(how)) {
        Some(protocol) => starttls::ask(&mut wire, *protocol, "api.example"),
        None => proxy::connect(&mut wire, &Proxy::parse("me:secret@proxy.example").unwrap(), "api.example", 443),
    };
});
