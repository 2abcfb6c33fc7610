//! The cryptography that the rest builds on: one library, aws-lc-rs, and RustCrypto for legacy ciphers that it lacks.
//!
//! Nothing here is a primitive of our own; this is the door behind which those crates stay.

pub mod digest;

pub use digest::{sha1, sha256};
