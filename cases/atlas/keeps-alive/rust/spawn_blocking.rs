//! A blocking task: the runtime waits for it.

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::task::spawn_blocking(|| {
        std::thread::sleep(Duration::from_millis(100));
        println!("Work is done.");
    });
    println!("Main is done.");
}
