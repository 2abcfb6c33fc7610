//! What a STORE argument names (contract.md): a file, `-`, a pair `cert.pem,key.pem`, or a folder of such files. More files
//! behind a pair (`cert.pem,key.pem,chain.pem`) are sent with its certificate, in their order.

use crate::error::{Error, Kind, Result};
use crate::files::{self, shown};
use crate::formats::{self, Budget, Entry, Format, Item, Opening, Store};
use crate::pki::{Cert, Passwords};
use crate::safe::{all_of, count, shell_path};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// How many names of ignored files a remark lists.
const NAMES_SHOWN: usize = 5;

/// Opens the store that `argument` names.
///
/// # Errors
/// Those of [`files::read`] and [`formats::open`], naming the file; file-unreadable for a folder without certificates.
pub fn load(argument: &OsStr, passwords: &Passwords<'_>, budget: &Budget) -> Result<Store> {
    let path = Path::new(argument);
    let loader = Loader { passwords, budget };
    if files::is_folder(path) {
        return loader.folder(path);
    }
    match parts(argument) {
        // a file with a comma in its name is meant where there is one
        Some(paths) if !files::exists(path) => loader.together(&paths),
        _ => loader.file(path),
    }
}

/// The roots that this system trusts: the bundle of the distribution, or the keystore of Windows and macOS.
///
/// # Errors
/// [`Kind::Unreadable`] where there is none.
pub fn system_roots() -> Result<Vec<Cert>> {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Cert> = found.certs.iter().filter_map(|der| Cert::from_der(der).ok()).filter(is_root).collect();
    if roots.is_empty() {
        let none = Error::new(
            Kind::Unreadable,
            "this system has no trusted roots",
            "install them (Debian: apt install ca-certificates), or name a bundle with SSL_CERT_FILE",
        );
        return Err(found.errors.iter().fold(none, |e, why| e.because(why)));
    }
    Ok(roots)
}

/// Whether it may be one: folders of roots hold local test certificates, too (Debian's ssl-cert-snakeoil.pem). Version 1 knows no
/// mark of a CA.
fn is_root(cert: &Cert) -> bool {
    cert.is_ca() || cert.version == 1
}

/// The paths of a pair; `None` where there is no comma, or nothing on one side of it.
fn parts(argument: &OsStr) -> Option<Vec<PathBuf>> {
    let text = argument.to_str()?;
    let paths: Vec<PathBuf> = text.split(',').map(PathBuf::from).collect();
    (paths.len() > 1 && paths.iter().all(|p| !p.as_os_str().is_empty())).then_some(paths)
}

struct Loader<'a> {
    passwords: &'a Passwords<'a>,
    budget: &'a Budget,
}

