//! A visit to a server: every address behind its name is called, and whatever is left unclear is tried once more.

use super::dial::{Route, dial};
use super::errand::{self, Request};
use super::survey::{Survey, survey};
use super::trouble::Trouble;
use super::{Target, greeting, resolve};
use crate::error::Result;
use crate::handshake::remote::{Caller, Manner, Patience, Wares};
use crate::handshake::{Call, Errand, Failure, Peer};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long an answer is waited for once it was asked for.
const SILENCE: Duration = Duration::from_millis(1500);
/// How long a server that dislikes us may take to say so, where nothing was asked.
const SULKING: Duration = Duration::from_millis(800);
/// How long a server may take to give us a ticket for the next session.
const TICKETS: Duration = Duration::from_millis(200);
/// How often a handshake that ended without a word is tried again: the alert may have been lost to a reset.
const RETRIES: usize = 2;
/// How many connections are open at a time.
const PARALLEL: usize = 16;
/// How many calls `repeat` may ask for, over all addresses.
const MAX_CALLS: usize = 4000;

/// What to do.
pub struct Plan<'a> {
    /// How to get there.
    pub route: &'a Route,
    /// Who calls.
    pub client: &'a Peer,
    /// The names to check and to ask for.
    pub manner: &'a Manner,
    /// How many calls each address gets.
    pub repeat: usize,
}

/// What one address did.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Which one.
    pub address: SocketAddr,
    /// How long TCP, and what else comes before TLS, took.
    pub connected: Option<Duration>,
    /// The call, or why there was none.
    pub stop: Stop,
}

/// How far a call to an address came.
#[derive(Debug, Clone)]
pub enum Stop {
    /// TLS never began.
    Early(Trouble),
    /// It began.
    Tls(Box<Call>),
}

/// What a server does about client certificates: seen, not guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// It asks for one and refuses who has none.
    Required,
    /// It asks for one and serves those without, too.
    Optional,
    /// It does not ask.
    NotAsked,
}

impl Auth {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            Auth::Required => "required",
            Auth::Optional => "optional",
            Auth::NotAsked => "not-asked",
        }
    }
}

/// How long calls took from the first packet to the end of the handshake, and how many failed.
#[derive(Debug, Clone, Default)]
pub struct Latencies {
    /// Of those that completed, sorted.
    pub took: Vec<Duration>,
    /// Why the others did not, each with its address.
    pub failed: Vec<(SocketAddr, Failure)>,
}

impl Latencies {
    /// The shortest, the one in the middle, the longest; `None` where none completed.
    pub fn spread(&self) -> Option<[Duration; 3]> {
        Some([*self.took.first()?, self.took[self.took.len() / 2], *self.took.last()?])
    }
}

/// All that was seen.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// Every address, in the system's order.
    pub seen: Vec<Seen>,
    /// The one that is told of at length.
    pub primary: usize,
    /// Why no address is known.
    pub trouble: Option<Trouble>,
    /// What the primary address did to a client that has no certificate and takes every server.
    pub look: Option<Call>,
    /// What it does about client certificates.
    pub auth: Option<Auth>,
    /// Whether it resumed our session.
    pub resumes: Option<bool>,
    /// What it would have liked to hear.
    pub survey: Option<Survey>,
    /// What it says without TLS.
    pub plain: Vec<u8>,
    /// Of repeated calls.
    pub latencies: Option<Latencies>,
}

impl Visit {
    /// The call to the primary address.
    pub fn call(&self) -> Option<&Call> {
        match &self.seen.get(self.primary)?.stop {
            Stop::Tls(call) => Some(call),
            Stop::Early(_) => None,
        }
    }
}

impl Seen {
    /// Whether data flowed.
    pub fn is_well(&self) -> bool {
        matches!(&self.stop, Stop::Tls(call) if call.transcript.completed)
    }
}

/// Resolves the name and visits every address behind it.
///
/// # Errors
/// Usage errors where a name is no host name; internal ones. The inner error says why this client cannot even begin.
pub fn visit(plan: &Plan<'_>) -> Result<Result<Visit, Failure>> {
    let (host, port) = match &plan.route.proxy {
        Some(proxy) => (proxy.host.as_str(), proxy.port),
        None => (plan.route.host.as_str(), plan.route.port),
    };
    match resolve::addresses(host, port, plan.route.timeout) {
        Ok(addresses) => visit_all(plan, &addresses),
        Err(trouble) => {
            // a client that cannot begin is told of first
            let able = plan.caller(false)?;
            Ok(able.map(|_| Visit { trouble: Some(trouble), ..Visit::default() }))
        }
    }
}

