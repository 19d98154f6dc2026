//! Trials over time, drawn with characters: a lane a task, all trials on one scale.

use std::io::{self, Write};

use super::layout::Printer;
use super::style::{TerminalStyle, Tone};
use super::text::{columns, counted, cut, pad, took, visible};
use crate::timeline::{Bar, Figure, Kind, Lane, Mark, Moment, Panel, Role, Scale};

/// Columns of a name at most; the picture needs the rest.
const NAME: usize = 22;

/// Draws a figure: each trial under a heading of its own, the pitfall above, the scale below each.
///
/// # Errors
/// Those of the writer.
pub fn timeline(figure: &Figure<'_>, style: &TerminalStyle, out: &mut dyn Write) -> io::Result<()> {
    let style = *style;
    let out = &mut Printer::new(&style, out);
    out.heading(figure.case, figure.title)?;
    let lanes = figure.panels.iter().flat_map(|p| &p.timeline.lanes);
    let widest = lanes.map(|lane| columns(&visible(&lane.name))).max();
    let most = NAME.min(out.style.columns() / 3);
    let name = widest.unwrap_or(0).clamp(4, most);
    let chart = Chart {
        style,
        name,
        // Indent, gap, and a column free at the right edge.
        width: out.style.columns().saturating_sub(2 + name + 2 + 1),
        scale: figure.scale,
    };
    for (place, panel) in figure.panels.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        heading(panel, out)?;
        for lane in &panel.timeline.lanes {
            chart.lane(lane, panel.role, out)?;
        }
        chart.axis(out)?;
        let left_out = panel.timeline.tasks_left_out;
        if left_out > 0 {
            let more = format!(
                "{} {} more",
                out.style.ellipsis(),
                counted(left_out, "task")
            );
            out.note(2, Tone::Quiet, &more)?;
        }
    }
    Ok(())
}

/// `python/listing: stalled, the pitfall, 3.00 s`
fn heading(panel: &Panel<'_>, out: &mut Printer<'_>) -> io::Result<()> {
    let program = panel.program;
    let shown = panel.shown();
    let part = match panel.role.name() {
        "" => String::new(),
        part => format!(", the {part}"),
    };
    let text = format!(
        "{}: {shown}{part}, {}",
        program.program(),
        took(panel.trial.elapsed_ms)
    );
    out.note(0, Tone::Strong, &text)
}

struct Chart {
    style: TerminalStyle,
    name: usize,
    width: usize,
    scale: Scale,
}

impl Chart {
    fn lane(&self, lane: &Lane, role: Role, out: &mut Printer<'_>) -> io::Result<()> {
        let name = cut(&visible(&lane.name), self.name, self.style.ellipsis());
        let name = pad(&name, self.name);
        let drawn = match lane.kind == Kind::Task {
            true => self.bars(&lane.bars),
            false => self.marks(&lane.marks),
        };
        let tone = match (lane.kind, role) {
            (Kind::Task, Role::Pitfall) => Tone::Doubt,
            (Kind::Task, Role::Remedy) => Tone::Good,
            (Kind::Task, Role::Neither) => Tone::Plain,
            _ => Tone::Quiet,
        };
        let drawn = self.style.paint(tone, drawn.trim_end());
        writeln!(out, "  {name}  {drawn}")
    }

    /// Solid where a span was open for certain, dotted where that is not known.
    fn bars(&self, bars: &[Bar]) -> String {
        let [full, left, right, doubt, open] = if self.style.unicode {
            ['━', '╸', '╺', '╌', '▶']
        } else {
            ['=', '=', '=', '~', '>']
        };
        // Each column has two halves: a bar may begin and end in the middle of one.
        let mut sure = vec![false; 2 * self.width];
        let mut unsure = sure.clone();
        let mut arrows = Vec::new();
        for bar in bars {
            for end in [bar.from, bar.to]
                .into_iter()
                .filter(|end| self.shows_doubt(*end))
            {
                unsure[self.halves(end.earliest_us, end.latest_us)].fill(true);
            }
            let certain = (bar.from.latest_us, bar.to.earliest_us);
            if certain.0 <= certain.1 {
                sure[self.halves(certain.0, certain.1)].fill(true);
            }
            if bar.open {
                arrows.push(self.column(bar.to.earliest_us));
            }
        }
        let column = |at: usize| match (sure[2 * at], sure[2 * at + 1]) {
            _ if arrows.contains(&at) => open,
            (true, true) => full,
            (true, false) => left,
            (false, true) => right,
            (false, false) if unsure[2 * at] || unsure[2 * at + 1] => doubt,
            (false, false) => ' ',
        };
        (0..self.width).map(column).collect()
    }

    /// A dot an event, a digit for several in one column; dashes where an event may lie elsewhere too.
    fn marks(&self, marks: &[Mark]) -> String {
        let (dot, doubt) = if self.style.unicode {
            ('•', '╌')
        } else {
            ('o', '~')
        };
        let mut counts = vec![0_usize; self.width];
        let mut line = vec![' '; self.width];
        for mark in marks {
            let (from, to) = (mark.at.earliest_us, mark.at.latest_us);
            if self.shows_doubt(mark.at) {
                line[self.column(from)..=self.column(to)].fill(doubt);
            }
            counts[self.column(f64::midpoint(from, to))] += 1;
        }
        for (column, count) in line.iter_mut().zip(counts) {
            *column = match count {
                0 => *column,
                1 => dot,
                2..=9 => char::from_digit(u32::try_from(count).unwrap_or(0), 10).unwrap_or(dot),
                _ => '+',
            };
        }
        line.into_iter().collect()
    }

