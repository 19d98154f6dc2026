//! One process as the rules see it: which frames are the user's, and what is known of each task and job.

use rustc_hash::{FxHashMap, FxHashSet};

use super::code::Code;
use crate::probe_trace::{Event, Frame, Process, Recording, Timed, WaitedFor};
use crate::toolchain::{RuntimeProbe, recipe};

/// A line printed or a task killed within this time of our signal was so because of it; nanoseconds.
const OF_THE_SIGNAL_NS: u64 = 1_500_000_000;

/// What is known of a task.
#[derive(Debug, Clone, Copy)]
pub(super) struct TaskFacts<'r> {
    /// The function that it runs.
    pub(super) name: &'r str,
    /// Where it was created: the user's own frames, the outermost first.
    pub(super) at: &'r [Frame],
    /// When it was created.
    pub(super) born_ns: u64,
}

/// A wait of a task.
pub(super) struct Wait<'r> {
    /// When it began, nanoseconds.
    pub(super) t: u64,
    pub(super) task: u64,
    /// How long it took, nanoseconds.
    pub(super) ns: u64,
    /// The task's frames meanwhile, the outermost first, libraries among them.
    pub(super) chain: &'r [Frame],
    pub(super) on: &'r WaitedFor,
    /// How many tasks the task had made since its wait before.
    pub(super) made: u64,
}

/// One process.
pub(super) struct View<'r> {
    pub(super) recording: &'r Recording,
    pub(super) process: &'r Process,
    /// The language, as its recipe calls it.
    pub(super) language: &'r str,
    libraries: &'r [String],
    probe: &'static RuntimeProbe,
    pub(super) tasks: FxHashMap<u64, TaskFacts<'r>>,
    /// The names of jobs.
    jobs: FxHashMap<u64, &'r str>,
    /// The tasks of joins that were given up.
    joined: FxHashSet<u64>,
}

