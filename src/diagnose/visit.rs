//! A client that came to our server: who it is, or why it was refused, or why it refused us. Its stores are not known, only
//! what it sent.

use super::catalogue as code;
use super::direction::{Direction, called};
use super::refusal::broken_off;
use super::{Code, Finding, Place, Severity, chain, exchange, is_error, judge_direction, ranked};
use crate::handshake::{Failure, Side, Transcript, client_version};
use crate::pki::crl::Crl;
use crate::pki::{Cert, Identity, San, signature};
use crate::safe::{Safe, shell_word};
use std::net::IpAddr;
use time::OffsetDateTime;

/// What is known of one client.
pub struct Visit<'a> {
    /// What the server saw.
    pub transcript: &'a Transcript,
    /// How it left where it said nothing after the handshake.
    pub departure: Option<Departure>,
    /// What the server's keystore and truststore are called.
    pub files: [&'a str; 2],
    /// What the server shows.
    pub server: &'a Identity,
    /// What the server trusts.
    pub trusts: &'a [Cert],
    /// Certificates that lie in either file, with the file.
    pub known: &'a [(&'a str, Cert)],
    /// The address that the client connected to.
    pub local: IpAddr,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// Revocation lists that were given.
    pub crls: &'a [Crl],
}

/// How a client left that said nothing after the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// With TLS's goodbye (close_notify).
    Polite,
    /// Without.
    Abrupt,
}

impl Departure {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            Departure::Polite => "politely",
            Departure::Abrupt => "abruptly",
        }
    }
}

/// Faults of our own chain for which a client says that it does not know the CA.
const NO_WAY_UP: [Code; 6] = [
    code::MISSING_INTERMEDIATE,
    code::WRONG_INTERMEDIATE,
    code::NOT_A_CA,
    code::CA_CANNOT_SIGN,
    code::PATH_TOO_LONG,
    code::BAD_SIGNATURE,
];

const THEIR_KEYSTORE: &str = "the client's keystore";
const THEIR_TRUSTSTORE: &str = "the client's truststore";
/// What stands for the client's files in a command; only its owner knows their names.
const PLACEHOLDERS: [(&str, &str); 2] = [(THEIR_KEYSTORE, "CLIENT-KEYSTORE"), (THEIR_TRUSTSTORE, "CLIENT-TRUSTSTORE")];

/// What any client would have against the server's certificate, whatever it trusts.
pub fn own(file: &str, server: &Identity, now: OffsetDateTime) -> Vec<Finding> {
    ranked(chain(&Direction {
        judge: Side::Client,
        keystore: file,
        truststore: THEIR_TRUSTSTORE,
        sent: &server.chain,
        key: Some(&server.key),
        anchors: &[],
        known: &[],
        host: None,
        now,
        soon: super::SOON,
        crls: &[],
    }))
}

/// Why a server cannot begin.
pub fn cannot_serve(failure: &Failure) -> Finding {
    broken_off(failure, Place::ServerKeystore)
}

/// The findings about one client, the root cause first: none that is an error where it was accepted, one at least where not.
pub fn judge(v: &Visit<'_>) -> Vec<Finding> {
    let t = v.transcript;
    let mut found = if t.server.verdict.is_some() { judge_direction(&v.theirs(), t) } else { vec![] };
    if !found.iter().any(is_error) {
        found.extend(match &t.server.failure {
            Some(failure) => Some(v.cause(failure)),
            None => v.left(),
        });
    }
    for finding in &mut found {
        for (label, placeholder) in PLACEHOLDERS {
            finding.fix = finding.fix.replace(&shell_word(label), placeholder);
        }
    }
    ranked(found)
}

