//! The stand-in as a client meets it.

use std::net::Ipv6Addr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{RequestEvent, RequestLog, Server, fetch_preload};
use crate::clock::{Clock, Stamp};
use crate::left_out::{left_out, needs};
use crate::model::case::{Reply, Route, StandIn};
use crate::model::interval::Interval;
use crate::model::trace::Service::{Answered, Asked, Dropped};
use crate::model::trace::{Service, Values};

const CLOCK: Clock = Clock::Real;

/// Longer than any of these tests should take: what must not happen would happen after it.
const FAR: Duration = Duration::from_secs(60);

/// Long enough for the server to look again, on a busy machine too.
const SOON: Duration = Duration::from_millis(150);

fn stand_in(routes: &[(&str, Duration, Reply)]) -> StandIn {
    let route = |(path, after, reply): &(&str, Duration, Reply)| {
        let name = path.split('/').nth(1).unwrap().to_string();
        let route = Route {
            path: (*path).to_string(),
            after: *after,
            reply: reply.clone(),
        };
        (name, route)
    };
    StandIn {
        host: "https://api.example.com".into(),
        routes: routes.iter().map(route).collect(),
    }
}

async fn server(routes: &[(&str, Duration, Reply)]) -> Server {
    Server::start(&stand_in(routes), CLOCK).await.unwrap()
}

fn says(status: u16, json: &str) -> Reply {
    let json = json.to_string();
    Reply::Answer { status, json }
}

async fn connect(server: &Server) -> TcpStream {
    let address = server.origin().strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

async fn ask(server: &Server, path: &str) -> TcpStream {
    let mut client = connect(server).await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    client
}

async fn answer_to(mut client: TcpStream) -> String {
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

fn services(observed: &RequestLog) -> Vec<(&str, Service)> {
    let seen = observed.events.iter();
    seen.map(|s| (s.route.as_str(), s.service)).collect()
}

fn the(observed: &RequestLog, service: Service) -> &RequestEvent {
    let mut found = observed.events.iter().filter(|s| s.service == service);
    let first = found.next().expect("it was seen");
    assert_eq!(found.next(), None, "it was seen once");
    first
}

#[tokio::test]
async fn an_answer_has_status_json_and_closes() {
    let server = server(&[("/data", Duration::ZERO, says(503, r#"{"a":1}"#))]).await;
    let answer = answer_to(ask(&server, "/data?x=1").await).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n{\"a\":1}"), "{answer}");
    let head = answer.to_lowercase();
    assert_eq!(head.matches("connection: close\r\n").count(), 1, "{answer}");
    assert!(head.contains("content-type: application/json\r\n"));
    assert!(head.contains("content-length: 7\r\n"));
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("data", Asked), ("data", Answered)]);
    assert!(observed.strangers.is_empty());
}

#[tokio::test]
async fn events_lie_between_what_the_client_did_and_saw() {
    let delay = Duration::from_millis(80);
    let server = server(&[("/data", delay, says(200, "null"))]).await;
    let started = CLOCK.now();
    let client = ask(&server, "/data").await;
    let sent = CLOCK.now();
    answer_to(client).await;
    let read = CLOCK.now();
    let observed = server.stop().await;
    let (asked, answered) = (the(&observed, Asked), the(&observed, Answered));
    assert!(
        asked.earliest <= sent && asked.latest >= started,
        "{asked:?}"
    );
    assert!(answered.earliest <= read, "{answered:?}");
    assert!(answered.earliest >= started + delay, "{answered:?}");
    assert!(asked.latest <= answered.earliest);
    assert!(asked.earliest <= asked.latest && answered.earliest <= answered.latest);
}

#[tokio::test]
async fn the_path_gives_the_values() {
    let server = server(&[("/users/{id}/{tab}", Duration::ZERO, says(200, "{}"))]).await;
    answer_to(ask(&server, "/users/7/a%20b%2Fc").await).await;
    let observed = server.stop().await;
    let expected = [("id", "7"), ("tab", "a b/c")].map(|(k, v)| (k.to_string(), v.to_string()));
    assert_eq!(observed.events.len(), 2);
    for seen in &observed.events {
        assert_eq!(seen.values, Values::from(expected.clone()));
    }
}

#[tokio::test]
async fn a_reset_route_resets_and_answers_nothing() {
    let server = server(&[("/data", Duration::from_millis(20), Reply::Reset)]).await;
    let mut client = ask(&server, "/data").await;
    let error = client.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(services(&server.stop().await), [("data", Asked)]);
}

#[tokio::test]
async fn a_route_that_never_answers_keeps_the_client_until_the_stop() {
    let server = server(&[("/data", Duration::ZERO, Reply::Never)]).await;
    let mut client = ask(&server, "/data").await;
    let wait = tokio::time::timeout(SOON, client.read_u8()).await;
    assert!(wait.is_err(), "nothing came: {wait:?}");
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("data", Asked)]);
    assert!(client.read_u8().await.is_err(), "the connection was ended");
}

#[tokio::test]
async fn a_stop_while_clients_wait_is_no_drop_of_theirs() {
    let server = server(&[("/slow", FAR, says(200, "{}"))]).await;
    let clients = [ask(&server, "/slow").await, ask(&server, "/slow").await];
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("slow", Asked), ("slow", Asked)]);
    drop(clients);
}

