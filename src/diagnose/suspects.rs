//! A refusal that our own material does not explain: what the alert says, what the server's own chain betrays, and else who
//! is under suspicion, the likeliest first. What cannot be known here is said to be so.

use super::catalogue as code;
use super::direction::{Direction, called, key_of};
use super::material::Material;
use super::{Code, Finding, Place, Severity};
use crate::handshake::Failure;
use crate::pki::{Cert, signature};
use crate::safe::{self, Safe, date};

/// Certificates sent beside the leaf that nginx and Apache follow by default (`ssl_verify_depth 1`, `SSLVerifyDepth 1`).
const DEFAULT_DEPTH: usize = 1;

/// Whether a server that refused in this way may have meant a fault of this kind. OpenSSL has an alert for each kind of
/// fault (`ssl_x509err2alert`); Java, Go and GnuTLS have one for all (certificate_unknown, bad_certificate, access_denied or
/// internal_error), nginx and Node none.
pub(super) fn may_cause(cause: Code, failure: &Failure) -> bool {
    const USAGE: [Code; 3] = [code::KEY_USAGE_FORBIDS_TLS, code::CA_AS_LEAF, code::NOT_FOR_CLIENT];
    const TIME: [Code; 2] = [code::EXPIRED, code::NOT_YET_VALID];
    const CA: [Code; 3] = [code::CA_CANNOT_SIGN, code::NOT_A_CA, code::PATH_TOO_LONG];
    const WEAK: [Code; 2] = [code::WEAK_KEY, code::WEAK_SIGNATURE];
    let among = |lists: &[&[Code]]| lists.iter().any(|list| list.contains(&cause));
    match failure {
        Failure::AlertReceived(43, _) => among(&[&USAGE]),
        Failure::AlertReceived(45, _) => among(&[&TIME]),
        Failure::AlertReceived(48, _) => among(&[&CA]),
        Failure::AlertReceived(40 | 42 | 46 | 49 | 80, _) | Failure::Closed | Failure::RefusedInWords(_) => {
            among(&[&USAGE, &TIME, &CA, &WEAK])
        }
        _ => false,
    }
}

/// Whether who sent the alert had found its way from our certificate to a trusted CA: it says that it has expired, or is of
/// the wrong kind.
pub(super) fn says_that_trust_was_found(failure: &Failure) -> bool {
    matches!(failure, Failure::AlertReceived(43..=45, _))
}

