//! Every case of fixtures/cases/<code>/<case>/: the command in its `case.json` finds what is written there, and nothing else.
//!
//! `fixtures/make-cases` makes them; a new case is a function of three lines there.

use crate::program::mtls;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Codes that need two cases: all that a handshake between four stores can show. Every other folder of fixtures/cases is run
/// all the same.
const TWO_OF_EACH: &str = "untrusted-issuer missing-intermediate wrong-intermediate same-name-other-key self-signed-untrusted \
    truststore-empty truststore-has-leaf truststore-is-keystore trust-not-marked bad-signature not-a-ca \
    ca-cannot-sign path-too-long name-constraint-violated revoked chain-out-of-order chain-has-strangers \
    unknown-critical-extension old-certificate-version expired not-yet-valid expires-soon name-mismatch \
    ip-not-in-san no-san wildcard-mismatch not-for-server not-for-client key-usage-forbids-tls key-mismatch \
    weak-key weak-signature unsupported-key wrong-password key-password-differs no-private-key \
    no-certificate-for-key crl-unusable several-keys file-unreadable not-a-store damaged-store client-certificate-missing \
    client-not-asked";

/// Set-ups that must yield no finding at all.
const HEALTHY_AT_LEAST: usize = 40;

fn cases() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let folders = |of: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(of).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect()
    };
    folders(&root)
        .iter()
        .flat_map(|code| folders(code))
        .map(|case| (case.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), case))
        .collect()
}

/// The case's expectation, read from its file.
fn expectation(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap()
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|w| w.as_str().unwrap().to_owned()).collect()
}

/// `error expired at server-keystore (CN=…)`, as it was found or is wanted.
fn told(finding: &Value) -> String {
    let word = |name: &str| finding[name].as_str().unwrap_or("?").to_owned();
    format!("{} {} at {}", word("severity"), word("code"), word("at"))
}

/// What the case got wrong; nothing if it is as it should be.
fn complaints(folder: &Path) -> Vec<String> {
    let wanted = expectation(folder);
    let mut arguments = words(&wanted["args"]);
    arguments.push("--json".into());
    let ran = mtls(folder, &arguments);
    let mut wrong = Vec::new();
    if ran.status != wanted["exit"].as_i64().unwrap() as i32 {
        wrong.push(format!("exit status {}, not {}", ran.status, wanted["exit"]));
    }
    let Ok(report) = serde_json::from_str::<Value>(&ran.stdout) else {
        wrong.push(format!("no JSON\n{}", ran.story()));
        return wrong;
    };
    let empty = Vec::new();
    let found = report["findings"].as_array().unwrap_or(&empty);
    let wanted_findings = wanted["findings"].as_array().unwrap();
    let of = |list: &[Value], severity: &str| list.iter().filter(|f| f["severity"] == severity).map(told).collect::<Vec<_>>();
    if of(found, "error") != of(wanted_findings, "error") {
        wrong.push(format!("errors {:?}, not {:?}", of(found, "error"), of(wanted_findings, "error")));
    }
    // a failing case may warn of more; a case without an error says exactly what is expected
    let (warned, expected) = (of(found, "warning"), of(wanted_findings, "warning"));
    let failing = wanted_findings.iter().any(|f| f["severity"] == "error");
    if (!failing && warned != expected) || !expected.iter().all(|w| warned.contains(w)) {
        wrong.push(format!("warnings {warned:?}, not {expected:?}"));
    }
    for expected in wanted_findings {
        let Some(same) = found.iter().find(|f| told(f) == told(expected)) else { continue };
        if expected["subject"].is_string() && expected["subject"] != same["subject"] {
            wrong.push(format!("{} is said of {}, not of {}", told(expected), same["subject"], expected["subject"]));
        }
    }
    for finding in found.iter().filter(|f| f["severity"] != "info") {
        for text in ["explain", "fix"] {
            if finding[text].as_str().unwrap_or_default().is_empty() {
                wrong.push(format!("{} has no `{text}`", told(finding)));
            }
        }
    }
    if report["handshake"]["completed"].as_bool().unwrap_or(false) != wanted["completed"].as_bool().unwrap() {
        wrong.push(format!("completed is {}, not {}", report["handshake"]["completed"], wanted["completed"]));
    }
    let people = mtls(folder, words(&wanted["args"]));
    if people.status != ran.status {
        wrong.push(format!("exit status {} without --json", people.status));
    }
    if let Some(first) = wanted_findings.iter().find(|f| f["severity"] == "error") {
        let said = format!("{}{}", people.stdout, people.stderr);
        if !said.contains("fix:") || (people.status == 1 && !said.contains(&format!("[{}]", first["code"].as_str().unwrap()))) {
            wrong.push(format!("people are not told the code and the fix\n{}", people.story()));
        }
    }
    wrong
}

