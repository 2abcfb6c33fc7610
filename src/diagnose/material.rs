//! Our client's own material and what a server that is not ours asked it for: what both are, and which of our certificates
//! the server may trust. Its alert alone says little (field notes: one alert hides several causes, and each stack maps causes
//! to alerts differently), so that the material is judged against it in `client` and
//! `suspects`.

use super::direction::Direction;
use crate::handshake::{Selection, Side, Transcript};
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
    /// Our own certificate.
    pub(super) fn leaf(&self) -> Option<&Cert> {
        self.identity.chain.first()
    }

    /// The CA names that the server asks for; none where it names none.
    pub(super) fn authorities(&self) -> &[DistinguishedName] {
        &self.transcript.asked_authorities
    }

    /// Certificates of ours whose name is on the server's list: it may trust them.
    pub(super) fn presumed_anchors(&self) -> Vec<Cert> {
        let mut anchors: Vec<Cert> = Vec::new();
        for (_, cert) in self.known {
            if self.authorities().contains(&cert.subject) && cert.is_ca() && !anchors.contains(cert) {
                anchors.push(cert.clone());
            }
        }
        anchors
    }

    /// How a server judges us that trusts `anchors`.
    pub(super) fn direction<'d>(&'d self, anchors: &'d [Cert]) -> Direction<'d> {
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

    /// The last certificate that names lead to within what we send.
    pub(super) fn top<'c>(&'c self, leaf: &'c Cert) -> &'c Cert {
        let mut top = leaf;
        for _ in 0..self.identity.chain.len() {
            match self.identity.chain.iter().find(|c| c.subject == top.issuer && *c != top) {
                Some(next) if !top.is_self_issued() => top = next,
                _ => break,
            }
        }
        top
    }

    /// The server's wish, in words.
    pub(super) fn asks_for(&self) -> String {
        asked(self.authorities())
    }

    /// The certificates at hand that carry the issuer's name of `cert` and signed it, each with its file.
    pub(super) fn signers<'s>(&'s self, cert: &'s Cert) -> impl Iterator<Item = (&'s str, &'s Cert)> {
        let namesakes = self.known.iter().filter(|(_, c)| c.subject == cert.issuer);
        namesakes.filter(|(_, c)| signature::verifies(cert, c) == Some(true)).map(|(file, c)| (*file, c))
    }

    /// Whether no file at hand holds the CA that signed `cert`.
    pub(super) fn issuer_is_unknown(&self, cert: &Cert) -> bool {
        !cert.is_self_issued() && !self.known.iter().any(|(_, c)| signature::verifies(cert, c) == Some(true))
    }

    /// How the CA of `top` gets into the server's truststore.
    pub(super) fn add_ca(&self, top: &Cert) -> String {
        let holders: Vec<&str> = self.signers(top).filter(|(_, c)| c.is_ca()).map(|(file, _)| file).collect();
        let elsewhere = holders.iter().find(|file| **file != self.keystore);
        let or = "    (or use a client certificate of a CA that it asks for)";
        match elsewhere.or(holders.first()) {
            Some(file) if *file == self.keystore => format!("{}{or}", self.hand_over()),
            Some(file) => format!("at the server: mtls truststore SERVER-TRUSTSTORE {}{or}", shell_word(file)),
            None => format!("at the server: mtls truststore SERVER-TRUSTSTORE CA.crt{or}"),
        }
    }

    /// How the certificates of our keystore get into the server's truststore, and the key does not leave this machine.
    pub(super) fn hand_over(&self) -> String {
        let keystore = shell_word(self.keystore);
        format!(
            "mtls truststore client-certs.p12 {keystore}  # without the key; then at the server: mtls truststore SERVER-TRUSTSTORE client-certs.p12"
        )
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
