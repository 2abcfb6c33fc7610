//! Which side of a connection wrote a part of a text, and what the side-neutral words of the table then mean.

use super::scan::Hit;
use super::table::{Look, Part, PrintedBy, Role};
use crate::handshake::Side;

/// The places in a text that show which side wrote it.
pub(super) struct Marks(Vec<(usize, &'static str, Side)>);

impl Marks {
    pub fn of(hits: &[Hit]) -> Marks {
        let mark = |h: &Hit| match h.needle.role {
            Role::Marks(side) => Some((h.place.start, h.needle.stack, side)),
            _ => None,
        };
        Marks(hits.iter().filter_map(mark).collect())
    }

    /// The side that printed what stands at `at` in the words of `stack`: by the nearest mark of that stack, or of none.
    pub fn side(&self, at: usize, stack: &str) -> Option<Side> {
        let after = self.0.partition_point(|(place, ..)| *place < at);
        let fits = |(_, by, _): &&(usize, &str, Side)| *by == stack || *by == "any";
        let next = self.0[after..].iter().find(fits);
        let last = self.0[..after].iter().rev().find(fits);
        let nearest = match (last, next) {
            (Some(last), Some(next)) if at - last.0 <= next.0 - at => Some(last),
            (last, None) => last,
            (_, next) => next,
        };
        nearest.map(|(.., side)| *side)
    }
}

fn other(side: Side) -> Side {
    match side {
        Side::Client => Side::Server,
        Side::Server => Side::Client,
    }
}

fn name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

impl PrintedBy {
    /// The word in the JSON.
    pub fn word(self) -> &'static str {
        match self {
            PrintedBy::Side(side) => name(side),
            PrintedBy::Either => "either",
            PrintedBy::Reader => "reader",
        }
    }

    pub(super) fn side(self) -> Option<Side> {
        match self {
            PrintedBy::Side(side) => Some(side),
            _ => None,
        }
    }
}

impl Look {
    /// The place's word: as in a finding's `at` where the side is known, else from the view of the printing side.
    pub fn word(self, by: PrintedBy) -> &'static str {
        let of = |side: Side, part: Part| match (side, part) {
            (Side::Client, Part::Keystore) => "client-keystore",
            (Side::Client, Part::Truststore) => "client-truststore",
            (Side::Client, Part::Settings) => "client",
            (Side::Server, Part::Keystore) => "server-keystore",
            (Side::Server, Part::Truststore) => "server-truststore",
            (Side::Server, Part::Settings) => "server",
        };
        match (self, by.side()) {
            (Look::Own(part), Some(side)) => of(side, part),
            (Look::Peer(part), Some(side)) => of(other(side), part),
            (Look::Own(Part::Keystore), None) => "own-keystore",
            (Look::Own(Part::Truststore), None) => "own-truststore",
            (Look::Own(Part::Settings), None) => "own",
            (Look::Peer(Part::Keystore), None) => "peer-keystore",
            (Look::Peer(Part::Truststore), None) => "peer-truststore",
            (Look::Peer(Part::Settings), None) => "peer",
            (Look::Protocol, _) => "protocol",
            (Look::Network, _) => "network",
            (Look::File, _) => "file",
        }
    }
}

/// A sentence of the table with its sides named: `{own}` printed the string, `{peer}` is at the other end.
pub(super) fn named(sentence: &str, by: PrintedBy) -> String {
    let (own, peer) = match by.side() {
        Some(side) => (name(side), name(other(side))),
        None => ("side that printed this", "other side"),
    };
    sentence.replace("{own}", own).replace("{peer}", peer)
}
