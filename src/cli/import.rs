//! `repro import`: the listings of an article become cases, and a later import tells what changed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::article::{Listing, listings};
use crate::toolchain::Recipe;

use super::authoring::ImportArgs;
use super::cases::{self, Target};
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::imported::{Article, Entry, Ledger, Outcome, compare, lines};
use super::stdout::print;

/// The file beside the cases that remembers what was imported.
const LEDGER: &str = "imports.toml";

/// Imports the listings of an article, or tells how it differs from what was imported.
///
/// # Errors
/// If the article cannot be read, a case is in the way, or something cannot be written.
pub fn import(args: &ImportArgs) -> Result<Exit, Failure> {
    let target = cases::target(args.cases.as_deref())?;
    let shown = args.article.display();
    let text = fs::read_to_string(&args.article)
        .map_err(|error| Failure::usage(format_args!("cannot read {shown}: {error}")))?;
    let found = listings(&text);
    if found.is_empty() {
        let why = format!("{shown} has no fenced listing: a fence is a line of ``` or ~~~");
        return Err(Failure::usage(why));
    }
    let file = target.folder.join(LEDGER);
    let article = Article::of(&args.article, &target.folder);
    let (mine, others): (Vec<Entry>, Vec<Entry>) = read(&file)?
        .listing
        .into_iter()
        .partition(|entry| article.is_of(entry, &target.folder));
    let stem = article.stem(&others);
    let outcomes = compare(&article, &stem, &found, mine);
    // Nothing is written before all of it can be.
    for outcome in &outcomes {
        if let Outcome::New(_, entry, _) = outcome {
            let cure = format!("move it away, since {LEDGER} does not know it");
            let room = target.has_room_for(&entry.case, &cure);
            room.map_err(Failure::usage)?;
        }
    }
    for outcome in &outcomes {
        if let Outcome::New(listing, entry, recipe) = outcome {
            write_case(&target, listing, entry, recipe)?;
        }
    }
    let kept = outcomes.iter().filter_map(Outcome::entry);
    let kept = kept.map(|entry| Entry {
        article: article.place.clone(),
        ..entry
    });
    let listing: Vec<Entry> = others.into_iter().chain(kept).collect();
    if !listing.is_empty() {
        let ledger = toml::to_string(&Ledger { listing });
        let ledger = ledger.map_err(|error| Failure::new(Exit::Fault, error))?;
        write(&file, &ledger)?;
    }
    let printed = print(|out| tell(&outcomes, &target, out));
    let changed = outcomes.iter().any(Outcome::is_changed);
    conclude(if changed { Exit::Failed } else { Exit::Passed }, printed)
}

fn read(file: &Path) -> Result<Ledger, Failure> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let why = format!("cannot read {}: {error}", file.display());
            return Err(Failure::usage(why));
        }
    };
    toml::from_str(&text).map_err(|error| {
        let cure = "it is written by `repro import`; move it away, and the cases that it names";
        let why = format!("{}: {error}{cure}", file.display());
        Failure::usage(why)
    })
}

/// `listing 1, lines 18-36, under "Python"`.
fn place(listing: &Listing) -> String {
    let heading = listing.heading.as_ref();
    let heading = heading.map(|heading| format!(", under {heading:?}"));
    let lines = match listing.lines {
        (first, last) if first == last => format!("line {first}"),
        _ => format!("lines {}", lines(listing)),
    };
    let heading = heading.unwrap_or_default();
    format!("listing {}, {lines}{heading}", listing.number)
}

