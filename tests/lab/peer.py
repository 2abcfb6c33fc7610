"""Either half of a TLS connection; prints the traceback of what goes wrong."""
import socket
import ssl
import sys
import traceback


def limited(context, version):
    if version:
        context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)


def client(host, port, ca, cert, key, version=""):
    context = ssl.create_default_context(cafile=ca)
    limited(context, version)
    if cert != "none":
        context.load_cert_chain(cert, key)
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        with context.wrap_socket(raw, server_hostname=host) as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            print(tls.recv(4000).decode())


def server(port, cert, key, ca, version=""):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    limited(context, version)
    context.load_cert_chain(cert, key)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("localhost", int(port)))
    print("listening", flush=True)
    for _ in range(2):
        raw, _ = listener.accept()
        raw.settimeout(5)
        try:
            with context.wrap_socket(raw, server_side=True) as tls:
                tls.recv(1000)
                tls.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello\n")
        except OSError:
            traceback.print_exc()


{"client": client, "server": server}[sys.argv[1]](*sys.argv[2:])
