//! Words in, a [`Report`] out: the only room that knows clap, terminals and the environment.
//!
//! A new subcommand is a file here with `Args` (its doc comment is the help) and
//! `pub fn run(args: &Args, ui: &Ui) -> Result<Report>`, a variant of [`Command`] and an arm in `Command::run`.
//! `run` reads stores, calls the rooms below and returns what it found; it neither prints nor decides the exit status.

pub mod args;
pub mod ca;
pub mod client;
pub mod completions;
pub mod connect;
pub mod convert;
pub mod entry;
pub mod explain;
pub mod handshake;
mod hush;
pub mod init;
pub mod inspect;
pub mod keystore;
pub mod making;
pub mod man;
pub mod output;
pub mod password;
pub mod passwords;
pub mod serve;
pub mod server;
mod split;
pub mod truststore;
pub mod ui;
mod writing;

pub use ui::Ui;

use crate::error::{Error, Kind, Result};
use crate::formats::Item;
use crate::pki::Passwords;
use crate::pki::crl::Crl;
use crate::report::{self, Report};
use crate::safe::Safe;
use crate::stores;
use anyhow::Context;
use args::{BudgetArgs, PasswordArgs};
use clap::{CommandFactory, Parser, Subcommand};
use output::OutputArgs;
use std::ffi::OsString;
use std::path::PathBuf;

/// Certificates and keystores for mutual TLS: make them, look into them, shake hands with them, and learn exactly why not.
#[derive(Debug, Parser)]
#[command(name = "mtls", version, arg_required_else_help = true, max_term_width = 110)]
#[command(subcommand_required = true, after_help = EXIT_STATUS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to say it.
    #[command(flatten)]
    pub output: OutputArgs,
}

const EXIT_STATUS: &str = "\
Exit status:
  0  all is well
  1  it ran and found an error: a failed handshake, an expired certificate
  2  wrong usage
  3  an input could not be read, or an output not written
Warnings leave it as it is, unless --strict is given.";

/// The subcommands, in the order of the help.
#[derive(Debug, Subcommand)]
#[allow(missing_docs, reason = "a doc comment here would replace the help, which is that of each `Args`")]
pub enum Command {
    Init(Box<init::Args>),
    Ca(Box<ca::Args>),
    Server(Box<server::Args>),
    Client(Box<client::Args>),
    Keystore(keystore::Args),
    Truststore(truststore::Args),
    Convert(convert::Args),
    Entry(entry::Args),
    Password(password::Args),
    Inspect(inspect::Args),
    Handshake(handshake::Args),
    Connect(Box<connect::Args>),
    Explain(explain::Args),
    Serve(serve::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Its name, as in the JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Init(_) => "init",
            Command::Ca(_) => "ca",
            Command::Server(_) => "server",
            Command::Client(_) => "client",
            Command::Keystore(_) => "keystore",
            Command::Truststore(_) => "truststore",
            Command::Convert(_) => "convert",
            Command::Entry(_) => "entry",
            Command::Password(_) => "password",
            Command::Inspect(_) => "inspect",
            Command::Handshake(_) => "handshake",
            Command::Connect(_) => "connect",
            Command::Explain(_) => "explain",
            Command::Serve(_) => "serve",
            Command::Completions(_) => "completions",
            Command::Man(_) => "man",
        }
    }

    /// How the stores are opened that its findings are about.
    fn passwords(&self) -> Option<&PasswordArgs> {
        match self {
            Command::Inspect(args) => Some(&args.open.passwords),
            Command::Handshake(args) => Some(&args.open.passwords),
            Command::Connect(args) => Some(&args.open.passwords),
            _ => None,
        }
    }

    fn run(&self, output: &OutputArgs, ui: &Ui) -> Result<Report> {
        match self {
            Command::Init(args) => init::run(args, ui),
            Command::Ca(args) => ca::run(args, ui),
            Command::Server(args) => server::run(args, ui),
            Command::Client(args) => client::run(args, ui),
            Command::Keystore(args) => keystore::run(args, ui),
            Command::Truststore(args) => truststore::run(args, ui),
            Command::Convert(args) => convert::run(args, ui),
            Command::Entry(args) => entry::run(args, ui),
            Command::Password(args) => password::run(args, ui),
            Command::Inspect(args) => inspect::run(args, ui),
            Command::Handshake(args) => handshake::run(args, ui),
            Command::Connect(args) => connect::run(args, ui),
            Command::Explain(args) => explain::run(args, ui),
            Command::Serve(args) => serve::run(args, output, ui),
            Command::Completions(args) => completions::run(args, ui),
            Command::Man(args) => man::run(args, ui),
        }
    }
}

/// How it ended, as an exit status (contract.md, "Exit codes").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome(u8);

impl Outcome {
    /// The exit status of the process.
    pub fn status(self) -> u8 {
        self.0
    }
}

