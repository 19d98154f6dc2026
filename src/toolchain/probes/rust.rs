//! How Rust programs are observed: from outside, by their stacks and line tables. Nothing is put into them, and nothing has
//! to be built again.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::model::answer::Cause;
use crate::toolchain::runtime_probe::{
    FromOutside, Inherited, Remedy, Runs, RuntimeProbe, Takes, TaskLayouts, Variables,
};

pub(in crate::toolchain) const PROBE: RuntimeProbe = RuntimeProbe {
    files: &[],
    environment,
    announcements: &[],
    remedies: REMEDIES,
    cases: &[
        (Cause::Stall, "blocking-call/rust/join-blocking"),
        (Cause::Sequential, "sequential-await/rust/await-each"),
        (Cause::Failfast, "fail-fast/rust/try-join"),
        (Cause::Pool, "io-pool/rust/blocking-pool"),
        (Cause::Forgotten, "fail-fast/rust/all-settled"),
    ],
    open_loop: "loop",
    item_loop: "for",
    comment: "//",
    joins: &["join!(", "join_all("],
    starts_thread: "spawn(",
    wait_word: "await",
    waits_for_others: &[
        "task",
        "recv",
        "join",
        "lock",
        "condition",
        "barrier",
        "scope",
    ],
    serves: &["::serve", "::accept", "::run_until_stopped"],
    gives_up: &["process::exit(", "panic!("],
    is_open_loop: None,
    ready_program: Some(ready_program),
    function_words: &[
        "fn ",
        "pub fn ",
        "async fn ",
        "pub async fn ",
        "pub(crate) fn ",
    ],
    imports: &[],
    task_waits: &[],
    thread_waits: &[".rs"],
    takes_lock: ("", ".lock()"),
    limits: &[],
    builders: &[
        "cargo",
        "rustc",
        "rustup",
        "rust-lld",
        "ld",
        "cc",
        "collect2",
        "build-script-build",
    ],
    jobs_seen_by_loop: false,
    opens: &[],
    runs: Some(Runs {
        args: &["run", "--locked", "--quiet"],
        environment: &[
            ("CARGO_PROFILE_DEV_DEBUG", "true"),
            ("CARGO_PROFILE_DEV_STRIP", "none"),
        ],
    }),
    from_outside: Some(&FROM_OUTSIDE),
};

fn environment(_folder: &Path, _inherited: Inherited<'_>) -> Variables {
    Vec::new()
}

/// A program without debugging information has no lines that a stack could be told by.
fn ready_program(file: &Path) -> Option<&'static str> {
    let program = fs::read(file)
        .ok()
        .filter(|bytes| bytes.starts_with(b"\x7fELF"))?;
    let is_ours = memmem::find(&program, b"rustc version ").is_some();
    let has_lines = memmem::find(&program, b".debug_line\0").is_some();
    (is_ours && !has_lines).then_some(
        "this Rust program was built without line tables: `repro why -- cargo run`, or `debug = \"line-tables-only\"` in \
         `[profile.release]`, lets its stacks be read, and `debug = true` its tasks",
    )
}

