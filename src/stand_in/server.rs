//! The server: listens on the loopback interface alone, and ends when it is told to.

use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustix::process::geteuid;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::connection::{Closing, Shared, TICK, serve};
use super::link::{Link, is_readable, peer_of};
use super::log::{RequestLog, SharedLog};
use super::route::Routes;
use crate::clock::Clock;
use crate::model::case::{Reply, StandIn};
use crate::process::ProgramSockets;

/// How long to wait when no more connections can be opened.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(10);

/// A local server in place of a host, for one trial.
///
/// Each connection serves one request and is closed. Any method will do, a query is ignored, a path that
/// no route matches is answered 404 at once. Dropping the server stops it too, and loses its log.
#[derive(Debug)]
pub struct Server {
    origin: String,
    port: u16,
    shared: Arc<Shared>,
    running: watch::Sender<()>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Starts to listen on a free port of 127.0.0.1. Call it within a tokio runtime.
    ///
    /// # Errors
    /// A route whose status is not one of an answer (200 to 599), or a port that cannot be had.
    pub async fn start(stand_in: &StandIn, clock: Clock) -> io::Result<Server> {
        check(stand_in)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| {
            let host = &stand_in.host;
            let message = format!(
                "the stand-in for `{host}` cannot listen on 127.0.0.1: {error}; is the loopback interface up?"
            );
            io::Error::new(error.kind(), message)
        })?;
        let address = listener.local_addr()?;
        let origin = format!("http://{address}");
        let shared = Arc::new(Shared {
            routes: Routes(stand_in.routes.clone()),
            log: SharedLog::default(),
            clock,
            open: AtomicU32::new(0),
            program: OnceLock::new(),
        });
        let (running, stop) = watch::channel(());
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared), Closing(stop)));
        Ok(Server {
            origin,
            port: address.port(),
            shared,
            running,
            accepting,
        })
    }

    /// Where programs reach it: `http://127.0.0.1:PORT`, without a final slash.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Says whose requests are expected: those of this program alone. What comes before that may be anybody's.
    pub fn expect(&self, program: ProgramSockets) {
        // Said once; a second program would need a server of its own.
        let _ = self.shared.program.set(program);
    }

    /// Ends all connections and tells what was seen.
    ///
    /// Requests that have arrived by now are still noted as `asked`, clients that have gone by now as `dropped`. A client
    /// that still waits gets no answer and no further event: that its connection ends is our doing. A program that is
    /// killed drops its requests by dying: stop the server before killing it if that is not to be noted.
    pub async fn stop(self) -> RequestLog {
        drop(self.running);
        // It fails only if the runtime itself ends; what was noted until then stands.
        let _ = self.accepting.await;
        self.shared.log.take()
    }
}

fn check(stand_in: &StandIn) -> io::Result<()> {
    for (name, route) in &stand_in.routes {
        if let Reply::Answer { status, .. } = route.reply
            && !(200..=599).contains(&status)
        {
            let message = format!(
                "route `{name}` of the stand-in for `{}` has status {status}: give one from 200 to 599",
                stand_in.host
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

/// Whether a connection was made by another user. The superuser may do as a program does, and whose a connection was that is
/// closed already nobody knows.
fn is_foreign(stream: &TcpStream) -> bool {
    let ourselves = geteuid().as_raw();
    peer_of(stream).is_some_and(|peer| peer.user != 0 && peer.user != ourselves)
}

/// Takes connections until the stop, then waits for each to end.
async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stop: Closing) {
    let clock = shared.clock;
    let mut connections = JoinSet::new();
    // A connection that is not yet in the queue does not exist yet, and so no request of it.
    let mut queue_empty_at = clock.now();
    loop {
        let at = clock.now();
        let waiting = is_readable(&listener);
        if !waiting {
            queue_empty_at = at;
        }
        let stopping = stop.is_asked();
        if stopping && !waiting {
            break;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if is_foreign(&stream) => shared.log.foreign(),
                Ok((stream, _)) => {
                    let link = Link::new(stream, clock, queue_empty_at);
                    connections.spawn(serve(link, Arc::clone(&shared), stop.clone()));
                }
                Err(_) if stopping => break,
                // Out of descriptors, or a client that is gone already: the others go on.
                Err(_) => clock.wait(OUT_OF_DESCRIPTORS).await,
            },
            () = clock.wait(TICK) => {}
            () = stop.asked(), if !stopping => {}
        }
        while connections.try_join_next().is_some() {}
        let open = u32::try_from(connections.len()).unwrap_or(u32::MAX);
        shared.open.store(open, Ordering::Relaxed);
    }
    drop(listener);
    connections.join_all().await;
}