/// The exit status where an outcome could not be told: an output not written (contract.md, "Exit codes").
pub const UNTOLD: u8 = 3;

/// Does what `words` (the program's name first) ask for, and says it through `ui`.
///
/// # Errors
/// What kept the outcome from being told, a full disk behind standard output, say.
pub fn run<W: Into<OsString> + Clone>(words: impl IntoIterator<Item = W>, ui: &mut Ui) -> anyhow::Result<Outcome> {
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    ui.hush(&words);
    match Cli::try_parse_from(&words) {
        Ok(cli) => {
            ui.configure(&cli.output);
            let mut result = cli.command.run(&cli.output, ui);
            let passwords = cli.command.passwords().map(PasswordArgs::repeated).unwrap_or_default();
            if let (Ok(report), false) = (&mut result, passwords.is_empty()) {
                report.open_in_remedies(&passwords);
            }
            let command = cli.command.name();
            tell(command, result, &cli.output, ui).with_context(|| format!("{command}: its outcome is not all told"))
        }
        Err(e) => {
            if e.use_stderr() && words.iter().take_while(|word| *word != "--").any(|word| word == "--json") {
                let command =
                    Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).find(|n| words.iter().any(|w| w == &**n));
                ui.print(&report::json::error(&command.unwrap_or_default(), &misused(&e)))
                    .context("the complaint is not all told")?;
            }
            Ok(Outcome(ui.usage(&e).context("the help or the complaint is not all told")?))
        }
    }
}

/// What clap has against the words, as an error of ours.
fn misused(complaint: &clap::Error) -> Error {
    let text = complaint.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let what = lines.next().map_or("wrong usage", |line| line.strip_prefix("error: ").unwrap_or(line)).to_owned();
    let usage = lines.find(|line| line.starts_with("Usage:")).map_or("mtls --help", |line| line.trim_start_matches("Usage: "));
    Error::new(Kind::Usage, what, usage)
}

/// Prints what came of a command and decides the exit status.
fn tell(command: &'static str, result: Result<Report>, output: &OutputArgs, ui: &mut Ui) -> Result<Outcome> {
    match result {
        Ok(mut report) => {
            if output.strict {
                report.make_strict();
            }
            if output.json {
                ui.print(&report::json::report(&report))?;
            } else {
                let complaints = report::text::complaints(&report, ui.message_style());
                let text = report::text::result(&report, ui.style());
                let is_beside = matches!(&report.body, report::Body::Made(made) if made.beside_output);
                if is_beside {
                    ui.tell(&text)?
                } else {
                    ui.print(&text)?
                }
                ui.tell(&complaints)?;
            }
            Ok(Outcome(report.exit_status()))
        }
        Err(e) => {
            if output.json {
                ui.print(&report::json::error(command, &e))?;
            } else {
                ui.tell(&report::text::error(&e, ui.message_style()))?;
            }
            Ok(Outcome(e.kind.exit_status()))
        }
    }
}

/// The lists in CRL files.
///
/// # Errors
/// That of a file that cannot be read, or is no CRL.
fn crls(files: &[PathBuf], passwords: &Passwords<'_>, budget: BudgetArgs) -> Result<Vec<Crl>> {
    let mut lists = Vec::new();
    for file in files {
        let before = lists.len();
        for entry in stores::load(file.as_os_str(), passwords, &budget.budget())?.entries {
            match entry.item {
                Item::Crl(list) => lists.push(list),
                Item::Unread { why, .. } => return Err(why.in_file(Safe(file.display()))),
                _ => {}
            }
        }
        if lists.len() == before {
            let fix = "give --crl the revocation list that the CA publishes, as PEM or DER";
            return Err(Error::new(Kind::NotAStore, "no certificate revocation list is in it", fix).in_file(Safe(file.display())));
        }
    }
    Ok(lists)
}

