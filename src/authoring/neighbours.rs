//! Which other files a source uses: those that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use crate::read_file::{LARGEST_TEXT, read_text};
use crate::toolchain::{Import, RECIPES};

/// A larger file, in bytes, is not copied unasked.
const MOST_BYTES: u64 = 1024 * 1024;

/// What stands between quotes.
static QUOTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#""([^"\n]+)"|'([^'\n]+)'"#).ok());

/// The imports of all languages: a source may be of one that has no recipe.
static IMPORTS: LazyLock<Vec<(Regex, &Import)>> = LazyLock::new(|| {
    let imports = RECIPES.iter().flat_map(|recipe| recipe.imports);
    imports
        .filter_map(|import| Some((Regex::new(import.pattern).ok()?, import)))
        .collect()
});

/// The files that a source names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The paths of those in its folder.
    pub beside: Vec<PathBuf>,
    /// The names of those in other folders, and of those that are too large to be copied unasked.
    pub elsewhere: Vec<String>,
}

/// The files that a source names, and those that these name in turn. A name without a matching file is ignored.
#[must_use]
pub fn neighbours(source: &Path) -> Neighbours {
    let folder = source.parent().unwrap_or(Path::new(""));
    let extension = source.extension().unwrap_or_default().to_string_lossy();
    let mut found = Neighbours::default();
    let mut seen = BTreeSet::from([source.to_path_buf()]);
    let mut waiting = vec![source.to_path_buf()];
    while let Some(file) = waiting.pop() {
        let Ok(text) = read_text(&file, LARGEST_TEXT) else {
            continue;
        };
        for name in named(&text, &extension) {
            let path = folder.join(&name);
            let Ok(facts) = fs::metadata(&path) else {
                continue;
            };
            if !facts.is_file() || !seen.insert(path.clone()) {
                continue;
            }
            let mut parts = name.components();
            let alone = matches!(
                (parts.next(), parts.next()),
                (Some(Component::Normal(_)), None)
            );
            if alone && facts.len() <= MOST_BYTES {
                waiting.push(path.clone());
                found.beside.push(path);
            } else {
                found.elsewhere.push(name.display().to_string());
            }
        }
    }
    found.beside.sort();
    found.elsewhere.sort();
    found
}

/// The paths that a text may mean, relative to its folder.
fn named(text: &str, extension: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let quoted = QUOTED.iter().flat_map(|quoted| quoted.captures_iter(text));
    for quoted in quoted.filter_map(|found| found.get(1).or(found.get(2))) {
        let plain = quoted.as_str();
        let plain = plain.strip_prefix("./").unwrap_or(plain);
        paths.push(PathBuf::from(plain));
        if quoted.as_str().starts_with('.') {
            paths.push(PathBuf::from(format!("{plain}.{extension}")));
            paths.push(Path::new(plain).join(format!("index.{extension}")));
        }
    }
    for (pattern, import) in &*IMPORTS {
        for found in pattern.captures_iter(text) {
            let listed = |group: usize| found.get(group).map_or("", |found| found.as_str());
            let inside = modules(listed(2))
                .map(|name| format!("{}/{name}", listed(1).trim().replace('.', "/")));
            for module in modules(listed(1)).chain(inside) {
                paths.push(PathBuf::from(format!("{module}.{extension}")));
                paths.push(Path::new(&module).join(import.of_folder));
            }
        }
    }
    paths
}

/// The paths of modules in a list such as `pkg.deep, helper as h`.
fn modules(list: &str) -> impl Iterator<Item = String> {
    let names = list
        .split(',')
        .filter_map(|item| item.split_whitespace().next());
    names.map(|name| name.replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, text: &str, others: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in others.iter().chain([&(name, text)]) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = neighbours(&folder.path().join(name));
        let names = found.beside.iter();
        let names = names.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        (names.collect(), found.elsewhere)
    }

    #[test]
    fn modules_beside_a_source_and_what_those_take_in_are_its_neighbours() {
        let text = "import os, helper  # ours\nfrom steps import one as first\nfrom pkg.deep import two\nopen(\"data.txt\")\n";
        let others = [
            ("helper.py", "import inner\n"),
            ("inner.py", "import app\n"),
            ("steps.py", ""),
            ("pkg/deep.py", ""),
            ("data.txt", "1"),
            ("unused.py", ""),
        ];
        let (beside, elsewhere) = of("app.py", text, &others);
        assert_eq!(beside, ["data.txt", "helper.py", "inner.py", "steps.py"]);
        assert_eq!(elsewhere, ["pkg/deep.py"]);
    }

    #[test]
    fn what_is_named_in_quotes_is_a_file_if_there_is_one() {
        let text =
            "import { a } from './steps.mjs';\nconst b = require('./lib'), fs = require('fs');\n";
        let others = [("steps.mjs", ""), ("lib.js", ""), ("fs/x", "")];
        let (beside, elsewhere) = of("app.js", text, &others);
        assert_eq!(
            (beside, elsewhere),
            (vec!["lib.js".into(), "steps.mjs".into()], vec![])
        );
        let (beside, _) = of(
            "app.cpp",
            "#include \"pool.h\"\n#include <mutex>\n",
            &[("pool.h", "")],
        );
        assert_eq!(beside, ["pool.h"]);
        let (beside, _) = of("app.rs", "mod pool;\nmod other;\n", &[("pool.rs", "")]);
        assert_eq!(beside, ["pool.rs"]);
    }

    #[test]
    fn what_is_larger_than_a_source_ever_is_stays_where_it_is() {
        let large = "x".repeat(2 * 1024 * 1024);
        let (beside, elsewhere) = of("app.py", "open('big.bin')", &[("big.bin", &large)]);
        assert_eq!((beside, elsewhere), (vec![], vec![String::from("big.bin")]));
    }
}
