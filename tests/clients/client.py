"""client.py PORT VERSION CERT|none KEY CA: one request; prints the answer, or the error."""
import http.client
import ssl
import sys

port, version, cert, key, ca = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
if cert != "none":
    context.load_cert_chain(cert, key)
try:
    connection = http.client.HTTPSConnection("localhost", int(port), timeout=20, context=context)
    connection.request("GET", "/")
    print(connection.getresponse().read().decode())
except (ssl.SSLError, OSError) as error:
    print("FAILED", error)
