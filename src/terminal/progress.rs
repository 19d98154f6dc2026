//! What a run prints while it goes on: progress lines at a terminal, a few plain lines elsewhere.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::bars::Bars;
use super::ci_escape::{CiEscape, Dialect};
use super::follow_up::follow_up;
use super::layout::Printer;
use super::live::{Live, building};
use super::style::{TerminalStyle, Tone};
use super::text::{counted, cut, took, visible};
use crate::clock::{Clock, Stamp};
use crate::model::report::ProgramResult;
use crate::progress::{Listener, Progress};

/// Without a terminal, how often to say how far the run is.
const EVERY: Duration = Duration::from_secs(10);
/// At a terminal, the most lines that one reason may take; the report that follows contains all of it.
const REASON_LINES: usize = 3;

/// How much to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Chatter {
    /// Warnings alone.
    Quiet,
    /// What is being built, and the progress.
    #[default]
    Normal,
    /// One line for each program as well.
    Verbose,
}

/// Tells a person how a run progresses.
pub struct Teller {
    chatter: Chatter,
    style: TerminalStyle,
    clock: Clock,
    every: Duration,
    /// What the progress lines show. A thread of their own draws them, so this is never locked while they are called.
    live: Arc<Mutex<Live>>,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    bars: Option<Bars>,
    programs: usize,
    /// Whether a program may have a row for each of several toolchains.
    several: bool,
    /// Reasons why rows could not be run at all, each of which is printed once.
    reasons: BTreeSet<String>,
    said: Option<Stamp>,
}

impl Teller {
    /// Tells on stderr, whose style is given; `escaped` if a CI server may obey what it reads there. Lines move only
    /// at a terminal that can move its cursor.
    #[must_use]
    pub fn new(chatter: Chatter, style: TerminalStyle, escaped: bool, clock: Clock) -> Teller {
        let moves = std::env::var_os("TERM").is_some_and(|term| term != "dumb");
        let live = Arc::new(Mutex::new(Live::new(clock.now())));
        let bars = (style.terminal && moves && chatter > Chatter::Quiet)
            .then(|| Bars::new(Arc::clone(&live), style, clock));
        let out = CiEscape::new(io::stderr(), escaped.then_some(Dialect::Text));
        Teller::to(Box::new(out), chatter, style, clock, live, bars)
    }

    fn to(
        out: Box<dyn Write + Send>,
        chatter: Chatter,
        style: TerminalStyle,
        clock: Clock,
        live: Arc<Mutex<Live>>,
        bars: Option<Bars>,
    ) -> Teller {
        Teller {
            chatter,
            style,
            clock,
            every: EVERY,
            live,
            state: Mutex::new(State {
                out,
                bars,
                programs: 0,
                several: false,
                reasons: BTreeSet::new(),
                said: None,
            }),
        }
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, state: &mut State, from: Chatter, line: &str) {
        if self.chatter >= from {
            tell(state, &format!("{line}\n"));
        }
    }

    fn judged(&self, state: &mut State, result: &ProgramResult, by_hand: &[String]) {
        // A single program is shown in full right afterwards, with the reason and what to do.
        let alone = state.programs == 1;
        let (is_told, by_hand) = match self.chatter {
            Chatter::Quiet => return,
            Chatter::Normal => (!alone && is_news(result, &mut state.reasons), &[][..]),
            Chatter::Verbose => (true, by_hand),
        };
        if is_told {
            let mut text = self.judged_line(result) + "\n";
            if !alone {
                self.see(result, state.several, &mut text);
            }
            for line in by_hand {
                text += &format!("{}\n", visible(line));
            }
            tell(state, &text);
        }
        if self.chatter == Chatter::Normal && state.bars.is_none() {
            self.now_and_then(state);
        }
    }

