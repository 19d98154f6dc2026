//! Starts both tasks, then waits for them.

use std::thread;
use std::time::Duration;

fn task(number: u32) {
    println!("Task {number} starts.");
    thread::sleep(Duration::from_millis(400));
    println!("Task {number} is done.");
}

fn main() {
    let tasks = [1, 2].map(|number| thread::spawn(move || task(number)));
    for task in tasks {
        task.join().expect("a task panicked");
    }
}
