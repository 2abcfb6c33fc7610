//! Refusals that our own material explains although the server gives no reason, and those that nothing explains.

use super::*;

/// nginx, which refuses in HTTP without a reason: one server for each truststore. It runs until the first value is dropped.
fn silent_servers(folder: &Path, truststores: &[&str]) -> Option<(Server, Vec<u16>)> {
    let nginx = peer("nginx")?;
    let ports: Vec<u16> = truststores.iter().map(|_| free_port()).collect();
    // tests run at the same time in one folder
    let own = format!("refusing-{}", ports[0]);
    let place = folder.display();
    let temporary =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|n| format!("{n}_temp_path {place}/{own}-{n};")).join(" ");
    let site = |(port, trust): (&u16, &&str)| {
        format!(
            "server {{ listen 127.0.0.1:{port} ssl; ssl_client_certificate {place}/{trust}; ssl_verify_client on; ssl_verify_depth 3; location / {{ return 200 ok; }} }}\n"
        )
    };
    let sites: String = ports.iter().zip(truststores).map(site).collect();
    let conf = folder.join(format!("{own}.conf"));
    let text = format!(
        "daemon off; master_process off; pid {place}/{own}.pid; error_log {place}/{own}.err; events {{}}\n\
         http {{ access_log off; {temporary}\nssl_certificate {place}/server.crt; ssl_certificate_key {place}/server.key;\n{sites}}}"
    );
    std::fs::write(&conf, text).unwrap();
    let server = Server::told_port(&nginx, &["-c", conf.to_str().unwrap(), "-p", folder.to_str().unwrap()], ports[0]);
    ports.iter().for_each(|port| server.await_port(*port));
    Some((server, ports))
}

#[test]
fn faults_on_the_way_to_the_root_explain_a_refusal_without_a_reason() {
    let Some(folder) = material() else { return };
    let Some((_server, ports)) = silent_servers(folder, &["ca.crt", "root.crt"]) else { return };
    let refused = "server-verifies-client";
    as_client(ports[0], "enciphers", "").is_error("key-usage-forbids-tls", "client-keystore").has("failed_step", refused);
    as_client(ports[0], "altered", "").is_error("bad-signature", "client-keystore").has("failed_step", refused);
    for (who, code) in [("by-no-ca", "not-a-ca"), ("wrong-sub", "wrong-intermediate"), ("leaf-only", "missing-intermediate")] {
        // whether the root lies in a file of ours or not
        for trust in ["--trust ca.crt", "--trust both.crt"] {
            let roots = ["ca.crt", "root.crt"].map(|file| std::fs::read(folder.join(file)).unwrap()).concat();
            std::fs::write(folder.join("both.crt"), roots).unwrap();
            let told = connect(ports[1], &format!("--client {who}.pem none {trust}"));
            told.is_error(code, "client-keystore").has("failed_step", refused);
        }
    }
    connect(ports[1], "--client whole.pem none --trust ca.crt").is_fine(true);
}

#[test]
fn a_refusal_that_nothing_explains_names_its_suspects_with_what_to_compare() {
    let Some(folder) = material() else { return };
    let Some((_server, ports)) = silent_servers(folder, &["again.crt"]) else { return };
    let told = as_client(ports[0], "client", "");
    told.is_error("peer-rejected", "server").has("failed_step", "server-verifies-client");
    let first = &told.json["findings"][0];
    let explain = first["explain"].as_str().unwrap();
    let (trust, list) =
        (explain.find("(1) it trusts a CA named \"Dev CA\" with another key"), explain.find("(2) a revocation list"));
    assert!(trust.is_some() && trust < list && !explain.contains("ssl_verify_depth"), "{}", told.story);
    assert!(first["fix"].as_str().unwrap().contains("mtls truststore SERVER-TRUSTSTORE ca.crt"), "{}", told.story);
}

