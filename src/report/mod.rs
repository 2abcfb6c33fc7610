//! One model for people and programs: what a command found or made, printed as text or as JSON.

use crate::diagnose::{Finding, Severity};
use crate::handshake::Transcript;
use time::OffsetDateTime;

/// What a command has to say.
#[derive(Debug)]
pub struct Report {
    /// The subcommand's name.
    pub command: &'static str,
    /// The instant from which dates are told (`in 90 days`), and as of which was judged.
    pub now: OffsetDateTime,
    /// What is wrong; the root cause first.
    pub findings: Vec<Finding>,
    /// The rest.
    pub body: Body,
}

/// What a command found or made, beside its findings.
#[derive(Debug)]
pub enum Body {
    /// Nothing.
    None,
    /// Files that were looked into.
    Inspection(Vec<crate::inspect::Inspection>),
    /// A handshake, with the file names of the four stores for the drawing.
    Handshake(Handshake),
    /// Files that were made, kept, or changed.
    Made(Made),
}

/// A handshake and the attempts that had to be refused.
#[derive(Debug)]
pub struct Handshake {
    /// What happened.
    pub transcript: Transcript,
    /// What the stores are called: server keystore, server truststore, client keystore, client truststore.
    pub stores: [String; 4],
    /// What must be refused, and whether it was: (`a client without a certificate`, true).
    pub refusals: Vec<(String, bool)>,
}

/// Files that were made, kept, or changed.
#[derive(Debug, Default)]
pub struct Made {
    /// One line a thing.
    pub rows: Vec<Row>,
    /// The handshake that proves them.
    pub proof: Option<Handshake>,
    /// What to do next, a line each.
    pub next: Vec<String>,
}

/// One line: `server  pki/server.p12 (+ .crt .key)  api.example · until 2027-02-19`.
#[derive(Debug)]
pub struct Row {
    /// `ca`, `server`, `client`, `truststore`, `password` …
    pub role: String,
    /// What was done: `made`, `kept`, `renewed`, `added`, `removed`, `already there`.
    pub action: &'static str,
    /// The files, the most useful first; empty for a line that is no file.
    pub files: Vec<std::path::PathBuf>,
    /// What it is, in a few words; for `kept` and `renewed` also why.
    pub says: String,
    /// The certificate that it is about, if it is one.
    pub cert: Option<crate::pki::Cert>,
}

impl Report {
    /// A report of `command` with no finding and nothing to show.
    pub fn new(command: &'static str, now: OffsetDateTime, body: Body) -> Self {
        Report { command, now, findings: Vec::new(), body }
    }

    /// Whether no finding is an error.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|f| f.severity != Severity::Error)
    }
}