impl Material<'_> {
    /// The issuer's name is known to the server, and what we can see of its CA of that name is another key: the server's own
    /// certificate comes from it, or our truststore holds it and no CA that fits.
    pub(super) fn other_key(&self, d: &Direction<'_>, failure: &Failure) -> Option<Finding> {
        if says_that_trust_was_found(failure) {
            return None;
        }
        let top = self.top(self.leaf()?);
        if !self.authorities().is_empty() && !self.authorities().contains(&top.issuer) {
            return None;
        }
        let is_signer = |c: &Cert| signature::verifies(top, c) == Some(true);
        let shown = &self.transcript.client.peer_chain;
        let elsewhere: Vec<(&str, &Cert)> =
            self.known.iter().filter(|(file, _)| *file != d.keystore).map(|(file, c)| (*file, c)).collect();
        let sent_by_server = shown.iter().map(|c| ("the server's chain", c));
        let namesakes = elsewhere.iter().copied().chain(sent_by_server).filter(|(_, c)| c.is_ca() && c.subject == top.issuer);
        let rivals = namesakes.filter(|(_, c)| signature::verifies(top, c) == Some(false));
        let issued = |ca: &Cert| shown.iter().find(|c| c.issuer == ca.subject && signature::verifies(c, ca) == Some(true));
        let fits = elsewhere.iter().any(|(_, c)| c.subject == top.issuer && is_signer(c));
        let (file, rival, theirs) = rivals
            .map(|(file, c)| (file, c, issued(c).filter(|c| !c.is_self_issued())))
            .max_by_key(|(.., theirs)| theirs.is_some())
            .filter(|(.., theirs)| theirs.is_some() || !fits)?;
        let name = Safe(top.issuer.short()).to_string();
        let evidence = match theirs {
            Some(theirs) => format!("the server's own certificate {} was issued by that one", called(theirs)),
            None => format!("{file} holds that one"),
        };
        Some(
            self.same_name(top)
                .fact(file, format!("\"{name}\", {}, made {}", key_of(rival), date(rival.not_before)))
                .because(format!(
                    "There are two CAs named \"{name}\": {} was signed by another than the one with {}, and {evidence}. The CA was made anew under its old name, and the server still trusts the other one.",
                    called(top),
                    key_of(rival)
                )),
        )
    }

    /// Our material shows no fault: what the refusal itself says.
    pub(super) fn unexplained(&self, d: &Direction<'_>, failure: &Failure) -> Finding {
        let number = match failure {
            Failure::AlertReceived(number, _) => Some(*number),
            _ => None,
        };
        let leaf = self.leaf();
        let told = match (number, leaf) {
            // OpenSSL: unknown_ca where the key identifier differs, decrypt_error where the signature does not verify
            (Some(48), Some(leaf)) if self.rootless(leaf).is_some() => self.trusts_no_root(leaf),
            (Some(48 | 51), Some(leaf)) if number == Some(51) || self.listed(leaf).is_some() => {
                let what = if number == Some(51) {
                    "The alert says that a signature does not verify, and our key belongs to our certificate".to_owned()
                } else {
                    "The CA's name is on the server's list, and the server does not know the CA of our certificate".to_owned()
                };
                let lists = "OpenSSL says the same where it checks revocation and has no list of that CA, or follows a shorter chain: its log tells which";
                self.same_name(self.listed(leaf).unwrap_or(self.top(leaf))).because(format!(
                    "{what}: most likely the CA was made anew under its old name, and one side still has the former. {lists}."
                ))
            }
            (Some(44), _) => Finding::new(
                code::REVOKED,
                Severity::Error,
                Place::ClientKeystore,
                "the server says that the client's certificate is revoked",
            )
            .because("Its issuer withdrew it, and the server has the list that says so.")
            .fix(format!("have a new client certificate issued: {}", d.reissue_fix())),
            _ => self.suspected(d, number),
        };
        let told = told.fact("the server says", failure.to_string());
        match leaf {
            Some(leaf) => told.about(leaf),
            None => told,
        }
    }

    /// The topmost certificate that we send whose issuer's name is on the server's list: only of such an issuer can be said
    /// that the server trusts one of that name.
    fn listed<'c>(&'c self, leaf: &'c Cert) -> Option<&'c Cert> {
        let mut listed = None;
        let mut cert = leaf;
        for _ in 0..=self.identity.chain.len() {
            listed = Some(cert).filter(|c| self.authorities().contains(&c.issuer)).or(listed);
            match self.identity.chain.iter().find(|c| c.subject == cert.issuer && *c != cert) {
                Some(next) if !cert.is_self_issued() => cert = next,
                _ => break,
            }
        }
        listed
    }

    /// Where the server's list names an intermediate of our chain and nothing above it: that intermediate, and the last
    /// certificate below the root, as far as files at hand tell.
    fn rootless<'c>(&'c self, leaf: &'c Cert) -> Option<(&'c Cert, &'c Cert)> {
        let at_hand = || self.identity.chain.iter().chain(self.known.iter().map(|(_, c)| c));
        let issuer = |cert: &Cert| {
            let cert = cert.clone();
            at_hand().find(move |c| c.subject == cert.issuer && signature::verifies(&cert, c) == Some(true))
        };
        let (mut listed, mut top) = (None, leaf);
        // a chain has no more certificates than this (`path::MAX_INTERMEDIATES`)
        for _ in 0..=super::path::MAX_INTERMEDIATES {
            if self.authorities().contains(&top.issuer) {
                listed = None; // what is listed below it does not matter
            }
            match issuer(top).filter(|_| !top.is_self_issued()) {
                Some(above) if !above.is_self_issued() => {
                    listed = Some(above).filter(|c| self.authorities().contains(&c.subject)).or(listed);
                    top = above;
                }
                _ => break,
            }
        }
        listed.map(|listed| (listed, top))
    }

    /// The server trusts an intermediate of our chain, and not the root above it: what it cannot follow to a root it refuses.
    fn trusts_no_root(&self, leaf: &Cert) -> Finding {
        let (listed, top) = self.rootless(leaf).unwrap_or((leaf, leaf));
        let (anchor, root) = (called(listed), Safe(top.issuer.short()).to_string());
        Finding::new(
            code::UNTRUSTED_ISSUER,
            Severity::Error,
            Place::ServerTruststore,
            format!("the server trusts the intermediate {anchor}, but not the root \"{root}\" above it"),
        )
        .fact(self.keystore, format!("{} signed by {anchor}, below \"{root}\"", called(leaf)))
        .fact("the server asks for", self.asks_for())
        .because(format!(
            "The server's list names {anchor}, an intermediate, and not \"{root}\". rustls, Java and Go end the chain there; OpenSSL, nginx and HAProxy want the self-signed root in their truststore, too, unless partial chains are allowed (-partial_chain). If the root is there and only its name is not asked for, the CA {anchor} may have been made anew, or a revocation list is missing: its log tells which."
        ))
        .fix(self.add_ca(top))
    }

    /// That the server trusts a CA of the issuer's name, and not the one that signed `top`.
    fn same_name(&self, top: &Cert) -> Finding {
        let issuer = Safe(top.issuer.short()).to_string();
        let headline = format!("the server trusts a \"{issuer}\", but not the one that signed the client's certificate");
        Finding::new(code::SAME_NAME_OTHER_KEY, Severity::Error, Place::ServerTruststore, headline)
            .about(top)
            .fact(self.keystore, format!("{} signed by \"{issuer}\", {}", called(top), self.signer_of(top)))
            .fix(self.add_ca(top))
    }

    /// The key that signed `top`, as well as it is known.
    fn signer_of(&self, top: &Cert) -> String {
        match (self.signers(top).next(), &top.authority_key_id) {
            (Some((_, signer)), _) => format!("{}, made {}", key_of(signer), date(signer.not_before)),
            (None, Some(id)) => format!("key identifier {}", safe::short_fingerprint(id)),
            (None, None) => "its key unknown here".to_owned(),
        }
    }

    /// Nothing decides it: who may have done it, the likeliest first, with what to compare.
    fn suspected(&self, d: &Direction<'_>, number: Option<u8>) -> Finding {
        let finding = Finding::new(
            code::PEER_REJECTED,
            Severity::Error,
            Place::Server,
            "the server refuses the client, and the client's material shows no fault",
        );
        let Some(leaf) = self.leaf().filter(|_| is_about_the_certificate(number)) else {
            return finding
                .because(format!("{} Our certificate is in its time and for clients.", sentence(number)))
                .fix("read the server's log at that time; it knows why");
        };
        // Java and Go, which send these alerts, end a chain at a trusted intermediate
        let rootless = self.rootless(leaf).filter(|_| !matches!(number, Some(42 | 46 | 80)));
        let top = rootless.map_or(self.listed(leaf).unwrap_or(self.top(leaf)), |(_, top)| top);
        let issuer = Safe(top.issuer.short()).to_string();
        let signer = self.signer_of(top);
        let trust = match (rootless, self.authorities().is_empty()) {
            (Some((listed, _)), _) => format!(
                "it trusts the intermediate {} and not the root \"{issuer}\" ({signer}) above it, whose name it does not ask for: OpenSSL, nginx and HAProxy want the root in their truststore, too",
                called(listed)
            ),
            (None, true) => format!(
                "it does not trust \"{issuer}\" ({signer}), for it names no CA that it trusts, or its truststore is empty (Java sees no entries that are not marked: trust-not-marked)"
            ),
            (None, false) => format!(
                "it trusts a CA named \"{issuer}\" with another key than the one that signed {} ({signer}): a CA that was made anew under its name",
                called(top)
            ),
        };
        let mut suspects = vec![
            trust,
            format!(
                "a revocation list at the server names {} (serial number {}), or one is missing there for a CA of the chain",
                called(leaf),
                safe::hex(&leaf.serial)
            ),
        ];
        if d.sent.iter().filter(|c| !c.is_self_issued()).count() > 1 + DEFAULT_DEPTH {
            suspects.push(
                "the chain is longer than it follows (nginx ssl_verify_depth and Apache SSLVerifyDepth are 1 by default)"
                    .to_owned(),
            );
        }
        suspects.push("a rule of its own".to_owned());
        let suspects: Vec<String> = suspects.iter().enumerate().map(|(i, s)| format!("({}) {s}", i + 1)).collect();
        finding
            .fact(self.keystore, format!("{} signed by \"{issuer}\", {signer}", called(top)))
            .because(format!(
                "{} Our certificate is in its time{}. What remains, the likeliest first: {}.",
                sentence(number),
                if self.authorities().is_empty() { " and for clients" } else { ", for clients, and of a CA whose name the server asks for" },
                suspects.join("; ")
            ))
            .fix(format!("compare at the server: mtls inspect SERVER-TRUSTSTORE -v    (it must hold \"{issuer}\" with {signer}; if not: {}); else read its log", self.add_ca(top).split("    ").next().unwrap_or_default().trim_start_matches("at the server: ")))
    }
}

/// Whether such an alert (or none) may speak of a certificate at all.
fn is_about_the_certificate(number: Option<u8>) -> bool {
    matches!(number, None | Some(40..=49 | 51 | 80))
}

/// What an alert means where our material is good.
fn sentence(number: Option<u8>) -> &'static str {
    match number {
        Some(45) => {
            "The server says that a certificate has expired: its clock may be ahead, a CA in its own truststore has expired, or a revocation list of its own is past its next update."
        }
        Some(49) => {
            "The server says that the client has no right to come in: gnutls-serv says so of every certificate that it does not accept, other servers where a rule forbids it to somebody whom they know."
        }
        Some(80) => {
            "The server broke down over it: a Java server does so whose truststore has no entries that Java sees (truststore-empty, trust-not-marked)."
        }
        Some(46 | 42) => "Java, Go and others send this alert for any reason.",
        Some(43) => "The server does not like the kind of certificate: keyUsage, extendedKeyUsage or key type.",
        Some(_) => "The alert does not say more.",
        None => "It gives no reason: Node, nginx and some load balancers refuse so whatever the cause.",
    }
}
