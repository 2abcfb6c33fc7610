//! The matrix of keystores: each format by each writer with each kind of key that the writer takes, made now by the real tool.
//! Every certificate's SHA-256 is what the writer's own tool prints, and every key belongs to its certificate.

use crate::peers::{peer, python};
use crate::program::{self, PASSWORD, WITH_PASSWORD, mtls};
use mtls::safe::from_hex;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

/// A kind of key: the name that Java's key factory has for it, a dash and what tells it from others; openssl's words for making
/// it; the algorithm that we name.
const KINDS: &[(&str, &str, &str)] = &[
    ("RSA-2048", "RSA -pkeyopt rsa_keygen_bits:2048", "RSA"),
    ("RSASSA-PSS", "RSA-PSS -pkeyopt rsa_keygen_bits:2048", "RSA-PSS"),
    ("EC-p224", "EC -pkeyopt ec_paramgen_curve:P-224", "EC P-224"),
    ("EC-p256", "EC -pkeyopt ec_paramgen_curve:P-256", "EC P-256"),
    ("EC-p384", "EC -pkeyopt ec_paramgen_curve:P-384", "EC P-384"),
    ("EC-p521", "EC -pkeyopt ec_paramgen_curve:P-521", "EC P-521"),
    ("EC-k256", "EC -pkeyopt ec_paramgen_curve:secp256k1", "EC secp256k1"),
    ("EC-brainpool256", "EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", "EC brainpoolP256r1"),
    ("EC-brainpool512", "EC -pkeyopt ec_paramgen_curve:brainpoolP512r1", "EC brainpoolP512r1"),
    ("Ed25519", "ED25519", "Ed25519"),
    ("Ed448", "ED448", "Ed448"),
    ("X25519", "X25519", "X25519"),
    ("X448", "X448", "X448"),
    ("DSA-1024", "", "DSA"),
];

/// The keys and certificates that go into every store: PEM and DER beside each other.
struct Material {
    folder: tempfile::TempDir,
    openssl: PathBuf,
    /// What openssl has printed for each PEM block so far.
    printed: Mutex<HashMap<String, BTreeSet<String>>>,
}

