//! Names what is no store at all, with the way out.

mod embedded;
mod hex;

use super::{FORMATS, Format, text};
use crate::error::{Error, Kind};
use crate::formats::der::begins_as_der;
use zeroize::Zeroizing;

/// Says what bytes are that no reader takes, and what to do about it. `name` is what the file is called.
pub fn refusal(bytes: &[u8], name: &str) -> Error {
    let (what, fix) = recognise(bytes).unwrap_or_else(|| fallback(bytes));
    super::named_in_fix(Error::new(Kind::NotAStore, what, fix), name)
}

type Named = (String, String);

fn named(what: &str, fix: &str) -> Option<Named> {
    Some((what.to_owned(), fix.to_owned()))
}

fn recognise(bytes: &[u8]) -> Option<Named> {
    if bytes.is_empty() {
        return named("an empty file", "make or copy it again: what wrote it failed, or is not done yet");
    }
    if bytes.iter().all(|b| *b == 0) {
        return named("a file of zeros only: its content was lost", "get it again from where it came from, or from a backup");
    }
    if bytes.starts_with(b"HTTP/") {
        return of_text(&String::from_utf8_lossy(&bytes[..bytes.len().min(64)]));
    }
    if let Some((_, _, what, fix)) = MAGIC.iter().find(|(at, magic, ..)| bytes.get(*at..).is_some_and(|b| b.starts_with(magic))) {
        return named(what, fix);
    }
    if let Some(named) = lost_as_text(bytes) {
        return Some(named);
    }
    if text::is_text(bytes) {
        let text = text::decode(bytes);
        if let Some((inner, command)) = hex::decode(&text) {
            let (what, extension) = title_of(&inner);
            return Some((format!("{what} as hexadecimal digits"), format!("turn it back: {command} > FILE.{extension}")));
        }
        if let Some(inner) = text::bare_base64(bytes) {
            // base64 refuses the carriage returns of Windows
            let command = if bytes.contains(&b'\r') { "tr -d '\\r' < FILE | base64 -d" } else { "base64 -d FILE" };
            return Some(base64_of(&inner, command));
        }
        if let Some(inner) = base64_in_url(&text) {
            return Some(base64_of(&inner.0, inner.1));
        }
        return embedded::recognise(&text).or_else(|| of_text(&text));
    }
    None
}

