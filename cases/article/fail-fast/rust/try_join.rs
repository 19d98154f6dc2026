//! `try_join!` returns at the first error and drops the other future: its request is cancelled.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Gets `path`: the body of the answer, or an error where the status is 400 or more.
async fn get(path: &str) -> Result<String> {
    let origin = std::env::var("REPRO_STAND_IN")?;
    let host = origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;

    let (head, body) = answer.split_once("\r\n\r\n").ok_or("the answer was cut")?;
    let status: u16 = head.split(' ').nth(1).ok_or("no status")?.parse()?;
    if status >= 400 {
        return Err(format!("HTTP error! Status: {status}").into());
    }
    Ok(body.to_string())
}

async fn fetch(path: &str) -> Result<String> {
    let outcome = get(path).await;
    if let Err(error) = &outcome {
        eprintln!("Error fetching data: {error}");
    }
    outcome
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match tokio::try_join!(fetch("/data1"), fetch("/data2")) {
        Ok((data1, data2)) => println!("Fetched data: {data1} {data2}"),
        Err(_) => eprintln!("All operations failed as an error occurred"),
    }
    // The end of the program would drop the request too: go on until long after its answer was due.
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("The program went on.");
}
