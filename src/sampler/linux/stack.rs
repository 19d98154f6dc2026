//! The stacks of a process's threads, as addresses.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use framehop::x86_64::{CacheX86_64, Reg, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{FrameAddress, Unwinder as _};

use super::image::{Bytes, Image};
use super::memory::{Mapping, Memory, mappings};
use super::stop::Registers;

/// How much of a stack is read at once; bytes.
const WINDOW: usize = 32 << 10;
/// The most frames of a stack.
const DEEPEST: usize = 400;
/// How far above the innermost frame a saved base pointer is looked for; bytes.
const NEAR: u64 = 4 << 10;

/// In the place of a base pointer that is not known: nothing can be read there, and zero would end a stack.
const UNKNOWN: u64 = 1;
/// So many frames beyond the one that needs it show that a base pointer is the right one.
const ENOUGH: usize = 4;

/// One frame, and where its part of the stack ends; the innermost comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// An address within the call that it is at.
    pub(super) counter: u64,
    /// Its stack pointer.
    pub(super) stack: u64,
    /// Its base pointer.
    pub(super) base: u64,
}

/// An image where it is mapped.
pub(super) struct Placed {
    pub(super) addresses: Range<u64>,
    pub(super) bias: u64,
    pub(super) image: Rc<Image>,
}

/// The code of a process, and how to unwind it.
pub(super) struct Code {
    process: u32,
    memory: Memory,
    unwinder: UnwinderX86_64<Bytes>,
    placed: Vec<Placed>,
    known: HashMap<PathBuf, Option<Rc<Image>>>,
}

/// A stack that is being unwound.
struct Window<'m> {
    memory: &'m Memory,
    begin: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    fn word(&self, address: u64) -> Option<u64> {
        let within = address
            .checked_sub(self.begin)
            .and_then(|at| usize::try_from(at).ok());
        let bytes = within.and_then(|at| self.bytes.get(at..at.checked_add(8)?));
        let word = match bytes {
            Some(bytes) => bytes.try_into().ok()?,
            None => self.memory.read(address, 8).try_into().ok()?,
        };
        Some(u64::from_le_bytes(word))
    }
}

impl Code {
    /// Of a process, as it is mapped now.
    pub(super) fn of(process: u32) -> Option<Code> {
        let mut code = Code {
            process,
            memory: Memory::open(process).ok()?,
            unwinder: UnwinderX86_64::new(),
            placed: Vec::new(),
            known: HashMap::new(),
        };
        code.refresh();
        Some(code)
    }

    /// The image of a file that is mapped.
    pub(super) fn image_of(&self, path: &Path) -> Option<Rc<Image>> {
        self.known.get(path)?.clone()
    }

    /// What is to be added to the addresses of a file that is mapped.
    pub(super) fn bias_of(&self, path: &Path) -> Option<u64> {
        let image = self.image_of(path)?;
        let mut placed = self.placed.iter();
        Some(
            placed
                .find(|placed| Rc::ptr_eq(&placed.image, &image))?
                .bias,
        )
    }

    /// The memory of the process.
    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Looks again at what is mapped: libraries may have been loaded.
    pub(super) fn refresh(&mut self) {
        for mapping in mappings(self.process) {
            let is_known = self
                .placed
                .iter()
                .any(|placed| placed.addresses == mapping.addresses);
            if mapping.executable && mapping.path.is_absolute() && !is_known {
                self.place(mapping);
            }
        }
    }

    fn place(&mut self, mapping: Mapping) {
        let read = || Image::read(&mapping.path).map(Rc::new);
        let image = self.known.entry(mapping.path.clone()).or_insert_with(read);
        let Some(image) = image.clone() else {
            return;
        };
        let Some(bias) = image.bias(mapping.offset, mapping.addresses.start) else {
            return;
        };
        let name = mapping.path.to_string_lossy().into_owned();
        self.unwinder
            .add_module(image.module(name, mapping.addresses.clone(), bias));
        self.placed.push(Placed {
            addresses: mapping.addresses,
            bias,
            image,
        });
    }

    /// The image that an address belongs to.
    pub(super) fn placed_at(&self, address: u64) -> Option<&Placed> {
        self.placed
            .iter()
            .find(|placed| placed.addresses.contains(&address))
    }

    /// The frames of a thread whose registers are known.
    pub(super) fn stack(&self, at: Registers) -> Vec<Step> {
        let window = self.window(at.stack);
        let regs = UnwindRegsX86_64::new(at.counter, at.stack, at.base);
        self.unwind(&window, at.counter, regs, true).0
    }

    /// The frames of a thread that sleeps: its base pointer is not known, and where a frame needs it, it is looked for in the
    /// stack, where a caller has left its own.
    pub(super) fn sleeping_stack(&self, counter: u64, stack: u64) -> Vec<Step> {
        let window = self.window(stack);
        let regs = UnwindRegsX86_64::new(counter, stack, UNKNOWN);
        let (mut steps, end) = self.unwind(&window, counter, regs, true);
        let Err(stuck) = end else {
            return steps;
        };
        let sp = stuck.get(Reg::RSP);
        let mut longest = Vec::new();
        for base in (sp..sp + NEAR).step_by(8) {
            let returns_to = window.word(base + 8).unwrap_or(0);
            if self.placed_at(returns_to).is_none() {
                continue;
            }
            let mut regs = stuck;
            regs.set(Reg::RBP, base);
            let is_first = steps.len() == 1;
            let (more, end) = self.unwind(&window, stuck.ip(), regs, is_first);
            let is_whole = end.is_ok() && more.len() >= ENOUGH;
            if is_whole || more.len() > longest.len() {
                longest = more;
            }
            if is_whole {
                break;
            }
        }
        steps.pop();
        steps.extend(longest);
        steps
    }

    fn window(&self, stack: u64) -> Window<'_> {
        Window {
            memory: &self.memory,
            begin: stack,
            bytes: self.memory.read(stack, WINDOW),
        }
    }

    /// The frames from here on, and the registers of the last one if that is not the outermost.
    fn unwind(
        &self,
        window: &Window<'_>,
        counter: u64,
        mut regs: UnwindRegsX86_64,
        is_first: bool,
    ) -> (Vec<Step>, Result<(), UnwindRegsX86_64>) {
        let mut cache = CacheX86_64::new();
        let mut read = |address: u64| window.word(address).ok_or(());
        let mut steps = Vec::new();
        let mut address = match is_first {
            true => Some(FrameAddress::from_instruction_pointer(counter)),
            false => FrameAddress::from_return_address(counter),
        };
        while let Some(here) = address {
            let before = regs;
            steps.push(Step {
                counter: here.address_for_lookup(),
                stack: regs.sp(),
                base: regs.bp(),
            });
            if steps.len() == DEEPEST {
                return (steps, Ok(()));
            }
            match self
                .unwinder
                .unwind_frame(here, &mut regs, &mut cache, &mut read)
            {
                Ok(Some(next)) if self.placed_at(next).is_some() => {
                    address = FrameAddress::from_return_address(next);
                }
                Ok(None) => return (steps, Ok(())),
                Ok(Some(_)) | Err(_) => {
                    let mut stuck = before;
                    stuck.set_ip(here.address());
                    return (steps, Err(stuck));
                }
            }
        }
        (steps, Ok(()))
    }
}
