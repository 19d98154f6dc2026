//! How programs are observed: what a system offers decides what can be promised of a trial.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::named;
named! {
    /// How programs are observed.
    #[derive(
        Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, ValueEnum,
    )]
    #[serde(rename_all = "kebab-case")]
    pub enum Backend {
        /// With all that Linux offers: stamped capture, a sub-reaper, process descriptors, a sandbox.
        #[default]
        Linux = "linux",
        /// With what any Unix offers: two pipes and a process group.
        Portable = "portable",
    }
}

impl Backend {
    /// The best that this system offers.
    pub const HERE: Backend = match cfg!(target_os = "linux") {
        true => Backend::Linux,
        false => Backend::Portable,
    };

    /// What a trial cannot promise, each as a clause of its own.
    #[must_use]
    pub fn gaps(self) -> &'static [&'static str] {
        match self {
            Backend::Linux => &[],
            Backend::Portable => &[
                "each line has an interval of time, so the order of lines on different streams may be open",
                "what leaves its process group outlives its program",
                "there is no sandbox and no limit to the number of processors",
            ],
        }
    }
}
