//! Runs the `mtls` that was just built, and watches what must hold for every run: no password is ever printed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The password of every store that the tests make. It is odd enough that its appearance in an output is no accident.
pub const PASSWORD: &str = "Never-Print-Me-7319";

/// `--password` with [`PASSWORD`].
pub const WITH_PASSWORD: [&str; 2] = ["--password", "pass:Never-Print-Me-7319"];

/// What a run left: its exit status and what it printed.
pub struct Ran {
    what: String,
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Everything that a reader needs to see why a test failed.
    pub fn story(&self) -> String {
        format!("$ {}\n{}{}(exit status {})", self.what, self.stdout, self.stderr, self.status)
    }

    /// The same run, which must have ended with this exit status.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "expected exit status {status}\n{}", self.story());
        self
    }

    /// The one JSON object that the run printed, checked for what every object has (contract.md).
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let value: serde_json::Value = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("standard output is not one JSON object: {e}\n{}", self.story()));
        assert_eq!(value["schema"], 1, "{}", self.story());
        assert!(value["command"].is_string() && value["findings"].is_array(), "{}", self.story());
        let errors = value["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").count();
        assert_eq!(value["ok"], errors == 0, "`ok` is true when no finding is an error\n{}", self.story());
        value
    }
}

/// Runs `mtls` in `folder`, with no terminal, no input and none of the caller's settings.
#[track_caller]
pub fn mtls<S: AsRef<str>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Ran {
    mtls_reading(folder, arguments, &[], b"")
}

/// [`mtls`] with variables in its environment and bytes on its standard input.
#[track_caller]
pub fn mtls_reading<S: AsRef<str>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
    env: &[(&str, &str)],
    input: &[u8],
) -> Ran {
    let arguments: Vec<String> = arguments.into_iter().map(|a| a.as_ref().to_owned()).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mtls"));
    command.args(&arguments).current_dir(folder).envs(env.iter().copied());
    let mut ran = run(command, input);
    ran.what = format!("mtls {}", arguments.join(" "));
    assert!(!ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD), "a password was printed\n{}", ran.story());
    assert!(!ran.stderr.contains("panicked at"), "{}", ran.story());
    ran
}

/// Runs any program to its end, reading all it prints.
pub fn run(mut command: Command, input: &[u8]) -> Ran {
    for name in ["MTLS_PASSWORD", "MTLS_DIR", "COLUMNS"] {
        if !command.get_envs().any(|(key, _)| key == name) {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let what = format!("{command:?}");
    let mut child = command.spawn().unwrap_or_else(|e| panic!("{what}: {e}"));
    // a program that does not read its input closes it, which is no fault of the test
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        what,
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
