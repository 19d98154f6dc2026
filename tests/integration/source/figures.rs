//! The figures of the production code, as `.ci/figures` prints them.

use std::fs;
use std::path::Path;

use super::circles::circles;
use super::files::{Sources, THIS_CRATE, library};
use super::lines::Lines;
use super::shape;

/// Tests are no part of these. A line is a line of code if more than a comment stands on it.
#[derive(Default)]
pub struct Figures {
    pub code: usize,
    pub comments: usize,
    /// Lines of each file with its path, longest first.
    pub files: Vec<(usize, String)>,
    /// Lines of each function with its place and name, longest first.
    pub functions: Vec<(usize, String)>,
    pub public_items: usize,
    /// Places and names.
    pub undocumented: Vec<String>,
    /// How often the judge makes a text.
    pub formats_in_judge: usize,
}

impl Figures {
    pub fn of<'a>(crates: impl Iterator<Item = &'a Sources>) -> Figures {
        let mut figures = Figures::default();
        for file in crates.flat_map(|sources| &sources.files) {
            let path = &file.path;
            figures.code += file.lines.code();
            figures.comments += file.lines.comments();
            figures.files.push((file.lines.all(), path.clone()));
            let functions = file.functions.iter();
            figures
                .functions
                .extend(functions.map(|f| (f.lines, format!("{path}:{} {}", f.line, f.name))));
            figures.public_items += file.public.items;
            let undocumented = file.public.undocumented.iter();
            figures
                .undocumented
                .extend(undocumented.map(|item| format!("{path}:{item}")));
            if path.starts_with("src/judge/") {
                figures.formats_in_judge += file.formats;
            }
        }
        figures.files.sort_by(|a, b| b.cmp(a));
        figures.functions.sort_by(|a, b| b.cmp(a));
        figures
    }

    pub fn documented_percent(&self) -> f64 {
        100.0 - percent(self.undocumented.len(), self.public_items)
    }

    /// Of the lines that are not blank.
    pub fn comment_percent(&self) -> f64 {
        percent(self.comments, self.code + self.comments)
    }

    fn functions_over(&self, lines: usize) -> usize {
        self.functions.iter().filter(|f| f.0 > lines).count()
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "line counts are small")]
    let ratio = part as f64 / whole as f64;
    100.0 * ratio
}

/// Lines of the templates that are compiled into the binary.
fn template_lines(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let lines = entries.map(|entry| {
        let path = entry.path();
        let extension = path.extension().and_then(|e| e.to_str());
        if path.is_dir() {
            template_lines(&path)
        } else if matches!(extension, Some("html" | "xml" | "css" | "js" | "mjs")) {
            Lines::of_template(&fs::read_to_string(path).unwrap()).code()
        } else {
            0
        }
    });
    lines.sum()
}

/// The dependencies that Cargo.toml names for what ships, and all packages that Cargo.lock holds.
fn dependencies(repository: &Path) -> (usize, usize) {
    let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let named = |table: &toml::Table| {
        let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
        let names = dependencies
            .into_iter()
            .flat_map(toml::Table::keys)
            .cloned();
        names.collect::<Vec<_>>()
    };
    let mut direct = named(&manifest);
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for (_, target) in targets.into_iter().flatten() {
        direct.extend(target.as_table().into_iter().flat_map(named));
    }
    direct.sort();
    direct.dedup();
    let lock = fs::read_to_string(repository.join("Cargo.lock")).unwrap();
    (direct.len(), lock.matches("[[package]]").count())
}

/// `36830` as `36,830`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
#[ignore = "prints for .ci/figures"]
fn print() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut figures = Figures::of(THIS_CRATE.iter());
    let build = fs::read_to_string(repository.join("build.rs")).unwrap();
    figures.code += Lines::of_rust(&build, build.parse().unwrap()).code();
    let templates = template_lines(&repository.join("src"));
    let rooms = library().modules.keys().filter(|module| module.len() == 1);
    let circles = circles(library());
    let largest_circle = circles.iter().map(|circle| circle.files.len()).max();
    let (direct, locked) = dependencies(repository);
    let (longest, longest_file) = &figures.files[0];
    let rows = [
        (
            "lines of code, templates among them",
            format!("{}, {templates}", grouped(figures.code + templates)),
            String::new(),
        ),
        (
            "comments, of lines that are not blank",
            format!("{:.1} %", figures.comment_percent()),
            format!("{:.1} % or more", shape::COMMENTS),
        ),
        (
            "files, rooms",
            format!("{}, {}", figures.files.len(), rooms.count()),
            String::new(),
        ),
        (
            "median and longest file, with comments",
            format!(
                "{}, {longest} ({longest_file})",
                figures.files[figures.files.len() / 2].0
            ),
            shape::LONGEST_FILE.to_string(),
        ),
        (
            "functions, over 50 lines, over 70 lines",
            format!(
                "{}, {}, {}",
                grouped(figures.functions.len()),
                figures.functions_over(50),
                figures.functions_over(70)
            ),
            format!(
                "{} of a thousand over 50, none over {}",
                shape::LONG_FUNCTIONS,
                shape::LONGEST_FUNCTION
            ),
        ),
        (
            "circles of files, files in the largest",
            format!("{}, {}", circles.len(), largest_circle.unwrap_or(0)),
            "0".to_owned(),
        ),
        (
            "documented public items",
            format!("{:.1} %", figures.documented_percent()),
            format!("{:.1} % or more", shape::DOCUMENTED),
        ),
        (
            "dependencies, locked packages",
            format!("{direct}, {locked}"),
            String::new(),
        ),
        (
            "`format!` in the judge",
            figures.formats_in_judge.to_string(),
            String::new(),
        ),
    ];
    println!("| figure | value | limit |\n|---|---|---|");
    for (name, value, limit) in rows {
        println!("| {name} | {value} | {limit} |");
    }
}
