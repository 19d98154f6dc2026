//! One thread more than slow reads: it is there for the quick one.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use tokio::runtime;
use tokio::task::{self, JoinHandle};

fn start_read(name: String, mut source: UnixStream) -> JoinHandle<()> {
    println!("{name} starting.");
    task::spawn_blocking(move || {
        source.read_exact(&mut [0]).expect("the other end is gone");
        println!("{name} done.");
    })
}

async fn perform_all() -> std::io::Result<()> {
    let mut reads = Vec::new();
    let mut sinks = Vec::new();
    for number in 0..4 {
        let (source, sink) = UnixStream::pair()?;
        reads.push(start_read(format!("Slow read {number}"), source));
        sinks.push(sink);
    }
    let (source, mut sink) = UnixStream::pair()?;
    sink.write_all(b"x")?;
    reads.push(start_read("Quick read".into(), source));

    tokio::time::sleep(Duration::from_millis(1500)).await;
    for mut sink in sinks {
        sink.write_all(b"x")?;
    }
    for read in reads {
        read.await.expect("a read panicked");
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    runtime::Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(5)
        .build()?
        .block_on(perform_all())
}
