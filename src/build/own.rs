//! The commands that a case states for a program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::toolchain::{Call, Surroundings, located};

/// A command of a case, with `{source}` and `{out}` filled in.
pub(super) fn call(
    words: &[String],
    source: &Path,
    out: &Path,
    surroundings: &Surroundings,
) -> Call {
    let mut words = words.iter().map(|word| filled(word, source, out));
    let first = words.next().unwrap_or_default();
    let program = located(&first, surroundings).unwrap_or(PathBuf::from(first));
    (program, words.collect())
}

fn filled(word: &str, source: &Path, out: &Path) -> OsString {
    let mut filled = OsString::new();
    for (place, part) in word.split("{source}").enumerate() {
        if place > 0 {
            filled.push(source);
        }
        for (place, part) in part.split("{out}").enumerate() {
            if place > 0 {
                filled.push(out);
            }
            filled.push(part);
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_wherever_they_stand() {
        let word = |text: &str| filled(text, Path::new("a b.cpp"), Path::new("/out"));
        assert_eq!(word("{out}/program"), "/out/program");
        assert_eq!(word("-x={source}:{out}{source}"), "-x=a b.cpp:/outa b.cpp");
        assert_eq!(word("-O2"), "-O2");
    }
}
