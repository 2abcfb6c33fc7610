//! `mtls convert`, `entry` and `password` from words to files: what comes out holds what went in, nothing is lost on the way,
//! and foreign programs list it.

use crate::peers::peer;
use crate::program::{PASSWORD, Ran, WITH_PASSWORD, mtls, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

/// Two pairs of keystores, made once: `pki/` and, of another CA, `other/`.
static MADE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for words in ["init --dir pki api.example", "init --dir other other.example"] {
        said(folder.path(), words).exits(0);
    }
    folder
});

/// A copy that a test may change.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["pki", "other"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for file in std::fs::read_dir(MADE.path().join(part)).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                std::fs::copy(&file, folder.path().join(part).join(file.file_name().unwrap())).unwrap();
            }
        }
    }
    folder
}

/// `mtls` with these words, separated by spaces, under the password of the tests.
#[track_caller]
fn said(folder: &Path, words: &str) -> Ran {
    mtls(folder, words.split(' ').chain(WITH_PASSWORD))
}

/// Each entry of a store: kind, alias in lower case, SHA-256 of its certificates.
#[track_caller]
fn entries(folder: &Path, store: &str) -> Vec<(String, String, Vec<String>)> {
    let item = inspected(folder, store);
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let of = |e: &Value| {
        let chain = e["chain"].as_array().cloned().unwrap_or_default();
        (text(&e["kind"]), text(&e["alias"]).to_lowercase(), chain.iter().map(|c| text(&c["sha256"])).collect())
    };
    let mut all: Vec<_> = item["entries"].as_array().unwrap().iter().map(of).collect();
    all.sort(); // the order of entries means nothing
    all
}

#[track_caller]
fn inspected(folder: &Path, store: &str) -> Value {
    said(folder, &format!("inspect --json {store}")).json()["items"][0].clone()
}

