//! Names: distinguished names as DER and as text, alternative names as words of a command line.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::error::{Error, Kind};
use mtls::pki::name::parse_ip;
use mtls::pki::san::{Side, parse, shown};
use mtls::pki::{DistinguishedName, San};
use mtls::probe::{Proxy, Target};
use mtls_fuzz::{choice, tame};

fn well_put(error: &Error) {
    assert_eq!(error.kind, Kind::Usage);
    assert!(!error.fix.is_empty());
    tame(&mtls::report::text::error(error, &Default::default()));
}

fn der(input: &[u8]) {
    let name = DistinguishedName::from_der(input);
    tame(&mtls::safe::Safe(name.to_string()).to_string());
    let _ = (name.short(), name.organisation(), name.is_empty());
    for octets in input.chunks(16) {
        let _ = San::from_ip_octets(octets).covers("api.example");
    }
}

fn text(text: &str) {
    match DistinguishedName::from_rfc4514(text) {
        Ok(name) => {
            let again = DistinguishedName::from_rfc4514(&name.to_string()).expect("what is printed can be read");
            assert_eq!(again.to_string(), name.to_string());
        }
        Err(error) => well_put(&error),
    }
}

fn word(word: &str) {
    for side in [Side::Server, Side::Client] {
        match parse(word, side) {
            Ok(name) => {
                tame(&mtls::safe::Safe(shown(&name)).to_string());
                let again = parse(&name.to_string(), side).expect("what is printed can be read");
                assert_eq!(again, name);
                let _ = name.covers(word);
            }
            Err(error) => well_put(&error),
        }
    }
    let _ = (parse_ip(word), Proxy::parse(word));
    if let Ok(target) = Target::parse(word) {
        assert_eq!(Target::parse(&target.to_string()).as_ref(), Ok(&target));
    }
}

fuzz_target!(|input: &[u8]| {
    let (how, rest) = choice(input);
    match (how, std::str::from_utf8(rest)) {
        (b'd', Ok(words)) => text(words),
        (b's', Ok(words)) => word(words),
        _ => der(input),
    }
});
