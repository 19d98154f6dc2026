//! What a run tells while it goes on: moving lines at a terminal, a few plain ones elsewhere.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::bars::Bars;
use super::harmless::{Dialect, Harmless};
use super::look::{Look, Tone};
use super::text::{counted, took, visible};
use crate::clock::{Clock, Stamp};
use crate::model::report::ProgramResult;
use crate::progress::{Listener, Progress};

/// Without a terminal, how often to say how far it is.
const EVERY: Duration = Duration::from_secs(10);

/// How much to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Chatter {
    /// Warnings alone.
    Quiet,
    /// What is built, and how far it is.
    #[default]
    Normal,
    /// A line a program as well.
    Verbose,
}

/// Tells a person how a run goes on.
pub struct Teller {
    chatter: Chatter,
    look: Look,
    every: Duration,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    bars: Option<Bars>,
    programs: usize,
    judged: usize,
    said: Option<Stamp>,
}

impl Teller {
    /// Tells on stderr; `look` is that of stderr; `harmless` if a CI server may obey what it says. Lines move only at a terminal that can move its
    /// cursor.
    #[must_use]
    pub fn new(chatter: Chatter, look: Look, harmless: bool) -> Teller {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let bars = look.terminal && !dumb && chatter > Chatter::Quiet;
        let bars = bars.then(|| Bars::new(look));
        let out: Box<dyn Write + Send> = if harmless {
            Box::new(Harmless::new(io::stderr(), Dialect::Text))
        } else {
            Box::new(io::stderr())
        };
        Teller::to(out, chatter, look, bars)
    }

    fn to(out: Box<dyn Write + Send>, chatter: Chatter, look: Look, bars: Option<Bars>) -> Teller {
        Teller {
            chatter,
            look,
            every: EVERY,
            state: Mutex::new(State {
                out,
                bars,
                programs: 0,
                judged: 0,
                said: None,
            }),
        }
    }

    fn say(&self, state: &mut State, from: Chatter, line: &str) {
        if self.chatter < from {
            return;
        }
        let State { out, bars, .. } = state;
        // Nobody is left to tell that stderr cannot be written.
        let mut tell = || drop(writeln!(out, "{line}").and_then(|()| out.flush()));
        match bars {
            Some(bars) => bars.aside(tell),
            None => tell(),
        }
    }

    fn build_started(&self, state: &mut State, what: &str, why_slow: Option<&str>) {
        let why = why_slow.map(|why| format!(" ({})", visible(why)));
        let line = format!("building {}{}", visible(what), why.unwrap_or_default());
        match &mut state.bars {
            Some(bars) => bars.build_started(what, &line),
            None => self.say(state, Chatter::Normal, &line),
        }
    }

    fn judged(&self, state: &mut State, result: &ProgramResult) {
        state.judged += 1;
        if let Some(bars) = &mut state.bars {
            bars.judged(&name(result));
        }
        if self.chatter == Chatter::Verbose {
            self.say(state, Chatter::Verbose, &self.judged_line(result));
        } else if state.bars.is_none() {
            self.now_and_then(state);
        }
    }

    fn judged_line(&self, result: &ProgramResult) -> String {
        let verdict = result.verdict;
        let word = format!("{:<12}", verdict.name());
        let word = self.look.paint(Tone::of_verdict(verdict), &word);
        let reason = result.reason.as_deref().and_then(|r| r.lines().next());
        let after = match (result.trials.as_slice(), reason) {
            (_, Some(reason)) => format!(": {}", visible(reason)),
            ([trial], None) => format!("  {}", took(trial.elapsed_ms)),
            ([], None) => String::new(),
            (trials, None) => format!("  {}", counted(trials.len(), "trial")),
        };
        format!("{word}  {}{after}", visible(&name(result)))
    }

    /// How far it is, but not often.
    fn now_and_then(&self, state: &mut State) {
        let now = Clock::Real.now();
        let due = state.said.is_none_or(|said| now.since(said) >= self.every);
        if due && state.said.is_some() {
            let line = format!(
                "{} of {} done",
                state.judged,
                counted(state.programs, "program")
            );
            self.say(state, Chatter::Normal, &line);
        }
        if due {
            state.said = Some(now);
        }
    }
}

