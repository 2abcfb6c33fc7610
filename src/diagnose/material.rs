//! Why a server that is not ours refuses our client: our own material is judged against what the server asked for, since
//! its alert alone says little (field notes: one alert hides several causes, and each stack maps causes to alerts
//! differently).

use super::catalogue as code;
use super::direction::{Direction, called, key_of};
use super::{Finding, Place, Severity, is_error, key, kinship, order, time, trust, usage};
use crate::handshake::{Failure, Selection, Side, Transcript, Withheld};
use crate::pki::crl::Crl;
use crate::pki::{Cert, DistinguishedName, Identity, signature};
use crate::safe::{Safe, one_of, shell_word};
use ::time::OffsetDateTime;

/// What the server's truststore is called: nobody here knows its file.
pub const THEIR_TRUST: &str = "the server's truststore";
/// How many of the CA names that a server asks for are told.
const NAMES_TOLD: usize = 4;

/// Our client side, and what the server asked it for.
pub struct Material<'a> {
    /// The keystore as the user named it.
    pub keystore: &'a str,
    /// What is in it.
    pub identity: &'a Identity,
    /// Certificates in any of our files, with the file.
    pub known: &'a [(&'a str, Cert)],
    /// What happened.
    pub transcript: &'a Transcript,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// Revocation lists that were given.
    pub crls: &'a [Crl],
}

/// A stack that may keep our certificate back, by the name that people know.
pub const STACKS: [(&str, Selection); 3] = [("Java", Selection::Java), ("Go", Selection::Go), (".NET", Selection::DotNet)];

