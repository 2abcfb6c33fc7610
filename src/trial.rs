//! A trial: up to four stores play server and client, shake hands for real, and what came of it is judged.

use crate::diagnose::store::{self, Part};
use crate::diagnose::{self, Finding, Place, Severity, Situation, catalogue};
use crate::error::Result;
use crate::formats::Store;
use crate::handshake::{self, ClientAuth, Peer, Selection, Side, Step, Strangers, Transcript, Versions};
use crate::issue;
use crate::pki::crl::Crl;
use crate::pki::{Cert, Identity, San, san};
use std::time::Duration;
use time::OffsetDateTime;

/// A store that was given, and what the user called it; no store where the user said `none`.
pub struct Given<'a> {
    /// The file as the user named it.
    pub file: &'a str,
    /// What is in it.
    pub store: Option<&'a Store>,
}

/// One side's stores.
pub struct SideStores<'a> {
    /// What it shows.
    pub keystore: Given<'a>,
    /// Whom it trusts.
    pub truststore: Given<'a>,
    /// Which entry of the keystore.
    pub alias: Option<&'a str>,
}

/// What to try.
pub struct Trial<'a> {
    /// The server's stores.
    pub server: SideStores<'a>,
    /// The client's stores.
    pub client: SideStores<'a>,
    /// The name that the client asks for; without it the first one that the server's leaf carries.
    pub name: Option<&'a str>,
    /// The TLS versions.
    pub versions: Versions,
    /// Application protocols that both offer.
    pub alpn: &'a [String],
    /// Revocation lists for both.
    pub crls: &'a [Crl],
    /// How the client's stack decides whether it sends its certificate.
    pub selection: Selection,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// How long it may take.
    pub timeout: Duration,
}

/// What came of a trial.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Both stories.
    pub transcript: Transcript,
    /// What must be refused, and whether it was.
    pub refusals: Vec<(String, bool)>,
    /// What is wrong, the root cause first.
    pub findings: Vec<Finding>,
}

/// What the stores come to, before anyone shakes hands.
struct Cast {
    server: Option<Identity>,
    client: Option<Identity>,
    server_trusts: Option<Vec<Cert>>,
    client_trusts: Vec<Cert>,
    findings: Vec<Finding>,
}

