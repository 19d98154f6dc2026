//! Whether the programs of a toolchain bear to be captured by stamped sockets: tried before anything is judged.
//!
//! A host may refuse the shim, and a runtime may do to its output what no shim foresaw. So a small program is run that
//! prints, reopens its stdout by name and writes much at once; all of it must arrive, in order.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::build::{self, Artifact, Cache, Request};
use crate::clock::Clock;
use crate::digest::sha256_of_parts;
use crate::model::toolchain::Toolchain;
use crate::model::trace::{Capture, Exit};
use crate::process::{Command, Stop, Supervisor};
use crate::progress::Silence;
use crate::replace_file::replace_file_unsynced;
use crate::run::{Limits, Observation, Observer};
use crate::toolchain::{CaptureProbe, Surroundings, recipe};

mod host;

pub use host::main_if_asked;

/// Raised whenever a capture probe asks for more than before.
const REVISION: &str = "1";

/// The bytes of the one long line.
const LONG: usize = 1 << 20;

/// How long a capture probe may take; on a machine that is busier than this, nothing is decided for later runs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The way that was chosen, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The way.
    #[serde(with = "way")]
    pub way: Capture,
    /// Why: the rest of a sentence that names it.
    pub reason: String,
}

impl Choice {
    /// What the command line or a case file asks for.
    #[must_use]
    pub fn asked_for(way: Capture) -> Choice {
        Choice {
            way,
            reason: "as asked for".into(),
        }
    }
}

/// What capture probes are carried out with.
#[derive(Debug)]
pub struct Stage<'r> {
    /// Where programs are built and results are kept.
    pub cache: &'r Cache,
    /// PATH and variables, as they were at the start.
    pub surroundings: &'r Surroundings,
    /// What stamps and waits.
    pub clock: Clock,
    /// Whether the run is being ended.
    pub stop: &'r Stop,
    /// Why this host refuses stamped sockets, if it does.
    refusal: Option<String>,
}

impl<'r> Stage<'r> {
    /// Rehearses on this host alone, without a toolchain: some milliseconds.
    #[must_use]
    pub fn open(
        cache: &'r Cache,
        surroundings: &'r Surroundings,
        clock: Clock,
        stop: &'r Stop,
    ) -> Stage<'r> {
        let refusal = on_this_host(clock, stop).err();
        Stage {
            cache,
            surroundings,
            clock,
            stop,
            refusal,
        }
    }

    /// The way for the programs of a toolchain. Rehearsed once for each tool, kernel and version of `repro`.
    #[must_use]
    pub fn choose(&self, toolchain: &Toolchain) -> Choice {
        if let Some(refusal) = &self.refusal {
            return piped(format!("this host refuses stamped sockets: {refusal}"));
        }
        let Some(recipe) = recipe(&toolchain.language) else {
            return piped("there is no capture probe for a program's own commands".into());
        };
        let Some(capture_probe) = recipe.capture_probe else {
            return stamped("native code, and a capture probe on this host went well");
        };
        let kept = self.place(toolchain);
        let known = kept.as_deref().and_then(remembered);
        known.unwrap_or_else(|| self.probe(toolchain, capture_probe, kept.as_deref()))
    }

    fn probe(
        &self,
        toolchain: &Toolchain,
        capture_probe: CaptureProbe,
        keep: Option<&Path>,
    ) -> Choice {
        let (choice, certain) = match self.play(toolchain, capture_probe) {
            Ok(()) => (
                stamped("its capture probe with this toolchain went well"),
                true,
            ),
            Err(fault) => {
                let reason = format!(
                    "its capture probe with stamped sockets failed: {}",
                    fault.says
                );
                (piped(reason), fault.certain)
            }
        };
        if let (Some(place), true) = (keep, certain) {
            remember(place, &choice);
        }
        choice
    }

    fn play(&self, toolchain: &Toolchain, capture_probe: CaptureProbe) -> Result<(), Fault> {
        let folder = tempfile::Builder::new().prefix("repro-").tempdir();
        let folder = folder.map_err(|error| Fault::passing(&error))?;
        let source = folder.path().join(capture_probe.file);
        fs::write(&source, capture_probe.source).map_err(|error| Fault::passing(&error))?;
        let artifact = self.built(toolchain, source)?;
        let work = folder.path().join("work");
        fs::create_dir(&work).map_err(|error| Fault::passing(&error))?;
        artifact
            .prepare(&work)
            .map_err(|error| Fault::passing(&error))?;
        let nothing: [(&str, &str); 0] = [];
        let command = artifact.command(&work, [""; 0], nothing);
        faults(&command, self.clock, self.stop)
    }

    fn built(&self, toolchain: &Toolchain, source: PathBuf) -> Result<Artifact, Fault> {
        let request = Request {
            case: "capture_probe".into(),
            program: toolchain.language.clone(),
            source,
            files: Vec::new(),
            commands: None,
            toolchain: toolchain.clone(),
            limit: build::LIMIT,
            took: None,
        };
        let built = build::all(
            &[request],
            self.cache,
            self.surroundings,
            &Silence,
            self.stop,
        );
        match built.into_iter().next() {
            Some(Ok(built)) => Ok(built.artifact),
            Some(Err(error)) => Err(Fault::passing(&error)),
            None => Err(Fault::passing(&"it was not built")),
        }
    }

    /// Where the result for a toolchain is kept; `None` if that cannot be told.
    fn place(&self, toolchain: &Toolchain) -> Option<PathBuf> {
        let identity = build::identity(toolchain).ok()?;
        let kernel = rustix::system::uname();
        let digest = sha256_of_parts([
            identity.as_bytes(),
            kernel.release().to_bytes(),
            kernel.version().to_bytes(),
            env!("CARGO_PKG_VERSION").as_bytes(),
            REVISION.as_bytes(),
        ]);
        let name = format!("{digest}.json");
        Some(self.cache.folder().join("capture-probes").join(name))
    }
}