impl Material {
    /// Made once for all tests.
    fn get() -> Option<&'static Material> {
        static MADE: OnceLock<Option<Material>> = OnceLock::new();
        MADE.get_or_init(|| {
            let made = Material { folder: tempfile::tempdir().unwrap(), openssl: peer("openssl")?, printed: Mutex::default() };
            made.fill();
            Some(made)
        })
        .as_ref()
    }

    fn fill(&self) {
        std::fs::create_dir(self.path("der")).unwrap();
        let curve = "-pkeyopt ec_paramgen_curve:P-256";
        std::fs::write(self.path("ca.cnf"), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n").unwrap();
        self.openssl(&format!("genpkey -algorithm EC {curve} -out root.key"));
        self.openssl("req -x509 -new -key root.key -subj /CN=Root -days 30 -out root.pem");
        self.openssl(&format!("genpkey -algorithm EC {curve} -out sub.key"));
        self.openssl("req -new -key sub.key -subj /CN=Sub -out sub.csr");
        self.openssl("x509 -req -in sub.csr -CA root.pem -CAkey root.key -CAcreateserial -extfile ca.cnf -out sub.pem");
        for (name, words, _) in KINDS {
            if name.starts_with("DSA") {
                self.openssl("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.pem");
                self.openssl(&format!("genpkey -paramfile dsa.pem -out {name}.key"));
            } else {
                self.openssl(&format!("genpkey -algorithm {words} -out {name}.key"));
            }
            self.openssl(&format!("pkey -in {name}.key -pubout -out {name}.pub"));
            // keys that sign nothing have certificates, too
            self.openssl(&format!(
                "x509 -req -in sub.csr -force_pubkey {name}.pub -subj /CN={name} -CA sub.pem -CAkey sub.key -CAcreateserial -out {name}.pem"
            ));
            self.openssl(&format!("pkcs8 -topk8 -nocrypt -in {name}.key -outform DER -out der/{name}.key"));
        }
        for name in KINDS.iter().map(|k| k.0).chain(["sub", "root"]) {
            self.openssl(&format!("x509 -in {name}.pem -outform DER -out der/{name}.crt"));
        }
        let chain = ["sub.pem", "root.pem"].map(|f| std::fs::read_to_string(self.path(f)).unwrap()).concat();
        std::fs::write(self.path("chain.pem"), chain).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[track_caller]
    fn openssl(&self, words: &str) -> String {
        self.run(&self.openssl, words)
    }

    /// Runs a tool in the folder, its words parted by blanks; it must succeed.
    #[track_caller]
    fn run(&self, tool: &Path, words: &str) -> String {
        let mut command = Command::new(tool);
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        let ran = program::run(command, b"").exits(0);
        ran.stdout + &ran.stderr
    }

    /// What openssl prints as the SHA-256 of each certificate in a PEM text.
    fn printed(&self, pem: &str) -> BTreeSet<String> {
        let blocks = pem
            .split_inclusive("-----END CERTIFICATE-----")
            .filter_map(|part| part.find("-----BEGIN CERT").map(|at| &part[at..]));
        let mut known = self.printed.lock().unwrap();
        let print = |block: &str| {
            let ask = || {
                let mut command = Command::new(&self.openssl);
                command.args(["x509", "-noout", "-fingerprint", "-sha256"]);
                fingerprints("Fingerprint=", &program::run(command, block.as_bytes()).exits(0).stdout)
            };
            known.entry(block.to_owned()).or_insert_with(ask).clone()
        };
        blocks.flat_map(print).collect()
    }
}

/// The fingerprints that stand behind `label` in a tool's listing, in lower-case hex.
fn fingerprints(label: &str, listing: &str) -> BTreeSet<String> {
    let rest = listing.lines().filter_map(|line| line.split_once(label)).map(|(_, rest)| rest.trim());
    rest.map(|hex| mtls::safe::hex(&from_hex(hex).unwrap_or_else(|| panic!("{hex} in {listing}")))).collect()
}

/// What we see in a store: it opens, its keys are of these kinds, each is its certificate's, and these are the certificates.
#[track_caller]
fn opens(store: &Path, format: &str, kinds: &BTreeSet<&str>, certificates: &BTreeSet<String>) {
    let ran = mtls(Path::new("/"), ["inspect", "--json", store.to_str().unwrap()].iter().chain(&WITH_PASSWORD));
    assert!(ran.status < 2, "{}", ran.story());
    let report = ran.json();
    let item = &report["items"][0];
    assert_eq!(item["format"], format, "{}", store.display());
    let entries = item["entries"].as_array().unwrap();
    let chain = |e: &Value| {
        e["chain"]
            .as_array()
            .map_or_else(Vec::new, |chain| chain.iter().map(|c| c["sha256"].as_str().unwrap().to_owned()).collect())
    };
    let seen: BTreeSet<String> = entries.iter().flat_map(chain).collect();
    assert_eq!(&seen, certificates, "{}", store.display());
    let mut found = BTreeSet::new();
    for entry in entries.iter().filter(|e| e["kind"] == "private-key") {
        assert_eq!(entry["key"]["matches_certificate"], true, "{}: {entry:#}", store.display());
        found.insert(entry["key"]["algorithm"].as_str().unwrap());
    }
    assert_eq!(&found, kinds, "{}", store.display());
}

fn kind_of(name: &str) -> &'static str {
    KINDS.iter().find(|k| k.0 == name).unwrap().2
}

