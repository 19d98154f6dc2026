//! What the reader's side of stdout and stderr can show.

use std::os::fd::AsFd;

use anstream::AutoStream;
use anstream::stream::RawStream;
use clap::ColorChoice;

use crate::terminal::TerminalStyle;

/// The look of stdout.
#[must_use]
pub fn of_stdout(choice: ColorChoice) -> TerminalStyle {
    of_stream(choice, &std::io::stdout())
}

/// The look of stderr.
#[must_use]
pub fn of_stderr(choice: ColorChoice) -> TerminalStyle {
    of_stream(choice, &std::io::stderr())
}

fn of_stream<S: RawStream + AsFd>(choice: ColorChoice, stream: &S) -> TerminalStyle {
    let color = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        // NO_COLOR, CLICOLOR_FORCE, TERM=dumb and the terminal itself have their say.
        ColorChoice::Auto => AutoStream::choice(stream) != anstream::ColorChoice::Never,
    };
    let terminal = stream.is_terminal();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let width = if terminal {
        columns(stream)
    } else {
        TerminalStyle::PLAIN.width
    };
    TerminalStyle {
        width,
        color,
        unicode: speaks_utf8() && !(terminal && dumb),
        terminal,
    }
}

/// The columns of a stream: those that COLUMNS says, else its terminal's; 0 if there is neither.
pub(super) fn columns(stream: impl AsFd) -> usize {
    let said = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    said.or_else(|| {
        rustix::termios::tcgetwinsize(stream)
            .ok()
            .map(|size| usize::from(size.ws_col))
    })
    .unwrap_or(0)
}

/// By the locale, as the C library reads it: the first of these that is set and not empty.
fn speaks_utf8() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
