//! An encounter: a client's two stores go to a server that is not ours, and what came of it is judged.

use crate::diagnose::material::STACKS;
use crate::diagnose::network::Whither;
use crate::diagnose::remote::{self, Remote};
use crate::diagnose::store::{self, Part};
use crate::diagnose::{self, Finding, Place, Severity, catalogue};
use crate::error::Result;
use crate::formats::{Entry, Format, Item, Store};
use crate::handshake::{Manner, Peer, Step, Transcript, Versions, Withheld};
use crate::pki::crl::Crl;
use crate::pki::{Cert, Identity};
use crate::probe::{self, Plan, Route, Target, Visit};
use std::time::Duration;
use time::OffsetDateTime;

/// A store that was given, with its file name.
pub type Given<'a> = (&'a str, &'a Store);

/// What to do.
pub struct Encounter<'a> {
    /// Where to, as it is told to people: with a port.
    pub target: &'a Target,
    /// How to get there.
    pub route: &'a Route,
    /// What the client shows, if anything.
    pub keystore: Option<Given<'a>>,
    /// Whom it trusts; without it the system's roots.
    pub truststore: Option<Given<'a>>,
    /// Which entry of the keystore.
    pub alias: Option<&'a str>,
    /// The name that the server's certificate must carry; without it the host.
    pub name: Option<&'a str>,
    /// The name to ask for (SNI); without it the one that is checked.
    pub server_name: Option<&'a str>,
    /// The TLS versions.
    pub versions: Versions,
    /// Application protocols to offer.
    pub alpn: &'a [String],
    /// Revocation lists.
    pub crls: &'a [Crl],
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// How long each connection may take.
    pub timeout: Duration,
    /// How many calls each address gets.
    pub repeat: usize,
}

/// `--servername none`: ask for no name.
pub const NO_NAME: &str = "none";

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The handshake that is told of at length.
    pub transcript: Transcript,
    /// All that was seen.
    pub visit: Visit,
    /// What other stacks would have done with our certificate: their name, and why they would have kept it back.
    pub stacks: Vec<(&'static str, Option<Withheld>)>,
    /// What is wrong, the root cause first.
    pub findings: Vec<Finding>,
}

/// What the system's roots are called where a file name stands otherwise.
pub const SYSTEM: &str = "the system's roots";

