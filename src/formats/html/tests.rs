use super::page::*;
use super::program::ids;
use crate::model::report::ProgramAbout;
use crate::model::report::{ProgramResult, Report};
use crate::terminal::sample::{self, HOSTILE};

fn page(report: &Report) -> String {
    let mut out = Vec::new();
    html(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_report_as_a_page() {
    let page = page(&sample::report());
    // Script and style are files of their own.
    let body = page.split_once("<body>").unwrap().1;
    let body = body.split_once("<script>").unwrap().0;
    insta::assert_snapshot!("page", body);
}

#[test]
fn the_policy_lets_in_the_script_and_the_style_and_nothing_else() {
    let page = page(&sample::report());
    for tag in ["script", "style"] {
        let inside = page.split_once(&format!("<{tag}>")).unwrap().1;
        let inside = inside.split_once(&format!("</{tag}>")).unwrap().0;
        assert!(page.contains(&format!("{tag}-src 'sha256-{}'", hash(inside))));
        assert_eq!(page.matches(&format!("<{tag}")).count(), 1);
    }
    assert!(!page.contains(" style=") && !page.contains(" onload="));
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_print_is_light_whatever_the_reader_has_on_the_screen() {
    let page = page(&sample::report());
    assert!(page.contains("@media screen and (prefers-color-scheme: dark)"));
    assert!(!page.contains("@media (prefers-color-scheme"));
}

#[test]
fn nothing_that_a_program_said_acts() {
    let mut report = sample::report();
    for row in &mut report.results {
        row.case = HOSTILE.into();
        row.variant = HOSTILE.into();
        row.language = "\"><img src=x onerror=alert(1)>".into();
        row.toolchain = Some(HOSTILE.into());
        row.otherwise = Some(HOSTILE.into());
    }
    report.cases = HOSTILE.into();
    let page = page(&report);
    let body = page.split_once("<body>").unwrap().1;
    let body = body.split_once("<script>").unwrap().0;
    for bad in ["<script", "<img", "\u{202e}", "\x1b", "\0"] {
        assert!(!body.contains(bad), "{bad:?}");
    }
}

#[test]
fn each_row_has_a_place_of_its_own_and_the_first_of_a_program_has_its_name() {
    let report = sample::report();
    let ids = ids(&report);
    let mut different = ids.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), ids.len());
    assert!(ids.contains(&"one-fails/python/task-group".into()));
    assert!(ids.contains(&"one-fails/python/task-group@cpython-3.8.19".into()));
}

#[test]
fn a_report_of_nothing_is_still_a_page() {
    let mut empty = sample::report();
    empty.results.clear();
    empty.claims.clear();
    empty.partial = true;
    let page = page(&empty);
    assert!(page.contains("Nothing was run") && page.ends_with("</html>"));
}

#[test]
fn a_thousand_programs_of_twenty_trials_fit_into_one_page() {
    let mut report = sample::report();
    let row = report.results[11].clone();
    assert_eq!(row.trials.len(), 20);
    let about = report.about["blocking-call"].programs["python/listing"].clone();
    let long = about.text.clone().unwrap_or_default().repeat(200);
    report.results = (0..1_000)
        .map(|n| ProgramResult {
            case: format!("case-{}", n % 40),
            variant: format!("program-{n}"),
            ..row.clone()
        })
        .collect();
    for row in &report.results {
        let case = report.about.entry(row.case.clone()).or_default();
        let source = ProgramAbout {
            text: Some(long.clone()),
            ..about.clone()
        };
        case.programs.insert(row.program(), source);
    }
    let page = page(&report);
    assert!(page.len() < 10_000_000, "{}", page.len());
    assert_eq!(page.matches("<article").count(), 1_000);
    assert!(page.contains("more line"));
}
