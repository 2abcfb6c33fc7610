//! What the commands that make things share: options, and how the result is told.

use super::Ui;
use super::args::{NewPasswordArgs, parse_time};
use super::passwords::{self, Keyring, Source};
use crate::error::{Error, Kind, Result};
use crate::formats::pkcs12;
use crate::issue::{MAX_COMMON_NAME, subject_for};
use crate::pki::san::{self, Side};
use crate::pki::{DistinguishedName, NewKey, Password, San};
use crate::provision::{Encoding, IssuerFiles, Lifetime, Plan, Step, StoreAccess};
use crate::report::{Made, Row};
use clap::{ArgAction, Args};
use std::path::PathBuf;
use time::OffsetDateTime;

/// Where the files are written.
#[derive(Debug, Clone, Args)]
pub struct DirArgs {
    /// Write into this directory
    #[arg(short, long, value_name = "DIR", env = "MTLS_DIR", default_value = "pki")]
    pub dir: PathBuf,
}

/// Which CA signs.
#[derive(Debug, Clone, Args)]
pub struct IssuerArgs {
    /// Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both
    #[arg(short, long, value_name = "DIR|CERT,KEY")]
    pub issuer: Option<String>,
    /// Try this password on the CA's key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse, action = ArgAction::Append)]
    pub issuer_password: Vec<Source>,
}

impl IssuerArgs {
    /// The CA's files; those of `dir` where none was named.
    pub fn files(&self, dir: &DirArgs) -> IssuerFiles {
        self.issuer.as_ref().map_or_else(|| IssuerFiles::in_folder(&dir.dir), |word| IssuerFiles::from_word(word))
    }
}

/// Which kind of key.
#[derive(Debug, Clone, Copy, Args)]
pub struct KeyArgs {
    /// Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44,
    /// ml-dsa-65 or ml-dsa-87
    #[arg(short, long, value_name = "KIND", value_parser = str::parse::<NewKey>)]
    pub key: Option<NewKey>,
}

impl KeyArgs {
    /// Says so on a terminal where it will take a while.
    pub fn announce(&self, ui: &Ui) {
        if let Some(key @ (NewKey::Rsa2048 | NewKey::Rsa3072 | NewKey::Rsa4096)) = self.key {
            ui.progress(&format!("making {} keys", key.kind().title()));
        }
    }
}

/// How long a certificate lasts.
#[derive(Debug, Clone, Copy, Args)]
pub struct LifetimeArgs {
    /// Let it last so many days
    #[arg(long, value_name = "N", conflicts_with = "not_after")]
    pub days: Option<u32>,
    /// Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub not_after: Option<OffsetDateTime>,
}

impl LifetimeArgs {
    /// What was asked for.
    pub fn lifetime(self) -> Option<Lifetime> {
        self.not_after.map(Lifetime::Until).or(self.days.map(Lifetime::Days))
    }
}

/// The name that the certificate is about.
#[derive(Debug, Clone, Args)]
pub struct SubjectArgs {
    /// Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
}

impl SubjectArgs {
    /// The name, where one was given.
    ///
    /// # Errors
    /// A usage error where it is none.
    pub fn name(&self) -> Result<Option<DistinguishedName>> {
        self.subject.as_deref().map(DistinguishedName::from_rfc4514).transpose()
    }
}

/// How stores are written.
#[derive(Debug, Clone, Copy, Args)]
pub struct ProfileArgs {
    /// Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there
    /// is written anew so
    #[arg(long)]
    pub legacy: bool,
}

impl ProfileArgs {
    /// The profile of PKCS#12.
    pub fn profile(self) -> pkcs12::Profile {
        if self.legacy { pkcs12::Profile::Legacy } else { pkcs12::Profile::Modern }
    }
}

/// Opens what is there, and encrypts what is written.
pub struct Access {
    keyring: Keyring,
    source: Option<Source>,
    password: Password,
    is_chosen: bool,
    profile: pkcs12::Profile,
}

impl Access {
    /// From the options.
    ///
    /// # Errors
    /// Where a password cannot be had.
    pub fn new(password: &NewPasswordArgs, issuer: &[Source], profile: ProfileArgs, ui: &Ui) -> Result<Access> {
        let is_chosen = passwords::is_chosen(password.password.as_ref(), ui);
        let (source, password) = (password.password.clone(), password.fetch(ui)?);
        let keyring = Keyring::of_issuer(issuer, ui)?.trying_first(&password);
        Ok(Access { keyring, source, password, is_chosen, profile: profile.profile() })
    }

