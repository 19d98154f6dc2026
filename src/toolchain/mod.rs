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
mod python;
mod recipe;
mod rust;
mod surroundings;

pub use choose::{means, platform, select, select_all, selector};
pub use environment::{Environment, build_environment, environment};
pub use find::{Found, all, default_for};
pub use languages::{
    RECIPES, called, flush_advice, of_source, read_version, recipe, syntax, version_flag,
};
pub use own::{located, own};
pub use probe::Answer;
pub use recipe::{
    Build, Call, CaptureProbe, Compiler, Engine, Fetch, Import, Package, Place, Preload, Recipe,
    Source, Starter, Syntax,
};
pub use surroundings::Surroundings;
