//! One model for people and programs: what a command found or made, printed as text or as JSON.

pub mod json;
#[cfg(test)]
mod tests;
pub mod text;

use crate::diagnose::{Finding, Severity};
use crate::handshake::Transcript;
use crate::serve::Tally;
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
    /// A visit to a server that is not ours.
    Encounter(Box<Encounter>),
    /// Files that were made, kept, or changed.
    Made(Made),
    /// What a message or log of another program means, the root cause first.
    Explanations(Vec<crate::explain::Explanation>),
    /// Codes of the catalogue.
    Catalogue(Vec<Page>),
    /// A server that has ended; its clients were told of as they came.
    Served(Served),
    /// A text for another program, as it is: a completion script, a manual page.
    Text(String),
}

/// A code of the catalogue, and what other programs say of it.
#[derive(Debug)]
pub struct Page {
    /// What the code means.
    pub row: &'static crate::diagnose::catalogue::Row,
    /// The strings that stand for it.
    pub said_as: Vec<crate::explain::Saying>,
}

/// A handshake and the attempts that had to be refused.
#[derive(Debug, Default)]
pub struct Handshake {
    /// What happened.
    pub transcript: Transcript,
    /// What the stores are called: server keystore, server truststore, client keystore, client truststore.
    pub stores: [String; 4],
    /// What must be refused, and whether it was: (`a client without a certificate`, true).
    pub refusals: Vec<(String, bool)>,
}

/// A visit to a server that is not ours.
#[derive(Debug, Default)]
pub struct Encounter {
    /// Where to: `api.example:8443`.
    pub target: String,
    /// The proxy on the way, if any.
    pub proxy: Option<String>,
    /// What the stores are called: keystore (empty without one) and truststore.
    pub stores: [String; 2],
    /// What was seen, without its findings.
    pub outcome: crate::encounter::Outcome,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, Default)]
pub struct Served {
    /// Who came.
    pub tally: Tally,
    /// How many were to come, where that was said: then each of them must have come, and been accepted.
    pub count: Option<u64>,
}

impl Served {
    /// Whether all came that were to come, and were accepted; without a count there is nothing to miss.
    pub fn is_well(&self) -> bool {
        self.count.is_none_or(|count| self.tally.accepted >= count && self.tally.refused == 0)
    }
}

/// Files that were made, kept, or changed.
#[derive(Debug, Default)]
pub struct Made {
    /// One line a thing.
    pub rows: Vec<Row>,
    /// The handshake that proves them.
    pub proof: Option<Handshake>,
    /// What the user should know about them, a sentence each.
    pub remarks: Vec<String>,
    /// What to do next, a line each.
    pub next: Vec<String>,
    /// Whether it went to standard output itself: then all this is told on standard error.
    pub beside_output: bool,
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
    /// What it is, in a few words (`api.example, localhost`); for `kept` and `renewed` also why. Not its validity: that is told
    /// from `cert`.
    pub says: String,
    /// The certificate that it is about, if it is one: ` · until 2027-02-19 (in 90 days)` is added from it.
    pub cert: Option<crate::pki::Cert>,
}

impl Report {
    /// A report of `command` with no finding and nothing to show.
    pub fn new(command: &'static str, now: OffsetDateTime, body: Body) -> Self {
        Report { command, now, findings: Vec::new(), body }
    }

    /// Has the remedies that open stores again do so with `options`, as the command did.
    pub fn open_in_remedies(&mut self, options: &str) {
        for finding in &mut self.findings {
            for verb in ["keystore", "truststore", "convert"] {
                finding.fix = finding.fix.replace(&format!("mtls {verb} "), &format!("mtls {verb} {options} "));
            }
        }
    }

    /// Lets warnings count as errors (`--strict`).
    pub fn make_strict(&mut self) {
        for finding in &mut self.findings {
            if finding.severity == Severity::Warning {
                finding.severity = Severity::Error;
            }
        }
    }

    /// The exit status of the process (contract.md, "Exit codes").
    pub fn exit_status(&self) -> u8 {
        let mut errors = self.findings.iter().filter(|f| f.severity == Severity::Error);
        match (self.is_ok(), errors.any(Finding::is_about_files)) {
            (true, _) => 0,
            (false, true) => 3,
            (false, false) => 1,
        }
    }

    /// Whether no finding is an error, and what was to be explained is known.
    pub fn is_ok(&self) -> bool {
        let is_short = match &self.body {
            Body::Explanations(found) => found.is_empty(),
            Body::Served(served) => !served.is_well(),
            _ => false,
        };
        !is_short && self.findings.iter().all(|f| f.severity != Severity::Error)
    }
}
