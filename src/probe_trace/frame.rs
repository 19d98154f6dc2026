//! Lines of code as probes tell of them.

use serde::{Deserialize, Serialize};

/// A line of code that was being run, or waited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "FrameRow", into = "FrameRow")]
pub struct Frame {
    /// The file, as the runtime names it.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The function.
    pub function: String,
    /// Which activation of the function, where frames of one are seen several times; 0 where that is not known.
    pub activation: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum FrameRow {
    Active(String, u32, String, u64),
    Plain(String, u32, String),
}

impl From<FrameRow> for Frame {
    fn from(row: FrameRow) -> Frame {
        let (file, line, function, activation) = match row {
            FrameRow::Active(file, line, function, activation) => {
                (file, line, function, activation)
            }
            FrameRow::Plain(file, line, function) => (file, line, function, 0),
        };
        Frame {
            file,
            line,
            function,
            activation,
        }
    }
}

impl From<Frame> for FrameRow {
    fn from(frame: Frame) -> FrameRow {
        match frame.activation {
            0 => FrameRow::Plain(frame.file, frame.line, frame.function),
            activation => FrameRow::Active(frame.file, frame.line, frame.function, activation),
        }
    }
}

/// A stack that was seen so many times, the outermost frame first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// How many times.
    pub n: u64,
    /// The frames, the outermost first.
    pub stack: Vec<Frame>,
}
