//! What a stranger answers to our first message of TLS, and what he says without TLS.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::probe::{errand, plain, reply};
use std::io::{Error, ErrorKind};

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    let told = reply::read(&mut |n| {
        let (taken, left) = rest.split_at_checked(n).ok_or(Error::from(ErrorKind::UnexpectedEof))?;
        rest = left;
        Ok(taken.to_vec())
    });
    if let Ok(reply::Reply::NotTls(bytes)) = told {
        assert!(bytes.len() <= 32 << 10);
    }
    let _ = plain::protocol(input);
    assert!(!plain::line(input).contains(['\n', '\r', '\x1b']));
    let _ = (errand::refusal(input), errand::headline(input));
});
