//! A program of a case: what it showed, folded; inside, its trials over time, how often it did what, its events and its
//! source. What would make the page too large is cut, and says so.

use super::super::highlight::highlight;
use super::super::rows::{expected, peak, seen, time, toolchain};
use super::super::statistics::{condition, share, shown};
use super::markup::{class, lines, part, picture};
use super::places::Places;
use crate::model::report::{
    EventRow, OutcomeRow, ProgramAbout, ProgramResult, Report, Statistics, Trial,
};
use crate::model::verdict::Verdict;
use crate::terminal::style::Tone;
use crate::terminal::text::{counted, milliseconds, visible};
use crate::timeline::{Figure, Panel, Scale};

/// Orders that are listed.
const ORDERS: usize = 8;
/// Characters of an order or a line.
const LONG: usize = 400;
/// Bytes that a row of the events takes, about.
const EVENT: usize = 160;
/// How wide the bar of all trials is, in pixels.
const WHOLE: f64 = 200.0;

pub(super) struct ProgramView {
    pub(super) n: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) toolchain: Option<String>,
    pub(super) verdict: &'static str,
    pub(super) tone: &'static str,
    pub(super) part: &'static str,
    pub(super) expected: String,
    pub(super) seen: String,
    pub(super) time: String,
    pub(super) peak: Option<String>,
    pub(super) capture: Option<String>,
    /// What it is found by.
    pub(super) words: String,
    pub(super) reason: Option<String>,
    pub(super) otherwise: Option<String>,
    pub(super) picture: Option<String>,
    pub(super) statistics: Vec<StatisticsView>,
    pub(super) events: Option<EventsView>,
    pub(super) source: Option<SourceView>,
}

pub(super) struct StatisticsView {
    pub(super) heading: String,
    pub(super) outcomes: Vec<OutcomeView>,
    pub(super) distinct: String,
    pub(super) orders: Vec<OrderView>,
}

pub(super) struct OutcomeView {
    pub(super) name: String,
    pub(super) part: &'static str,
    pub(super) count: String,
    pub(super) share: String,
    pub(super) width: String,
    pub(super) low: String,
    pub(super) high: String,
}

pub(super) struct OrderView {
    pub(super) count: String,
    pub(super) behaviour: String,
    pub(super) part: &'static str,
    pub(super) order: String,
}

pub(super) struct EventsView {
    pub(super) heading: String,
    pub(super) rows: Vec<EventView>,
    pub(super) more: Option<String>,
}

pub(super) struct EventView {
    pub(super) at: String,
    pub(super) doubt: String,
    pub(super) place: String,
    pub(super) label: String,
    pub(super) text: String,
}

pub(super) struct SourceView {
    pub(super) heading: String,
    pub(super) html: String,
    pub(super) more: Option<String>,
}

impl ProgramView {
    /// At most about `allowance` bytes of HTML.
    pub(super) fn new(
        report: &Report,
        places: &Places,
        row: &ProgramResult,
        allowance: usize,
    ) -> ProgramView {
        let (n, id) = places.get(row);
        let shown = row.behaviours.keys().next().map(String::as_str);
        let about = report.about.get(&row.case);
        let about = about.and_then(|about| about.programs.get(&row.program()));
        let trials = told(row);
        let picture = own_picture(report, row, &trials);
        let picture = picture.filter(|picture| picture.len() <= allowance / 2 + 2_000);
        let left = allowance.saturating_sub(picture.as_ref().map_or(0, String::len));
        let seen = visible(&seen(row));
        let reason = row.reason.as_deref().map(lines);
        let first = reason.as_deref().and_then(|reason| reason.lines().next());
        ProgramView {
            words: format!("{id} {seen} {}", first.unwrap_or_default()),
            n,
            id,
            name: visible(&row.program()),
            language: visible(&row.language),
            toolchain: row.toolchain.as_ref().map(|_| visible(&toolchain(row))),
            verdict: row.verdict.name(),
            tone: class(Tone::of_verdict(row.verdict)),
            part: part(report, &row.case, shown),
            expected: visible(&expected(row)),
            seen,
            time: time(row),
            peak: peak(row),
            capture: row.trials.first().map(|trial| {
                let late = row
                    .trials
                    .iter()
                    .filter_map(|t| t.conditions.canary_delay_ns);
                let late = late.max().map(|ns| {
                    let ms = milliseconds(ns);
                    format!(", the machine at most {ms:.1} ms late")
                });
                format!(
                    "capture {}{}",
                    visible(&trial.capture),
                    late.unwrap_or_default()
                )
            }),
            reason,
            otherwise: row.otherwise.as_deref().map(visible),
            picture,
            statistics: row
                .statistics
                .iter()
                .map(|of| statistics(report, row, of))
                .collect(),
            events: trials
                .last()
                .and_then(|trial| events(trial, row.trials.len(), left / 3)),
            source: about.and_then(|about| source(row, about, left / 2)),
        }
    }
}

