//! New certificates: a [`Request`] and perhaps an [`Issuer`] become an [`Issued`].

pub mod advice;
pub mod constraints;
mod draft;
mod strangers;
#[cfg(test)]
mod tests;

pub use strangers::strangers;

use crate::crypto;
use crate::error::{Error, Kind, Result};
use crate::pki::cert::NameConstraints;
use crate::pki::signing::Signer;
use crate::pki::{Cert, DistinguishedName, NewKey, PrivateKey, San};
use crate::safe::{Safe, date};
use time::{Duration, OffsetDateTime};

/// How long before its making a certificate starts to be valid. Peers whose clock is behind would refuse it otherwise:
/// virtual machines and boards without a battery are late by minutes. Public CAs take an hour too.
pub const BACKDATED: Duration = Duration::hours(1);

/// How long a CA lasts unless said otherwise: ten years, so that truststores need not be handed out anew.
pub const CA_DAYS: u32 = 3653;

/// How long a server's or client's certificate lasts unless said otherwise.
pub const LEAF_DAYS: u32 = 90;

/// RFC 5280 appendix A.1, ub-common-name, in characters: OpenSSL and others refuse more.
pub const MAX_COMMON_NAME: usize = 64;

/// What a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// A CA.
    Ca {
        /// How many CAs may stand between it and a leaf; `None` for any number.
        path_len: Option<u8>,
        /// The names that it may certify, where it is limited.
        name_constraints: Option<NameConstraints>,
    },
    /// A TLS server.
    Server,
    /// A TLS client.
    Client,
    /// A service that is server and client at once.
    Both,
}

impl Profile {
    fn is_ca(&self) -> bool {
        matches!(self, Profile::Ca { .. })
    }
}

fn constraints_of(profile: &Profile) -> Option<&NameConstraints> {
    match profile {
        Profile::Ca { name_constraints, .. } => name_constraints.as_ref(),
        _ => None,
    }
}

/// Where the certificate's key comes from.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// A new one is made.
    New(NewKey),
    /// This one is certified (again).
    Existing(PrivateKey),
}

/// A certificate to be made.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whom it is about; may be empty where `sans` is not.
    pub subject: DistinguishedName,
    /// The names in subjectAltName.
    pub sans: Vec<San>,
    /// The key that it certifies.
    pub key: KeySource,
    /// Start of validity.
    pub not_before: OffsetDateTime,
    /// End of validity; shortened to the issuer's where that comes first.
    pub not_after: OffsetDateTime,
    /// What it is for.
    pub profile: Profile,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The certificate.
    pub cert: Cert,
    /// Its private key.
    pub key: PrivateKey,
    /// What a peer with it sends: the certificate itself and the intermediates above it, without the root.
    pub chain: Vec<Cert>,
    /// What came out otherwise than asked, in sentences.
    pub remarks: Vec<String>,
}

/// A CA that can sign.
pub struct Issuer {
    cert: Cert,
    signer: Signer,
    above: Vec<Cert>,
}

impl Issuer {
    /// The CA of `cert` and `key`; `above` are the certificates over it, nearest first (none for a root).
    ///
    /// # Errors
    /// [`Kind::Refused`] where the key does not belong to the certificate, or the certificate is of no CA that may sign;
    /// [`Kind::Unsupported`] for kinds of key that we do not sign with.
    pub fn new(cert: Cert, key: &PrivateKey, above: Vec<Cert>) -> Result<Issuer> {
        let refuse = |why: String, fix: &str| Err(Error::new(Kind::Refused, why, fix));
        let name = Safe(cert.subject.short()).to_string();
        if key.belongs_to(&cert) == Some(false) {
            return refuse(
                format!("the key does not belong to the certificate of {name}"),
                "give the key that was made with this certificate",
            );
        }
        if !cert.is_ca() {
            return refuse(
                format!("{name} is no CA: its certificate does not say CA:true"),
                "issue with a CA's certificate; mtls ca makes one",
            );
        }
        if cert.key_usage.as_ref().is_some_and(|usage| !usage.contains(&"keyCertSign")) {
            return refuse(
                format!("{name} may not sign certificates: its keyUsage lacks keyCertSign"),
                "issue with another CA; mtls ca makes one",
            );
        }
        Ok(Issuer { signer: Signer::new(key)?, cert, above })
    }

    /// Its certificate.
    pub fn cert(&self) -> &Cert {
        &self.cert
    }

    /// The instant at which it, or a CA above it, ends.
    pub fn not_after(&self) -> OffsetDateTime {
        self.above.iter().map(|c| c.not_after).fold(self.cert.not_after, OffsetDateTime::min)
    }

