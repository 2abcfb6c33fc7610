//! Does the chain lead to something that the other side trusts? If not, why not.

use super::catalogue as code;
use super::direction::{Direction, called, key_of};
use super::path::{Fault, MAX_INTERMEDIATES, Path, Search, is_same_identity, is_self_signed};
use super::{Finding, Severity, altered, elsewhere, fault, kinship};
use crate::pki::{Cert, DistinguishedName, signature};
use crate::safe::{Safe, date, shell_word};

/// How many CAs of one name are tried for one certificate where a truststore holds floods of them.
const MAX_NAMESAKES: usize = 64;

/// The findings about the chain of `leaf`, and the best way to an anchor; no finding where that way is good.
pub fn findings(d: &Direction<'_>, leaf: &Cert) -> (Vec<Finding>, Option<Path>) {
    let search = d.search();
    let Some(path) = search.best_path(leaf) else { return (unreachable(d, &search, leaf), None) };
    let mut found: Vec<Finding> = distinct(&path.faults).map(|f| fault::finding(d, leaf, f)).collect();
    found.extend(distinct(&path.anchor_faults).map(|f| fault::of_anchor(d, leaf, f)));
    if path.is_leaf_itself() {
        found.push(trusts_itself(d, leaf));
    } else {
        found.extend(elsewhere::no_root(d, leaf, &path));
        found.extend(elsewhere::cannot_tell(d, &path));
    }
    (found, Some(path))
}

fn distinct(faults: &[Fault]) -> impl Iterator<Item = &Fault> {
    faults.iter().enumerate().filter(|(i, f)| !faults[..*i].contains(f)).map(|(_, f)| f)
}

/// Why no signature leads from the leaf to an anchor; and what else is wrong with the chain, that would break it if one did.
fn unreachable(d: &Direction<'_>, search: &Search<'_>, leaf: &Cert) -> Vec<Finding> {
    if d.anchors.iter().any(|a| is_same_identity(a, leaf)) {
        return vec![has_leaf(d, leaf)];
    }
    let mut chain = search.longest_chain(leaf);
    let mut found = Vec::new();
    let altered = altered::find(d, &chain);
    if let Some((at, issuer)) = altered {
        found.push(fault::bad_signature(d, &chain[at], issuer));
        // above it, the chain goes on as if it had not been altered
        chain.truncate(at + 1);
        if d.sent.contains(issuer) && !chain.contains(issuer) {
            chain.extend(search.longest_chain(issuer));
        }
    }
    let top = &chain[chain.len() - 1];
    let leads_to_an_anchor = |issuer: &Cert| {
        d.anchors.iter().any(|a| is_same_identity(a, issuer)) || !d.sent.contains(issuer) || search.best_path(issuer).is_some()
    };
    // the empty truststore is a finding of its own
    if !d.anchors.is_empty() && altered.is_none_or(|(_, issuer)| !leads_to_an_anchor(issuer)) {
        let why = is_self_signed(leaf).then(|| self_signed(d, leaf));
        found.push(
            why.or_else(|| too_deep(d, leaf, &chain))
                .or_else(|| named_otherwise(d, top))
                .or_else(|| wrong_intermediate(d, top, &chain))
                .or_else(|| intermediate_elsewhere(d, leaf))
                .or_else(|| same_name(d, leaf, &chain))
                .or_else(|| missing_intermediate(d, top))
                .unwrap_or_else(|| untrusted(d, leaf, top)),
        );
    }
    found.extend(distinct(&search.faults_without_anchor(&chain)).map(|f| fault::finding(d, leaf, f)));
    found
}

fn has_leaf(d: &Direction<'_>, leaf: &Cert) -> Finding {
    Finding::new(code::TRUSTSTORE_HAS_LEAF, Severity::Error, d.truststore_place(), format!("the {} trusts the {}'s own certificate, not the CA that issued it", d.judging(), d.sender()))
        .about(leaf)
        .fact(d.truststore, format!("{} itself", called(leaf)))
        .fact(d.keystore, format!("{} signed by \"{}\"", called(leaf), Safe(leaf.issuer.short())))
        .because(format!("{} holds {}'s own certificate. Java, Go and GnuTLS accept this, OpenSSL, curl and this program want the CA; and it breaks when the certificate is renewed.", d.truststore, called(leaf)))
        .fix(add_to_truststore(d, &leaf.issuer.short(), issuer_of(d, leaf).and_then(|ca| d.file_to_trust(ca))))
}

