//! Who can read a PKCS#12 file: the consumers that people hand them to, and why some call a good password wrong.
//!
//! Most of the pain with PKCS#12 is here: the writer chose algorithms that the reader does not know, and the reader
//! reports a wrong password (field notes in openssl#18349, JDK-8278989, golang/go#14015).

use super::pkcs12::Profile;
use super::target::Target;
use super::{Format, Item, Kept, Store, pkcs12};
use crate::pki::KeyKind;

/// Someone to write a store for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumer {
    /// Java 8 before update 301.
    Java8,
    /// Java 8u301, 11.0.12, 17 and later.
    Java,
    /// OpenSSL 1.1 and 3, and what is built on it: curl, Python, Node, nginx.
    OpenSsl,
    /// Windows and .NET, Server 2016 included.
    Windows,
    /// The keychain of macOS and iOS.
    MacOs,
    /// Android's installer of certificates.
    Android,
    /// NSS: Firefox, Thunderbird, Linux desktops.
    Nss,
    /// FIPS modules: OpenSSL 3.4 and later, Java 26, BouncyCastle 1.81.
    Fips,
}

impl Consumer {
    /// Every consumer: the word of `--for`, what is written for it, and why.
    pub const ALL: [(&str, Consumer, &str); 8] = [
        ("java8", Consumer::Java8, "3DES and SHA-1: before update 301, Java 8 knows no AES and no SHA-256 in PKCS#12"),
        ("java", Consumer::Java, "AES-256 and SHA-256, which Java writes itself since 17 and reads since 8u301"),
        ("openssl", Consumer::OpenSsl, "AES-256 and SHA-256: OpenSSL 3 refuses RC2 and RC4"),
        (
            "windows",
            Consumer::Windows,
            "3DES and SHA-1: Windows before Server 2019 knows no AES in PKCS#12; newer ones read both",
        ),
        (
            "macos",
            Consumer::MacOs,
            "3DES and SHA-1: the keychain calls the password of anything newer wrong; it wants a MAC and a password",
        ),
        ("android", Consumer::Android, "3DES and SHA-1: installers of many Android versions know nothing newer"),
        ("nss", Consumer::Nss, "AES-256 and SHA-256, which NSS reads since 3.30"),
        ("fips", Consumer::Fips, "AES-256 with PBMAC1 (RFC 9579): the classic PKCS#12 MAC is not approved"),
    ];

    /// What to write for it.
    pub fn target(self) -> Target {
        Target::Pkcs12(match self {
            Consumer::Java | Consumer::OpenSsl | Consumer::Nss => Profile::Modern,
            Consumer::Java8 | Consumer::Windows | Consumer::MacOs | Consumer::Android => Profile::Legacy,
            Consumer::Fips => Profile::Pbmac1,
        })
    }
}

/// Whether one consumer opens a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Who.
    pub consumer: &'static str,
    /// Why it does not open it; `None` where it does.
    pub obstacle: Option<String>,
    /// What it does not see of a file that it opens; `None` where it sees all.
    pub caveat: Option<String>,
}

impl Reading {
    /// Why it does not open the file, or what it does not see in it.
    pub fn why(&self) -> Option<&str> {
        self.obstacle.as_deref().or(self.caveat.as_deref())
    }
}

/// What a consumer knows.
struct Knows {
    consumer: &'static str,
    /// Whether it is Java, which does not see all of a file that it opens.
    is_java: bool,
    /// Whether it opens a file with these words for its schemes; else the reason.
    objection: fn(&Facts<'_>) -> Option<&'static str>,
}

/// The facts of a file that decide.
struct Facts<'a> {
    schemes: &'a str,
    mac: Option<&'a str>,
    is_empty_password: bool,
    is_ascii_password: bool,
    /// Whether a key is on a curve that only OpenSSL and its like know.
    has_odd_curve: bool,
    keys: usize,
    certificates: usize,
}

