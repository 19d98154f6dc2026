//! How far a run is: what builds, what runs, what was judged, and when it may end, as lines that fit a width.

use std::time::Duration;

use indexmap::IndexMap;

use super::frame::{Text, Wording, bar, beside};
use super::style::{TerminalStyle, Tone};
use super::text::{counted, cut, limit, visible};
use crate::clock::Stamp;
use crate::model::verdict::Verdict;
use crate::progress::Progress;

/// The number of running programs that get a line of their own: those that have run longest.
const SHOWN: usize = 6;
/// Columns of the bar: at most, and as few as still tell something.
const BAR: (usize, usize) = (24, 8);
/// With fewer trials done than the first number, or less than one in the second, their rate predicts nothing.
const TELLING: (u64, u64) = (5, 10);

/// How far a run is.
#[derive(Debug)]
pub(crate) struct Live {
    began: Stamp,
    programs: usize,
    verdicts: IndexMap<Verdict, usize>,
    /// Programs to build, if any are.
    to_build: Option<usize>,
    builds: IndexMap<String, (String, Stamp)>,
    trials: Option<Trials>,
    running: IndexMap<String, Running>,
    /// The expected duration of builds and trials together, from the start; unused once the trials have begun.
    expected: Option<Duration>,
}

/// The trials of a run.
#[derive(Debug)]
struct Trials {
    began: Stamp,
    /// `None` if they are repeated for a given time.
    wanted: Option<u64>,
    done: u64,
    expected: Option<Duration>,
}

/// A program under way.
#[derive(Debug)]
struct Running {
    /// When each of its current trials began, in that order.
    began: Vec<Stamp>,
    timeout: Duration,
}

impl Live {
    /// A run that begins now.
    pub(crate) fn new(now: Stamp) -> Live {
        Live {
            began: now,
            programs: 0,
            verdicts: IndexMap::new(),
            to_build: None,
            builds: IndexMap::new(),
            trials: None,
            running: IndexMap::new(),
            expected: None,
        }
    }

    /// Takes in what happened.
    pub(crate) fn hear(&mut self, progress: &Progress, now: Stamp) {
        match progress {
            Progress::Selected {
                programs, expected, ..
            } => {
                self.programs = *programs;
                self.expected = *expected;
            }
            Progress::BuildsStarted { programs, expected } => {
                self.to_build = Some(*programs);
                // If the duration of the builds is unknown, so is the end of the trials after them.
                let until = expected.zip(self.expected);
                self.expected =
                    until.map(|(builds, trials)| builds + trials + now.since(self.began));
            }
            Progress::BuildStarted { what, why_slow } => {
                let line = building(what, why_slow.as_deref());
                self.builds.insert(what.clone(), (line, now));
            }
            Progress::BuildFinished { what, .. } => drop(self.builds.shift_remove(what)),
            Progress::TrialsStarted { trials, expected } => {
                self.trials = Some(Trials {
                    began: now,
                    wanted: *trials,
                    done: 0,
                    expected: *expected,
                });
            }
            Progress::TrialStarted { program, timeout } => {
                let fresh = || Running {
                    began: Vec::new(),
                    timeout: *timeout,
                };
                let running = self.running.entry(program.clone()).or_insert_with(fresh);
                running.began.push(now);
            }
            Progress::TrialEnded { program } => self.trial_ended(program),
            Progress::TrialRepeated { .. } => {
                let wanted = self.trials.as_mut().and_then(|t| t.wanted.as_mut());
                wanted.into_iter().for_each(|wanted| *wanted += 1);
            }
            Progress::Judged { result, .. } => {
                *self.verdicts.entry(result.verdict).or_default() += 1;
            }
            Progress::Warning { .. } | Progress::Interrupted { .. } | Progress::Finished => {}
        }
    }

    /// If several trials of a program run, the one that began first is taken to have ended: it makes no difference.
    fn trial_ended(&mut self, program: &str) {
        if let Some(trials) = &mut self.trials {
            trials.done += 1;
        }
        if let Some(running) = self.running.get_mut(program) {
            running.began.drain(..1);
            if running.began.is_empty() {
                self.running.shift_remove(program);
            }
        }
    }

    /// Programs that have a verdict.
    fn judged(&self) -> usize {
        self.verdicts.values().sum()
    }