impl<'a> Visit<'a> {
    /// How the server judges what the client sent.
    fn theirs(&self) -> Direction<'a> {
        let sent = &self.transcript.server.peer_chain;
        Direction { judge: Side::Server, keystore: THEIR_KEYSTORE, truststore: self.files[1], sent, ..self.direction() }
    }

    /// How the client judges what the server sent, but for its trust, which is not known here.
    fn ours(&self, host: Option<&'a str>) -> Direction<'a> {
        Direction { key: Some(&self.server.key), host, ..self.direction() }
    }

    fn direction(&self) -> Direction<'a> {
        Direction {
            judge: Side::Client,
            keystore: self.files[0],
            truststore: THEIR_TRUSTSTORE,
            sent: &self.server.chain,
            key: None,
            anchors: self.trusts,
            known: self.known,
            host: None,
            now: self.now,
            soon: super::SOON,
            crls: self.crls,
        }
    }

    /// Why the connection broke off.
    fn cause(&self, failure: &Failure) -> Finding {
        let has_shown = !self.transcript.server.sent.is_empty();
        match failure {
            Failure::NoCertificateSent => self.nothing_sent(),
            Failure::AlertReceived(number, name) => self.alert(*number, name),
            Failure::Closed if has_shown => self.own_fault(|_| true).map_or_else(|| hung_up(failure), |f| after(f, "it hung up")),
            Failure::SignatureRefused(_) => broken_off(failure, Place::ClientKeystore),
            Failure::KeyUnusable(_) | Failure::NothingToPresent => broken_off(failure, Place::ServerKeystore),
            Failure::NotTls => unspoken(failure, "the client does not speak TLS")
                .because("What the client sent is no TLS; it may be plain HTTP, which this port does not take.")
                .fix("let the client use https://, or switch TLS on in it"),
            Failure::TimedOut => unspoken(failure, "the client did not finish the handshake in the time allowed")
                .because(if has_shown {
                    "The client began the handshake and then fell silent, until its time was up or another client needed its place."
                } else {
                    "The client connected and did not say in time what TLS clients say first (ClientHello)."
                })
                .fix("look at the client: a port scanner, or a program that waits for the server to speak first; allow more with --timeout"),
            Failure::Closed => unspoken(failure, "the client hung up before the handshake began")
                .because("A port scanner or a health check without TLS does so.")
                .fix("nothing, if it was one; else read the client's log at that time"),
            Failure::NothingInCommon(what) => self.nothing_in_common(what, broken_off(failure, Place::Client)),
            _ => broken_off(failure, Place::Client),
        }
    }

    /// What the client offers instead of what this server takes.
    fn nothing_in_common(&self, what: &str, finding: Finding) -> Finding {
        const TOLD: usize = 4;
        let few = |names: &[String]| match names {
            [] => "none".to_owned(),
            few if few.len() <= TOLD => few.join(", "),
            many => format!("{} and {} more", many[..TOLD].join(", "), many.len() - TOLD),
        };
        let highest = client_version(&self.transcript.server.first_bytes).map(|version| match version {
            0x0302 => "TLS 1.1",
            0x0301 => "TLS 1.0",
            0x0300 => "SSL 3.0",
            _ => "TLS 1.2",
        });
        let key = self.server.key.kind().title();
        let (Some(offer), "cipher suite" | "group" | "signature scheme") = (&self.transcript.offer, what) else {
            let Some(highest) = highest.filter(|_| what == "version") else { return finding };
            return Finding { headline: format!("the client speaks {highest} at most"), ..finding }
                .fact("the client offers", highest)
                .because(format!("The client's first message offers {highest} at most, and this server speaks TLS 1.2 and 1.3: the client's stack is too old, or its newer versions are switched off."))
                .fix("let the client speak TLS 1.2 or 1.3: update its stack, or switch them on in its settings");
        };
        match what {
            "cipher suite" => finding
                .fact("the client offers", few(&offer.cipher_suites))
                .because(format!("Of the client's cipher suites ({}) this server takes none: it takes the ECDHE suites with AES-GCM or ChaCha20, and those of TLS 1.3.", few(&offer.cipher_suites)))
                .fix("let the client offer an ECDHE suite with AES-GCM (ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256), or TLS 1.3"),
            "group" => finding
                .fact("the client offers", few(&offer.groups))
                .because(format!("The client offers the groups {}, and this server takes X25519MLKEM768, X25519, P-256 and P-384.", few(&offer.groups)))
                .fix("let the client offer X25519 or P-256"),
            _ => finding
                .fact("the client takes", few(&offer.signature_schemes))
                .fact(self.files[0], format!("a {key} key"))
                .because(format!("The client takes {}, and the server's {key} key can make none of these.", few(&offer.signature_schemes)))
                .fix(format!("let the client take signatures of {key} keys, or give the server a key that it takes: mtls server NAME --key rsa-2048 (or ec-p256)")),
        }
    }

    fn nothing_sent(&self) -> Finding {
        Finding::new(code::CLIENT_CERTIFICATE_MISSING, Severity::Error, Place::ClientKeystore, "the server requires a client certificate, and the client sent none")
            .fact("the server asks for", exchange::authorities(self.transcript))
            .because("Either the client has no keystore, or its certificate is of another CA than those that the server asks for: Java, Go and .NET send nothing then, without a word.")
            .fix("give the client its keystore (curl: --cert CLIENT-KEYSTORE --cert-type P12), with a certificate of a CA that the server asks for; make one: mtls client NAME")
    }

    /// What an alert of the client says about us.
    fn alert(&self, number: u8, name: &str) -> Finding {
        let said = format!("it sent the alert {name} ({number})");
        // RFC 8446 section 6.2, and what clients do with it: OpenSSL has a number for each reason, Java says
        // certificate_unknown to most, Go bad_certificate to all
        let own = match number {
            45 => self.own_fault(|c| [code::EXPIRED, code::NOT_YET_VALID].contains(&c)),
            43 => self.own_fault(|c| {
                [code::NOT_FOR_SERVER, code::KEY_USAGE_FORBIDS_TLS, code::CA_AS_LEAF, code::UNSUPPORTED_KEY].contains(&c)
            }),
            51 => self.own_fault(|c| c == code::KEY_MISMATCH),
            40 | 42 | 46 => self.own_fault(|_| true),
            48 => self.own_fault(|c| NO_WAY_UP.contains(&c)),
            _ => None,
        };
        let found = match (own, number) {
            (Some(own), _) => return after(own, &said),
            (None, 42 | 46 | 48 | 51) => self.distrust(number),
            (None, 44) => self.about_us(
                code::REVOKED,
                Place::ServerKeystore,
                "the client says that the server's certificate is revoked",
                "mtls server NAME",
            ),
            (None, 70) => broken_off(&Failure::NothingInCommon("version"), Place::Protocol),
            (None, 71) => broken_off(&Failure::NothingInCommon("cipher suite"), Place::Protocol),
            (None, 80) => broken_off(&Failure::AlertReceived(number, name.to_owned()), Place::Client)
                .because("The client broke down over the handshake. GnuTLS says so of its own certificate, where it may not sign handshakes (key-usage-forbids-tls) or its key is too weak; Java of an empty truststore (truststore-empty, trust-not-marked).")
                .fix("mtls inspect CLIENT-KEYSTORE CLIENT-TRUSTSTORE; then read the log of the client at that time"),
            (None, _) => broken_off(&Failure::AlertReceived(number, name.to_owned()), Place::Client),
        };
        found.fact("the client", said)
    }

    /// The client does not find its way from our certificate to a CA that it trusts.
    fn distrust(&self, number: u8) -> Finding {
        let top = self.top();
        let issuer = top.issuer.short();
        let issuer = Safe(&issuer);
        let above = self.known.iter().find(|(_, c)| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
        let give = |file: Option<&str>| match file {
            Some(file) => format!("mtls truststore CLIENT-TRUSTSTORE {}", shell_word(file)),
            None => format!("give the client the certificate of \"{issuer}\": mtls truststore CLIENT-TRUSTSTORE CA.crt"),
        };
        match above {
            _ if top.is_self_issued() && self.server.chain.first() == Some(top) => {
                self.about_us(code::SELF_SIGNED_UNTRUSTED, Place::ClientTruststore, "the server's certificate is self-signed, and the client does not trust it", &give(Some(self.files[0])))
                    .because(format!("No CA stands behind {}: each client must hold the certificate itself, and this one does not.", called(top)))
            }
            Some((file, issuer)) if !issuer.is_self_issued() => {
                let fix = format!("mtls keystore NEW.p12 {} {}", shell_word(self.files[0]), shell_word(file));
                self.about_us(code::MISSING_INTERMEDIATE, Place::ServerKeystore, format!("the server does not send the intermediate {} that links its certificate to a root, and the client does not know it", called(issuer)), &fix)
                    .because(format!("{} was signed by {}, which lies in {file} but is not sent. Each side must send its intermediates: the other one has only roots.", called(top), called(issuer)))
            }
            _ if number == 51 => self
                .about_us(code::SAME_NAME_OTHER_KEY, Place::ClientTruststore, format!("the client trusts a \"{issuer}\", but not the one that signed the server's certificate"), &give(above.map(|(file, _)| *file)))
                .because(format!("A signature did not verify with the key that the client has for \"{issuer}\": the CA was made anew after the client's truststore was written; the name stayed, the key changed.")),
            _ => {
                let certain = if number == 48 { "" } else { " The alert does not say which, but the certificate is in time, for servers, and has the name that was asked for; what remains is its CA." };
                self.about_us(code::UNTRUSTED_ISSUER, Place::ClientTruststore, format!("the client does not trust \"{issuer}\", which issued the server's certificate"), &give(above.map(|(file, _)| *file)))
                    .because(format!("The client refused the server's certificate: its truststore has no \"{issuer}\", or it uses another truststore than you think.{certain}"))
            }
        }
    }

    fn about_us(&self, code: Code, at: Place, headline: impl Into<String>, fix: &str) -> Finding {
        let finding = Finding::new(code, Severity::Error, at, headline).fix(fix);
        match self.server.chain.first() {
            Some(leaf) => {
                finding.about(leaf).fact(self.files[0], format!("{} signed by \"{}\"", called(leaf), Safe(leaf.issuer.short())))
            }
            None => finding,
        }
    }

    /// The last certificate of our chain as it is sent.
    fn top(&self) -> &'a Cert {
        let sent = &self.server.chain;
        let mut top = &sent[0]; // an identity has at least its leaf
        for _ in sent {
            match sent.iter().find(|c| c.subject == top.issuer && *c != top) {
                Some(next) if !top.is_self_issued() => top = next,
                _ => break,
            }
        }
        top
    }

    /// What is wrong with our own certificate in the eyes of any client that asks for the name (or address) that this one did.
    fn own_fault(&self, is_meant: impl Fn(Code) -> bool) -> Option<Finding> {
        self.judge_ours().into_iter().find(|f| is_error(f) && is_meant(f.code))
    }

    /// The name that the client checks, as far as it is known: the one that it asked for, else the address. Java asks for no
    /// name without a dot (localhost), so that where the certificate has one, nothing is known.
    fn host(&self) -> Option<String> {
        if !self.transcript.name.is_empty() {
            return Some(self.transcript.name.clone());
        }
        let is_short = |san: &San| matches!(san, San::Dns(name) if !name.contains('.'));
        let has_short = self.server.chain.first().is_some_and(|leaf| leaf.names().iter().any(is_short));
        // certificate_unknown is Java's word for everything
        let is_java = matches!(self.transcript.server.failure, Some(Failure::AlertReceived(46, _)));
        let guessed = if is_java && self.local.is_loopback() { "localhost".to_owned() } else { self.local.to_string() };
        (!has_short).then_some(guessed)
    }

    /// What any client would have against our chain. Whom it trusts is not known here; where our own truststore leads to the
    /// root, the whole way there is looked at.
    fn judge_ours(&self) -> Vec<Finding> {
        let host = self.host();
        let mut own = ranked(chain(&self.ours(host.as_deref())));
        own.retain(|f| f.at != Place::ClientTruststore);
        let host = host.unwrap_or_default();
        let is_guess = |f: &Finding| [code::IP_NOT_IN_SAN, code::NAME_MISMATCH, code::WILDCARD_MISMATCH].contains(&f.code);
        for f in own.iter_mut().filter(|f| self.transcript.name.is_empty() && is_guess(f)) {
            f.explain.push_str(&format!(" (It asked for no name: either it came by the address {}, or by a name without a dot, as localhost, for which Java and OpenSSL do not ask.)", self.local));
        }
        for f in own.iter_mut().filter(|f| !host.is_empty() && f.explain.contains(&host)) {
            // there is no --name here
            f.fix = f.fix.split("  # or ask for").next().unwrap_or_default().to_owned();
        }
        own
    }

    /// What it means that a client left without a word after the handshake; nothing where it had no reason to stay.
    fn left(&self) -> Option<Finding> {
        let fault = || {
            // who asked for no name may have checked none
            let own = if self.transcript.name.is_empty() { vec![] } else { self.judge_ours() };
            own.into_iter().find(is_error).map(|f| after(f, "it left right after the handshake, without a word"))
        };
        match self.departure? {
            Departure::Polite => fault(),
            Departure::Abrupt => fault().or_else(|| {
                Some(
                    Finding::new(code::CLOSED_EARLY, Severity::Warning, Place::Network, "the client hung up right after the handshake, without a word")
                        .because("Node does so when it does not trust the server: it judges the certificate after the handshake and sends no alert. A program that only tests the port does so, too.")
                        .fix("read the client's log at that time; if it does not trust the server: mtls truststore CLIENT-TRUSTSTORE CA.crt"),
                )
            }),
        }
    }
}

