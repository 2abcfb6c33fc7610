//! `init`, `ca`, `server`, `client`, `keystore` and `truststore`, from the words of the command line to the files.

use super::{Ui, run};
use serde_json::Value;
use std::path::PathBuf;

/// An empty folder to work in.
struct Folder(tempfile::TempDir);

/// What a command did.
struct Said {
    status: u8,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs `mtls` with `words`, of which those that start with `%` are paths in this folder.
    fn run_with(&self, variables: &[(&str, &str)], words: &[&str]) -> Said {
        let (mut ui, captured) = Ui::captured(variables);
        let place = format!("{}/", self.0.path().display());
        let words = words.iter().map(|w| w.replace('%', &place));
        let status = run(std::iter::once("mtls".to_owned()).chain(words), &mut ui).unwrap().status();
        let (out, err) = captured.text();
        Said { status, out: out.replace(&place, "%"), err: err.replace(&place, "%") }
    }

    fn run(&self, words: &[&str]) -> Said {
        self.run_with(&[], words)
    }

    /// The JSON of a command that must end with `status`.
    fn json(&self, status: u8, words: &[&str]) -> Value {
        let said = self.run(&[words, &["--json"]].concat());
        assert_eq!(said.status, status, "{}{}", said.out, said.err);
        serde_json::from_str(&said.out).unwrap()
    }
}

impl Said {
    #[track_caller]
    fn ends(self, status: u8) -> Self {
        assert_eq!(self.status, status, "{}{}", self.out, self.err);
        self
    }
}

/// What `inspect` says of a store: alias, kind and subjects of each entry.
fn entries(folder: &Folder, words: &[&str]) -> Vec<(String, String, Vec<String>)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let report = folder.json(0, &[&["inspect"], words].concat());
    let entry = |e: &Value| {
        let chain = e["chain"].as_array().unwrap().iter().map(|c| text(&c["subject"])).collect();
        (text(&e["alias"]), text(&e["kind"]), chain)
    };
    report["items"][0]["entries"].as_array().unwrap().iter().map(entry).collect()
}

#[test]
fn init_makes_proves_and_keeps() {
    let folder = Folder::new();
    let said = folder.run(&["init", "api.example", "--dir", "%pki"]).ends(0);
    for line in
        ["%pki/server.p12 (+ .crt .key)", "changeit (choose another", "mutual TLS proven: TLS 1.3", "a client of another CA"]
    {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    let again = folder.json(0, &["init", "api.example", "--dir", "%pki"]);
    let actions: Vec<_> = again["made"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..4], ["kept"; 4]);
    assert_eq!(again["handshake"]["mutual"], true);
    assert_eq!(again["handshake"]["refusals"].as_array().unwrap().len(), 4);
    let store = entries(&folder, &["%pki/server.p12"]);
    assert_eq!(store, [("server".to_owned(), "private-key".to_owned(), vec!["CN=api.example".to_owned()])]);
    let store = entries(&folder, &["%pki/truststore.p12"]);
    assert_eq!(store, [("dev ca".to_owned(), "trusted-cert".to_owned(), vec!["CN=Dev CA".to_owned()])]);
}

#[test]
fn a_chosen_password_is_used_and_not_shown() {
    let folder = Folder::new();
    let said = folder.run_with(&[("SECRET", "s3cr3t")], &["init", "--dir", "%pki", "-p", "env:SECRET"]).ends(0);
    assert!(!said.out.contains("s3cr3t") && !said.out.contains("choose another with --password"), "{}", said.out);
    folder.run(&["inspect", "%pki/server.p12"]).ends(3);
    folder.run_with(&[("MTLS_PASSWORD", "s3cr3t")], &["inspect", "%pki/server.p12"]).ends(0);
    // another run without it changes nothing, and says what is missing
    let said = folder.run(&["init", "--dir", "%pki"]).ends(3);
    assert!(said.err.contains("%pki/server.p12: wrong password"), "{}", said.err);
}

