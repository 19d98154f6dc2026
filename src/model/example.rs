//! A line that a pattern describes, made up: for traces that nobody has observed.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::pattern::Pattern;

/// How long such a line may become.
const LONGEST: usize = 4096;

impl Pattern {
    /// A line that it describes, with these values in its captures where they fit; `None` where none was found.
    #[must_use]
    pub fn example(&self, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let tree = regex_syntax::Parser::new()
            .parse(self.regex.as_str())
            .ok()?;
        let mut line = String::new();
        write(&tree, value, &mut line)?;
        (!line.contains('\n') && self.captures(&line).is_some()).then_some(line)
    }
}

fn write(tree: &Hir, value: &dyn Fn(&str) -> Option<String>, line: &mut String) -> Option<()> {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => line.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => line.push(one_of(class)?),
        HirKind::Repetition(repetition) => {
            // What may be repeated without end stands there once: an empty value tells little.
            let least = u32::from(repetition.max.is_none());
            for _ in 0..repetition.min.max(least) {
                write(&repetition.sub, value, line)?;
                if line.len() > LONGEST {
                    return None;
                }
            }
        }
        HirKind::Capture(capture) => match capture.name.as_deref().and_then(value) {
            Some(text) => line.push_str(&text),
            None => write(&capture.sub, value, line)?,
        },
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, value, line)?;
            }
        }
        HirKind::Alternation(parts) => write(parts.first()?, value, line)?,
    }
    Some(())
}

/// A character of a class: one that a person would choose, if it has one.
fn one_of(class: &Class) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
        Class::Bytes(class) => {
            let ranges = class.iter().filter(|r| r.start().is_ascii());
            ranges
                .map(|r| (char::from(r.start()), char::from(r.end().min(0x7f))))
                .collect()
        }
    };
    let has = |c: &char| ranges.iter().any(|(from, to)| from <= c && c <= to);
    ['1', 'x', ' ']
        .into_iter()
        .find(has)
        .or_else(|| ranges.first().map(|(from, _)| *from))
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn example(regex: &str, id: Option<&str>) -> Option<String> {
        let pattern = Pattern::new("", Regex::new(regex).unwrap(), ["", ""], 0);
        pattern.example(&|name| id.filter(|_| name == "id").map(ToString::to_string))
    }

    #[test]
    fn a_made_up_line_is_one_that_the_pattern_describes() {
        for (regex, id, line) in [
            (r"\ATask (?<id>[+-]?[0-9]+) done\.\z", None, "Task 1 done."),
            (
                r"\ATask (?<id>[+-]?[0-9]+) done\.\z",
                Some("7"),
                "Task 7 done.",
            ),
            (r"^Error: ", None, "Error: "),
            (r"(won|lost) by (?<id>.+?)$", Some("a b"), "won by a b"),
            (r"^\w{3}[a-c]*$", None, "111a"),
        ] {
            assert_eq!(example(regex, id).as_deref(), Some(line), "{regex}");
        }
    }

    #[test]
    fn where_no_line_can_be_made_up_there_is_none() {
        assert_eq!(example(r"^(?<id>[0-9]+)$", Some("x")), None);
        assert_eq!(example(r"(abcdefgh){600}", None), None);
        assert_eq!(example(r"\bx\B", None), None);
    }
}
