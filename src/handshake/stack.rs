//! What the TLS stack is given in its own terms: the cryptography, an instant, a name to check.

use crate::error::{Error, Kind, Result};
use crate::pki::name::parse_ip;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{ServerName, UnixTime};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// aws-lc-rs with rustls's own preferences: X25519MLKEM768 first, ML-DSA taken.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// The instant for webpki, which counts from 1970; earlier ones are taken for its first second.
pub(super) fn unix_time(at: OffsetDateTime) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at.unix_timestamp()).unwrap_or(0)))
}

/// What a client checks the server's certificate against: a DNS name, or an IP address with or without brackets.
///
/// # Errors
/// A usage error where it is neither.
pub(super) fn server_name(name: &str) -> Result<ServerName<'static>> {
    if let Some(ip) = parse_ip(name) {
        return Ok(ServerName::IpAddress(ip.into()));
    }
    ServerName::try_from(name.to_owned()).map_err(|_| {
        Error::new(
            Kind::Usage,
            format!("\"{}\" is no host name that a client can ask for", crate::safe::Safe(name)),
            "give a DNS name (api.example; international names as xn--…) or an IP address (127.0.0.1, ::1)",
        )
    })
}