#[test]
fn what_openssl_writes() {
    let Some(m) = Material::get() else { return };
    for (name, _, kind) in KINDS {
        let input = format!("-inkey {name}.key -in {name}.pem -certfile chain.pem -passout pass:{PASSWORD}");
        for (profile, words) in [("modern", ""), ("legacy", "-legacy")] {
            let store = format!("openssl-{profile}-{name}.p12");
            m.openssl(&format!("pkcs12 -export {words} {input} -name {name} -out {store}"));
            let listed = m.openssl(&format!("pkcs12 {words} -in {store} -passin pass:{PASSWORD} -nokeys"));
            opens(&m.path(&store), "pkcs12", &[*kind].into(), &m.printed(&listed));
        }
        let encrypted = m.openssl(&format!("pkcs8 -topk8 -in {name}.key -passout pass:{PASSWORD}"));
        let certs =
            [format!("{name}.pem"), "chain.pem".to_owned()].map(|f| std::fs::read_to_string(m.path(&f)).unwrap()).concat();
        let file = m.path(&format!("{name}-all.pem"));
        std::fs::write(&file, format!("{certs}{encrypted}")).unwrap();
        opens(&file, "pem", &[*kind].into(), &m.printed(&certs));
        m.openssl(&format!("crl2pkcs7 -nocrl -certfile {name}.pem -certfile chain.pem -outform DER -out {name}.p7b"));
        opens(&m.path(&format!("{name}.p7b")), "pkcs7", &BTreeSet::new(), &m.printed(&certs));
    }
}

#[test]
fn what_java_and_bouncycastle_write() {
    let (Some(m), Some(java), Some(keytool)) = (Material::get(), peer("java"), peer("keytool")) else { return };
    // type, format, whether keytool lists it with BouncyCastle's provider
    let types = [
        ("PKCS12", "pkcs12", false),
        ("JKS", "jks", false),
        ("JCEKS", "jceks", false),
        ("BC:BKS", "bks", true),
        ("BC:BouncyCastle", "uber", true),
        ("BC:BCFKS", "bcfks", true),
        ("BC:PKCS12", "pkcs12", true),
    ];
    let jar = "/usr/share/java/bcprov.jar";
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/WriteStores.java");
    let file = |kind: &str| m.path(&format!("java-{}", kind.replace(':', "-")));
    // the least that a JCEKS is let have, or the test would do little else
    let mut words =
        format!("-Djdk.jceks.iterationCount=10000 -cp {jar} {} {} {PASSWORD}", program.display(), m.path("der").display());
    types.iter().for_each(|(kind, ..)| words += &format!(" {kind}={}", file(kind).display()));
    let told = m.run(&java, &words);
    for (kind, format, is_bouncy) in types {
        let path = file(kind).to_str().unwrap().to_owned();
        let rows = told.lines().filter_map(|l| l.strip_prefix(&format!("{path}\t"))).map(|l| l.split('\t').collect::<Vec<_>>());
        let (keys, trusted): (Vec<_>, Vec<_>) = rows.partition(|row| row.len() > 2 && row[0] != "trusted");
        let kinds: BTreeSet<&str> =
            keys.iter().map(|row| KINDS.iter().find(|k| k.0.eq_ignore_ascii_case(row[0])).unwrap().2).collect();
        assert!(kinds.len() > 6 && trusted.len() == 1, "{kind}: {told}");
        let storetype = kind.trim_start_matches("BC:");
        let bouncy = format!("-providerpath {jar} -provider org.bouncycastle.jce.provider.BouncyCastleProvider");
        let provider = if is_bouncy { bouncy } else { String::new() };
        let listed = m.run(
            &keytool,
            &format!("-J-Duser.language=en -list -v -keystore {path} -storetype {storetype} -storepass {PASSWORD} {provider}"),
        );
        let printed = fingerprints("\t SHA256: ", &listed);
        let rows: BTreeSet<String> = keys.iter().chain(&trusted).flat_map(|row| &row[1..]).map(|s| (*s).to_owned()).collect();
        assert_eq!(printed, rows, "{kind}: keytool lists what Java wrote");
        opens(Path::new(&path), format, &kinds, &printed);
    }
}

