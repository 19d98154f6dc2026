//! The descriptions of a report's cases, with the sources of the programs that ran.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use indexmap::IndexMap;

use crate::model::case::{Case, Program};
use crate::model::report::{BehaviourAbout, CaseAbout, ProgramAbout, ProgramResult};

/// The most bytes of a source that a report keeps.
const SOURCE_KEPT: u64 = 64 * 1024;

/// The description of each of `cases` by name, with its programs that are in `results`. Those after the first `own` are
/// built in, and have no folder: they were unpacked to a cache.
#[must_use]
pub fn case_summaries(
    cases: &[&Case],
    own: usize,
    results: &[ProgramResult],
) -> IndexMap<String, CaseAbout> {
    let ran: HashSet<(&str, String)> = results
        .iter()
        .map(|row| (row.case.as_str(), row.program()))
        .collect();
    let about = cases.iter().enumerate().map(|(at, case)| {
        let programs = case.programs.iter();
        let programs = programs.filter(|program| ran.contains(&(&case.name, program.name())));
        let about = CaseAbout {
            claim: case.claim.clone(),
            source: case.source.clone(),
            collection: case.collection.clone(),
            folder: (at < own).then(|| case.folder.clone()),
            behaviours: case
                .behaviours
                .iter()
                .map(|(name, behaviour)| {
                    let about = BehaviourAbout {
                        about: behaviour.about.clone(),
                        pitfall: behaviour.pitfall,
                    };
                    (name.clone(), about)
                })
                .collect(),
            programs: programs
                .map(|program| (program.name(), source(&case.folder, program)))
                .collect(),
        };
        (case.name.clone(), about)
    });
    about.collect()
}

fn source(folder: &Path, program: &Program) -> ProgramAbout {
    let read = read(&folder.join(&program.path)).ok();
    ProgramAbout {
        path: program.path.display().to_string(),
        listing: program.listing.is_some(),
        left_out_bytes: read.as_ref().map_or(0, |(_, left_out)| *left_out),
        text: read.map(|(text, _)| text),
    }
}

/// The text, and how many bytes at its end are left out.
fn read(path: &Path) -> io::Result<(String, u64)> {
    let file = File::open(path)?;
    let whole = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.take(SOURCE_KEPT).read_to_end(&mut bytes)?;
    let left_out = whole.saturating_sub(bytes.len() as u64);
    if left_out > 0 {
        // A truncated line would look like a mistake in the program.
        let lines = bytes.iter().rposition(|byte| *byte == b'\n');
        let cut = lines.map_or(0, |at| bytes.len() - at - 1);
        bytes.truncate(bytes.len() - cut);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        return Ok((text, left_out + cut as u64));
    }
    Ok((String::from_utf8_lossy(&bytes).into_owned(), 0))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_long_source_is_cut_after_a_line_and_says_how_much_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.py");
        let whole = "print(1)  # and so on\n".repeat(5_000);
        fs::write(&path, &whole).unwrap();
        let (text, left_out) = read(&path).unwrap();
        assert!(text.ends_with("so on\n") && text.len() <= 64 * 1024);
        assert_eq!(text.len() as u64 + left_out, whole.len() as u64);
    }

    #[test]
    fn a_source_that_is_not_utf_8_is_still_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latin.c");
        fs::write(&path, b"// caf\xe9\n").unwrap();
        assert_eq!(read(&path).unwrap(), ("// caf\u{fffd}\n".into(), 0));
        assert!(read(&folder.path().join("none.c")).is_err());
    }
}