    /// For what writes no store.
    ///
    /// # Errors
    /// As [`Access::new`].
    pub fn of_issuer(issuer: &[Source], ui: &Ui) -> Result<Access> {
        let keyring = Keyring::of_issuer(issuer, ui)?;
        Ok(Access { keyring, source: None, password: Password::empty(), is_chosen: false, profile: pkcs12::Profile::Modern })
    }

    /// What a command needs to open the stores; as `passwords::hint` says it.
    pub fn hint(&self, ui: &Ui) -> String {
        passwords::hint(&self.password, &self.source, ui)
    }

    /// In the form that the rooms below take.
    pub fn store(&self) -> StoreAccess<'_> {
        StoreAccess {
            password: self.password.clone(),
            is_chosen: self.is_chosen,
            passwords: self.keyring.passwords(),
            profile: self.profile,
        }
    }

    /// How stores are written.
    pub fn encoding(&self) -> Encoding<'_> {
        Encoding { password: &self.password, profile: self.profile }
    }

    /// The line that tells the password, where it is the one that everyone knows.
    pub fn password_row(&self) -> Option<Row> {
        let says = format!("{} (choose another with --password)", self.password.expose());
        (!self.is_chosen).then(|| Row { role: "password".to_owned(), action: "made", files: vec![], says, cert: None })
    }

    /// Writes what is planned, all or nothing; answers with what there is to say about it.
    ///
    /// # Errors
    /// An output error; then nothing was changed.
    pub fn write(&self, plan: Plan) -> Result<Vec<String>> {
        Ok(plan.encode(&self.encoding())?.commit()?.remarks())
    }
}

/// What came of `steps`, each remark once.
pub fn made(steps: Vec<Step>) -> Made {
    let mut made = Made::default();
    for step in steps {
        for remark in step.remarks {
            if !made.remarks.contains(&remark) {
                made.remarks.push(remark);
            }
        }
        let Step { role, action, files, says, cert, .. } = step;
        made.rows.push(Row { role, action: action.word(), files, says, cert });
    }
    made
}

/// The names that `words` mean.
///
/// # Errors
/// A usage error that says what is wrong with a word.
pub fn names(words: &[String], side: Side) -> Result<Vec<San>> {
    let mut names = Vec::new();
    for word in words {
        let name = san::parse(word, side)?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// The subject that is made of a name where none was asked for.
pub fn subject_of(name: Option<&San>) -> DistinguishedName {
    subject_for(&name.map(San::value).unwrap_or_default())
}

/// The subject of a certificate that has no other name.
///
/// # Errors
/// A usage error where the name is longer than a common name may be.
pub fn sole_subject(name: &str) -> Result<DistinguishedName> {
    match name.chars().count() {
        0..=MAX_COMMON_NAME => Ok(subject_for(name)),
        n => Err(Error::new(
            Kind::Usage,
            format!("the name has {n} characters, and a common name has {MAX_COMMON_NAME} at most (RFC 5280, ub-common-name)"),
            "give a shorter name; a long one can stand beside it in a client's certificate: --san spiffe://example/LONG",
        )),
    }
}

/// A name or an alias of the command line.
///
/// # Errors
/// Where it is empty: nobody could ask for it again.
pub fn filled(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty; give it a letter at least".to_owned()) } else { Ok(text.to_owned()) }
}

/// The file name for `name`, or the one that was asked for.
///
/// # Errors
/// A usage error where that is one of the directory's own files, or no file name.
pub fn stem(asked: Option<&str>, name: &str) -> Result<String> {
    let stem = asked.map_or_else(|| crate::provision::stem(name), str::to_owned);
    if matches!(stem.as_str(), "ca" | "truststore") {
        return Err(Error::new(
            Kind::Usage,
            format!("the name {stem} is that of the directory's own {stem}"),
            "choose a name for the files with --out NAME",
        ));
    }
    if stem.is_empty() || stem.contains(['/', '\\']) {
        return Err(Error::new(Kind::Usage, "--out takes a file name without a directory", "name the directory with --dir"));
    }
    Ok(stem)
}

/// A path for a line of advice that can be pasted.
pub fn pasted(path: &std::path::Path) -> String {
    crate::safe::shell_path(&path.to_string_lossy())
}
