//! Patterns of events: a whole line with holes, or a regular expression between slashes.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use super::reader::Flaw;
use super::suggest::did_you_mean;
use crate::model::pattern::Pattern;

/// Bytes of the longest pattern that is read at all.
const LONGEST: usize = 4096;
/// Bytes that a compiled pattern may take: enough for dozens of Unicode classes, too little for a bomb.
const LARGEST: usize = 1 << 20;
const HOLES: &str = "a hole is `{x}`, `{x:int}`, `{x:num}`, `{x:word}`, `{x:a|b}`, or with `_` for a name if its value does not matter; `{{` is a brace";
const REGEX: &str = "a regular expression stands between slashes, such as '/^done (?<id>[0-9]+)/'";

/// Reads a line with holes or, between slashes, a regular expression that is searched for.
pub(crate) fn pattern(text: &str) -> Result<Pattern, Flaw> {
    refuse_long(text)?;
    if between_slashes(text).is_some() {
        let (regex, literals) = regex(text)?;
        return Ok(Pattern::new(text, regex, ["", ""], literals));
    }
    let whole = line_with_holes(text)?;
    let regex = compile(&whole.source, 0..text.len())?;
    // Before the first brace all is literal.
    let first = &text[..text.find('{').unwrap_or(text.len())];
    Ok(Pattern::new(
        text,
        regex,
        [first, &whole.last],
        whole.literals,
    ))
}

/// Reads `/RE/`; gives it with the number of characters that stand in every match.
pub(crate) fn regex(text: &str) -> Result<(Regex, usize), Flaw> {
    refuse_long(text)?;
    let whole = 0..text.len();
    let Some(source) = between_slashes(text) else {
        let message = "expected a regular expression";
        return Err(Flaw::new(whole, message, "no slashes", REGEX));
    };
    if source.is_empty() {
        let message = "an empty regular expression is found in every line";
        return Err(Flaw::new(whole, message, "empty", REGEX));
    }
    let parsed = regex_syntax::Parser::new().parse(source);
    let tree = parsed.map_err(|error| syntax_flaw(&error, &whole))?;
    let regex = compile(source, whole.clone())?;
    for name in regex.capture_names().flatten() {
        if !is_capture(name) {
            let message = format!("`{name}` cannot be the name of a capture");
            let hint = "use letters, digits and `_`";
            return Err(Flaw::new(whole, message, "bad name", hint));
        }
    }
    Ok((regex, literals_of(&tree)))
}

/// Whether a hole, a group or a part of a path may have this name.
pub(crate) fn is_capture(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn refuse_long(text: &str) -> Result<(), Flaw> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let message = format!(
        "a pattern is at most {LONGEST} bytes long, and this has {}",
        text.len()
    );
    let hint = "leave a hole such as `{_}` for what does not matter";
    Err(Flaw::new(0..text.len(), message, "too long", hint))
}

fn between_slashes(text: &str) -> Option<&str> {
    text.strip_prefix('/')?.strip_suffix('/')
}

fn compile(source: &str, whole: Range<usize>) -> Result<Regex, Flaw> {
    let built = RegexBuilder::new(source).size_limit(LARGEST).build();
    built.map_err(|error| {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            let message = "this pattern grows too large when compiled";
            let hint = "repeat less: `x{1000}` within another repetition multiplies";
            return Flaw::new(whole, message, "too large", hint);
        }
        let message = error.to_string().replace('\n', " ");
        Flaw::new(whole, message, "cannot be compiled", REGEX)
    })
}

fn syntax_flaw(error: &regex_syntax::Error, whole: &Range<usize>) -> Flaw {
    let (message, at) = match error {
        regex_syntax::Error::Parse(e) => (e.kind().to_string(), Some(e.span())),
        regex_syntax::Error::Translate(e) => (e.kind().to_string(), Some(e.span())),
        _ => (error.to_string().replace('\n', " "), None),
    };
    // Its places begin after the slash.
    let at = at.map_or_else(
        || whole.clone(),
        |span| span.start.offset + 1..span.end.offset + 1,
    );
    let message = format!("bad regular expression: {message}");
    Flaw::new(at, message, "here", REGEX)
}

