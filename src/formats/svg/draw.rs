//! One figure: its trials one below the other on one scale.

use std::fmt::Write as _;

use super::super::escape::xml as escape;
use crate::terminal::text::{columns, cut, took, visible};
use crate::timeline::{Bar, Figure, Kind, Lane, Mark, Moment, Panel, Role, Scale};

/// How wide a drawing is, in pixels.
pub(in crate::formats) const WIDTH: f64 = 720.0;

const HEAD: f64 = 24.0;
const TASK: f64 = 22.0;
const MARKS: f64 = 18.0;
const AXIS: f64 = 24.0;
const BETWEEN: f64 = 12.0;
/// Characters of a lane's name.
const NAME: usize = 18;
/// Spans that the description of a trial tells.
const TOLD: usize = 12;
/// Marks drawn of a lane.
const DRAWN: usize = 300;
/// Pixels within which marks lie in one place.
const TOGETHER: f64 = 4.0;
/// Pixels from which on doubt can be seen.
const SEEN: f64 = 0.75;

/// A figure, drawn.
pub(in crate::formats) struct Drawing {
    /// Elements of SVG from (0, 0) to ([`WIDTH`], `height`).
    pub body: String,
    /// Pixels.
    pub height: f64,
    /// What it shows, in words, escaped.
    pub says: String,
}

impl Drawing {
    /// As an element of a page; its description is what a screen reader tells.
    pub fn element(&self) -> String {
        format!(
            "<svg class=\"tl\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"{}\">\n{}</svg>",
            self.height, self.says, self.body
        )
    }
}

/// Draws a figure.
pub(in crate::formats) fn draw(figure: &Figure<'_>) -> Drawing {
    let lanes = || figure.panels.iter().flat_map(|p| &p.timeline.lanes);
    let names = lanes().map(|lane| pixels(&name(lane), 12.0));
    let left = names.fold(36.0, f64::max) + 10.0;
    let mut pen = Pen {
        body: String::new(),
        y: 0.0,
        left,
        width: WIDTH - left - 14.0,
        scale: figure.scale,
    };
    let heights = figure.panels.iter().map(height);
    let gaps = BETWEEN * figure.panels.len().saturating_sub(1) as f64;
    let bottom = heights.sum::<f64>() + gaps;
    pen.axis(bottom);
    for panel in &figure.panels {
        pen.panel(panel);
    }
    let says: Vec<String> = figure.panels.iter().map(says).collect();
    Drawing {
        body: pen.body,
        height: bottom + AXIS,
        says: escape(&says.join(" ")),
    }
}

fn height(panel: &Panel<'_>) -> f64 {
    let lanes = panel.timeline.lanes.iter().map(lane_height);
    let more = if panel.timeline.tasks_left_out > 0 {
        MARKS
    } else {
        0.0
    };
    HEAD + lanes.sum::<f64>() + more
}

fn lane_height(lane: &Lane) -> f64 {
    if lane.kind == Kind::Task { TASK } else { MARKS }
}

fn name(lane: &Lane) -> String {
    cut(&visible(&lane.name), NAME, "…")
}

/// `The pitfall, python/listing: slow from 0.041 s to 2.041 s.`
fn says(panel: &Panel<'_>) -> String {
    let lanes = panel.timeline.lanes.iter();
    let bars = lanes.flat_map(|lane| lane.bars.iter().map(move |bar| (&lane.name, bar)));
    let spans: Vec<String> = bars
        .take(TOLD)
        .map(|(name, bar)| {
            let seconds = |at: Moment| at.earliest_us / 1e6;
            let (from, to) = (seconds(bar.from), seconds(bar.to));
            match bar.open {
                true => format!("{name} from {from:.3} s, never ended"),
                false => format!("{name} from {from:.3} s to {to:.3} s"),
            }
        })
        .collect();
    let part = match panel.role.name() {
        "" => String::new(),
        part => format!("The {part}, "),
    };
    let shown = panel.shown();
    let spans = match spans.as_slice() {
        [] => "no spans".to_string(),
        some => some.join(", "),
    };
    format!("{part}{}, {shown}: {spans}.", panel.program.program())
}

struct Pen {
    body: String,
    y: f64,
    left: f64,
    width: f64,
    scale: Scale,
}

impl Pen {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    fn x(&self, us: f64) -> f64 {
        self.left + self.scale.place(us) * self.width
    }

    fn axis(&mut self, bottom: f64) {
        let ticks = self.scale.ticks((self.width / 70.0) as usize);
        for us in ticks {
            let (x, label) = (self.x(us), escape(&self.scale.label(us)));
            let end = bottom + 4.0;
            self.add(format_args!(
                r#"<path class="grid" d="M{x:.1} {HEAD}V{end:.1}"/><text class="tick" x="{x:.1}" y="{:.1}">{label}</text>"#,
                bottom + 17.0
            ));
        }
    }

    fn panel(&mut self, panel: &Panel<'_>) {
        let class = match panel.role {
            Role::Neither => "neither",
            Role::Pitfall | Role::Remedy => panel.role.name(),
        };
        let shown = escape(panel.shown());
        let part = match panel.role.name() {
            "" => String::new(),
            part => format!("{part}: "),
        };
        let program = escape(&panel.program.program());
        let took = took(panel.trial.elapsed_ms);
        let y = self.y + 13.0;
        self.add(format_args!(
            r#"<g class="{class}"><text class="head" x="0" y="{y:.1}">{part}{shown} <tspan>{program}, {took}</tspan></text>"#
        ));
        self.y += HEAD;
        for lane in &panel.timeline.lanes {
            self.lane(lane);
        }
        let left_out = panel.timeline.tasks_left_out;
        if left_out > 0 {
            let (x, y) = (self.left, self.y + 13.0);
            self.add(format_args!(
                r#"<text class="quiet" x="{x:.1}" y="{y:.1}">… {left_out} more tasks</text>"#
            ));
            self.y += MARKS;
        }
        self.add(format_args!("</g>"));
        self.y += BETWEEN;
    }

