//! Pure rooms only turn values into values: they reach no file, process, clock or network, and no room that does.

use super::files::{Sources, library};
use super::flow::room;
use super::imports::{Target, imports};

/// The rooms that are pure. `Duration` is a number and no clock.
const PURE: &[&str] = &[
    "model",
    "visible",
    "random",
    "digest",
    "spec",
    "trace_format",
    "probe_trace",
    "diagnose",
    "judge",
    "wording",
    "lint",
    "draft",
    "scaffold",
    "article",
    "mutants",
    "compare",
    "schema",
    "glossary",
    "timeline",
];

/// Which pure room may name which other: a recipe is a value, and stands with the toolchains that it describes.
const VALUES_OF: &[(&str, &str)] = &[
    ("scaffold", "toolchain"),
    ("trace_format", "toolchain"),
    ("diagnose", "toolchain"),
    ("wording", "toolchain"),
];

/// What reaches the machine, by how its path begins.
const MACHINE: &[&str] = &[
    "std::fs",
    "std::process",
    "std::net",
    "std::env",
    "std::thread",
    "std::os",
    "std::time::Instant",
    "std::time::SystemTime",
    "duct",
    "landlock",
    "libc",
    "rustix",
    "tempfile",
    "tokio",
];

fn reaches_the_machine(path: &str) -> bool {
    let begins = |whole: &str, part: &str| {
        whole
            .strip_prefix(part)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    MACHINE.iter().any(|machine| {
        // `std::time::*` brings a clock with it, too.
        let glob = path.strip_suffix("::*");
        begins(path, machine) || glob.is_some_and(|path| begins(machine, path))
    })
}

/// What pure rooms name of the machine.
fn impure(sources: &Sources, pure: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for import in imports(sources) {
        let file = &sources.files[import.from].path;
        if !pure.contains(&room(file)) {
            continue;
        }
        let reached = match import.to {
            Target::External(path) => reaches_the_machine(&path).then_some(path),
            Target::File(to) => {
                let to = &sources.files[to].path;
                let is_value = VALUES_OF.contains(&(room(file), room(to)));
                (!pure.contains(&room(to)) && !is_value).then(|| to.clone())
            }
            Target::Unknown => None,
        };
        if let Some(reached) = reached {
            wrong.push(format!("{file}:{} names {reached}", import.line));
        }
    }
    wrong
}

#[test]
fn pure_rooms_reach_nothing_of_the_machine() {
    for room in PURE {
        let module = vec![(*room).to_owned()];
        assert!(
            library().modules.contains_key(&module),
            "there is no room {room}"
        );
    }
    let wrong = impure(library(), PURE);
    assert!(wrong.is_empty(), "pure rooms name:\n{}", wrong.join("\n"));
}

#[test]
fn what_reaches_the_machine_is_found_in_a_pure_room() {
    let sources = Sources::of(&[
        ("src/lib.rs", "pub mod judge;\npub mod run;"),
        (
            "src/judge.rs",
            "use std::time::{self, Duration};\nuse std::io;\nuse crate::run::go;\nfn f() { time::Instant::now(); }\nfn g() { rustix::fs::open() }\n#[cfg(test)]\nmod tests { use std::fs; }",
        ),
        ("src/run.rs", "use std::fs;\npub fn go() {}"),
    ]);
    let expected = [
        "src/judge.rs:3 names src/run.rs",
        "src/judge.rs:4 names std::time::Instant::now",
        "src/judge.rs:5 names rustix::fs::open",
    ];
    assert_eq!(impure(&sources, &["judge"]), expected);
    assert!(reaches_the_machine("std::time::*"));
    assert!(!reaches_the_machine("std::time::Duration"));
}
