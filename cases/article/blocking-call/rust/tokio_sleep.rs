//! A sleep that yields: while one future waits, `join!` polls the other.

use std::time::Duration;

async fn blocking_task(seconds: u64) {
    println!("Starting blocking task for {seconds} seconds.");
    tokio::time::sleep(Duration::from_secs(seconds)).await; // suspends this future alone
    println!("Blocking task done after {seconds} seconds.");
}

async fn non_blocking_task(seconds: u64) {
    println!("Starting non-blocking task for {seconds} seconds.");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    println!("Non-blocking task done after {seconds} seconds.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(blocking_task(2), non_blocking_task(1));
}
