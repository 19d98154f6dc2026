//! Reads that the runtime does itself: no thread waits for data, so none is scarce.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinSet;

async fn read(name: String, mut source: UnixStream) {
    source
        .read_exact(&mut [0])
        .await
        .expect("the other end is gone");
    println!("{name} done.");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut reads = JoinSet::new();
    let mut sinks = Vec::new();
    for number in 0..4 {
        let (source, sink) = UnixStream::pair()?;
        println!("Slow read {number} starting.");
        reads.spawn(read(format!("Slow read {number}"), source));
        sinks.push(sink);
    }
    let (source, mut sink) = UnixStream::pair()?;
    sink.write_all(b"x").await?;
    println!("Quick read starting.");
    reads.spawn(read("Quick read".into(), source));

    tokio::time::sleep(Duration::from_millis(1500)).await;
    for mut sink in sinks {
        sink.write_all(b"x").await?;
    }
    while reads.join_next().await.is_some() {}
    Ok(())
}