const FROM_OUTSIDE: FromOutside = FromOutside {
    made_by,
    version,
    libraries,
    plain_name,
    steps: &[
        "tokio::runtime::task::raw::poll",
        "tokio::runtime::park::CachedParkThread::block_on",
        "tokio::runtime::scheduler::current_thread::CoreGuard::block_on",
        "tokio::task::local::LocalSet::tick",
        "futures_executor::local_pool::block_on",
        "futures_executor::local_pool::run_executor",
        "futures_executor::thread_pool::PoolState::work",
        "async_task::raw::RawTask",
        "async_io::driver::block_on",
        "pollster::block_on",
    ],
    may_block: &[
        "tokio::runtime::blocking::task::BlockingTask",
        "tokio::task::blocking::block_in_place",
        "::block_in_place",
        "blocking::unblock",
        "blocking::Executor",
    ],
    idles: &["tokio::runtime::scheduler::multi_thread::worker::Context::park"],
    shares: &[
        "tokio::future::maybe_done::MaybeDone",
        "futures_util::future::join",
        "futures_util::future::try_join",
        "futures_util::future::maybe_done",
        "futures_util::future::try_maybe_done",
        "futures_util::future::select",
        "futures_util::stream::futures_unordered",
        "tokio::macros::",
    ],
    after_main: &["tokio::runtime::blocking::pool::BlockingPool::shutdown"],
    kinds: &[
        ("std::sync::poison::mutex::Mutex", "lock of a mutex"),
        ("std::sync::mutex::Mutex", "lock of a mutex"),
        ("std::sync::poison::rwlock::RwLock", "lock of an rwlock"),
        ("std::sync::rwlock::RwLock", "lock of an rwlock"),
        ("parking_lot::raw_mutex", "lock of a mutex"),
        ("parking_lot::raw_rwlock", "lock of an rwlock"),
        ("lock_api::mutex::Mutex", "lock of a mutex"),
        ("std::sync::poison::condvar::Condvar", "condition variable"),
        ("std::sync::condvar::Condvar", "condition variable"),
        ("std::sync::barrier::Barrier", "barrier"),
        ("std::sync::mpsc::", "recv of a channel"),
        ("crossbeam_channel::", "recv of a channel"),
        ("flume::", "recv of a channel"),
        ("std::thread::JoinHandle", "join of a thread"),
        ("std::thread::join_handle::JoinHandle", "join of a thread"),
        ("std::thread::scoped::scope", "scope of threads"),
        ("std::thread::sleep", "sleep"),
        ("std::thread::functions::sleep", "sleep"),
        ("std::net::", "network"),
        ("std::process::", "a process"),
        ("std::fs::", "a file"),
    ],
    ends_by_waking: &["join of a thread"],
    awaits: &["await", "join", "select!", "block_on(", ".recv()"],
    is_lock,
    can: &[
        Cause::Stall,
        Cause::Sequential,
        Cause::Lock,
        Cause::NeverExits,
    ],
    can_with_types: &[Cause::Sequential, Cause::Pool, Cause::Forgotten],
    unseen: "seen from outside, a program does not tell of it",
    tasks: Some(&TOKIO),
};

const TOKIO: TaskLayouts = TaskLayouts {
    cell: "tokio::runtime::task::core::Cell",
    header: "tokio::runtime::task::core::Header",
    table: "tokio::runtime::task::raw::Vtable",
    poll: "tokio::runtime::task::raw::poll",
    job: "tokio::runtime::blocking::task::BlockingTask<",
    leaves: &[
        ("tokio::time::sleep::Sleep", "sleep"),
        ("tokio::time::interval::Interval", "interval"),
        ("tokio::runtime::task::join::JoinHandle", "task"),
        ("tokio::sync::batch_semaphore::Acquire", "acquire"),
        ("tokio::sync::notify::Notified", "notified"),
        ("tokio::sync::oneshot::Receiver", "oneshot"),
        ("tokio::sync::mpsc::", "channel"),
        ("tokio::sync::broadcast::", "channel"),
        ("tokio::sync::watch::", "channel"),
        ("tokio::net::", "network"),
        ("tokio::io::", "input or output"),
        ("tokio::process::", "a process"),
        ("tokio::signal::", "a signal"),
        ("tokio::runtime::io::", "network"),
    ],
    from_outside: &[
        "sleep",
        "interval",
        "network",
        "input or output",
        "a process",
        "a signal",
    ],
    guards: &[
        "tokio::sync::rwlock::write_guard::RwLockWriteGuard<",
        "tokio::sync::rwlock::read_guard::RwLockReadGuard<",
        "tokio::sync::mutex::MutexGuard<",
        "tokio::sync::mutex::OwnedMutexGuard<",
        "std::sync::poison::mutex::MutexGuard<",
        "std::sync::mutex::MutexGuard<",
    ],
    takes: &[
        takes("tokio::sync::mutex::", "", 1, ""),
        takes("tokio::sync::semaphore::", "", 2, ""),
        takes("tokio::sync::rwlock::", "::write", 1, "s"),
        takes("tokio::sync::rwlock::", "", 2, "s"),
    ],
    plain_name,
};

const fn takes(
    begin: &'static str,
    method: &'static str,
    size: u64,
    guarded_by: &'static str,
) -> Takes {
    Takes {
        begin,
        method,
        size,
        guarded_by,
    }
}

fn is_lock(kind: &str) -> bool {
    kind.starts_with("lock")
}

fn made_by(comment: &[u8]) -> bool {
    version_in(comment).is_some()
}

fn version(comment: &[u8]) -> String {
    version_in(comment).unwrap_or_default()
}

fn version_in(comment: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(comment);
    let (_, after) = text.split_once("rustc version ")?;
    let version = after.split([' ', '\0']).next()?;
    Some(version.into())
}

