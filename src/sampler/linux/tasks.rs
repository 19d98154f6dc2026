//! The tasks of a runtime, found in a program's memory.
//!
//! A task begins with a header that points to a table of the runtime's functions for its type. The tables stand in the
//! program's data, and name the function that polls; whatever in the heap points to one of them is a task.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use memchr::memmem;

use super::entries::TypeId;
use super::layouts::{Layout, Layouts};
use super::memory::{Mapping, Memory, mappings};
use crate::toolchain::TaskLayouts;

/// The most of the heap that is searched; bytes.
const SEARCHED: u64 = 256 << 20;
/// So much is read at once.
const PIECE: usize = 1 << 20;

/// A task that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Task {
    /// Its runtime's number for it.
    pub(super) id: u64,
    pub(super) address: u64,
    pub(super) cell: TypeId,
    /// Whether a thread polls it at this moment.
    pub(super) running: bool,
    /// Whether it is to be polled and waits for a thread.
    pub(super) ready: bool,
}

/// How to find tasks in one program.
pub(super) struct Finder {
    /// Tables, by address: the type of the tasks.
    tables: HashMap<u64, TypeId>,
    /// Where a header keeps its state and its table, and a table the place of the task's number.
    state_at: u64,
    table_at: u64,
    id_at: u64,
}

impl Finder {
    /// Of a program whose code is mapped `bias` above its file's addresses; `None` if its runtime is not known.
    pub(super) fn new(
        process: u32,
        program: &std::path::Path,
        layouts: &Layouts,
        memory: &Memory,
        bias: u64,
        view: &TaskLayouts,
    ) -> Option<Finder> {
        let header = offsets(layouts, view.header, ["state", "vtable"])?;
        let table = offsets(layouts, view.table, ["poll", "id_offset"])?;
        let polls = polls(layouts, bias, view);
        let range = range_of(&polls)?;
        let mut tables = HashMap::new();
        for mapping in mappings(process)
            .iter()
            .filter(|mapping| mapping.path == program && !mapping.executable)
        {
            for (address, word) in words(memory, mapping, &range) {
                if let Some(cell) = polls.get(&word) {
                    tables.insert(address.wrapping_sub(table[0]), *cell);
                }
            }
        }
        Some(Finder {
            tables,
            state_at: header[0],
            table_at: header[1],
            id_at: table[1],
        })
    }

    /// Searches the heap; `stacks` are addresses in the stacks of threads.
    pub(super) fn search(&self, process: u32, memory: &Memory, stacks: &[u64]) -> Vec<u64> {
        let Some(range) = range_of(&self.tables) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut searched = 0;
        for mapping in mappings(process) {
            let is_heap =
                mapping.path.as_os_str().is_empty() || mapping.path.as_os_str() == "[heap]";
            let is_stack = stacks.iter().any(|stack| mapping.addresses.contains(stack));
            if !mapping.writable || !is_heap || is_stack {
                continue;
            }
            searched += mapping.addresses.end - mapping.addresses.start;
            if searched > SEARCHED {
                break;
            }
            let words = words(memory, &mapping, &range).into_iter();
            let pointers = words.filter(|(_, word)| self.tables.contains_key(word));
            found.extend(pointers.map(|(address, _)| address.wrapping_sub(self.table_at)));
        }
        found
    }

    /// The task at an address, if one is still there and not over. What stands in memory that was given back has lost its
    /// state: an allocator keeps its own notes there.
    pub(super) fn task(&self, memory: &Memory, address: u64) -> Option<Task> {
        let word = |at: u64| memory.read(at, 8).try_into().ok().map(u64::from_le_bytes);
        let state = word(address + self.state_at)?;
        let table = word(address + self.table_at)?;
        let cell = *self.tables.get(&table)?;
        let owners = state >> OWNERS_FROM;
        if state & COMPLETE != 0 || owners == 0 || owners > MOST_OWNERS {
            return None;
        }
        Some(Task {
            id: word(address + word(table + self.id_at)?)?,
            address,
            cell,
            running: state & RUNNING != 0,
            ready: state & (RUNNING | NOTIFIED) == NOTIFIED,
        })
    }
}

