//! A semaphore of tokio, which is released and at once asked for again.

use std::sync::Arc;
use tokio::sync::Semaphore;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let semaphore = Arc::new(Semaphore::new(1));
    let permit = semaphore.clone().acquire_owned().await;
    let waiter = tokio::spawn({
        let semaphore = semaphore.clone();
        async move {
            let _permit = semaphore.acquire().await;
            println!("Waiter has it.");
        }
    });
    tokio::task::yield_now().await;
    drop(permit);
    let _permit = semaphore.acquire().await;
    println!("Latecomer has it.");
    let _ = waiter.await;
}
