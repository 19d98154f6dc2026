//! Files that import each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::files::{Sources, library};
use super::imports::{Import, Target, imports};

/// The shortest way round from a file to itself, and all files that are on such a way with it.
#[derive(Debug, PartialEq)]
pub struct Circle {
    pub files: BTreeSet<String>,
    /// `src/a.rs names b::f of src/b.rs`.
    pub way: Vec<String>,
}

/// The circles of a crate. A file that only declares modules and re-exports is no part of one.
pub fn circles(sources: &Sources) -> Vec<Circle> {
    let imports = imports(sources);
    let passes_on = |file: usize| sources.files[file].only_declares;
    let mut edges: BTreeMap<usize, BTreeMap<usize, &Import>> = BTreeMap::new();
    for import in &imports {
        if let Target::File(to) = import.to
            && !passes_on(import.from)
        {
            edges
                .entry(import.from)
                .or_default()
                .entry(to)
                .or_insert(import);
        }
    }
    let mut circles: Vec<Circle> = Vec::new();
    let mut done = BTreeSet::new();
    for file in edges.keys() {
        if done.contains(file) {
            continue;
        }
        let Some(way) = way_round(&edges, *file) else {
            continue;
        };
        let reached = reachable(&edges, *file);
        let members = reached
            .into_iter()
            .filter(|other| reachable(&edges, *other).contains(file));
        let members: BTreeSet<usize> = members.collect();
        let path = |file: &usize| sources.files[*file].path.clone();
        circles.push(Circle {
            files: members.iter().map(path).collect(),
            way: way
                .iter()
                .map(|(import, to)| {
                    format!(
                        "{}:{} names {} of {}",
                        path(&import.from),
                        import.line,
                        import.name,
                        path(to)
                    )
                })
                .collect(),
        });
        done.extend(members);
    }
    circles
}

fn reachable(edges: &BTreeMap<usize, BTreeMap<usize, &Import>>, from: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        let targets = edges.get(&file).into_iter().flat_map(BTreeMap::keys);
        next.extend(targets.filter(|to| found.insert(**to)));
    }
    found
}

fn way_round<'a>(
    edges: &BTreeMap<usize, BTreeMap<usize, &'a Import>>,
    from: usize,
) -> Option<Vec<(&'a Import, usize)>> {
    let mut came: BTreeMap<usize, &Import> = BTreeMap::new();
    let mut next = VecDeque::from([from]);
    while let Some(file) = next.pop_front() {
        for (to, import) in edges.get(&file).into_iter().flatten() {
            if came.contains_key(to) {
                continue;
            }
            came.insert(*to, import);
            next.push_back(*to);
        }
    }
    let mut at = from;
    let mut way = Vec::new();
    loop {
        let import = came.get(&at)?;
        way.push((*import, at));
        at = import.from;
        if at == from {
            way.reverse();
            return Some(way);
        }
    }
}

#[test]
fn files_that_import_each_other_are_told_with_the_names_that_tie_them() {
    let sources = Sources::of(&[
        ("src/lib.rs", "pub mod a;"),
        (
            "src/a/mod.rs",
            "mod one;\nmod two;\nmod three;\npub use one::f;\npub use three::h;",
        ),
        ("src/a/one.rs", "pub fn f() { super::two::g() }"),
        ("src/a/two.rs", "use super::h;\npub fn g() { h() }"),
        ("src/a/three.rs", "use crate::a::f;\npub fn h() { f() }"),
    ]);
    let circles = circles(&sources);
    assert_eq!(circles.len(), 1);
    let files: Vec<&str> = circles[0].files.iter().map(|f| &**f).collect();
    assert_eq!(files, ["src/a/one.rs", "src/a/three.rs", "src/a/two.rs"]);
    let expected = [
        "src/a/one.rs:1 names super::two::g of src/a/two.rs",
        "src/a/two.rs:1 names super::h of src/a/three.rs",
        "src/a/three.rs:1 names crate::a::f of src/a/one.rs",
    ];
    assert_eq!(circles[0].way, expected);
}

#[test]
fn a_module_file_with_items_of_its_own_is_part_of_a_circle() {
    let lib = ("src/lib.rs", "pub mod a;");
    let child = ("src/a/b.rs", "use super::Shared;");
    let with = (
        "src/a/mod.rs",
        "mod b;\npub struct Shared;\npub fn f() { b::g() }",
    );
    assert_eq!(
        circles(&Sources::of(&[lib, with, child])).len(),
        0,
        "b::g is not there"
    );
    let child = ("src/a/b.rs", "use super::Shared;\npub fn g() {}");
    assert_eq!(circles(&Sources::of(&[lib, with, child])).len(), 1);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found = circles(library());
    let told = found.iter().map(|circle| {
        let (count, way) = (circle.files.len(), circle.way.join("\n  "));
        format!("{count} files:\n  {way}")
    });
    let told: Vec<String> = told.collect();
    assert!(told.is_empty(), "circles:\n{}", told.join("\n"));
}