    /// `57 of 120 programs, 2 fail, about 4 s left`: what stands in a log.
    pub(crate) fn sentence(&self, now: Stamp) -> String {
        let programs = counted(self.programs, "program");
        let mut parts = vec![format!("{} of {programs} done", self.judged())];
        parts.extend(self.odd().into_iter().map(|(_, words)| words));
        parts.extend(self.left(now).map(|left| format!("about {left} left")));
        parts.join(", ")
    }

    /// The lines to show at `now`, none wider than the style.
    pub(crate) fn frame(&self, now: Stamp, style: TerminalStyle) -> Vec<String> {
        let width = style.columns().saturating_sub(1);
        let mut lines = vec![self.head(now, style, width)];
        for (line, began) in self.builds.values() {
            let time = elapsed(now.since(*began));
            lines.push(beside(line, &time, style, width));
        }
        lines.extend(self.running_lines(now, style, width));
        lines
    }

    fn head(&self, now: Stamp, style: TerminalStyle, width: usize) -> String {
        let Some(trials) = &self.trials else {
            let what = match self.to_build {
                Some(programs) if !self.builds.is_empty() => {
                    format!("{} to build", counted(programs, "program"))
                }
                // Files are read and toolchains probed.
                Some(_) | None => format!("{}, making ready", counted(self.programs, "program")),
            };
            let mut time = elapsed(now.since(self.began));
            if let Some(left) = self.left(now) {
                let about = if style.is_narrow() { "" } else { "about " };
                time = format!("{time}, {about}{left} left");
            }
            return beside(&what, &time, style, width);
        };
        let room = |text: &Text| width.saturating_sub(text.columns() + 1);
        let wordings = [Wording::Full, Wording::Short, Wording::Least];
        let mut texts = wordings.map(|wording| self.text(trials, now, wording));
        let fits = texts.iter().position(|text| room(text) >= BAR.1);
        let text = &mut texts[fits.unwrap_or(wordings.len() - 1)];
        let width_of_bar = room(text).min(BAR.0);
        if width_of_bar < BAR.1 {
            return cut(&text.plain(), width, style.ellipsis());
        }
        let bar = bar(self.share(trials, now), width_of_bar, style);
        format!("{bar} {}", text.painted(style))
    }

    /// What the bar shows: the share of the trials that are done, or of the given time that has passed.
    fn share(&self, trials: &Trials, now: Stamp) -> f64 {
        let share = match (trials.wanted, trials.expected) {
            (Some(wanted), _) if wanted > 0 => trials.done as f64 / wanted as f64,
            (None, Some(expected)) if !expected.is_zero() => {
                now.since(trials.began).as_secs_f64() / expected.as_secs_f64()
            }
            _ => self.judged() as f64 / self.programs.max(1) as f64,
        };
        share.clamp(0.0, 1.0)
    }

    fn text(&self, trials: &Trials, now: Stamp, wording: Wording) -> Text {
        let (judged, programs) = (self.judged(), self.programs);
        let is_full = wording == Wording::Full;
        let mut text = Text::default();
        let done = match is_full {
            true => format!("{judged} of {}", counted(programs, "program")),
            false => format!("{judged}/{programs}"),
        };
        text.push(Tone::Plain, done);
        let several = trials.wanted.filter(|wanted| *wanted > programs as u64);
        if let Some(wanted) = several.filter(|_| is_full) {
            let done = trials.done.min(wanted);
            text.push(Tone::Plain, format!(", {done} of {wanted} trials"));
        }
        if wording != Wording::Least {
            for (tone, words) in self.odd() {
                text.push(Tone::Plain, ", ".into());
                text.push(tone, words);
            }
        }
        let since = elapsed(now.since(self.began));
        text.push(Tone::Quiet, format!("  {since}"));
        if let Some(left) = self.left(now) {
            let about = if is_full { "about " } else { "" };
            text.push(Tone::Quiet, format!(", {about}{left} left"));
        }
        text
    }

    /// The verdicts that need attention, each with its number: `2 fail`.
    fn odd(&self) -> Vec<(Tone, String)> {
        let all = Verdict::ALL
            .into_iter()
            .filter(|verdict| verdict.class().needs_attention());
        all.filter_map(|verdict| {
            let n = self.verdicts.get(&verdict)?;
            Some((Tone::of_verdict(verdict), format!("{n} {}", verdict.name())))
        })
        .collect()
    }

