//! What a probe may tell of. Tasks, jobs, pools, locks and joins have serial numbers, each counted within its process;
//! a number is never given twice, as an address would be.

use serde::{Deserialize, Serialize};

use super::frame::{Frame, Sample};
use crate::model::answer::Cause;

/// What was waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaitedFor {
    /// The runtime's name of its kind: `Future`, `Task`, `Lock`.
    pub kind: String,
    /// The tasks, if it was tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<u64>,
    /// The lock or limit, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<u64>,
    /// How many may hold that at one time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The job, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<u64>,
    /// The pool whose queue or threads it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<u64>,
    /// The channel, if it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<u64>,
    /// The thread that held the lock when it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<u64>,
    /// Where that had taken it: the user's own frames, the outermost first, down to the line that takes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_at: Vec<Frame>,
    /// How long that was seen waiting for something meanwhile; nanoseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub held_ns: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(ns: &u64) -> bool {
    *ns == 0
}

/// What a task that outlives its maker's function had been waited for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Joined {
    /// Main waited for a group of tasks after it had begun.
    Group,
    /// Main waited for a value of another task after it had begun.
    Value,
}

/// A cause that a probe cannot see, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incapable {
    /// The cause.
    pub cause: Cause,
    /// Why it cannot be seen, in a few words.
    pub why: String,
}

/// A task that is not over, and where it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckTask {
    /// The task.
    pub task: u64,
    /// Its frames, the outermost first.
    pub chain: Vec<Frame>,
    /// What it waits for.
    #[serde(default)]
    pub on: WaitedFor,
}

/// A thread that is alive, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StuckThread {
    /// Its number.
    pub thread: u64,
    /// Its name.
    pub name: String,
    /// Whether it is the first thread of the program.
    #[serde(default)]
    pub main: bool,
    /// Whether the program ends without it.
    #[serde(default)]
    pub daemon: bool,
    /// Its frames, the outermost first.
    pub stack: Vec<Frame>,
    /// Where it was created.
    #[serde(default)]
    pub at: Vec<Frame>,
    /// The processor time that it used within the last moment, in nanoseconds.
    #[serde(default)]
    pub cpu_ns: u64,
    /// What it waits for.
    #[serde(default)]
    pub on: WaitedFor,
    /// Whether a program may be meant to go on for its sake, as for a connection.
    #[serde(default)]
    pub may_be_meant: bool,
}

