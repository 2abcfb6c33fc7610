//! The sources of the product, read as text, for the tests of its structure.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One source file: its path under `src/`, the text as it is, and the code alone (comments and strings blanked, tests cut off).
pub struct Source {
    pub path: String,
    pub text: String,
    pub code: String,
}

impl Source {
    /// `pki` of `pki/key.rs`, `safe` of `safe.rs`; `None` for `lib.rs` and `main.rs`, which stand above all rooms.
    pub fn room(&self) -> Option<&str> {
        match self.path.split_once('/') {
            Some((room, _)) => Some(room),
            None => Some(self.path.trim_end_matches(".rs")).filter(|r| !["lib", "main"].contains(r)),
        }
    }

    /// Its module path: `["pki", "key"]` of `pki/key.rs`, `["pki"]` of `pki/mod.rs`.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        path.strip_suffix("/mod").unwrap_or(path).split('/').collect()
    }

    /// How many modules deep the file is: 1 for `pki/mod.rs` and `safe.rs`, 2 for `pki/key.rs`.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("mod.rs") { parts - 1 } else { parts }
    }

    pub fn line_of(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }

    /// Where `word` stands in the code as a word or path of its own, with its offset.
    pub fn occurrences<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
            let before = self.code[..at].chars().next_back().unwrap_or(' ');
            let after = self.code[at + word.len()..].chars().next().unwrap_or(' ');
            let whole_word = word.ends_with([':', '!']) || !(after.is_alphanumeric() || after == '_');
            !(before.is_alphanumeric() || before == '_') && whole_word
        })
    }

    /// Whether a module of ours is imported under this name, as in `use crate::formats::{Store, pem};`.
    pub fn imports_own(&self, name: &str) -> bool {
        let statements = ["use crate::", "use super::"].into_iter().flat_map(|start| self.code.split(start).skip(1));
        statements
            .filter_map(|rest| rest.split(';').next())
            .any(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == name))
    }

    pub fn may(&self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| self.path.starts_with(prefix))
    }
}

/// Every file of `src/` that is part of the product: unit tests in files of their own are left out.
pub fn sources() -> &'static [Source] {
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
pub fn before_tests(text: &str) -> &str {
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
pub fn rooms_named(source: &Source) -> Vec<(String, usize)> {
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

/// Every path that a file names by `crate::` or `super::`, from the crate's root on: `["pki", "key", "NewKey"]`.
pub fn paths_named(source: &Source) -> Vec<Vec<String>> {
    let mut named = Vec::new();
    let own = source.module();
    for at in source.occurrences("crate::") {
        spread(&source.code[at + "crate::".len()..], &[], &mut named);
    }
    for at in source.occurrences("super::").filter(|at| !source.code[..*at].ends_with("super::")) {
        let tail = source.code[at..].trim_start_matches("super::");
        let ups = (source.code.len() - at - tail.len()) / "super::".len();
        let above: Vec<String> = own[..own.len().saturating_sub(ups)].iter().map(|m| (*m).to_owned()).collect();
        spread(tail, &above, &mut named);
    }
    named
}

/// Adds what a path comes to, every branch of its groups: `a::{b, c::d}` is `a::b` and `a::c::d`. Returns its length.
fn spread(tail: &str, above: &[String], named: &mut Vec<Vec<String>>) -> usize {
    if let Some(group) = tail.strip_prefix('{') {
        let mut at = 0;
        while let Some(next) = group[at..].find(|c: char| !c.is_whitespace() && c != ',') {
            at += next;
            if group[at..].starts_with('}') {
                return at + 2;
            }
            at += spread(&group[at..], above, named).max(1);
        }
        return tail.len();
    }
    let end = tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len());
    let path: Vec<String> = above.iter().cloned().chain([tail[..end].to_owned()]).collect();
    match tail[end..].strip_prefix("::") {
        Some(rest) => end + 2 + spread(rest, &path, named),
        None => {
            named.push(path);
            end
        }
    }
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

#[test]
fn paths_are_followed_into_their_groups() {
    let code = "use crate::{pki::Cert, formats::{Store, pem::{self, scan}}}; use super::super::a; super::b::f();".into();
    let source = Source { path: "x/y/z.rs".into(), text: String::new(), code };
    let named: Vec<String> = paths_named(&source).iter().map(|p| p.join("::")).collect();
    assert_eq!(named, ["pki::Cert", "formats::Store", "formats::pem::self", "formats::pem::scan", "x::a", "x::y::b::f"]);
}
