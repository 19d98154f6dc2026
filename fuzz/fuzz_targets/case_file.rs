//! Any text as a case file; what is a case is looked at by the linter.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(case) = repro_fuzz::case(text) {
        let _ = repro::lint::lint(&case);
    }
});
