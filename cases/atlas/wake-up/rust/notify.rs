//! Notify of tokio: one waiter is woken, and dropped before it runs.

use std::time::Duration;
use tokio::sync::Notify;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let notify = Notify::new();
    let mut first = Box::pin(notify.notified());
    let mut second = Box::pin(notify.notified());
    first.as_mut().enable();
    second.as_mut().enable();
    notify.notify_one();
    drop(first);
    let woken = tokio::time::timeout(Duration::from_millis(100), second).await;
    match woken {
        Ok(()) => println!("Second is woken."),
        Err(_) => println!("Second still sleeps."),
    }
}
