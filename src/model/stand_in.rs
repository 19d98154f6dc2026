//! What stands in for a host on the network.

use std::time::Duration;

use indexmap::IndexMap;

/// A local server in place of a host on the network.
#[derive(Debug, Clone, PartialEq)]
pub struct StandIn {
    /// The origin it stands in for: `https://api.example.com`.
    pub host: String,
    /// What it answers, by the name of the route.
    pub routes: IndexMap<String, Route>,
}

/// One route of a stand-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Literal segments and `{name}` captures: `/users/{id}`.
    pub path: String,
    /// How long after the request arrived the answer begins.
    pub after: Duration,
    /// What it does then.
    pub reply: Reply,
}

/// What a stand-in does with a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Answers.
    Answer {
        /// The HTTP status.
        status: u16,
        /// The body, JSON as text.
        json: String,
    },
    /// Resets the connection.
    Reset,
    /// Keeps the client waiting for ever.
    Never,
}
