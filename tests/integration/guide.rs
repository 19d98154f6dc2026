//! Every example of the guide, judged: each log shows the behaviour that is written above it, and no other.

use std::fs;
use std::path::Path;

use repro::judge::{Judgement, judge};
use repro::model::case::Case;
use repro::{pipeline, saved, spec};

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

/// A case with what the guide leaves out.
fn case(name: &str, text: &str) -> Case {
    let behaviours = text.match_indices("[behaviours.").map(|(at, head)| {
        let rest = &text[at + head.len()..];
        format!("{} = \"may\"", rest.split(']').next().unwrap())
    });
    let shows = behaviours.collect::<Vec<_>>().join(", ");
    let whole = format!(
        "schema = 1\ntitle = \"t\"\nclaim = \"c\"\n{text}\n[programs.python.p]\npath = \"p.py\"\nshows = {{ {shows} }}\n"
    );
    let read = spec::read(Path::new("guide.md"), &whole, name, Path::new("."));
    read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)))
}

fn judged(case: &Case, log: &str) -> Judgement {
    let trace = saved::plain(Path::new("log"), log).unwrap();
    judge(case, &pipeline::any_program(case, "log", "guide"), &trace)
}

#[test]
fn every_log_of_the_guide_shows_the_behaviour_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    let guide = fs::read_to_string(path).unwrap();
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
fn the_guide_uses_every_kind_of_expectation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.md");
    let guide = fs::read_to_string(path).unwrap();
    let cases: String = blocks(&guide, "toml", "case")
        .iter()
        .map(|case| case.2)
        .collect();
    for kind in [
        "order =",
        "spans =",
        "relation =",
        "within =",
        "gaps =",
        "rate =",
        "values =",
        "count =",
        "never =",
        "any =",
        "all =",
        "not =",
        "peak =",
        "floor =",
        "open =",
        "each =",
        "shape =",
        "during =",
        "edges =",
        "distinct =",
        "set =",
        "are =",
        "by =",
        "before =",
        "after =",
        "causal =",
        "why =",
        "<!",
        "[*]",
        "[id+1]",
    ] {
        assert!(cases.contains(kind), "no example uses `{kind}`");
    }
}
