//! Terms, such as `start[id=2]`, and orders of them, such as `{a, b} < c <! d`.

use std::ops::Range;

use super::reader::Flaw;
use super::scan::Cursor;
use crate::model::case::Label;
use crate::model::expect::{Filter, Position, Term, Wanted};

const TERM: &str = "write a label such as `done`, or select among its events as in `done[id=2]`, `done[first]`, `done[3]` or `done[*]`";
const ORDER: &str = "write terms with `<` between them, such as `start < {a, b} < end`";
const VARIABLE: &str = "write `[id]` for every value of `id`, `[id+1]` for the one after it, or `[from=$x]` with a variable of that name";
/// Longer chains are a mistake, and every step costs the judge time.
const MOST_TERMS: usize = 1000;

/// A term, with the places of the names that are to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlacedTerm {
    /// The term.
    pub(crate) term: Term,
    /// All of it.
    pub(crate) at: Range<usize>,
    /// Its label.
    pub(crate) label_at: Range<usize>,
    /// The name of the capture of each filter.
    pub(crate) filters_at: Vec<Range<usize>>,
}

/// A step of an order, with the places of its terms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlacedStep {
    /// At least one.
    pub(crate) terms: Vec<PlacedTerm>,
    /// Whether `<!` stands before it.
    pub(crate) adjacent: bool,
}

/// Reads `LABEL`, `LABEL[SELECTOR, …]`.
pub(crate) fn term(text: &str) -> Result<PlacedTerm, Flaw> {
    let mut cursor = Cursor::new(text);
    let found = one_term(&mut cursor)?;
    cursor.end(TERM)?;
    Ok(found)
}

/// Reads two or more steps, each a term or a set of terms in braces. No term stands twice.
pub(crate) fn order(text: &str) -> Result<Vec<PlacedStep>, Flaw> {
    let mut cursor = Cursor::new(text);
    let mut steps = vec![step(&mut cursor, false)?];
    let mut count = 1;
    while !cursor.is_done() {
        if !cursor.eat("<") {
            return cursor.fail("expected `<` between two terms", "expected `<`", ORDER);
        }
        let adjacent = cursor.eat("!");
        let next = step(&mut cursor, adjacent)?;
        count += next.terms.len();
        if count > MOST_TERMS {
            let message = format!("an order has at most {MOST_TERMS} terms");
            return Err(Flaw::new(cursor.to_end(), message, "too many", ORDER));
        }
        steps.push(next);
    }
    if steps.len() < 2 {
        let message = "an order needs at least two terms";
        return Err(Flaw::new(0..text.len(), message, "one alone", ORDER));
    }
    refuse_doubles(&steps)?;
    Ok(steps)
}

fn refuse_doubles(steps: &[PlacedStep]) -> Result<(), Flaw> {
    let terms: Vec<&PlacedTerm> = steps.iter().flat_map(|step| &step.terms).collect();
    for (i, later) in terms.iter().enumerate() {
        if terms[..i].iter().any(|earlier| earlier.term == later.term) {
            let message = format!("`{}` stands twice in this order", later.term);
            let hint = "no event comes before itself: name it once, or select with `[1]` and `[2]`";
            return Err(Flaw::new(later.at.clone(), message, "again", hint));
        }
    }
    Ok(())
}

fn step(cursor: &mut Cursor<'_>, adjacent: bool) -> Result<PlacedStep, Flaw> {
    cursor.skip_space();
    let mut terms = Vec::new();
    if !cursor.eat("{") {
        terms.push(one_term(cursor)?);
        return Ok(PlacedStep { terms, adjacent });
    }
    cursor.list("}", MOST_TERMS, ORDER, |cursor| {
        terms.push(one_term(cursor)?);
        Ok(())
    })?;
    Ok(PlacedStep { terms, adjacent })
}