impl Loader<'_> {
    fn opening<'n>(&'n self, name: &'n str) -> Opening<'n> {
        Opening { name, passwords: self.passwords, budget: self.budget }
    }

    fn file(&self, path: &Path) -> Result<Store> {
        let bytes = files::read(path, files::CAP)?;
        let name = shown(path);
        formats::open(&bytes, &self.opening(&name)).map_err(|e| e.in_file(&name))
    }

    /// Several files that are one store: a certificate here, its key there.
    fn together(&self, paths: &[PathBuf]) -> Result<Store> {
        let mut merged = Merged::default();
        for path in paths {
            let bytes = files::read(path, files::CAP)?;
            let name = shown(path);
            let store = formats::open_loose(&bytes, &self.opening(&name)).map_err(|e| e.in_file(&name))?;
            if !formats::is_loose(store.format) {
                return Err(Error::new(
                    Kind::Usage,
                    format!("{name}: {} holds keys with their certificates, and cannot be one half of a pair", store.format),
                    format!("name it alone: {}", shell_path(&name)),
                ));
            }
            merged.add(store, &name);
        }
        let named = merged.certificates();
        let mut store = merged.store();
        send_along(&mut store, named);
        Ok(store)
    }

    fn folder(&self, folder: &Path) -> Result<Store> {
        let (mut merged, mut ignored, mut keystores) = (Merged::default(), Vec::new(), Vec::new());
        let mut left = files::CAP;
        for path in files::list(folder)? {
            let name = files::name(&path);
            let bytes = match files::read(&path, left) {
                Ok(bytes) => bytes,
                Err(e) => {
                    merged.remarks.push(format!("{} (not read)", e.what));
                    continue;
                }
            };
            left -= bytes.len() as u64;
            match formats::open_loose(&bytes, &self.opening(&shown(&path))) {
                Ok(store) if formats::is_loose(store.format) => merged.add(store, &name),
                Ok(_) => keystores.push(path),
                Err(e) if e.kind == Kind::NotAStore => ignored.push(name),
                Err(e) if e.kind == Kind::TooCostly => return Err(e.in_file(shown(&path))),
                // what a password or a later version would open is a keystore all the same
                Err(e) if matches!(e.kind, Kind::WrongPassword | Kind::Unsupported) => keystores.push(path),
                Err(e) => merged.remarks.push(format!("{name}: {} (not read)", e.what)),
            }
        }
        if !merged.has_certificate() {
            return Err(no_certificates(folder, &keystores));
        }
        let keystores: Vec<String> = keystores.iter().map(|p| files::name(p)).collect();
        merged.remark_names("a keystore of its own, not read with the folder", &keystores);
        merged.remark_names("neither a certificate nor a key, not read", &ignored);
        Ok(merged.store())
    }
}

/// Who names a chain's file beside a certificate and its key wants it sent. A folder's other files are not named: there, the
/// leaf's own file says what is sent, as servers have it.
fn send_along(store: &mut Store, named: Vec<Cert>) {
    let mut keys = store.entries.iter_mut().filter_map(|entry| match &mut entry.item {
        Item::Key { sent, .. } if !sent.is_empty() => Some(sent),
        _ => None,
    });
    // of several keys, nothing tells for which one a chain is meant
    let (Some(sent), None) = (keys.next(), keys.next()) else { return };
    let mut is_new: HashSet<Cert> = sent.iter().cloned().collect();
    sent.extend(named.into_iter().filter(|cert| is_new.insert(cert.clone())));
}

fn no_certificates(folder: &Path, keystores: &[PathBuf]) -> Error {
    let place = shown(folder);
    let fix = match keystores.first() {
        Some(keystore) => format!("name the keystore in it: {}", shell_path(&shown(keystore))),
        None => format!("ls {} shows what is in it; name the file that is meant", shell_path(&place)),
    };
    Error::new(Kind::Unreadable, "a directory without certificates", fix).in_file(place)
}

/// Several files on their way to one store.
#[derive(Default)]
struct Merged {
    files: Vec<Vec<Entry>>,
    formats: Vec<Format>,
    encryption: Option<String>,
    password: Option<crate::pki::Password>,
    remarks: Vec<String>,
}

impl Merged {
    fn add(&mut self, store: Store, name: &str) {
        let mut entries = store.entries;
        for entry in &mut entries {
            // among several files, an entry that was not read must say where it is
            if let Item::Unread { why, .. } | Item::Key { key: Err(why), .. } = &mut entry.item {
                *why = why.clone().in_file(name);
            }
        }
        self.files.push(entries);
        self.formats.push(store.format);
        self.encryption = self.encryption.take().or(store.encryption);
        self.password = self.password.take().or(store.password);
        self.remarks.extend(store.remarks.into_iter().map(|r| format!("{name}: {r}")));
    }

    /// The certificates of all files, in order.
    fn certificates(&self) -> Vec<Cert> {
        let of = |entry: &Entry| match &entry.item {
            Item::Certificate(cert) | Item::Trusted(cert) => Some(cert.clone()),
            _ => None,
        };
        self.files.iter().flatten().filter_map(of).collect()
    }