impl Facts<'_> {
    fn uses(&self, word: &str) -> bool {
        self.schemes.contains(word)
    }

    fn is_pbes2(&self) -> bool {
        self.uses("PBES2")
    }

    fn mac_is(&self, word: &str) -> bool {
        self.mac.is_some_and(|mac| mac.starts_with(word))
    }

    /// Only what was in PKCS#12 from the start: PBE with SHA-1, and HMAC-SHA1.
    fn is_classic(&self) -> bool {
        !self.is_pbes2() && (self.mac.is_none() || self.mac_is("HMAC-SHA1"))
    }

    /// The schemes one by one.
    fn each(&self) -> impl Iterator<Item = &str> {
        let parts = self.schemes.split("; ").flat_map(|part| part.split(" and "));
        parts.map(|part| part.trim_start_matches("certificates: ").trim_start_matches("keys: ").trim())
    }

    /// Whether Java has all its ciphers and derivations (`com.sun.crypto.provider`; tried with Java 17 and 25).
    fn has_javas_ciphers(&self) -> bool {
        const NAMED: [&str; 6] =
            ["PBE-SHA1-3DES", "PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128", "PBE-SHA1-RC4-40", "PBE-SHA1-RC4-128", "PBE-MD5-DES"];
        self.each().all(|scheme| match scheme.split_once(", PBKDF2-HMAC-") {
            Some((cipher, _)) => matches!(cipher, "PBES2 AES-128-CBC" | "PBES2 AES-256-CBC"),
            None => matches!(scheme, "" | "not encrypted") || NAMED.contains(&scheme.split(" x").next().unwrap_or_default()),
        })
    }

    /// RC2, RC4, single DES: what OpenSSL 3 moved to its legacy provider.
    fn is_weak(&self) -> bool {
        self.uses("RC2")
            || self.uses("RC4")
            || self.uses("-DES ")
            || self.uses("DES-CBC,") && !self.uses("3DES-CBC,")
            || self.uses("MD5-")
    }
}

const CONSUMERS: &[Knows] = &[
    Knows {
        consumer: "OpenSSL 3 (curl, Python, Node 17 and later)",
        is_java: false,
        objection: |f| match () {
            () if f.is_weak() => Some("it refuses RC2, RC4 and single DES without its legacy provider (\"unsupported\")"),
            () if f.mac_is("PBMAC1") => Some("PBMAC1 needs OpenSSL 3.4"),
            // PKCS12_parse (crypto/pkcs12/p12_kiss.c) verifies the MAC wherever a password is given
            () if f.mac.is_none() && !f.is_empty_password => {
                Some("curl, Node and other programs with its library want a MAC; the openssl command does not")
            }
            () => None,
        },
    },
    Knows {
        consumer: "Java 8u301, 11, 17 and later",
        is_java: true,
        objection: |f| match () {
            () if f.uses("scrypt") => Some("it knows no scrypt"),
            () if f.uses("GCM") => Some("it knows no AES-GCM in PKCS#12"),
            () if f.mac_is("PBMAC1") => Some("PBMAC1 needs Java 26"),
            () if f.mac_is("HMAC-MD5") || f.mac_is("HMAC-SHA3-") => Some("it knows MACs with SHA-1 and SHA-2 only"),
            () if f.uses("PBKDF2-HMAC-MD5") || f.uses("PBKDF2-HMAC-SHA3-") => Some("it derives keys with SHA-1 and SHA-2 only"),
            () if !f.has_javas_ciphers() => {
                Some("of this encryption it knows AES-128, AES-256, 3DES, RC2 and RC4 of PKCS#12 only")
            }
            () if f.has_odd_curve => Some("it does not know the curve of a key in it, and calls the password wrong"),
            () if f.uses("PBKDF2-HMAC-SHA512/") => {
                Some("Java 17 derives no keys with SHA-512/224 and SHA-512/256; newer ones do")
            }
            () if !f.is_ascii_password && !f.schemes.trim().is_empty() => {
                Some("before Java 19 it takes passwords in ASCII only, and calls others wrong")
            }
            () => None,
        },
    },
    Knows {
        consumer: "Java 8 before update 301",
        is_java: true,
        objection: |f| match () {
            () if !f.is_classic() => Some("it knows no AES and no SHA-256 in PKCS#12, and calls the password wrong"),
            () if !f.has_javas_ciphers() => Some("of PKCS#12's ciphers it knows 3DES, RC2 and RC4 only"),
            () if !f.is_ascii_password && !f.schemes.trim().is_empty() => {
                Some("it takes passwords in ASCII only, and calls others wrong")
            }
            () => None,
        },
    },
    Knows {
        consumer: "Windows Server 2019, Windows 10 1709 and later",
        is_java: false,
        objection: |f| match () {
            () if f.uses("scrypt") || f.uses("GCM") => Some("it knows neither scrypt nor AES-GCM"),
            () if f.mac_is("PBMAC1") => Some("it knows no PBMAC1"),
            () => None,
        },
    },
    Knows {
        consumer: "Windows before Server 2019",
        is_java: false,
        objection: |f| match () {
            () if f.is_classic() => None,
            () => Some("it knows no AES and no SHA-256 in PKCS#12, and calls the password wrong"),
        },
    },
    Knows {
        consumer: "the macOS keychain",
        is_java: false,
        objection: |f| match () {
            () if f.mac.is_none() => Some("it wants a MAC"),
            () if f.is_empty_password => Some("it wants a password that is not empty"),
            () if !f.is_classic() => Some("many versions know 3DES and SHA-1 only, and call the password wrong"),
            () => None,
        },
    },
    Knows {
        consumer: "Go's x/crypto/pkcs12 (Terraform)",
        is_java: false,
        objection: |f| match () {
            () if f.is_pbes2() || f.uses("RC4") || !(f.mac_is("HMAC-SHA1 ")) => {
                Some("it knows 3DES and RC2-40 with a SHA-1 MAC only")
            }
            () if f.keys != 1 || f.certificates != 1 => Some("it wants exactly one key and one certificate, no chain"),
            () => None,
        },
    },
];

