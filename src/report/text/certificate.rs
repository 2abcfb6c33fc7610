//! A certificate in one row, and field by field.

use super::table::Table;
use super::{Style, safe};
use crate::inspect::{extension_name, usage_name};
use crate::pki::cert::NameConstraints;
use crate::pki::{Cert, San};
use crate::safe::{date_with_distance, hex, rfc3339};
use time::{Duration, OffsetDateTime};

/// How many alternative names a row shows; `-v` shows them all.
const MAX_NAMES: usize = 8;
/// From when on a validity is drawn as a warning.
const SOON: Duration = Duration::days(30);

/// What people call it: its common name, else its first alternative name, else its serial number.
pub fn name(cert: &Cert) -> String {
    let short = cert.subject.short();
    match cert.names().first() {
        _ if !short.is_empty() => safe(short),
        Some(san) => safe(san.value()),
        None => format!("no name, serial {}", hex(&cert.serial)),
    }
}

/// `until 2027-02-19 (in 90 days)`, `expired 2024-02-19 (2 years ago)`.
pub fn validity(cert: &Cert, now: OffsetDateTime, style: &Style) -> String {
    if now > cert.not_after {
        style.bad(&format!("expired {}", date_with_distance(cert.not_after, now)))
    } else if now < cert.not_before {
        style.bad(&format!("valid from {}", date_with_distance(cert.not_before, now)))
    } else {
        let text = format!("until {}", date_with_distance(cert.not_after, now));
        if cert.not_after - now < SOON { style.warn(&text) } else { text }
    }
}

/// `CA, pathlen 0`, `serverAuth`, `any use`.
pub fn usage(cert: &Cert) -> String {
    let mut words = Vec::new();
    if let Some(basic) = cert.basic.filter(|b| b.ca) {
        words.push("CA".to_owned());
        words.extend(basic.path_len.map(|n| format!("pathlen {n}")));
    }
    if cert.version < 3 {
        words.push(format!("X.509 version {}", cert.version));
    }
    words.extend(cert.eku.iter().flatten().map(|u| usage_name(u)));
    if words.is_empty() { "any use".to_owned() } else { words.join(", ") }
}

/// `DNS api.example, localhost · IP 127.0.0.1`, of at most [`MAX_NAMES`].
pub fn names(sans: &[San], style: &Style) -> String {
    let shown = if style.is_verbose { sans.len() } else { sans.len().min(MAX_NAMES) };
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for san in &sans[..shown] {
        let text = san.to_string();
        let kind = text.split(':').next().unwrap_or_default();
        match groups.iter_mut().find(|(k, _)| k == kind) {
            Some((_, values)) => values.push(safe(san.value())),
            None => groups.push((kind.to_owned(), vec![safe(san.value())])),
        }
    }
    let mut text = groups.iter().map(|(kind, v)| format!("{kind} {}", v.join(", "))).collect::<Vec<_>>().join(" · ");
    if shown < sans.len() {
        text += &format!(" and {} more", sans.len() - shown);
    }
    text
}

/// The cells of a row after the name.
pub fn cells(cert: &Cert, now: OffsetDateTime, style: &Style) -> [String; 3] {
    let names = match &cert.san {
        Some(sans) => names(sans, style),
        None if cert.is_ca() => String::new(),
        None => style.warn("no alternative name"),
    };
    [validity(cert, now, style), usage(cert), names]
}

/// Every field, a line each, indented by `indent`.
pub fn fields(cert: &Cert, now: OffsetDateTime, indent: usize, table: &mut Table, style: &Style) {
    let mut field = |label: &str, value: String| {
        if !value.is_empty() {
            table.line(format!("{}{} {value}", " ".repeat(indent), style.faint(&format!("{label:<24}"))));
        }
    };
    let words = |list: Option<Vec<String>>| list.unwrap_or_default().join(", ");
    let marked = |oid: &str, text: String| {
        let is_critical = cert.extensions.iter().any(|e| e.oid == oid && e.critical);
        if is_critical && !text.is_empty() { text + " (critical)" } else { text }
    };
    field("subject", safe(&cert.subject));
    field("issuer", safe(&cert.issuer));
    field("serial number", hex(&cert.serial));
    field("version", format!("X.509 version {}", cert.version));
    field("valid from", format!("{} ({})", rfc3339(cert.not_before), crate::safe::distance(cert.not_before, now)));
    field("valid until", format!("{} ({})", rfc3339(cert.not_after), crate::safe::distance(cert.not_after, now)));
    field("public key", cert.key.title());
    field("signature", cert.signature.name());
    field("alternative names", marked("2.5.29.17", words(cert.san.as_ref().map(|s| s.iter().map(safe).collect()))));
    field("key usage", marked("2.5.29.15", words(cert.key_usage.as_ref().map(|u| u.iter().map(|w| (*w).to_owned()).collect()))));
    field("extended key usage", marked("2.5.29.37", words(cert.eku.as_ref().map(|u| u.iter().map(|w| usage_name(w)).collect()))));
    field("basic constraints", marked("2.5.29.19", basic(cert)));
    field("name constraints", marked("2.5.29.30", cert.name_constraints.as_ref().map(limits).unwrap_or_default()));
    field("subject key id", cert.subject_key_id.as_deref().map(hex).unwrap_or_default());
    field("authority key id", cert.authority_key_id.as_deref().map(hex).unwrap_or_default());
    let shown_above = ["2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.35", "2.5.29.37"];
    for e in cert.extensions.iter().filter(|e| !e.readable || !shown_above.contains(&e.oid.as_str())) {
        let state = if e.readable { "" } else { ", ill-formed" };
        field("extension", marked(&e.oid, format!("{}, {} bytes{state}", extension_name(&e.oid), e.value.len())));
    }
    field("SHA-256 fingerprint", hex(&cert.sha256()));
    field("SHA-1 fingerprint", hex(&cert.sha1()));
    field("SHA-256 of public key", hex(&cert.spki_sha256()));
}

fn basic(cert: &Cert) -> String {
    match cert.basic {
        None => String::new(),
        Some(b) if !b.ca => "no CA".to_owned(),
        Some(b) => match b.path_len {
            Some(n) => format!("CA, path length {n}"),
            None => "CA".to_owned(),
        },
    }
}

fn limits(limits: &NameConstraints) -> String {
    let list = |label: &str, subtrees: &[crate::pki::cert::Subtree]| {
        let shown = subtrees.iter().map(safe).collect::<Vec<_>>().join(", ");
        (!shown.is_empty()).then(|| format!("{label} {shown}"))
    };
    [list("permitted", &limits.permitted), list("excluded", &limits.excluded)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}
