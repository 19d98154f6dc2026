//! What `repro why` answers, for people and for programs. Decides nothing.

mod baseline;
mod course;
mod excerpt;
mod facts;
mod format;
mod github;
mod human;
mod json;
mod markdown;
mod page;
mod sarif;
mod shown;
mod write;

#[cfg(test)]
mod golden;

pub use baseline::take_out_known;
pub use format::AnswerFormat;
pub use shown::Shown;
pub use write::write;
