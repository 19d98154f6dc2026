//! The course of a run as a picture: a lane for each finding, with when it acted, and one for what the program wrote.

use std::fmt::Write as _;

use crate::formats::escape::xml as escape;
use crate::model::answer::{Answer, Finding, Printed, Stretch};
use crate::terminal::text::cut;
use crate::timeline::Scale;
use crate::visible::visible;

/// Pixels.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 170.0;
const LANE: f64 = 24.0;
const AXIS: f64 = 24.0;
/// Characters of a lane's name.
const NAME: usize = 24;
/// The narrowest bar that can be seen; pixels.
const SEEN: f64 = 2.0;

/// One element of SVG; the style of the page colours it.
pub(super) fn course(answer: &Answer) -> String {
    let seconds = answer.evidence.seconds;
    let scale = Scale {
        end_us: (seconds * 1e6).max(10.0),
    };
    let x = |seconds: f64| LEFT + scale.place(seconds * 1e6) * (WIDTH - LEFT - 14.0);
    let lanes = answer
        .findings
        .iter()
        .filter(|finding| !finding.when.is_empty());
    let lanes: Vec<&Finding> = lanes.collect();
    let bottom = (lanes.len() + 1) as f64 * LANE;
    let mut body = String::new();
    for tick in scale.ticks(6) {
        let at = x(tick / 1e6);
        let label = scale.label(tick);
        add(
            &mut body,
            format_args!(
                r#"<path class="grid" d="M{at:.1} 0V{bottom:.1}"/><text class="tick" x="{at:.1}" y="{:.1}">{label}</text>"#,
                bottom + 16.0
            ),
        );
    }
    for (n, finding) in lanes.iter().enumerate() {
        lane(&mut body, n as f64 * LANE, &name(finding));
        for stretch in &finding.when {
            bar(&mut body, n as f64 * LANE, *stretch, &x);
        }
    }
    lane(&mut body, bottom - LANE, "what it wrote");
    for line in &answer.evidence.output {
        mark(&mut body, bottom - LANE, line, &x);
    }
    let says = says(&lanes);
    format!(
        r#"<svg class="tl" viewBox="0 0 {WIDTH} {:.0}" role="img" aria-label="{}">{body}</svg>"#,
        bottom + AXIS,
        escape(&says)
    )
}

fn name(finding: &Finding) -> String {
    let file = finding.place.file.rsplit('/').next().unwrap_or_default();
    format!("{} {file}:{}", finding.cause, finding.place.line)
}

/// What a screen reader tells.
fn says(lanes: &[&Finding]) -> String {
    let spans = lanes.iter().map(|finding| {
        let first = finding.when.first().copied();
        let Stretch { from, to } = first.unwrap_or(Stretch { from: 0.0, to: 0.0 });
        format!("{} from {from:.3} s to {to:.3} s", name(finding))
    });
    match spans.collect::<Vec<_>>().join(", ") {
        spans if spans.is_empty() => "What the program wrote over time".into(),
        spans => spans,
    }
}

fn add(body: &mut String, element: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = body.write_fmt(element);
    body.push('\n');
}

fn lane(body: &mut String, y: f64, name: &str) {
    let middle = y + LANE / 2.0;
    let text = escape(&cut(&visible(name), NAME, "…"));
    add(
        body,
        format_args!(
            r#"<text class="name" x="{:.1}" y="{:.1}">{text}</text><path class="lane" d="M{LEFT} {middle:.1}H{:.1}"/>"#,
            LEFT - 10.0,
            middle + 4.0,
            WIDTH - 14.0
        ),
    );
}

fn bar(body: &mut String, y: f64, Stretch { from, to }: Stretch, x: &dyn Fn(f64) -> f64) {
    let (left, right) = (x(from), x(to));
    let width = (right - left).max(SEEN);
    add(
        body,
        format_args!(
            r#"<g class="pitfall"><rect class="bar" x="{left:.1}" y="{:.1}" width="{width:.1}" height="14" rx="3"><title>{from:.3} s to {to:.3} s</title></rect></g>"#,
            y + 5.0
        ),
    );
}

fn mark(body: &mut String, y: f64, line: &Printed, x: &dyn Fn(f64) -> f64) {
    let at = x(line.at);
    let text = escape(&cut(&visible(&line.text), 80, "…"));
    let class = if line.stream == "stderr" {
        "stderr"
    } else {
        "stdout"
    };
    add(
        body,
        format_args!(
            r#"<g class="{class}"><path class="mark" d="M{at:.1} {:.1}V{:.1}"><title>{:.3} s: {text}</title></path></g>"#,
            y + 6.0,
            y + 18.0,
            line.at
        ),
    );
}
