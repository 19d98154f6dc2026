//! `repro import`: the listings of an article become cases, and a later import tells what changed.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::article::{Listing, listings};

use super::args::ImportArgs;
use super::exit::Exit;
use super::run::print;

/// The file beside the cases that remembers what was imported.
const LEDGER: &str = "imports.toml";

/// What fences call the languages that repro knows, with the extension of a file.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("python", "python", "py"),
    ("py", "python", "py"),
    ("javascript", "javascript", "js"),
    ("js", "javascript", "js"),
    ("java", "java", "java"),
    ("rust", "rust", "rs"),
    ("rs", "rust", "rs"),
    ("go", "go", "go"),
    ("cpp", "cpp", "cpp"),
    ("c++", "cpp", "cpp"),
];

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ledger {
    #[serde(default)]
    listing: Vec<Entry>,
}

/// A listing as it was imported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    article: String,
    number: usize,
    heading: Option<String>,
    lines: String,
    sha256: String,
    case: String,
}

/// Imports the listings of an article, or tells how it differs from what was imported.
#[must_use]
pub fn import(args: &ImportArgs) -> Exit {
    match try_import(args) {
        Ok((said, changed)) => {
            let printed = print(|out| said.iter().try_for_each(|line| writeln!(out, "{line}")));
            printed.max(if changed { Exit::Failed } else { Exit::Passed })
        }
        Err((why, exit)) => {
            anstream::eprintln!("repro: {why}");
            exit
        }
    }
}

type Failure = (String, Exit);

fn try_import(args: &ImportArgs) -> Result<(Vec<String>, bool), Failure> {
    let shown = args.article.display();
    let unreadable = |error| (format!("cannot read {shown}: {error}"), Exit::Usage);
    let text = fs::read_to_string(&args.article).map_err(unreadable)?;
    let found = listings(&text);
    if found.is_empty() {
        let why = format!("{shown} has no fenced listing: a fence is a line of ``` or ~~~");
        return Err((why, Exit::Usage));
    }
    let name = args.article.file_name().unwrap_or_default();
    let article = name.to_string_lossy().into_owned();
    let file = args.cases.join(LEDGER);
    let mut ledger = read(&file)?;
    let (mine, others): (Vec<Entry>, Vec<Entry>) = ledger
        .listing
        .into_iter()
        .partition(|entry| entry.article == article);
    ledger.listing = others;
    let mut left = mine;
    let mut said = Vec::new();
    let mut changed = false;
    // What stands there unchanged is found first, wherever it has moved to.
    let known: Vec<Option<Entry>> = found
        .iter()
        .map(|listing| take(&mut left, |entry| entry.sha256 == listing.sha256))
        .collect();
    for (listing, known) in found.iter().zip(known) {
        let known = known.or_else(|| take(&mut left, |entry| entry.number == listing.number));
        let place = place(listing);
        match known {
            Some(entry) if entry.sha256 == listing.sha256 => {
                let moved = if entry.lines == lines(listing) {
                    "unchanged"
                } else {
                    "moved"
                };
                said.push(format!(
                    "{moved:<11}{}  {place}  {}",
                    entry.case, listing.sha256
                ));
                ledger
                    .listing
                    .push(remembered(&article, listing, entry.case));
            }
            Some(entry) => {
                changed = true;
                let (case, was) = (&entry.case, &entry.sha256);
                said.push(format!(
                    "changed    {case}  {place}  {}, was {was}",
                    listing.sha256
                ));
                ledger.listing.push(entry);
            }
            None => match import_one(args, &article, listing)? {
                Some(case) => {
                    said.push(format!("imported   {case}  {place}  {}", listing.sha256));
                    ledger.listing.push(remembered(&article, listing, case));
                }
                None => said.push(format!(
                    "left out   {place}: `{}` is no language that repro runs",
                    listing.info
                )),
            },
        }
    }
    for entry in left {
        changed = true;
        said.push(format!(
            "gone       {}  it stood in lines {}",
            entry.case, entry.lines
        ));
        ledger.listing.push(entry);
    }
    if changed {
        said.push("the cases are as they were: look at what changed, then delete such a case and its entry in imports.toml, and import again".into());
    }
    let text = toml::to_string(&ledger).map_err(|error| (error.to_string(), Exit::Fault))?;
    write(&file, &text)?;
    Ok((said, changed))
}

