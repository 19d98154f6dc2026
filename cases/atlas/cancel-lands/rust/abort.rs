//! A task that is aborted.

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        println!("Work went on.");
    });
    tokio::task::yield_now().await;
    task.abort();
    if task.await.is_err_and(|error| error.is_cancelled()) {
        println!("Work was ended.");
    }
}
