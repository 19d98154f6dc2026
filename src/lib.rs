//! `repro` runs programs that show how concurrency really behaves, and judges what they print and when.
//!
//! The modules stand in the order in which data flows through them: each imports only those above it.
//! This library serves the `repro` binary; its interface is not stable.

pub mod model;

pub mod clock;

pub mod visible;

pub mod random;

pub mod replace_file;

pub mod read_file;

pub mod digest;

pub mod system;

pub mod work_folder;

pub mod canary;

pub mod progress;

pub mod process;

pub mod spec;

pub mod discover;

pub mod toolchain;

pub mod stand_in;

pub mod build;

pub mod run;

pub mod capture_probe;

pub mod trace_format;

pub mod probe_trace;

pub mod diagnose;

pub mod sampler;

pub mod probes;

pub mod judge;

pub mod wording;

pub mod lint;

pub mod draft;

pub mod scaffold;

pub mod article;

pub mod mutants;

pub mod compare;

pub mod schema;

pub mod glossary;

pub mod timeline;

pub mod pipeline;

pub mod terminal;

pub mod formats;

pub mod lists;

pub mod answers;

pub mod authoring;

pub mod cli;

#[cfg(test)]
mod left_out;
