//! A spawned task runs by itself: all are begun before the first is awaited.

use std::time::Duration;

async fn step(number: u32) {
    println!("Step {number} starting.");
    tokio::time::sleep(Duration::from_millis(500)).await;
    println!("Step {number} done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let steps = [1, 2, 3].map(|number| tokio::spawn(step(number)));
    for each in steps {
        each.await.expect("a step panicked");
    }
}
