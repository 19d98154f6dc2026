//! A local server in place of a host that a program calls, and what it saw of each request.
//!
//! One server serves one trial, so that whatever it saw belongs to that trial. Events are bounded by
//! what the kernel was asked, never by what we happened to be doing: see [`Seen`].

mod connection;
mod link;
mod preload;
mod route;
mod seen;
mod send_queue;
mod server;

#[cfg(test)]
mod tests;

pub use preload::fetch_preload;
pub use seen::{Observed, Seen};
pub use server::Server;
