//! Which file an article is, and how the cases made of it are named.

use std::path::{Component, Path, PathBuf};

/// The file of an article.
pub struct ArticlePlace {
    /// Its path relative to the folder of the cases, by which the ledger knows it.
    pub path: String,
    /// The name of the file.
    file: String,
    /// The name of the folder around it.
    parent: String,
}

impl ArticlePlace {
    /// The article at this path; `cases` is the absolute folder of the cases that its listings become.
    pub fn new(path: &Path, cases: &Path) -> ArticlePlace {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
        let name = |path: &Path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        ArticlePlace {
            path: relative_path(cases, &absolute),
            file: name(&absolute),
            parent: absolute.parent().map(name).unwrap_or_default(),
        }
    }

    /// Whether this is the article that the ledger knows by `path`. It may have been moved since.
    pub fn is_known_as(&self, path: &str, cases: &Path) -> bool {
        let has_moved = || {
            let path = Path::new(path);
            path.file_name().is_some_and(|name| *name == *self.file) && !cases.join(path).exists()
        };
        path == self.path || has_moved()
    }

    /// How the names of its cases begin: with the name of its file, and with that of its folder too where `others`, the
    /// cases of other articles, begin in the same way.
    pub fn stem<'o>(&self, others: impl IntoIterator<Item = &'o str>) -> String {
        let own = stem(&self.file);
        let mut stems = others.into_iter().filter_map(|case| case.rsplit_once('-'));
        if stems.any(|(other, _)| other == own) {
            stem(&format!("{}-{}", self.parent, self.file))
        } else {
            own
        }
    }
}

/// The path of a file relative to a folder; both are absolute.
fn relative_path(folder: &Path, file: &Path) -> String {
    let steps: Vec<Component<'_>> = folder.components().collect();
    let shared = steps
        .iter()
        .zip(file.components())
        .take_while(|(a, b)| **a == *b)
        .count();
    let up = steps[shared..].iter().map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(file.components().skip(shared)).collect();
    path.to_string_lossy().into_owned()
}

/// `Why Async?.md` as `why-async`.
fn stem(article: &str) -> String {
    let stem = Path::new(article)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let plain = stem
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(50).collect();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    match name.trim_end_matches('-') {
        "" => "article".into(),
        name => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_of_an_article_begins_that_of_a_case() {
        for (article, name) in [
            ("article.md", "article"),
            ("Why Async?.md", "why-async"),
            ("2024-12-23.md", "article"),
            ("2024 notes_on--it.md", "notes-on-it"),
            ("日本.md", "article"),
        ] {
            assert_eq!(stem(article), name);
        }
        let longest = format!("{}-1000", stem(&"x".repeat(300)));
        assert!(crate::spec::values::is_name(&longest));
    }

    #[test]
    fn the_way_to_an_article_goes_up_and_down() {
        for (folder, file, way) in [
            ("/a/cases", "/a/x.md", "../x.md"),
            ("/a/cases", "/a/docs/x.md", "../docs/x.md"),
            ("/a/b/cases", "/c/x.md", "../../../c/x.md"),
            ("/a", "/a/x.md", "x.md"),
        ] {
            assert_eq!(relative_path(Path::new(folder), Path::new(file)), way);
        }
    }
}
