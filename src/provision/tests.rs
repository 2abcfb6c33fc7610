//! Directories in every state that they can be found in.

use super::*;
use crate::pki::KeyKind;
use std::collections::BTreeMap;
use std::fs;
use time::Duration;

struct Dir(tempfile::TempDir);

fn access() -> StoreAccess<'static> {
    access_with("changeit", false)
}

fn access_with(password: &str, is_chosen: bool) -> StoreAccess<'static> {
    let tried = vec![Password::new(password), Password::new("changeit")];
    let passwords = Passwords::new(tried, vec![]);
    StoreAccess { password: Password::new(password), is_chosen, passwords, profile: pkcs12::Profile::Modern }
}

impl Dir {
    fn new() -> Dir {
        Dir(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn wanted(&self, names: &[&str]) -> InitWanted<'_> {
        let names = names.iter().map(|n| san::parse(n, Side::Server).unwrap()).collect();
        InitWanted { dir: self.0.path(), names, key: None, lifetime: None, ca_name: "Dev CA", is_forced: false }
    }

    fn try_init(&self, wanted: &InitWanted<'_>, access: &StoreAccess<'_>, now: OffsetDateTime) -> Result<Vec<Step>> {
        let made = init(wanted, access, now)?;
        assert!(made.server.key.belongs_to(&made.server.chain[0]).unwrap());
        let steps = made.plan.steps.clone();
        made.plan.encode(&Encoding { password: &access.password, profile: access.profile })?.commit()?;
        Ok(steps)
    }

    fn init(&self, names: &[&str]) -> Vec<Step> {
        self.try_init(&self.wanted(names), &access(), now()).unwrap()
    }

    /// The error of an init that must change nothing.
    fn refused(&self, wanted: &InitWanted<'_>, access: &StoreAccess<'_>) -> Error {
        let before = self.files();
        let e = self.try_init(wanted, access, now()).unwrap_err();
        assert!(self.files() == before, "files changed: {e}");
        assert!(!e.fix.is_empty());
        e
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let files = fs::read_dir(self.0.path()).unwrap().map(|f| f.unwrap().path());
        files.map(|f| (files::name(&f), fs::read(&f).unwrap())).collect()
    }

    fn cert(&self, name: &str) -> Cert {
        let Ok(held::Slot::Present(certs)) = held::certificates(&self.path(name), &Passwords::usual()) else { panic!("{name}") };
        certs[0].clone()
    }
}

fn now() -> OffsetDateTime {
    time::macros::datetime!(2026-11-22 12:00 UTC)
}

fn told(steps: &[Step]) -> Vec<(&str, &str, &str)> {
    steps.iter().map(|s| (&s.role[..], s.action.word(), &s.says[..])).collect()
}

#[test]
fn an_empty_directory_gets_everything_and_keeps_it_when_asked_again() {
    let dir = Dir::new();
    let made = dir.init(&["api.example"]);
    assert_eq!(
        told(&made),
        [
            ("ca", "made", "Dev CA · EC P-256"),
            ("server", "made", "api.example, localhost, 127.0.0.1, ::1"),
            ("client", "made", "client"),
            ("truststore", "made", "1 CA; give it to both sides"),
        ]
    );
    let files = dir.files();
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    let all = [
        ".made-by-mtls",
        "ca.crt",
        "ca.key",
        "client.crt",
        "client.key",
        "client.p12",
        "server.crt",
        "server.key",
        "server.p12",
        "truststore.p12",
    ];
    assert_eq!(names, all);
    #[cfg(unix)]
    for name in &names {
        use std::os::unix::fs::PermissionsExt;
        let is_secret = name.ends_with(".key") || (name.ends_with(".p12") && *name != "truststore.p12");
        let mode = fs::metadata(dir.path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077 == 0, is_secret, "{name} {mode:o}");
    }
    let again = dir.init(&["api.example"]);
    assert!(again.iter().all(|s| s.action == Action::Kept), "{:?}", told(&again));
    assert!(dir.files() == files);
}

#[test]
fn a_new_name_renews_the_server_alone_and_keeps_its_names() {
    let dir = Dir::new();
    dir.init(&["api.example"]);
    let (ca, client) = (dir.cert("ca.crt"), dir.cert("client.crt"));
    let steps = dir.init(&["web.example"]);
    assert_eq!(
        told(&steps)[1],
        ("server", "renewed", "api.example, localhost, 127.0.0.1, ::1, web.example · it lacked web.example")
    );
    assert_eq!((dir.cert("ca.crt"), dir.cert("client.crt")), (ca, client));
    assert_eq!(dir.cert("server.crt").subject.short(), "api.example");
}

#[test]
fn certificates_are_renewed_in_their_last_thirty_days() {
    let dir = Dir::new();
    dir.init(&[]);
    let first = dir.cert("server.crt");
    let at = |days| dir.try_init(&dir.wanted(&[]), &access(), now() + Duration::days(days)).unwrap();
    assert_eq!(at(59)[1].action, Action::Kept);
    let steps = at(61);
    assert_eq!(told(&steps)[1], ("server", "renewed", "localhost, 127.0.0.1, ::1 · it would have expired in 29 days"));
    assert_ne!(dir.cert("server.crt").spki, first.spki);
    assert_eq!(at(200)[1].says, "localhost, 127.0.0.1, ::1 · it expired 49 days ago");
}

#[test]
fn short_lived_certificates_are_renewed_in_their_last_third() {
    let dir = Dir::new();
    let wanted = InitWanted { lifetime: Some(Lifetime::Days(9)), ..dir.wanted(&[]) };
    let at = |days| dir.try_init(&wanted, &access(), now() + Duration::days(days)).unwrap()[1].action;
    assert_eq!([at(0), at(5), at(7)], [Action::Made, Action::Kept, Action::Renewed]);
}

#[test]
fn another_kind_of_key_renews_the_leaves_and_never_the_ca() {
    let dir = Dir::new();
    dir.init(&[]);
    let wanted = InitWanted { key: Some(NewKey::Ed25519), ..dir.wanted(&[]) };
    let steps = dir.try_init(&wanted, &access(), now()).unwrap();
    assert_eq!(steps[0].action, Action::Kept);
    assert!(steps[0].remarks[0].starts_with("the CA keeps its key (EC P-256, not Ed25519)"), "{:?}", steps[0].remarks);
    assert!(steps[1].says.ends_with("· its key was EC P-256, not Ed25519"), "{}", steps[1].says);
    assert_eq!(dir.cert("client.crt").key, KeyKind::Ed25519);
}

#[test]
fn a_foreign_key_is_never_replaced() {
    let (dir, other) = (Dir::new(), Dir::new());
    dir.init(&[]);
    other.init(&[]);
    for name in ["server.key", "server.crt"] {
        fs::copy(other.path(name), dir.path(name)).unwrap();
    }
    // the CAs have the same name: only the keys tell them apart
    let e = dir.refused(&dir.wanted(&["new.example"]), &access());
    assert_eq!(e.kind, Kind::Output);
    assert!(e.what.ends_with("server.key: is there already and was not made by mtls here; nothing was changed"), "{e}");
}

#[test]
fn a_key_beside_a_certificate_is_never_dropped() {
    let (dir, other) = (Dir::new(), Dir::new());
    dir.init(&[]);
    other.init(&[]);
    let both = [dir.path("server.crt"), other.path("server.key")].map(|file| fs::read(file).unwrap()).concat();
    fs::write(dir.path("server.crt"), &both).unwrap();
    let e = dir.refused(&dir.wanted(&["new.example"]), &access());
    assert!(e.to_string().contains("it holds a private key too"), "{e}");
    assert_eq!(fs::read(dir.path("server.crt")).unwrap(), both);
}

#[test]
fn without_the_list_the_ca_tells_whose_key_it_is() {
    let dir = Dir::new();
    dir.init(&[]);
    fs::remove_file(dir.path(manifest::FILE)).unwrap();
    let steps = dir.init(&["new.example"]);
    assert_eq!((steps[1].action, steps[2].action), (Action::Renewed, Action::Kept));
    assert!(dir.path(manifest::FILE).exists());
}

#[test]
fn an_altered_certificate_is_renewed_and_its_names_are_not_believed() {
    let dir = Dir::new();
    dir.init(&["api.example"]);
    fs::remove_file(dir.path("server.p12")).unwrap();
    let mut cert = dir.cert("server.crt").der.clone();
    let at = cert.windows(11).rposition(|w| w == b"api.example").unwrap();
    cert[at] = b'x';
    fs::write(dir.path("server.crt"), pem::encode(&pem::Pem::new("CERTIFICATE", cert))).unwrap();
    let steps = dir.init(&["web.example"]);
    assert!(steps[1].says.starts_with("web.example, localhost, 127.0.0.1, ::1 · it was altered"), "{}", steps[1].says);
}

#[test]
fn an_altered_certificate_comes_back_from_the_keystore() {
    let dir = Dir::new();
    dir.init(&["api.example"]);
    let good = dir.files();
    fs::write(dir.path("server.crt"), "nothing").unwrap();
    fs::remove_file(dir.path("client.key")).unwrap();
    let steps = dir.init(&[]);
    assert_eq!(told(&steps)[1].1, "kept");
    assert!(steps[1].says.ends_with("still good; written anew: server.crt (it was damaged)"), "{}", steps[1].says);
    assert!(steps[2].says.ends_with("still good; written anew: client.key (it was missing)"), "{}", steps[2].says);
    assert!(dir.files() == good);
}

#[test]
fn a_lost_key_is_made_anew() {
    let dir = Dir::new();
    dir.init(&["api.example"]);
    for name in ["server.key", "server.p12"] {
        fs::remove_file(dir.path(name)).unwrap();
    }
    let steps = dir.init(&[]);
    assert_eq!(told(&steps)[1], ("server", "renewed", "api.example, localhost, 127.0.0.1, ::1 · server.key was missing"));
}

#[test]
fn a_ca_is_never_made_beside_what_a_former_one_signed() {
    let dir = Dir::new();
    dir.init(&[]);
    let (ca, key) = (fs::read(dir.path("ca.crt")).unwrap(), fs::read(dir.path("ca.key")).unwrap());
    fs::remove_file(dir.path("ca.key")).unwrap();
    // all is good: nothing needs the key
    let steps = dir.init(&[]);
    assert!(steps[0].remarks[0].contains("ca.key: missing"), "{:?}", steps[0].remarks);
    assert_eq!(dir.refused(&dir.wanted(&["new.example"]), &access()).kind, Kind::Unreadable);
    fs::remove_file(dir.path("ca.crt")).unwrap();
    let e = dir.refused(&dir.wanted(&[]), &access());
    assert!(e.what.contains("server.crt is there, but no CA"), "{e}");
    fs::write(dir.path("ca.key"), key).unwrap();
    assert!(dir.refused(&dir.wanted(&[]), &access()).fix.contains("mtls inspect --pem truststore.p12"));
    fs::write(dir.path("ca.crt"), ca).unwrap();
    assert!(dir.init(&[]).iter().all(|s| s.action == Action::Kept));
}

#[test]
fn leaves_of_a_replaced_ca_are_renewed_and_the_new_ca_is_trusted() {
    let (dir, other) = (Dir::new(), Dir::new());
    dir.init(&["api.example"]);
    other.init(&[]);
    for name in ["ca.key", "ca.crt"] {
        fs::copy(other.path(name), dir.path(name)).unwrap();
    }
    let steps = dir.init(&[]);
    assert_eq!(told(&steps)[1], ("server", "renewed", "localhost, 127.0.0.1, ::1 · it was signed by another Dev CA"));
    assert_eq!(told(&steps)[3], ("truststore", "renewed", "2 CAs · the CA was not in it"));
}

#[test]
fn another_password_is_refused_or_taken_over() {
    let dir = Dir::new();
    let init = |access: &StoreAccess<'_>| dir.try_init(&dir.wanted(&[]), access, now());
    init(&access_with("first", true)).unwrap();
    assert_eq!(dir.refused(&dir.wanted(&[]), &access()).kind, Kind::WrongPassword);
    assert!(init(&access_with("first", true)).unwrap().iter().all(|s| s.says.ends_with("still good") || s.role == "ca"));
    let mut changed = access_with("second", true);
    changed.passwords = Passwords::new(vec![Password::new("second"), Password::new("first")], vec![]);
    let steps = init(&changed).unwrap();
    assert!(steps[1].says.ends_with("still good; written anew: server.p12 (another password)"), "{}", steps[1].says);
    assert_eq!(told(&steps)[3].2, "1 CA · another password");
    let store = held::store(&dir.path("server.p12"), &Passwords::new(vec![Password::new("second")], vec![]));
    assert!(matches!(store, Ok(held::Slot::Present(_))));
}

#[test]
fn old_algorithms_come_where_they_are_asked_for() {
    let dir = Dir::new();
    let init = |profile| dir.try_init(&dir.wanted(&[]), &StoreAccess { profile, ..access() }, now()).unwrap();
    let mac = |name: &str| match held::store(&dir.path(name), &Passwords::usual()) {
        Ok(held::Slot::Present(store)) => store.mac.unwrap(),
        _ => panic!("{name}"),
    };
    init(pkcs12::Profile::Modern);
    assert!(mac("server.p12").starts_with("HMAC-SHA256"));
    let steps = init(pkcs12::Profile::Legacy);
    assert!(steps[1].says.ends_with("still good; written anew: server.p12 (--legacy)"), "{}", steps[1].says);
    assert_eq!((told(&steps)[3].1, told(&steps)[3].2), ("renewed", "1 CA · --legacy"));
    assert!(mac("server.p12").starts_with("HMAC-SHA1 ") && mac("truststore.p12").starts_with("HMAC-SHA1 "));
    for profile in [pkcs12::Profile::Legacy, pkcs12::Profile::Modern] {
        assert!(init(profile).iter().all(|s| s.action == Action::Kept && !s.says.contains("written anew")));
    }
}

#[test]
fn another_lifetime_counts_from_the_next_renewal() {
    let dir = Dir::new();
    let init = |lifetime, is_forced| {
        let wanted = InitWanted { lifetime, is_forced, ..dir.wanted(&[]) };
        dir.try_init(&wanted, &access(), now()).unwrap()[1].clone()
    };
    init(None, false);
    assert_eq!(init(Some(Lifetime::Days(90)), false).remarks, Vec::<String>::new());
    let kept = init(Some(Lifetime::Days(10)), false);
    assert!(kept.action == Action::Kept && kept.remarks[0].ends_with("when it is renewed (at once with --renew)"), "{kept:?}");
    let renewed = init(Some(Lifetime::Days(10)), true);
    assert_eq!((renewed.action, renewed.cert.unwrap().not_after), (Action::Renewed, now() + Duration::days(10)));
}

#[cfg(unix)]
#[test]
fn keys_that_everyone_reads_are_told_and_stay() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    dir.init(&[]);
    for name in ["ca.key", "server.key"] {
        fs::set_permissions(dir.path(name), fs::Permissions::from_mode(0o644)).unwrap();
    }
    let steps = dir.init(&[]);
    assert_eq!(steps.iter().map(|s| s.remarks.len()).collect::<Vec<_>>(), [1, 1, 0, 0]);
    assert!(steps[1].remarks[0].contains("may read it (mode 0644)"), "{:?}", steps[1].remarks);
}

