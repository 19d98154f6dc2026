//! Any bytes as a report; what is a report is written in every format, and is the same when it is read again.
#![no_main]

use repro::formats::FORMATS;
use repro::model::report_json::read_report;
use repro::terminal::TerminalStyle;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(report) = read_report(bytes) else {
        return;
    };
    for format in &FORMATS {
        let mut written = Vec::new();
        let done = format.write(&report, &TerminalStyle::PLAIN, &mut written);
        done.expect("memory takes it");
        let shown = String::from_utf8(written).expect("every format is text");
        assert!(!shown.contains('\u{1b}'), "an escape of the report's own");
        if *format == repro::formats::JSON {
            let again = read_report(shown.as_bytes()).expect("what we write we read");
            assert_eq!(report.results.len(), again.results.len());
        }
    }
});
