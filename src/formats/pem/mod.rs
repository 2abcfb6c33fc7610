//! PEM of every kind: certificates, keys, requests, lists, in any mix and order, with any text around them.

mod blocks;
mod scan;
mod traditional;
mod write;

pub use write::{certificates, crl, encrypted_private_key, pkcs7, private_key, request};

use super::store::refuse_unread;
use super::{Format, Opening, Store, text};
use crate::error::Result;
use blocks::Read;

/// Whether there is a PEM block anywhere in the text.
pub fn looks_like(bytes: &[u8]) -> bool {
    text::is_text(bytes) && scan::has_block(&text::decode(bytes))
}

/// Reads the blocks into entries, keys and certificates still apart. A damaged block is an entry that says so.
///
/// # Errors
/// Damaged-store or not-a-store where no block holds anything that can be used; too-costly.
pub fn read(bytes: &[u8], opening: &Opening<'_>) -> Result<Store> {
    let text = text::decode(bytes);
    let text = scan::unescape(&text);
    let mut read = Read::new(opening);
    let mut count = 0;
    let mut last = "";
    for block in scan::blocks(&text) {
        opening.budget.charge_entries(1)?;
        count += 1;
        last = block.label;
        if let Some(mut store) = read.take(block)? {
            // a PKCS#12 in armour is a whole store
            if scan::blocks(&text).nth(1).is_some() {
                store.remarks.push("the PEM blocks beside the keystore are not read".to_owned());
            }
            return Ok(store);
        }
    }
    let (entries, values, remarks) = read.finish();
    if entries.is_empty() {
        return Err(super::detect::refusal(bytes, opening.name));
    }
    refuse_unread(&entries)?;
    let format = if count == 1 && blocks::is_pkcs7(last) { Format::Pkcs7 } else { Format::Pem };
    Ok(Store { format, encryption: values.encryption, mac: None, password: values.opened_with, entries, remarks })
}
