//! Trials over time as SVG: a file of its own, or a part of the page. Text in it is escaped and acts on nothing; how it
//! is coloured is left to style sheets, which know light from dark.

mod draw;
mod picture;

pub(super) use self::draw::draw;
pub(crate) use self::picture::{COLOURS, STYLE};
pub use self::picture::{SVG, svg};
