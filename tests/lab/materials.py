"""The certificates and stores of the lab: each is wrong in one way, and its name says in which."""
import datetime
import ipaddress
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

PASSWORD = "changeit"
SERVER, CLIENT = Usage.SERVER_AUTH, Usage.CLIENT_AUTH
YEAR = lambda y: datetime.datetime(y, 1, 1, tzinfo=datetime.timezone.utc)


def openssl(*words, **how):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60, **how).stdout


class Party:
    """A key and its certificate, with what is sent after it."""

    def __init__(self, cn, issuer=None, *, key=None, ca=False, path_len=None, eku=(), names=("localhost",), ips=("127.0.0.1",),
                 years=(2024, 2100), basic=True, usage=None, sent=(), constraint=None, critical=False, serial=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, cn)])
        by = issuer or self
        build = (x509.CertificateBuilder().subject_name(self.name).issuer_name(by.name).public_key(self.key.public_key())
                 .serial_number(serial or x509.random_serial_number()).not_valid_before(YEAR(years[0])).not_valid_after(YEAR(years[1])))
        if basic:
            build = build.add_extension(x509.BasicConstraints(ca, path_len), critical=True)
        if usage is None:
            usage = ("key_cert_sign", "crl_sign") if ca else ("digital_signature",)
        flags = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
        build = build.add_extension(x509.KeyUsage(**{f: f in usage for f in flags}), critical=True)
        if eku:
            build = build.add_extension(x509.ExtendedKeyUsage(list(eku)), critical=False)
        if names or ips:
            build = build.add_extension(x509.SubjectAlternativeName(
                [x509.DNSName(n) for n in names] + [x509.IPAddress(ipaddress.ip_address(i)) for i in ips]), critical=False)
        if constraint:
            build = build.add_extension(x509.NameConstraints([x509.DNSName(constraint)], None), critical=True)
        if critical:
            build = build.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), critical=True)
        build = build.add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        if issuer:
            build = build.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        self.cert = build.sign(by.key, hashes.SHA256())
        self.sent = [p.cert for p in sent]

    def pem(self):
        return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in [self.cert, *self.sent])

    def key_pem(self):
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def p12(self, password=PASSWORD):
        secret = serialization.BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(b"key", self.key, self.cert, self.sent, secret)


def trust(*parties):
    """A PKCS#12 truststore as Java wants it."""
    certs = [pkcs12.PKCS12Certificate(p.cert, b"ca%d" % i) for i, p in enumerate(parties)]
    return pkcs12.serialize_java_truststore(certs, serialization.BestAvailableEncryption(PASSWORD.encode()))


