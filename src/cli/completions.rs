//! `mtls completions`

use super::{Cli, Ui};
use crate::error::Result;
use crate::report::{Body, Report};
use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell as Known;

/// Print a completion script for a shell
///
/// The scripts also stand ready in the folder completions/ of the source.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which shell
    #[arg(value_enum)]
    pub shell: Shell,
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

/// The script for `shell`, from the same definitions as the help.
pub fn script(shell: Shell) -> String {
    let mut out = Vec::new();
    let (mut command, name) = (Cli::command(), "mtls");
    match shell {
        Shell::Bash => clap_complete::generate(Known::Bash, &mut command, name, &mut out),
        Shell::Zsh => clap_complete::generate(Known::Zsh, &mut command, name, &mut out),
        Shell::Fish => clap_complete::generate(Known::Fish, &mut command, name, &mut out),
        Shell::PowerShell => clap_complete::generate(Known::PowerShell, &mut command, name, &mut out),
        Shell::Elvish => clap_complete::generate(Known::Elvish, &mut command, name, &mut out),
        Shell::Nushell => clap_complete::generate(clap_complete_nushell::Nushell, &mut command, name, &mut out),
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Prints the script.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    Ok(Report::new("completions", ui.now(), Body::Text(script(args.shell))))
}
