#!/usr/bin/env python3
"""Has real programs fail, each from one known cause, and keeps what they say in fixtures/explain.

  python3 tests/lab/errors.py [FOLDER] [--only WORD]

Everything happens on loopback, two connections at a time; each program gets a few seconds. A program that is not installed is
left out, and said so: its files stay as they are. Every file starts with lines that say which program it was, how it was
called, which side said it and what the cause was: the tests ask `mtls explain` for that cause.
"""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import materials

HERE = pathlib.Path(__file__).resolve().parent
JAVAS = {"java": "/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "java25": "/usr/lib/jvm/temurin-25-jdk-amd64/bin/java"}
LIMIT = 20


class Lab:
    def __init__(self, folder, only):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="mtls-lab-"))
        self.work.chmod(0o755)
        self.out, self.only, self.kept, self.left_out = folder, only, {}, set()
        materials.make(self.work)
        subprocess.run(["javac", "-d", str(self.work), str(HERE / "Peer.java")], check=True, timeout=60)
        self.pool, self.jobs = concurrent.futures.ThreadPoolExecutor(2), []
        self.versions = {name: first_line(words) for name, words in {
            "openssl": ["openssl", "version"], "curl": ["curl", "--version"], "node": ["node", "--version"],
            "python": [sys.executable, "--version"], "gnutls": ["gnutls-cli", "--version"], "nginx": ["nginx", "-v"],
            "haproxy": ["haproxy", "-v"], "postgres": ["postgres", "--version"], "keytool": [JAVAS["java"], "--version"],
            "go": ["go", "version"],
            **{name: [path, "--version"] for name, path in JAVAS.items()}}.items()}
        if self.versions["go"]:
            subprocess.run(["go", "build", "-o", str(self.work / "peer-go"), str(HERE / "peer.go")], check=True, timeout=300)

    def has(self, stack):
        if not self.versions.get(stack):
            self.left_out.add(stack)
        return bool(self.versions.get(stack))

    # -- what is kept

    def keep(self, name, cause, side, stack, how, text):
        text = self.masked(text)
        how = " ".join(self.masked(how).split())
        head = f"# program: {self.versions[stack]}\n# how: {how}\n# side: {side}\n# cause: {cause}\n\n"
        telling = "\n".join(line for line in text.splitlines() if re.search("error|alert|fail|refus|400|exception|status|curl:", line, re.I))
        essence = (stack.removesuffix("25"), side, name if cause == "nothing" else cause, re.sub(r"\d+|[0-9a-f]{8,}|[(][a-z_]+[)] ", "", telling))
        self.kept[name] = (essence, head + text)

    def write(self):
        """The same words for the same cause are written once, whichever program was at the other end."""
        seen = set()
        for name, (essence, text) in sorted(self.kept.items()):
            if essence not in seen:
                seen.add(essence)
                (self.out / (name + ".txt")).write_text(text)

    def masked(self, text):
        """Without what differs from run to run and says nothing."""
        text = re.sub(re.escape(str(self.work)) + r"/server-\w+", "lab/server", text).replace(str(self.work), "lab").replace(str(HERE), "lab")
        text = text.replace(sys.executable, "python3").replace(str(pathlib.Path(sys.prefix).resolve()), "/usr").replace(sys.prefix, "/usr")
        text = re.sub(r"OS: Linux .*", "OS: Linux", text)
        text = re.sub(r"^.* LOG:  (starting|listening|database system|background|shutting|checkpoint|received smart).*\n", "", text, flags=re.M)
        text = re.sub(r"\b\d\d/[A-Z][a-z][a-z]/20\d\d:\d\d:\d\d:\d\d\.\d+", "21/Nov/2026:10:00:00.000", text)
        text = re.sub(r"\b[A-Z][a-z][a-z], \d\d [A-Z][a-z][a-z] 20\d\d \d\d:\d\d:\d\d GMT", "Sat, 21 Nov 2026 10:00:00 GMT", text)
        text = re.sub(r"\b[0-9A-F]{8}[0-9A-F]+:error:", "0:error:", text)
        text = re.sub(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", r"(\1 left out)", text, flags=re.S)
        text = re.sub(r"\b(localhost|127\.0\.0\.1|::1|\[::1\])(:| port )\d{4,5}\b", r"\1\g<2>8443", text)
        text = re.sub(r"\bport:? \d{5}\b", "port 8443", text)
        text = re.sub(r"\b20\d\d[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "2026/11/21 10:00:00", text)
        text = re.sub(r"^(\s*(Session-ID|Session-ID-ctx|Resumption PSK|Master-Key|Start Time|Timeout).*: ).*$", r"\1(left out)", text, flags=re.M)
        text = re.sub(r"^    [0-9a-f]{4} - .*\n", "", text, flags=re.M)
        return text.rstrip() + "\n"

    def path(self, name):
        return "none" if name is None else str(self.work / name)

    def rest(self, who):
        """openssl takes what is sent after the leaf from a file of its own."""
        return ["-cert_chain", self.path(who + ".rest")] if (self.work / (who + ".rest")).exists() else []

    # -- clients: each gives its words and its output

    def run(self, words, feed=None, limit=LIMIT):
        try:
            done = subprocess.run(words, input=feed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit, cwd=self.work)
            text = done.stdout.decode(errors="replace")
        except subprocess.TimeoutExpired as e:
            text = (e.stdout or b"").decode(errors="replace")
        return " ".join(words), text

    def client(self, stack, port, trust="a.crt", who=None, host="localhost", tls="", more=()):
        crt, key = (self.path(who + ".crt"), self.path(who + ".key")) if who else ("none", "none")
        trust = self.path(trust)
        if stack == "openssl":
            words = ["openssl", "s_client", "-connect", f"{host}:{port}", "-CAfile", trust, "-verify_return_error"]
            words += ["-verify_ip", host] if host[0].isdigit() else ["-verify_hostname", host, "-servername", host]
            words += ["-cert", crt, "-key", key, *self.rest(who)] if who else []
            words += {"": [], "1.2": ["-tls1_2"], "1.3": ["-tls1_3"]}[tls] + ["-ign_eof"] + list(more)
            return self.run(words, b"GET / HTTP/1.0\r\n\r\n")
        if stack == "curl":
            words = ["curl", "-sS", "-v", "-m", "5", "--cacert", trust] + (["--cert", crt, "--key", key] if who else [])
            words += {"": [], "1.2": ["--tls-max", "1.2"], "1.3": ["--tlsv1.3"]}[tls]
            return self.run(words + list(more) + [f"https://{host}:{port}/"])
        if stack in JAVAS:
            words = [JAVAS[stack], "-cp", str(self.work), f"-Djavax.net.ssl.trustStore={trust.replace('.crt', '.jts')}", "-Djavax.net.ssl.trustStorePassword=changeit"]
            if who:
                words += [f"-Djavax.net.ssl.keyStore={crt.replace('.crt', '.p12')}", "-Djavax.net.ssl.keyStorePassword=changeit"]
            return self.run(words + list(more) + ["Peer", "client", host, str(port)] + ([f"TLSv{tls}"] if tls else []), limit=40)
        if stack == "node":
            version = [f"TLSv{tls}"] if tls else []
            return self.run(["node", str(HERE / "peer.js"), "client", host, str(port), trust, crt, key] + version)
        if stack == "python":
            version = ["TLSv" + tls.replace(".", "_")] if tls else []
            return self.run([sys.executable, str(HERE / "peer.py"), "client", host, str(port), trust, crt, key] + version)
        if stack == "go":
            return self.run([str(self.work / "peer-go"), "client", host, str(port), trust, crt, key] + ([tls] if tls else []))
        if stack == "gnutls":
            words = ["gnutls-cli", "-p", str(port), host, "--x509cafile", trust] + (["--x509certfile", crt, "--x509keyfile", key] if who else [])
            words += {"": [], "1.2": ["--priority", "NORMAL:-VERS-TLS1.3"], "1.3": ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"]}[tls]
            return self.run(words, b"GET / HTTP/1.0\r\n\r\n", limit=10)
        raise ValueError(stack)

    # -- servers: a context that gives the port; afterwards .log holds what it said

    def server(self, stack, who="server-good", trust="ab.crt", ask=True, tls="", more=()):
        return Server(self, stack, who, trust, ask, tls, more)

    def later(self, work, *how):
        self.jobs.append(self.pool.submit(work, self, *how))

    def finish(self):
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            job.result()

    def wants(self, name):
        return not self.only or self.only in name


def first_line(words):
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        return done.stdout.decode().splitlines()[0].split(" zlib")[0].strip()
    except (OSError, IndexError):
        return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Server:
    def __init__(self, lab, stack, who, trust, ask, tls, more):
        self.port, self.log, self.lab = free_port(), "", lab
        port, crt, key, pem, ca = str(self.port), *[lab.path(who + s) for s in (".crt", ".key", ".pem")], lab.path(trust)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="server-", dir=lab.work))
        folder.chmod(0o755)
        self.file = folder / "log"
        if stack == "openssl":
            words = ["openssl", "s_server", "-accept", port, "-cert", crt, "-key", key, *lab.rest(who), "-www", "-cipher", "ALL:@SECLEVEL=0"]
            words += ["-Verify", "5", "-verify_return_error", "-CAfile", ca] if ask else []
            words += {"": [], "1.2": ["-tls1_2"], "1.3": ["-tls1_3"]}[tls]
        elif stack in JAVAS:
            words = [JAVAS[stack], "-cp", str(lab.work), f"-Djavax.net.ssl.keyStore={crt.replace('.crt', '.p12')}", "-Djavax.net.ssl.keyStorePassword=changeit",
                     f"-Djavax.net.ssl.trustStore={ca.replace('.crt', '.jts')}", "-Djavax.net.ssl.trustStorePassword=changeit"]
            more = list(more) + ["Peer", "server", port, "need" if ask else "skip"] + ([f"TLSv{tls}"] if tls else [])
            words += more
            more = ()
        elif stack == "node":
            words = ["node", str(HERE / "peer.js"), "server", port, crt, key, ca] + ([f"TLSv{tls}"] if tls else [])
        elif stack == "python":
            words = [sys.executable, str(HERE / "peer.py"), "server", port, crt, key, ca] + (["TLSv" + tls.replace(".", "_")] if tls else [])
        elif stack == "go":
            words = [str(lab.work / "peer-go"), "server", port, crt, key, ca] + ([tls] if tls else [])
        elif stack == "gnutls":
            words = ["gnutls-serv", "-p", port, "--x509certfile", crt, "--x509keyfile", key, "--http"]
            words += ["--require-client-cert", "--verify-client-cert", "--x509cafile", ca] if ask else []
            words += {"": [], "1.2": ["--priority", "NORMAL:-VERS-TLS1.3"], "1.3": ["--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"]}[tls]
        elif stack == "nginx":
            conf = folder / "nginx.conf"
            conf.write_text(f"""daemon off; master_process off; pid {folder}/pid; error_log {self.file} info; events {{}}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
server {{ listen localhost:{port} ssl; server_name localhost; ssl_certificate {crt}; ssl_certificate_key {key};
ssl_client_certificate {ca}; ssl_verify_client on; ssl_verify_depth 3; {"ssl_protocols TLSv" + tls + ";" if tls else ""} {" ".join(more)} location / {{ return 200 "hello"; }} }} }}\n""")
            words, more = ["nginx", "-p", str(folder), "-c", str(conf), "-e", str(self.file)], ()
        elif stack == "haproxy":
            conf = folder / "haproxy.cfg"
            version = f"ssl-min-ver TLSv{tls} ssl-max-ver TLSv{tls}" if tls else ""
            conf.write_text(f"""global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 3s
  timeout client 3s
  timeout server 3s
frontend web
  bind localhost:{port} ssl crt {pem} ca-file {ca} verify required {version}
  http-request return status 200
""")
            words = ["haproxy", "-f", str(conf)]
        elif stack == "postgres":
            database = folder / "db"
            shutil.copytree(lab.database(), database)
            for source, name in ((crt, "server.crt"), (key, "server.key"), (ca, "root.crt")):
                shutil.copy(source, database / name)
            (database / "server.key").chmod(0o600)
            (database / "postgresql.conf").write_text(f"""listen_addresses='localhost'\nport={port}\nunix_socket_directories=''\nssl=on\nssl_ca_file='root.crt'
log_min_messages=info\n{"ssl_min_protocol_version='TLSv" + tls + "'" + chr(10) + "ssl_max_protocol_version='TLSv" + tls + "'" if tls else ""}\n""")
            (database / "pg_hba.conf").write_text("hostssl all all all trust clientcert=verify-ca\n")
            subprocess.run(["chown", "-R", "postgres", str(database)], check=True)
            words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "postgres", "-D", str(database)]
        else:
            raise ValueError(stack)
        self.words = words + list(more)

    def __enter__(self):
        self.sink = open(self.file.parent / "out", "wb")
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=self.sink, stderr=subprocess.STDOUT, cwd=self.file.parent)
        end = time.monotonic() + 40
        # until the port is taken (it is not connected to: that would be a line in the log)
        while time.monotonic() < end and self.process.poll() is None and not self.listens():
            time.sleep(0.05)
        if self.process.poll() is None and not self.listens():
            raise TimeoutError(" ".join(self.words))
        time.sleep(0.1)
        return self

    def listens(self):
        wanted = f":{self.port:04X}"
        lines = pathlib.Path("/proc/net/tcp").read_text().splitlines() + pathlib.Path("/proc/net/tcp6").read_text().splitlines()
        return any(line.split()[1].endswith(wanted) and line.split()[3] == "0A" for line in lines[1:] if "local" not in line)

    def __exit__(self, *_):
        time.sleep(0.2)
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.sink.close()
        self.log = (self.file.parent / "out").read_text(errors="replace") + (self.file.read_text(errors="replace") if self.file.exists() else "")

    def how(self):
        return " ".join(self.words)


