// Either half of a TLS connection, by Go's net/http; prints what goes wrong as a program would that logs its errors.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func pool(file string) *x509.CertPool {
	pem, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

func limited(config *tls.Config, version string) *tls.Config {
	versions := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
	config.MinVersion, config.MaxVersion = versions[version], versions[version]
	return config
}

func pair(cert, key string) []tls.Certificate {
	if cert == "none" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		log.Fatal(err)
	}
	return []tls.Certificate{pair}
}

func main() {
	switch role, rest := os.Args[1], append(os.Args[2:], ""); role {
	case "client": // HOST PORT CA CERT KEY [VERSION]
		config := limited(&tls.Config{RootCAs: pool(rest[2]), Certificates: pair(rest[3], rest[4])}, rest[5])
		client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: config}}
		answer, err := client.Get("https://" + net.JoinHostPort(rest[0], rest[1]) + "/")
		if err != nil {
			log.Fatal(err)
		}
		io.Copy(os.Stdout, answer.Body)
	case "server": // PORT CERT KEY CA [VERSION]
		config := limited(&tls.Config{ClientCAs: pool(rest[3]), ClientAuth: tls.RequireAndVerifyClientCert, Certificates: pair(rest[1], rest[2])}, rest[4])
		handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") })
		server := http.Server{Addr: "localhost:" + rest[0], Handler: handler, TLSConfig: config, ReadTimeout: 5 * time.Second}
		log.Fatal(server.ListenAndServeTLS("", ""))
	}
}
