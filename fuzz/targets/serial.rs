//! Java's object serialization, which JCEKS has its secret keys in.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::java::input::Input;
use mtls::formats::java::serial::{MAGIC, read_object};
use mtls_fuzz::well_put;

fuzz_target!(|input: &[u8]| {
    let stream = [&MAGIC[..], input].concat();
    match read_object(&mut Input::new(&stream)) {
        Ok(object) => {
            object.text("algorithm");
            object.bytes("encodedParams");
        }
        Err(error) => well_put(&error),
    }
});