/// The characters that every match of a parsed expression holds literally.
fn literals_of(tree: &Hir) -> usize {
    match tree.kind() {
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0).chars().count(),
        HirKind::Repetition(r) => {
            literals_of(&r.sub).saturating_mul(usize::try_from(r.min).unwrap_or(usize::MAX))
        }
        HirKind::Capture(capture) => literals_of(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(literals_of).fold(0, usize::saturating_add),
        HirKind::Alternation(parts) => parts.iter().map(literals_of).min().unwrap_or(0),
    }
}

/// A whole line with holes.
#[derive(Default)]
struct Whole {
    /// As a regular expression.
    source: String,
    /// How many of its characters are literal.
    literals: usize,
    /// What stands after the last hole.
    last: String,
}

impl Whole {
    fn literal(&mut self, c: char) {
        self.source
            .push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        self.last.push(c);
        self.literals += 1;
    }
}

fn line_with_holes(text: &str) -> Result<Whole, Flaw> {
    let mut whole = Whole::default();
    whole.source.push_str(r"\A");
    let (mut names, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with("{{") {
            whole.literal('{');
            at += 2;
        } else if c == '{' {
            let Some(length) = text[at..].find('}') else {
                let message = "this hole has no end";
                return Err(Flaw::new(at..text.len(), message, "no `}`", HOLES));
            };
            let place = at + 1..at + length;
            whole.source.push_str(&hole(text, place, &mut names)?);
            whole.last.clear();
            at += length + 1;
        } else {
            whole.literal(c);
            at += c.len_utf8();
        }
    }
    whole.source.push_str(r"\z");
    Ok(whole)
}

