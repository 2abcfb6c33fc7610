//! Both ways with the real programs: what we write opens with them and shakes hands with them, and what they write opens
//! with us and shakes hands through us.

use crate::half;
use crate::peers::{peer, python};
use crate::program::{PASSWORD, Ran, WITH_PASSWORD, mtls, run};
use aws_lc_rs::digest;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What OpenSSL 3.0, Java 17, GnuTLS and curl know of what `--key` takes; ML-DSA they learn later (OpenSSL 3.5, JDK 24).
const KEYS: &[&str] = &["ec-p256", "ec-p384", "ec-p521", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096"];

/// How `mtls keystore` and `mtls truststore` encrypt.
const PROFILES: &[&str] = &["default", "legacy"];

// ---------------------------------------------------------------------------------------------------------- what we write

/// What we made with one key type: `mtls init`, and the same again with --legacy.
struct Ours(PathBuf);

impl Ours {
    /// Made once in a run of the tests, for RSA takes its time.
    fn of(key: &str) -> &'static Ours {
        static MADE: [OnceLock<Ours>; KEYS.len()] = [const { OnceLock::new() }; KEYS.len()];
        MADE[KEYS.iter().position(|k| *k == key).unwrap()].get_or_init(|| Ours::make(key))
    }

    fn make(key: &str) -> Ours {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ours-{key}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let run = |words: &[&str]| mtls(&folder, words.iter().chain(&WITH_PASSWORD)).exits(0);
        run(&["init", "api.example", "127.0.0.1", "--key", key, "--dir", "default"]);
        std::fs::create_dir(folder.join("legacy")).unwrap();
        for name in ["server", "client"] {
            let (cert, key) = (format!("default/{name}.crt"), format!("default/{name}.key"));
            run(&["keystore", &format!("legacy/{name}.p12"), &cert, &key, "--legacy"]);
        }
        run(&["truststore", "legacy/truststore.p12", "default/ca.crt", "--legacy"]);
        Ours(folder)
    }

    fn file(&self, profile: &str, name: &str) -> PathBuf {
        self.0.join(profile).join(name)
    }

    /// Each of our stores, by profile and name.
    fn stores(&self) -> Vec<PathBuf> {
        PROFILES.iter().flat_map(|p| ["server.p12", "client.p12", "truststore.p12"].map(|name| self.file(p, name))).collect()
    }
}

fn sha256(der: &[u8]) -> String {
    digest::digest(&digest::SHA256, der).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

/// The SHA-256 of every certificate in a PEM text.
fn fingerprints_of_pem(text: &str) -> BTreeSet<String> {
    pem::parse_many(text).unwrap().iter().filter(|p| p.tag() == "CERTIFICATE").map(|p| sha256(p.contents())).collect()
}

/// `aa:BB:…` after this label, as lower-case hex.
fn fingerprints_after(label: &str, text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|l| l.trim().strip_prefix(label))
        .map(|hex| hex.trim().replace(':', "").to_lowercase())
        .filter(|hex| hex.len() == 64)
        .collect()
}

/// What `mtls inspect` says of a store, which it must be able to open.
#[track_caller]
fn inspected(store: &Path) -> Value {
    let ran = mtls(store.parent().unwrap(), ["inspect", "--json", store.to_str().unwrap()].iter().chain(&WITH_PASSWORD));
    let report = ran.json();
    assert!(report["items"][0]["entries"].is_array(), "{}", ran.story());
    report["items"][0].clone()
}

fn entries(item: &Value) -> &Vec<Value> {
    item["entries"].as_array().unwrap()
}

/// The SHA-256 of every certificate that `mtls inspect` shows.
fn fingerprints(item: &Value) -> BTreeSet<String> {
    let chains = entries(item).iter().flat_map(|e| e["chain"].as_array().unwrap());
    chains.map(|c| c["sha256"].as_str().unwrap().to_owned()).collect()
}

/// Runs a foreign program that must succeed.
#[track_caller]
fn foreign<S: AsRef<std::ffi::OsStr>>(program: &Path, folder: &Path, words: impl IntoIterator<Item = S>) -> Ran {
    let mut command = Command::new(program);
    command.args(words).current_dir(folder);
    run(command, b"").exits(0)
}

