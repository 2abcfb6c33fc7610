//! The import law, kept by reading the sources: imports point down, third-party crates stay behind their doors, printing and
//! the clock live in the terminal room. The tables say what is law; the tests below them only read.

use crate::sources::{Source, before_tests, paths_named, rooms_named, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The rooms of `src/`, lowest first. A room may import from every layer below its own.
const LAYERS: &[&[&str]] = &[
    &["error", "safe", "asn1", "files"],
    &["crypto"],
    &["pki"],
    &["formats"],
    &["stores"],
    &["issue", "bundle", "inspect", "handshake"],
    &["edit", "probe"],
    &["diagnose", "provision"],
    &["trial", "encounter", "serve"],
    &["explain"],
    &["report"],
    &["cli"],
];

/// Imports inside one layer: (who, whom, why). The ground rooms may use each other.
const BESIDE: &[(&str, &str, &str)] = &[("bundle", "issue", "what was issued is what goes into a keystore")];

/// Where each dependency may be named, as path prefixes under `src/`. An empty prefix is everywhere.
const DOORS: &[(&str, &[&str])] = &[
    ("aho_corasick", &["explain/"]),
    ("anyhow", &["cli/", "main.rs"]),
    // in handshake/ it is rustls's module of that name, the provider
    ("aws_lc_rs", &["crypto/", "pki/", "handshake/"]),
    ("base64", &["formats/", "probe/proxy.rs"]),
    ("clap", &["cli/"]),
    ("ctrlc", &["cli/ui.rs"]),
    ("clap_complete", &["cli/"]),
    ("clap_complete_nushell", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("idna", &["pki/", "issue/"]),
    ("num_bigint", &["pki/"]),
    ("bp256", &["pki/computed.rs"]),
    ("bp384", &["pki/computed.rs"]),
    ("ed448_goldilocks", &["pki/computed.rs"]),
    ("p224", &["pki/computed.rs"]),
    ("aria", &["crypto/"]),
    ("camellia", &["crypto/"]),
    ("sha3", &["crypto/"]),
    ("pem", &["formats/", "pki/"]),
    ("p12", &["formats/"]),
    ("rcgen", &["issue/", "pki/"]),
    ("rpassword", &["cli/ui.rs"]),
    ("rustls", &["handshake/"]),
    ("rustls_native_certs", &["stores.rs"]),
    ("serde_json", &["report/"]),
    ("signal_hook", &["cli/ui.rs"]),
    ("tempfile", &["files"]),
    ("terminal_size", &["cli/ui.rs"]),
    ("time", &[""]),
    ("webpki", &["handshake/"]),
    ("x509_parser", &["pki/"]),
    ("zeroize", &[""]),
    // what aws-lc-rs lacks of old stores
    ("aes", &["crypto/"]),
    ("cbc", &["crypto/"]),
    ("ccm", &["crypto/"]),
    ("des", &["crypto/"]),
    ("md5", &["crypto/"]),
    ("pbkdf2", &["crypto/"]),
    ("rc2", &["crypto/"]),
    ("rc4", &["crypto/"]),
    ("scrypt", &["crypto/"]),
    ("sha2", &["crypto/"]),
    ("twofish", &["crypto/"]),
];

/// Packages whose library has another name.
const LIBRARIES: &[(&str, &str)] = &[("md_5", "md5"), ("rustls_webpki", "webpki")];

/// Words of the standard library that have one home: (word, where it may stand, why).
const HOMES: &[(&str, &[&str], &str)] = &[
    ("println!", PRINTING, "printing happens in one place, so that --json and a test double can take it over"),
    ("eprintln!", PRINTING, "printing happens in one place, so that --json and a test double can take it over"),
    ("print!", PRINTING, "printing happens in one place, so that --json and a test double can take it over"),
    ("eprint!", PRINTING, "printing happens in one place, so that --json and a test double can take it over"),
    ("dbg!", &[], "it is for the desk, not for the product"),
    ("todo!", &[], "what is not there yet is not merged"),
    ("unimplemented!", &[], "what is not there yet is not merged"),
    ("SystemTime::now", CLOCK, "`now` is a parameter, so that --at and the tests can set it"),
    ("OffsetDateTime::now_utc", CLOCK, "`now` is a parameter, so that --at and the tests can set it"),
    ("OffsetDateTime::now_local", CLOCK, "`now` is a parameter, so that --at and the tests can set it"),
    ("fs::", FILES, "files are read with a cap and written all or nothing, in one place"),
    ("File::", FILES, "files are read with a cap and written all or nothing, in one place"),
    ("env::", &["cli/", "main.rs"], "the environment is an argument like any other"),
    ("process::", &["cli/", "main.rs"], "only the end of the program knows about processes"),
    ("TcpStream", NETWORK, "the network has its rooms: a connection, strangers, a server"),
    ("TcpListener", NETWORK, "the network has its rooms: a connection, strangers, a server"),
];
const NETWORK: &[&str] = &["handshake/", "probe/", "serve/", "cli/"];
const PRINTING: &[&str] = &["cli/ui.rs", "main.rs"];
// a password's source may be a descriptor or a pipe, of which one line is taken
const FILES: &[&str] = &["files", "cli/passwords.rs"];
const CLOCK: &[&str] = &["cli/ui.rs"];

/// Names that say nothing.
const EMPTY_WORDS: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "data", "info", "misc"];

/// Lines of non-test code that a file may have.
const LINES: usize = 400;

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// Fails with all complaints at once.
fn none(complaints: &[String], law: &str) {
    assert!(complaints.is_empty(), "{law}:\n  {}\n", complaints.join("\n  "));
}

#[test]
fn imports_point_down() {
    let mut complaints = Vec::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        let Some(own) = layer(room) else {
            complaints.push(format!(
                "src/{}: the room `{room}` is in no layer: give it a row in LAYERS (tests/it/layers.rs)",
                source.path
            ));
            continue;
        };
        for (other, line) in rooms_named(source) {
            // a type or function that lib.rs re-exports is no room; there are none so far
            let Some(theirs) = layer(&other) else { continue };
            let beside = own == 0 || BESIDE.iter().any(|(who, whom, _)| (*who, *whom) == (room, other.as_str()));
            if other != room && (theirs > own || (theirs == own && !beside)) {
                complaints.push(format!("src/{}:{line}: `{room}` imports `{other}`, which is not below it", source.path));
            }
        }
    }
    none(
        &complaints,
        "imports point down: ground, crypto, pki, formats, stores, (issue bundle inspect handshake), diagnose, report, cli",
    );
}

