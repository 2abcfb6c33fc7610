//! `mtls completions`

use super::{Cli, Ui};
use crate::error::Result;
use crate::report::{Body, Report};
use clap::{CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell as Known};
use std::path::PathBuf;

/// Print a completion script for a shell, or write those of all shells to a folder
///
/// The scripts also stand ready in the folder completions/ of the source.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which shell
    #[arg(value_enum, required_unless_present = "dir")]
    pub shell: Option<Shell>,
    /// Write the scripts of all shells to this folder, each under the name that its shell looks for
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    pub dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  mtls completions bash > ~/.local/share/bash-completion/completions/mtls
  mtls completions zsh > ~/.zfunc/_mtls
  mtls completions fish > ~/.config/fish/completions/mtls.fish";

/// The shells that there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    #[value(name = "powershell")]
    PowerShell,
    /// Elvish
    Elvish,
    /// Nushell
    Nushell,
}

/// The name that `shell` looks for, and the script for it, from the same definitions as the help.
pub fn script(shell: Shell) -> (String, String) {
    match shell {
        Shell::Bash => generated(Known::Bash),
        Shell::Zsh => generated(Known::Zsh),
        Shell::Fish => generated(Known::Fish),
        Shell::PowerShell => generated(Known::PowerShell),
        Shell::Elvish => generated(Known::Elvish),
        Shell::Nushell => generated(clap_complete_nushell::Nushell),
    }
}

fn generated(generator: impl Generator) -> (String, String) {
    let mut out = Vec::new();
    let name = generator.file_name("mtls");
    clap_complete::generate(generator, &mut Cli::command().disable_help_subcommand(true), "mtls", &mut out);
    (name, String::from_utf8_lossy(&out).into_owned())
}

/// All scripts, each with its file name.
pub fn scripts() -> Vec<(String, String)> {
    Shell::value_variants().iter().map(|shell| script(*shell)).collect()
}

/// Prints one script, or writes them all.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let body = match (&args.dir, args.shell) {
        (Some(dir), _) => super::man::written(dir, "script", scripts())?,
        (None, Some(shell)) => Body::Text(script(shell).1),
        (None, None) => Body::None, // clap asks for one of them
    };
    Ok(Report::new("completions", ui.now(), body))
}
