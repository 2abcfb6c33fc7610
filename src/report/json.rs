//! A report for programs: field names are a promise (contract.md, "JSON"). Fields are added, never renamed or removed.

mod layout;

use super::{Body, Encounter, Handshake, Made, Page, Report};
use crate::diagnose::{Finding, visit::Departure};
use crate::error::Error;
use crate::explain::Explanation;
use crate::formats::consumer;
use crate::formats::{Entry, Item};
use crate::handshake::{Transcript, Withheld};
use crate::inspect::Inspection;
use crate::pki::crl::Crl;
use crate::pki::csr::Request;
use crate::pki::{Cert, PrivateKey};
use crate::probe::{Seen, Stop};
use crate::safe::{hex, rfc3339};
use crate::serve::Visit;
use layout::{escaped, indented, with_list};
use serde_json::{Map, Value, json};
use std::net::SocketAddr;

/// The version of the field names.
const SCHEMA: u32 = 1;

/// A report as one JSON object and a line break.
///
/// A server's has been said already, line by line ([`listening`], [`visit`]).
pub fn report(report: &Report) -> String {
    if matches!(report.body, Body::Served(_)) {
        return String::new();
    }
    let mut object = head(report.command, report.is_ok(), &report.findings);
    match &report.body {
        Body::None | Body::Served(_) => {}
        Body::Inspection(items) => return escaped(inspections(object, items)),
        Body::Handshake(shake) => put(&mut object, "handshake", handshake(shake)),
        Body::Encounter(met) => put(&mut object, "handshake", encounter(met)),
        Body::Made(things) => made(&mut object, things),
        Body::Explanations(found) => put(&mut object, "explanations", found.iter().map(explanation).collect()),
        Body::Catalogue(pages) => put(&mut object, "catalogue", pages.iter().map(catalogue_page).collect()),
        Body::Text(text) => put(&mut object, "text", json!(text)),
    }
    written(&Value::Object(object))
}

/// A server's first line: where it listens, and what is amiss with its stores.
pub fn listening(address: SocketAddr, findings: &[Finding]) -> String {
    let found: Value = findings.iter().map(finding).collect();
    let line = json!({ "schema": SCHEMA, "command": "serve", "listening": address.to_string(), "findings": found });
    escaped(format!("{line}\n"))
}

/// A client of a server, in one line.
pub fn visit(visit: &Visit) -> String {
    escaped(format!("{}\n", visitor(visit)))
}

/// What a server answers an HTTP client: the same, to be read by people too.
pub fn page(visit: &Visit) -> String {
    written(&visitor(visit))
}

fn visitor(visit: &Visit) -> Value {
    let t = &visit.transcript;
    json!({
        "schema": SCHEMA,
        "command": "serve",
        "time": rfc3339(visit.at),
        "peer": visit.peer.to_string(),
        "ok": visit.is_ok(),
        "client": t.server.peer_chain.first().map(cert),
        "left": visit.departure.map(Departure::word),
        "findings": visit.findings.iter().map(finding).collect::<Value>(),
        "handshake": Value::Object(transcript(t)),
    })
}

/// An error that ended `command` as one JSON object and a line break.
///
/// Its first finding says why, and `error` the same with the causes one by one.
pub fn error(command: &str, error: &Error) -> String {
    let mut object = head(command, false, &[Finding::of_end(error)]);
    put(&mut object, "error", json!({ "what": error.what, "because": error.because, "fix": error.fix }));
    written(&Value::Object(object))
}