    fn axis(&self, out: &mut Printer<'_>) -> io::Result<()> {
        let (tick, rule) = if self.style.unicode {
            ('┴', '─')
        } else {
            ('+', '-')
        };
        let mut line = vec![rule; self.width];
        let mut labels = String::new();
        for us in self.scale.ticks((self.width / 10).max(1)) {
            let (at, label) = (self.column(us), self.scale.label(us));
            line[at] = tick;
            let used = columns(&labels);
            // Under its tick, or left of it at the edge, or not at all.
            let start = at.min(self.width.saturating_sub(columns(&label)));
            if labels.is_empty() || start > used {
                labels.push_str(&" ".repeat(start - used));
                labels.push_str(&label);
            }
        }
        let indent = " ".repeat(2 + self.name + 2);
        let labels = if self.style.unicode {
            labels
        } else {
            labels.replace('µ', "u")
        };
        let line: String = line.into_iter().collect();
        let line = self.style.paint(Tone::Quiet, &line);
        writeln!(out, "{indent}{line}")?;
        writeln!(out, "{indent}{labels}")
    }

    /// Whether the uncertainty is wide enough to be visible.
    fn shows_doubt(&self, moment: Moment) -> bool {
        let width = self.scale.place(moment.latest_us - moment.earliest_us);
        width * 2.0 * self.width as f64 >= 1.0
    }

    fn column(&self, us: f64) -> usize {
        let at = (self.scale.place(us) * self.width as f64) as usize;
        at.min(self.width.saturating_sub(1))
    }

    /// The halves of columns that a time fills: at least one.
    fn halves(&self, from_us: f64, to_us: f64) -> std::ops::Range<usize> {
        let halves = 2 * self.width;
        let place = |us: f64| self.scale.place(us) * halves as f64;
        let from = (place(from_us).round() as usize).min(halves.saturating_sub(1));
        let to = (place(to_us).round() as usize).min(halves);
        from..to.max(from + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Timeline;

    fn chart(width: usize, unicode: bool) -> Chart {
        Chart {
            style: TerminalStyle {
                unicode,
                ..TerminalStyle::PLAIN
            },
            name: 4,
            width,
            scale: Scale { end_us: 1_000.0 },
        }
    }

    fn at(us: f64, doubt_us: f64) -> Moment {
        Moment {
            earliest_us: us,
            latest_us: us + doubt_us,
        }
    }

    fn bar(from: Moment, to: Moment, open: bool) -> Bar {
        Bar { from, to, open }
    }

    #[test]
    fn a_bar_is_solid_where_it_was_open_for_certain_and_dotted_where_it_may_have_been() {
        let drawn = |bar: Bar| chart(10, true).bars(&[bar]).trim_end().to_string();
        assert_eq!(drawn(bar(at(0.0, 0.0), at(500.0, 0.0), false)), "━━━━━");
        assert_eq!(drawn(bar(at(150.0, 0.0), at(450.0, 0.0), false)), " ╺━━╸");
        assert_eq!(
            drawn(bar(at(0.0, 200.0), at(500.0, 100.0), false)),
            "╌╌━━━╌"
        );
        assert_eq!(
            drawn(bar(at(200.0, 0.0), at(1000.0, 0.0), true)),
            "  ━━━━━━━▶"
        );
        assert_eq!(drawn(bar(at(301.0, 0.0), at(302.0, 0.0), false)), "   ╸");
        let ascii = chart(10, false).bars(&[bar(at(0.0, 0.0), at(500.0, 200.0), false)]);
        assert_eq!(ascii.trim_end(), "=====~~");
    }

    #[test]
    fn marks_in_one_column_are_counted() {
        let mark = |at: Moment| Mark {
            at,
            label: None,
            text: String::new(),
        };
        let marks: Vec<Mark> = [(0.0, 0.0), (310.0, 0.0), (320.0, 0.0), (500.0, 390.0)]
            .map(|(us, doubt)| mark(at(us, doubt)))
            .into();
        assert_eq!(chart(10, true).marks(&marks), "•  2 ╌•╌╌ ");
        let many = vec![mark(at(999.0, 0.0)); 30];
        assert_eq!(chart(10, false).marks(&many), "         +");
    }

    #[test]
    fn a_scale_of_any_width_is_drawn() {
        for width in [1, 2, 3, 7, 40, 300] {
            let mut out = Vec::new();
            chart(width, true)
                .axis(&mut Printer::new(&TerminalStyle::PLAIN, &mut out))
                .unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().next().is_some_and(|l| columns(l) == 8 + width));
        }
        let empty = Timeline {
            lanes: vec![],
            tasks_left_out: 0,
            end_us: 0.0,
        };
        assert!(Scale::of([&empty]).end_us > 0.0);
    }
}