fn take(entries: &mut Vec<Entry>, is: impl Fn(&Entry) -> bool) -> Option<Entry> {
    let at = entries.iter().position(is)?;
    Some(entries.remove(at))
}

fn read(file: &Path) -> Result<Ledger, Failure> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err((
                format!("cannot read {}: {error}", file.display()),
                Exit::Usage,
            ));
        }
    };
    toml::from_str(&text).map_err(|error| (format!("{}: {error}", file.display()), Exit::Usage))
}

fn remembered(article: &str, listing: &Listing, case: String) -> Entry {
    Entry {
        article: article.into(),
        number: listing.number,
        heading: listing.heading.clone(),
        lines: lines(listing),
        sha256: listing.sha256.clone(),
        case,
    }
}

fn lines(listing: &Listing) -> String {
    format!("{}-{}", listing.lines.0, listing.lines.1)
}

/// `listing 1, lines 18-36, under "Python"`.
fn place(listing: &Listing) -> String {
    let heading = listing
        .heading
        .as_ref()
        .map(|heading| format!(", under {heading:?}"));
    let heading = heading.unwrap_or_default();
    format!(
        "listing {}, lines {}{heading}",
        listing.number,
        lines(listing)
    )
}

/// Writes a case; `None` if it is in no language that repro knows.
fn import_one(
    args: &ImportArgs,
    article: &str,
    listing: &Listing,
) -> Result<Option<String>, Failure> {
    let known = LANGUAGES.iter().find(|(info, ..)| *info == listing.info);
    let Some((_, language, extension)) = known else {
        return Ok(None);
    };
    let stem = Path::new(article)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let stem: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let stem = stem.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let stem = if stem.is_empty() { "article" } else { stem };
    let case = format!("{stem}-{}", listing.number);
    let folder = args.cases.join(&case);
    if folder.exists() {
        let why = format!(
            "{} exists, and {LEDGER} does not know it: move it away",
            folder.display()
        );
        return Err((why, Exit::Usage));
    }
    let class = (*language == "java")
        .then(|| public_class(&listing.text))
        .flatten();
    let source = format!("{language}/{}.{extension}", class.unwrap_or("listing"));
    write(&folder.join(&source), &listing.text)?;
    let quote = |text: &str| toml::Value::from(text).to_string();
    let text = format!(
        "schema = 1\ntitle  = {}\nclaim  = \"Say in one sentence what this listing shows.\"\nsource = {}\n\
         # Until the lines have names: see what it prints with `repro run {case}`, or let `repro record` draft the events.\n\
         extra  = {{ stdout = true, stderr = true }}\n\n[events]\n\n\
         [behaviours.ends]\nabout  = \"it runs to its end\"\nexpect = [{{ exit = 0 }}]\n\n\
         [programs.{language}.listing]\npath    = {}\nlisting = \"sha256:{}\"\nshows   = \"ends\"\n",
        quote(&format!("Listing {} of {article}", listing.number)),
        quote(&format!("{article}, {}", place(listing))),
        quote(&source),
        listing.sha256,
    );
    write(&folder.join("case.toml"), &text)?;
    Ok(Some(case))
}

/// Java wants the file to be called as the class is.
fn public_class(text: &str) -> Option<&str> {
    let after = text.split("public class ").nth(1)?;
    let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    Some(&after[..end]).filter(|name| !name.is_empty())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| {
        (
            format!("cannot write {}: {error}", path.display()),
            Exit::Environment,
        )
    })
}