def tampered(party):
    """The certificate with its last byte (of the signature) altered."""
    der = bytearray(party.cert.public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return openssl("x509", "-inform", "DER", input=bytes(der))


def crl(ca, *revoked, years=(2024, 2100)):
    build = x509.CertificateRevocationListBuilder().issuer_name(ca.name).last_update(YEAR(years[0])).next_update(YEAR(years[1]))
    for party in revoked:
        build = build.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(party.cert.serial_number).revocation_date(YEAR(2025)).build())
    return build.sign(ca.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def make(folder):
    """Writes NAME.crt (leaf first, with what is sent after it: that alone is NAME.rest), NAME.key, NAME.pem (both), NAME.p12; CAs as NAME.crt and NAME.jts."""
    def put(name, content):
        (folder / name).write_bytes(content)

    def identity(name, party, crt=None):
        put(name + ".crt", crt or party.pem())
        if party.sent:
            put(name + ".rest", b"".join(c.public_bytes(serialization.Encoding.PEM) for c in party.sent))
        put(name + ".key", party.key_pem())
        put(name + ".pem", (crt or party.pem()) + party.key_pem())
        put(name + ".p12", party.p12())

    a, b = Party("Dev CA", ca=True, names=(), ips=()), Party("Other CA", ca=True, names=(), ips=())
    a2 = Party("Dev CA", ca=True, names=(), ips=())
    for name, party in {"a": a, "b": b, "a2": a2}.items():
        put(name + ".crt", party.pem())
        put(name + ".jts", trust(party))
    put("ab.crt", a.pem() + b.pem())
    mid = Party("Dev Issuing CA", a, ca=True, names=(), ips=(), path_len=0)
    below = Party("Dev Sub CA", mid, ca=True, names=(), ips=())
    hampered = Party("Dev Issuing CA", a, ca=True, names=(), ips=(), usage=("digital_signature",))
    fenced = Party("Dev Issuing CA", a, ca=True, names=(), ips=(), constraint="example.org")
    no_ca = Party("Not A CA", a, names=("ca.example",), ips=(), eku=(SERVER, CLIENT))
    for role, eku, other in (("server", SERVER, CLIENT), ("client", CLIENT, SERVER)):
        leaf = lambda issuer=a, **how: Party(role, issuer, **{"eku": (eku,), **how})
        good = leaf()
        identity(role + "-good", good)
        identity(role + "-untrusted-issuer", leaf(b))
        identity(role + "-missing-intermediate", leaf(mid))
        identity(role + "-chained", leaf(mid, sent=(mid,)))
        identity(role + "-sends-root", leaf(b, sent=(b,)))
        identity(role + "-self-signed-untrusted", Party(role, eku=(eku,)))
        identity(role + "-expired", leaf(years=(2020, 2021)))
        identity(role + "-not-yet-valid", leaf(years=(2090, 2100)))
        identity(role + "-not-for-" + role, leaf(eku=(other,)))
        identity(role + "-not-a-ca", leaf(no_ca, sent=(no_ca,)))
        identity(role + "-path-too-long", leaf(below, sent=(below, mid)))
        identity(role + "-ca-cannot-sign", leaf(hampered, sent=(hampered,)))
        identity(role + "-name-constraint-violated", leaf(fenced, sent=(fenced,)))
        identity(role + "-key-usage-forbids-tls", leaf(usage=("key_agreement",)))
        identity(role + "-unknown-critical-extension", leaf(critical=True))
        identity(role + "-ca-as-leaf", leaf(ca=True, usage=("digital_signature", "key_cert_sign")))
        identity(role + "-weak-key", leaf(key=rsa.generate_private_key(65537, 1024)))
        identity(role + "-bad-signature", good, tampered(good))
        identity(role + "-name-mismatch", leaf(names=("other.example",), ips=()))
        identity(role + "-ip-not-in-san", leaf(ips=()))
        identity(role + "-no-san", Party("other.example", a, eku=(eku,), names=(), ips=()))
        put(role + "-rsa.key", openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"))
        request = openssl("req", "-new", "-key", str(folder / (role + "-rsa.key")), "-subj", "/CN=localhost")
        put("a.key", a.key_pem())
        for name, words in {"old-certificate-version": [], "weak-signature": ["-sha1"]}.items():
            if words:
                put("ext", f"subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage={role}Auth\nkeyUsage=digitalSignature\n".encode())
                words = words + ["-extfile", str(folder / "ext")]
            crt = openssl("x509", "-req", "-CA", str(folder / "a.crt"), "-CAkey", str(folder / "a.key"), "-CAcreateserial", "-days", "30000",
                          *words, input=request)
            put(f"{role}-{name}.crt", crt)
            put(f"{role}-{name}.key", (folder / (role + "-rsa.key")).read_bytes())
            put(f"{role}-{name}.pem", crt + (folder / (role + "-rsa.key")).read_bytes())
            put(f"{role}-{name}.p12", openssl("pkcs12", "-export", "-in", str(folder / f"{role}-{name}.crt"), "-inkey",
                                             str(folder / (role + "-rsa.key")), "-passout", "pass:" + PASSWORD, "-name", "key"))
        # the certificate of one key with another key
        put(role + "-key-mismatch.crt", good.pem())
        put(role + "-key-mismatch.key", leaf().key_pem())
        put(role + "-key-mismatch.pem", good.pem() + leaf().key_pem())
        identity(role + "-revoked", leaf(serial=4711 if role == "server" else 4712))
        revoked = Party(role, a, serial=4711 if role == "server" else 4712)
        put(role + "-revoked.crl", crl(a, revoked))
    put("expired.crl", crl(a, years=(2020, 2021)))
    put("other.crl", crl(b))
    stores(folder, put)


def stores(folder, put):
    """Files that do not open, or not as what they are given."""
    good = str(folder / "client-good")
    for name, words in {
        "legacy.p12": ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        "no-mac.p12": ["-nomac"],
    }.items():
        put(name, openssl("pkcs12", "-export", "-in", good + ".crt", "-inkey", good + ".key", "-passout", "pass:" + PASSWORD, *words))
    put("unmarked.p12", openssl("pkcs12", "-export", "-nokeys", "-in", str(folder / "a.crt"), "-passout", "pass:" + PASSWORD))
    put("cut.p12", (folder / "client-good.p12").read_bytes()[:600])
    put("empty.p12", b"")
    put("page.html", b"<!DOCTYPE html>\n<html><body>sign in</body></html>\n")
    put("encrypted.key", openssl("pkcs8", "-topk8", "-in", good + ".key", "-passout", "pass:secret"))
    put("client-good.der", openssl("x509", "-in", good + ".crt", "-outform", "DER"))

    def keytool(*words):
        subprocess.run(["keytool", *words], check=True, capture_output=True, timeout=60)

    keytool("-importkeystore", "-srckeystore", good + ".p12", "-srcstorepass", PASSWORD, "-destkeystore", str(folder / "client-good.jks"),
            "-deststoretype", "JKS", "-deststorepass", PASSWORD, "-noprompt")
    keytool("-importkeystore", "-srckeystore", good + ".p12", "-srcstorepass", PASSWORD, "-destkeystore", str(folder / "other-key-password.jks"),
            "-deststoretype", "JKS", "-deststorepass", PASSWORD, "-noprompt")
    keytool("-keypasswd", "-alias", "key", "-keypass", PASSWORD, "-new", "another1", "-keystore", str(folder / "other-key-password.jks"),
            "-storepass", PASSWORD)
