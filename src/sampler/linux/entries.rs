//! Entries of debugging information, and what they refer to.

use std::borrow::Cow;

use gimli::{AttributeValue, DebuggingInformationEntry, Reader as _, UnitOffset};

use super::image::Reader;

/// A type: the unit that describes it, and where.
pub(super) type TypeId = (usize, UnitOffset);

/// The type that an entry is of.
pub(super) fn type_of(entry: &DebuggingInformationEntry<Reader>, unit: usize) -> Option<TypeId> {
    Some((unit, reference(entry, gimli::DW_AT_type)?))
}

/// Another entry of the same unit.
pub(super) fn reference(
    entry: &DebuggingInformationEntry<Reader>,
    name: gimli::DwAt,
) -> Option<UnitOffset> {
    let AttributeValue::UnitRef(offset) = entry.attr_value(name)? else {
        return None;
    };
    Some(offset)
}

/// The text of a section's string.
pub(super) fn text(string: &Reader) -> String {
    let text = string.to_string_lossy().map(Cow::into_owned);
    text.unwrap_or_default()
}