impl Listener for Teller {
    fn on(&self, progress: &Progress) {
        let mut guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        match progress {
            Progress::Selected { programs } => {
                state.programs = *programs;
                state.said = Some(Clock::Real.now());
                if let Some(bars) = &mut state.bars {
                    bars.selected(*programs);
                }
            }
            Progress::BuildsStarted { programs } => {
                let line = format!("{} to build", counted(*programs, "program"));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::BuildStarted { what, why_slow } => {
                self.build_started(state, what, why_slow.as_deref());
            }
            Progress::BuildFinished { what, took: time } => {
                if let Some(bars) = &mut state.bars {
                    bars.build_finished(what);
                }
                let time = took(time.as_secs_f64() * 1000.0);
                let line = format!("built {} in {time}", visible(what));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::TrialStarted { program, timeout } => {
                if let Some(bars) = &mut state.bars {
                    bars.trial_started(program, *timeout);
                }
            }
            Progress::TrialRepeated { program } => {
                let line = format!("{} runs again: it could not be told", visible(program));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::Judged { result } => self.judged(state, result),
            Progress::Warning { text } => {
                let word = self.look.paint(Tone::Doubt, "warning:");
                self.say(state, Chatter::Quiet, &format!("{word} {}", visible(text)));
            }
            Progress::Interrupted { signal } => {
                let line = format!(
                    "{}: ending what runs, then reporting what is known",
                    visible(signal)
                );
                self.say(state, Chatter::Normal, &line);
            }
            Progress::Finished => state.bars = None,
        }
    }
}

fn name(result: &ProgramResult) -> String {
    format!("{}/{}", result.case, result.program())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::report::sample;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn told(chatter: Chatter, every: Duration) -> String {
        let paper = Paper::default();
        let mut teller = Teller::to(Box::new(paper.clone()), chatter, Look::PLAIN, None);
        teller.every = every;
        run(&teller);
        let told = paper.0.lock().unwrap().clone();
        String::from_utf8(told).unwrap()
    }

    fn run(listener: &dyn Listener) {
        let program = || "blocking-call/rust/listing".to_string();
        let what = || "rust: 6 programs with tokio".to_string();
        listener.on(&Progress::Selected { programs: 2 });
        listener.on(&Progress::BuildsStarted { programs: 6 });
        let why_slow = Some("tokio is compiled once".into());
        listener.on(&Progress::BuildStarted {
            what: what(),
            why_slow,
        });
        let took = Duration::from_millis(12_345);
        listener.on(&Progress::BuildFinished { what: what(), took });
        let timeout = Duration::from_secs(30);
        for _ in 0..2 {
            listener.on(&Progress::TrialStarted {
                program: program(),
                timeout,
            });
        }
        listener.on(&Progress::TrialRepeated { program: program() });
        for result in sample::report().results.into_iter().take(2) {
            listener.on(&Progress::Judged {
                result: Box::new(result),
            });
        }
        let text = "two pythons on PATH:\x1b[2J the first is used".into();
        listener.on(&Progress::Warning { text });
        listener.on(&Progress::Interrupted {
            signal: "SIGINT".into(),
        });
        listener.on(&Progress::Finished);
    }

    #[test]
    fn without_a_terminal_it_tells_what_is_built_and_what_is_wrong() {
        insta::assert_snapshot!(told(Chatter::Normal, Duration::MAX));
    }

    #[test]
    fn a_long_run_says_now_and_then_how_far_it_is() {
        assert!(told(Chatter::Normal, Duration::ZERO).contains("1 of 2 programs done\n"));
    }

    #[test]
    fn verbose_tells_of_every_program() {
        insta::assert_snapshot!(told(Chatter::Verbose, Duration::MAX));
    }

    #[test]
    fn quiet_tells_warnings_alone() {
        let told = told(Chatter::Quiet, Duration::ZERO);
        assert_eq!(
            told,
            "warning: two pythons on PATH:\\x1b[2J the first is used\n"
        );
    }

    #[test]
    fn bars_survive_a_whole_run() {
        let look = Look {
            terminal: true,
            ..Look::PLAIN
        };
        let paper = Paper::default();
        let bars = Some(Bars::hidden(look));
        run(&Teller::to(
            Box::new(paper.clone()),
            Chatter::Normal,
            look,
            bars,
        ));
        let told = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert!(
            told.starts_with("warning:") && !told.contains("building"),
            "{told}"
        );
    }
}
