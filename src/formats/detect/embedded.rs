//! Files that carry certificates inside of a field: Kubernetes Secrets, kubeconfig, JSON. They are named, with the
//! command that takes the certificate out; which field is meant is for the user to say.

use super::Named;
use crate::formats::{FORMATS, text};

/// How many fields are looked at; a Secret has a handful.
const MOST_FIELDS: usize = 10_000;

/// Names such a file and the way out of it.
pub fn recognise(text: &str) -> Option<Named> {
    let start = text.trim_start();
    // "[section]" begins an INI file
    let is_json = start.starts_with('{')
        || start.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', '[', '"', ']', '-']));
    let kind = fields(text).find(|(key, _)| *key == "kind").map(|(_, value)| value);
    match kind {
        Some("Secret" | "ConfigMap" | "List") => return Some(secret(text, is_json, kind == Some("ConfigMap"))),
        Some("Config") if text.contains("clusters") => return Some(kubeconfig()),
        _ => {}
    }
    if is_json && fields(text).any(|(key, _)| key == "kty") {
        return Some((
            "a JSON Web Key".to_owned(),
            "bring it into PEM: step crypto key format --pem FILE, or have the key exported as PKCS#8".to_owned(),
        ));
    }
    let carriers = carriers(text);
    if let Some((key, what)) = carriers.first().filter(|_| is_json) {
        let fix = format!("take it out and decode it: jq -r '.. | .\"{key}\"? // empty' FILE | base64 -d > {}", file_name(key));
        return Some((format!("JSON with {what} as base64 in its field {key}"), fix));
    }
    if is_json {
        return Some(("JSON without a certificate or key in it".to_owned(), super::NAME_A_STORE.to_owned()));
    }
    None
}

fn secret(text: &str, is_json: bool, is_map: bool) -> Named {
    let title = if is_map { "a Kubernetes ConfigMap" } else { "a Kubernetes Secret" };
    let carriers = carriers(text);
    if carriers.is_empty() {
        return (format!("{title} without a certificate or key in it"), super::NAME_A_STORE.to_owned());
    }
    let list: Vec<String> = carriers.iter().map(|(key, what)| format!("{key} ({what})")).collect();
    let (key, _) = carriers[0];
    let field = if is_map { "binaryData" } else { "data" };
    let file = file_name(key);
    let name = fields(text).find(|(k, v)| *k == "name" && is_word(v)).map(|(_, value)| value);
    let fix = match name {
        Some(name) if !is_map => {
            format!("kubectl get secret {name} -o jsonpath='{{.data.{}}}' | base64 -d > {file}", key.replace('.', "\\."))
        }
        _ if is_json => format!("jq -r '.{field}[\"{key}\"]' FILE | base64 -d > {file}"),
        _ => format!("yq -r '.{field}[\"{key}\"]' FILE | base64 -d > {file}"),
    };
    (format!("{title} with {}", crate::safe::all_of(&list)), fix)
}

fn kubeconfig() -> Named {
    let view = |path: &str, file: &str| {
        format!("kubectl config view --kubeconfig FILE --raw -o jsonpath='{{{path}}}' | base64 -d > {file}")
    };
    let parts = [
        view(".users[0].user.client-certificate-data", "client.crt"),
        view(".users[0].user.client-key-data", "client.key"),
        view(".clusters[0].cluster.certificate-authority-data", "ca.crt"),
    ];
    ("a kubeconfig: its certificates are in fields, as base64".to_owned(), parts.join("; "))
}

/// The fields whose value is base64 of something that we read, and what that is.
fn carriers(text: &str) -> Vec<(&str, String)> {
    let candidates = fields(text).filter(|(key, value)| is_word(key) && value.len() >= 40);
    candidates
        .filter_map(|(key, value)| {
            let inner = text::bare_base64(value.as_bytes())?;
            let format = FORMATS.iter().find(|f| (f.looks_like)(&inner))?.format;
            Some((key, format.to_string()))
        })
        .collect()
}

/// `key: value` and `"key": "value"`, wherever they stand: enough for YAML and JSON as programs write them.
fn fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(['\n', '\r', ',', '{']).take(MOST_FIELDS).filter_map(|piece| {
        let (key, value) = piece.split_once(':')?;
        Some((bare(key.trim_start().trim_start_matches("- ")), bare(value)))
    })
}

/// A word without the quotes and brackets around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_whitespace() || "\"'{}[],".contains(c))
}

/// Whether this can stand in a command line as it is.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 253 && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}

fn file_name(key: &str) -> &str {
    if is_word(key) && !key.starts_with(['.', '-']) { key } else { "decoded" }
}
