//! A file that was looked into: its protection, its entries, each chain from the leaf to the root.

use super::table::Table;
use super::{Style, certificate, safe};
use crate::formats::consumer;
use crate::formats::{Entry, Format, Item, Store};
use crate::inspect::{Inspection, Match, depths};
use crate::pki::crl::Crl;
use crate::pki::csr::Request;
use crate::pki::{Cert, PrivateKey};
use crate::safe::{count, date, date_with_distance, hex};
use time::OffsetDateTime;

/// The file's line, and its entries below.
pub fn draw(inspection: &Inspection, now: OffsetDateTime, style: &Style) -> String {
    let store = &inspection.store;
    let mut table = Table::default();
    let target = if inspection.target == "-" { "standard input" } else { &inspection.target };
    table.line(format!("{} · {}", style.strong(&safe(target)), protection(store, style)));
    let mut rest = &store.entries[..];
    while let Some(first) = rest.first() {
        // certificates without a key stand together, so that a truststore reads as a list and a bundle as a chain
        let alike = rest.iter().take_while(|e| bare(e).is_some() && e.item.kind() == first.item.kind()).count();
        if alike > 0 {
            certificates(&rest[..alike], now, &mut table, style);
        } else {
            entry(first, now, &mut table, style);
        }
        rest = &rest[alike.max(1)..];
    }
    if store.entries.is_empty() {
        table.line("  no entry");
    }
    for remark in &store.remarks {
        table.line(format!("  {} {}", style.warn("!"), safe(remark)));
    }
    consumers(store, &mut table, style);
    table.draw(3, style)
}

/// Who opens the file and who does not; with `-v` each with the reason.
fn consumers(store: &Store, table: &mut Table, style: &Style) {
    let readings = consumer::readings(store);
    let seen = consumer::java_entries(store).filter(|seen| *seen != store.entries.len());
    if let Some(seen) = seen {
        let of = store.entries.len();
        table.line(format!("  {} Java sees {seen} of {of} entries", style.warn("!")));
    }
    if style.is_verbose {
        for reading in &readings {
            table.line(match reading.why() {
                None => format!("  {} {}", style.tick(), reading.consumer),
                Some(why) => format!("  {} {}: {why}", style.warn("!"), reading.consumer),
            });
        }
        return;
    }
    let (closed, open): (Vec<_>, Vec<_>) = readings.iter().partition(|r| r.obstacle.is_some());
    for (title, list) in [("opened by    ", open), ("not opened by", closed)] {
        if !list.is_empty() {
            let names = list.iter().map(|r| r.consumer).collect::<Vec<_>>().join(" · ");
            table.line(style.faint(&format!("  {title} {names}")));
        }
    }
}

/// `PKCS#12 · AES-256-CBC, PBKDF2-HMAC-SHA256 ×10000 · MAC HMAC-SHA256 ✓`
fn protection(store: &Store, style: &Style) -> String {
    let mut words = vec![store.format.to_string()];
    if let Some(encryption) = &store.encryption {
        words.push(times(&safe(encryption.strip_prefix("PBES2 ").unwrap_or(encryption))));
    }
    match &store.mac {
        // a store whose MAC did not verify was not opened
        Some(mac) => words.push(format!("MAC {} {}", times(&safe(mac)), style.tick())),
        None if store.format == Format::Pkcs12 => words.push(style.warn("no MAC")),
        None => {}
    }
    words.join(" · ")
}

/// `x10000` with the sign that people write.
fn times(text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for word in &mut words {
        if let Some(number) = word.strip_prefix('x').filter(|n| n.starts_with(|c: char| c.is_ascii_digit())) {
            *word = format!("×{number}");
        }
    }
    words.join(" ")
}

fn bare(entry: &Entry) -> Option<&Cert> {
    match &entry.item {
        Item::Trusted(cert) | Item::Certificate(cert) => Some(cert),
        _ => None,
    }
}

fn certificates(entries: &[Entry], now: OffsetDateTime, table: &mut Table, style: &Style) {
    let is_trusted = matches!(entries.first().map(|e| &e.item), Some(Item::Trusted(_)));
    table.line(format!("  {}", count(entries.len(), if is_trusted { "trusted certificate" } else { "certificate" })));
    let certs: Vec<&Cert> = entries.iter().filter_map(bare).collect();
    for ((cert, depth), entry) in certs.iter().zip(depths(&certs)).zip(entries) {
        let name = certificate::name(cert);
        let alias = entry.alias.as_ref().map(safe).filter(|a| !a.eq_ignore_ascii_case(&name));
        let named = alias.map_or(name.clone(), |alias| format!("{alias}: {name}"));
        certificate_row(cert, depth, &named, None, now, table, style);
    }
}

fn certificate_row(
    cert: &Cert,
    depth: usize,
    name: &str,
    note: Option<String>,
    now: OffsetDateTime,
    table: &mut Table,
    style: &Style,
) {
    let [until, usage, names] = certificate::cells(cert, now, style);
    let last = [Some(names).filter(|n| !n.is_empty()), note].into_iter().flatten().collect::<Vec<_>>().join("   ");
    table.row([format!("    {}{name}", branch(depth)), until, usage, last]);
    if style.is_verbose {
        certificate::fields(cert, now, 6 + 3 * depth, table, style);
    }
}

