//! What Java's own keystores and BouncyCastle's older ones share: they are Java data streams of entries.

pub mod bouncy;
pub mod input;
pub mod protector;
pub mod serial;
pub mod sun;

use crate::crypto::kdf::Secret;
use crate::error::{Error, Kind, Result};
use crate::formats::{Budget, Entry, Item, Opening};
use crate::pki::chain::Pool;
use crate::pki::{Cert, Password, PrivateKey};
use crate::safe::Safe;
use input::Input;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// A password as Java's key stores digest it: its UTF-16 units, big-endian, without an end mark.
pub fn utf16(password: &Password) -> Secret {
    Zeroizing::new(password.expose().encode_utf16().flat_map(u16::to_be_bytes).collect())
}

/// A password as BouncyCastle gives it to derivations: UTF-16, big-endian, with two zero bytes behind; the empty one is
/// nothing at all (`PBEParametersGenerator.PKCS12PasswordToBytes`).
pub fn bmp(password: &Password) -> Secret {
    let mut bytes = utf16(password);
    if !bytes.is_empty() {
        bytes.extend_from_slice(&[0, 0]);
    }
    bytes
}

/// A Java date: milliseconds since 1970. `None` where no calendar reaches.
pub fn instant(milliseconds: u64) -> Option<OffsetDateTime> {
    let nanoseconds = i128::from(milliseconds as i64).checked_mul(1_000_000)?;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
}

/// A certificate as it lies in the file: the name of its type and its encoding.
#[derive(Debug, Clone)]
pub struct Stored<'a> {
    kind: String,
    der: &'a [u8],
}

impl<'a> Stored<'a> {
    /// The next certificate; where the file names no type, it is X.509.
    ///
    /// # Errors
    /// A damaged-store error where it reaches past the end.
    pub fn read(input: &mut Input<'a>, names_type: bool) -> Result<Self> {
        let kind = if names_type { Some(input.text()?) } else { None };
        let stored = Stored::x509(input.block()?);
        Ok(Stored { kind: kind.unwrap_or(stored.kind), ..stored })
    }

    /// An X.509 certificate whose encoding is known.
    pub fn x509(der: &'a [u8]) -> Self {
        Stored { kind: "X.509".to_owned(), der }
    }

    /// The next count and as many certificates.
    ///
    /// # Errors
    /// As [`Stored::read`]; `too-costly` for more than the budget allows.
    pub fn read_chain(input: &mut Input<'a>, names_type: bool, budget: &Budget) -> Result<Vec<Self>> {
        let count = input.count(4)?;
        budget.charge_entries(count)?;
        (0..count).map(|_| Stored::read(input, names_type)).collect()
    }

    /// The certificate in it.
    ///
    /// # Errors
    /// An unsupported-algorithm error for another type than X.509, a damaged-store error where it is ill-formed.
    pub fn cert(&self) -> Result<Cert> {
        match self.kind.as_str() {
            "X.509" | "X509" | "X.509v3" => Cert::from_ber(self.der),
            other => Err(Error::unsupported(format!("a certificate of the type {}, which is not X.509", Safe(other)))
                .with_fix("take it out with the tool that put it in; TLS has no use for it")),
        }
    }

    /// What it is, in words.
    fn title(&self) -> String {
        format!("a certificate ({})", Safe(&self.kind))
    }
}

/// What every entry of these formats begins with.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its name; in these formats never absent.
    pub alias: String,
    /// When it was put in.
    pub created: Option<OffsetDateTime>,
}

impl Label {
    /// Alias and date, as they stand before each entry.
    ///
    /// # Errors
    /// A damaged-store error where they reach past the end.
    pub fn read(input: &mut Input<'_>) -> Result<Self> {
        Ok(Label { alias: input.text()?, created: instant(input.u64()?) })
    }

    /// The entry of this name that holds `item`.
    pub fn entry(&self, item: Item) -> Entry {
        Entry { created: self.created, ..Entry::new(Some(self.alias.clone()), item) }
    }

    /// A trusted certificate.
    pub fn trusted(&self, stored: &Stored<'_>) -> Entry {
        self.entry(match stored.cert() {
            Ok(cert) => Item::Trusted(cert),
            Err(why) => Item::Unread { what: stored.title(), why },
        })
    }

