
use builtin;
use str;

set edit:completion:arg-completer[mtls] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'mtls'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'mtls'= {
            cand --color 'When to use colour and drawn symbols'
            cand --json 'Print one JSON object, for scripts'
            cand --strict 'Let warnings count as errors'
            cand -v 'Show every field'
            cand --verbose 'Show every field'
            cand -q 'Show findings and errors only'
            cand --quiet 'Show findings and errors only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand inspect 'Look into keystores, truststores, certificates, keys, requests and CRLs'
            cand handshake 'Shake hands between two pairs of stores, and say from both sides what happened'
            cand completions 'Print a completion script for a shell, or write those of all shells to a folder'
            cand man 'Print the manual page, or write the pages of all commands to a folder'
        }
        &'mtls;inspect'= {
            cand --trust 'Judge the chain by the trusted certificates of this store'
            cand --name 'Judge whether the leaf is good for this host name or IP address'
            cand --for 'Judge whether the leaf may be used by this side'
            cand --crl 'Judge by this CRL too (repeatable)'
            cand --at 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z'
            cand -p 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt'
            cand --password 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt'
            cand --key-password 'Try this one on keys that have a password of their own (repeatable; the same forms)'
            cand --max-iterations 'Let a file ask for this many iterations of key derivation'
            cand --color 'When to use colour and drawn symbols'
            cand --pem 'Print the certificates as PEM, and nothing else'
            cand --json 'Print one JSON object, for scripts'
            cand --strict 'Let warnings count as errors'
            cand -v 'Show every field'
            cand --verbose 'Show every field'
            cand -q 'Show findings and errors only'
            cand --quiet 'Show findings and errors only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;handshake'= {
            cand --server 'The server''s two stores'
            cand --client 'The client''s two stores'
            cand --name 'The name that the client asks for and checks; without it, the first name in the server''s certificate'
            cand --server-alias 'Which entry of the server''s keystore to use'
            cand --client-alias 'Which entry of the client''s keystore to use'
            cand --crl 'Refuse the certificates on this CRL (repeatable)'
            cand --tls 'Speak this TLS version only'
            cand --alpn 'Offer this application protocol, as in h2 or http/1.1 (repeatable, the preferred one first)'
            cand --timeout 'Give up after this time: 500ms, 3s, 2m'
            cand --at 'Judge as of this time: 2027-01-31, or RFC 3339 as in 2027-01-31T12:00:00Z'
            cand -p 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt'
            cand --password 'Try this password on every store (repeatable): pass:TEXT, env:NAME, file:PATH, fd:N, stdin or prompt'
            cand --key-password 'Try this one on keys that have a password of their own (repeatable; the same forms)'
            cand --max-iterations 'Let a file ask for this many iterations of key derivation'
            cand --color 'When to use colour and drawn symbols'
            cand --json 'Print one JSON object, for scripts'
            cand --strict 'Let warnings count as errors'
            cand -v 'Show every field'
            cand --verbose 'Show every field'
            cand -q 'Show findings and errors only'
            cand --quiet 'Show findings and errors only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;completions'= {
            cand --dir 'Write the scripts of all shells to this folder, each under the name that its shell looks for'
            cand --color 'When to use colour and drawn symbols'
            cand --json 'Print one JSON object, for scripts'
            cand --strict 'Let warnings count as errors'
            cand -v 'Show every field'
            cand --verbose 'Show every field'
            cand -q 'Show findings and errors only'
            cand --quiet 'Show findings and errors only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'mtls;man'= {
            cand --dir 'Write mtls.1 and a page for each command to this folder, and print nothing but what was written'
            cand --color 'When to use colour and drawn symbols'
            cand --json 'Print one JSON object, for scripts'
            cand --strict 'Let warnings count as errors'
            cand -v 'Show every field'
            cand --verbose 'Show every field'
            cand -q 'Show findings and errors only'
            cand --quiet 'Show findings and errors only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