/// The certificates and kinds, without aliases, sorted: what no format may lose.
fn essence(entries: Vec<(String, String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<_> = entries.into_iter().map(|(kind, _, chain)| (kind, chain)).collect();
    all.sort();
    all
}

fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_keystore_keeps_its_entries_through_every_format_and_back() {
    let folder = copy();
    let first = entries(folder.path(), "pki/server.p12");
    for (to, format) in [("a.jks", "jks"), ("a.bcfks", "bcfks"), ("a.pem", "pem"), ("a.p12", "pkcs12"), ("a.pfx", "pkcs12")] {
        said(folder.path(), &format!("convert pki/server.p12 {to}")).exits(0);
        assert!(is_private(&folder.path().join(to)), "{to} can be read by others");
        let item = inspected(folder.path(), to);
        assert_eq!(item["format"], format, "{item:#}");
        assert_eq!(item["entries"][0]["key"]["matches_certificate"], true, "{item:#}");
        let has_aliases = to != "a.pem";
        let compared =
            |all: Vec<_>| if has_aliases { all } else { all.into_iter().map(|(k, _, c)| (k, String::new(), c)).collect() };
        assert_eq!(compared(entries(folder.path(), to)), compared(first.clone()), "{to}");
        said(folder.path(), &format!("convert {to} back.p12 --force")).exits(0);
        assert_eq!(compared(entries(folder.path(), "back.p12")), compared(first.clone()), "{to} and back");
    }
}

#[test]
fn a_truststore_keeps_its_entries_through_every_format_and_back() {
    let folder = copy();
    said(folder.path(), "truststore both.p12 pki/ca.crt other/ca.crt").exits(0);
    let first = entries(folder.path(), "both.p12");
    assert_eq!(first.len(), 2);
    for to in ["t.jks", "t.bcfks", "t.p12", "t.pem", "t.p7b"] {
        said(folder.path(), &format!("convert both.p12 {to}")).exits(0);
        let chains = |entries: Vec<(String, String, Vec<String>)>| {
            let mut all: Vec<_> = entries.into_iter().map(|(.., chain)| chain).collect();
            all.sort();
            all
        };
        assert_eq!(chains(entries(folder.path(), to)), chains(first.clone()), "{to}");
        // what was trusted before is trusted again: a handshake with the new truststore succeeds
        said(folder.path(), &format!("handshake --server pki/server.p12 {to} --client other/client.p12 {to}")).exits(0);
    }
    // one certificate fits into DER; two do not, and are refused before anything is written
    said(folder.path(), "convert pki/ca.crt ca.der").exits(0);
    assert_eq!(inspected(folder.path(), "ca.der")["format"], "der");
    let ran = said(folder.path(), "convert both.p12 both.der").exits(1);
    assert!(ran.stderr.contains("fix:") && !folder.path().join("both.der").exists(), "{}", ran.story());
}

#[test]
fn every_consumer_gets_a_store_that_inspect_says_it_opens() {
    let folder = copy();
    for consumer in ["java8", "java", "openssl", "windows", "macos", "android", "nss", "fips"] {
        let out = format!("{consumer}.p12");
        said(folder.path(), &format!("convert pki/server.p12 pki/truststore.p12 {out} --for {consumer}")).exits(0);
        assert_eq!(entries(folder.path(), &out).len(), 2, "{consumer}");
        let text = said(folder.path(), &format!("inspect {out}")).exits(0);
        assert!(text.stdout.contains("opened by"), "{}", text.story());
    }
    let encryption = |name: &str| inspected(folder.path(), name)["encryption"].as_str().unwrap().to_owned();
    assert!(encryption("java8.p12").contains("3DES") || encryption("java8.p12").contains("DES"), "{}", encryption("java8.p12"));
    assert!(encryption("java.p12").contains("AES-256"), "{}", encryption("java.p12"));
    assert!(inspected(folder.path(), "fips.p12")["mac"].as_str().unwrap().contains("PBMAC1"));
}

#[test]
fn what_is_written_for_java_is_seen_by_java() {
    let folder = copy();
    said(folder.path(), "convert pki/ca.crt for-java.p12 --for java").exits(0);
    assert_eq!(entries(folder.path(), "for-java.p12")[0].0, "trusted-cert");
    let ran = said(folder.path(), "convert pki/ca.crt plain.p12").exits(0);
    assert!(ran.stdout.contains("Java sees nothing in it"), "{}", ran.story());
    // which truststore alone mends
    said(folder.path(), "truststore plain.p12").exits(0);
    assert_eq!(entries(folder.path(), "plain.p12")[0].0, "trusted-cert");
    said(folder.path(), "truststore nothing-there.p12").exits(2);
}

#[test]
fn what_the_target_cannot_hold_is_said_before_anything_is_written() {
    let folder = copy();
    let ran = said(folder.path(), "convert pki/server.p12 server.p7b").exits(1);
    assert!(ran.stderr.contains("private key") && ran.stderr.contains("--drop"), "{}", ran.story());
    assert!(!folder.path().join("server.p7b").exists());
    let ran = said(folder.path(), "convert pki/server.p12 server.p7b --drop").exits(0);
    assert!(ran.stdout.contains("left out") || ran.stderr.contains("left out"), "{}", ran.story());
    let kept = entries(folder.path(), "server.p7b");
    assert_eq!(kept.len(), 1, "of a key that PKCS#7 cannot hold its certificate stays");
    assert_eq!(kept[0].2, entries(folder.path(), "pki/server.p12")[0].2[..1]);
}

#[test]
fn stores_are_merged_and_aliases_kept_apart() {
    let folder = copy();
    let ran = said(folder.path(), "convert pki/server.p12 other/server.p12 pki/truststore.p12 pki/server.crt all.p12").exits(0);
    let all = entries(folder.path(), "all.p12");
    let aliases: Vec<&str> = all.iter().map(|(_, alias, _)| alias.as_str()).collect();
    assert_eq!(all.iter().filter(|(kind, ..)| kind == "private-key").count(), 2, "{}", ran.story());
    assert!(aliases.contains(&"server") && aliases.iter().any(|a| a.starts_with("server-") || *a == "server2"), "{aliases:?}");
    let said_so = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said_so.contains("the alias was taken"), "{}", ran.story());
    // nothing twice: merging a store with itself changes nothing
    said(folder.path(), "convert all.p12 all.p12 again.p12").exits(0);
    assert_eq!(essence(entries(folder.path(), "again.p12")), essence(all));
}

