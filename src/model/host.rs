//! The machine that a run happened on.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::backend::Backend;

/// The machine a run happened on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// `linux`.
    pub os: String,
    /// `x86_64`.
    pub arch: String,
    /// The kernel's release.
    pub kernel: String,
    /// Cores that this process may use.
    pub cores: usize,
    /// How programs are observed; `linux` in reports of older versions.
    #[serde(default)]
    pub backend: Backend,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.cores == 1 { "" } else { "s" };
        let (os, kernel, arch, cores) = (&self.os, &self.kernel, &self.arch, self.cores);
        write!(f, "{os} {kernel}, {arch}, {cores} core{s}")?;
        match self.backend {
            Backend::Linux => Ok(()),
            Backend::Portable => {
                let gaps = self.backend.gaps().join("; ");
                write!(f, ", {} backend: {gaps}", self.backend.name())
            }
        }
    }
}