CLIENTS = ("openssl", "curl", "java", "java25", "node", "python", "gnutls", "go")
SERVERS = ("openssl", "java", "java25", "nginx", "haproxy", "node", "python", "gnutls", "postgres", "go")


def server_certificates(lab):
    """The server's certificate is wrong in one way; each client judges it."""
    causes = [  # cause, the server's certificate, what the client trusts, the host asked for
        ("untrusted-issuer", "untrusted-issuer", "a.crt", "localhost"), ("missing-intermediate", "missing-intermediate", "a.crt", "localhost"),
        ("untrusted-issuer-root-sent", "sends-root", "a.crt", "localhost"),
        ("self-signed-untrusted", "self-signed-untrusted", "a.crt", "localhost"), ("same-name-other-key", "good", "a2.crt", "localhost"),
        ("expired", "expired", "a.crt", "localhost"), ("not-yet-valid", "not-yet-valid", "a.crt", "localhost"),
        ("name-mismatch", "name-mismatch", "a.crt", "localhost"), ("ip-not-in-san", "ip-not-in-san", "a.crt", "127.0.0.1"),
        ("no-san", "no-san", "a.crt", "localhost"), ("not-for-server", "not-for-server", "a.crt", "localhost"),
        ("not-a-ca", "not-a-ca", "a.crt", "localhost"), ("path-too-long", "path-too-long", "a.crt", "localhost"),
        ("ca-cannot-sign", "ca-cannot-sign", "a.crt", "localhost"), ("name-constraint-violated", "name-constraint-violated", "a.crt", "localhost"),
        ("key-usage-forbids-tls", "key-usage-forbids-tls", "a.crt", "localhost"),
        ("unknown-critical-extension", "unknown-critical-extension", "a.crt", "localhost"), ("weak-key", "weak-key", "a.crt", "localhost"),
        ("weak-signature", "weak-signature", "a.crt", "localhost"), ("bad-signature", "bad-signature", "a.crt", "localhost"),
        ("old-certificate-version", "old-certificate-version", "a.crt", "localhost"), ("nothing", "good", "a.crt", "localhost"),
    ]
    for name, who, trust, host in causes:
        cause = name.removesuffix("-root-sent")
        for stack in CLIENTS:
            file = f"{stack}-client-{name}"
            if lab.wants(file) and lab.has(stack):
                lab.later(judged_server, stack, name, cause, who, trust, host)
    for stack in ("openssl", "curl"):
        for name, flags in {"revoked": "server-revoked.crl", "crl-expired": "expired.crl", "crl-missing": "other.crl"}.items():
            if lab.wants(f"{stack}-client-{name}"):
                option = ["-crl_check", "-CRL", lab.path(flags)] if stack == "openssl" else ["--crlfile", lab.path(flags)]
                with lab.server("openssl", "server-revoked", ask=False) as server:
                    how, text = lab.client(stack, server.port, more=option)
                lab.keep(f"{stack}-client-{name}", "revoked" if name == "revoked" else "crl-unusable", "client", stack, how, text)


