//! The case file of a listing, with the outputs that its article shows.

use std::fmt::Write as _;
use std::path::Path;

use super::ledger::{Entry, line_range};
use super::outputs::{OutputRole, printed};
use crate::article::Listing;
use crate::toolchain::Recipe;

/// The text of the case file. Without an output, all that is expected is that the listing runs to its end.
pub(super) fn case_file(
    listing: &Listing,
    entry: &Entry,
    recipe: &Recipe,
    outputs: &[(&Listing, OutputRole)],
    flag: &str,
) -> String {
    let Entry { article, case, .. } = entry;
    let article = Path::new(article)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let outputs: Vec<_> = outputs
        .iter()
        .filter(|(of, _)| !printed(of).is_empty())
        .collect();
    let mut text = format!(
        "schema = 1\ntitle  = {}\nclaim  = \"Say in one sentence what this listing shows.\"\nsource = {}\n\n\
         # No line has a name yet, so each may come. See them with `repro run {case}{flag}`, name them below, and take this out.\n\
         extra  = {{ stdout = true, stderr = true }}\n\n[events]\n",
        quote(&format!("Listing {} of {article}", listing.number)),
        quote(&format!("{article}, {}", place_of(listing))),
    );
    let missing = missing(&outputs);
    if let Some((_, line)) = &missing {
        let _ = writeln!(text, "{MISSING} = {}", quote(&line.replace('{', "{{")));
    }
    text.push('\n');
    if outputs.is_empty() {
        text += "# The one thing said so far. Say what it shows, and name beside it what would be seen otherwise.\n\
                 [behaviours.ends]\nabout  = \"it runs to its end\"\nexpect = [{ exit = 0 }]\n\n";
    }
    for (output, role) in &outputs {
        let lacks = missing.as_ref().is_some_and(|(lacks, _)| lacks == role);
        text += &behaviour(output, *role, lacks);
    }
    let roles = outputs.iter().map(|(_, role)| *role);
    let shown = roles.max_by_key(|role| *role == OutputRole::Actual);
    let _ = writeln!(
        text,
        "[programs.{}.listing]\npath    = {}\nlisting = \"sha256:{}\"\nshows   = {}",
        recipe.language,
        quote(&entry.file),
        listing.sha256,
        quote(shown.map_or("ends", OutputRole::name)),
    );
    text
}

/// An output as a behaviour: its lines, in their order.
fn behaviour(output: &Listing, role: OutputRole, lacks: bool) -> String {
    let (about, pitfall) = match role {
        OutputRole::Expected => ("what it should print", ""),
        OutputRole::Actual => ("what it prints", "pitfall = true\n"),
    };
    let about = quote(&format!("{about}: {}", place_of(output)));
    let transcript = block(&printed(output));
    let name = role.name();
    let mut text = format!("[behaviours.{name}]\nabout  = {about}\n{pitfall}expect = [\n");
    let _ = writeln!(text, "  {{ transcript = {transcript} }},");
    if lacks {
        let _ = writeln!(text, "  {{ never = \"{MISSING}\" }},");
    }
    text + "]\n\n"
}

/// The event of a line by which two outputs differ.
const MISSING: &str = "missing";

/// Of two outputs, the one that lacks a line of the other and has none of its own: a program that prints the other prints
/// all of it too. With it, the first line that it lacks.
fn missing(outputs: &[&(&Listing, OutputRole)]) -> Option<(OutputRole, String)> {
    let [one, other] = outputs else { return None };
    let lacks = |(short, role): (&Listing, OutputRole), long: &Listing| {
        let (short, long) = (printed(short), printed(long));
        let is_in = |text: &str, line: &str| text.lines().any(|own| own == line);
        let is_part = short.lines().all(|line| is_in(&long, line));
        let is_regex = |line: &str| line.starts_with('/') && line.ends_with('/');
        let mut only_long = long.lines().filter(|line| !is_in(&short, line));
        let line = only_long.find(|line| !line.trim().is_empty() && !is_regex(line))?;
        is_part.then(|| (role, line.to_string()))
    };
    lacks(**one, other.0).or_else(|| lacks(**other, one.0))
}

/// A text of several lines as a person would write it in TOML.
fn block(text: &str) -> String {
    let is_plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.contains("'''") || text.ends_with('\'') || !text.chars().all(is_plain) {
        quote(text)
    } else {
        format!("'''\n{text}'''")
    }
}

fn quote(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Where a listing stands, such as `listing 1, lines 18-36, under "Python"`.
#[must_use]
pub fn place_of(listing: &Listing) -> String {
    let heading = listing.heading.as_ref();
    let heading = heading.map(|heading| format!(", under {heading:?}"));
    let lines = match listing.lines {
        (first, last) if first == last => format!("line {first}"),
        _ => format!("lines {}", line_range(listing)),
    };
    let heading = heading.unwrap_or_default();
    format!("listing {}, {lines}{heading}", listing.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::listings;

    fn lacking(expected: &str, actual: &str) -> Option<(OutputRole, String)> {
        let text = format!("```\n{expected}\n```\n\n```\n{actual}\n```\n");
        let found = listings(&text);
        let outputs = [
            (&found[0], OutputRole::Expected),
            (&found[1], OutputRole::Actual),
        ];
        missing(&outputs.iter().collect::<Vec<_>>())
    }

    #[test]
    fn an_output_that_is_part_of_the_other_denies_a_line_of_it() {
        let of = |role, line: &str| Some((role, line.to_string()));
        assert_eq!(lacking("a\nb", "a"), of(OutputRole::Actual, "b"));
        assert_eq!(
            lacking("a", "a\n/x/\nc {d"),
            of(OutputRole::Expected, "c {d")
        );
        assert_eq!(lacking("a\nb", "b\na"), None);
        assert_eq!(lacking("a\nb", "a\nc"), None);
        assert_eq!(lacking("a\na", "a"), None);
    }

    #[test]
    fn an_output_stands_in_the_case_as_it_is_and_is_quoted_where_it_cannot() {
        assert_eq!(block("a\n\"b\""), "'''\na\n\"b\"'''");
        for text in ["it'''s", "a'", "a\u{1b}b"] {
            let read: toml::Table = toml::from_str(&format!("x = {}", block(text))).unwrap();
            assert_eq!(read["x"].as_str(), Some(text));
        }
    }
}
