//! What a finding of `handshake` says and what it tells to do: true of these files, and of use when pasted.

use crate::program::{Ran, mtls};
use std::path::{Path, PathBuf};

/// What the command finds in `folder` with these arguments.
#[track_caller]
fn said(folder: &Path, arguments: &str) -> Ran {
    mtls(folder, arguments.split_whitespace())
}

/// The first finding: its code, its explanation and its fix.
#[track_caller]
fn first(folder: &Path, arguments: &str) -> [String; 3] {
    let json = said(folder, &format!("{arguments} --json")).json();
    let word = |name: &str| json["findings"][0][name].as_str().unwrap_or_default().to_owned();
    ["code", "explain", "fix"].map(word)
}

/// The files of a case, to be changed.
fn case(path: &str) -> tempfile::TempDir {
    let there: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases").join(path);
    let own = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(there).unwrap().map(|e| e.unwrap().path()) {
        std::fs::copy(&file, own.path().join(file.file_name().unwrap())).unwrap();
    }
    own
}

#[test]
fn ml_dsa_under_tls_1_2_is_told_as_a_matter_of_the_version() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["ca", "server api.example", "client billing"] {
        said(folder.path(), &format!("{command} --key ml-dsa-65")).exits(0);
    }
    let stores = "handshake --server pki/api.example.p12 pki/ca.crt --client pki/billing.p12 pki/ca.crt";
    let [code, explain, fix] = first(folder.path(), &format!("{stores} --tls 1.2"));
    assert_eq!(code, "no-common-signature");
    assert!(
        explain.contains("TLS 1.2 has no signature scheme for ML-DSA-65") && explain.contains("pki/api.example.p12"),
        "{explain}"
    );
    assert!(fix.contains("leave --tls 1.2 away"), "{fix}");
    said(folder.path(), stores).exits(0);
}

#[test]
fn an_expired_anchor_that_passes_here_is_told_with_who_refuses_it() {
    for name in ["server-root", "client-root"] {
        let folder = case(&format!("expired/{name}"));
        let json: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("case.json")).unwrap()).unwrap();
        let arguments: Vec<&str> = json["args"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
        let [code, explain, _] = first(folder.path(), &arguments.join(" "));
        assert_eq!(code, "expired", "{name}");
        assert!(explain.contains("Java take a trusted CA as it is; OpenSSL (curl, nginx, HAProxy) refuses"), "{explain}");
    }
}

/// A CA, an intermediate, a server and a client of it in one folder, as `openssl` would leave them: `leaf.crt` and `leaf.key`,
/// the chain in a file of its own.
fn house() -> tempfile::TempDir {
    let folder = case("healthy/certificate-key-and-chain-in-three-files");
    std::fs::rename(folder.path().join("server-trust.pem"), folder.path().join("root.crt")).unwrap();
    std::fs::remove_file(folder.path().join("client-trust.p12")).unwrap();
    folder
}

const SERVER: &str = "server.crt,server.key,server-chain.crt";
const CLIENT: &str = "client.crt,client.key,client-chain.crt";

#[test]
fn the_root_at_hand_is_proposed_rather_than_an_intermediate() {
    let folder = house();
    let pinned = format!("handshake --server {SERVER} client.crt --client {CLIENT} root.crt");
    let [code, _, fix] = first(folder.path(), &pinned);
    assert_eq!((code.as_str(), fix.as_str()), ("truststore-has-leaf", "mtls truststore client-trust.p12 client.crt root.crt"));
    said(folder.path(), fix.strip_prefix("mtls ").unwrap()).exits(0);
    said(folder.path(), &pinned.replace("client.crt --client", "client-trust.p12 --client")).exits(0);
    let swapped = format!("handshake --server {SERVER} server.crt,server.key --client {CLIENT} root.crt");
    let [code, _, fix] = first(folder.path(), &swapped);
    assert_eq!(code, "truststore-is-keystore");
    assert!(fix.starts_with("mtls truststore NEW.p12 root.crt  # it holds \"Acme Root CA\", the root"), "{fix}");
}

#[test]
fn an_intermediate_in_a_folder_that_is_not_sent_is_told_so_and_mended() {
    let folder = house();
    let own = folder.path().join("mounted");
    std::fs::create_dir(&own).unwrap();
    for (from, to) in [("server.crt", "tls.crt"), ("server.key", "tls.key"), ("server-chain.crt", "issuing.crt")] {
        std::fs::copy(folder.path().join(from), own.join(to)).unwrap();
    }
    let rest = format!("root.crt --client {CLIENT} root.crt");
    let [code, explain, fix] = first(folder.path(), &format!("handshake --server mounted {rest}"));
    assert_eq!(code, "missing-intermediate");
    assert!(explain.contains("lies in mounted") && !explain.contains("does not hold"), "{explain}");
    assert_eq!(fix, "mtls keystore mounted-new.p12 mounted --chain mounted");
    said(folder.path(), fix.strip_prefix("mtls ").unwrap()).exits(0);
    said(folder.path(), &format!("handshake --server mounted-new.p12 {rest} --password pass:changeit")).exits(0);
}
