//! Data flows through the rooms, which are the modules of `src/lib.rs`, in the order in which they stand there: each
//! imports only those above it.

use std::path::Path;

use super::files::{Sources, library};
use super::imports::{Import, Target, imports};

/// The rooms in the order of `src/lib.rs`.
fn rooms(lib: &str) -> Vec<&str> {
    let names = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.collect()
}

/// The room of a file: `judge` for `src/judge/order.rs` and for `src/judge.rs`.
pub fn room(path: &str) -> &str {
    let below = path.trim_start_matches("src/");
    let name = below.split('/').next().unwrap_or_default();
    name.trim_end_matches(".rs")
}

/// `src/judge/order.rs:3 imports crate::report::text of src/report/text.rs`.
fn sentence(sources: &Sources, import: &Import, target: &str) -> String {
    let file = &sources.files[import.from].path;
    format!("{file}:{} names {} of {target}", import.line, import.name)
}

/// The imports of a room that stands below the importing one.
fn against_the_flow(sources: &Sources, order: &[&str]) -> Vec<String> {
    let rank = |file: usize| {
        order
            .iter()
            .position(|name| *name == room(&sources.files[file].path))
    };
    let mut wrong = Vec::new();
    for import in imports(sources) {
        if let Target::File(to) = import.to
            && rank(to) > rank(import.from)
        {
            wrong.push(sentence(sources, &import, &sources.files[to].path));
        }
    }
    wrong
}

/// Paths of this crate that the test cannot follow, and so cannot hold to anything.
fn unknown(sources: &Sources) -> Vec<String> {
    let imports = imports(sources).into_iter();
    imports
        .filter(|import| import.to == Target::Unknown)
        .map(|import| sentence(sources, &import, "no file"))
        .collect()
}

#[test]
fn imports_point_only_upwards() {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let lib = std::fs::read_to_string(lib).unwrap();
    let order = rooms(&lib);
    let declared = library().modules.keys().filter(|module| module.len() == 1);
    assert_eq!(
        declared.count(),
        order.len(),
        "src/lib.rs lists every room, one `pub mod` a line"
    );
    assert!(imports(library()).len() > 1000, "imports are found");
    let wrong = against_the_flow(library(), &order);
    assert!(
        wrong.is_empty(),
        "imports of a room below:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_path_of_this_crate_is_followed() {
    let unknown = unknown(library());
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn an_import_of_a_room_below_is_found() {
    let lib = "pub mod model;\n\npub mod judge;\npub mod report;\n";
    let sources = Sources::of(&[
        ("src/lib.rs", lib),
        ("src/model.rs", "pub struct Case;"),
        ("src/judge/mod.rs", "mod order;"),
        (
            "src/judge/order.rs",
            "use crate::model::Case;\n// crate::report is below\nfn f() { super::super::report::write() }",
        ),
        ("src/report/mod.rs", "mod text;\npub use text::write;"),
        (
            "src/report/text.rs",
            "use crate::judge::gone;\npub fn write() {}",
        ),
    ]);
    assert_eq!(
        against_the_flow(&sources, &rooms(lib)),
        ["src/judge/order.rs:3 names super::super::report::write of src/report/text.rs"]
    );
    assert_eq!(
        unknown(&sources),
        ["src/report/text.rs:1 names crate::judge::gone of no file"]
    );
}
