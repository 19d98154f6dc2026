//! The tool behind a program's own commands: any binary of PATH.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::find::Found;
use super::places::is_executable;
use super::probe::ask;
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

/// The tool that `command`, the first word of a program's own command, names. Its implementation is the
/// command's name; its version is what it answers to `--version`, if that can be read.
#[must_use]
pub fn own(language: &str, command: &str, surroundings: &Surroundings) -> Found {
    let Some(path) = located(OsStr::new(command), surroundings) else {
        return Found::Missing {
            language: language.to_string(),
            hint: format!(
                "`{command}`, which the case's own command names, is not on PATH: install it"
            ),
        };
    };
    let name = Path::new(command).file_name().unwrap_or_default();
    let answer = ask(&path, &["--version"], surroundings);
    let answer = answer.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    Found::Toolchain(Toolchain {
        language: language.to_string(),
        implementation: name.to_string_lossy().to_lowercase(),
        version: answer.ok().and_then(|text| version(&text)),
        path,
    })
}

/// Where a command's first word leads: to a binary of PATH, or where an absolute path says.
#[must_use]
pub fn located(command: &OsStr, surroundings: &Surroundings) -> Option<PathBuf> {
    let command = Path::new(command);
    if command.is_absolute() {
        return is_executable(command).then(|| command.to_path_buf());
    }
    let mut folders = surroundings.path.iter().map(|folder| folder.join(command));
    folders.find(|path| is_executable(path))
}

/// The first word of the first line that is digits and dots: `g++ (Debian 12.2.0-14) 12.2.0` says 12.2.0-14.
fn version(text: &str) -> Option<Version> {
    let words = text.lines().next()?.split([' ', '(', ')', ',']);
    let mut numbers = words.filter(|word| {
        let word = word.trim_start_matches('v');
        word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')
    });
    Version::parse(numbers.next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_out_of_what_tools_really_say() {
        for (text, expected) in [
            (
                "g++ (Debian 12.2.0-14) 12.2.0\nCopyright",
                Some("12.2.0-14"),
            ),
            ("ruby 3.1.2p20 (2022-04-12 revision 1)", Some("3.1.2p20")),
            ("v20.1.0\n", Some("20.1.0")),
            ("GNU bash, version 5.2.15(1)-release", Some("5.2.15")),
            ("no number here", None),
            ("", None),
        ] {
            let found = version(text).map(|v| v.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
