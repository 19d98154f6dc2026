//! Many worker threads do not help: `join!` polls both futures from one task, and that one is blocked.

use std::time::Duration;

async fn blocking_task(seconds: u64) {
    println!("Starting blocking task for {seconds} seconds.");
    std::thread::sleep(Duration::from_secs(seconds)); // holds the thread, and with it the task
    println!("Blocking task done after {seconds} seconds.");
}

async fn non_blocking_task(seconds: u64) {
    println!("Starting non-blocking task for {seconds} seconds.");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    println!("Non-blocking task done after {seconds} seconds.");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    tokio::join!(blocking_task(2), non_blocking_task(1));
}