#[tokio::test]
async fn a_client_that_closes_while_it_waits_is_dropped_when_it_closed() {
    let server = server(&[("/slow", FAR, says(200, "{}"))]).await;
    let client = ask(&server, "/slow").await;
    CLOCK.wait(SOON).await;
    let open = CLOCK.now();
    drop(client);
    let closed = CLOCK.now();
    CLOCK.wait(SOON).await;
    let stopping = CLOCK.now();
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("slow", Asked), ("slow", Dropped)]);
    let dropped = the(&observed, Dropped);
    assert!(dropped.earliest <= closed && open <= dropped.latest);
    assert!(dropped.latest <= stopping, "noticed without the stop");
    assert!(the(&observed, Asked).latest <= dropped.earliest);
}

#[tokio::test]
async fn a_client_that_resets_while_it_waits_is_dropped() {
    let server = server(&[("/slow", FAR, Reply::Never)]).await;
    let client = ask(&server, "/slow").await;
    CLOCK.wait(SOON).await;
    client.set_zero_linger().unwrap();
    drop(client);
    CLOCK.wait(SOON).await;
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("slow", Asked), ("slow", Dropped)]);
}

#[tokio::test]
async fn a_client_that_asks_and_closes_at_once_has_asked_and_is_dropped() {
    let delay = Duration::from_millis(50);
    let routes = [("/a", delay, says(200, "{}")), ("/b", delay, Reply::Reset)];
    let server = server(&routes).await;
    for path in ["/a", "/b"] {
        drop(ask(&server, path).await);
    }
    CLOCK.wait(SOON).await;
    let mut seen = services(&server.stop().await)
        .into_iter()
        .map(|(route, service)| (route.to_string(), service.name()))
        .collect::<Vec<_>>();
    seen.sort_unstable();
    let expected = [
        ("a", "asked"),
        ("a", "dropped"),
        ("b", "asked"),
        ("b", "dropped"),
    ];
    assert_eq!(seen, expected.map(|(r, s)| (r.to_string(), s)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_did_just_before_the_stop_still_counts() {
    for _ in 0..20 {
        let server = server(&[("/slow", FAR, says(200, "{}"))]).await;
        drop(ask(&server, "/slow").await);
        let observed = server.stop().await;
        assert_eq!(services(&observed), [("slow", Asked), ("slow", Dropped)]);
    }
}

#[tokio::test]
async fn an_answer_that_was_read_just_before_the_stop_still_counts() {
    for _ in 0..20 {
        let server = server(&[("/data", Duration::ZERO, says(200, "{}"))]).await;
        answer_to(ask(&server, "/data").await).await;
        let observed = server.stop().await;
        assert_eq!(services(&observed), [("data", Asked), ("data", Answered)]);
    }
}

#[tokio::test]
async fn a_client_that_closes_only_its_sending_half_counts_as_gone() {
    let server = server(&[("/slow", FAR, says(200, "{}"))]).await;
    let mut client = ask(&server, "/slow").await;
    client.shutdown().await.unwrap();
    CLOCK.wait(SOON).await;
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("slow", Asked), ("slow", Dropped)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_served_side_by_side() {
    let slow = Duration::from_millis(400);
    let routes = [
        ("/slow", slow, says(200, "1")),
        ("/quick", Duration::ZERO, says(200, "2")),
    ];
    let server = server(&routes).await;
    let started = CLOCK.now();
    let clients = [ask(&server, "/slow").await, ask(&server, "/slow").await];
    let quick = ask(&server, "/quick").await;
    answer_to(quick).await;
    for client in clients {
        answer_to(client).await;
    }
    assert!(CLOCK.now().since(started) < 2 * slow, "not one by one");
    let observed = server.stop().await;
    let answered = observed.events.iter().filter(|s| s.service == Answered);
    let order: Vec<&str> = answered.map(|s| s.route.as_str()).collect();
    assert_eq!(order, ["quick", "slow", "slow"]);
}

#[tokio::test]
async fn an_answer_that_the_client_never_reads_is_answered_once_its_kernel_has_it() {
    let server = server(&[("/data", Duration::ZERO, says(200, "{}"))]).await;
    let client = ask(&server, "/data").await;
    CLOCK.wait(SOON).await;
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("data", Asked), ("data", Answered)]);
    drop(client);
}

/// More than the buffers of both ends hold.
fn huge() -> Reply {
    says(200, &format!("\"{}\"", "x".repeat(32 << 20)))
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_answered_only_when_it_was_read() {
    let server = server(&[("/huge", Duration::ZERO, huge())]).await;
    let client = ask(&server, "/huge").await;
    CLOCK.wait(SOON).await;
    let reading = CLOCK.now();
    assert!(answer_to(client).await.len() > 32 << 20);
    let observed = server.stop().await;
    assert!(the(&observed, Answered).earliest >= reading);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_and_is_not_read_is_never_answered() {
    let server = server(&[("/huge", Duration::ZERO, huge())]).await;
    let client = ask(&server, "/huge").await;
    CLOCK.wait(SOON).await;
    assert_eq!(services(&server.stop().await), [("huge", Asked)]);
    drop(client);
}

#[tokio::test]
async fn a_client_that_leaves_within_its_answer_is_dropped() {
    let server = server(&[("/huge", Duration::ZERO, huge())]).await;
    let mut client = ask(&server, "/huge").await;
    client.read_exact(&mut [0; 1000]).await.unwrap();
    let open = CLOCK.now();
    drop(client);
    CLOCK.wait(SOON).await;
    let observed = server.stop().await;
    assert_eq!(services(&observed), [("huge", Asked), ("huge", Dropped)]);
    assert!(the(&observed, Dropped).latest >= open);
}

#[tokio::test]
async fn a_request_with_a_body_that_nobody_reads_is_answered() {
    let server = server(&[("/data", Duration::ZERO, says(201, "\"made\""))]).await;
    let mut client = connect(&server).await;
    let length = 8 << 20;
    let head = format!("POST /data HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&vec![b'x'; length]).await.unwrap();
    let answer = answer_to(client).await;
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.ends_with("\"made\""));
    assert_eq!(
        services(&server.stop().await),
        [("data", Asked), ("data", Answered)]
    );
}

#[tokio::test]
async fn an_unknown_request_is_turned_away_and_told_apart() {
    let server = server(&[("/data1", FAR, says(200, "{}"))]).await;
    for _ in 0..2 {
        let answer = answer_to(ask(&server, "/datta1?q=1").await).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["routes"]["data1"], "/data1");
        assert!(body["error"].as_str().unwrap().contains("GET /datta1"));
    }
    let observed = server.stop().await;
    assert_eq!(observed.strangers, ["GET /datta1"]);
    assert!(observed.events.is_empty());
}

#[tokio::test]
async fn what_is_not_http_is_told_as_well() {
    let server = server(&[]).await;
    let mut client = connect(&server).await;
    client
        .write_all(b"\x16\x03\x01\0\x05hello\r\n\r\n")
        .await
        .unwrap();
    let _ = client.read_to_end(&mut Vec::new()).await;
    let observed = server.stop().await;
    assert_eq!(
        observed.strangers,
        ["a request that cannot be read as HTTP/1"]
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_is_not_the_program_is_told_and_gets_no_answer() {
    use rustix::process::{Pid, getpid};

    use crate::process::ProgramSockets;

    let program = server(&[("/data1", Duration::ZERO, says(200, "{}"))]).await;
    program.expect(ProgramSockets::below(getpid()));
    assert!(
        answer_to(ask(&program, "/data1").await)
            .await
            .ends_with("{}")
    );
    answer_to(ask(&program, "/datta1").await).await;
    let seen = program.stop().await;
    assert_eq!(seen.unexpected, []);
    assert_eq!(seen.strangers, ["GET /datta1"]);

    let other = server(&[("/data1", Duration::ZERO, says(200, "{}"))]).await;
    // No process of this number can be there: it is above what the kernel gives out.
    other.expect(ProgramSockets::below(Pid::from_raw(i32::MAX).unwrap()));
    for path in ["/data1", "/datta1"] {
        assert_eq!(answer_to(ask(&other, path).await).await, "");
    }
    let seen = other.stop().await;
    assert_eq!((seen.events.len(), seen.strangers.len()), (0, 0));
    let told: Vec<_> = seen.unexpected.iter().map(|u| u.request.as_str()).collect();
    assert_eq!(told, ["GET /data1", "GET /datta1"]);
    let by = seen.unexpected[0].made_by.as_ref().unwrap();
    assert_eq!(by.process, std::process::id());
}

#[tokio::test]
async fn connections_without_a_whole_request_are_no_events() {
    let server = server(&[("/data", Duration::ZERO, says(200, "{}"))]).await;
    let silent = connect(&server).await;
    let mut half = connect(&server).await;
    half.write_all(b"GET /data HT").await.unwrap();
    drop(connect(&server).await);
    CLOCK.wait(SOON).await;
    assert_eq!(server.stop().await, RequestLog::default());
    drop((silent, half));
}

#[tokio::test]
async fn it_listens_on_the_loopback_interface_alone() {
    let server = server(&[]).await;
    let port = server.origin().strip_prefix("http://127.0.0.1:").unwrap();
    let port: u16 = port.parse().unwrap();
    // Every address of 127.0.0.0/8 reaches this machine, so only a listener on all would answer there.
    assert!(TcpStream::connect(("127.0.0.2", port)).await.is_err());
    assert!(
        TcpStream::connect((Ipv6Addr::LOCALHOST, port))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn after_the_stop_nobody_listens() {
    let server = server(&[]).await;
    let address = server.origin().strip_prefix("http://").unwrap().to_string();
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_status_that_is_no_answer_is_refused_by_name() {
    let routes = stand_in(&[("/data", Duration::ZERO, says(101, "{}"))]);
    let error = Server::start(&routes, CLOCK).await.unwrap_err().to_string();
    assert!(
        error.contains("`data`") && error.contains("200 to 599"),
        "{error}"
    );
}

#[test]
fn an_event_counts_from_the_spawn_and_never_from_before_it() {
    let seen = RequestEvent {
        route: "data".into(),
        service: Asked,
        earliest: Stamp { ns: 90 },
        latest: Stamp { ns: 130 },
        values: Values::new(),
    };
    let served = seen.since(Stamp { ns: 100 });
    assert_eq!(served.at, Interval::between(0, 30));
}

/// What `program` prints on Node, with `options` for it; `None` where there is no Node.
async fn on_node(options: String, program: &'static str) -> Option<String> {
    let node = move || {
        duct::cmd!("node", "--input-type=module", "-e", program)
            .env("NODE_OPTIONS", options)
            .stderr_to_stdout()
            .unchecked()
            .read()
    };
    match tokio::task::spawn_blocking(node).await.unwrap() {
        Ok(printed) => Some(printed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            left_out("no node here");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// The options that load the preload for `server`, from a file in `folder`.
fn preload(server: &Server, folder: &Path) -> String {
    let script = fetch_preload("https://api.example.com", server.origin());
    let node = crate::toolchain::recipe("javascript").and_then(|r| r.engine("node"));
    let preload = node.and_then(|engine| engine.preload).unwrap()(&script, folder);
    let (name, text) = preload.file.unwrap();
    std::fs::write(folder.join(name), text).unwrap();
    preload.env[0].1.clone().into_string().unwrap()
}

#[tokio::test]
async fn the_preload_brings_fetch_to_the_stand_in_in_each_of_its_forms() {
    let server = server(&[("/data/{n}", Duration::ZERO, says(200, "{\"ok\":true}"))]).await;
    let program = r#"
        const at = "https://api.example.com/data/";
        const text = { method: "POST", body: "x", duplex: "half" };
        for (const input of [at + 1, new URL(at + 2), new Request(at + 3, text), { toString: () => at + 4 }]) {
            const response = await fetch(input);
            console.log(response.status, JSON.stringify(await response.json()));
        }
        console.log((await fetch(at + "5?q=a%20b#c", text)).ok);
    "#;
    let folder = tempfile::tempdir().unwrap();
    let printed = needs!(on_node(preload(&server, folder.path()), program).await);
    assert_eq!(printed, "200 {\"ok\":true}\n".repeat(4) + "true");
    let observed = server.stop().await;
    let answered = observed.events.iter().filter(|s| s.service == Answered);
    let numbers: Vec<&str> = answered.map(|s| s.values.get("n").unwrap()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn the_preload_refuses_the_network() {
    let server = server(&[]).await;
    let program = r#"
        const host = "https://api.example.com";
        for (const url of ["https://example.org/x?y", "http://127.0.0.1.example.org/", host + ".org/", host + ":8443/"]) {
            for (const input of [url, new Request(url)]) {
                await fetch(input).catch((e) => console.log(e instanceof TypeError, e.message));
            }
        }
    "#;
    let folder = tempfile::tempdir().unwrap();
    let printed = needs!(on_node(preload(&server, folder.path()), program).await);
    for (line, url) in printed.lines().zip([
        "https://example.org/x?y",
        "https://example.org/x?y",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1.example.org/",
        "https://api.example.com.org/",
        "https://api.example.com.org/",
        "https://api.example.com:8443/",
        "https://api.example.com:8443/",
    ]) {
        let start = format!("true fetch refused: {url} is neither");
        assert!(line.starts_with(&start), "{printed}");
    }
    assert_eq!(printed.lines().count(), 8, "{printed}");
}

#[tokio::test]
async fn the_preload_leaves_the_rest_of_fetch_alone() {
    let server = server(&[]).await;
    let program = r#"
        const fails = (...args) => fetch(...args).catch((e) => console.log(`${e.name}: ${e.message}`));
        await fails("http://127.0.0.1:9/");
        await fails("not a url");
        await fails(Symbol("x"));
        await fails({ toString() { throw new RangeError("mine"); } });
        await fails();
        await fails("https://api.example.com/x", { signal: AbortSignal.abort() });
        const used = new Request("https://api.example.com/x", { method: "POST", body: "x" });
        await used.text();
        for (const input of ["https://me:secret@api.example.com/x", used]) {
            await fetch(input).catch((e) => console.log(e.name));
        }
        console.log(await (await fetch("data:,still%20here")).text());
        const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, "fetch");
        console.log(typeof fetch, fetch.name, fetch.length, writable, enumerable, configurable);
        console.log(Object.keys(globalThis).join());
    "#;
    let folder = tempfile::tempdir().unwrap();
    let wrapped = needs!(on_node(preload(&server, folder.path()), program).await);
    let plain = on_node(String::new(), program).await.unwrap();
    assert_eq!(wrapped, plain);
}
