//! Addresses of a stack as lines of source, and what they say a thread is doing.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::rc::Rc;

use super::image::Line;
use super::stack::{Code, Step};
use crate::probe_trace::Frame;
use crate::toolchain::FromOutside;

/// What a thread was seen doing.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) doing: Doing,
    /// Its frames, the outermost first: down to the innermost of the user's, and the first that this one calls.
    pub(super) stack: Rc<[Frame]>,
    /// What it waits for, as far as functions tell.
    pub(super) kind: &'static str,
    /// Whether the program's main function is over.
    pub(super) after_main: bool,
    /// Whether a runtime waits for it at its end.
    pub(super) is_kept: bool,
    /// Whether it is a runtime's thread that has no task to run.
    pub(super) is_idle: bool,
    /// Whether its task is made of several that run by turns.
    pub(super) is_shared: bool,
    pub(super) asleep: bool,
}

/// What tells one stay of a thread from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Nothing of the user's.
    Nothing,
    /// A step of a task, within a runtime that has others to run: which one.
    Step(u64),
    /// Something of the user's, on a thread of its own: where.
    Staying(u64),
}

/// The lines of addresses that were seen before, and what they are.
pub(super) struct Frames {
    view: &'static FromOutside,
    libraries: Vec<String>,
    known: HashMap<u64, Rc<[Known]>>,
}

/// A line of an address.
struct Known {
    frame: Frame,
    is_own: bool,
    /// Where a runtime runs a step of a task.
    steps: bool,
    /// Where a runtime runs what may take long.
    may_block: bool,
    after_main: bool,
    /// Where several futures of one task run by turns.
    shares: bool,
    /// Where a runtime waits for a task to run.
    idles: bool,
    kind: &'static str,
}

impl Frames {
    pub(super) fn new(view: &'static FromOutside) -> Frames {
        Frames {
            view,
            libraries: (view.libraries)(),
            known: HashMap::new(),
        }
    }

    /// What the names of files begin with that are not the user's own.
    pub(super) fn libraries(&self) -> &[String] {
        &self.libraries
    }

    /// Whether a file is one of a library or of the runtime.
    pub(super) fn is_of_library(&self, file: &str) -> bool {
        self.libraries
            .iter()
            .any(|library| file.starts_with(library.as_str()))
    }

    /// What a thread with this stack is doing. The innermost frame comes first.
    pub(super) fn seen(&mut self, code: &Code, steps: &[Step], asleep: bool) -> Seen {
        let lines: Vec<(Step, Rc<[Known]>)> = steps
            .iter()
            .map(|step| (*step, self.lines(code, step.counter)))
            .collect();
        let mut stack: Vec<&Known> = Vec::new();
        let mut stepping: Option<usize> = None;
        let mut own: Option<(usize, usize)> = None;
        let mut may_block = false;
        let mut is_shared = false;
        let outermost_first = lines.iter().enumerate().rev();
        for (at, (_, known)) in outermost_first {
            for line in known.iter().rev() {
                stack.push(line);
                if line.steps {
                    (stepping, may_block, is_shared) = (Some(at), false, false);
                    own = None;
                }
                may_block |= line.may_block;
                is_shared |= line.shares;
                if line.is_own {
                    own = Some((at, stack.len()));
                }
            }
        }
        let after_main = stack.iter().any(|line| line.after_main);
        let Some((at, depth)) = own else {
            let is_idle = stack.iter().any(|line| line.idles);
            return Seen::nothing(after_main, is_idle, asleep, path(&stack));
        };
        let called = stack.get(depth);
        let kind = stack[depth..]
            .iter()
            .map(|line| line.kind)
            .find(|kind| !kind.is_empty());
        let kind = kind.unwrap_or_default();
        let shown = match called {
            Some(_) if !(self.view.is_lock)(kind) => depth + 1,
            _ => depth,
        };
        let doing = match stepping {
            // Who waits for a lock is not at fault: its holder is.
            Some(runtime) if !may_block && !(self.view.is_lock)(kind) => {
                Doing::Step(identity(code, steps, runtime))
            }
            _ => Doing::Staying(place(&lines[at].0, stack[depth - 1], kind)),
        };
        Seen {
            doing,
            stack: path(&stack[..shown]),
            kind,
            after_main,
            is_kept: may_block,
            is_idle: false,
            is_shared,
            asleep,
        }
    }

    fn lines(&mut self, code: &Code, counter: u64) -> Rc<[Known]> {
        if let Some(known) = self.known.get(&counter) {
            return Rc::clone(known);
        }
        let placed = code.placed_at(counter);
        let lines = placed.map(|placed| placed.image.lines_at(counter.wrapping_sub(placed.bias)));
        let lines = lines.unwrap_or_default().into_iter();
        let known: Rc<[Known]> = lines.map(|line| self.known(line)).collect();
        self.known.insert(counter, Rc::clone(&known));
        known
    }

    fn known(&self, line: Line) -> Known {
        let view = self.view;
        let function = line.function.as_str();
        let says = |words: &[&str]| words.iter().any(|word| function.contains(word));
        let mut kinds = view.kinds.iter();
        Known {
            is_own: !line.file.is_empty() && !self.is_of_library(&line.file),
            steps: says(view.steps),
            may_block: says(view.may_block),
            after_main: says(view.after_main),
            shares: says(view.shares),
            idles: says(view.idles),
            kind: kinds
                .find(|(word, _)| function.contains(word))
                .map_or("", |(_, kind)| kind),
            frame: Frame {
                function: (view.plain_name)(function),
                file: line.file,
                line: line.line,
                activation: 0,
            },
        }
    }
}

impl Seen {
    fn nothing(after_main: bool, is_idle: bool, asleep: bool, stack: Rc<[Frame]>) -> Seen {
        Seen {
            doing: Doing::Nothing,
            stack,
            kind: "",
            after_main,
            is_kept: false,
            is_idle,
            is_shared: false,
            asleep,
        }
    }
}

fn path(stack: &[&Known]) -> Rc<[Frame]> {
    let named = stack.iter().filter(|line| !line.frame.file.is_empty());
    named.map(|line| line.frame.clone()).collect()
}

/// Which step of which task it is: the frames of a runtime keep the task, and do not change while it runs.
fn identity(code: &Code, steps: &[Step], runtime: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    let from = steps[runtime].stack;
    let to = steps.get(runtime + 1).map_or(from, |outer| outer.stack);
    let length = usize::try_from(to.saturating_sub(from))
        .unwrap_or(0)
        .min(4096);
    from.hash(&mut hasher);
    code.memory().read(from, length).hash(&mut hasher);
    hasher.finish()
}

/// One place: an activation of a function, and what it waits for.
fn place(step: &Step, line: &Known, kind: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (step.stack, &line.frame.function, kind).hash(&mut hasher);
    // What waits does so at one line; what computes goes from line to line.
    if !kind.is_empty() {
        line.frame.line.hash(&mut hasher);
    }
    hasher.finish()
}