/// A self-signed certificate that is trusted as such: an error where it is also marked as a CA, since rustls does not take
/// a CA's certificate for a leaf.
fn trusts_itself(d: &Direction<'_>, leaf: &Cert) -> Finding {
    let severity = if leaf.is_ca() { Severity::Error } else { Severity::Warning };
    let refusal = if leaf.is_ca() {
        "It is marked as a CA (basicConstraints CA:true, which \"openssl req -x509\" does by default): OpenSSL and Java take such a certificate as a leaf when it is trusted itself, rustls and others do not"
    } else {
        "It is accepted here; some stacks want a CA, and every peer must get the new one when it is renewed"
    };
    Finding::new(
        code::TRUSTSTORE_HAS_LEAF,
        severity,
        d.truststore_place(),
        format!("the {} trusts the {}'s own self-signed certificate, not a CA", d.judging(), d.sender()),
    )
    .about(leaf)
    .fact(d.truststore, format!("{} itself, {}", called(leaf), key_of(leaf)))
    .fact(d.keystore, format!("{} signed by itself{}", called(leaf), if leaf.is_ca() { ", marked as a CA" } else { "" }))
    .because(format!("{} holds {}'s own certificate. {refusal}.", d.truststore, called(leaf)))
    .fix(format!("issue it from a CA, and trust that: {}", d.start_anew()))
}

/// The certificate that issued `cert`, wherever it lies.
fn issuer_of<'a>(d: &Direction<'a>, cert: &Cert) -> Option<&'a Cert> {
    let known = d.sent.iter().chain(d.known.iter().map(|(_, c)| c));
    known.filter(|c| c.subject == cert.issuer && **c != *cert).find(|c| signature::verifies(cert, c) == Some(true))
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
        .fix(d.trust(&shell_word(d.keystore)))
}

/// The truststore holds a CA of an issuer's name with another key.
fn same_name(d: &Direction<'_>, leaf: &Cert, chain: &[Cert]) -> Option<Finding> {
    let (cert, anchor) =
        chain.iter().rev().find_map(|cert| d.anchors.iter().find(|a| a.subject == cert.issuer).map(|a| (cert, a)))?;
    // the true issuer, if any file holds it, shows which key it has
    let issuer = issuer_of(d, cert).or(is_self_signed(cert).then_some(cert));
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
            .about(leaf)
            .fact(d.keystore, format!("{} signed by \"{}\", {signer}", called(cert), Safe(ca)))
            .fact(d.truststore, format!("\"{}\", {theirs}, made {}", Safe(ca), date(anchor.not_before)))
            .because(format!(
                "{} holds a CA named \"{}\" ({theirs}), but {} was signed with {signer}: the CA was made anew after one of the two files was written; the name stayed, the key changed.",
                d.truststore,
                Safe(ca),
                called(cert),
            ))
            .fix(add_to_truststore(d, ca, file)),
    )
}

/// The chain leads to an anchor, over more intermediates than this verifier follows.
fn too_deep(d: &Direction<'_>, leaf: &Cert, chain: &[Cert]) -> Option<Finding> {
    let namesakes = |cert: &Cert| d.anchors.iter().filter(|a| a.subject == cert.issuer).take(MAX_NAMESAKES).collect::<Vec<_>>();
    let is_anchored = |cert: &Cert| namesakes(cert).iter().any(|a| signature::verifies(cert, a) == Some(true));
    let depth = chain.iter().skip(MAX_INTERMEDIATES + 1).position(is_anchored)? + MAX_INTERMEDIATES + 1;
    Some(
        Finding::new(
            code::PATH_TOO_LONG,
            Severity::Error,
            d.keystore_place(),
            format!("{depth} intermediate CAs stand between {} and a trusted one", called(leaf)),
        )
        .about(leaf)
        .fact(d.keystore, format!("{} and {depth} intermediates", called(leaf)))
        .because(format!(
            "This verifier (rustls) follows {MAX_INTERMEDIATES} intermediates, and {} has {depth}; OpenSSL, Java and Go follow more, nginx one unless ssl_verify_depth says otherwise.",
            called(leaf)
        ))
        .fix(format!("issue the certificate from a CA nearer to the root, or start from a new CA: {}", d.start_anew())),
    )
}

