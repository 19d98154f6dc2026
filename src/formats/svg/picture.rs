//! Figures one below the other, in a file of their own.

use std::io::{self, Write};

use super::draw::{Drawing, WIDTH, draw};
use crate::formats::escape::xml;
use crate::formats::format::Format;
use crate::terminal::Dialect;
use crate::terminal::text::{cut, visible};
use crate::timeline::{Figure, figures};

/// A picture.
pub const SVG: Format = Format {
    name: "svg",
    about: "A picture: each case's pitfall and remedy over time",
    extensions: &["svg"],
    dialect: Some(Dialect::Xml),
    write: |report, _, out| svg(&figures(report), out),
};

/// The classes of a drawing.
pub(crate) const STYLE: &str = include_str!("timeline.css");
/// The colours, in light and dark.
pub(crate) const COLOURS: &str = include_str!("colours.css");

const MARGIN: f64 = 16.0;
const HEADING: f64 = 30.0;
const BETWEEN: f64 = 22.0;

/// Writes figures one below the other, each under its case's name and title.
///
/// # Errors
/// Those of the writer.
pub fn svg(figures: &[Figure<'_>], out: &mut dyn Write) -> io::Result<()> {
    let drawn: Vec<(String, Drawing)> = figures
        .iter()
        .map(|figure| (heading(figure), draw(figure)))
        .collect();
    let heights = drawn.iter().map(|(_, drawing)| HEADING + drawing.height);
    let between = BETWEEN * drawn.len().saturating_sub(1) as f64;
    let height = 2.0 * MARGIN + heights.sum::<f64>() + between;
    let width = WIDTH + 2.0 * MARGIN;
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="tl" viewBox="0 0 {width} {height:.0}" width="{width}" height="{height:.0}" role="img" aria-labelledby="title desc">"#
    )?;
    let titles: Vec<&str> = drawn.iter().map(|(title, _)| title.as_str()).collect();
    let says: Vec<&str> = drawn.iter().map(|(_, d)| d.says.as_str()).collect();
    writeln!(out, r#"<title id="title">{}</title>"#, titles.join("; "))?;
    writeln!(out, r#"<desc id="desc">{}</desc>"#, says.join(" "))?;
    writeln!(out, "<style>\n{COLOURS}{STYLE}</style>")?;
    writeln!(
        out,
        r#"<rect width="{width}" height="{height:.0}" rx="8" fill="var(--paper)"/>"#
    )?;
    let mut y = MARGIN;
    for (title, drawing) in &drawn {
        writeln!(
            out,
            r#"<g transform="translate({MARGIN} {y:.1})"><text class="case" x="0" y="13">{title}</text></g>"#
        )?;
        writeln!(
            out,
            r#"<g transform="translate({MARGIN} {:.1})">"#,
            y + HEADING
        )?;
        writeln!(out, "{}</g>", drawing.body)?;
        y += HEADING + drawing.height + BETWEEN;
    }
    writeln!(out, "</svg>")
}

/// `blocking-call: A blocking call stalls the event loop`, as much of it as fits.
fn heading(figure: &Figure<'_>) -> String {
    const COLUMNS: usize = 88;
    let case = visible(figure.case);
    let whole = match figure.title {
        Some(title) => format!("{case}: {}", visible(title)),
        None => case,
    };
    xml(&cut(&whole, COLUMNS, "…"))
}
