//! `repro new`: a case that runs and passes, as a start for one's own.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;

use crate::authoring::{Destination, create, known_languages, language};
use crate::scaffold::{File, NewCase};
use crate::toolchain::{RECIPES, Recipe};

use super::cases::TrustArgs;
use super::exit::Exit;
use super::failure::Failure;
use super::stdout::print;

const AFTER_HELP: &str = "\
Each language gets two small programs, one that shows the pitfall and one that does not, and the case gets two behaviours \
that tell them apart. In a terminal, repro asks for whatever you leave out. It overwrites nothing.

Exit codes:
  0  the case was made
  2  the name is invalid or taken, or a language is unknown
  3  nothing could be written

Examples:
  repro new
  repro new slow-pool --language python,go
  repro new slow-pool -l go --claim \"The second task waits.\"";

/// `repro new`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct NewArgs {
    /// The name of the case: lower-case letters, digits and `-`
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Write its programs in this language; may be repeated, or be a list with commas
    #[arg(short, long, value_name = "LANGUAGE", value_parser = language, value_delimiter = ',')]
    pub language: Vec<&'static Recipe>,
    /// The title of the case, in a few words [default: its name]
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// The claim of the case, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub claim: Option<String>,
    /// Make the case in this folder [default: the one in repro.toml, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
    /// Whose `repro.toml` is heeded.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// What to do if a case of that name exists.
const OTHERWISE: &str = "choose another name";

/// Asks in a terminal for what the flags leave out, then writes the case.
///
/// # Errors
/// If the name or a language will not do, or something cannot be written.
pub fn new(args: &NewArgs) -> Result<Exit, Failure> {
    let destination = Destination::new(args.cases.as_deref(), &args.trust.trust()?)?;
    let mut answers = Answers {
        name: args.name.clone(),
        languages: args.language.clone(),
        claim: args.claim.as_deref().map(in_one_line),
    };
    if let Some(name) = &answers.name {
        destination
            .has_room_for(name, OTHERWISE)
            .map_err(Failure::usage)?;
    }
    if answers.is_open() && io::stdin().is_terminal() && io::stderr().is_terminal() {
        answers
            .ask(&destination, &mut io::stdin().lock(), &mut io::stderr())
            .map_err(|error| Failure::usage(format_args!("no case was made: {error}")))?;
    }
    let (name, languages) = answers.complete()?;
    let title = args.title.as_deref().map(in_one_line);
    let new_case = NewCase {
        name: &name,
        title: title.as_deref(),
        claim: answers.claim.as_deref(),
        languages: &languages,
    };
    let files = create(&new_case, &destination)?;
    print(|out| tell(&destination, &name, &files, out))?;
    Ok(Exit::Passed)
}

/// What is known about the case so far.
struct Answers {
    name: Option<String>,
    languages: Vec<&'static Recipe>,
    claim: Option<String>,
}

impl Answers {
    fn is_open(&self) -> bool {
        self.name.is_none() || self.languages.is_empty()
    }

    /// Asks until each answer is valid.
    fn ask(
        &mut self,
        destination: &Destination,
        input: &mut dyn BufRead,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.name.is_none() {
            let question = "Name of the case, such as `slow-pool`: ";
            let read = |text: &str| {
                destination
                    .has_room_for(text, OTHERWISE)
                    .map(|()| text.to_string())
            };
            self.name = Some(answer(question, input, out, read)?);
        }
        if self.languages.is_empty() {
            let question = format!(
                "Its languages ({}) [{}]: ",
                known_languages(),
                RECIPES[0].language
            );
            self.languages = answer(&question, input, out, languages)?;
        }
        if self.claim.is_none() {
            let question = "Its claim, in one sentence [later]: ";
            let claim = answer(question, input, out, |text| Ok(in_one_line(text)))?;
            self.claim = Some(claim).filter(|claim| !claim.is_empty());
        }
        writeln!(out)
    }

