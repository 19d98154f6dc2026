//! Production code is handed its clock: the real one is named where commands begin, and nowhere else.

use std::fs;
use std::path::Path;

use super::files::library;

/// Where the real clock is named: its own file, and where a process and a command begin.
const NAMED_IN: [&str; 3] = ["src/clock.rs", "src/main.rs", "src/cli/cases.rs"];

#[test]
fn nothing_but_the_beginning_of_a_command_names_a_concrete_clock() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<&str> = library().files.iter().map(|file| &*file.path).collect();
    paths.push("src/main.rs");
    let names_it = |path: &str| {
        let text = fs::read_to_string(repository.join(path)).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next();
        code.is_some_and(|code| code.contains("Clock::Real") || code.contains("Clock::default"))
    };
    paths.retain(|path| names_it(path));
    paths.sort_unstable();
    let mut expected = NAMED_IN;
    expected.sort_unstable();
    assert_eq!(paths, expected);
}
