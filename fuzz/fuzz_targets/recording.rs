//! Any text as a recording of `repro why`; what is one is diagnosed and answered.
#![no_main]

use repro::diagnose::{diagnose, evidence};
use repro::{probe_trace, wording};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(recording) = probe_trace::read(text) {
        let diagnosis = diagnose(&recording);
        let _ = wording::answer(&recording, &diagnosis, evidence(&recording));
    }
});
