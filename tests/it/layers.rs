//! The import law, kept by reading the sources: imports point down, third-party crates stay behind their doors, printing and
//! the clock live in the terminal room. The tables say what is law; the tests below them only read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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

/// One source file: its path under `src/`, the text as it is, and the code alone (comments and strings blanked, tests cut off).
struct Source {
    path: String,
    text: String,
    code: String,
}

impl Source {
    /// `pki` of `pki/key.rs`, `safe` of `safe.rs`; `None` for `lib.rs` and `main.rs`, which stand above all rooms.
    fn room(&self) -> Option<&str> {
        match self.path.split_once('/') {
            Some((room, _)) => Some(room),
            None => Some(self.path.trim_end_matches(".rs")).filter(|r| !["lib", "main"].contains(r)),
        }
    }

    /// How many modules deep the file is: 1 for `pki/mod.rs` and `safe.rs`, 2 for `pki/key.rs`.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("mod.rs") { parts - 1 } else { parts }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }

    /// Where `word` stands in the code as a word or path of its own, with its offset.
    fn occurrences<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
            let before = self.code[..at].chars().next_back().unwrap_or(' ');
            let after = self.code[at + word.len()..].chars().next().unwrap_or(' ');
            let whole_word = word.ends_with([':', '!']) || !(after.is_alphanumeric() || after == '_');
            !(before.is_alphanumeric() || before == '_') && whole_word
        })
    }

    /// Whether a module of ours is imported under this name, as in `use crate::formats::{Store, pem};`.
    fn imports_own(&self, name: &str) -> bool {
        let statements = ["use crate::", "use super::"].into_iter().flat_map(|start| self.code.split(start).skip(1));
        statements
            .filter_map(|rest| rest.split(';').next())
            .any(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name))
    }

    fn may(&self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| self.path.starts_with(prefix))
    }
}

/// Every file of `src/` that is part of the product: unit tests in files of their own are left out.
fn sources() -> &'static [Source] {
    static READ: OnceLock<Vec<Source>> = OnceLock::new();
    READ.get_or_init(read_sources)
}

fn read_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap().replace("#[cfg(all(test, unix))]", "#[cfg(test)]");
                let path = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                let code = without_test_items(code_of(before_tests(&text)));
                found.push(Source { path, text, code });
            }
        }
    }
    let tests: Vec<String> = found.iter().flat_map(test_modules).collect();
    found.retain(|source| !source.text.lines().take(9).any(|line| line == "#![cfg(test)]"));
    found.retain(|source| {
        !tests.iter().any(|test| source.path == format!("{test}.rs") || source.path.starts_with(&format!("{test}/")))
    });
    assert!(found.len() > 20, "only {} source files found under {}", found.len(), root.display());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The code with items of the tests (`#[cfg(test)] impl …`) turned into empty lines.
fn without_test_items(mut code: String) -> String {
    const MARK: &str = "#[cfg(test)]";
    while let Some(start) = code.find(MARK) {
        let mut depth = 0;
        let mut end = code.len();
        for (at, c) in code[start..].char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if depth == 0 && (c == ';' || c == '}') {
                end = start + at + 1;
                break;
            }
        }
        let lines = "\n".repeat(code[start..end].matches('\n').count());
        code.replace_range(start..end, &lines);
    }
    code
}

