//! Which toolchains are installed here, and which of them somebody means.

mod choose;
mod cpp;
mod environment;
mod find;
mod go;
mod java;
mod javascript;
mod own;
pub(crate) mod parallel;
mod places;
mod probe;
mod python;
mod recipe;
mod rust;
mod surroundings;

pub use choose::{means, platform, selector};
pub use environment::{Environment, build_environment, environment};
pub use find::{Found, all, default_for, select, select_all};
pub use own::{located, own};
pub use probe::Answer;
pub use recipe::{
    Build, Call, CaptureProbe, Compiler, Engine, Import, Package, Place, Preload, RECIPES, Recipe,
    Source, Starter, Syntax, called, flush_advice, of_source, read_version, recipe, syntax,
    version_flag,
};
pub use surroundings::Surroundings;
