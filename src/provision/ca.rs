//! The CA of a directory: found, or made.

use super::held::{self, Slot};
use super::manifest::Manifest;
use super::{Action, Lifetime, Plan, Step};
use crate::error::{Error, Kind, Result};
use crate::files::{self, Secrecy};
use crate::formats::pem;
use crate::issue::{self, Issuer, KeySource, Profile, Request, advice};
use crate::pki::cert::NameConstraints;
use crate::pki::chain::Pool;
use crate::pki::{Cert, DistinguishedName, NewKey, Passwords, signature};
use crate::safe::{Safe, date, distance};
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

/// Where a CA's certificate and key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerFiles {
    /// Its certificate, perhaps with those above it.
    pub cert: PathBuf,
    /// Its private key; the same file where it holds both.
    pub key: PathBuf,
}

impl IssuerFiles {
    /// `ca.crt` and `ca.key` of a directory.
    pub fn in_folder(dir: &Path) -> Self {
        IssuerFiles { cert: dir.join("ca.crt"), key: dir.join("ca.key") }
    }

    /// What `--issuer` names: a directory, `CERT,KEY`, or one file that holds both.
    pub fn from_word(word: &str) -> Self {
        let path = Path::new(word);
        match word.split_once(',') {
            Some((cert, key)) if !files::exists(path) => IssuerFiles { cert: cert.into(), key: key.into() },
            _ if files::is_folder(path) => IssuerFiles::in_folder(path),
            _ => IssuerFiles { cert: path.into(), key: path.into() },
        }
    }

    /// There is no CA in these files.
    pub(super) fn nothing_there(&self) -> Error {
        let places = match self.cert == self.key {
            true => format!("{} does not exist", files::shown(&self.cert)),
            false => format!("{} and {} do not exist", files::shown(&self.cert), files::shown(&self.key)),
        };
        Error::new(
            Kind::Unreadable,
            format!("there is no CA: {places}"),
            "make one with mtls ca (or all at once with mtls init), or name one with --issuer DIR or --issuer CERT,KEY",
        )
    }
}

/// A CA to be made.
#[derive(Debug, Clone)]
pub struct CaWanted {
    /// Its name.
    pub subject: DistinguishedName,
    /// The kind of its key.
    pub key: NewKey,
    /// How long it lasts.
    pub lifetime: Lifetime,
    /// How many CAs may stand between it and a leaf.
    pub path_len: Option<u8>,
    /// The names that it may certify, where it is limited.
    pub name_constraints: Option<NameConstraints>,
}

/// A CA that is there, or is about to be.
pub struct Ca {
    cert: Cert,
    above: Vec<Cert>,
    /// Or why it cannot sign: its key may lie elsewhere on purpose, and is not needed while all is good.
    issuer: Result<Issuer, Error>,
    action: Action,
    remarks: Vec<String>,
}

impl Ca {
    /// The CA in `files`; `None` where neither is there.
    ///
    /// # Errors
    /// Where a file cannot be read, the certificate is missing, or the two do not belong together.
    pub fn find(files: &IssuerFiles, passwords: &Passwords<'_>) -> Result<Option<Ca>> {
        let (place, key_place) = (files::shown(&files.cert), files::shown(&files.key));
        let certs = match (held::certificates(&files.cert, passwords).map_err(locked)?, files::exists(&files.key)) {
            (Slot::Absent, false) => return Ok(None),
            (Slot::Absent, true) => {
                return Err(Error::new(
                    Kind::Unreadable,
                    format!("{place}: missing, though its key is there ({key_place})"),
                    format!(
                        "put it back; a truststore that holds it will do: mtls inspect --pem truststore.p12 > {}",
                        crate::safe::shell_path(&place)
                    ),
                ));
            }
            (Slot::Broken(e), _) => return Err(e),
            (Slot::Present(certs), _) => certs,
        };
        let key = held::key(&files.key, passwords).map_err(locked)?;
        let own = match key.content() {
            Some(key) => certs.iter().find(|c| key.belongs_to(c) != Some(false)).ok_or_else(|| {
                Error::new(
                    Kind::Refused,
                    format!("{key_place}: the key does not belong to the certificate in {place}"),
                    "put the right one of the two back from a backup",
                )
            })?,
            None => certs.iter().find(|c| c.is_ca()).unwrap_or(&certs[0]),
        };
        let above = Pool::new(&certs).chain_of(own).split_off(1);
        let issuer = match key {
            Slot::Present(key) => Ok(Issuer::new(own.clone(), &key, above.clone()).map_err(|e| e.in_file(&place))?),
            Slot::Broken(e) => Err(e),
            Slot::Absent => Err(Error::new(
                Kind::Unreadable,
                format!("{key_place}: missing; without the CA's key nothing can be signed"),
                "put the key back; or start anew in another directory (mtls init --dir NEW) and hand out its truststore everywhere",
            )),
        };
        Ok(Some(Ca { cert: own.clone(), above, issuer, action: Action::Kept, remarks: vec![] }))
    }

