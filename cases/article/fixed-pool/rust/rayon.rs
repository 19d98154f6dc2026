//! Four blocking tasks and rayon's pool of two threads: two tasks wait until a thread is free.

use std::thread;
use std::time::Duration;

fn perform_task(id: u32, seconds: u64) {
    println!("Task {id} starting.");
    thread::sleep(Duration::from_secs(seconds));
    println!("Task {id} completed.");
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build()
        .expect("the pool did not start");
    pool.scope(|tasks| {
        for id in 0..4 {
            tasks.spawn(move |_| perform_task(id, 1));
        }
    });
}
