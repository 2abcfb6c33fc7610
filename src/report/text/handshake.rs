//! A handshake drawn in the seven steps in which mutual TLS is commonly explained.

use super::{Style, certificate, safe};
use crate::handshake::{CertRefusal, Failure, Step, Transcript, Withheld};
use crate::pki::Cert;
use crate::report::Handshake;

/// How many of the CA names that a server asks for are shown.
const MAX_AUTHORITIES: usize = 3;
const TO_SERVER: &str = "──────▶";
const TO_CLIENT: &str = "◀──────";

/// What one step did on each side.
struct Row {
    client: String,
    arrow: &'static str,
    server: String,
}

/// The two columns, a step a line.
pub fn draw(shake: &Handshake, style: &Style) -> String {
    let [_, server_trust, _, client_trust] = &shake.stores;
    let t = &shake.transcript;
    let mut rows = vec![Row { client: "client".to_owned(), arrow: "", server: "server".to_owned() }];
    for (number, step) in (1..).zip(Step::ALL) {
        let state = match t.failed_step {
            Some(failed) if step > failed => State::NotReached,
            Some(failed) if step == failed => State::Failed,
            _ => State::Done,
        };
        let mut row = match step {
            Step::ClientConnects => connects(t, state, style),
            Step::ServerPresents => server_presents(t, state, style),
            Step::ClientVerifiesServer => client_checks(t, client_trust, state, style),
            Step::ClientPresents => client_presents(t, state, style),
            Step::ServerVerifiesClient => server_checks(t, server_trust, state, style),
            Step::SessionKeys => both("session keys", session(t), state, t, style),
            Step::Data => both(
                "data",
                t.alpn.as_ref().map_or("both ways".to_owned(), |p| format!("both ways, {}", safe(p))),
                state,
                t,
                style,
            ),
        };
        let told = if row.client.is_empty() { &mut row.server } else { &mut row.client };
        *told = format!("{number} {told}");
        rows.push(row);
    }
    let left = rows.iter().filter(|r| !r.server.is_empty() || !r.arrow.is_empty()).map(|r| style.columns(&r.client)).max();
    let left = left.unwrap_or(0).max(42);
    let lines = rows.iter().map(|r| {
        let line = format!("  {}  {}  {}", style.padded(&r.client, left), style.padded(r.arrow, 7), r.server);
        line.trim_end().to_owned() + "\n"
    });
    lines.collect()
}

/// Whether a step was reached, and how it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    Failed,
    NotReached,
}

impl State {
    /// The sign of a failure and its reason, or nothing.
    fn sign(self, t: &Transcript, style: &Style) -> String {
        if self == State::Failed { format!(" {}", failed(t, style)) } else { String::new() }
    }
}

/// The sign of a failure, and its reason where one end decided it.
fn failed(t: &Transcript, style: &Style) -> String {
    let reason = match t.root() {
        Some((_, Failure::CertificateRefused(why))) => why.to_string(),
        Some((_, Failure::NoCertificateSent)) | None => String::new(), // the drawing shows it
        Some((_, Failure::SignatureRefused(_))) => "it is shown without its key".to_owned(),
        Some((_, why)) => why.to_string(),
    };
    format!("{} {}", style.cross(), safe(reason)).trim_end().to_owned()
}

fn client(text: String, arrow: &'static str) -> Row {
    Row { client: text, arrow, server: String::new() }
}

fn server(text: String, arrow: &'static str) -> Row {
    Row { client: String::new(), arrow, server: text }
}

fn not_reached(what: &str) -> Row {
    Row { client: what.to_owned(), arrow: "", server: "not reached".to_owned() }
}

fn connects(t: &Transcript, state: State, style: &Style) -> Row {
    let asking = if t.name.is_empty() { String::new() } else { format!(", asking for {}", safe(&t.name)) };
    client(format!("connects{asking}{}", state.sign(t, style)), TO_SERVER)
}

