//! `mtls man`

use super::{Cli, Ui};
use crate::error::{Error, Result};
use crate::files::{Existing, Secrecy, WriteSet};
use crate::report::{Body, Made, Report, Row};
use clap::CommandFactory;
use std::path::{Path, PathBuf};

/// Print the manual page, or write the pages of all commands to a folder
///
/// The pages also stand ready in the folder docs/man/ of the source.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Write mtls.1 and a page for each command to this folder, and print nothing but what was written
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  mtls man | man -l -
  mtls man --dir ~/.local/share/man/man1";

/// All pages, each with its file name; the first is that of `mtls` itself.
///
/// # Errors
/// An internal error if a page cannot be rendered.
pub fn pages() -> Result<Vec<(String, String)>> {
    // `mtls help` says what the pages say
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut commands = vec![root.clone().display_name("mtls")];
    commands.extend(root.get_subcommands().filter(|c| !c.is_hide_set()).cloned());
    commands.into_iter().map(page).collect()
}

fn page(command: clap::Command) -> Result<(String, String)> {
    let page = clap_mangen::Man::new(command).manual("mtls").source(concat!("mtls ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    page.render(&mut out).map_err(|e| Error::internal("a manual page cannot be rendered").because(e))?;
    Ok((page.get_filename(), String::from_utf8_lossy(&out).into_owned()))
}

/// Prints the page of `mtls`, or writes them all.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let pages = pages()?;
    let body = match &args.dir {
        None => Body::Text(pages.into_iter().next().map(|(_, text)| text).unwrap_or_default()),
        Some(dir) => written(dir, "page", pages)?,
    };
    Ok(Report::new("man", ui.now(), body))
}

/// Writes generated files to a folder, which is made where it is missing.
pub(super) fn written(dir: &Path, role: &str, files: Vec<(String, String)>) -> Result<Body> {
    let (mut set, mut made) = (WriteSet::new(), Made::default());
    for (name, text) in files {
        let path = dir.join(name);
        set.add(path.clone(), Secrecy::Public, Existing::Replace, text);
        made.rows.push(Row { role: role.to_owned(), action: "made", files: vec![path], says: String::new(), cert: None });
    }
    set.commit()?;
    Ok(Body::Made(made))
}
