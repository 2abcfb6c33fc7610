//! One direction of a mutual handshake: what one side shows, and how the other one checks it.

use super::Place;
use super::path::{MAX_INTERMEDIATES, Search};
use crate::handshake::Side;
use crate::pki::crl::Crl;
use crate::pki::{Cert, PrivateKey, San, san, signature};
use crate::safe::{self, Safe, shell_word};
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

    /// A file among those at hand that makes the judge trust what `ca` issued: one with the root above it, since OpenSSL wants
    /// that, else one with `ca` itself.
    pub fn file_to_trust(&self, ca: &Cert) -> Option<&str> {
        let top = last_above(ca, self.known);
        // the sender's own keystore last: whom it names is not for it to say
        let holders = || self.known.iter().filter(|(file, c)| c == top && *file != self.truststore).map(|(file, _)| *file);
        let root = holders().find(|file| *file != self.keystore).or_else(|| holders().next());
        root.filter(|_| top.is_self_issued()).or_else(|| self.file_with(ca))
    }

    /// A command that puts a certificate for the sender in the place of the present one: signed by the CA beside it.
    pub fn reissue(&self, names: &str) -> String {
        match StorePath::of(self.keystore) {
            // in place where `mtls init` made it; what others made is not overwritten
            Some(file) if file.is_ours() => format!("{} --out {} --renew", self.issue(names), shell_word(file.stem)),
            _ => self.issue(names),
        }
    }

    /// [`Self::reissue`] for the names that the leaf has, with a word on who signs.
    pub fn reissue_fix(&self) -> String {
        format!("{}{}", self.reissue(&self.names_for_reissue(None)), self.signer_note())
    }

    /// A comment behind a command that issues: which CA signs, and how to choose another.
    pub fn signer_note(&self) -> String {
        match StorePath::of(self.keystore) {
            Some(file) => format!("  # signed by the CA in {}; by another one: --issuer CA.crt,CA.key", shell_word(file.folder)),
            None => String::new(),
        }
    }

    /// A command that makes a certificate for the sender beside the present one, with files of its own.
    pub fn issue(&self, names: &str) -> String {
        let command = match self.judge {
            Side::Client => format!("mtls server {names}"),
            Side::Server => format!("mtls client {names}"),
        };
        match StorePath::of(self.keystore) {
            Some(file) if file.folder != "pki" => format!("{command} --dir {}", shell_word(file.folder)),
            _ => command,
        }
    }

    /// The commands that make a new CA, a certificate of it for the sender, and have the judge trust it.
    pub fn start_anew(&self) -> String {
        let names = self.names_for_reissue(None);
        let command = if self.judge == Side::Client { "server" } else { "client" };
        format!("mtls ca --dir new-pki && mtls {command} {names} --dir new-pki && {}", self.trust("new-pki/ca.crt"))
    }

    /// The command that adds `file` to what the judge trusts.
    pub fn trust(&self, file: &str) -> String {
        add_to_truststore(self.truststore, file)
    }

    /// The command that writes the sender's keystore anew from `parts`: over the old one where that is one file of a format
    /// that is written.
    pub fn rewrite(&self, parts: &str) -> String {
        match StorePath::of(self.keystore) {
            Some(f) if self.keystore.contains(',') || !matches!(f.ending, "p12" | "pfx" | "jks" | "bcfks" | "pem") => {
                // a store of the bare name may lie beside: `mtls server` writes all three
                format!("mtls keystore {} {parts}", shell_word(&f.beside(&format!("{}-new.p12", f.stem))))
            }
            _ => format!("mtls keystore {} {parts} --force", shell_word(self.keystore)),
        }
    }

    /// The command that writes the sender's keystore anew with the intermediate that belongs to it, from the file that holds
    /// it.
    pub fn rebundle(&self, file: Option<&str>, otherwise: &str) -> String {
        let keystore = shell_word(self.keystore);
        match file {
            // the file may hold another key too: only its certificates are wanted
            Some(file) => self.rewrite(&format!("{keystore} --chain {}", shell_word(file))),
            None => self.rewrite(&format!("{keystore} {otherwise}")),
        }
    }

    /// The names to issue a new certificate for: those of the leaf, with `more` added.
    pub fn names_for_reissue(&self, more: Option<&str>) -> String {
        let leaf = self.sent.first();
        // names that others issued and mtls does not are of no use in a command: it would refuse them
        let is_issued = |n: &&San| !n.is_over_public_suffix() && san::parse(&n.value(), san::Side::Server).is_ok();
        let hosts = |n: &&San| matches!(n, San::Dns(_) | San::Ip(_));
        let of_leaf: Vec<String> = match (self.judge, leaf) {
            (Side::Client, Some(leaf)) => leaf.names().iter().filter(hosts).filter(is_issued).map(San::value).collect(),
            (Side::Server, Some(leaf)) => leaf.subject.common_name().into_iter().collect(),
            _ => Vec::new(),
        };
        let mut names: Vec<String> = of_leaf.into_iter().chain(more.map(str::to_owned)).map(|n| shell_word(&n)).collect();
        if names.is_empty() {
            names.extend(self.host.map(shell_word));
        }
        names.dedup();
        if names.is_empty() { "NAME".to_owned() } else { names.join(" ") }
    }
}

