//! What `repro why` answers, for people and for programs. Decides nothing.

mod format;
mod human;
mod json;
mod shown;
mod write;

pub use format::AnswerFormat;
pub use shown::Shown;
pub use write::write;
