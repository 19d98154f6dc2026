//! What every target asks of what it reads: a refusal has its place.

use std::path::Path;

use repro::model::case::Case;
use repro::model::trace::Trace;
use repro::trace_format::{self, Unreadable};
use repro::spec;

/// The case, if the text is one.
///
/// # Panics
/// If it is refused without a place that can be shown.
pub fn case(text: &str) -> Option<Case> {
    let problems = match spec::read(Path::new("case.toml"), text, "sample", Path::new(".")) {
        Ok(case) => return Some(case),
        Err(problems) => problems,
    };
    assert!(!problems.is_empty(), "refused without a word");
    for problem in problems {
        let place = text.get(problem.span.clone());
        assert!(place.is_some(), "{}: no place", problem.message);
        let shown = problem.render(false);
        let line = format!("case.toml:{}:", problem.line());
        assert!(shown.contains(&line), "no {line} in {shown}");
    }
    None
}

/// The trace, if the text is one of ours or a plain log.
///
/// # Panics
/// If it is refused without a line that it has.
pub fn trace(text: &str) -> Option<Trace> {
    let path = Path::new("file");
    let read = if trace_format::is_saved(text) {
        trace_format::read(path, text).map(|saved| saved.trace)
    } else {
        trace_format::plain(path, text)
    };
    match read {
        Ok(trace) => Some(trace),
        Err(Unreadable::Line { line, message, .. }) => {
            let lines = text.lines().count().max(1);
            assert!((1..=lines).contains(&line), "{line} of {lines}: {message}");
            None
        }
        Err(error @ Unreadable::File { .. }) => panic!("{error}"),
    }
}