impl Material<'_> {
    /// What of our material explains the refusal; at least one error, and the alert alone where nothing does.
    pub fn refused(&self, failure: &Failure) -> Vec<Finding> {
        if self.transcript.client.withheld == Some(Withheld::NoCommonScheme) {
            return vec![self.no_scheme()];
        }
        let anchors = self.presumed_anchors();
        let d = self.direction(&anchors);
        let mut found = self.faults(&d);
        found.extend(self.untrusted(&d, failure));
        let mut found = super::folded(found);
        if !found.iter().any(is_error) {
            found.push(self.by_alert(&d, failure));
        }
        found
    }

    /// The same material where nothing was refused: what others would say, and what ends soon.
    pub fn accepted(&self) -> Vec<Finding> {
        let anchors = self.presumed_anchors();
        let d = self.direction(&anchors);
        let mut found = super::folded(self.faults(&d));
        if !found.iter().any(is_error) {
            found.extend(time::soon(&d, d.sent));
            found.extend(self.leaf().map(|leaf| order::untidy(&d, leaf)).unwrap_or_default());
        }
        if self.transcript.asked && Selection::Java.withholds(d.sent, self.authorities()) == Some(Withheld::NotAmongAuthorities) {
            found.push(self.withheld(&d, None));
        }
        found.into_iter().map(|f| f.at_most(Severity::Warning)).collect()
    }

    fn leaf(&self) -> Option<&Cert> {
        self.identity.chain.first()
    }

    fn authorities(&self) -> &[DistinguishedName] {
        &self.transcript.asked_authorities
    }

    /// Certificates of ours whose name is on the server's list: it may trust them.
    fn presumed_anchors(&self) -> Vec<Cert> {
        let mut anchors: Vec<Cert> = Vec::new();
        for (_, cert) in self.known {
            if self.authorities().contains(&cert.subject) && cert.is_ca() && !anchors.contains(cert) {
                anchors.push(cert.clone());
            }
        }
        anchors
    }

    fn direction<'d>(&'d self, anchors: &'d [Cert]) -> Direction<'d> {
        Direction {
            judge: Side::Server,
            keystore: self.keystore,
            truststore: THEIR_TRUST,
            sent: &self.identity.chain,
            key: Some(&self.identity.key),
            anchors,
            known: self.known,
            host: None,
            now: self.now,
            soon: super::SOON,
            crls: self.crls,
        }
    }

    /// What is wrong with what we send, whoever judges it.
    fn faults(&self, d: &Direction<'_>) -> Vec<Finding> {
        let Some(first) = self.leaf() else { return vec![] };
        let misplaced = order::misplaced_leaf(d);
        let leaf = misplaced.unwrap_or(first);
        let mut found: Vec<Finding> = misplaced.map(|leaf| order::leaf_not_first(d, leaf)).into_iter().collect();
        found.extend(key::findings(d, leaf));
        found.extend(d.sent.iter().flat_map(|cert| time::findings(d, cert)));
        found.extend(usage::findings(d, leaf));
        if d.anchors.iter().any(|a| d.now > a.not_after)
            && d.anchors.iter().all(|a| d.now > a.not_after || a.subject != leaf.issuer)
        {
            found.extend(d.anchors.iter().filter(|a| a.subject == leaf.issuer).flat_map(|a| time::findings(d, a)));
        }
        found
    }

    /// Why the server may have no way from our leaf to a CA that it trusts.
    fn untrusted(&self, d: &Direction<'_>, failure: &Failure) -> Option<Finding> {
        let leaf = order::misplaced_leaf(d).or(self.leaf())?;
        let names = self.authorities();
        let is_listed =
            names.is_empty() || self.identity.chain.iter().any(|c| names.contains(&c.issuer) || names.contains(&c.subject));
        if !names.is_empty() && is_listed {
            return None;
        }
        let says_unknown = matches!(failure, Failure::AlertReceived(48, _));
        let missing = self.missing_intermediate(d, leaf);
        if missing.is_some() {
            return missing;
        }
        if names.is_empty() {
            return says_unknown.then(|| if leaf.is_self_issued() { self.self_signed(d, leaf) } else { self.unknown(d, leaf) });
        }
        if leaf.is_self_issued() {
            return Some(self.self_signed(d, leaf));
        }
        Some(self.withheld(d, Some(failure)))
    }

    /// The top of what we send has an issuer that stands below a CA of the server's list, and that we do not send.
    fn missing_intermediate(&self, d: &Direction<'_>, leaf: &Cert) -> Option<Finding> {
        // a server that names no CA may trust the roots that we know
        let known: Vec<Cert> = match d.anchors.is_empty() && self.authorities().is_empty() {
            true => self.known.iter().map(|(_, c)| c).filter(|c| c.is_ca() && c.is_self_issued()).cloned().collect(),
            false => d.anchors.to_vec(),
        };
        if !known.is_empty() {
            let said = trust::findings(&self.direction(&known), leaf)
                .0
                .into_iter()
                .find(|f| f.code == code::MISSING_INTERMEDIATE || f.code == code::WRONG_INTERMEDIATE);
            if said.is_some() {
                return said;
            }
        }
        let top = self.top(leaf);
        if top.is_self_issued() {
            return None;
        }
        let names = self.authorities();
        let held = self.known.iter().find(|(_, c)| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
        let reason = match held {
            Some((_, issuer)) if issuer.is_self_issued() => return None,
            Some((file, issuer)) if names.is_empty() || names.contains(&issuer.issuer) => {
                format!("{} lies in {file}, and \"{}\" issued it", called(issuer), Safe(issuer.issuer.short()))
            }
            Some(_) => return None,
            None => kinship::hint_of_names(top, names.iter())?,
        };
        let issuer = Safe(top.issuer.short()).to_string();
        let from = held.map_or("INTERMEDIATE.crt".to_owned(), |(file, _)| shell_word(file));
        // two PEM files are not one that could be written anew
        let own = if self.keystore.contains(',') { "NEW.p12".to_owned() } else { shell_word(self.keystore) };
        Some(
            Finding::new(
                code::MISSING_INTERMEDIATE,
                Severity::Error,
                Place::ClientKeystore,
                format!("the client does not send the intermediate \"{issuer}\" that links its certificate to a CA that the server trusts"),
            )
            .about(top)
            .fact(self.keystore, format!("{} signed by \"{issuer}\", which is not in it", called(top)))
            .fact("the server asks for", self.asks_for())
            .because(format!("{} was signed by \"{issuer}\", which {} does not hold; {reason}. A server has only roots: each side must send its intermediates. A Java, Go or .NET client would have sent no certificate at all.", called(top), self.keystore))
            .fix(format!("mtls keystore {own} {} {from}{}", shell_word(self.keystore), if self.keystore.contains(',') { "" } else { " --force" })),
        )
    }

    /// The last certificate that signatures lead to within what we send.
    fn top<'c>(&'c self, leaf: &'c Cert) -> &'c Cert {
        let mut top = leaf;
        for _ in 0..self.identity.chain.len() {
            match self.identity.chain.iter().find(|c| c.subject == top.issuer && *c != top) {
                Some(next) if !top.is_self_issued() => top = next,
                _ => break,
            }
        }
        top
    }

    fn asks_for(&self) -> String {
        asked(self.authorities())
    }

    fn self_signed(&self, d: &Direction<'_>, leaf: &Cert) -> Finding {
        Finding::new(
            code::SELF_SIGNED_UNTRUSTED,
            Severity::Error,
            Place::ServerTruststore,
            "the client's certificate is self-signed, and the server does not trust it",
        )
        .about(leaf)
        .fact(d.keystore, format!("{} signed by itself, {}", called(leaf), key_of(leaf)))
        .fact("the server asks for", self.asks_for())
        .because(format!("No CA stands behind {}, and the server did not name it among those that it takes.", called(leaf)))
        .fix("use a certificate of a CA that the server trusts (mtls client NAME), or have the server trust this one")
    }

    fn unknown(&self, d: &Direction<'_>, leaf: &Cert) -> Finding {
        let top = self.top(leaf);
        Finding::new(
            code::UNTRUSTED_ISSUER,
            Severity::Error,
            Place::ServerTruststore,
            format!("the server does not trust \"{}\", which issued the client's certificate", Safe(top.issuer.short())),
        )
        .about(leaf)
        .fact(d.keystore, format!("{} signed by \"{}\"", called(top), Safe(top.issuer.short())))
        .fact("the server says", "alert unknown_ca (48)")
        .because("The server names no CA that it trusts, takes our certificate and then says that it does not know its CA.")
        .fix(self.add_ca(top))
    }

    /// None of our issuers is on the server's list.
    fn withheld(&self, d: &Direction<'_>, failure: Option<&Failure>) -> Finding {
        let issuers: Vec<String> = self.identity.chain.iter().map(|c| format!("\"{}\"", Safe(c.issuer.short()))).collect();
        let issuers = {
            let mut distinct = issuers;
            distinct.dedup();
            distinct
        };
        let outcome = failure.map_or_else(
            || "This server took it all the same; a Java, Go or .NET client would have sent nothing.".to_owned(),
            |failure| format!("Sent all the same, as OpenSSL and curl do, it was refused: {failure}. A Java, Go or .NET client would have sent no certificate, and been told that one is required."),
        );
        let mut finding = Finding::new(
            code::CLIENT_CERTIFICATE_WITHHELD,
            Severity::Error,
            Place::ServerTruststore,
            format!("the client's certificate is of {}, which is not among the CAs that the server asks for", one_of(&issuers)),
        )
        .fact(d.keystore, self.leaf().map_or(String::new(), |leaf| format!("{} signed by {}", called(leaf), one_of(&issuers))))
        .fact("the server asks for", self.asks_for())
        .because(outcome)
        .fix(self.leaf().map_or(String::new(), |leaf| self.add_ca(self.top(leaf))));
        finding.subject = self.leaf().map(|leaf| leaf.subject.to_string());
        finding
    }

    /// How the CA of `top` gets into the server's truststore.
    fn add_ca(&self, top: &Cert) -> String {
        let ca =
            self.known.iter().find(|(_, c)| c.subject == top.issuer && c.is_ca() && signature::verifies(top, c) == Some(true));
        let file = ca.map_or("CA.crt".to_owned(), |(file, _)| shell_word(file));
        format!(
            "at the server: mtls truststore SERVER-TRUSTSTORE {file}    (or use a client certificate of a CA that it asks for)"
        )
    }

    fn no_scheme(&self) -> Finding {
        let leaf = self.leaf();
        let kind = leaf.map_or_else(|| self.identity.key.kind().title(), |leaf| leaf.key.title());
        let finding = Finding::new(
            code::NO_COMMON_SIGNATURE,
            Severity::Error,
            Place::Protocol,
            format!("the server takes no signature of an {kind} key, so the client's certificate cannot be used"),
        )
        .fact(self.keystore, kind)
        .fact("the server takes", self.transcript.asked_schemes.join(", "))
        .because("The signature schemes that the server lists for client certificates leave out those of our key; no client can use this certificate there.")
        .fix("use a client certificate with an EC P-256 or RSA key, or let the server take more signature schemes");
        match leaf {
            Some(leaf) => finding.about(leaf),
            None => finding,
        }
    }

    /// Our material shows no fault: what the refusal itself says.
    fn by_alert(&self, d: &Direction<'_>, failure: &Failure) -> Finding {
        let number = match failure {
            Failure::AlertReceived(number, _) => Some(*number),
            _ => None,
        };
        let listed = d.anchors.iter().find(|a| self.identity.chain.iter().any(|c| c.issuer == a.subject));
        let says = failure.to_string();
        let finding =
            |code, place, headline: String| Finding::new(code, Severity::Error, place, headline).fact("the server says", &says);
        let leaf = self.leaf();
        let told = match number {
            // OpenSSL: unknown_ca where the key identifier differs, decrypt_error where the signature does not verify
            Some(48 | 51) if !self.authorities().is_empty() => {
                let issuer = leaf.map_or(String::new(), |leaf| Safe(self.top(leaf).issuer.short()).to_string());
                let told = finding(
                    code::SAME_NAME_OTHER_KEY,
                    Place::ServerTruststore,
                    format!("the server trusts a \"{issuer}\", but not the one that signed the client's certificate"),
                );
                let told = match listed {
                    Some(ca) => {
                        told.fact("our CA of that name", format!("{}, made {}", key_of(ca), crate::safe::date(ca.not_before)))
                    }
                    None => told,
                };
                told.because("The CA's name is on the server's list, our certificate is good in itself, and the server does not accept its signature: the CA was made anew under its old name, and one side still has the former.")
                    .fix(leaf.map_or(String::new(), |leaf| self.add_ca(self.top(leaf))))
            }
            Some(44) => finding(
                code::REVOKED,
                Place::ClientKeystore,
                "the server says that the client's certificate is revoked".to_owned(),
            )
            .because("Its issuer withdrew it, and the server has the list that says so.")
            .fix("have a new client certificate issued: mtls client NAME"),
            _ => finding(
                code::PEER_REJECTED,
                Place::Server,
                "the server refuses the client, and the client's material shows no fault".to_owned(),
            )
            .because(format!(
                "{}{}",
                sentence(number),
                if self.authorities().is_empty() {
                    " Our certificate is in its time and for clients; the server names no CA that it trusts: it may trust another one, or none at all (an empty truststore, or entries that Java does not see: trust-not-marked)."
                } else {
                    " Our certificate is in its time, for clients, and of a CA that the server asks for."
                }
            ))
            .fix("read the server's log at that time; it knows why"),
        };
        match leaf {
            Some(leaf) => told.about(leaf),
            None => told,
        }
    }
}

