//! A visit to a server that is not ours: its addresses, what it presents and asks for, the handshake in its seven steps.

use super::table::Table;
use super::{Style, certificate, handshake, joined, safe};
use crate::handshake::{Step, Transcript, Withheld};
use crate::probe::{Auth, Seen, Stop, Visit, errand};
use crate::report::{Encounter, Handshake};
use crate::safe::{all_of, count};
use std::time::Duration;
use time::OffsetDateTime;

/// How many CA names are shown; `-v` shows them all.
const MAX_AUTHORITIES: usize = 6;

/// Everything, in the order in which it happened.
pub fn draw(met: &Encounter, now: OffsetDateTime, style: &Style) -> String {
    let outcome = &met.outcome;
    let visit = &outcome.visit;
    if visit.seen.is_empty() && visit.trouble.is_none() {
        return String::new(); // a store was at fault: nobody went anywhere
    }
    let mut table = Table::default();
    let through = met.proxy.as_ref().map_or(String::new(), |proxy| format!(" through the proxy {}", safe(proxy)));
    table.line(format!("{}{through}", style.strong(&safe(&met.target))));
    let all = visit.seen.iter().enumerate();
    all.for_each(|(i, seen)| address(seen, i == visit.primary && visit.seen.len() > 1, &mut table, style));
    let [keystore, truststore] = &met.stores;
    // a handshake that ended with its first message is told in the address's line
    let is_worth_drawing = visit.call().is_some() && outcome.transcript.failed_step != Some(Step::ClientConnects);
    let drawing = if is_worth_drawing {
        let stores = [String::new(), String::new(), keystore.clone(), truststore.clone()];
        let shake = Handshake { transcript: outcome.transcript.clone(), stores, refusals: vec![] };
        joined([handshake::draw(&shake, style), handshake::outcome(&shake, style)])
    } else {
        String::new()
    };
    joined([table.draw(3, style), presented(&outcome.transcript, now, style), drawing, facts(met, style)])
}

/// `127.0.0.1   TLS 1.3, CN=api.example   connected in 1 ms, handshake in 8 ms`
fn address(seen: &Seen, is_told: bool, table: &mut Table, style: &Style) {
    let mark = if seen.is_well() { style.tick() } else { style.cross() };
    let told = if is_told { " (told of below)" } else { "" };
    let outcome = match &seen.stop {
        Stop::Early(trouble) => safe(trouble),
        Stop::Tls(call) => match &call.transcript.client.failure {
            Some(failure) => safe(failure),
            None => {
                let version = call.transcript.version.as_deref().unwrap_or("TLS").replacen("TLSv", "TLS ", 1);
                let leaf = call.transcript.client.peer_chain.first().map(|leaf| format!(", {}", certificate::name(leaf)));
                format!("{version}{}", leaf.unwrap_or_default())
            }
        },
    };
    let mut took = Vec::new();
    took.extend(seen.connected.map(|t| format!("connected in {}", milliseconds(t))));
    if let Stop::Tls(call) = &seen.stop {
        took.extend(call.took.map(|t| format!("handshake in {}", milliseconds(t))));
    }
    table.row([format!("  {mark} {}", seen.address), format!("{outcome}{told}"), style.faint(&took.join(", "))]);
}