#[test]
fn a_key_and_its_certificate_from_two_files_become_one_entry() {
    let folder = copy();
    for out in [
        "convert pki/server.crt pki/server.key a.p12",
        "convert pki/ca.crt pki/server.key pki/server.crt a.jks",
        "entry add b.p12 pki/server.crt pki/server.key",
    ] {
        let ran = said(folder.path(), out).exits(0);
        let store = out.split(' ').find(|w| w.ends_with(".p12") || w.ends_with(".jks")).unwrap();
        let keys: Vec<_> = entries(folder.path(), store).into_iter().filter(|(kind, ..)| kind == "private-key").collect();
        assert_eq!(keys.len(), 1, "{}", ran.story());
        assert_eq!(keys[0].2[0], entries(folder.path(), "pki/server.p12")[0].2[0], "{}", ran.story());
        assert!(entries(folder.path(), store).len() <= 2, "{}", ran.story());
    }
    let Some(keytool) = peer("keytool") else { return };
    let mut command = Command::new(keytool);
    command
        .args(["-J-Duser.language=en", "-list", "-v", "-storepass", PASSWORD, "-keystore", "a.p12"])
        .current_dir(folder.path());
    assert!(run(command, b"").exits(0).stdout.contains("Certificate chain length: 1"));
}

#[test]
fn a_split_is_one_file_for_each_part() {
    let folder = copy();
    said(folder.path(), "convert pki/server.p12 pki/truststore.p12 parts --split").exits(0);
    let parts = names(&folder.path().join("parts"));
    assert!(parts.contains(&"server.crt".to_owned()) && parts.contains(&"server.key".to_owned()), "{parts:?}");
    assert_eq!(parts.len(), 3, "{parts:?}");
    assert!(is_private(&folder.path().join("parts/server.key")));
    let whole = entries(folder.path(), "parts/server.crt,parts/server.key");
    assert_eq!(whole[0].2, entries(folder.path(), "pki/server.p12")[0].2);
    // the folder is a STORE, too: the CA completes the chain
    let parts = entries(folder.path(), "parts");
    assert_eq!((parts.len(), parts[0].2.len()), (1, 2));
    let ran = said(folder.path(), "convert pki/client.p12 pki/server.p12 parts --split").exits(3);
    assert!(ran.stderr.contains("server"), "{}", ran.story());
    assert!(!folder.path().join("parts/client.key").exists(), "all or nothing");
}

#[test]
fn a_chain_is_taken_from_a_store_that_has_a_key_of_its_own() {
    let folder = copy();
    said(folder.path(), "convert other/server.p12 other/ca.crt other/truststore.p12 mixed.p12").exits(0);
    let ran = said(folder.path(), "keystore k.p12 pki/server.crt,pki/server.key --chain mixed.p12").exits(0);
    let kept = entries(folder.path(), "k.p12");
    assert_eq!((kept.len(), &kept[0].2[0]), (1, &entries(folder.path(), "pki/server.p12")[0].2[0]), "{}", ran.story());
}

#[test]
fn standard_output_is_for_the_file_alone() {
    let folder = copy();
    for words in [
        "convert pki/server.p12 - --to pem",
        "keystore - pki/server.crt pki/server.key --to pem",
        "entry extract pki/server.p12 server -",
    ] {
        let ran = said(folder.path(), words).exits(0);
        assert!(ran.stdout.starts_with("-----BEGIN") && ran.stdout.ends_with("-----\n"), "{}", ran.story());
        let both = said(folder.path(), &format!("{words} --json")).exits(2);
        assert!(!both.stdout.contains("PRIVATE KEY"), "{}", both.story());
        assert_eq!(both.json()["findings"][0]["code"], "wrong-usage");
    }
}

#[test]
fn a_file_that_is_there_is_not_replaced_unasked_and_kept_on_request() {
    let folder = copy();
    std::fs::write(folder.path().join("out.p12"), "mine").unwrap();
    let ran = said(folder.path(), "convert pki/server.p12 out.p12").exits(3);
    assert!(ran.stderr.contains("out.p12") && ran.stderr.contains("fix:"), "{}", ran.story());
    assert_eq!(std::fs::read(folder.path().join("out.p12")).unwrap(), b"mine");
    said(folder.path(), "convert pki/server.p12 out.p12 --backup").exits(0);
    assert_eq!(std::fs::read(folder.path().join("out.p12.bak")).unwrap(), b"mine");
    said(folder.path(), "convert pki/client.p12 out.p12 --force").exits(0);
    assert_eq!(entries(folder.path(), "out.p12"), entries(folder.path(), "pki/client.p12"));
    let ran = said(folder.path(), "convert pki/server.p12 out.strange").exits(2);
    assert!(ran.stderr.contains("--to"), "{}", ran.story());
}

