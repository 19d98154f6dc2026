//! The layouts of a program's types, as its debugging information has them: enough to read futures that wait out of memory.
//!
//! A compiled `async fn` is a structure with a state and, for each state, the variables that are alive in it; among those of
//! a state that waits is what it waits for, and its variant names the line.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of what debugging information may say, some things are looked for"
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use gimli::{AttributeValue, DebuggingInformationEntry, Dwarf, Unit};

use super::entries::{TypeId, reference, text, type_of};
use super::image::Reader;
use super::named::{Named, Pinned};

/// A part of a structure.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: Arc<str>,
    pub(super) offset: u64,
    pub(super) of: TypeId,
}

/// One state, or one case of an enumeration.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// `None` for the one that all other values mean.
    pub(super) value: Option<u64>,
    pub(super) part: Field,
    pub(super) file: Arc<str>,
    pub(super) line: u32,
}

/// How a type lies in memory.
#[derive(Debug, Clone)]
pub(super) enum Layout {
    Structure {
        fields: Vec<Field>,
    },
    /// Which variant it is stands at an offset, in so many bytes.
    Variants {
        tag: (u64, u64),
        variants: Vec<Variant>,
        is_future: bool,
    },
    Pointer(TypeId),
    Array(TypeId, u64),
    Other,
}

/// The types of a program's own units.
pub(super) struct Layouts {
    dwarf: Arc<Dwarf<Reader>>,
    units: Vec<Unit<Reader>>,
    named: Named,
    known: RefCell<HashMap<TypeId, Arc<Layout>>>,
}

impl Layouts {
    /// Of the units that `is_own` says are of the user's code, by their names.
    pub(super) fn new(dwarf: Arc<Dwarf<Reader>>, is_own: impl Fn(&str) -> bool) -> Layouts {
        let mut units = Vec::new();
        let mut headers = dwarf.units();
        while let Ok(Some(header)) = headers.next() {
            let Ok(unit) = dwarf.unit(header) else {
                continue;
            };
            let name = unit.name.as_ref().map(text).unwrap_or_default();
            if is_own(&name) {
                units.push(unit);
            }
        }
        let named = Named::in_units(&dwarf, &units);
        Layouts {
            dwarf,
            units,
            named,
            known: RefCell::new(HashMap::new()),
        }
    }

    /// What was found by name.
    pub(super) fn named(&self) -> &Named {
        &self.named
    }

    /// The full name of a type.
    pub(super) fn name(&self, of: TypeId) -> Arc<str> {
        self.named
            .types
            .get(&of)
            .cloned()
            .unwrap_or_else(|| Arc::from(""))
    }

    /// The size of a type in bytes; 0 if it has none.
    pub(super) fn size(&self, of: TypeId) -> u64 {
        let size = self
            .entry(of)
            .and_then(|entry| entry.attr_value(gimli::DW_AT_byte_size)?.udata_value());
        match &*self.layout(of) {
            Layout::Pointer(_) => 8,
            Layout::Array(of, times) => self.size(*of) * times,
            _ => size.unwrap_or(0),
        }
    }

    /// The variables that are pinned futures.
    pub(super) fn pinned(&self) -> impl Iterator<Item = &Pinned> {
        let of_futures =
            |pinned: &&Pinned| self.name(pinned.of).starts_with("core::pin::Pin<&mut ");
        self.named.pinned.iter().filter(of_futures)
    }

    /// How a type lies in memory.
    pub(super) fn layout(&self, of: TypeId) -> Arc<Layout> {
        if let Some(known) = self.known.borrow().get(&of) {
            return Arc::clone(known);
        }
        let layout = Arc::new(self.read(of).unwrap_or(Layout::Other));
        self.known.borrow_mut().insert(of, Arc::clone(&layout));
        layout
    }

    fn entry(&self, of: TypeId) -> Option<DebuggingInformationEntry<Reader>> {
        self.units.get(of.0)?.entry(of.1).ok()
    }

    fn read(&self, of: TypeId) -> Option<Layout> {
        let entry = self.entry(of)?;
        match entry.tag() {
            gimli::DW_TAG_pointer_type | gimli::DW_TAG_reference_type => {
                Some(Layout::Pointer(type_of(&entry, of.0)?))
            }
            gimli::DW_TAG_typedef => Some((*self.layout(type_of(&entry, of.0)?)).clone()),
            gimli::DW_TAG_array_type => {
                let times = self
                    .children(of)?
                    .into_iter()
                    .find_map(|(_, child)| child.attr_value(gimli::DW_AT_count)?.udata_value());
                Some(Layout::Array(type_of(&entry, of.0)?, times?))
            }
            gimli::DW_TAG_structure_type => self.structure(of),
            _ => None,
        }
    }

