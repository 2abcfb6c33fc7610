//! `explain`: any text, as other programs may have printed it.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::explain::explain;
use mtls::report::text::Style;
use mtls::report::{Body, Report, json, text};
use mtls_fuzz::tame;
use time::OffsetDateTime;

fuzz_target!(|input: &[u8]| {
    let found = explain(input);
    let report = Report::new("explain", OffsetDateTime::UNIX_EPOCH, Body::Explanations(found));
    tame(&text::result(&report, &Style::default()));
    tame(&json::report(&report));
});
