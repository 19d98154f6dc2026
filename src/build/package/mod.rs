//! One call of a package manager for all programs of a toolchain, so that the dependencies they share are compiled
//! once and kept. Cargo is the only package manager so far.

mod call;
mod files;
mod messages;

pub(super) use call::{build, by_hand};
pub(super) use files::write;
