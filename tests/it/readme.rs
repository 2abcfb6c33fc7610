//! Every command of README.md runs, in order, in one fresh folder, and ends as the README says.
//!
//! In a ```console block a line that begins with `$ ` is a command; it must exit with 0, or with N where the line ends with
//! `# exit N`. A line of its output that begins with `error[CODE]` must come, with that code. The commands that build
//! this very program are known by name and not run again.

use crate::program::run;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Commands for a new user's machine: this test runs from what they end in.
const BUILDS: &[&str] = &["./tests/run", "cargo install --path ."];

/// How the README calls the program from a clone.
const FROM_A_CLONE: &str = "cargo run --release -- ";

struct Step {
    line: usize,
    command: String,
    exit: i32,
    told: Vec<String>,
}

fn steps() -> Vec<Step> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (number, line) in readme.lines().enumerate() {
        if line.starts_with("```") {
            assert!(
                inside || ["```console", "```text", "```json"].contains(&line),
                "README.md:{}: a block of commands is ```console",
                number + 1
            );
            inside = line == "```console";
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| inside) {
            let (command, exit) = command.split_once("# exit ").unwrap_or((command, "0"));
            steps.push(Step {
                line: number + 1,
                command: command.trim().to_owned(),
                exit: exit.trim().parse().unwrap(),
                told: Vec::new(),
            });
        } else if let (true, Some(step)) = (inside && line.starts_with("error["), steps.last_mut()) {
            step.told.push(line.split(']').next().unwrap().to_owned() + "]");
        }
    }
    steps
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let folder = TempDir::new().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_mtls")).parent().unwrap();
    let path =
        std::env::join_paths([program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())))
            .unwrap();
    let steps = steps();
    assert!(steps.iter().filter(|s| s.command.contains("mtls ")).count() >= 5, "the tour is too short to be one");
    for step in steps.iter().filter(|s| !BUILDS.contains(&s.command.as_str())) {
        let words = step.command.replace(FROM_A_CLONE, "mtls ");
        let mut command = Command::new("bash");
        command.args(["-c", &words]).current_dir(folder.path()).env("PATH", &path);
        let ran = run(command, b"");
        assert_eq!(ran.status, step.exit, "README.md:{}: `{}`\n{}", step.line, step.command, ran.story());
        if let Some(log) = step.command.strip_suffix("> visitors.log 2>&1 &").map(|_| folder.path().join("visitors.log")) {
            // a server in the background: the next command finds it listening
            let begun = Instant::now();
            while !std::fs::read_to_string(&log).is_ok_and(|said| said.contains("listening")) {
                assert!(begun.elapsed() < Duration::from_secs(30), "README.md:{}: it does not listen", step.line);
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        for told in &step.told {
            assert!(
                ran.stdout.contains(told) || ran.stderr.contains(told),
                "README.md:{}: no {told}\n{}",
                step.line,
                ran.story()
            );
        }
    }
}

#[test]
fn the_readme_names_the_two_commands_and_every_exit_status() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for word in ["cargo run --release -- init", "./tests/run", "Exit codes"] {
        assert!(readme.contains(word), "README.md lacks `{word}`");
    }
    for status in 0..=3 {
        assert!(readme.contains(&format!("| {status} |")), "README.md does not explain exit status {status}");
    }
    assert!(readme.lines().count() <= 130, "two screens, the rest belongs into docs/");
}