/// The command that adds the certificates of `file` to a truststore: in place, or in a new file beside it where the old one
/// is a folder or of a format that cannot grow.
pub fn add_to_truststore(truststore: &str, file: &str) -> String {
    let old = shell_word(truststore);
    match StorePath::of(truststore) {
        Some(f) if !matches!(f.ending, "p12" | "pfx" | "jks" | "bcfks" | "pem") => {
            let mark = if f.stem.contains("trust") { "" } else { "-trust" };
            format!("mtls truststore {} {old} {file}", shell_word(&f.beside(&format!("{}{mark}.p12", f.stem))))
        }
        _ => format!("mtls truststore {old} {file}"),
    }
}

/// The last certificate that signatures lead to upwards from `cert` among those at hand: its root, if that is there.
pub fn last_above<'c>(cert: &'c Cert, known: &'c [(&str, Cert)]) -> &'c Cert {
    let mut top = cert;
    for _ in 0..=MAX_INTERMEDIATES {
        let is_issuer = |c: &&Cert| c.subject == top.issuer && signature::verifies(top, c) == Some(true);
        match known.iter().map(|(_, c)| c).find(is_issuer).filter(|_| !top.is_self_issued()) {
            Some(issuer) => top = issuer,
            None => break,
        }
    }
    top
}

/// A path taken apart; of a pair `cert,key` the first.
struct StorePath<'a> {
    folder: &'a str,
    stem: &'a str,
    /// Without the dot; empty for a folder of PEM files.
    ending: &'a str,
}

impl<'a> StorePath<'a> {
    /// `None` for what is no file: a host and port, "the server's truststore", standard input.
    fn of(name: &'a str) -> Option<StorePath<'a>> {
        let path = name.split(',').next().unwrap_or(name).trim_end_matches('/');
        let is_words = path.contains(' ') && !path.contains(['.', '/']);
        let is_address = path.contains(':') && !path.contains('/');
        if path.is_empty() || path == "-" || is_words || is_address {
            return None;
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or((".", path));
        let (stem, ending) = file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((file, ""));
        Some(StorePath { folder: if folder.is_empty() { "/" } else { folder }, stem, ending })
    }

    /// Whether it looks like what `mtls init` writes: NAME.crt, NAME.key and NAME.p12 in `pki`.
    fn is_ours(&self) -> bool {
        self.folder.rsplit('/').next() == Some("pki") && matches!(self.ending, "p12" | "crt")
    }

    /// A file of another name in the same folder.
    fn beside(&self, name: &str) -> String {
        match self.folder {
            "." => name.to_owned(),
            folder => format!("{}/{name}", folder.trim_end_matches('/')),
        }
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

/// The certificate, who signed it and until when it is good, in one line.
pub fn facts_of(cert: &Cert) -> String {
    format!(
        "{} signed by \"{}\", {} to {}",
        called(cert),
        Safe(cert.issuer.short()),
        safe::date(cert.not_before),
        safe::date(cert.not_after)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truststores_that_cannot_grow_are_written_anew_beside() {
        assert_eq!(add_to_truststore("pki/trust.p12", "ca.crt"), "mtls truststore pki/trust.p12 ca.crt");
        assert_eq!(add_to_truststore("a b/win.p7b", "ca.crt"), "mtls truststore 'a b/win-trust.p12' 'a b/win.p7b' ca.crt");
        assert_eq!(add_to_truststore("trust.d/", "ca.crt"), "mtls truststore trust.p12 trust.d/ ca.crt");
    }
}
