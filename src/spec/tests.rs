use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::model::case::{Grade, Reply};
use crate::model::expect::What;
use crate::model::toolchain::Platform;
use crate::model::verdict::Finding;

/// Uses every part of the grammar that there is so far.
const WHOLE: &str = r#"
schema  = 1
title   = "A blocking call stalls the event loop"
claim   = "nothing else runs"
source  = "article, listing 1"
tags    = ["event-loop", "async"]
timeout = "30s"
margin  = "150ms"
extra   = { stdout = true, stderr = false }

[events]
"slow.start" = "Starting {_} seconds."
"slow.done"  = { match = "done after {_:num} seconds.", stream = "stdout" }
"start"      = "Task {id:int} starting."
"done"       = ["Task {id:int} done.", { match = '/^finished (?<id>\d+)/' }]
"oops"       = { match = '/^Error/', stream = "stderr", more = '/^\s+at /', optional = true }

[spans]
slow = { from = "slow.start", to = "slow.done" }
task = { from = "start", to = ["done", "slow.done"] }
each = { from = "start", to = "done", by = "id", pair = "fifo", open = "allow" }
any  = { from = "start", to = "done", pair = "any" }

[stand-in]
host = "https://api.example.com"
[stand-in.routes]
data1 = { path = "/data/1", after = "100ms", status = 500 }
data2 = { path = "/data/{n}", json = { z = [1, 2.5, "x"], a = true } }
hang  = { path = "/hang", never = true }
cut   = { path = "/cut", reset = true, after = "1s" }

[behaviours.stalled]
about   = "one at a time"
pitfall = true
expect  = [ { order = "slow.start < {slow.done, start[id=2]} <! done[last]", causal = true },
            { spans = ["slow", "task"], peak = 1, count = ">= 2", shape = "makespan >= 0.95 * sum" } ]

[[behaviours.concurrent.expect]]
any = [ { never = "oops" }, { not = { count = { "done[id=1]" = "1..3", "start" = 4 } } } ]
[[behaviours.concurrent.expect]]
all = [ { exit = [0, "SIGKILL", "timeout", "nonzero", "any"] }, { count = "done", is = 2 } ]
[[behaviours.concurrent.expect]]
order = "@spawn < data2.asked[n=1] < extra.dropped < @exit"

[behaviours.dense]
expect = [ { relation = "slow excludes each" }, { relation = "none overlap", spans = "each" }, { relation = "all overlap" },
           { within = "slow.done - slow.start in 1.9s..2.3s" }, { within = "done[id] - start[id] >= 2 * (slow.done - slow.start)" },
           { gaps = "start", each = "90ms..110ms", during = "slow", edges = true }, { gaps = "start[id=1]", each = ">= 1.5 * previous" },
           { rate = "start", per = "1s", peak = "<= 3" },
           { values = "done.id", are = "0..9", set = [1, "2"], distinct = ">= 2", each = ">= 0", by = "id", causal = true },
           { count = "start", by = "id", during = "each", is = 1 }, { count = "start", by = "id", is = ">= 1" },
           { never = "oops", between = ["slow.start", "slow.done"], causal = true }, { never = "start[id]", after = "done[id]" },
           { never = "oops", during = "each" }, { order = "start[id] < start[id+1]" }, { order = "start[id=$x] < done[id=$y]" },
           { spans = "each", floor = 1, open = 1, each = "<= 3s" } ]

[programs.python.listing]
path    = "python/blocking_call.py"
listing = "sha256:F3e277db114d937e624ede1e89f4fe7faf676e920fbf20e64391a83a77460718"
shows   = "stalled"

[programs.java.pool]
path  = "java/Main.java"
shows = "concurrent"

[programs.python.to-thread]
path     = "python/to_thread.py"
needs    = { cpython = ">=3.9", pypy = ">=7, <8" }
shows    = { concurrent = "must", stalled = "never" }
also     = [ { order = "start[1] < done[1]" } ]
unseen   = ["slow.start", "data1.asked"]
args     = ["--fast", ""]
env      = { MODE = "x" }
timeout  = "1.5s"
stdin    = "x\n"
cpus     = 2
trials   = 5
events   = { start = "T{id:int}", "slow.done" = "oops" }
on       = [ { if = ">=3.14", shows = "concurrent", stdin = "y", why = "new loop" } ]
stand-in = { routes = { data1 = { path = "/data/1", status = 404 }, extra = { path = "/extra" } } }