fn write_case(
    target: &Target,
    listing: &Listing,
    entry: &Entry,
    recipe: &Recipe,
) -> Result<(), Failure> {
    let quote = |text: &str| toml::Value::from(text).to_string();
    let Entry { article, case, .. } = entry;
    let article = Path::new(article)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let text = format!(
        "schema = 1\ntitle  = {}\nclaim  = \"Say in one sentence what this listing shows.\"\nsource = {}\n\n\
         # No line has a name yet, so each may come. See them with `repro run {case}{}`, name them below, and take this out.\n\
         extra  = {{ stdout = true, stderr = true }}\n\n[events]\n\n\
         # The one thing said so far. Say what it shows, and name beside it what would be seen otherwise.\n\
         [behaviours.ends]\nabout  = \"it runs to its end\"\nexpect = [{{ exit = 0 }}]\n\n\
         [programs.{}.listing]\npath    = {}\nlisting = \"sha256:{}\"\nshows   = \"ends\"\n",
        quote(&format!("Listing {} of {article}", listing.number)),
        quote(&format!("{article}, {}", place(listing))),
        target.flag,
        recipe.language,
        quote(&entry.file),
        listing.sha256,
    );
    let folder = target.folder.join(case);
    write(&folder.join(&entry.file), &listing.text)?;
    write(&folder.join("case.toml"), &text)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    written.map_err(|error| {
        let why = format!("cannot write {}: {error}", path.display());
        Failure::environment(why)
    })
}

fn tell(outcomes: &[Outcome<'_>], target: &Target, out: &mut dyn Write) -> io::Result<()> {
    for outcome in outcomes {
        told(outcome, target, out)?;
    }
    let mut cases = Vec::new();
    for outcome in outcomes {
        if let Outcome::New(_, entry, _) = outcome {
            cases.push(entry.case.as_str());
        }
    }
    if !cases.is_empty() {
        writeln!(
            out,
            "\nThey run as they are:\n  repro run {}{}",
            cases.join(" "),
            target.flag
        )?;
    }
    if outcomes.iter().any(Outcome::is_changed) {
        let ledger = target.shown.join(LEDGER);
        writeln!(
            out,
            "\nThe cases are as they were. To take over what changed, delete the folder of such a case and its\n\
             [[listing]] in {}, and import again.",
            ledger.display()
        )?;
    }
    Ok(())
}

fn told(outcome: &Outcome<'_>, target: &Target, out: &mut dyn Write) -> io::Result<()> {
    match outcome {
        Outcome::New(listing, entry, _) => same(out, "imported", listing, entry),
        Outcome::Same(listing, entry) if entry.lines == lines(listing) => {
            same(out, "unchanged", listing, entry)
        }
        Outcome::Same(listing, entry) => same(out, "moved", listing, entry),
        Outcome::LeftOut(listing) => {
            let why = match listing.info.as_str() {
                "" => "its fence names no language".into(),
                info => format!("`{}` is no language that repro runs", info.escape_debug()),
            };
            writeln!(out, "left out   {}\n           {why}", place(listing))
        }
        Outcome::Changed(listing, entry) => {
            writeln!(
                out,
                "changed    {}\n           {}",
                entry.case,
                place(listing)
            )?;
            writeln!(out, "           sha256 {}", listing.sha256)?;
            writeln!(out, "              was {}", entry.sha256)?;
            let source = target.folder.join(&entry.case).join(&entry.file);
            first_difference(listing, &source, out)
        }
        Outcome::Gone(entry) => {
            let (case, number, lines) = (&entry.case, entry.number, &entry.lines);
            writeln!(
                out,
                "gone       {case}\n           it was listing {number}, lines {lines}"
            )
        }
    }
}

fn same(out: &mut dyn Write, word: &str, listing: &Listing, entry: &Entry) -> io::Result<()> {
    writeln!(
        out,
        "{word:<11}{}\n           {}",
        entry.case,
        place(listing)
    )?;
    writeln!(out, "           sha256 {}", listing.sha256)
}

/// The first line that is not what the case has.
fn first_difference(listing: &Listing, source: &Path, out: &mut dyn Write) -> io::Result<()> {
    let Ok(before) = fs::read_to_string(source) else {
        return Ok(());
    };
    let (mut now, mut was) = (listing.text.lines(), before.lines());
    for number in 1.. {
        let (now, was) = (now.next(), was.next());
        match (now, was) {
            (None, None) => break,
            (now, was) if now == was => {}
            (now, was) => {
                let shown = |line: Option<&str>| match line {
                    Some(line) => line.trim().escape_debug().to_string(),
                    None => "(no more lines)".into(),
                };
                writeln!(out, "           line {number} is:  {}", shown(now))?;
                writeln!(out, "           line {number} was: {}", shown(was))?;
                break;
            }
        }
    }
    Ok(())
}
