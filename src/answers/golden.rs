//! A golden test: an answer with a finding of each part that one can have.

use std::collections::BTreeMap;

use super::{AnswerFormat, Shown, write};
use crate::model::answer::{
    Answer, Cause, Certainty, CodePlace, Evidence, Finding, NotChecked, RelatedPlace, Standing,
    Victim, VictimKind,
};
use crate::terminal::sample::{at, printed};

fn place(line: u32, function: &str) -> CodePlace {
    CodePlace {
        file: "app.py".into(),
        line,
        function: function.into(),
    }
}

fn answer() -> Answer {
    let finding = Finding {
        cause: Cause::Pool,
        certainty: Certainty::Hint,
        place: place(2, "bad"),
        path: vec![place(9, "<module>"), place(2, "bad")],
        message: "2 jobs waited for a thread of the pool".into(),
        label: "1 thread".into(),
        seconds: 0.4,
        victims: vec![Victim {
            kind: VictimKind::Task,
            what: "job 2".into(),
            seconds: Some(0.4),
        }],
        when: Vec::new(),
        related: vec![RelatedPlace {
            role: "made at".into(),
            place: place(1, "<module>"),
        }],
        remedy: "give the pool more threads".into(),
        case: "fixed-pool/python/two-threads".into(),
    };
    Answer {
        schema: "repro-why/1".into(),
        command: vec!["python".into(), "app.py".into()],
        findings: vec![finding],
        known_findings: 0,
        checked: vec![Cause::Stall, Cause::Pool],
        not_checked: vec![NotChecked {
            cause: Cause::Lock,
            why: "the probe cannot see it".into(),
        }],
        standing: Standing::Told,
        evidence: Evidence {
            exit: "0".into(),
            seconds: 1.25,
            ..Evidence::default()
        },
    }
}

#[test]
fn an_answer_for_people() {
    let sources = BTreeMap::from([("app.py".to_string(), "one\n    pool(1)\n".to_string())]);
    let answer = answer();
    let shown = Shown {
        answer: &answer,
        sources: &sources,
    };
    let text = printed(|out| write(shown, AnswerFormat::Human, &at(80), out));
    insta::assert_snapshot!("answer-80", text);
}
