//! Which toolchains are installed here, and which of them somebody means.

mod choose;
mod cpp;
mod environment;
mod find;
mod go;
mod java;
mod javascript;
mod languages;
mod own;
pub(crate) mod parallel;
mod places;
mod probe;
mod probes;
mod python;
mod recipe;
mod runtime_probe;
mod rust;
mod surroundings;

pub use choose::{means, platform, select, select_all, selector};
pub use environment::{Environment, build_environment, environment};
pub use find::{Found, all, default_for};
pub use languages::{
    RECIPES, background_threads, called, flush_advice, read_version, recipe, recipe_for, syntax,
    version_flag,
};
pub use own::{located, own};
pub use probe::Answer;
pub use recipe::{
    Build, Call, Compiler, Engine, EntryPoint, Fetch, Import, Package, Place, Preload, Recipe,
    Source, Starter, Syntax,
};
pub use runtime_probe::{
    Announcement, FromOutside, Inherited, ProbeFile, Remedy, RuntimeProbe, Takes, TaskLayouts,
    Variables,
};
pub use surroundings::Surroundings;
