//! `try_join!` over spawned tasks drops only the waiting: the other request is served to the end.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

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

/// Waits for a task; one that panicked counts as failed.
async fn joined(task: &mut JoinHandle<Result<String>>) -> Result<String> {
    task.await?
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut task1 = tokio::spawn(fetch("/data1"));
    let mut task2 = tokio::spawn(fetch("/data2"));
    match tokio::try_join!(joined(&mut task1), joined(&mut task2)) {
        Ok((data1, data2)) => println!("Fetched data: {data1} {data2}"),
        Err(_) => eprintln!("All operations failed as an error occurred"),
    }
    // The end of the runtime would cancel a task that still runs: wait for it, as Node does.
    for task in [task1, task2] {
        if !task.is_finished() {
            let _ = task.await;
        }
    }
}
