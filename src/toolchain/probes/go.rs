//! How Go programs are observed: the compiler is given a few files of Go's own runtime with calls of the probe put into
//! them. Whatever `go run`, `go build` or `go test` makes meanwhile has the probe in it; no file of Go's or the user's changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::model::answer::Cause;
use crate::toolchain::runtime_probe::{
    Inherited, ProbeFile, Remedy, Runs, RuntimeProbe, Variables,
};

mod patches;
mod roots;

/// The file that is put beside the runtime's own.
const FILE: &str = "repro_probe.go";
const TEXT: &str = include_str!("go/repro_probe.go");

pub(in crate::toolchain) const PROBE: RuntimeProbe = RuntimeProbe {
    files: &[ProbeFile {
        name: FILE,
        bytes: TEXT.as_bytes(),
    }],
    environment,
    announcements: &[],
    remedies: REMEDIES,
    cases: &[
        (Cause::Stall, "blocking-call/go/without-go"),
        (Cause::Sequential, "sequential-await/go/receive-each"),
        (Cause::Failfast, "fail-fast/go/first-error"),
        (Cause::Pool, "fixed-pool/go/two-workers"),
        (Cause::Forgotten, "fail-fast/go/all-settled"),
    ],
    open_loop: "for",
    item_loop: "for",
    comment: "//",
    joins: &[],
    starts_thread: "go func",
    wait_word: "<-",
    waits_for_others: &["chan ", "select", "sync.", "semacquire"],
    serves: &[".Serve", ".Accept", ".ListenAndServe", ".ListenAndServeTLS"],
    gives_up: &["os.Exit(", "log.Fatal", "panic("],
    is_open_loop: Some(is_open_loop),
    ready_program: Some(ready_program),
    runs: Some(Runs {
        args: &["run", "."],
        environment: &[],
    }),
    from_outside: None,
    function_words: &["func ", "go func", "defer func"],
    imports: &[],
    task_waits: &[],
    thread_waits: &[
        "/runtime/chan.go",
        "/runtime/select.go",
        "/runtime/sema.go",
        "/sync/mutex.go",
        "/errgroup/errgroup.go",
        "/sync/rwmutex.go",
        "/sync/waitgroup.go",
        "/sync/cond.go",
    ],
    takes_lock: ("", "Lock()"),
    limits: &[
        ("/database/sql/sql.go", "(*DB).conn"),
        ("/net/http/transport.go", "(*Transport).getConn"),
    ],
    builders: &["go"],
    jobs_seen_by_loop: false,
    opens: &[("/net/http/transport.go", "(*Transport).dialConn")],
};

/// A loop over given items says `range` or counts; one over the ticks of a timer goes on.
fn is_open_loop(head: &str) -> bool {
    let ticks = head.contains(".C ") || head.contains("time.Tick(");
    ticks || !(head.contains("range ") || head.contains(';'))
}

/// Go leaves this in every program that it links.
const BUILD_INFO: &[u8] = b"\xff Go buildinf:";
/// How far into a program that is looked for; it stands near the beginning of the data.
const LOOKED_AT: u64 = 64 << 20;

fn ready_program(file: &Path) -> Option<&'static str> {
    let is_command = file.file_name().is_some_and(|name| name == "go");
    let mut program = Vec::new();
    let mut file = fs::File::open(file).ok()?;
    file.by_ref().take(4).read_to_end(&mut program).ok()?;
    if program != b"\x7fELF" {
        return None;
    }
    file.take(LOOKED_AT).read_to_end(&mut program).ok()?;
    memmem::find(&program, BUILD_INFO)?;
    Some(match is_command {
        true => {
            "the probe is for an installed Go 1.23 to 1.26, not for one that Go fetched itself, and without an `-overlay` \
             or `-trimpath` of yours; what was run was built otherwise"
        }
        false => {
            "this Go program was built without the probe: have it built meanwhile, as by `repro why -- go run .`, or \
             `repro why -- sh -c 'go build -o app . && ./app'`"
        }
    })
}

/// Without a toolchain that is known, there is nothing to load.
fn environment(folder: &Path, inherited: Inherited<'_>) -> Variables {
    let own = roots::flags(inherited);
    // Only one overlay can be in force, and the user's has to be.
    if own.to_string_lossy().contains("-overlay") {
        return Vec::new();
    }
    let Ok(Some(overlay)) = overlay(folder, &roots::roots(inherited)) else {
        return Vec::new();
    };
    let mut flags = own;
    if !flags.is_empty() {
        flags.push(" ");
    }
    flags.push("-overlay=");
    flags.push(overlay);
    vec![("GOFLAGS", flags)]
}

/// Writes the files that replace others, for each toolchain that is known, and the list of them.
fn overlay(folder: &Path, roots: &[PathBuf]) -> io::Result<Option<PathBuf>> {
    let mut replaced: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (number, root) in roots.iter().enumerate() {
        let Some(files) = patches::patched(root, TEXT) else {
            continue;
        };
        for (name, text) in files {
            let own = folder.join(format!("{number}-{}", name.replace('/', "-")));
            fs::write(&own, text)?;
            replaced.insert(root.join("src").join(name), own);
        }
    }
    if replaced.is_empty() {
        return Ok(None);
    }
    let path = folder.join("overlay.json");
    let list = BTreeMap::from([("Replace", replaced)]);
    fs::write(&path, serde_json::to_vec(&list)?)?;
    Ok(Some(path))
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
        "run {function} in a goroutine of its own, so that the loop goes on: start it with `go`, and receive its result in another case",
    ),
    remedy(
        Cause::Sequential,
        ".Wait()",
        "start every goroutine first, and wait once, after the loop",
    ),
    remedy(
        Cause::Sequential,
        "",
        "start every goroutine first, and receive from them afterwards, in a loop of its own",
    ),
    remedy(
        Cause::Failfast,
        "",
        "collect each result with its error, and look at them when all are there; pass a context to those that shall stop",
    ),
    remedy(
        Cause::Pool,
        "",
        "start as many workers as the work that waits at one time, or raise the limit",
    ),
    remedy(
        Cause::Lock,
        "",
        "hold the lock only while the shared data is touched: unlock before the wait, and lock again after it",
    ),
    remedy(
        Cause::Forgotten,
        "",
        "wait for it before main returns: a `sync.WaitGroup` (`Add` before `go`, `Done` at its end, `Wait` in main), or a \
         channel that it sends its result to",
    ),
    remedy(
        Cause::NeverExits,
        "range ",
        "close the channel when the last value has been sent: `close(ch)` by the sender, after a `WaitGroup` of the senders",
    ),
    remedy(
        Cause::NeverExits,
        ".Wait()",
        "let each `Add` have its `Done`, also where a goroutine returns early (`defer wg.Done()`), and pass the \
         `WaitGroup` by pointer",
    ),
    remedy(
        Cause::NeverExits,
        "Lock()",
        "let every way out of the function unlock it (`defer mu.Unlock()`), and take several locks in the same order \
         everywhere",
    ),
    remedy(
        Cause::NeverExits,
        "",
        "let somebody send, receive or close the channel on every path, or wait with a context that ends",
    ),
];
