// Either half of a TLS connection; prints what goes wrong as a program that lets errors through would.
const [role, ...rest] = process.argv.slice(2);
const https = require('https'), fs = require('fs');
const read = (name) => (name && name !== 'none' ? fs.readFileSync(name) : undefined);

if (role === 'client') {
  const [host, port, ca, cert, key, version] = rest;
  const options = { host, port, ca: read(ca), cert: read(cert), key: read(key), agent: false };
  if (version) options.minVersion = options.maxVersion = version;
  https.get(options, (res) => res.pipe(process.stdout));
} else if (role === 'pfx') {
  const [file, passphrase] = rest;
  require('tls').createSecureContext({ pfx: read(file), passphrase });
} else {
  const [port, cert, key, ca, version] = rest;
  const options = { cert: read(cert), key: read(key), ca: read(ca), requestCert: true, rejectUnauthorized: true };
  if (version) options.minVersion = options.maxVersion = version;
  const server = https.createServer(options, (req, res) => res.end('hello\n'));
  server.on('tlsClientError', (e) => console.error('tlsClientError', e));
  server.listen(port, 'localhost', () => console.log('listening'));
}
