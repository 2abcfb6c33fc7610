//! The one error type: we could not look, or could not write.
//!
//! An error is not a finding: a finding speaks of the user's certificates and is data; an error ends the work.
//! Its [`Kind`] decides the exit status and, where one fits, the finding code that `--json` shows (contract.md).

use std::fmt;

/// What went wrong, by what the user has to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line does not make sense (exit status 2).
    Usage,
    /// A file is missing, is a directory without certificates, or may not be read.
    Unreadable,
    /// The bytes are in no format that we know.
    NotAStore,
    /// The format is known, the content is cut off or altered.
    Damaged,
    /// No password that was given opens the store.
    WrongPassword,
    /// The store opened, a key in it did not.
    KeyPasswordDiffers,
    /// A cipher, KDF, MAC or key type that we do not know.
    Unsupported,
    /// The file asks for more work or memory than the budget.
    TooCostly,
    /// A result could not be written.
    Output,
    /// The network failed us.
    Network,
    /// The input was read, and what was asked cannot be done with it (exit status 1).
    Refused,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// The process exit status (contract.md, "Exit codes").
    pub fn exit_status(self) -> u8 {
        match self {
            Kind::Usage => 2,
            Kind::Refused | Kind::Network => 1,
            _ => 3,
        }
    }

    /// The finding code (diagnosis.md) that says the same to a script, where there is one.
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Kind::Unreadable => "file-unreadable",
            Kind::NotAStore => "not-a-store",
            Kind::Damaged => "damaged-store",
            Kind::WrongPassword => "wrong-password",
            Kind::KeyPasswordDiffers => "key-password-differs",
            Kind::Unsupported => "unsupported-algorithm",
            Kind::TooCostly => "too-costly",
            Kind::Output => "output-not-written",
            _ => return None,
        })
    }
}

/// Why the work ended: what was found, what led to it, and what to do.
///
/// Messages are lower case without a full stop. `what` names the file (readers leave it out and the caller that
/// knows the path adds it with [`Error::in_file`]).
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// Which sort of trouble it is.
    pub kind: Kind,
    /// The fact, in one line.
    pub what: String,
    /// What led to it, nearest cause first.
    pub because: Vec<String>,
    /// What the reader can do now; empty only for [`Kind::Internal`].
    pub fix: String,
}

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` that says `what` was found and how to `fix` it.
    pub fn new(kind: Kind, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Error { kind, what: what.into(), because: Vec::new(), fix: fix.into() }
    }

    /// The same error with one more cause at the end of its list.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.because.push(cause.to_string());
        self
    }

    /// The same error, naming the file (or other place) that it is about.
    #[must_use]
    pub fn in_file(mut self, place: impl fmt::Display) -> Self {
        self.what = format!("{place}: {}", self.what);
        self
    }

    /// The same error with another remedy, where the caller knows a better one.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Content that is cut off or altered; `what` says where and how.
    pub fn damaged(what: impl Into<String>) -> Self {
        Error::new(Kind::Damaged, what, "get the file again from where it came from, byte for byte (copy it in binary mode)")
    }

    /// An algorithm that we know by name at best.
    pub fn unsupported(what: impl Into<String>) -> Self {
        Error::new(
            Kind::Unsupported,
            what,
            "have the file written anew with AES-256 and SHA-256 (PBES2), the default of OpenSSL 3 and Java 17",
        )
    }

    /// A password that does not open what it should.
    pub fn wrong_password() -> Self {
        Error::new(
            Kind::WrongPassword,
            "wrong password",
            "give the right one with --password pass:TEXT, env:NAME, file:PATH or prompt",
        )
    }

    /// A fault of ours, not of the input.
    pub fn internal(what: impl Into<String>) -> Self {
        Error::new(Kind::Internal, what, "this is a fault in mtls: please report it with the command line (no keys)")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for cause in &self.because {
            write!(f, "\nbecause: {cause}")?;
        }
        if !self.fix.is_empty() {
            write!(f, "\nfix: {}", self.fix)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_has_place_causes_and_fix() {
        let e = Error::wrong_password().in_file("server.p12").because("the MAC does not verify");
        assert_eq!(
            e.to_string(),
            "server.p12: wrong password\nbecause: the MAC does not verify\nfix: give the right one with --password pass:TEXT, env:NAME, file:PATH or prompt"
        );
        assert_eq!((e.kind.exit_status(), e.kind.code()), (3, Some("wrong-password")));
    }
}