/// What a server presents to a client that shows nothing and judges nothing, as a store of loose certificates.
///
/// # Errors
/// A usage error where the host is no host name; the inner finding says why nothing was presented.
pub fn presented(target: &Target, now: OffsetDateTime, timeout: Duration) -> Result<Result<Store, Box<Finding>>> {
    let port = target.port.unwrap_or(probe::DEFAULT_PORT);
    let target = Target { host: target.host.clone(), port: Some(port) };
    let route = Route { host: target.host.clone(), port, proxy: None, starttls: None, timeout };
    let client = Peer { timeout, ..Peer::new(None, Some(vec![]), now) };
    let manner = Manner { name: target.host.clone(), asks_for: Some(target.host.clone()), resumes: false };
    let visit = match probe::visit::visit(&Plan { route: &route, client: &client, manner: &manner, repeat: 1 })? {
        Ok(visit) => visit,
        Err(failure) => return Ok(Err(Box::new(remote::cannot_begin(&failure, None, "", &client).remove(0)))),
    };
    // the look went to the end of the handshake, our own call only until it was refused by us
    let seen = visit.look.as_ref().or(visit.call()).map(|call| &call.transcript);
    let Some(t) = seen.filter(|t| !t.client.peer_chain.is_empty()) else {
        let shown = target.to_string();
        let whither = Whither { target: &shown, host: &target.host, proxy: None, starttls: None };
        let remote = Remote {
            visit: &visit,
            client: &client,
            whither,
            keystore: "",
            truststore: SYSTEM,
            trusts_system: true,
            host: &target.host,
            known: &[],
        };
        let finding = remote::findings(&remote).into_iter().next();
        return Ok(Err(Box::new(finding.unwrap_or_else(|| remote::nothing_presented(&shown)))));
    };
    let session = [t.version.as_ref().map(|v| v.replacen("TLSv", "TLS ", 1)), t.group.clone(), t.cipher.clone()];
    let entry = |cert: &Cert| Entry::new(None, Item::Certificate(cert.clone()));
    let mut remarks = Vec::new();
    remarks.extend(visit.auth.map(|auth| match auth {
        probe::Auth::Required => "requires a client certificate",
        probe::Auth::Optional => "asks for a client certificate, and serves clients without one",
        probe::Auth::NotAsked => "does not ask for a client certificate",
    }));
    Ok(Ok(Store {
        format: Format::Live,
        encryption: Some(session.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        mac: None,
        password: None,
        entries: t.client.peer_chain.iter().map(entry).collect(),
        remarks: remarks.into_iter().map(str::to_owned).collect(),
    }))
}

/// What the stores come to.
struct Cast {
    identity: Option<Identity>,
    anchors: Vec<Cert>,
    findings: Vec<Finding>,
}

impl Encounter<'_> {
    /// Goes there and judges.
    ///
    /// # Errors
    /// Usage errors where a name is no host name; unreadable where this system has no roots.
    pub fn run(&self) -> Result<Outcome> {
        let cast = self.cast()?;
        if cast.findings.iter().any(|f| f.severity == Severity::Error) {
            let is_trust = |f: &Finding| f.severity == Severity::Error && f.at == Place::ClientTruststore;
            let step = if cast.findings.iter().any(is_trust) { Step::ClientVerifiesServer } else { Step::ClientPresents };
            let transcript = Transcript { failed_step: Some(step), server_is_remote: true, ..Transcript::default() };
            return Ok(Outcome { transcript, findings: diagnose::ranked(cast.findings), ..Outcome::default() });
        }
        let name = self.name.unwrap_or(&self.target.host).to_owned();
        let asks_for = match self.server_name {
            Some(NO_NAME) => None,
            Some(asked) => Some(asked.to_owned()),
            None => Some(name.clone()),
        };
        let manner = Manner { name: name.clone(), asks_for, resumes: false };
        let mut client = Peer {
            versions: self.versions,
            alpn: self.alpn.to_vec(),
            crls: self.crls.to_vec(),
            timeout: self.timeout,
            ..Peer::new(cast.identity, Some(cast.anchors), self.now)
        };
        let (mut findings, mut failure) = (cast.findings, None);
        let visit = match probe::visit::visit(&self.plan(&client, &manner))? {
            Ok(visit) => visit,
            // the client's own key is of no use: the rest can be seen all the same
            Err(why) => {
                findings.extend(remote::cannot_begin(&why, client.identity.as_ref(), self.keystore_name(), &client));
                failure = Some(why);
                client.identity = None;
                probe::visit::visit(&self.plan(&client, &manner))?.unwrap_or_default()
            }
        };
        let shown = self.target.to_string();
        let known = self.known();
        let judged = remote::findings(&Remote {
            visit: &visit,
            client: &client,
            whither: Whither {
                target: &shown,
                host: &name,
                proxy: self.route.proxy.as_ref().map(probe::Proxy::name),
                starttls: self.route.starttls,
            },
            keystore: self.keystore_name(),
            truststore: self.truststore_name(),
            trusts_system: self.truststore.is_none(),
            host: &name,
            known: &known,
        });
        let is_echo = |f: &Finding| failure.is_some() && f.code == catalogue::CLIENT_CERTIFICATE_MISSING;
        findings.extend(judged.into_iter().filter(|f| !is_echo(f)));
        let mut transcript = match visit.call() {
            Some(call) => call.transcript.clone(),
            None => Transcript { failed_step: Some(Step::ClientConnects), name, server_is_remote: true, ..Transcript::default() },
        };
        if let Some(why) = failure {
            (transcript.completed, transcript.failed_step) = (false, Some(Step::ClientPresents));
            transcript.client.failure = Some(why);
        }
        let stacks = self.stacks(&transcript, client.identity.as_ref());
        Ok(Outcome { findings: diagnose::ranked(findings), transcript, visit, stacks })
    }

    fn plan<'p>(&'p self, client: &'p Peer, manner: &'p Manner) -> Plan<'p> {
        Plan { route: self.route, client, manner, repeat: self.repeat }
    }

    /// What the keystore is called.
    pub fn keystore_name(&self) -> &str {
        self.keystore.map_or("", |(file, _)| file)
    }

    /// What the truststore is called.
    pub fn truststore_name(&self) -> &str {
        self.truststore.map_or(SYSTEM, |(file, _)| file)
    }

    /// Who shows what and trusts whom, with what the stores themselves forbid.
    fn cast(&self) -> Result<Cast> {
        let mut findings = Vec::new();
        let mut identity = None;
        if let Some((file, store)) = self.keystore {
            match store::identity(Part { file, place: Place::ClientKeystore, store }, self.alias) {
                Ok((found, warnings)) => {
                    identity = Some(found);
                    findings.extend(warnings.into_iter().map(|f| {
                        let fix = f.fix.replace("--client-alias", "--alias");
                        f.fix(fix)
                    }));
                }
                Err(finding) => findings.push(*finding),
            }
        }
        let anchors = match self.truststore {
            Some((file, store)) => {
                let part = Part { file, place: Place::ClientTruststore, store };
                let (anchors, finding) = store::anchors(part);
                let is_swap = finding.as_ref().is_some_and(|f| f.code == catalogue::TRUSTSTORE_IS_KEYSTORE);
                // a keystore and a truststore given the wrong way round are one fault, told once
                findings.retain(|f: &Finding| !(is_swap && f.code == catalogue::NO_PRIVATE_KEY));
                findings.extend(finding);
                findings.extend(store::trust_not_marked(part));
                anchors
            }
            None => crate::stores::system_roots()?,
        };
        Ok(Cast { identity, anchors, findings })
    }

    /// Every certificate in any of the files.
    fn known(&self) -> Vec<(&str, Cert)> {
        let given = [self.keystore, self.truststore];
        given.into_iter().flatten().flat_map(|(file, store)| diagnose::known_in(file, store)).collect()
    }

    /// What Java, Go and .NET would have made of the server's wish.
    fn stacks(&self, t: &Transcript, identity: Option<&Identity>) -> Vec<(&'static str, Option<Withheld>)> {
        match identity.filter(|_| t.asked) {
            Some(identity) => {
                STACKS.iter().map(|(name, stack)| (*name, stack.withholds(&identity.chain, &t.asked_authorities))).collect()
            }
            None => vec![],
        }
    }
}
