# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mtls_global_optspecs
    string join \n json strict color= v/verbose q/quiet h/help V/version
end

function __fish_mtls_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mtls_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mtls_using_subcommand
    set -l cmd (__fish_mtls_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mtls -n "__fish_mtls_needs_command" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_needs_command" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_needs_command" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_needs_command" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_needs_command" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_needs_command" -s V -l version -d 'Print version'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "init" -d 'Make a CA, a server, a client, their keystores and a truststore, and prove them by a handshake'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "ca" -d 'Make a CA: a root, or with --issuer an intermediate'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "server" -d 'Make a server\'s certificate, key and keystore'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "client" -d 'Make a client\'s certificate, key and keystore'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "keystore" -d 'Bundle a private key, its certificate and the intermediates into a keystore (PKCS#12)'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "truststore" -d 'Make a truststore (PKCS#12), add certificates to one, or remove them'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "inspect" -d 'Look into keystores, truststores, certificates, keys, requests and CRLs'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "handshake" -d 'Shake hands between two pairs of stores, and say from both sides what happened'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "completions" -d 'Print a completion script for a shell, or write those of all shells to a folder'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "man" -d 'Print the manual page, or write the pages of all commands to a folder'
complete -c mtls -n "__fish_mtls_using_subcommand init" -s d -l dir -d 'Write into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand init" -s k -l key -d 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l days -d 'Let it last so many days' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l not-after -d 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l ca-name -d 'The name of the CA, when it is made' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -s p -l password -d 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand init" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8'
complete -c mtls -n "__fish_mtls_using_subcommand init" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand init" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand init" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand init" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s i -l issuer -d 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l issuer-password -d 'Try this password on the CA\'s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s d -l dir -d 'Write into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s o -l out -d 'Name its files so, without extension' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s k -l key -d 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l subject -d 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\\, Inc.,C=DE"' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l days -d 'Let it last so many days' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l not-after -d 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l path-length -d 'Allow so many CAs between it and a server or client (a root: any number, an intermediate: 0)' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l permit -d 'Limit it to these names (repeatable): example.com, 10.0.0.0/8, ops@example.com, email:example.com' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l exclude -d 'Forbid it these names (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand ca" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand ca" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand server" -s i -l issuer -d 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l issuer-password -d 'Try this password on the CA\'s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -s d -l dir -d 'Write into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand server" -s o -l out -d 'Name its files so, without extension' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -s k -l key -d 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l subject -d 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\\, Inc.,C=DE"' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l days -d 'Let it last so many days' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l not-after -d 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l alias -d 'Its alias in the keystore; the files\' name if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -s p -l password -d 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand server" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand server" -l both -d 'Let it serve as a client\'s certificate too'
complete -c mtls -n "__fish_mtls_using_subcommand server" -l renew -d 'Make it anew though it is good'
complete -c mtls -n "__fish_mtls_using_subcommand server" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8'
complete -c mtls -n "__fish_mtls_using_subcommand server" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand server" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand server" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand server" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand server" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l san -d 'Add this name (repeatable): a host name, an IP address, a URI such as spiffe://example/billing, a mail address' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -s i -l issuer -d 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l issuer-password -d 'Try this password on the CA\'s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -s d -l dir -d 'Write into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand client" -s o -l out -d 'Name its files so, without extension' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -s k -l key -d 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l subject -d 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\\, Inc.,C=DE"' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l days -d 'Let it last so many days' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l not-after -d 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l alias -d 'Its alias in the keystore; the files\' name if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -s p -l password -d 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand client" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand client" -l both -d 'Let it serve as a server\'s certificate too'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l renew -d 'Make it anew though it is good'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l alias -d 'The alias of the entry; the one it had, or the certificate\'s common name, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l out-password -d 'The password of OUT; the one that opened a part, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s f -l force -d 'Replace OUT where it exists'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l remove -d 'Remove this entry: an alias, or a certificate\'s SHA-256 or SHA-1 fingerprint (repeatable)' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l alias -d 'The alias of the one certificate that is added; its common name if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l out-password -d 'The password of STORE from now on; the one that opened it, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l trust -d 'Judge the chain by the trusted certificates of this store' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l name -d 'Judge whether the leaf is good for this host name or IP address' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l for -d 'Judge whether the leaf may be used by this side' -r -f -a "server\t'extendedKeyUsage serverAuth'
client\t'extendedKeyUsage clientAuth'"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l crl -d 'Judge by this CRL too (repeatable)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l at -d 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l pem -d 'Print the certificates as PEM, and nothing else'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l server -d 'The server\'s two stores' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l client -d 'The client\'s two stores' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l name -d 'The name that the client asks for and checks; without it, the first name in the server\'s certificate' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l server-alias -d 'Which entry of the server\'s keystore to use' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l client-alias -d 'Which entry of the client\'s keystore to use' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l crl -d 'Refuse the certificates on this CRL (repeatable)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l tls -d 'Speak this TLS version only' -r -f -a "1.2\t'TLS 1.2 (RFC 5246)'
1.3\t'TLS 1.3 (RFC 8446)'"
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l alpn -d 'Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l timeout -d 'Give up after this time: 500ms, 3s, 2m' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l at -d 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand completions" -l dir -d 'Write the scripts of all shells to this folder, each under the name that its shell looks for' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand completions" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand completions" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand completions" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand completions" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand completions" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand man" -l dir -d 'Write mtls.1 and a page for each command to this folder, and print nothing but what was written' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand man" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand man" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand man" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand man" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand man" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
