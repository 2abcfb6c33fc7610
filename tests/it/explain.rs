//! `mtls explain` as a program: arguments and standard input, exit status, JSON, long logs; and docs/errors.md, which is made
//! from what real programs said in the lab (tests/lab/errors.py) and what `mtls` says of it.

use crate::program::{Ran, mtls, mtls_reading};
use mtls::diagnose::catalogue::{CATALOGUE, Row};
use mtls::explain;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn explained(log: &[u8]) -> Ran {
    mtls_reading(here(), ["explain", "-", "--json"], &[], log)
}

#[test]
fn a_message_may_be_several_words_or_one() {
    for words in
        [&["explain", "Received fatal alert:", "unknown_ca"][..], &["explain", "Received", "fatal", "alert:", "unknown_ca"]]
    {
        let ran = mtls(here(), words).exits(0);
        assert!(ran.stdout.contains("untrusted-issuer") && ran.stdout.contains("next:"), "{}", ran.story());
    }
}

#[test]
fn a_log_on_standard_input_is_explained_as_one_json_object() {
    let log = std::fs::read(here().join("fixtures/explain/java-client-expired.txt")).unwrap();
    let said = explained(&log).exits(0).json();
    assert_eq!((said["command"].as_str(), said["ok"].as_bool()), (Some("explain"), Some(true)));
    let first = &said["explanations"][0];
    assert_eq!(
        (&first["codes"][0], &first["printed_by"], &first["stack"]),
        (&"expired".into(), &"client".into(), &"Java".into())
    );
    assert_eq!(first["look_at"][0], "server-keystore");
    for field in ["matched", "meaning", "next", "source"] {
        assert!(first[field].as_str().is_some_and(|t| !t.is_empty()), "{field} in {first}");
    }
}

#[test]
fn what_is_unknown_is_said_to_be_unknown() {
    let ran = mtls(here(), ["explain", "the coffee is cold"]).exits(1);
    assert!(ran.stdout.contains("nothing known here") && ran.stdout.contains("mtls connect"), "{}", ran.story());
    let json = explained(b"the coffee is cold").exits(1).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["ok"], json["explanations"].as_array().map(Vec::len)), (&false.into(), Some(0)));
}

#[test]
fn a_code_is_shown_with_what_others_call_it() {
    let ran = mtls(here(), ["explain", "not-for-client"]).exits(0);
    for text in ["extendedKeyUsage", "Extended key usage does not permit use for TLS client authentication", "nginx"] {
        assert!(ran.stdout.contains(text), "{text}\n{}", ran.story());
    }
    let said = mtls(here(), ["explain", "--json", "not-for-client"]).exits(0).json();
    assert_eq!(said["catalogue"][0]["code"], "not-for-client");
    assert!(said["catalogue"][0]["said_as"].as_array().unwrap().len() > 10);
}

#[test]
fn every_code_is_listed() {
    let ran = mtls(here(), ["explain", "--list"]).exits(0);
    for row in CATALOGUE {
        assert!(ran.stdout.lines().any(|l| l.starts_with(&format!("{} ", row.code))), "{}\n{}", row.code, ran.story());
    }
}

#[test]
fn a_file_that_was_meant_as_a_log_is_pointed_out() {
    let ran = mtls(here(), ["explain", "Cargo.toml"]).exits(2);
    assert!(ran.stderr.contains("mtls explain - < Cargo.toml"), "{}", ran.story());
}

#[test]
fn a_hostile_log_cannot_write_over_the_terminal_or_into_the_command() {
    let log = b"SSL: no alternative certificate subject name matches target host name '\x1b]0;x\x07$(id)\xe2\x80\xae'\n";
    let ran = mtls_reading(here(), ["explain", "-"], &[], log).exits(0);
    assert!(!ran.stdout.contains(['\x1b', '\x07', '\u{202e}']), "{}", ran.story());
    let next = ran.stdout.lines().find(|l| l.contains("next:")).unwrap();
    assert!(!next.contains("$("), "{next}");
}

