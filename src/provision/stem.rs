//! File names made of the names of certificates.

/// Names that Windows keeps for devices, whatever follows the first dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The longest stem in bytes: with an extension and a backup's it stays below the 255 of most file systems.
const MAX_LENGTH: usize = 200;

/// A file name without extension for `name`, which any file system takes: `*.example.com` becomes `_wildcard.example.com`,
/// `spiffe://example/api` becomes `spiffe-example-api`. Lower case, since some file systems do not tell cases apart.
pub fn stem(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        match c {
            '*' => out.push_str("_wildcard"),
            c if c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@') => out.push(c),
            // one for a run of others
            _ if out.ends_with('-') => {}
            _ => out.push('-'),
        }
        if out.len() > MAX_LENGTH {
            break;
        }
    }
    // hidden files and options begin with these, and Windows drops a dot at the end
    let trimmed = out.trim_matches(['.', '-']);
    let device = trimmed.split('.').next().unwrap_or_default();
    match trimmed {
        "" => "unnamed".to_owned(),
        _ if DEVICES.contains(&device) => format!("_{trimmed}"),
        _ => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn stems_are_safe_on_every_file_system() {
        for (name, expected) in [
            ("api.example", "api.example"),
            ("*.example.com", "_wildcard.example.com"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("2001:db8::1", "2001-db8-1"),
            ("::1", "1"),
            ("spiffe://example/ns/api", "spiffe-example-ns-api"),
            ("../../etc/passwd", "etc-passwd"),
            ("Billing Service", "billing-service"),
            ("ops@example.com", "ops@example.com"),
            ("NUL.txt", "_nul.txt"),
            ("-rf", "rf"),
            ("a\0b", "a-b"),
            ("..", "unnamed"),
        ] {
            assert_eq!(stem(name), expected, "{name}");
        }
        assert!(stem(&"ü".repeat(1000)).len() < 210);
    }
}
