//! A visit to a server that is not ours becomes findings: its certificates are judged by ours, its refusals by our own
//! material.

use super::catalogue as code;
use super::direction::Direction;
use super::material::{Material, asked};
use super::network::Whither;
use super::refusal::broken_off;
use super::{Finding, Place, SOON, Severity, chain, is_error, key, ranked, reconcile};
use crate::handshake::remote::Wares;
use crate::handshake::{Call, Failure, Peer, Side};
use crate::pki::{Cert, Identity};
use crate::probe::{Auth, Seen, Stop, Visit, errand};
use crate::safe::{Safe, count};

/// Everything that is known of a visit.
pub struct Remote<'a> {
    /// What was seen.
    pub visit: &'a Visit,
    /// Who went.
    pub client: &'a Peer,
    /// Where to, in words.
    pub whither: Whither<'a>,
    /// What the keystore is called; used with an identity only.
    pub keystore: &'a str,
    /// What the truststore is called.
    pub truststore: &'a str,
    /// Whether the truststore is the system's, which nobody edits for a test server.
    pub trusts_system: bool,
    /// The name that is checked.
    pub host: &'a str,
    /// Certificates in any of our files, with the file.
    pub known: &'a [(&'a str, Cert)],
}

/// The findings of a visit, the root cause first.
pub fn findings(r: &Remote<'_>) -> Vec<Finding> {
    if let Some(trouble) = &r.visit.trouble {
        return vec![r.whither.trouble(trouble)];
    }
    let mut found = Vec::new();
    for (i, seen) in r.visit.seen.iter().enumerate() {
        let is_primary = i == r.visit.primary;
        for finding in r.seen(seen, is_primary) {
            let is_new = !found.iter().any(|f: &Finding| f.code == finding.code && f.subject == finding.subject);
            if is_new {
                let is_odd = !is_primary && r.visit.seen.len() > 1;
                found.push(if is_odd { finding.fact("at the address", seen.address.to_string()) } else { finding });
            }
        }
    }
    found.extend(r.of_repeats());
    ranked(found)
}

/// A client that cannot even begin: its key, or what it lacks.
pub fn cannot_begin(failure: &Failure, identity: Option<&Identity>, keystore: &str, client: &Peer) -> Vec<Finding> {
    let known = [];
    let weak = identity.and_then(|identity| {
        let leaf = identity.chain.first()?;
        let d = Direction {
            judge: Side::Server,
            keystore,
            truststore: super::material::THEIR_TRUST,
            sent: &identity.chain,
            key: Some(&identity.key),
            anchors: &[],
            known: &known,
            host: None,
            now: client.at,
            soon: SOON,
            crls: &client.crls,
        };
        key::findings(&d, leaf).into_iter().find(is_error)
    });
    vec![weak.unwrap_or_else(|| broken_off(failure, Place::ClientKeystore))]
}

/// Whether a certificate's key explains that its signature is refused.
fn is_about_key(finding: &Finding) -> bool {
    is_error(finding) && [code::WEAK_KEY, code::UNSUPPORTED_KEY].contains(&finding.code)
}

/// A server whose handshake says nothing of who it is.
pub fn nothing_presented(target: &str) -> Finding {
    broken_off(&Failure::Closed, Place::Network).fact("server", Safe(target).to_string())
}