    /// It and the CAs above it, up to but without the root: what is sent with its leaves.
    fn intermediates(&self) -> impl Iterator<Item = &Cert> {
        std::iter::once(&self.cert).chain(&self.above).filter(|c| !c.is_self_issued())
    }

    /// Its subjectKeyIdentifier; where it has none, the one that we would have given it.
    fn key_id(&self) -> Vec<u8> {
        self.cert.subject_key_id.clone().unwrap_or_else(|| key_id(&self.cert.spki))
    }
}

/// The validity that starts a little before `now` and ends `days` after it.
///
/// # Errors
/// [`Kind::Usage`] where that is no day, or one after the year 9999, which certificates cannot say.
pub fn validity(now: OffsetDateTime, days: u32) -> Result<(OffsetDateTime, OffsetDateTime)> {
    let wrong =
        |what: &str| Err(Error::new(Kind::Usage, format!("{days} days: {what}"), "give a number of days such as --days 90"));
    if days == 0 {
        return wrong("the certificate would never be valid");
    }
    // a full second later at most, so that "90 days" is never 89 and some hours
    let start = now.replace_nanosecond(0).unwrap_or(now);
    let start = if start < now { start.saturating_add(Duration::SECOND) } else { start };
    match start.checked_add(Duration::days(i64::from(days))).filter(|end| end.year() <= 9999) {
        Some(end) => Ok((start.saturating_sub(BACKDATED), end)),
        None => wrong("certificates end in the year 9999"),
    }
}

/// The subject with `name` as its common name; empty where that is longer than a common name may be.
pub fn subject_for(name: &str) -> DistinguishedName {
    if name.chars().count() <= MAX_COMMON_NAME {
        DistinguishedName::with_common_name(name)
    } else {
        DistinguishedName::from_der(crate::asn1::sequence::<&[u8]>(&[]))
    }
}

/// Makes the certificate that `request` asks for, signed by `issuer`, or by its own key where there is none.
///
/// # Errors
/// [`Kind::Usage`] where the request makes no certificate that a peer could use, [`Kind::Refused`] where `issuer` may not
/// sign it: it has ended, allows no CA below it, or is limited to other names.
pub fn issue(request: &Request, issuer: Option<&Issuer>, now: OffsetDateTime) -> Result<Issued> {
    check(request)?;
    let mut request = request.clone();
    let mut remarks = Vec::new();
    if let Some(issuer) = issuer {
        check_issuer(&request, issuer, now)?;
        fit_below(&mut request, issuer, &mut remarks);
    }
    if request.not_after <= request.not_before {
        return Err(Error::new(
            Kind::Usage,
            format!("the certificate would end ({}) before it starts ({})", date(request.not_after), date(request.not_before)),
            "give a later end with --days or --not-after",
        ));
    }
    let key = match &request.key {
        KeySource::New(kind) => kind.generate()?,
        KeySource::Existing(key) => key.clone(),
    };
    let spki = key.spki().ok_or_else(|| {
        Error::new(
            Kind::Unsupported,
            format!("mtls cannot tell the public key of a private key of the kind {}", key.kind().title()),
            "let mtls make a key: --key ec-p256",
        )
    })?;
    let frame = draft::Frame {
        issuer: issuer.map_or(&request.subject, |i| &i.cert.subject),
        authority_key_id: issuer.map(Issuer::key_id),
        spki,
        kind: key.kind(),
        serial: serial_number()?,
    };
    let der = match issuer {
        Some(issuer) => draft::certificate(&request, &frame, &issuer.signer)?,
        None => draft::certificate(&request, &frame, &Signer::new(&key)?)?,
    };
    let cert = Cert::from_der(&der).map_err(|e| Error::internal("the certificate does not read back").because(e.what))?;
    let chain = std::iter::once(&cert).chain(issuer.into_iter().flat_map(Issuer::intermediates)).cloned().collect();
    Ok(Issued { cert, key, chain, remarks })
}

fn check(request: &Request) -> Result<()> {
    let usage = |what: &str, fix: &str| Err(Error::new(Kind::Usage, what, fix));
    if request.subject.is_empty() && (request.sans.is_empty() || request.profile.is_ca()) {
        return usage("a certificate without any name", "give a name, or a subject with --subject");
    }
    let has_host = request.sans.iter().any(|s| matches!(s, San::Dns(_) | San::Ip(_) | San::Uri(_)));
    if matches!(request.profile, Profile::Server | Profile::Both) && !has_host {
        return usage(
            "a server's certificate without a name that clients could check",
            "give the host name or IP address that clients connect to",
        );
    }
    if let Some(odd) = request.sans.iter().find(|s| matches!(s, San::Directory(_) | San::Other(..))) {
        return usage(&format!("mtls does not write names of this kind: {}", Safe(odd)), "use DNS, IP, URI and email names");
    }
    if request.subject.common_name().is_some_and(|cn| cn.chars().count() > MAX_COMMON_NAME) {
        return usage(
            "the common name is longer than the 64 characters that peers accept",
            "use a shorter one, and put the long name into a subjectAltName with --san",
        );
    }
    Ok(())
}

