//! `--help`: commands by what they are for, and examples that fit the width.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use super::args::Cli;
use super::terminal_style;
use crate::terminal::wrap;

/// Every command, by what it is for. A test holds that none is left out.
const GROUPS: [(&str, &[&str]); 3] = [
    (
        "Running",
        &[
            "run",
            "show",
            "list",
            "claims",
            "toolchains",
            "compare",
            "judge",
            "stamp",
        ],
    ),
    (
        "Authoring",
        &["new", "record", "import", "lint", "mutants", "schema"],
    ),
    (
        "Other",
        &["report", "explain", "completions", "man", "help"],
    ),
];

/// Lines longer than this are hard to read.
const WIDEST: usize = 100;
/// Where the width is unknown, as in a pipe.
const USUAL: usize = 80;
const NARROWEST: usize = 20;

/// The command line, with its help laid out for the terminal at hand.
#[must_use]
pub fn command() -> Command {
    let width = match terminal_style::columns(std::io::stdout()) {
        0 => USUAL,
        width => width.clamp(NARROWEST, WIDEST),
    };
    laid_out(width)
}

fn laid_out(width: usize) -> Command {
    let command = Cli::command();
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{}\n{{options}}{{after-help}}",
        groups(&command, width),
        header("Options:")
    );
    let names: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().into())
        .collect();
    let command = names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |c| fitted(c, width))
    });
    fitted(command, width)
        .help_template(template)
        .term_width(width)
}

fn groups(command: &Command, width: usize) -> String {
    let literal = command.get_styles().get_literal();
    let names = GROUPS.iter().flat_map(|(_, names)| names.iter());
    let at = 4 + names.map(|name| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (group, names) in GROUPS {
        put(
            &mut text,
            format_args!("{}\n", header(&format!("{group}:"))),
        );
        for name in names {
            let about = match command.find_subcommand(name) {
                Some(command) => command.get_about().map(ToString::to_string),
                None => Some("Print this, or the help of a command".into()),
            };
            let gap = " ".repeat(at - 2 - name.len());
            let lines = wrap(&about.unwrap_or_default(), width.saturating_sub(at));
            let lines = lines.join(&format!("\n{}", " ".repeat(at)));
            put(
                &mut text,
                format_args!("  {literal}{name}{literal:#}{gap}{lines}\n"),
            );
        }
        text.push('\n');
    }
    text
}

/// The command with what stands below its options broken where it must be.
fn fitted(command: Command, width: usize) -> Command {
    let text = command.get_after_help().map(ToString::to_string);
    match text {
        Some(text) => command.after_help(fitted_text(&text, width)),
        None => command,
    }
}

/// Paragraphs are broken between words, and what is said of an item below its start. Examples stay whole, since they are there
/// to be copied: where one of them leaves no room beside it, what is said of each stands below it.
fn fitted_text(text: &str, width: usize) -> String {
    let is_example = |line: &str| line.starts_with("  repro ");
    let is_wide = |line: &str| line.chars().count() > width && split(line).is_some();
    let below = text.lines().any(|line| is_example(line) && is_wide(line));
    let lines = text.lines().map(|line| match split(line) {
        Some((example, _, about)) if is_example(line) && below => {
            let about = wrap(about, width.saturating_sub(6));
            format!("{example}\n      {}", about.join("\n      "))
        }
        Some((item, at, about)) if !is_example(line) => {
            let about = wrap(about, width.saturating_sub(at));
            let gap = " ".repeat(at - item.chars().count());
            format!(
                "{item}{gap}{}",
                about.join(&format!("\n{}", " ".repeat(at)))
            )
        }
        _ if line.starts_with("  ") => line.into(),
        _ => headed(&wrap(line, width).join("\n")),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// An indented line as what it shows, the column of what is said of it, and that.
fn split(line: &str) -> Option<(&str, usize, &str)> {
    let inner = line.strip_prefix("  ")?;
    let end = 2 + inner.find("  ")?;
    let about = line[end..].trim_start();
    let at = line.chars().count() - about.chars().count();
    Some((&line[..end], at, about))
}

/// With its first words as a heading, if they are one.
fn headed(text: &str) -> String {
    match text.split_once(':') {
        Some((head, rest)) if HEADS.contains(&head) => {
            format!("{}{rest}", header(&format!("{head}:")))
        }
        _ => text.into(),
    }
}

/// What heads a part of the text below the options.
const HEADS: [&str; 3] = ["Examples", "Example", "Exit codes"];

fn header(text: &str) -> String {
    let style = *clap::builder::Styles::styled().get_header();
    format!("{style}{text}{style:#}")
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(what);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn commands() -> Vec<Command> {
        let mut command = laid_out(USUAL);
        command.build();
        let own = |c: &&Command| c.get_name() != "help";
        command.get_subcommands().filter(own).cloned().collect()
    }

    fn help(command: &mut Command) -> String {
        command.render_long_help().to_string()
    }

    #[test]
    fn every_command_stands_in_one_group() {
        let known: BTreeSet<String> = commands().iter().map(|c| c.get_name().into()).collect();
        let mut listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| names.iter().copied())
            .collect();
        let count = listed.len();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), count);
        listed.retain(|name| *name != "help");
        assert_eq!(
            listed
                .into_iter()
                .map(String::from)
                .collect::<BTreeSet<_>>(),
            known
        );
    }

    #[test]
    fn every_command_has_an_example_of_itself() {
        for command in commands() {
            let name = command.get_name();
            let text = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                text.contains(&format!("\n  repro {name}")),
                "{name}:\n{text}"
            );
        }
    }

    #[test]
    fn help_fits_the_width() {
        let text = help(&mut laid_out(USUAL));
        for line in text.lines() {
            assert!(line.chars().count() <= USUAL, "{line}");
        }
        for command in &mut commands() {
            for line in help(&mut command.clone()).lines() {
                let is_example = line.starts_with("  repro ");
                assert!(
                    line.chars().count() <= USUAL || is_example,
                    "{}: {line}",
                    command.get_name()
                );
            }
        }
    }

    #[test]
    fn where_one_example_leaves_no_room_all_have_theirs_below() {
        let text = "Examples:\n  repro run all   every case, judged\n  repro list      it all";
        assert!(
            fitted_text(text, 80)
                .ends_with("\n  repro run all   every case, judged\n  repro list      it all")
        );
        assert!(
            fitted_text(text, 30).ends_with(
                "\n  repro run all\n      every case, judged\n  repro list\n      it all"
            )
        );
        assert_eq!(
            fitted_text("  70  a fault of repro", 14),
            "  70  a fault\n      of repro"
        );
        assert_eq!(fitted_text("one two three", 8), "one two\nthree");
        let long = "  repro record -- a command that is long";
        assert_eq!(fitted_text(long, 20), long);
    }
}
