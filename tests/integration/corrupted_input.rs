//! A hundred thousand spoilt files: nothing panics, and whatever is refused is refused with its place.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use repro::diagnose::{diagnose, evidence};
use repro::judge::judge;
use repro::lint::lint;
use repro::model::case::Case;
use repro::random::Random;
use repro::{probe_trace, spec, trace_format, wording};

use crate::harness::case_folders;

fn one_of<'a>(numbers: &mut Random, all: &[&'a str]) -> &'a str {
    all[numbers.below(all.len())]
}

/// What breaks readers.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    "\0",
    "\"",
    "'",
    "'''",
    "\\",
    "{",
    "}",
    "{{",
    "[",
    "]",
    "[[",
    "=",
    ",",
    ".",
    "..",
    ":",
    "-",
    "-1",
    "0",
    "1",
    "18446744073709551616",
    "9223372036854775807",
    "1e400",
    "0.0000000000001",
    "nan",
    "é",
    "\u{202e}",
    "日本",
    "\u{feff}",
    "\u{1b}[31m",
    "true",
    "null",
    "[id+9223372036854775807]",
    "[id-1]",
    "[id=$x]",
    "[*]",
    "[first]",
    "[0]",
    "@exit",
    "@spawn",
    "1s..",
    "..1s",
    ">= 99999999999999s",
    "5%",
    "<",
    "<!",
    "{_}",
    "{x:int}",
    "{x:a|b}",
    "/(/",
    "/a{1000}{1000}/",
    "/(?<é>x)/",
    "{\"a\":",
    "at_ns",
    "line",
    "exit",
    "//",
    "/",
];

/// The words, numbers, signs and spaces of a text.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut all = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if at > start && (before != Some(kind(c)) || kind(c) == 2) {
            all.push(&text[start..at]);
            start = at;
        }
        before = Some(kind(c));
    }
    all.push(&text[start..]);
    all
}

/// A seed with one to three things wrong, each a token put in, taken out, doubled, or replaced by one of any seed; or
/// a line moved or dropped, or the end cut off.
fn spoilt(numbers: &mut Random, seed: &[&str], others: &[&str]) -> String {
    let mut parts: Vec<&str> = seed.to_vec();
    for _ in 0..=numbers.below(3) {
        let (here, there) = (numbers.below(parts.len()), numbers.below(parts.len()));
        match numbers.below(9) {
            0 => parts.insert(here, one_of(numbers, HOSTILE)),
            1 if parts.len() > 1 => drop(parts.remove(here)),
            2 => parts.insert(here, parts[here]),
            3 | 4 => parts[here] = one_of(numbers, others),
            5 => parts[here] = one_of(numbers, HOSTILE),
            6 => parts.swap(here, there),
            7 if here > 0 && numbers.below(4) == 0 => parts.truncate(here),
            _ => {
                // From here to the end of the line, put elsewhere.
                let line = parts[here..].iter().position(|part| *part == "\n");
                let moved: Vec<&str> = parts.drain(here..here + line.unwrap_or(0)).collect();
                if numbers.below(2) == 0 {
                    let to = numbers.below(parts.len());
                    parts.splice(to..to, moved);
                }
            }
        }
    }
    parts.concat()
}

/// Hands `check` as many spoilt texts, made of these; if one panics, it is shown.
#[track_caller]
fn each(count: usize, seeds: &[String], mut check: impl FnMut(&mut Random, &str)) {
    let mut numbers = Random::seeded(count as u64);
    let parted: Vec<Vec<&str>> = seeds.iter().map(|seed| tokens(seed)).collect();
    let all: Vec<&str> = parted.concat();
    for _ in 0..count {
        let seed = &parted[numbers.below(parted.len())];
        let text = spoilt(&mut numbers, seed, &all);
        let checked = catch_unwind(AssertUnwindSafe(|| check(&mut numbers, &text)));
        assert!(checked.is_ok(), "this text did it:\n{text}\n{text:?}");
    }
}

/// The files of the folder of seeds that fuzzing begins with too.
fn seeds(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(folder);
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.collect()
}

