//! What a terminal needs: style, wrapping, tables, moving lines, transcripts and timelines in text.

mod bars;
mod ci_escape;
mod entry;
pub(crate) mod follow_up;
mod frame;
pub(crate) mod grid;
pub(crate) mod layout;
mod live;
mod progress;
mod stamp;
pub(crate) mod style;
pub(crate) mod text;
mod timeline;
pub(crate) mod transcript;

#[cfg(test)]
mod golden;
#[cfg(test)]
pub(crate) mod sample;

pub use self::ci_escape::{CiEscape, Dialect};
pub use self::entry::entry;
pub use self::progress::{Chatter, Teller};
pub use self::stamp::StampWriter;
pub use self::style::TerminalStyle;
pub(crate) use self::text::wrap;
pub use self::timeline::timeline;
pub use self::transcript::{Transcript, transcript};
