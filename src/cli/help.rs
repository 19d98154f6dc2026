//! How `--help` looks: commands in groups, headings in the text below the options, and the width of lines.

use clap::Command;
use clap::builder::Styles;

use crate::terminal::wrap;

use super::terminal_style;

/// Every command in its group. A test holds that none is left out.
const GROUPS: [(&str, &str); 3] = [
    (
        "Running",
        "run show list claims toolchains compare judge merge stamp why",
    ),
    ("Authoring", "new record import lint mutants schema"),
    ("Other", "report explain completions man help"),
];

/// The headings in the texts below the options.
const HEADINGS: [&str; 3] = ["Examples:", "Example:", "Exit codes:"];

/// The width of help texts, in columns: that of the terminal, within limits that can be read.
#[must_use]
pub fn width() -> usize {
    match terminal_style::columns(std::io::stdout()) {
        0 => 80,
        width => width.clamp(20, 100),
    }
}

/// The commands in the order in which they are listed.
#[cfg(test)]
pub fn grouped() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|(_, names)| names.split(' '))
}

/// The command line with its help laid out for this many columns.
///
/// By hand, since clap lists all commands under one heading.
#[must_use]
pub fn laid_out(command: Command, width: usize) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}{}\n{{options}}{{after-help}}",
        groups(&command, width),
        heading("Options:")
    );
    with_headings(command.mut_subcommands(with_headings))
        .help_template(template)
        .term_width(width)
}

fn groups(command: &Command, width: usize) -> String {
    let literal = command.get_styles().get_literal();
    let names = GROUPS.iter().flat_map(|(_, names)| names.split(' '));
    let column = names.map(str::len).max().unwrap_or(0) + 4;
    let mut text = String::new();
    for (group, names) in GROUPS {
        text += &heading(&format!("{group}:"));
        for name in names.split(' ') {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map_or(
                "Print this, or the help of a command".into(),
                ToString::to_string,
            );
            let about = wrap(&about, width.saturating_sub(column));
            let about = about.join(&format!("\n{:column$}", ""));
            let gap = column - 2 - name.len();
            text += &format!("\n  {literal}{name}{literal:#}{:gap$}{about}", "");
        }
        text += "\n\n";
    }
    text
}

/// The command with the headings of its last text in the style of all headings.
fn with_headings(command: Command) -> Command {
    let Some(text) = command.get_after_help() else {
        return command;
    };
    let text = text.to_string();
    let styled = text.lines().map(|line| match line {
        line if HEADINGS.contains(&line) => heading(line),
        line => line.into(),
    });
    let styled: Vec<String> = styled.collect();
    command.after_help(styled.join("\n"))
}

fn heading(text: &str) -> String {
    let style = *Styles::styled().get_header();
    format!("{style}{text}{style:#}")
}
