//! The catalogue: one row a code, in the order in which a root cause wins over its company.
//!
//! A code is a promise to scripts: it never changes its meaning, and a new cause gets a new code (diagnosis.md).

use super::finding::Code;

/// What a code means, whatever the certificates at hand.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The code.
    pub code: Code,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// Why it matters and how it comes about.
    pub cause: &'static str,
    /// What to do, in general.
    pub remedy: &'static str,
}

macro_rules! catalogue {
    ($($constant:ident $word:literal: $title:literal; $cause:literal; $remedy:literal)*) => {
        $(#[doc = $title] pub const $constant: Code = Code($word);)*
        /// Every code, the first to be a headline first.
        pub const CATALOGUE: &[Row] = &[$(Row { code: $constant, title: $title, cause: $cause, remedy: $remedy }),*];
    };
}

catalogue! {
    // we could not look
    FILE_UNREADABLE "file-unreadable": "a file is missing, a directory without certificates, or not readable by this user";
        "nothing can be judged before it is read"; "check the path and the permissions"
    NOT_A_STORE "not-a-store": "a file is in no format that holds keys or certificates";
        "the wrong file was saved or sent: an HTML page, a public key, text around a store"; "get the store itself; mtls inspect FILE says what the file looks like"
    DAMAGED_STORE "damaged-store": "a store's format is known, its content is cut off or altered";
        "a copy in text mode, an interrupted download, a disk fault"; "copy the file again from its origin, byte for byte"
    TOO_COSTLY "too-costly": "a file asks for more work or memory than the budget";
        "a store made to keep its reader busy, or one with unusually careful settings"; "if you trust the file, lift the cap with the option that the message names"
    UNSUPPORTED_ALGORITHM "unsupported-algorithm": "a store or key uses a cipher, KDF, MAC or key type that mtls does not know";
        "an exotic or very old tool wrote it"; "have it written anew with AES-256 and SHA-256"
    WRONG_PASSWORD "wrong-password": "the password does not open the store";
        "a typing error, another store's password, or a store that was altered under its MAC"; "give the right one with --password"
    KEY_PASSWORD_DIFFERS "key-password-differs": "the store opens, but a key in it needs another password";
        "keytool -keypass, or an encrypted key in a PEM file; most servers and Java's PKCS#12 know one password only"; "give it with --key-password, or make the two the same"
    // the stores are not what they should be
    TRUSTSTORE_IS_KEYSTORE "truststore-is-keystore": "a file given as truststore holds a private key and no trusted certificate";
        "keystore and truststore were given the wrong way round"; "swap the two"
    NO_PRIVATE_KEY "no-private-key": "a file given as keystore holds no private key";
        "the certificate alone was exported, or a truststore was given"; "export key and certificate together, or bundle them with mtls keystore"
    NO_CERTIFICATE_FOR_KEY "no-certificate-for-key": "a private key without its certificate";
        "the CA's answer was never imported"; "bundle key and certificate with mtls keystore"
    SEVERAL_KEYS "several-keys": "several private keys, and none was chosen";
        "each server picks in its own way: the first, the one whose type fits, the one that an alias names"; "name the entry, or keep one key per keystore"
    TRUSTSTORE_EMPTY "truststore-empty": "the truststore holds no trusted certificate";
        "nothing was imported, or its entries could not be read"; "add the CA with mtls truststore"
    KEY_MISMATCH "key-mismatch": "the private key does not belong to the certificate";
        "a certificate renewed with a new key, or files of two servers mixed up"; "bundle the key with the certificate that was issued for it"
    CHAIN_OUT_OF_ORDER "chain-out-of-order": "the certificates are not leaf first, each next one the issuer";
        "files were put together in the wrong order"; "write the leaf first, then each issuer: mtls keystore does it"
    UNSUPPORTED_KEY "unsupported-key": "a key type that TLS peers do not take";
        "DSA, Ed448, brainpool and secp256k1 keys exist, TLS stacks refuse them"; "have a certificate issued for an EC P-256 or RSA key"
    WEAK_KEY "weak-key": "a key that today's stacks refuse: RSA below 2048 bits, or similar";
        "old certificates and appliances"; "have a certificate issued for a new key: EC P-256, or RSA with 2048 bits and more"
    // trust
    BAD_SIGNATURE "bad-signature": "a certificate's signature does not verify with its issuer's key";
        "the certificate was altered or damaged"; "get the certificate anew from its issuer"
    OLD_CERTIFICATE_VERSION "old-certificate-version": "an X.509 version 1 certificate where version 3 is needed";
        "openssl x509 -req without extensions makes them"; "issue it anew with extensions (mtls server, mtls client)"
    UNKNOWN_CRITICAL_EXTENSION "unknown-critical-extension": "a certificate has a critical extension that verifiers must refuse";
        "a CA put a private extension in and marked it critical"; "have it issued without, or not critical"
    WEAK_SIGNATURE "weak-signature": "an MD5 or SHA-1 signature below the root";
        "a certificate from an old CA"; "have it issued anew with SHA-256"
    MALFORMED_CERTIFICATE "malformed-certificate": "a certificate that verifiers cannot read or that contradicts itself";
        "a home-made or damaged certificate: dates that end before they start, extensions that are not well-formed"; "have it issued anew"
    NOT_A_CA "not-a-ca": "an issuer in the chain is no CA";
        "a server's certificate was used to sign another, or a CA was made without basicConstraints CA:true"; "issue from a real CA certificate"
    CA_CANNOT_SIGN "ca-cannot-sign": "a CA in the chain has a keyUsage without keyCertSign";
        "a CA made from a server template"; "make the CA anew with keyCertSign"
    PATH_TOO_LONG "path-too-long": "a CA's path length constraint is exceeded";
        "an intermediate that may issue leaves only has issued another CA"; "issue from a CA whose constraint allows it"
    NAME_CONSTRAINT_VIOLATED "name-constraint-violated": "a name in the leaf is outside a CA's name constraints";
        "the CA may issue for some domains only"; "issue the certificate for names within them, or from another CA"
    REVOKED "revoked": "a certificate is on a revocation list that was given";
        "its issuer withdrew it"; "have a new certificate issued"
    CRL_UNUSABLE "crl-unusable": "a revocation list that was given cannot be relied on";
        "it is past its next update, or another key than the issuer's signed it"; "get the present list from the CA that issued the certificates"
    SAME_NAME_OTHER_KEY "same-name-other-key": "the truststore holds a CA of the issuer's name, but with another key";
        "the CA was made anew: the name stayed, the key changed"; "put the present CA certificate into the truststore"
    WRONG_INTERMEDIATE "wrong-intermediate": "an intermediate of the right name is sent, but it did not sign the leaf";
        "the intermediate CA was renewed with another key, and the old certificate is in the keystore"; "bundle the intermediate that signed the leaf"
    TRUSTSTORE_HAS_LEAF "truststore-has-leaf": "the truststore holds the peer's own certificate, not its CA";
        "some stacks accept this, others do not; and it breaks at each renewal"; "trust the CA instead"
    SELF_SIGNED_UNTRUSTED "self-signed-untrusted": "the certificate is self-signed, and the truststore does not hold it";
        "there is no CA behind it, so every peer must hold the certificate itself"; "add it to the truststore, or use a certificate of a CA"
    MISSING_INTERMEDIATE "missing-intermediate": "the keystore does not send an intermediate that links its leaf to a trusted root";
        "the leaf was bundled without the CA's intermediate certificates; browsers hide this, other clients do not"; "bundle the intermediates with the leaf"
    UNTRUSTED_ISSUER "untrusted-issuer": "the chain's top CA is not in the other side's truststore";
        "the other side does not trust this CA at all"; "add the CA to that truststore"
    // time, name, usage
    EXPIRED "expired": "a certificate has expired";
        "it was not renewed, or the renewed one is not in this store"; "renew it"
    NOT_YET_VALID "not-yet-valid": "a certificate is not valid yet";
        "freshly made elsewhere, or a clock is behind"; "check the clock on both sides, or wait"
    NOT_FOR_SERVER "not-for-server": "extendedKeyUsage is there without serverAuth";
        "a client's certificate is used by a server"; "have a certificate issued for servers"
    NOT_FOR_CLIENT "not-for-client": "extendedKeyUsage is there without clientAuth";
        "a server's certificate is used by a client; public CAs stopped issuing clientAuth in 2025 and 2026"; "have a client certificate issued, from a private CA"
    CA_AS_LEAF "ca-as-leaf": "a CA certificate is used as a server's or client's own";
        "openssl req -x509 marks what it makes as a CA; some stacks take that for a leaf, others do not"; "issue a certificate that is no CA (mtls server, mtls client)"
    KEY_USAGE_FORBIDS_TLS "key-usage-forbids-tls": "keyUsage is there without digitalSignature";
        "a certificate for encryption only: TLS 1.3 and every ECDHE suite sign"; "have it issued with digitalSignature"
    NO_SAN "no-san": "the certificate has only a common name, no subjectAltName";
        "made by an old recipe; today's clients look at subjectAltName only"; "issue it anew with the names as subjectAltName"
    IP_NOT_IN_SAN "ip-not-in-san": "the client connects by IP address, and the certificate has no such iPAddress name";
        "a DNS name with digits does not count as an address"; "issue it with the address, or connect by name"
    WILDCARD_MISMATCH "wildcard-mismatch": "a wildcard name is there but does not cover the name";
        "a wildcard stands for exactly one label"; "add the full name to the certificate"
    NAME_MISMATCH "name-mismatch": "no subjectAltName matches the name that the client asked for";
        "the client uses another name than the certificate was issued for"; "issue it for that name, or use a name that it has"
    // the exchange
    CLIENT_CERTIFICATE_WITHHELD "client-certificate-withheld": "the client has a certificate but does not send it: its issuer is not among the CAs that the server asks for";
        "Java, Go and .NET choose by the server's list of CA names, and send nothing when none fits"; "add the client's CA to the server's truststore"
    CLIENT_CERTIFICATE_MISSING "client-certificate-missing": "the server requires a client certificate and the client has none to send";
        "no keystore was configured on the client"; "give the client a keystore"
    CLIENT_NOT_ASKED "client-not-asked": "the server never asks for a client certificate: this is one-way TLS";
        "client authentication is switched off at the server"; "switch it on and give the server a truststore"
    CLIENT_OPTIONAL "client-optional": "the server asks for a client certificate but also serves clients without one";
        "client authentication is optional at the server"; "make it required"
    NO_COMMON_VERSION "no-common-version": "no TLS version in common";
        "one side is too old, or restricted to one version"; "allow TLS 1.2 and 1.3 on both sides"
    NO_COMMON_CIPHER "no-common-cipher": "no cipher suite in common";
        "one side is restricted to suites that the other lacks"; "allow the ECDHE suites with AES-GCM or ChaCha20"
    NO_COMMON_SIGNATURE "no-common-signature": "no signature scheme fits the key of a side";
        "a key type that the other side's stack does not know"; "use an EC P-256 or RSA key"
    NO_COMMON_GROUP "no-common-group": "no key exchange group in common";
        "one side is restricted to groups that the other lacks"; "allow X25519 and P-256"
    ALPN_MISMATCH "alpn-mismatch": "no application protocol in common";
        "the client asks for a protocol that the server does not offer"; "offer the same one on both sides"
    NAME_NOT_SERVED "name-not-served": "the server refuses the asked name";
        "no virtual host of that name is there"; "ask for a name that the server serves"
    PEER_REJECTED "peer-rejected": "the peer closed with an alert, and nothing in our material explains it";
        "the reason is in the peer's log only"; "read the other side's log at that time"
    // the network
    NOT_TLS "not-tls": "the port answers, but not with TLS";
        "a plain port, a proxy, or a protocol that starts TLS later"; "use the TLS port, or --starttls"
    CONNECTION_REFUSED "connection-refused": "nothing listens there";
        "the server is down, or the port is wrong"; "check host and port"
    NAME_NOT_RESOLVED "name-not-resolved": "the host name does not resolve";
        "a typing error, or another network's name"; "check the name, or use the address"
    TIMED_OUT "timed-out": "no answer in the time allowed";
        "a firewall drops the packets, or the server hangs"; "check the way, or allow more with --timeout"
    CLOSED_EARLY "closed-early": "the peer closed the connection in mid-handshake without an alert";
        "a load balancer or a stack that drops connections without a word"; "read the other side's log at that time"
    // what works here, and not everywhere
    EXPIRES_SOON "expires-soon": "a certificate expires soon";
        "less than the asked span is left"; "renew it"
    TRUST_NOT_MARKED "trust-not-marked": "PKCS#12 trusted certificates without Java's trusted-key-usage attribute";
        "OpenSSL before 3.2, certtool and most libraries do not write it, and Java then sees an empty truststore"; "rewrite the store with mtls truststore"
    CHAIN_HAS_STRANGERS "chain-has-strangers": "certificates that belong to no chain of the leaf are sent along";
        "left over from another certificate"; "remove them"
}

/// The row of a code.
pub fn row(code: Code) -> Option<&'static Row> {
    CATALOGUE.iter().find(|r| r.code == code)
}

/// Where the code stands in the order of root causes: lower is more of a root.
pub fn rank(code: Code) -> usize {
    CATALOGUE.iter().position(|r| r.code == code).unwrap_or(CATALOGUE.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn codes_are_unique_words() {
        let mut words: Vec<&str> = CATALOGUE.iter().map(|r| r.code.word()).collect();
        assert!(words.iter().all(|w| w.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), CATALOGUE.len());
    }

    #[test]
    fn every_error_code_has_a_row() {
        for kind in [
            Kind::Unreadable,
            Kind::NotAStore,
            Kind::Damaged,
            Kind::WrongPassword,
            Kind::KeyPasswordDiffers,
            Kind::Unsupported,
            Kind::TooCostly,
        ] {
            let word = kind.code().unwrap();
            assert!(CATALOGUE.iter().any(|r| r.code.word() == word), "{word}");
        }
    }
}
