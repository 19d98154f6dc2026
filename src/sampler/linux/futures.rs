//! Futures that wait, read out of a program's memory: from the one that a runtime polls down to what the innermost waits for.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

use super::entries::TypeId;
use super::layouts::{Field, Layout, Layouts, Variant};
use super::memory::Memory;
use crate::probe_trace::Frame;
use crate::toolchain::TaskLayouts;

/// The most parts that are looked at for one future, and how deep.
const PARTS: u32 = 20_000;
const DEEPEST: u32 = 60;
/// The most elements of a list, and bytes of one future.
const ELEMENTS: u64 = 256;
const LARGEST: u64 = 1 << 20;
/// A future that was not polled yet, that is over, and that panicked.
const UNSTARTED: u64 = 0;
const OVER: [u64; 2] = [1, 2];

/// One `async fn` or block that waits.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) address: u64,
    pub(super) of: TypeId,
    pub(super) frame: Frame,
    /// What its own variables look like, and where it is.
    pub(super) looks: u64,
    /// The locks that it holds, as far as its variables tell.
    pub(super) holds: Vec<u64>,
    /// Its own variables, as they lie in memory.
    pub(super) own: Vec<u8>,
    /// The lock or limit that it is a part of waiting for.
    pub(super) takes: Option<Taken>,
    pub(super) on: Vec<Found>,
}

/// A lock that is waited for, and how many it lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) lock: u64,
    pub(super) size: u64,
}

/// What a future waits for.
#[derive(Debug, Clone)]
pub(super) enum Found {
    Future(Waiting),
    /// Something of a library's: its name, and where it is.
    Leaf {
        kind: Rc<str>,
        address: u64,
        points_to: u64,
    },
}

