//! A client that came to a server, in two lines.

use super::handshake::{session, subject};
use super::{Style, certificate, safe};
use crate::pki::Cert;
use crate::report::Served;
use crate::safe::{count, hex};
use crate::serve::Visit;

/// `✓ 127.0.0.1:53124  CN=billing · TLS 1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384`, and what else is known of it.
pub fn draw(visit: &Visit, style: &Style) -> String {
    let t = &visit.transcript;
    let sign = if visit.is_ok() { style.tick() } else { style.cross() };
    let leaf = t.server.peer_chain.first();
    let who = match leaf {
        Some(leaf) => style.strong(&subject(leaf)),
        None if t.version.is_none() => "no handshake".to_owned(),
        None if t.asked => "no certificate".to_owned(),
        None => "not asked who it is".to_owned(),
    };
    let asking = (!t.name.is_empty()).then(|| format!("asks for {}", safe(&t.name)));
    let alpn = t.alpn.as_ref().map(safe);
    let left = visit.departure.map(|_| "left without a word".to_owned());
    let parts = [Some(who), Some(session(t)), alpn, asking, left];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let second = leaf.map(|leaf| format!("    {}\n    sha256 {}\n", about(leaf, visit, style), hex(&leaf.sha256())));
    format!("{sign} {}  {}\n{}", visit.peer, parts.join(" · "), second.unwrap_or_default())
}

fn about(leaf: &Cert, visit: &Visit, style: &Style) -> String {
    let [until, usage, _] = certificate::cells(leaf, visit.at, style);
    let names = certificate::names(leaf.names(), style);
    let issuer = format!("issued by {}", safe(leaf.issuer.short()));
    [names, issuer, until, usage].into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// `stopped after 3 clients: 2 accepted, 1 refused`
pub fn farewell(served: &Served) -> String {
    let tally = served.tally;
    let wanted = match served.count {
        Some(wanted) if wanted > tally.total() => format!(" of {wanted}"),
        _ => String::new(),
    };
    let clients = count(usize::try_from(tally.total()).unwrap_or(usize::MAX), "client");
    format!("stopped after {clients}{wanted}: {} accepted, {} refused\n", tally.accepted, tally.refused)
}
