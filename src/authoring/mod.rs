//! How cases come to be: a new one from a template, one from the output of any program, and some from an article.
//!
//! Each way takes a plain request, writes files, and returns what it made. It prints nothing.

mod article_place;
mod case_folder;
mod destination;
mod error;
mod import;
mod imported_case;
mod ledger;
mod neighbours;
mod new_case;
mod outputs;
mod record;
mod recorded_program;
mod trials;

pub use destination::Destination;
pub use error::AuthoringError;
pub use import::{LEDGER, first_difference, import};
pub use imported_case::place_of;
pub use ledger::{Entry, ListingChange, WhyLeftOut, line_range};
pub use neighbours::Neighbours;
pub use new_case::{create, known_languages, language};
pub use record::{RecordRequest, Recording, record};
