//! What the debugging information of the user's units names: types, the tables of dynamic futures, the functions by which a
//! runtime runs a task, and variables that are pinned futures.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of what debugging information may say, some things are looked for"
)]

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use gimli::{AttributeValue, DebuggingInformationEntry, Dwarf, Operation, Unit};

use super::entries::{TypeId, reference, text, type_of};
use super::image::Reader;

/// Where a variable stands: so many bytes from the frame's base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    /// The stack pointer of the frame.
    Stack,
    /// Its base pointer.
    Pointer,
    /// The stack pointer of its caller.
    Caller,
}

/// A variable that may be a pinned future.
#[derive(Debug, Clone)]
pub(super) struct Pinned {
    pub(super) of: TypeId,
    /// Where it is alive: addresses of the file.
    pub(super) alive: Vec<Range<u64>>,
    pub(super) base: Base,
    pub(super) offset: i64,
}

/// What was found.
#[derive(Default)]
pub(super) struct Named {
    pub(super) types: HashMap<TypeId, Arc<str>>,
    pub(super) by_name: HashMap<Arc<str>, TypeId>,
    /// Tables of dynamic values, by address: what the value is.
    pub(super) tables: HashMap<u64, TypeId>,
    /// Functions with their addresses, by full name.
    pub(super) functions: Vec<(Arc<str>, u64)>,
    pub(super) pinned: Vec<Pinned>,
}

/// Where a pass is within a unit.
struct Pass<'d> {
    dwarf: &'d Dwarf<Reader>,
    unit: &'d Unit<Reader>,
    number: usize,
    /// The names around, with their depths.
    around: Vec<(isize, String)>,
    /// The base of the function around, and the blocks around, with their depths.
    base: Option<(isize, Base)>,
    blocks: Vec<(isize, Vec<Range<u64>>)>,
}

impl Named {
    pub(super) fn in_units(dwarf: &Dwarf<Reader>, units: &[Unit<Reader>]) -> Named {
        let mut found = Named::default();
        let mut tables = Vec::new();
        for (number, unit) in units.iter().enumerate() {
            let mut pass = Pass {
                dwarf,
                unit,
                number,
                around: Vec::new(),
                base: None,
                blocks: Vec::new(),
            };
            let mut entries = unit.entries();
            while let Ok(Some(entry)) = entries.next_dfs() {
                pass.see(entry, &mut found, &mut tables);
            }
        }
        for (address, table) in tables {
            let unit = units.get(table.0);
            let entry = unit.and_then(|unit| unit.entry(table.1).ok());
            let value = entry.and_then(|entry| reference(&entry, gimli::DW_AT_containing_type));
            if let Some(value) = value {
                found.tables.insert(address, (table.0, value));
            }
        }
        found
    }
}

impl Pass<'_> {
    fn see(
        &mut self,
        entry: &DebuggingInformationEntry<Reader>,
        found: &mut Named,
        tables: &mut Vec<(u64, TypeId)>,
    ) {
        let depth = entry.depth();
        self.around.retain(|(at, _)| *at < depth);
        self.blocks.retain(|(at, _)| *at < depth);
        self.base = self.base.filter(|(at, _)| *at < depth);
        match entry.tag() {
            gimli::DW_TAG_namespace => self.around.push((depth, self.name(entry))),
            gimli::DW_TAG_structure_type | gimli::DW_TAG_enumeration_type => {
                let full: Arc<str> = self.full(&self.name(entry)).into();
                let id = (self.number, entry.offset());
                found.by_name.entry(Arc::clone(&full)).or_insert(id);
                found.types.insert(id, full);
                self.around.push((depth, self.name(entry)));
            }
            gimli::DW_TAG_subprogram => self.function(entry, found),
            gimli::DW_TAG_lexical_block => {
                let ranges = self.ranges(entry);
                self.blocks.push((depth, ranges));
            }
            gimli::DW_TAG_variable | gimli::DW_TAG_formal_parameter => {
                self.variable(entry, found, tables);
            }
            _ => {}
        }
    }

    fn function(&mut self, entry: &DebuggingInformationEntry<Reader>, found: &mut Named) {
        let ranges = self.ranges(entry);
        let Some(first) = ranges.first() else {
            return;
        };
        let full = self.full(&self.name(entry));
        found.functions.push((full.into(), first.start));
        let base = match entry.attr_value(gimli::DW_AT_frame_base) {
            Some(AttributeValue::Exprloc(place)) => match place
                .operations(self.unit.encoding())
                .next()
            {
                Ok(Some(Operation::Register { register })) if register == gimli::X86_64::RSP => {
                    Some(Base::Stack)
                }
                Ok(Some(Operation::Register { register })) if register == gimli::X86_64::RBP => {
                    Some(Base::Pointer)
                }
                Ok(Some(Operation::CallFrameCFA)) => Some(Base::Caller),
                _ => None,
            },
            _ => None,
        };
        self.base = base.map(|base| (entry.depth(), base));
        self.blocks = vec![(entry.depth(), ranges)];
    }

    fn variable(
        &self,
        entry: &DebuggingInformationEntry<Reader>,
        found: &mut Named,
        tables: &mut Vec<(u64, TypeId)>,
    ) {
        let Some(AttributeValue::Exprloc(place)) = entry.attr_value(gimli::DW_AT_location) else {
            return;
        };
        let (Some(of), Ok(Some(first))) = (
            type_of(entry, self.number),
            place.operations(self.unit.encoding()).next(),
        ) else {
            return;
        };
        match first {
            Operation::Address { address } if self.name(entry).ends_with("::{vtable}") => {
                tables.push((address, of));
            }
            Operation::FrameOffset { offset } => {
                if let (Some((_, base)), Some((_, alive))) = (self.base, self.blocks.last()) {
                    let alive = alive.clone();
                    found.pinned.push(Pinned {
                        of,
                        alive,
                        base,
                        offset,
                    });
                }
            }
            _ => {}
        }
    }

    /// A name in the names around it.
    fn full(&self, name: &str) -> String {
        let mut full = String::new();
        for (_, part) in &self.around {
            full.push_str(part);
            full.push_str("::");
        }
        full.push_str(name);
        full
    }

    /// The name of an entry, or of what it completes.
    fn name(&self, entry: &DebuggingInformationEntry<Reader>) -> String {
        let own = entry.attr_value(gimli::DW_AT_name);
        let own = own.and_then(|name| self.dwarf.attr_string(self.unit, name).ok());
        if let Some(own) = own {
            return text(&own);
        }
        let of = reference(entry, gimli::DW_AT_specification);
        let of = of.or_else(|| reference(entry, gimli::DW_AT_abstract_origin));
        let entry = of.and_then(|of| self.unit.entry(of).ok());
        entry.map(|entry| self.name(&entry)).unwrap_or_default()
    }

    fn ranges(&self, entry: &DebuggingInformationEntry<Reader>) -> Vec<Range<u64>> {
        let mut found = Vec::new();
        if let Ok(mut ranges) = self.dwarf.die_ranges(self.unit, entry) {
            while let Ok(Some(range)) = ranges.next() {
                if range.begin < range.end {
                    found.push(range.begin..range.end);
                }
            }
        }
        found
    }
}
