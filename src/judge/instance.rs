//! An instance of a span: which start belongs to which end.

use super::events::Index;

/// One instance of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instance {
    /// The start.
    pub start: Index,
    /// The end; `@exit` if it never ended.
    pub end: Index,
    /// Whether it never ended.
    pub open: bool,
}

/// All instances of one kind of span.
pub type Instances = Vec<Instance>;
