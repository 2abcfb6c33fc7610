//! At which of the seven steps a handshake broke off.

use super::failure::Failure;
use super::transcript::{Side, Step, Story, Transcript};

/// The step that failed; `None` after a completed handshake.
///
/// On the wire of TLS 1.3 the server judges the client after the client has finished; the steps are those of the
/// explanation, so that refusal is step 5 all the same.
pub(super) fn failed_step(t: &Transcript) -> Option<Step> {
    if t.completed {
        return None;
    }
    // where neither side can begin, the server's turn comes first
    let cannot_begin = |f: &&Failure| matches!(f, Failure::KeyUnusable(_) | Failure::NothingToPresent);
    if t.client.failure.iter().chain(&t.server.failure).filter(cannot_begin).count() == 2 {
        return Some(Step::ServerPresents);
    }
    let decided = t.root().and_then(|(side, failure)| decided_by(side, failure));
    Some(decided.unwrap_or_else(|| left_at(t)))
}

/// The step of a failure that one end decided itself; `None` where it only tells that the other end is gone.
fn decided_by(side: Side, failure: &Failure) -> Option<Step> {
    Some(match failure {
        Failure::CertificateRefused(_) | Failure::SignatureRefused(_) => verifies(side),
        Failure::NoCertificateSent => presents(side.other()),
        Failure::KeyUnusable(_) | Failure::NothingToPresent => presents(side),
        // each side picks a scheme for its own key from those that the other takes
        Failure::NothingInCommon("signature scheme") => presents(side),
        Failure::NothingInCommon(_) | Failure::NotTls | Failure::ConnectionRefused => Step::ClientConnects,
        Failure::AlertReceived(..) | Failure::RefusedInWords(_) | Failure::Closed | Failure::TimedOut | Failure::Other(_) => {
            return None;
        }
    })
}

/// The step in which `side` presents its certificate.
fn presents(side: Side) -> Step {
    match side {
        Side::Client => Step::ClientPresents,
        Side::Server => Step::ServerPresents,
    }
}

/// The step in which `side` checks the other's certificate.
fn verifies(side: Side) -> Step {
    match side {
        Side::Client => Step::ClientVerifiesServer,
        Side::Server => Step::ServerVerifiesClient,
    }
}

/// The first step that was not taken, from what was seen of the ones before it.
fn left_at(t: &Transcript) -> Step {
    let is_accepted = |story: &Story| matches!(story.verdict, Some(Ok(())));
    if t.client_is_remote {
        return left_by_client(t);
    }
    // a TLS 1.3 client is done while the server may still be judging
    let is_late = t.version.as_deref() == Some("TLSv1.3") || matches!(t.client.failure, Some(Failure::RefusedInWords(_)));
    let is_judging = !t.client.completed || is_late;
    match t {
        _ if t.client.peer_chain.is_empty() && t.version.is_none() => Step::ClientConnects,
        _ if t.client.peer_chain.is_empty() => Step::ServerPresents,
        _ if !is_accepted(&t.client) => Step::ClientVerifiesServer,
        _ if t.asked && is_judging && !is_accepted(&t.server) => match t.client.sent.is_empty() {
            true => Step::ClientPresents,
            false => Step::ServerVerifiesClient,
        },
        _ if !t.client.completed || !(t.server.completed || t.server_is_remote) => Step::SessionKeys,
        _ => Step::Data,
    }
}

/// The same from the server's side alone: what a client said no to is what was sent to it last.
fn left_by_client(t: &Transcript) -> Step {
    match t {
        _ if t.offer.is_none() => Step::ClientConnects,
        _ if t.server.sent.is_empty() => Step::ServerPresents,
        _ if t.server.completed => Step::Data,
        _ if t.asked && t.server.verdict.is_none() => Step::ClientVerifiesServer,
        _ if t.asked && !matches!(t.server.verdict, Some(Ok(()))) => Step::ServerVerifiesClient,
        _ => Step::SessionKeys,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handshake::fixtures::good;

    /// What a client saw of a remote server, up to a point.
    fn seen(change: impl FnOnce(&mut Transcript)) -> Option<Step> {
        let chain = good().0.identity.unwrap().chain;
        let story = Story {
            peer_chain: chain.clone(),
            verdict: Some(Ok(())),
            sent: chain,
            completed: true,
            failure: Some(Failure::Closed),
            ..Story::default()
        };
        let version = Some("TLSv1.3".to_owned());
        let mut t = Transcript { client: story, version, asked: true, server_is_remote: true, ..Transcript::default() };
        change(&mut t);
        failed_step(&t)
    }

    #[test]
    fn a_remote_end_is_placed_by_what_came_before_it() {
        assert_eq!(seen(|t| t.completed = true), None);
        assert_eq!(seen(|_| ()), Some(Step::ServerVerifiesClient));
        assert_eq!(seen(|t| t.client.sent.clear()), Some(Step::ClientPresents));
        assert_eq!(seen(|t| t.asked = false), Some(Step::Data));
        assert_eq!(seen(|t| t.version = Some("TLSv1.2".to_owned())), Some(Step::Data));
        let unfinished = |t: &mut Transcript| t.client.completed = false;
        assert_eq!(seen(unfinished), Some(Step::ServerVerifiesClient));
        assert_eq!(
            seen(|t| {
                unfinished(t);
                t.asked = false;
            }),
            Some(Step::SessionKeys)
        );
        let nothing_presented = |t: &mut Transcript| {
            unfinished(t);
            t.client.peer_chain.clear();
        };
        assert_eq!(seen(nothing_presented), Some(Step::ServerPresents));
        assert_eq!(
            seen(|t| {
                nothing_presented(t);
                t.version = None;
            }),
            Some(Step::ClientConnects)
        );
    }
}