/// The regular expression of the hole whose inside is `place`.
fn hole<'t>(text: &'t str, place: Range<usize>, names: &mut Vec<&'t str>) -> Result<String, Flaw> {
    let inside = &text[place.clone()];
    let (name, kind) = match inside.split_once(':') {
        Some((name, kind)) => (name, Some(kind)),
        None => (inside, None),
    };
    let name_at = place.start..place.start + name.len();
    if !is_capture(name) {
        let message = format!("`{{{inside}}}` is no hole");
        let brace_and_all = place.start - 1..place.end + 1;
        return Err(Flaw::new(brace_and_all, message, "no name", HOLES));
    }
    if names.contains(&name) {
        let message = format!("two holes are called `{name}`");
        return Err(Flaw::new(name_at, message, "again", HOLES));
    }
    let accepted = match kind {
        None => ".+?".to_string(),
        Some("int") => "[+-]?[0-9]+".into(),
        Some("num") => r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?".into(),
        Some("word") => r"\S+".into(),
        Some(kind) if kind.contains('|') => {
            let choices: Vec<String> = kind.split('|').map(regex::escape).collect();
            format!("(?:{})", choices.join("|"))
        }
        Some(kind) => {
            return Err(Flaw {
                at: name_at.end + 1..place.end,
                message: format!("`{kind}` is no kind of hole"),
                label: "not a kind".into(),
                hint: did_you_mean(kind, ["int", "num", "word"]),
            });
        }
    };
    if name == "_" {
        return Ok(accepted);
    }
    names.push(name);
    Ok(format!("(?<{name}>{accepted})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn captures(text: &str, line: &str) -> Option<Vec<(String, String)>> {
        let found = pattern(text).unwrap().captures(line)?;
        let pairs = found.iter().map(|(n, v)| (n.to_string(), v.to_string()));
        Some(pairs.collect())
    }

    fn matches(text: &str, line: &str) -> bool {
        pattern(text).unwrap().captures(line).is_some()
    }

    #[test]
    fn holes_take_what_their_kind_allows() {
        let one = |name: &str, value: &str| Some(vec![(name.to_string(), value.to_string())]);
        assert_eq!(
            captures("Task {id:int} done.", "Task -3 done."),
            one("id", "-3")
        );
        assert_eq!(captures("after {t:num}s", "after 2.50s"), one("t", "2.50"));
        assert_eq!(
            captures("{who:word} ran", "pool-1 ran"),
            one("who", "pool-1")
        );
        assert_eq!(captures("it {how:won|lost}", "it lost"), one("how", "lost"));
        assert_eq!(captures("got {x}", "got a b c"), one("x", "a b c"));
        assert_eq!(captures("{_} {_} done", "1 2 done"), Some(vec![]));
        for (text, line) in [
            ("Task {id:int} done.", "Task x done."),
            ("Task {id:int} done.", "Task 1 done!"),
            ("Task {id:int} done.", "a Task 1 done."),
            ("got {x}", "got "),
            ("{who:word} ran", "a b ran"),
            ("it {how:won|lost}", "it drew"),
        ] {
            assert!(!matches(text, line), "{text} / {line}");
        }
    }

    #[test]
    fn all_but_holes_is_literal() {
        assert!(matches(
            "a.b (c) [d] $1 ^ \\n {{x}",
            "a.b (c) [d] $1 ^ \\n {x}"
        ));
        assert!(!matches("a.b", "axb"));
        assert!(matches("}", "}") && matches("{{{x}", "{1") && matches("/a", "/a"));
        assert_eq!(pattern("Task {id:int} {{.").unwrap().literals, 8);
    }

    #[test]
    fn a_regular_expression_is_searched() {
        assert_eq!(
            captures("/id=(?<id>[0-9]+)/", "at id=7 now"),
            Some(vec![("id".into(), "7".into())])
        );
        assert_eq!(pattern("/^(ab|cde)x{3}.*/").unwrap().literals, 5);
    }

    #[test]
    fn a_bad_pattern_points_at_its_fault() {
        for (text, fault) in [
            ("a {x", "{x"),
            ("a {} b", "{}"),
            ("a {1x} b", "{1x}"),
            ("a {x:integer} b", "integer"),
            ("a {x:} b", ""),
            ("{x} {x}", "x"),
            ("//", "//"),
            ("/a(/", "("),
            ("/(?<é>a)/", "/(?<é>a)/"),
            ("/(?<a.b>a)/", "/(?<a.b>a)/"),
            (r"/\p{Nonsense}/", r"\p{Nonsense}"),
        ] {
            let flaw = pattern(text).unwrap_err();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
        assert!(regex("no slashes").is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        for bomb in [
            "/((a{1000}){1000}){1000}/".to_string(),
            r"/(\pL{100}){100}/".into(),
            format!("/{}/", "(".repeat(2000)),
            "x".repeat(1 << 20),
            format!("/{}/", "a|".repeat(1 << 19)),
        ] {
            let flaw = pattern(&bomb).unwrap_err();
            assert!(bomb.get(flaw.at.clone()).is_some(), "{}", flaw.message);
        }
    }

    #[test]
    fn a_long_pattern_of_many_holes_is_no_bomb() {
        let many: String = (0..300).map(|i| format!("{{x{i}:num}} ")).collect();
        assert!(pattern(&many).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_can_stop_it(text in "[{}:|_/a-c()?<>*+\\[\\]\\\\é0-9]{0,24}|.*") {
            let _ = pattern(&text);
            let _ = regex(&text);
        }

        #[test]
        fn a_text_without_holes_matches_itself_alone(text in "[^{/\n][^{\n]{0,20}", other in ".{0,20}") {
            prop_assert!(matches(&text, &text));
            prop_assert_eq!(matches(&text, &other), text == other);
        }
    }
}