#[test]
fn ten_megabytes_take_about_a_second() {
    let log = std::fs::read(here().join("fixtures/explain/java-client-expired.txt")).unwrap();
    let log = log.repeat(10_000_000 / log.len());
    let begun = std::time::Instant::now();
    let said = explained(&log).exits(0).json();
    assert_eq!(said["explanations"][0]["codes"][0], "expired");
    // not optimised, and the machine may be busy: ten times what it should be
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

/// The text of a fixture, without the head that says how it was made; and its cause.
fn sample(name: &str) -> Option<(String, String)> {
    let path: PathBuf = here().join("fixtures/explain").join(format!("{name}.txt"));
    let content = std::fs::read_to_string(path).ok()?;
    let (head, text) = content.split_once("\n\n")?;
    let cause = head.lines().find_map(|l| l.strip_prefix("# cause: "))?;
    Some((cause.to_owned(), text.to_owned()))
}

/// What a program said, in the words that `mtls explain` found decisive.
fn measured(name: &str) -> Option<String> {
    let (cause, text) = sample(name)?;
    if cause == "nothing" {
        return Some("(accepts it)".to_owned());
    }
    explain::explain(text.as_bytes()).first().map(|e| code_span(&e.matched))
}

/// What a program is known to say, where it was not measured.
fn known(row: &Row, stack: &str) -> Option<String> {
    let means_it = |s: &&explain::Saying| s.stack == stack && s.is_likely;
    explain::sayings(row.code).iter().find(means_it).map(|s| code_span(&s.text))
}

fn code_span(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|").replace('`', "'"))
}

struct Column {
    title: &'static str,
    /// The files of a cause, the first that is there; `*` stands for the code.
    files: &'static [&'static str],
    stack: &'static str,
}

/// A table of docs/errors.md.
struct Section {
    title: &'static str,
    intro: &'static str,
    columns: [Column; 3],
    codes: &'static [&'static str],
}

const SERVER: &[&str] = &[
    "untrusted-issuer",
    "missing-intermediate",
    "self-signed-untrusted",
    "same-name-other-key",
    "expired",
    "not-yet-valid",
    "name-mismatch",
    "ip-not-in-san",
    "no-san",
    "wildcard-mismatch",
    "not-for-server",
    "not-a-ca",
    "ca-cannot-sign",
    "path-too-long",
    "name-constraint-violated",
    "key-usage-forbids-tls",
    "unknown-critical-extension",
    "weak-key",
    "weak-signature",
    "bad-signature",
    "old-certificate-version",
    "revoked",
    "crl-unusable",
    "wrong-intermediate",
    "chain-out-of-order",
    "malformed-certificate",
    "ca-as-leaf",
    "unsupported-key",
];
const CLIENT: &[&str] = &[
    "client-certificate-missing",
    "client-certificate-withheld",
    "untrusted-issuer",
    "missing-intermediate",
    "self-signed-untrusted",
    "not-for-client",
    "expired",
    "not-yet-valid",
];
const STORES: &[&str] = &[
    "wrong-password",
    "key-password-differs",
    "unsupported-algorithm",
    "not-a-store",
    "damaged-store",
    "file-unreadable",
    "key-mismatch",
    "no-private-key",
    "no-certificate-for-key",
    "truststore-empty",
    "trust-not-marked",
    "truststore-is-keystore",
    "several-keys",
    "too-costly",
];
const EXCHANGE: &[&str] = &[
    "no-common-version",
    "no-common-cipher",
    "no-common-group",
    "no-common-signature",
    "alpn-mismatch",
    "name-not-served",
    "not-tls",
    "closed-early",
    "connection-refused",
    "name-not-resolved",
    "timed-out",
    "peer-rejected",
];
const SILENT: &[&str] = &["client-not-asked", "client-optional", "truststore-has-leaf", "expires-soon", "chain-has-strangers"];

