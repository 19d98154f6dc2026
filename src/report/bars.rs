//! The moving lines of a run at a terminal: what builds, how many programs are done, what runs.

use std::time::Duration;

use indexmap::IndexMap;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::look::Look;
use super::text::{counted, limit, visible};

/// Running trials that have a line of their own; the others run unseen.
const SHOWN: usize = 6;
const TICK: Duration = Duration::from_millis(120);

/// The moving lines. They vanish when this is dropped.
pub(super) struct Bars {
    look: Look,
    multi: MultiProgress,
    done: Option<ProgressBar>,
    builds: IndexMap<String, ProgressBar>,
    trials: IndexMap<String, ProgressBar>,
}

impl Bars {
    /// On stderr.
    pub(super) fn new(look: Look) -> Bars {
        Bars::at(look, ProgressDrawTarget::stderr_with_hz(10))
    }

    #[cfg(test)]
    pub(super) fn hidden(look: Look) -> Bars {
        Bars::at(look, ProgressDrawTarget::hidden())
    }

    fn at(look: Look, target: ProgressDrawTarget) -> Bars {
        Bars {
            look,
            multi: MultiProgress::with_draw_target(target),
            done: None,
            builds: IndexMap::new(),
            trials: IndexMap::new(),
        }
    }

    /// Does something while the lines are out of the way.
    pub(super) fn aside(&self, what: impl FnOnce()) {
        self.multi.suspend(what);
    }

    /// So many programs will be done.
    pub(super) fn selected(&mut self, programs: usize) {
        let style = self.style("{bar:24} {msg}  {elapsed:.dim}");
        let marks = if self.look.unicode {
            "━━─"
        } else {
            "##-"
        };
        let bar = ProgressBar::new(programs as u64).with_style(style.progress_chars(marks));
        let bar = bar.with_message(format!("0 of {} done", counted(programs, "program")));
        let bar = self.multi.add(bar);
        bar.enable_steady_tick(TICK);
        self.done = Some(bar);
    }

    /// A compiler is called.
    pub(super) fn build_started(&mut self, what: &str, line: &str) {
        let spinner = self.spinner("{spinner} {wide_msg} {elapsed:.dim}", line, "");
        self.builds.insert(what.to_string(), spinner);
    }

    /// It has returned.
    pub(super) fn build_finished(&mut self, what: &str) {
        if let Some(spinner) = self.builds.shift_remove(what) {
            self.multi.remove(&spinner);
        }
    }

    /// A trial runs, the first or a further one of its program.
    pub(super) fn trial_started(&mut self, program: &str, timeout: Duration) {
        if let Some(line) = self.trials.get(program) {
            line.reset_elapsed();
        } else if self.trials.len() < SHOWN {
            let template = "{spinner} {wide_msg} {elapsed} of {prefix:.dim}";
            let line = self.spinner(template, &visible(program), &limit(timeout));
            self.trials.insert(program.to_string(), line);
        }
    }

    /// A program is done.
    pub(super) fn judged(&mut self, program: &str) {
        if let Some(line) = self.trials.shift_remove(program) {
            self.multi.remove(&line);
        }
        if let Some(bar) = &self.done {
            bar.inc(1);
            let all = usize::try_from(bar.length().unwrap_or(0)).unwrap_or(usize::MAX);
            bar.set_message(format!(
                "{} of {} done",
                bar.position(),
                counted(all, "program")
            ));
        }
    }

    fn spinner(&self, template: &str, message: &str, prefix: &str) -> ProgressBar {
        let ticks = if self.look.unicode {
            "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "
        } else {
            "-\\|/ "
        };
        let spinner = ProgressBar::new_spinner()
            .with_style(self.style(template).tick_chars(ticks))
            .with_message(message.to_string())
            .with_prefix(prefix.to_string());
        let spinner = self.multi.add(spinner);
        spinner.enable_steady_tick(TICK);
        spinner
    }

    fn style(&self, template: &str) -> ProgressStyle {
        let plain = template.replace(":.dim}", "}");
        let template = if self.look.color { template } else { &plain };
        // The templates are ours and good; should one not be, the default does as well.
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let lines = self.builds.values().chain(self.trials.values());
        for line in lines.chain(&self.done) {
            line.finish_and_clear();
        }
        // A terminal that is gone needs no clearing.
        drop(self.multi.clear());
    }
}