/// Rehearses without any toolchain: some milliseconds.
///
/// # Errors
/// Why stamped sockets do not work here.
pub fn on_this_host(clock: Clock, stop: &Stop) -> Result<(), String> {
    let command = Command {
        // Of the supervisor, which is this very binary.
        program: PathBuf::from("/proc/self/exe"),
        args: vec![host::ENTRY.into()],
        env: Vec::new(),
        folder: PathBuf::from("/"),
    };
    faults(&command, clock, stop).map_err(|fault| fault.says)
}

/// What went wrong.
#[derive(Debug)]
struct Fault {
    says: String,
    /// Whether it would go wrong again.
    certain: bool,
}

impl Fault {
    fn passing(error: &impl ToString) -> Fault {
        Fault {
            says: error.to_string(),
            certain: false,
        }
    }

    fn certain(says: impl Into<String>) -> Fault {
        Fault {
            says: says.into(),
            certain: true,
        }
    }
}

/// Runs the program of a capture probe, and looks whether all of it arrived.
fn faults(command: &Command, clock: Clock, stop: &Stop) -> Result<(), Fault> {
    let limits = Limits {
        timeout: TIMEOUT,
        line_bytes: 2 * LONG,
        ..Limits::default()
    };
    let supervisor = Supervisor::this_binary();
    let observer = Observer {
        supervisor: &supervisor,
        limits: &limits,
        way: Capture::Stamped,
        clock,
        stop,
    };
    match observer.observe(command) {
        Ok(seen) => check(&seen),
        Err(error) => Err(Fault::passing(&error)),
    }
}

fn check(seen: &Observation) -> Result<(), Fault> {
    match seen.exit {
        Exit::Code(0) => {}
        Exit::Timeout { .. } => return Err(Fault::passing(&"it did not end in time")),
        Exit::Code(_) | Exit::Signal(_) | Exit::Flooded => {
            let last = seen.lines.last();
            let last = last.map_or("".into(), |line| String::from_utf8_lossy(&line.bytes));
            let last: String = last.chars().take(200).collect();
            return Err(Fault::certain(format!("it failed, saying `{last}`")));
        }
    }
    let lines = seen.lines.iter().map(|line| line.bytes.as_slice());
    let long = vec![b'x'; LONG];
    let expected = [b"one".as_slice(), b"two", b"three", &long, b"four"];
    for expected in expected {
        if !lines.clone().any(|line| line == expected) {
            let what = str::from_utf8(&expected[..expected.len().min(5)]).unwrap_or_default();
            return Err(Fault::certain(format!("its line `{what}` did not arrive")));
        }
    }
    if lines.ne(expected) {
        return Err(Fault::certain("its lines did not arrive in order"));
    }
    Ok(())
}

fn stamped(reason: &str) -> Choice {
    Choice {
        way: Capture::Stamped,
        reason: reason.into(),
    }
}

fn piped(reason: String) -> Choice {
    Choice {
        way: Capture::Piped,
        reason,
    }
}

fn remembered(place: &Path) -> Option<Choice> {
    serde_json::from_slice(&fs::read(place).ok()?).ok()
}

/// Lost, it is only probed again.
fn remember(place: &Path, choice: &Choice) {
    let Some(folder) = place.parent() else { return };
    if fs::create_dir_all(folder).is_ok() {
        let _ = replace_file_unsynced(place, |out| Ok(serde_json::to_writer(out, choice)?));
    }
}

/// A way by the name that the report has for it.
mod way {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::model::trace::Capture;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands fields over by reference"
    )]
    pub(super) fn serialize<S: Serializer>(way: &Capture, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(way.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Capture, D::Error> {
        let name = String::deserialize(from)?;
        let ways = [Capture::Stamped, Capture::Piped];
        let found = ways.into_iter().find(|way| way.name() == name);
        found.ok_or_else(|| de::Error::custom("no such way"))
    }
}