    /// The estimated remaining time in whole seconds: from the last run, else from the rate so far.
    fn left(&self, now: Stamp) -> Option<String> {
        let Some(trials) = &self.trials else {
            return seconds(self.expected?.checked_sub(now.since(self.began))?);
        };
        let since = now.since(trials.began);
        let left = match (trials.expected, trials.wanted) {
            (Some(expected), _) => expected.checked_sub(since)?,
            (None, Some(wanted))
                if trials.done >= TELLING.0 && trials.done * TELLING.1 >= wanted =>
            {
                let rest = wanted.saturating_sub(trials.done);
                since.mul_f64(rest as f64 / trials.done as f64)
            }
            (None, _) => return None,
        };
        seconds(left)
    }

    fn running_lines(&self, now: Stamp, style: TerminalStyle, width: usize) -> Vec<String> {
        let mut all: Vec<(&String, &Running)> = self.running.iter().collect();
        all.sort_by_key(|(_, running)| running.began.first().copied());
        let more = all.len().saturating_sub(SHOWN);
        let line = |(program, running): (&String, &Running)| {
            let began = running.began.first().copied().unwrap_or(now);
            let several = match running.began.len() {
                0 | 1 => String::new(),
                n => format!(" ({n} trials)"),
            };
            let mut time = elapsed(now.since(began));
            if !style.is_narrow() {
                time = format!("{time} of {}", limit(running.timeout));
            }
            let what = format!("  {}{several}", visible(program));
            beside(&what, &time, style, width)
        };
        let mut lines: Vec<String> = all.into_iter().take(SHOWN).map(line).collect();
        if more > 0 {
            let more = cut(&format!("  and {more} more"), width, style.ellipsis());
            lines.push(style.paint(Tone::Quiet, &more));
        }
        lines
    }
}

/// `building rust: 6 programs (…)`
pub(crate) fn building(what: &str, why_slow: Option<&str>) -> String {
    let why = why_slow.map(|why| format!(" ({})", visible(why)));
    format!("building {}{}", visible(what), why.unwrap_or_default())
}

/// In whole seconds, so that the number does not flicker.
fn elapsed(time: Duration) -> String {
    limit(Duration::from_secs(time.as_secs()))
}

