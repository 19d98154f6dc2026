//! How Python programs are observed: `sitecustomize` is imported by every interpreter before anything else.

use std::path::Path;

use crate::model::answer::Cause;
use crate::toolchain::runtime_probe::{
    Inherited, ProbeFile, Remedy, RuntimeProbe, Variables, put_before,
};

pub(in crate::toolchain) const PROBE: RuntimeProbe = RuntimeProbe {
    files: &[
        ProbeFile {
            name: "sitecustomize.py",
            bytes: include_bytes!("python/sitecustomize.py"),
        },
        ProbeFile {
            name: "repro_probe.py",
            bytes: include_bytes!("python/repro_probe.py"),
        },
    ],
    environment,
    announcements: &[],
    remedies: REMEDIES,
    cases: &[
        (Cause::Stall, "blocking-call/python/listing"),
        (Cause::Sequential, "sequential-await/python/await-each"),
        (Cause::Failfast, "fail-fast/python/gather"),
        (Cause::Pool, "fixed-pool/python/two-threads"),
        (Cause::Lock, "fixed-pool/python/semaphore"),
        (Cause::Forgotten, "fail-fast/python/main-returns"),
    ],
    open_loop: "while",
    item_loop: "for",
    comment: "#",
    joins: &["gather("],
    starts_thread: ".start(",
    wait_word: "await",
    waits_for_others: &[],
    serves: &[],
    gives_up: &[],
    is_open_loop: None,
    jobs_seen_by_loop: false,
    opens: &[],
    builders: &[],
    ready_program: None,
    runs: None,
    from_outside: None,
    function_words: &["def ", "async def ", "class "],
    imports: &["_find_and_load"],
    task_waits: &["/locks.py", "/queues.py"],
    thread_waits: &["/threading.py", "/queue.py", "/_base.py", "/thread.py"],
    takes_lock: ("with ", ".acquire("),
    limits: &[
        ("anyio/_backends/_asyncio.py", "acquire_on_behalf_of"),
        ("aiohttp/connector.py", "_wait_for_available_connection"),
        ("httpcore/", "wait_for_connection"),
        ("asyncpg/pool.py", "Pool._acquire"),
        ("psycopg_pool/", "wait"),
        ("sqlalchemy/pool/", "_do_get"),
        ("urllib3/connectionpool.py", "_get_conn"),
    ],
};

fn environment(folder: &Path, inherited: Inherited<'_>) -> Variables {
    let path = inherited("PYTHONPATH");
    vec![("PYTHONPATH", put_before(folder, path.as_deref()))]
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
        "time.sleep",
        "use `await asyncio.sleep(…)`, or run {function} in a thread: `await asyncio.to_thread({function}, …)`",
    ),
    remedy(
        Cause::Stall,
        "requests.",
        "use a client that awaits (httpx.AsyncClient, aiohttp), or `await asyncio.to_thread(requests.get, …)`",
    ),
    remedy(
        Cause::Stall,
        "urlopen",
        "use a client that awaits (httpx.AsyncClient, aiohttp), or `await asyncio.to_thread(urlopen, …)`",
    ),
    remedy(
        Cause::Stall,
        "subprocess.",
        "use `await asyncio.create_subprocess_exec(…)`, or `await asyncio.to_thread(subprocess.run, …)`",
    ),
    remedy(
        Cause::Stall,
        ".result()",
        "await the future instead: `await asyncio.wrap_future(future)`, or `await loop.run_in_executor(…)`",
    ),
    remedy(
        Cause::Stall,
        "Executor(",
        "leaving the `with` block waits for the pool: keep the pool open, and await its futures before the block ends",
    ),
    remedy(
        Cause::Stall,
        "",
        "run {function} outside the event loop: `await asyncio.to_thread({function}, …)`, or in a \
         `ProcessPoolExecutor` if it computes; in FastAPI, declare the endpoint with `def`",
    ),
    remedy(
        Cause::Sequential,
        ".result()",
        "submit every job first, and ask for the results afterwards: `list(pool.map(…))`",
    ),
    remedy(
        Cause::Sequential,
        ".join()",
        "start every thread first, and join them afterwards",
    ),
    remedy(
        Cause::Sequential,
        "",
        "start them together: `await asyncio.gather(…)`, or one `asyncio.create_task(…)` each before the first await",
    ),
    remedy(
        Cause::Failfast,
        "",
        "use `asyncio.gather(…, return_exceptions=True)` and look at each result, or an `asyncio.TaskGroup`, which \
         cancels the others on purpose",
    ),
    remedy(
        Cause::Pool,
        "run_in_executor(None",
        "hand over a pool of your own that is large enough: `loop.set_default_executor(ThreadPoolExecutor(…))`",
    ),
    remedy(
        Cause::Pool,
        "to_thread",
        "make the pool larger: `loop.set_default_executor(ThreadPoolExecutor(max_workers=…))`, or use an async client",
    ),
    remedy(
        Cause::Pool,
        "",
        "make the pool as large as the work that waits at one time (`max_workers=…`), or await instead of using threads",
    ),
    remedy(
        Cause::Lock,
        "",
        "hold the lock only while the shared data is touched, and wait outside of it",
    ),
    remedy(
        Cause::Forgotten,
        "",
        "keep the task and await it before main returns, and catch what it may raise",
    ),
    remedy(
        Cause::NeverExits,
        ".join()",
        "end the workers: put one sentinel a worker, or call `task_done()` in a `finally` for each item that was got",
    ),
    remedy(
        Cause::NeverExits,
        "",
        "tell it to end and wait for it (a sentinel, an Event, `cancel()`), or make the thread a daemon",
    ),
];