/// Offset, magic number, what it is, what to do.
const MAGIC: &[(usize, &[u8], &str, &str)] = &[
    (0, &[0x1f, 0x8b], "gzip data", "unpack it first: gunzip -c FILE > FILE.unpacked"),
    (0, b"PK\x03\x04", "a zip or jar archive", "unpack it first: unzip FILE"),
    (0, &[0xfd, b'7', b'z', b'X', b'Z', 0], "xz data", "unpack it first: xz -dc FILE > FILE.unpacked"),
    (0, b"BZh", "bzip2 data", "unpack it first: bzip2 -dc FILE > FILE.unpacked"),
    (0, &[0x28, 0xb5, 0x2f, 0xfd], "zstd data", "unpack it first: zstd -dc FILE > FILE.unpacked"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first: 7z x FILE"),
    (257, b"ustar", "a tar archive", "unpack it first: tar -xf FILE"),
    (
        0,
        b"\0\0\0\0CERT",
        "a Windows serialized certificate store (.sst)",
        "on Windows, in PowerShell: Get-PfxData does not read it; certutil -split -dump FILE writes its certificates as files",
    ),
    (
        0,
        &[0x1e, 0xf1, 0xb5, 0xb0],
        "a Windows private key in PVK",
        "bring it into PEM: openssl rsa -inform PVK -in FILE -out FILE.pem",
    ),
    (
        0,
        &[0x07, 0x02, 0, 0, 0, 0xa4, 0, 0],
        "a Windows private key blob",
        "bring it into PEM: openssl rsa -inform MSBLOB -in FILE -out FILE.pem",
    ),
    (
        0,
        b"SQLite format 3\0",
        "an SQLite database (NSS, as in Firefox, keeps keys in one)",
        "take the entry out: pk12util -o out.p12 -n NICKNAME -d sql:FOLDER",
    ),
    (8, b"KBXf", "a GnuPG keybox, which TLS does not use", "for S/MIME keys: gpgsm --export-secret-key-p12 KEY > key.p12"),
    (0, b"PK\x05\x06", "an empty zip archive", "ask its sender for the keystore itself"),
    (0, b"Rar!\x1a\x07", "a RAR archive", "unpack it first: unrar x FILE"),
    (0, b"kych", "a keychain of macOS", "take the identity out: security export -t identities -f pkcs12 -k FILE -o out.p12"),
    (
        0,
        &[0, 6, 0x15, 0x61],
        "a Berkeley database (old NSS, cert8.db and key3.db)",
        "take the entry out: pk12util -o out.p12 -n NICKNAME -d dbm:FOLDER",
    ),
    (
        0,
        &[0xac, 0xed, 0, 5],
        "a serialized Java object, not a keystore",
        "have the program that wrote it call KeyStore.store, or export a PKCS#12",
    ),
    (0, &[0xca, 0xfe, 0xba, 0xbe], "a compiled Java class or a program for macOS", "name the keystore's file"),
    (0, &[0xcf, 0xfa, 0xed, 0xfe], "a program, not a keystore", "name the keystore's file"),
    (0, b"MZ", "a Windows program, not a keystore", "name the keystore's file"),
    (0, b"\x89PNG\r\n", "a picture (PNG)", "ask the sender for the certificate file itself"),
    (0, &[0xff, 0xd8, 0xff], "a picture (JPEG)", "ask the sender for the certificate file itself"),
    (0, b"GIF8", "a picture (GIF)", "ask the sender for the certificate file itself"),
    (0, &[0xd0, 0xcf, 0x11, 0xe0], "a Microsoft Office or Outlook file", "save the certificate that is attached to it as a file"),
    (0, &[3, 0xd9, 0xa2, 0x9a], "a KeePass database", "save the attached keystore out of it as a file"),
    (0, b"bplist00", "an Apple property list (a configuration profile, perhaps)", "bring it into XML: plutil -convert xml1 FILE"),
    (0, b"%PDF", "a PDF document", "ask the sender for the certificate file itself"),
    (0, b"\x7fELF", "a program, not a keystore", "name the keystore's file"),
    (0, b"SSH PRIVATE KEY FILE FORMAT 1.1\n", "an SSH version 1 key, which nothing uses any more", "make a new key"),
];

/// Base64 of a whole file, as secrets in configuration often are.
fn base64_of(inner: &[u8], command: &str) -> Named {
    let (what, extension) = title_of(inner);
    (format!("base64 of {what}"), format!("decode it: {command} > FILE.{extension}"))
}

/// What decoded bytes are, and how a file of them may end.
fn title_of(inner: &[u8]) -> (String, &'static str) {
    match FORMATS.iter().find(|f| (f.looks_like)(inner)).map(|f| f.format) {
        Some(Format::Pkcs12) => ("PKCS#12".to_owned(), "p12"),
        Some(format @ (Format::Jks | Format::Jceks | Format::Bks | Format::Uber | Format::Bcfks)) => {
            (format.to_string(), format.name())
        }
        Some(Format::Pem) => ("PEM".to_owned(), "pem"),
        Some(Format::Der | Format::Csr | Format::Crl | Format::Pkcs7) if begins_as_der(inner) => ("DER".to_owned(), "der"),
        Some(_) => ("base64".to_owned(), "der"),
        None => match recognise(inner) {
            Some((what, _)) => (what, "decoded"),
            None if text::is_text(inner) => ("a text without a certificate or key".to_owned(), "txt"),
            None => ("data of an unknown kind".to_owned(), "decoded"),
        },
    }
}

/// Base64 behind `data:TYPE;base64,`, or with the letters that stand in URLs; with the command that decodes the file FILE.
fn base64_in_url(text: &str) -> Option<(Zeroizing<Vec<u8>>, &'static str)> {
    let text = text.trim();
    if let Some((_, packed)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        return Some((text::bare_base64(packed.as_bytes())?, "sed 's/^data:.*;base64,//' FILE | base64 -d"));
    }
    let standard = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    let inner = text::bare_base64(standard.as_bytes())?;
    // a text of words and dashes may look alike
    FORMATS.iter().find(|f| (f.looks_like)(&inner))?;
    // base64 -d wants whole groups of four
    let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '=').count();
    let command = match letters % 4 {
        2 => "(tr -d '\\n=' < FILE; echo ==) | tr -- '-_' '+/' | base64 -di",
        3 => "(tr -d '\\n=' < FILE; echo =) | tr -- '-_' '+/' | base64 -di",
        _ => "tr -- '-_' '+/' < FILE | base64 -di",
    };
    Some((inner, command))
}

/// Binary data that a program took for text: bytes beyond ASCII became characters of UTF-8, or one mark for all.
fn lost_as_text(bytes: &[u8]) -> Option<Named> {
    let start = &bytes[..bytes.len().min(64)];
    if start.windows(3).filter(|w| *w == [0xef, 0xbf, 0xbd]).count() >= 2 {
        return named(
            "binary data that was copied as text: its bytes beyond ASCII are lost",
            "copy the file again, in binary mode (scp, curl -o, ftp's binary)",
        );
    }
    // characters of Latin-1, each in two bytes
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.chars().all(|c| u32::from(c) < 0x100))?;
    let inner: Vec<u8> = text.chars().map(|c| u32::from(c) as u8).collect();
    let format = FORMATS.iter().find(|f| !text::is_text(&inner) && (f.looks_like)(&inner)).map(|f| f.format)?;
    Some((
        format!("{format} that was copied as text: each byte beyond ASCII became two"),
        "turn it back: iconv -f UTF-8 -t ISO-8859-1 FILE > FILE.mended".to_owned(),
    ))
}

