# Certificates for the tests of `mtls connect`: python3 make.py FOLDER
import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID
import ipaddress

folder = Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
day = datetime.timedelta(days=1)


def name(cn):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)])


def pem(key):
    none = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none)


def write(file, cert, key, more=b""):
    public = cert.public_bytes(serialization.Encoding.PEM)
    (folder / f"{file}.crt").write_bytes(public + more)
    (folder / f"{file}.key").write_bytes(pem(key))
    (folder / f"{file}.pem").write_bytes(public + more + pem(key))
    return public


def make(file, cn, issuer=None, ca=False, usage=None, names=(), days=(-2, 300), key=None, more=b"", key_usage=None):
    key = key or ec.generate_private_key(ec.SECP256R1())
    issuer_cert, issuer_key = issuer or (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(cn))
        .issuer_name(issuer_cert.subject if issuer_cert else name(cn))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * day)
        .not_valid_after(now + days[1] * day)
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
    if key_usage:
        others = "content_commitment data_encipherment key_agreement key_cert_sign crl_sign encipher_only decipher_only".split()
        flags = {flag: flag == key_usage for flag in others + ["digital_signature", "key_encipherment"]}
        builder = builder.add_extension(x509.KeyUsage(**flags), True)
    algorithm = None if isinstance(issuer_key, ed448.Ed448PrivateKey) else hashes.SHA256()
    cert = builder.sign(issuer_key, algorithm)
    write(file, cert, key, more)
    return cert, key


host = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
ca = make("ca", "Dev CA", ca=True)
again = make("again", "Dev CA", ca=True)
other = make("other", "Other CA", ca=True)
root = make("root", "Acme Root CA", ca=True)
make("root-again", "Acme Root CA", ca=True)
sub = make("sub", "Acme Issuing CA", root, ca=True)
make("server", "server", ca, usage=Usage.SERVER_AUTH, names=host)
make("server-expired", "server-expired", ca, usage=Usage.SERVER_AUTH, names=host, days=(-60, -3))
make("server-elsewhere", "server-elsewhere", ca, usage=Usage.SERVER_AUTH, names=[x509.DNSName("other.example")])
make("server-rsa", "server-rsa", ca, usage=Usage.SERVER_AUTH, names=host, key=rsa.generate_private_key(65537, 2048))
make("server-ed448", "server-ed448", ca, usage=Usage.SERVER_AUTH, names=host, key=ed448.Ed448PrivateKey.generate())
make("client", "client", ca, usage=Usage.CLIENT_AUTH)
make("expired", "expired", ca, usage=Usage.CLIENT_AUTH, days=(-60, -3))
make("early", "early", ca, usage=Usage.CLIENT_AUTH, days=(3, 60))
make("usage", "usage", ca, usage=Usage.SERVER_AUTH)
make("foreign", "foreign", other, usage=Usage.CLIENT_AUTH)
make("self", "self", usage=Usage.CLIENT_AUTH)
whole = sub[0].public_bytes(serialization.Encoding.PEM)
_, key = make("leaf-only", "by-sub", sub, usage=Usage.CLIENT_AUTH)
make("whole", "by-sub", sub, usage=Usage.CLIENT_AUTH, key=key, more=whole)
(folder / "mixed.pem").write_bytes((folder / "client.crt").read_bytes() + (folder / "foreign.key").read_bytes())

# what this program's verifier lets pass, or sees only on the way to the root
make("enciphers", "enciphers", ca, usage=Usage.CLIENT_AUTH, key=rsa.generate_private_key(65537, 2048), key_usage="key_encipherment")
no_ca = make("no-ca", "Acme Issuing CA", root)
make("by-no-ca", "by-no-ca", no_ca, usage=Usage.CLIENT_AUTH, more=no_ca[0].public_bytes(serialization.Encoding.PEM))
rekeyed = make("rekeyed", "Acme Issuing CA", root, ca=True)
make("wrong-sub", "by-sub", sub, usage=Usage.CLIENT_AUTH, more=rekeyed[0].public_bytes(serialization.Encoding.PEM))
altered = bytearray((folder / "client.crt").read_bytes())
at = altered.index(b"-----END") - 12
altered[at] = ord("A") if altered[at] != ord("A") else ord("B")
(folder / "altered.pem").write_bytes(altered + (folder / "client.key").read_bytes())
# the CA made anew: who is of the new one, and a server of the old one
make("renewed", "renewed", again, usage=Usage.CLIENT_AUTH)
make("server-weak", "server-weak", ca, usage=Usage.SERVER_AUTH, names=host, key=rsa.generate_private_key(65537, 1024))
make("server-self", "server-self", usage=Usage.SERVER_AUTH, names=host)
make("server-by-sub", "server-by-sub", sub, usage=Usage.SERVER_AUTH, names=host)
