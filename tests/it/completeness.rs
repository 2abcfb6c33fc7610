//! What is generated stands in the tree as it would be generated now: completions, man pages, fixtures.

use crate::peers::python;
use crate::program::{mtls, run};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder in the tree holds what `mtls COMMAND --dir DIR` writes, byte for byte, and nothing else.
#[track_caller]
fn is_current(folder: &str, command: &str, must_have: &[&str]) {
    let made = TempDir::new().unwrap();
    let made_path = made.path().to_str().unwrap();
    mtls(root(), [command, "--dir", made_path]).exits(0);
    let files = |folder: &Path| -> BTreeMap<String, String> {
        let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
        let paths = entries.map(|e| e.unwrap().path());
        paths.map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(p).unwrap())).collect()
    };
    let (now, there) = (files(made.path()), files(&root().join(folder)));
    assert!(must_have.iter().all(|name| now.contains_key(*name)), "`mtls {command}` writes {:?}", now.keys());
    let differ: BTreeSet<_> = now.keys().chain(there.keys()).filter(|name| now.get(*name) != there.get(*name)).collect();
    assert!(
        differ.is_empty(),
        "{folder}/ is not current: {differ:?}; run: rm -r {folder}; cargo run -- {command} --dir {folder}"
    );
}

#[test]
fn completions_are_current_for_every_shell() {
    let shells = ["mtls.bash", "_mtls", "mtls.fish", "_mtls.ps1", "mtls.elv", "mtls.nu"];
    is_current("completions", "completions", &shells);
}

#[test]
fn man_pages_are_current() {
    is_current("docs/man", "man", &["mtls.1", "mtls-init.1", "mtls-handshake.1"]);
}

#[test]
fn every_subcommand_has_help_with_an_example() {
    let help = mtls(root(), ["--help"]).exits(0).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with("  ") && !l.starts_with("   "))
        .filter_map(|l| l.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    for wanted in ["init", "ca", "server", "client", "keystore", "truststore", "inspect", "handshake", "completions", "man"] {
        assert!(commands.contains(&wanted), "`mtls --help` does not list `{wanted}`: {commands:?}");
    }
    for command in commands {
        let help = mtls(root(), [command, "--help"]).exits(0).stdout;
        assert!(
            help.contains("Examples:") && help.contains(&format!("mtls {command}")),
            "`mtls {command} --help` has no example\n{help}"
        );
    }
}

#[test]
fn fixtures_are_what_their_script_makes() {
    let Some(python) = python() else { return };
    let mut command = Command::new(python);
    command.arg(root().join("fixtures/make-cases")).arg("--check");
    run(command, b"").exits(0);
}

/// Every file of fixtures/, without fixtures/cases (whose script lists them).
fn fixtures() -> Vec<PathBuf> {
    let mut folders = vec![root().join("fixtures")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("cases") => {}
                true => folders.push(path),
                false => files.push(path.strip_prefix(root().join("fixtures")).unwrap().to_owned()),
            }
        }
    }
    files
}

#[test]
fn every_fixture_says_which_tool_made_it() {
    let readme = std::fs::read_to_string(root().join("fixtures/README.md")).unwrap();
    // the first column of the table: a file, or `folder/prefix-*`
    let rows: Vec<&str> = readme.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next()).collect();
    let is_told = |file: &str| {
        rows.iter().any(|row| match row.split_once('*') {
            Some((start, end)) => file.starts_with(start) && file.ends_with(end),
            None => file == *row,
        })
    };
    let files: Vec<String> = fixtures().iter().map(|f| f.to_str().unwrap().replace('\\', "/")).collect();
    let untold: Vec<_> = files.iter().filter(|f| !f.ends_with("README.md") && !is_told(f)).collect();
    assert!(untold.is_empty(), "fixtures/README.md does not say which tool made: {untold:?}");
    let gone: Vec<_> = rows.iter().filter(|row| !files.iter().any(|f| f.starts_with(row.split('*').next().unwrap()))).collect();
    assert!(gone.is_empty(), "fixtures/README.md tells of what is not there: {gone:?}");
}

#[test]
fn the_package_says_what_it_takes_in() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines: Vec<&str> = manifest.lines().collect();
    let start = lines.iter().position(|l| *l == "[dependencies]").unwrap();
    for (number, line) in lines.iter().enumerate().skip(start + 1) {
        let is_dependency = line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" = ");
        if line.starts_with("[profile") {
            break;
        }
        assert!(!is_dependency || lines[number - 1].starts_with('#'), "Cargo.toml: no reason stands above `{line}`");
    }
}
