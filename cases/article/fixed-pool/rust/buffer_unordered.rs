//! Four futures, of which a stream polls two at a time: the others have not begun.

use std::time::Duration;

use futures_util::stream::{self, StreamExt};

async fn perform_task(id: u32, seconds: u64) {
    println!("Task {id} starting.");
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    println!("Task {id} completed.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    stream::iter((0..4).map(|id| perform_task(id, 1)))
        .buffer_unordered(2)
        .collect::<Vec<()>>()
        .await;
}