#[cfg(test)]
mod making_tests;
#[cfg(test)]
mod verb_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Body;

    /// Exit status, standard output and standard error of `words`.
    fn said(words: &[&str]) -> (u8, String, String) {
        let (mut ui, captured) = Ui::captured(&[]);
        let outcome = run(std::iter::once(&"mtls").chain(words), &mut ui).unwrap();
        let (out, err) = captured.text();
        (outcome.status(), out, err)
    }

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_and_version_are_results_and_faults_are_not() {
        assert_eq!(said(&["--version"]), (0, concat!("mtls ", env!("CARGO_PKG_VERSION"), "\n").to_owned(), String::new()));
        assert_eq!(said(&["inspect", "--help"]).0, 0);
        for words in
            [&["nonsense"][..], &[], &["inspect"], &["inspect", "--nonsense", "x"], &["handshake", "--server", "only-one"]]
        {
            let (status, out, err) = said(words);
            assert_eq!((status, out.as_str()), (2, ""), "{words:?}");
            assert!(err.contains("Usage: mtls"), "{err}");
        }
    }

    #[test]
    fn wrong_usage_is_told_to_scripts_too() {
        for words in [
            &["inspect", "--json", "--nope", "x"][..],
            &["connect", "--json", "localhost:99999"],
            &["entry", "add", "--json"],
            &["inspect", "--json", "--at", "nope", "x"],
            &["handshake", "--json", "--server", "none", "x", "--client", "none", "x"],
        ] {
            let (status, out, _) = said(words);
            let json: serde_json::Value = serde_json::from_str(&out).unwrap();
            assert_eq!((status, &json["ok"], &json["command"]), (2, &false.into(), &words[0].into()), "{out}");
            assert_eq!(
                (&json["findings"][0]["code"], &json["findings"][0]["severity"]),
                (&"wrong-usage".into(), &"error".into())
            );
        }
        assert_eq!(said(&["inspect", "--nope", "--", "--json"]).1, "");
    }

    #[test]
    fn a_bad_password_source_is_a_usage_error_that_keeps_it() {
        let (status, out, err) = said(&["inspect", "-p", "hunter2", "x.p12"]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(err.starts_with("error: --password: "), "{err}");
        assert!(!err.contains("hunter2"));
    }

    #[test]
    fn remedies_open_stores_as_the_command_did() {
        let repeated = |words: &[&str]| Cli::try_parse_from(words).unwrap().command.passwords().unwrap().repeated();
        let told = repeated(&[
            "mtls",
            "inspect",
            "-p",
            "pass:x",
            "--password=file:my pw",
            "--key-password",
            "env:K",
            "-p",
            "pass:y",
            "a.p12",
        ]);
        assert_eq!(told, "--password prompt --password 'file:my pw' --key-password env:K");
        assert_eq!(repeated(&["mtls", "inspect", "a.p12"]), "");
    }

    #[test]
    fn a_password_in_the_wrong_place_is_not_repeated() {
        for words in [
            &["password", "x.p12", "pass:sekret99"][..],
            &["inspect", "x.p12", "pass:sekret99"],
            &["inspect", "--json", "pass:sekret99"],
            &["connect", "https://bob:sekret99@host:443/"],
            &["inspect", "--pasword=pass:sekret99", "x"],
        ] {
            let (status, out, err) = said(words);
            assert!(status > 0 && !format!("{out}{err}").contains("sekret99"), "{words:?}: {out}{err}");
        }
    }

    #[test]
    fn every_subcommand_has_examples_that_parse() {
        for command in Cli::command().get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> = after.lines().filter(|l| l.starts_with("  mtls ")).collect();
            assert!((2..=3).contains(&examples.len()), "{} has {} examples", command.get_name(), examples.len());
            for example in examples {
                // as a shell would: a quoted word keeps its spaces
                let pieces = example.split(['\'', '"']).enumerate();
                let words =
                    pieces.flat_map(|(i, piece)| if i % 2 == 1 { vec![piece] } else { piece.split_whitespace().collect() });
                let words = words.take_while(|w| !matches!(*w, ">" | "|"));
                if let Err(e) = Cli::try_parse_from(words) {
                    panic!("{example}: {e}");
                }
            }
        }
    }

    #[test]
    fn every_subcommand_goes_by_the_name_that_its_report_has() {
        let names: Vec<String> = Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for name in names {
            let example =
                Cli::command().find_subcommand(&name).and_then(|c| c.get_after_help()).map(ToString::to_string).unwrap();
            let line = example.lines().find(|l| l.starts_with("  mtls ")).unwrap();
            let words = line.split_whitespace().take_while(|w| !matches!(*w, ">" | "|"));
            assert_eq!(Cli::try_parse_from(words).unwrap().command.name(), name);
        }
    }

    #[test]
    fn errors_are_told_in_words_or_as_an_object() {
        let (mut ui, captured) = Ui::captured(&[]);
        let error = || Err(Error::wrong_password().in_file("a.p12"));
        assert_eq!(tell("truststore", error(), &OutputArgs::default(), &mut ui), Ok(Outcome(3)));
        assert!(captured.text().1.starts_with("error: a.p12: wrong password\nfix: "));
        assert_eq!(captured.text().0, "");
        assert_eq!(tell("truststore", error(), &OutputArgs { json: true, ..OutputArgs::default() }, &mut ui), Ok(Outcome(3)));
        assert!(captured.text().0.starts_with("{\n  \"schema\": 1,"));
    }

    #[test]
    fn quiet_leaves_the_findings() {
        let (mut ui, captured) = Ui::captured(&[]);
        let output = OutputArgs { quiet: true, ..OutputArgs::default() };
        ui.configure(&output);
        let report = Report::new("init", ui.now(), Body::Made(report::Made { next: vec!["x".to_owned()], ..Default::default() }));
        assert_eq!(tell("init", Ok(report), &output, &mut ui), Ok(Outcome(0)));
        assert_eq!(captured.text(), (String::new(), String::new()));
    }
}