const SECTIONS: &[Section] = &[
    Section {
        title: "A client refuses the server's certificate",
        intro: "What the client prints.",
        columns: [
            Column { title: "OpenSSL", files: &["openssl-client-*"], stack: "OpenSSL" },
            Column { title: "Java", files: &["java-client-*"], stack: "Java" },
            Column { title: "curl", files: &["curl-client-*"], stack: "curl" },
        ],
        codes: SERVER,
    },
    Section {
        title: "A server refuses the client's certificate",
        intro: "What the server logs, under TLS 1.3, and what curl is told of it (by an OpenSSL server).",
        columns: [
            Column { title: "OpenSSL", files: &["openssl-server-*-1.3"], stack: "OpenSSL" },
            Column { title: "Java", files: &["java-server-*-1.3", "java-client-withheld-debug-1.3"], stack: "Java" },
            Column { title: "curl", files: &["curl-client-told-by-openssl-*-1.3"], stack: "curl" },
        ],
        codes: CLIENT,
    },
    Section {
        title: "A file does not open, or is not what it was taken for",
        intro: "What the program prints that reads it.",
        columns: [
            Column { title: "OpenSSL", files: &["openssl-pkcs12-*", "openssl-client-*", "openssl-x509-*"], stack: "OpenSSL" },
            Column { title: "Java and keytool", files: &["keytool-*", "java-client-*", "keytool-import-*"], stack: "Java" },
            Column { title: "curl", files: &["curl-p12-*", "curl-*", "curl-cacert-*"], stack: "curl" },
        ],
        codes: STORES,
    },
    Section {
        title: "The two sides do not understand each other, or do not meet",
        intro: "What the client prints.",
        columns: [
            Column { title: "OpenSSL", files: &["openssl-client-*"], stack: "OpenSSL" },
            Column { title: "Java", files: &["java-client-*"], stack: "Java" },
            Column { title: "curl", files: &["curl-client-*"], stack: "curl" },
        ],
        codes: EXCHANGE,
    },
    Section {
        title: "What the others do not say at all",
        intro: "Nothing fails, or not yet; `mtls handshake` and `mtls inspect` tell it.",
        columns: [
            Column { title: "OpenSSL", files: &[], stack: "-" },
            Column { title: "Java", files: &[], stack: "-" },
            Column { title: "curl", files: &[], stack: "-" },
        ],
        codes: SILENT,
    },
];

/// Files whose name is not the code's.
const NAMED: &[(&str, &[&str])] = &[
    ("no-common-version", &["server-1.3-only"]),
    ("not-tls", &["plain-http"]),
    ("unsupported-algorithm", &["legacy"]),
    ("damaged-store", &["cut", "keystore-cut"]),
    ("not-a-store", &["is-pem", "cacert-not-a-store", "p12-without-cert-type"]),
    ("file-unreadable", &["missing-file", "cert-missing", "keystore-missing"]),
    ("truststore-empty", &["truststore-unmarked"]),
    ("trust-not-marked", &["trust-not-marked", "truststore-unmarked"]),
    ("no-private-key", &["no-private-key"]),
];

fn cell(row: &Row, column: &Column) -> String {
    let code = row.code.word();
    let names = NAMED.iter().find(|(c, _)| *c == code).map_or(&[][..], |(_, names)| names);
    let names = names.iter().copied().chain([code]);
    let mut files = names.flat_map(|name| column.files.iter().map(move |file| file.replace('*', name)));
    files.find_map(|file| measured(&file)).or_else(|| known(row, column.stack)).unwrap_or_else(|| "-".to_owned())
}

fn page() -> String {
    let mut page = String::from(
        "# What TLS stacks say, and what it was\n\n\
         Made from the messages of real programs, each failing from one known cause: `tests/lab/errors.py` makes them fail and keeps what they \
         say in `fixtures/explain` (OpenSSL 3.0.19, Java 17, curl 7.88.1 with OpenSSL), a test makes this page from it. Where a cause was not \
         measured with a program, the table of `mtls explain` is quoted; \"-\" means that the program has no words for it. \
         `mtls explain CODE` shows what more than twenty programs say.\n\n\
         The same words often stand for several causes, and one cause has several names. `mtls` names the cause itself.\n",
    );
    for section in SECTIONS {
        let [a, b, c] = &section.columns;
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n| cause | {} | {} | {} | mtls says |\n|---|---|---|---|---|\n",
            section.title, section.intro, a.title, b.title, c.title
        );
        for code in section.codes {
            let row = CATALOGUE.iter().find(|r| r.code.word() == *code).unwrap_or_else(|| panic!("{code} is no code"));
            let cells: Vec<String> = section.columns.iter().map(|column| cell(row, column)).collect();
            let _ = writeln!(page, "| `{code}` | {} | {}; {} |", cells.join(" | "), row.title, row.remedy);
        }
    }
    page
}

#[test]
fn the_page_of_errors_has_every_code() {
    let codes: Vec<&str> = SECTIONS.iter().flat_map(|s| s.codes).copied().collect();
    let missing: Vec<&str> = CATALOGUE.iter().map(|r| r.code.word()).filter(|c| !codes.contains(c)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "docs/errors.md does not have them: add them to a section in tests/it/explain.rs");
}

#[test]
fn the_page_of_errors_is_current() {
    let file = here().join("docs/errors.md");
    if std::env::var_os("MTLS_REFRESH").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(there == page(), "docs/errors.md is stale; run: MTLS_REFRESH=1 cargo test --test it page_of_errors");
}