impl<'r> View<'r> {
    /// A process of a recording; `None` if no probe told who it is.
    pub(super) fn new(recording: &'r Recording, process: &'r Process) -> Option<View<'r>> {
        let hello = process.events.iter().find_map(|timed| match &timed.event {
            Event::Hello {
                language,
                libraries,
                ..
            } => Some((language, libraries)),
            _ => None,
        });
        let (language, libraries) = hello?;
        let mut view = View {
            recording,
            process,
            language,
            libraries,
            probe: recipe(language)?.runtime_probe.as_ref()?,
            tasks: FxHashMap::default(),
            jobs: FxHashMap::default(),
            joined: FxHashSet::default(),
        };
        process.events.iter().for_each(|timed| view.learn(timed));
        Some(view)
    }

    fn learn(&mut self, timed: &'r Timed) {
        match &timed.event {
            Event::TaskNew {
                task,
                name,
                at,
                born,
                ..
            } => {
                let born_ns = if *born == 0 { timed.t } else { *born };
                self.tasks.insert(*task, TaskFacts { name, at, born_ns });
            }
            Event::JobSubmit { job, name, .. } => {
                self.jobs.insert(*job, name);
            }
            Event::Reject {
                failed,
                pending,
                lost,
                ..
            } => {
                self.joined.extend(failed.iter().chain(pending).chain(lost));
            }
            _ => {}
        }
    }

    /// The events, in order of time.
    pub(super) fn events(&self) -> impl DoubleEndedIterator<Item = &'r Timed> + Clone + use<'r> {
        self.process.events.iter()
    }

    /// The waits of tasks, in order of time.
    pub(super) fn waits(&self) -> impl Iterator<Item = Wait<'r>> + use<'r> {
        self.events().filter_map(|timed| match &timed.event {
            Event::Wait {
                task,
                ns,
                chain,
                on,
                made,
            } => Some(Wait {
                t: timed.t,
                task: *task,
                ns: *ns,
                chain,
                on,
                made: *made,
            }),
            _ => None,
        })
    }

    /// When the last event was.
    pub(super) fn last_ns(&self) -> u64 {
        self.process.events.last().map_or(0, |timed| timed.t)
    }

    /// What is known of its language.
    pub(super) fn probe(&self) -> &'static RuntimeProbe {
        self.probe
    }

    /// Whether a line is the user's own, and not one of the runtime, of a library or of a probe.
    pub(super) fn is_own(&self, frame: &Frame) -> bool {
        let file = frame.file.as_str();
        // What a runtime makes up has no file: `<frozen importlib._bootstrap>`, `node:internal/timers`.
        let made_up = file.starts_with("<frozen") || file.is_empty();
        let of_library = |library: &String| file.starts_with(library.as_str());
        !made_up && !self.libraries.iter().any(of_library)
    }

    /// The user's own frames.
    pub(super) fn own(&self, frames: &'r [Frame]) -> Vec<&'r Frame> {
        frames.iter().filter(|frame| self.is_own(frame)).collect()
    }

    /// The text of a file of the user's.
    pub(super) fn code(&self, file: &str) -> Option<Code<'r>> {
        let text = self.recording.sources.get(file)?;
        Some(Code::new(text, self.probe))
    }

    /// Whether main, seen waiting there, may have waited for its tasks after that.
    pub(super) fn may_await_later(&self, main_at: &[Frame]) -> bool {
        let from_outside = self.probe.from_outside;
        let awaits = from_outside.map(|view| view.awaits).unwrap_or_default();
        main_at
            .iter()
            .filter(|frame| self.is_own(frame))
            .any(|frame| {
                let code = self.code(&frame.file);
                code.is_none_or(|code| code.says_later(frame.line, awaits))
            })
    }

    /// The text of a line.
    pub(super) fn text_at(&self, frame: &Frame) -> &'r str {
        let text = self.recording.sources.get(&frame.file);
        let before = usize::try_from(frame.line).unwrap_or(0).saturating_sub(1);
        text.and_then(|text| text.lines().nth(before))
            .unwrap_or_default()
    }

    /// Whether a line takes a lock of threads, and calls nothing else that could wait.
    pub(super) fn takes_lock(&self, frame: &Frame) -> bool {
        let text = self.text_at(frame).trim();
        let (block, call) = self.probe.takes_lock;
        text.contains(call) || (text.starts_with(block) && !block.is_empty() && !text.contains('('))
    }

    /// Whether what is waited for is brought about by other tasks of the program.
    pub(super) fn waits_for_others(&self, kind: &str) -> bool {
        let mut kinds = self.probe.waits_for_others.iter();
        kinds.any(|begin| kind.starts_with(begin))
    }

    /// The same, where the user's own line waits, and no library for what goes on within it.
    pub(super) fn waits_itself(&self, kind: &str, stack: &[Frame]) -> bool {
        let after = stack.iter().rev().take_while(|frame| !self.is_own(frame));
        let mut after = after.map(|frame| &frame.file);
        let known = self.probe.thread_waits;
        self.waits_for_others(kind) && after.all(|file| known.iter().any(|end| file.ends_with(end)))
    }

    /// Whether the kinds of waits tell what they are for.
    pub(super) fn tells_kinds(&self) -> bool {
        !self.probe.waits_for_others.is_empty()
    }

    /// Whether a stack is that of a server, or of what watches over the time that the program takes.
    pub(super) fn serves(&self, stack: &[Frame]) -> bool {
        let ends = |frame: &Frame| {
            let mut known = self.probe.serves.iter();
            known.any(|end| frame.function.ends_with(end))
        };
        let own = stack.iter().rfind(|frame| self.is_own(frame));
        let gives_up = own.is_some_and(|frame| {
            let text = self.recording.sources.get(&frame.file);
            let after = text.into_iter().flat_map(|text| text.lines());
            let mut after = after.skip(frame.line as usize).take(3);
            after.any(|line| self.probe.gives_up.iter().any(|word| line.contains(word)))
        });
        // What a library waits for within is not always seen; that it serves is said where it is called.
        let says = |frame: &Frame| {
            let words = names_called(self.text_at(frame));
            let mut known = self.probe.serves.iter();
            known.any(|end| words.contains(&end.trim_start_matches([':', '.'])))
        };
        gives_up || stack.iter().any(ends) || own.is_some_and(says)
    }

    /// What a task is called; its number if nothing is known of it.
    pub(super) fn task_name(&self, task: u64) -> String {
        let facts = self.tasks.get(&task);
        facts.map_or_else(|| format!("task {task}"), |facts| facts.name.to_string())
    }

    /// What a job is called.
    pub(super) fn job_name(&self, job: u64) -> String {
        self.jobs
            .get(&job)
            .map_or_else(|| format!("job {job}"), |name| (*name).to_string())
    }

    /// Whether other tasks of the same function waited while this one did. Those that a library made, as a server does for
    /// each request, are no workers whose number somebody chose.
    pub(super) fn has_siblings(&self, task: u64) -> bool {
        let Some(facts) = self.tasks.get(&task) else {
            return false;
        };
        if self.is_made_by_a_library(facts) {
            return false;
        }
        let mut spans: FxHashMap<u64, (u64, u64)> = FxHashMap::default();
        for timed in self.events() {
            if let Event::Wait { task, ns, .. } = &timed.event {
                let span = spans.entry(*task).or_insert((timed.t, 0));
                span.1 = span.1.max(timed.t + ns);
            }
        }
        let Some((begin, end)) = spans.get(&task).copied() else {
            return false;
        };
        let is_like = |other: u64| {
            self.tasks
                .get(&other)
                .is_some_and(|other| other.name == facts.name)
        };
        spans.iter().any(|(other, span)| {
            *other != task && is_like(*other) && span.0 < end && begin < span.1
        })
    }

    /// Whether no code of the user's made a task, but for the line that runs everything: where the first task was made.
    fn is_made_by_a_library(&self, facts: &TaskFacts<'_>) -> bool {
        let made = self.own(facts.at);
        if made.is_empty() {
            return self
                .tasks
                .values()
                .any(|facts| !self.own(facts.at).is_empty());
        }
        let first = self.tasks.values().min_by_key(|facts| facts.born_ns);
        first.is_some_and(|first| first.name != facts.name && made == self.own(first.at))
    }

    /// How long a task waited between two instants, other than for `lock`.
    pub(super) fn waited_within(&self, task: u64, begin_ns: u64, end_ns: u64, lock: u64) -> u64 {
        let within = |timed: &Timed| match &timed.event {
            Event::Wait {
                task: of, ns, on, ..
            } if *of == task && on.lock != Some(lock) => {
                let (begin, end) = (timed.t.max(begin_ns), (timed.t + ns).min(end_ns));
                end.saturating_sub(begin)
            }
            _ => 0,
        };
        self.events().map(within).sum()
    }

    /// The innermost line of the user's at which the error of a task was raised.
    pub(super) fn raised_at(&self, task: u64) -> Option<&'r Frame> {
        self.events().find_map(|timed| match &timed.event {
            Event::TaskEnd { task: of, at, .. } if *of == task => self.own(at).pop(),
            _ => None,
        })
    }

    /// The first line of the user's at which any task failed.
    pub(super) fn first_failure(&self) -> Option<&'r Frame> {
        self.events().find_map(|timed| match &timed.event {
            Event::TaskEnd { at, how, .. } if how == "error" => self.own(at).pop(),
            _ => None,
        })
    }

    /// Whether a task belongs to a join that was given up.
    pub(super) fn is_of_a_join(&self, task: u64) -> bool {
        self.joined.contains(&task)
    }

    /// Whether an instant is so close to our signal that what happened then is our doing.
    pub(super) fn is_interrupted(&self, at_ns: u64) -> bool {
        let header = &self.recording.header;
        header.interrupted && at_ns + OF_THE_SIGNAL_NS > header.ended_ns
    }

    /// Whether the program ended with an error, so that what was at work ended with it.
    pub(super) fn has_failed_main(&self) -> bool {
        self.recording.header.code != Some(0) && !self.recording.header.interrupted
    }

    /// Whether main was over soon after an instant.
    pub(super) fn ends_soon(&self, at_ns: u64) -> bool {
        let mut ends = self
            .events()
            .filter(|timed| matches!(timed.event, Event::MainEnd {} | Event::Killed { .. }));
        ends.any(|end| end.t + 10_000_000 > at_ns && end.t < at_ns + 100_000_000)
    }

    /// How long the tasks went on for after an instant, at most; nanoseconds.
    pub(super) fn work_after(&self, tasks: &[u64], at_ns: u64) -> u64 {
        let ends = self.events().filter_map(|timed| match &timed.event {
            Event::Drop { task, .. } if tasks.contains(task) => Some(timed.t.saturating_sub(at_ns)),
            _ => None,
        });
        ends.max().unwrap_or(0)
    }

    /// Whether the program printed something between two instants.
    pub(super) fn printed(&self, at_ns: u64, until_ns: u64) -> bool {
        self.recording
            .lines
            .iter()
            .any(|line| line.t > at_ns && line.t < until_ns)
    }

    /// Whether a line stands in a loop over given items.
    pub(super) fn is_in_item_loop(&self, frame: &Frame) -> bool {
        let code = self.code(&frame.file);
        let around = code.and_then(|code| code.loop_around(frame.line));
        around.is_some_and(|around| around.over_items)
    }

    /// Whether the loop around a line starts what the line waits for.
    pub(super) fn starts_in_loop(&self, frame: &Frame) -> bool {
        let code = self.code(&frame.file);
        let around = code
            .as_ref()
            .and_then(|code| Some((code, code.loop_around(frame.line)?)));
        around.is_some_and(|(code, around)| {
            around.over_items && code.contains(&around, self.probe.starts_thread)
        })
    }
}

/// The names that a line calls: `serve` of `axum::serve(listener, app)`.
fn names_called(text: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = text.split('(').collect();
    pieces.pop();
    let is_no_name = |c: char| !c.is_alphanumeric() && c != '_';
    let called = pieces
        .into_iter()
        .filter_map(|piece| piece.rsplit(is_no_name).next());
    called.collect()
}

#[cfg(test)]
mod tests {
    use super::names_called;

    #[test]
    fn a_call_is_told_by_its_whole_name() {
        let served = "tokio::spawn(async move { axum::serve(listener, app).await });";
        assert_eq!(names_called(served), ["spawn", "serve"]);
        assert_eq!(names_called("observe(x).await"), ["observe"]);
    }
}
