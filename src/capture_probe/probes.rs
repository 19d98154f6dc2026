//! Probes toolchains: each once, for the tool, the kernel and the version of `repro`.

use std::fs;
use std::path::{Path, PathBuf};

use super::check::{self, Fault, on_this_host};
use super::choice::Choice;
use crate::build::{self, Artifact, Cache, Request};
use crate::digest::sha256_of_parts;
use crate::model::toolchain::Toolchain;
use crate::process::Stop;
use crate::progress::Silence;
use crate::toolchain::{Source, Surroundings, recipe};
use crate::work_folder::WorkFolder;

/// Raised whenever a capture probe asks for more than before.
const REVISION: &str = "1";

/// Probes toolchains, and remembers what came of it.
#[derive(Debug)]
pub struct CaptureProbes<'r> {
    /// Where programs are built and results are kept.
    pub cache: &'r Cache,
    /// PATH and variables, as they were at the start.
    pub surroundings: &'r Surroundings,
    /// Whether the run is being ended.
    pub stop: &'r Stop,
    /// Why this host refuses stamped sockets, if it does.
    refusal: Option<String>,
}

impl<'r> CaptureProbes<'r> {
    /// Probes this host alone, without a toolchain: some milliseconds.
    #[must_use]
    pub fn open(
        cache: &'r Cache,
        surroundings: &'r Surroundings,
        stop: &'r Stop,
    ) -> CaptureProbes<'r> {
        let refusal = on_this_host(surroundings.clock, stop).err();
        CaptureProbes {
            cache,
            surroundings,
            stop,
            refusal,
        }
    }

    /// The way for the programs of a toolchain. It is probed once for each tool, kernel and version of `repro`.
    #[must_use]
    pub fn choose(&self, toolchain: &Toolchain) -> Choice {
        if let Some(refusal) = &self.refusal {
            return Choice::piped(format!("this host refuses stamped sockets: {refusal}"));
        }
        let Some(recipe) = recipe(&toolchain.language) else {
            return Choice::piped("there is no capture probe for a program's own commands".into());
        };
        let Some(capture_probe) = recipe.capture_probe else {
            return Choice::stamped("native code, and a capture probe on this host went well");
        };
        let kept = self.file(toolchain);
        let known = kept.as_deref().and_then(Choice::remembered);
        known.unwrap_or_else(|| self.probe(toolchain, capture_probe, kept.as_deref()))
    }

    fn probe(&self, toolchain: &Toolchain, capture_probe: Source, keep: Option<&Path>) -> Choice {
        let (choice, certain) = match self.run(toolchain, capture_probe) {
            Ok(()) => (
                Choice::stamped("its capture probe with this toolchain went well"),
                true,
            ),
            Err(fault) => {
                let reason = format!(
                    "its capture probe with stamped sockets failed: {}",
                    fault.says
                );
                (Choice::piped(reason), fault.certain)
            }
        };
        if let (Some(file), true) = (keep, certain) {
            choice.remember(file);
        }
        choice
    }

    fn run(&self, toolchain: &Toolchain, capture_probe: Source) -> Result<(), Fault> {
        let folder = WorkFolder::new();
        let folder = folder.map_err(|error| Fault::passing(&error))?;
        let source = folder.path().join(capture_probe.file);
        fs::write(&source, capture_probe.text).map_err(|error| Fault::passing(&error))?;
        let artifact = self.built(toolchain, source)?;
        let work = folder.path().join("work");
        fs::create_dir(&work).map_err(|error| Fault::passing(&error))?;
        artifact
            .prepare(&work)
            .map_err(|error| Fault::passing(&error))?;
        let nothing: [(&str, &str); 0] = [];
        let command = artifact.command(&work, [""; 0], nothing);
        check::run(command, self.surroundings.clock, self.stop)
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

    /// The file that keeps the result for a toolchain; `None` if the toolchain cannot be identified.
    fn file(&self, toolchain: &Toolchain) -> Option<PathBuf> {
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
