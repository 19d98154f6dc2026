//! A local server in place of a host that a program calls, and what it saw of each request.
//!
//! One server serves one trial, so that whatever it saw belongs to that trial. Events are bounded by
//! what the kernel was asked, never by what we happened to be doing: see [`RequestEvent`].

mod connection;
mod link;
mod log;
mod preload;
mod route;
mod server;

#[cfg(test)]
mod tests;

pub use log::{RequestEvent, RequestLog};
pub use preload::fetch_preload;
pub use server::Server;
