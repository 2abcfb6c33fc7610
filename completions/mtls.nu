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
    --renew                   # Make server and client anew though they are good, with new keys; the CA stays
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so
    --password(-p): string    # The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --issuer-password: string # Try this password on the key of a CA that is there already: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
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
    --renew                   # Make it anew, with a new key, though it is good: after it was revoked or its key was seen by others, or to have other --days now
    --alias: string           # Its alias in the keystore; the files' name if not said
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so
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
    --renew                   # Make it anew, with a new key, though it is good: after it was revoked or its key was seen by others, or to have other --days now
    --alias: string           # Its alias in the keystore; the files' name if not said
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so
    --password(-p): string    # The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls client color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    name: string              # Who it is: the common name; a mail address or a URI becomes a subjectAltName as well
  ]

  def "nu-complete mtls keystore to" [] {
    [ "pkcs12" "jks" "bcfks" "pem" "der" "pkcs7" ]
  }

  def "nu-complete mtls keystore consumer" [] {
    [ "java8" "java" "openssl" "windows" "macos" "android" "nss" "fips" ]
  }

  def "nu-complete mtls keystore color" [] {
    [ "auto" "always" "never" ]
  }

  # Bundle a private key, its certificate and the intermediates into a keystore
  export extern "mtls keystore" [
    --alias: string           # The alias of the entry; the one it had, or the certificate's common name, if not said
    --force(-f)               # Replace OUT where it exists
    --to: string@"nu-complete mtls keystore to" # Write this format; what the ending of OUT says, if not said
    --for: string@"nu-complete mtls keystore consumer" # Write PKCS#12 as this consumer takes it
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, which everything reads
    --pbmac1                  # Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules
    --chain: string           # Take the intermediates from this store too; a key in it is left alone (repeatable)
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --out-password: string    # The password of OUT; the one that opened a part, or the first --password, if not said
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls keystore color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    out: path                 # The keystore to write
    ...parts: string          # The parts: files with the key, the certificate and the intermediates
  ]

  def "nu-complete mtls truststore to" [] {
    [ "pkcs12" "jks" "bcfks" "pem" "der" "pkcs7" ]
  }

  def "nu-complete mtls truststore consumer" [] {
    [ "java8" "java" "openssl" "windows" "macos" "android" "nss" "fips" ]
  }

  def "nu-complete mtls truststore color" [] {
    [ "auto" "always" "never" ]
  }

  # Make a truststore, add certificates to one, or remove them
  export extern "mtls truststore" [
    --remove: string          # Remove this entry: an alias, or a certificate's SHA-256 or SHA-1 fingerprint (repeatable)
    --alias: string           # The alias of the one certificate that is added; its common name if not said
    --with-system-roots       # Trust what this system trusts, too: a truststore that replaces a JVM's default still reaches public hosts
    --to: string@"nu-complete mtls truststore to" # Write this format; what the ending of OUT says, if not said
    --for: string@"nu-complete mtls truststore consumer" # Write PKCS#12 as this consumer takes it
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, which everything reads
    --pbmac1                  # Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules
    --backup                  # Keep the file that was there as STORE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --out-password: string    # The password of STORE from now on; the one that opened it, or the first --password, if not said
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls truststore color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The truststore
    ...certs: string          # Files with the certificates to trust
  ]

  def "nu-complete mtls convert to" [] {
    [ "pkcs12" "jks" "bcfks" "pem" "der" "pkcs7" ]
  }

  def "nu-complete mtls convert consumer" [] {
    [ "java8" "java" "openssl" "windows" "macos" "android" "nss" "fips" ]
  }

  def "nu-complete mtls convert color" [] {
    [ "auto" "always" "never" ]
  }

  # Turn stores into what another program wants; several inputs are merged
  export extern "mtls convert" [
    --to: string@"nu-complete mtls convert to" # Write this format; what the ending of OUT says, if not said
    --for: string@"nu-complete mtls convert consumer" # Write PKCS#12 as this consumer takes it
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, which everything reads
    --pbmac1                  # Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules
    --split                   # Write one PEM file for each part into the folder OUT: ALIAS.crt, ALIAS.key
    --drop                    # Leave out what the target cannot hold
    --force(-f)               # Replace OUT where it exists
    --out-password: string    # The password of what is written; the one that opened the input, or the first --password, if not said
    --backup                  # Keep the file that was there as FILE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls convert color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    ...files: string          # The stores to read, and last the file to write
  ]

  def "nu-complete mtls entry color" [] {
    [ "auto" "always" "never" ]
  }

  # Add, remove, rename and extract the entries of a keystore or truststore
  export extern "mtls entry" [
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls entry color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete mtls entry add color" [] {
    [ "auto" "always" "never" ]
  }

  # Put the entries of other files into a store; it is made if it is not there
  export extern "mtls entry add" [
    --alias: string           # The alias of the one entry that is added
    --replace                 # Replace the entry that has the same alias
    --out-password: string    # The password of what is written; the one that opened the input, or the first --password, if not said
    --backup                  # Keep the file that was there as FILE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls entry add color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The store
    ...inputs: string         # Files with keys and certificates
  ]

  def "nu-complete mtls entry remove color" [] {
    [ "auto" "always" "never" ]
  }

  # Take entries out of a store
  export extern "mtls entry remove" [
    --out-password: string    # The password of what is written; the one that opened the input, or the first --password, if not said
    --backup                  # Keep the file that was there as FILE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls entry remove color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The store
    ...which: string          # Which entries
  ]

  def "nu-complete mtls entry rename color" [] {
    [ "auto" "always" "never" ]
  }

  # Give an entry another alias
  export extern "mtls entry rename" [
    --out-password: string    # The password of what is written; the one that opened the input, or the first --password, if not said
    --backup                  # Keep the file that was there as FILE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls entry rename color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The store
    which: string             # Which entry
    alias: string             # Its new alias
  ]

  def "nu-complete mtls entry extract color" [] {
    [ "auto" "always" "never" ]
  }

  # Write one entry to a file of its own
  export extern "mtls entry extract" [
    --force(-f)               # Replace OUT where it exists
    --out-password: string    # The password of what is written; the one that opened the input, or the first --password, if not said
    --backup                  # Keep the file that was there as FILE.bak
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls entry extract color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The store
    which: string             # Which entry
    out?: path                # The file to write: PEM, or what its ending says; - for standard output
  ]

  def "nu-complete mtls password to" [] {
    [ "pkcs12" "jks" "bcfks" "pem" "der" "pkcs7" ]
  }

  def "nu-complete mtls password consumer" [] {
    [ "java8" "java" "openssl" "windows" "macos" "android" "nss" "fips" ]
  }

  def "nu-complete mtls password color" [] {
    [ "auto" "always" "never" ]
  }

  # Change the password of a store, and lift it to today's encryption
  export extern "mtls password" [
    --new: string             # The new password; you are asked if it is not said
    --backup                  # Keep the file that was there as STORE.bak
    --to: string@"nu-complete mtls password to" # Write this format; what the ending of OUT says, if not said
    --for: string@"nu-complete mtls password consumer" # Write PKCS#12 as this consumer takes it
    --legacy                  # Write PKCS#12 with triple DES and SHA-1, which everything reads
    --pbmac1                  # Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls password color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    store: path               # The store
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
    ...targets: string        # What to look into: a file, a folder of PEM files, "cert.pem,key.pem", - for standard input, or a live HOST:PORT
  ]

  def "nu-complete mtls handshake stack" [] {
    [ "openssl" "java" "go" "dotnet" ]
  }

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
    --stack: string@"nu-complete mtls handshake stack" # Let the client's stack decide as this one does whether its certificate is sent to a server that names other CAs
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

  def "nu-complete mtls connect starttls" [] {
    [ "smtp" "imap" "pop3" "ldap" "postgres" "mysql" "xmpp" "ftp" ]
  }

  def "nu-complete mtls connect tls" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete mtls connect color" [] {
    [ "auto" "always" "never" ]
  }

  # Connect to a server, with or without a client certificate, and say what it presents, asks for and refuses
  export extern "mtls connect" [
    --client: string          # The client's two stores; "none" stands for no keystore, or for the system's roots
    --trust: string           # Trust the certificates of this store, where no truststore is given with --client
    --name: string            # The name that the server's certificate must carry, and that is asked for; without it, HOST
    --servername: string      # The name to ask for (SNI) where it is another one; "none" asks for no name
    --alias: string           # Which entry of the keystore to use
    --starttls: string@"nu-complete mtls connect starttls" # Begin in plain text with this protocol, and ask for TLS there
    --proxy: string           # Go through this HTTP proxy: http://[USER:PASSWORD@]HOST:PORT
    --timeout: string         # Give up each connection after this time: 500ms, 3s, 2m
    --repeat: string          # Call each address N times, some at a time, and tell how long it takes
    --crl: path               # Refuse the certificates on this CRL (repeatable)
    --tls: string@"nu-complete mtls connect tls" # Speak this TLS version only
    --alpn: string            # Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)
    --at: string              # Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls connect color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    target: string            # HOST:PORT; HOST is a name, an IPv4 address or an IPv6 address in brackets. Without a port: 443, or that of --starttls
  ]

  def "nu-complete mtls explain color" [] {
    [ "auto" "always" "never" ]
  }

  # Explain an error message or a log of another program, or a code of mtls
  export extern "mtls explain" [
    --list                    # List all codes
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls explain color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    ...text: string           # The message, a code such as untrusted-issuer, or - for a text or log on standard input
  ]

  def "nu-complete mtls serve tls" [] {
    [ "1.2" "1.3" ]
  }

  def "nu-complete mtls serve color" [] {
    [ "auto" "always" "never" ]
  }

  # Serve mutual TLS to any client, and say of each who it is, or why it was refused
  export extern "mtls serve" [
    --server: string          # What the server shows, and whom it trusts
    --alias: string           # Which entry of the keystore to use
    --optional                # Ask for a client certificate, but serve clients without one too
    --once                    # End after the first client
    --count: string           # End after this many clients
    --crl: path               # Refuse the certificates on this CRL (repeatable)
    --tls: string@"nu-complete mtls serve tls" # Speak this TLS version only
    --alpn: string            # Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)
    --timeout: string         # Give up after this time: 500ms, 3s, 2m
    --at: string              # Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z
    --password(-p): string    # Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt
    --key-password: string    # Try this one on keys that have a password of their own (repeatable; the same forms)
    --max-iterations: string  # Let a file ask for this many iterations of key derivation
    --json                    # Print one JSON object, for scripts
    --strict                  # Let warnings count as errors
    --color: string@"nu-complete mtls serve color" # When to use colour and drawn symbols
    --verbose(-v)             # Show every field
    --quiet(-q)               # Show findings and errors only
    --help(-h)                # Print help (see more with '--help')
    address: string           # Where to listen
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