/// Reads futures of one process.
pub(super) struct Walk<'w> {
    pub(super) layouts: &'w Layouts,
    pub(super) memory: &'w Memory,
    /// What is to be added to the file's addresses.
    pub(super) bias: u64,
    pub(super) view: &'static TaskLayouts,
    parts: Cell<u32>,
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        layouts: &'w Layouts,
        memory: &'w Memory,
        bias: u64,
        view: &'static TaskLayouts,
    ) -> Walk<'w> {
        Walk {
            layouts,
            memory,
            bias,
            view,
            parts: Cell::new(0),
        }
    }

    /// The futures in a value.
    pub(super) fn futures(&self, of: TypeId, address: u64) -> Vec<Found> {
        self.parts.set(0);
        let mut found = Vec::new();
        self.visit(of, address, 0, &mut found);
        found
    }

    fn visit(&self, of: TypeId, address: u64, depth: u32, found: &mut Vec<Found>) {
        self.parts.set(self.parts.get() + 1);
        if depth > DEEPEST || self.parts.get() > PARTS || address == 0 {
            return;
        }
        let name = self.layouts.name(of);
        if let Some((_, kind)) = self
            .view
            .leaves
            .iter()
            .find(|(begin, _)| name.starts_with(begin))
        {
            let points_to = self.word(address);
            return found.push(Found::Leaf {
                kind: Rc::from(*kind),
                address,
                points_to,
            });
        }
        match &*self.layouts.layout(of) {
            Layout::Variants {
                tag,
                variants,
                is_future,
            } => {
                let value = self.number(address + tag.0, tag.1);
                let Some(variant) = chosen(variants, value) else {
                    return;
                };
                match is_future {
                    true if value == UNSTARTED => found.push(Found::Leaf {
                        kind: Rc::from("start"),
                        address,
                        points_to: 0,
                    }),
                    true if OVER.contains(&value) => {}
                    true => found.extend(self.waiting(of, address, variant, depth)),
                    false => self.visit(
                        variant.part.of,
                        address + variant.part.offset,
                        depth + 1,
                        found,
                    ),
                }
            }
            Layout::Structure { fields } => self.structure(&name, fields, address, depth, found),
            Layout::Pointer(to) => {
                if self.may_hold_future(*to) {
                    self.visit(*to, self.word(address), depth + 1, found);
                }
            }
            Layout::Array(of, times) => self.each(*of, address, *times, depth, found),
            Layout::Other => {}
        }
    }

    fn structure(
        &self,
        name: &str,
        fields: &[Field],
        address: u64,
        depth: u32,
        found: &mut Vec<Found>,
    ) {
        let named = |name: &str| fields.iter().find(|field| &*field.name == name);
        if let (Some(data), Some(length)) = (named("data_ptr"), named("length")) {
            if let Layout::Pointer(of) = &*self.layouts.layout(data.of) {
                let times = self.word(address + length.offset);
                self.each(*of, self.word(address + data.offset), times, depth, found);
            }
            return;
        }
        if let (Some(data), Some(table)) = (named("pointer"), named("vtable")) {
            let table = self.word(address + table.offset).wrapping_sub(self.bias);
            if let Some(of) = self.layouts.named().tables.get(&table) {
                self.visit(*of, self.word(address + data.offset), depth + 1, found);
            }
            return;
        }
        // What several own is no part of any of them.
        if name.starts_with("alloc::sync::") || name.starts_with("alloc::rc::") {
            return;
        }
        for field in fields {
            self.visit(field.of, address + field.offset, depth + 1, found);
        }
    }

    fn each(&self, of: TypeId, address: u64, times: u64, depth: u32, found: &mut Vec<Found>) {
        if !self.may_hold_future(of) {
            return;
        }
        let size = self.layouts.size(of);
        for turn in 0..times.min(ELEMENTS) {
            self.visit(of, address + turn * size, depth + 1, found);
        }
    }

    /// Whether a future of the user's may be in a type, by its name.
    fn may_hold_future(&self, of: TypeId) -> bool {
        let name = self.layouts.name(of);
        let is_shared = name.starts_with("alloc::sync::") || name.starts_with("alloc::rc::");
        let may =
            name.contains("{async_") || name.contains("dyn ") || name.contains("{closure_env");
        may && !is_shared && !name.starts_with(self.view.cell)
    }

    fn waiting(&self, of: TypeId, address: u64, variant: &Variant, depth: u32) -> Option<Found> {
        let size = self.layouts.size(of);
        if size > LARGEST {
            return None;
        }
        let name = self.layouts.name(of);
        let layout = self.layouts.layout(variant.part.of);
        let Layout::Structure { fields } = &*layout else {
            return None;
        };
        let at = address + variant.part.offset;
        let awaited = fields.iter().find(|field| &*field.name == "__awaitee");
        let mut on = Vec::new();
        if let Some(field) = awaited {
            self.visit(field.of, at + field.offset, depth + 1, &mut on);
        }
        let own = self.own(address, size, variant, awaited);
        Some(Found::Future(Waiting {
            address,
            of,
            frame: Frame {
                file: variant.file.to_string(),
                line: variant.line,
                function: (self.view.plain_name)(&name),
                activation: 0,
            },
            looks: looks(variant.value, &own),
            own,
            holds: fields
                .iter()
                .filter_map(|field| self.guarded(field, at))
                .collect(),
            takes: self.taken(&name, fields, at),
            on,
        }))
    }

    /// A future's own variables, without what it waits for.
    fn own(&self, address: u64, size: u64, variant: &Variant, awaited: Option<&Field>) -> Vec<u8> {
        let mut bytes = self
            .memory
            .read(address, usize::try_from(size).unwrap_or(0));
        if let Some(field) = awaited {
            let from = usize::try_from(variant.part.offset + field.offset).unwrap_or(0);
            let length = usize::try_from(self.layouts.size(field.of)).unwrap_or(0);
            if let Some(part) = bytes.get_mut(from..from.saturating_add(length)) {
                part.fill(0);
            }
        }
        bytes
    }

    /// The lock that a variable keeps, if it is a guard.
    fn guarded(&self, field: &Field, at: u64) -> Option<u64> {
        let name = self.layouts.name(field.of);
        let is_guard = self.view.guards.iter().any(|begin| name.starts_with(begin));
        is_guard
            .then(|| self.first_pointer(field.of, at + field.offset))
            .flatten()
    }

    fn first_pointer(&self, of: TypeId, address: u64) -> Option<u64> {
        match &*self.layouts.layout(of) {
            Layout::Pointer(_) => Some(self.word(address)),
            Layout::Structure { fields } => fields
                .iter()
                .find_map(|field| self.first_pointer(field.of, address + field.offset)),
            Layout::Variants { .. } | Layout::Array(..) | Layout::Other => None,
        }
    }

    fn taken(&self, name: &str, fields: &[Field], at: u64) -> Option<Taken> {
        let mut known = self.view.takes.iter();
        let known = known.find(|one| name.starts_with(one.begin) && name.contains(one.method))?;
        let own = |field: &&Field| &*field.name == "self" || &*field.name == "_ref__self";
        let field = fields.iter().find(own)?;
        let lock = self.first_pointer(field.of, at + field.offset)?;
        let within = self.offset_behind(field.of, known.guarded_by);
        Some(Taken {
            lock: lock + within.unwrap_or(0),
            size: known.size,
        })
    }

    /// Where a field lies in what a pointer points to.
    fn offset_behind(&self, pointer: TypeId, name: &str) -> Option<u64> {
        let Layout::Pointer(of) = &*self.layouts.layout(pointer) else {
            return None;
        };
        let Layout::Structure { fields } = &*self.layouts.layout(*of) else {
            return None;
        };
        let field = fields.iter().find(|field| &*field.name == name)?;
        Some(field.offset)
    }

    fn word(&self, address: u64) -> u64 {
        self.number(address, 8)
    }

    fn number(&self, address: u64, length: u64) -> u64 {
        let mut word = [0; 8];
        let bytes = self
            .memory
            .read(address, usize::try_from(length).unwrap_or(8).min(8));
        word[..bytes.len()].copy_from_slice(&bytes);
        u64::from_le_bytes(word)
    }
}

fn looks(state: Option<u64>, own: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (state, own).hash(&mut hasher);
    hasher.finish()
}

/// The variant that a value means.
fn chosen(variants: &[Variant], value: u64) -> Option<&Variant> {
    let mut known = variants.iter();
    let exact = known.find(|variant| variant.value == Some(value));
    exact.or_else(|| variants.iter().find(|variant| variant.value.is_none()))
}
