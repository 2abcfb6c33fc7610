# A TLS server by Python's ssl: python3 server.py REQUIRED|OPTIONAL|NONE CERT KEY CA; prints its port.
import socket
import ssl
import sys
import threading

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
context.load_verify_locations(sys.argv[4])
context.verify_mode = getattr(ssl, "CERT_" + sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)


def serve(plain):
    try:
        plain.settimeout(10)
        secure = context.wrap_socket(plain, server_side=True)
        secure.recv(9999)
        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        secure.close()
    except OSError:
        plain.close()


while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