#[test]
fn entries_are_added_replaced_renamed_extracted_and_removed_in_every_writable_format() {
    for store in ["s.p12", "s.jks", "s.bcfks"] {
        let folder = copy();
        let at = folder.path();
        let aliases = || entries(at, store).into_iter().map(|(kind, alias, _)| format!("{kind} {alias}")).collect::<Vec<_>>();
        // a store that is not there is made
        said(at, &format!("entry add {store} pki/server.crt,pki/server.key --alias web")).exits(0);
        assert_eq!(aliases(), ["private-key web"], "{store}");
        said(at, &format!("entry add {store} pki/ca.crt --alias ca")).exits(0);
        assert_eq!(aliases(), ["private-key web", "trusted-cert ca"], "{store}");
        // an alias that is taken is not replaced unasked, and nothing is written
        let before = std::fs::read(at.join(store)).unwrap();
        let ran = said(at, &format!("entry add {store} other/ca.crt --alias ca")).exits(1);
        assert!(ran.stderr.contains("--replace"), "{}", ran.story());
        assert_eq!(std::fs::read(at.join(store)).unwrap(), before, "{store}");
        said(at, &format!("entry add {store} other/ca.crt --alias ca --replace --backup")).exits(0);
        assert_eq!(entries(at, store)[1].2, entries(at, "other/ca.crt")[0].2, "{store}");
        assert_eq!(std::fs::read(at.join(format!("{store}.bak"))).unwrap(), before, "{store}");
        said(at, &format!("entry rename {store} web server")).exits(0);
        assert_eq!(aliases(), ["private-key server", "trusted-cert ca"], "{store}");
        said(at, &format!("entry rename {store} server ca")).exits(1);
        said(at, &format!("entry rename {store} nobody x")).exits(1);
        // by alias, and by fingerprint
        let pem = said(at, &format!("entry extract {store} server")).exits(0).stdout;
        assert!(pem.contains("BEGIN PRIVATE KEY") && pem.contains("BEGIN CERTIFICATE"), "{store}");
        said(at, &format!("entry extract {store} server one.p12")).exits(0);
        assert_eq!(entries(at, "one.p12")[0].2, entries(at, "pki/server.p12")[0].2, "{store}");
        let fingerprint = entries(at, store)[1].2[0].clone();
        said(at, &format!("entry remove {store} {fingerprint}")).exits(0);
        assert_eq!(aliases(), ["private-key server"], "{store}");
        assert!(is_private(&at.join(store)));
    }
}

#[test]
fn a_new_password_opens_the_store_and_the_old_one_does_not() {
    for store in ["s.p12", "s.jks", "s.bcfks", "s.pem"] {
        let folder = copy();
        let at = folder.path();
        said(at, &format!("convert pki/server.p12 {store} --out-password pass:{PASSWORD}")).exits(0);
        let before = entries(at, store);
        mtls(at, ["password", store, "-p", &format!("pass:{PASSWORD}"), "--new", "pass:second-word", "--backup"]).exits(0);
        let with_new = mtls(at, ["inspect", "--json", store, "-p", "pass:second-word"]).exits(0).json();
        assert_eq!(with_new["items"][0]["entries"][0]["chain"][0]["sha256"], before[0].2[0].as_str(), "{store}");
        assert_eq!(with_new["items"][0]["entries"][0]["key"]["matches_certificate"], true, "{store}");
        let with_old = mtls(at, ["password", store, "-p", &format!("pass:{PASSWORD}"), "--new", "pass:third"]).exits(3);
        assert!(with_old.stderr.contains("password"), "{}", with_old.story());
        assert!(is_private(&at.join(store)) && is_private(&at.join(format!("{store}.bak"))), "{store}");
    }
}

#[test]
fn a_new_password_lifts_an_old_store_to_todays_encryption() {
    let folder = copy();
    said(folder.path(), "convert pki/server.p12 old.p12 --legacy").exits(0);
    let mac = |name: &str| inspected(folder.path(), name)["mac"].as_str().unwrap().to_owned();
    assert!(mac("old.p12").contains("SHA1"), "{}", mac("old.p12"));
    said(folder.path(), &format!("password old.p12 --new pass:{PASSWORD}")).exits(0);
    assert!(mac("old.p12").contains("SHA256"), "{}", mac("old.p12"));
}