/// Runs keytool in English, with a JVM that starts fast: it lives for a second only.
#[track_caller]
fn keytool_in(folder: &Path, keytool: &Path, words: &[&str]) -> String {
    let quick = ["-J-Duser.language=en", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-storepass", PASSWORD];
    foreign(keytool, folder, words.iter().chain(&quick)).stdout
}

fn pass(word: &str) -> String {
    format!("{word}{PASSWORD}")
}

#[test]
fn openssl_opens_what_we_write() {
    let Some(openssl) = peer("openssl") else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        for store in ours.stores() {
            let path = store.to_str().unwrap();
            let dump = foreign(&openssl, &ours.0, ["pkcs12", "-in", path, "-nodes", "-passin", &pass("pass:")]);
            let item = inspected(&store);
            assert_eq!(fingerprints_of_pem(&dump.stdout), fingerprints(&item), "{path}");
            if path.ends_with("truststore.p12") {
                continue;
            }
            // the key is the certificate's: both yield the same public key
            std::fs::write(ours.0.join("dump.pem"), &dump.stdout).unwrap();
            let of_key = foreign(&openssl, &ours.0, ["pkey", "-in", "dump.pem", "-pubout"]).stdout;
            let of_cert = foreign(&openssl, &ours.0, ["x509", "-in", "dump.pem", "-noout", "-pubkey"]).stdout;
            assert_eq!(of_key, of_cert, "{path}");
        }
    }
}

#[test]
fn openssl_verifies_our_certificates_for_their_purposes() {
    let Some(openssl) = peer("openssl") else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        for (purpose, cert) in [("sslserver", "server.crt"), ("sslclient", "client.crt")] {
            let words = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", "default/ca.crt"];
            foreign(&openssl, &ours.0, words.into_iter().map(str::to_owned).chain([format!("default/{cert}")]));
        }
    }
}

#[test]
fn openssl_sees_the_default_profile_as_its_own() {
    let Some(openssl) = peer("openssl") else { return };
    let ours = Ours::of("ec-p256");
    let seen = |profile: &str| {
        let words =
            ["pkcs12", "-in", &format!("{profile}/server.p12"), "-info", "-noout", "-passin", &pass("pass:")].map(str::to_owned);
        foreign(&openssl, &ours.0, words).stderr
    };
    let modern = seen("default");
    assert!(modern.contains("MAC: sha256, Iteration 10000"), "{modern}");
    assert!(modern.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256"), "{modern}");
    let legacy = seen("legacy");
    assert!(legacy.contains("MAC: sha1") && legacy.contains("pbeWithSHA1And3-KeyTripleDES-CBC"), "{legacy}");
    assert!(!legacy.contains("RC2"), "{legacy}");
}

#[test]
fn keytool_lists_what_we_write_trusted_entries_too() {
    let Some(keytool) = peer("keytool") else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        for store in ours.stores() {
            let path = store.to_str().unwrap();
            let list = keytool_in(&ours.0, &keytool, &["-list", "-v", "-keystore", path]);
            let item = inspected(&store);
            assert!(list.contains("Your keystore contains 1 entry"), "{path}\n{list}");
            let kind = if path.ends_with("truststore.p12") { "trustedCertEntry" } else { "PrivateKeyEntry" };
            assert!(list.contains(&format!("Entry type: {kind}")), "{path}\n{list}");
            let alias = entries(&item)[0]["alias"].as_str().unwrap().to_owned();
            assert!(list.contains(&format!("Alias name: {alias}")), "{path}: {alias}\n{list}");
            assert_eq!(fingerprints_after("SHA256:", &list), fingerprints(&item), "{path}");
        }
    }
}

