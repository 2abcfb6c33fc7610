
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
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Look into keystores, truststores, certificates, keys, requests and CRLs')
            [CompletionResult]::new('handshake', 'handshake', [CompletionResultType]::ParameterValue, 'Shake hands between two pairs of stores, and say from both sides what happened')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell, or write those of all shells to a folder')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write the pages of all commands to a folder')
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
