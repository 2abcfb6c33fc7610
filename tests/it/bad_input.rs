//! Bad input and bad luck: a clear error, exit status 3, nothing lost, nothing left half-written.

use crate::peers::peer;
use crate::program::{PASSWORD, Ran, WITH_PASSWORD, mtls, mtls_reading, run};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// What is in a folder, all the way down: path to content (`None` for a folder).
fn listing(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    fn walk(root: &Path, folder: &Path, all: &mut BTreeMap<String, Option<Vec<u8>>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() {
                all.insert(name, None);
                walk(root, &path, all);
            } else {
                all.insert(name, Some(std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

/// A folder with what `mtls init` makes in its `pki/`.
fn with_pki() -> TempDir {
    let folder = TempDir::new().unwrap();
    mtls(folder.path(), ["init", "api.example"].iter().chain(&WITH_PASSWORD)).exits(0);
    folder
}

/// The run ended with exit status 3 and told the fact and the remedy, on standard error, in our own words.
#[track_caller]
fn told_clearly(ran: Ran, what: &str) {
    let ran = ran.exits(3);
    assert!(ran.stdout.is_empty(), "an error belongs on standard error\n{}", ran.story());
    assert!(ran.stderr.contains(what), "expected to read `{what}`\n{}", ran.story());
    assert!(ran.stderr.contains("fix:"), "an error has a remedy\n{}", ran.story());
    for word in ["Os {", "Err(", "Some(", "kind:", "RUST_BACKTRACE"] {
        assert!(!ran.stderr.contains(word), "`{word}` is not for people\n{}", ran.story());
    }
}

/// `mtls inspect` of a file with this content, as an error with this code.
#[track_caller]
fn inspected(content: &[u8], code: &str) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("given.p12"), content).unwrap();
    let ran = mtls(folder.path(), ["inspect", "given.p12", "--json"].iter().chain(&WITH_PASSWORD)).exits(3);
    let report = ran.json();
    assert_eq!(report["findings"][0]["code"], code, "{}", ran.story());
    assert_eq!(report["findings"][0]["severity"], "error", "{}", ran.story());
    told_clearly(mtls(folder.path(), ["inspect", "given.p12"].iter().chain(&WITH_PASSWORD)), "given.p12");
    assert_eq!(listing(folder.path()).len(), 1);
}

#[test]
fn a_missing_file_is_unreadable() {
    let folder = TempDir::new().unwrap();
    let ran = mtls(folder.path(), ["inspect", "nowhere.p12", "--json"]).exits(3);
    assert_eq!(ran.json()["findings"][0]["code"], "file-unreadable", "{}", ran.story());
    told_clearly(mtls(folder.path(), ["inspect", "nowhere.p12"]), "nowhere.p12");
}

#[test]
fn a_folder_without_certificates_is_unreadable() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let ran = mtls(folder.path(), ["inspect", "empty", "--json"]).exits(3);
    assert_eq!(ran.json()["findings"][0]["code"], "file-unreadable", "{}", ran.story());
    told_clearly(mtls(folder.path(), ["inspect", "empty"]), "empty");
}

#[test]
fn an_empty_file_html_text_and_zeros_are_no_store() {
    inspected(b"", "not-a-store");
    inspected(b"<!DOCTYPE html><html><body>Please sign in</body></html>", "not-a-store");
    inspected(b"hello\n", "not-a-store");
    inspected(&[0; 4096], "not-a-store");
    inspected("\u{feff}# only a comment\r\n".as_bytes(), "not-a-store");
}

#[test]
fn html_is_called_html() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("given.p12"), "<!DOCTYPE html><html><body>Please sign in</body></html>").unwrap();
    told_clearly(mtls(folder.path(), ["inspect", "given.p12"]), "HTML");
}

#[test]
fn a_pkcs12_cut_anywhere_is_damaged() {
    let folder = with_pki();
    let whole = std::fs::read(folder.path().join("pki/server.p12")).unwrap();
    for parts in [1, 2, 3, 5, 7] {
        inspected(&whole[..whole.len() * parts / 8], "damaged-store");
    }
    inspected(&whole[..whole.len() - 1], "damaged-store");
}