/// Reads one term, and leaves the cursor after it.
pub(crate) fn one_term(cursor: &mut Cursor<'_>) -> Result<PlacedTerm, Flaw> {
    cursor.skip_space();
    let start = cursor.at();
    let (name, label_at) =
        cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    let Some(label) = Label::parse(name) else {
        let (message, at) = if name.is_empty() {
            ("expected a label".to_string(), cursor.here())
        } else {
            (format!("`{name}` cannot be a label"), label_at)
        };
        let hint = "a label is lower-case letters, digits, `.` and `-`, and begins with a letter";
        return Err(Flaw::new(at, message, "not a label", hint));
    };
    let mut found = PlacedTerm {
        term: Term {
            label,
            filters: Vec::new(),
            position: Position::Only,
        },
        at: label_at.clone(),
        label_at,
        filters_at: Vec::new(),
    };
    cursor.skip_space();
    if cursor.eat("[") {
        selectors(cursor, &mut found)?;
        found.at = start..cursor.at();
    }
    Ok(found)
}

/// Reads filters and at most one position, up to `]`.
fn selectors(cursor: &mut Cursor<'_>, found: &mut PlacedTerm) -> Result<(), Flaw> {
    cursor.list("]", MOST_TERMS, TERM, |cursor| {
        let start = cursor.at();
        let Some(position) = position(cursor)? else {
            return filter(cursor, found);
        };
        if found.term.position != Position::Only {
            let message = "a term has at most one position";
            return Err(Flaw::new(start..cursor.at(), message, "a second one", TERM));
        }
        found.term.position = position;
        Ok(())
    })
}

fn position(cursor: &mut Cursor<'_>) -> Result<Option<Position>, Flaw> {
    if cursor.eat("*") {
        return Ok(Some(Position::Every));
    }
    // `first=1` is a filter on a capture of that name.
    let rest = cursor.rest();
    let length = rest.find([']', ',']).unwrap_or(rest.len());
    match rest[..length].trim_end() {
        "first" if cursor.eat("first") => return Ok(Some(Position::First)),
        "last" if cursor.eat("last") => return Ok(Some(Position::Last)),
        _ => {}
    }
    let (digits, at) = cursor.take_while(|c| c.is_ascii_digit());
    match digits.parse() {
        _ if digits.is_empty() => Ok(None),
        Ok(n) if n > 0 => Ok(Some(Position::Nth(n))),
        _ => {
            let message = format!("`{digits}` is no position: positions count from 1");
            Err(Flaw::new(at, message, "not a position", TERM))
        }
    }
}

fn filter(cursor: &mut Cursor<'_>, found: &mut PlacedTerm) -> Result<(), Flaw> {
    let (name, at) = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
    if name.is_empty() {
        return cursor.fail("expected a selector", "not a selector", TERM);
    }
    let wanted = wanted(cursor, name)?;
    if found.term.position != Position::Only {
        let message = "filters stand before the position";
        return Err(Flaw::new(at, message, "after a position", TERM));
    }
    let filters = &mut found.term.filters;
    if filters.iter().any(|filter| filter.capture == name) {
        let message = format!("`{name}` is compared twice");
        return Err(Flaw::new(at, message, "again", TERM));
    }
    filters.push(Filter {
        capture: name.into(),
        wanted,
    });
    found.filters_at.push(at);
    Ok(())
}

/// What stands after the name of a capture: nothing, `+k`, `=LITERAL`, `=$VARIABLE` or `=$VARIABLE+k`.
fn wanted(cursor: &mut Cursor<'_>, capture: &str) -> Result<Wanted, Flaw> {
    cursor.skip_space();
    if !cursor.eat("=") {
        let (name, plus) = (capture.into(), shift(cursor)?);
        return Ok(Wanted::Variable { name, plus });
    }
    cursor.skip_space();
    if cursor.eat("$") {
        let (name, at) = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        if name.is_empty() {
            let at = if at.is_empty() { cursor.here() } else { at };
            let message = "expected the name of a variable after `$`";
            return Err(Flaw::new(at, message, "no name", VARIABLE));
        }
        let (name, plus) = (name.into(), shift(cursor)?);
        return Ok(Wanted::Variable { name, plus });
    }
    let (literal, at) = cursor.take_while(|c| c != ',' && c != ']');
    let literal = literal.trim_end();
    if literal.is_empty() {
        let message = format!("`{capture}` is compared with nothing");
        return Err(Flaw::new(at, message, "expected a value", TERM));
    }
    Ok(Wanted::Literal(literal.into()))
}

