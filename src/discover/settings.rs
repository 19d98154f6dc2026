//! `repro.toml`: where the cases are, and toolchains that nothing else would find.

use std::path::{Path, PathBuf};

use super::error::DiscoverError;
use super::files::read_text;
use super::trust::Trust;
use crate::spec::reader::{self, Sheet, Table, Value};
use crate::spec::values::check_name;

const FILE: &str = "repro.toml";

/// What the nearest `repro.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The file.
    pub file: PathBuf,
    /// The folder of the cases, if it names one; as it can be opened.
    pub cases: Option<PathBuf>,
    /// Languages and the binaries of toolchains, in the order of the file; absolute if the file's path is.
    pub toolchains: Vec<(String, PathBuf)>,
}

/// Reads the nearest `repro.toml` upward of `cwd`; `None` if there is none.
///
/// # Errors
/// It cannot be read, or belongs to somebody who is not trusted; everything that is wrong in it.
pub fn settings(cwd: &Path, trust: &Trust) -> Result<Option<Settings>, Vec<DiscoverError>> {
    let mut upward = cwd.ancestors().map(|folder| folder.join(FILE));
    let Some(file) = upward.find(|file| file.symlink_metadata().is_ok()) else {
        return Ok(None);
    };
    trust.check(&file).map_err(|error| vec![error])?;
    let text = read_text(&file).map_err(|error| vec![error])?;
    let mut sheet = Sheet::new(file.clone(), &text);
    let beside = file.parent().unwrap_or(Path::new("")).to_path_buf();
    let (cases, toolchains) = reader::read(&mut sheet, &text, |mut root| {
        let cases = root.take("cases");
        let toolchains = root.take("toolchains");
        root.finish(FILE);
        let cases = cases.and_then(|value| path(value, "`cases = \"DIR\"`", &beside));
        let toolchains = toolchains.and_then(|value| value.table("`[toolchains]`"));
        (cases, named(toolchains, &beside))
    });
    let problems = sheet.into_problems();
    if problems.is_empty() {
        Ok(Some(Settings {
            file,
            cases,
            toolchains,
        }))
    } else {
        Err(problems.into_iter().map(DiscoverError::problem).collect())
    }
}

fn named(toolchains: Option<Table<'_>>, beside: &Path) -> Vec<(String, PathBuf)> {
    let mut named = Vec::new();
    for (language, value) in toolchains.map(Table::entries).unwrap_or_default() {
        let fits = check_name(&language, "a language");
        for one in value.one_or_list() {
            let path = path(one, "`python = \"/opt/python/bin/python3\"`", beside);
            if let (Some(path), true) = (path, fits) {
                named.push((language.value.to_string(), path));
            }
        }
    }
    named
}

fn path(value: Value<'_>, example: &str, beside: &Path) -> Option<PathBuf> {
    let text = value.text(&format!("a path: {example}"))?;
    if text.value.is_empty() || text.value.contains('\0') {
        let hint = format!("write {example}, relative to this file");
        text.report("this names nothing", "no path", hint);
        return None;
    }
    Some(beside.join(text.value))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(text: &str) -> (tempfile::TempDir, Result<Option<Settings>, String>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), text).unwrap();
        let inside = folder.path().join("deep");
        fs::create_dir(&inside).unwrap();
        let found = settings(&inside, &Trust::default()).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            lines.join("\n")
        });
        (folder, found)
    }

    #[test]
    fn toolchains_are_named_by_path_one_or_several() {
        let (folder, found) = read(
            "cases = \"mine\"\n[toolchains]\npython = [\"/a/python3\", \"b/python\"]\njava = \"/c/java\"\n",
        );
        let found = found.unwrap().unwrap();
        assert_eq!(found.cases, Some(folder.path().join("mine")));
        let expected = [
            ("python".to_string(), PathBuf::from("/a/python3")),
            ("python".to_string(), folder.path().join("b/python")),
            ("java".to_string(), PathBuf::from("/c/java")),
        ];
        assert_eq!(found.toolchains, expected);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let (_folder, found) = read("[toolchains]\npython = 3\nJava = \"/x\"\ngo = \"\"\n");
        let found = found.unwrap_err();
        for part in [
            ":2: expected a path",
            ":3: `Java` cannot be the name",
            ":4: this names nothing",
        ] {
            assert!(found.contains(part), "{part}\n{found}");
        }
        let (_folder, found) = read("toolchain = 1\n");
        assert!(found.unwrap_err().contains("unknown key `toolchain`"));
    }
}