/// The modules that a file imports by name, without those that it lies in: these are its own house.
fn modules_imported<'a>(source: &Source, all: &BTreeMap<Vec<&'a str>, &'a Source>) -> BTreeSet<&'a str> {
    let own = source.module();
    let module = |path: Vec<String>| {
        let longest = (1..=path.len()).rev().find_map(|end| {
            let prefix: Vec<&str> = path[..end].iter().map(String::as_str).collect();
            all.get_key_value(&prefix)
        })?;
        (!own.starts_with(longest.0)).then_some(longest.1.path.as_str())
    };
    paths_named(source).into_iter().filter_map(module).collect()
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    let all: BTreeMap<Vec<&str>, &Source> = sources().iter().map(|s| (s.module(), s)).collect();
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        sources().iter().map(|s| (s.path.as_str(), modules_imported(s, &all))).collect();
    assert!(left["diagnose/trust.rs"].contains("diagnose/path.rs"), "the imports are read wrongly");
    // what imports nothing that is left is no part of a circle
    loop {
        let done: Vec<&str> = left.iter().filter(|(_, to)| !to.iter().any(|t| left.contains_key(t))).map(|(p, _)| *p).collect();
        if done.is_empty() {
            break;
        }
        left.retain(|path, _| !done.contains(path));
    }
    let complaints: Vec<_> = left
        .iter()
        .map(|(path, to)| {
            format!("src/{path} imports {}", to.iter().filter(|t| left.contains_key(*t)).copied().collect::<Vec<_>>().join(", "))
        })
        .collect();
    none(&complaints, "files read in one direction; these stand in a circle, or above one");
}

