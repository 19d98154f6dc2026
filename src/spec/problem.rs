//! What is wrong with a file, and where: one problem, shown with its line and a caret.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::visible::{masked, visible};

/// Something wrong at one place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the reader was given it.
    pub file: PathBuf,
    /// The whole text of the file.
    pub text: Arc<str>,
    /// The place: bytes of `text`.
    pub span: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands beside the caret.
    pub label: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Problem {
    /// The line of its place, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        // The end of a text lies in its last line, not after that.
        let text = self.text.strip_suffix('\n').unwrap_or(&self.text);
        let before = &text.as_bytes()[..self.clamped().start.min(text.len())];
        before.iter().filter(|&&b| b == b'\n').count() + 1
    }

    /// Message, file, line, caret and hint, over several lines without a final newline.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        self.render_as(&Level::ERROR, None, color)
    }

    /// The same for what has a name to look it up by.
    #[must_use]
    pub fn render_coded(&self, code: &str, is_error: bool, color: bool) -> String {
        let level = if is_error {
            Level::ERROR
        } else {
            Level::WARNING
        };
        self.render_as(&level, Some(code), color)
    }

    fn render_as(&self, level: &Level<'_>, code: Option<&str>, color: bool) -> String {
        // All of them may quote the file. The renderer shows control characters of its lines as signs, those of ASCII.
        let window = self.lines();
        let text = masked(&self.text[window.clone()]);
        let span = self.clamped();
        let (message, label) = (visible(&self.message), visible(&self.label));
        let hint = self.hint.as_deref().map(|hint| {
            let lines = hint.lines().map(visible);
            lines.collect::<Vec<_>>().join("\n")
        });
        let place = AnnotationKind::Primary
            .span(span.start - window.start..span.end - window.start)
            .label(label.as_str());
        let source = Snippet::source(text.as_str())
            .path(visible(&self.file.to_string_lossy()))
            .line_start(1 + self.text[..window.start].matches('\n').count())
            .annotation(place);
        let title = level.clone().primary_title(message.as_str());
        let title = match code {
            Some(code) => title.id(code),
            None => title,
        };
        let mut group = title.element(source);
        if let Some(hint) = &hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }

    /// The lines that the span touches: no others are shown, and a file may have very many.
    fn lines(&self) -> Range<usize> {
        let Range { start, end } = self.clamped();
        // The end of a text lies in its last line, not after that.
        let text = self.text.strip_suffix('\n').unwrap_or(&self.text);
        let begin = text[..start.min(text.len())]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let rest = self.text[end..].find('\n');
        begin..rest.map_or(self.text.len(), |at| end + at + 1)
    }

    /// The span within the text and on whole characters, so that no place can stop the rendering.
    fn clamped(&self) -> Range<usize> {
        let floor = |at: usize| {
            let at = at.min(self.text.len());
            (0..=at)
                .rev()
                .find(|&i| self.text.is_char_boundary(i))
                .unwrap_or(0)
        };
        let start = floor(self.span.start);
        start..floor(self.span.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(span: Range<usize>) -> Problem {
        Problem {
            file: PathBuf::from("cases/a/case.toml"),
            text: "schema = 1\ntitel = \"é\"\n".into(),
            span,
            message: "unknown key `titel`".into(),
            label: "not a key of a case".into(),
            hint: Some("did you mean `title`?".into()),
        }
    }

    #[test]
    fn a_problem_shows_file_line_caret_and_hint() {
        let shown = problem(11..16).render(false);
        for part in [
            "error: unknown key `titel`",
            "cases/a/case.toml:2:1",
            "titel = \"é\"",
            "^^^^^ not a key of a case",
            "help: did you mean `title`?",
        ] {
            assert!(shown.contains(part), "{part} in\n{shown}");
        }
        assert!(!shown.contains('\u{1b}'));
        assert!(problem(11..16).render(true).contains('\u{1b}'));
        assert_eq!(problem(11..16).line(), 2);
    }

    #[test]
    fn a_place_is_shown_with_its_lines_wherever_it_is() {
        let end = problem(0..0).text.len();
        for (span, place, line) in [
            (0..6, ":1:1", "1 | schema = 1"),
            (9..13, ":1:10", "2 | | titel"),
            (end - 1..end, ":2:1", "2 | titel"),
            (end..end, ":2:1", "2 | titel"),
            (end + 9..end + 10, ":2:1", "2 | titel"),
        ] {
            let shown = problem(span).render(false);
            assert!(shown.contains(place), "no {place} in\n{shown}");
            assert!(shown.contains(line), "no {line} in\n{shown}");
        }
    }

    #[test]
    fn nothing_that_a_file_says_acts_on_a_terminal() {
        let signals = "x\u{1b}[2J\u{7}\u{9b}\u{202e}";
        let shown = Problem {
            file: signals.into(),
            text: format!("{signals} = 1\n").into(),
            span: 0..1,
            message: format!("unknown key `{signals}`"),
            label: format!("`{signals}` is no key"),
            hint: Some(format!("mend `{signals}`\nor drop it")),
        };
        let shown = shown.render(false);
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(raw), "{shown:?}");
        assert!(shown.contains("or drop it"), "{shown}");
    }

    #[test]
    fn no_span_can_stop_the_rendering() {
        let length = problem(0..0).text.len();
        for start in 0..length + 3 {
            for end in 0..length + 3 {
                assert!(!problem(start..end).render(false).is_empty());
            }
        }
    }
}
