//! Words in, a [`Report`] out: the only room that knows clap, terminals and the environment.
//!
//! A new subcommand is a file here with `Args` (its doc comment is the help) and
//! `pub fn run(args: &Args, ui: &Ui) -> Result<Report>`, a variant of [`Command`] and an arm in [`Command::run`].
//! `run` reads stores, calls the rooms below and returns what it found; it neither prints nor decides the exit status.

pub mod args;
pub mod completions;
pub mod handshake;
pub mod inspect;
pub mod man;
pub mod passwords;
pub mod ui;

pub use ui::Ui;

use crate::error::{Error, Result};
use crate::report::{self, Report};
use args::OutputArgs;
use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// Certificates and keystores for mutual TLS: make them, look into them, shake hands with them, and learn exactly why not.
#[derive(Debug, Parser)]
#[command(name = "mtls", version, propagate_version = true, arg_required_else_help = true, max_term_width = 110)]
#[command(subcommand_required = true, disable_help_subcommand = true, after_help = EXIT_STATUS)]
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
pub enum Command {
    /// Look into keystores, truststores, certificates, keys, requests and CRLs
    Inspect(inspect::Args),
    /// Shake hands between two pairs of stores, and say from both sides what happened
    Handshake(handshake::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page, or write the pages of all commands to a folder
    Man(man::Args),
}

impl Command {
    /// Its name, as in the JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Inspect(_) => "inspect",
            Command::Handshake(_) => "handshake",
            Command::Completions(_) => "completions",
            Command::Man(_) => "man",
        }
    }

    fn run(&self, ui: &Ui) -> Result<Report> {
        match self {
            Command::Inspect(args) => inspect::run(args, ui),
            Command::Handshake(args) => handshake::run(args, ui),
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

/// Does what `words` (the program's name first) ask for, and says it through `ui`.
pub fn run<W: Into<OsString> + Clone>(words: impl IntoIterator<Item = W>, ui: &mut Ui) -> Outcome {
    match Cli::try_parse_from(words) {
        Ok(cli) => {
            ui.configure(&cli.output);
            let result = cli.command.run(ui);
            tell(cli.command.name(), result, &cli.output, ui)
        }
        Err(e) => Outcome(ui.usage(&e)),
    }
}

/// Prints what came of a command and decides the exit status.
fn tell(command: &'static str, result: Result<Report>, output: &OutputArgs, ui: &mut Ui) -> Outcome {
    let written = match result {
        Ok(mut report) => {
            if output.strict {
                report.make_strict();
            }
            let status = report.exit_status();
            let text = if output.json {
                ui.print(&report::json::report(&report))
            } else {
                let complaints = report::text::complaints(&report, ui.message_style());
                ui.print(&report::text::result(&report, ui.style())).and_then(|()| ui.tell(&complaints))
            };
            text.map(|()| status)
        }
        Err(e) => {
            let text = if output.json {
                ui.print(&report::json::error(command, &e))
            } else {
                ui.tell(&report::text::error(&e, ui.message_style()))
            };
            text.map(|()| e.kind.exit_status())
        }
    };
    Outcome(written.unwrap_or_else(|e: Error| {
        // where even standard output fails there is only standard error left, and nothing more to do if that fails too
        let _ = ui.tell(&report::text::error(&e, ui.message_style()));
        e.kind.exit_status()
    }))
}