/// What joins a certificate to the one above it.
fn branch(depth: usize) -> String {
    match depth.checked_sub(1) {
        None => String::new(),
        Some(above) => format!("{}└─ ", "   ".repeat(above)),
    }
}

fn entry(entry: &Entry, now: OffsetDateTime, table: &mut Table, style: &Style) {
    let mut head = |text: String| {
        let alias = entry.alias.as_ref().map(|a| format!("{} · ", safe(a))).unwrap_or_default();
        let created = entry.created.filter(|_| style.is_verbose).map(|t| format!(" · put in {}", date(t))).unwrap_or_default();
        table.line(format!("  {alias}{text}{created}"));
    };
    match &entry.item {
        Item::Key { key, chain, sent } => {
            head(key_line(key, chain, style));
            chain_rows(chain, now, table, style);
            if sent != chain {
                let order = if sent.is_empty() {
                    "nothing".to_owned()
                } else {
                    sent.iter().map(certificate::name).collect::<Vec<_>>().join(", ")
                };
                table.line(format!("    {} a peer with this file sends, in this order: {order}", style.warn("!")));
            }
        }
        Item::Trusted(_) | Item::Certificate(_) => {} // drawn by `certificates`
        Item::Secret { algorithm, bits } => {
            let bits = bits.map(|b| format!(", {b} bits")).unwrap_or_default();
            head(format!("secret key {}{bits}", safe(algorithm)));
        }
        Item::Request(request) => head(request_line(request, style)),
        Item::Crl(crl) => {
            head(crl_line(crl, now));
            let shown = crl.revoked.iter().filter(|_| style.is_verbose);
            shown.for_each(|r| {
                let reason = r.reason.as_deref().map(safe).unwrap_or_default();
                table.row([
                    format!("    serial {}", hex(&r.serial)),
                    format!("since {}", date_with_distance(r.since, now)),
                    reason,
                ]);
            });
        }
        Item::Unread { what, why } => {
            head(format!("{} {}: {}", style.cross(), safe(what), safe(&why.what)));
            why.because.iter().for_each(|cause| table.line(format!("    because: {}", safe(cause))));
        }
    }
}

fn key_line(key: &Result<PrivateKey, crate::error::Error>, chain: &[Cert], style: &Style) -> String {
    let key = match key {
        Ok(key) => key,
        Err(why) => return format!("private key {} {}", style.cross(), safe(&why.what)),
    };
    let judged = match Match::of(key, chain) {
        Match::Belongs => format!("{} belongs to the certificate", style.tick()),
        Match::Differs => format!("{} does not belong to the certificate", style.cross()),
        Match::Unknown => format!("{} cannot be compared with the certificate", style.warn("!")),
        Match::NoCertificate => format!("{} without a certificate", style.warn("!")),
    };
    let pin = key.spki().filter(|_| chain.is_empty() && style.is_verbose);
    let pin = pin.map(|spki| format!(" · SHA-256 of public key {}", hex(&crate::crypto::sha256(spki)))).unwrap_or_default();
    format!("private key {} {judged}{pin}", key.kind().title())
}

fn chain_rows(chain: &[Cert], now: OffsetDateTime, table: &mut Table, style: &Style) {
    for (i, cert) in chain.iter().enumerate() {
        let above = i.checked_sub(1).map(|a| &chain[a]);
        let is_stranger = above.is_some_and(|above| above.issuer != cert.subject);
        let note = is_stranger.then(|| format!("{} is not the issuer of the one above", style.warn("!")));
        certificate_row(cert, i, &certificate::name(cert), note, now, table, style);
    }
    if let Some(top) = chain.last().filter(|top| !top.is_self_issued()) {
        let issuer = safe(top.issuer.short());
        table.line(format!("    {}{}", branch(chain.len()), style.faint(&format!("{issuer} (not in this file)"))));
    }
}

fn request_line(request: &Request, style: &Style) -> String {
    let proof = match request.proven {
        Some(true) => format!("{} signed with its own key", style.tick()),
        Some(false) => format!("{} not signed with its own key", style.cross()),
        None => format!("{} its signature cannot be checked", style.warn("!")),
    };
    let names =
        Some(certificate::names(&request.san, style)).filter(|n| !n.is_empty()).map(|n| format!(" · {n}")).unwrap_or_default();
    format!("request for {} · {}{names} · {proof}", safe(&request.subject), request.key.title())
}

fn crl_line(crl: &Crl, now: OffsetDateTime) -> String {
    let next = crl.next_update.map(|t| format!(" · next due {}", date_with_distance(t, now))).unwrap_or_default();
    let revoked = count(crl.revoked.len(), "revoked certificate");
    format!("CRL of {} · {revoked} · made {}{next}", safe(crl.issuer.short()), date(crl.this_update))
}