/// The issuer is sent, but its name is written otherwise than the certificate below it has it.
fn named_otherwise(d: &Direction<'_>, below: &Cert) -> Option<Finding> {
    let words = |name: &DistinguishedName| name.to_string().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let meant = words(&below.issuer);
    let is_meant = |c: &&Cert| c.subject != below.issuer && words(&c.subject) == meant;
    let issuer = d.sent.iter().filter(is_meant).take(MAX_NAMESAKES).find(|c| signature::verifies(below, c) == Some(true))?;
    Some(
        Finding::new(
            code::MISSING_INTERMEDIATE,
            Severity::Error,
            d.keystore_place(),
            format!("the {} sends {}, but {} names its issuer in other bytes", d.sender(), called(issuer), called(below)),
        )
        .about(below)
        .fact(called(below), format!("signed by \"{}\"", Safe(below.issuer.short())))
        .fact(d.keystore, format!("{} with {}, which signed it", called(issuer), key_of(issuer)))
        .because(format!(
            "{} was signed with the key of {}, but the two write its name differently (capital letters, blanks, or UTF8String here and PrintableString there): rustls, Go and others compare the bytes and find no issuer; OpenSSL and Java compare the text.",
            called(below),
            called(issuer)
        ))
        .fix(format!(
            "have {} issued anew by a program that copies the issuer's name as it is: {}",
            called(below),
            d.start_anew()
        )),
    )
}

/// What was sent holds a certificate of the issuer's name that did not sign the top of the chain.
fn wrong_intermediate(d: &Direction<'_>, top: &Cert, chain: &[Cert]) -> Option<Finding> {
    if is_self_signed(top) {
        return None;
    }
    // a root of the right name and another key is a matter of trust, not of what is sent
    let wrong = d.sent.iter().find(|c| c.subject == top.issuer && !chain.contains(c) && !is_self_signed(c))?;
    let right = d.known.iter().find(|(_, c)| c.subject == top.issuer && signature::verifies(top, c) == Some(true));
    let signer = match (right, &top.authority_key_id) {
        (Some((_, right)), _) => key_of(right),
        (None, Some(id)) => format!("key identifier {}", crate::safe::short_fingerprint(id)),
        (None, None) => "another key".to_owned(),
    };
    Some(
        Finding::new(code::WRONG_INTERMEDIATE, Severity::Error, d.keystore_place(), format!("the {} sends a \"{}\", but it is not the one that signed its certificate", d.sender(), Safe(wrong.subject.short())))
            .about(wrong)
            .fact(called(top), format!("signed by {}, {signer}", called(wrong)))
            .fact(d.keystore, format!("{} with {}, made {}", called(wrong), key_of(wrong), date(wrong.not_before)))
            .because(format!("{} names {} as its issuer, but the certificate of that name in {} has another key: the intermediate CA was renewed, and its old certificate is bundled.", called(top), called(wrong), d.keystore))
            .fix(d.rebundle(right.map(|(file, _)| *file), "NEW-INTERMEDIATE.crt")),
    )
}

/// With an intermediate that lies in another file at hand, the chain would lead to an anchor.
fn intermediate_elsewhere(d: &Direction<'_>, leaf: &Cert) -> Option<Finding> {
    let all: Vec<Cert> = d.sent.iter().chain(d.known.iter().map(|(_, c)| c)).cloned().collect();
    let path = Search { sent: &all, ..d.search() }.best_path(leaf)?;
    let (below, missing) = path.certs.iter().zip(&path.certs[1..]).find(|(_, issuer)| !d.sent.contains(issuer))?;
    let file = d.file_with(missing)?;
    Some(missing_finding(
        d,
        below,
        &format!("{} lies in {file}, and leads to {}, which is trusted", called(missing), called(&path.anchor)),
        Some(file),
    ))
}

