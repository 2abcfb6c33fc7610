//! `mtls connect` against real servers on the loopback interface: what they are, what they ask for, why they refuse.

mod refusals;

use crate::peers::{peer, python};
use crate::program::{mtls, run};
use mtls::diagnose::network::Whither;
use mtls::diagnose::remote::{self, Remote};
use mtls::handshake::{Manner, Peer};
use mtls::pki::Cert;
use mtls::probe::{self, Plan, Route};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// How long a server may take to listen; Java on a busy machine takes seconds.
const START: Duration = Duration::from_secs(60);

/// The folder with all certificates, made once in a run.
fn material() -> Option<&'static Path> {
    static MADE: OnceLock<Option<PathBuf>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("connect");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new(python()?);
        command.arg(script("make.py")).arg(&folder);
        run(command, b"").exits(0);
        Some(folder)
    });
    made.as_deref()
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/connect").join(name)
}

/// A server that ends with its test.
struct Server {
    child: Child,
    ports: HashMap<String, u16>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// A program that prints its ports: `PORT`, or `NAME PORT` for each of `count`.
    fn telling(program: &Path, arguments: &[&str], count: usize) -> Server {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(material().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Server { child, ports: HashMap::new() };
        for line in out.lines().take(count) {
            let line = line.unwrap();
            let (name, port) = line.rsplit_once(' ').unwrap_or(("", &line));
            server.ports.insert(name.to_owned(), port.parse().unwrap());
        }
        assert_eq!(server.ports.len(), count, "{program:?} {arguments:?} ended early");
        server
    }

    /// A program that is told its port: `PORT` in its arguments.
    fn told(program: &Path, arguments: &[&str]) -> Server {
        Server::told_port(program, arguments, free_port())
    }

    /// A program that shall listen on `port`.
    fn told_port(program: &Path, arguments: &[&str], port: u16) -> Server {
        let mut command = Command::new(program);
        command.args(arguments.iter().map(|a| a.replace("PORT", &port.to_string()))).current_dir(material().unwrap());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Server { child: command.spawn().unwrap(), ports: HashMap::from([(String::new(), port)]) };
        server.await_port(port);
        server
    }

    fn await_port(&self, port: u16) {
        let begun = Instant::now();
        while TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), START).is_err() {
            assert!(begun.elapsed() < START, "nothing listens on {port}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn port(&self) -> u16 {
        self.ports[""]
    }

    /// `openssl s_server` with these options; `PORT` is added.
    fn openssl(options: &str) -> Option<Server> {
        let mut arguments: Vec<&str> = "s_server -www -quiet -accept 127.0.0.1:PORT".split(' ').collect();
        arguments.extend(options.split_ascii_whitespace());
        Some(Server::told(&peer("openssl")?, &arguments))
    }
}

/// A port that nothing listens on, and that no other test was given: some kernels hand out the same one twice in a row.
fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut given = GIVEN.lock().unwrap();
    std::iter::repeat_with(free).take(10_000).find(|port| given.insert(*port)).unwrap()
}

/// What came of a run.
struct Told {
    json: Value,
    story: String,
}

impl Told {
    fn shake(&self, field: &str) -> &Value {
        &self.json["handshake"][field]
    }