#[test]
fn one_by_one_over_an_intermediate_and_into_a_handshake() {
    let folder = Folder::new();
    folder.run(&["ca", "Root", "--dir", "%pki", "--permit", "example", "--permit", "127.0.0.1"]).ends(0);
    folder.run(&["ca", "Issuing", "--issuer", "%pki", "--dir", "%pki", "--key", "ed25519"]).ends(0);
    let issuer = &["--issuer", "%pki/issuing.crt,%pki/issuing.key", "--dir", "%out"];
    folder.run(&[&["server", "*.api.example", "127.0.0.1"], &issuer[..]].concat()).ends(0);
    folder.run(&[&["client", "ops@mail.example", "--san", "spiffe://example/ops"], &issuer[..]].concat()).ends(0);
    folder.run(&["truststore", "%trust.p12", "%pki/ca.crt"]).ends(0);
    let server = ["--server", "%out/_wildcard.api.example.p12", "%trust.p12"];
    let client = ["--client", "%out/ops@mail.example.p12", "%trust.p12"];
    let report = folder.json(0, &[&["handshake"], &server[..], &client[..]].concat());
    assert_eq!(report["handshake"]["mutual"], true, "{report:#}");
    let said = folder.run(&[&["server", "other.test"], &issuer[..]].concat()).ends(1);
    assert!(said.err.contains("outside DNS:example"), "{}", said.err);
}

#[test]
fn a_server_is_kept_renewed_and_protected() {
    let folder = Folder::new();
    folder.run(&["ca", "--dir", "%pki"]).ends(0);
    let server = |more: &[&str]| folder.json(0, &[&["server", "api.example", "--dir", "%pki"], more].concat())["made"][0].clone();
    assert_eq!(server(&[])["action"], "made");
    assert_eq!(server(&[])["action"], "kept");
    let both = server(&["--both"]);
    assert_eq!(
        (&both["action"], &both["certificate"]["eku"]),
        (&"renewed".into(), &serde_json::json!(["serverAuth", "clientAuth"]))
    );
    assert_eq!(server(&["--key", "ec-p384", "--days", "10"])["certificate"]["key"], "EC P-384");
    assert_eq!(server(&["--renew"])["says"], "api.example · that was asked for");
    std::fs::write(folder.path("pki/api.example.key"), "mine\n").unwrap();
    let said = folder.run(&["server", "api.example", "--dir", "%pki", "--renew"]).ends(3);
    assert!(said.err.contains("%pki/api.example.key: is there already") && said.err.contains("fix: "), "{}", said.err);
    assert_eq!(std::fs::read(folder.path("pki/api.example.key")).unwrap(), b"mine\n");
}

#[test]
fn a_keystore_is_bundled_from_loose_parts() {
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%pki"]).ends(0);
    let parts = ["keystore", "%k.p12", "%pki/ca.crt", "%pki/server.key", "%pki/client.crt", "%pki/server.crt", "-p", "pass:x"];
    let said = folder.run(&parts).ends(0);
    assert!(
        said.out.contains("the root Dev CA was left out") && said.out.contains("not in the certificate's chain: client"),
        "{}",
        said.out
    );
    assert_eq!(entries(&folder, &["%k.p12", "-p", "pass:x"])[0].2, ["CN=localhost"]);
    assert!(folder.run(&parts).ends(3).err.contains("--force"));
    // a keystore over itself: the password that opened it stays
    folder.run(&["keystore", "%k.p12", "%k.p12", "-p", "pass:y", "-p", "pass:x", "--force", "--alias", "new"]).ends(0);
    assert_eq!(entries(&folder, &["%k.p12", "-p", "pass:x"])[0].0, "new");
    let said = folder.run(&["keystore", "%l.p12", "%pki/server.key", "%pki/client.crt"]).ends(1);
    assert!(said.err.contains("no certificate belongs to the private key"), "{}", said.err);
}

#[test]
fn a_truststore_grows_and_shrinks() {
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%a", "--ca-name", "First CA"]).ends(0);
    folder.run(&["init", "--dir", "%b", "--ca-name", "Second CA"]).ends(0);
    let add = |file: &str| folder.json(0, &["truststore", "%t.p12", file])["made"][0]["action"].clone();
    assert_eq!([add("%a/ca.crt"), add("%b/truststore.p12"), add("%b/ca.crt")], ["added", "added", "already there"]);
    let aliases = || entries(&folder, &["%t.p12"]).into_iter().map(|e| e.0).collect::<Vec<_>>();
    assert_eq!(aliases(), ["first ca", "second ca"]);
    folder.run(&["truststore", "%t.p12", "--remove", "FIRST CA"]).ends(0);
    assert_eq!(aliases(), ["second ca"]);
    let said = folder.run(&["truststore", "%t.p12", "--remove", "first ca"]).ends(1);
    assert!(said.err.contains("fix: name second ca"), "{}", said.err);
    let said = folder.run(&["truststore", "%a/server.p12", "%b/ca.crt"]).ends(3);
    assert!(said.err.contains("holds a private key"), "{}", said.err);
    folder.run(&["truststore", "%none.p12", "--remove", "x"]).ends(3);
}

