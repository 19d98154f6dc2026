//! `join!` polls all steps, and waits until all are done.

use std::time::Duration;

async fn step(number: u32) {
    println!("Step {number} starting.");
    tokio::time::sleep(Duration::from_millis(500)).await;
    println!("Step {number} done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(step(1), step(2), step(3));
}