/// The first trial that passed and the first that did not, as far as they were kept.
fn told(row: &ProgramResult) -> Vec<&Trial> {
    let kept = |trial: &&Trial| !trial.events.is_empty() || !trial.spans.is_empty();
    let kept = row.trials.iter().filter(kept);
    let passes = |trial: &&Trial| trial.verdict == Verdict::Pass;
    let passed = kept.clone().find(passes);
    let other = kept.clone().find(|trial| !passes(trial));
    passed.into_iter().chain(other).collect()
}

fn own_picture(report: &Report, row: &ProgramResult, trials: &[&Trial]) -> Option<String> {
    let panels = trials.iter().map(|trial| Panel::of(report, row, trial));
    let panels: Vec<Panel<'_>> = panels.collect();
    (!panels.is_empty()).then(|| {
        picture(&Figure {
            case: &row.case,
            title: None,
            scale: Scale::of(panels.iter().map(|panel| &panel.timeline)),
            panels,
        })
    })
}

fn statistics(report: &Report, row: &ProgramResult, of: &Statistics) -> StatisticsView {
    let outcome = |outcome: &OutcomeRow| {
        let x = |share: f64| format!("{:.1}", share.clamp(0.0, 1.0) * WHOLE);
        let behaviour = outcome.behaviour.as_deref();
        OutcomeView {
            name: visible(shown(behaviour)),
            part: part(report, &row.case, behaviour),
            count: format!("{}/{}", outcome.count, of.told),
            share: share(outcome, of.told),
            width: x(outcome.count as f64 / of.told.max(1) as f64),
            low: x(outcome.low),
            high: x(outcome.high),
        }
    };
    let order = of.orders.iter().take(ORDERS).map(|order| {
        let behaviour = order.behaviour.as_deref();
        OrderView {
            count: format!("{}/{}", order.count, of.told),
            behaviour: visible(shown(behaviour)),
            part: part(report, &row.case, behaviour),
            order: short(&order.order),
        }
    });
    let distinct = usize::try_from(of.distinct_orders).unwrap_or(usize::MAX);
    let trials = usize::try_from(of.trials).unwrap_or(usize::MAX);
    StatisticsView {
        heading: format!("{}, {}", counted(trials, "trial"), condition(of)),
        outcomes: of.outcomes.iter().map(outcome).collect(),
        distinct: match distinct {
            n if n > ORDERS => format!("{}, the most frequent:", counted(n, "different order")),
            n => format!("{}:", counted(n, "different order")),
        },
        orders: order.collect(),
    }
}

fn events(trial: &Trial, trials: usize, allowance: usize) -> Option<EventsView> {
    let all = trial.events.len() + trial.events_left_out;
    let mut left = allowance.max(4 * EVENT);
    let fits = |event: &&EventRow| {
        let fits = left > 0;
        left = left.saturating_sub(EVENT + event.text.len().min(LONG));
        fits
    };
    let rows: Vec<EventView> = trial.events.iter().take_while(fits).map(event).collect();
    let of = match trials {
        0 | 1 => String::new(),
        _ => format!(" of trial {}", trial.id),
    };
    let more = all - rows.len();
    (!rows.is_empty()).then(|| EventsView {
        heading: format!("{}{of}", counted(all, "event")),
        more: (more > 0).then(|| format!("… {} more", counted(more, "event"))),
        rows,
    })
}

fn event(event: &EventRow) -> EventView {
    let values: Vec<String> = event
        .values
        .iter()
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    let place = event.stream.as_ref().unwrap_or(&event.source);
    EventView {
        at: format!("{:.6} s", event.at_us / 1e6),
        doubt: match event.uncertainty_us {
            width if width < 0.1 => String::new(),
            width => format!("{:.1} µs", width / 2.0),
        },
        place: visible(place),
        label: short(&format!(
            "{}{}",
            event.label.as_deref().unwrap_or_default(),
            values.concat()
        )),
        text: short(&event.text),
    }
}

fn source(row: &ProgramResult, about: &ProgramAbout, allowance: usize) -> Option<SourceView> {
    let text = about.text.as_deref()?;
    // Highlighted it is about twice as long.
    let mut left = (allowance / 2).max(700);
    let fits = |line: &&str| {
        let fits = line.len() <= left;
        left = left.saturating_sub(line.len());
        fits
    };
    let kept: usize = text
        .split_inclusive('\n')
        .take_while(fits)
        .map(str::len)
        .sum();
    let (kept, left_out) = text.split_at(kept);
    let listing = if about.listing {
        ", the published listing"
    } else {
        ""
    };
    let more = match (left_out.lines().count(), about.left_out_bytes) {
        (0, 0) => None,
        (0, bytes) => Some(format!("… {bytes} bytes more")),
        (lines, 0) => Some(format!("… {}", counted(lines, "more line"))),
        (lines, bytes) => Some(format!("… {lines} lines and {bytes} bytes more")),
    };
    Some(SourceView {
        heading: format!("{}{listing}", visible(&about.path)),
        html: highlight(&row.language, kept),
        more,
    })
}

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    let shown: String = text.chars().take(LONG).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{more}", visible(&shown))
}