    fn codes(&self) -> Vec<&str> {
        self.json["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect()
    }

    /// The root cause and its place, and that there is no other error.
    #[track_caller]
    fn is_error(&self, code: &str, at: &str) -> &Self {
        let findings = self.json["findings"].as_array().unwrap();
        let errors: Vec<_> = findings.iter().filter(|f| f["severity"] == "error").collect();
        assert!(
            errors.len() == 1 && findings[0]["code"] == code && findings[0]["at"] == at,
            "want {code} at {at}\n{}",
            self.story
        );
        assert!(!findings[0]["fix"].as_str().unwrap().is_empty() && !findings[0]["explain"].as_str().unwrap().is_empty());
        self
    }

    #[track_caller]
    fn is_fine(&self, mutual: bool) -> &Self {
        assert!(self.json["ok"] == true && self.shake("completed") == true, "{}", self.story);
        assert_eq!(self.shake("mutual"), mutual, "{}", self.story);
        self
    }

    #[track_caller]
    fn has(&self, field: &str, value: impl Into<Value>) -> &Self {
        assert_eq!(self.shake(field), &value.into(), "{field}\n{}", self.story);
        self
    }

    fn explains(&self, words: &str) -> bool {
        self.json["findings"][0]["explain"].as_str().unwrap().contains(words)
    }
}

/// `mtls connect` to `target` with these words.
#[track_caller]
fn connect_to(target: &str, words: &str) -> Told {
    let arguments = ["connect", target, "--json"].into_iter().chain(words.split_ascii_whitespace());
    let ran = mtls(material().unwrap(), arguments);
    let json = ran.json();
    assert_eq!(ran.status, i32::from(json["ok"] != true), "{}", ran.story());
    Told { json, story: ran.story() }
}

#[track_caller]
fn connect(port: u16, words: &str) -> Told {
    connect_to(&format!("localhost:{port}"), words)
}

/// With the client's certificate `who` (none: without), trusting the test CA.
#[track_caller]
fn as_client(port: u16, who: &str, more: &str) -> Told {
    let stores = if who == "none" { "--trust ca.crt".to_owned() } else { format!("--client {who}.pem ca.crt") };
    connect(port, &format!("{stores} {more}"))
}

/// A server that requires a certificate of the test CA: every client gets the cause that is its own, however the server puts
/// it. `checks_usage` where the server looks at extendedKeyUsage, `lists` where it names its CAs.
fn requires(port: u16, checks_usage: bool, lists: bool, more: &str) {
    let told = as_client(port, "client", more);
    told.is_fine(true).has("client_auth", "required").has("client_identity", "CN=client").has("server_identity", "CN=server");
    assert_eq!(told.json["findings"].as_array().unwrap().len(), 0, "{}", told.story);
    as_client(port, "none", more).is_error("client-certificate-missing", "client-keystore").has("failed_step", "client-presents");
    as_client(port, "expired", more).is_error("expired", "client-keystore").has("failed_step", "server-verifies-client");
    as_client(port, "early", more).is_error("not-yet-valid", "client-keystore");
    as_client(port, "self", more).is_error("self-signed-untrusted", "server-truststore");
    let usage = as_client(port, "usage", more);
    if checks_usage {
        usage.is_error("not-for-client", "client-keystore");
    } else {
        assert_eq!(usage.is_fine(true).codes(), ["not-for-client"], "{}", usage.story);
    }
    let foreign = as_client(port, "foreign", more);
    foreign.is_error(if lists { "client-certificate-withheld" } else { "untrusted-issuer" }, "server-truststore");
    foreign.has("client_auth", "required").has("mutual", false).has("completed", false);
    let keeps_back = foreign.shake("stacks").as_array().unwrap().iter().all(|s| s["sends"] == false);
    assert_eq!(keeps_back, lists, "{}", foreign.story);
}

/// One that asks and serves without, too.
fn is_optional(port: u16) {
    assert_eq!(as_client(port, "client", "").is_fine(true).has("client_auth", "optional").codes(), ["client-optional"]);
    assert_eq!(as_client(port, "none", "").is_fine(false).has("client_auth", "optional").codes(), ["client-optional"]);
    as_client(port, "expired", "").is_error("expired", "client-keystore");
}

/// One that does not ask.
fn is_one_way(port: u16) {
    as_client(port, "client", "").is_error("client-not-asked", "server").has("completed", true).has("client_auth", "not-asked");
    let told = as_client(port, "none", "");
    told.is_fine(false).has("client_auth", "not-asked").has("client_identity", Value::Null);
    assert!(told.codes().is_empty(), "{}", told.story);
}

const SERVER: &str = "-cert server.crt -key server.key";
const REQUIRED: &str = "-cert server.crt -key server.key -CAfile ca.crt -Verify 4 -verify_return_error";

#[test]
fn openssl_servers_are_understood_in_both_versions() {
    for version in ["-tls1_3", "-tls1_2"] {
        let Some(server) = Server::openssl(&format!("{REQUIRED} {version}")) else { return };
        requires(server.port(), true, true, "");
        let told = as_client(server.port(), "client", "");
        told.has("version", if version == "-tls1_3" { "TLSv1.3" } else { "TLSv1.2" }).has("session_resumed", true);
        assert_eq!(told.shake("authorities")[0], "CN=Dev CA");
        assert_eq!(told.shake("chain")[0]["subject"], "CN=server");
        assert_eq!(told.shake("addresses")[0]["completed"], true);
    }
    let Some(server) = Server::openssl("-cert server.crt -key server.key -CAfile ca.crt -verify 4 -verify_return_error") else {
        return;
    };
    is_optional(server.port());
    let Some(server) = Server::openssl(SERVER) else { return };
    is_one_way(server.port());
}

#[test]
fn java_servers_are_understood_although_they_say_certificate_unknown_to_everything() {
    let (Some(java), Some(openssl), Some(folder)) = (peer("java"), peer("openssl"), material()) else { return };
    let mut command = Command::new(openssl);
    command.current_dir(folder);
    command.args("pkcs12 -export -in server.pem -out java-server.p12 -passout pass:changeit -name server".split(' '));
    run(command, b"").exits(0);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/TlsServer.java");
    let start = |auth: &str, version: &str| {
        let arguments =
            ["-XX:TieredStopAtLevel=1", source.to_str().unwrap(), auth, version, "java-server.p12", "changeit", "ca.crt"];
        Server::telling(&java, &arguments, 1)
    };
    requires(start("need", "TLSv1.3").port(), true, true, "--timeout 20s");
    requires(start("need", "TLSv1.2").port(), true, true, "--timeout 20s");
    is_optional(start("want", "TLSv1.3").port());
    is_one_way(start("none", "TLSv1.3").port());
}

#[test]
fn python_servers_that_name_no_ca_are_understood() {
    let (Some(python), Some(_)) = (python(), material()) else { return };
    let start = |auth: &str| {
        Server::telling(&python, &[script("server.py").to_str().unwrap(), auth, "server.crt", "server.key", "ca.crt"], 1)
    };
    requires(start("REQUIRED").port(), true, false, "");
    is_one_way(start("NONE").port());
}

#[test]
fn nginx_finishes_every_handshake_and_refuses_in_http() {
    let (Some(nginx), Some(folder)) = (peer("nginx"), material()) else { return };
    let ports: Vec<u16> = (0..5).map(|_| free_port()).collect();
    let place = folder.display();
    let site = |port: u16, rest: &str| format!("server {{ listen 127.0.0.1:{port} {rest} location / {{ return 200 ok; }} }}\n");
    let temporary =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|n| format!("{n}_temp_path {place}/nginx-{n};")).join(" ");
    let named = format!(
        "server {{ listen 127.0.0.1:{0} ssl default_server; ssl_reject_handshake on; }}\n{1}",
        ports[4],
        site(ports[4], "ssl; server_name api.example;")
    );
    let conf = format!(
        "daemon off; master_process off; pid {place}/nginx.pid; error_log {place}/nginx.err; events {{}}\n\
         http {{ access_log off; {temporary}\n\
         ssl_certificate {place}/server.crt; ssl_certificate_key {place}/server.key; ssl_client_certificate {place}/ca.crt;\n\
         ssl_protocols TLSv1.2 TLSv1.3;\n{}{}{}{}{}}}",
        site(ports[0], "ssl http2; ssl_verify_client on;"),
        site(ports[1], "ssl; ssl_verify_client optional;"),
        site(ports[2], "ssl;"),
        site(ports[3], ";"),
        named,
    );
    std::fs::write(folder.join("nginx.conf"), conf).unwrap();
    let conf = folder.join("nginx.conf");
    let server = Server::told_port(&nginx, &["-c", conf.to_str().unwrap(), "-p", folder.to_str().unwrap()], ports[0]);
    ports.iter().for_each(|port| server.await_port(*port));
    requires(ports[0], true, true, "");
    requires(ports[0], true, true, "--alpn h2");
    is_optional(ports[1]);
    is_one_way(ports[2]);
    as_client(ports[3], "none", "").is_error("not-tls", "network");
    as_client(ports[4], "none", "").is_error("name-not-served", "server");
    as_client(ports[4], "none", "--servername api.example").is_fine(false);
}

