//! What the fuzz targets share: a cheap opening, and what must hold of whatever comes out.

use mtls::diagnose::inspection::{Question, findings};
use mtls::diagnose::store::Part;
use mtls::diagnose::{Finding, Place, ranked};
use mtls::error::{Error, Kind, Result};
use mtls::formats::{Budget, Opening, Store};
use mtls::inspect::Inspection;
use mtls::pki::{Password, Passwords};
use mtls::report::text::Style;
use mtls::report::{Body, Report, json, text};
use time::OffsetDateTime;

/// Iterations that a file may ask for here: openssl's 2048 pass, and an execution stays below some milliseconds.
pub const ITERATIONS: u64 = 2_500;

/// The password of the seeds, and of what the targets encrypt themselves.
pub const PASSWORD: &str = "changeit";

/// Gives `read` what a reader needs: a few passwords, and a small budget.
pub fn opening<T>(read: impl FnOnce(&Opening<'_>) -> T) -> T {
    let budget = Budget::with_iterations(ITERATIONS);
    let passwords = Passwords::new(vec![Password::new(PASSWORD), Password::empty()], vec![Password::new("another")]);
    read(&Opening { name: "fuzzed", passwords: &passwords, budget: &budget })
}

/// What must hold of a reader's answer: an error is one of the file's, says what is wrong and what to do about it; a store can be
/// printed without a control character of the file's.
pub fn read(opened: Result<Store>) {
    match opened {
        Ok(store) => printed(store, Vec::new()),
        Err(error) => well_put(&error),
    }
}

/// The same, and a store can be judged. This checks signatures, and so takes most of the time of an execution.
pub fn judged(opened: Result<Store>) {
    match opened {
        Ok(store) => shown(store),
        Err(error) => well_put(&error),
    }
}

/// What must hold of an error.
pub fn well_put(error: &Error) {
    let of_the_file =
        [Kind::NotAStore, Kind::Damaged, Kind::WrongPassword, Kind::KeyPasswordDiffers, Kind::Unsupported, Kind::TooCostly];
    assert!(of_the_file.contains(&error.kind), "{error:?}");
    assert!(!error.what.is_empty() && !error.fix.is_empty(), "{error:?}");
    tame(&text::error(error, &Style::default()));
    tame(&json::error("inspect", error));
}

/// As of when everything is judged and printed.
fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000)
}

/// Judges and prints a store.
pub fn shown(store: Store) {
    let part = Part { file: "fuzzed", place: Place::Store, store: &store };
    let question = Question { host: Some("api.example"), trust: Some(("fuzzed", &store)), ..Question::default() };
    let found = ranked(findings(part, &question, now()));
    printed(store, found);
}

fn printed(store: Store, found: Vec<Finding>) {
    let body = Body::Inspection(vec![Inspection { target: "fuzzed".to_owned(), store }]);
    let report = Report { findings: found, ..Report::new("inspect", now(), body) };
    tame(&text::result(&report, &Style { is_verbose: true, width: Some(80), ..Style::default() }));
    tame(&json::report(&report));
}

/// No control character of a stranger reaches the terminal.
pub fn tame(printed: &str) {
    let hostile = printed.chars().find(|c| *c != '\n' && mtls::safe::is_hostile(*c));
    assert!(hostile.is_none(), "{hostile:?} is printed");
}

/// The first byte chooses, the rest is what it is chosen for.
pub fn choice(input: &[u8]) -> (u8, &[u8]) {
    input.split_first().map_or((0, input), |(first, rest)| (*first, rest))
}