#[test]
fn what_gnutls_writes() {
    let (Some(m), Some(certtool)) = (Material::get(), peer("certtool")) else { return };
    // it derives with 600,000 iterations, so that one kind of each family has to do
    for name in ["RSA-2048", "RSASSA-PSS", "EC-p224", "Ed448", "DSA-1024"] {
        let store = format!("gnutls-{name}.p12");
        let input = format!("--load-privkey {name}.key --load-certificate {name}.pem --load-ca-certificate sub.pem");
        m.run(&certtool, &format!("--to-p12 {input} --p12-name {name} --outder --outfile {store} --password {PASSWORD}"));
        let listed = m.run(&certtool, &format!("--p12-info --inder --infile {store} --password {PASSWORD}"));
        opens(&m.path(&store), "pkcs12", &[kind_of(name)].into(), &m.printed(&listed));
    }
}

#[test]
fn what_nss_writes() {
    let (Some(m), Some(pk12util), Some(certutil)) = (Material::get(), peer("pk12util"), peer("certutil")) else { return };
    std::fs::create_dir(m.path("nss")).unwrap();
    m.run(&certutil, "-N -d sql:nss --empty-password");
    for name in ["RSA-2048", "EC-p384", "DSA-1024"] {
        let input = format!("-inkey {name}.key -in {name}.pem -certfile chain.pem -passout pass:{PASSWORD}");
        m.openssl(&format!("pkcs12 -export {input} -name {name} -out for-nss.p12"));
        m.run(&pk12util, &format!("-i for-nss.p12 -d sql:nss -W {PASSWORD}"));
        let store = format!("nss-{name}.p12");
        m.run(&pk12util, &format!("-o {store} -n {name} -d sql:nss -W {PASSWORD}"));
        let listed = m.run(&pk12util, &format!("-l {store} -d sql:nss -W {PASSWORD}"));
        // each fingerprint is on the line after its title, and after the algorithms' names
        let lines: Vec<&str> = listed.lines().collect();
        let after = lines.windows(2).filter(|pair| pair[0].contains("Fingerprint (SHA-256):")).map(|pair| pair[1]);
        let printed: BTreeSet<String> = after.map(|hex| mtls::safe::hex(&from_hex(hex.trim()).unwrap())).collect();
        opens(&m.path(&store), "pkcs12", &[kind_of(name)].into(), &printed);
    }
}

#[test]
fn what_python_writes() {
    let (Some(m), Some(python)) = (Material::get(), python()) else { return };
    let script = r#"
import sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, PrivateFormat, load_pem_private_key, pkcs12
cert = lambda name: x509.load_pem_x509_certificate(open(name + ".pem", "rb").read())
chain = [cert("sub"), cert("root")]
for name in sys.argv[2:]:
    key = load_pem_private_key(open(name + ".key", "rb").read(), None)
    try:
        store = pkcs12.serialize_key_and_certificates(name.encode(), key, cert(name), chain, BestAvailableEncryption(sys.argv[1].encode()))
    except TypeError:
        continue # keys that only agree on secrets
    open("python-" + name + ".p12", "wb").write(store)
    read = pkcs12.load_pkcs12(store, sys.argv[1].encode())
    print(name, *[c.certificate.fingerprint(hashes.SHA256()).hex() for c in [read.cert] + read.additional_certs])
"#;
    std::fs::write(m.path("write.py"), script).unwrap();
    // it takes keys of RSASSA-PSS for RSA keys, and writes them so
    let names: Vec<&str> = KINDS.iter().map(|k| k.0).filter(|name| *name != "RSASSA-PSS").collect();
    let told = m.run(&python, &format!("write.py {PASSWORD} {}", names.join(" ")));
    assert!(told.lines().count() >= 9, "{told}");
    for line in told.lines() {
        let mut words = line.split(' ').map(str::to_owned);
        let name = words.next().unwrap();
        opens(&m.path(&format!("python-{name}.p12")), "pkcs12", &[kind_of(&name)].into(), &words.collect());
    }
}
