//! Groups of options that several subcommands share; they build values of the rooms below.

use super::Ui;
use super::passwords::{Keyring, Source};
use crate::error::Result;
use crate::formats::Budget;
use crate::formats::budget::DEFAULT_ITERATIONS;
use crate::handshake::Versions;
use crate::pki::Password;
use clap::{ArgAction, Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// What to try on stores and keys that are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Passwords")]
pub struct PasswordArgs {
    /// Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    ///
    /// With any given, only those are tried. Without one: MTLS_PASSWORD if it is set, else the empty password and
    /// "changeit"; then you are asked, if there is a terminal. TEXT can be seen by other users of this machine while
    /// the command runs; the other forms cannot. Of a file, a descriptor and standard input the first line is taken.
    #[arg(short, long = "password", value_name = "SOURCE", value_parser = Source::parse, action = ArgAction::Append)]
    pub passwords: Vec<Source>,
    /// Try this one on keys that have a password of their own (repeatable; the same forms)
    #[arg(long = "key-password", value_name = "SOURCE", value_parser = Source::parse, action = ArgAction::Append)]
    pub key_passwords: Vec<Source>,
}

impl PasswordArgs {
    /// Fetches the passwords to try.
    ///
    /// # Errors
    /// A usage error where a source is none, or has nothing to give. It never repeats the text.
    pub fn keyring(&self, ui: &Ui) -> Result<Keyring> {
        Keyring::new(&self.passwords, &self.key_passwords, ui)
    }

    /// The same options for a command to paste that opens the same stores; empty where none was given.
    pub fn repeated(&self) -> String {
        let given =
            self.passwords.iter().map(|s| ("--password", s)).chain(self.key_passwords.iter().map(|s| ("--key-password", s)));
        let mut options: Vec<String> = Vec::new();
        for option in given.map(|(option, source)| format!("{option} {}", source.pasted())) {
            if !options.contains(&option) {
                options.push(option);
            }
        }
        options.join(" ")
    }
}

/// The password of stores that are written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Passwords")]
pub struct NewPasswordArgs {
    /// The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    ///
    /// Without it: MTLS_PASSWORD if it is set, else "changeit", which Java users expect and everyone knows. TEXT can be
    /// seen by other users of this machine while the command runs; the other forms cannot.
    #[arg(short, long, value_name = "SOURCE", value_parser = Source::parse)]
    pub password: Option<Source>,
}

impl NewPasswordArgs {
    /// Fetches the password; `prompt` asks for it twice.
    ///
    /// # Errors
    /// As [`PasswordArgs::keyring`].
    pub fn fetch(&self, ui: &Ui) -> Result<Password> {
        super::passwords::to_write(self.password.as_ref(), "--password", ui)
    }
}

/// As of when to judge.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct TimeArgs {
    /// Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<OffsetDateTime>,
}

impl TimeArgs {
    /// The time that was given, or the clock's.
    pub fn now(&self, ui: &Ui) -> OffsetDateTime {
        self.at.unwrap_or_else(|| ui.now())
    }
}

/// How much work a file may ask for.
#[derive(Debug, Clone, Copy, Args)]
pub struct BudgetArgs {
    /// Let a file ask for this many iterations of key derivation
    #[arg(long, value_name = "N", default_value_t = DEFAULT_ITERATIONS, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_iterations: u64,
}

impl Default for BudgetArgs {
    fn default() -> Self {
        BudgetArgs { max_iterations: DEFAULT_ITERATIONS }
    }
}

impl BudgetArgs {
    /// A fresh budget: each file gets its own.
    pub fn budget(&self) -> Budget {
        Budget::with_iterations(self.max_iterations)
    }
}

/// How the stores that a command reads are opened.
#[derive(Debug, Clone, Default, Args)]
pub struct OpenArgs {
    /// What to try on them.
    #[command(flatten)]
    pub passwords: PasswordArgs,
    /// How much work a file may ask for.
    #[command(flatten)]
    pub budget: BudgetArgs,
}