    /// Its verdict, its name and why, or how long it took: within a few lines at a terminal, on one elsewhere.
    fn judged_line(&self, result: &ProgramResult) -> String {
        let verdict = result.verdict;
        let after = match (result.trials.as_slice(), result.first_reason()) {
            (_, Some(reason)) => format!(": {}", visible(reason)),
            ([trial], None) => format!("  {}", took(trial.elapsed_ms)),
            ([], None) => String::new(),
            (trials, None) => format!("  {}", counted(trials.len(), "trial")),
        };
        let body = format!("{}{after}", visible(&name(result)));
        let (word, tone) = (verdict.name(), Tone::of_verdict(verdict));
        if !self.style.terminal {
            let word = self.style.paint(tone, &format!("{word:<12}"));
            return format!("{word}  {body}");
        }
        let room = self.style.columns().saturating_sub(HANG);
        let body = cut(&body, room * REASON_LINES, self.style.ellipsis());
        let mut text = Vec::new();
        // Writing to memory cannot fail.
        let _ = Printer::new(&self.style, &mut text).hang((0, HANG), (word, tone), &body);
        String::from_utf8_lossy(&text).trim_end().to_string()
    }

    /// The command that shows more of it.
    fn see(&self, result: &ProgramResult, several: bool, text: &mut String) {
        let Some(command) = follow_up(result, several) else {
            return;
        };
        let indent = if self.style.is_narrow() { 2 } else { HANG };
        // Not wrapped: it is there to be copied.
        let line = format!("{:indent$}see: {}", "", visible(&command));
        text.push_str(&self.style.paint(Tone::Quiet, &line));
        text.push('\n');
    }

    /// Says how far the run is, if it has not said so for a while.
    fn now_and_then(&self, state: &mut State) {
        let now = self.clock.now();
        let due = state.said.is_none_or(|said| now.since(said) >= self.every);
        if due && state.said.is_some() {
            let sentence = self.live().sentence(now);
            self.say(state, Chatter::Normal, &sentence);
        }
        if due {
            state.said = Some(now);
        }
    }
}

/// The column at which the names stand, right of the longest verdict.
const HANG: usize = 14;

/// Writes text above the moving lines.
fn tell(state: &mut State, text: &str) {
    let State { out, bars, .. } = state;
    // A failure to write to stderr cannot be reported anywhere.
    let mut tell = || drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    match bars {
        Some(bars) => bars.aside(tell),
        None => tell(),
    }
}

/// Whether a row is printed during the run. A missing toolchain can wait for the report, and a reason that keeps several
/// programs from running is printed once.
fn is_news(result: &ProgramResult, reasons: &mut BTreeSet<String>) -> bool {
    let verdict = result.verdict;
    if !verdict.is_news() {
        return false;
    }
    let reason = result.reason.clone().unwrap_or_default();
    !result.trials.is_empty() || reasons.insert(format!("{} {reason}", verdict.name()))
}

