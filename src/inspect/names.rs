//! Names for the numbers in certificates, so that nobody has to read an object identifier.

/// Extensions of certificates: RFC 5280 section 4.2, and others that are met in the wild.
const EXTENSIONS: &[(&str, &str)] = &[
    ("2.5.29.9", "subjectDirectoryAttributes"),
    ("2.5.29.14", "subjectKeyIdentifier"),
    ("2.5.29.15", "keyUsage"),
    ("2.5.29.16", "privateKeyUsagePeriod"),
    ("2.5.29.17", "subjectAltName"),
    ("2.5.29.18", "issuerAltName"),
    ("2.5.29.19", "basicConstraints"),
    ("2.5.29.30", "nameConstraints"),
    ("2.5.29.31", "cRLDistributionPoints"),
    ("2.5.29.32", "certificatePolicies"),
    ("2.5.29.33", "policyMappings"),
    ("2.5.29.35", "authorityKeyIdentifier"),
    ("2.5.29.36", "policyConstraints"),
    ("2.5.29.37", "extKeyUsage"),
    ("2.5.29.46", "freshestCRL"),
    ("2.5.29.54", "inhibitAnyPolicy"),
    ("1.3.6.1.5.5.7.1.1", "authorityInfoAccess"),
    ("1.3.6.1.5.5.7.1.3", "qcStatements"),
    ("1.3.6.1.5.5.7.1.11", "subjectInfoAccess"),
    ("1.3.6.1.5.5.7.1.24", "tlsFeature"),
    ("1.3.6.1.5.5.7.48.1.5", "ocspNoCheck"),
    ("1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestamps"),
    ("1.3.6.1.4.1.11129.2.4.3", "ctPoison"),
    ("1.3.6.1.4.1.311.20.2", "microsoftCertificateTemplateName"),
    ("1.3.6.1.4.1.311.21.1", "microsoftCaVersion"),
    ("1.3.6.1.4.1.311.21.2", "microsoftPreviousCaCertificateHash"),
    ("1.3.6.1.4.1.311.21.7", "microsoftCertificateTemplate"),
    ("1.3.6.1.4.1.311.21.10", "microsoftApplicationPolicies"),
    ("2.16.840.1.113730.1.1", "netscapeCertType"),
    ("2.16.840.1.113730.1.13", "netscapeComment"),
];

/// Purposes of extKeyUsage beyond those that RFC 5280 names.
const USAGES: &[(&str, &str)] = &[
    ("1.3.6.1.5.5.7.3.5", "ipsecEndSystem"),
    ("1.3.6.1.5.5.7.3.6", "ipsecTunnel"),
    ("1.3.6.1.5.5.7.3.7", "ipsecUser"),
    ("1.3.6.1.5.5.7.3.17", "ipsecIKE"),
    ("1.3.6.1.5.5.7.3.21", "sshClient"),
    ("1.3.6.1.5.5.7.3.22", "sshServer"),
    ("1.3.6.1.5.5.7.3.36", "documentSigning"),
    ("1.3.6.1.5.2.3.4", "kerberosClientAuth"),
    ("1.3.6.1.5.2.3.5", "kerberosKdc"),
    ("1.3.6.1.4.1.311.10.3.3", "microsoftServerGatedCrypto"),
    ("1.3.6.1.4.1.311.10.3.4", "microsoftEncryptedFileSystem"),
    ("1.3.6.1.4.1.311.10.3.12", "microsoftDocumentSigning"),
    ("1.3.6.1.4.1.311.20.2.2", "microsoftSmartcardLogon"),
    ("1.3.6.1.4.1.311.54.1.2", "microsoftRemoteDesktop"),
    ("2.16.840.1.113730.4.1", "netscapeServerGatedCrypto"),
    ("2.23.133.8.3", "tpmAttestationKey"),
];

/// What an extension is called: its name, or `unknown extension (1.2.3)`.
pub fn extension_name(oid: &str) -> String {
    name_in(EXTENSIONS, oid).map_or_else(|| format!("unknown extension ({oid})"), str::to_owned)
}

/// What a purpose of extKeyUsage is called; `word` is a name already, or a number.
pub fn usage_name(word: &str) -> String {
    match name_in(USAGES, word) {
        Some(name) => name.to_owned(),
        None if word.starts_with(|c: char| c.is_ascii_digit()) => format!("unknown purpose ({word})"),
        None => word.to_owned(),
    }
}

fn name_in(table: &[(&str, &'static str)], oid: &str) -> Option<&'static str> {
    table.iter().find(|(number, _)| *number == oid).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names_or_say_that_they_have_none() {
        assert_eq!(extension_name("2.5.29.31"), "cRLDistributionPoints");
        assert_eq!(extension_name("1.2.3"), "unknown extension (1.2.3)");
        assert_eq!(usage_name("serverAuth"), "serverAuth");
        assert_eq!(usage_name("1.3.6.1.5.5.7.3.17"), "ipsecIKE");
        assert_eq!(usage_name("1.2.3"), "unknown purpose (1.2.3)");
    }
}