/// Something that a probe tells of. Where it took time, the row's time is its beginning and `ns` how long it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ev", rename_all = "kebab-case")]
pub enum Event {
    /// The first of a process: what runs there, and what its probe can see.
    Hello {
        /// The language, as its recipe calls it.
        language: String,
        /// The runtime's version.
        version: String,
        /// The entry file, as it was named; empty if there is none.
        main: String,
        /// The folder that the process began in.
        folder: String,
        /// What the names of files begin with that are not the user's own.
        libraries: Vec<String>,
        /// The causes that it can see.
        can: Vec<Cause>,
        /// The causes that it cannot.
        #[serde(default)]
        cannot: Vec<Incapable>,
    },
    /// It sees less than it said, from now on.
    Cannot(Incapable),
    /// A task was created. May come late: as soon as something is told of the task.
    TaskNew {
        /// The task.
        task: u64,
        /// The function that it runs.
        name: String,
        /// Where it was created, the outermost frame first; the user's own frames alone.
        at: Vec<Frame>,
        /// When it was created; 0 where the row's own time says so.
        #[serde(default)]
        born: u64,
        /// The task that created it.
        #[serde(default)]
        parent: Option<u64>,
    },
    /// A task is over.
    TaskEnd {
        /// The task.
        task: u64,
        /// `ok`, `error` or `cancelled`.
        how: String,
        /// The error, in one line.
        #[serde(default)]
        error: String,
        /// Where that was raised, the outermost frame first.
        #[serde(default)]
        at: Vec<Frame>,
    },
    /// A task waited.
    Wait {
        /// The task.
        task: u64,
        /// How long it took.
        ns: u64,
        /// Its frames while it waited, the outermost first, libraries among them.
        chain: Vec<Frame>,
        /// What it waits for; of tasks, the one that ended the wait.
        #[serde(default)]
        on: WaitedFor,
        /// How many tasks it had created since its last wait, where that is known.
        #[serde(default)]
        made: u64,
    },
    /// An event loop ran one callback for so long that it matters.
    Block {
        /// How long it took.
        ns: u64,
        /// The processor time of the thread meanwhile.
        cpu_ns: u64,
        /// How long the thread was ready to run meanwhile and got no processor.
        #[serde(default)]
        starved_ns: u64,
        /// The task whose step it was.
        #[serde(default)]
        task: Option<u64>,
        /// The thread.
        thread: u64,
        /// What was seen of it meanwhile.
        samples: Vec<Sample>,
        /// Callbacks that were ready to run all the while, or became so.
        #[serde(default)]
        ready: u64,
        /// Timers that came due meanwhile.
        #[serde(default)]
        due: u64,
        /// Connections that had something to say at its end.
        #[serde(default)]
        readable: u64,
        /// Tasks that were alive at its end, its own included.
        #[serde(default)]
        tasks: u64,
    },
    /// A pool of threads was made.
    PoolNew {
        /// The pool.
        pool: u64,
        /// How many it lets work at one time.
        size: u64,
        /// The runtime's name of its kind.
        #[serde(default)]
        kind: String,
        /// Whether it lends connections, and no threads.
        #[serde(default)]
        connections: bool,
        /// The frames, the outermost first.
        at: Vec<Frame>,
    },
    /// A job was handed to a pool.
    JobSubmit {
        /// The job.
        job: u64,
        /// The pool.
        pool: u64,
        /// What it is called.
        name: String,
        /// The frames, the outermost first.
        at: Vec<Frame>,
        /// The task.
        #[serde(default)]
        task: Option<u64>,
    },
    /// A thread took a job.
    JobStart {
        /// The job.
        job: u64,
        /// The thread.
        thread: u64,
    },
    /// A job is over.
    JobEnd {
        /// How long the thread was ready to run meanwhile and got no processor.
        #[serde(default)]
        starved_ns: u64,
        /// The job.
        job: u64,
        /// The processor time that it took.
        cpu_ns: u64,
        /// `ok` or `error`.
        how: String,
        /// The error, in one line.
        #[serde(default)]
        error: String,
    },
    /// A lock was let go of while somebody waited for it.
    LockRelease {
        /// The lock.
        lock: u64,
        /// The task that held it.
        #[serde(default)]
        task: Option<u64>,
        /// The thread.
        thread: u64,
        /// Where the user's code let go of it, the outermost frame first.
        at: Vec<Frame>,
        /// Where it had taken it, as far as that is known.
        #[serde(default)]
        taken: Vec<Frame>,
    },
    /// A lock or a limit was made. May come late.
    LockNew {
        /// The lock.
        lock: u64,
        /// The runtime's name of its kind.
        kind: String,
        /// How many it lets work at one time.
        size: u64,
        /// The frames, the outermost first.
        at: Vec<Frame>,
    },
    /// Several tasks that were waited for together were given up because one failed.
    Reject {
        /// The join.
        join: u64,
        /// The runtime's name of what joined them.
        kind: String,
        /// The frames, the outermost first.
        at: Vec<Frame>,
        /// The error, in one line.
        error: String,
        /// The tasks that failed.
        failed: Vec<u64>,
        /// The tasks that were not over.
        pending: Vec<u64>,
        /// The tasks whose results were there, and were lost.
        lost: Vec<u64>,
    },
    /// A task of a join that was given up has ended.
    Drop {
        /// The join.
        join: u64,
        /// The task.
        task: u64,
        /// `ok`, `error` or `cancelled`.
        how: String,
    },
    /// An error reached nobody.
    Unhandled {
        /// The task.
        #[serde(default)]
        task: Option<u64>,
        /// What the runtime says of it.
        message: String,
        /// The error, in one line.
        error: String,
        /// Where it was raised, the outermost frame first.
        at: Vec<Frame>,
    },
    /// A task ended, and nobody had asked for its result, or could.
    Ignored {
        /// The task.
        task: u64,
        /// How long it took.
        ns: u64,
        /// Whether a loop made it that throws away what its body returns.
        each: bool,
    },
    /// Something that has to be waited for, or started, was made and dropped.
    Unawaited {
        /// What it is called.
        name: String,
        /// Where it was made, the outermost frame first.
        at: Vec<Frame>,
    },
    /// A task was ended because the program's main function was over.
    Killed {
        /// The task.
        task: u64,
        /// Where it was, the outermost frame first.
        chain: Vec<Frame>,
        /// What it waited for.
        #[serde(default)]
        on: WaitedFor,
        /// Whether main had waited for others of its kind.
        #[serde(default)]
        joined: Option<Joined>,
        /// What main was waiting at when it was looked at last, where its end was not seen.
        #[serde(default)]
        main_at: Vec<Frame>,
    },
    /// A thread stayed at one place.
    Stay {
        /// How long it took.
        ns: u64,
        /// The processor time of the thread meanwhile.
        cpu_ns: u64,
        /// The thread.
        thread: u64,
        /// What it is called.
        #[serde(default)]
        name: String,
        /// Whether it is the first thread of the program.
        #[serde(default)]
        main: bool,
        /// The frames, the outermost first.
        stack: Vec<Frame>,
        /// What it waits for.
        #[serde(default)]
        on: WaitedFor,
    },
    /// What was alive when main was over, or when the observer asked.
    Stuck {
        /// Whether the program's main function was over.
        main_over: bool,
        /// How many.
        tasks: Vec<StuckTask>,
        /// The threads that are alive.
        threads: Vec<StuckThread>,
        /// Timers that are set.
        timers: u64,
        /// Sockets and pipes that an event loop listens to.
        readers: u64,
        /// Signals that an event loop handles.
        #[serde(default)]
        handlers: u64,
        /// Child processes that are alive.
        #[serde(default)]
        children: u64,
        /// Whether the runtime itself found that nothing can go on, and ended the program.
        #[serde(default)]
        dead: bool,
    },
    /// The program's main function is over.
    MainEnd {},
    /// Numbers about the process so far; the last of them counts.
    Count {
        /// How many.
        tasks: u64,
        /// The most that were alive at one time.
        most_tasks: u64,
        /// Connections that were served.
        #[serde(default)]
        requests: u64,
        /// The most that were open at one time.
        #[serde(default)]
        most_requests: u64,
        /// Rows that were left out because there were so many.
        #[serde(default)]
        left_out: u64,
    },
    /// The probe failed, and has taken itself out.
    Broken {
        /// Why, in one sentence.
        why: String,
    },
    /// A kind of event that this version does not know.
    #[serde(other)]
    Unknown,
}

