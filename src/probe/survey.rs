//! Why a server refuses before it has said a word: other offers are tried until it is known which part it missed.

use super::dial::{Route, dial};
use super::hello::{ALL_VERSIONS, Offer, TLS13};
use super::reply::{Choice, Reply, exchange};
use crate::error::Result;
use crate::handshake::remote::Wares;
use std::net::SocketAddr;
use std::time::Instant;

/// How many connections a survey may make.
const MAX_CALLS: usize = 20;

/// What a server and our stack do not have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// A version.
    Version,
    /// A cipher suite.
    Cipher,
    /// A group.
    Group,
    /// A signature scheme for the server's key.
    Signature,
    /// An application protocol.
    Protocol,
    /// It serves others than the name that it was asked for.
    Name,
}

/// What a survey found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// What is lacking; `None` where no offer made a difference.
    pub lack: Option<Lack>,
    /// The versions that the server speaks, the highest first; only where they matter.
    pub versions: Vec<u16>,
    /// What it chose when everything was on offer.
    pub choice: Option<Choice>,
    /// How it refused what our stack offers: the alert.
    pub alert: Option<u8>,
    /// Whether it said anything in TLS at all.
    pub speaks_tls: bool,
}

struct Surveyor<'a> {
    address: SocketAddr,
    route: &'a Route,
    calls: usize,
    speaks_tls: bool,
}

impl Surveyor<'_> {
    /// The server's choice, or its alert; `None` where it says nothing.
    fn ask(&mut self, offer: &Offer) -> Result<Result<Choice, Option<u8>>> {
        if self.calls >= MAX_CALLS {
            return Ok(Err(None));
        }
        self.calls += 1;
        let Ok(mut stream) = dial(self.address, self.route) else { return Ok(Err(None)) };
        let reply = exchange(&mut stream, &offer.message()?, Instant::now() + self.route.timeout);
        self.speaks_tls |= matches!(reply, Reply::Hello(_) | Reply::Alert(_));
        Ok(match reply {
            Reply::Hello(choice) => Ok(choice),
            Reply::Alert(number) => Err(Some(number)),
            Reply::Closed | Reply::Silent | Reply::NotTls(_) => Err(None),
        })
    }

    /// The same, and where the server wants another key share, once more with that one: only then does it look further.
    fn ask_fully(&mut self, offer: &Offer) -> Result<Result<Choice, Option<u8>>> {
        let first = self.ask(offer)?;
        match &first {
            Ok(Choice { is_retry: true, group: Some(group), .. }) => self.ask(&Offer { share: Some(*group), ..offer.clone() }),
            _ => Ok(first),
        }
    }

    /// The versions that it speaks when each is offered alone.
    fn versions(&mut self, wide: &Offer) -> Result<Vec<u16>> {
        let mut spoken = Vec::new();
        for version in ALL_VERSIONS {
            if self.ask(&Offer { versions: vec![*version], ..wide.clone() })?.is_ok_and(|choice| choice.version == *version) {
                spoken.push(*version);
            }
        }
        Ok(spoken)
    }
}

/// Finds out what the server at `address` misses in `ours`, and in the application protocols `alpn`.
///
/// # Errors
/// Internal, where the system's random generator fails.
pub fn survey(address: SocketAddr, route: &Route, name: Option<&str>, ours: &Wares, alpn: &[String]) -> Result<Survey> {
    let mut surveyor = Surveyor { address, route, calls: 0, speaks_tls: false };
    let mut found = look(&mut surveyor, &Offer::everything(name), ours, alpn)?;
    found.speaks_tls = surveyor.speaks_tls;
    Ok(found)
}

fn look(surveyor: &mut Surveyor<'_>, wide: &Offer, ours: &Wares, alpn: &[String]) -> Result<Survey> {
    let mut found = Survey::default();
    let first = match surveyor.ask(wide)? {
        Ok(choice) => choice,
        Err(alert) => {
            found.alert = alert;
            return without_success(surveyor, wide, found);
        }
    };
    found.choice = Some(first);
    // each step takes one more part of our own offer; the first that is refused is the part that lacks
    let mut offer = Offer { versions: ours.versions.clone(), ..wide.clone() };
    let narrower = surveyor.ask(&offer)?;
    if !narrower.as_ref().is_ok_and(|choice| ours.versions.contains(&choice.version)) {
        found.alert = narrower.err().flatten();
        found.versions = surveyor.versions(wide)?;
        found.lack = Some(Lack::Version);
        return Ok(found);
    }
    for lack in [Lack::Cipher, Lack::Group, Lack::Signature, Lack::Protocol] {
        match lack {
            Lack::Cipher => offer.suites.clone_from(&ours.suites),
            Lack::Group => offer.groups.clone_from(&ours.groups),
            Lack::Signature => offer.schemes.clone_from(&ours.schemes),
            _ => offer.alpn = alpn.to_vec(),
        }
        if let Err(alert) = surveyor.ask_fully(&offer)? {
            (found.lack, found.alert) = (Some(lack), alert);
            return Ok(found);
        }
    }
    Ok(found)
}

/// Not even everything pleases it: an old server that stumbles over what is new, or one that does not serve the name.
fn without_success(surveyor: &mut Surveyor<'_>, wide: &Offer, mut found: Survey) -> Result<Survey> {
    if wide.name.is_some()
        && let Ok(choice) = surveyor.ask(&Offer { name: None, ..wide.clone() })?
    {
        (found.choice, found.lack) = (Some(choice), Some(Lack::Name));
        return Ok(found);
    }
    found.versions = surveyor.versions(wide)?;
    // too old for us, or one that speaks what we speak and cannot stand the mention of anything newer
    if found.versions.first().is_some_and(|highest| *highest < TLS13) {
        found.lack = Some(Lack::Version);
    }
    Ok(found)
}