/// Whole seconds, rounded up; `None` if that is less than one.
fn seconds(left: Duration) -> Option<String> {
    let seconds = left.as_secs_f64().ceil();
    (seconds >= 1.0).then(|| limit(Duration::from_secs_f64(seconds)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::terminal::sample;
    use crate::terminal::text::columns;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: f64) -> Stamp {
        Stamp { ns: 0 } + Duration::from_secs_f64(seconds)
    }

    fn look(width: usize, unicode: bool) -> TerminalStyle {
        TerminalStyle {
            width,
            color: false,
            unicode,
            terminal: true,
        }
    }

    /// A run of 12 programs, five seconds after its trials began.
    fn in_the_middle(expected: Option<Duration>) -> Live {
        let mut live = Live::new(at(0.0));
        let mut hear = |seconds: f64, progress: Progress| live.hear(&progress, at(seconds));
        hear(
            0.0,
            Progress::Selected {
                programs: 12,
                several: false,
                expected,
            },
        );
        hear(
            0.0,
            Progress::BuildsStarted {
                programs: 6,
                expected: Some(SECOND),
            },
        );
        hear(
            1.0,
            Progress::TrialsStarted {
                trials: Some(240),
                expected,
            },
        );
        for n in 0..9 {
            let started = Progress::TrialStarted {
                program: format!("one-fails/python/program-{n}"),
                timeout: 30 * SECOND,
            };
            hear(1.0 + f64::from(n) * 0.1, started.clone());
            hear(1.5 + f64::from(n) * 0.1, started);
        }
        for _ in 0..60 {
            hear(
                3.0,
                Progress::TrialEnded {
                    program: "elsewhere".into(),
                },
            );
        }
        for result in sample::report().results.into_iter().take(5) {
            hear(
                4.0,
                Progress::Judged {
                    result: Box::new(result),
                    by_hand: Vec::new(),
                },
            );
        }
        live
    }

    #[test]
    fn a_frame_at_each_width() {
        let live = in_the_middle(Some(9 * SECOND));
        for (name, style) in [
            ("100", look(100, true)),
            ("80", look(80, true)),
            ("40", look(40, true)),
            ("20-ascii", look(20, false)),
        ] {
            let frame = live.frame(at(6.0), style).join("\n");
            insta::assert_snapshot!(format!("live-{name}"), frame);
        }
    }

    #[test]
    fn a_frame_while_it_builds() {
        let mut live = Live::new(at(0.0));
        let selected = Progress::Selected {
            programs: 120,
            several: false,
            expected: Some(30 * SECOND),
        };
        live.hear(&selected, at(0.0));
        let builds = Progress::BuildsStarted {
            programs: 7,
            expected: Some(25 * SECOND),
        };
        live.hear(&builds, at(0.5));
        let started = Progress::BuildStarted {
            what: "rust rustc 1.95.0: 6 programs".into(),
            why_slow: Some("the first build with a toolchain compiles tokio too, once".into()),
        };
        live.hear(&started, at(1.0));
        let frame = live.frame(at(13.5), look(80, true)).join("\n");
        insta::assert_snapshot!("live-builds", frame);
        let finished = Progress::BuildFinished {
            what: "rust rustc 1.95.0: 6 programs".into(),
            took: SECOND,
        };
        live.hear(&finished, at(14.0));
        assert_eq!(live.frame(at(14.0), look(80, true)).len(), 1);
    }

    #[test]
    fn the_end_is_told_by_the_last_run_or_by_the_rate_or_not_at_all() {
        let left = |live: &Live, seconds: f64| live.left(at(seconds));
        let known = in_the_middle(Some(9 * SECOND));
        assert_eq!(left(&known, 6.0), Some("4 s".into()));
        // It takes longer than the last time, by an unknown amount.
        assert_eq!(left(&known, 11.0), None);
        // A quarter of the trials in five seconds.
        let unknown = in_the_middle(None);
        assert_eq!(left(&unknown, 6.0), Some("15 s".into()));
        assert_eq!(
            unknown.sentence(at(6.0)),
            "5 of 12 programs done, 1 fail, 1 inconclusive, about 15 s left"
        );
        assert_eq!(left(&Live::new(at(0.0)), 6.0), None);
    }

    #[test]
    fn while_it_builds_the_end_is_that_of_the_builds_and_the_trials() {
        let building = |trials: Option<u32>, builds: Option<u32>| {
            let mut live = Live::new(at(0.0));
            let seconds = |known: Option<u32>| known.map(|seconds| seconds * SECOND);
            let (programs, several) = (12, false);
            let expected = seconds(trials);
            let selected = Progress::Selected {
                programs,
                several,
                expected,
            };
            live.hear(&selected, at(0.0));
            let expected = seconds(builds);
            live.hear(&Progress::BuildsStarted { programs, expected }, at(2.0));
            live
        };
        let known = building(Some(9), Some(20));
        assert_eq!(known.left(at(5.0)), Some("26 s".into()));
        assert_eq!(
            known.sentence(at(5.0)),
            "0 of 12 programs done, about 26 s left"
        );
        assert_eq!(known.left(at(40.0)), None);
        assert_eq!(building(None, Some(20)).left(at(5.0)), None);
        assert_eq!(building(Some(9), None).left(at(5.0)), None);
    }

    #[test]
    fn a_program_is_under_way_until_the_last_of_its_trials_is_over() {
        let mut live = Live::new(at(0.0));
        let program = || "a/b/c".to_string();
        let started = Progress::TrialStarted {
            program: program(),
            timeout: SECOND,
        };
        let ended = Progress::TrialEnded { program: program() };
        for (progress, running) in [(&started, 1), (&started, 1), (&ended, 1), (&ended, 0)] {
            live.hear(progress, at(0.0));
            assert_eq!(live.running.len(), running);
        }
        live.hear(&ended, at(0.0));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal(width in 20_usize..120, unicode: bool, seconds in 0.0..2000.0_f64) {
            for expected in [None, Some(900 * SECOND)] {
                for line in in_the_middle(expected).frame(at(seconds), look(width, unicode)) {
                    prop_assert!(columns(&line) < width, "{line:?}");
                }
            }
        }
    }
}
