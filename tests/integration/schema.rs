//! The schemas are true: what is read and written fits them, and what is refused does not.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use repro::discover::{Trust, settings};
use repro::schema::{Subject, text};
use repro::spec;
use serde_json::{Value, json};

use crate::harness::{Repro, case_folders, fixtures};
use crate::needs::{left_out, needs};

fn validator(of: Subject) -> Validator {
    let schema: Value = serde_json::from_str(&text(of)).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{of:?}");
    jsonschema::draft202012::new(&schema).unwrap()
}

fn assert_fits(validator: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn as_json(case: &str) -> Value {
    toml::from_str(case).unwrap()
}

/// What uses all that a case file may hold; fuzzing begins with it, too.
const WHOLE: &str = include_str!("../../fuzz/corpus/case_file/everything.toml");

fn is_read(case: &str) -> bool {
    spec::read(Path::new("case.toml"), case, "sample", Path::new(".")).is_ok()
}

#[test]
fn the_schemas_in_the_documents_are_current() {
    for subject in Subject::ALL {
        let (name, version) = (subject.name(), subject.version());
        let printed = Repro::new().args(["schema", name]).run().exits(0).stdout;
        assert_eq!(printed, text(subject));
        let path = format!("docs/schema/{name}-{version}.json");
        let kept = fs::read_to_string(repository(&path)).unwrap_or_default();
        // Both are long: who has changed one wants the command.
        assert!(kept == printed, "repro schema {name} > {path}");
        let schema: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_eq!(schema["$id"], format!("urn:repro:schema:{name}:{version}"));
    }
}

#[test]
fn every_case_that_can_be_read_fits_the_schema() {
    let validator = validator(Subject::Case);
    for folder in case_folders() {
        let file = folder.join("case.toml");
        let case = fs::read_to_string(&file).unwrap();
        assert_fits(&validator, &as_json(&case), &file.display().to_string());
    }
    let problems = spec::read(Path::new("case.toml"), WHOLE, "sample", Path::new("."));
    let problems: Vec<String> = problems
        .err()
        .into_iter()
        .flatten()
        .map(|p| p.render(false))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_fits(&validator, &as_json(WHOLE), "a case with everything");
}

#[test]
fn what_cannot_be_read_does_not_fit_the_schema() {
    let validator = validator(Subject::Case);
    for (from, to) in [
        ("schema = 1", "schema = 2"),
        ("title = \"t\"\n", ""),
        ("title = \"t\"", "title = \" \""),
        ("claim = \"c\"", "clame = \"c\""),
        ("margin = \"150 ms\"", "margin = \"150\""),
        ("margin = \"150 ms\"", "margin = 150"),
        ("max-output = \"16M\"", "max-output = \"16MB\""),
        ("max-output = \"16M\"", "max-output = 16000000"),
        ("max-file = \"4K\"", "max-file = \"0K\""),
        ("max-open-files = 32", "max-open-files = 8"),
        ("build-timeout = \"10s\"", "build-timeout = \"10\""),
        ("capture = \"auto\"", "capture = \"tty\""),
        ("extra = { stdout = true", "extra = { stdin = true"),
        ("start = \"Task", "Start = \"Task"),
        ("stream = \"stdout\"", "stream = \"stdin\""),
        ("open = \"allow\"", "open = true"),
        ("pair = \"any\"", "pair = \"lifo\""),
        ("status = 500", "status = 100"),
        ("host = \"https://api.example.com\"\n", ""),
        ("[behaviours.two]", "[behaviours.Two]"),
        ("{ order = \"{start[1]", "{ odrer = \"{start[1]"),
        ("causal = true, why", "causal = 1, why"),
        ("per = \"1s\", ", ""),
        (", each = \">= 1.5 * previous\"", ""),
        ("{ count = \"start\", is = 2 }", "{ count = \"start\" }"),
        (
            "{ relation = \"none overlap\", spans = \"task\" }",
            "{ spans = \"task\" }",
        ),
        (
            "{ never = \"note\" },\n",
            "{ never = \"note\", exit = 0 },\n",
        ),
        (
            "after = \"done[last]\", causal",
            "after = \"done[last]\", before = \"done[1]\", causal",
        ),
        (
            "between = [\"done[1]\", \"done[2]\"]",
            "between = [\"done[1]\"]",
        ),
        ("exit = [0, ", "exit = [256, "),
        ("any = [{ never = \"note\" }, ", "any = [{}, "),
        ("path = \"p.py\"\n", ""),
        ("trials = 20", "trials = 0"),
        ("env = { A_B", "env = { A-B"),
        ("send = \"SIGTERM\"", "send = \"TERM\""),
        ("run = [\"{out}/p\"]\n", ""),
        ("listing = \"sha256:00", "listing = \"sha256:0"),
        ("needs = \">=3.7\"", "needs = 3.7"),
        (", why = \"otherwise\"", ""),
        ("two = \"< 5%\"", "two = \"often\""),
        ("finding = \"partly\"", "finding = \"true\""),
        ("if = \"one\"\nfinding", "finding"),
        (
            "finding = \"untested\"\nwhy = \"w\"",
            "finding = \"untested\"",
        ),
    ] {
        assert_eq!(WHOLE.matches(from).count(), 1, "{from}");
        let bad = WHOLE.replace(from, to);
        assert!(!validator.is_valid(&as_json(&bad)), "{from} -> {to}");
        assert!(!is_read(&bad), "{from} -> {to}");
    }
}

/// Files `repro.toml`, and whether they can be read.
const SETTINGS: &[(&str, bool)] = &[
    ("", true),
    ("cases = \"mine\"\n", true),
    (
        "[toolchains]\npython = [\"/a/python3\", \"b/python\"]\ndeno = \"/c/deno\"\n",
        true,
    ),
    ("case = \"mine\"\n", false),
    ("cases = [\"mine\"]\n", false),
    ("cases = \"\"\n", false),
    ("toolchains = \"/a/python3\"\n", false),
    ("[toolchains]\nPython = \"/a/python3\"\n", false),
    ("[toolchains]\npython = 3\n", false),
    ("[toolchains]\npython = [3]\n", false),
    ("[toolchains]\ngo = \"\"\n", false),
];

#[test]
fn the_settings_that_can_be_read_are_those_that_fit_the_schema() {
    let validator = validator(Subject::Settings);
    let folder = tempfile::tempdir().unwrap();
    for (text, good) in SETTINGS {
        fs::write(folder.path().join("repro.toml"), text).unwrap();
        assert_eq!(
            settings(folder.path(), &Trust::default()).is_ok(),
            *good,
            "{text}"
        );
        assert_eq!(validator.is_valid(&as_json(text)), *good, "{text}");
    }
}

/// Which of these files a language tool for TOML refuses, by the schema that the first line of each names, as an editor
/// would; `None` if the tool is not here.
fn refused(files: &[(Subject, String)]) -> Option<Vec<bool>> {
    let folder = tempfile::tempdir().unwrap();
    for subject in [Subject::Case, Subject::Settings] {
        let schema = format!("{}.schema.json", subject.name());
        fs::write(folder.path().join(schema), text(subject)).unwrap();
    }
    let names: Vec<String> = (0..files.len()).map(|n| format!("{n}.toml")).collect();
    for ((subject, toml), name) in files.iter().zip(&names) {
        let text = format!("#:schema ./{}.schema.json\n{toml}", subject.name());
        fs::write(folder.path().join(name), text).unwrap();
    }
    // Where `.ci/setup` puts it, if PATH has none.
    let own = repository("target/tools/node_modules/.bin/taplo");
    let tool = if own.exists() {
        own.into_os_string()
    } else {
        "taplo".into()
    };
    let args = std::iter::once("lint".to_string()).chain(names.iter().cloned());
    let ran = duct::cmd(tool, args)
        .dir(folder.path())
        .stdin_null()
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .run();
    let Ok(ran) = ran else {
        left_out("taplo is not installed, so no editor's tool read the schemas");
        return None;
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    let invalid = |name: &String| {
        let path = folder.path().join(name).display().to_string();
        let sign = format!("schema validation failed path={path:?}");
        said.contains(&sign)
    };
    Some(names.iter().map(invalid).collect())
}

#[test]
fn a_language_tool_for_toml_holds_files_against_the_schemas_that_they_name() {
    let mut files = vec![(Subject::Case, WHOLE.to_string(), true)];
    for folder in case_folders() {
        let case = fs::read_to_string(folder.join("case.toml")).unwrap();
        files.push((Subject::Case, case, true));
    }
    for (from, to) in [
        ("title = \"t\"\n", ""),
        ("claim = \"c\"", "claim = \"c\"\nclame = \"c\""),
        ("trials = 20", "trials = 0"),
        ("lane = \"alone\"", "lane = \"lonely\""),
        ("send = \"SIGTERM\"", "send = \"TERM\""),
    ] {
        files.push((Subject::Case, WHOLE.replace(from, to), false));
    }
    let settings = SETTINGS.iter();
    files.extend(settings.map(|(text, good)| (Subject::Settings, (*text).to_string(), *good)));
    let asked: Vec<_> = files
        .iter()
        .map(|(of, text, _)| (*of, text.clone()))
        .collect();
    let refused = needs!(refused(&asked));
    for ((_, text, good), refused) in files.iter().zip(refused) {
        assert_eq!(refused, !good, "{text}");
    }
}

#[test]
fn what_is_written_fits_its_schema_and_what_is_not_does_not() {
    let traces = fixtures("traces").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let report = Repro::new()
        .args(["judge", &traces, "--format", "json"])
        .run()
        .exits(0);
    let file = folder.path().join("report.json");
    fs::write(&file, &report.stdout).unwrap();
    let file = file.display().to_string();
    let compared = Repro::new()
        .args(["compare", &file, &file, "--format", "json"])
        .run();
    let mutants = Repro::new()
        .args(["mutants", &traces, "--format", "json"])
        .run();
    for (subject, written, field) in [
        (Subject::Report, report.json(), "results"),
        (Subject::Comparison, compared.exits(0).json(), "matrices"),
        (Subject::Mutants, mutants.exits(0).json(), "cases"),
    ] {
        let validator = validator(subject);
        assert!(
            !written[field].as_array().unwrap().is_empty(),
            "{subject:?}"
        );
        assert_fits(&validator, &written, subject.name());
        let without = |key: &str| {
            let mut bad = written.clone();
            bad.as_object_mut().unwrap().remove(key);
            bad
        };
        let mut other = written.clone();
        other["schema"] = json!("repro-other/1");
        let mut wrong = written.clone();
        wrong[field][0] = json!("a row");
        for bad in [without("schema"), without(field), other, wrong] {
            assert!(!validator.is_valid(&bad), "{subject:?}");
        }
    }
}

#[test]
fn every_line_of_a_trace_fits_the_schema_and_what_cannot_be_read_does_not() {
    let validator = validator(Subject::Trace);
    let mut lines = 0;
    for case in fs::read_dir(fixtures("traces")).unwrap() {
        for file in fs::read_dir(case.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            for line in fs::read_to_string(&path).unwrap().lines() {
                lines += 1;
                let line: Value = serde_json::from_str(line).unwrap();
                assert_fits(&validator, &line, &path.display().to_string());
            }
        }
    }
    assert!(lines > 100);
    for good in [
        json!({"hex": "ff0a", "stream": "stderr", "at_ns": 7, "last_ns": [8, 9], "read": 1, "cut": true}),
        json!({"line": "ab", "at_ns": [1, 2], "seams": [[1, 2]], "unterminated": true}),
        json!({"route": "page", "was": "dropped", "at_ns": 7, "values": {"id": "1"}}),
        json!({"sent": "SIGTERM", "at_ns": 7}),
        json!({"exit": "output-limit", "at_ns": 7}),
        json!({"exit": {"timeout": "SIGTERM"}, "at_ns": 7}),
    ] {
        assert_fits(&validator, &good, "a line");
    }
    for bad in [
        json!({"line": "a"}),
        json!({"line": "a", "at_ns": -1}),
        json!({"line": "a", "at_ns": [1, 2, 3]}),
        json!({"line": "a", "hex": "61", "at_ns": 1}),
        json!({"hex": "6", "at_ns": 1}),
        json!({"line": "a", "at_ns": 1, "at": 1}),
        json!({"line": "a", "stream": "stdin", "at_ns": 1}),
        json!({"route": "page", "at_ns": 1}),
        json!({"route": "page", "was": "lost", "at_ns": 1}),
        json!({"exit": {"core": 1}, "at_ns": 1}),
        json!({"schema": "repro-trace/3", "case": "c", "program": "p"}),
        json!({"schema": "repro-trace/2", "case": "c"}),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}
