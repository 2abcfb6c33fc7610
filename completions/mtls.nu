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
