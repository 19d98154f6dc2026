//! The program that is observed: it knows when it wrote each line.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::path::Path;

use repro::clock::Clock;
use rustix::io::write;
use rustix::stdio::{stderr, stdout};

/// The first argument that makes this binary the generator.
pub const ENTRY: &str = "__generate";

/// Bytes of a line, with its newline.
const LINE: usize = 40;

/// What the generator knows of one line.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    /// Read from the monotonic clock before the write, in nanoseconds.
    pub before_ns: u64,
    /// And after it.
    pub after_ns: u64,
    /// 1 or 2.
    pub stream: u8,
}

/// What it is to write.
#[derive(Debug, Clone)]
pub enum Order {
    /// Lines on both streams, mixed at random, so many nanoseconds apart.
    Lines { count: usize, gap_ns: u64 },
    /// Lines on stdout alone, a write each, as fast as it can.
    Fast { count: usize },
    /// Lines on stdout alone, in writes of so many bytes.
    Blocks { writes: usize, bytes: usize },
}

impl Order {
    /// The arguments that ask for it; the truth goes to `side`.
    pub fn args(&self, side: &Path) -> Vec<String> {
        let (kind, a, b) = match self {
            Order::Lines { count, gap_ns } => ("lines", *count, *gap_ns as usize),
            Order::Fast { count } => ("fast", *count, 0),
            Order::Blocks { writes, bytes } => ("blocks", *writes, *bytes),
        };
        let side = side.display().to_string();
        vec![
            ENTRY.into(),
            kind.into(),
            a.to_string(),
            b.to_string(),
            side,
        ]
    }
}

pub fn main(args: &[String]) {
    let (a, b): (usize, usize) = (args[1].parse().unwrap(), args[2].parse().unwrap());
    match args[0].as_str() {
        "lines" => lines(a, b as u64, Path::new(&args[3])),
        "fast" => fast(a),
        "blocks" => blocks(a, b),
        other => panic!("no order {other}"),
    }
}

fn lines(count: usize, gap_ns: u64, side: &Path) {
    let clock = Clock::Real;
    let mut truth = vec![[0_u64; 3]; count];
    let mut random = 88_172_645_463_325_252_u64;
    let mut next = clock.now().ns;
    for (n, row) in truth.iter_mut().enumerate() {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let to_stderr = (random >> 33) & 1 == 1;
        let line = line(n);
        if gap_ns > 0 {
            next = (next + gap_ns).max(clock.now().ns);
            // Spun, not slept: a timer would be later than the gaps are long.
            while clock.now().ns < next {
                std::hint::spin_loop();
            }
        }
        let before = clock.now().ns;
        if to_stderr {
            whole(stderr(), &line);
        } else {
            whole(stdout(), &line);
        }
        *row = [before, clock.now().ns, u64::from(to_stderr) + 1];
    }
    let mut file = BufWriter::new(fs::File::create(side).unwrap());
    for number in truth.as_flattened() {
        file.write_all(&number.to_le_bytes()).unwrap();
    }
    file.flush().unwrap();
}

/// What the generator wrote down of its lines.
pub fn truth(side: &Path) -> Vec<Truth> {
    let bytes = fs::read(side).unwrap();
    let numbers: Vec<u64> = bytes
        .chunks_exact(8)
        .map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    let row = |row: &[u64]| Truth {
        before_ns: row[0],
        after_ns: row[1],
        stream: row[2] as u8,
    };
    numbers.chunks_exact(3).map(row).collect()
}

fn fast(count: usize) {
    let line = line(0);
    for _ in 0..count {
        whole(stdout(), &line);
    }
}

fn blocks(writes: usize, bytes: usize) {
    let block: Vec<u8> = line(0).into_iter().cycle().take(bytes).collect();
    for _ in 0..writes {
        whole(stdout(), &block);
    }
}

/// Its number, and blanks.
fn line(number: usize) -> Vec<u8> {
    let mut line = format!("{number:08}").into_bytes();
    line.resize(LINE - 1, b' ');
    line.push(b'\n');
    line
}

fn whole(to: impl AsFd, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match write(&to, bytes) {
            Ok(length) => bytes = &bytes[length..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => panic!("{}", io::Error::from(error)),
        }
    }
}
