//! Each await waits for one step before the next is even begun.

use std::time::Duration;

async fn step(number: u32) {
    println!("Step {number} starting.");
    tokio::time::sleep(Duration::from_millis(500)).await;
    println!("Step {number} done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for number in [1, 2, 3] {
        step(number).await;
    }
}
