//! `mtls`: a certificate and keystore toolkit for mutual TLS.
//!
//! **Bytes become a [`Store`](formats::Store), stores become chains, two [peers](handshake) make a
//! [`Transcript`](handshake::Transcript), evidence becomes [`Finding`](diagnose::Finding)s, and all of it becomes a
//! [`Report`](report::Report); imports only ever point down.** A *finding* says something about the user's certificates and
//! is data; an [*error*](error::Error) means that we could not look. Rules never return errors, readers never return findings.
//!
//! # The rooms, from the ground up
//!
//! | room | what is in it | whose door it is |
//! |---|---|---|
//! | [`error`], [`safe`], [`asn1`], [`files`] | what went wrong; text fit to print; BER and DER; the only file access | tempfile |
//! | [`crypto`] | digests, key derivations and ciphers of stores | aws-lc-rs, RustCrypto |
//! | [`pki`] | the words of the trade: keys, certificates, names, chains, passwords | x509-parser, aws-lc-rs, idna |
//! | [`formats`] | bytes to a store and back, one file a format | pem |
//! | [`stores`] | a STORE argument (a file, two files, a folder) to a store | |
//! | [`issue`], [`bundle`], [`edit`] | makes certificates; puts them into stores; entries put in, taken out, renamed | rcgen |
//! | [`provision`] | a directory of CA, server and client: made, kept while it is good, renewed | |
//! | [`inspect`] | a store becomes facts | |
//! | [`handshake`] | two peers make a transcript | rustls |
//! | [`probe`] | what goes over the wire to strangers: addresses, proxies, STARTTLS, handshakes, hand-made first messages | |
//! | [`diagnose`] | evidence becomes findings: the catalogue and the rules | |
//! | [`encounter`] | our client's stores go to a server that is not ours, and the outcome is judged | |
//! | [`trial`], [`serve`] | four stores that play both sides; a server for any client | |
//! | [`explain`] | what other programs print becomes explanations: a table of strings | aho-corasick |
//! | [`report`] | one model for people and programs, as text and as JSON | serde_json |
//! | [`cli`] | words in, a report out | clap, rpassword, anyhow |
//!
//! A test reads the `use` lines and keeps this law: each room imports from those above its own row only, and each crate is
//! used behind its door.
//!
//! # Where do I add …?
//! - **a keystore format:** a reader in `formats/`, a variant of [`Format`](formats::Format) and a row in its table,
//!   fixtures made by two foreign tools, a fuzz target. Commands and rules do not change.
//! - **a finding:** a row in [`diagnose::catalogue`], a rule in the file that asks that question, a folder in `fixtures/cases/`.
//! - **a subcommand:** `cli/<verb>.rs`, a variant and an arm in `cli/mod.rs`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod asn1;
pub mod bundle;
pub mod cli;
pub mod crypto;
pub mod diagnose;
pub mod edit;
pub mod encounter;
pub mod error;
pub mod explain;
pub mod files;
pub mod formats;
pub mod handshake;
pub mod inspect;
pub mod issue;
pub mod pki;
pub mod probe;
pub mod provision;
pub mod report;
pub mod safe;
pub mod serve;
pub mod stores;
pub mod trial;
