//! Does the chain lead to something that the other side trusts? If not, why not.

use super::catalogue as code;
use super::direction::{Direction, called, key_of, shell_word};
use super::path::{Fault, Path, Search};
use super::{Finding, Severity, fault, kinship, time};
use crate::pki::chain::key_id_fits;
use crate::pki::{Cert, signature};
use crate::safe::{Safe, date};

/// The findings about the chain of `leaf`; none where a good path leads to an anchor.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> Vec<Finding> {
    if d.anchors.is_empty() {
        return vec![]; // the empty truststore is a finding of its own
    }
    let search = Search { sent: d.sent, anchors: d.anchors, purpose: d.purpose(), now: d.now, crls: d.crls };
    match search.best_path(leaf) {
        Some(Path { faults, anchor, .. }) => {
            let mut found = fault::findings(d, leaf, &distinct(faults));
            // this verifier and Java's take an anchor as it is; OpenSSL and GnuTLS look at its dates too
            found.extend(time::findings(d, &anchor).into_iter().map(|f| f.at_most(Severity::Warning)));
            found
        }
        None => vec![unreachable(d, &search, leaf)],
    }
}

fn distinct(mut faults: Vec<Fault>) -> Vec<Fault> {
    let mut kept: Vec<Fault> = Vec::new();
    faults.retain(|f| {
        let new = !kept.contains(f);
        kept.push(f.clone());
        new
    });
    faults
}

/// Why no signature leads from the leaf to an anchor.
fn unreachable(d: &Direction<'_>, search: &Search<'_>, leaf: &Cert) -> Finding {
    if d.anchors.contains(leaf) || d.anchors.iter().any(|a| a.subject == leaf.subject && a.spki == leaf.spki) {
        return has_leaf(d, leaf);
    }
    let chain = search.longest_chain(leaf);
    let top = &chain[chain.len() - 1];
    broken_signature(d, &chain)
        .or_else(|| (leaf.is_self_issued() && signature::verifies(leaf, leaf) == Some(true)).then(|| self_signed(d, leaf)))
        .or_else(|| same_name(d, &chain))
        .or_else(|| wrong_intermediate(d, top))
        .or_else(|| missing_intermediate(d, top))
        .unwrap_or_else(|| untrusted(d, top))
}

fn has_leaf(d: &Direction<'_>, leaf: &Cert) -> Finding {
    Finding::new(code::TRUSTSTORE_HAS_LEAF, Severity::Error, d.truststore_place(), format!("the {} trusts the {}'s own certificate, not the CA that issued it", d.judging(), d.sender()))
        .about(leaf)
        .fact(d.truststore, format!("{} itself", called(leaf)))
        .fact(d.keystore, format!("{} signed by \"{}\"", called(leaf), Safe(leaf.issuer.short())))
        .because(format!("{} holds {}'s own certificate. Some stacks accept this, others (this one, Go, browsers) want the CA; and it breaks when the certificate is renewed.", d.truststore, called(leaf)))
        .fix(add_to_truststore(d, &leaf.issuer.short(), None))
}

/// A link whose key identifiers say that the issuer is the right one, and whose signature does not verify: it was altered.
fn broken_signature(d: &Direction<'_>, chain: &[Cert]) -> Option<Finding> {
    let known = || d.sent.iter().chain(d.anchors).chain(d.known.iter().map(|(_, c)| c));
    chain.iter().find_map(|cert| {
        let fits = |issuer: &&Cert| {
            issuer.subject == cert.issuer
                && (key_id_fits(cert, issuer) == Some(true) || (*issuer == cert && cert.is_self_issued()))
        };
        let mut issuers = known().filter(fits).peekable();
        issuers.peek()?;
        let issuer = issuers.next()?;
        let altered = known().filter(fits).all(|i| signature::verifies(cert, i) == Some(false));
        altered.then(|| fault::bad_signature(d, cert, issuer))
    })
}

