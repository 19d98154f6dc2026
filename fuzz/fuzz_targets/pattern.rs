//! A pattern, and in the next line a text that it is held against.
#![no_main]

use std::path::Path;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (pattern, line) = text.split_once('\n').unwrap_or((text, ""));
    // Text of JSON is text of TOML, but for one character.
    let quoted = serde_json::Value::from(pattern.replace('\u{7f}', "")).to_string();
    let case = repro_fuzz::case(&format!(
        "schema = 1\ntitle = \"t\"\nclaim = \"c\"\nextra = {{ stdout = true }}\n[events]\na = {quoted}\n\
         [behaviours.w]\nexpect = [{{ count = {{ a = \">= 0\" }} }}]\n\
         [programs.python.p]\npath = \"p.py\"\nshows = \"w\"\n"
    ));
    let log = format!("0.0 {}", line.replace('\n', " "));
    if let (Some(case), Ok(trace)) = (case, repro::trace_format::plain(Path::new("log"), &log)) {
        let _ = repro::judge::judge(&case, &case.programs[0], &trace);
    }
});
