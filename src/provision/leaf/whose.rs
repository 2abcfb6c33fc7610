//! Whose the files are that lie where an identity is wanted: what is not ours, another's or for another use stays.

use super::super::held::{Slot, in_the_way};
use super::super::listed;
use super::Held;
use crate::error::{Error, Kind, Result};
use crate::files;
use crate::issue::Profile;
use crate::pki::{Cert, PrivateKey};
use crate::safe::Safe;

impl Held<'_> {
    /// Whether `key` was made here: it is in the list, or the CA certified it.
    pub(super) fn made(&self, key: &PrivateKey) -> bool {
        self.manifest.has(key) || self.present_certs().any(|c| key.belongs_to(c) == Some(true) && self.ca.signed(c))
    }

    pub(super) fn refuse_what_is_not_ours(&self) -> Result<()> {
        match &self.key {
            Slot::Broken(e) => return Err(in_the_way(&self.paths.key, &e.what)),
            Slot::Present(key) if !self.made(key) => {
                let ca = Safe(self.ca.cert().subject.short());
                return Err(in_the_way(&self.paths.key, format!("no certificate beside it says that {ca} certified this key")));
            }
            _ => {}
        }
        let key = self.present_key();
        match &self.certs {
            Slot::Broken(e) if key.is_none() => return Err(in_the_way(&self.paths.cert, &e.what)),
            Slot::Present(certs) => {
                let leaf = certs.iter().find(|c| key.is_some_and(|k| k.belongs_to(c) == Some(true)));
                let is_ours = leaf.is_some() || certs[0].issuer == self.ca.cert().subject;
                if !is_ours {
                    return Err(in_the_way(&self.paths.cert, format!("it was issued by {}", Safe(&certs[0].issuer))));
                }
                self.refuse_other_usage(leaf.unwrap_or(&certs[0]))?;
            }
            _ => {}
        }
        if let Some(leaf) = self.present_certs().find(|c| self.ca.signed(c)) {
            self.refuse_anothers(leaf)?;
        }
        match &self.store {
            Slot::Broken(e) if key.is_none() => Err(in_the_way(&self.paths.store, &e.what)),
            Slot::Present(_) if key.is_none() && self.stored_keys().next().is_some() => {
                Err(in_the_way(&self.paths.store, "it holds a private key"))
            }
            _ => Ok(()),
        }
    }

    /// A client's certificate does not become a server's by being renewed: someone uses it.
    fn refuse_other_usage(&self, leaf: &Cert) -> Result<()> {
        let usages = usages(&self.wanted.profile);
        if leaf.eku.is_none() || usages.iter().any(|usage| leaf.allows(usage)) {
            return Ok(());
        }
        let other = if leaf.allows("clientAuth") { "a client's" } else { "another use's" };
        let other = if leaf.allows("serverAuth") { "a server's" } else { other };
        let what = format!("is there already and is {other} certificate; nothing was changed");
        let fix = match self.wanted.profile {
            Profile::Both => "choose another file name with --out NAME, or another directory with --dir",
            _ => "choose another file name with --out NAME (or let one certificate serve for both: --both)",
        };
        Err(Error::new(Kind::Output, what, fix).in_file(files::shown(&self.paths.cert)))
    }

    /// Two names that make one file name stay two: whoever asks for one must not be handed the other.
    fn refuse_anothers(&self, leaf: &Cert) -> Result<()> {
        let Some(name) = self.wanted.goes_by else { return Ok(()) };
        let common_name = leaf.subject.common_name();
        let is_same = match &common_name {
            Some(own) => own == name,
            // too long for a common name: a name of the other kinds, which are kept in lower case in part
            None => leaf.names().iter().any(|n| n.value().eq_ignore_ascii_case(name)),
        };
        if is_same || leaf.names().iter().any(|n| n.value() == name) || self.wanted.subject.as_ref() == Some(&leaf.subject) {
            return Ok(());
        }
        let whose = match leaf.subject.is_empty() {
            true => listed(leaf.names()),
            false => Safe(&leaf.subject).to_string(),
        };
        let what = format!("is the certificate of {whose}, not of {}; nothing was changed", Safe(name));
        let fix = match leaf.subject.is_empty() {
            true => "give the new one a file name of its own: --out NAME".to_owned(),
            false => format!(
                "give the new one a file name of its own: --out NAME; if that one is meant: --subject {}",
                crate::safe::shell_word(&Safe(&leaf.subject).to_string())
            ),
        };
        Err(Error::new(Kind::Output, what, fix).in_file(files::shown(&self.paths.cert)))
    }
}

/// The extended key usages that a certificate of `profile` needs.
pub(super) fn usages(profile: &Profile) -> &'static [&'static str] {
    match profile {
        Profile::Ca { .. } => &[],
        Profile::Server => &["serverAuth"],
        Profile::Client => &["clientAuth"],
        Profile::Both => &["serverAuth", "clientAuth"],
    }
}