#[test]
fn what_only_reads_is_converted_and_not_edited() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/java");
    let file = |ending: &str| -> PathBuf {
        let mut all: Vec<PathBuf> = std::fs::read_dir(&fixtures).unwrap().map(|f| f.unwrap().path()).collect();
        all.sort();
        all.into_iter().find(|p| p.extension().is_some_and(|e| e == ending)).unwrap()
    };
    let folder = copy();
    for ending in ["jceks", "bks", "uber"] {
        let name = format!("x.{ending}");
        std::fs::copy(file(ending), folder.path().join(&name)).unwrap();
        let ran = mtls(folder.path(), ["entry", "rename", &name, "a", "b", "-p", "pass:changeit"]).exits(1);
        assert!(ran.stderr.contains("mtls convert"), "{}", ran.story());
    }
}

#[test]
fn a_truststore_with_the_systems_roots_still_reaches_public_hosts() {
    let folder = copy();
    let ran = said(folder.path(), "truststore whole.p12 pki/ca.crt --with-system-roots").exits(0);
    let all = entries(folder.path(), "whole.p12");
    assert!(all.len() > 50 && all.iter().all(|(kind, ..)| kind == "trusted-cert"), "{} entries\n{}", all.len(), ran.story());
    assert!(all.iter().any(|(.., chain)| *chain == entries(folder.path(), "pki/ca.crt")[0].2));
    let Some(keytool) = peer("keytool") else { return };
    let mut command = Command::new(keytool);
    command.args(["-J-Duser.language=en", "-list", "-storepass", PASSWORD, "-keystore", "whole.p12"]).current_dir(folder.path());
    let listed = run(command, b"").exits(0);
    assert_eq!(listed.stdout.matches("trustedCertEntry").count(), all.len(), "Java sees each of them");
}

#[test]
fn what_a_store_has_under_two_aliases_stays_under_both() {
    let folder = copy();
    let folder = folder.path();
    let Some(keytool) = peer("keytool") else { return };
    let alias = entries(folder, "pki/server.p12")[0].1.clone();
    let import = |to: &str| {
        format!(
            "-importkeystore -srckeystore pki/server.p12 -srcstorepass {PASSWORD} -srcalias {alias} -destkeystore one.jks -deststoretype JKS -deststorepass {PASSWORD} -destalias {to}"
        )
    };
    for words in [
        import("first"),
        import("second"),
        format!("-importcert -noprompt -alias ca1 -file pki/ca.crt -keystore one.jks -storepass {PASSWORD}"),
        format!("-importcert -noprompt -alias ca2 -file pki/ca.crt -keystore one.jks -storepass {PASSWORD}"),
    ] {
        let mut command = Command::new(&keytool);
        command.current_dir(folder).args(words.split(' '));
        run(command, b"").exits(0);
    }
    // a CA that lies beside completes a PKCS#12's chains: the leaf says enough
    let leaves = |store: &str| -> Vec<(String, String, String)> {
        entries(folder, store).into_iter().map(|(kind, alias, chain)| (kind, alias, chain[0].clone())).collect()
    };
    let first = leaves("one.jks");
    assert_eq!(first.len(), 4);
    for to in ["two.p12", "two.jks", "two.bcfks"] {
        said(folder, &format!("convert one.jks {to}")).exits(0);
        assert_eq!(leaves(to), first, "{to}");
        // merged with the same once more, nothing doubles
        said(folder, &format!("convert {to} {to} merged-{to}")).exits(0);
        assert_eq!(leaves(&format!("merged-{to}")), first, "{to}");
    }
}

#[test]
fn what_stays_does_not_depend_on_the_order_of_the_inputs() {
    use mtls::formats::{Entry, Item, jks};
    let folder = copy();
    let folder = folder.path();
    let pem = pem::parse(std::fs::read(folder.join("pki/ca.crt")).unwrap()).unwrap();
    let ca = mtls::pki::Cert::from_der(pem.contents()).unwrap();
    for (file, aliases) in [("a.jks", &["x"][..]), ("b.jks", &["x", "y"]), ("c.jks", &["y", "x"])] {
        let entries: Vec<Entry> = aliases.iter().map(|a| Entry::new(Some((*a).to_owned()), Item::Trusted(ca.clone()))).collect();
        let bytes = jks::write(&entries, &mtls::pki::Password::new(PASSWORD), time::OffsetDateTime::UNIX_EPOCH).unwrap();
        std::fs::write(folder.join(file), bytes).unwrap();
    }
    let aliases = |store: &str| entries(folder, store).into_iter().map(|(_, alias, _)| alias).collect::<Vec<_>>();
    for inputs in ["a.jks b.jks", "b.jks a.jks", "a.jks c.jks", "b.jks c.jks a.jks"] {
        said(folder, &format!("convert {inputs} merged.jks --force")).exits(0);
        assert_eq!(aliases("merged.jks"), ["x", "y"], "{inputs}");
        let _ = std::fs::remove_file(folder.join("added.jks"));
        said(folder, &format!("entry add added.jks {inputs}")).exits(0);
        assert_eq!(aliases("added.jks"), ["x", "y"], "{inputs}");
    }
    said(folder, "entry add a.jks b.jks").exits(0);
    assert_eq!(aliases("a.jks"), ["x", "y"], "what is there is an input like any other");
}

