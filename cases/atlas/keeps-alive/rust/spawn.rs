//! A task: it is dropped with the runtime.

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        println!("Work is done.");
    });
    tokio::task::yield_now().await;
    println!("Main is done.");
}
