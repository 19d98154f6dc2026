//! The modules stand in the order in which data flows through them, and import only those above.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/lib.rs` in their order.
fn modules(lib: &str) -> Vec<String> {
    let names = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(ToString::to_string).collect()
}

/// Every `crate::NAME` in a source, with its line number from 1.
fn imports(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for rest in code.split("crate::").skip(1) {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            found.push((index + 1, name));
        }
    }
    found
}

/// Imports of `source`, a file of the module at `rank`, that run against the flow.
fn against_the_flow(order: &[String], rank: usize, source: &str) -> Vec<(usize, String)> {
    let below = |name: &String| {
        order
            .iter()
            .position(|m| m == name)
            .is_some_and(|r| r > rank)
    };
    imports(source)
        .into_iter()
        .filter(|(_, name)| below(name))
        .collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_run_one_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let order = modules(&fs::read_to_string(src.join("lib.rs")).unwrap());
    assert!(
        order.len() > 10,
        "src/lib.rs lists the modules, one `pub mod` a line: {order:?}"
    );
    let mut wrong = Vec::new();
    for (rank, module) in order.iter().enumerate() {
        let file = src.join(format!("{module}.rs"));
        let mut files = if file.exists() {
            vec![file]
        } else {
            Vec::new()
        };
        if src.join(module).is_dir() {
            sources(&src.join(module), &mut files);
        }
        assert!(!files.is_empty(), "{module} has no file");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for (line, name) in against_the_flow(&order, rank, &text) {
                wrong.push(format!("{}:{line} imports {name}", file.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that run against the flow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn an_import_against_the_flow_is_caught() {
    let order = modules("pub mod model;\n\npub mod judge;\npub mod report;\n");
    let source = "use crate::model::case;\n// crate::report is below\nuse crate::report::json;\n";
    assert_eq!(
        against_the_flow(&order, 1, source),
        [(3, "report".to_string())]
    );
    assert!(against_the_flow(&order, 2, source).is_empty());
}