#[test]
fn other_entries_of_the_stores_stay() {
    let (dir, other) = (Dir::new(), Dir::new());
    dir.init(&[]);
    other.init(&[]);
    let entries = match held::store(&dir.path("server.p12"), &Passwords::usual()) {
        Ok(held::Slot::Present(store)) => store.entries,
        _ => panic!(),
    };
    let their_ca = other.cert("ca.crt");
    let mut entries = crate::bundle::Indexed::new(entries);
    crate::bundle::trust(&mut entries, &their_ca, Some("theirs"), now()).unwrap();
    fs::write(dir.path("server.p12"), pkcs12::write(&entries, &Password::new("changeit"), pkcs12::Profile::Modern).unwrap())
        .unwrap();
    assert_eq!(dir.init(&["new.example"])[1].action, Action::Renewed);
    let Ok(held::Slot::Present(store)) = held::store(&dir.path("server.p12"), &Passwords::usual()) else { panic!() };
    assert!(store.entries.iter().any(|e| e.alias.as_deref() == Some("theirs")));
    assert_eq!(store.keys().count(), 1);
}

#[test]
fn a_leaf_can_be_issued_from_another_directory_and_through_an_intermediate() {
    let (dir, root) = (Dir::new(), Dir::new());
    let subject = subject_for("Root CA");
    let ca = CaWanted { subject, key: NewKey::EcP384, lifetime: Lifetime::Days(1000), path_len: None, name_constraints: None };
    let commit = |plan: Plan| {
        plan.encode(&Encoding { password: &access().password, profile: access().profile }).unwrap().commit().unwrap()
    };
    let root_files = IssuerFiles::in_folder(root.0.path());
    commit(authority(&ca, None, &root_files, &access(), now()).unwrap());
    let below = CaWanted { subject: subject_for("Issuing CA"), path_len: Some(0), ..ca.clone() };
    let files = IssuerFiles { cert: dir.path("issuing-ca.crt"), key: dir.path("issuing-ca.key") };
    commit(authority(&below, Some(&root_files), &files, &access(), now()).unwrap());
    assert_eq!(authority(&below, Some(&root_files), &files, &access(), now()).unwrap().steps[0].action, Action::Kept);
    let e = authority(&CaWanted { subject: subject_for("Other CA"), ..below }, Some(&root_files), &files, &access(), now())
        .err()
        .unwrap();
    assert!(e.what.contains("another CA is there already"), "{e}");
    let wanted = LeafWanted {
        role: "server",
        dir: dir.0.path(),
        stem: "api.example",
        profile: Profile::Server,
        subject: None,
        default_subject: subject_for("api.example"),
        names: vec![San::Dns("api.example".to_owned())],
        defaults: vec![],
        key: None,
        lifetime: Some(Lifetime::Days(30)),
        alias: None,
        is_forced: false,
        goes_by: Some("api.example"),
    };
    let (plan, identity) = leaf(&wanted, &files, &access(), now()).unwrap();
    assert_eq!(identity.chain.len(), 2);
    commit(plan);
    let (plan, _) = leaf(&wanted, &files, &access(), now()).unwrap();
    assert!(plan.is_empty() && plan.steps[0].action == Action::Kept);
    let client = LeafWanted { role: "client", profile: Profile::Client, ..wanted.clone() };
    let e = leaf(&client, &files, &access(), now()).err().unwrap();
    assert!(e.what.contains("is a server's certificate") && e.fix.contains("--out"), "{e}");
    let (plan, _) = leaf(&LeafWanted { profile: Profile::Both, ..wanted }, &files, &access(), now()).unwrap();
    assert_eq!(plan.steps[0].says, "api.example · it lacked the use clientAuth");
}
