//! UBER: the file as it is, or the entries that lie under its encryption.
#![no_main]
use libfuzzer_sys::fuzz_target;

use mtls::formats::java::bouncy;
use mtls::formats::java::input::Input;
use mtls::formats::{Format, Store, uber};
use mtls::pki::Password;
use mtls_fuzz::{PASSWORD, choice, opening, read};

fuzz_target!(|input: &[u8]| {
    let (how, entries) = choice(input);
    opening(|opening| {
        if how == 0 {
            return read(uber::read(input, opening));
        }
        let mut words = Vec::new();
        let raw = bouncy::entries(&mut Input::new(entries), opening.budget);
        read(raw.map(|raw| {
            let opened = raw.iter().flat_map(|raw| raw.open(opening, &Password::new(PASSWORD), &mut words)).collect();
            Store::plain(Format::Uber, opened)
        }));
    });
});
