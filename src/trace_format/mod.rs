//! Traces as files: documented, versioned JSON lines, and plain logs whose lines begin with a timestamp.

mod log_line;
mod log_time;
mod plain;
mod read;
mod trace_file;
mod version_one;
mod wire;
mod write;

#[cfg(test)]
mod tests;

pub use plain::plain;
pub use read::read;
pub use trace_file::{SCHEMA, TraceFile, TraceOrigin, Unreadable, is_saved};
pub use wire::schema;
pub use write::{file_name, write};