fn check_issuer(request: &Request, issuer: &Issuer, now: OffsetDateTime) -> Result<()> {
    let name = Safe(issuer.cert.subject.short()).to_string();
    let refuse = |what: String, fix: &str| Err(Error::new(Kind::Refused, what, fix));
    if issuer.not_after() <= now {
        return refuse(
            format!("{name} has ended: {}", date(issuer.not_after())),
            "make a new CA with mtls ca in a new directory, and hand out its truststore before its certificates",
        );
    }
    let room = room_below(issuer);
    if request.profile.is_ca() && room == Some(0) {
        return refuse(
            format!("{name} allows no CA below it (path length 0)"),
            "make a root that allows one in a directory of its own (mtls ca Root --dir root), and issue from that: --issuer root",
        );
    }
    if !request.profile.is_ca() {
        let limits = std::iter::once(&issuer.cert).chain(&issuer.above).filter_map(|c| c.name_constraints.as_ref());
        let mut objections = limits.flat_map(|l| request.sans.iter().filter_map(|san| constraints::objection(l, san)));
        if let Some(objection) = objections.next() {
            return Err(Error::new(
                Kind::Refused,
                format!("{name} may not certify this name"),
                "leave the name out, or issue from a CA that is not limited in this way",
            )
            .because(objection));
        }
    }
    Ok(())
}

/// How many CAs may stand below `issuer`; `None` for any number. Each CA above counts the ones between.
fn room_below(issuer: &Issuer) -> Option<u32> {
    let limits = std::iter::once(&issuer.cert).chain(&issuer.above).enumerate();
    limits.filter_map(|(depth, c)| Some(c.basic?.path_len?.saturating_sub(depth as u32))).min()
}

/// Cuts what reaches beyond the issuer: a verifier would refuse it, or look at it in vain.
fn fit_below(request: &mut Request, issuer: &Issuer, remarks: &mut Vec<String>) {
    let name = Safe(issuer.cert.subject.short()).to_string();
    if request.not_after > issuer.not_after() {
        request.not_after = issuer.not_after();
        remarks.push(format!("ends on {}, when {name} ends", date(request.not_after)));
    }
    request.not_before = request.not_before.max(issuer.cert.not_before);
    if let (Profile::Ca { name_constraints: own @ None, .. }, Some(limits)) =
        (&mut request.profile, &issuer.cert.name_constraints)
        && draft::can_write(limits)
    {
        // a verifier applies them anyway; said here too, they are known where the certificates above are not at hand
        *own = Some(limits.clone());
        remarks.push(format!("limited to the same names as {name}"));
    }
    if let (Profile::Ca { path_len, .. }, Some(room)) = (&mut request.profile, room_below(issuer)) {
        let most = u8::try_from(room.saturating_sub(1)).unwrap_or(u8::MAX);
        if path_len.is_none_or(|asked| asked > most) {
            if path_len.is_some() {
                remarks.push(format!("path length {most}: {name} allows no more"));
            }
            *path_len = Some(most);
        }
    }
}

/// RFC 7093 section 2 method 1: the first 160 bits of the SHA-256 of the public key's bits. Peers compare key identifiers
/// and never compute them; so SHA-1, the older method, has nothing to offer here.
fn key_id(spki: &[u8]) -> Vec<u8> {
    let bits = crate::asn1::Reader::new(spki)
        .sequence()
        .and_then(|mut inside| {
            inside.expect(crate::asn1::SEQUENCE)?;
            inside.next()?.bit_string()
        })
        .unwrap_or(spki);
    let mut id = crypto::sha256(bits);
    id.truncate(20);
    id
}

/// 16 random bytes with the top bits `01`: positive, always of the same length, below the 20 octets of RFC 5280 section
/// 4.1.2.2, and with 126 random bits well over the 64 that the CA/Browser Forum asks for.
fn serial_number() -> Result<Vec<u8>> {
    let mut serial = crypto::random(16)?;
    serial[0] = serial[0] & 0x3f | 0x40;
    Ok(serial)
}
