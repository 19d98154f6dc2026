//! One connection: one request, its delay, its answer, and whether the client stayed to take it.

use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;

use super::link::{Link, LinkIo};
use super::log::{RequestEvent, SharedLog};
use super::route::Routes;
use crate::clock::{Clock, Stamp};
use crate::model::case::Reply;
use crate::model::conditions::NeighbourProcess;
use crate::model::trace::{Service, Values};
use crate::process::{ProgramSockets, SocketHolder};

/// How often a connection is looked at: an event is bounded from below by the last look before it. More looks would starve
/// programs on a busy machine.
pub(super) const TICK: Duration = Duration::from_millis(4);

/// How many connections are looked at in each tick. If more are open, the looks become rarer, so that they do not disturb a
/// program with hundreds of requests.
const LOOKS_A_TICK: u32 = 64;

/// How many looks a server that stops still spends on requests that are under way.
const LAST_LOOKS: u32 = 10;

/// How long a client may go on sending after its answer. Closing earlier would reset the connection and
/// could take the answer from a client that sends its request's body first.
const LINGER: Duration = Duration::from_secs(1);

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) routes: Routes,
    pub(super) log: SharedLog,
    pub(super) clock: Clock,
    /// How many connections are open.
    pub(super) open: AtomicU32,
    /// The program whose requests are expected, once it runs.
    pub(super) program: OnceLock<ProgramSockets>,
}

/// Tells a connection that the server stops: it does once the sender is gone.
#[derive(Debug, Clone)]
pub(super) struct Closing(pub(super) watch::Receiver<()>);

impl Closing {
    pub(super) fn is_asked(&self) -> bool {
        self.0.has_changed().is_err()
    }

    pub(super) async fn asked(&mut self) {
        while self.0.changed().await.is_ok() {}
    }

    /// Waits, but no longer than until the server stops; if it has stopped already, waits all the same.
    async fn or_wait(&mut self, clock: Clock, wait: Duration) {
        let asked = self.is_asked();
        tokio::select! {
            () = clock.wait(wait) => {}
            () = self.asked(), if !asked => {}
        }
    }
}

/// How long the head of a request may be: as long as most servers let it be, or longer.
const HEAD_BYTES: usize = 64 << 10;

/// Serves the one request of a connection.
pub(super) async fn serve(link: Link, shared: Arc<Shared>, mut stop: Closing) {
    let exchange = Arc::new(Exchange {
        link: Arc::new(link),
        shared,
        taken: OnceLock::new(),
    });
    if converse(&exchange, &mut stop).await {
        exchange.await_acceptance(&mut stop).await;
        tokio::select! {
            () = exchange.link.hear_out() => {}
            () = exchange.shared.clock.wait(LINGER) => {}
            () = stop.asked() => {}
        }
    } else if exchange.link.look().gone {
        exchange.note_dropped();
    }
}

/// Speaks HTTP until an answer is written (true) or none will be: the client went, the route resets, or
/// the server stops.
async fn converse(exchange: &Arc<Exchange>, stop: &mut Closing) -> bool {
    let service = service_fn(|request| answer(Arc::clone(exchange), request));
    // With half-closing allowed, hyper leaves it to us to see that the client is gone.
    let http = http1::Builder::new()
        .keep_alive(false)
        .half_close(true)
        .auto_date_header(false)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(LinkIo(Arc::clone(&exchange.link))), service);
    let mut http = pin!(http);
    let mut last_looks = LAST_LOOKS;
    loop {
        tokio::select! {
            biased;
            end = &mut http => return exchange.is_written(&end),
            () = stop.or_wait(exchange.shared.clock, exchange.shared.tick()) => {}
        }
        let client = exchange.link.look();
        // A request that is here already counts, even if its client is gone by now.
        let untaken = client.unread && exchange.taken.get().is_none();
        if (client.gone && !untaken) || last_looks == 0 {
            return false;
        }
        // A client that has gone counts too, though the news of it may still be under way on a busy machine.
        last_looks -= u32::from(stop.is_asked());
    }
}

/// The request that a connection is about.
struct Exchange {
    link: Arc<Link>,
    shared: Arc<Shared>,
    /// Set once the request is known to be a route's.
    taken: OnceLock<Taken>,
}

struct Taken {
    route: String,
    values: Values,
}

impl Exchange {
    fn is_written(&self, end: &hyper::Result<()>) -> bool {
        if end.as_ref().is_err_and(hyper::Error::is_parse) {
            self.note_unmatched("a request that cannot be read as HTTP/1", self.holder());
        }
        end.is_ok()
    }