#[test]
fn apache_that_asks_in_the_handshake_and_apache_that_asks_too_late_are_told_apart() {
    let (Some(apache), Some(folder)) = (peer("apache2"), material()) else { return };
    let ports: Vec<u16> = (0..4).map(|_| free_port()).collect();
    let place = folder.display();
    let modules = ["mpm_event", "ssl", "authz_core"]
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .concat();
    let host = |port: u16, version: &str, asks: &str| {
        format!(
            "Listen 127.0.0.1:{port}\n<VirtualHost *:{port}>\nSSLEngine on\nSSLProtocol {version}\nSSLCertificateFile {place}/server.crt\n\
             SSLCertificateKeyFile {place}/server.key\nSSLCACertificateFile {place}/ca.crt\n{asks}\n</VirtualHost>\n"
        )
    };
    let late = "<Location />\nSSLVerifyClient require\n</Location>";
    let conf = format!(
        "{modules}ServerName localhost\nPidFile {place}/apache.pid\nErrorLog {place}/apache.err\nDefaultRuntimeDir {place}\n\
         Mutex file:{place}\nDocumentRoot {place}\nUser #65534\nGroup #65534\n{}{}{}{}",
        host(ports[0], "-all +TLSv1.3", "SSLVerifyClient require"),
        host(ports[1], "-all +TLSv1.2", "SSLVerifyClient require"),
        host(ports[2], "-all +TLSv1.3", late),
        host(ports[3], "-all +TLSv1.2", late),
    );
    let file = folder.join("apache.conf");
    std::fs::write(&file, conf).unwrap();
    let server = Server::told_port(&apache, &["-f", file.to_str().unwrap(), "-X"], ports[0]);
    ports.iter().for_each(|port| server.await_port(*port));
    requires(ports[0], true, true, "");
    requires(ports[1], true, true, "");
    for (port, completed) in [(ports[2], true), (ports[3], false)] {
        let told = as_client(port, "client", "");
        told.is_error("client-not-asked", "server").has("completed", completed).has("mutual", false);
        assert!(told.explains("SSLVerifyClient"), "{}", told.story);
    }
}