/// What keytool copies out of a store into one of another kind, and with which password: it has to decrypt each secret.
#[track_caller]
fn secrets_that_java_copies(folder: &Path, store: &str, password: &str) -> Option<Vec<String>> {
    let keytool = peer("keytool")?;
    let copy = folder.join("copy.jceks");
    let _ = std::fs::remove_file(&copy);
    let words = |words: &str| {
        let mut command = Command::new(&keytool);
        command.current_dir(folder).args(["-J-Duser.language=en", "-noprompt"]).args(words.split(' '));
        run(command, b"").exits(0).stdout
    };
    words(&format!(
        "-importkeystore -srckeystore {store} -srcstoretype PKCS12 -srcstorepass {password} -destkeystore copy.jceks -deststoretype JCEKS -deststorepass {password}"
    ));
    let listed = words(&format!("-list -keystore copy.jceks -storetype JCEKS -storepass {password}"));
    let secrets = listed.lines().filter(|l| l.contains("SecretKeyEntry"));
    let mut aliases: Vec<String> = secrets.map(|l| l.split(',').next().unwrap().to_owned()).collect();
    aliases.sort();
    Some(aliases)
}

#[test]
fn secret_keys_stay_in_a_pkcs12_that_is_edited_converted_or_under_a_new_password() {
    let folder = copy();
    let folder = folder.path();
    let Some(keytool) = peer("keytool") else { return };
    for (alias, algorithm, size) in [("aes", "AES", "256"), ("mac", "HmacSHA256", "256")] {
        let mut command = Command::new(&keytool);
        command.current_dir(folder).args([
            "-genseckey",
            "-keystore",
            "pki/server.p12",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
        ]);
        command.args(["-alias", alias, "-keyalg", algorithm, "-keysize", size]);
        run(command, b"").exits(0);
    }
    let first = entries(folder, "pki/server.p12");
    said(folder, "entry rename pki/server.p12 aes AES2").exits(0);
    said(folder, "entry rename pki/server.p12 aes2 aes").exits(0);
    assert_eq!(entries(folder, "pki/server.p12"), first);
    assert_eq!(secrets_that_java_copies(folder, "pki/server.p12", PASSWORD).unwrap(), ["aes", "mac"]);
    for profile in ["--to pkcs12", "--legacy"] {
        said(folder, &format!("convert pki/server.p12 pki/client.p12 both.p12 --force {profile}")).exits(0);
        assert_eq!(secrets_that_java_copies(folder, "both.p12", PASSWORD).unwrap(), ["aes", "mac"], "{profile}");
    }
    // merged with itself, nothing doubles
    said(folder, "convert pki/server.p12 both.p12 again.p12").exits(0);
    assert_eq!(entries(folder, "again.p12"), entries(folder, "both.p12"));
    said(folder, "password both.p12 --new pass:another1").exits(0);
    assert_eq!(secrets_that_java_copies(folder, "both.p12", "another1").unwrap(), ["aes", "mac"]);
    said(folder, "entry remove pki/server.p12 mac").exits(0);
    assert_eq!(secrets_that_java_copies(folder, "pki/server.p12", PASSWORD).unwrap(), ["aes"]);
    // where it cannot go, that is said before anything is written
    let ran = said(folder, "convert pki/server.p12 out.jks").exits(1);
    assert!(ran.stderr.contains("\"aes\"") && ran.stderr.contains("--drop"), "{}", ran.story());
    assert!(!folder.join("out.jks").exists());
    said(folder, "convert pki/server.p12 out.jks --drop").exits(0);
}
