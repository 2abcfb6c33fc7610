use super::*;

#[test]
fn what_is_no_store_is_named_with_a_way_out() {
    let sixteen: Vec<u8> = [0xff, 0xfe].into_iter().chain("just a note".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: &[(&[u8], &str, &str)] = &[
        (b"", "an empty file", "copy it again"),
        (b"\n \n", "white space only", "copy it again"),
        (b"# the CA goes here\n\n; later\n", "comments only", "BEGIN CERTIFICATE"),
        (&[0; 4096], "zeros only", "backup"),
        (b"<!DOCTYPE html><html><body>login</body>", "an HTML page", "head -c 300 'a b.p12'"),
        (b"<?xml version=\"1.0\"?><project/>", "XML", "BEGIN CERTIFICATE"),
        (b"<md:X><ds:X509Certificate>MIIB</ds:X509Certificate></md:X>", "SAML", "read as base64"),
        (b"{\"a\": 1}", "JSON without", "keystore"),
        (b"{\"kty\":\"EC\",\"crv\":\"P-256\"}", "a JSON Web Key", "PEM"),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB user@host", "an SSH public key", "certificate"),
        (b"PuTTY-User-Key-File-3: ssh-ed25519\n", "PuTTY", "puttygen 'a b.p12' "),
        (b"\x1f\x8b\x08\0", "gzip", "gunzip -c 'a b.p12' > 'a b.p12'.unpacked"),
        (b"PK\x03\x04....", "zip or jar", "unzip"),
        (b"\xfd7zXZ\0..", "xz", "xz -dc"),
        (b"\0\0\0\0CERT....", ".sst", "certutil -split -dump"),
        (b"Certificate:\n    Data:\n        Version: 3", "text for people", "BEGIN CERTIFICATE"),
        (b"----BEGIN CERTIFICATE----\nMIIB\n----END CERTIFICATE----", "not whole", "-----BEGIN CERTIFICATE-----"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS", "git lfs pull"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/x-pkcs12\r\n\r\n0\x82\x01\x02\x03", "HTTP answer", "curl -o"),
        (b"\x89PNG\r\n\x1a\n", "a picture", "sender"),
        (b"kych\0\x01\0\0", "a keychain", "security export"),
        (b"\xac\xed\0\x05sr\0\x11java.util.HashMap", "serialized Java", "KeyStore.store"),
        (b"PK\x05\x06\0\0\0\0", "an empty zip", "sender"),
        (b"ssh-ed25519-cert-v01@openssh.com AAAA me", "an SSH certificate", "BEGIN CERTIFICATE"),
        (b"age-encryption.org/v1\n-> X25519 abc\n", "encrypted with age", "age -d"),
        (&[0x30, 0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 2, 1, 3], "bytes beyond ASCII are lost", "binary mode"),
        (b"changeit\n", "a text without", "keystore"),
        (&sixteen, "a text without", "keystore"),
        (&[0x80, 0xff, 0, 3, 9, 0xfe, 1, 2, 3], "it begins with 80ff000309fe0102", "file 'a b.p12'"),
    ];
    for (bytes, what, fix) in cases {
        let e = refusal(bytes, "a b.p12");
        assert_eq!(e.kind, Kind::NotAStore);
        assert!(e.what.contains(what), "{e}, not {what}");
        assert!(e.fix.contains(fix), "{e}, not {fix}");
        assert!(FORMATS.iter().all(|f| !(f.looks_like)(bytes)), "{what} is taken for a store");
    }
}

#[test]
fn base64_of_a_store_says_how_to_decode_it() {
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes).into_bytes();
    for (inner, what, extension) in [
        (vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 4, b'a', b'b', b'c', b'd', 0, 0], "JKS", "jks"),
        (include_bytes!("../../../fixtures/pkcs12/bouncycastle-PKCS12-3DES-3DES.p12").to_vec(), "PKCS#12", "p12"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----".to_vec(), "PEM", "pem"),
        ([&[0x1f, 0x8b, 8, 0][..], &[9; 40]].concat(), "gzip data", "decoded"),
    ] {
        let e = refusal(&encode(&inner), "k");
        assert_eq!(e.what, format!("base64 of {what}"));
        assert_eq!(e.fix, format!("decode it: base64 -d k > k.{extension}"));
    }
}

#[test]
fn kubernetes_secrets_say_how_to_take_the_parts_out() {
    let pem = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
    let yaml = format!(
        "apiVersion: v1\ndata:\n  tls.crt: {pem}\n  tls.key: {pem}\n  note: aGk=\nkind: Secret\nmetadata:\n  name: web-tls\ntype: kubernetes.io/tls\n"
    );
    let json =
        format!(r#"{{"kind": "Secret", "data": {{"tls.crt": "{pem}", "tls.key": "{pem}"}}, "metadata": {{"name": "web-tls"}}}}"#);
    for text in [yaml, json] {
        let e = refusal(text.as_bytes(), "secret");
        assert_eq!(e.what, "a Kubernetes Secret with tls.crt (PEM) and tls.key (PEM)");
        assert_eq!(e.fix, r"kubectl get secret web-tls -o jsonpath='{.data.tls\.crt}' | base64 -d > tls.crt");
    }
    let config =
        format!("apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {pem}\nkind: Config\nusers: []\n");
    let e = refusal(config.as_bytes(), "kubeconfig");
    assert!(e.what.starts_with("a kubeconfig") && e.fix.contains("--kubeconfig kubeconfig --raw"), "{e}");
}

#[test]
fn a_store_in_another_dress_says_how_to_undress_it() {
    use base64::Engine;
    let store = include_bytes!("../../../fixtures/pkcs12/bouncycastle-PKCS12-3DES-3DES.p12");
    let in_url = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(store);
    let standard = base64::engine::general_purpose::STANDARD.encode(store);
    let latin: String = store.iter().map(|b| char::from(*b)).collect();
    let cases = [
        (crate::safe::hex(store), "PKCS#12 as hexadecimal digits", "xxd -r -p > k.p12"),
        (standard.replace('/', "/\r\n"), "base64 of PKCS#12", "tr -d '\\r' < k | base64 -d > k.p12"),
        (in_url, "base64 of PKCS#12", "> k.p12"),
        (format!("data:application/x-pkcs12;base64,{standard}"), "base64 of PKCS#12", "base64 -d > k.p12"),
        (latin, "PKCS#12 that was copied as text: each byte beyond ASCII became two", "iconv"),
    ];
    for (text, what, fix) in cases {
        let e = refusal(text.as_bytes(), "k");
        assert!(e.what == what && e.fix.contains(fix), "{e}");
    }
}