impl Listener for Teller {
    fn on(&self, progress: &Progress) {
        let now = self.clock.now();
        self.live().hear(progress, now);
        let mut guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *guard;
        match progress {
            Progress::Selected {
                programs, several, ..
            } => {
                (state.programs, state.several) = (*programs, *several);
                state.said = Some(now);
                state.bars.iter().for_each(Bars::begin);
            }
            Progress::BuildsStarted { programs, .. } => {
                let line = format!("{} to build", counted(*programs, "program"));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::BuildStarted { what, why_slow } => {
                if state.bars.is_none() {
                    let line = building(what, why_slow.as_deref());
                    self.say(state, Chatter::Normal, &line);
                }
            }
            Progress::BuildFinished { what, took: time } => {
                let time = took(time.as_secs_f64() * 1000.0);
                let line = format!("built {} in {time}", visible(what));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::TrialsStarted { .. }
            | Progress::TrialStarted { .. }
            | Progress::TrialEnded { .. } => {}
            Progress::TrialRepeated { program } => {
                let line = format!("{} runs again: it could not be told", visible(program));
                self.say(state, Chatter::Verbose, &line);
            }
            Progress::Judged { result, by_hand } => self.judged(state, result, by_hand),
            Progress::Warning { text } => {
                let word = self.style.paint(Tone::Doubt, "warning:");
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
    use super::*;
    use crate::model::verdict::Verdict;
    use crate::terminal::sample;
    use crate::terminal::text::columns;

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
        let live = Arc::new(Mutex::new(Live::new(Clock::Real.now())));
        let out = Box::new(paper.clone());
        let mut teller = Teller::to(out, chatter, TerminalStyle::PLAIN, Clock::Real, live, None);
        teller.every = every;
        run(&teller);
        let told = paper.0.lock().unwrap().clone();
        String::from_utf8(told).unwrap()
    }

    fn run(listener: &dyn Listener) {
        let program = || "blocking-call/rust/listing".to_string();
        let what = || "rust: 6 programs with tokio".to_string();
        listener.on(&Progress::Selected {
            programs: 4,
            several: false,
            expected: None,
        });
        listener.on(&Progress::BuildsStarted {
            programs: 6,
            expected: None,
        });
        let why_slow = Some("tokio is compiled once".into());
        listener.on(&Progress::BuildStarted {
            what: what(),
            why_slow,
        });
        let took = Duration::from_millis(12_345);
        listener.on(&Progress::BuildFinished { what: what(), took });
        listener.on(&Progress::TrialsStarted {
            trials: Some(2),
            expected: None,
        });
        let timeout = Duration::from_secs(30);
        for _ in 0..2 {
            listener.on(&Progress::TrialStarted {
                program: program(),
                timeout,
            });
        }
        listener.on(&Progress::TrialRepeated { program: program() });
        listener.on(&Progress::TrialEnded { program: program() });
        for result in sample::report().results.into_iter().take(4) {
            let passed = result.verdict == Verdict::Pass;
            let by_hand = vec!["cd /tmp && env -i sh p.sh".into()];
            listener.on(&Progress::Judged {
                result: Box::new(result),
                by_hand: if passed { Vec::new() } else { by_hand },
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
        assert!(told(Chatter::Normal, Duration::ZERO).contains("1 of 4 programs done\n"));
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
        let style = TerminalStyle {
            terminal: true,
            ..TerminalStyle::PLAIN
        };
        let paper = Paper::default();
        let live = Arc::new(Mutex::new(Live::new(Clock::Real.now())));
        let bars = Some(Bars::hidden(Arc::clone(&live), style, Clock::Real));
        let out = Box::new(paper.clone());
        run(&Teller::to(
            out,
            Chatter::Normal,
            style,
            Clock::Real,
            live,
            bars,
        ));
        let told = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert!(
            told.contains("warning:") && !told.contains("building"),
            "{told}"
        );
    }

    #[test]
    fn what_keeps_several_from_being_run_is_said_once() {
        let report = sample::report();
        let mut reasons = BTreeSet::new();
        let mut rows = report.results.iter();
        let broken = rows.find(|row| row.verdict == Verdict::BuildError).unwrap();
        assert!(is_news(broken, &mut reasons) && !is_news(broken, &mut reasons));
        let failed = report
            .results
            .iter()
            .find(|row| row.verdict == Verdict::Fail);
        for _ in 0..2 {
            assert!(is_news(failed.unwrap(), &mut reasons));
        }
        for row in &report.results {
            let quiet = matches!(
                row.verdict,
                Verdict::Pass | Verdict::Skipped | Verdict::Missing
            );
            assert!(!quiet || !is_news(row, &mut BTreeSet::new()));
        }
    }

    #[test]
    fn at_a_terminal_a_reason_takes_few_lines_and_its_command_one() {
        let mut failed = sample::report()
            .results
            .into_iter()
            .find(|r| r.verdict == Verdict::Fail)
            .unwrap();
        failed.reason = Some("word ".repeat(200));
        for width in [40, 80] {
            let style = TerminalStyle {
                width,
                terminal: true,
                ..TerminalStyle::PLAIN
            };
            let live = Arc::new(Mutex::new(Live::new(Clock::Real.now())));
            let teller = Teller::to(
                Box::new(Paper::default()),
                Chatter::Normal,
                style,
                Clock::Real,
                live,
                None,
            );
            let line = teller.judged_line(&failed);
            assert!(line.lines().count() <= REASON_LINES + 2, "{line}");
            assert!(line.lines().all(|line| columns(line) <= width), "{line}");
            let mut see = String::new();
            teller.see(&failed, false, &mut see);
            assert!(see.trim_start().starts_with("see: repro run "));
        }
    }
}