impl Trial<'_> {
    /// Shakes hands and judges, and after a success tries what must be refused.
    ///
    /// # Errors
    /// A usage error where the name is no host name; a network error where this machine forbids the connection.
    pub fn run(&self) -> Result<Outcome> {
        let cast = self.cast();
        if cast.findings.iter().any(|f| f.severity == Severity::Error) {
            let (besides, step) = self.besides(&cast);
            let first = first_step(&cast.findings);
            let transcript = Transcript {
                failed_step: Some(step.map_or(first, |step| step.min(first))),
                name: self.name.unwrap_or_default().to_owned(),
                ..Transcript::default()
            };
            let told = diagnose::damage::told(cast.findings.into_iter().chain(besides).collect(), &self.stores());
            let findings = if step.is_some() { diagnose::in_order(told) } else { diagnose::ranked(told) };
            return Ok(Outcome { transcript, refusals: vec![], findings });
        }
        let Some(server) = cast.server.as_ref() else {
            // the contract's `none` in the server's place: it has nothing to show
            let missing = store_missing(&self.server.keystore, Place::ServerKeystore);
            return Ok(Outcome {
                transcript: Transcript { failed_step: Some(Step::ServerPresents), ..Transcript::default() },
                refusals: vec![],
                findings: vec![missing],
            });
        };
        let name = self.name.map_or_else(|| own_name(leaf_of(server)), san::ascii_host);
        let (client_peer, server_peer) = self.peers(&cast);
        let transcript = handshake::run(&client_peer, &server_peer, &name)?;
        let known = self.known();
        let situation = self.situation(&cast, server, &transcript, &known, &name);
        let mut findings = diagnose::judge(&situation);
        if let Some(choice) = self.another_key(&cast, &transcript, &name) {
            findings = vec![choice];
        }
        findings.extend(cast.findings.iter().filter(|c| !findings.iter().any(|f| f.code == c.code)).cloned().collect::<Vec<_>>());
        let refusals = if transcript.completed && transcript.mutual {
            handshake::refusals(&client_peer, &server_peer, &name, &self.strangers(&name)?)?
        } else {
            vec![]
        };
        let findings = diagnose::in_order(diagnose::damage::told(findings, &self.stores()));
        Ok(Outcome { refusals, findings, transcript })
    }

    /// Where a store is not what it was given as, nobody can shake hands; but what the others hold can be judged all the same.
    /// Gives the errors in it, and the step that would be the first to fail for them.
    fn besides(&self, cast: &Cast) -> (Vec<Finding>, Option<Step>) {
        let Some(either) = cast.server.as_ref().or(cast.client.as_ref()) else { return (vec![], None) };
        if cast.findings.iter().any(Finding::is_about_files) {
            return (vec![], None);
        }
        let (known, transcript) = (self.known(), Transcript::default());
        let name = self.name.map_or_else(|| own_name(leaf_of(either)), san::ascii_host);
        if !handshake::is_host(&name) {
            return (vec![], None);
        }
        let situation = self.situation(cast, either, &transcript, &known, &name);
        let mut found = Vec::new();
        let mut step = None;
        for (judge, identity, at) in
            [(Side::Server, &cast.client, Step::ServerVerifiesClient), (Side::Client, &cast.server, Step::ClientVerifiesServer)]
        {
            if identity.is_none() || (judge == Side::Server && cast.server_trusts.is_none()) {
                continue;
            }
            let d = situation.direction(judge);
            let rules = diagnose::chain(&d);
            // without anchors every verifier refuses, and that is told already
            let all = if d.anchors.is_empty() { rules } else { diagnose::reconcile(&d, rules, diagnose::verdict(&d), false) };
            let errors: Vec<Finding> = all.into_iter().filter(|f| f.severity == Severity::Error).collect();
            step = if errors.is_empty() { step } else { Some(at) };
            found.extend(errors);
        }
        (found, step)
    }

    fn parts(&self) -> [(&Given<'_>, Place); 4] {
        [
            (&self.server.keystore, Place::ServerKeystore),
            (&self.server.truststore, Place::ServerTruststore),
            (&self.client.keystore, Place::ClientKeystore),
            (&self.client.truststore, Place::ClientTruststore),
        ]
    }

    /// The stores that are there.
    fn stores(&self) -> Vec<Part<'_>> {
        self.parts()
            .into_iter()
            .filter_map(|(given, place)| Some(Part { file: given.file, place, store: given.store? }))
            .collect()
    }

    /// Who shows what and trusts whom, with what the stores themselves forbid.
    fn cast(&self) -> Cast {
        let mut findings = Vec::new();
        let mut identity = |side: &SideStores<'_>, place: Place| -> Option<Identity> {
            let part = Part { file: side.keystore.file, place, store: side.keystore.store? };
            match store::identity(part, side.alias) {
                Ok((identity, warnings)) => {
                    findings.extend(warnings);
                    Some(identity)
                }
                Err(finding) => {
                    findings.push(*finding);
                    None
                }
            }
        };
        let server = identity(&self.server, Place::ServerKeystore);
        let client = identity(&self.client, Place::ClientKeystore);
        let mut trusts = |given: &Given<'_>, place: Place| -> Option<Vec<Cert>> {
            let part = Part { file: given.file, place, store: given.store? };
            let (anchors, finding) = store::anchors(part);
            findings.extend(finding);
            findings.extend(store::trust_not_marked(part));
            Some(anchors)
        };
        let server_trusts = trusts(&self.server.truststore, Place::ServerTruststore);
        let client_trusts = match trusts(&self.client.truststore, Place::ClientTruststore) {
            Some(anchors) => anchors,
            None => {
                findings.push(store_missing(&self.client.truststore, Place::ClientTruststore));
                vec![]
            }
        };
        Cast {
            server,
            client,
            server_trusts,
            client_trusts,
            findings: swapped_once(self.with_roots(self.with_swaps(findings)), self.parts().map(|(given, _)| given.file)),
        }
    }

    /// A CA's key in a truststore is no fault, unless the key that the keystore lacks is in it.
    fn with_swaps(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        for [(_, keystore), (given, place)] in [[0, 1], [2, 3]].map(|pair| pair.map(|i: usize| self.parts()[i])) {
            let lacks_key = findings.iter().any(|f| f.at == keystore && f.code == catalogue::NO_PRIVATE_KEY);
            let is_told = findings.iter().any(|f| f.at == place && f.code == catalogue::TRUSTSTORE_IS_KEYSTORE);
            if let Some(store) = given.store.filter(|s| lacks_key && !is_told && s.keys().next().is_some()) {
                findings.push(store::is_keystore(Part { file: given.file, place, store }));
            }
        }
        findings
    }

    /// A keystore given as truststore: the root that should be trusted may lie in another file.
    fn with_roots(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        for finding in findings.iter_mut().filter(|f| f.code == catalogue::TRUSTSTORE_IS_KEYSTORE) {
            let part = self.stores().into_iter().find(|part| part.place == finding.at);
            if let Some(fix) = part.and_then(|part| store::root_at_hand(part, &self.known())) {
                finding.fix = fix;
            }
        }
        findings
    }

    fn peers(&self, cast: &Cast) -> (Peer, Peer) {
        let peer = |identity: &Option<Identity>, trust: Option<Vec<Cert>>| Peer {
            versions: self.versions,
            alpn: self.alpn.to_vec(),
            crls: self.crls.to_vec(),
            timeout: self.timeout,
            client_auth: ClientAuth::Require,
            ..Peer::new(identity.clone(), trust, self.now)
        };
        let client = Peer { selection: self.selection, ..peer(&cast.client, Some(cast.client_trusts.clone())) };
        (client, peer(&cast.server, cast.server_trusts.clone()))
    }

    fn situation<'s>(
        &'s self,
        cast: &'s Cast,
        server: &'s Identity,
        transcript: &'s Transcript,
        known: &'s [(&'s str, Cert)],
        name: &'s str,
    ) -> Situation<'s> {
        Situation {
            transcript,
            files: self.parts().map(|(given, _)| given.file),
            server,
            client: cast.client.as_ref(),
            client_trusts: &cast.client_trusts,
            server_trusts: cast.server_trusts.as_deref().unwrap_or_default(),
            server_asks: cast.server_trusts.is_some(),
            known,
            host: name,
            now: self.now,
            crls: self.crls,
        }
    }

    /// Identities that both sides must refuse, the server's with the name that is asked for.
    fn strangers(&self, name: &str) -> Result<Strangers> {
        let asked = crate::pki::name::parse_ip(name).map_or_else(|| San::Dns(name.to_owned()), San::Ip);
        let (client, server) = issue::strangers(&[asked], self.now)?;
        Ok(Strangers { client, server })
    }

    /// Every certificate in any of the files.
    fn known(&self) -> Vec<(&str, Cert)> {
        self.parts()
            .iter()
            .filter_map(|(given, _)| Some((given.file, given.store?)))
            .flat_map(|(file, store)| diagnose::known_in(file, store))
            .collect()
    }

    /// Where a keystore with several keys failed with the one that was taken, and another one would do: that choice is
    /// the cause.
    fn another_key(&self, cast: &Cast, transcript: &Transcript, name: &str) -> Option<Finding> {
        if transcript.completed {
            return None;
        }
        let sides = [(&self.server, Place::ServerKeystore, Side::Server), (&self.client, Place::ClientKeystore, Side::Client)];
        sides.into_iter().filter(|(side, ..)| side.alias.is_none()).find_map(|(side, place, who)| {
            let store = side.keystore.store.filter(|store| store.keys().nth(1).is_some())?;
            let others = store::identities(store);
            let usable = others.iter().find(|(_, other)| {
                let mut cast = Cast {
                    server: cast.server.clone(),
                    client: cast.client.clone(),
                    server_trusts: cast.server_trusts.clone(),
                    client_trusts: cast.client_trusts.clone(),
                    findings: vec![],
                };
                let own = own_name(leaf_of(other));
                match who {
                    Side::Server => cast.server = Some(other.clone()),
                    Side::Client => cast.client = Some(other.clone()),
                }
                let asked = if who == Side::Server && self.name.is_none() { &own } else { name };
                let (client, server) = self.peers(&cast);
                handshake::run_in_memory(&client, &server, asked).is_ok_and(|t| t.completed)
            })?;
            let part = Part { file: side.keystore.file, place, store };
            let keys = store::candidates(&store.keys().collect::<Vec<_>>());
            let option = if who == Side::Server { "--server-alias" } else { "--client-alias" };
            let mut finding = store::several_keys(part, &keys).fix(match &usable.0 {
                Some(alias) => format!("{option} {}", crate::safe::shell_word(alias)),
                None => store::ONE_KEY.to_owned(),
            });
            let name = match &usable.0 {
                Some(alias) => format!("\"{}\"", crate::safe::Safe(alias)),
                None => format!("the one of {}", diagnose::direction::called(&usable.1.chain[0])),
            };
            finding.explain = format!("{} The handshake fails with that one and completes with {name}.", finding.explain);
            Some(finding)
        })
    }
}

