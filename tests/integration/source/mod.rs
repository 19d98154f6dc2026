//! Reads this crate's own sources: how large they are, what shape they have, and which file imports which.

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
