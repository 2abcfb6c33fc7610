//! `mtls explain`

use super::Ui;
use crate::diagnose::catalogue::CATALOGUE;
use crate::error::{Error, Kind, Result};
use crate::explain::{self, Explanation};
use crate::files;
use crate::report::{Body, Page, Report};
use std::path::Path;

/// The longest log that is read, in bytes.
const LONGEST: u64 = 1 << 30;

/// Explain an error message or a log of another program, or a code of mtls
///
/// Knows what Java, OpenSSL, curl, GnuTLS, Node.js, Python, Go, rustls, .NET, nginx, HAProxy, Apache, PostgreSQL, Kafka and
/// others print when mutual TLS fails: says what it means, which side to look at, which causes it may stand for, and what
/// to run next. A log may be of any length; the root cause comes first.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Args {
    /// The message, a code such as untrusted-issuer, or - for a text or log on standard input
    #[arg(value_name = "TEXT|CODE|-", required_unless_present = "list")]
    pub text: Vec<String>,
    /// List all codes
    #[arg(long, conflicts_with = "text")]
    pub list: bool,
}

const EXAMPLES: &str = "\
Exit status: 0 if something in the text is known, 1 if nothing is.

Examples:
  mtls explain Received fatal alert: certificate_required
  mtls explain untrusted-issuer
  curl -v https://localhost:8443 2>&1 | mtls explain -
  mtls explain - < /var/log/nginx/error.log";

/// Explains the text, or shows the catalogue.
pub fn run(args: &Args, ui: &Ui) -> Result<Report> {
    let text = args.text.join(" ");
    let body = match explain::code(&text) {
        _ if args.list => Body::Catalogue(CATALOGUE.iter().map(|row| page(row, false)).collect()),
        Some(code) => Body::Catalogue(CATALOGUE.iter().filter(|row| row.code == code).map(|row| page(row, true)).collect()),
        None if text == "-" => Body::Explanations(explain::explain(&files::read(Path::new("-"), LONGEST)?)),
        None => Body::Explanations(known(&text)?),
    };
    Ok(Report::new("explain", ui.now(), body))
}

fn page(row: &'static crate::diagnose::catalogue::Row, with_sayings: bool) -> Page {
    Page { row, said_as: if with_sayings { explain::sayings(row.code) } else { Vec::new() } }
}

/// What is known of a text on the command line; one that is a file's name was meant as the file.
fn known(text: &str) -> Result<Vec<Explanation>> {
    let found = explain::explain(text.as_bytes());
    if found.is_empty() && files::exists(Path::new(text)) {
        let what = format!("{}: this is a file's name, and its text was not read", files::shown(Path::new(text)));
        return Err(Error::new(Kind::Usage, what, format!("mtls explain - < {}", crate::safe::shell_path(text))));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::Cli;
    use super::*;
    use clap::{CommandFactory, Parser};

    #[test]
    fn every_command_that_is_advised_is_one_of_ours() {
        let verbs: Vec<String> = Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        for command in explain::commands() {
            let words: Vec<String> = command
                .replace("{port}", "8443")
                .replace("HOST:PORT", "api.example:8443")
                .split(' ')
                .map(|w| w.replace(['{', '}'], ""))
                .collect();
            assert!(verbs.contains(&words[1]), "{command}");
            assert!(Cli::try_parse_from(&words).is_ok(), "{command}: {}", Cli::try_parse_from(&words).unwrap_err());
        }
    }

    #[test]
    fn a_page_of_the_catalogue_is_drawn_for_people() {
        let (mut ui, captured) = Ui::captured(&[]);
        let outcome = super::super::run(["mtls", "explain", "key-mismatch"], &mut ui).unwrap();
        let (out, err) = captured.text();
        assert_eq!((outcome.status(), err.as_str()), (0, ""));
        assert!(out.starts_with("key-mismatch: the private key does not belong to the certificate\n  cause:  "), "{out}");
        assert!(out.contains("other programs say") && out.contains("OpenSSL"), "{out}");
    }

    #[test]
    fn an_explanation_says_what_who_where_and_what_next() {
        let (mut ui, captured) = Ui::captured(&[]);
        let text = "curl: (60) SSL certificate problem: certificate has expired\nmore: *** Received alert [40]: Handshake failed";
        assert_eq!(super::super::run(["mtls", "explain", text], &mut ui).unwrap().status(), 0);
        let (out, _) = captured.text();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], "SSL certificate problem: certificate has expired");
        for (label, text) in [
            ("means:", "expired"),
            ("said by:", "curl, the client"),
            ("look at:", "the server's keystore"),
            ("may be:", "expired"),
            ("next:", "mtls connect HOST:PORT"),
        ] {
            assert!(lines.iter().any(|l| l.trim_start().starts_with(label) && l.contains(text)), "{label}\n{out}");
        }
        assert!(out.contains("also there") && out.contains("Received alert [40]"), "{out}");
    }
}