fn server_presents(t: &Transcript, state: State, style: &Style) -> Row {
    if state == State::NotReached {
        return not_reached("the server's certificate");
    }
    let presents = match t.client.peer_chain.first() {
        Some(leaf) => format!("presents {}", subject(leaf)),
        None => "presents no certificate".to_owned(),
    };
    let asks = match (t.asked, &t.asked_authorities[..]) {
        _ if state == State::Failed => String::new(),
        (false, _) => ", and asks for none".to_owned(),
        (true, []) => ", and asks for a certificate".to_owned(),
        (true, names) => {
            let shown: Vec<String> = names.iter().take(MAX_AUTHORITIES).map(|n| safe(n.short())).collect();
            let more = names.len().saturating_sub(MAX_AUTHORITIES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!(", and asks for a certificate of: {}{more}", shown.join(", "))
        }
    };
    server(format!("{presents}{asks}{}", state.sign(t, style)), TO_CLIENT)
}

fn client_checks(t: &Transcript, truststore: &str, state: State, style: &Style) -> Row {
    let judged = match state {
        State::NotReached => return not_reached("the client's check of it"),
        State::Failed if is_wrong_name(t) => format!("{} trusted {} name", style.tick(), style.cross()),
        State::Failed => failed(t, style),
        State::Done if t.client.peer_chain.is_empty() => return client("has nothing to check".to_owned(), ""),
        State::Done => format!("{0} trusted {0} name", style.tick()),
    };
    client(format!("checks it with {} {judged}", safe(truststore)), "")
}

/// Whether all was well but the name: the verifier looks at it last.
fn is_wrong_name(t: &Transcript) -> bool {
    matches!(t.root(), Some((_, Failure::CertificateRefused(CertRefusal::NameMismatch))))
}

fn client_presents(t: &Transcript, state: State, style: &Style) -> Row {
    let sent = if t.server_is_remote { &t.client.sent } else { &t.server.peer_chain };
    let withheld = match t.client.withheld {
        None => "",
        Some(Withheld::NoCommonScheme) => " (the server takes no signature of its key)",
        Some(Withheld::NotAmongAuthorities) => " (its issuer is not among the CAs asked for)",
        Some(Withheld::NotForClients) => " (it is not for clients)",
    };
    let sign = state.sign(t, style);
    match (state, sent.first()) {
        (State::NotReached, _) => not_reached("the client's certificate"),
        (_, Some(leaf)) => client(format!("presents {}{sign}", subject(leaf)), TO_SERVER),
        (_, None) if t.asked => client(format!("presents no certificate{withheld}{sign}"), TO_SERVER),
        (_, None) => client(format!("is not asked for a certificate{sign}"), ""),
    }
}

fn server_checks(t: &Transcript, truststore: &str, state: State, style: &Style) -> Row {
    let judged = match state {
        State::NotReached => return not_reached("the server's check of it"),
        State::Done if t.server_is_remote && !t.client.sent.is_empty() => {
            return server("accepts it, as far as can be seen from here".to_owned(), "");
        }
        State::Failed if t.server_is_remote && !t.client.sent.is_empty() => {
            return server(format!("refuses it {}", failed(t, style)), "");
        }
        State::Failed if t.server.peer_chain.is_empty() => return server(format!("wants one {}", style.cross()), ""),
        State::Done if t.server.peer_chain.is_empty() => return server("has nothing to check".to_owned(), ""),
        State::Failed => failed(t, style),
        State::Done => format!("{} trusted", style.tick()),
    };
    server(format!("checks it with {} {judged}", safe(truststore)), "")
}

fn both(what: &str, outcome: String, state: State, t: &Transcript, style: &Style) -> Row {
    let server = match state {
        State::NotReached => return not_reached(what),
        State::Failed => failed(t, style),
        State::Done => format!("{outcome} {}", style.tick()),
    };
    Row { client: what.to_owned(), arrow: "", server }
}

/// The whole subject, as in the JSON; a certificate without one goes by its first name.
pub fn subject(leaf: &Cert) -> String {
    if leaf.subject.is_empty() { certificate::name(leaf) } else { safe(&leaf.subject) }
}

/// `TLS 1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384`
pub fn session(t: &Transcript) -> String {
    let version = t.version.as_ref().map(|v| v.replacen("TLSv", "TLS ", 1));
    [version, t.group.clone(), t.cipher.clone()].into_iter().flatten().map(safe).collect::<Vec<_>>().join(", ")
}

/// What the handshake proved, and whether what must be refused was.
pub fn outcome(shake: &Handshake, style: &Style) -> String {
    let t = &shake.transcript;
    let mut out = match (t.completed, t.mutual) {
        (true, true) => format!("  {} mutual TLS proven: {}\n", style.tick(), session(t)),
        (true, false) => format!("  {} one-way TLS: the client did not prove who it is · {}\n", style.warn("!"), session(t)),
        (false, _) => String::new(), // the drawing shows where it ended, and a finding says why
    };
    let list = |wanted: bool| {
        let named: Vec<&str> =
            shake.refusals.iter().filter(|(_, is_refused)| *is_refused == wanted).map(|(what, _)| what.as_str()).collect();
        (!named.is_empty()).then(|| safe(named.join(" · ")))
    };
    if let Some(refused) = list(true) {
        out += &format!("  {} refused, as they must be: {refused}\n", style.tick());
    }
    if let Some(accepted) = list(false) {
        out += &format!("  {} accepted, although it must be refused: {accepted}\n", style.cross());
    }
    out
}