    /// A private key with its chain, and an entry for each certificate of the chain that could not be read.
    pub fn key(&self, key: Result<PrivateKey>, chain: &[Stored<'_>], budget: &Budget) -> Vec<Entry> {
        let mut certs = Vec::with_capacity(chain.len());
        let mut unread = Vec::new();
        for (place, stored) in chain.iter().enumerate() {
            match stored.cert() {
                Ok(cert) => certs.push(cert),
                Err(why) => {
                    let what = format!("{}, number {} of the key's chain", stored.title(), place + 1);
                    unread.push(self.entry(Item::Unread { what, why }));
                }
            }
        }
        unread.insert(0, self.entry(key_item(key, certs, budget)));
        unread
    }

    /// Tries passwords on this entry's own protection.
    ///
    /// # Errors
    /// `key-password-differs` where none fits; else what `open` says.
    pub fn open<T>(&self, opening: &Opening<'_>, store: &Password, open: impl FnMut(&Password) -> Result<T>) -> Result<T> {
        self.open_with(opening, store, open).map(|(opened, _)| opened)
    }

    /// The same, with the password that fits.
    ///
    /// # Errors
    /// As [`Label::open`].
    pub fn open_with<T>(
        &self,
        opening: &Opening<'_>,
        store: &Password,
        open: impl FnMut(&Password) -> Result<T>,
    ) -> Result<(T, Password)> {
        let what = format!("the key \"{}\" in {}", Safe(&self.alias), opening.name);
        opening.passwords.open_key(&what, Some(store), open).map_err(|e| match e.kind {
            Kind::WrongPassword => Error::new(
                Kind::KeyPasswordDiffers,
                format!("the key \"{}\" is under another password than the store", Safe(&self.alias)),
                "give it with --key-password pass:TEXT, env:NAME, file:PATH or prompt",
            ),
            _ => e,
        })
    }
}

/// A private key with the certificates that are stored with it, which Java sends as they are stored.
fn key_item(key: Result<PrivateKey>, sent: Vec<Cert>, budget: &Budget) -> Item {
    let is_own = |cert: &&Cert| key.as_ref().is_ok_and(|key| key.belongs_to(cert) == Some(true));
    let chain = match sent.iter().find(is_own).or(sent.first()) {
        Some(leaf) if sent.first() == Some(leaf) && sent.windows(2).all(|pair| pair[0].issuer == pair[1].subject) => sent.clone(),
        Some(leaf) if sent.len() <= MAX_DISORDER => {
            let pool = Pool::new(&sent).checking(budget.signatures().get());
            let chain = pool.chain_of(leaf);
            budget.signatures().set(pool.signatures_left());
            chain
        }
        Some(leaf) => vec![leaf.clone()],
        None => vec![],
    };
    Item::Key { key, chain, sent }
}

/// The most certificates of one key that are put in order where they are not: each may be tried on each.
const MAX_DISORDER: usize = 10;

/// The word for a password that opened nothing: a digest or MAC over the whole content cannot tell more.
pub fn wrong_password() -> Error {
    Error::wrong_password()
        .because("the check value over the content fits no password that was tried; altered content looks the same")
}

/// What a store says whose check value fits no password: where bytes lie behind its end, its structure is not whole.
pub fn misfit(refused: Error, behind: usize) -> Error {
    if refused.kind != Kind::WrongPassword || behind == 0 {
        return refused;
    }
    Error::damaged("the store is cut off or altered")
        .because(format!("its check value fits no password that was tried, and {} behind it", lie(behind)))
}

fn lie(bytes: usize) -> String {
    format!("{} {}", crate::safe::count(bytes, "byte"), if bytes == 1 { "lies" } else { "lie" })
}

/// The remark on bytes behind the end of a store, which Java does not look at.
pub fn trailing(bytes: usize) -> Vec<String> {
    if bytes == 0 { vec![] } else { vec![format!("{} behind the end of the store", lie(bytes))] }
}

/// `a, b`: every way in which entries are encrypted, each once, in the order of their first use.
pub fn each_once(words: impl IntoIterator<Item = String>) -> Option<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if !seen.contains(&word) && seen.len() < 8 {
            seen.push(word);
        }
    }
    (!seen.is_empty()).then(|| seen.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_have_javas_spelling() {
        assert_eq!(utf16(&Password::new("aé😀"))[..], [0, b'a', 0, 0xe9, 0xd8, 0x3d, 0xde, 0x00]);
        assert_eq!(bmp(&Password::new("a"))[..], [0, b'a', 0, 0]);
        assert!(bmp(&Password::empty()).is_empty());
    }

    #[test]
    fn dates_beyond_the_calendar_are_none() {
        assert_eq!(instant(1_000).map(OffsetDateTime::unix_timestamp), Some(1));
        assert_eq!(instant(-1_000i64 as u64).map(OffsetDateTime::unix_timestamp), Some(-1));
        assert_eq!(instant(i64::MAX as u64), None);
    }

    #[test]
    fn a_certificate_in_ber_is_read() {
        let root = pem::parse(include_bytes!("../../../fixtures/pkcs12/material/root.pem")).unwrap();
        let body = crate::asn1::Reader::new(root.contents()).sequence().unwrap().rest();
        let ber = [&[0x30, 0x80][..], body, &[0, 0]].concat();
        assert!(Cert::from_der(&ber).is_err());
        assert_eq!(Stored { kind: "X.509".to_owned(), der: &ber }.cert().unwrap().der, root.contents());
    }

    #[test]
    fn words_are_told_once() {
        assert_eq!(each_once(["a", "b", "a"].map(String::from)).as_deref(), Some("a, b"));
        assert_eq!(each_once([]), None);
    }
}
