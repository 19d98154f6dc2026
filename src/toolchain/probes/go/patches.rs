//! The calls of the probe, put into files of Go's runtime.

use std::fs;
use std::path::Path;

use crate::model::version::Version;

/// The releases whose runtime the probe knows.
const KNOWN: std::ops::RangeInclusive<(u64, u64)> = (1, 23)..=(1, 26);

/// A place in a file, and what stands there instead.
type Patch = (&'static str, &'static str);

/// The files, each with all that has to be put into it. A place that is not there means a runtime that is not known.
const PATCHES: &[(&str, &[Patch])] = &[
    (
        "runtime/runtime2.go",
        &[(
            "\tgoid         uint64\n",
            "\tgoid         uint64\n\trepro reproOfG\n",
        )],
    ),
    ("runtime/proc.go", PROC),
    ("runtime/sema.go", SEMA),
    (
        "sync/mutex.go",
        &[
            (
                "package sync\n",
                "package sync\n\nimport reproUnsafe \"unsafe\"\n",
            ),
            (
                "func (m *Mutex) Lock() {\n",
                "func reproTake(reproUnsafe.Pointer)\n\nfunc (m *Mutex) Lock() {\n\treproTake(reproUnsafe.Pointer(m))\n",
            ),
        ],
    ),
    (
        "sync/rwmutex.go",
        &[
            (
                "func (rw *RWMutex) RLock() {\n",
                "func (rw *RWMutex) RLock() {\n\treproTake(unsafe.Pointer(rw))\n",
            ),
            (
                "\trw.w.Lock()\n",
                "\trw.w.Lock()\n\treproTake(unsafe.Pointer(rw))\n",
            ),
        ],
    ),
];

const PROC: &[Patch] = &[
    (
        "\t// Lock the main goroutine onto this, the main OS thread,\n",
        "\treproBegin()\n\n\t// Lock the main goroutine onto this, the main OS thread,\n",
    ),
    (
        "laying down the runtime\n\tfn()\n",
        "laying down the runtime\n\tgetg().repro.made = 0\n\tfn()\n\treproEnd()\n",
    ),
    (
        "func os_beforeExit(exitCode int) {\n",
        "func os_beforeExit(exitCode int) {\n\treproEnd()\n",
    ),
    (
        "\tfatal(\"all goroutines are asleep - deadlock!\")\n",
        "\treproDeadlock()\n\tfatal(\"all goroutines are asleep - deadlock!\")\n",
    ),
    (
        "\tmp.waitTraceSkip = traceskip\n\treleasem(mp)\n\t// can't do anything that might move the G between Ms here.\n\
         \tmcall(park_m)\n",
        "\tmp.waitTraceSkip = traceskip\n\treproSince := reproParks(gp, reason)\n\treleasem(mp)\n\
         \t// can't do anything that might move the G between Ms here.\n\tmcall(park_m)\n\
         \tif reproSince != 0 {\n\t\treproParked(gp, reproSince, reason, lock)\n\t}\n",
    ),
    (
        "\t// status is Gwaiting or Gscanwaiting, make Grunnable and put on runq\n",
        "\tif up := mp.curg; up != nil {\n\t\tgp.repro.waker = up.goid\n\t\tgp.repro.wakerG = guintptr(unsafe.Pointer(up))\n\t}\n",
    ),
    (
        "func newproc(fn *funcval) {\n",
        "func newproc(fn *funcval) {\n\treproFrom := reproCaller(getfp())\n",
    ),
    (
        "\t\tnewg := newproc1(fn, gp, pc, false, waitReasonZero)\n",
        "\t\tnewg := newproc1(fn, gp, pc, false, waitReasonZero)\n\t\tnewg.repro.from = reproFrom\n",
    ),
    (
        "\tfp := getcallerfp()\n",
        "\tfp := getcallerfp()\n\tif reproOn {\n\t\tgetg().repro.in = reproClock\n\t}\n",
    ),
    (
        "\t\tgp.throwsplit = false\n",
        "\t\tgp.throwsplit = false\n\t\tif reproOn && gp.repro.in != 0 && reproClock-gp.repro.in >= reproSlow {\n\
         \t\t\treproSyscalled(gp)\n\t\t}\n",
    ),
    (
        "\n\tgp.throwsplit = false\n}\n",
        "\n\tgp.throwsplit = false\n\tif reproOn && gp.repro.in != 0 && reproClock-gp.repro.in >= reproSlow {\n\
         \t\treproSyscalled(gp)\n\t}\n}\n",
    ),
    (
        "\tnewg.startpc = fn.fn\n",
        "\tnewg.startpc = fn.fn\n\treproBorn(callergp, newg)\n",
    ),
];

const SEMA: &[Patch] = &[
    (
        "\t\troot.queue(addr, s, lifo)\n",
        "\t\troot.queue(addr, s, lifo)\n\t\tgp.repro.object = uintptr(unsafe.Pointer(addr))\n",
    ),
    (
        "\tif s != nil { // May be slow or even yield, so unlock first\n",
        "\tif s != nil { // May be slow or even yield, so unlock first\n\t\treproReleased(addr, s.g)\n",
    ),
];

/// The files of a toolchain with the probe in them, by their names below `src`.
pub(super) fn patched(root: &Path, probe: &str) -> Option<Vec<(String, String)>> {
    let version = fs::read_to_string(root.join("VERSION")).ok()?;
    let release = Version::parse(version.lines().next()?)?.release()?;
    if !KNOWN.contains(&release) {
        return None;
    }
    let mut files = Vec::new();
    let (mut older, mut has_groups) = (false, false);
    for (name, patches) in PATCHES {
        let mut text = fs::read_to_string(root.join("src").join(name)).ok()?;
        for (place, instead) in *patches {
            text.find(place)?;
            text = text.replacen(place, instead, 1);
        }
        older |= text.contains("func gcount() int32");
        has_groups |= text.contains("\twaitReasonSyncWaitGroupWait");
        files.push(((*name).to_string(), text));
    }
    let mut probe = probe.to_string();
    if older {
        probe = probe
            .replace("gcount(false)", "gcount()")
            .replace("s.c.get()", "s.c");
    }
    if !has_groups {
        probe = probe.replace("waitReasonSyncWaitGroupWait", "waitReasonSemacquire");
    }
    files.push(("runtime/repro_probe.go".into(), probe));
    Some(files)
}
