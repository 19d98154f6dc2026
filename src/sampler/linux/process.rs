//! One process that is watched: its threads, look by look.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, TryRecvError};
use std::thread;
use std::time::Duration;

use gimli::Dwarf;

use super::awaits::{Awaits, Look, Root};
use super::frames::Frames;
use super::image::{Image, Reader};
use super::layouts::Layouts;
use super::place::Place;
use super::rows::Rows;
use super::stack::{Code, Step};
use super::stop::{Held, NotStopped, registers};
use super::tree::{Asleep, Scheduled, ThreadFiles, thread_name, threads};
use crate::clock::Clock;
use crate::model::answer::Cause;
use crate::probe_trace::{Event, Incapable};
use crate::sampler::watched::Watch;
use crate::toolchain::{FromOutside, RECIPES};

/// How long a program's main thread is held for its layouts to be read, at most. Without optimisation, as in tests, that takes
/// several times as long.
const HELD: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 120 });

const WITHOUT_TYPES: &str =
    "this program was built without descriptions of its types: build it with `debug = true`";

/// A process of a language that is seen from outside.
pub(super) struct Watched {
    clock: Clock,
    process: u32,
    code: Code,
    frames: Frames,
    rows: Rows,
    threads: HashMap<u32, Thread>,
    /// The futures of its tasks; `None` if their layouts are not known.
    awaits: Option<Awaits>,
    /// Where they come from, if it takes long to read them.
    pending: Option<Receiver<Layouts>>,
    view: &'static FromOutside,
    program: PathBuf,
    /// How often anything went on until the last look.
    progress: u64,
    /// What threads that may block have used since the last look; nanoseconds.
    used_ns: u64,
    /// Whether the system refuses to stop its threads, which has been told.
    refused: bool,
    told: bool,
}

struct Thread {
    name: String,
    files: ThreadFiles,
    scheduled: Scheduled,
    asleep: Option<Asleep>,
    place: Option<Place>,
    /// The future that it polls to its end.
    root: Option<Root>,
    /// An address of its stack.
    stack: u64,
}

impl Watched {
    /// A process, if it is of a language that is seen from outside, was built with line tables, and is not a tool that builds
    /// programs.
    pub(super) fn new(watch: &Watch<'_>, process: u32, program: &Path) -> Option<Watched> {
        if is_tool(program) {
            return None;
        }
        let code = Code::of(process)?;
        let image = code.image_of(program)?;
        let (language, view) = language_of(&image.made_by)?;
        image.lines.as_ref()?;
        let frames = Frames::new(view);
        let rows = Rows::create(watch.rows, process)?;
        let mut watched = Watched {
            clock: watch.clock,
            process,
            code,
            frames,
            rows,
            threads: HashMap::new(),
            awaits: None,
            pending: None,
            view,
            program: program.into(),
            used_ns: 0,
            progress: 0,
            refused: false,
            told: false,
        };
        watched.read_layouts(&image);
        watched.greet(language, &image);
        Some(watched)
    }

    /// Reads the layouts of its types. Nothing is missed meanwhile, as far as its main thread brings it about.
    fn read_layouts(&mut self, image: &Image) {
        let (Some(dwarf), Some(_)) = (image.dwarf.clone(), self.view.tasks) else {
            return;
        };
        let pending = begin_layouts(dwarf, self.frames.libraries().to_vec());
        let held = Held::new(self.process);
        let layouts = pending.recv_timeout(HELD);
        drop(held);
        match layouts {
            Ok(layouts) => self.follow(layouts),
            Err(RecvTimeoutError::Timeout) => self.pending = Some(pending),
            Err(RecvTimeoutError::Disconnected) => {}
        }
    }

    fn follow(&mut self, layouts: Layouts) {
        let view = self.view.tasks;
        self.awaits = view.and_then(|view| {
            Awaits::new(
                self.clock,
                self.process,
                &self.program,
                layouts,
                &self.code,
                view,
            )
        });
    }

    /// Says what can be seen.
    fn greet(&mut self, language: &str, image: &Image) {
        let (awaits, view) = (&self.awaits, self.view);
        let has_types = awaits.is_some() || self.pending.is_some();
        let finds_tasks =
            self.pending.is_some() || awaits.as_ref().is_some_and(Awaits::finds_tasks);
        let can = |cause: &Cause| {
            view.can.contains(cause) || finds_tasks && view.can_with_types.contains(cause)
        };
        let (can, not): (Vec<Cause>, Vec<Cause>) = Cause::ALL.into_iter().partition(can);
        let cannot = |cause: Cause| Incapable {
            cause,
            why: if has_types {
                view.unseen
            } else {
                WITHOUT_TYPES
            }
            .into(),
        };
        let hello = Event::Hello {
            language: language.into(),
            version: (view.version)(&image.made_by),
            main: self.program.to_string_lossy().into_owned(),
            folder: String::new(),
            libraries: self.frames.libraries().to_vec(),
            can,
            cannot: not.into_iter().map(cannot).collect(),
        };
        self.rows.write(self.clock.now().ns, hello);
    }

