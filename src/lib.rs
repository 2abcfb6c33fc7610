//! `mtls`: a certificate and keystore toolkit for mutual TLS.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod asn1;
pub mod bundle;
pub mod crypto;
pub mod diagnose;
pub mod error;
pub mod files;
pub mod formats;
pub mod handshake;
pub mod inspect;
pub mod issue;
pub mod pki;
pub mod report;
pub mod safe;
pub mod stores;
