//! The guide's first steps, taken; and every example of it, judged: each log shows the behaviour that is written above it, and no other.

use std::fs;
use std::path::Path;

use repro::judge::{Judgement, judge};
use repro::model::case::{Case, Program};
use repro::model::verdict::Verdict;
use repro::{spec, trace_format};

use crate::harness::{Repro, Suite};
use crate::needs::{here, needs};

/// The fenced blocks of a language whose first line is `# WORD: NAME`, with the name.
pub fn blocks<'g>(guide: &'g str, language: &str, word: &str) -> Vec<(usize, &'g str, &'g str)> {
    let mut found = Vec::new();
    let opening = format!("```{language}\n# {word}: ");
    for (place, _) in guide.match_indices(&opening) {
        let rest = &guide[place + opening.len()..];
        let (name, rest) = rest.split_once('\n').unwrap();
        let text = rest.split("```").next().unwrap();
        found.push((place, name, text));
    }
    found
}

/// The guide, from the repository.
fn guide() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    fs::read_to_string(path).unwrap()
}

/// A newcomer has the guide and nothing else: its files are written and its commands typed, in its order.
#[test]
fn the_first_steps_of_the_guide_lead_to_a_green_run() {
    needs!(here("python"));
    let guide = guide();
    let steps = guide.split("## By example").next().unwrap();
    let suite = Suite::of(&[]);
    let mut passed = Vec::new();
    let fences = steps.split("```").skip(1).step_by(2);
    for (language, text) in fences.map(|fence| fence.split_once('\n').unwrap()) {
        if language == "sh" {
            for line in text.lines() {
                let mut words = line.split(' ');
                assert_eq!(words.next(), Some("repro"), "{line}");
                let repro = Repro::new().args(words).in_folder(suite.path());
                if line.starts_with("repro run") {
                    let judged = repro.judged();
                    assert_eq!(judged.not_passed(), [], "{line}");
                    let rows = judged.report.results.iter();
                    passed.push(rows.filter(|row| row.verdict == Verdict::Pass).count());
                    judged.ran.exits(0);
                } else {
                    repro.run().exits(0);
                }
            }
            continue;
        }
        let (head, body) = text.split_once('\n').unwrap();
        if let Some(path) = head.strip_prefix("# file: ") {
            suite.write(path, body);
        } else {
            let path = head.strip_prefix("# more: ").expect(head);
            let before = fs::read_to_string(suite.path().join(path)).unwrap();
            suite.write(path, &format!("{before}\n{body}"));
        }
    }
    assert_eq!(passed[..2], [1, 2]);
    assert!(passed.len() == 3 && passed[2] >= 2, "{passed:?}");
}

/// What stands at the top of every case, and the guide's examples leave out.
pub const HEAD: &str = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n";

/// The examples that are run: a case, its programs, and what lies beside them.
#[test]
fn every_program_of_the_guide_shows_the_behaviour_it_says() {
    needs!(here("python"));
    let guide = guide();
    for word in ["do", "given", "graded"] {
        let cases = blocks(&guide, "toml", word);
        let [(_, name, case)] = cases[..] else {
            panic!("{} cases have `{word}`", cases.len())
        };
        let suite = Suite::of(&[(&format!("{name}/case.toml"), &format!("{HEAD}{case}"))]);
        let files = ["python", "text"].map(|language| blocks(&guide, language, word));
        for (_, file, text) in files.concat() {
            suite.write(&format!("{name}/{file}"), text);
        }
        Repro::new()
            .args(["lint", "--cases"])
            .arg(suite.path())
            .run()
            .exits(0);
        let judged = Repro::run_of(suite.path(), &["all"]).judged();
        assert_eq!(judged.not_passed(), [], "{name}");
        judged.ran.exits(0);
    }
}

/// The file of a case with what the guide leaves out.
fn whole(text: &str) -> String {
    let behaviours = text.match_indices("[behaviours.").map(|(at, head)| {
        let rest = &text[at + head.len()..];
        format!("{} = \"may\"", rest.split(']').next().unwrap())
    });
    let shows = behaviours.collect::<Vec<_>>().join(", ");
    format!("{HEAD}{text}\n[programs.python.p]\npath = \"p.py\"\nshows = {{ {shows} }}\n")
}

fn case(name: &str, text: &str) -> Case {
    let read = spec::read(Path::new("guide.md"), &whole(text), name, Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

fn judged(case: &Case, log: &str) -> Judgement {
    let trace = trace_format::plain(Path::new("log"), log).unwrap();
    judge(case, &Program::unnamed(case, "log", "guide"), &trace)
}

#[test]
fn every_log_of_the_guide_shows_the_behaviour_it_says() {
    let guide = guide();
    let cases = blocks(&guide, "toml", "case");
    let logs = blocks(&guide, "text", "log");
    assert!(
        cases.len() >= 9 && logs.len() > cases.len(),
        "{}",
        logs.len()
    );
    for (place, (start, name, text)) in cases.iter().enumerate() {
        let case = case(name, text);
        let end = cases.get(place + 1).map_or(guide.len(), |next| next.0);
        let own: Vec<_> = logs
            .iter()
            .filter(|log| (*start..end).contains(&log.0))
            .collect();
        for behaviour in case.behaviours.keys() {
            let shown = own.iter().any(|(_, said, _)| said == behaviour);
            assert!(shown, "no log of {name} shows {behaviour}");
        }
        for (_, said, log) in own {
            let judgement = judged(&case, log);
            let seen = judgement.behaviour.as_deref().unwrap_or("nothing");
            assert_eq!(
                &seen, said,
                "{name}: {:?} {:#?}",
                judgement.reason, judgement.lacks
            );
        }
    }
}

#[test]
fn the_failure_of_the_guide_is_told_in_the_words_that_it_shows() {
    let guide = guide();
    let [(_, name, log)] = blocks(&guide, "text", "fails")[..] else {
        panic!("one log fails");
    };
    let [(_, _, said)] = blocks(&guide, "text", "says")[..] else {
        panic!("one answer is shown");
    };
    let cases = blocks(&guide, "toml", "case");
    let (_, _, text) = cases.iter().find(|case| case.1 == name).unwrap();
    let suite = Suite::of(&[
        (&format!("{name}/case.toml"), &whole(text)),
        (&format!("{name}/p.py"), ""),
        ("app.log", log),
    ]);
    let judge = ["judge", "app.log", "--case", name, "--cases", "."];
    let ran = Repro::new().args(judge).in_folder(suite.path()).run();
    ran.exits(1).says(said);
}