/// A keystore and a truststore given the wrong way round are one fault, told once, and mended by swapping the two.
fn swapped_once(mut findings: Vec<Finding>, files: [&str; 4]) -> Vec<Finding> {
    for (keystore, truststore, option, at) in [
        (Place::ServerKeystore, Place::ServerTruststore, "--server", 0),
        (Place::ClientKeystore, Place::ClientTruststore, "--client", 2),
    ] {
        let no_key = |f: &Finding| f.at == keystore && f.code == catalogue::NO_PRIVATE_KEY;
        let is_echoed = findings.iter().any(no_key);
        let Some(swapped) = findings.iter_mut().find(|f| f.at == truststore && f.code == catalogue::TRUSTSTORE_IS_KEYSTORE)
        else {
            continue;
        };
        if is_echoed {
            let [first, second] = [files[at + 1], files[at]].map(crate::safe::shell_word);
            swapped.fix = format!("swap the two: {option} {first} {second}");
        }
        findings.retain(|f| !no_key(f));
    }
    findings
}

fn store_missing(given: &Given<'_>, place: Place) -> Finding {
    let (code, headline, fix) = match place {
        Place::ServerKeystore => (
            catalogue::NO_PRIVATE_KEY,
            "the server has no keystore, and a TLS server must show a certificate",
            "--server KEYSTORE TRUSTSTORE",
        ),
        _ => (catalogue::TRUSTSTORE_EMPTY, "the client has no truststore, so it trusts nobody", "--client KEYSTORE TRUSTSTORE"),
    };
    Finding::new(code, Severity::Error, place, headline).fact("given", given.file).fix(format!("give one: {fix}"))
}