const NAME_A_STORE: &str = "name a file with BEGIN CERTIFICATE or BEGIN PRIVATE KEY in it, or a keystore";

fn of_text(text: &str) -> Option<Named> {
    let start = text.trim_start();
    let starts = |mark: &str| start.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
    let any = |marks: &[&str]| marks.iter().any(|mark| starts(mark));
    match () {
        () if start.is_empty() => named("a file of white space only", "make or copy it again: what wrote it failed"),
        () if any(&["<!doctype html", "<html", "<head", "<body"]) => named(
            "an HTML page, not a keystore: the download ended at a login or error page",
            "download it again with a valid login, and look at the start: head -c 300 FILE",
        ),
        () if text.contains("X509Certificate>") => named(
            "XML with certificates in it (SAML metadata, a signature)",
            "copy the text between <X509Certificate> and its end into a file of its own: it is read as base64",
        ),
        () if any(&["<?xml", "<"]) => named("XML, not a keystore", NAME_A_STORE),
        () if any(&["ssh-rsa ", "ssh-ed25519 ", "ssh-dss ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "---- BEGIN SSH2"]) => {
            named("an SSH public key", "TLS needs a certificate: name a file with BEGIN CERTIFICATE in it")
        }
        () if text.contains("-cert-v01@openssh.com ") => named(
            "an SSH certificate, which TLS does not use",
            "TLS needs an X.509 certificate: name a file with BEGIN CERTIFICATE in it",
        ),
        () if starts("HTTP/1.") || starts("HTTP/2 ") => named(
            "a saved HTTP answer, with its header before the content",
            "download it again without the header: curl -o FILE, without -i",
        ),
        () if starts("PuTTY-User-Key-File") => named(
            "a PuTTY key, in a format that only SSH uses",
            "bring it into PKCS#8: puttygen FILE -O private-openssh -o FILE.pem && ssh-keygen -p -m PKCS8 -f FILE.pem",
        ),
        () if starts("AGE-SECRET-KEY-") || text.contains("\nAGE-SECRET-KEY-") => {
            named("an age key, which TLS does not use", NAME_A_STORE)
        }
        () if starts("age-encryption.org/") || starts("-----BEGIN AGE ENCRYPTED FILE") => {
            named("a file encrypted with age", "decrypt it: age -d -i IDENTITY -o FILE.plain FILE")
        }
        () if text.contains("ENC[AES256_GCM,") => {
            named("a file encrypted with SOPS", "decrypt a copy: sops -d FILE > FILE.plain")
        }
        () if starts("version https://git-lfs") => {
            named("a Git LFS pointer, not the file itself", "fetch the file: git lfs pull --include FILE")
        }
        () if starts("$ANSIBLE_VAULT") => {
            named("an Ansible vault", "decrypt a copy: ansible-vault decrypt --output FILE.plain FILE")
        }
        () if starts("Certificate:") || text.contains("Signature Algorithm: ") => named(
            "a certificate as text for people (openssl x509 -text -noout): the certificate itself is not in it",
            "ask for the file with BEGIN CERTIFICATE in it; openssl x509 -in CERT prints that",
        ),
        () if text.contains("BEGIN CERTIFICATE") || text.contains("PRIVATE KEY-") || text.contains("BEGIN PRIVATE KEY") => named(
            "PEM whose BEGIN line is not whole: it has five dashes before and after",
            "mend the line: -----BEGIN CERTIFICATE-----",
        ),
        () if starts("Keystore type:") => {
            named("keytool's listing, without the certificates themselves", "list with -rfc, or name the keystore itself")
        }
        () if any(&["MIME-Version:", "Content-Type:"]) && text.contains("pkcs7-") => named(
            "an S/MIME message; the certificates are in its signature",
            "take them out: openssl smime -pk7out -in FILE -out FILE.p7b",
        ),
        () if only_comments(start) => named("a file of comments only: no certificate and no key is in it", NAME_A_STORE),
        () => None,
    }
}

fn only_comments(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with(['#', ';']) || line.starts_with("//"))
}

fn fallback(bytes: &[u8]) -> Named {
    if text::is_text(bytes) {
        return ("a text without a certificate or key in it".to_owned(), NAME_A_STORE.to_owned());
    }
    if begins_as_der(bytes) {
        // the readers of DER give better reasons; this is for callers that come here first
        return (
            "binary (DER) data of an unknown kind".to_owned(),
            "openssl asn1parse -inform DER -i -in FILE shows it".to_owned(),
        );
    }
    let start = crate::safe::hex(&bytes[..bytes.len().min(8)]);
    (
        format!("binary data of no known kind (it begins with {start})"),
        "check what it is: file FILE; ask its sender for PKCS#12 or PEM".to_owned(),
    )
}

#[cfg(test)]
mod tests;