#[test]
fn haproxy_and_gnutls_are_understood() {
    let Some(folder) = material() else { return };
    if let Some(haproxy) = peer("haproxy") {
        let ports = [free_port(), free_port(), free_port()];
        let site = |i: usize, verify: &str| {
            format!(
                "frontend f{i}\n bind 127.0.0.1:{} ssl crt {}/server.pem ca-file {1}/ca.crt verify {verify}\n http-request return status 200\n",
                ports[i],
                folder.display()
            )
        };
        let times = "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\n";
        std::fs::write(
            folder.join("haproxy.cfg"),
            format!("global\n maxconn 50\n{times}{}{}{}", site(0, "required"), site(1, "optional"), site(2, "none")),
        )
        .unwrap();
        let server = Server::told_port(&haproxy, &["-db", "-f", "haproxy.cfg"], ports[0]);
        ports.iter().for_each(|port| server.await_port(*port));
        requires(ports[0], true, true, "");
        is_optional(ports[1]);
        is_one_way(ports[2]);
    }
    if let Some(gnutls) = peer("gnutls-serv") {
        let base =
            "-p PORT -q --http --x509certfile server.crt --x509keyfile server.key --x509cafile ca.crt --verify-client-cert";
        let base: Vec<&str> = base.split(' ').collect();
        requires(Server::told(&gnutls, &[&base[..], &["--require-client-cert"]].concat()).port(), false, true, "");
        is_optional(Server::told(&gnutls, &base).port());
        is_one_way(Server::told(&gnutls, &[&base[..base.len() - 1], &["--disable-client-cert"]].concat()).port());
    }
}

#[test]
fn node_drops_the_connection_without_a_word_and_is_understood() {
    let (Some(node), Some(_)) = (peer("node"), material()) else { return };
    let program = "const f=require('fs').readFileSync;\
        const s=require('https').createServer({cert:f('server.crt'),key:f('server.key'),ca:f('ca.crt'),requestCert:true,rejectUnauthorized:true},(q,r)=>r.end('ok'));\
        s.listen(0,'127.0.0.1',()=>console.log(s.address().port))";
    requires(Server::telling(&node, &["-e", program], 1).port(), true, true, "");
}

