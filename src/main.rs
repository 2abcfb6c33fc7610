//! The program: words in, exit status out.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match mtls::cli::run(std::env::args_os(), &mut mtls::cli::Ui::of_process()) {
        Ok(outcome) => ExitCode::from(outcome.status()),
        Err(e) => {
            // standard error is all that is left, and where it fails too there is nobody to tell
            let _ = writeln!(std::io::stderr(), "error: {e:#}");
            ExitCode::from(mtls::cli::UNTOLD)
        }
    }
}