fn libraries() -> Vec<String> {
    let home = |name: &str, usual: &str| {
        let own = env::var_os(name).map(PathBuf::from);
        own.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(usual)))
    };
    let fetched = home("CARGO_HOME", ".cargo").into_iter();
    let fetched =
        fetched.flat_map(|home| ["registry/", "git/checkouts/"].map(|name| home.join(name)));
    let toolchains = home("RUSTUP_HOME", ".rustup").map(|home| home.join("toolchains/"));
    let folders = fetched
        .chain(toolchains)
        .map(|folder| folder.to_string_lossy().into_owned());
    folders
        .chain(["/rustc/", "/usr/"].map(String::from))
        .collect()
}

/// `work` of `app::work::{{closure}}`, `Client::fetch` of `<app::Client>::fetch`.
fn plain_name(full: &str) -> String {
    let mut depth = 0;
    let mut plain = String::new();
    for c in full.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let parts: Vec<&str> = plain
        .split("::")
        .filter(|part| !part.is_empty() && !part.starts_with('{'))
        .collect();
    let is_type = |part: &&&str| part.starts_with(|c: char| c.is_ascii_uppercase());
    let names: Vec<&str> = match parts.as_slice() {
        [.., class, name] if is_type(&class) => vec![class, name],
        [.., name] => vec![name],
        [] => vec![full],
    };
    names.join("::")
}

const fn remedy(cause: Cause, where_it_says: &'static str, advice: &'static str) -> Remedy {
    Remedy {
        cause,
        where_it_says,
        advice,
    }
}

const REMEDIES: &[Remedy] = &[
    remedy(
        Cause::Stall,
        "thread::sleep",
        "wait without the thread: `tokio::time::sleep(…).await`",
    ),
    remedy(
        Cause::Stall,
        "lock()",
        "do not hold the lock across what takes long, or use `tokio::sync::Mutex`, whose `lock().await` lets others run",
    ),
    remedy(
        Cause::Stall,
        "std::fs",
        "use `tokio::fs`, or move it off the runtime: `tokio::task::spawn_blocking(move || …).await`",
    ),
    remedy(
        Cause::Stall,
        "",
        "run {function} where it may take long: `tokio::task::spawn_blocking(move || …).await`",
    ),
    remedy(
        Cause::Sequential,
        "join()",
        "start every thread first, and join them afterwards, in a loop of its own",
    ),
    remedy(
        Cause::Sequential,
        "",
        "start them together: `futures::future::join_all(…)`, `tokio::join!(…)`, or a `JoinSet`",
    ),
    remedy(
        Cause::Failfast,
        "",
        "let each finish and look at every result: `futures::future::join_all`, or a `JoinSet` joined to its end",
    ),
    remedy(
        Cause::Pool,
        "",
        "give what waits its own limit: raise `max_blocking_threads`, or wait without a thread",
    ),
    remedy(
        Cause::Lock,
        "",
        "hold the lock only while the shared data is touched: drop the guard before the wait, and lock again after it",
    ),
    remedy(
        Cause::Forgotten,
        "",
        "wait for it before main returns: keep its `JoinHandle` and `.await` it, or put it into a `JoinSet`",
    ),
    remedy(
        Cause::NeverExits,
        "recv()",
        "let every sender be dropped when the last value has been sent: also the first one, of which the others are clones",
    ),
    remedy(
        Cause::NeverExits,
        "lock()",
        "take several locks in the same order everywhere, and drop each guard before the next lock is taken",
    ),
    remedy(
        Cause::NeverExits,
        "join()",
        "give the thread a way to its end: close its channel, or set a flag that its loop looks at",
    ),
    remedy(
        Cause::NeverExits,
        "",
        "give it a way to its end: a channel that is closed, a flag, a `CancellationToken`, or `Runtime::shutdown_timeout`",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_source() {
        for (full, plain) in [
            ("app::work::{{closure}}", "work"),
            ("app::main::{{closure}}::{{closure}}", "main"),
            ("<app::Client as app::Fetch>::fetch", "fetch"),
            ("app::Client::fetch", "Client::fetch"),
            ("app::pool::Pool<T>::take", "Pool::take"),
            ("main", "main"),
        ] {
            assert_eq!(plain_name(full), plain, "{full}");
        }
    }

    #[test]
    fn the_compiler_is_told_by_its_own_words() {
        let comment = b"GCC: (Debian 12.2.0) 12.2.0\0rustc version 1.88.0 (6b00bc388 2025-06-23)\0";
        assert_eq!(version(comment), "1.88.0");
        assert!(!made_by(b"GCC: (Debian 12.2.0) 12.2.0\0"));
    }
}