def judged_server(lab, stack, name, cause, who, trust, host):
    with lab.server("openssl", "server-" + who, ask=False) as server:
        how, text = lab.client(stack, server.port, trust, host=host)
    if stack in ("java", "curl") and name in ("untrusted-issuer", "expired", "not-for-server"):  # what the server is told
        lab.keep(f"openssl-server-told-by-{stack}-{name}", cause, "server", "openssl", server.how(), server.log)
    if (stack, name) == ("go", "old-certificate-version"):  # it has no extensions, and so no names
        cause = "no-san"
    elif stack in TAKEN.get(name, ()):
        cause = "nothing"
    lab.keep(f"{stack}-client-{name}", cause, "client", stack, how, text)


# who takes what others refuse
TAKEN = {
    "old-certificate-version": CLIENTS, "key-usage-forbids-tls": ("openssl", "curl", "node", "python", "go"),
    "weak-key": ("java", "java25", "node", "gnutls", "go"), "weak-signature": ("java", "java25"),
}


def client_certificates(lab):
    """The client's certificate is wrong in one way, or missing; each server judges it, and each client is told."""
    causes = ["client-certificate-missing", "untrusted-issuer", "missing-intermediate", "self-signed-untrusted", "not-for-client", "expired",
              "not-yet-valid", "nothing"]
    for stack in SERVERS:
        for cause in causes:
            for tls in ("1.3", "1.2"):
                clients = CLIENTS if stack in ("openssl", "java", "nginx") and cause in ("client-certificate-missing", "expired", "untrusted-issuer") else ("curl",)
                for client in ("psql",) if stack == "postgres" else clients:
                    said = f"{client}-client-told-by-{stack}-{cause}-{tls}"
                    logged = f"{stack}-server-{cause}-{tls}"
                    if not (lab.wants(said) or lab.wants(logged)) or not lab.has(stack) or client != "psql" and not lab.has(client):
                        continue
                    lab.later(judged_client, stack, client, cause, tls, said, logged)