impl OpenArgs {
    /// Fetches the passwords to try.
    ///
    /// # Errors
    /// As [`PasswordArgs::keyring`].
    pub fn keyring(&self, ui: &Ui) -> Result<Keyring> {
        self.passwords.keyring(ui)
    }

    /// A fresh budget: each file gets its own.
    pub fn budget(&self) -> Budget {
        self.budget.budget()
    }
}

/// What the handshake commands share.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Handshake")]
pub struct HandshakeArgs {
    /// Refuse the certificates on this CRL (repeatable)
    #[arg(long = "crl", value_name = "FILE")]
    pub crls: Vec<PathBuf>,
    /// Speak this TLS version only
    #[arg(long, value_name = "VERSION", value_enum)]
    pub tls: Option<TlsVersion>,
    /// Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)
    #[arg(long, value_name = "NAME", value_parser = parse_protocol)]
    pub alpn: Vec<String>,
    /// Give up after this time: 500ms, 3s, 2m
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = parse_duration)]
    pub timeout: Duration,
    /// As of when to judge.
    #[command(flatten)]
    pub time: TimeArgs,
}

impl HandshakeArgs {
    /// The TLS versions that both sides speak.
    pub fn versions(&self) -> Versions {
        TlsVersion::versions(self.tls)
    }
}

/// A TLS version to insist on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246)
    #[value(name = "1.2")]
    V1_2,
    /// TLS 1.3 (RFC 8446)
    #[value(name = "1.3")]
    V1_3,
}

impl TlsVersion {
    /// What to speak where `only` is asked for, or nothing is.
    pub fn versions(only: Option<TlsVersion>) -> Versions {
        match only {
            None => Versions::Both,
            Some(TlsVersion::V1_2) => Versions::Tls12,
            Some(TlsVersion::V1_3) => Versions::Tls13,
        }
    }
}

/// RFC 3339, or a date alone: its first second in UTC.
pub fn parse_time(text: &str) -> Result<OffsetDateTime, String> {
    use time::format_description::well_known::{Iso8601, Rfc3339};
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| Date::parse(text, &Iso8601::DATE).map(|d| PrimitiveDateTime::new(d, Time::MIDNIGHT).assume_utc()))
        .map_err(|_| "want a date as in 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z".to_owned())
}

/// The name of an application protocol: one to 255 bytes (RFC 7301 section 3.1).
pub fn parse_protocol(text: &str) -> Result<String, String> {
    match text.len() {
        1..=255 => Ok(text.to_owned()),
        _ => Err("want a name of 1 to 255 bytes, as in h2 or http/1.1".to_owned()),
    }
}

/// A whole number and its unit, `ms`, `s` or `m`; seconds where there is none.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "want a number and a unit, as in 500ms, 3s or 2m".to_owned())?;
    let milliseconds = match unit.trim() {
        "ms" => Some(number),
        "" | "s" => number.checked_mul(1_000),
        "m" | "min" => number.checked_mul(60_000),
        _ => return Err("want the unit ms, s or m".to_owned()),
    };
    match milliseconds {
        Some(1..=86_400_000) => Ok(Duration::from_millis(milliseconds.unwrap_or(0))),
        _ => Err("want more than nothing and at most a day".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn times_are_dates_or_rfc_3339() {
        assert_eq!(parse_time("2027-01-31"), Ok(datetime!(2027-01-31 0:00 UTC)));
        assert_eq!(parse_time("2027-01-31T12:00:00+02:00"), Ok(datetime!(2027-01-31 10:00 UTC)));
        assert_eq!(parse_time("2027-01-31T12:00:00Z"), Ok(datetime!(2027-01-31 12:00 UTC)));
        for text in ["", "tomorrow", "2027-13-01", "31.01.2027"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_have_a_unit_and_a_bound() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("3s"), Ok(Duration::from_secs(3)));
        assert_eq!(parse_duration("3"), Ok(Duration::from_secs(3)));
        assert_eq!(parse_duration("2m"), Ok(Duration::from_secs(120)));
        for text in ["", "s", "3h", "0s", "-1s", "99999999999999999999s", "18446744073709551615m"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
