//! A request that the runtime does itself: while one future waits for the answer, `join!` polls the other.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn load() -> std::io::Result<()> {
    println!("Load starting.");
    let origin = std::env::var("REPRO_STAND_IN").expect("no stand-in");
    let host = origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET /page HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
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