#[test]
fn an_altered_pkcs12_is_never_taken_for_a_good_one() {
    let folder = with_pki();
    let whole = std::fs::read(folder.path().join("pki/server.p12")).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut altered = whole.clone();
        altered[at] ^= 0x55;
        std::fs::write(folder.path().join("altered.p12"), &altered).unwrap();
        let ran = mtls(folder.path(), ["inspect", "altered.p12", "--json"].iter().chain(&WITH_PASSWORD)).exits(3);
        let code = ran.json()["findings"][0]["code"].clone();
        // an altered number or name of an algorithm is unsupported or too costly; under a MAC, altered content looks like a wrong password
        let known = ["damaged-store", "wrong-password", "unsupported-algorithm", "too-costly", "not-a-store"];
        assert!(known.contains(&code.as_str().unwrap()), "byte {at}: {}", ran.story());
    }
}

#[test]
fn a_wrong_password_is_called_one() {
    let folder = with_pki();
    for store in ["pki/server.p12", "pki/truststore.p12"] {
        let ran = mtls(folder.path(), ["inspect", store, "--password", "pass:guess", "--json"]).exits(3);
        assert_eq!(ran.json()["findings"][0]["code"], "wrong-password", "{}", ran.story());
        told_clearly(mtls(folder.path(), ["inspect", store, "--password", "pass:guess"]), "wrong password");
    }
}

#[test]
fn of_the_passwords_that_are_given_each_is_tried() {
    let folder = with_pki();
    mtls(folder.path(), ["inspect", "pki/server.p12", "-p", "pass:guess"].iter().chain(&WITH_PASSWORD)).exits(0);
    mtls_reading(folder.path(), ["inspect", "pki/server.p12"], &[("MTLS_PASSWORD", PASSWORD)], b"").exits(0);
    mtls_reading(folder.path(), ["inspect", "pki/server.p12", "-p", "env:STORE"], &[("STORE", PASSWORD)], b"").exits(0);
    mtls_reading(folder.path(), ["inspect", "pki/server.p12", "-p", "stdin"], &[], format!("{PASSWORD}\n").as_bytes()).exits(0);
    std::fs::write(folder.path().join("secret"), format!("{PASSWORD}\n")).unwrap();
    mtls(folder.path(), ["inspect", "pki/server.p12", "-p", "file:secret"]).exits(0);
}

#[test]
fn a_source_that_is_none_is_wrong_usage_and_is_not_repeated() {
    let folder = with_pki();
    // whoever forgets `pass:` must not find the password in a log
    let ran = mtls(folder.path(), ["inspect", "pki/server.p12", "--password", PASSWORD]).exits(2);
    assert!(ran.stderr.contains("pass:"), "{}", ran.story());
}

#[test]
fn a_store_can_come_from_standard_input() {
    let folder = with_pki();
    let store = std::fs::read(folder.path().join("pki/server.p12")).unwrap();
    let ran = mtls_reading(folder.path(), ["inspect", "-", "--json"].iter().chain(&WITH_PASSWORD), &[], &store).exits(0);
    assert_eq!(ran.json()["items"][0]["format"], "pkcs12");
}

#[cfg(unix)]
#[test]
fn key_files_and_keystores_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = with_pki();
    let mode = |name: &str| std::fs::metadata(folder.path().join("pki").join(name)).unwrap().permissions().mode() & 0o777;
    for secret in ["ca.key", "server.key", "server.p12", "client.key", "client.p12"] {
        assert_eq!(mode(secret), 0o600, "pki/{secret} has mode {:o}", mode(secret));
    }
    for public in ["ca.crt", "server.crt", "client.crt"] {
        assert_eq!(mode(public) & 0o044, 0o044, "pki/{public} has mode {:o}: others must be able to read it", mode(public));
    }
}

