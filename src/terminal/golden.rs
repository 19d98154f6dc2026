//! Golden tests: transcripts and timelines of the fixed report, at the widths that people have.

use super::sample::{any_width, ascii, at, is_raw, printed, report};
use super::text;
use super::*;
use crate::timeline::figures;

#[test]
fn transcripts() {
    let report = report();
    let show = |row: usize, gaps, style: TerminalStyle| {
        let program = &report.results[row];
        let trial = &program.trials[0];
        printed(|out| {
            transcript(
                &Transcript {
                    program,
                    trial,
                    gaps,
                },
                &style,
                out,
            )
        })
    };
    let terminal = |width| TerminalStyle {
        terminal: true,
        ..at(width)
    };
    insta::assert_snapshot!("transcript-80", show(0, false, terminal(80)));
    insta::assert_snapshot!("transcript-gaps-120", show(12, true, terminal(120)));
    insta::assert_snapshot!("transcript-40", show(9, false, terminal(40)));
    insta::assert_snapshot!("transcript-piped", show(0, false, ascii(80)));
}

#[test]
fn timelines() {
    let report = report();
    let figures = figures(&report);
    assert_eq!(figures.len(), 2);
    let drawn = |style: TerminalStyle| {
        let all = figures
            .iter()
            .map(|figure| printed(|out| timeline(figure, &style, out)));
        all.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("timeline-80", drawn(at(80)));
    insta::assert_snapshot!("timeline-40", drawn(at(40)));
    insta::assert_snapshot!("timeline-40-ascii", drawn(ascii(40)));
    for width in 0..130 {
        for line in drawn(at(width)).lines() {
            assert!(
                text::columns(line) <= at(width).columns(),
                "at {width}: {line}"
            );
        }
    }
}

#[test]
fn a_transcript_shows_nothing_raw() {
    let report = report();
    let (program, trial) = (&report.results[0], &report.results[0].trials[0]);
    let what = Transcript {
        program,
        trial,
        gaps: true,
    };
    let text = printed(|out| transcript(&what, &at(80), out));
    assert!(!text.contains(is_raw), "{text}");
}

#[test]
fn a_transcript_is_written_at_any_width() {
    let report = report();
    let (program, trial) = (&report.results[0], &report.results[0].trials[0]);
    for style in any_width() {
        let what = Transcript {
            program,
            trial,
            gaps: style.width % 3 == 0,
        };
        printed(|out| transcript(&what, &style, out));
    }
}