    fn has_certificate(&self) -> bool {
        self.files.iter().flatten().any(|e| matches!(e.item, Item::Certificate(_) | Item::Trusted(_)))
    }

    fn remark_names(&mut self, what: &str, names: &[String]) {
        if names.is_empty() {
            return;
        }
        let shown = all_of(&names[..names.len().min(NAMES_SHOWN)]);
        let more = names.len().saturating_sub(NAMES_SHOWN);
        let more = if more > 0 { format!(" and {}", count(more, "other file")) } else { String::new() };
        self.remarks.push(format!("{shown}{more}: {what}"));
    }

    fn store(self) -> Store {
        let all_der = self.formats.iter().all(|f| *f == Format::Der);
        Store {
            format: if all_der { Format::Der } else { Format::Pem },
            encryption: self.encryption,
            mac: None,
            password: self.password,
            entries: formats::assemble::assemble(self.files),
            remarks: self.remarks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Password;
    use std::fs;

    fn pem(name: &str) -> PathBuf {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pem")).join(name)
    }

    fn open(argument: impl AsRef<OsStr>) -> Result<Store> {
        let passwords = Passwords::new(vec![Password::new("secret")], vec![]);
        load(argument.as_ref(), &passwords, &Budget::default())
    }

    fn cns(certs: &[crate::pki::Cert]) -> String {
        certs.iter().map(|c| c.subject.to_string().replace("CN=", "")).collect::<Vec<_>>().join(" ")
    }

    fn keys(store: &Store) -> Vec<(String, String)> {
        let both = |e: &Entry| match &e.item {
            Item::Key { chain, sent, .. } => (cns(chain), cns(sent)),
            _ => unreachable!(),
        };
        store.keys().map(both).collect()
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, fixture) in files {
            fs::copy(pem(fixture), dir.path().join(name)).unwrap();
        }
        dir
    }

    fn pair(cert: &str, key: &str) -> String {
        format!("{},{}", pem(cert).display(), pem(key).display())
    }

    #[test]
    fn pair_is_one_identity_and_sends_the_certificates_file() {
        let store = open(pair("fullchain.pem", "server.key")).unwrap();
        assert_eq!(keys(&store), [("server sub root".into(), "server sub root".into())]);
        assert_eq!((store.entries.len(), store.format), (1, Format::Pem));
        let store = open(pair("server.der", "ec-pkcs8-encrypted.der")).unwrap();
        assert_eq!((keys(&store), store.format), (vec![("server".into(), "server".into())], Format::Der));
        let e = open(pair("server.pem", "no.key")).unwrap_err();
        assert!(e.what.ends_with("no.key: no such file"), "{e}");
    }

    #[test]
    fn files_named_behind_a_pair_are_sent_with_it_in_order() {
        let list = |more: &[&str]| {
            let more: Vec<String> = more.iter().map(|name| format!(",{}", pem(name).display())).collect();
            keys(&open(pair("server.pem", "server.key") + &more.concat()).unwrap()).remove(0).1
        };
        assert_eq!(list(&[]), "server");
        assert_eq!(list(&["sub.pem"]), "server sub");
        assert_eq!(list(&["sub.pem", "root.pem"]), "server sub root");
        assert_eq!(list(&["root.pem", "sub.pem"]), "server root sub");
        assert_eq!(list(&["fullchain.pem"]), "server sub root");
        assert_eq!(list(&["other.pem"]), "server other", "what was named is sent, be it right or not");
    }

    #[test]
    fn path_with_a_comma_wins_over_a_pair() {
        let dir = folder(&[("a,b.pem", "server.pem"), ("a", "root.pem"), ("b.pem", "sub.pem")]);
        let store = open(dir.path().join("a,b.pem")).unwrap();
        assert_eq!(cns(&store.anchors().cloned().collect::<Vec<_>>()), "server");
    }

    #[test]
    fn mounted_secret_is_an_identity_that_sends_its_own_file() {
        let dir = folder(&[("ca.crt", "root.pem"), ("tls.crt", "server.pem"), ("tls.key", "server.key"), ("..data", "sub.pem")]);
        assert_eq!(keys(&open(dir.path()).unwrap()), [("server".into(), "server".into())]);
        let names = |store: &Store| cns(&store.anchors().cloned().collect::<Vec<_>>());
        assert_eq!(names(&open(dir.path()).unwrap()), "root");
        fs::copy(pem("other.pem"), dir.path().join("tls.crt")).unwrap();
        let store = open(dir.path()).unwrap();
        assert_eq!(keys(&store), [("other root".into(), "other".into())], "the mismatch is told about the leaf, not the CA");
    }

    #[test]
    fn folder_with_a_certificate_twice_sends_the_longer_file() {
        let dir = folder(&[
            ("cert.pem", "server.pem"),
            ("chain.pem", "sub.pem"),
            ("fullchain.pem", "fullchain.pem"),
            ("privkey.pem", "server.key"),
        ]);
        let store = open(dir.path()).unwrap();
        assert_eq!(keys(&store), [("server sub root".into(), "server sub root".into())]);
        assert_eq!(store.entries.len(), 1, "no certificate is listed twice");
    }

    #[test]
    fn folder_tells_what_it_leaves_out() {
        let dir = folder(&[
            ("a.pem", "server.pem"),
            ("b.pub", "openssh.pub"),
            ("c.pem", "damaged-all.pem"),
            ("d.p12", "certtool-p12.pem"),
        ]);
        fs::create_dir(dir.path().join("sub")).unwrap();
        let store = open(dir.path()).unwrap();
        assert_eq!(store.entries.len(), 1);
        let remarks = store.remarks.join("\n");
        assert!(remarks.contains("b.pub: neither a certificate nor a key"), "{remarks}");
        assert!(remarks.contains("c.pem: line 1 (CERTIFICATE)"), "{remarks}");
        assert!(remarks.contains("d.p12: a keystore of its own"), "{remarks}");
    }

    #[test]
    fn keystore_is_no_half_of_a_pair() {
        let e = open(pair("certtool-p12.pem", "server.key")).unwrap_err();
        assert_eq!(e.kind, Kind::Usage);
        assert!(e.what.contains("PKCS#12") && e.fix.starts_with("name it alone"), "{e}");
        let dir = folder(&[("a.p12", "certtool-p12.pem")]);
        assert!(open(dir.path()).unwrap_err().fix.ends_with("a.p12"));
    }

    #[test]
    fn folder_without_certificates_is_unreadable() {
        let dir = folder(&[("server.key", "server.key")]);
        let e = open(dir.path()).unwrap_err();
        assert_eq!(e.kind, Kind::Unreadable);
        assert!(e.what.ends_with(": a directory without certificates"), "{e}");
    }

    #[test]
    fn entry_that_was_not_read_names_its_file_among_several() {
        let passwords = Passwords::new(vec![Password::new("wrong")], vec![]);
        let argument = pair("server.pem", "ec-traditional-aes256.pem");
        let store = load(OsStr::new(&argument), &passwords, &Budget::default()).unwrap();
        let Item::Key { key: Err(e), chain, .. } = &store.keys().next().unwrap().item else { panic!("it opened") };
        assert!(e.what.ends_with("ec-traditional-aes256.pem: wrong password"), "{e}");
        assert_eq!((cns(chain), e.kind), ("server".into(), Kind::WrongPassword));
    }

    #[test]
    fn systems_folder_of_certificates_lists_each_once() {
        let of = |path: &str| open(path).unwrap().anchors().cloned().collect::<Vec<_>>();
        let (folder, bundle) = (of("/etc/ssl/certs"), of("/etc/ssl/certs/ca-certificates.crt"));
        let distinct: std::collections::HashSet<_> = folder.iter().collect();
        assert_eq!(folder.len(), distinct.len());
        assert!(bundle.len() > 50 && bundle.iter().all(|c| distinct.contains(c)));
    }
}
