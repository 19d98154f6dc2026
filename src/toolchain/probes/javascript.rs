//! How Node programs are observed: a module that Node requires before the program.

use std::ffi::OsString;
use std::path::Path;

use crate::model::answer::Cause;
use crate::toolchain::runtime_probe::{Inherited, ProbeFile, Remedy, RuntimeProbe, Variables};

/// The module that is required.
const FILE: &str = "repro_probe.cjs";

pub(in crate::toolchain) const PROBE: RuntimeProbe = RuntimeProbe {
    files: &[ProbeFile {
        name: FILE,
        bytes: include_bytes!("javascript/repro_probe.cjs"),
    }],
    environment,
    announcements: &[],
    remedies: REMEDIES,
    cases: &[
        (Cause::Stall, "blocking-call/javascript/atomics-wait"),
        (Cause::Sequential, "sequential-await/javascript/await-each"),
        (Cause::Failfast, "fail-fast/javascript/listing"),
        (Cause::Pool, "io-pool/javascript/worker-pool"),
        (Cause::Forgotten, "fail-fast/javascript/listing"),
    ],
    open_loop: "while",
    item_loop: "for",
    comment: "//",
    joins: &["Promise.all("],
    starts_thread: "new Worker(",
    wait_word: "await",
    waits_for_others: &[],
    serves: &[],
    gives_up: &[],
    is_open_loop: None,
    jobs_seen_by_loop: true,
    opens: &[],
    builders: &[],
    ready_program: None,
    runs: None,
    from_outside: None,
    function_words: &["function ", "async ", "class "],
    imports: &[
        "compileForInternalLoader",
        "requireBuiltin",
        "Module.require",
        "requireFn",
        "lazyUndici",
        "wrapSafe",
        "compileFunctionForCJSLoader",
    ],
    task_waits: &[],
    thread_waits: &[],
    takes_lock: ("", "Atomics.wait("),
    limits: &[],
};

/// Never `--import`, which makes an entry in `CommonJS` load as if it were a module, so that ticks and promises change places.
fn environment(folder: &Path, inherited: Inherited<'_>) -> Variables {
    let mut options = inherited("NODE_OPTIONS").unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    let ours: OsString = node_option("--require", &folder.join(FILE));
    options.push(ours);
    vec![("NODE_OPTIONS", options)]
}

/// An option of `NODE_OPTIONS`, which splits at spaces outside of quotes.
pub(in crate::toolchain) fn node_option(name: &str, path: &Path) -> OsString {
    let path = path.to_string_lossy();
    let escaped = path.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name}=\"{escaped}\"").into()
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
        "execSync",
        "use `await promisify(exec)(…)` of `node:util` and `node:child_process`",
    ),
    remedy(
        Cause::Stall,
        "execFileSync",
        "use `await promisify(execFile)(…)` of `node:util` and `node:child_process`",
    ),
    remedy(
        Cause::Stall,
        "spawnSync",
        "use `spawn(…)`, and await its `close` event",
    ),
    remedy(
        Cause::Stall,
        "Atomics.wait(",
        "use `await Atomics.waitAsync(…).value`, or `await setTimeout(…)` of `node:timers/promises`",
    ),
    remedy(
        Cause::Stall,
        "readFileSync",
        "use `await fs.promises.readFile(…)`",
    ),
    remedy(
        Cause::Stall,
        "writeFileSync",
        "use `await fs.promises.writeFile(…)`",
    ),
    remedy(
        Cause::Stall,
        "pbkdf2Sync",
        "use `crypto.pbkdf2(…)`, which computes on another thread",
    ),
    remedy(
        Cause::Stall,
        "scryptSync",
        "use `crypto.scrypt(…)`, which computes on another thread",
    ),
    remedy(
        Cause::Stall,
        "Sync(",
        "use the function without `Sync`, and await its result",
    ),
    remedy(
        Cause::Stall,
        "",
        "run {function} in a `Worker` of `node:worker_threads`, or let others run in between: \
         `await setImmediate()` of `node:timers/promises` every few milliseconds",
    ),
    remedy(
        Cause::Sequential,
        "",
        "start them together: `await Promise.all(items.map(async (item) => …))`; begin each before the first await",
    ),
    remedy(
        Cause::Failfast,
        "",
        "use `await Promise.allSettled([…])` and look at each result, or abort the others with an `AbortController`",
    ),
    remedy(
        Cause::Pool,
        "Agent(",
        "raise its `maxSockets`, as far as the server bears it: the default has no limit",
    ),
    remedy(
        Cause::Pool,
        "",
        "give libuv more threads (`UV_THREADPOOL_SIZE=16` in the environment of the process), or use sockets and streams, \
         which need none",
    ),
    remedy(
        Cause::Lock,
        "",
        "hold the lock only while the shared data is touched, and wait outside of it",
    ),
    remedy(
        Cause::Forgotten,
        "forEach",
        "use `for (const item of items) await …`, or `await Promise.all(items.map(async (item) => …))`: `forEach` waits \
         for nothing",
    ),
    remedy(
        Cause::Forgotten,
        "",
        "await it, or keep the promise and await it before the program ends, and catch what it may throw",
    ),
    remedy(
        Cause::NeverExits,
        "setInterval",
        "keep what `setInterval` returns and call `clearInterval` when the work is done, or `unref()` it",
    ),
    remedy(
        Cause::NeverExits,
        "Worker",
        "call `worker.terminate()` when the work is done, or end the worker with a message",
    ),
    remedy(
        Cause::NeverExits,
        "",
        "close it when the work is done (`end()`, `close()`, `destroy()`), or `unref()` it",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_options_stay_in_force() {
        let with = |own: Option<&str>| {
            let variables = environment(Path::new("/a b"), &|_| own.map(OsString::from));
            variables[0].1.clone()
        };
        let ours = "--require=\"/a b/repro_probe.cjs\"";
        assert_eq!(with(None), ours);
        assert_eq!(
            with(Some("--max-old-space-size=99")),
            format!("--max-old-space-size=99 {ours}").as_str()
        );
    }
}