#[test]
fn certtool_opens_what_we_write() {
    let Some(certtool) = peer("certtool") else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        for store in ours.stores() {
            let path = store.to_str().unwrap();
            let words = ["--p12-info", "--inder", "--infile", path, "--password", PASSWORD];
            let shown = foreign(&certtool, &ours.0, words);
            let both = format!("{}{}", shown.stdout, shown.stderr);
            assert_eq!(fingerprints_of_pem(&both), fingerprints(&inspected(&store)), "{path}");
            assert!(path.ends_with("truststore.p12") || both.contains("PRIVATE KEY"), "{path}\n{both}");
        }
    }
}

#[test]
fn python_opens_what_we_write() {
    let Some(python) = python() else { return };
    let script = "import sys\n\
        from cryptography.hazmat.primitives.serialization import pkcs12, Encoding, PublicFormat\n\
        from cryptography.hazmat.primitives import hashes\n\
        spki = lambda k: k.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)\n\
        for path in sys.argv[2:]:\n\
        \x20 key, cert, more = pkcs12.load_key_and_certificates(open(path, 'rb').read(), sys.argv[1].encode())\n\
        \x20 assert (key is None) == path.endswith('truststore.p12'), path\n\
        \x20 assert key is None or spki(key) == spki(cert), path\n\
        \x20 for c in ([cert] if cert else []) + more: print('sha256', c.fingerprint(hashes.SHA256()).hex(), path)\n";
    for key in KEYS {
        let ours = Ours::of(key);
        let paths = ours.stores().iter().map(|s| s.to_str().unwrap().to_owned()).collect::<Vec<_>>();
        let words = ["-c", script, PASSWORD].into_iter().chain(paths.iter().map(String::as_str));
        let shown = foreign(&python, &ours.0, words).stdout;
        for store in ours.stores() {
            let lines: Vec<_> = shown.lines().filter_map(|l| l.strip_suffix(store.to_str().unwrap())).collect();
            assert_eq!(fingerprints_after("sha256 ", &lines.join("\n")), fingerprints(&inspected(&store)), "{}", store.display());
        }
    }
}

#[test]
fn nss_imports_what_we_write() {
    let (Some(pk12util), Some(certutil)) = (peer("pk12util"), peer("certutil")) else { return };
    // NSS 3.87 knows no Ed25519 keys
    for key in KEYS.iter().filter(|k| **k != "ed25519") {
        let ours = Ours::of(key);
        for profile in PROFILES {
            let store = ours.file(profile, "client.p12");
            let base = TempDir::new().unwrap();
            let words = ["-N", "-d", "sql:.", "--empty-password"];
            foreign(&certutil, base.path(), words);
            foreign(&pk12util, base.path(), ["-i", store.to_str().unwrap(), "-d", "sql:.", "-W", PASSWORD]);
            let keys = foreign(&certutil, base.path(), ["-K", "-d", "sql:."]).stdout;
            let alias = entries(&inspected(&store))[0]["alias"].as_str().unwrap().to_owned();
            assert!(keys.contains(&alias), "{}: {keys}", store.display());
        }
    }
}

// ------------------------------------------------------------------------------------------------------ handshakes: Java

/// For BCFKS, which only BouncyCastle reads.
const BOUNCY_CASTLE: &str = "/usr/share/java/bcprov.jar";

