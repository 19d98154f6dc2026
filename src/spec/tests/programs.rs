//! Programs: what they state, and what is otherwise on some versions.

use std::path::PathBuf;

use super::*;
use crate::model::allowance::Allowance;
use crate::model::case::{Grade, Lane};
use crate::model::toolchain::Platform;

#[test]
fn programs_stand_in_the_order_of_the_file() {
    let case = whole();
    let names: Vec<String> = case.programs.iter().map(Program::name).collect();
    assert_eq!(names, ["python/listing", "java/pool", "python/to-thread"]);
    assert!(
        case.programs[0]
            .listing
            .as_ref()
            .unwrap()
            .starts_with("f3e277")
    );
    let last = &case.programs[2];
    assert_eq!(last.shows["stalled"], Grade::Never);
    assert_eq!(last.args, ["--fast", ""]);
    assert_eq!(last.env["MODE"], "x");
    assert_eq!(last.needs.by_implementation.len(), 2);
    assert_eq!(last.unseen.len(), 2);
    assert_eq!((last.cpus, last.trials_wanted()), (Some(2), 5));
    assert_eq!(last.lane, Lane::Alone);
    assert_eq!(last.startup, Some(Duration::from_millis(600)));
    let files = ["python/helper.py", "data/input.txt"].map(PathBuf::from);
    assert_eq!(last.files, files);
}

#[test]
fn what_a_program_may_take_is_its_own_word_or_its_cases() {
    let case = whole();
    let of = |place: usize| case.programs[place].allowance.or(case.allowance);
    let stated = Allowance {
        output_bytes: Some(1 << 20),
        open_files: Some(99),
        ..Allowance::default()
    };
    assert_eq!((case.allowance, of(0)), (stated, stated));
    let own = Allowance {
        output_bytes: Some(4 << 10),
        build: Some(Duration::from_secs(5)),
        ..stated
    };
    assert_eq!(of(2), own);
}

#[test]
fn a_program_has_events_of_its_own_and_is_otherwise_on_some_versions() {
    let case = whole();
    let program = &case.programs[2];
    let forms = |label: &str| {
        let kinds = program.events.as_ref().unwrap();
        let forms = kinds[&Label::parse(label).unwrap()].forms.iter();
        forms.map(|f| f.pattern.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(forms("start"), ["T{id:int}"]);
    // What the case calls `oops` is `slow.done` here.
    assert_eq!(
        (forms("slow.done"), forms("oops").len()),
        (vec!["/^Error/".into()], 0)
    );
    let on = |v: &str| {
        let version = crate::model::version::Version::parse(v);
        let python = Platform {
            implementation: "cpython",
            version: version.as_ref(),
            counts: true,
        };
        program.on(python)
    };
    assert_eq!(on("3.13.0").stdin.as_deref(), Some("x\n"));
    let new = on("3.14.0");
    assert_eq!(new.shows["concurrent"], Grade::Must);
    assert_eq!((new.stdin.as_deref(), new.cpus), (Some("y"), Some(2)));
    assert_eq!(
        (new.name(), new.path.clone()),
        (program.name(), program.path.clone())
    );
    let unknown = Platform {
        implementation: "pypy",
        version: None,
        counts: true,
    };
    assert_eq!(program.on(unknown).stdin.as_deref(), Some("x\n"));
}

#[test]
fn a_mistake_in_a_program_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "sha256:F3",
            "sha1:F3",
            "\"sha1:F3e277db114d937e624ede1e89f4fe7faf676e920fbf20e64391a83a77460718\": this is no sha256",
        ),
        (
            "\"python/to_thread.py\"",
            "\"../x.py\"",
            "\"../x.py\": `../x.py` is no path",
        ),
        (
            "\"python/to_thread.py\"",
            "\"/etc/passwd\"",
            "\"/etc/passwd\": `/etc/passwd` is no path",
        ),
        ("\">=3.9\"", "\"3.9\"", "3.9: `3.9` is not a version bound"),
        ("\"must\"", "\"always\"", "\"always\": `always` is no grade"),
        ("\"must\"", "\"120%\"", "120%: `120%` is no share"),
        ("\"must\"", "\">= x\"", "x: expected a whole number"),
        (
            "trials   = 5",
            "trials = 0",
            "0: `0` is no number of trials",
        ),
        (
            "events   = { start = \"T{id:int}\"",
            "events = { start = \"T\"",
            "start: this pattern captures no `id`",
        ),
        (
            "events   = { start = \"T{id:int}\"",
            "events = { strat = \"T{id:int}\"",
            "strat: no event is called `strat`",
        ),
        (
            "events   = { start = \"T{id:int}\"",
            "events = { \"data1.asked\" = \"T{id:int}\"",
            "\"data1.asked\": `data1.asked` is no event of the output",
        ),
        (
            "if = \">=3.14\", ",
            "",
            "{ shows = \"concurrent\", stdin = \"y\", why = \"new loop\" }: `if` is missing",
        ),
        (
            ", why = \"new loop\"",
            "",
            "{ if = \">=3.14\", shows = \"concurrent\", stdin = \"y\" }: `why` is missing",
        ),
        ("stdin = \"y\"", "path = \"y\"", "path: unknown key `path`"),
        (
            "shows   = \"stalled\"",
            "shows = \"staled\"",
            "staled: no behaviour is called `staled`",
        ),
        (
            "\"slow.start\", \"data1.asked\"]",
            "\"@exit\"]",
            "\"@exit\": `@exit` is given",
        ),
        (
            "args     = [\"--fast\", \"\"]",
            "args = \"x\"",
            "\"x\": expected a list of strings",
        ),
        ("{ MODE =", "{ \"A=B\" =", "\"A=B\": `A=B` cannot name"),
        (
            "[programs.java.pool]",
            "[programs.Java.pool]",
            "Java: `Java` cannot be the name",
        ),
        (
            "lane     = \"alone\"",
            "lane = \"alnoe\"",
            "\"alnoe\": `alnoe` is no lane",
        ),
        (
            "startup  = \"600ms\"",
            "startup = \"0s\"",
            "0s: must be longer than zero",
        ),
        (
            "max-output     = \"4K\"",
            "max-output = \"4kB\"",
            "4kB: `4kB` is no size",
        ),
        (
            "max-output     = \"4K\"",
            "max-output = 4096",
            "4096: expected a size such as",
        ),
        (
            "max-open-files = 99",
            "max-open-files = 3",
            "3: `3` is no number of open files",
        ),
        (
            "build-timeout  = \"5s\"",
            "max-build = \"5s\"",
            "max-build: unknown key `max-build`",
        ),
        (
            "\"data/input.txt\"]",
            "\"../input.txt\"]",
            "\"../input.txt\": `../input.txt` is no path",
        ),
        (
            "\"data/input.txt\"]",
            "\"data/to_thread.py\"]",
            "\"data/to_thread.py\": `data/to_thread.py` has the name of `python/to_thread.py`",
        ),
        (
            "\"data/input.txt\"]",
            "3]",
            "3: expected a file of the case",
        ),
    ]);
}