/// Who opens a PKCS#12 store, and who does not; empty for other formats.
pub fn readings(store: &Store) -> Vec<Reading> {
    if store.format != Format::Pkcs12 {
        return Vec::new();
    }
    let schemes = store.encryption.as_deref().unwrap_or_default();
    let facts = Facts {
        // a trailing blank lets a scheme's last word be told from a longer one
        schemes: &format!("{schemes} "),
        mac: store.mac.as_deref(),
        is_empty_password: store.password.as_ref().is_some_and(crate::pki::Password::is_empty),
        is_ascii_password: store.password.as_ref().is_none_or(|password| password.expose().is_ascii()),
        has_odd_curve: store.keys().any(is_on_an_odd_curve),
        keys: store.keys().count(),
        certificates: super::target::certificates(&store.entries).len(),
    };
    let unseen = unseen_by_java(store);
    let reading = |c: &Knows| {
        let obstacle = (c.objection)(&facts).map(str::to_owned);
        let caveat = unseen.clone().filter(|_| obstacle.is_none() && c.is_java);
        Reading { consumer: c.consumer, obstacle, caveat }
    };
    CONSUMERS.iter().map(reading).collect()
}

/// What Java passes over in a file that it opens, with the reason.
fn unseen_by_java(store: &Store) -> Option<String> {
    let (seen, all) = (java_entries(store)?, store.entries.len());
    if seen == all {
        return None;
    }
    let has = |is: fn(&Item) -> bool| store.entries.iter().any(|e| is(&e.item));
    let reasons = [
        (has(|i| matches!(i, Item::Certificate(_))), "it takes certificates only where they are marked as trusted"),
        (has(|i| matches!(i, Item::Key { .. })) && !has_locked_keys(store), "it skips private keys that are not encrypted"),
        (has(|i| matches!(i, Item::Key { chain, .. } if chain.is_empty())), "it skips private keys without a certificate"),
    ];
    let reasons: Vec<&str> = reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, why)| why).collect();
    let sees = if seen == 0 { "none of its entries".to_owned() } else { format!("{seen} of its {all} entries") };
    let why = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", and ")) };
    Some(format!("it opens the file, but sees {sees}{why}"))
}

/// The twisted brainpool curves, SM2, and curves that are spelled out: Java has none of them.
fn is_on_an_odd_curve(entry: &super::Entry) -> bool {
    let Item::Key { key: Ok(key), .. } = &entry.item else { return false };
    matches!(key.kind(), KeyKind::Ec(name) if name.ends_with("t1") || name == "SM2" || name.ends_with("explicit parameters)"))
}

/// How many entries Java would show: encrypted keys with a certificate (it skips keys in the clear), marked certificates,
/// secret keys; and none of an encrypted store without a password, whose loader then skips what is encrypted.
pub fn java_entries(store: &Store) -> Option<usize> {
    if store.format != Format::Pkcs12 {
        return None;
    }
    let has_locked_keys = has_locked_keys(store);
    let seen = store.entries.iter().filter(|e| match &e.item {
        Item::Key { chain, .. } => has_locked_keys && !chain.is_empty(),
        Item::Trusted(_) | Item::Secret { .. } => true,
        // a secret key that no password opened, which Java lists without opening it
        Item::Unread { .. } => matches!(e.kept, Some(Kept::Sealed { .. })),
        _ => false,
    });
    Some(seen.count())
}

