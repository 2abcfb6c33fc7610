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
complete -c mtls -n "__fish_mtls_needs_command" -f -a "inspect" -d 'Look into keystores, truststores, certificates, keys, requests and CRLs'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "handshake" -d 'Shake hands between two pairs of stores, and say from both sides what happened'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "completions" -d 'Print a completion script for a shell, or write those of all shells to a folder'
complete -c mtls -n "__fish_mtls_needs_command" -f -a "man" -d 'Print the manual page, or write the pages of all commands to a folder'
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