#[test]
fn needs_are_of_the_language_or_of_implementations() {
    let needs = |text: &str| {
        let needs = format!("needs    = {text}");
        let text = WHOLE.replace(
            "needs    = { cpython = \">=3.9\", pypy = \">=7, <8\" }",
            &needs,
        );
        let case = read(Path::new("case.toml"), &text, "a", Path::new("a"));
        case.unwrap().programs[2].needs.clone()
    };
    let platform = |implementation, version, counts| Platform {
        implementation,
        version,
        counts,
    };
    let version = |text: &str| crate::model::version::Version::parse(text);
    let (node, deno) = (version("20.1.0"), version("2.9.6"));
    let node = platform("node", node.as_ref(), true);
    let deno = platform("deno", deno.as_ref(), false);
    let unknown = platform("deno", None, false);
    let plain = needs("\">=22\"");
    assert!(!plain.allow(node) && plain.allow(deno) && plain.allow(unknown));
    let listed = needs("{ node = \">=18\" }");
    assert!(listed.allow(node) && !listed.allow(deno));
    let both = needs("{ node = \">=22\", deno = \"*\" }");
    assert!(!both.allow(node) && both.allow(deno) && both.allow(unknown));
    assert_eq!(both.to_string(), "node >=22; deno *");
    let bound = needs("{ deno = \">=3\" }");
    assert!(!bound.allow(deno) && !bound.allow(unknown));
    assert!(both.name(deno) && !plain.name(deno) && !listed.name(deno));
}

#[test]
fn a_file_that_is_named_like_an_option_is_refused_with_its_place() {
    each_is_one_problem(&[
        (
            "\"python/to_thread.py\"",
            "\"python/-c.py\"",
            "\"python/-c.py\": the name of `python/-c.py` begins with `-`",
        ),
        (
            "\"python/helper.py\"",
            "\"-m\"",
            "\"-m\": the name of `-m` begins with `-`",
        ),
    ]);
}