    fn complete(&self) -> Result<(String, Vec<&'static Recipe>), Failure> {
        let example = "repro new slow-pool --language python,go";
        let Some(name) = &self.name else {
            let why = format!("the case has no name: give it one, as in `{example}`");
            return Err(Failure::usage(why));
        };
        if self.languages.is_empty() {
            let why = format!(
                "no language: add --language, as in `{example}`; repro knows {}",
                known_languages()
            );
            return Err(Failure::usage(why));
        }
        let mut languages: Vec<&'static Recipe> = Vec::new();
        for recipe in &self.languages {
            if !languages.iter().any(|had| had.language == recipe.language) {
                languages.push(recipe);
            }
        }
        Ok((name.clone(), languages))
    }
}

/// Repeats a question until `read` accepts the answer.
fn answer<T>(
    question: &str,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    read: impl Fn(&str) -> Result<T, String>,
) -> io::Result<T> {
    loop {
        write!(out, "{question}")?;
        out.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            writeln!(out)?;
            return Err(io::Error::new(
                ErrorKind::UnexpectedEof,
                "there was no answer",
            ));
        }
        match read(line.trim()) {
            Ok(read) => return Ok(read),
            Err(why) => writeln!(out, "  {why}")?,
        }
    }
}

/// Languages with commas or spaces between them; an empty text means the first that repro knows.
fn languages(text: &str) -> Result<Vec<&'static Recipe>, String> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    let found: Vec<&'static Recipe> = words.map(language).collect::<Result<_, _>>()?;
    Ok(if found.is_empty() {
        RECIPES.iter().take(1).collect()
    } else {
        found
    })
}

fn in_one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn tell(
    destination: &Destination,
    name: &str,
    files: &[File],
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", destination.shown.join(name).display())?;
    let widest = files.iter().map(|file| file.path.len()).max().unwrap_or(0);
    for file in files {
        writeln!(out, "  {:<widest$}  {}", file.path, file.about)?;
    }
    let flag = &destination.flag;
    writeln!(out, "\nIt runs and passes as it stands. To see it run:")?;
    writeln!(out, "  repro run {name}{flag}")?;
    writeln!(out, "  repro show {name} --timeline{flag}")?;
    writeln!(out, "Then replace its claim with your own, and check it:")?;
    writeln!(out, "  repro lint{flag}")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn asked(typed: &str) -> (io::Result<Answers>, String) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("taken")).unwrap();
        let destination = Destination {
            folder: folder.path().into(),
            shown: "cases".into(),
            flag: String::new(),
        };
        let mut answers = Answers {
            name: None,
            languages: Vec::new(),
            claim: None,
        };
        let mut said = Vec::new();
        let asked = answers.ask(&destination, &mut typed.as_bytes(), &mut said);
        (asked.map(|()| answers), String::from_utf8(said).unwrap())
    }

    fn names(answers: &Answers) -> Vec<&str> {
        answers
            .languages
            .iter()
            .map(|recipe| recipe.language)
            .collect()
    }

    #[test]
    fn it_asks_until_each_answer_will_do() {
        let (answers, said) = asked("My Case\ntaken\nslow-pool\ncobol\ngo, py\nIt waits.\n");
        let answers = answers.unwrap();
        assert_eq!(answers.name.as_deref(), Some("slow-pool"));
        assert_eq!(names(&answers), ["go", "python"]);
        assert_eq!(answers.claim.as_deref(), Some("It waits."));
        for part in [
            "`My Case` cannot be",
            "cases/taken exists",
            "how to run `cobol`",
        ] {
            assert!(said.contains(part), "{part} in\n{said}");
        }
    }

    #[test]
    fn an_empty_answer_takes_what_stands_in_brackets() {
        let (answers, _) = asked("x\n\n\n");
        let answers = answers.unwrap();
        assert_eq!((names(&answers), &answers.claim), (vec!["python"], &None));
    }

    #[test]
    fn who_goes_away_gets_nothing() {
        for typed in ["", "x\n", "x\ngo\n"] {
            let (answers, _) = asked(typed);
            assert!(answers.is_err(), "{typed:?}");
        }
    }

    #[test]
    fn a_language_named_twice_is_there_once() {
        let python = language("python").unwrap();
        let answers = Answers {
            name: Some("x".into()),
            languages: vec![python, language("py").unwrap()],
            claim: None,
        };
        assert_eq!(answers.complete().unwrap().1.len(), 1);
    }
}
