//! Four blocking tasks and two threads that may block: two tasks wait until a thread is free.

use std::thread;
use std::time::Duration;

use tokio::runtime;
use tokio::task;

fn perform_task(id: u32, seconds: u64) {
    println!("Task {id} starting.");
    thread::sleep(Duration::from_secs(seconds));
    println!("Task {id} completed.");
}

async fn perform_all() {
    let tasks: Vec<_> = (0..4)
        .map(|id| task::spawn_blocking(move || perform_task(id, 2)))
        .collect();
    for task in tasks {
        task.await.expect("a task panicked");
    }
}

fn main() {
    runtime::Builder::new_current_thread()
        .max_blocking_threads(2) // what `spawn_blocking` shares
        .build()
        .expect("the runtime did not start")
        .block_on(perform_all());
}