#[test]
fn slips_are_wrong_usage_and_leave_nothing_behind() {
    let folder = Folder::new();
    for words in [
        &["init", "api.example:443"][..],
        &["init", "https://api.example"],
        &["init", "--days", "0"],
        &["init", "--key", "rsa-1024"],
        &["ca", "--permit", "10.1.2.3/8"],
        &["ca", "--subject", "nonsense"],
        &["client"],
        &["client", ""],
        &["client", " "],
        &["client", "0123456789012345678901234567890123456789012345678901234567890123456789"],
        &["init", "--ca-name", ""],
        &["server", "x.example", "--alias", ""],
        &["client", "ca"],
        &["server", "*"],
        &["server", "x.example", "--out", "a/b"],
        &["truststore", "%t.p12"],
    ] {
        let dir: &[&str] = if words[0] == "truststore" { &[] } else { &["--dir", "%pki"] };
        folder.run(&[words, dir].concat()).ends(2);
    }
    assert_eq!(std::fs::read_dir(folder.0.path()).unwrap().count(), 0);
}

#[test]
fn names_that_make_one_file_name_stay_apart() {
    let folder = Folder::new();
    folder.run(&["ca", "--dir", "%pki"]).ends(0);
    for (first, second) in [("Billing-EU", "billing eu"), ("alice", "Alice"), ("a b", "a/b")] {
        folder.run(&["client", first, "--dir", "%pki"]).ends(0);
        for more in [&[][..], &["--renew"]] {
            let said = folder.run(&[&["client", second, "--dir", "%pki"], more].concat()).ends(3);
            assert!(said.err.contains(&format!("is the certificate of CN={first}, not of {second}")), "{}", said.err);
            assert!(said.err.contains("--out NAME"), "{}", said.err);
        }
        folder.run(&["client", first, "--dir", "%pki"]).ends(0);
    }
    folder.run(&["client", "Alice", "--dir", "%pki", "--out", "alice2"]).ends(0);
    // a subject of its own is asked for again, or the identity is another
    let billing = &["client", "paying", "--subject", "CN=Paying Service,O=Example", "--dir", "%pki"];
    folder.run(billing).ends(0);
    assert_eq!(folder.json(0, billing)["made"][0]["action"], "kept");
    let said = folder.run(&["client", "paying", "--dir", "%pki"]).ends(3);
    assert!(said.err.contains("--subject 'CN=Paying Service,O=Example'"), "{}", said.err);
    // a server's names grow in files that have a name of their own
    folder.run(&["server", "2001:db8::1", "--dir", "%pki"]).ends(0);
    folder.run(&["server", "2001-db8-1", "--dir", "%pki"]).ends(3);
    for name in ["a.example", "b.example"] {
        folder.run(&["server", name, "--out", "web", "--dir", "%pki"]).ends(0);
    }
    // the other role's certificate is not a stranger's
    folder.run(&["client", "::1", "--dir", "%pki"]).ends(0);
    let said = folder.run(&["server", "::1", "--dir", "%pki"]).ends(3);
    assert!(said.err.contains("is a client's certificate") && !said.err.contains("not made by mtls"), "{}", said.err);
}

#[test]
fn a_ca_key_under_a_password_of_its_own_opens_with_issuer_password() {
    let folder = Folder::new();
    folder.run(&["ca", "--dir", "%pki"]).ends(0);
    folder.run(&["password", "%pki/ca.key", "--new", "pass:cakey"]).ends(0);
    for words in [&["init"][..], &["client", "billing"], &["ca", "x", "--issuer", "%pki"]] {
        let said = folder.run(&[words, &["--dir", "%pki"]].concat()).ends(3);
        assert!(said.err.contains("--issuer-password"), "{}", said.err);
    }
    folder.run(&["init", "--dir", "%pki", "--issuer-password", "pass:cakey"]).ends(0);
    // the stores have the password that everyone knows, not the CA's
    assert_eq!(entries(&folder, &["%pki/server.p12", "-p", "pass:changeit"]).len(), 1);
}