def judged_client(lab, stack, client, cause, tls, said, logged):
    who = None if cause == "client-certificate-missing" else "client-good" if cause == "nothing" else "client-" + cause
    with lab.server(stack, trust="a.crt", tls=tls) as server:
        how, text = psql(lab, server.port, who) if client == "psql" else lab.client(client, server.port, who=who, tls=tls)
    if (stack, cause) == ("gnutls", "not-for-client"):  # gnutls-serv takes it
        cause = "nothing"
    # Java and Go do not send what the server has not asked for
    withheld = client.startswith(("java", "go")) and cause == "untrusted-issuer"
    lab.keep(said, "client-certificate-withheld" if withheld else cause, "client", "postgres" if client == "psql" else client, how, text)
    if client in ("curl", "psql"):
        lab.keep(logged, cause, "server", stack, server.how(), server.log)


def psql(lab, port, who, host="localhost", trust="a.crt"):
    key = lab.work / f"psql-{port}.key"
    if who:
        shutil.copy(lab.path(who + ".key"), key)
        key.chmod(0o600)
    words = ["psql", f"host={host} port={port} user=postgres dbname=postgres sslmode=verify-full sslrootcert={lab.path(trust)} "
             + (f"sslcert={lab.path(who + '.crt')} sslkey={key}" if who else "sslcert=none sslkey=none"), "-c", "select 1"]
    return lab.run(words)