    /// What a description consists of, with the depth of each part.
    fn children(&self, of: TypeId) -> Option<Vec<(isize, DebuggingInformationEntry<Reader>)>> {
        let unit = self.units.get(of.0)?;
        let mut entries = unit.entries_at_offset(of.1).ok()?;
        let mut found = Vec::new();
        entries.next_dfs().ok()??;
        while let Ok(Some(entry)) = entries.next_dfs() {
            if entry.depth() <= 0 {
                break;
            }
            found.push((entry.depth(), entry.clone()));
        }
        Some(found)
    }

    fn structure(&self, of: TypeId) -> Option<Layout> {
        let mut fields = Vec::new();
        let mut variants: Vec<Variant> = Vec::new();
        let mut tag_at = None;
        let mut tag = None;
        let mut value = None;
        let mut within = (0, gimli::DW_TAG_null);
        for (depth, entry) in self.children(of)? {
            match (depth, entry.tag()) {
                (1, gimli::DW_TAG_member) => fields.extend(self.field(&entry, of.0)),
                (1, gimli::DW_TAG_variant_part) => {
                    tag_at = reference(&entry, gimli::DW_AT_discr);
                }
                (2, gimli::DW_TAG_member) if tag_at == Some(entry.offset()) => {
                    let field = self.field(&entry, of.0)?;
                    tag = Some((field.offset, self.size(field.of).clamp(1, 8)));
                }
                (2, gimli::DW_TAG_variant) => {
                    let given = entry.attr_value(gimli::DW_AT_discr_value);
                    value = given.and_then(|given| given.udata_value());
                }
                (3, gimli::DW_TAG_member) if within.1 != gimli::DW_TAG_structure_type => {
                    variants.extend(self.variant(&entry, of.0, value));
                }
                _ => {}
            }
            if depth == 1 || depth == 2 {
                within = (depth, entry.tag());
            }
        }
        let name = self.name(of);
        let bare = name.split('<').next().unwrap_or_default();
        let is_future = bare
            .rsplit("::")
            .next()
            .is_some_and(|last| last.starts_with("{async_"));
        Some(match tag {
            _ if variants.is_empty() => Layout::Structure { fields },
            Some(tag) => Layout::Variants {
                tag,
                variants,
                is_future,
            },
            // There is one variant alone, which needs no tag.
            None => Layout::Structure {
                fields: variants.into_iter().map(|variant| variant.part).collect(),
            },
        })
    }

    fn variant(
        &self,
        entry: &DebuggingInformationEntry<Reader>,
        unit: usize,
        value: Option<u64>,
    ) -> Option<Variant> {
        let number = |name| entry.attr_value(name)?.udata_value();
        let file = match entry.attr_value(gimli::DW_AT_decl_file) {
            Some(AttributeValue::FileIndex(file)) => self.file(unit, file),
            Some(value) => value.udata_value().and_then(|file| self.file(unit, file)),
            None => None,
        };
        Some(Variant {
            value,
            part: self.field(entry, unit)?,
            file: file.unwrap_or_default().into(),
            line: u32::try_from(number(gimli::DW_AT_decl_line).unwrap_or(0)).ok()?,
        })
    }

    fn field(&self, entry: &DebuggingInformationEntry<Reader>, unit: usize) -> Option<Field> {
        let name = entry.attr_value(gimli::DW_AT_name);
        let name = name.and_then(|name| self.dwarf.attr_string(&self.units[unit], name).ok());
        Some(Field {
            name: name.map(|name| text(&name)).unwrap_or_default().into(),
            offset: entry
                .attr_value(gimli::DW_AT_data_member_location)?
                .udata_value()?,
            of: type_of(entry, unit)?,
        })
    }

    /// The path of a file that a unit names by number.
    fn file(&self, unit: usize, number: u64) -> Option<String> {
        let unit = self.units.get(unit)?;
        let header = unit.line_program.as_ref()?.header();
        let file = header.file(number)?;
        let part = |value| {
            self.dwarf
                .attr_string(unit, value)
                .ok()
                .map(|part| text(&part))
        };
        let folder = file.directory(header).and_then(part).unwrap_or_default();
        let name = part(file.path_name())?;
        let of_unit = unit.comp_dir.as_ref().map(text).unwrap_or_default();
        let path = std::path::Path::new(&of_unit).join(folder).join(name);
        Some(path.to_string_lossy().into_owned())
    }
}

/// Whether an address is in one of these.
pub(super) fn holds(ranges: &[Range<u64>], address: u64) -> bool {
    ranges.iter().any(|range| range.contains(&address))
}
