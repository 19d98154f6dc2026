//! A future does nothing until it is polled.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let step = async { println!("First step.") };
    println!("Others go on.");
    step.await;
}
