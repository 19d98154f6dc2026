//! Any text as a trace or a plain log; what is a trace is the same when it is written and read again.
#![no_main]

use std::path::Path;

use repro::trace_format::{self, TraceOrigin, TraceFile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some(trace) = repro_fuzz::trace(text) else {
        return;
    };
    let origin = TraceOrigin {
        case: "c".into(),
        program: "python/p".into(),
        toolchain: None,
        trial: 1,
    };
    let trace_file = TraceFile { origin, trace };
    let mut written = Vec::new();
    trace_format::write(&trace_file, &mut written).expect("memory takes it");
    let written = String::from_utf8(written).expect("JSON is UTF-8");
    let again = trace_format::read(Path::new("again"), &written).expect("what we write we read");
    assert_eq!(trace_file, again);
});