fn self_signed(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let finding = Finding::new(
        code::SELF_SIGNED_UNTRUSTED,
        Severity::Error,
        d.truststore_place(),
        format!("the {}'s certificate is self-signed, and the {} does not trust it", d.sender(), d.judging()),
    )
    .about(leaf)
    .fact(d.keystore, format!("{} signed by itself, {}", called(leaf), key_of(leaf)));
    let others: Vec<&Cert> = d.anchors.iter().filter(|a| a.subject == leaf.subject).collect();
    let finding = match others.first() {
        Some(other) => finding.fact(d.truststore, format!("another {} with {}", called(other), key_of(other))),
        None => finding.fact(d.truststore, format!("trusts {}", names_of(d.anchors))),
    };
    let advice = if leaf.is_ca() {
        " It is also a CA certificate, which strict clients refuse as a server's or client's own."
    } else {
        ""
    };
    finding
        .because(format!(
            "No CA stands behind {}: each peer must hold the certificate itself, and {} does not.{advice}",
            called(leaf),
            d.truststore
        ))
        .fix(format!("mtls truststore {} {}", shell_word(d.truststore), shell_word(d.keystore)))
}

/// The truststore, or another file at hand, holds a CA of the issuer's name with another key.
fn same_name(d: &Direction<'_>, chain: &[Cert]) -> Option<Finding> {
    let (cert, anchor) =
        chain.iter().rev().find_map(|cert| d.anchors.iter().find(|a| a.subject == cert.issuer).map(|a| (cert, a)))?;
    // the true issuer, if any file holds it, shows which key it has
    let issuer = d
        .sent
        .iter()
        .chain(d.known.iter().map(|(_, c)| c))
        .find(|c| c.subject == cert.issuer && signature::verifies(cert, c) == Some(true));
    let ca = &anchor.subject.short();
    let signer = issuer.map_or_else(
        || {
            cert.authority_key_id
                .as_ref()
                .map_or("another key".to_owned(), |id| format!("key identifier {}", crate::safe::short_fingerprint(id)))
        },
        key_of,
    );
    let theirs = match (issuer, &cert.authority_key_id, &anchor.subject_key_id) {
        (None, Some(_), Some(id)) => format!("key identifier {}", crate::safe::short_fingerprint(id)),
        _ => key_of(anchor),
    };
    let finding = Finding::new(
        code::SAME_NAME_OTHER_KEY,
        Severity::Error,
        d.truststore_place(),
        format!("the {} trusts a \"{}\", but not the one that signed the {}'s certificate", d.judging(), Safe(ca), d.sender()),
    );
    let file = issuer.and_then(|i| d.file_with(i));
    Some(
        finding
            .about(cert)
            .fact(d.keystore, format!("{} signed by {}, {signer}", called(cert), Safe(ca)))
            .fact(d.truststore, format!("{}, {theirs}, made {}", Safe(ca), date(anchor.not_before)))
            .because(format!(
                "{} holds a CA named \"{}\" ({theirs}), but {} was signed with {signer}: the CA was made anew after one of the two files was written; the name stayed, the key changed.",
                d.truststore,
                Safe(ca),
                called(cert),
            ))
            .fix(add_to_truststore(d, ca, file)),
    )
}

