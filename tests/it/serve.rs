//! `mtls serve` and real clients: each outcome as the client has it, and as the server tells it.

use crate::peers::peer;
use crate::program::mtls;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Certificates made by openssl: two CAs, and leaves with PEM files and PKCS#12 (password changeit).
static PKI: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
        set -e
        ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.crt -subj "/CN=$2" \
            -days 3650 -addext basicConstraints=critical,CA:true -addext keyUsage=keyCertSign,cRLSign; }
        leaf() { # file, CA, options of openssl ca, extensions
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -subj "/CN=$1" -out $1.csr
            printf "$4\nkeyUsage=digitalSignature\n" > ext
            openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key $3 -extfile ext -out $1.crt
            openssl pkcs12 -export -in $1.crt -inkey $1.key -out $1.p12 -passout pass:changeit -name $1; }
        ca ca "Dev CA"; ca other "Other CA"
        leaf server ca "-days 90" "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth"
        leaf elsewhere ca "-days 90" "subjectAltName=DNS:elsewhere.example\nextendedKeyUsage=serverAuth"
        leaf billing ca "-days 90" "subjectAltName=DNS:billing.example\nextendedKeyUsage=clientAuth"
        leaf stranger other "-days 90" "extendedKeyUsage=clientAuth"
        leaf short ca "-days 2" "extendedKeyUsage=clientAuth"
        leaf web ca "-days 90" "extendedKeyUsage=serverAuth"
        leaf gone ca "-days 90" "extendedKeyUsage=clientAuth"
        cat server.key server.crt > server.pem; cat elsewhere.key elsewhere.crt > elsewhere.pem
        touch index.txt; echo 01 > crlnumber
        printf "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n" > ca.cnf
        openssl ca -config ca.cnf -keyfile ca.key -cert ca.crt -revoke gone.crt
        openssl ca -config ca.cnf -keyfile ca.key -cert ca.crt -gencrl -out ca.crl
        for n in ca other; do keytool -importcert -noprompt -alias $n -file $n.crt -keystore $n.trust.p12 -storetype PKCS12 -storepass changeit; done
    "#;
    let made = Command::new("bash").args(["-c", script]).current_dir(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
});

/// Whether all that the test needs is here, these programs too.
fn is_ready(programs: &[&str]) -> bool {
    ["bash", "openssl", "keytool"].iter().chain(programs).all(|program| peer(program).is_some())
}

fn file(name: &str) -> PathBuf {
    PKI.path().join(name)
}

fn path(name: &str) -> String {
    file(name).to_str().unwrap().to_owned()
}

/// `mtls serve … --json`, ended when dropped.
struct Serve {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: u16,
}

impl Serve {
    /// Serves with the usual stores.
    fn new(options: &[&str]) -> Serve {
        Serve::with(["server.pem", "ca.crt"], options)
    }