[[claims]]
says    = "it stalls"
program = ["python/*", "java/pool"]
if      = ["stalled"]
finding = "partly"
why     = "to-thread does not"
"#;

fn reading(text: &str) -> Reading {
    let (file, folder) = (Path::new("cases/a/case.toml"), Path::new("cases/a"));
    read_with_sources(file, text, "a", folder)
}

fn whole() -> Case {
    let rendered = |problems: Vec<Problem>| {
        let all = problems.iter().map(|p| p.render(false));
        all.collect::<Vec<_>>().join("\n")
    };
    read(Path::new("case.toml"), WHOLE, "a", Path::new("a"))
        .unwrap_or_else(|p| panic!("{}", rendered(p)))
}

#[test]
fn a_whole_case_is_read() {
    let case = whole();
    assert_eq!(case.tags, ["event-loop", "async"]);
    assert_eq!(case.timeout, Some(Duration::from_secs(30)));
    assert!(case.extra.stdout && !case.extra.stderr);
    let labels: Vec<&str> = case.events.keys().map(Label::as_str).collect();
    assert_eq!(labels, ["slow.start", "slow.done", "start", "done", "oops"]);
    assert_eq!(case.events[3].forms.len(), 2);
    assert!(case.events[4].optional && case.events[4].forms[0].more.is_some());
    assert_eq!(case.spans["each"].by, ["id"]);
    assert!(case.behaviours["stalled"].pitfall);
    assert_eq!(case.behaviours["concurrent"].expect.len(), 3);
}

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
fn a_program_overrides_routes_and_adds_some() {
    let case = whole();
    let base = case.stand_in.unwrap();
    assert_eq!(
        base.routes["data2"].reply,
        Reply::Answer {
            status: 200,
            json: r#"{"z":[1,2.5,"x"],"a":true}"#.into()
        }
    );
    assert_eq!(base.routes["cut"].reply, Reply::Reset);
    assert_eq!(base.routes["hang"].reply, Reply::Never);
    assert_eq!(case.programs[0].stand_in.as_ref(), Some(&base));
    let own = case.programs[2].stand_in.as_ref().unwrap();
    let names: Vec<&String> = own.routes.keys().collect();
    assert_eq!(names, ["data1", "data2", "hang", "cut", "extra"]);
    assert!(matches!(
        own.routes["data1"].reply,
        Reply::Answer { status: 404, .. }
    ));
}

#[test]
fn claims_name_every_program_that_their_globs_match() {
    let case = whole();
    let claim = &case.claims[0];
    assert_eq!(
        claim.programs,
        ["python/listing", "java/pool", "python/to-thread"]
    );
    assert_eq!(claim.finding, Finding::Partly);
}