fn has_locked_keys(store: &Store) -> bool {
    store.encryption.as_deref().is_some_and(pkcs12::has_locked_keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_java_opens_and_does_not_see_is_said() {
        let root = include_bytes!("../../fixtures/pkcs12/material/root.pem");
        let cert = crate::pki::Cert::from_der(pem::parse(root).unwrap().contents()).unwrap();
        let java = |items: Vec<Item>| {
            let entries = items.into_iter().map(|item| super::super::Entry::new(None, item)).collect();
            let mut store = Store::plain(Format::Pkcs12, entries);
            store.encryption = Some("PBE-SHA1-3DES x1".to_owned());
            store.mac = Some("HMAC-SHA1 x1".to_owned());
            readings(&store).into_iter().find(|r| r.consumer.starts_with("Java 8u301")).unwrap()
        };
        let trusted = java(vec![Item::Trusted(cert.clone())]);
        assert_eq!((trusted.obstacle.as_deref(), trusted.why()), (None, None));
        let unmarked = java(vec![Item::Certificate(cert.clone())]);
        assert_eq!(unmarked.obstacle, None, "it opens");
        let why = unmarked.why().unwrap();
        assert!(why.contains("none of its entries") && why.contains("marked as trusted"), "{why}");
        assert!(java(vec![Item::Trusted(cert.clone()), Item::Certificate(cert)]).why().unwrap().contains("1 of its 2 entries"));
    }

    fn obstacles(encryption: &str, mac: Option<&str>) -> Vec<&'static str> {
        let mut store = Store::plain(Format::Pkcs12, vec![]);
        store.encryption = Some(encryption.to_owned());
        store.mac = mac.map(str::to_owned);
        readings(&store)
            .into_iter()
            .filter(|r| r.obstacle.is_some() && !r.consumer.starts_with("Go"))
            .map(|r| r.consumer)
            .collect()
    }

    #[test]
    fn each_consumer_refuses_what_it_does_not_know() {
        let modern = obstacles("PBES2 AES-256-CBC, PBKDF2-HMAC-SHA256 x10000", Some("HMAC-SHA256 x10000"));
        assert_eq!(modern, ["Java 8 before update 301", "Windows before Server 2019", "the macOS keychain"]);
        assert_eq!(obstacles("PBE-SHA1-3DES x2048", Some("HMAC-SHA1 x2048")), [""; 0]);
        let rc2 = obstacles("certificates: PBE-SHA1-RC2-40 x2048; keys: PBE-SHA1-3DES x2048", Some("HMAC-SHA1 x2048"));
        assert_eq!(rc2, ["OpenSSL 3 (curl, Python, Node 17 and later)"]);
        assert_eq!(obstacles("PBES2 3DES-CBC, PBKDF2-HMAC-SHA1 x1", Some("HMAC-SHA1 x1")).len(), 4);
        assert!(obstacles("PBES2 DES-CBC, PBKDF2-HMAC-SHA1 x1", Some("HMAC-SHA1 x1"))[0].starts_with("OpenSSL"));
        let without_mac = ["OpenSSL 3 (curl, Python, Node 17 and later)", "the macOS keychain"];
        assert_eq!(obstacles("PBE-SHA1-3DES x1", None), without_mac);
    }

    #[test]
    fn java_knows_few_ciphers_and_its_own_macs() {
        let is_read = |encryption: &str, mac: &str| !obstacles(encryption, Some(mac)).contains(&"Java 8u301, 11, 17 and later");
        let (sha1, sha2) = ("HMAC-SHA1 x1", "HMAC-SHA256 x1");
        assert!(is_read("certificates: PBES2 AES-128-CBC, PBKDF2-HMAC-SHA1 x1; keys: PBE-SHA1-3DES x1", sha2));
        assert!(is_read("certificates: not encrypted; keys: PBE-SHA1-RC4-40 x1 and PBE-MD5-DES x1", sha1));
        for unread in [
            "PBES2 AES-192-CBC, PBKDF2-HMAC-SHA256 x1",
            "PBES2 3DES-CBC, PBKDF2-HMAC-SHA1 x1",
            "PBE-SHA1-2DES x1",
            "PBE-SHA1-DES x1",
        ] {
            assert!(!is_read(unread, sha2), "{unread}");
        }
        assert!(!is_read("PBES2 AES-256-CBC, PBKDF2-HMAC-SHA512/256 x1", sha2));
        assert!(is_read("PBES2 AES-256-CBC, PBKDF2-HMAC-SHA384 x1", "HMAC-SHA384 x1"), "which begins as SHA3 does");
        assert!(!is_read("PBE-SHA1-3DES x1", "HMAC-MD5 x1") && !is_read("PBE-SHA1-3DES x1", "HMAC-SHA3-256 x1"));
        let mut store = Store::plain(Format::Pkcs12, vec![]);
        store.encryption = Some("PBE-SHA1-3DES x1".to_owned());
        store.mac = Some(sha1.to_owned());
        store.password = Some(crate::pki::Password::new("pässwörd"));
        assert_eq!(readings(&store).iter().filter(|r| r.obstacle.as_ref().is_some_and(|o| o.contains("ASCII"))).count(), 2);
    }
}
