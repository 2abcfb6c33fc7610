//! First messages of TLS, made by hand: they offer what our own stack does not, to learn what a server speaks.
//!
//! No handshake comes of them. The key shares in them are points that anyone may know: the server's answer is read, and
//! the connection closed.

use crate::error::Result;

/// TLS 1.3, as every older version a number of IANA's registry.
pub const TLS13: u16 = 0x0304;
/// TLS 1.2.
pub const TLS12: u16 = 0x0303;

/// What a first message offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The versions, the highest first. SSL 3.0 alone is offered without any extension, as it was then.
    pub versions: Vec<u16>,
    /// The cipher suites.
    pub suites: Vec<u16>,
    /// The key exchange groups.
    pub groups: Vec<u16>,
    /// The signature schemes.
    pub schemes: Vec<u16>,
    /// The name to ask for; no IP address (RFC 6066 section 3).
    pub name: Option<String>,
    /// The application protocols.
    pub alpn: Vec<String>,
    /// A group to send a key share of, beside X25519 and P-256: the one that a server has asked for.
    pub share: Option<u16>,
}

/// TLS 1.3 suites, and those of TLS 1.2 and before: ECDHE, DHE and static RSA with GCM, ChaCha20, CCM, ARIA, Camellia, CBC,
/// 3DES, RC4, and what is older still.
pub const ALL_SUITES: &[u16] = &[
    0x1302, 0x1301, 0x1303, 0x1304, 0x1305, 0xc02c, 0xc02b, 0xc030, 0xc02f, 0xcca9, 0xcca8, 0xccaa, 0x009f, 0x009e, 0x00a3,
    0x00a2, 0xc0ad, 0xc0ac, 0xc0af, 0xc0ae, 0xc09f, 0xc09e, 0xc05d, 0xc05c, 0xc061, 0xc060, 0xc024, 0xc023, 0xc028, 0xc027,
    0xc00a, 0xc009, 0xc014, 0xc013, 0x006b, 0x0067, 0x006a, 0x0040, 0x0039, 0x0033, 0x0038, 0x0032, 0x00c4, 0x00be, 0x0088,
    0x0045, 0x009d, 0x009c, 0xc09d, 0xc09c, 0x003d, 0x003c, 0x0035, 0x002f, 0x00c0, 0x00ba, 0x0084, 0x0041, 0x0096, 0x0007,
    0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0xc007, 0xc011, 0x0005, 0x0004, 0x0015, 0x0012, 0x0009, 0x0003, 0x0006, 0x0008,
    0x0014, 0xc006, 0xc010, 0x003b, 0x0002, 0x0001, 0x00a7, 0x00a6, 0x0034, 0x003a, 0xc018, 0xc019, 0x00ff,
];
/// Every group that servers are known to speak, hybrids with ML-KEM first.
pub const ALL_GROUPS: &[u16] = &[
    0x11ec, 0x11eb, 0x11ed, 0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104, 0x001f, 0x0020,
    0x0021, 0x001a, 0x001b, 0x001c, 0x0016, 0x0015, 0x0013, 0x0029, 0x0200, 0x0201, 0x0202,
];
/// Every signature scheme that servers are known to use.
pub const ALL_SCHEMES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401,
    0x0501, 0x0601, 0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202, 0x0904, 0x0905, 0x0906,
];
/// The versions that have been, the highest first.
pub const ALL_VERSIONS: &[u16] = &[TLS13, TLS12, 0x0302, 0x0301, 0x0300];

/// `TLS 1.1`, `SSL 3.0`.
pub fn version_name(version: u16) -> String {
    match version {
        0x0300 => "SSL 3.0".to_owned(),
        0x0301..=0x0304 => format!("TLS 1.{}", version - 0x0301),
        other => format!("0x{other:04x}"),
    }
}

impl Offer {
    /// Everything, for a server that is asked for `name`.
    pub fn everything(name: Option<&str>) -> Offer {
        Offer {
            versions: vec![TLS13, TLS12, 0x0302, 0x0301],
            suites: ALL_SUITES.to_vec(),
            groups: ALL_GROUPS.to_vec(),
            schemes: ALL_SCHEMES.to_vec(),
            name: name.filter(|n| crate::pki::name::parse_ip(n).is_none()).map(str::to_owned),
            alpn: Vec::new(),
            share: None,
        }
    }

    /// The message in its record, ready to be sent.
    ///
    /// # Errors
    /// Internal, where the system's random generator fails.
    pub fn message(&self) -> Result<Vec<u8>> {
        let highest = self.versions.iter().copied().max().unwrap_or(TLS12);
        let mut body = Vec::new();
        body.extend(highest.min(TLS12).to_be_bytes());
        body.extend(crate::crypto::random(32)?);
        // a session id, as TLS 1.3 sends one for the sake of middleboxes (RFC 8446 appendix D.4)
        vector8(&mut body, &if highest == TLS13 { crate::crypto::random(32)? } else { Vec::new() });
        vector16(&mut body, &numbers(&self.suites));
        vector8(&mut body, &[0]);
        if highest > 0x0300 {
            vector16(&mut body, &self.extensions());
        }
        let mut record = vec![0x16, 0x03, if highest == 0x0300 { 0x00 } else { 0x01 }];
        let handshake = [&[1, 0][..], &length16(&body), &body].concat();
        vector16(&mut record, &handshake);
        Ok(record)
    }

