//! A blocking task that is aborted: one that runs cannot be.

use std::sync::mpsc;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (begun, has_begun) = mpsc::channel();
    let task = tokio::task::spawn_blocking(move || {
        let _ = begun.send(());
        std::thread::sleep(Duration::from_millis(100));
        println!("Work went on.");
    });
    let _ = has_begun.recv();
    task.abort();
    if task.await.is_err() {
        println!("Work was ended.");
    }
}
