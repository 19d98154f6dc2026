//! `docs/faults.md` says of each fault which test shows it: that the table is whole, and that the tests are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many faults of each kind there are.
const KINDS: [(char, usize); 5] = [('P', 22), ('O', 13), ('C', 16), ('B', 12), ('M', 15)];

/// A row: its number, and the names in its third column.
fn rows() -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("docs/faults.md")).unwrap();
    let mut rows = Vec::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", number, _, _, tests, _, ""] = cells[..] else {
            continue;
        };
        let is_number = |text: &str| {
            let (kind, rest) = text.split_at_checked(1).unwrap_or(("", ""));
            KINDS.iter().any(|(known, _)| kind.starts_with(*known)) && rest.parse::<u32>().is_ok()
        };
        if is_number(number) {
            let quoted = tests.split('`').skip(1).step_by(2);
            rows.push((number.into(), quoted.map(String::from).collect()));
        }
    }
    rows
}

/// The name of every function below a folder that is marked as a test, with the file that it stands in.
fn tests(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut marked = false;
            for line in text.lines().map(str::trim) {
                marked |= line == "#[test]" || line.starts_with("#[tokio::test");
                if let Some((_, rest)) = line.split_once("fn ").filter(|_| marked) {
                    let name = rest.split('(').next().unwrap_or_default();
                    found.insert(name.into());
                    marked = false;
                }
            }
        }
    }
}

#[test]
fn every_fault_has_a_row_and_every_row_a_test_that_is_there() {
    let rows = rows();
    let numbers: Vec<&str> = rows.iter().map(|(number, _)| number.as_str()).collect();
    let expected = KINDS.map(|(kind, most)| (1..=most).map(move |n| format!("{kind}{n}")));
    let expected: Vec<String> = expected.into_iter().flatten().collect();
    assert_eq!(numbers, expected);

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut there = BTreeSet::new();
    tests(&root.join("src"), &mut there);
    tests(&root.join("tests/integration"), &mut there);
    let mut wrong = Vec::new();
    for (number, named) in &rows {
        if named.is_empty() {
            wrong.push(format!("{number} names no test"));
        }
        let gone = named.iter().filter(|name| !there.contains(*name));
        wrong.extend(gone.map(|name| format!("{number}: there is no test {name}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