#[test]
fn expectations_are_quoted_as_they_were_written() {
    let case = whole();
    let texts = |name: &str| -> Vec<String> {
        case.behaviours[name]
            .expect
            .iter()
            .map(|e| e.text.clone())
            .collect()
    };
    assert_eq!(
        texts("stalled"),
        [
            r#"order = "slow.start < {slow.done, start[id=2]} <! done[last]", causal = true"#,
            r#"spans = ["slow", "task"], peak = 1, count = ">= 2", shape = "makespan >= 0.95 * sum""#,
        ]
    );
    assert_eq!(
        texts("concurrent")[0],
        r#"any = [{ never = "oops" }, { not = { count = { "done[id=1]" = "1..3", start = 4 } } }]"#
    );
    let What::Any(inner) = &case.behaviours["concurrent"].expect[0].what else {
        panic!("not any");
    };
    assert_eq!(inner[0].text, r#"never = "oops""#);
}

/// Replaces a part of the whole case, and gives the problems as `place: message`.
fn problems_with(from: &str, to: &str) -> Vec<String> {
    assert!(WHOLE.contains(from), "{from}");
    let text = WHOLE.replacen(from, to, 1);
    let problems = reading(&text).problems.into_iter();
    problems
        .map(|p| format!("{}: {}", &text[p.span.clone()], p.message))
        .collect()
}

#[test]
fn each_mistake_is_one_problem_with_its_place() {
    let rows = [
        ("schema  = 1", "", ": `schema` is missing"),
        (
            "schema  = 1",
            "schema = 2",
            "2: this version of repro reads case files of schema 1",
        ),
        ("title ", "titel ", "titel: unknown key `titel`"),
        (
            "\"30s\"",
            "30",
            "30: expected a length of time such as `\"150ms\"` or `\"1.9s\"`, found a number",
        ),
        ("\"30s\"", "\"0s\"", "0s: must be longer than zero"),
        ("\"30s\"", "\"-1s\"", "-1s: `-1s` is no length of time"),
        ("\"30s\"", "nan", "nan: expected a length of time"),
        ("\"30s\"", "\"1e300s\"", "e300s: `e300s` is no unit of time"),
        (
            "\"150ms\"",
            "\"9999999s\"",
            "9999999: a length of time is at most a day",
        ),
        (
            "stderr = false",
            "stdin = false",
            "stdin: unknown key `stdin`",
        ),
        (
            "\"start\"      = ",
            "\"Start\" = 'x'\n\"start\" = ",
            "\"Start\": `Start` cannot be a label",
        ),
        (
            "\"start\"      = ",
            "\"@exit\" = 'x'\n\"start\" = ",
            "\"@exit\": `@exit` is given",
        ),
        (
            "\"start\"      = ",
            "\"data1.asked\" = 'x'\n\"start\" = ",
            "data1: this route gives `data1.asked`",
        ),
        (
            "{_} sec",
            "{_:integer} sec",
            "integer: `integer` is no kind of hole",
        ),
        (
            "'/^Error/'",
            "'/^Error(/'",
            "(: bad regular expression: unclosed group",
        ),
        ("'/^\\s+at /'", "'at'", "at: expected a regular expression"),
        (
            "stream = \"stderr\"",
            "stream = \"err\"",
            "\"err\": `err` is no stream",
        ),
        (
            "to = \"slow.done\" }",
            "to = \"slow.don\" }",
            "slow.don: no event is called `slow.don`",
        ),
        (
            "by = \"id\"",
            "by = \"key\"",
            "key: `start` captures no `key`",
        ),
        (
            "pair = \"fifo\"",
            "pair = \"lifo\"",
            "\"lifo\": `lifo` is no way to pair",
        ),
        (
            "open = \"allow\"",
            "open = true",
            "true: expected `\"allow\"`, found true or false",
        ),
        (
            "spans = \"each\", floor",
            "spans = \"any\", floor",
            "\"<= 3s\": how long one `any` lasts cannot be known",
        ),
        (
            "relation = \"slow excludes each\"",
            "relation = \"slow excludes eech\"",
            "eech: no span is called `eech`",
        ),
        (
            "relation = \"slow excludes each\"",
            "relation = \"slow excludes any\"",
            "\"slow excludes any\": how long one `any` lasts",
        ),
        (
            "- slow.start in 1.9s",
            "- slow.stat in 1.9s",
            "slow.stat: no event is called `slow.stat`",
        ),
        (
            "slow.done - slow.start in",
            "slow.done[*] - slow.start in",
            "slow.done[*]: one event is meant here",
        ),
        (
            "gaps = \"start\"",
            "gaps = \"start[1]\"",
            "\"start[1]\": all events of a label are meant here",
        ),
        (
            "each = \"90ms..110ms\", ",
            "",
            "{ gaps = \"start\", during = \"slow\", edges = true }: `each` is missing",
        ),
        (
            "per = \"1s\"",
            "per = \"0s\"",
            "0s: must be longer than zero",
        ),
        (
            "values = \"done.id\"",
            "values = \"done.key\"",
            "key: `done` captures no `key`",
        ),
        (
            "are = \"0..9\"",
            "are = \"rising\"",
            "\"rising\": `rising` is no range",
        ),
        (
            "set = [1, \"2\"]",
            "set = [1, true]",
            "true: expected a string or a number",
        ),
        (
            "during = \"each\", is = 1",
            "during = \"slow\", is = 1",
            "\"id\": `slow` is not joined by `id`",
        ),
        (
            "between = [\"slow.start\", \"slow.done\"]",
            "between = \"slow.start\"",
            "\"slow.start\": expected two terms",
        ),
        (
            "after = \"done[id]\"",
            "after = \"done[id]\", before = \"oops\"",
            "\"done[id]\": `before` and `after` are two places",
        ),
        (
            "start[id=$x] < done[id=$y]",
            "start[id=$x] < done[id=$y] < done[id=$z]",
            "{ order = \"start[id=$x] < done[id=$y] < done[id=$z]\" }: an expectation has at most 2 variables",
        ),
        (
            "https://api",
            "api",
            "\"api.example.com\": `api.example.com` is no origin",
        ),
        ("\"/hang\"", "\"hang\"", "\"hang\": `hang` is no path"),
        (
            "\"/hang\"",
            "\"/data/{x}\"",
            "hang: `data2` and `hang` answer the same path",
        ),
        (
            "never = true }",
            "never = true, status = 200 }",
            "{ path = \"/hang\", never = true, status = 200 }: a route that never",
        ),
        ("status = 500", "status = 99", "99: `99` is no status"),
        (
            "{ z = [1, 2.5",
            "{ z = [1, inf",
            "inf: JSON has no such number",
        ),
        ("<! done[last]", "<! done[$x]", "$: expected a selector"),
        (
            "start[id=2]",
            "start[key=2]",
            "key: `start` captures no `key`",
        ),
        (
            "start[id=2]",
            "strat[id=2]",
            "strat: no event is called `strat`",
        ),
        (
            "\"slow\", \"task\"]",
            "\"slow\", \"tusk\"]",
            "tusk: no span is called `tusk`",
        ),
        ("peak = 1", "peak = \"two\"", "t: expected a whole number"),
        ("peak = 1", "peak = -1", "-1: an amount cannot be negative"),
        ("peak = 1", "peek = 1", "peek: unknown key `peek`"),
        (
            ">= 0.95 * sum",
            ">= 0.95 * some",
            "some: expected `makespan`",
        ),
        (
            "{ never = \"oops\" }",
            "{ nevr = \"oops\" }",
            "nevr: unknown key `nevr`",
        ),
        ("{ never = \"oops\" }", "{}", "{}: this expects nothing"),
        (
            "{ never = \"oops\" }",
            "{ never = \"oops\", exit = 0 }",
            "{ never = \"oops\", exit = 0 }: `never` and `exit` are two",
        ),
        ("\"SIGKILL\"", "\"SIGKIL\"", "SIGKIL: `SIGKIL` is no exit"),
        ("exit = [0", "exit = [256", "256: `256` is no exit code"),
        (", is = 2", "", "{ count = \"done\" }: `is` is missing"),
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
            "timeout  = \"1.5s\"",
            "lane = \"alone\"",
            "lane: `lane` is not supported yet",
        ),
        (
            "\"java/pool\"]",
            "\"jva/pool\"]",
            "jva/pool: no program is called `jva/pool`",
        ),
        (
            "[\"stalled\"]",
            "[\"stall\"]",
            "stall: no behaviour is called `stall`",
        ),
        (
            "\"partly\"",
            "\"doubtful\"",
            "\"doubtful\": `doubtful` is no finding",
        ),
        (
            "[programs.java.pool]",
            "[programs.Java.pool]",
            "Java: `Java` cannot be the name",
        ),
    ];
    for (from, to, wanted) in rows {
        let found = problems_with(from, to);
        let first = found.iter().any(|problem| problem.starts_with(wanted));
        assert!(first, "{from} → {to}\nwanted {wanted}\nfound {found:#?}");
        // A missing key leaves its misspelt neighbour, and a lost name is missed where it is used.
        assert!(found.len() <= 3, "{from} → {to}: {found:#?}");
    }
}

