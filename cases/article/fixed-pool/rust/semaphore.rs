//! Four futures and two permits: no thread is scarce, and yet two of the tasks wait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

async fn perform_task(permits: Arc<Semaphore>, id: u32, seconds: u64) {
    let _permit = permits.acquire().await.expect("the semaphore is closed");
    println!("Task {id} starting.");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    println!("Task {id} completed.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let permits = Arc::new(Semaphore::new(2));
    let mut tasks = JoinSet::new();
    for id in 0..4 {
        tasks.spawn(perform_task(permits.clone(), id, 1));
    }
    while tasks.join_next().await.is_some() {}
}
