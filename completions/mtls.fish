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
complete -c mtls -n "__fish_mtls_needs_command" -f -a "keystore" -d 'Bundle a private key, its certificate and the intermediates into a keystore'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "truststore" -d 'Make a truststore, add certificates to one, or remove them'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "convert" -d 'Turn stores into what another program wants; several inputs are merged'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "entry" -d 'Add, remove, rename and extract the entries of a keystore or truststore'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "password" -d 'Change the password of a store, and lift it to today\'s encryption'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "inspect" -d 'Look into keystores, truststores, certificates, keys, requests and CRLs'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "handshake" -d 'Shake hands between two pairs of stores, and say from both sides what happened'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "connect" -d 'Connect to a server, with or without a client certificate, and say what it presents, asks for and refuses'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "explain" -d 'Explain an error message or a log of another program, or a code of mtls'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "serve" -d 'Serve mutual TLS to any client, and say of each who it is, or why it was refused'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "completions" -d 'Print a completion script for a shell, or write those of all shells to a folder'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "man" -d 'Print the manual page, or write the pages of all commands to a folder'
complete -c mtls -n "__fish_mtls_using_subcommand init" -s d -l dir -d 'Write into this directory' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand init" -s k -l key -d 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l days -d 'Let it last so many days' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l not-after -d 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l ca-name -d 'The name of the CA, when it is made' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -s p -l password -d 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l issuer-password -d 'Try this password on the key of a CA that is there already: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand init" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand init" -l renew -d 'Make server and client anew though they are good, with new keys; the CA stays'
complete -c mtls -n "__fish_mtls_using_subcommand init" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so'
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
complete -c mtls -n "__fish_mtls_using_subcommand server" -l renew -d 'Make it anew, with a new key, though it is good: after it was revoked or its key was seen by others, or to have other --days now'
complete -c mtls -n "__fish_mtls_using_subcommand server" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so'
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
complete -c mtls -n "__fish_mtls_using_subcommand client" -l renew -d 'Make it anew, with a new key, though it is good: after it was revoked or its key was seen by others, or to have other --days now'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8; a keystore that is there is written anew so'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand client" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand client" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l alias -d 'The alias of the entry; the one it had, or the certificate\'s common name, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l to -d 'Write this format; what the ending of OUT says, if not said' -r -f -a "pkcs12\t''
jks\t''
bcfks\t''
pem\t''
der\t''
pkcs7\t''"
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l for -d 'Write PKCS#12 as this consumer takes it' -r -f -a "java8\t''
java\t''
openssl\t''
windows\t''
macos\t''
android\t''
nss\t''
fips\t''"
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l chain -d 'Take the intermediates from this store too; a key in it is left alone (repeatable)' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l out-password -d 'The password of OUT; the one that opened a part, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s f -l force -d 'Replace OUT where it exists'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, which everything reads'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l pbmac1 -d 'Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand keystore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l remove -d 'Remove this entry: an alias, or a certificate\'s SHA-256 or SHA-1 fingerprint (repeatable)' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l alias -d 'The alias of the one certificate that is added; its common name if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l to -d 'Write this format; what the ending of OUT says, if not said' -r -f -a "pkcs12\t''
jks\t''
bcfks\t''
pem\t''
der\t''
pkcs7\t''"
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l for -d 'Write PKCS#12 as this consumer takes it' -r -f -a "java8\t''
java\t''
openssl\t''
windows\t''
macos\t''
android\t''
nss\t''
fips\t''"
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l out-password -d 'The password of STORE from now on; the one that opened it, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l with-system-roots -d 'Trust what this system trusts, too: a truststore that replaces a JVM\'s default still reaches public hosts'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, which everything reads'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l pbmac1 -d 'Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l backup -d 'Keep the file that was there as STORE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand truststore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l to -d 'Write this format; what the ending of OUT says, if not said' -r -f -a "pkcs12\t''
jks\t''
bcfks\t''
pem\t''
der\t''
pkcs7\t''"
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l for -d 'Write PKCS#12 as this consumer takes it' -r -f -a "java8\t''
java\t''
openssl\t''
windows\t''
macos\t''
android\t''
nss\t''
fips\t''"
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l out-password -d 'The password of what is written; the one that opened the input, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand convert" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, which everything reads'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l pbmac1 -d 'Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l split -d 'Write one PEM file for each part into the folder OUT: ALIAS.crt, ALIAS.key'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l drop -d 'Leave out what the target cannot hold'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -s f -l force -d 'Replace OUT where it exists'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l backup -d 'Keep the file that was there as FILE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -f -a "add" -d 'Put the entries of other files into a store; it is made if it is not there'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -f -a "remove" -d 'Take entries out of a store'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -f -a "rename" -d 'Give an entry another alias'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and not __fish_seen_subcommand_from add remove rename extract" -f -a "extract" -d 'Write one entry to a file of its own'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l alias -d 'The alias of the one entry that is added' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l out-password -d 'The password of what is written; the one that opened the input, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l replace -d 'Replace the entry that has the same alias'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l backup -d 'Keep the file that was there as FILE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l out-password -d 'The password of what is written; the one that opened the input, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l backup -d 'Keep the file that was there as FILE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l out-password -d 'The password of what is written; the one that opened the input, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l backup -d 'Keep the file that was there as FILE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l out-password -d 'The password of what is written; the one that opened the input, or the first --password, if not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -s f -l force -d 'Replace OUT where it exists'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l backup -d 'Keep the file that was there as FILE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand entry; and __fish_seen_subcommand_from extract" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand password" -l new -d 'The new password; you are asked if it is not said' -r
complete -c mtls -n "__fish_mtls_using_subcommand password" -l to -d 'Write this format; what the ending of OUT says, if not said' -r -f -a "pkcs12\t''
jks\t''
bcfks\t''
pem\t''
der\t''
pkcs7\t''"
complete -c mtls -n "__fish_mtls_using_subcommand password" -l for -d 'Write PKCS#12 as this consumer takes it' -r -f -a "java8\t''
java\t''
openssl\t''
windows\t''
macos\t''
android\t''
nss\t''
fips\t''"
complete -c mtls -n "__fish_mtls_using_subcommand password" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand password" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand password" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand password" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand password" -l backup -d 'Keep the file that was there as STORE.bak'
complete -c mtls -n "__fish_mtls_using_subcommand password" -l legacy -d 'Write PKCS#12 with triple DES and SHA-1, which everything reads'
complete -c mtls -n "__fish_mtls_using_subcommand password" -l pbmac1 -d 'Write PKCS#12 with PBMAC1 (RFC 9579), for FIPS modules'
complete -c mtls -n "__fish_mtls_using_subcommand password" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand password" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand password" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand password" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand password" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c mtls -n "__fish_mtls_using_subcommand handshake" -l stack -d 'Let the client\'s stack decide as this one does whether its certificate is sent to a server that names other CAs' -r -f -a "openssl\t''
java\t''
go\t''
dotnet\t''"
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
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l client -d 'The client\'s two stores; "none" stands for no keystore, or for the system\'s roots' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l trust -d 'Trust the certificates of this store, where no truststore is given with --client' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l name -d 'The name that the server\'s certificate must carry, and that is asked for; without it, HOST' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l servername -d 'The name to ask for (SNI) where it is another one; "none" asks for no name' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l alias -d 'Which entry of the keystore to use' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l starttls -d 'Begin in plain text with this protocol, and ask for TLS there' -r -f -a "smtp\t''
imap\t''
pop3\t''
ldap\t''
postgres\t''
mysql\t''
xmpp\t''
ftp\t''"
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l proxy -d 'Go through this HTTP proxy: http://[USER:PASSWORD@]HOST:PORT' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l timeout -d 'Give up each connection after this time: 500ms, 3s, 2m' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l repeat -d 'Call each address N times, some at a time, and tell how long it takes' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l crl -d 'Refuse the certificates on this CRL (repeatable)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l tls -d 'Speak this TLS version only' -r -f -a "1.2\t'TLS 1.2 (RFC 5246)'
1.3\t'TLS 1.3 (RFC 8446)'"
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l alpn -d 'Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l at -d 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand connect" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand connect" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand connect" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l list -d 'List all codes'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l server -d 'What the server shows, and whom it trusts' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l alias -d 'Which entry of the keystore to use' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l count -d 'End after this many clients' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l crl -d 'Refuse the certificates on this CRL (repeatable)' -r -F
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l tls -d 'Speak this TLS version only' -r -f -a "1.2\t'TLS 1.2 (RFC 5246)'
1.3\t'TLS 1.3 (RFC 8446)'"
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l alpn -d 'Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l timeout -d 'Give up after this time: 500ms, 3s, 2m' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l at -d 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -s p -l password -d 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l key-password -d 'Try this one on keys that have a password of their own (repeatable; the same forms)' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l max-iterations -d 'Let a file ask for this many iterations of key derivation' -r
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l color -d 'When to use colour and drawn symbols' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Even into a file or pipe'
never\t'Not at all'"
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l optional -d 'Ask for a client certificate, but serve clients without one too'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l once -d 'End after the first client'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l json -d 'Print one JSON object, for scripts'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -l strict -d 'Let warnings count as errors'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -s v -l verbose -d 'Show every field'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -s q -l quiet -d 'Show findings and errors only'
complete -c mtls -n "__fish_mtls_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
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
