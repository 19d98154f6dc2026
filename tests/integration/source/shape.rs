//! The limits that the shape of the code keeps. Its size has none.

use super::figures::Figures;
use super::files::THIS_CRATE;

/// Lines of a file, without its tests.
pub const LONGEST_FILE: usize = 480;

/// Lines of a function, from its signature to its last brace.
pub const LONGEST_FUNCTION: usize = 70;

/// How many functions of a thousand may have more than 50 lines.
pub const LONG_FUNCTIONS: usize = 10;

/// Percent of the items that are public, be it within the crate.
pub const DOCUMENTED: f64 = 96.0;

/// Percent of the lines that are not blank.
pub const COMMENTS: f64 = 12.0;

#[test]
fn no_file_is_longer_than_the_limit() {
    for file in THIS_CRATE.iter().flat_map(|sources| &sources.files) {
        let lines = file.lines.all();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", file.path);
    }
}

#[test]
fn no_function_is_longer_than_the_limit_and_few_are_long() {
    let figures = Figures::of(THIS_CRATE.iter());
    let longest = &figures.functions[0];
    assert!(
        longest.0 <= LONGEST_FUNCTION,
        "{} has {} lines",
        longest.1,
        longest.0
    );
    let long: Vec<_> = figures.functions.iter().filter(|f| f.0 > 50).collect();
    let most = figures.functions.len() * LONG_FUNCTIONS / 1000;
    assert!(
        long.len() <= most,
        "{} functions have more than 50 lines, where {most} may: {long:#?}",
        long.len()
    );
}

#[test]
fn public_items_are_documented() {
    let figures = Figures::of(THIS_CRATE.iter());
    let share = figures.documented_percent();
    assert!(
        share >= DOCUMENTED,
        "{share:.1} %: {:#?}",
        figures.undocumented
    );
}

#[test]
fn comments_keep_their_share() {
    let share = Figures::of(THIS_CRATE.iter()).comment_percent();
    assert!(share >= COMMENTS, "{share:.1} %");
}
