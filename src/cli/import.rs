//! `repro import`: the listings of an article become cases, and a later import shows what has changed.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::article::Listing;
use crate::authoring::{
    self, Destination, Entry, LEDGER, ListingChange, WhyLeftOut, first_difference, line_range,
    place_of,
};

use super::cases::TrustArgs;
use super::exit::Exit;
use super::failure::{Failure, conclude};
use super::stdout::print;

const AFTER_HELP: &str = "\
Each fenced listing in a language that repro runs becomes a case that runs it, with its place and its SHA-256; fragments are \
left out. In an issue, a block under `expected` or `actual` becomes what the program should print or prints: a behaviour each. \
The file imports.toml beside the cases remembers the listings. Import the article again to see which listings are unchanged, moved, changed, \
new or gone.

Exit codes:
  0  listings were imported, or nothing has changed
  1  a listing has changed or is gone
  2  the article has no listing or cannot be read, or a case is in the way
  3  nothing could be written

Example:
  repro import article.md --cases cases";

/// `repro import`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ImportArgs {
    /// The article
    #[arg(value_name = "FILE.md")]
    pub article: PathBuf,
    /// Make the cases in this folder [default: the one in repro.toml, else ./cases]
    #[arg(long, value_name = "DIR")]
    pub cases: Option<PathBuf>,
    /// Whose `repro.toml` is heeded.
    #[command(flatten)]
    pub trust: TrustArgs,
}

/// Imports the listings of an article, and shows how it differs from what was imported before.
///
/// # Errors
/// If the article cannot be read, a case is in the way, or something cannot be written.
pub fn import(args: &ImportArgs) -> Result<Exit, Failure> {
    let destination = Destination::new(args.cases.as_deref(), &args.trust.trust()?)?;
    let changes = authoring::import(&args.article, &destination)?;
    let printed = print(|out| tell(&changes, &destination, out));
    let changed = changes.iter().any(ListingChange::is_changed);
    let found = if changed { Exit::Failed } else { Exit::Passed };
    conclude(found, printed)
}

fn tell(
    changes: &[ListingChange],
    destination: &Destination,
    out: &mut dyn Write,
) -> io::Result<()> {
    for change in changes {
        let (word, head, lines) = told(change, destination);
        writeln!(out, "{word:<11}{head}")?;
        for line in lines {
            writeln!(out, "{:11}{line}", "")?;
        }
    }
    let mut cases = Vec::new();
    for change in changes {
        if let ListingChange::New(_, entry, _) = change {
            cases.push(entry.case.as_str());
        }
    }
    if !cases.is_empty() {
        writeln!(
            out,
            "\nThey run as they are:\n  repro run {}{}",
            cases.join(" "),
            destination.flag
        )?;
    }
    if changes.iter().any(ListingChange::is_changed) {
        let ledger = destination.shown.join(LEDGER);
        writeln!(
            out,
            "\nThe cases have not changed. To import a changed listing again, delete the folder of its case and its\n\
             [[listing]] in {}, and repeat the import.",
            ledger.display()
        )?;
    }
    Ok(())
}

/// A word for what became of a listing, the case or listing that it is about, and further lines.
fn told(change: &ListingChange, destination: &Destination) -> (&'static str, String, Vec<String>) {
    let same = |word, listing: &Listing, entry: &Entry| {
        let sha256 = format!("sha256 {}", listing.sha256);
        (word, entry.case.clone(), vec![place_of(listing), sha256])
    };
    match change {
        ListingChange::New(listing, entry, _) => same("imported", listing, entry),
        ListingChange::Same(listing, entry) if entry.lines == line_range(listing) => {
            same("unchanged", listing, entry)
        }
        ListingChange::Same(listing, entry) => same("moved", listing, entry),
        ListingChange::LeftOut(listing, why) => {
            let why = match (why, listing.info.as_str()) {
                (WhyLeftOut::Fragment(missing), _) => format!("a fragment: it lacks {missing}"),
                (WhyLeftOut::Language, "") => "its fence names no language".into(),
                (WhyLeftOut::Language, info) => {
                    format!("repro does not run `{}`", info.escape_debug())
                }
            };
            ("left out", place_of(listing), vec![why])
        }
        ListingChange::Output(listing, role, case) => {
            let of = format!("what {case} prints");
            (role.name(), place_of(listing), vec![of])
        }
        ListingChange::Changed(listing, entry) => {
            let (_, case, mut lines) = same("changed", listing, entry);
            lines.push(format!("   was {}", entry.sha256));
            if let Some(difference) = first_difference(listing, entry, destination) {
                let number = difference.number;
                let shown = |line: Option<String>| match line {
                    Some(line) => line.trim().escape_debug().to_string(),
                    None => "(no more lines)".into(),
                };
                lines.push(format!("line {number} is:  {}", shown(difference.now)));
                lines.push(format!("line {number} was: {}", shown(difference.before)));
            }
            ("changed", case, lines)
        }
        ListingChange::Gone(entry) => {
            let was = format!("it was listing {}, lines {}", entry.number, entry.lines);
            ("gone", entry.case.clone(), vec![was])
        }
    }
}