/// What was sent holds a certificate of the issuer's name that did not sign the top of the chain.
fn wrong_intermediate(d: &Direction<'_>, top: &Cert) -> Option<Finding> {
    let wrong = d.sent.iter().find(|c| c.subject == top.issuer && *c != top)?;
    let right = d.known.iter().find(|(_, c)| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
    let signer = match (right, &top.authority_key_id) {
        (Some((_, right)), _) => key_of(right),
        (None, Some(id)) => format!("key identifier {}", crate::safe::short_fingerprint(id)),
        (None, None) => "another key".to_owned(),
    };
    let from = right.map_or("NEW-INTERMEDIATE.crt".to_owned(), |(file, _)| shell_word(file));
    Some(
        Finding::new(code::WRONG_INTERMEDIATE, Severity::Error, d.keystore_place(), format!("the {} sends a \"{}\", but it is not the one that signed its certificate", d.sender(), Safe(wrong.subject.short())))
            .about(wrong)
            .fact(called(top), format!("signed by {}, {signer}", called(wrong)))
            .fact(d.keystore, format!("{} with {}, made {}", called(wrong), key_of(wrong), date(wrong.not_before)))
            .because(format!("{} names {} as its issuer, but the certificate of that name in {} has another key: the intermediate CA was renewed, and its old certificate is bundled.", called(top), called(wrong), d.keystore))
            .fix(rebundle(d, &from)),
    )
}

/// The next certificate upwards is in no message, but some trusted CA stands above it.
fn missing_intermediate(d: &Direction<'_>, top: &Cert) -> Option<Finding> {
    if top.is_self_issued() {
        return None;
    }
    let found = d.known.iter().find(|(_, c)| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
    let reason = match found {
        Some((_, issuer)) if issuer.is_self_issued() => return None,
        Some((file, issuer)) => kinship::leads_to(issuer, d.known.iter().map(|(_, c)| c), d.anchors)
            .then(|| format!("{} lies in {file}, and a trusted CA issued it", called(issuer)))?,
        None => kinship::hint(top, d.anchors)?,
    };
    let issuer = Safe(top.issuer.short()).to_string();
    let from = found.map_or("INTERMEDIATE.crt".to_owned(), |(file, _)| shell_word(file));
    Some(
        Finding::new(code::MISSING_INTERMEDIATE, Severity::Error, d.keystore_place(), format!("the {} does not send the intermediate \"{issuer}\" that links its certificate to a trusted CA", d.sender()))
            .about(top)
            .fact(d.keystore, format!("{} signed by \"{issuer}\", which is not in it", called(top)))
            .fact(d.truststore, format!("trusts {}", names_of(d.anchors)))
            .because(format!("{} was signed by \"{issuer}\", which neither {} nor {} holds; {reason}. Each side must send its intermediates: the other one has only roots.", called(top), d.keystore, d.truststore))
            .fix(rebundle(d, &from)),
    )
}

fn untrusted(d: &Direction<'_>, top: &Cert) -> Finding {
    let issuer = top.issuer.short();
    let ca = d
        .sent
        .iter()
        .chain(d.known.iter().map(|(_, c)| c))
        .find(|c| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
    let finding = Finding::new(
        code::UNTRUSTED_ISSUER,
        Severity::Error,
        d.truststore_place(),
        format!("the {} does not trust \"{}\", which issued the {}'s certificate", d.judging(), Safe(&issuer), d.sender()),
    )
    .about(d.sent.first().unwrap_or(top))
    .fact(
        d.keystore,
        match d.sent.first() {
            Some(leaf) if leaf != top => format!("{} · chain ends at {}", called(leaf), called(top)),
            _ => format!("{} signed by \"{}\"", called(top), Safe(&issuer)),
        },
    )
    .fact(d.truststore, format!("trusts {}", names_of(d.anchors)));
    finding
        .because(format!(
            "The chain of {} ends at \"{}\", and {} trusts only {}.",
            d.sent.first().map_or_else(|| called(top), called),
            Safe(&issuer),
            d.truststore,
            names_of(d.anchors)
        ))
        .fix(add_to_truststore(d, &issuer, ca.and_then(|c| d.file_with(c))))
}

/// The command that puts a CA into the judge's truststore: from the file at hand that holds it, else from one to be got.
fn add_to_truststore(d: &Direction<'_>, ca: &str, file: Option<&str>) -> String {
    match file {
        Some(file) if file != d.truststore => format!("mtls truststore {} {}", shell_word(d.truststore), shell_word(file)),
        _ => format!(
            "get the certificate of \"{}\" from whoever runs it, then: mtls truststore {} CA.crt",
            Safe(ca),
            shell_word(d.truststore)
        ),
    }
}

/// The command that writes the sender's keystore anew with the intermediate that belongs to it.
fn rebundle(d: &Direction<'_>, intermediate: &str) -> String {
    format!(
        "mtls keystore {} {} {intermediate} --force",
        shell_word(d.keystore.split(',').next().unwrap_or(d.keystore)),
        shell_word(d.keystore)
    )
}

/// `"Dev CA" and "Other CA"`; the first few of many.
fn names_of(certs: &[Cert]) -> String {
    match certs {
        many if many.len() > 4 => {
            format!("{} and {} others", many[..3].iter().map(called).collect::<Vec<_>>().join(", "), many.len() - 3)
        }
        few => crate::safe::all_of(&few.iter().map(called).collect::<Vec<_>>()),
    }
}