#[test]
fn what_our_material_lacks_is_found_by_what_the_server_asks_for() {
    let Some(server) = Server::openssl(&REQUIRED.replace("ca.crt", "root.crt")) else { return };
    as_client(server.port(), "whole", "").is_fine(true);
    as_client(server.port(), "leaf-only", "").is_error("missing-intermediate", "client-keystore");
    as_client(server.port(), "client", "").is_error("client-certificate-withheld", "server-truststore");
    let told = as_client(server.port(), "mixed", "");
    assert_eq!(told.codes()[0], "key-mismatch", "{}", told.story);
    drop(server);

    let Some(server) = Server::openssl(&REQUIRED.replace("ca.crt", "again.crt")) else { return };
    as_client(server.port(), "client", "").is_error("same-name-other-key", "server-truststore");
    drop(server);

    let Some(server) = Server::openssl(&format!("{REQUIRED} -client_sigalgs rsa_pss_rsae_sha256")) else { return };
    as_client(server.port(), "client", "").is_error("no-common-signature", "protocol");
    drop(server);

    // a server that takes anybody: what Java, Go and .NET would have kept back is a warning
    let Some(server) = Server::openssl(&REQUIRED.replace("-verify_return_error", "")) else { return };
    assert_eq!(as_client(server.port(), "foreign", "").is_fine(true).codes(), ["client-certificate-withheld"]);
}

#[test]
fn a_server_that_cannot_be_trusted_is_not_shown_our_certificate() {
    let Some(server) = Server::openssl(REQUIRED) else { return };
    let told = connect(server.port(), "--client client.pem other.crt");
    told.is_error("untrusted-issuer", "client-truststore").has("client_auth", "required").has("client_identity", Value::Null);
    let told = connect(server.port(), "--client client.pem ca.crt --name api.example");
    told.is_error("name-mismatch", "server-keystore").has("client_identity", Value::Null);
    // without a certificate there are two faults, each of which breaks it
    assert_eq!(connect(server.port(), "--trust other.crt").codes(), ["untrusted-issuer", "client-certificate-missing"]);
    // the system's roots do not know it
    connect(server.port(), "--client client.pem none").is_error("untrusted-issuer", "client-truststore");
    drop(server);

    for (cert, code) in [("server-expired", "expired"), ("server-elsewhere", "name-mismatch")] {
        let Some(server) = Server::openssl(&SERVER.replace("server", cert)) else { return };
        as_client(server.port(), "none", "").is_error(code, "server-keystore").has("failed_step", "client-verifies-server");
    }
}

#[test]
fn what_is_not_in_common_is_found_with_hand_made_messages() {
    let old = "-cipher ALL:@SECLEVEL=0";
    for (options, more, code, words) in [
        (format!("{SERVER} -tls1_1 {old}"), "", "no-common-version", "this server speaks TLS 1.1 at most"),
        (format!("{SERVER} -tls1 {old}"), "", "no-common-version", "this server speaks TLS 1.0 at most"),
        (format!("{SERVER} -tls1_2"), "--tls 1.3", "no-common-version", "TLS 1.2 at most"),
        (format!("{SERVER} -tls1_3"), "--tls 1.2", "no-common-version", "TLS 1.3 only"),
        (
            "-cert server-rsa.crt -key server-rsa.key -tls1_2 -cipher AES128-SHA".to_owned(),
            "",
            "no-common-cipher",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
        ),
        (format!("{SERVER} -tls1_2 -cipher ECDHE-ECDSA-AES256-SHA"), "", "no-common-cipher", "CBC"),
        (format!("{SERVER} -tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256"), "", "no-common-cipher", "CCM"),
        (format!("{SERVER} -groups P-521"), "", "no-common-group", "secp521r1"),
        (format!("{SERVER} -groups ffdhe2048"), "", "no-common-group", "ffdhe2048"),
        (format!("{SERVER} -tls1_2 -groups P-521"), "", "no-common-group", ""),
        ("-cert server-ed448.crt -key server-ed448.key".to_owned(), "", "no-common-signature", ""),
        ("-cert server-ed448.crt -key server-ed448.key -tls1_2".to_owned(), "", "no-common-signature", ""),
        (format!("{SERVER} -alpn h2"), "--alpn foo", "alpn-mismatch", ""),
    ] {
        let Some(server) = Server::openssl(&options) else { return };
        let told = as_client(server.port(), "client", more);
        told.is_error(code, "protocol").has("failed_step", "client-connects");
        assert!(told.explains(words), "{options}: want \"{words}\"\n{}", told.story);
    }
    // a server without a certificate refuses every offer: nothing in our material explains it
    let Some(server) = Server::openssl("-nocert") else { return };
    as_client(server.port(), "client", "").is_error("peer-rejected", "server");
}