#[test]
fn every_room_of_the_crate_root_has_a_layer() {
    let lib = sources().iter().find(|s| s.path == "lib.rs").unwrap();
    let rooms = lib.code.lines().filter_map(|l| l.trim().strip_prefix("pub mod ").or_else(|| l.trim().strip_prefix("mod ")));
    let unknown: Vec<_> = rooms.map(|r| r.trim_end_matches(';').to_owned()).filter(|r| layer(r).is_none()).collect();
    none(&unknown, "rooms without a row in LAYERS");
}

#[test]
fn third_party_crates_stay_behind_their_doors() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let names: BTreeSet<String> = dependencies
        .lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|l| l.split([' ', '=', '.']).next())
        .map(|n| n.replace('-', "_"))
        .map(|n| LIBRARIES.iter().find(|(package, _)| *package == n).map_or(n, |(_, library)| (*library).to_owned()))
        .collect();
    assert!(names.contains("rustls"), "Cargo.toml is read wrongly: {names:?}");
    let mut complaints = Vec::new();
    for name in &names {
        let Some((_, door)) = DOORS.iter().find(|(crate_name, _)| crate_name == name) else {
            complaints.push(format!("`{name}` has no door: give it a row in DOORS (tests/it/layers.rs)"));
            continue;
        };
        for source in sources().iter().filter(|s| !s.may(door) && !s.imports_own(name)) {
            for at in source.occurrences(name) {
                let before = source.code[..at].trim_end();
                let after = &source.code[at + name.len()..];
                let path = after.starts_with("::") && !before.ends_with("::");
                let import = before.ends_with("use") && after.starts_with([';', ' ']);
                if path || import {
                    complaints.push(format!(
                        "src/{}:{}: `{name}` is used outside its door ({})",
                        source.path,
                        source.line_of(at),
                        door.join(", ")
                    ));
                }
            }
        }
    }
    none(&complaints, "a third-party crate is used behind its door only; the rest of the code sees our own types");
}

#[test]
fn printing_clock_files_and_network_have_one_home_each() {
    let mut complaints = Vec::new();
    for source in sources() {
        for (word, _, why) in HOMES.iter().filter(|(_, homes, _)| !source.may(homes)) {
            for at in source.occurrences(word) {
                complaints.push(format!("src/{}:{}: `{word}` does not belong here: {why}", source.path, source.line_of(at)));
            }
        }
    }
    none(&complaints, "what touches the world has one home");
}

#[test]
fn files_are_short_enough_to_read() {
    let long: Vec<_> = sources()
        .iter()
        .map(|s| (&s.path, before_tests(&s.text).lines().count()))
        .filter(|(_, lines)| *lines > LINES)
        .map(|(path, lines)| format!("src/{path}: {lines} lines before its tests"))
        .collect();
    none(&long, &format!("a file has at most {LINES} lines of non-test code: put a wall in"));
}

#[test]
fn what_may_panic_says_why_it_does_not() {
    let mut complaints = Vec::new();
    for source in sources() {
        let lines: Vec<&str> = source.text.lines().collect();
        // `.expect("` is the standard library's; the DER reader has an `expect` of its own that takes a tag and returns an error
        for word in [".unwrap()", ".expect(\"", "panic!", "unreachable!", ".unwrap_unchecked", "assert!", "assert_eq!"] {
            for (at, _) in source.code.match_indices(word) {
                let line = source.line_of(at);
                let debug_assertion = source.code[..at].ends_with("debug_");
                // the comment stands above the statement, which may have begun some lines before
                let explained = lines[line.saturating_sub(4)..line]
                    .iter()
                    .any(|l| l.trim_start().starts_with("//") && !l.trim_start().starts_with("///"));
                if !explained && !debug_assertion {
                    complaints.push(format!(
                        "src/{}:{line}: `{word}` without a comment above it that states the invariant",
                        source.path
                    ));
                }
            }
        }
    }
    none(&complaints, "nothing panics on input: return an error, or say in the line above why it cannot happen");
}

#[test]
fn names_say_what_a_thing_is() {
    let empty: Vec<_> = sources()
        .iter()
        .filter(|s| s.path.trim_end_matches(".rs").split(['/', '_']).any(|word| EMPTY_WORDS.contains(&word)))
        .map(|s| format!("src/{}", s.path))
        .collect();
    none(&empty, "a name says what the thing is, in the trade's words");
}
