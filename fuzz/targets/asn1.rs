//! BER to DER: what comes out is DER, so that nothing changes the second time.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::asn1::{Reader, oid_content, oid_to_string, to_der};

fuzz_target!(|input: &[u8]| {
    let Ok((der, used)) = to_der(input) else { return };
    assert!(used <= input.len() && der.len() <= input.len());
    assert_eq!(to_der(&der), Ok((der.clone(), der.len())));
    for value in Reader::new(&der) {
        let Ok(value) = value else { break };
        let _ = (value.unsigned(), value.bit_string());
        if let Ok(dotted) = oid_to_string(value.content) {
            // a number may be written with leading zeros; without them it is the same
            assert!(oid_content(&dotted).is_some_and(|octets| octets.len() <= value.content.len()), "{dotted}");
        }
        for inner in value.reader() {
            if inner.is_err() {
                break;
            }
        }
    }
});
