
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mtls' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mtls'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mtls' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a CA, a server, a client, their keystores and a truststore, and prove them by a handshake')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Make a CA: a root, or with --issuer an intermediate')
            [CompletionResult]::new('server', 'server', [CompletionResultType]::ParameterValue, 'Make a server''s certificate, key and keystore')
            [CompletionResult]::new('client', 'client', [CompletionResultType]::ParameterValue, 'Make a client''s certificate, key and keystore')
            [CompletionResult]::new('keystore', 'keystore', [CompletionResultType]::ParameterValue, 'Bundle a private key, its certificate and the intermediates into a keystore (PKCS#12)')
            [CompletionResult]::new('truststore', 'truststore', [CompletionResultType]::ParameterValue, 'Make a truststore (PKCS#12), add certificates to one, or remove them')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Look into keystores, truststores, certificates, keys, requests and CRLs')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Shake hands between two pairs of stores, and say from both sides what happened')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell, or write those of all shells to a folder')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands to a folder')
            break
        }
        'mtls;init' {
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Let it last so many days')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('--ca-name', '--ca-name', [CompletionResultType]::ParameterName, 'The name of the CA, when it is made')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;ca' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer-password', '--issuer-password', [CompletionResultType]::ParameterName, 'Try this password on the CA''s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Let it last so many days')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('--path-length', '--path-length', [CompletionResultType]::ParameterName, 'Allow so many CAs between it and a server or client (a root: any number, an intermediate: 0)')
            [CompletionResult]::new('--permit', '--permit', [CompletionResultType]::ParameterName, 'Limit it to these names (repeatable): example.com, 10.0.0.0/8, ops@example.com, email:example.com')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Forbid it these names (repeatable; the same forms)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;server' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer-password', '--issuer-password', [CompletionResultType]::ParameterName, 'Try this password on the CA''s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Let it last so many days')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'Its alias in the keystore; the files'' name if not said')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--both', '--both', [CompletionResultType]::ParameterName, 'Let it serve as a client''s certificate too')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Make it anew though it is good')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;client' {
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Add this name (repeatable): a host name, an IP address, a URI such as spiffe://example/billing, a mail address')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Sign with this CA: a directory with ca.crt and ca.key, or "CERT,KEY", or one file with both')
            [CompletionResult]::new('--issuer-password', '--issuer-password', [CompletionResultType]::ParameterName, 'Try this password on the CA''s key: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write into this directory')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Name its files so, without extension')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Make a key of this kind: ec-p256 (the default), ec-p384, ec-p521, ed25519, rsa-2048, rsa-3072, rsa-4096, ml-dsa-44, ml-dsa-65 or ml-dsa-87')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Use this whole name (RFC 4514), as in "CN=billing,O=Example\, Inc.,C=DE"')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Let it last so many days')
            [CompletionResult]::new('--not-after', '--not-after', [CompletionResultType]::ParameterName, 'Let it end at this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'Its alias in the keystore; the files'' name if not said')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password of the stores that are written: pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--both', '--both', [CompletionResultType]::ParameterName, 'Let it serve as a server''s certificate too')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Make it anew though it is good')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;keystore' {
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'The alias of the entry; the one it had, or the certificate''s common name, if not said')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--key-password', '--key-password', [CompletionResultType]::ParameterName, 'Try this one on keys that have a password of their own (repeatable; the same forms)')
            [CompletionResult]::new('--out-password', '--out-password', [CompletionResultType]::ParameterName, 'The password of OUT; the one that opened a part, or the first --password, if not said')
            [CompletionResult]::new('--max-iterations', '--max-iterations', [CompletionResultType]::ParameterName, 'Let a file ask for this many iterations of key derivation')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Replace OUT where it exists')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace OUT where it exists')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;truststore' {
            [CompletionResult]::new('--remove', '--remove', [CompletionResultType]::ParameterName, 'Remove this entry: an alias, or a certificate''s SHA-256 or SHA-1 fingerprint (repeatable)')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'The alias of the one certificate that is added; its common name if not said')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--key-password', '--key-password', [CompletionResultType]::ParameterName, 'Try this one on keys that have a password of their own (repeatable; the same forms)')
            [CompletionResult]::new('--out-password', '--out-password', [CompletionResultType]::ParameterName, 'The password of STORE from now on; the one that opened it, or the first --password, if not said')
            [CompletionResult]::new('--max-iterations', '--max-iterations', [CompletionResultType]::ParameterName, 'Let a file ask for this many iterations of key derivation')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Write PKCS#12 with triple DES and SHA-1, for Windows Server before 2019, old macOS and Java 8')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;inspect' {
            [CompletionResult]::new('--trust', '--trust', [CompletionResultType]::ParameterName, 'Judge the chain by the trusted certificates of this store')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Judge whether the leaf is good for this host name or IP address')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'Judge whether the leaf may be used by this side')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'Judge by this CRL too (repeatable)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--key-password', '--key-password', [CompletionResultType]::ParameterName, 'Try this one on keys that have a password of their own (repeatable; the same forms)')
            [CompletionResult]::new('--max-iterations', '--max-iterations', [CompletionResultType]::ParameterName, 'Let a file ask for this many iterations of key derivation')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'Print the certificates as PEM, and nothing else')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;handshake' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The server''s two stores')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client''s two stores')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name that the client asks for and checks; without it, the first name in the server''s certificate')
            [CompletionResult]::new('--server-alias', '--server-alias', [CompletionResultType]::ParameterName, 'Which entry of the server''s keystore to use')
            [CompletionResult]::new('--client-alias', '--client-alias', [CompletionResultType]::ParameterName, 'Which entry of the client''s keystore to use')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'Refuse the certificates on this CRL (repeatable)')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Speak this TLS version only')
            [CompletionResult]::new('--alpn', '--alpn', [CompletionResultType]::ParameterName, 'Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this time: 500ms, 3s, 2m')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt')
            [CompletionResult]::new('--key-password', '--key-password', [CompletionResultType]::ParameterName, 'Try this one on keys that have a password of their own (repeatable; the same forms)')
            [CompletionResult]::new('--max-iterations', '--max-iterations', [CompletionResultType]::ParameterName, 'Let a file ask for this many iterations of key derivation')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the scripts of all shells to this folder, each under the name that its shell looks for')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'mtls;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write mtls.1 and a page for each command to this folder, and print nothing but what was written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and drawn symbols')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object, for scripts')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Let warnings count as errors')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show every field')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Show findings and errors only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
