//! What a client of `serve` says in the place of an HTTP request.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::serve::http;

fuzz_target!(|input: &[u8]| {
    let _ = (http::is_request(input), http::may_begin(input));
    if let Some(head) = http::head(input) {
        assert!(head.length <= input.len());
    }
});
