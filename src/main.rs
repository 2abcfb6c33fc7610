//! The program: words in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = mtls::cli::run(std::env::args_os(), &mut mtls::cli::Ui::of_process());
    ExitCode::from(outcome.status())
}