    /// Whether it is this process, running this program.
    pub(super) fn is(&self, process: u32, program: &Path) -> bool {
        self.process == process && self.program == program
    }

    /// Looks at every thread once.
    pub(super) fn look(&mut self, now_ns: u64, before_ns: u64) {
        let alive = threads(self.process);
        let gone: Vec<u32> = self
            .threads
            .keys()
            .filter(|t| !alive.contains(t))
            .copied()
            .collect();
        for thread in gone {
            if let Some(thread) = self.threads.remove(&thread) {
                self.close(thread.place, now_ns);
            }
        }
        for number in alive {
            self.look_at(number, now_ns, before_ns);
        }
        self.take_layouts(now_ns);
        if let Some(awaits) = &mut self.awaits {
            let threads = self.threads.values();
            let look = Look {
                now_ns,
                before_ns,
                cpu_ns: std::mem::take(&mut self.used_ns),
            };
            let root = |thread: &Thread| {
                let (of, address) = thread.root?;
                Some((of, address, thread.asleep.is_none()))
            };
            let roots: Vec<_> = threads.clone().filter_map(root).collect();
            let stacks: Vec<u64> = threads.map(|thread| thread.stack).collect();
            let alive = awaits.look(&self.code, &roots, &stacks, look, &mut self.rows);
            let places = || {
                self.threads
                    .values()
                    .filter_map(|thread| thread.place.as_ref())
            };
            let steps = places().filter(|place| place.is_step()).count() as u64;
            // While a thread is free, what is not ready waits for something else.
            let kept = match places().any(Place::is_idle) {
                true => alive.ready + 1,
                // The first step of a future is none that can be followed yet.
                false => alive.all + steps.saturating_sub(alive.running),
            };
            let places = self
                .threads
                .values_mut()
                .filter_map(|thread| thread.place.as_mut());
            places.for_each(|place| place.beside(kept));
            if std::mem::replace(&mut self.progress, alive.progress) != alive.progress {
                self.part_steps(now_ns);
            }
        }
    }

    /// Where other tasks went on, what computes may have let them: it is not known to be the same step any more.
    fn part_steps(&mut self, now_ns: u64) {
        let threads = self.threads.values_mut();
        let computing =
            threads.filter(|thread| thread.place.as_ref().is_some_and(Place::computes_in_step));
        let parted: Vec<Option<Place>> = computing.map(|thread| thread.place.take()).collect();
        parted
            .into_iter()
            .for_each(|place| self.close(place, now_ns));
    }

    /// Follows futures as soon as their layouts are known.
    fn take_layouts(&mut self, now_ns: u64) {
        let Some(pending) = &self.pending else {
            return;
        };
        let layouts = match pending.try_recv() {
            Err(TryRecvError::Empty) => return,
            layouts => layouts.ok(),
        };
        self.pending = None;
        if let Some(layouts) = layouts {
            self.follow(layouts);
        }
        if self.awaits.is_none() {
            for cause in self.view.can_with_types {
                let why = WITHOUT_TYPES.into();
                self.rows
                    .write(now_ns, Event::Cannot(Incapable { cause: *cause, why }));
            }
        }
        // Threads that have slept since are looked at again.
        self.threads
            .values_mut()
            .for_each(|thread| thread.asleep = None);
    }

    fn look_at(&mut self, number: u32, now_ns: u64, before_ns: u64) {
        if !self.threads.contains_key(&number) {
            let Some(files) = ThreadFiles::open(self.process, number) else {
                return;
            };
            let thread = Thread {
                name: thread_name(self.process, number),
                files,
                scheduled: Scheduled::default(),
                asleep: None,
                place: None,
                root: None,
                stack: 0,
            };
            self.threads.insert(number, thread);
        }
        let Some(mut thread) = self.threads.remove(&number) else {
            return;
        };
        self.look_closely(number, &mut thread, now_ns, before_ns);
        self.threads.insert(number, thread);
    }