/// Visits these addresses.
///
/// # Errors
/// As [`visit`].
pub fn visit_all(plan: &Plan<'_>, addresses: &[SocketAddr]) -> Result<Result<Visit, Failure>> {
    let caller = match plan.caller(true)? {
        Ok(caller) => caller,
        Err(failure) => return Ok(Err(failure)),
    };
    let mut visit = Visit { seen: plan.everywhere(addresses)?, ..Visit::default() };
    let has_tls = |seen: &Seen| matches!(seen.stop, Stop::Tls(_));
    visit.primary = visit.seen.iter().position(Seen::is_well).or_else(|| visit.seen.iter().position(has_tls)).unwrap_or_default();
    plan.look_closer(&mut visit, &caller)?;
    if plan.repeat > 1 {
        visit.latencies = Some(plan.again(&visit)?);
    }
    Ok(Ok(visit))
}

impl Plan<'_> {
    fn caller(&self, resumes: bool) -> Result<Result<Caller, Failure>> {
        Caller::new(self.client, &Manner { resumes, ..self.manner.clone() })
    }

    fn request(&self) -> Request {
        match self.route.starttls {
            Some(protocol) => Request::After(protocol, self.route.host.clone()),
            None => {
                let name = self.manner.asks_for.clone().unwrap_or_else(|| self.route.host.clone());
                let port = Some(self.route.port).filter(|port| *port != super::DEFAULT_PORT);
                Request::Http { authority: Target { host: name, port }.to_string() }
            }
        }
    }

    /// Calls every address once, at the same time.
    fn everywhere(&self, addresses: &[SocketAddr]) -> Result<Vec<Seen>> {
        let calls = addresses.iter().map(|address| (*address, self.caller(false)));
        let calls = calls.map(|(address, caller)| Ok((address, caller?))).collect::<Result<Vec<_>>>()?;
        let seen = Mutex::new(vec![None; addresses.len()]);
        parallel(calls.len(), |_, i| {
            let (address, Ok(caller)) = &calls[i] else { return };
            let done = self.call(*address, caller, RETRIES);
            // a thread that panicked leaves its own place empty, and no other
            seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[i] = Some(done);
        });
        Ok(seen.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_iter().flatten().collect())
    }

    /// One address, called until it is clear what it does; a handshake that ends without a word is tried again so often.
    fn call(&self, address: SocketAddr, caller: &Caller, retries: usize) -> Seen {
        let mut connected = None;
        let stop = match self.once(address, caller, &self.request(), SILENCE, &mut connected) {
            Ok(call) => Stop::Tls(Box::new(self.settled(address, caller, call, retries))),
            Err(trouble) => Stop::Early(trouble),
        };
        Seen { address, connected, stop }
    }

    fn once(
        &self,
        address: SocketAddr,
        caller: &Caller,
        errand: &dyn Errand,
        silence: Duration,
        connected: &mut Option<Duration>,
    ) -> Result<Call, Trouble> {
        let begun = Instant::now();
        let stream = dial(address, self.route)?;
        *connected = Some(begun.elapsed());
        Ok(caller.call(stream, errand, Patience { pause: Duration::ZERO, silence: silence.min(self.client.timeout) }))
    }

    /// The same call, or a later one that tells more: a connection that just ended may have lost its alert to a reset, or the
    /// server disliked our request rather than us.
    fn settled(&self, address: SocketAddr, caller: &Caller, mut call: Call, retries: usize) -> Call {
        let mut tries = 0;
        while call.transcript.client.failure == Some(Failure::Closed) {
            let is_done = call.transcript.client.completed;
            // the limit changes with what the last call did
            if tries >= if is_done { RETRIES } else { retries } {
                break;
            }
            tries += 1;
            let (request, silence) = if is_done { (Request::Silence, SULKING) } else { (self.request(), SILENCE) };
            match self.once(address, caller, &request, silence, &mut None) {
                Ok(later) => call = later,
                Err(_) => break,
            }
        }
        if call.transcript.asked
            && call.transcript.client.completed
            && let Some(words) = errand::refusal(&call.heard)
        {
            call.refuse(words);
        }
        call
    }

    /// What one call to the primary address leaves open.
    fn look_closer(&self, visit: &mut Visit, caller: &Caller) -> Result<()> {
        let Some(Seen { address, stop: Stop::Tls(call), .. }) = visit.seen.get(visit.primary) else { return Ok(()) };
        let (address, transcript) = (*address, &call.transcript);
        let is_shaken = transcript.version.is_some() && !transcript.client.peer_chain.is_empty();
        if is_shaken {
            let is_refused_by_us = matches!(transcript.client.verdict, Some(Err(_)));
            let look = if self.client.identity.is_some() || is_refused_by_us { self.onlooker(address)? } else { None };
            visit.auth = auth(call, look.as_ref(), self.client.identity.is_some());
            visit.look = look;
        } else {
            self.survey(visit, address)?;
            return Ok(());
        }
        if visit.call().is_some_and(|call| call.transcript.completed) {
            // the first of the two leaves a ticket
            let first = self.once(address, caller, &Request::Silence, TICKETS, &mut None);
            let second = first.and_then(|_| self.once(address, caller, &Request::Silence, Duration::from_millis(20), &mut None));
            visit.resumes = second.ok().filter(|call| call.transcript.client.completed).map(|call| call.is_resumed);
        }
        Ok(())
    }

    fn onlooker(&self, address: SocketAddr) -> Result<Option<Call>> {
        let Ok(caller) = Caller::onlooker(self.client, self.manner)? else { return Ok(None) };
        match self.call(address, &caller, RETRIES).stop {
            Stop::Tls(call) => Ok(Some(*call)),
            Stop::Early(_) => Ok(None),
        }
    }

    /// The server refused before it said who it is, or is no TLS server.
    fn survey(&self, visit: &mut Visit, address: SocketAddr) -> Result<()> {
        let Some(call) = visit.call() else { return Ok(()) };
        let story = &call.transcript.client;
        if story.failure == Some(Failure::NotTls) {
            visit.plain = story.first_bytes.clone();
            return Ok(());
        }
        let is_silent = story.failure == Some(Failure::TimedOut);
        if !is_silent {
            let ours = Wares::of(self.client);
            let found = survey(address, self.route, self.manner.asks_for.as_deref(), &ours, &self.client.alpn)?;
            visit.survey = Some(found);
        }
        if is_silent || visit.survey.as_ref().is_some_and(|s| !s.speaks_tls) {
            visit.plain = greeting::listen(address, self.route);
        }
        Ok(())
    }

    /// Calls again and again, at the same time, to measure.
    fn again(&self, visit: &Visit) -> Result<Latencies> {
        let addresses: Vec<SocketAddr> =
            visit.seen.iter().filter(|s| matches!(s.stop, Stop::Tls(_))).map(|s| s.address).collect();
        let count = (addresses.len() * self.repeat).min(MAX_CALLS);
        let callers = (0..PARALLEL).map(|_| self.caller(false)).collect::<Result<Vec<_>>>()?;
        // a caller takes one call at a time: each thread has its own
        let callers: Vec<Caller> = callers.into_iter().flatten().collect();
        let latencies = Mutex::new(Latencies::default());
        parallel(count, |thread, i| {
            let Some(caller) = callers.get(thread) else { return };
            let address = addresses[i % addresses.len()];
            // one that is dropped here is what was to be found: one bad server behind a balancer
            let seen = self.call(address, caller, 0);
            let mut latencies = latencies.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match seen.stop {
                Stop::Tls(call) => match (call.transcript.client.failure.clone(), call.took) {
                    (None, Some(took)) => latencies.took.push(seen.connected.unwrap_or_default() + took),
                    (failure, _) => latencies.failed.push((address, failure.unwrap_or(Failure::Closed))),
                },
                Stop::Early(Trouble::Refused) => latencies.failed.push((address, Failure::ConnectionRefused)),
                Stop::Early(Trouble::TimedOut(_)) => latencies.failed.push((address, Failure::TimedOut)),
                Stop::Early(other) => latencies.failed.push((address, Failure::Other(other.to_string()))),
            }
        });
        let mut latencies = latencies.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        latencies.took.sort();
        Ok(latencies)
    }
}

