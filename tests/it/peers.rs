//! Finds the foreign programs that the tests talk to.
//!
//! A peer that is missing fails its tests: a test that passes without having run says something untrue. Where it cannot be
//! installed, `MTLS_PEERS=missing-ok cargo test` goes without it and says so on the terminal; `./tests/run` never does.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Each program with the Debian package that brings it; `tests/run` installs the same.
const PACKAGES: &[(&str, &str)] = &[
    ("openssl", "openssl"),
    ("java", "default-jdk-headless"),
    ("keytool", "default-jdk-headless"),
    ("curl", "curl"),
    ("certtool", "gnutls-bin"),
    ("gnutls-serv", "gnutls-bin"),
    ("haproxy", "haproxy"),
    ("apache2", "apache2-bin"),
    ("nginx", "nginx-light"),
    ("node", "nodejs"),
    ("pk12util", "libnss3-tools"),
    ("certutil", "libnss3-tools"),
    ("python3 with cryptography", "python3-cryptography"),
    ("bash", "bash"),
    ("node", "nodejs"),
    ("python3", "python3"),
];

/// The program `name`, or `None` where its absence is allowed.
#[track_caller]
pub fn peer(name: &str) -> Option<PathBuf> {
    // servers live where only root looks
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = dirs.map(|dir| dir.join(name)).find(|p| p.is_file());
    found.or_else(|| absent(name))
}

/// A Python that can import `cryptography`: the one in PATH may lack it where the system's has it.
#[track_caller]
pub fn python() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let works = |python: &&&str| {
        let mut command = Command::new(python);
        command.args(["-c", "import cryptography"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|s| s.success())
    };
    let found = FOUND.get_or_init(|| ["python3", "/usr/bin/python3"].iter().find(works).map(|p| Path::new(p).to_owned()));
    found.clone().or_else(|| absent("python3 with cryptography"))
}

#[track_caller]
fn absent(name: &str) -> Option<PathBuf> {
    let package = PACKAGES.iter().find(|(program, _)| *program == name).map_or("?", |(_, package)| package);
    if std::env::var("MTLS_PEERS").as_deref() != Ok("missing-ok") {
        panic!(
            "{name} is missing, and this test talks to it. Run ./tests/run, which installs it (Debian package {package}), \
             or set MTLS_PEERS=missing-ok to go without it"
        );
    }
    // straight to the terminal: what is printed with eprintln! is shown of failed tests only
    let _ = writeln!(std::io::stderr(), "NOT TESTED: {name} is missing (Debian package {package})");
    None
}