#[test]
fn a_server_that_trusts_an_intermediate_without_its_root_is_told_so() {
    let told = |options: &str| {
        let server = Server::openssl(&format!("{SERVER} {options}"))?;
        Some(connect(server.port(), "--client whole.pem none --trust both.crt"))
    };
    let Some(folder) = material() else { return };
    let roots = ["ca.crt", "root.crt"].map(|file| std::fs::read(folder.join(file)).unwrap()).concat();
    std::fs::write(folder.join("both.crt"), roots).unwrap();
    let Some(refused) = told("-CAfile sub.crt -Verify 5 -verify_return_error") else { return };
    refused.is_error("untrusted-issuer", "server-truststore").has("failed_step", "server-verifies-client");
    let first = &refused.json["findings"][0];
    let explain = first["explain"].as_str().unwrap();
    assert!(explain.contains("names \"Acme Issuing CA\", an intermediate, and not \"Acme Root CA\""), "{}", refused.story);
    assert!(first["fix"].as_str().unwrap().contains("mtls truststore SERVER-TRUSTSTORE both.crt"), "{}", refused.story);
    // the root is what it lacked
    told("-CAfile sub.crt -Verify 5 -verify_return_error -partial_chain").unwrap().is_fine(true);
    told("-CAfile root.crt -Verify 5 -verify_return_error").unwrap().is_fine(true);
    // a root of that name is on the list, and it is another one: this is still told as such
    let other = told("-CAfile root-again.crt -Verify 5 -verify_return_error").unwrap();
    other.is_error("same-name-other-key", "server-truststore");

    let Some((_server, ports)) = silent_servers(folder, &["sub.crt"]) else { return };
    let silent = connect(ports[0], "--client whole.pem none --trust both.crt");
    silent.is_error("peer-rejected", "server");
    let explain = silent.json["findings"][0]["explain"].as_str().unwrap();
    let first = "(1) it trusts the intermediate \"Acme Issuing CA\" and not the root \"Acme Root CA\"";
    assert!(explain.contains(first) && !explain.contains("made anew"), "{}", silent.story);
}

#[test]
fn two_cas_of_one_name_are_proven_by_what_the_server_shows_and_what_we_trust() {
    let Some(folder) = material() else { return };
    // the server is of the one CA and trusts it, the client is of the other
    let Some((_server, ports)) = silent_servers(folder, &["ca.crt"]) else { return };
    let told = as_client(ports[0], "renewed", "");
    told.is_error("same-name-other-key", "server-truststore").has("failed_step", "server-verifies-client");
    assert!(told.explains("two CAs named \"Dev CA\""), "{}", told.story);
}

#[test]
fn a_server_key_that_is_too_weak_is_not_told_as_one_that_does_not_fit() {
    for version in ["-tls1_2", "-tls1_3"] {
        let options = format!("-cert server-weak.crt -key server-weak.key -cipher DEFAULT@SECLEVEL=0 {version}");
        let Some(server) = Server::openssl(&options) else { return };
        as_client(server.port(), "none", "").is_error("weak-key", "server-keystore").has("failed_step", "client-verifies-server");
    }
}

#[test]
fn what_a_server_that_does_not_ask_would_refuse_once_it_asks_is_told_beside() {
    let Some(server) = Server::openssl(SERVER) else { return };
    let told = as_client(server.port(), "expired", "");
    assert_eq!(told.is_error("client-not-asked", "server").codes(), ["client-not-asked", "expired"], "{}", told.story);
}

#[test]
fn remedies_name_files_that_are_there_and_mend() {
    let Some(server) = Server::openssl("-cert server-self.crt -key server-self.key") else { return };
    let told = as_client(server.port(), "none", "");
    told.is_error("self-signed-untrusted", "client-truststore");
    // what the server shows is fetched first: its address is no file
    let fix = told.json["findings"][0]["fix"].as_str().unwrap();
    let (_, command) = fix.split_once(": ").unwrap();
    let command = command.replace("mtls ", &format!("{} ", env!("CARGO_BIN_EXE_mtls")));
    let Some(bash) = peer("bash") else { return };
    let mut pasted = Command::new(bash);
    pasted.args(["-c", &command]).current_dir(material().unwrap());
    run(pasted, b"").exits(0);
    connect(server.port(), "--trust ca-trust.p12").is_fine(false);
    drop(server);

    // the server's own keystore has a name that we do not know
    let Some(server) = Server::openssl("-cert server-by-sub.crt -key server-by-sub.key") else { return };
    let told = connect(server.port(), "--trust root.crt");
    told.is_error("missing-intermediate", "server-keystore");
    let fix = told.json["findings"][0]["fix"].as_str().unwrap();
    assert_eq!(fix, "at the server: mtls keystore SERVER-KEYSTORE SERVER-KEYSTORE INTERMEDIATE.crt --force");
}