/// The step that a store's own fault makes impossible.
fn first_step(findings: &[Finding]) -> Step {
    let step = |f: &Finding| match f.at {
        Place::ServerKeystore => Step::ServerPresents,
        Place::ClientTruststore => Step::ClientVerifiesServer,
        Place::ClientKeystore => Step::ClientPresents,
        _ => Step::ServerVerifiesClient,
    };
    findings.iter().filter(|f| f.severity == Severity::Error).map(step).min().unwrap_or(Step::ServerPresents)
}

/// The first name that a server's certificate carries: what a client would ask for. A wildcard stands for one label.
pub fn own_name(leaf: &Cert) -> String {
    let mut names = leaf.names().iter().filter_map(|san| match san {
        San::Dns(name) => Some(name.strip_prefix("*.").map_or_else(|| name.clone(), |domain| format!("any.{domain}"))),
        San::Ip(ip) => Some(ip.to_string()),
        _ => None,
    });
    let usable = names.find(|name| handshake::is_host(name));
    usable.or_else(|| leaf.subject.common_name()).filter(|n| handshake::is_host(n)).unwrap_or_else(|| "localhost".to_owned())
}

/// The certificate of an identity's key, wherever it stands in the chain; the first where none is the key's, or where the
/// key is that of a CA above it.
fn leaf_of(identity: &Identity) -> &Cert {
    let first = &identity.chain[0];
    let own = identity.chain.iter().find(|c| identity.key.belongs_to(c) == Some(true));
    own.filter(|own| first.is_ca() || !own.is_ca()).unwrap_or(first)
}
