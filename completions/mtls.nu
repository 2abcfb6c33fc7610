module completions {

  def "nu-complete mtls color" [] {
    [ "auto" "always" "never" ]
  }

  # Certificates and keystores for mutual TLS: make them, look into them, shake hands with them, and learn exactly why not
  export extern mtls [
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete mtls init color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a CA, a server, a client, their keystores and a truststore, and prove them by a handshake
  export extern "mtls init" [
    --dir(-d): path           # Write into this directory
    --key(-k): string         # Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87
    --days: string            # Let it last so many days
    --not-after: string       # Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --ca-name: string         # The name of the CA, when it is made
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8
    --password(-p): string    # The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls init color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    ...names: string          # The server's host names and IP addresses; localhost, 127.0.0.1 and ::1 are added to them
  ]

  def "nu-complete mtls ca color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a CA: a root, or with --issuer an intermediate
  export extern "mtls ca" [
    --issuer(-i): string      # Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both
    --issuer-password: string # Try this password on the CA's key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --dir(-d): path           # Write into this directory
    --out(-o): string         # Name its files so, without extension
    --key(-k): string         # Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87
    --subject: string         # Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"
    --days: string            # Let it last so many days
    --not-after: string       # Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --path-length: string     # Allow so many CAs between it and a server or client (a root: any number, an intermediate: 0)
    --permit: string          # Limit it to these names (repeatable): example.com, 10.0.0.0/8, ops@example.com, email:example.com
    --exclude: string         # Forbid it these names (repeatable; the same forms)
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls ca color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    name?: string             # The CA's name
  ]

  def "nu-complete mtls server color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a server's certificate, key and keystore
  export extern "mtls server" [
    --both                    # Let it serve as a client's certificate too
    --issuer(-i): string      # Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both
    --issuer-password: string # Try this password on the CA's key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --dir(-d): path           # Write into this directory
    --out(-o): string         # Name its files so, without extension
    --key(-k): string         # Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87
    --subject: string         # Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"
    --days: string            # Let it last so many days
    --not-after: string       # Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --renew                   # Make it anew though it is good
    --alias: string           # Its alias in the keystore; the files' name if not said
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8
    --password(-p): string    # The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls server color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    ...names: string          # What clients connect to: host names (also *.example.com), IP addresses, URIs such as spiffe://example/api
  ]

  def "nu-complete mtls client color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a client's certificate, key and keystore
  export extern "mtls client" [
    --san: string             # Add this name (repeatable): a host name, an IP address, a URI such as spiffe://example/billing, a mail address
    --both                    # Let it serve as a server's certificate too
    --issuer(-i): string      # Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both
    --issuer-password: string # Try this password on the CA's key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --dir(-d): path           # Write into this directory
    --out(-o): string         # Name its files so, without extension
    --key(-k): string         # Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87
    --subject: string         # Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"
    --days: string            # Let it last so many days
    --not-after: string       # Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --renew                   # Make it anew though it is good
    --alias: string           # Its alias in the keystore; the files' name if not said
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8
    --password(-p): string    # The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls client color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    name: string              # Who it is: the common name; a mail address or a URI becomes a subjectAltName as well
  ]

  def "nu-complete mtls keystore color" [] {
    [ "auto" "always" "never" ]
  }

  # Bundle a private key, its certificate and the intermediates into a keystore (PKCS#12)
  export extern "mtls keystore" [
    --alias: string           # The alias of the entry; the one it had, or the certificate's common name, if not said
    --force(-f)               # Replace OUT where it exists
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --out-password: string    # The password of OUT; the one that opened a part, or the first --password, if not said
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls keystore color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    out: path                 # The keystore to write
    ...parts: string          # The parts: files with the key, the certificate and the intermediates
  ]

  def "nu-complete mtls truststore color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a truststore (PKCS#12), add certificates to one, or remove them
  export extern "mtls truststore" [
    --remove: string          # Remove this entry: an alias, or a certificate's SHA-256 or SHA-1 fingerprint (repeatable)
    --alias: string           # The alias of the one certificate that is added; its common name if not said
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --out-password: string    # The password of STORE from now on; the one that opened it, or the first --password, if not said
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls truststore color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The truststore
    ...certs: string          # Files with the certificates to trust
  ]

  def "nu-complete mtls inspect purpose" [] {
    [ "server" "client" ]
  }

  def "nu-complete mtls inspect color" [] {
    [ "auto" "always" "never" ]
  }

  # Look into keystores, truststores, certificates, keys, requests and CRLs
  export extern "mtls inspect" [
    --pem                     # Print the certificates as PEM, and nothing else
    --trust: string           # Judge the chain by the trusted certificates of this store
    --name: string            # Judge whether the leaf is good for this host name or IP address
    --for: string@"nu-complete mtls inspect purpose" # Judge whether the leaf may be used by this side
    --crl: path               # Judge by this CRL too (repeatable)
    --at: string              # Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls inspect color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    ...targets: string        # What to look into: a file, a folder of PEM files, "cert.pem,key.pem", or - for standard input
  ]

  def "nu-complete mtls handshake tls" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete mtls handshake color" [] {
    [ "auto" "always" "never" ]
  }

  # Shake hands between two pairs of stores, and say from both sides what happened
  export extern "mtls handshake" [
    --server: string          # The server's two stores
    --client: string          # The client's two stores
    --name: string            # The name that the client asks for and checks; without it, the first name in the server's certificate
    --server-alias: string    # Which entry of the server's keystore to use
    --client-alias: string    # Which entry of the client's keystore to use
    --crl: path               # Refuse the certificates on this CRL (repeatable)
    --tls: string@"nu-complete mtls handshake tls" # Speak this TLS version only
    --alpn: string            # Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)
    --timeout: string         # Give up after this time: 500ms, 3s, 2m
    --at: string              # Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls handshake color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mtls completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  def "nu-complete mtls completions color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a completion script for a shell, or write those of all shells to a folder
  export extern "mtls completions" [
    --dir: path               # Write the scripts of all shells to this folder, each under the name that its shell looks for
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls completions color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    shell?: string@"nu-complete mtls completions shell" # Which shell
  ]

  def "nu-complete mtls man color" [] {
    [ "auto" "always" "never" ]
  }

  # Print the manual page, or write the pages of all commands to a folder
  export extern "mtls man" [
    --dir: path               # Write mtls.1 and a page for each command to this folder, and print nothing but what was written
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls man color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
  ]

}

export use completions *
