//! Any text as an article: its listings have the places that they say, in order.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let lines = text.lines().count();
    let mut number = 0;
    for listing in repro::article::listings(text) {
        number += 1;
        assert_eq!(listing.number, number);
        assert!(listing.lines.0 >= 1 && listing.lines.0 <= lines + 1);
        assert!(listing.text.is_empty() || listing.text.ends_with('\n'));
    }
});
