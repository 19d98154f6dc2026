//! A future does nothing until it is polled: making all of them first begins none.

use std::time::Duration;

async fn step(number: u32) {
    println!("Step {number} starting.");
    tokio::time::sleep(Duration::from_millis(500)).await;
    println!("Step {number} done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let steps = [1, 2, 3].map(step);
    for each in steps {
        each.await;
    }
}