#[test]
fn an_intermediate_is_made_as_the_help_and_the_fix_say() {
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%pki"]).ends(0);
    let said = folder.run(&["ca", "issuing", "--issuer", "%pki", "--dir", "%pki"]).ends(1);
    assert!(said.err.contains("mtls ca Root --dir root"), "{}", said.err);
    folder.run(&["ca", "Root CA", "--dir", "%root"]).ends(0);
    folder.run(&["ca", "issuing", "--issuer", "%root", "--dir", "%pki"]).ends(0);
    let said = folder.run(&["ca", "--path-length", "1", "--dir", "%pki"]).ends(0);
    assert!(said.out.contains("is never replaced, and stays as it is"), "{}", said.out);
    let said = folder.run(&["client", "x", "--issuer", "%nowhere"]).ends(3);
    assert!(said.err.contains("there is no CA: %nowhere does not exist"), "{}", said.err);
}

#[test]
fn an_empty_variable_makes_no_store() {
    let folder = Folder::new();
    let empty = &[("MTLS_PASSWORD", "")];
    let said = folder.run_with(empty, &["init", "--dir", "%pki"]).ends(2);
    assert!(said.err.contains("MTLS_PASSWORD is empty"), "{}", said.err);
    assert!(!folder.path("pki").exists());
    folder.run_with(empty, &["init", "--dir", "%pki", "-p", "pass:"]).ends(0);
    folder.run_with(empty, &["inspect", "%pki/server.p12"]).ends(0);
}

#[test]
fn what_to_do_next_opens_what_was_written() {
    let folder = Folder::new();
    let secret = &[("SECRET", "s3cr3t")];
    let said = folder.run_with(secret, &["init", "--dir", "%pki", "-p", "env:SECRET"]).ends(0);
    assert!(said.out.contains("mtls inspect %pki/server.p12 --password env:SECRET\n"), "{}", said.out);
    let said = folder.run(&["password", "%pki/server.p12", "-p", "pass:s3cr3t", "--new", "pass:other"]).ends(0);
    assert!(said.out.contains("mtls inspect %pki/server.p12 --password prompt\n"), "{}", said.out);
    let said = folder.run(&["keystore", "%k.p12", "%pki/server.key", "%pki/server.crt", "-p", "pass:other"]).ends(0);
    assert!(said.out.contains("mtls inspect %k.p12 --password prompt\n"), "{}", said.out);
    let said = folder.run(&["truststore", "%t.p12", "%pki/ca.crt"]).ends(0);
    assert!(said.out.contains("mtls inspect %t.p12\n"), "{}", said.out);
}

#[test]
fn a_password_is_not_put_on_what_cannot_have_one() {
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%pki"]).ends(0);
    let said = folder.run(&["password", "%pki/ca.crt", "--new", "pass:x"]).ends(1);
    assert!(said.err.contains("holds no private key"), "{}", said.err);
    folder.run(&["password", "%pki/server.key", "--new", "pass:x"]).ends(0);
    folder.run(&["inspect", "%pki/server.key"]).ends(3);
    // and a key that is under one stays so when its file is edited
    folder.run(&["entry", "add", "%pki/server.key", "%pki/ca.crt", "-p", "pass:x"]).ends(0);
    folder.run(&["inspect", "%pki/server.key"]).ends(3);
    // the file of the key is named
    let said = folder.run(&["keystore", "%k.p12", "%pki/server.crt", "%pki/client.crt", "%pki/server.key"]).ends(3);
    assert!(said.err.contains("%pki/server.key: "), "{}", said.err);
}

