//! Keeps a program from noticing that its output is a socket and not a pipe.
//!
//! Three habits break where a program finds a socket of packets: asking for the socket's type, as Node does before it
//! prints; opening `/dev/stdout` or another name of a stream; a single write longer than a message may be. The kernel
//! stops exactly these calls ([`filter`]) and asks a thread of the supervisor, which answers as a pipe would.
//!
//! A process that ends is stopped on its way too, for as long as it takes to look at the clock ([`exits`]). Of a program in
//! the sandbox, so is each that connects to something ([`connect`]).

mod connect;
mod exits;
mod filter;
mod kernel;
mod path;
mod serve;
mod streams;
mod writes;

pub(super) use exits::Exits;
pub(super) use kernel::can_be_asked;
pub(super) use serve::{Watched, install};