    fn with(stores: [&str; 2], options: &[&str]) -> Serve {
        let store = |name: &str| if name == "none" { name.to_owned() } else { path(name) };
        // a loaded machine may take its time over a foreign program's handshake
        let patience: &[&str] = if options.contains(&"--timeout") { &[] } else { &["--timeout", "60s"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_mtls"))
            .args(["serve", "127.0.0.1:0", "--json", "--server", &store(stores[0]), &store(stores[1])])
            .args(patience)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let first: Value = serde_json::from_str(&first).unwrap();
        assert_eq!((&first["schema"], &first["command"]), (&1.into(), &"serve".into()));
        let port = first["listening"].as_str().unwrap().strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
        Serve { child, lines, port }
    }

    /// The next client that it tells of.
    fn told(&mut self) -> Value {
        let mut line = String::new();
        assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the server told of nobody more");
        let told: Value = serde_json::from_str(&line).unwrap();
        assert!(told["peer"].as_str().unwrap().starts_with("127.0.0.1:"));
        assert_eq!(told["ok"], told["findings"].as_array().unwrap().iter().all(|f| f["severity"] != "error"));
        told
    }

    /// Asserts that the next client was accepted as `subject`.
    fn accepted(&mut self, subject: &str) -> Value {
        let told = self.told();
        assert_eq!((&told["ok"], &told["client"]["subject"]), (&true.into(), &subject.into()), "{told:#}");
        assert_eq!((&told["handshake"]["mutual"], &told["handshake"]["server_identity"]), (&true.into(), &"CN=server".into()));
        told
    }

    /// Asserts that the next client was refused, or refused us, for `code`, to be mended `at`, in this step.
    fn refused(&mut self, code: &str, at: &str, step: &str) -> Value {
        let told = self.told();
        let first = &told["findings"][0];
        assert_eq!((&told["ok"], &first["code"], &first["at"]), (&false.into(), &code.into(), &at.into()), "{told:#}");
        assert_eq!((&told["handshake"]["completed"], &told["handshake"]["failed_step"]), (&false.into(), &step.into()));
        assert_eq!(told["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "error").count(), 1, "{told:#}");
        told
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/", self.port)
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("bash").args(["-c", &format!("kill {name} {}", self.child.id())]).status().unwrap().success());
    }

    /// Waits for its end: the exit status, and what it still said.
    fn ended(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Exit status, standard output and standard error.
fn outcome(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What `program` says with `input`.
fn run(program: &str, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(program);
    let mut child = command
        .args(arguments)
        .current_dir(PKI.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{program}: {e}"));
    // a client that has failed reads no more
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    outcome(child.wait_with_output().unwrap())
}

fn curl(serve: &Serve, options: &[&str]) -> (Option<i32>, String, String) {
    run("curl", &[&["-sS", "--max-time", "30", "--cacert", "ca.crt"], options, &[&serve.url()]].concat(), "")
}

const BILLING: [&str; 4] = ["--cert", "billing.crt", "--key", "billing.key"];

#[test]
fn curl_is_told_who_it_is() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&["--alpn", "http/1.1"]);
    for (version, name) in [(["--tls-max", "1.2"], "TLSv1.2"), (["--tls-max", "1.3"], "TLSv1.3")] {
        for identity in [&BILLING[..], &["--cert-type", "P12", "--cert", "billing.p12:changeit"]] {
            let (status, out, err) = curl(&serve, &[&version, identity].concat());
            assert_eq!(status, Some(0), "{err}");
            let page: Value = serde_json::from_str(&out).unwrap();
            let told = serve.accepted("CN=billing");
            assert_eq!(page, told);
            assert_eq!(told["client"]["san"], serde_json::json!(["DNS:billing.example"]));
            assert_eq!(told["client"]["sha256"].as_str().unwrap().len(), 64);
            let shake = &told["handshake"];
            let facts = [&shake["version"], &shake["alpn"], &shake["name"], &shake["authorities"][0]];
            assert_eq!(facts, [name, "http/1.1", "localhost", "CN=Dev CA"]);
            assert!(shake["cipher"].as_str().unwrap().starts_with("TLS_") && shake["group"].is_string());
        }
    }
}

#[test]
fn leaving_without_a_word_is_no_fault_unless_our_certificate_has_one() {
    if !is_ready(&["curl"]) {
        return;
    }
    // a health check shakes hands and goes
    let mut serve = Serve::new(&[]);
    for version in ["-tls1_2", "-tls1_3"] {
        let mut check = Command::new("openssl");
        check.args(["s_client", "-brief", version, "-servername", "localhost", "-connect", &format!("127.0.0.1:{}", serve.port)]);
        check.args(["-cert", "billing.crt", "-key", "billing.key"]).current_dir(PKI.path()).stdin(Stdio::null());
        assert!(check.output().unwrap().status.success());
        let told = serve.accepted("CN=billing");
        assert_eq!((&told["left"], &told["findings"]), (&"politely".into(), &serde_json::json!([])), "{told:#}");
    }
    assert_eq!(curl(&serve, &BILLING).0, Some(0));
    assert_eq!(serve.accepted("CN=billing")["left"], Value::Null);
    // curl compares the name once the handshake is done, and leaves as politely
    let mut serve = Serve::with(["elsewhere.pem", "ca.crt"], &["--once"]);
    assert_eq!(curl(&serve, &BILLING).0, Some(60));
    let told = serve.refused("name-mismatch", "server-keystore", "client-verifies-server");
    assert_eq!((&told["left"], &told["handshake"]["mutual"]), (&"politely".into(), &false.into()));
    assert_eq!(serve.ended().0, Some(1));
}

#[test]
fn every_method_of_http_is_answered() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    let with = |more: &[&'static str]| [&BILLING[..], more].concat();
    let (status, head, _) = curl(&serve, &with(&["--head"]));
    assert_eq!(status, Some(0));
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "), "{head}");
    assert!(head.contains("\r\nConnection: close\r\n") && head.ends_with("\r\n\r\n"));
    let body = "x".repeat(200_000);
    std::fs::write(file("body"), body).unwrap();
    for more in [&["--data-binary", "@body", "-H", "Expect: 100-continue"][..], &["-X", "PATCH"], &["-X", "BREW"]] {
        let (status, out, err) = curl(&serve, &with(more));
        assert_eq!(status, Some(0), "{err}");
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["ok"], true);
    }
    for _ in 0..4 {
        serve.accepted("CN=billing");
    }
}

#[test]
fn clients_are_refused_for_their_certificate() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::with(["server.pem", "ca.crt"], &["--crl", &path("ca.crl")]);
    for version in ["1.2", "1.3"] {
        let mut refused = |identity: &[&str], code, at, step, alert: &str| {
            let (status, out, err) = curl(&serve, &[&["--tls-max", version], identity].concat());
            assert!(matches!(status, Some(35 | 56 | 98)) && out.is_empty(), "{version} {status:?} {out} {err}");
            assert!(err.contains(alert), "{err}");
            serve.refused(code, at, step)
        };
        let step = "server-verifies-client";
        let told = refused(&[], "client-certificate-missing", "client-keystore", "client-presents", "certificate required");
        assert_eq!((&told["client"], &told["handshake"]["client_identity"]), (&Value::Null, &Value::Null));
        let stranger = ["--cert", "stranger.crt", "--key", "stranger.key"];
        let told = refused(&stranger, "untrusted-issuer", "server-truststore", step, "unknown ca");
        assert_eq!((&told["client"]["subject"], &told["findings"][0]["subject"]), (&"CN=stranger".into(), &"CN=stranger".into()));
        let web = ["--cert", "web.crt", "--key", "web.key"];
        refused(&web, "not-for-client", "client-keystore", step, "unsupported certificate");
        let gone = ["--cert", "gone.crt", "--key", "gone.key"];
        refused(&gone, "revoked", "client-keystore", step, "certificate revoked");
    }
}

#[test]
fn another_day_can_be_asked_for() {
    if !is_ready(&["curl"]) {
        return;
    }
    let day = |days: i64| {
        let then = time::OffsetDateTime::now_utc() + time::Duration::days(days);
        format!("{:04}-{:02}-{:02}", then.year(), u8::from(then.month()), then.day())
    };
    let short = ["--cert", "short.crt", "--key", "short.key"];
    let mut serve = Serve::new(&["--at", &day(10)]);
    let (status, _, err) = curl(&serve, &short);
    assert!(status == Some(56) && err.contains("certificate expired"), "{err}");
    let told = serve.refused("expired", "client-keystore", "server-verifies-client");
    assert_eq!(told["findings"][0]["subject"], "CN=short");
    let mut serve = Serve::new(&[]);
    assert_eq!(curl(&serve, &short).0, Some(0));
    let told = serve.accepted("CN=short");
    assert_eq!((&told["findings"][0]["code"], &told["findings"][0]["severity"]), (&"expires-soon".into(), &"warning".into()));
    let mut strict = Serve::new(&["--strict"]);
    assert_eq!(curl(&strict, &short).0, Some(0));
    assert_eq!(strict.told()["ok"], false);
}

#[test]
fn clients_that_do_not_trust_the_server_are_understood() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    for version in ["1.2", "1.3"] {
        let arguments = ["-sS", "--tls-max", version, "--cacert", "other.crt", &serve.url()];
        assert_eq!(run("curl", &arguments, "").0, Some(60));
        let told = serve.refused("untrusted-issuer", "client-truststore", "client-verifies-server");
        assert!(told["findings"][0]["fix"].as_str().unwrap().ends_with("ca.crt"), "{told:#}");
    }
    // curl with OpenSSL checks the name after the handshake, and says goodbye
    let mut serve = Serve::with(["elsewhere.pem", "ca.crt"], &[]);
    assert_eq!(curl(&serve, &BILLING).0, Some(60));
    let told = serve.told();
    assert_eq!((&told["findings"][0]["code"], &told["findings"][0]["at"]), (&"name-mismatch".into(), &"server-keystore".into()));
}

#[test]
fn one_way_and_optional_servers_take_clients_without_a_certificate() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut one_way = Serve::with(["server.pem", "none"], &[]);
    assert_eq!(curl(&one_way, &BILLING).0, Some(0));
    let told = one_way.told();
    assert_eq!(
        (&told["ok"], &told["client"], &told["handshake"]["client_certificate_asked"]),
        (&true.into(), &Value::Null, &false.into())
    );
    let mut optional = Serve::new(&["--optional"]);
    assert_eq!(curl(&optional, &[]).0, Some(0));
    let told = optional.told();
    assert_eq!((&told["ok"], &told["client"], &told["handshake"]["mutual"]), (&true.into(), &Value::Null, &false.into()));
    assert_eq!(told["handshake"]["client_certificate_asked"], true);
    assert_eq!(curl(&optional, &BILLING).0, Some(0));
    optional.accepted("CN=billing");
    assert_eq!(curl(&optional, &["--cert", "stranger.crt", "--key", "stranger.key"]).0, Some(56));
    optional.refused("untrusted-issuer", "server-truststore", "server-verifies-client");
}

/// An `openssl s_client` that is still there.
fn s_client(port: u16, options: &[&str]) -> Child {
    Command::new("openssl")
        .args(["s_client", "-quiet", "-connect", &format!("127.0.0.1:{port}"), "-CAfile", "ca.crt", "-verify_return_error"])
        .args(options)
        .current_dir(PKI.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

const PEM: [&str; 4] = ["-cert", "billing.crt", "-key", "billing.key"];

#[test]
fn openssl_is_echoed_line_by_line() {
    if !is_ready(&[]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    for (option, version) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
        let mut client = s_client(serve.port, &[&[option], &PEM[..]].concat());
        let (mut says, mut hears) = (client.stdin.take().unwrap(), BufReader::new(client.stdout.take().unwrap()));
        for line in ["hello\n", "GET out\n", "grün\n"] {
            says.write_all(line.as_bytes()).unwrap();
            let mut heard = String::new();
            hears.read_line(&mut heard).unwrap();
            assert_eq!(heard, line);
        }
        client.kill().unwrap();
        client.wait().unwrap();
        assert_eq!(serve.accepted("CN=billing")["handshake"]["version"], version);
        let refused = s_client(serve.port, &[option]);
        let (status, _, err) = outcome(refused.wait_with_output().unwrap());
        assert!(status == Some(1) && err.contains("alert"), "{err}");
        serve.refused("client-certificate-missing", "client-keystore", "client-presents");
    }
    let mut client = s_client(serve.port, &["-CAfile", "other.crt"]);
    client.stdin.take();
    assert_eq!(client.wait().unwrap().code(), Some(1));
    serve.refused("untrusted-issuer", "client-truststore", "client-verifies-server");
}

#[test]
fn what_an_old_client_lacks_is_named() {
    if !is_ready(&[]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    for (options, code, words) in [
        (&["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"][..], "no-common-version", "TLS 1.1 at most"),
        (&["-tls1_2", "-cipher", "AES128-SHA"], "no-common-cipher", "TLS_RSA_WITH_AES_128_CBC_SHA"),
        (&["-sigalgs", "RSA+SHA256"], "no-common-signature", "rsa_pkcs1_sha256"),
        (&["-groups", "P-521"], "no-common-group", "secp521r1"),
    ] {
        let _ = s_client(serve.port, options).wait();
        let told = serve.told();
        assert_eq!((&told["ok"], &told["findings"][0]["code"]), (&false.into(), &code.into()), "{options:?}: {told:#}");
        assert!(told["findings"][0].to_string().contains(words) || told.to_string().contains(words), "{options:?}: {told:#}");
    }
}

#[test]
fn an_echo_ends_after_its_share() {
    if !is_ready(&[]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    std::fs::write(file("long"), "0123456789abcde\n".repeat(200_000)).unwrap();
    let told = Command::new("openssl")
        .args(["s_client", "-quiet", "-connect", &format!("127.0.0.1:{}", serve.port), "-CAfile", "ca.crt"])
        .args(PEM)
        .current_dir(PKI.path())
        .stdin(std::fs::File::open(file("long")).unwrap())
        .output()
        .unwrap();
    serve.accepted("CN=billing");
    assert!(((1 << 20) - 65_536..=(1 << 20) + 65_536).contains(&told.stdout.len()), "{}", told.stdout.len());
}

#[test]
fn every_interface_and_ipv6_are_served() {
    if !is_ready(&["curl"]) {
        return;
    }
    for (address, at) in [("[::1]:0", "[::1]"), (":0", "localhost")] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mtls"))
            .args(["serve", address, "--once", "--server", &path("server.pem"), &path("ca.crt")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().rsplit_once(':').unwrap_or_else(|| panic!("{line}")).1.to_owned();
        let connect = format!("localhost:{port}:{at}:{port}");
        let url = format!("https://localhost:{port}/");
        let (status, _, err) =
            run("curl", &[&["-sS", "--cacert", "ca.crt", "--connect-to", &connect], &BILLING[..], &[&url]].concat(), "");
        assert_eq!(status, Some(0), "{err}");
        let (status, out, _) = outcome(child.wait_with_output().unwrap());
        assert_eq!(status, Some(0));
        assert!(out.contains("CN=billing") && out.contains("stopped after 1 client: 1 accepted, 0 refused"), "{out}");
    }
}

#[test]
fn only_the_version_that_was_asked_for_is_spoken() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&["--tls", "1.3"]);
    assert_eq!(curl(&serve, &[&["--tls-max", "1.2"], &BILLING[..]].concat()).0, Some(35));
    serve.refused("no-common-version", "protocol", "client-connects");
}

fn script(name: &str) -> String {
    format!("{}/tests/clients/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn java_is_served_and_its_refusals_are_understood() {
    if !is_ready(&["java"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    let port = serve.port.to_string();
    let program = script("Client.java");
    for version in ["TLSv1.2", "TLSv1.3"] {
        let java = |keystore: &str, truststore: &str| run("java", &[&program, &port, version, keystore, truststore], "").1;
        let page = java("billing.p12", "ca.trust.p12");
        assert!(page.contains("\"subject\": \"CN=billing\""), "{page}");
        assert_eq!(serve.accepted("CN=billing")["handshake"]["version"], version);
        assert!(java("none", "ca.trust.p12").starts_with("FAILED"));
        serve.refused("client-certificate-missing", "client-keystore", "client-presents");
        // its issuer is not among those that the server asks for: Java sends nothing
        assert!(java("stranger.p12", "ca.trust.p12").starts_with("FAILED"));
        serve.refused("client-certificate-missing", "client-keystore", "client-presents");
        let failed = java("billing.p12", "other.trust.p12");
        assert!(failed.contains("PKIX path building failed"), "{failed}");
        serve.refused("untrusted-issuer", "client-truststore", "client-verifies-server");
    }
}

#[test]
fn node_is_served_and_its_silence_is_understood() {
    if !is_ready(&["node"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    let port = serve.port.to_string();
    let program = script("client.js");
    for version in ["TLSv1.2", "TLSv1.3"] {
        let node = |cert: &str, key: &str, ca: &str| run("node", &[&program, &port, version, cert, key, ca], "").1;
        assert!(node("billing.crt", "billing.key", "ca.crt").contains("\"subject\": \"CN=billing\""));
        assert_eq!(serve.accepted("CN=billing")["handshake"]["version"], version);
        assert!(node("none", "none", "ca.crt").starts_with("FAILED"));
        serve.refused("client-certificate-missing", "client-keystore", "client-presents");
        assert!(node("stranger.crt", "stranger.key", "ca.crt").starts_with("FAILED"));
        serve.refused("untrusted-issuer", "server-truststore", "server-verifies-client");
        // it judges after the handshake, and drops the connection; its last message may not have left by then
        assert!(node("billing.crt", "billing.key", "other.crt").starts_with("FAILED UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
        let told = serve.told();
        assert_eq!(
            (&told["findings"][0]["code"], &told["findings"][0]["at"]),
            (&"closed-early".into(), &"network".into()),
            "{told:#}"
        );
    }
}

#[test]
fn python_is_served_and_its_refusals_are_understood() {
    if !is_ready(&["python3"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    let port = serve.port.to_string();
    let program = script("client.py");
    for (version, name) in [("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")] {
        let python = |cert: &str, key: &str, ca: &str| run("python3", &[&program, &port, version, cert, key, ca], "").1;
        assert!(python("billing.crt", "billing.key", "ca.crt").contains("\"subject\": \"CN=billing\""));
        assert_eq!(serve.accepted("CN=billing")["handshake"]["version"], name);
        assert!(python("none", "none", "ca.crt").starts_with("FAILED"));
        serve.refused("client-certificate-missing", "client-keystore", "client-presents");
        assert!(python("stranger.crt", "stranger.key", "ca.crt").starts_with("FAILED"));
        serve.refused("untrusted-issuer", "server-truststore", "server-verifies-client");
        assert!(python("billing.crt", "billing.key", "other.crt").contains("CERTIFICATE_VERIFY_FAILED"));
        serve.refused("untrusted-issuer", "client-truststore", "client-verifies-server");
    }
    // OpenSSL names a wrong host in the handshake
    let mut serve = Serve::with(["elsewhere.pem", "ca.crt"], &[]);
    let port = serve.port.to_string();
    run("python3", &[&program, &port, "TLSv1_3", "billing.crt", "billing.key", "ca.crt"], "");
    serve.refused("name-mismatch", "server-keystore", "client-verifies-server");
}

#[test]
fn once_ends_with_the_verdict_on_the_first_client() {
    if !is_ready(&["curl"]) {
        return;
    }
    let serve = Serve::new(&["--once"]);
    // a port check does not count
    drop(TcpStream::connect(("127.0.0.1", serve.port)).unwrap());
    assert_eq!(curl(&serve, &BILLING).0, Some(0));
    let (status, rest) = serve.ended();
    let told: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((status, told.len()), (Some(0), 2), "{rest}");
    assert_eq!((&told[0]["findings"][0]["code"], &told[1]["ok"]), (&"closed-early".into(), &true.into()));
    let serve = Serve::new(&["--once"]);
    assert_eq!(curl(&serve, &[]).0, Some(56));
    assert_eq!(serve.ended().0, Some(1));
    let serve = Serve::new(&["--count", "2"]);
    assert_eq!((curl(&serve, &BILLING).0, curl(&serve, &BILLING).0), (Some(0), Some(0)));
    assert_eq!(serve.ended().0, Some(0));
    let serve = Serve::new(&["--once"]);
    serve.signal("-TERM");
    assert_eq!(serve.ended().0, Some(1), "it was to see one client, and saw none");
}

#[test]
fn what_a_server_that_is_gone_does_without_a_certificate_is_not_guessed() {
    if !is_ready(&[]) {
        return;
    }
    let serve = Serve::new(&["--once"]);
    let target = format!("localhost:{}", serve.port);
    let ran = mtls(PKI.path(), ["connect", &target, "--client", "billing.p12", "ca.crt", "--json"]).exits(0);
    let json = ran.json();
    assert_eq!(json["handshake"]["client_auth"], Value::Null, "{}", ran.story());
    assert_eq!((&json["handshake"]["mutual"], &json["findings"]), (&true.into(), &serde_json::json!([])), "{}", ran.story());
    assert_eq!(serve.ended().0, Some(0));
}

#[test]
fn signals_end_it_and_what_is_open_is_finished() {
    if !is_ready(&[]) {
        return;
    }
    for signal in ["-INT", "-TERM"] {
        let mut serve = Serve::new(&[]);
        let mut client = s_client(serve.port, &PEM);
        let (mut says, mut hears) = (client.stdin.take().unwrap(), BufReader::new(client.stdout.take().unwrap()));
        let mut heard = String::new();
        says.write_all(b"one\n").unwrap();
        hears.read_line(&mut heard).unwrap();
        serve.accepted("CN=billing");
        let silent = TcpStream::connect(("127.0.0.1", serve.port)).unwrap();
        let begun = Instant::now();
        serve.signal(signal);
        says.write_all(b"two\n").unwrap();
        hears.read_line(&mut heard).unwrap();
        assert_eq!(heard, "one\ntwo\n");
        let (status, rest) = serve.ended();
        assert_eq!((status, rest.as_str()), (Some(0), ""));
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
        drop((silent, says));
        client.wait().unwrap();
    }
}

#[test]
fn silent_clients_keep_nobody_out() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&["--timeout", "60s"]);
    let silent: Vec<TcpStream> = (0..150).map(|_| TcpStream::connect(("127.0.0.1", serve.port)).unwrap()).collect();
    // the beginning of a ClientHello, and no more
    for mut stream in &silent {
        let _ = stream.write_all(&[22, 3, 1, 2, 0, 1]);
    }
    let begun = Instant::now();
    let (status, _, err) = curl(&serve, &BILLING);
    assert_eq!(status, Some(0), "{err}");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let mut displaced = 0;
    loop {
        let told = serve.told();
        if told["ok"] == true {
            break;
        }
        assert_eq!(told["findings"][0]["code"], "timed-out", "{told:#}");
        displaced += 1;
    }
    assert!((86..=150).contains(&displaced), "{displaced}");
    serve.signal("-TERM");
    assert_eq!(serve.ended().0, Some(0));
}

#[test]
fn a_slow_client_is_cut_off_however_busy_it_looks() {
    if !is_ready(&[]) {
        return;
    }
    let mut serve = Serve::new(&["--timeout", "1s"]);
    let mut slow = TcpStream::connect(("127.0.0.1", serve.port)).unwrap();
    slow.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let begun = Instant::now();
    // a handshake message of 64 KiB, a byte at a time
    slow.write_all(&[22, 3, 1, 64, 0, 1, 0, 255, 255]).unwrap();
    let mut byte = [0];
    while begun.elapsed() < Duration::from_secs(20) {
        // the wait for an answer is the pace
        match slow.read(&mut byte) {
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            _ => break,
        }
        if slow.write_all(&[0]).is_err() {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    serve.refused("timed-out", "network", "client-connects");
}

#[test]
fn a_slow_request_is_cut_off_too() {
    if !is_ready(&[]) {
        return;
    }
    let mut serve = Serve::new(&["--timeout", "2s"]);
    let mut client = s_client(serve.port, &PEM);
    let mut says = client.stdin.take().unwrap();
    says.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    let mut answer = String::new();
    client.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    drop(says);
    client.wait().unwrap();
    serve.accepted("CN=billing");
}

#[test]
fn what_is_no_tls_is_told_and_a_browser_is_sent_to_https() {
    if !is_ready(&["curl"]) {
        return;
    }
    let mut serve = Serve::new(&[]);
    let (_, out, _) = run("curl", &["-sS", &format!("http://127.0.0.1:{}/", serve.port)], "");
    assert_eq!(out, "this port speaks TLS: use https://\r\n");
    serve.refused("not-tls", "network", "client-connects");
    let mut other = TcpStream::connect(("127.0.0.1", serve.port)).unwrap();
    other.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").unwrap();
    serve.refused("not-tls", "network", "client-connects");
}

#[test]
fn what_keeps_it_from_serving_is_said_at_once() {
    if !is_ready(&[]) {
        return;
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (server, ca) = (path("server.pem"), path("ca.crt"));
    let serve = |address: &str, keystore: &str, truststore: &str| {
        run(env!("CARGO_BIN_EXE_mtls"), &["serve", address, "--server", keystore, truststore], "")
    };
    let (status, _, err) = serve(&address, &server, &ca);
    assert!(status == Some(1) && err.contains("another program listens there already") && err.contains("\nfix: "), "{err}");
    assert_eq!(serve("0", &path("missing"), &ca).0, Some(3));
    let (status, out, _) = serve("0", &ca, &ca);
    assert!(status == Some(1) && out.contains("error[no-private-key]"), "{out}");
    let (status, out, _) = serve("0", &server, &server);
    assert!(status == Some(1) && out.contains("error[truststore-is-keystore]"), "{out}");
    for address in ["localhost", "localhost:https", "::1:0", ""] {
        assert_eq!(serve(address, &server, &ca).0, Some(2), "{address}");
    }
    assert_eq!(serve("0", "none", &ca).0, Some(2));
}