    /// Its certificate.
    pub fn cert(&self) -> &Cert {
        &self.cert
    }

    /// The topmost certificate that we know of.
    pub fn root(&self) -> &Cert {
        self.above.last().unwrap_or(&self.cert)
    }

    /// What signs.
    ///
    /// # Errors
    /// Why nothing can be signed.
    pub(super) fn issuer(&self) -> Result<&Issuer> {
        self.issuer.as_ref().map_err(Clone::clone)
    }

    /// Whether it signed `cert`.
    pub(super) fn signed(&self, cert: &Cert) -> bool {
        cert.issuer == self.cert.subject && signature::verifies(cert, &self.cert) == Some(true)
    }

    /// What is sent with its leaves: it and what is above, without the root.
    pub(super) fn intermediates(&self) -> impl Iterator<Item = &Cert> {
        std::iter::once(&self.cert).chain(&self.above).filter(|c| !c.is_self_issued())
    }

    /// What becomes of it. A CA is never made anew: everything that trusts it would have to learn of the new one.
    pub(super) fn step(&self, files: &IssuerFiles, key: Option<NewKey>, now: OffsetDateTime) -> Step {
        let name = Safe(self.cert.subject.short()).to_string();
        let mut remarks = self.remarks.clone();
        if let Some(key) = key.filter(|key| key.kind() != self.cert.key && self.action == Action::Kept) {
            remarks.push(format!(
                "the CA keeps its key ({}, not {}): with another key it would be another CA, which nobody trusts yet",
                self.cert.key.title(),
                key.kind().title()
            ));
        }
        if self.cert.not_after < now + Duration::days(30) {
            remarks.push(format!(
                "{name} ends on {} ({}): make its successor in another directory now (mtls init --dir NEW), and add it to the truststores \
                 before its certificates come into use",
                date(self.cert.not_after),
                distance(self.cert.not_after, now)
            ));
        }
        if self.action == Action::Kept {
            remarks.extend(files::open_to_others(&files.key));
        }
        if let Err(e) = &self.issuer {
            remarks.push(format!("{}: what is good is kept, and nothing can be renewed", e.what));
        }
        Step {
            role: "ca".to_owned(),
            action: self.action,
            files: vec![files.cert.clone(), files.key.clone()],
            says: format!("{name} · {}", self.cert.key.title()),
            cert: Some(self.cert.clone()),
            remarks,
        }
    }

    /// Refuses where it is another CA than the one that is wanted.
    pub(super) fn must_be(&self, wanted: &CaWanted, above: Option<&Ca>, files: &IssuerFiles) -> Result<()> {
        let has_that_issuer = match above {
            Some(above) => above.signed(&self.cert),
            None => self.cert.is_self_issued(),
        };
        if self.cert.subject == wanted.subject && has_that_issuer {
            return Ok(());
        }
        let e = Error::new(
            Kind::Output,
            "another CA is there already; nothing was changed",
            "make the new CA in a directory of its own: --dir NEW",
        );
        let name = Safe(&self.cert.subject);
        Err(e.in_file(files::shown(&files.cert)).because(format!("it is {name}, issued by {}", Safe(&self.cert.issuer))))
    }
}

/// A CA's key that does not open wants its own password, not that of the stores.
fn locked(e: Error) -> Error {
    match e.kind {
        Kind::WrongPassword | Kind::KeyPasswordDiffers => {
            e.with_fix("give the password of the CA's key with --issuer-password pass:TEXT, env:NAME, file:PATH or prompt")
        }
        _ => e,
    }
}

/// Makes a CA: a root, or an intermediate below `above`.
pub(super) fn make(
    wanted: &CaWanted,
    above: Option<&Ca>,
    files: &IssuerFiles,
    now: OffsetDateTime,
    plan: &mut Plan,
    manifest: &mut Manifest,
) -> Result<Ca> {
    let (not_before, not_after) = wanted.lifetime.validity(now)?;
    let profile = Profile::Ca { path_len: wanted.path_len, name_constraints: wanted.name_constraints.clone() };
    let request = Request {
        subject: wanted.subject.clone(),
        sans: vec![],
        key: KeySource::New(wanted.key),
        not_before,
        not_after,
        profile,
    };
    let made = issue::issue(&request, above.map(Ca::issuer).transpose()?, now)?;
    // the root above an intermediate is known here, and stays out of the file: it is sent with the leaves
    let above: Vec<Cert> = above.iter().flat_map(|ca| std::iter::once(&ca.cert).chain(&ca.above)).cloned().collect();
    plan.file(files.cert.clone(), Secrecy::Public, pem::certificates(&made.chain).into_bytes().into());
    plan.file(files.key.clone(), Secrecy::Secret, pem::private_key(&made.key).as_bytes().to_vec().into());
    manifest.note(&made.key, &files.key);
    let remarks = made.remarks.into_iter().chain(advice::of_key(&made.cert.key)).collect();
    let issuer = Ok(Issuer::new(made.cert.clone(), &made.key, above.clone())?);
    Ok(Ca { cert: made.cert, above, issuer, action: Action::Made, remarks })
}