/// A JVM that does handshakes on demand (tests/java/MutualTls.java).
struct Java {
    process: Child,
    tasks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Java {
    fn start() -> Option<Java> {
        let java = peer("java")?;
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/MutualTls.java");
        let mut process = Command::new(java)
            .args(["-cp", BOUNCY_CASTLE])
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (tasks, answers) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut java = Java { process, tasks, answers };
        assert_eq!(java.does(&["password", PASSWORD]), "ok");
        Some(java)
    }

    fn does(&mut self, task: &[&str]) -> String {
        writeln!(self.tasks, "{}", task.join("\t")).unwrap();
        self.tasks.flush().unwrap();
        self.says()
    }

    fn says(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Java {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Java with these stores as client against our server half, and as server against our client half.
#[track_caller]
fn java_shakes_hands(java: &mut Java, keystores: [&Path; 2], truststore: &Path, ours: [&Path; 2]) {
    let [server, client] = keystores.map(|k| k.to_str().unwrap());
    let trust = truststore.to_str().unwrap();
    let half = half::serve(ours[0], truststore);
    let said = java.does(&["client", &half.port.to_string(), "api.example", client, trust]);
    assert!(said.starts_with("ok TLSv1.3 CN=api.example"), "Java as client with {client}: {said}");
    half.was_mutual();
    let port = java.does(&["server", server, trust]);
    let port: u16 = port.strip_prefix("port ").unwrap_or_else(|| panic!("Java as server with {server}: {port}")).parse().unwrap();
    half::connect(port, "api.example", ours[1], truststore);
    let said = java.says();
    assert!(said.starts_with("ok TLSv1.3 CN=client"), "Java as server with {server}: {said}");
}

#[test]
fn java_loads_what_we_write_and_completes_mutual_tls_with_us() {
    let Some(mut java) = Java::start() else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        for profile in PROFILES {
            let [server, client, trust] = ["server.p12", "client.p12", "truststore.p12"].map(|name| ours.file(profile, name));
            assert_eq!(java.does(&["trusted", trust.to_str().unwrap()]), "ok 1", "{}", trust.display());
            java_shakes_hands(&mut java, [&server, &client], &trust, [&server, &client]);
        }
    }
}

#[test]
fn java_completes_mutual_tls_with_each_format_and_for_each_consumer() {
    let Some(mut java) = Java::start() else { return };
    assert!(Path::new(BOUNCY_CASTLE).is_file(), "./tests/run installs it (Debian package libbcprov-java)");
    let ours = Ours::of("ec-p256");
    let folder = tempfile::tempdir().unwrap();
    let convert = |name: &str, to: &str, options: &str| {
        let from = ours.file("default", &format!("{name}.p12"));
        let to = folder.path().join(format!("{name}.{to}"));
        let words =
            ["convert", from.to_str().unwrap(), to.to_str().unwrap(), "--force"].into_iter().chain(options.split_whitespace());
        mtls(folder.path(), words.chain(WITH_PASSWORD)).exits(0);
        to
    };
    // FIPS's PBMAC1 is for Java 26
    let consumers = ["java8", "java", "openssl", "windows", "macos", "android", "nss"];
    let stores = [("jks", ""), ("bcfks", "")].map(|(to, options)| (to, options.to_owned()));
    let stores = stores.into_iter().chain(consumers.map(|consumer| ("p12", format!("--for {consumer}"))));
    for (to, options) in stores {
        let [server, client, trust] = ["server", "client", "truststore"].map(|name| convert(name, to, &options));
        assert_eq!(java.does(&["trusted", trust.to_str().unwrap()]), "ok 1", "{to} {options}");
        java_shakes_hands(&mut java, [&server, &client], &trust, [&server, &client]);
    }
    let [server, client] = ["server", "client"].map(|name| convert(name, "p12", ""));
    for to in ["p7b", "pem", "der"] {
        let trust = convert("truststore", to, "");
        java_shakes_hands(&mut java, [&server, &client], &trust, [&server, &client]);
    }
}

// ------------------------------------------------------------------------------------------------------ handshakes: curl

#[test]
fn curl_uses_what_we_write_as_pkcs12_and_as_pem() {
    let Some(curl) = peer("curl") else { return };
    for key in KEYS {
        let ours = Ours::of(key);
        let p12 = |profile| {
            vec![
                "--cert-type".into(),
                "P12".into(),
                "--cert".into(),
                format!("{}:{PASSWORD}", ours.file(profile, "client.p12").display()),
            ]
        };
        let (cert, private) = (ours.file("default", "client.crt"), ours.file("default", "client.key"));
        let pem = vec!["--cert".to_owned(), cert.display().to_string(), "--key".to_owned(), private.display().to_string()];
        for identity in [p12("default"), p12("legacy"), pem] {
            let half = half::serve(&ours.file("default", "server.p12"), &ours.file("default", "truststore.p12"));
            let url = format!("https://api.example:{}/", half.port);
            let here = format!("api.example:{}:127.0.0.1", half.port);
            let ca = ours.file("default", "ca.crt");
            let mut words =
                vec!["--silent", "--show-error", "--max-time", "20", "--cacert", ca.to_str().unwrap(), "--resolve", &here];
            // our half says back what it hears, so this request is an HTTP answer too: "HTTP/1.0 200 / HTTP/1.1", no content
            words.extend(["-X", "HTTP/1.0 200", "-H", "Content-Length: 0", "--write-out", "%{http_code}", &url]);
            let ran = foreign(&curl, &ours.0, words.into_iter().map(str::to_owned).chain(identity));
            assert_eq!(ran.stdout, "200", "{}", ran.story());
            half.was_mutual();
        }
    }
}

// ---------------------------------------------------------------------------------------------------- what the others write

/// How openssl makes a private key of each kind.
const OPENSSL_KEYS: &[(&str, &[&str])] = &[
    ("EC P-256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("EC P-384", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("EC P-521", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"]),
    ("Ed25519", &["-newkey", "ed25519"]),
    ("RSA", &["-newkey", "rsa:2048"]),
];

/// A CA, a server and a client by openssl alone: `ca.crt`, `{server,client}.{crt,key}`.
fn openssl_pki(openssl: &Path, folder: &Path, new_key: &[&str]) {
    let request = |words: &[&str]| {
        let first = ["req", "-x509", "-nodes", "-days", "90"];
        foreign(openssl, folder, first.iter().chain(new_key).chain(words));
    };
    request(&["-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Foreign CA", "-addext", "keyUsage=critical,keyCertSign"]);
    for (name, usage, san) in [("server", "serverAuth", "DNS:api.example"), ("client", "clientAuth", "DNS:client.example")] {
        let (key, cert, subject) = (format!("{name}.key"), format!("{name}.crt"), format!("/CN={name}"));
        let (usage, san) = (format!("extendedKeyUsage={usage}"), format!("subjectAltName={san}"));
        let names = ["-keyout", &key, "-out", &cert, "-subj", &subject, "-addext", &usage, "-addext", &san];
        let signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:false"];
        request(&[names.as_slice(), signed.as_slice()].concat());
    }
}

/// The store opens, its certificates are those that the writer's tool names, and the key belongs to the leaf.
#[track_caller]
fn opens_with_us(store: &Path, algorithm: &str, certificates: &BTreeSet<String>) {
    let item = inspected(store);
    assert_eq!(item["format"], "pkcs12", "{item:#}");
    assert_eq!(&fingerprints(&item), certificates, "{}: {item:#}", store.display());
    let keys: Vec<_> = entries(&item).iter().filter(|e| e["kind"] == "private-key").collect();
    assert_eq!(keys.len(), 1, "{}: {item:#}", store.display());
    assert_eq!(keys[0]["key"]["algorithm"], algorithm, "{}: {item:#}", store.display());
    assert_eq!(keys[0]["key"]["matches_certificate"], true, "{}: {item:#}", store.display());
}

/// `mtls handshake` with these stores on both sides.
#[track_caller]
fn shakes_hands_through_us(folder: &Path, server: &str, client: &str, trust: &str) {
    let words = ["handshake", "--json", "--server", server, trust, "--client", client, trust, "--name", "api.example"];
    let report = mtls(folder, words.iter().chain(&WITH_PASSWORD)).exits(0).json();
    assert_eq!(report["handshake"]["mutual"], true, "{report:#}");
}

fn fingerprint_by_openssl(openssl: &Path, folder: &Path, cert: &str) -> String {
    let said = foreign(openssl, folder, ["x509", "-in", cert, "-noout", "-fingerprint", "-sha256"]).stdout;
    said.trim().split('=').nth(1).unwrap().replace(':', "").to_lowercase()
}

#[test]
fn what_openssl_writes_opens_with_us_and_shakes_hands() {
    let Some(openssl) = peer("openssl") else { return };
    // (how it is called, options of `openssl pkcs12 -export`)
    let profiles: &[(&str, &[&str])] = &[
        ("modern", &[]),
        ("triple-des", &["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]),
        ("rc2", &["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]),
        ("aes-128-sha-512", &["-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512"]),
        ("certificates-in-the-clear", &["-certpbe", "NONE"]),
        ("without-mac", &["-nomac"]),
        ("many-iterations", &["-iter", "100000"]),
    ];
    for (algorithm, new_key) in OPENSSL_KEYS {
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        openssl_pki(&openssl, at, new_key);
        // how a store is encrypted does not depend on what is in it: every way with two kinds of key, the default with all
        let profiles = if ["EC P-256", "RSA"].contains(algorithm) { profiles } else { &profiles[..1] };
        for (profile, options) in profiles {
            for name in ["server", "client"] {
                let (key, cert, out) = (format!("{name}.key"), format!("{name}.crt"), format!("{name}-{profile}.p12"));
                let password = pass("pass:");
                let first = [
                    "pkcs12",
                    "-export",
                    "-inkey",
                    &key,
                    "-in",
                    &cert,
                    "-certfile",
                    "ca.crt",
                    "-out",
                    &out,
                    "-passout",
                    &password,
                ];
                foreign(&openssl, at, first.iter().chain(*options));
                let expected = [cert.as_str(), "ca.crt"].map(|c| fingerprint_by_openssl(&openssl, at, c)).into();
                opens_with_us(&at.join(&out), algorithm, &expected);
            }
            shakes_hands_through_us(at, &format!("server-{profile}.p12"), &format!("client-{profile}.p12"), "ca.crt");
        }
        shakes_hands_through_us(at, "server.crt,server.key", "client.crt,client.key", "ca.crt");
    }
}

#[test]
fn what_keytool_writes_opens_with_us_and_shakes_hands() {
    let Some(keytool) = peer("keytool") else { return };
    let kinds: &[(&str, &[&str])] = &[
        ("EC P-256", &["-keyalg", "EC", "-groupname", "secp256r1"]),
        ("EC P-384", &["-keyalg", "EC", "-groupname", "secp384r1"]),
        ("Ed25519", &["-keyalg", "Ed25519"]),
        ("RSA", &["-keyalg", "RSA", "-keysize", "2048"]),
    ];
    for (algorithm, kind) in kinds {
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        let java = |words: &[&str]| keytool_in(at, &keytool, words);
        let make = |alias: &str, subject: &str, extension: &[&str]| {
            let store = format!("{alias}.p12");
            let first = ["-genkeypair", "-keystore", &store, "-alias", alias, "-dname", subject, "-validity", "90"];
            java(&[&first[..], kind, extension].concat());
        };
        make("ca", "CN=Java CA", &["-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign"]);
        java(&["-exportcert", "-rfc", "-keystore", "ca.p12", "-alias", "ca", "-file", "ca.crt"]);
        for (name, usage, san) in [("server", "serverAuth", "dns:api.example"), ("client", "clientAuth", "dns:client.example")] {
            let (store, request, cert) = (format!("{name}.p12"), format!("{name}.csr"), format!("{name}.crt"));
            make(name, &format!("CN={name}"), &[]);
            java(&["-certreq", "-keystore", &store, "-alias", name, "-file", &request]);
            let (usage, san) = (format!("eku={usage}"), format!("san={san}"));
            java(&[
                "-gencert",
                "-rfc",
                "-keystore",
                "ca.p12",
                "-alias",
                "ca",
                "-infile",
                &request,
                "-outfile",
                &cert,
                "-ext",
                &usage,
                "-ext",
                &san,
            ]);
            java(&["-importcert", "-noprompt", "-keystore", &store, "-alias", "root", "-file", "ca.crt"]);
            java(&["-importcert", "-noprompt", "-keystore", &store, "-alias", name, "-file", &cert]);
            java(&["-delete", "-keystore", &store, "-alias", "root"]);
            let list = java(&["-list", "-v", "-keystore", &store]);
            opens_with_us(&at.join(&store), algorithm, &fingerprints_after("SHA256:", &list));
        }
        java(&["-importcert", "-noprompt", "-keystore", "trust.p12", "-alias", "ca", "-file", "ca.crt"]);
        let item = inspected(&at.join("trust.p12"));
        assert_eq!(entries(&item)[0]["kind"], "trusted-cert", "{item:#}");
        let list = java(&["-list", "-v", "-keystore", "trust.p12"]);
        assert_eq!(fingerprints(&item), fingerprints_after("SHA256:", &list));
        shakes_hands_through_us(at, "server.p12", "client.p12", "trust.p12");
    }
}

#[test]
fn what_certtool_writes_opens_with_us_and_shakes_hands() {
    let Some(certtool) = peer("certtool") else { return };
    let kinds: &[(&str, &[&str])] = &[
        ("EC P-256", &["--key-type", "ecdsa", "--curve", "secp256r1"]),
        ("EC P-384", &["--key-type", "ecdsa", "--curve", "secp384r1"]),
        ("EC P-521", &["--key-type", "ecdsa", "--curve", "secp521r1"]),
        ("Ed25519", &["--key-type", "ed25519"]),
        ("RSA", &["--key-type", "rsa", "--bits", "2048"]),
    ];
    let templates = [
        ("ca", "cn = \"GnuTLS CA\"\nca\ncert_signing_key\nexpiration_days = 90\n"),
        ("server", "cn = \"server\"\ndns_name = api.example\nsigning_key\ntls_www_server\nexpiration_days = 90\n"),
        ("client", "cn = \"client\"\nsigning_key\ntls_www_client\nexpiration_days = 90\n"),
    ];
    for (algorithm, kind) in kinds {
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        for (name, template) in templates {
            std::fs::write(at.join("template"), template).unwrap();
            let (key, cert) = (format!("{name}.key"), format!("{name}.crt"));
            foreign(&certtool, at, ["--generate-privkey", "--pkcs8", "--password", "", "--outfile", &key].iter().chain(*kind));
            let signer: &[&str] = if name == "ca" {
                &["--generate-self-signed"]
            } else {
                &["--generate-certificate", "--load-ca-certificate", "ca.crt", "--load-ca-privkey", "ca.key"]
            };
            foreign(&certtool, at, signer.iter().chain(&["--load-privkey", &key, "--template", "template", "--outfile", &cert]));
        }
        let fingerprint = |cert: &str| {
            let said = foreign(&certtool, at, ["--fingerprint", "--hash", "sha256", "--infile", cert]).stdout;
            said.trim().replace(':', "").to_lowercase()
        };
        // GnuTLS derives keys with 600,000 iterations: every cipher with one key type, and the default with all
        let ciphers = if *algorithm == "EC P-256" { &["aes-256", "aes-128", "3des-pkcs12", "3des"][..] } else { &["aes-256"] };
        for cipher in ciphers {
            for name in ["server", "client"] {
                let (key, cert, out) = (format!("{name}.key"), format!("{name}.crt"), format!("{name}-{cipher}.p12"));
                let words = [
                    "--to-p12",
                    "--outder",
                    "--load-privkey",
                    &key,
                    "--load-certificate",
                    &cert,
                    "--load-ca-certificate",
                    "ca.crt",
                ];
                let how = ["--p12-name", name, "--password", PASSWORD, "--pkcs-cipher", cipher, "--outfile", &out];
                foreign(&certtool, at, words.iter().chain(&how));
                opens_with_us(&at.join(&out), algorithm, &[cert.as_str(), "ca.crt"].map(fingerprint).into());
            }
            shakes_hands_through_us(at, &format!("server-{cipher}.p12"), &format!("client-{cipher}.p12"), "ca.crt");
        }
    }
}

#[test]
fn what_nss_writes_opens_with_us_and_shakes_hands() {
    let (Some(openssl), Some(pk12util), Some(certutil)) = (peer("openssl"), peer("pk12util"), peer("certutil")) else { return };
    for (algorithm, new_key) in OPENSSL_KEYS.iter().filter(|(algorithm, _)| *algorithm != "Ed25519") {
        let folder = TempDir::new().unwrap();
        let at = folder.path();
        openssl_pki(&openssl, at, new_key);
        foreign(&certutil, at, ["-N", "-d", "sql:.", "--empty-password"]);
        foreign(&certutil, at, ["-A", "-d", "sql:.", "-n", "ca", "-t", "CT,C,C", "-i", "ca.crt"]);
        for name in ["server", "client"] {
            let (key, cert, plain, out) =
                (format!("{name}.key"), format!("{name}.crt"), format!("{name}-in.p12"), format!("{name}.p12"));
            let words =
                ["pkcs12", "-export", "-inkey", &key, "-in", &cert, "-name", name, "-out", &plain, "-passout", &pass("pass:")]
                    .map(str::to_owned);
            foreign(&openssl, at, words);
            foreign(&pk12util, at, ["-i", &plain, "-d", "sql:.", "-W", PASSWORD]);
            foreign(&pk12util, at, ["-o", &out, "-d", "sql:.", "-n", name, "-W", PASSWORD]);
            let expected = [cert.as_str(), "ca.crt"].map(|c| fingerprint_by_openssl(&openssl, at, c)).into();
            opens_with_us(&at.join(&out), algorithm, &expected);
        }
        shakes_hands_through_us(at, "server.p12", "client.p12", "ca.crt");
    }
}

#[test]
fn what_python_writes_opens_with_us_and_shakes_hands() {
    let (Some(openssl), Some(python)) = (peer("openssl"), python()) else { return };
    let script = "import sys\n\
        from cryptography import x509\n\
        from cryptography.hazmat.primitives import hashes, serialization as s\n\
        from cryptography.hazmat.primitives.serialization import pkcs12\n\
        read = lambda name: open(name, 'rb').read()\n\
        name, password = sys.argv[1], sys.argv[2].encode()\n\
        key = s.load_pem_private_key(read(name + '.key'), None)\n\
        cert, ca = (x509.load_pem_x509_certificate(read(n + '.crt')) for n in (name, 'ca'))\n\
        out = pkcs12.serialize_key_and_certificates(name.encode(), key, cert, [ca], s.BestAvailableEncryption(password))\n\
        open(name + '.p12', 'wb').write(out)\n\
        for c in (cert, ca): print('sha256', c.fingerprint(hashes.SHA256()).hex())\n";
    for (algorithm, new_key) in OPENSSL_KEYS {
        let folder = TempDir::new().unwrap();
        openssl_pki(&openssl, folder.path(), new_key);
        for name in ["server", "client"] {
            let said = foreign(&python, folder.path(), ["-c", script, name, PASSWORD]).stdout;
            opens_with_us(&folder.path().join(format!("{name}.p12")), algorithm, &fingerprints_after("sha256 ", &said));
        }
        shakes_hands_through_us(folder.path(), "server.p12", "client.p12", "ca.crt");
    }
}

// --------------------------------------------------------------------------------------- what only our own two ends know yet

#[test]
fn ml_dsa_certificates_shake_hands_with_post_quantum_keys_throughout() {
    for (key, algorithm) in [("ml-dsa-44", "ML-DSA-44"), ("ml-dsa-65", "ML-DSA-65"), ("ml-dsa-87", "ML-DSA-87")] {
        let folder = TempDir::new().unwrap();
        mtls(folder.path(), ["init", "api.example", "--key", key, "--dir", "."].iter().chain(&WITH_PASSWORD)).exits(0);
        let item = inspected(&folder.path().join("server.p12"));
        assert_eq!(entries(&item)[0]["key"]["algorithm"], algorithm, "{item:#}");
        assert_eq!(entries(&item)[0]["key"]["matches_certificate"], true, "{item:#}");
        let words =
            ["handshake", "--json", "--server", "server.p12", "truststore.p12", "--client", "client.p12", "truststore.p12"];
        let report = mtls(folder.path(), words.iter().chain(&WITH_PASSWORD)).exits(0).json();
        assert_eq!(report["handshake"]["mutual"], true, "{report:#}");
        assert_eq!(report["handshake"]["version"], "TLSv1.3", "{report:#}");
        assert_eq!(report["handshake"]["group"], "X25519MLKEM768", "{report:#}");
    }
}
