//! Any text as a `repro.toml`: what is wrong with it has a place.
#![no_main]

use std::fs;

use repro::discover::{Trust, settings};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let folder = std::env::temp_dir().join(format!("repro-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("there is a folder for temporary files");
    fs::write(folder.join("repro.toml"), text).expect("it takes a small file");
    match settings(&folder, &Trust::default()) {
        Ok(settings) => assert!(settings.is_some()),
        Err(problems) => assert!(!problems.is_empty(), "refused without a word"),
    }
});