#[test]
fn plain_protocols_are_asked_for_tls_and_strangers_are_named() {
    let (Some(python), Some(_)) = (python(), material()) else { return };
    let strangers =
        Server::telling(&python, &[script("strangers.py").to_str().unwrap(), "server.crt", "server.key", "ca.crt"], 18);
    let port = |name: &str| strangers.ports[name];
    for protocol in ["smtp", "imap", "pop3", "ftp", "ldap", "postgres", "mysql", "xmpp"] {
        let ask = format!("--starttls {protocol}");
        as_client(port(protocol), "client", &ask).is_fine(true).has("client_auth", "required");
        as_client(port(protocol), "expired", &ask).is_error("expired", "client-keystore");
    }
    for protocol in ["smtp", "ldap", "postgres"] {
        let told = as_client(port(&format!("{protocol}-without")), "none", &format!("--starttls {protocol}"));
        told.is_error("not-tls", "network");
        assert!(told.explains("declined"), "{}", told.story);
    }
    for (name, words) in [("smtp", "220-welcome"), ("ssh", "SSH-2.0-OpenSSH_9.2"), ("http", "HTTP/1.0 200 OK")] {
        let told = as_client(port(name), "none", "--timeout 2s");
        told.is_error("not-tls", "network");
        assert!(told.explains(words), "{}", told.story);
    }
    as_client(port("pop3"), "none", "--starttls smtp").is_error("not-tls", "network");
    as_client(port("closing"), "none", "").is_error("closed-early", "network");
    as_client(port("silent"), "none", "--timeout 500ms").is_error("timed-out", "network");

    let Some(server) = Server::openssl(REQUIRED) else { return };
    let through = |user: &str| format!("--proxy http://{user}127.0.0.1:{}", port("proxy"));
    as_client(server.port(), "client", &through("me:secret@")).is_fine(true);
    let told = as_client(server.port(), "client", &through("me:wrong-secret@"));
    told.is_error("not-tls", "network");
    assert!(told.explains("407") && !told.story.split_once('\n').unwrap().1.contains("wrong-secret"), "{}", told.story);
    as_client(server.port(), "client", &format!("--proxy 127.0.0.1:{}", free_port())).is_error("connection-refused", "network");
    // the first call is tried again, those that are counted are not
    let told = as_client(port("flaky"), "client", "--repeat 20");
    told.is_error("closed-early", "network");
    let repeats = told.shake("repeats");
    let failed = repeats["failed"].as_array().unwrap().len();
    assert!(failed > 2 && repeats["completed"].as_u64().unwrap() > 10, "{}", told.story);
    // a server that dies meanwhile is not asked for ever
    let told = as_client(port("dying"), "client", "--repeat 12");
    assert!(!told.shake("repeats")["failed"].as_array().unwrap().is_empty(), "{}", told.story);
}

#[test]
fn the_network_is_told_of_as_findings() {
    let Some(folder) = material() else { return };
    as_client(free_port(), "none", "").is_error("connection-refused", "network").has("failed_step", "client-connects");
    connect_to("no-such-host.invalid", "--trust ca.crt").is_error("name-not-resolved", "network");
    for (words, status) in [
        (&["connect", "localhost:0"][..], 2),
        (&["connect", "https://"], 2),
        (&["connect", "localhost:1", "--client", "client.pem", "ca.crt", "--trust", "ca.crt"], 2),
        (&["connect", "localhost:1", "--proxy", "socks5://x"], 2),
        (&["connect", "localhost:1", "--trust", "no-such-file"], 3),
        (&["connect", "localhost:1", "--client", "make-no-sense", "ca.crt"], 3),
    ] {
        mtls(folder, words).exits(status);
    }
    // what the stores themselves forbid is told before anyone goes anywhere
    connect(1, "--client ca.crt client.pem").is_error("truststore-is-keystore", "client-truststore");
    connect(1, "--client client.crt ca.crt").is_error("no-private-key", "client-keystore");
}