/// `+k` or `-k` after a variable; 0 without.
fn shift(cursor: &mut Cursor<'_>) -> Result<i64, Flaw> {
    cursor.skip_space();
    let start = cursor.at();
    let sign = if cursor.eat("+") {
        1
    } else if cursor.eat("-") {
        -1
    } else {
        return Ok(0);
    };
    cursor.skip_space();
    let (digits, _) = cursor.take_while(|c| c.is_ascii_digit());
    let number = digits.parse::<i32>().ok();
    number.map(|n| sign * i64::from(n)).ok_or_else(|| {
        let (message, at) = ("expected a whole number", start..cursor.at());
        Flaw::new(at, message, "not a number", VARIABLE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let steps = order(text).unwrap();
        let step = |s: &PlacedStep| {
            let terms: Vec<String> = s.terms.iter().map(|t| t.term.to_string()).collect();
            let before = if s.adjacent { "<! " } else { "" };
            format!("{before}({})", terms.join(" "))
        };
        steps.iter().map(step).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn an_order_is_steps_of_terms() {
        for (text, want) in [
            ("slow.start < slow.done", "(slow.start) (slow.done)"),
            ("{a, b}<c<!d", "(a b) (c) <! (d)"),
            (
                "start[id=2] < start[ id = 3 , first ] < @exit",
                "(start[id=2]) (start[id=3, first]) (@exit)",
            ),
            ("a[1] < a[last] < b[*]", "(a[1]) (a[last]) (b[*])"),
            ("a[first=x y, 2] < b", "(a[first=x y, 2]) (b)"),
            ("a[id] < b[id + 1]<c[id-2]", "(a[id]) (b[id+1]) (c[id-2])"),
            (
                "a[id=$id] < b[from=$id+1, to = $to]",
                "(a[id]) (b[from=$id+1, to])",
            ),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn places_point_at_the_names() {
        let text = "a < go[id=2, kind=x, last]";
        let steps = order(text).unwrap();
        let term = &steps[1].terms[0];
        assert_eq!(&text[term.label_at.clone()], "go");
        assert_eq!(&text[term.at.clone()], "go[id=2, kind=x, last]");
        let filters: Vec<&str> = term.filters_at.iter().map(|at| &text[at.clone()]).collect();
        assert_eq!(filters, ["id", "kind"]);
    }

    #[test]
    fn a_bad_order_points_at_its_fault() {
        for (text, fault) in [
            ("", ""),
            ("a", "a"),
            ("a < ", ""),
            ("a b", "b"),
            ("a < Bad", "Bad"),
            ("a < a", "a"),
            ("{a, b < c", "<"),
            ("{a, a} < b", "a"),
            ("a[0] < b", "0"),
            ("a[1, 2] < b", "2"),
            ("a[1, id=2] < b", "id"),
            ("a[id=1, id=2] < b", "id"),
            ("a[id+] < b", "+"),
            ("a[id=$] < b", "]"),
            ("a[id=$x+y] < b", "+"),
            ("a[id=$x-99999999999] < b", "-99999999999"),
            ("a[id=] < b", ""),
            ("a[id=1 < b", ""),
            ("a[] < b", "]"),
            ("a = b", "="),
        ] {
            let flaw = order(text).unwrap_err();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
    }

    #[test]
    fn a_term_stands_alone() {
        assert_eq!(term(" done[id=2] ").unwrap().term.to_string(), "done[id=2]");
        assert!(term("a < b").is_err() && term("{a}").is_err() && term("").is_err());
    }

    proptest! {
        #[test]
        fn no_text_can_stop_them(text in "[a-c<!{},\\[\\]*=$ @.0-9é]{0,20}|.*") {
            let _ = order(&text);
            let _ = term(&text);
        }

        #[test]
        fn a_term_reads_back_as_it_is_shown(text in "[a-c]([.-][a-z0-9]{1,3})?(\\[(id=[a-z0-9]{1,3}, )?(first|last|[1-9]|\\*)\\])?") {
            prop_assert_eq!(term(&text).unwrap().term.to_string(), text);
        }
    }
}
