//! What of our own material explains that a server refused it, or would make another one refuse it.

use super::catalogue as code;
use super::direction::{Direction, called, key_of};
use super::material::{Material, THEIR_TRUST};
use super::path::{Fault, Search};
use super::{Finding, Place, Severity, fault, is_error, key, kinship, order, suspects, time, trust, usage};
use crate::handshake::{Failure, Selection, Withheld};
use crate::pki::Cert;
use crate::safe::{Safe, one_of, shell_word};

impl Material<'_> {
    /// What of our material explains the refusal; at least one error, and the alert alone where nothing does.
    pub fn refused(&self, failure: &Failure) -> Vec<Finding> {
        if self.transcript.client.withheld == Some(Withheld::NoCommonScheme) {
            return vec![self.no_scheme()];
        }
        let anchors = self.presumed_anchors();
        let d = self.direction(&anchors);
        let mut found = self.faults(&d);
        if !suspects::says_that_trust_was_found(failure) {
            found.extend(self.untrusted(&d, failure));
        }
        let mut found = super::folded(found);
        if !found.iter().any(is_error) {
            found.extend(self.other_key(&d, failure));
        }
        if !found.iter().any(is_error) {
            // what this program's verifier lets pass, others do not
            match found.iter_mut().filter(|f| suspects::may_cause(f.code, failure)).min_by_key(|f| super::catalogue::rank(f.code))
            {
                Some(cause) => cause.severity = Severity::Error,
                None => found.push(self.unexplained(&d, failure)),
            }
        }
        self.without_their_files(found)
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
        self.without_their_files(found).into_iter().map(|f| f.at_most(Severity::Warning)).collect()
    }

    /// Remedies that write the server's truststore name it by a word that no file has.
    fn without_their_files(&self, mut found: Vec<Finding>) -> Vec<Finding> {
        for finding in &mut found {
            finding.fix = finding.fix.replace(&shell_word(THEIR_TRUST), "SERVER-TRUSTSTORE");
        }
        found
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
        found.extend(self.on_the_way(d, leaf));
        found
    }

    /// What is wrong between our leaf and the CA that it leads to: one on the server's list, else any that we know, else the
    /// last one that we send.
    fn on_the_way(&self, d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
        let roots = || self.known.iter().map(|(_, c)| c).filter(|c| c.is_self_issued() && *c != leaf).cloned().collect();
        let last = || vec![self.top(leaf).clone()];
        let ends: [&dyn Fn() -> Vec<Cert>; 3] = [&|| d.anchors.to_vec(), &roots, &last];
        let path = ends.iter().find_map(|anchors| Search { anchors: &anchors(), ..d.search() }.best_path(leaf));
        let Some(path) = path else {
            let broken = |f: &Finding| [code::BAD_SIGNATURE, code::WRONG_INTERMEDIATE].contains(&f.code);
            let seen =
                |anchors: &dyn Fn() -> Vec<Cert>| trust::findings(&self.direction(&anchors()), leaf).0.into_iter().find(broken);
            // where nothing but the leaf is at hand, it tells of its signature's kind
            let weak = || leaf.signature.is_weak().then(|| fault::finding(d, leaf, &Fault::WeakSignature(leaf.clone())));
            return ends.iter().find_map(|anchors| seen(anchors)).or_else(weak).into_iter().collect();
        };
        let own = path.faults.iter().map(|f| fault::finding(d, leaf, f));
        let judged = self.direction(std::slice::from_ref(&path.anchor));
        let of_anchor = path.anchor_faults.iter().filter_map(|f| match &path.anchor {
            listed if d.anchors.contains(listed) => Some(fault::of_anchor(&judged, leaf, f)),
            last if d.sent.contains(last) => Some(fault::finding(d, leaf, f)),
            _ => None,
        });
        own.chain(of_anchor).collect()
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
            return says_unknown.then(|| match leaf.is_self_issued() {
                true => self.self_signed(d, leaf),
                false => self.other_key(d, failure).unwrap_or_else(|| self.unknown(d, leaf)),
            });
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
        let held = self.signers(top).next();
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
        .fix(format!(
            "{}    (or use a certificate of a CA that it trusts: {})",
            self.hand_over(),
            d.issue(&d.names_for_reissue(None))
        ))
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
        .because("The server names no CA that it trusts, takes our certificate and then says that it does not know its CA: it has none of that name, or one of that name with another key.")
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
        // its issuer may be an intermediate that nothing here knows
        let lacking = self.leaf().map(|leaf| self.top(leaf)).filter(|top| failure.is_some() && self.issuer_is_unknown(top));
        let outcome = match lacking {
            Some(top) => format!(
                "{outcome} Or else \"{}\" stands below a CA that the server asks for: then what lacks is its certificate in {} (missing-intermediate).",
                Safe(top.issuer.short()),
                d.keystore
            ),
            None => outcome,
        };
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

    fn no_scheme(&self) -> Finding {
        let leaf = self.leaf();
        let kind = leaf.map_or_else(|| self.identity.key.kind().title(), |leaf| leaf.key.title());
        let finding = Finding::new(
            code::NO_COMMON_SIGNATURE,
            Severity::Error,
            Place::Protocol,
            format!("the server takes no signature by a key of the kind {kind}, so the client's certificate cannot be used"),
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
}