def database(lab):
    if not hasattr(lab, "seed"):
        lab.seed = lab.work / "seed"
        lab.seed.mkdir()
        shutil.chown(lab.seed, "postgres")
        subprocess.run(["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "initdb", "-D", str(lab.seed), "-A", "trust", "-N"],
                       check=True, capture_output=True, timeout=60)
    return lab.seed


Lab.database = database


def exchanges(lab):
    """Nothing is wrong with the certificates: version, cipher, name, or no TLS at all."""
    for name, cause, tls_server, more_server, tls_client, more in [
        ("server-1.2-only", "no-common-version", "1.2", [], "1.3", []), ("server-1.3-only", "no-common-version", "1.3", [], "1.2", []),
        ("no-common-cipher", "no-common-cipher", "1.2", ["-cipher", "AES256-SHA"], "1.2", []),
        ("no-common-group", "no-common-group", "1.3", ["-groups", "P-521"], "1.3", ["X25519"]),
        ("alpn-mismatch", "alpn-mismatch", "", ["-alpn", "h2"], "", []),
        ("name-not-served", "name-not-served", "", ["-servername", "other.example", "-servername_fatal", "-cert2", lab.path("server-good.crt"), "-key2", lab.path("server-good.key")], "", []),
    ]:
        for stack in CLIENTS:
            file = f"{stack}-client-{name}"
            extra = []
            if name == "no-common-group":
                extra = {"openssl": ["-groups", "X25519"], "curl": ["--curves", "X25519"], "java": ["-Djdk.tls.namedGroups=x25519"], "java25": ["-Djdk.tls.namedGroups=x25519"]}.get(stack)
            if name == "alpn-mismatch":
                extra = {"openssl": ["-alpn", "http/1.1"], "curl": ["--http1.1"]}.get(stack)
            if extra is None or not lab.wants(file) or not lab.has(stack):
                continue
            lab.later(exchange, stack, name, cause, tls_server, more_server, tls_client, extra)
    for name, cause, answer in [("plain-http", "not-tls", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), ("plain-smtp", "not-tls", b"220 mail.example ESMTP\r\n"),
                                ("closed-early", "closed-early", b"")]:
        for stack in CLIENTS:
            file = f"{stack}-client-{name}"
            if lab.wants(file) and lab.has(stack):
                lab.later(talk, stack, name, cause, answer)
    for stack in CLIENTS:
        if lab.has(stack):
            for name, cause, host in (("connection-refused", "connection-refused", "localhost"), ("name-not-resolved", "name-not-resolved", "nowhere.invalid")):
                if lab.wants(f"{stack}-client-{name}"):
                    how, text = lab.client(stack, free_port(), host=host)
                    lab.keep(f"{stack}-client-{name}", cause, "client", stack, how, text)
    for stack in SERVERS:
        file = f"{stack}-server-plain-http"
        if lab.wants(file) and lab.has(stack) and stack != "postgres":
            with lab.server(stack) as server:
                how, text = lab.run(["curl", "-sS", "-v", "-m", "5", f"http://localhost:{server.port}/"])
            # Go's server answers it, and logs nothing
            lab.keep(file, "nothing" if stack == "go" else "not-tls", "server", stack, server.how(), server.log)
            lab.keep(f"curl-client-plain-to-{stack}", "not-tls", "client", "curl", how, text)


def exchange(lab, stack, name, cause, tls_server, more_server, tls_client, more):
    with lab.server("openssl", ask=False, tls=tls_server, more=more_server) as server:
        how, text = lab.client(stack, server.port, tls=tls_client, more=more)
    # Java sends no name that has no dot in it
    cause = "nothing" if name == "name-not-served" and stack.startswith("java") else cause
    lab.keep(f"{stack}-client-{name}", cause, "client", stack, how, text)
    if stack == "curl":
        lab.keep(f"openssl-server-{name}", cause, "server", "openssl", server.how(), server.log)


def talk(lab, stack, name, cause, answer):
    with socket.create_server(("localhost", 0)) as listener:
        listener.settimeout(40)
        talker = threading.Thread(target=answer_once, args=(listener, answer))
        talker.start()
        how, text = lab.client(stack, listener.getsockname()[1])
        talker.join()
    lab.keep(f"{stack}-client-{name}", cause, "client", stack, how, text)


def answer_once(listener, answer):
    try:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(5)
            connection.recv(9999)
            connection.sendall(answer)
    except OSError as e:
        print("nobody came:", e)


def java_misdirections(lab):
    """What Java does silently, and what javax.net.debug says of it."""
    debug = ["-Djavax.net.debug=ssl,handshake,keymanager,trustmanager"]
    for stack in JAVAS:
        if not lab.has(stack):
            continue
        for name, cause, more in [
            ("truststore-path-wrong", "file-unreadable", ["-Djavax.net.ssl.trustStore=/nowhere/trust.p12"]),
            ("truststore-path-wrong-debug", "file-unreadable", ["-Djavax.net.ssl.trustStore=/nowhere/trust.p12", *debug]),
            ("truststore-wrong-password", "wrong-password", ["-Djavax.net.ssl.trustStorePassword=wrong1"]),
            ("truststore-is-pem", "not-a-store", [f"-Djavax.net.ssl.trustStore={lab.path('a.crt')}"]),
            ("truststore-unmarked", "trust-not-marked", [f"-Djavax.net.ssl.trustStore={lab.path('unmarked.p12')}"]),
            ("truststore-is-keystore", "truststore-is-keystore", [f"-Djavax.net.ssl.trustStore={lab.path('client-good.p12')}"]),
            ("keystore-no-password", "wrong-password", [f"-Djavax.net.ssl.keyStore={lab.path('client-good.p12')}"]),
            ("keystore-wrong-password", "wrong-password", [f"-Djavax.net.ssl.keyStore={lab.path('client-good.p12')}", "-Djavax.net.ssl.keyStorePassword=wrong1"]),
            ("keystore-cut", "damaged-store", [f"-Djavax.net.ssl.keyStore={lab.path('cut.p12')}", "-Djavax.net.ssl.keyStorePassword=changeit"]),
            ("keystore-empty-file", "damaged-store", [f"-Djavax.net.ssl.keyStore={lab.path('empty.p12')}", "-Djavax.net.ssl.keyStorePassword=changeit"]),
            ("keystore-missing", "file-unreadable", ["-Djavax.net.ssl.keyStore=/nowhere/client.p12", "-Djavax.net.ssl.keyStorePassword=changeit"]),
            ("key-password-differs", "key-password-differs", [f"-Djavax.net.ssl.keyStore={lab.path('other-key-password.jks')}", "-Djavax.net.ssl.keyStorePassword=changeit"]),
            ("keystore-is-html", "not-a-store", [f"-Djavax.net.ssl.keyStore={lab.path('page.html')}", "-Djavax.net.ssl.keyStorePassword=changeit"]),
        ]:
            if lab.wants(f"{stack}-client-{name}"):
                lab.later(misdirected, stack, name, cause, more)
        for tls in ("1.3", "1.2"):
            if lab.wants(f"{stack}-client-withheld-debug-{tls}"):
                with lab.server("openssl", trust="a.crt", tls=tls) as server:
                    how, text = lab.client(stack, server.port, who="client-untrusted-issuer", tls=tls, more=debug)
                lab.keep(f"{stack}-client-withheld-debug-{tls}", "client-certificate-withheld", "client", stack, how, short(text))
            if lab.wants(f"{stack}-server-no-key-{tls}"):
                with lab.server(stack, tls=tls, more=[f"-Djavax.net.ssl.keyStore={lab.path('a.jts')}"]) as server:
                    how, text = lab.client("curl", server.port, tls=tls)
                lab.keep(f"{stack}-server-no-key-{tls}", "no-private-key", "server", stack, server.how(), server.log)
                lab.keep(f"curl-client-told-by-{stack}-no-key-{tls}", "no-private-key", "client", "curl", how, text)


def misdirected(lab, stack, name, cause, more):
    with lab.server("openssl", ask=False) as server:
        how, text = lab.client(stack, server.port, more=more)
    lab.keep(f"{stack}-client-{name}", cause, "client", stack, how, short(text))


def short(text):
    """javax.net.debug without its hex dumps and the CAs of the JVM."""
    noise = r"^\s+[0-9A-F]{4}: |.*\|Ignore(d|,)? |.*\|(Inactive|No available) (signature|application)|.*Unsupported (signature|authentication) scheme"
    lines = [line for line in text.splitlines() if not re.match(noise, line)]
    if len(lines) > 400:
        lines = lines[:150] + ["(lines left out)"] + lines[-250:]
    return "\n".join(lines) + "\n"


def stores(lab):
    """Files that do not open, and what each program says."""
    P = lab.path
    good = ["-cert", P("client-good.crt"), "-key", P("client-good.key")]
    for name, cause, stack, words in [
        ("openssl-pkcs12-wrong-password", "wrong-password", "openssl", ["openssl", "pkcs12", "-in", P("client-good.p12"), "-passin", "pass:wrong", "-nodes"]),
        ("openssl-pkcs12-legacy", "unsupported-algorithm", "openssl", ["openssl", "pkcs12", "-in", P("legacy.p12"), "-passin", "pass:changeit", "-nodes"]),
        ("openssl-pkcs12-cut", "damaged-store", "openssl", ["openssl", "pkcs12", "-in", P("cut.p12"), "-passin", "pass:changeit", "-nodes"]),
        ("openssl-pkcs12-is-pem", "not-a-store", "openssl", ["openssl", "pkcs12", "-in", P("client-good.pem"), "-passin", "pass:changeit", "-nodes"]),
        ("openssl-pkcs12-no-mac", "none of ours", "openssl", ["openssl", "pkcs12", "-in", P("no-mac.p12"), "-passin", "pass:changeit", "-nodes"]),
        ("openssl-pkcs12-export-key-mismatch", "key-mismatch", "openssl", ["openssl", "pkcs12", "-export", "-in", P("client-key-mismatch.crt"), "-inkey", P("client-key-mismatch.key"), "-passout", "pass:x", "-out", P("out.p12")]),
        ("openssl-client-key-mismatch", "key-mismatch", "openssl", ["openssl", "s_client", "-connect", "localhost:1", "-cert", P("client-key-mismatch.crt"), "-key", P("client-key-mismatch.key")]),
        ("openssl-x509-not-a-store", "not-a-store", "openssl", ["openssl", "x509", "-in", P("page.html"), "-noout"]),
        ("openssl-key-wrong-password", "wrong-password", "openssl", ["openssl", "pkey", "-in", P("encrypted.key"), "-passin", "pass:wrong", "-noout"]),
        ("openssl-verify-untrusted-issuer", "untrusted-issuer", "openssl", ["openssl", "verify", "-CAfile", P("b.crt"), P("client-good.crt")]),
        ("openssl-verify-expired", "expired", "openssl", ["openssl", "verify", "-CAfile", P("a.crt"), P("client-expired.crt")]),
        ("openssl-verify-not-for-client", "not-for-client", "openssl", ["openssl", "verify", "-purpose", "sslclient", "-CAfile", P("a.crt"), P("server-good.crt")]),
        ("keytool-wrong-password", "wrong-password", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("client-good.p12"), "-storepass", "wrong1"]),
        ("keytool-jks-wrong-password", "wrong-password", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("client-good.jks"), "-storepass", "wrong1"]),
        ("keytool-trust-not-marked", "trust-not-marked", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("unmarked.p12"), "-storepass", "changeit"]),
        ("keytool-is-pem", "not-a-store", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("client-good.pem"), "-storepass", "changeit"]),
        ("keytool-empty-file", "damaged-store", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-storetype", "PKCS12", "-keystore", P("empty.p12"), "-storepass", "changeit"]),
        ("keytool-cut", "damaged-store", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("cut.p12"), "-storepass", "changeit"]),
        ("keytool-missing-file", "file-unreadable", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", "/nowhere/client.p12", "-storepass", "changeit"]),
        ("keytool-import-key", "not-a-store", "keytool", ["keytool", "-J-Duser.language=en", "-importcert", "-noprompt", "-alias", "x", "-file", P("client-good.key"), "-keystore", P("new.p12"), "-storepass", "changeit"]),
        ("keytool-import-key-mismatch", "key-mismatch", "keytool", ["keytool", "-J-Duser.language=en", "-importcert", "-noprompt", "-alias", "key", "-file", P("client-key-mismatch.crt"), "-keystore", P("client-expired.p12"), "-storepass", "changeit"]),
        ("keytool-key-password-differs", "key-password-differs", "keytool", ["keytool", "-J-Duser.language=en", "-certreq", "-alias", "key", "-keypass", "wrong12", "-keystore", P("other-key-password.jks"), "-storepass", "changeit"]),
        ("keytool-nothing", "nothing", "keytool", ["keytool", "-J-Duser.language=en", "-list", "-keystore", P("client-good.p12"), "-storepass", "changeit"]),
        ("curl-p12-wrong-password", "wrong-password", "curl", ["curl", "-sS", "--cert-type", "P12", "--cert", P("client-good.p12") + ":wrong", "https://localhost:{port}/"]),
        ("curl-p12-legacy", "unsupported-algorithm", "curl", ["curl", "-sS", "--cert-type", "P12", "--cert", P("legacy.p12") + ":changeit", "https://localhost:{port}/"]),
        ("curl-p12-cut", "damaged-store", "curl", ["curl", "-sS", "--cert-type", "P12", "--cert", P("cut.p12") + ":changeit", "https://localhost:{port}/"]),
        ("curl-p12-without-cert-type", "not-a-store", "curl", ["curl", "-sS", "--cert", P("client-good.p12") + ":changeit", "https://localhost:{port}/"]),
        ("curl-der-without-cert-type", "not-a-store", "curl", ["curl", "-sS", "--cert", P("client-good.der"), "--key", P("client-good.key"), "https://localhost:{port}/"]),
        ("curl-no-private-key", "no-private-key", "curl", ["curl", "-sS", "--cert", P("client-good.crt"), "https://localhost:{port}/"]),
        ("curl-key-mismatch", "key-mismatch", "curl", ["curl", "-sS", "--cert", P("client-key-mismatch.crt"), "--key", P("client-key-mismatch.key"), "https://localhost:{port}/"]),
        ("curl-key-wrong-password", "wrong-password", "curl", ["curl", "-sS", "--cert", P("client-good.crt"), "--key", P("encrypted.key"), "--pass", "wrong", "https://localhost:{port}/"]),
        ("curl-cacert-missing", "file-unreadable", "curl", ["curl", "-sS", "--cacert", "/nowhere/ca.crt", "https://localhost:{port}/"]),
        ("curl-cacert-not-a-store", "not-a-store", "curl", ["curl", "-sS", "--cacert", P("page.html"), "https://localhost:{port}/"]),
        ("curl-cert-missing", "file-unreadable", "curl", ["curl", "-sS", "--cert", "/nowhere/client.crt", "https://localhost:{port}/"]),
        ("curl-pinned", "none of ours", "curl", ["curl", "-sS", "--cacert", P("a.crt"), "--pinnedpubkey", "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "https://localhost:{port}/"]),
        ("node-pfx-wrong-password", "wrong-password", "node", ["node", str(HERE / "peer.js"), "pfx", P("client-good.p12"), "wrong"]),
        ("node-pfx-legacy", "unsupported-algorithm", "node", ["node", str(HERE / "peer.js"), "pfx", P("legacy.p12"), "changeit"]),
        ("node-pfx-not-a-store", "not-a-store", "node", ["node", str(HERE / "peer.js"), "pfx", P("client-good.pem"), "changeit"]),
        ("node-key-mismatch", "key-mismatch", "node", ["node", str(HERE / "peer.js"), "client", "localhost", "{port}", P("a.crt"), P("client-key-mismatch.crt"), P("client-key-mismatch.key")]),
        ("python-key-mismatch", "key-mismatch", "python", [sys.executable, str(HERE / "peer.py"), "client", "localhost", "{port}", P("a.crt"), P("client-key-mismatch.crt"), P("client-key-mismatch.key")]),
        ("python-no-private-key", "no-private-key", "python", [sys.executable, str(HERE / "peer.py"), "client", "localhost", "{port}", P("a.crt"), P("client-good.crt"), P("client-good.crt")]),
        ("python-cert-is-p12", "not-a-store", "python", [sys.executable, str(HERE / "peer.py"), "client", "localhost", "{port}", P("a.crt"), P("client-good.p12"), P("client-good.p12")]),
        ("python-cafile-not-a-store", "not-a-store", "python", [sys.executable, str(HERE / "peer.py"), "client", "localhost", "{port}", P("page.html"), "none", "none"]),
        ("python-cafile-missing", "file-unreadable", "python", [sys.executable, str(HERE / "peer.py"), "client", "localhost", "{port}", "/nowhere/ca.crt", "none", "none"]),
        ("gnutls-p12-wrong-password", "wrong-password", "gnutls", ["certtool", "--p12-info", "--inder", "--infile", P("client-good.p12"), "--password", "wrong"]),
        ("gnutls-key-mismatch", "key-mismatch", "gnutls", ["gnutls-cli", "-p", "{port}", "localhost", "--x509cafile", P("a.crt"), "--x509certfile", P("client-key-mismatch.crt"), "--x509keyfile", P("client-key-mismatch.key")]),
        ("nginx-key-mismatch", "key-mismatch", "nginx", None),
        ("haproxy-key-mismatch", "key-mismatch", "haproxy", None),
        ("psql-key-mismatch", "key-mismatch", "postgres", None), ("psql-key-world-readable", "file-unreadable", "postgres", None),
        ("psql-key-missing", "file-unreadable", "postgres", None), ("psql-root-missing", "file-unreadable", "postgres", None),
        ("psql-untrusted-issuer", "untrusted-issuer", "postgres", None), ("psql-name-mismatch", "name-mismatch", "postgres", None),
    ]:
        if not lab.wants(name) or not lab.has(stack):
            continue
        if words is None:
            {"nginx": own_nginx, "haproxy": own_haproxy, "postgres": own_psql}[stack](lab, name, cause)
            continue
        lab.later(opened, name, cause, stack, words)


def opened(lab, name, cause, stack, words):
    uses_network = any("{port}" in w for w in words)
    if uses_network:
        with lab.server("openssl", ask=name == "gnutls-key-mismatch") as server:
            how, text = lab.run([w.replace("{port}", str(server.port)) for w in words], limit=40)
    else:
        how, text = lab.run(words, limit=40)
    lab.keep(name, cause, "client" if uses_network else "tool", stack, how, text)


def own_nginx(lab, name, cause):
    with lab.server("nginx", "client-key-mismatch") as server:
        pass
    lab.keep(name, cause, "server", "nginx", server.how(), server.log)


def own_haproxy(lab, name, cause):
    with lab.server("haproxy", "client-key-mismatch") as server:
        pass
    lab.keep(name, cause, "server", "haproxy", server.how(), server.log)


def own_psql(lab, name, cause):
    with lab.server("postgres", "server-name-mismatch" if name == "psql-name-mismatch" else "server-good", trust="a.crt") as server:
        base = f"host=localhost port={server.port} user=postgres dbname=postgres sslmode=verify-full sslrootcert={lab.path('b.crt' if 'untrusted' in name else 'a.crt')} "
        own = {"psql-key-mismatch": ("client-key-mismatch.crt", "client-key-mismatch.key", 0o600),
               "psql-key-world-readable": ("client-good.crt", "client-good.key", 0o644)}.get(name, ("client-good.crt", "client-good.key", 0o600))
        key = lab.work / f"psql-{server.port}.key"
        shutil.copy(lab.path(own[1]), key)
        key.chmod(own[2])
        if name == "psql-key-missing":
            key = "/nowhere/client.key"
        if name == "psql-root-missing":
            base = base.replace(lab.path("a.crt"), "/nowhere/root.crt")
        how, text = lab.run(["psql", base + f"sslcert={lab.path(own[0])} sslkey={key}", "-c", "select 1"])
    lab.keep(name, cause, "client", "postgres", how, text)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?", default=str(HERE.parent.parent / "fixtures" / "explain"))
    options.add_argument("--only", default="", help="only the files whose name holds this word")
    args = options.parse_args()
    folder = pathlib.Path(args.folder)
    folder.mkdir(parents=True, exist_ok=True)
    lab, begun = Lab(folder, args.only), time.monotonic()
    try:
        for part in (stores, exchanges, server_certificates, java_misdirections, client_certificates):
            part(lab)
            lab.finish()
            print(f"{part.__name__}: {len(lab.kept)} cases, {time.monotonic() - begun:.0f} s", flush=True)
        lab.write()
    finally:
        lab.pool.shutdown(cancel_futures=True)
        shutil.rmtree(lab.work, ignore_errors=True)
    if lab.left_out:
        print("not installed, left out: " + ", ".join(sorted(lab.left_out)))


if __name__ == "__main__":
    main()
