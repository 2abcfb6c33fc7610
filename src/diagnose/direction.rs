//! One direction of a mutual handshake: what one side shows, and how the other one checks it.

use super::Place;
use super::path::Search;
use crate::handshake::Side;
use crate::pki::crl::Crl;
use crate::pki::{Cert, PrivateKey};
use crate::safe::{self, Safe};
use time::{Duration, OffsetDateTime};

/// What is known when one side judges the other.
pub struct Direction<'a> {
    /// Who checks.
    pub judge: Side,
    /// The file that the sender's certificates come from.
    pub keystore: &'a str,
    /// The file that the judge trusts.
    pub truststore: &'a str,
    /// The certificates as they are sent; the first is taken for the leaf.
    pub sent: &'a [Cert],
    /// The sender's private key, where we have it.
    pub key: Option<&'a PrivateKey>,
    /// What the judge trusts.
    pub anchors: &'a [Cert],
    /// Certificates that lie in any of the files at hand, with the file: they prove what is missing elsewhere.
    pub known: &'a [(&'a str, Cert)],
    /// The name that the judge asked for; only a client asks for one.
    pub host: Option<&'a str>,
    /// The instant of judgement.
    pub now: OffsetDateTime,
    /// What is left less than this is worth a warning.
    pub soon: Duration,
    /// Revocation lists that were given.
    pub crls: &'a [Crl],
}

impl Direction<'_> {
    /// `server` or `client`: the one that shows its certificate.
    pub fn sender(&self) -> &'static str {
        match self.judge {
            Side::Client => "server",
            Side::Server => "client",
        }
    }

    /// `client` or `server`: the one that checks.
    pub fn judging(&self) -> &'static str {
        match self.judge {
            Side::Client => "client",
            Side::Server => "server",
        }
    }

    /// Where the sender's certificates are mended.
    pub fn keystore_place(&self) -> Place {
        match self.judge {
            Side::Client => Place::ServerKeystore,
            Side::Server => Place::ClientKeystore,
        }
    }

    /// Where the judge's trust is mended.
    pub fn truststore_place(&self) -> Place {
        match self.judge {
            Side::Client => Place::ClientTruststore,
            Side::Server => Place::ServerTruststore,
        }
    }

    /// The extended key usage that the sender's certificate must allow.
    pub fn purpose(&self) -> &'static str {
        match self.judge {
            Side::Client => "serverAuth",
            Side::Server => "clientAuth",
        }
    }

    /// Where a certificate of a path lies: the place and the file. The leaf is the keystore's, a trusted CA the truststore's
    /// even if it is sent along: what is trusted counts, not the copy.
    pub fn holder(&self, cert: &Cert) -> (Place, &str) {
        let is_leaf = self.sent.first() == Some(cert) || self.key.is_some_and(|key| key.belongs_to(cert) == Some(true));
        if is_leaf || (self.sent.contains(cert) && !self.anchors.contains(cert)) {
            (self.keystore_place(), self.keystore)
        } else {
            (self.truststore_place(), self.truststore)
        }
    }

    /// The search for ways from what was sent to what is trusted.
    pub fn search(&self) -> Search<'_> {
        Search { sent: self.sent, anchors: self.anchors, purpose: self.purpose(), now: self.now, crls: self.crls }
    }

    /// A file among those at hand that holds `cert`.
    pub fn file_with(&self, cert: &Cert) -> Option<&str> {
        self.known.iter().find(|(_, known)| known == cert).map(|(file, _)| *file)
    }

    /// A command that puts a certificate for the sender in the place of the present one.
    pub fn reissue(&self, names: &str) -> String {
        match self.judge {
            Side::Client => format!("mtls server {names}"),
            Side::Server => format!("mtls client {names}"),
        }
    }

    /// The names to issue a new certificate for: those of the leaf, with `more` added.
    pub fn names_for_reissue(&self, more: Option<&str>) -> String {
        let leaf = self.sent.first();
        let of_leaf: Vec<String> = match (self.judge, leaf) {
            (Side::Client, Some(leaf)) => leaf
                .names()
                .iter()
                .filter(|n| matches!(n, crate::pki::San::Dns(_) | crate::pki::San::Ip(_)))
                .map(|n| n.value())
                .collect(),
            (Side::Server, Some(leaf)) => leaf.subject.common_name().into_iter().collect(),
            _ => Vec::new(),
        };
        let mut names: Vec<String> = of_leaf.into_iter().chain(more.map(str::to_owned)).map(|n| shell_word(&n)).collect();
        names.dedup();
        if names.is_empty() { "NAME".to_owned() } else { names.join(" ") }
    }
}

/// A certificate by the name that people use: `"Dev CA"`.
pub fn called(cert: &Cert) -> String {
    format!("\"{}\"", Safe(cert.subject.short()))
}

/// The fingerprint of a certificate's key, short: `key 3f:a1:…:07`.
pub fn key_of(cert: &Cert) -> String {
    format!("key {}", safe::short_fingerprint(&cert.spki_sha256()))
}

/// A word that a POSIX shell takes as one argument.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", Safe(word).to_string().replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_them() {
        assert_eq!(shell_word("pki/ca.crt"), "pki/ca.crt");
        assert_eq!(shell_word("my ca.crt"), "'my ca.crt'");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(shell_word("*.example"), "'*.example'");
    }
}