/// A finding about a client that said nothing of use.
fn unspoken(failure: &Failure, headline: &str) -> Finding {
    Finding { headline: headline.to_owned(), ..broken_off(failure, Place::Network) }
}

fn hung_up(failure: &Failure) -> Finding {
    broken_off(failure, Place::Network)
        .because("The client saw the server's certificate and hung up without an alert: it may not trust it, or a proxy between the two cut the connection.")
        .fix("read the client's log at that time; if it does not trust the server: mtls truststore CLIENT-TRUSTSTORE CA.crt")
}

/// The finding with what the client did about it.
fn after(finding: Finding, did: &str) -> Finding {
    finding.fact("the client", did)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::alert_name;
    use crate::issue::{Issued, Issuer, KeySource, Profile, Request, issue, subject_for};
    use crate::pki::{NewKey, San};
    use time::Duration;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

    fn made(name: &str, profile: Profile, issuer: Option<&Issuer>) -> Issued {
        let sans = if matches!(profile, Profile::Ca { .. }) { vec![] } else { vec![San::Dns("api.example".to_owned())] };
        let request = Request {
            subject: subject_for(name),
            sans,
            key: KeySource::New(NewKey::EcP256),
            not_before: NOW - Duration::days(10),
            not_after: NOW + Duration::days(60),
            profile,
        };
        issue(&request, issuer, NOW).unwrap()
    }

    /// A root, an intermediate and a server's identity with all that stands above it but the root.
    struct Pki {
        root: Cert,
        sub: Cert,
        server: Identity,
    }

    impl Pki {
        fn new() -> Pki {
            let ca = || Profile::Ca { path_len: None, name_constraints: None };
            let root = made("Dev CA", ca(), None);
            let sub = made("Sub CA", ca(), Some(&Issuer::new(root.cert.clone(), &root.key, vec![]).unwrap()));
            let issuer = Issuer::new(sub.cert.clone(), &sub.key, vec![]).unwrap();
            let leaf = made("api.example", Profile::Server, Some(&issuer));
            let server = Identity { key: leaf.key, chain: vec![leaf.cert, sub.cert.clone()] };
            Pki { root: root.cert, sub: sub.cert, server }
        }

        /// The first finding about a client that broke off so, having asked for `name`.
        fn told(&self, failure: Option<Failure>, name: &str, change: impl FnOnce(&mut Visit<'_>)) -> Option<Finding> {
            let mut transcript =
                Transcript { client_is_remote: true, name: name.to_owned(), asked: true, ..Transcript::default() };
            transcript.completed = failure.is_none();
            transcript.server.sent = self.server.chain.clone();
            transcript.server.failure = failure;
            let known = [("ca.crt", self.root.clone()), ("ca.crt", self.sub.clone())];
            let mut visit = Visit {
                transcript: &transcript,
                departure: None,
                files: ["server.p12", "trust.p12"],
                server: &self.server,
                trusts: std::slice::from_ref(&self.root),
                known: &known,
                local: "192.0.2.7".parse().unwrap(),
                now: NOW,
                crls: &[],
            };
            change(&mut visit);
            judge(&visit).into_iter().next()
        }

        fn code(&self, alert: u8, name: &str, change: impl FnOnce(&mut Visit<'_>)) -> (&'static str, Place) {
            let finding = self.told(Some(Failure::AlertReceived(alert, alert_name(alert))), name, change).unwrap();
            assert_eq!(finding.severity, Severity::Error);
            assert!(!finding.fix.is_empty() && !finding.fix.contains("the client's"), "{finding:?}");
            (finding.code.word(), finding.at)
        }
    }

    #[test]
    fn what_a_client_says_of_us_is_taken_for_its_cause() {
        let pki = Pki::new();
        let (keystore, truststore) = (Place::ServerKeystore, Place::ClientTruststore);
        for (alert, code, at) in [
            (48, "untrusted-issuer", truststore),
            (46, "untrusted-issuer", truststore),
            (42, "untrusted-issuer", truststore),
            (51, "same-name-other-key", truststore),
            (44, "revoked", keystore),
            (70, "no-common-version", Place::Protocol),
            (71, "no-common-cipher", Place::Protocol),
            (45, "peer-rejected", Place::Client),
            (43, "peer-rejected", Place::Client),
            (80, "peer-rejected", Place::Client),
        ] {
            assert_eq!(pki.code(alert, "api.example", |_| ()), (code, at), "alert {alert}");
        }
        // what is wrong with us comes first, where the alert can mean it
        for alert in [42, 46] {
            assert_eq!(pki.code(alert, "www.example", |_| ()), ("name-mismatch", keystore));
            assert_eq!(pki.code(alert, "", |_| ()), ("ip-not-in-san", keystore));
            assert_eq!(pki.code(alert, "api.example", |v| v.now = NOW + Duration::days(99)), ("expired", keystore));
        }
        assert_eq!(pki.code(45, "api.example", |v| v.now = NOW + Duration::days(99)), ("expired", keystore));
        assert_eq!(pki.code(48, "www.example", |_| ()), ("untrusted-issuer", truststore));
    }

    #[test]
    fn an_intermediate_that_is_not_sent_is_ours_to_mend() {
        let mut pki = Pki::new();
        pki.server.chain.truncate(1);
        assert_eq!(pki.code(48, "api.example", |_| ()), ("missing-intermediate", Place::ServerKeystore));
        // a root that could stand above it is hint enough
        assert_eq!(pki.code(48, "api.example", |v| v.known = &[]), ("missing-intermediate", Place::ServerKeystore));
        // where no file holds either, all that is known is that the client does not trust it
        let nothing_known = |v: &mut Visit<'_>| (v.known, v.trusts) = (&[], &[]);
        assert_eq!(pki.code(48, "api.example", nothing_known), ("untrusted-issuer", Place::ClientTruststore));
    }

    #[test]
    fn a_ca_in_our_files_is_what_to_give_the_client() {
        let finding = Pki::new().told(Some(Failure::AlertReceived(48, "unknown_ca".to_owned())), "", |_| ()).unwrap();
        assert_eq!(finding.fix, "mtls truststore CLIENT-TRUSTSTORE ca.crt");
        assert_eq!(finding.headline, "the client does not trust \"Dev CA\", which issued the server's certificate");
        assert!(finding.facts.contains(&("the client".to_owned(), "it sent the alert unknown_ca (48)".to_owned())));
    }

    #[test]
    fn a_client_that_leaves_without_a_word_had_a_reason_where_our_certificate_gives_one() {
        let pki = Pki::new();
        let left = |name, departure| pki.told(None, name, |v| v.departure = departure).map(|f| (f.code.word(), f.severity));
        assert_eq!(left("api.example", None), None);
        assert_eq!(left("api.example", Some(Departure::Polite)), None);
        assert_eq!(left("", Some(Departure::Polite)), None);
        assert_eq!(left("api.example", Some(Departure::Abrupt)), Some(("closed-early", Severity::Warning)));
        for departure in [Departure::Polite, Departure::Abrupt] {
            // curl judges the name after the handshake, Node all of the certificate
            assert_eq!(left("www.example", Some(departure)), Some(("name-mismatch", Severity::Error)));
        }
    }

    #[test]
    fn a_client_that_asks_for_no_name_came_by_address_or_by_a_name_without_a_dot() {
        let pki = Pki::new();
        let loopback = |v: &mut Visit<'_>| v.local = "127.0.0.1".parse().unwrap();
        // Java sends certificate_unknown, and is told localhost as a rule; OpenSSL sends bad_certificate
        assert_eq!(pki.code(46, "", loopback), ("name-mismatch", Place::ServerKeystore));
        assert_eq!(pki.code(42, "", loopback), ("ip-not-in-san", Place::ServerKeystore));
        assert_eq!(pki.code(46, "", |_| ()), ("ip-not-in-san", Place::ServerKeystore));
        let told = pki.told(Some(Failure::AlertReceived(46, alert_name(46))), "", loopback).unwrap();
        assert!(!told.fix.contains("--name"), "there is no such option here: {}", told.fix);
        assert!(told.explain.contains("It asked for no name") && told.explain.contains("127.0.0.1"), "{}", told.explain);
        let told = pki.told(Some(Failure::AlertReceived(46, alert_name(46))), "www.example", loopback).unwrap();
        assert!(!told.explain.contains("It asked for no name"));
    }
}
