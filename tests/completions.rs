//! The generated files in completions/ and docs/man/ are those that the program would make today.

use std::collections::BTreeMap;
use std::path::Path;

fn assert_current(folder: &str, refresh: &str, expected: Vec<(String, String)>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let expected: BTreeMap<String, String> = expected.into_iter().collect();
    let mut there = BTreeMap::new();
    for entry in std::fs::read_dir(&path).unwrap_or_else(|e| panic!("{folder}: {e}; make it with: {refresh}")) {
        let entry = entry.unwrap();
        there.insert(entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap());
    }
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(&expected), "{folder} has other files; make them anew with: rm -r {folder}; {refresh}");
    for (name, text) in expected {
        assert!(there[&name] == text, "{folder}/{name} is stale; refresh it with: {refresh}");
    }
}

#[test]
fn completions_are_current() {
    assert_current("completions", "cargo run -- completions --dir completions", mtls::cli::completions::scripts());
}

#[test]
fn man_pages_are_current() {
    assert_current("docs/man", "cargo run -- man --dir docs/man", mtls::cli::man::pages().unwrap());
}
