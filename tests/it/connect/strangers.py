# Servers that begin in plain text, or never speak TLS: python3 strangers.py CERT KEY CA; prints a line "NAME PORT" for each.
import itertools
import socket
import ssl
import struct
import sys
import threading
import time

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.load_verify_locations(sys.argv[3])
context.verify_mode = ssl.CERT_REQUIRED


def until(plain, end):
    heard = b""
    while not heard.endswith(end):
        more = plain.recv(1)
        if not more:
            raise OSError("gone")
        heard += more
    return heard


def lines(*said):
    def talk(plain):
        for text in said:
            if text is None:
                until(plain, b"\n")
            else:
                plain.sendall(text)

    return talk


def mysql(plain):
    greeting = b"\x0a8.0.36\0" + b"\1\0\0\0" + b"12345678\0" + struct.pack("<H", 0xFFFF)
    greeting += b"\x21\2\0\xff\xff\x15" + b"\0" * 10 + b"123456789012\0"
    plain.sendall(struct.pack("<I", len(greeting))[:3] + b"\0" + greeting)
    assert len(plain.recv(36)) == 36


def xmpp(plain):
    until(plain, b"streams'>")
    plain.sendall(b"<?xml version='1.0'?><stream:stream xmlns:stream='x'><stream:features>")
    plain.sendall(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>")
    until(plain, b"/>")
    plain.sendall(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


def ldap(code):
    return lambda plain: (plain.recv(31), plain.sendall(b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01" + bytes([code]) + b"\x04\x00\x04\x00"))


def postgres(answer):
    return lambda plain: (plain.recv(8), plain.sendall(answer))


def proxy(plain):
    head = until(plain, b"\r\n\r\n")
    if b"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n" not in head:
        plain.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        return
    beyond = socket.create_connection(("127.0.0.1", int(head.split()[1].rsplit(b":", 1)[1])))
    plain.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    def pump(source, sink):
        try:
            while more := source.recv(9999):
                sink.sendall(more)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    threading.Thread(target=pump, args=(beyond, plain), daemon=True).start()
    pump(plain, beyond)


calls = itertools.count(1)


def every_fourth_is_lost(plain):
    if next(calls) % 4 == 0:
        raise OSError("a server that is gone, behind a balancer that is not")


deaths = itertools.count(1)


def dies(plain):
    if next(deaths) <= 9:
        # a handshake, and not a word after it; later connections are dropped before
        context.wrap_socket(plain, server_side=True).close()


smtp = [b"220-welcome\r\n220 mx ESMTP\r\n", None]
STRANGERS = {
    "smtp": (lines(*smtp, b"250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n", None, b"220 go\r\n"), True),
    "imap": (lines(b"* OK imap\r\n", None, b"* x\r\na1 OK go\r\n"), True),
    "pop3": (lines(b"+OK pop\r\n", None, b"+OK go\r\n"), True),
    "ftp": (lines(b"220 FTP\r\n", None, b"234 go\r\n"), True),
    "ldap": (ldap(0), True),
    "postgres": (postgres(b"S"), True),
    "mysql": (mysql, True),
    "xmpp": (xmpp, True),
    "smtp-without": (lines(*smtp, b"250-mx\r\n250 SIZE 1\r\n", None), False),
    "ldap-without": (ldap(2), False),
    "postgres-without": (postgres(b"N"), False),
    "ssh": (lambda plain: (plain.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), plain.recv(999)), False),
    "http": (lambda plain: (until(plain, b"\r\n\r\n"), plain.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello")), False),
    "closing": (lambda plain: None, False),
    "silent": (lambda plain: time.sleep(20), False),
    "proxy": (proxy, False),
    "flaky": (every_fourth_is_lost, True),
    "dying": (dies, False),
}


def serve(plain, talk, has_tls):
    try:
        plain.settimeout(20)
        talk(plain)
        if has_tls:
            plain = context.wrap_socket(plain, server_side=True)
            plain.recv(999)
            plain.sendall(b"hello\r\n")
    except OSError:
        pass
    plain.close()


def listen(listener, talk, has_tls):
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], talk, has_tls), daemon=True).start()


for stranger, (dialogue, tls) in STRANGERS.items():
    server = socket.create_server(("127.0.0.1", 0))
    print(stranger, server.getsockname()[1], flush=True)
    threading.Thread(target=listen, args=(server, dialogue, tls), daemon=True).start()
time.sleep(600)