    fn extensions(&self) -> Vec<u8> {
        let mut all = Vec::new();
        if let Some(name) = &self.name {
            let mut entry = vec![0];
            vector16(&mut entry, name.as_bytes());
            extension(&mut all, 0, &vectored16(&entry));
        }
        // point formats, renegotiation info, extended master secret
        extension(&mut all, 11, &[1, 0]);
        extension(&mut all, 0xff01, &[0]);
        extension(&mut all, 23, &[]);
        extension(&mut all, 10, &vectored16(&numbers(&self.groups)));
        if self.versions.iter().any(|v| *v >= TLS12) {
            extension(&mut all, 13, &vectored16(&numbers(&self.schemes)));
        }
        if !self.alpn.is_empty() {
            let mut names = Vec::new();
            self.alpn.iter().for_each(|name| vector8(&mut names, name.as_bytes()));
            extension(&mut all, 16, &vectored16(&names));
        }
        if self.versions.contains(&TLS13) {
            let mut versions = Vec::new();
            vector8(&mut versions, &numbers(&self.versions));
            extension(&mut all, 43, &versions);
            extension(&mut all, 45, &[1, 1]);
            let mut shares = Vec::new();
            let wanted = |g: &u16| Some(*g) == self.share || (self.share.is_none() && matches!(*g, 0x001d | 0x0017));
            for group in self.groups.iter().filter(|g| wanted(g)) {
                if let Some(share) = public_share(*group) {
                    shares.extend(group.to_be_bytes());
                    vector16(&mut shares, &share);
                }
            }
            extension(&mut all, 51, &vectored16(&shares));
        }
        all
    }
}

/// A public key of `group` that is well-formed: the generator, or the like. Nobody will use the secret.
fn public_share(group: u16) -> Option<Vec<u8>> {
    let point = |hex: &str| crate::safe::from_hex(&format!("04{hex}"));
    let small = |value: u8, size: usize| {
        let mut share = vec![0; size];
        share[0] = value;
        Some(share)
    };
    match group {
        0x001d => small(9, 32),
        0x001e => small(5, 56),
        // generators (SEC 2 section 2.4 to 2.6)
        0x0017 => point(P256),
        0x0018 => point(P384),
        0x0019 => point(P521),
        // 2, big-endian
        0x0100..=0x0104 => {
            let size = [256, 384, 512, 768, 1024][usize::from(group - 0x0100)];
            let mut share = vec![0; size];
            share[size - 1] = 2;
            Some(share)
        }
        // an encapsulation key all of zeros is one whose coefficients are in range (FIPS 203 section 7.2)
        0x11ec => Some([vec![0; 1184], small(9, 32)?].concat()),
        0x11eb => Some([point(P256)?, vec![0; 1184]].concat()),
        0x11ed => Some([point(P384)?, vec![0; 1568]].concat()),
        _ => None,
    }
}

const P256: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const P384: &str = "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f";
const P521: &str = "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650";

fn numbers(list: &[u16]) -> Vec<u8> {
    list.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// Two bytes of length; what we offer is far shorter than they can tell.
fn length16(bytes: &[u8]) -> [u8; 2] {
    (bytes.len() as u16).to_be_bytes()
}

fn vector8(out: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(255)];
    out.push(bytes.len() as u8);
    out.extend(bytes);
}

fn vector16(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(length16(bytes));
    out.extend(bytes);
}

fn vectored16(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    vector16(&mut out, bytes);
    out
}

fn extension(out: &mut Vec<u8>, number: u16, content: &[u8]) {
    out.extend(number.to_be_bytes());
    vector16(out, content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_framed_and_bounded() {
        for versions in [vec![TLS13, TLS12], vec![TLS12], vec![0x0300]] {
            let offer = Offer { versions, alpn: vec!["h2".to_owned()], ..Offer::everything(Some("api.example")) };
            let message = offer.message().unwrap();
            assert_eq!(message[0], 0x16);
            assert_eq!(usize::from(u16::from_be_bytes([message[3], message[4]])), message.len() - 5);
            assert_eq!(usize::from(u16::from_be_bytes([message[7], message[8]])), message.len() - 9);
            assert!(message.len() < 4096);
            let has_name = message.windows(11).any(|w| w == b"api.example");
            assert_eq!(has_name, offer.versions[0] > 0x0300);
        }
        assert_eq!(Offer::everything(Some("127.0.0.1")).name, None);
    }

    #[test]
    fn shares_have_the_size_of_their_group() {
        for (group, size) in
            [(0x001d, 32), (0x0017, 65), (0x0018, 97), (0x0019, 133), (0x001e, 56), (0x11ec, 1216), (0x0100, 256)]
        {
            assert_eq!(public_share(group).unwrap().len(), size, "{group:04x}");
        }
    }
}