/// The next certificate upwards is in no file, but some trusted CA seems to stand above it.
fn missing_intermediate(d: &Direction<'_>, top: &Cert) -> Option<Finding> {
    if is_self_signed(top) || issuer_of(d, top).is_some_and(is_self_signed) {
        return None;
    }
    Some(missing_finding(d, top, &kinship::hint(top, d.anchors)?, None))
}

fn missing_finding(d: &Direction<'_>, below: &Cert, reason: &str, file: Option<&str>) -> Finding {
    let issuer = Safe(below.issuer.short()).to_string();
    // in a folder, in another file than the certificate
    let is_there = file == Some(d.keystore);
    Finding::new(
        code::MISSING_INTERMEDIATE,
        Severity::Error,
        d.keystore_place(),
        format!("the {} does not send the intermediate \"{issuer}\" that links its certificate to a trusted CA", d.sender()),
    )
    .about(below)
    .fact(
        d.keystore,
        format!(
            "{} signed by \"{issuer}\", which is {}",
            called(below),
            if is_there { "in it, and not sent" } else { "not in it" }
        ),
    )
    .fact(d.truststore, format!("trusts {}", names_of(d.anchors)))
    .because(format!(
        "{} was signed by \"{issuer}\", which {}; {reason}. Each side must send its intermediates: the other one has only roots.",
        called(below),
        if is_there {
            "is not sent, for servers send the file of the certificate alone".to_owned()
        } else {
            format!("{} does not hold", d.keystore)
        }
    ))
    .fix(d.rebundle(file, "INTERMEDIATE.crt"))
}

fn untrusted(d: &Direction<'_>, leaf: &Cert, top: &Cert) -> Finding {
    let issuer = top.issuer.short();
    let ca = if is_self_signed(top) { Some(top) } else { issuer_of(d, top) };
    let finding = Finding::new(
        code::UNTRUSTED_ISSUER,
        Severity::Error,
        d.truststore_place(),
        format!("the {} does not trust \"{}\", which issued the {}'s certificate", d.judging(), Safe(&issuer), d.sender()),
    )
    .about(leaf)
    .fact(
        d.keystore,
        if leaf == top {
            format!("{} signed by \"{}\"", called(top), Safe(&issuer))
        } else {
            format!("{} · chain ends at {}", called(leaf), called(top))
        },
    )
    .fact(d.truststore, format!("trusts {}", names_of(d.anchors)));
    if let Some(anchor) = d.anchors.iter().find(|a| a.subject != top.issuer && a.subject.to_string() == top.issuer.to_string()) {
        return finding
            .because(format!(
                "{} holds a CA of that very name, {}, but the name is encoded otherwise than the issuer in {} (as UTF8String here, as PrintableString there, for example), and rustls, Go and others compare the bytes; OpenSSL and Java compare the text.",
                d.truststore,
                called(anchor),
                called(top)
            ))
            .fix(format!("have {} issued anew with the CA certificate that lies in {}", called(top), d.truststore));
    }
    finding
        .because(format!(
            "The chain of {} ends at \"{}\"{}, and {} trusts only {}.",
            called(leaf),
            Safe(&issuer),
            ca.map_or(String::new(), |ca| format!(" ({})", key_of(ca))),
            d.truststore,
            names_of(d.anchors)
        ))
        .fix(add_to_truststore(d, &issuer, ca.and_then(|c| d.file_to_trust(c))))
}

/// The command that puts a CA into the judge's truststore: from the file at hand that holds it, else from one to be got.
fn add_to_truststore(d: &Direction<'_>, ca: &str, file: Option<&str>) -> String {
    match file {
        Some(file) if file != d.truststore => d.trust(&shell_word(file)),
        _ => format!("get the certificate of \"{}\" from whoever runs it, then: {}", Safe(ca), d.trust("CA.crt")),
    }
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