impl Event {
    /// Shows each of its frames to `look`.
    pub fn frames(&self, look: &mut dyn FnMut(&Frame)) {
        match self {
            Event::TaskNew { at, .. }
            | Event::TaskEnd { at, .. }
            | Event::PoolNew { at, .. }
            | Event::JobSubmit { at, .. }
            | Event::LockNew { at, .. }
            | Event::Reject { at, .. }
            | Event::Unhandled { at, .. }
            | Event::Unawaited { at, .. } => at.iter().for_each(look),
            Event::LockRelease { at, taken, .. } => at.iter().chain(taken).for_each(look),
            Event::Wait { chain, .. } => chain.iter().for_each(look),
            Event::Killed { chain, main_at, .. } => chain.iter().chain(main_at).for_each(look),
            Event::Stay { stack, on, .. } => stack.iter().chain(&on.taken_at).for_each(look),
            Event::Block { samples, .. } => {
                samples
                    .iter()
                    .flat_map(|sample| &sample.stack)
                    .for_each(look);
            }
            Event::Stuck { tasks, threads, .. } => {
                tasks
                    .iter()
                    .flat_map(|task| &task.chain)
                    .for_each(&mut *look);
                threads
                    .iter()
                    .flat_map(|t| t.stack.iter().chain(&t.at))
                    .for_each(look);
            }
            Event::Hello { .. }
            | Event::Cannot(_)
            | Event::JobStart { .. }
            | Event::JobEnd { .. }
            | Event::Drop { .. }
            | Event::Ignored { .. }
            | Event::MainEnd {}
            | Event::Count { .. }
            | Event::Broken { .. }
            | Event::Unknown => {}
        }
    }
}