    fn look_closely(&mut self, number: u32, thread: &mut Thread, now_ns: u64, before_ns: u64) {
        let Some(scheduled) = thread.files.scheduled() else {
            return;
        };
        let sleeps_on = scheduled == thread.scheduled && thread.asleep.is_some();
        if sleeps_on {
            if let Some(place) = &mut thread.place {
                place.stay(now_ns);
            }
            return;
        }
        thread.asleep = thread.files.asleep();
        let steps = match thread.asleep {
            Some(asleep) => self.code.sleeping_stack(asleep.counter, asleep.stack),
            None => self.running_stack(number, now_ns),
        };
        // Nothing was seen of it this time.
        if steps.is_empty() {
            return;
        }
        let ran_ns = scheduled.ran_ns.saturating_sub(thread.scheduled.ran_ns);
        let began = std::mem::replace(&mut thread.scheduled, scheduled);
        thread.stack = steps.first().map_or(thread.stack, |step| step.stack);
        if let Some(awaits) = &self.awaits {
            // Of a step that is under way, not every moment shows the future that it is of.
            let root = awaits.root(&self.code, &steps);
            thread.root = root.or(thread.root.filter(|_| thread.asleep.is_none()));
        }
        let seen = self
            .frames
            .seen(&self.code, &steps, thread.asleep.is_some());
        // What runs from one look to the next has run all the while; what sleeps began to somewhere between.
        let since_ns = before_ns.midpoint(now_ns);
        let wakes = self.view.ends_by_waking.contains(&seen.kind);
        let goes_on = thread
            .place
            .as_ref()
            .is_some_and(|place| place.is_at(&seen) && !(wakes && place.is_asleep()));
        if !goes_on {
            let left = thread.place.take();
            self.close(left, since_ns);
            thread.place = Some(Place::begin(
                number,
                number == self.process,
                &thread.name,
                since_ns,
                began,
            ));
        }
        if let Some(place) = &mut thread.place {
            place.add(seen, now_ns, scheduled);
            self.used_ns += if place.may_block() { ran_ns } else { 0 };
        }
    }

    fn running_stack(&mut self, thread: u32, now_ns: u64) -> Vec<Step> {
        match registers(thread) {
            Ok(at) => self.code.stack(at),
            Err(NotStopped::Gone) => Vec::new(),
            Err(NotStopped::Refused) => {
                self.refuse(now_ns);
                Vec::new()
            }
        }
    }

    fn refuse(&mut self, now_ns: u64) {
        if !std::mem::replace(&mut self.refused, true) {
            let why = "the system does not let its threads be stopped: another tracer, or a security module".into();
            self.rows.write(
                now_ns,
                Event::Cannot(Incapable {
                    cause: Cause::Stall,
                    why,
                }),
            );
        }
    }

    fn close(&mut self, place: Option<Place>, now_ns: u64) {
        if let Some((ns, event)) = place.and_then(|place| place.row(now_ns)) {
            self.rows.write(ns, event);
        }
    }

    /// Tells what is alive, once.
    pub(super) fn tell(&mut self, now_ns: u64) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let places = self
            .threads
            .values()
            .filter_map(|thread| thread.place.as_ref());
        let places: Vec<&Place> = places.collect();
        let main_over = places.iter().any(|place| place.is_after_main());
        let alive = places.iter().filter_map(|place| place.stuck()).collect();
        for (ns, event) in places.iter().filter_map(|place| place.row(now_ns)) {
            self.rows.write(ns, event);
        }
        if let Some(awaits) = &mut self.awaits {
            awaits.tell(now_ns, &mut self.rows);
        }
        let (tasks, timers) = self.awaits.as_ref().map(Awaits::stuck).unwrap_or_default();
        self.rows.write(
            now_ns,
            Event::Stuck {
                main_over,
                tasks,
                threads: alive,
                timers,
                readers: 0,
                handlers: 0,
                children: 0,
                dead: false,
            },
        );
        self.rows.answered();
    }

    /// Ends the rows: the process is gone.
    pub(super) fn end(mut self, now_ns: u64) {
        let left: Vec<Thread> = self.threads.drain().map(|(_, thread)| thread).collect();
        for thread in left {
            self.close(thread.place, now_ns);
        }
        if let Some(awaits) = &mut self.awaits {
            awaits.tell(now_ns, &mut self.rows);
            awaits.killed(now_ns, &mut self.rows);
        }
    }
}

/// Reads the layouts of a program's types on a thread of its own.
fn begin_layouts(dwarf: Arc<Dwarf<Reader>>, libraries: Vec<String>) -> Receiver<Layouts> {
    let (sender, pending) = mpsc::channel();
    thread::spawn(move || {
        let is_own = |name: &str| {
            !libraries
                .iter()
                .any(|library| name.starts_with(library.as_str()))
        };
        // Nobody waits for them any more if this fails.
        let _ = sender.send(Layouts::new(dwarf, is_own));
    });
    pending
}

/// Whether a program builds others, or is one of those that the machine came with.
fn is_tool(program: &Path) -> bool {
    let name = program
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let probes = RECIPES
        .iter()
        .filter_map(|recipe| recipe.runtime_probe.as_ref());
    let mut builders = probes.flat_map(|probe| probe.builders);
    builders.any(|builder| name == *builder)
}

/// The language of a program, by what its compilers wrote into it.
fn language_of(made_by: &[u8]) -> Option<(&'static str, &'static FromOutside)> {
    RECIPES.iter().find_map(|recipe| {
        let view = recipe.runtime_probe.as_ref()?.from_outside?;
        (view.made_by)(made_by).then_some((recipe.language, view))
    })
}