/// What an alert means where our material is good.
fn sentence(number: Option<u8>) -> &'static str {
    match number {
        Some(45) => {
            "The server says that a certificate has expired: its clock may be ahead, or a CA in its own truststore has expired."
        }
        Some(49) => "The server knows who the client is and does not let it in: an authorisation rule, not a certificate.",
        Some(46 | 42) => {
            "Java, Go and others send this alert for any reason: a CA of the same name with another key, a revoked certificate, a rule of their own."
        }
        Some(43) => "The server does not like the kind of certificate: keyUsage, extendedKeyUsage or key type.",
        Some(_) => "The alert does not say more.",
        None => {
            "It gives no reason: Node, some load balancers and nginx refuse so whatever the cause: a CA of the same name with another key, a revoked certificate, a chain longer than nginx's ssl_verify_depth."
        }
    }
}

/// `"Dev CA" or "Other CA"`, the first few of many.
pub fn asked(names: &[DistinguishedName]) -> String {
    if names.is_empty() {
        return "a certificate of any CA".to_owned();
    }
    let mut told: Vec<String> = names.iter().take(NAMES_TOLD).map(|n| format!("\"{}\"", Safe(n.short()))).collect();
    if names.len() > NAMES_TOLD {
        told.push(format!("{} others", names.len() - NAMES_TOLD));
    }
    format!("a certificate of {}", one_of(&told))
}
