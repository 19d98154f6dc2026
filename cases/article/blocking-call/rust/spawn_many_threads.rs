//! Tasks of their own on several threads hide the pitfall: one worker is blocked, another is free.

use std::time::Duration;

async fn blocking_task(seconds: u64) {
    println!("Starting blocking task for {seconds} seconds.");
    std::thread::sleep(Duration::from_secs(seconds)); // as many of these as workers, and nothing runs
    println!("Blocking task done after {seconds} seconds.");
}

async fn non_blocking_task(seconds: u64) {
    println!("Starting non-blocking task for {seconds} seconds.");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    println!("Non-blocking task done after {seconds} seconds.");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    let blocking = tokio::spawn(blocking_task(2));
    let non_blocking = tokio::spawn(non_blocking_task(1));
    blocking.await.expect("a task panicked");
    non_blocking.await.expect("a task panicked");
}
