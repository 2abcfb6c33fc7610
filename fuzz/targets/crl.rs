//! A certificate revocation list.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::{Entry, Format, Item, Store};
use mtls::pki::crl::Crl;
use mtls_fuzz::{shown, well_put};

fuzz_target!(|input: &[u8]| match Crl::from_der(input) {
    Ok(read) => shown(Store::plain(Format::Crl, vec![Entry::new(None, Item::Crl(read))])),
    Err(error) => well_put(&error),
});