#[test]
fn every_problem_of_a_file_is_listed() {
    let text = "schema = 1\ntitle = 3\nclaim = \"\"\ncolour = 1\n[events]\na = \"{\"\n\
                [behaviours.b]\nexpect = [ { order = \"a < c\" } ]\n\
                [programs.x.y]\npath = \"/x\"\nshows = \"d\"\n";
    let problems = reading(text).problems;
    let mut lines = String::new();
    for problem in &problems {
        writeln!(lines, "{}: {}", problem.line(), problem.message).unwrap();
    }
    assert_eq!(
        lines,
        "2: expected a sentence in quotes, found a number\n\
         3: this says nothing\n\
         4: unknown key `colour`\n\
         6: this hole has no end\n\
         8: no event is called `c`\n\
         10: `/x` is no path of a file within the case\n\
         11: no behaviour is called `d`\n"
    );
    assert!(problems.iter().all(|p| !p.render(true).is_empty()));
}

#[test]
fn a_syntax_error_is_listed_beside_the_others() {
    let found = problems_with(
        "title   = \"A blocking call stalls the event loop\"",
        "title = ",
    );
    assert_eq!(
        found,
        [": string values must be quoted, expected literal string"]
    );
    let text = WHOLE
        .replacen("title ", "= ", 1)
        .replacen("peak = 1", "peek = 1", 1);
    let found = reading(&text).problems;
    assert!(found.len() >= 2 && found.iter().any(|p| p.message == "unknown key `peek`"));
}