/// The modules that a file declares for tests only, as paths: `issue/tests` of `#[cfg(test)] mod tests;` in `issue/mod.rs`.
fn test_modules(source: &Source) -> Vec<String> {
    let (parent, stem) = source.path.rsplit_once('/').map_or(("", source.path.as_str()), |(folder, file)| (folder, file));
    let folder = match stem {
        "mod.rs" | "lib.rs" => parent.to_owned(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let mut found = Vec::new();
    for after in source.text.split("#[cfg(test)]\n").skip(1) {
        let mut lines = after.lines();
        let first = lines.next().unwrap_or_default();
        // `#[path = "…"]` is relative to the folder of the file that says so
        let (path, declaration) = match first.strip_prefix("#[path = \"") {
            Some(path) => (Some(path.trim_end_matches("\"]")), lines.next().unwrap_or_default()),
            None => (None, first),
        };
        if let Some(name) = declaration.strip_prefix("mod ").and_then(|d| d.strip_suffix(';')) {
            let (at, name) = path.map_or((folder.as_str(), name), |path| (parent, path.trim_end_matches(".rs")));
            found.push(if at.is_empty() { name.to_owned() } else { format!("{at}/{name}") });
        }
    }
    found
}

const TESTS_BEGIN: &str = "#[cfg(test)]\nmod ";

/// Whether `mod` is followed by a name and `;`, not by a block.
fn is_declaration(after: &str) -> bool {
    after.find(';').unwrap_or(usize::MAX) < after.find('{').unwrap_or(usize::MAX)
}

/// The text up to the unit tests at the file's foot.
fn before_tests(text: &str) -> &str {
    let block = text.match_indices(TESTS_BEGIN).find(|(at, begin)| !is_declaration(&text[at + begin.len()..]));
    block.map_or(text, |(end, _)| &text[..end])
}

/// The text with comments, strings and character literals turned into blanks of the same length in lines.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = rest.find('"').unwrap() + 1;
            rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' && is_char_literal(rest) {
            quoted(rest, '\'')
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            // a whole word at once, so that the `r` of `for` is not taken for a raw string
            if first.is_alphanumeric() || first == '_' {
                let (word, tail) = rest.split_at(rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()));
                code.push_str(word);
                rest = tail;
            }
            continue;
        };
        let (blanked, tail) = rest.split_at(length);
        code.push(if first == '"' { '"' } else { ' ' });
        code.extend(blanked.chars().filter(|&c| c == '\n'));
        rest = tail;
    }
    code
}

/// The number of `#` if a raw string starts here.
fn raw_string(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = inside.len() - inside.trim_start_matches('#').len();
    inside[hashes..].starts_with('"').then_some(hashes)
}

fn is_char_literal(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The rooms that a file names, each with the line: `crate::pki`, `crate::{pki, formats::Store}`, and `super::` up to the root.
fn rooms_named(source: &Source) -> Vec<(String, usize)> {
    let to_the_root = "super::".repeat(source.depth());
    let roots: &[&str] = if source.path == "main.rs" { &["mtls::"] } else { &["crate::", &to_the_root] };
    let mut named = Vec::new();
    for root in roots {
        for at in source.occurrences(root) {
            let tail = &source.code[at + root.len()..];
            for room in heads(tail) {
                named.push((room, source.line_of(at)));
            }
        }
    }
    named
}

/// The first names of a path: `a` of `a::b`, and `a`, `c` of `{a::b, c::{d, e}}`.
fn heads(tail: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = tail.strip_prefix('{') else { return vec![word(tail)] };
    let mut found = vec![word(group)];
    let mut depth = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(word(&group[at + 1..])),
            _ => {}
        }
    }
    found.retain(|w| !w.is_empty());
    found
}

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

#[test]
fn the_reader_of_these_tests_tells_code_from_comments_and_strings() {
    let text = "use crate::{pki::Cert, formats::{Store, Item}}; // crate::cli\nlet a = \"crate::report\"; let c = '\"'; let r = r#\"println!\"#;\nfor x in y {}\n";
    let source = Source { path: "pki/key.rs".into(), text: text.into(), code: code_of(text) };
    let rooms: Vec<_> = rooms_named(&source).into_iter().map(|(r, _)| r).collect();
    assert_eq!(rooms, ["pki", "formats"]);
    assert!(!source.code.contains("println!") && source.code.contains("for x in y"), "{}", source.code);
    assert_eq!(source.code.lines().count(), 3);
    let up =
        Source { path: "pki/key.rs".into(), text: String::new(), code: "use super::super::cli::Ui; use super::Cert;".into() };
    assert_eq!(rooms_named(&up), [("cli".to_owned(), 1)]);
    let item = "a\n#[cfg(test)]\nimpl B {\n fn c() { d() }\n}\n#[cfg(test)]\nuse x;\ne";
    assert_eq!(without_test_items(item.into()), "a\n\n\n\n\n\n\ne");
}