#[test]
fn a_key_keeps_the_password_of_its_own_when_its_store_is_edited() {
    use crate::formats::target::{self, Target};
    use crate::formats::{Budget, Entry, Item, pkcs12};
    use crate::pki::{Password, Passwords};
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%pki"]).ends(0);
    let passwords =
        |key: &[&str]| Passwords::new(vec![Password::new("changeit")], key.iter().map(|k| Password::new(*k)).collect());
    let load = |name: &str, key: &[&str]| {
        crate::stores::load(folder.path(name).as_os_str(), &passwords(key), &Budget::default()).unwrap()
    };
    for (name, target) in [("k.jks", Target::Jks), ("k.p12", Target::Pkcs12(pkcs12::Profile::Modern)), ("k.bcfks", Target::Bcfks)]
    {
        // a key under its own password, as keytool -keypasswd makes it
        let entries: Vec<Entry> = load("pki/server.p12", &[])
            .entries
            .into_iter()
            .map(|mut entry| {
                if let Item::Key { key: Ok(key), .. } = &mut entry.item {
                    *key = key.clone().found_under(Password::new("keypass"), &Password::new("changeit"));
                    key.keep_own_password();
                }
                entry
            })
            .collect();
        let now = time::macros::datetime!(2026-11-21 0:00 UTC);
        let bytes = target::write(target, &entries, &Password::new("changeit"), now).unwrap();
        std::fs::write(folder.path(name), &bytes[..]).unwrap();
        let path = format!("%{name}");
        // what edits another entry needs no password of the key, and leaves it as it is
        let said = folder.run(&["entry", "add", &path, "%pki/ca.crt"]).ends(0);
        assert!((said.out.clone() + &said.err).contains("was not opened, and stays as it was"), "{}{}", said.out, said.err);
        let alias = load(name, &[]).keys().next().unwrap().alias.clone().unwrap();
        folder.run(&["entry", "rename", &path, &alias, "renamed"]).ends(0);
        folder.run(&["entry", "rename", &path, "renamed", "again", "--key-password", "pass:keypass"]).ends(0);
        // what has to open it says so
        for words in [["password", &path, "--new", "pass:changeit"], ["convert", &path, "%out.p12", "--force"]] {
            let said = folder.run(&words).ends(3);
            assert!(said.err.contains("--key-password") && said.err.contains("nothing was written"), "{}", said.err);
        }
        let opens = |key: &[&str]| {
            let store = load(name, key);
            assert_eq!(store.entries.len(), 2, "{name}");
            store.entries.iter().any(|e| matches!(e.item, Item::Key { key: Ok(_), .. }))
        };
        assert_eq!((opens(&[]), opens(&["keypass"])), (false, true), "{name}");
        folder.run(&["password", &path, "--key-password", "pass:keypass", "--new", "pass:changeit"]).ends(0);
        assert!(opens(&[]), "{name}");
    }
}

#[test]
fn a_pem_truststore_is_edited_by_subject() {
    let folder = Folder::new();
    folder.run(&["ca", "First CA", "--dir", "%a"]).ends(0);
    folder.run(&["ca", "Second CA", "--dir", "%b"]).ends(0);
    let said = folder.run(&["truststore", "%t.pem", "%a/ca.crt", "%b/ca.crt"]).ends(0);
    assert!(!said.out.contains("Java"), "{}", said.out);
    let said = folder.run(&["truststore", "%t.pem", "%b/ca.crt"]).ends(0);
    assert!(!said.out.contains("Java") && said.out.contains("already there"), "{}", said.out);
    let said = folder.run(&["truststore", "%t.pem", "--remove", "Third CA"]).ends(1);
    assert!(said.err.contains("(First CA) or ") && said.err.contains("(Second CA)"), "{}", said.err);
    folder.run(&["truststore", "%t.pem", "--remove", "First CA"]).ends(0);
    assert_eq!(entries(&folder, &["%t.pem"]).len(), 1);
    folder.run(&["truststore", "%t.pem", "--remove", "First CA"]).ends(1);
}

#[test]
fn aliases_have_a_letter() {
    let folder = Folder::new();
    folder.run(&["init", "--dir", "%pki"]).ends(0);
    let before = std::fs::read(folder.path("pki/server.p12")).unwrap();
    folder.run(&["entry", "rename", "%pki/server.p12", "server", ""]).ends(2);
    folder.run(&["entry", "add", "%pki/server.p12", "%pki/ca.crt", "--alias", ""]).ends(2);
    folder.run(&["truststore", "%t.p12", "%pki/ca.crt", "--alias", ""]).ends(2);
    assert_eq!(std::fs::read(folder.path("pki/server.p12")).unwrap(), before);
}