/// The case, if it is one; else each problem has a place that can be shown.
fn read(numbers: &mut Random, text: &str) -> Option<Case> {
    let file = Path::new("case.toml");
    let problems = match spec::read(file, text, "sample", Path::new(".")) {
        Ok(case) => return Some(case),
        Err(problems) => problems,
    };
    assert!(!problems.is_empty(), "refused without a word");
    for problem in &problems {
        let place = text.get(problem.span.clone());
        assert!(
            place.is_some(),
            "{}: no place: {:?}",
            problem.message,
            problem.span
        );
        assert!(!problem.message.is_empty());
    }
    if numbers.below(16) == 0 {
        let shown = problems[0].render(false);
        let place = format!("case.toml:{}:", problems[0].line());
        assert!(shown.contains(&place), "no {place} in {shown}");
    }
    None
}

#[test]
fn no_case_file_however_spoilt_stops_its_reader_nor_what_looks_at_the_case() {
    each(18_000, &seeds("case_file"), |numbers, text| {
        if let Some(case) = read(numbers, text) {
            let _ = lint(&case);
        }
    });
}

#[test]
fn no_case_file_of_the_cases_however_spoilt_stops_its_reader() {
    let texts: Vec<String> = case_folders()
        .iter()
        .map(|folder| fs::read_to_string(folder.join("case.toml")).unwrap())
        .collect();
    each(1_000, &texts, |numbers, text| drop(read(numbers, text)));
}

#[test]
fn no_pattern_however_spoilt_stops_its_reader_nor_the_line_that_it_is_held_against() {
    let log = trace_format::plain(
        Path::new("log"),
        "0.0 Task 7 starting.\n0.1 \u{1b}[1m1.5 é\n0.2 a b",
    )
    .unwrap();
    each(21_000, &seeds("pattern"), |numbers, text| {
        let (pattern, _) = text.split_once('\n').unwrap_or((text, ""));
        // Text of JSON is text of TOML, but for one character.
        let quoted = serde_json::to_string(pattern)
            .unwrap()
            .replace('\u{7f}', "");
        let text = format!(
            "schema = 1\ntitle = \"t\"\nclaim = \"c\"\nextra = {{ stdout = true }}\n[events]\na = {quoted}\n\
             [behaviours.w]\nexpect = [{{ count = {{ a = \">= 0\" }} }}]\n\
             [programs.python.p]\npath = \"p.py\"\nshows = \"w\"\n"
        );
        if let Some(case) = read(numbers, &text) {
            let _ = judge(&case, &case.programs[0], &log);
        }
    });
}

#[test]
fn no_trace_however_spoilt_stops_its_reader_nor_the_judge() {
    let cases = seeds("case_file");
    let read = |text: &String| spec::read(Path::new("case.toml"), text, "sample", Path::new("."));
    let cases: Vec<Case> = cases.iter().map(|text| read(text).unwrap()).collect();
    each(60_000, &seeds("trace"), |numbers, text| {
        let path = Path::new("file");
        let trace = if trace_format::is_saved(text) {
            trace_format::read(path, text).map(|saved| saved.trace)
        } else {
            trace_format::plain(path, text)
        };
        match trace {
            Ok(trace) => {
                let case = &cases[numbers.below(cases.len())];
                let _ = judge(case, &case.programs[0], &trace);
            }
            Err(trace_format::Unreadable::Line { line, message, .. }) => {
                let lines = text.lines().count().max(1);
                assert!((1..=lines).contains(&line), "{line} of {lines}: {message}");
                assert!(!message.is_empty());
            }
            Err(error @ trace_format::Unreadable::File { .. }) => panic!("{error}"),
        }
    });
}

#[test]
fn no_recording_however_spoilt_stops_its_reader_nor_what_explains_it() {
    each(2_000, &seeds("recording"), |_, text| {
        if let Ok(recording) = probe_trace::read(text) {
            let diagnosis = diagnose(&recording);
            let _ = wording::answer(&recording, &diagnosis, evidence(&recording));
        }
    });
}