    /// Who made the request. It is asked while the client waits for its answer, and so holds its socket.
    fn holder(&self) -> SocketHolder {
        let inode = || self.link.client_inode();
        let holder = |program: &ProgramSockets| Some(program.holder(inode()?));
        let program = self.shared.program.get();
        program.and_then(holder).unwrap_or(SocketHolder::Unknown)
    }

    /// Notes a request that no route answers, or that is a neighbour's.
    fn note_unmatched(&self, what: &str, holder: SocketHolder) {
        let log = &self.shared.log;
        match holder {
            SocketHolder::Program => log.stranger(what),
            SocketHolder::Other { name, process } => {
                log.unexpected(what, Some(NeighbourProcess { name, process }));
            }
            SocketHolder::Unknown => {
                log.stranger(what);
                log.unexpected(what, None);
            }
        }
    }

    /// Notes what became of an answer that is written: accepted, or the client went first.
    async fn await_acceptance(&self, stop: &mut Closing) {
        let mut last_looks = LAST_LOOKS;
        while self.taken.get().is_some() && last_looks > 0 {
            // In this order: a client that left after it had accepted everything had not gone first.
            let client = self.link.look();
            if self.link.all_accepted() {
                return self.note(Service::Answered, self.link.unwritten_at());
            }
            if client.gone {
                return self.note_dropped();
            }
            last_looks -= u32::from(stop.is_asked());
            stop.or_wait(self.shared.clock, self.shared.tick()).await;
        }
    }

    fn note_dropped(&self) {
        self.note(Service::Dropped, self.link.open_at());
    }

    /// Notes what happened to the request between `earliest` and now; nothing where no route took it.
    fn note(&self, service: Service, earliest: Stamp) {
        self.note_between(service, earliest, self.shared.clock.now());
    }

    fn note_between(&self, service: Service, earliest: Stamp, latest: Stamp) {
        if let Some(Taken { route, values }) = self.taken.get() {
            self.shared.log.note(RequestEvent {
                route: route.clone(),
                service,
                earliest,
                latest,
                values: values.clone(),
            });
        }
    }
}

/// Why a request gets no answer.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    #[error("the client is gone")]
    ClientGone,
    #[error("the route resets the connection")]
    Reset,
    #[error("the client is not the program")]
    Neighbour,
}

async fn answer(
    exchange: Arc<Exchange>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, NoAnswer> {
    let Exchange {
        link,
        shared,
        taken,
    } = &*exchange;
    let (arrived, earliest) = (shared.clock.now(), link.empty_at());
    let path = request.uri().path();
    let what = format!("{} {path}", request.method());
    let holder = exchange.holder();
    if matches!(holder, SocketHolder::Other { .. }) {
        exchange.note_unmatched(&what, holder);
        return Err(NoAnswer::Neighbour);
    }
    let Some((name, route, values)) = shared.routes.find(path) else {
        exchange.note_unmatched(&what, holder);
        return Ok(shared.turn_away(&what));
    };
    let route_name = name.to_string();
    taken.get_or_init(|| Taken {
        route: route_name,
        values,
    });
    exchange.note_between(Service::Asked, earliest, arrived);
    if route.reply == Reply::Never {
        return pending().await;
    }
    // To find out whose the request is took part of the delay.
    let rest = route
        .after
        .saturating_sub(shared.clock.now().since(arrived));
    if !rest.is_zero() {
        shared.clock.wait(rest).await;
    }
    if link.look().gone {
        return Err(NoAnswer::ClientGone);
    }
    match &route.reply {
        Reply::Answer { status, json } => Ok(in_json(*status, json.clone())),
        Reply::Reset => {
            link.reset_when_closed();
            Err(NoAnswer::Reset)
        }
        Reply::Never => pending().await,
    }
}

impl Shared {
    fn tick(&self) -> Duration {
        TICK * (1 + self.open.load(Ordering::Relaxed) / LOOKS_A_TICK)
    }

    fn turn_away(&self, request: &str) -> Response<Full<Bytes>> {
        let routes = self.routes.0.iter();
        let routes: serde_json::Map<_, _> = routes
            .map(|(name, route)| (name.clone(), route.path.clone().into()))
            .collect();
        let error = format!("no route of this stand-in matches {request}");
        let body = serde_json::json!({ "error": error, "routes": routes });
        in_json(StatusCode::NOT_FOUND.as_u16(), body.to_string())
    }
}

fn in_json(status: u16, json: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(json));
    // Every status was checked before the server started.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
