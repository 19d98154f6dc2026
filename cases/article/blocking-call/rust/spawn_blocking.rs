//! The same thread sleep, moved to a thread that may block: the runtime stays free.

use std::time::Duration;

async fn blocking_task(seconds: u64) {
    println!("Starting blocking task for {seconds} seconds.");
    // Blocks a thread of the pool that is there for it, not the one that polls the futures.
    tokio::task::spawn_blocking(move || std::thread::sleep(Duration::from_secs(seconds)))
        .await
        .expect("the blocking call panicked");
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
