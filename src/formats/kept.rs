//! What a store of the same format takes over as it is: what no password opened, and what only that format can hold.

use super::Format;
use std::fmt;
use zeroize::Zeroizing;

/// The content of an entry, for a writer of the format that it came from.
#[derive(Clone)]
pub enum Kept {
    /// A private or secret key as it lies in a store of `format`: encrypted on its own, so that another password of the store
    /// does not touch it.
    Sealed {
        /// Where it lies.
        format: Format,
        /// Its DER there: in a JKS an EncryptedPrivateKeyInfo (RFC 5958 section 3), in a PKCS#12 what its bag holds.
        der: Vec<u8>,
        /// Whether it is to stay as it is ([`super::Entry::keep_own_password`]); otherwise a writer wants it opened.
        stays: bool,
    },
    /// A secret key of a PKCS#12 file, opened.
    Secret {
        /// Its PrivateKeyInfo, as Java writes it: a cipher's number where a private key's algorithm stands.
        plain: Zeroizing<Vec<u8>>,
        /// What its bag holds, where its password is not the store's.
        own: Option<Vec<u8>>,
    },
    /// A bag of a PKCS#12 file whose kind is not known here.
    Bag {
        /// The number of its type.
        kind: String,
        /// The DER inside of its `[0] EXPLICIT`.
        content: Vec<u8>,
    },
}

impl Kept {
    /// A key that no password opened.
    pub fn sealed(format: Format, der: &[u8]) -> Self {
        Kept::Sealed { format, der: der.to_vec(), stays: false }
    }

    /// Has it written as it is where it has a password of its own.
    pub fn stay(&mut self) {
        match self {
            Kept::Sealed { stays, .. } => *stays = true,
            Kept::Secret { own, .. } => {
                if let Some(der) = own.take() {
                    *self = Kept::Sealed { format: Format::Pkcs12, der, stays: true };
                }
            }
            Kept::Bag { .. } => {}
        }
    }

    /// Whether a writer of `format` takes it over.
    pub fn fits(&self, format: Format) -> bool {
        match self {
            Kept::Sealed { format: own, stays, .. } => *stays && *own == format,
            Kept::Secret { .. } | Kept::Bag { .. } => format == Format::Pkcs12,
        }
    }

    /// Whether both are the same thing.
    pub fn is_same(&self, other: &Kept) -> bool {
        match (self, other) {
            (Kept::Sealed { der: a, .. }, Kept::Sealed { der: b, .. }) => a == b,
            (Kept::Secret { plain: a, .. }, Kept::Secret { plain: b, .. }) => a == b,
            (Kept::Bag { content: a, .. }, Kept::Bag { content: b, .. }) => a == b,
            _ => false,
        }
    }
}

impl fmt::Debug for Kept {
    /// Its kind alone: the content is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kept::Sealed { .. } => "Kept::Sealed",
            Kept::Secret { .. } => "Kept::Secret",
            Kept::Bag { .. } => "Kept::Bag",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_fits_its_own_format_and_only_where_it_is_to_stay() {
        let mut sealed = Kept::sealed(Format::Jks, &[1]);
        assert!(!sealed.fits(Format::Jks));
        sealed.stay();
        assert!(sealed.fits(Format::Jks) && !sealed.fits(Format::Pkcs12));
    }

    #[test]
    fn a_secret_under_its_own_password_stays_under_it() {
        let secret = |own| Kept::Secret { plain: Zeroizing::new(vec![2]), own };
        let (mut under_the_stores, mut under_its_own) = (secret(None), secret(Some(vec![3])));
        under_the_stores.stay();
        under_its_own.stay();
        assert!(matches!(under_the_stores, Kept::Secret { .. }));
        assert!(matches!(&under_its_own, Kept::Sealed { der, .. } if *der == [3]));
        assert!(under_its_own.fits(Format::Pkcs12) && !under_the_stores.fits(Format::Jks));
        assert!(under_the_stores.is_same(&secret(Some(vec![3]))) && !under_the_stores.is_same(&under_its_own));
        assert_eq!(format!("{under_its_own:?}"), "Kept::Sealed");
    }
}
