//! What is generated stands in the tree as it would be generated now: completions, man pages, fixtures.
//!
//! `MTLS_REWRITE=1 cargo test --test it completeness` writes completions and man pages anew.

use crate::peers::python;
use crate::program::{mtls, run};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Each shell with the file name that its users install.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "mtls.bash"),
    ("zsh", "_mtls"),
    ("fish", "mtls.fish"),
    ("powershell", "_mtls.ps1"),
    ("elvish", "mtls.elv"),
    ("nushell", "mtls.nu"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file_names(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

/// The file in the tree is what is generated now, or is made so where that was asked for.
fn is_current(file: &Path, generated: &str) -> bool {
    if std::env::var_os("MTLS_REWRITE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, generated).unwrap();
    }
    std::fs::read_to_string(file).is_ok_and(|there| there == generated)
}

const REMEDY: &str = "run: MTLS_REWRITE=1 cargo test --test it completeness";

#[test]
fn completions_are_current_for_every_shell() {
    let folder = root().join("completions");
    for (shell, name) in COMPLETIONS {
        let generated = mtls(root(), ["completions", shell]).exits(0).stdout;
        assert!(generated.contains("handshake") && generated.contains("inspect"), "{shell}: {generated}");
        assert!(is_current(&folder.join(name), &generated), "completions/{name} is not what `mtls completions {shell}` prints; {REMEDY}");
    }
    assert_eq!(file_names(&folder), COMPLETIONS.iter().map(|(_, name)| (*name).to_owned()).collect());
}

#[test]
fn man_pages_are_current() {
    let made = TempDir::new().unwrap();
    mtls(root(), ["man", "--dir", made.path().to_str().unwrap()]).exits(0);
    let folder = root().join("docs/man");
    let names = file_names(made.path());
    assert!(names.contains("mtls.1") && names.contains("mtls-handshake.1"), "{names:?}");
    for name in &names {
        let generated = std::fs::read_to_string(made.path().join(name)).unwrap();
        assert!(is_current(&folder.join(name), &generated), "docs/man/{name} is not what `mtls man` writes; {REMEDY}");
    }
    assert_eq!(file_names(&folder), names, "docs/man has other pages than `mtls man` writes");
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
        assert!(help.contains("Examples:") && help.contains(&format!("mtls {command}")), "`mtls {command} --help` has no example\n{help}");
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
    let untold: Vec<_> = fixtures()
        .into_iter()
        .filter(|f| !f.ends_with("README.md"))
        .filter(|f| !readme.contains(&format!("`{}`", f.display())))
        .collect();
    assert!(untold.is_empty(), "fixtures/README.md does not say which tool made: {untold:?}");
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
