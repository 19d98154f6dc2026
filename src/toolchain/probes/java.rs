//! How JVMs are observed: an agent that the JVM loads before the program. Its sources stand beside its jar.

use std::ffi::OsString;
use std::path::Path;

use crate::model::answer::Cause;
use crate::toolchain::runtime_probe::{
    Announcement, Inherited, ProbeFile, Remedy, RuntimeProbe, Variables,
};

/// The agent.
const FILE: &str = "repro-probe.jar";

/// The variable whose options every JVM takes, whoever starts it.
const VARIABLE: &str = "JAVA_TOOL_OPTIONS";

pub(in crate::toolchain) const PROBE: RuntimeProbe = RuntimeProbe {
    files: &[ProbeFile {
        name: FILE,
        bytes: include_bytes!("java/repro-probe.jar"),
    }],
    environment,
    announcements: &[Announcement {
        variable: VARIABLE,
        before: "Picked up JAVA_TOOL_OPTIONS: ",
    }],
    remedies: REMEDIES,
    cases: &[
        (Cause::Stall, "blocking-call/java/one-thread"),
        (Cause::Sequential, "sequential-await/java/get-each"),
        (Cause::Failfast, "fail-fast/java/completable-cancel"),
        (Cause::Pool, "fixed-pool/java/listing"),
        (Cause::Forgotten, "fail-fast/java/submit-and-forget"),
    ],
    open_loop: "while",
    item_loop: "for",
    comment: "//",
    joins: &[],
    starts_thread: ".start(",
    wait_word: "get",
    is_open_loop: Some(|head| head.contains("while") || head.contains("(;;)")),
    waits_for_others: &[],
    serves: &[],
    gives_up: &[],
    jobs_seen_by_loop: false,
    opens: &[],
    builders: &[],
    ready_program: None,
    runs: None,
    from_outside: None,
    function_words: &[
        "public ",
        "private ",
        "protected ",
        "static ",
        "void ",
        "synchronized ",
        "class ",
    ],
    imports: &[],
    task_waits: &[],
    thread_waits: &["/LockSupport.java", "/Object.java"],
    takes_lock: ("synchronized", ".lock("),
    limits: &[
        ("com/zaxxer/hikari/pool/", "HikariPool.getConnection"),
        (
            "org/apache/commons/pool2/",
            "GenericObjectPool.borrowObject",
        ),
        (
            "org/apache/tomcat/jdbc/pool/",
            "ConnectionPool.borrowConnection",
        ),
        (
            "org/apache/http/pool/",
            "AbstractConnPool.getPoolEntryBlocking",
        ),
        ("org/apache/hc/core5/pool/", "StrictConnPool.lease"),
    ],
};

fn environment(folder: &Path, inherited: Inherited<'_>) -> Variables {
    let mut options = inherited(VARIABLE).unwrap_or_default();
    if !options.is_empty() {
        options.push(" ");
    }
    options.push(agent_option(&folder.join(FILE)));
    vec![(VARIABLE, options)]
}

/// The variable splits at spaces outside of quotes.
fn agent_option(jar: &Path) -> OsString {
    let jar = jar.to_string_lossy();
    match jar.contains(char::is_whitespace) {
        true => format!("-javaagent:\"{jar}\"").into(),
        false => format!("-javaagent:{jar}").into(),
    }
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
        "",
        "hand what blocks to a pool of its own (`executor.submit(…)`, `CompletableFuture.supplyAsync(…, executor)`), and let \
         the loop's thread go on; for timers, `Executors.newScheduledThreadPool` with more threads; for `HttpServer`, \
         `setExecutor(…)`",
    ),
    remedy(
        Cause::Sequential,
        ".join()",
        "start all of them first, and join them afterwards; in a stream, collect the futures to a list before `join`",
    ),
    remedy(
        Cause::Sequential,
        "",
        "submit every job first and ask for the results afterwards, or `executor.invokeAll(jobs)`; in a stream, collect the \
         futures to a list before asking for any result",
    ),
    remedy(
        Cause::Failfast,
        "",
        "ask each future for its result and catch its error by itself, or cancel the others on purpose (`shutdownNow()`)",
    ),
    remedy(
        Cause::Pool,
        "newFixedThreadPool",
        "make the pool as large as the work that waits at one time, or start a virtual thread for each job: \
         `Executors.newVirtualThreadPerTaskExecutor()` (21 and later)",
    ),
    remedy(
        Cause::Pool,
        "newSingleThread",
        "use more threads unless the order matters: `Executors.newFixedThreadPool(…)`, or virtual threads (21 and later)",
    ),
    remedy(
        Cause::Pool,
        "ThreadPoolExecutor(",
        "a queue without a bound keeps the pool at its core size: raise the core size, or bound the queue",
    ),
    remedy(
        Cause::Pool,
        "Async(",
        "hand what blocks to a pool of your own: `supplyAsync(…, executor)`; the common pool has one thread a processor",
    ),
    remedy(
        Cause::Pool,
        "",
        "make the pool as large as the work that waits at one time, or use virtual threads (21 and later); a job never waits \
         for another job of its own pool",
    ),
    remedy(
        Cause::Lock,
        "",
        "hold the lock only while the shared data is touched, and wait outside of it; take several locks in one order",
    ),
    remedy(
        Cause::Forgotten,
        "schedule",
        "catch every exception within the job: one that leaves it ends all later runs, and only `get()` tells of it",
    ),
    remedy(
        Cause::Forgotten,
        "submit",
        "keep the future and call `get()`, use `execute` so that the error is printed, or catch it within the job",
    ),
    remedy(
        Cause::Forgotten,
        "Async(",
        "keep the future and `join()` it before main returns (threads of the common pool are daemons), and handle its error \
         with `exceptionally`",
    ),
    remedy(
        Cause::Forgotten,
        "",
        "wait for it before main returns (`join()`), or let a thread that is no daemon run it",
    ),
    remedy(
        Cause::NeverExits,
        "Executor",
        "call `shutdown()` when the work is done, or use the executor in `try (…)` (19 and later)",
    ),
    remedy(
        Cause::NeverExits,
        "newFixedThreadPool",
        "call `shutdown()` when the work is done, or use the pool in `try (…)` (19 and later)",
    ),
    remedy(
        Cause::NeverExits,
        "Timer(",
        "call `cancel()` when the work is done, or make the timer a daemon: `new Timer(true)`",
    ),
    remedy(
        Cause::NeverExits,
        "",
        "tell it to end and wait for it (`shutdown()`, an interrupt, an element that means the end), or make the thread a \
         daemon",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_options_stay_in_force() {
        let with = |folder: &str, own: Option<&str>| {
            let variables = environment(Path::new(folder), &|_| own.map(OsString::from));
            variables[0].1.clone()
        };
        assert_eq!(with("/a", None), "-javaagent:/a/repro-probe.jar");
        assert_eq!(
            with("/a b", Some("-Xmx99m")),
            "-Xmx99m -javaagent:\"/a b/repro-probe.jar\""
        );
    }
}
