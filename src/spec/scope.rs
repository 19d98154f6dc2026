//! The parts of a case that its programs refer to.

use indexmap::IndexMap;

use super::names::Names;
use super::stand_in::Draft;
use crate::model::case::{EventKind, Label, StandIn};

/// The parts of a case that its programs refer to.
pub(crate) struct Scope<'a> {
    /// What the case's own stand-in states.
    pub(crate) draft: Option<&'a Draft>,
    /// The case's own stand-in.
    pub(crate) stand_in: Option<&'a StandIn>,
    /// All names of the case.
    pub(crate) names: &'a Names,
    /// The events of the case.
    pub(crate) events: &'a IndexMap<Label, EventKind>,
}
