//! The processes of a command, and their threads, as `/proc` lists them.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

/// Every process that this one has started, and those that they have, with the file that each runs; but for those that run our
/// own binary.
pub(super) fn processes() -> Vec<(u32, PathBuf)> {
    let own = fs::read_link("/proc/self/exe").ok();
    let mut found = Vec::new();
    let mut unseen = vec![std::process::id()];
    while let Some(process) = unseen.pop() {
        for thread in numbers(&format!("/proc/{process}/task")) {
            let path = format!("/proc/{process}/task/{thread}/children");
            let children = fs::read_to_string(path).unwrap_or_default();
            unseen.extend(
                children
                    .split_whitespace()
                    .filter_map(|n| n.parse::<u32>().ok()),
            );
        }
        found.extend(program(process).map(|program| (process, program)));
    }
    found.retain(|(_, program)| Some(program) != own.as_ref());
    found
}

fn program(process: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{process}/exe")).ok()
}

/// The threads of a process.
pub(super) fn threads(process: u32) -> Vec<u32> {
    numbers(&format!("/proc/{process}/task"))
}

fn numbers(folder: &str) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// What the scheduler has counted of a thread. While none of it changes, the thread sleeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Scheduled {
    /// How long it has run, nanoseconds.
    pub(super) ran_ns: u64,
    /// How long it was ready to run and did not, nanoseconds.
    pub(super) waited_ns: u64,
    /// How often it was given a processor.
    times: u64,
}

/// What `/proc` keeps of one thread, at hand.
pub(super) struct ThreadFiles {
    schedule: File,
    call: File,
}

impl ThreadFiles {
    pub(super) fn open(process: u32, thread: u32) -> Option<ThreadFiles> {
        let open = |name: &str| File::open(format!("/proc/{process}/task/{thread}/{name}")).ok();
        Some(ThreadFiles {
            schedule: open("schedstat")?,
            call: open("syscall")?,
        })
    }

    /// Source: `schedstat` of proc(5).
    pub(super) fn scheduled(&self) -> Option<Scheduled> {
        let text = read(&self.schedule)?;
        let mut fields = text
            .split_whitespace()
            .map(|field| field.parse::<u64>().ok());
        Some(Scheduled {
            ran_ns: fields.next()??,
            waited_ns: fields.next()??,
            times: fields.next()??,
        })
    }

    /// Where it sleeps; `None` while it runs. Source: `syscall` of proc(5): the call's number and arguments if it is in one,
    /// then stack pointer and program counter.
    pub(super) fn asleep(&self) -> Option<Asleep> {
        let text = read(&self.call)?;
        let mut fields = text.split_whitespace();
        fields.next()?.parse::<i64>().ok()?;
        let number = |field: &str| u64::from_str_radix(field.trim_start_matches("0x"), 16).ok();
        let mut last = fields.rev();
        let counter = number(last.next()?)?;
        Some(Asleep {
            counter,
            stack: number(last.next()?)?,
        })
    }
}

/// A thread that sleeps in the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asleep {
    /// The address that it goes on at.
    pub(super) counter: u64,
    /// The address of the innermost end of its stack.
    pub(super) stack: u64,
}

fn read(file: &File) -> Option<String> {
    let mut bytes = [0; 256];
    let length = file.read_at(&mut bytes, 0).ok()?;
    String::from_utf8(bytes[..length].to_vec()).ok()
}

/// What a thread is called; Linux keeps fifteen bytes of it.
pub(super) fn thread_name(process: u32, thread: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{process}/task/{thread}/comm"));
    name.map(|name| name.trim_end().to_string())
        .unwrap_or_default()
}
