//! Two peers make a transcript: a real handshake with rustls on our end or on both. The door to rustls.

pub mod transcript;

pub use transcript::{Side, Step, Transcript};