/// Bits of a task's state, and where the number of its owners begins.
const RUNNING: u64 = 1;
const COMPLETE: u64 = 2;
const NOTIFIED: u64 = 4;
const OWNERS_FROM: u32 = 6;
/// More owners than any task has.
const MOST_OWNERS: u64 = 1 << 20;

/// The types of the tasks that each of the runtime's functions polls, by its address.
fn polls(layouts: &Layouts, bias: u64, view: &TaskLayouts) -> HashMap<u64, TypeId> {
    let named = layouts.named();
    let mut found = HashMap::new();
    for (name, address) in &named.functions {
        let Some(types) = name
            .strip_prefix(view.poll)
            .filter(|rest| rest.starts_with('<'))
        else {
            continue;
        };
        let cell = format!("{}{types}", view.cell);
        if let Some(cell) = named.by_name.get(cell.as_str()) {
            found.insert(address.wrapping_add(bias), *cell);
        }
    }
    found
}

/// Where a structure keeps some of its parts.
fn offsets(layouts: &Layouts, name: &str, parts: [&str; 2]) -> Option<[u64; 2]> {
    let of = *layouts.named().by_name.get(name)?;
    let layout = layouts.layout(of);
    let Layout::Structure { fields } = &*layout else {
        return None;
    };
    let offset = |part: &str| {
        fields
            .iter()
            .find(|field| &*field.name == part)
            .map(|field| field.offset)
    };
    Some([offset(parts[0])?, offset(parts[1])?])
}

/// From the least to the greatest of some addresses; `None` if there are none.
fn range_of(addresses: &HashMap<u64, TypeId>) -> Option<RangeInclusive<u64>> {
    let (least, most) = (addresses.keys().min()?, addresses.keys().max()?);
    Some(*least..=*most)
}

/// The words of a mapping that lie in a range, with their addresses.
///
/// Addresses in one program share their upper bytes: those are searched for, many at a time, and only where they stand is a
/// word looked at.
fn words(memory: &Memory, mapping: &Mapping, range: &RangeInclusive<u64>) -> Vec<(u64, u64)> {
    let (from, to) = (mapping.addresses.start, mapping.addresses.end);
    let mut found = Vec::new();
    for begin in (from..to).step_by(PIECE) {
        let length = usize::try_from(to - begin).unwrap_or(PIECE).min(PIECE);
        let bytes = memory.read(begin, length);
        let words = words_in(&bytes, range).into_iter();
        found.extend(words.map(|(at, word)| (begin + at as u64, word)));
    }
    found
}

/// The words of some bytes that lie in a range, with their places.
fn words_in(bytes: &[u8], range: &RangeInclusive<u64>) -> Vec<(usize, u64)> {
    let (least, most) = (range.start().to_le_bytes(), range.end().to_le_bytes());
    let shared = (0..8).rev().take_while(|at| least[*at] == most[*at]);
    let lower = 8 - shared.count();
    let upper = memmem::Finder::new(&most[lower..]);
    let mut found = Vec::new();
    let mut from = lower;
    while let Some(at) = bytes.get(from..).and_then(|rest| upper.find(rest)) {
        let word_at = from + at - lower;
        from += at + 1;
        let word = bytes.get(word_at..word_at + 8);
        let word = word.and_then(|word| word.try_into().ok());
        let word = word
            .map(u64::from_le_bytes)
            .filter(|word| range.contains(word));
        if let Some(word) = word
            && word_at % 8 == 0
        {
            found.push((word_at, word));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_word_of_a_range_is_found_and_no_other(
            words in prop::collection::vec(0_u64..0x30_0000, 0..200),
            (least, length) in (0_u64..0x30_0000, 0_u64..0x2_0000),
            odd in 0_usize..8,
        ) {
            let range = least..=least + length;
            let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            bytes.truncate(bytes.len().saturating_sub(odd));
            let naive = bytes.chunks_exact(8).enumerate().filter_map(|(n, word)| {
                let word = u64::from_le_bytes(word.try_into().ok()?);
                range.contains(&word).then_some((8 * n, word))
            });
            prop_assert_eq!(words_in(&bytes, &range), naive.collect::<Vec<_>>());
        }
    }
}
