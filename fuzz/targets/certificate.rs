//! A certificate, and the rules that judge it.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::{Entry, Format, Item, Store};
use mtls::pki::Cert;
use mtls_fuzz::{shown, well_put};

fuzz_target!(|input: &[u8]| match Cert::from_der(input) {
    Ok(cert) => {
        assert!(input.starts_with(&cert.der));
        shown(Store::plain(Format::Der, vec![Entry::new(None, Item::Certificate(cert))]));
    }
    Err(error) => well_put(&error),
});
