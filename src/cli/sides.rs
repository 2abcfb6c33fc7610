//! The four stores of a handshake, opened, and what they come to.

use super::args::BudgetArgs;
use crate::diagnose::store::Part;
use crate::diagnose::{self, Finding, Place, catalogue};
use crate::error::{Error, Kind, Result};
use crate::formats::Store;
use crate::pki::{Cert, Identity, Passwords, San};
use crate::stores;
use std::collections::HashMap;
use std::ffi::OsString;
use std::rc::Rc;

/// Whose the four stores are, in the order of the command line.
const PLACES: [Place; 4] = [Place::ServerKeystore, Place::ServerTruststore, Place::ClientKeystore, Place::ClientTruststore];

/// The four stores, opened; `None` for one that a side does not have.
pub(super) struct Opened {
    /// What they are called, `none` for one that is not there.
    pub names: [String; 4],
    stores: [Option<Rc<Store>>; 4],
}

/// What the four stores come to, and what keeps them from being that.
pub(super) struct Sides {
    /// What the server shows.
    pub server: Option<Identity>,
    /// What the client can show.
    pub client: Option<Identity>,
    /// What the server trusts; `None` where it does not ask.
    pub server_trusts: Option<Vec<Cert>>,
    /// What the client trusts.
    pub client_trusts: Option<Vec<Cert>>,
    /// What keeps a store from being what it was given as.
    pub findings: Vec<Finding>,
}

impl Opened {
    /// Opens the four stores that `words` name in the order of the command line, or says which cannot be read. One that is
    /// named several times is opened once.
    ///
    /// # Errors
    /// A usage error where a side lacks what it cannot do without.
    pub fn new<'a>(
        words: impl Iterator<Item = &'a OsString>,
        passwords: &Passwords<'_>,
        budget: BudgetArgs,
    ) -> Result<Result<Opened, Vec<Finding>>> {
        let words: Vec<&OsString> = words.collect();
        let is_absent = |word: &OsString| word == "none";
        let missing = |what: &str, fix: &str| Err(Error::new(Kind::Usage, what, fix));
        if words.first().is_none_or(|w| is_absent(w)) {
            return missing("a server cannot do without a keystore", "give its keystore: --server KEYSTORE TRUSTSTORE");
        }
        if words.get(3).is_none_or(|w| is_absent(w)) {
            return missing("a client without a truststore trusts nobody", "give its truststore: --client none TRUSTSTORE");
        }
        let mut opened: HashMap<&OsString, Option<Rc<Store>>> = HashMap::new();
        let (mut names, mut stores, mut findings) = ([const { String::new() }; 4], [const { None }; 4], Vec::new());
        for (i, word) in words.into_iter().enumerate().take(4) {
            names[i] = word.to_string_lossy().into_owned();
            if is_absent(word) {
                continue;
            }
            if !opened.contains_key(word) {
                let store = match stores::load(word, passwords, &budget.budget()) {
                    Ok(store) => Some(Rc::new(store)),
                    Err(e) => {
                        findings.push(Finding::from_error(&e, PLACES[i]).ok_or(e)?);
                        None
                    }
                };
                opened.insert(word, store);
            }
            stores[i] = opened.get(word).cloned().flatten();
        }
        Ok(if findings.is_empty() { Ok(Opened { names, stores }) } else { Err(findings) })
    }

    fn part(&self, i: usize) -> Option<Part<'_>> {
        self.stores[i].as_deref().map(|store| Part { file: &self.names[i], place: PLACES[i], store })
    }

    /// Takes the identities and the trusted certificates out of the stores.
    pub fn sides(&self, aliases: [Option<&str>; 2]) -> Sides {
        let mut findings = Vec::new();
        let mut identity = |i: usize, alias: Option<&str>| match diagnose::store::identity(self.part(i)?, alias) {
            Ok((identity, warnings)) => {
                findings.extend(warnings);
                Some(identity)
            }
            Err(finding) => {
                findings.push(*finding);
                None
            }
        };
        let (server, client) = (identity(0, aliases[0]), identity(2, aliases[1]));
        let mut anchors = |i: usize| {
            let (anchors, finding) = diagnose::store::anchors(self.part(i)?);
            findings.extend(finding);
            Some(anchors)
        };
        let (server_trusts, client_trusts) = (anchors(1), anchors(3));
        for side in [0, 2] {
            fold_swapped(&mut findings, PLACES[side], PLACES[side + 1]);
        }
        Sides { server, client, server_trusts, client_trusts, findings }
    }

    /// Every certificate in the four stores, with its file.
    pub fn known(&self) -> Vec<(&str, Cert)> {
        (0..4).filter_map(|i| self.part(i)).flat_map(|part| diagnose::known_in(part.file, part.store)).collect()
    }
}

/// A keystore and a truststore given the wrong way round are one fault, told once (diagnosis.md).
fn fold_swapped(findings: &mut Vec<Finding>, keystore: Place, truststore: Place) {
    if findings.iter().any(|f| f.code == catalogue::TRUSTSTORE_IS_KEYSTORE && f.at == truststore) {
        findings.retain(|f| f.code != catalogue::NO_PRIVATE_KEY || f.at != keystore);
    }
}

/// The first name that a client can ask for: of the leaf's subjectAltName, else its common name, else `localhost`.
pub(super) fn first_name(server: Option<&Identity>) -> String {
    let Some(leaf) = server.and_then(|identity| identity.chain.first()) else { return "localhost".to_owned() };
    let of_san = leaf.names().iter().find_map(|name| match name {
        // a host that a wildcard covers
        San::Dns(dns) => Some(dns.strip_prefix("*.").map_or(dns.clone(), |domain| format!("www.{domain}"))),
        San::Ip(ip) => Some(ip.to_string()),
        _ => None,
    });
    let is_host = |cn: &String| !cn.is_empty() && cn.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    of_san.or(leaf.subject.common_name().filter(is_host)).unwrap_or_else(|| "localhost".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(words: [&str; 4]) -> Result<Result<Opened, Vec<Finding>>> {
        let words = words.map(OsString::from);
        Opened::new(words.iter(), &Passwords::usual(), BudgetArgs { max_iterations: 1_000 })
    }

    #[test]
    fn what_a_side_cannot_do_without_is_asked_for() {
        for words in [["none", "t", "none", "t"], ["k", "t", "k", "none"]] {
            let refusal = opened(words).err().map(|e| e.kind);
            assert_eq!(refusal, Some(Kind::Usage), "{words:?}");
        }
    }

    #[test]
    fn each_store_that_cannot_be_read_is_told_once_at_its_place() {
        let missing = "/nonexistent/a.p12";
        let Ok(Err(findings)) = opened([missing, "/nonexistent/b.p12", "none", missing]) else { panic!("there are none") };
        let told: Vec<_> = findings.iter().map(|f| (f.code.word(), f.at)).collect();
        assert_eq!(told, [("file-unreadable", Place::ServerKeystore), ("file-unreadable", Place::ServerTruststore)]);
    }
}
