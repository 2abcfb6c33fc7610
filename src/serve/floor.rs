//! Who is being served: a bounded number of connections, what becomes of them when there are more, and the end.

use super::{Limits, Tally};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The connections of a server.
pub(super) struct Floor {
    limits: Limits,
    address: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    next: u64,
    /// In the order of their coming.
    guests: Vec<Guest>,
    tally: Tally,
    /// Set when nobody is let in any more.
    is_closing: bool,
    /// How often somebody asked the server to stop.
    asked: u32,
}

struct Guest {
    number: u64,
    tcp: TcpStream,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    ShakingHands,
    Hearing,
    Admitted,
    Displaced,
}

/// Whether a client is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Granted,
    /// The server is closing.
    TooLate,
}

impl Floor {
    pub(super) fn new(limits: Limits, address: SocketAddr) -> Floor {
        Floor { limits, address, state: Mutex::default(), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // each change is made in one go: what a panicking thread left is whole
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn tally(&self) -> Tally {
        self.state().tally
    }

    pub(super) fn is_closing(&self) -> bool {
        self.state().is_closing
    }

    /// A place for a new connection. Where all are taken, the one that has been at its handshake longest makes room, else the
    /// one that came first: silent clients keep nobody out. `None` when closing, or where the connection is gone.
    pub(super) fn enter(self: &Arc<Self>, tcp: &TcpStream) -> Option<Place> {
        let tcp = tcp.try_clone().ok()?;
        let mut state = self.state();
        while state.guests.len() >= self.limits.at_once && !state.is_closing {
            if !state.guests.iter().any(|g| g.phase == Phase::Displaced) {
                let oldest = state.guests.iter().position(|g| g.phase == Phase::ShakingHands).unwrap_or(0);
                let guest = &mut state.guests[oldest]; // it is full, so there is one
                guest.phase = Phase::Displaced;
                // where it is closed already, its thread is about to leave
                let _ = guest.tcp.shutdown(Shutdown::Both);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_closing {
            return None;
        }
        state.next += 1;
        let number = state.next;
        state.guests.push(Guest { number, tcp, phase: Phase::ShakingHands });
        Some(Place { floor: self.clone(), number })
    }

    /// Waits until something changes, at most `time`.
    pub(super) fn pause(&self, time: Duration) {
        // woken early or late makes no difference
        let _ = self.changed.wait_timeout(self.state(), time);
    }

    /// Waits for the last ones to end: as long as they need where the count is reached, `farewell` where somebody asked the
    /// server to stop.
    pub(super) fn see_off(&self, farewell: Duration) {
        let mut state = self.state();
        state.is_closing = true;
        let mut since: Option<Instant> = None;
        while !state.guests.is_empty() {
            if self.is_full(&state) {
                // they come too late to be told of
                state.shut(Shutdown::Both, |g| matches!(g.phase, Phase::ShakingHands | Phase::Hearing));
            }
            if state.asked == 0 {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let elapsed = since.get_or_insert_with(Instant::now).elapsed();
            if state.asked > 1 || elapsed >= farewell * 2 {
                state.shut(Shutdown::Both, |_| true);
            } else if elapsed >= farewell {
                state.shut(Shutdown::Both, |g| g.phase == Phase::ShakingHands);
                // they hear no more, say the rest, and go
                state.shut(Shutdown::Read, |g| g.phase == Phase::Admitted);
            }
            let slice = farewell.min(Duration::from_millis(250));
            state = self.changed.wait_timeout(state, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn is_full(&self, state: &State) -> bool {
        self.limits.count.is_some_and(|count| state.tally.total() >= count)
    }

    /// Wakes the thread that waits for connections, by one.
    fn wake(&self) {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        // where it cannot be reached it has ended already
        let _ = TcpStream::connect_timeout(&SocketAddr::new(ip, self.address.port()), Duration::from_secs(1));
    }
}

impl State {
    /// Closes connections; whose handshake is cut off that way is not told of.
    fn shut(&mut self, how: Shutdown, who: impl Fn(&Guest) -> bool) {
        for guest in self.guests.iter_mut().filter(|g| who(g)) {
            // who is gone already needs no telling
            let _ = guest.tcp.shutdown(how);
            if guest.phase != Phase::Admitted {
                guest.phase = Phase::Displaced;
            }
        }
    }
}

/// A connection's place; free again when dropped.
pub(super) struct Place {
    floor: Arc<Floor>,
    number: u64,
}

impl Place {
    fn set(&self, phase: Phase) {
        let mut state = self.floor.state();
        if let Some(guest) = state.guests.iter_mut().find(|g| g.number == self.number && g.phase != Phase::Displaced) {
            guest.phase = phase;
        }
    }

    /// Its handshake is over.
    pub(super) fn has_shaken_hands(&self, is_complete: bool) {
        if is_complete {
            self.set(Phase::Hearing);
        }
    }

    /// Whether it had to make room for another.
    pub(super) fn was_displaced(&self) -> bool {
        self.floor.state().guests.iter().any(|g| g.number == self.number && g.phase == Phase::Displaced)
    }

    /// Lets the client be told of, and counts it. Where that reaches the count, the server closes to all others.
    pub(super) fn admit(&self, counts: bool, is_ok: bool) -> Admission {
        let mut state = self.floor.state();
        let is_cut = state.guests.iter().any(|g| g.number == self.number && g.phase == Phase::Displaced);
        // one that is cut off while the server closes is not refused for what it did
        if self.floor.is_full(&state) || (is_cut && state.is_closing) {
            return Admission::TooLate;
        }
        if counts {
            if is_ok {
                state.tally.accepted += 1;
            } else {
                state.tally.refused += 1;
            }
        }
        let is_full = self.floor.is_full(&state);
        state.is_closing |= is_full;
        drop(state);
        self.set(Phase::Admitted);
        if is_full {
            self.floor.changed.notify_all();
            self.floor.wake();
        }
        Admission::Granted
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.floor.state().guests.retain(|g| g.number != self.number);
        self.floor.changed.notify_all();
    }
}

/// Ends a server.
#[derive(Clone)]
pub struct Stopper(Arc<Floor>);

impl Stopper {
    pub(super) fn new(floor: Arc<Floor>) -> Stopper {
        Stopper(floor)
    }

    /// Asks the server to let nobody in any more and to finish what it has begun, shortly; asked again, at once.
    pub fn stop(&self) {
        {
            let mut state = self.0.state();
            state.is_closing = true;
            state.asked = state.asked.saturating_add(1);
        }
        self.0.changed.notify_all();
        self.0.wake();
    }
}