#[test]
fn calls_are_repeated_and_live_targets_inspected() {
    let Some(server) = Server::openssl(REQUIRED) else { return };
    let told = as_client(server.port(), "client", "--repeat 8");
    told.is_fine(true);
    let repeats = told.shake("repeats");
    assert!(repeats["completed"] == 8 && repeats["failed"].as_array().unwrap().is_empty(), "{}", told.story);
    let times = ["min", "median", "max"].map(|t| repeats["milliseconds"][t].as_f64().unwrap());
    assert!(0.0 < times[0] && times[0] <= times[1] && times[1] <= times[2], "{}", told.story);

    let target = format!("127.0.0.1:{}", server.port());
    let ran = mtls(material().unwrap(), ["inspect", &target, "--json"]).exits(0);
    let item = &ran.json()["items"][0];
    assert!(item["format"] == "live" && item["target"] == target.as_str(), "{}", ran.story());
    assert_eq!(item["entries"][0]["chain"][0]["subject"], "CN=server", "{}", ran.story());
    let pem = mtls(material().unwrap(), ["inspect", &target, "--pem"]).exits(0).stdout;
    assert!(pem.starts_with(&std::fs::read_to_string(material().unwrap().join("server.crt")).unwrap()), "{pem}");
    mtls(material().unwrap(), ["inspect", &target, "--trust", "ca.crt", "--name", "localhost"]).exits(0);
    mtls(material().unwrap(), ["inspect", &target, "--trust", "other.crt"]).exits(1);
    mtls(material().unwrap(), ["inspect", &format!("127.0.0.1:{}", free_port())]).exits(1);
}

#[test]
fn people_see_the_address_the_chain_the_steps_and_the_cause() {
    let Some(server) = Server::openssl(REQUIRED) else { return };
    let target = format!("localhost:{}", server.port());
    let ran = mtls(material().unwrap(), ["connect", &target, "--client", "foreign.pem", "ca.crt"]).exits(1);
    for words in [
        "presents 2 certificates",
        "refuses it",
        "client certificate   required",
        "OpenSSL and curl send the certificate; Java, Go and .NET send none",
        "error[client-certificate-withheld]:",
        "fix:",
    ] {
        assert!(ran.stdout.contains(words), "\"{words}\" is missing\n{}", ran.story());
    }
}

#[test]
fn every_address_behind_a_name_is_tried_so_that_one_bad_node_shows() {
    let (Some(good), Some(bad)) = (Server::openssl(SERVER), Server::openssl(&SERVER.replace("server", "server-expired"))) else {
        return;
    };
    let local = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let addresses = [local(bad.port()), local(good.port()), local(free_port())];
    let ca = std::fs::read(material().unwrap().join("ca.crt")).unwrap();
    let ca = Cert::from_der(pem::parse(ca).unwrap().contents()).unwrap();
    let client = Peer::new(None, Some(vec![ca]), time::OffsetDateTime::now_utc());
    let manner = Manner { name: "localhost".to_owned(), asks_for: Some("localhost".to_owned()), resumes: false };
    let route = Route { host: "localhost".to_owned(), port: 1, proxy: None, starttls: None, timeout: Duration::from_secs(10) };
    let plan = Plan { route: &route, client: &client, manner: &manner, repeat: 3 };
    let visit = probe::visit::visit_all(&plan, &addresses).unwrap().unwrap();
    assert_eq!(visit.seen.iter().map(|s| s.is_well()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(visit.primary, 1);
    let latencies = visit.latencies.as_ref().unwrap();
    assert_eq!((latencies.took.len(), latencies.failed.len()), (3, 3));
    let findings = remote::findings(&Remote {
        visit: &visit,
        client: &client,
        whither: Whither { target: "localhost:1", host: "localhost", proxy: None, starttls: None },
        keystore: "",
        truststore: "ca.crt",
        trusts_system: false,
        host: "localhost",
        known: &[],
    });
    // the expired one breaks every other call; that nothing listens at the third is overcome by going on to the next
    let told: Vec<_> = findings.iter().map(|f| (f.code.word(), f.severity.word())).collect();
    assert_eq!(told, [("expired", "error"), ("connection-refused", "info")]);
    assert!(findings[0].facts.iter().any(|(what, is)| what == "at the address" && *is == addresses[0].to_string()));
}
