//! Several runs at once on one store or folder: each waits for the other, and nothing is lost.

use crate::program::mtls;
use std::path::Path;

/// Runs `mtls` with each of `lines` at the same time; all must end well.
fn at_once(folder: &Path, lines: Vec<Vec<String>>) {
    std::thread::scope(|threads| {
        for line in lines {
            threads.spawn(move || mtls(folder, line).exits(0));
        }
    });
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn a_truststore_holds_what_eight_writers_added() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for n in 0..8 {
        mtls(at, words(&format!("ca CA-{n} --dir m{n}"))).exits(0);
    }
    at_once(at, (0..8).map(|n| words(&format!("truststore ts.p12 m{n}/ca.crt"))).collect());
    let store = mtls(at, words("inspect --json ts.p12")).exits(0).json();
    assert_eq!(store["items"][0]["entries"].as_array().unwrap().len(), 8);
    at_once(at, (0..4).map(|n| words(&format!("entry rename ts.p12 ca-{n} new-{n}"))).collect());
    let store = mtls(at, words("inspect --json ts.p12")).exits(0).json();
    let aliases: Vec<&str> =
        store["items"][0]["entries"].as_array().unwrap().iter().map(|e| e["alias"].as_str().unwrap()).collect();
    assert_eq!(aliases.iter().filter(|a| a.starts_with("new-")).count(), 4, "{aliases:?}");
    let left: Vec<_> = std::fs::read_dir(at).unwrap().map(|e| e.unwrap().file_name()).filter(|n| n != "ts.p12").collect();
    assert_eq!(left.len(), 8, "nothing is left beside the store: {left:?}");
}

#[test]
fn one_folder_is_made_by_five_at_once_with_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    at_once(at, (0..5).map(|n| words(&format!("init --dir r n{n}.example"))).collect());
    let seen = mtls(at, words("inspect --json r/server.crt")).exits(0).json();
    let names = seen["items"][0]["entries"][0]["chain"][0]["san"].to_string();
    for n in 0..5 {
        assert!(names.contains(&format!("DNS:n{n}.example")), "{names}");
    }
}

#[cfg(unix)]
#[test]
fn a_store_keeps_the_mode_that_its_reader_needs() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    mtls(at, words("init --dir pki")).exits(0);
    let path = at.join("pki/server.p12");
    let edited = |mode: u32, to: &str, from: &str| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let ran = mtls(at, words(&format!("entry rename pki/server.p12 {from} {to}"))).exits(0);
        (std::fs::metadata(&path).unwrap().mode() & 0o777, ran.stdout)
    };
    assert_eq!(edited(0o640, "tomcat", "server").0, 0o640);
    let (mode, told) = edited(0o644, "server", "tomcat");
    assert_eq!(mode, 0o640);
    assert!(told.contains("its mode is 0640 now, and was 0644"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_key_that_everyone_reads_is_told_and_is_no_fault() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    mtls(at, words("init --dir pki")).exits(0);
    let told = |target: &str| mtls(at, words(&format!("inspect {target}"))).exits(0).stdout.contains("may read it (mode 0644)");
    assert!(!told("pki/server.key") && !told("pki/server.crt,pki/server.key"));
    std::fs::set_permissions(at.join("pki/server.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(told("pki/server.key") && told("pki/server.crt,pki/server.key") && !told("pki/server.crt"));
}
