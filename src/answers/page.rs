//! An answer as one page of HTML: the course of the run with the findings drawn into it, then each finding with its source.

use std::io::{self, Write};

use askama::Template;

use super::course::course;
use super::excerpt::excerpt;
use super::facts;
use super::shown::Shown;
use crate::formats::{COLOURS, PAGE_STYLE, STYLE, hash};
use crate::model::answer::{Answer, Cause, Certainty, Finding};

const OWN_STYLE: &str = include_str!("page.css");

#[derive(Template)]
#[template(path = "answer.html")]
struct Page<'p> {
    answer: &'p Answer,
    findings: Vec<Section<'p>>,
    course: String,
    style: String,
}

/// A finding and the lines of its source.
struct Section<'p> {
    finding: &'p Finding,
    lines: Vec<(u32, &'p str)>,
}

/// Writes the page: no network, no script, and nothing that a program printed can act in it.
pub(super) fn write(shown: Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let section = |finding| Section {
        finding,
        lines: excerpt(finding, shown)
            .map(|excerpt| (excerpt.first..).zip(excerpt.lines).collect())
            .unwrap_or_default(),
    };
    let page = Page {
        answer: shown.answer,
        findings: shown.answer.findings.iter().map(section).collect(),
        course: course(shown.answer),
        style: format!("{COLOURS}{STYLE}{PAGE_STYLE}{OWN_STYLE}"),
    };
    page.write_into(out)
}

impl Page<'_> {
    fn heading(&self) -> String {
        let certain = |f: &&Section<'_>| f.finding.certainty == Certainty::Certain;
        match (self.findings.iter().find(certain), self.findings.first()) {
            (Some(one), _) | (None, Some(one)) => one.finding.message.clone(),
            (None, None) if self.answer.checked.is_empty() => {
                "Nothing could be seen from within this program.".into()
            }
            (None, None) => facts::healthy(self.answer).into(),
        }
    }

    fn command(&self) -> String {
        self.answer.command.join(" ")
    }

    fn checked(&self) -> String {
        let names: Vec<&str> = self
            .answer
            .checked
            .iter()
            .copied()
            .map(Cause::name)
            .collect();
        names.join(", ")
    }
}

impl Section<'_> {
    fn tone(&self) -> &'static str {
        match self.finding.certainty {
            Certainty::Certain => "bad",
            Certainty::Hint => "doubt",
            Certainty::Info => "quiet",
        }
    }

    fn path(&self) -> String {
        let steps: Vec<String> = self.finding.path.iter().map(facts::step).collect();
        steps.join(" → ")
    }

    fn victims(&self) -> String {
        let victims: Vec<String> = self.finding.victims.iter().map(facts::victim).collect();
        victims.join("; ")
    }

    /// How `repro show` is told the case that shows it.
    fn case(&self) -> &str {
        self.finding.case.split('/').next().unwrap_or_default()
    }
}
