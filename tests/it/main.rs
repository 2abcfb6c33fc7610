//! The outer tests: one binary, a file per question. They run the real `mtls` and the real peers.
//!
//! `./tests/run` installs the peers first. A peer that is missing makes its tests fail, never pass (see `peers.rs`).

mod half;
mod peers;
mod program;

mod altered;
mod bad_input;
mod cases;
mod completeness;
mod connect;
mod convert;
mod explain;
mod hostile;
mod interop;
mod java_formats;
mod layers;
mod matrix;
mod pkcs12;
mod readme;
mod round_trips;
mod serve;
mod sources;
mod together;
mod words;
