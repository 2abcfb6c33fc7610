//! The words of the trade: keys, certificates, names, chains, passwords. No formats and no files.

pub mod cert;
pub mod chain;
mod computed;
pub mod constraint;
pub mod crl;
pub mod csr;
mod curve;
pub mod dn;
mod generate;
pub mod key;
pub mod kind;
pub mod name;
pub mod password;
mod public;
pub mod san;
pub mod signature;
pub mod signing;

pub use cert::Cert;
pub use chain::Identity;
pub use dn::DistinguishedName;
pub use key::{NewKey, PrivateKey};
pub use kind::KeyKind;
pub use name::San;
pub use password::{Password, Passwords};
