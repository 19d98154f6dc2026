//! The same synchronous request, moved to a thread that may block: the runtime stays free.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Gets the page, and blocks the thread until all of it is there.
fn get() -> std::io::Result<String> {
    let origin = std::env::var("REPRO_STAND_IN").expect("no stand-in");
    let host = origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    write!(
        stream,
        "GET /page HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

async fn load() -> std::io::Result<()> {
    println!("Load starting.");
    tokio::task::spawn_blocking(get).await??;
    println!("Load done.");
    Ok(())
}

async fn quick_task() {
    println!("Quick task starting.");
    tokio::time::sleep(Duration::from_millis(200)).await;
    println!("Quick task done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (loaded, ()) = tokio::join!(load(), quick_task());
    loaded.expect("the page could not be loaded");
}
