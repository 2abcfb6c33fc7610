//! A finding: one cause, one place, one fix (diagnosis.md).

use crate::error::{Error, Kind};
use crate::pki::Cert;
use std::fmt;

/// How much it matters: severity follows the consequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It made the work fail, or made it less than was asked for.
    Error,
    /// It works here, but another common stack refuses it, or it breaks soon.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

/// Where the fix belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The server's keystore.
    ServerKeystore,
    /// The server's truststore.
    ServerTruststore,
    /// The client's keystore.
    ClientKeystore,
    /// The client's truststore.
    ClientTruststore,
    /// The server's configuration.
    Server,
    /// The client's configuration.
    Client,
    /// What both sides can speak.
    Protocol,
    /// The way between them.
    Network,
    /// A file that was looked at on its own, without a side.
    Store,
}

impl Place {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            Place::ServerKeystore => "server-keystore",
            Place::ServerTruststore => "server-truststore",
            Place::ClientKeystore => "client-keystore",
            Place::ClientTruststore => "client-truststore",
            Place::Server => "server",
            Place::Client => "client",
            Place::Protocol => "protocol",
            Place::Network => "network",
            Place::Store => "store",
        }
    }
}

/// A finding's code: a promise to scripts. The catalogue has one row for each.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(pub(super) &'static str);

impl Code {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
impl Code {
    /// A code for reports made by hand.
    pub fn for_tests(word: &'static str) -> Code {
        Code(word)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One thing that is wrong, or soon will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which cause of the catalogue.
    pub code: Code,
    /// What follows from it.
    pub severity: Severity,
    /// Where the fix belongs.
    pub at: Place,
    /// The certificate that is meant, as an RFC 4514 name.
    pub subject: Option<String>,
    /// The headline: one line, lower case, no full stop (`the server trusts a "Dev CA", but not the one that signed …`).
    pub headline: String,
    /// The facts side by side: what, and what it is (`server-trust.p12 · Dev CA`, `key 9c:02:…:e4`).
    pub facts: Vec<(String, String)>,
    /// One or two plain sentences with the facts: names, dates, fingerprints.
    pub explain: String,
    /// A command or setting that can be pasted.
    pub fix: String,
}

impl Finding {
    /// Whether it says that an input could not be read, or an output not written: exit status 3 (contract.md).
    pub fn is_about_files(&self) -> bool {
        matches!(
            self.code.word(),
            "file-unreadable"
                | "not-a-store"
                | "damaged-store"
                | "wrong-password"
                | "key-password-differs"
                | "unsupported-algorithm"
                | "too-costly"
                | "output-not-written"
        )
    }

    /// A finding with its headline; the rest is added with the methods below.
    pub fn new(code: Code, severity: Severity, at: Place, headline: impl Into<String>) -> Self {
        let headline = headline.into();
        Finding { code, severity, at, subject: None, explain: headline.clone(), headline, facts: Vec::new(), fix: String::new() }
    }

    /// The certificate that is meant.
    #[must_use]
    pub fn about(mut self, cert: &Cert) -> Self {
        self.subject = Some(cert.subject.to_string());
        self
    }

    /// One more fact: what, and what it is.
    #[must_use]
    pub fn fact(mut self, what: impl Into<String>, is: impl Into<String>) -> Self {
        self.facts.push((what.into(), is.into()));
        self
    }

    /// The sentences that explain it.
    #[must_use]
    pub fn because(mut self, sentences: impl Into<String>) -> Self {
        self.explain = sentences.into();
        self
    }

    /// What to paste.
    #[must_use]
    pub fn fix(mut self, command: impl Into<String>) -> Self {
        self.fix = command.into();
        self
    }

    /// The same with a lower severity where it was an error: the handshake worked all the same.
    #[must_use]
    pub fn at_most(mut self, severity: Severity) -> Self {
        self.severity = self.severity.max(severity);
        self
    }

    /// The finding that says what an [`Error`] about a store says; `None` where the error has no code.
    pub fn from_error(error: &Error, at: Place) -> Option<Finding> {
        error.kind.code().map(|code| Finding::told(code, error, at))
    }

    /// What ended a command, for scripts, whatever it is: what is no fault of a file has a code of its own too.
    pub fn of_end(error: &Error) -> Finding {
        let code = error.kind.code().unwrap_or(match error.kind {
            Kind::Usage => "wrong-usage",
            Kind::Network => "network-failure",
            Kind::Internal => "internal-error",
            _ => "refused",
        });
        Finding::told(code, error, Place::Store)
    }

    fn told(code: &'static str, error: &Error, at: Place) -> Finding {
        let code = Code(code);
        let explain = std::iter::once(&error.what).chain(&error.because).map(String::as_str).collect::<Vec<_>>().join("; ");
        Finding {
            code,
            severity: Severity::Error,
            at,
            subject: None,
            headline: error.what.clone(),
            facts: error.because.iter().map(|b| ("because".to_owned(), b.clone())).collect(),
            explain,
            fix: error.fix.clone(),
        }
    }
}
