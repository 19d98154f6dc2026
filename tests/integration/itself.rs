//! Every program is itself: with a remedy in the place of a pitfall, exactly that row changes.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use repro::model::case::{Case, Program};
use repro::model::report::{ProgramResult, Report};
use repro::model::verdict::Verdict;
use repro::spec;

use crate::harness::{Repro, Suite, copy};

/// A remedy that stands in the place of a pitfall, in a copy of their case.
struct Swap {
    /// The name of the copy.
    case: String,
    /// The pitfall's name: `python/listing`.
    pitfall: String,
    /// The remedy's name.
    remedy: String,
    /// Where the copy is from.
    folder: PathBuf,
    /// The copy's case file.
    text: String,
}

/// All copies are one suite and one run, so that what takes minutes one after another takes half of one.
#[test]
#[ignore = "some 250 programs; `.ci/run` runs it"]
fn a_remedy_in_the_place_of_a_pitfall_changes_exactly_that_row() {
    let whole = Repro::new().args(["run", "all", "--skip-missing"]).judged();
    let whole = &whole.report;
    let swaps: Vec<Swap> = case_folders()
        .iter()
        .flat_map(|folder| swaps_of(folder, whole))
        .collect();
    // Each case has a pitfall that another program of its language mends.
    assert!(swaps.len() >= 30, "{}", swaps.len());

    let suite = Suite::of(&[]);
    for swap in &swaps {
        let folder = suite.path().join(&swap.case);
        copy(&swap.folder, &folder);
        fs::write(folder.join("case.toml"), &swap.text).unwrap();
    }
    let rows_of = |swap: &Swap| format!("{}/{}", swap.case, language(&swap.pitfall));
    let programs: Vec<String> = swaps.iter().map(rows_of).collect();
    let programs: Vec<&str> = programs.iter().map(String::as_str).collect();
    let run = Repro::run_of(suite.path(), &programs).arg("--skip-missing");
    let swapped = run.judged().report;

    let mut told = format!(
        "{} swaps, {} rows, {:.1} s\n",
        swaps.len(),
        swapped.results.len(),
        (whole.elapsed_ms + swapped.elapsed_ms) / 1000.0
    );
    let (mut faults, mut open) = (String::new(), 0);
    for swap in &swaps {
        let _ = writeln!(told, "  {}: {} is seen", swap.case, swap.remedy);
        open += judge(swap, whole, &swapped, &mut faults);
    }
    let _ = writeln!(told, "{open} rows could not be told");
    let _ = std::io::stderr().write_all(told.as_bytes());
    assert!(faults.is_empty(), "{faults}");
    // As long as the machine is that busy, a program may stay open; few do.
    assert!(open * 20 <= swapped.results.len(), "{open} stay open");
}

/// Holds the rows of a copy against those of the case that it is a copy of. How many could not be told, here or there.
fn judge(swap: &Swap, whole: &Report, swapped: &Report, faults: &mut String) -> usize {
    let mut open = 0;
    let original = swap.folder.file_name().unwrap().to_str().unwrap();
    for row in swapped.results.iter().filter(|row| row.case == swap.case) {
        let name = row.program();
        let is_swapped = name == swap.pitfall;
        let meant = if is_swapped { &swap.remedy } else { &name };
        let before = row_of(whole, original, meant);
        let verdict = if is_swapped {
            Verdict::Fail
        } else {
            before.verdict
        };
        let untold = |row: &ProgramResult| row.verdict == Verdict::Inconclusive;
        if untold(row) || untold(before) {
            open += 1;
            continue;
        }
        let same = seen(row) == seen(before);
        if row.verdict != verdict || !same {
            let _ = writeln!(
                faults,
                "{}: {name} is {:?} and showed {:?}, not {verdict:?} and {:?}: {:?}",
                swap.case,
                row.verdict,
                seen(row),
                seen(before),
                row.reason
            );
        }
    }
    open
}

fn row_of<'r>(report: &'r Report, case: &str, program: &str) -> &'r ProgramResult {
    let mut rows = report.results.iter();
    let row = rows.find(|row| row.case == case && row.program() == program);
    row.unwrap_or_else(|| panic!("no row {case}/{program}"))
}

fn seen(row: &ProgramResult) -> Vec<&str> {
    row.behaviours.keys().map(String::as_str).collect()
}

fn language(program: &str) -> &str {
    program.split('/').next().unwrap()
}

/// By name, so that the order is the same everywhere.
fn case_folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/article");
    let folders = fs::read_dir(cases).unwrap().map(|e| e.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|f| f.join("case.toml").is_file()).collect();
    folders.sort();
    folders
}

/// A swap for each pitfall that a program of its language mends, where both could be run.
fn swaps_of(folder: &Path, whole: &Report) -> Vec<Swap> {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let text = fs::read_to_string(folder.join("case.toml")).unwrap();
    let case = spec::read(&folder.join("case.toml"), &text, name, folder).unwrap();
    let passed = |p: &Program| row_of(whole, name, &p.name()).verdict == Verdict::Pass;
    let here: Vec<&Program> = case.programs.iter().filter(|p| passed(p)).collect();
    let (pitfalls, remedies): (Vec<&Program>, Vec<&Program>) =
        here.iter().partition(|program| is_pitfall(&case, program));
    let swap = |pitfall: &&Program| {
        let of_language = |remedy: &&&Program| remedy.language == pitfall.language;
        let remedy = remedies.iter().find(of_language)?;
        Some(Swap {
            case: format!("{name}-{}", pitfall.name().replace('/', "-")),
            pitfall: pitfall.name(),
            remedy: remedy.name(),
            folder: folder.into(),
            text: swapped(&text, pitfall, remedy),
        })
    };
    pitfalls.iter().filter_map(swap).collect()
}

fn is_pitfall(case: &Case, program: &Program) -> bool {
    let mut shown = program.shows.keys();
    shown.any(|behaviour| case.behaviours[behaviour].pitfall)
}

/// The case file with all that it says of the remedy said of the pitfall, but for what it shows.
fn swapped(text: &str, pitfall: &Program, remedy: &Program) -> String {
    let (head, old) = block(text, pitfall);
    let (_, new) = block(text, remedy);
    let shows = |block: &str| {
        let mut lines = block.lines().filter(|line| line.starts_with("shows "));
        lines.next().unwrap().to_string()
    };
    let new = new.replace(&shows(new), &shows(old));
    text.replace(&format!("{head}{old}"), &format!("{head}{new}"))
}

/// A program's header and the lines below it.
fn block<'t>(text: &'t str, program: &Program) -> (&'t str, &'t str) {
    let header = format!("[programs.{}.{}]\n", program.language, program.variant);
    let start = text.find(&header).unwrap();
    let body = &text[start + header.len()..];
    let end = body.find("\n[").map_or(body.len(), |end| end + 1);
    (&text[start..start + header.len()], &body[..end])
}
