//! The progress lines at the bottom of a terminal, which are redrawn while a run goes on.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::live::Live;
use super::style::TerminalStyle;
use crate::clock::Clock;

/// How often the lines are redrawn: they count seconds.
const TICK: Duration = Duration::from_millis(200);
/// No more frames than this are drawn in a second, however much happens.
const FRAMES_A_SECOND: u8 = 10;

/// The progress lines. Dropping this removes them from the terminal.
pub(crate) struct Bars {
    bar: ProgressBar,
}

impl Bars {
    /// On stderr.
    pub(crate) fn new(live: Arc<Mutex<Live>>, style: TerminalStyle, clock: Clock) -> Bars {
        let target = ProgressDrawTarget::stderr_with_hz(FRAMES_A_SECOND);
        Bars::at(live, style, clock, target)
    }

    #[cfg(test)]
    pub(crate) fn hidden(live: Arc<Mutex<Live>>, style: TerminalStyle, clock: Clock) -> Bars {
        Bars::at(live, style, clock, ProgressDrawTarget::hidden())
    }

    fn at(
        live: Arc<Mutex<Live>>,
        style: TerminalStyle,
        clock: Clock,
        target: ProgressDrawTarget,
    ) -> Bars {
        let draw = move |_: &ProgressState, out: &mut dyn fmt::Write| {
            let now = clock.now();
            let style = style.as_wide_as_stderr();
            let live = live.lock().unwrap_or_else(PoisonError::into_inner);
            // Writing to memory cannot fail.
            let _ = out.write_str(&live.frame(now, style).join("\n"));
        };
        // Our template is valid; if it were not, the default would do.
        let style = ProgressStyle::with_template("{live}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(style.with_key("live", draw));
        Bars { bar }
    }

    /// Shows the lines from now on: enough is known of the run.
    pub(crate) fn begin(&self) {
        self.bar.enable_steady_tick(TICK);
    }

    /// Calls `what` while the lines are hidden.
    pub(crate) fn aside(&self, what: impl FnOnce()) {
        self.bar.suspend(what);
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