    fn lane(&mut self, lane: &Lane) {
        let height = lane_height(lane);
        let middle = self.y + height / 2.0;
        let quiet = match lane.kind == Kind::Task {
            true => "",
            false => " quiet",
        };
        let (right, text, name) = (self.left - 8.0, middle + 4.0, escape(&name(lane)));
        let (class, left, end) = (lane.kind.name(), self.left, self.left + self.width);
        self.add(format_args!(
            r#"<g class="{class}"><text class="name{quiet}" x="{right:.1}" y="{text:.1}">{name}</text><path class="lane" d="M{left:.1} {middle:.1}H{end:.1}"/>"#
        ));
        for bar in &lane.bars {
            self.bar(&lane.name, bar, middle);
        }
        self.marks(&lane.marks, middle);
        self.add(format_args!("</g>"));
        self.y += height;
    }

    /// Solid where it was open for certain, faint where it may have been.
    fn bar(&mut self, name: &str, bar: &Bar, middle: f64) {
        let top = middle - 7.0;
        for at in [bar.from, bar.to] {
            let (x, end) = (self.x(at.earliest_us), self.x(at.latest_us));
            if end - x >= SEEN {
                self.add(format_args!(
                    r#"<rect class="bar doubt" x="{x:.1}" y="{top:.1}" width="{:.1}" height="14"/>"#,
                    end - x
                ));
            }
        }
        let (x, end) = (self.x(bar.from.latest_us), self.x(bar.to.earliest_us));
        let width = (end - x).max(1.5);
        let lasted = took((bar.to.earliest_us - bar.from.latest_us).max(0.0) / 1e3);
        let from = bar.from.earliest_us / 1e6;
        let how = if bar.open { ", never ended" } else { "" };
        self.add(format_args!(
            r#"<rect class="bar" x="{x:.1}" y="{top:.1}" width="{width:.1}" height="14" rx="3"><title>{}: from {from:.3} s, for {lasted}{how}</title></rect>"#,
            escape(name)
        ));
        if bar.open {
            self.add(format_args!(
                r#"<path class="bar" d="M{:.1} {:.1}l7 10l-7 10z"/>"#,
                end - 1.0,
                middle - 10.0
            ));
        }
        if width > pixels(&lasted, 10.5) + 8.0 {
            self.add(format_args!(
                r#"<text class="took" x="{:.1}" y="{:.1}">{lasted}</text>"#,
                x + width / 2.0,
                middle + 3.8
            ));
        }
    }

    /// A stroke an event; beside those in one place what they are, where there is room before the next.
    fn marks(&mut self, marks: &[Mark], middle: f64) {
        let drawn = marks.get(..DRAWN).unwrap_or(marks);
        for mark in drawn {
            self.mark(mark, middle);
        }
        let centre = |mark: &Mark| self.x(mark.at.middle_us());
        let together = drawn.chunk_by(|one, next| centre(next) - centre(one) < TOGETHER);
        let groups: Vec<(f64, f64, Vec<&str>)> = together
            .filter_map(|group| {
                let (first, last) = (centre(group.first()?), centre(group.last()?));
                let labels = group.iter().filter_map(|mark| mark.label.as_deref());
                Some((first, last, labels.collect()))
            })
            .collect();
        for (place, (_, last, labels)) in groups.iter().enumerate() {
            let next = groups.get(place + 1).map(|(first, ..)| *first);
            let room = next.unwrap_or(self.left + self.width + 14.0) - last - 10.0;
            let count = format!("{} events", labels.len());
            let told = [labels.join(", "), count].into_iter();
            let mut told = told.take(labels.len());
            if let Some(told) = told.find(|text| pixels(text, 10.0) <= room) {
                self.add(format_args!(
                    r#"<text class="what" x="{:.1}" y="{:.1}">{}</text>"#,
                    last + 5.0,
                    middle + 3.5,
                    escape(&told)
                ));
            }
        }
    }

    fn mark(&mut self, mark: &Mark, middle: f64) {
        let (x, end) = (self.x(mark.at.earliest_us), self.x(mark.at.latest_us));
        if end - x >= SEEN {
            self.add(format_args!(
                r#"<rect class="blur" x="{x:.1}" y="{:.1}" width="{:.1}" height="10"/>"#,
                middle - 5.0,
                end - x
            ));
        }
        let (top, bottom) = (middle - 4.0, middle + 4.0);
        let centre = f64::midpoint(x, end);
        let seconds = mark.at.earliest_us / 1e6;
        let what = [mark.label.as_deref().unwrap_or_default(), &mark.text];
        let what = what.iter().filter(|part| !part.is_empty());
        let what: Vec<String> = what.map(|part| escape(part)).collect();
        self.add(format_args!(
            r#"<path class="mark" d="M{centre:.1} {top:.1}V{bottom:.1}"><title>{seconds:.3} s {}</title></path>"#,
            what.join(": ")
        ));
    }
}

/// Pixels that `text` takes at most, in a font of this size.
fn pixels(text: &str, font: f64) -> f64 {
    columns(text) as f64 * font * 0.58
}
