use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::toolchain::{select, select_all};

/// A PATH of one folder, with nothing installed anywhere else.
struct Stripped {
    folder: tempfile::TempDir,
}

impl Stripped {
    fn new() -> Stripped {
        Stripped {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn script(&self, path: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings {
            path: vec![self.folder.path().join("bin")],
            vars: [("PATH".into(), "/usr/bin:/bin".into())].into(),
            home: Some(self.folder.path().join("home")),
            folder: self.folder.path().to_path_buf(),
            named: Vec::new(),
            clock: crate::clock::Clock::Real,
            stop: crate::process::Stop::default(),
        }
    }
}

fn selector(text: &str) -> Selector {
    super::super::selector(text).unwrap()
}

/// What selectors bring in `language`: the name of each toolchain, or that it is missing.
fn chosen(selectors: &[&str], language: &str, surroundings: &Surroundings) -> Vec<String> {
    let selectors: Vec<Selector> = selectors.iter().map(|text| selector(text)).collect();
    let found = select(&selectors, &[language], surroundings);
    let named = |found: &Found| found.toolchain().map_or("missing".into(), Toolchain::name);
    found.iter().map(named).collect()
}

#[test]
fn a_shim_gives_way_to_the_binary_and_version_that_really_ran() {
    let here = Stripped::new();
    let real = here.script("real/python3", "");
    let text = format!("printf 'CPython\\n3.11.2\\n{}\\n'", real.display());
    here.script("bin/python3", &text);
    let found = default_for("python", &here.surroundings());
    let toolchain = found.toolchain().unwrap();
    assert_eq!(toolchain.name(), "python cpython 3.11.2");
    assert_eq!(toolchain.path, real);
    // The pin said 3.14, the shim ran 3.11: what was asked for is missing.
    let found = select(
        &[selector("python@3.14")],
        &["python"],
        &here.surroundings(),
    );
    let Found::Missing { hint, .. } = &found[0] else {
        panic!("{found:?}")
    };
    assert!(
        hint.contains("no `python@3.14`") && hint.contains("cpython 3.11.2"),
        "{hint}"
    );
}

#[test]
fn a_broken_shim_is_quoted() {
    let here = Stripped::new();
    let path = here.script(
        "bin/node",
        "echo 'node: version 99 is not installed' >&2; exit 127",
    );
    let found = default_for("javascript", &here.surroundings());
    let says = "it exited with 127 and said: node: version 99 is not installed";
    let expected = Found::Broken {
        language: "javascript".into(),
        path,
        says: says.into(),
    };
    assert_eq!(found, expected);
}

#[test]
fn garbage_makes_an_unknown_version_that_no_version_selects() {
    let here = Stripped::new();
    let path = here.script("bin/python3", "echo hello");
    let surroundings = here.surroundings();
    let found = default_for("python", &surroundings);
    let toolchain = found.toolchain().unwrap();
    assert_eq!((&toolchain.version, &toolchain.path), (&None, &path));
    let found = select(&[selector("python@3")], &["python"], &surroundings);
    assert!(matches!(found[0], Found::Missing { .. }), "{found:?}");
}

#[test]
fn a_path_that_leads_nowhere_is_not_believed() {
    let here = Stripped::new();
    let path = here.script(
        "bin/python3",
        "printf 'CPython\\n3.12.0\\n/no/such/python\\n'",
    );
    let found = default_for("python", &here.surroundings());
    assert_eq!(found.toolchain().unwrap().path, path);
}

#[test]
fn what_is_not_on_path_is_missing_with_a_hint() {
    let here = Stripped::new();
    let Found::Missing { hint, .. } = default_for("python", &here.surroundings()) else {
        panic!()
    };
    assert!(
        hint.starts_with("`python3` is not on PATH: install it"),
        "{hint}"
    );
    let real = here.script("home/.pyenv/versions/3.9.1/bin/python", "");
    let answer = format!("printf 'cpython\\n3.9.1\\n{}\\n'", real.display());
    here.script("home/.pyenv/versions/3.9.1/bin/python", &answer);
    let Found::Missing { hint, .. } = default_for("python", &here.surroundings()) else {
        panic!()
    };
    assert!(hint.contains("--toolchain python@3.9.1"), "{hint}");
    let found = select(&[selector("python@3.9")], &["python"], &here.surroundings());
    assert_eq!(found[0].toolchain().unwrap().path, real);
}

#[test]
fn a_runtime_without_a_compiler_is_broken() {
    let here = Stripped::new();
    let java = here.script("jre/bin/java", "");
    let home = java.ancestors().nth(2).unwrap().display();
    let answer = format!("echo '    java.home = {home}' >&2; echo '  java.version = 17.0.1' >&2");
    here.script("bin/java", &answer);
    let Found::Broken { says, .. } = default_for("java", &here.surroundings()) else {
        panic!()
    };
    assert!(
        says.contains("no compiler in") && says.contains("javac"),
        "{says}"
    );
}

#[test]
fn a_language_nobody_knows_is_missing_and_names_those_there_are() {
    let Found::Missing { hint, .. } = default_for("cobol", &Surroundings::default()) else {
        panic!()
    };
    assert!(
        hint.contains("python, javascript, java, rust, go"),
        "{hint}"
    );
    assert!(all("cobol", &Surroundings::default()).is_empty());
}

#[test]
fn all_are_listed_once_the_default_first_then_the_newest() {
    let here = Stripped::new();
    let install = |version: &str| {
        let path = format!("home/.pyenv/versions/{version}/bin/python");
        let real = here.script(&path, "");
        let answer = format!("printf 'cpython\\n{version}\\n{}\\n'", real.display());
        here.script(&path, &answer);
        real
    };
    let (real, _, _) = (install("3.9.1"), install("3.10.0"), install("3.12.2"));
    here.script("bin/python3", &format!("exec {}", real.display()));
    here.script("bin/python", "exit 3");
    let found = all("python", &here.surroundings());
    let versions: Vec<String> = found
        .iter()
        .map(|f| {
            f.toolchain()
                .map_or("broken".into(), |t| t.version.as_ref().unwrap().to_string())
        })
        .collect();
    assert_eq!(versions, ["3.9.1", "3.12.2", "3.10.0", "broken"]);
    let twice = [selector("python@3.9"), selector("python")];
    assert_eq!(select(&twice, &["python"], &here.surroundings()).len(), 1);
}

#[test]
fn what_is_named_by_path_is_found_and_what_is_not_there_is_broken() {
    let here = Stripped::new();
    let real = here.script("opt/node", "");
    here.script(
        "opt/node",
        &format!("echo '[\"node\",\"22.1.0\",\"{}\"]'", real.display()),
    );
    let mut surroundings = here.surroundings();
    let gone = here.folder.path().join("gone/node");
    surroundings.named = vec![
        ("javascript".into(), real.clone()),
        ("javascript".into(), gone.clone()),
    ];
    let found = select_all(&["javascript"], &surroundings);
    assert_eq!(found[0].toolchain().unwrap().path, real);
    let Found::Broken { path, says, .. } = &found[1] else {
        panic!("{found:?}")
    };
    assert_eq!((path, found.len()), (&gone, 2));
    assert!(says.contains("there is no"), "{says}");
    let found = select(&[selector("javascript@22")], &["javascript"], &surroundings);
    assert_eq!(found[0].toolchain().unwrap().path, real);
}

#[test]
fn implementations_are_selected_by_their_names_and_a_bare_version_is_the_languages_own() {
    let here = Stripped::new();
    let tool = |path: &str, name: &str, version: &str| {
        let real = here.script(path, "");
        let answer = format!("[\"{name}\",\"{version}\",\"{}\"]", real.display());
        here.script(path, &format!("echo '{answer}'"));
    };
    tool("bin/node", "node", "22.1.0");
    tool("home/.deno/bin/deno", "deno", "2.9.6");
    tool("home/.bun/bin/bun", "bun", "1.4.5");
    let javascript = |selectors: &[&str]| chosen(selectors, "javascript", &here.surroundings());
    assert_eq!(javascript(&[]), ["javascript node 22.1.0"]);
    assert_eq!(
        javascript(&["deno@2", "bun", "node"]),
        [
            "javascript deno 2.9.6",
            "javascript bun 1.4.5",
            "javascript node 22.1.0"
        ]
    );
    assert_eq!(
        javascript(&["javascript:deno@2.9"]),
        ["javascript deno 2.9.6"]
    );
    assert_eq!(javascript(&["javascript@2"]), ["missing"]);
    assert_eq!(javascript(&["deno@1"]), ["missing"]);
    let all = all("javascript", &here.surroundings());
    let order = all.iter().filter_map(Found::toolchain);
    let order: Vec<&str> = order.map(|t| t.implementation.as_str()).collect();
    assert_eq!(order, ["node", "deno", "bun"]);
}

#[test]
fn a_node_that_is_a_bun_says_so_and_pypy_counts_as_python_does() {
    let here = Stripped::new();
    let real = here.script("opt/bun", "");
    let answer = format!("[\"bun\",\"1.4.5\",\"{}\"]", real.display());
    here.script("bin/node", &format!("echo '{answer}'"));
    let surroundings = here.surroundings();
    assert_eq!(
        chosen(&[], "javascript", &surroundings),
        ["javascript bun 1.4.5"]
    );
    let pypy = here.script("bin/pypy3", "");
    let answer = format!("printf 'PyPy\\n3.11.13\\n{}\\n'", pypy.display());
    here.script("bin/pypy3", &answer);
    for text in ["pypy@3.11", "python:pypy", "python@3.11"] {
        assert_eq!(
            chosen(&[text], "python", &surroundings),
            ["python pypy 3.11.13"],
            "{text}"
        );
    }
    // Without a choice it is what `python3` runs, and there is none.
    assert_eq!(chosen(&[], "python", &surroundings), ["missing"]);
}

#[test]
fn what_is_named_by_path_may_be_called_anything() {
    let here = Stripped::new();
    let odd = here.script("opt/deno-canary", "");
    let answer = format!("[\"deno\",\"2.9.6\",\"{}\"]", odd.display());
    // It knows `eval` and no `-p`.
    let text = format!("[ $1 = eval ] || exit 1; echo '{answer}'");
    here.script("opt/deno-canary", &text);
    for language in ["javascript", "deno"] {
        let mut surroundings = here.surroundings();
        surroundings.named = vec![(language.into(), odd.clone())];
        let found = select_all(&["javascript"], &surroundings);
        let names: Vec<String> = found
            .iter()
            .filter_map(Found::toolchain)
            .map(Toolchain::name)
            .collect();
        assert_eq!(names, ["javascript deno 2.9.6"]);
    }
}

#[test]
fn all_of_a_language_without_any_is_one_that_is_missing() {
    let here = Stripped::new();
    let found = select_all(&["python"], &here.surroundings());
    assert!(
        matches!(found.as_slice(), [Found::Missing { .. }]),
        "{found:?}"
    );
}

#[test]
fn of_one_version_that_is_here_twice_the_first_is_taken() {
    let here = Stripped::new();
    for manager in ["versions/a", "versions/b"] {
        let path = format!("home/.pyenv/{manager}/bin/python");
        let real = here.script(&path, "");
        here.script(
            &path,
            &format!("printf 'cpython\\n3.9.1\\n{}\\n'", real.display()),
        );
    }
    assert_eq!(all("python", &here.surroundings()).len(), 2);
    let found = select_all(&["python"], &here.surroundings());
    assert_eq!(found.len(), 1);
}

#[test]
fn old_java_is_selected_by_either_of_its_names() {
    let toolchain = Toolchain {
        language: "java".into(),
        implementation: "openjdk".into(),
        version: crate::toolchain::read_version("java", "1.8.0_402"),
        path: "/x".into(),
    };
    for text in ["java@8", "java@1.8", "java@1.8.0_402"] {
        assert!(selector(text).matches(&toolchain), "{text}");
    }
}

/// What is installed here really answers; what is not is skipped, visibly.
#[test]
fn real_toolchains_answer_with_a_version_and_a_binary() {
    let surroundings = Surroundings::current(crate::clock::Clock::Real);
    let started = crate::clock::Clock::Real.now();
    let languages = ["python", "javascript", "java", "rust"];
    let found = select(&[], &languages, &surroundings);
    let took = crate::clock::Clock::Real.now().since(started);
    eprintln!("probes took {} ms", took.as_millis());
    assert_eq!(found.len(), languages.len());
    for (language, found) in languages.iter().zip(&found) {
        match found {
            Found::Toolchain(t) => {
                assert_eq!(t.language, *language);
                assert!(t.version.is_some() && t.path.is_file(), "{t:?}");
            }
            Found::Missing { hint, .. } => eprintln!("skipped {language}: {hint}"),
            Found::Broken { says, .. } => eprintln!("skipped {language}: {says}"),
        }
    }
    for language in languages {
        for found in all(language, &surroundings) {
            eprintln!("{found:?}");
        }
    }
}