#[test]
fn a_case_needs_behaviours_and_programs() {
    let text = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n[events]\n[behaviours]\n[programs]\n";
    let problems = reading(text).problems;
    let messages: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(
        messages,
        ["a case needs a behaviour", "a case needs a program"]
    );
}

#[test]
fn deep_nesting_is_a_problem_and_not_a_crash() {
    let deep = format!("{}{{ exit = 0 }}{}", "{ not = ".repeat(30), " }".repeat(30));
    let found = problems_with("{ never = \"oops\" }", &deep);
    assert!(found[0].contains("nest at most"), "{found:?}");
    for deep in [
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{{ {}not = 1 }}", "not.".repeat(70)),
        format!("{{ {}not = 1 }}", "not.".repeat(100_000)),
    ] {
        assert!(!problems_with("{ never = \"oops\" }", &deep).is_empty());
    }
    let keys = "json.".repeat(60);
    let found = problems_with("json = {", &format!("{keys}json = {{"));
    assert!(found[0].contains("levels deep"), "{found:?}");
}

#[test]
fn a_claim_that_no_program_can_tell_says_why_and_has_no_evidence() {
    let claims = WHOLE.find("[[claims]]").unwrap();
    let with = |claim: &str| reading(&format!("{}[[claims]]\n{claim}", &WHOLE[..claims]));
    let found = with(
        "says = \"it is so\"\nat = \"the end\"\nfinding = \"untested\"\nwhy = \"who knows\"\n",
    );
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let claim = &found.case.unwrap().claims[0];
    assert!(claim.programs.is_empty());
    assert_eq!(claim.at.as_deref(), Some("the end"));
    let found = with("says = \"it is so\"\nfinding = \"untested\"\nprogram = \"python/listing\"\n");
    let messages: Vec<&str> = found.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(messages, ["`why` is missing", "unknown key `program`"]);
}

#[test]
fn one_problem_among_names_does_not_spread() {
    let found = problems_with("Task {id:int} starting.", "Task {id:int starting.");
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = problems_with(
        "slow = { from = \"slow.start\"",
        "slow = { from = \"slow.stat\"",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = problems_with("about   = \"one at a time\"", "about = 1");
    assert_eq!(found.len(), 1, "{found:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_can_stop_the_reader(text in ".{0,200}") {
        let reading = reading(&text);
        prop_assert!(reading.case.is_none() && !reading.problems.is_empty());
    }

    #[test]
    fn a_damaged_case_has_a_problem_or_is_a_case(
        at in 0..WHOLE.len(), length in 0usize..12, put in "[a-z\"'{}\\[\\]=.,0-9 \n#]{0,6}",
    ) {
        let mut text = WHOLE.to_string();
        text.replace_range(at..(at + length).min(WHOLE.len()), &put);
        let reading = reading(&text);
        prop_assert_eq!(reading.case.is_some(), reading.problems.is_empty());
        for problem in &reading.problems {
            prop_assert!(!problem.render(false).is_empty());
        }
    }
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
