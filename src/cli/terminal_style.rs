//! What the terminals behind stdout and stderr can show.

use std::os::fd::AsFd;

use anstream::AutoStream;
use anstream::stream::RawStream;
use clap::ColorChoice;

use crate::terminal::TerminalStyle;

/// The style of stdout.
#[must_use]
pub fn of_stdout(choice: ColorChoice) -> TerminalStyle {
    of_stream(choice, &std::io::stdout())
}

/// The style of stderr.
#[must_use]
pub fn of_stderr(choice: ColorChoice) -> TerminalStyle {
    of_stream(choice, &std::io::stderr())
}

fn of_stream<S: RawStream + AsFd>(choice: ColorChoice, stream: &S) -> TerminalStyle {
    let color = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        // This heeds NO_COLOR, CLICOLOR_FORCE, TERM=dumb, and whether the stream is a terminal.
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

/// The width of a stream in columns: COLUMNS, else that of its terminal; 0 if it has neither.
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

/// Whether the locale is UTF-8. As in the C library, the first of these variables that is not empty counts.
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