fn head(command: &str, is_ok: bool, findings: &[Finding]) -> Map<String, Value> {
    let mut object = Map::new();
    put(&mut object, "schema", json!(SCHEMA));
    put(&mut object, "command", json!(command));
    put(&mut object, "ok", json!(is_ok));
    put(&mut object, "findings", findings.iter().map(finding).collect());
    object
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

/// An inspection's object. A store may have a hundred thousand entries, and as [`Value`]s they would take ten times the memory
/// that their text does: so each is written as soon as it is made.
fn inspections(head: Map<String, Value>, items: &[Inspection]) -> String {
    let mut out = String::new();
    with_list(&mut out, 0, head, "items", items, |out, inspection| {
        with_list(out, 4, item(inspection), "entries", &inspection.store.entries, |out, e| indented(out, 8, &entry(e)));
    });
    out.push('\n');
    out
}

/// Indented.
fn written(value: &Value) -> String {
    escaped(format!("{value:#}\n"))
}

fn finding(f: &Finding) -> Value {
    json!({
        "code": f.code.word(),
        "severity": f.severity.word(),
        "at": f.at.word(),
        "subject": f.subject,
        "explain": f.explain,
        "fix": f.fix,
    })
}

fn explanation(e: &Explanation) -> Value {
    json!({
        "matched": e.matched,
        "line": e.line,
        "count": e.count,
        "stack": e.stack,
        "meaning": e.meaning,
        "printed_by": e.printed_by.word(),
        "look_at": e.look_at,
        "codes": e.codes.iter().map(|c| c.word()).collect::<Vec<_>>(),
        "next": e.next,
        "source": e.source,
    })
}

fn catalogue_page(page: &Page) -> Value {
    let said_as = page.said_as.iter();
    json!({
        "code": page.row.code.word(),
        "title": page.row.title,
        "cause": page.row.cause,
        "remedy": page.row.remedy,
        "said_as": said_as.map(|s| json!({ "stack": s.stack, "text": s.text, "printed_by": s.printed_by.word() })).collect::<Value>(),
    })
}

/// All but its entries.
fn item(inspection: &Inspection) -> Map<String, Value> {
    let store = &inspection.store;
    let mut object = Map::new();
    put(&mut object, "target", json!(inspection.target));
    put(&mut object, "format", json!(store.format.name()));
    put(&mut object, "encryption", json!(store.encryption));
    put(&mut object, "mac", json!(store.mac));
    put(&mut object, "remarks", json!(store.remarks));
    if let Some(seen) = consumer::java_entries(store) {
        put(&mut object, "java_entries", json!(seen));
        let readings = consumer::readings(store).into_iter();
        let rows = readings.map(|r| json!({ "consumer": r.consumer, "opens": r.obstacle.is_none(), "why": r.why() }));
        put(&mut object, "readable_by", rows.collect());
    }
    object
}

fn entry(entry: &Entry) -> Value {
    let mut object = Map::new();
    put(&mut object, "alias", json!(entry.alias));
    put(&mut object, "kind", json!(entry.item.kind()));
    if let Some(created) = entry.created {
        put(&mut object, "created", json!(rfc3339(created)));
    }
    match &entry.item {
        Item::Key { key, chain, sent } => {
            put(&mut object, "key", private_key(key, chain.first()));
            put(&mut object, "chain", chain.iter().map(cert).collect());
            put(&mut object, "sent", sent.iter().map(|c| hex(&c.sha256())).collect());
        }
        Item::Trusted(c) | Item::Certificate(c) => put(&mut object, "chain", json!([cert(c)])),
        Item::Secret { algorithm, bits } => {
            put(&mut object, "key", json!({ "algorithm": algorithm, "bits": bits, "matches_certificate": null }));
        }
        Item::Request(r) => put(&mut object, "request", request(r)),
        Item::Crl(c) => put(&mut object, "crl", crl(c)),
        Item::Unread { what, why } => {
            put(&mut object, "what", json!(what));
            put(&mut object, "why", json!(reason(why)));
        }
    }
    Value::Object(object)
}

/// What an error says, in one line.
fn reason(error: &Error) -> String {
    std::iter::once(&error.what).chain(&error.because).map(String::as_str).collect::<Vec<_>>().join("; ")
}

fn private_key(key: &Result<PrivateKey, Error>, leaf: Option<&Cert>) -> Value {
    match key {
        Ok(key) => json!({
            "algorithm": key.kind().to_string(),
            "bits": key.kind().bits(),
            "matches_certificate": leaf.and_then(|leaf| key.belongs_to(leaf)),
            "spki_sha256": key.spki().map(|spki| hex(&crate::crypto::sha256(spki))),
        }),
        Err(why) => {
            json!({ "algorithm": null, "bits": null, "matches_certificate": null, "spki_sha256": null, "why": reason(why) })
        }
    }
}

/// A certificate, as in a `chain`.
fn cert(cert: &Cert) -> Value {
    json!({
        "subject": cert.subject.to_string(),
        "issuer": cert.issuer.to_string(),
        "serial": serial(&cert.serial),
        "not_before": rfc3339(cert.not_before),
        "not_after": rfc3339(cert.not_after),
        "sha256": hex(&cert.sha256()),
        "spki_sha256": hex(&cert.spki_sha256()),
        "is_ca": cert.is_ca(),
        "san": cert.names().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "eku": cert.eku.as_deref().unwrap_or_default(),
        "key_usage": cert.key_usage.as_deref().unwrap_or_default(),
        "signature": cert.signature.name(),
        "key": cert.key.to_string(),
        "key_bits": cert.key.bits(),
        "path_len": cert.basic.and_then(|b| b.path_len),
        "subject_key_id": cert.subject_key_id.as_deref().map(hex),
        "authority_key_id": cert.authority_key_id.as_deref().map(hex),
        "sha1": hex(&cert.sha1()),
        "version": cert.version,
    })
}

/// Lower-case hex, at least one byte.
fn serial(bytes: &[u8]) -> String {
    if bytes.is_empty() { "00".to_owned() } else { hex(bytes) }
}

fn request(request: &Request) -> Value {
    json!({
        "subject": request.subject.to_string(),
        "san": request.san.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "key": request.key.to_string(),
        "key_bits": request.key.bits(),
        "spki_sha256": hex(&crate::crypto::sha256(&request.spki)),
        "signature_verifies": request.proven,
    })
}

fn crl(crl: &Crl) -> Value {
    let revoked = crl.revoked.iter();
    json!({
        "issuer": crl.issuer.to_string(),
        "this_update": rfc3339(crl.this_update),
        "next_update": crl.next_update.map(rfc3339),
        "signature": crl.signature.name(),
        "revoked": revoked.map(|r| json!({ "serial": serial(&r.serial), "since": rfc3339(r.since), "reason": r.reason })).collect::<Value>(),
    })
}

fn handshake(shake: &Handshake) -> Value {
    let mut object = transcript(&shake.transcript);
    let refusals = shake.refusals.iter();
    put(&mut object, "refusals", refusals.map(|(what, is_refused)| json!({ "what": what, "refused": is_refused })).collect());
    Value::Object(object)
}

fn transcript(t: &Transcript) -> Map<String, Value> {
    let mut object = Map::new();
    let facts = json!({
        "completed": t.completed,
        "mutual": t.mutual,
        "version": t.version,
        "cipher": t.cipher,
        "group": t.group,
        "server_identity": t.server_identity().map(ToString::to_string),
        "client_identity": t.client_identity().map(ToString::to_string),
        "failed_step": t.failed_step.map(crate::handshake::Step::word),
        "name": t.name,
        "alpn": t.alpn,
        "client_certificate_asked": t.asked,
        "authorities": t.asked_authorities.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if let Value::Object(facts) = facts {
        object = facts;
    }
    object
}

/// The handshake with a server that is not ours, and what else was seen there.
fn encounter(met: &Encounter) -> Value {
    let (t, visit) = (&met.outcome.transcript, &met.outcome.visit);
    let mut object = transcript(t);
    // the look without a certificate saw what our own handshake may have ended before
    let look = visit.look.as_ref().map(|call| &call.transcript);
    if let Some(look) = look.filter(|_| !t.asked) {
        put(&mut object, "client_certificate_asked", json!(look.asked));
        put(&mut object, "authorities", look.asked_authorities.iter().map(ToString::to_string).collect());
    }
    let call = visit.call();
    put(&mut object, "target", json!(met.target));
    put(&mut object, "proxy", json!(met.proxy));
    put(&mut object, "client_auth", json!(visit.auth.map(|auth| auth.word())));
    put(&mut object, "signature_schemes", json!(look.filter(|_| !t.asked).map_or(&t.asked_schemes, |l| &l.asked_schemes)));
    put(&mut object, "alert", t.client.alert().map_or(Value::Null, |(number, name)| json!({ "number": number, "name": name })));
    put(&mut object, "failure", json!(t.client.failure.as_ref().map(ToString::to_string)));
    put(&mut object, "chain", t.client.peer_chain.iter().map(cert).collect());
    put(&mut object, "session_resumed", json!(visit.resumes));
    put(&mut object, "answer", json!(call.and_then(|call| crate::probe::errand::headline(&call.heard))));
    put(&mut object, "addresses", visit.seen.iter().map(address).collect());
    put(&mut object, "stacks", met.outcome.stacks.iter().map(stack).collect());
    if let Some(latencies) = &visit.latencies {
        let spread = latencies.spread();
        let spread = spread.map(
            |[min, median, max]| json!({ "min": milliseconds(min), "median": milliseconds(median), "max": milliseconds(max) }),
        );
        put(
            &mut object,
            "repeats",
            json!({
                "completed": latencies.took.len(),
                "failed": latencies.failed.iter().map(|(a, why)| json!({ "address": a.to_string(), "failure": why.to_string() })).collect::<Value>(),
                "milliseconds": spread,
            }),
        );
    }
    Value::Object(object)
}

/// One address behind the name.
fn address(seen: &Seen) -> Value {
    let call = match &seen.stop {
        Stop::Tls(call) => Some(call),
        Stop::Early(_) => None,
    };
    let story = call.map(|call| &call.transcript.client);
    let failure = match &seen.stop {
        Stop::Early(trouble) => Some(trouble.to_string()),
        Stop::Tls(call) => call.transcript.client.failure.as_ref().map(ToString::to_string),
    };
    json!({
        "address": seen.address.ip().to_string(),
        "port": seen.address.port(),
        "completed": seen.is_well(),
        "failure": failure,
        "version": call.and_then(|call| call.transcript.version.clone()),
        "server_identity": call.and_then(|call| call.transcript.server_identity().map(ToString::to_string)),
        "sha256": story.and_then(|story| story.peer_chain.first()).map(|leaf| hex(&leaf.sha256())),
        "connect_ms": seen.connected.map(milliseconds),
        "handshake_ms": call.and_then(|call| call.took).map(milliseconds),
    })
}

/// What another stack would have done with our certificate.
fn stack((name, withheld): &(&'static str, Option<Withheld>)) -> Value {
    let why = withheld.map(|why| match why {
        Withheld::NoCommonScheme => "no-common-scheme",
        Withheld::NotAmongAuthorities => "not-among-authorities",
        Withheld::NotForClients => "not-for-clients",
    });
    json!({ "stack": name, "sends": withheld.is_none(), "why": why })
}

/// With three digits after the point.
fn milliseconds(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn made(object: &mut Map<String, Value>, made: &Made) {
    let rows = made.rows.iter().map(|row| {
        json!({
            "role": row.role,
            "action": row.action,
            "files": row.files.iter().map(|f| f.to_string_lossy()).collect::<Vec<_>>(),
            "says": row.says,
            "certificate": row.cert.as_ref().map(cert),
        })
    });
    put(object, "made", rows.collect());
    if let Some(proof) = &made.proof {
        put(object, "handshake", handshake(proof));
    }
    put(object, "remarks", json!(made.remarks));
    put(object, "next", json!(made.next));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::formats::{Format, Item, Store};

    #[test]
    fn an_inspection_is_laid_out_as_any_other_object() {
        let unread = |what: &str| Entry::new(None, Item::Unread { what: what.to_owned(), why: Error::damaged("a\nb") });
        let inspected = |entries| Inspection { target: "a\nb".to_owned(), store: Store::plain(Format::Pem, entries) };
        for items in
            [vec![], vec![inspected(vec![])], vec![inspected(vec![unread("x"), unread("y")]), inspected(vec![unread("z")])]]
        {
            let text = inspections(head("inspect", true, &[]), &items);
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(text, format!("{value:#}\n"));
            assert_eq!(value["items"].as_array().unwrap().len(), items.len());
        }
    }
}