/// Does `work` for each number below `count`, some at a time; it is told the number of its thread too.
fn parallel(count: usize, work: impl Fn(usize, usize) + Sync) {
    let next = AtomicUsize::new(0);
    let (next, work) = (&next, &work);
    std::thread::scope(|scope| {
        for thread in 0..count.min(PARALLEL) {
            // a thread that does not start leaves its work to the others
            let _ = std::thread::Builder::new().spawn_scoped(scope, move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= count {
                        break;
                    }
                    work(thread, i);
                }
            });
        }
    });
}

/// What the server does about client certificates, from a call with all we have and a look without a certificate.
/// `None` where it was not seen: a server that is gone before the look (`--once`) has not served anyone without one.
fn auth(call: &Call, look: Option<&Call>, has_identity: bool) -> Option<Auth> {
    // a call without a certificate shows as much as a look, and one that was not asked for any shows enough
    let bare = look.or(Some(call).filter(|call| !has_identity || !call.transcript.asked))?;
    let story = &bare.transcript.client;
    if !bare.transcript.asked {
        // a server that broke off may have meant to ask
        return bare.transcript.client.completed.then_some(Auth::NotAsked);
    }
    let code = |call: &Call| errand::status(&call.heard);
    let is_locked_out = matches!(code(bare), Some(401 | 403 | 495 | 496))
        && look.is_some()
        && !call.transcript.client.sent.is_empty()
        && code(call).is_some_and(|code| code < 400);
    match &story.failure {
        Some(Failure::AlertReceived(..) | Failure::Closed | Failure::RefusedInWords(_)) => Some(Auth::Required),
        Some(_) => None,
        None if is_locked_out => Some(Auth::Required),
        None => Some(Auth::Optional),
    }
}
