//! The expectations of a behaviour: the abstract syntax of the case language.
//!
//! One file for each group of kinds. A kind states what other modules ask of it once, as its [`Facts`].

mod exit;
mod expectation;
mod facts;
mod occurrence;
mod order;
mod spans;
mod time;
mod transcript;
mod values;

pub use super::amount::{Amount, Lengths, Numbers, Ratios};
pub use super::term::{Filter, Position, Term, Wanted};
pub use exit::ExitRule;
pub use expectation::{Expectation, ExpectationKind};
pub use facts::{Counted, Facts, Vacuity};
pub use occurrence::{CountEach, Never, Scope};
pub use order::{Order, Step};
pub use spans::{Quantity, Relation, Shape, Spans, Stand};
pub use time::{Bound, Distance, GapBound, Gaps, Rate, Within};
pub use transcript::Transcript;
pub use values::{Sequence, ValuesOf};
