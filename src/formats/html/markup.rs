//! What every part of the page writes: classes of the style sheet, lines, pictures.

use crate::formats::svg::{WIDTH, draw};
use crate::model::report::Report;
use crate::terminal::style::Tone;
use crate::terminal::text::visible;
use crate::timeline::Figure;

/// The class of the style sheet.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Doubt => "doubt",
        Tone::Quiet => "quiet",
        Tone::Strong => "strong",
        Tone::Plain => "plain",
    }
}

/// The class of a behaviour: a pitfall, free of it, or neither if the case has none.
pub(super) fn part(report: &Report, case: &str, behaviour: Option<&str>) -> &'static str {
    let pitfalls = report.pitfalls.get(case);
    match (behaviour, pitfalls) {
        (Some(shown), Some(pitfalls)) if pitfalls.iter().any(|p| p == shown) => "pitfall",
        (Some(_), Some(pitfalls)) if !pitfalls.is_empty() => "remedy",
        _ => "",
    }
}

/// Lines stay lines; all else that acts is shown.
pub(super) fn lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// A figure as an element of the page; its description is what a screen reader tells.
pub(super) fn picture(figure: &Figure<'_>) -> String {
    let drawing = draw(figure);
    format!(
        "<svg class=\"tl\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"{}\">\n{}</svg>",
        drawing.height, drawing.says, drawing.body
    )
}
