//! Reads this crate's own sources: how large they are, what shape they have, and which file imports which.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a syntax tree has many kinds of node, and each check is about a few"
)]

mod circles;
mod clock;
mod figures;
mod files;
mod flow;
mod functions;
mod imports;
mod languages;
mod lines;
mod public;
mod pure;
mod shape;