impl Remote<'_> {
    fn seen(&self, seen: &Seen, is_primary: bool) -> Vec<Finding> {
        match &seen.stop {
            Stop::Early(trouble) => {
                let others = self.visit.seen.iter().any(|s| matches!(s.stop, Stop::Tls(_)));
                // clients go on to the next address; of "localhost" one of two is silent as a rule
                let severity = match (others, seen.address.ip().is_loopback()) {
                    (false, _) => Severity::Error,
                    (true, false) => Severity::Warning,
                    (true, true) => Severity::Info,
                };
                vec![self.whither.trouble(trouble).at_most(severity)]
            }
            Stop::Tls(call) => self.call(call, is_primary),
        }
    }

    fn call(&self, call: &Call, is_primary: bool) -> Vec<Finding> {
        let t = &call.transcript;
        let mut found = self.of_server(call);
        let is_trusted = !matches!(t.client.verdict, Some(Err(_)));
        let failure = t.client.failure.as_ref();
        let auth = self.visit.auth.filter(|_| is_primary);
        match failure {
            None if t.completed => found.extend(self.completed(call, auth)),
            Some(Failure::CertificateRefused(_)) | None => found.extend(self.untried(auth)),
            // a key that is too weak for this stack: what it signs counts for nothing, though the key is the right one
            Some(Failure::SignatureRefused(_)) if found.iter().any(is_about_key) => {}
            Some(failure) if is_trusted => found.extend(self.failed(call, failure, is_primary)),
            Some(failure) => found.push(broken_off(failure, Place::ServerKeystore)),
        }
        found
    }

    /// What the server presented, judged as the handshake's own verifier did.
    fn of_server(&self, call: &Call) -> Vec<Finding> {
        let t = &call.transcript;
        let verdict = match &t.client.verdict {
            Some(Ok(())) => Ok(()),
            Some(Err(Failure::CertificateRefused(refusal))) => Err(refusal.clone()),
            _ => return vec![],
        };
        let d = Direction {
            judge: Side::Client,
            keystore: self.whither.target,
            truststore: self.truststore,
            sent: &t.client.peer_chain,
            key: None,
            anchors: self.client.trust.as_deref().unwrap_or_default(),
            known: self.known,
            host: Some(self.host),
            now: self.client.at,
            soon: SOON,
            crls: &self.client.crls,
        };
        reconcile(&d, chain(&d), verdict, t.completed).into_iter().map(|f| self.with_possible_fix(f)).collect()
    }

    /// The server's keystore is elsewhere, and the system's roots are no file of ours: remedies that write them are put
    /// into words, and those that read what the server shows fetch it first.
    fn with_possible_fix(&self, finding: Finding) -> Finding {
        let target = crate::safe::shell_word(self.whither.target);
        let reads_server = finding.fix.split_ascii_whitespace().any(|word| word == target);
        match finding.at {
            Place::ServerKeystore if reads_server => {
                let fix = format!("at the server: {}", finding.fix.replace(&target, "SERVER-KEYSTORE"));
                finding.fix(fix)
            }
            Place::ClientTruststore if reads_server || self.trusts_system && finding.code == code::SELF_SIGNED_UNTRUSTED => {
                // not server.crt, which may lie there
                let then = match self.trusts_system {
                    true => format!("mtls connect {target} --trust presented.pem"),
                    false => finding.fix.replace(&target, "presented.pem"),
                };
                // inspect goes there straight
                let is_straight = self.whither.starttls.is_none() && self.whither.proxy.is_none();
                finding.fix(match is_straight {
                    true => format!("if you know it to be the right one: mtls inspect {target} --pem > presented.pem && {then}"),
                    false => format!("get the server's certificate from whoever runs it, as presented.pem, then: {then}"),
                })
            }
            Place::ClientTruststore if self.trusts_system => {
                let roots = count(self.client.trust.as_ref().map_or(0, Vec::len), "root");
                let finding =
                    Finding { facts: finding.facts.into_iter().filter(|(what, _)| what != self.truststore).collect(), ..finding };
                let finding = match finding.code {
                    code::UNTRUSTED_ISSUER => finding.because(format!("The chain does not end at one of the {roots} of this system: a private CA issued it, which this system need not know.")),
                    _ => finding,
                };
                let fix = format!("if you trust that CA, give its certificate: mtls connect {target} --trust CA.crt");
                finding.fix(fix)
            }
            _ => finding,
        }
    }

    fn material<'m>(&'m self, call: &'m Call, identity: &'m Identity) -> Material<'m> {
        Material {
            keystore: self.keystore,
            identity,
            known: self.known,
            transcript: &call.transcript,
            now: self.client.at,
            crls: &self.client.crls,
        }
    }

    fn completed(&self, call: &Call, auth: Option<Auth>) -> Vec<Finding> {
        let t = &call.transcript;
        let mut found = Vec::new();
        let late = if t.asked { None } else { errand::refusal(&call.heard) };
        match (&self.client.identity, t.asked) {
            (identity, false) if late.is_some() => {
                let finding = self.asked_late(&format!("answers the request with \"{}\"", Safe(late.unwrap_or_default())));
                // who came without a certificate got all that was asked for
                found.push(if identity.is_some() { finding } else { finding.at_most(Severity::Warning) });
            }
            (Some(identity), false) => {
                found.push(self.not_asked());
                // what would come next, once it asks
                found.extend(self.material(call, identity).accepted());
            }
            (Some(identity), true) => found.extend(self.material(call, identity).accepted()),
            (None, _) => {}
        }
        if auth == Some(Auth::Optional) {
            found.push(self.optional(call));
        }
        if t.alpn.is_none() && !self.client.alpn.is_empty() {
            let wanted = crate::safe::one_of(&self.client.alpn);
            found.push(
                Finding::new(
                    code::ALPN_MISMATCH,
                    Severity::Warning,
                    Place::Protocol,
                    "the server chose none of the application protocols that were asked for",
                )
                .fact("asked for", Safe(&wanted).to_string())
                .because("It goes on without one; clients that insist on HTTP/2 (gRPC) end the connection here.")
                .fix("switch the protocol on at the server, or ask for one that it speaks"),
            );
        }
        found
    }

    /// What the look without a certificate told, where our own call ended before the server could judge us.
    fn untried(&self, auth: Option<Auth>) -> Vec<Finding> {
        match (auth, &self.client.identity) {
            (Some(Auth::Required), None) => vec![self.missing(self.visit.look.as_ref(), None)],
            _ => vec![],
        }
    }

    fn failed(&self, call: &Call, failure: &Failure, is_primary: bool) -> Vec<Finding> {
        let t = &call.transcript;
        let is_refusal = matches!(failure, Failure::AlertReceived(..) | Failure::Closed | Failure::RefusedInWords(_));
        if t.asked && is_refusal {
            return match &self.client.identity {
                None => vec![self.missing(Some(call), Some(failure))],
                Some(identity) => self.material(call, identity).refused(failure),
            };
        }
        if is_refusal && !t.asked && t.client.completed {
            return vec![self.asked_late(&format!("ends the connection at the request: {failure}"))];
        }
        let before = t.version.is_none() || matches!(failure, Failure::NothingInCommon(_));
        if !is_primary || !before {
            return vec![self.elsewhere(failure)];
        }
        if !self.visit.plain.is_empty() {
            return vec![self.whither.not_tls(&self.visit.plain)];
        }
        let ours = Wares::of(self.client).versions;
        let lacking = self.visit.survey.as_ref().and_then(|survey| self.whither.lacking(survey, failure, &ours));
        vec![lacking.unwrap_or_else(|| self.elsewhere(failure))]
    }

    fn elsewhere(&self, failure: &Failure) -> Finding {
        match failure {
            Failure::Closed => self.whither.closed(),
            Failure::TimedOut => self.whither.silent(),
            Failure::SignatureRefused(_) => {
                let finding = broken_off(failure, Place::ServerKeystore);
                self.with_possible_fix(finding)
            }
            Failure::AlertReceived(_, name) => broken_off(failure, Place::Server)
                .because(format!("The server ended the handshake with the alert {name} before it asked for a certificate, and no other offer pleased it: the reason is in its log only (a server without a certificate, or with one that it cannot use, does so, too)."))
                .fix("read the server's log at that time"),
            _ => broken_off(failure, Place::Server),
        }
    }

    fn missing(&self, call: Option<&Call>, failure: Option<&Failure>) -> Finding {
        let names = call.map_or(&[][..], |call| &call.transcript.asked_authorities);
        let failure = failure.or(call.and_then(|call| call.transcript.client.failure.as_ref()));
        let finding = Finding::new(
            code::CLIENT_CERTIFICATE_MISSING,
            Severity::Error,
            Place::ClientKeystore,
            "the server requires a client certificate, and none was given",
        )
        .fact("the server asks for", asked(names));
        let finding = match failure {
            Some(failure) => finding.fact("without one", failure.to_string()),
            None => finding,
        };
        finding
            .because("A connection without a certificate was tried: the server asked for one, got none and refused.")
            .fix(format!("mtls connect {} --client KEYSTORE TRUSTSTORE", crate::safe::shell_word(self.whither.target)))
    }

    fn not_asked(&self) -> Finding {
        Finding::new(
            code::CLIENT_NOT_ASKED,
            Severity::Error,
            Place::Server,
            "the server never asked for a client certificate: this is one-way TLS",
        )
        .fact("the client has", self.keystore)
        .because(format!(
            "The handshake completed, but the server did not ask who the client is, so {} was not used: anyone may connect.",
            self.keystore
        ))
        .fix("switch it on at the server, with the client's CA: nginx \"ssl_verify_client on; ssl_client_certificate ca.crt;\", HAProxy \"ca-file ca.crt verify required\", Tomcat certificateVerification=\"required\", Java setNeedClientAuth(true)")
    }

    /// Whoever lets a client in without asking and then turns it away at the request wants to ask in a second handshake.
    fn asked_late(&self, outcome: &str) -> Finding {
        let headline = "the server asks for no client certificate in the handshake, and turns the request away";
        Finding::new(code::CLIENT_NOT_ASKED, Severity::Error, Place::Server, headline)
            .fact("the server", outcome)
            .because("So does a server that asks only once it has read the request (Apache with SSLVerifyClient inside <Location> or <Directory>, IIS by default): by renegotiation in TLS 1.2, by post-handshake authentication in TLS 1.3. Go, rustls, browsers over HTTP/2 and Java in TLS 1.3 cannot answer that, and send no certificate.")
            .fix("let the server ask in the handshake: Apache \"SSLVerifyClient require\" in the virtual host, IIS \"netsh http update sslcert … clientcertnegotiation=enable\"; if it wants no certificate at all, its log says why it refuses")
    }

    fn optional(&self, call: &Call) -> Finding {
        Finding::new(code::CLIENT_OPTIONAL, Severity::Info, Place::Server, "the server asks for a client certificate, and serves clients without one, too")
            .fact("the server asks for", asked(&call.transcript.asked_authorities))
            .because("A connection without a certificate was tried, and the server went on. Whether its application lets such clients in is its own affair.")
            .fix("make it required at the server, where nobody else shall come in")
    }

    /// Calls that failed although the first one did not.
    fn of_repeats(&self) -> Option<Finding> {
        let latencies = self.visit.latencies.as_ref()?;
        let (address, failure) = latencies.failed.first()?;
        if !self.visit.seen.iter().any(|s| s.address == *address && s.is_well()) {
            return None; // the first call told it already
        }
        let total = latencies.failed.len() + latencies.took.len();
        let finding = self.elsewhere(failure);
        let headline = format!("{} of {} failed: {failure}", latencies.failed.len(), count(total, "repeated call"));
        Some(Finding { headline: headline.clone(), explain: format!("{headline}. The first call to the same address went well, so it does not fail always: overload, a limit, or one bad server behind the address."), ..finding }.fact("at the address", address.to_string()))
    }
}
