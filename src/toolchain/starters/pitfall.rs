//! Waits for each task before it starts the next.

use std::thread;
use std::time::Duration;

fn task(number: u32) {
    println!("Task {number} starts.");
    thread::sleep(Duration::from_millis(400));
    println!("Task {number} is done.");
}

fn main() {
    for number in [1, 2] {
        thread::spawn(move || task(number)).join().expect("a task panicked");
    }
}
