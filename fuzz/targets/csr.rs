//! A certification request.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::{Entry, Format, Item, Store};
use mtls::pki::csr::Request;
use mtls_fuzz::{shown, well_put};

fuzz_target!(|input: &[u8]| match Request::from_der(input) {
    Ok(read) => shown(Store::plain(Format::Csr, vec![Entry::new(None, Item::Request(read))])),
    Err(error) => well_put(&error),
});