#[test]
fn a_target_that_cannot_be_written_leaves_everything_as_it_was() {
    let folder = TempDir::new().unwrap();
    // a file stands where the folder should be: this holds for root too, whom no mode stops
    std::fs::write(folder.path().join("pki"), "mine").unwrap();
    let before = listing(folder.path());
    told_clearly(mtls(folder.path(), ["init"].iter().chain(&WITH_PASSWORD)), "pki");
    told_clearly(mtls(folder.path(), ["init", "--dir", "pki/deeper"].iter().chain(&WITH_PASSWORD)), "pki");
    let ran = mtls(folder.path(), ["init", "--json"].iter().chain(&WITH_PASSWORD)).exits(3);
    assert_eq!(ran.json()["ok"], false, "{}", ran.story());
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn a_key_that_is_not_ours_is_never_overwritten() {
    for name in ["ca.key", "server.key", "server.p12", "client.key"] {
        let folder = TempDir::new().unwrap();
        let pki = folder.path().join("pki");
        std::fs::create_dir(&pki).unwrap();
        std::fs::write(pki.join(name), "a key of somebody else\n").unwrap();
        let before = listing(folder.path());
        told_clearly(mtls(folder.path(), ["init"].iter().chain(&WITH_PASSWORD)), name);
        assert_eq!(listing(folder.path()), before, "beside pki/{name}");
    }
}

#[test]
fn a_disk_that_fills_up_half_way_leaves_nothing_behind() {
    let Some(bash) = peer("bash") else { return };
    for blocks in [0, 1] {
        let folder = TempDir::new().unwrap();
        // no file may grow beyond so many blocks of 1024 bytes: writing more fails as it does on a full disk
        let mut command = Command::new(&bash);
        let script = format!(
            "ulimit -f {blocks}; trap '' XFSZ; exec {:?} init --key rsa-4096 --password pass:{PASSWORD}",
            env!("CARGO_BIN_EXE_mtls")
        );
        command.args(["-c", &script]).current_dir(folder.path());
        let ran = run(command, b"");
        assert_eq!(ran.status, 3, "{}", ran.story());
        assert!(ran.stderr.contains("fix:") && !ran.stderr.contains(PASSWORD), "{}", ran.story());
        let left: Vec<_> = listing(folder.path()).into_keys().collect();
        assert!(left.is_empty(), "left behind: {left:?}\n{}", ran.story());
    }
}

#[test]
fn a_disk_that_fills_up_on_renewal_keeps_what_was_there() {
    let Some(bash) = peer("bash") else { return };
    let folder = with_pki();
    let before = listing(folder.path());
    // a new name makes the server's certificate be made anew
    let mut command = Command::new(&bash);
    let script = format!(
        "ulimit -f 0; trap '' XFSZ; exec {:?} init api.example another.example --password pass:{PASSWORD}",
        env!("CARGO_BIN_EXE_mtls")
    );
    command.args(["-c", &script]).current_dir(folder.path());
    let ran = run(command, b"");
    assert_eq!(ran.status, 3, "{}", ran.story());
    assert_eq!(listing(folder.path()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(listing(folder.path()) == before, "a file was changed\n{}", ran.story());
}

#[test]
fn an_outcome_that_cannot_be_printed_is_an_output_not_written() {
    let folder = with_pki();
    for words in ["inspect pki/server.p12", "inspect --json pki/server.p12", "inspect --help"] {
        let mut command = Command::new("bash");
        let line = format!("\"$MTLS\" {words} -p pass:{PASSWORD} > /dev/full");
        command.args(["-c", &line]).env("MTLS", env!("CARGO_BIN_EXE_mtls")).current_dir(folder.path());
        let ran = run(command, b"").exits(3);
        for part in ["error: ", "cannot write to standard output", "\nbecause: ", "\nfix: "] {
            assert!(ran.stderr.contains(part), "{part}: {}", ran.story());
        }
    }
}

#[test]
fn wrong_usage_is_exit_status_2() {
    let folder = TempDir::new().unwrap();
    for words in [&["frobnicate"][..], &["inspect"], &["handshake", "--server", "a.p12"], &["init", "--key", "rsa-512"]] {
        mtls(folder.path(), words).exits(2);
    }
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn control_characters_of_a_file_name_do_not_reach_the_terminal() {
    let folder = TempDir::new().unwrap();
    let ran = mtls(folder.path(), ["inspect", "a\u{1b}[2Jb.p12"]).exits(3);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.story());
}