fn milliseconds(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1e3;
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// The chain as it was sent.
fn presented(t: &Transcript, now: OffsetDateTime, style: &Style) -> String {
    let chain = &t.client.peer_chain;
    if chain.is_empty() {
        return String::new();
    }
    let mut table = Table::default();
    table.line(format!("  presents {}", count(chain.len(), "certificate")));
    let certs: Vec<&crate::pki::Cert> = chain.iter().collect();
    for (cert, depth) in chain.iter().zip(crate::inspect::depths(&certs)) {
        let [until, usage, names] = certificate::cells(cert, now, style);
        let branch = depth.checked_sub(1).map_or(String::new(), |above| format!("{}└─ ", "   ".repeat(above)));
        table.row([format!("    {branch}{}", certificate::name(cert)), until, usage, names]);
        if style.is_verbose {
            certificate::fields(cert, now, 6 + 3 * depth, &mut table, style);
        }
    }
    if let Some(top) = chain.last().filter(|top| !top.is_self_issued()) {
        table.line(format!("    {}", style.faint(&format!("issued by {} (not sent)", safe(top.issuer.short())))));
    }
    table.draw(3, style)
}

fn facts(met: &Encounter, style: &Style) -> String {
    let outcome = &met.outcome;
    let visit = &outcome.visit;
    let look = visit.look.as_ref().map(|look| &look.transcript);
    let asking = if outcome.transcript.asked { Some(&outcome.transcript) } else { look };
    let mut table = Table::default();
    let mut fact = |what: &str, is: String| table.row([format!("  {what}"), is]);
    match visit.auth {
        Some(Auth::Required) => fact("client certificate", format!("required{}", tried(visit))),
        Some(Auth::Optional) => fact("client certificate", format!("asked for, and not required{}", tried(visit))),
        Some(Auth::NotAsked) => fact("client certificate", "not asked for".to_owned()),
        None if outcome.transcript.asked && outcome.transcript.completed => {
            fact(
                "client certificate",
                "asked for; what it does without one was not seen, since it took no second connection".to_owned(),
            );
        }
        None => {}
    }
    if let Some(t) = asking.filter(|t| t.asked) {
        let names = &t.asked_authorities;
        let shown = if style.is_verbose { names.len() } else { names.len().min(MAX_AUTHORITIES) };
        let mut told: Vec<String> = names[..shown].iter().map(safe).collect();
        if shown < names.len() {
            told.push(format!("{} more", names.len() - shown));
        }
        fact("of the CAs", if told.is_empty() { "any (it names none)".to_owned() } else { told.join(" · ") });
        if style.is_verbose {
            fact("signed with", t.asked_schemes.join(", "));
        }
    }
    if !outcome.stacks.is_empty() {
        fact("with these stores", stacks(&outcome.stacks));
    }
    if let Some(resumes) = visit.resumes {
        fact("session", if resumes { "resumed by a second connection" } else { "not resumed by a second connection" }.to_owned());
    }
    if let Some(answer) = visit.call().and_then(|call| errand::headline(&call.heard)) {
        fact("answers a request", safe(answer));
    }
    if let Some(latencies) = &visit.latencies {
        let spread = latencies.spread().map(|[min, median, max]| {
            format!("min {} · median {} · max {}", milliseconds(min), milliseconds(median), milliseconds(max))
        });
        let failed = if latencies.failed.is_empty() { String::new() } else { format!(" · {} failed", latencies.failed.len()) };
        fact(
            "repeated",
            format!(
                "{}{failed}{}",
                count(latencies.took.len(), "handshake"),
                spread.map_or(String::new(), |s| format!(" · {s}"))
            ),
        );
    }
    table.draw(3, style)
}

/// How it is known.
fn tried(visit: &Visit) -> String {
    let Some(bare) = visit.look.as_ref().or(visit.call()) else { return String::new() };
    match &bare.transcript.client.failure {
        Some(failure) => format!(" (without one: {})", safe(failure)),
        None => " (tried without one)".to_owned(),
    }
}

/// `OpenSSL, curl and Java send the certificate; Go and .NET send none: …`
fn stacks(stacks: &[(&'static str, Option<Withheld>)]) -> String {
    let of = |sends: bool| stacks.iter().filter(|(_, w)| w.is_none() == sends).map(|(name, _)| *name).collect::<Vec<_>>();
    let (sending, keeping) = (of(true), of(false));
    let senders: Vec<&str> = ["OpenSSL", "curl"].into_iter().chain(sending).collect();
    let mut text = format!("{} send the certificate", all_of(&senders));
    if let Some(why) = stacks.iter().find_map(|(_, w)| *w).filter(|_| !keeping.is_empty()) {
        let why = match why {
            Withheld::NotAmongAuthorities => "its issuer is not among those CAs",
            Withheld::NotForClients => "it is not for clients",
            Withheld::NoCommonScheme => "no signature scheme fits its key",
        };
        let verb = if keeping.len() == 1 { "sends" } else { "send" };
        text += &format!("; {} {verb} none ({why})", all_of(&keeping));
    }
    text
}