#[test]
fn every_case_finds_its_cause_and_nothing_else() {
    let all = cases();
    let mut wrong = String::new();
    let mut faulty = 0;
    for (name, folder) in &all {
        let complaints = complaints(folder);
        if !complaints.is_empty() {
            faulty += 1;
            wrong += &format!("{name}\n  {}\n", complaints.join("\n  "));
        }
    }
    assert!(wrong.is_empty(), "{faulty} of {} cases are judged wrongly:\n{wrong}", all.len());
}

#[test]
fn every_code_has_its_cases() {
    let all = cases();
    let number = |code: &str| all.keys().filter(|c| c.split('/').next() == Some(code)).count();
    let few: Vec<_> = TWO_OF_EACH.split(' ').filter(|code| number(code) < 2).collect();
    assert!(few.is_empty(), "fewer than two cases: {few:?}");
    assert!(number("healthy") >= HEALTHY_AT_LEAST, "{} healthy cases", number("healthy"));
}

/// What holds of every handshake, whatever is expected of it: `None`, or what does not hold.
fn broken_promise(report: &Value, status: i32) -> Option<&'static str> {
    let findings = report["findings"].as_array()?;
    let errors: Vec<&Value> = findings.iter().filter(|f| f["severity"] == "error").collect();
    let completed = report["handshake"]["completed"].as_bool().unwrap_or(false);
    let only_not_asked = errors.iter().all(|f| f["code"] == "client-not-asked");
    match () {
        () if completed && !only_not_asked => Some("it completed, and there is an error"),
        () if !completed && errors.is_empty() => Some("it failed, and there is no error"),
        () if errors.is_empty() != (status == 0) => Some("the exit status is another"),
        () if !errors.is_empty() && findings[0]["severity"] != "error" => Some("the first finding is no error"),
        () if completed != report["handshake"]["failed_step"].is_null() && status != 3 => Some("the failed step is another"),
        () => None,
    }
}

#[test]
fn in_either_version_there_is_an_error_where_the_handshake_fails_and_only_there() {
    let mut wrong = String::new();
    for (name, folder) in cases() {
        let arguments = words(&expectation(&folder)["args"]);
        if arguments.iter().any(|a| a == "--tls") {
            continue;
        }
        for version in ["1.2", "1.3"] {
            let ran = mtls(&folder, arguments.iter().map(String::as_str).chain(["--tls", version, "--json"]));
            if let Some(promise) = broken_promise(&ran.json(), ran.status) {
                wrong += &format!("{name} in TLS {version}: {promise}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_case_is_named_after_its_code_and_brings_its_files() {
    for (name, folder) in cases() {
        let wanted = expectation(&folder);
        let code = name.split('/').next().unwrap();
        let codes: Vec<_> = wanted["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
        assert!(codes.first().copied().unwrap_or("healthy") == code, "{name} expects {codes:?}");
        for file in words(&wanted["args"])
            .iter()
            .flat_map(|w| w.split(','))
            .filter(|w| w.contains('.') && !w.contains(char::is_uppercase))
        {
            let is_a_name = file.trim_end_matches('.').ends_with(".example")
                || file.parse::<std::net::IpAddr>().is_ok()
                || file.ends_with(".co.uk")
                || file.starts_with("1.");
            let is_missing = code == "file-unreadable" && file.starts_with("not-there");
            assert!(is_a_name || is_missing || folder.join(file).is_file(), "{name} lacks {file}");
        }
    }
}
