//! PKCS#12

// ---- stand-in until the reader is merged: take the other side of this file ----
#[allow(missing_docs, clippy::missing_errors_doc)]
mod stand_in {
    use crate::asn1::{self, Reader};
    use crate::error::{Error, Result};
    use crate::formats::{Opening, Store};

    pub fn looks_like(bytes: &[u8]) -> bool {
        // PFX ::= SEQUENCE { version INTEGER (3), ContentInfo … }; the head alone, so that a cut file is still one
        let start = match bytes {
            [0x30, 0x80, rest @ ..] => rest,
            [0x30, n, rest @ ..] if n & 0x80 == 0 => rest,
            [0x30, n, rest @ ..] => rest.get(usize::from(n & 0x7f)..).unwrap_or_default(),
            _ => return false,
        };
        Reader::new(start).expect(asn1::INTEGER).and_then(|v| v.unsigned()) == Ok(3) && start.get(3) == Some(&asn1::SEQUENCE)
    }

    pub fn read(_bytes: &[u8], _opening: &Opening<'_>) -> Result<Store> {
        Err(Error::unsupported("PKCS#12 is not read yet"))
    }
}
pub use stand_in::{looks_like, read};
