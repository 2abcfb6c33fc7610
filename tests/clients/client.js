// client.js PORT VERSION CERT|none KEY CA: one request; prints the answer, or the error.
const [port, version, cert, key, ca] = process.argv.slice(2);
const { readFileSync } = require("fs");
const own = cert === "none" ? {} : { cert: readFileSync(cert), key: readFileSync(key) };
const options = { host: "localhost", port, ca: readFileSync(ca), minVersion: version, maxVersion: version, agent: false, ...own };
const request = require("https").get(options, (response) => response.pipe(process.stdout));
request.on("error", (error) => console.log("FAILED " + error.code));
request.setTimeout(20000, () => request.destroy(new Error("timeout")));
