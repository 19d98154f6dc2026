//! The template of a new case: a pitfall and its remedy in each language, which run and pass as they stand.

use std::fmt::Write;

use crate::draft::in_words;
use crate::toolchain::{Recipe, Source};

/// What a new case is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewCase<'w> {
    /// The name of the case.
    pub name: &'w str,
    /// Its title; `None` derives it from the name.
    pub title: Option<&'w str>,
    /// Its claim; `None` leaves a sentence that asks for one.
    pub claim: Option<&'w str>,
    /// The languages of its programs: at least one, each only once.
    pub languages: &'w [&'static Recipe],
}

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path within the case's folder.
    pub path: String,
    /// Its content.
    pub text: String,
    /// Its purpose, in a few words.
    pub about: String,
}

/// The files of a case, the case file first.
#[must_use]
pub fn scaffold(new: &NewCase<'_>) -> Vec<File> {
    let mut files = vec![File {
        path: "case.toml".into(),
        text: case_file(new),
        about: "the claim, events and behaviours".into(),
    }];
    for recipe in new.languages {
        files.extend(programs(recipe).map(|program| File {
            path: program.path,
            text: program.source.text.into(),
            about: format!("shows {}", program.shows),
        }));
    }
    files
}

/// A program of the case.
struct Starter {
    variant: &'static str,
    path: String,
    source: Source,
    shows: &'static str,
}

fn programs(recipe: &Recipe) -> [Starter; 2] {
    let starter = &recipe.starter;
    let both = [
        ("pitfall", starter.pitfall, "in-turn"),
        ("remedy", starter.remedy, "at-once"),
    ];
    both.map(|(variant, source, shows)| Starter {
        variant,
        path: format!("{}/{}", recipe.language, source.file),
        source,
        shows,
    })
}

const BODY: &str = r#"
# A line that a program prints is an event. {id:int} captures a number, and [id=1] selects by it.
[events]
"start" = "Task {id:int} starts."
"done"  = "Task {id:int} is done."

# From a start to an end, joined on what both captured.
[spans]
task = { from = "start", to = "done", by = "id" }

# Each program must show exactly one of these, so that each is the negative control of the other.
[behaviours.in-turn]
about   = "the second task starts when the first is done"
pitfall = true
expect  = [
    { order = "done[id=1] < start[id=2]", causal = true },
    { spans = "task", count = 2 },
]

[behaviours.at-once]
about  = "both tasks start before either is done"
expect = [
    { order = "{start[id=1], start[id=2]} < {done[id=1], done[id=2]}" },
    { spans = "task", count = 2, shape = "makespan <= 1.5 * longest" },
]
"#;

fn case_file(new: &NewCase<'_>) -> String {
    let quote = |text: &str| toml::Value::from(text).to_string();
    let own = in_words(new.name);
    let title = new.title.unwrap_or(&own);
    let claim = new
        .claim
        .unwrap_or("Say in one sentence what goes wrong, and when.");
    let mut text = format!(
        "schema = 1\ntitle  = {}\nclaim  = {}\n\
         margin = \"150ms\"   # a machine that was later than this excuses an order that rests on sleeps\n{BODY}",
        quote(title),
        quote(claim)
    );
    for recipe in new.languages {
        for program in programs(recipe) {
            let (language, variant) = (recipe.language, program.variant);
            let needs = recipe.starter.needs.map(quote);
            let needs = needs.map(|needs| format!("needs = {needs}\n"));
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n[programs.{language}.{variant}]\npath  = {}\n{}shows = {}\n",
                quote(&program.path),
                needs.unwrap_or_default(),
                quote(program.shows)
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::lint::lint;
    use crate::spec;
    use crate::toolchain::RECIPES;

    fn case_of(new: &NewCase<'_>) -> crate::model::case::Case {
        let files = scaffold(new);
        let read = spec::read(
            Path::new("case.toml"),
            &files[0].text,
            new.name,
            Path::new("."),
        );
        let case = read.unwrap_or_else(|problems| panic!("{}", problems[0].render(false)));
        let named: Vec<&Path> = case.programs.iter().map(|p| p.path.as_path()).collect();
        let written: Vec<&Path> = files[1..].iter().map(|f| Path::new(&f.path)).collect();
        assert_eq!(named, written);
        case
    }

    #[test]
    fn whatever_the_languages_lint_finds_nothing_in_it() {
        let all: Vec<&Recipe> = RECIPES.iter().collect();
        let alone = all.iter().map(std::slice::from_ref);
        for languages in alone.chain([&all[..]]) {
            let case = case_of(&NewCase {
                name: "my-claim",
                title: None,
                claim: None,
                languages,
            });
            assert_eq!(case.title, "My claim");
            assert_eq!(case.programs.len(), 2 * languages.len());
            assert_eq!(lint(&case), []);
        }
    }

    #[test]
    fn a_title_and_a_claim_stand_there_as_they_were_typed() {
        let claim = r#"It "blocks" \ 'all' else { é"#;
        let case = case_of(&NewCase {
            name: "x",
            title: Some("C:\\ and 'more'"),
            claim: Some(claim),
            languages: &[&RECIPES[0]],
        });
        assert_eq!(
            (case.title.as_str(), case.claim.as_str()),
            ("C:\\ and 'more'", claim)
        );
    }
}
