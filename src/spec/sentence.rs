//! Small sentences of the case language: `done - start in 1s..2s`, `a excludes b`, `>= 2 * previous`, `0..9`.

use std::ops::Range;

use super::duration;
use super::reader::Flaw;
use super::scan::Cursor;
use super::shape::{self, Operator, operator, ratios};
use super::suggest::did_you_mean;
use super::term::{PlacedTerm, one_term};
use crate::model::expect::{GapBound, Lengths, Numbers, Ratios, Stand};

const WITHIN: &str = "write `done - start in 1.9s..2.3s`, `b - a <= 50ms` or `b - a >= 2 * (d - c)`, with spaces around the minus";
const RELATION: &str = "write `a excludes b`, `a overlaps b`, `a during b`, `a before b`, `none overlap` or `all overlap`";
const GAP: &str = "write `100ms..200ms`, `>= 100ms`, `>= 1.5 * previous` or `1.5..3 * previous`";

/// A time between two terms.
pub(crate) struct PlacedDistance {
    /// What stands before the minus.
    pub(crate) to: PlacedTerm,
    /// What stands after it.
    pub(crate) from: PlacedTerm,
}

/// What a time may be.
pub(crate) enum PlacedBound {
    /// These lengths.
    Lengths(Lengths),
    /// These multiples of another time.
    Times(Ratios, Box<PlacedDistance>),
}

/// Reads `T - T in DUR..DUR`, `T - T OP DUR`, `T - T OP k * (T - T)` or `T - T in a..b * (T - T)`.
pub(crate) fn within(text: &str) -> Result<(PlacedDistance, PlacedBound), Flaw> {
    let mut cursor = Cursor::new(text);
    let time = distance(&mut cursor)?;
    cursor.skip_space();
    if cursor.rest().contains('*') {
        let ratios = ratios(&mut cursor, WITHIN)?;
        cursor.expect("*", WITHIN)?;
        cursor.expect("(", WITHIN)?;
        let other = distance(&mut cursor)?;
        cursor.expect(")", WITHIN)?;
        cursor.end(WITHIN)?;
        return Ok((time, PlacedBound::Times(ratios, Box::new(other))));
    }
    let banded = cursor.eat("in");
    let compared = cursor.rest().starts_with(['<', '>']);
    if banded == compared {
        let message = "expected `in`, or `<`, `<=`, `>`, `>=` and a length of time";
        return cursor.fail(message, "expected a comparison", WITHIN);
    }
    let rest = cursor.to_end();
    let lengths = duration::lengths(cursor.rest()).map_err(|flaw| flaw.shifted(rest.start))?;
    Ok((time, PlacedBound::Lengths(lengths)))
}

fn distance(cursor: &mut Cursor<'_>) -> Result<PlacedDistance, Flaw> {
    let to = one_term(cursor)?;
    cursor.expect("-", WITHIN)?;
    let from = one_term(cursor)?;
    if to.term == from.term {
        let message = format!("both are `{}`", to.term);
        let at = to.at.start..from.at.end;
        return Err(Flaw::new(at, message, "always nothing", WITHIN));
    }
    Ok(PlacedDistance { to, from })
}

/// A relation, with the places of the names of its spans.
pub(crate) enum PlacedRelation {
    /// Of two spans.
    Pair(Range<usize>, Stand, Range<usize>),
    /// `none overlap`
    None,
    /// `all overlap`
    All,
}

/// Reads `S excludes S` and its kin.
pub(crate) fn relation(text: &str) -> Result<PlacedRelation, Flaw> {
    let mut cursor = Cursor::new(text);
    let mut word = || {
        cursor.skip_space();
        let (_, at) = cursor.take_while(|c| !c.is_whitespace());
        at
    };
    let [left, verb, right, more] = [word(), word(), word(), word()];
    let whole = 0..text.len();
    if !more.is_empty() {
        let at = more.start..text.len();
        return Err(Flaw::new(at, "this should end here", "too much", RELATION));
    }
    match (&text[left.clone()], &text[verb.clone()], right.is_empty()) {
        ("none", "overlap", true) => return Ok(PlacedRelation::None),
        ("all", "overlap", true) => return Ok(PlacedRelation::All),
        (_, _, true) => {
            let message = "expected two spans and how they stand to each other";
            return Err(Flaw::new(whole, message, "too little", RELATION));
        }
        _ => {}
    }
    let stand = Stand::named(&text[verb.clone()]);
    let stand = stand.ok_or_else(|| Flaw {
        at: verb.clone(),
        message: format!("spans do not `{}`", &text[verb.clone()]),
        label: "not a relation".into(),
        hint: did_you_mean(&text[verb.clone()], Stand::ALL.map(Stand::name)),
    })?;
    if text[left.clone()] == text[right.clone()] {
        let message = format!("both are `{}`", &text[left.clone()]);
        let hint = "for the instances of one span write `none overlap` or `all overlap` with `spans = [\"…\"]`";
        return Err(Flaw::new(whole, message, "the same span", hint));
    }
    Ok(PlacedRelation::Pair(left, stand, right))
}

/// Reads `DUR..DUR`, `OP DUR`, `OP k * previous` or `a..b * previous`.
pub(crate) fn gap_bound(text: &str) -> Result<GapBound, Flaw> {
    let Some(star) = text.find('*') else {
        return duration::lengths(text).map(GapBound::Lengths);
    };
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    let banded = !cursor.rest().starts_with(['<', '>', 'i']);
    let ratios = if banded {
        let start = cursor.at();
        let least = shape::number(&mut cursor, GAP)?;
        cursor.expect("..", GAP)?;
        let most = shape::number(&mut cursor, GAP)?;
        shape::band(least, most, start..star, GAP)?
    } else {
        ratios(&mut cursor, GAP)?
    };
    cursor.expect("*", GAP)?;
    cursor.expect("previous", GAP)?;
    cursor.end(GAP)?;
    Ok(GapBound::Previous(ratios))
}

/// Reads `n`, `OP n` or `a..b` for numbers that need not be whole.
pub(crate) fn numbers(text: &str) -> Result<Numbers, Flaw> {
    const HINT: &str = "write `2`, `>= 0.5`, `< 10` or `-1..1`";
    let mut cursor = Cursor::new(text);
    let compared = operator(&mut cursor);
    let first = signed(&mut cursor, HINT)?;
    let (down, up) = (f64::NEG_INFINITY, f64::INFINITY);
    cursor.skip_space();
    let (least, most) = match compared {
        None if cursor.eat("..") => (first, signed(&mut cursor, HINT)?),
        None => (first, first),
        Some(Operator::Less | Operator::AtMost) => (down, first),
        Some(Operator::AtLeast | Operator::More) => (first, up),
    };
    cursor.end(HINT)?;
    if least > most {
        let message = "no number lies between these";
        return Err(Flaw::new(0..text.len(), message, "never true", HINT));
    }
    Ok(Numbers {
        least,
        above: compared == Some(Operator::More),
        most,
        below: compared == Some(Operator::Less),
    })
}

fn signed(cursor: &mut Cursor<'_>, hint: &str) -> Result<f64, Flaw> {
    cursor.skip_space();
    let negative = cursor.eat("-");
    let number = shape::number(cursor, hint)?;
    Ok(if negative { -number } else { number })
}

/// The most values that a range may stand for.
const LONGEST_RANGE: i64 = 10_000;

/// Reads `0..9`, the whole numbers from one to the other, both included; `None` for another text.
pub(crate) fn range(text: &str) -> Option<Result<Vec<String>, Flaw>> {
    let (first, last) = text.split_once("..")?;
    let (first, last): (i64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let fits = last
        .checked_sub(first)
        .is_some_and(|length| (0..LONGEST_RANGE).contains(&length));
    if !fits {
        let message = format!("a range rises, and holds at most {LONGEST_RANGE} numbers");
        let hint = "write `0..9`, or `ascending` with `distinct = 10000`";
        return Some(Err(Flaw::new(0..text.len(), message, "not a range", hint)));
    }
    Some(Ok((first..=last).map(|n| n.to_string()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn a_time_is_bounded_by_lengths_or_by_another() {
        let lengths = |text| match within(text).unwrap() {
            (time, PlacedBound::Lengths(l)) => {
                (time.to.term.to_string(), time.from.term.to_string(), l)
            }
            (_, PlacedBound::Times(..)) => panic!("{text}"),
        };
        let (to, from, band) = lengths("slow.done[id=2] - start in 1.9s..2.3s");
        assert_eq!((to.as_str(), from.as_str()), ("slow.done[id=2]", "start"));
        assert_eq!(band.most, Some(Duration::from_millis(2300)));
        assert_eq!(lengths("b - a <= 50ms").2.least, Duration::ZERO);
        for (text, least, most) in [
            ("b - a >= 2 * (d - c)", 2.0, f64::INFINITY),
            ("b - a in 0.9..1.1 * (d[id] - c[id])", 0.9, 1.1),
        ] {
            match within(text).unwrap().1 {
                PlacedBound::Times(r, _) => assert_eq!((r.least, r.most), (least, most), "{text}"),
                PlacedBound::Lengths(_) => panic!("{text}"),
            }
        }
    }

    #[test]
    fn a_bad_time_points_at_its_fault() {
        for (text, fault) in [
            ("", ""),
            ("a", ""),
            ("b-a < 1s", "<"),
            ("b - a", ""),
            ("b - a 1s", "1"),
            ("b - a in 1s", " 1s"),
            ("b - a <= 1", ""),
            ("b - b <= 1s", "b - b"),
            ("b - a <= 2 * d - c", "d"),
            ("b - a <= 2 * (d - c) x", "x"),
            ("b - a = 2 * (d - c)", "="),
        ] {
            let flaw = within(text).err().unwrap();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
    }

    #[test]
    fn relations_name_two_spans_or_all() {
        assert!(matches!(relation("none overlap"), Ok(PlacedRelation::None)));
        assert!(matches!(
            relation(" all  overlap "),
            Ok(PlacedRelation::All)
        ));
        assert!(matches!(
            relation("a.b during c"),
            Ok(PlacedRelation::Pair(_, Stand::During, _))
        ));
        for (text, fault) in [
            ("", ""),
            ("a excludes", "a excludes"),
            ("a excluds b", "excluds"),
            ("a excludes a", "a excludes a"),
            ("a excludes b c", "c"),
        ] {
            let flaw = relation(text).err().unwrap();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
    }

    #[test]
    fn gaps_are_lengths_or_multiples_of_the_one_before() {
        let times = |least, most| Ok(GapBound::Previous(Ratios { least, most }));
        assert_eq!(gap_bound(">= 1.5 * previous"), times(1.5, f64::INFINITY));
        assert_eq!(gap_bound("1.5..3 * previous"), times(1.5, 3.0));
        assert_eq!(gap_bound("in 1.5..3*previous"), times(1.5, 3.0));
        assert!(matches!(gap_bound("90ms..110ms"), Ok(GapBound::Lengths(_))));
        for text in ["", "2 * previous", "3..2 * previous", ">= 2 * last", "5"] {
            assert!(gap_bound(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_may_be_negative_and_broken() {
        let accepts = |text: &str, n: f64| numbers(text).unwrap().accept(n);
        assert!(accepts("-1..1", -1.0) && accepts("2", 2.0) && accepts(">= 0.5", 0.5));
        assert!(!accepts("< 10", 10.0) && !accepts("> 0", 0.0) && !accepts("2", 2.1));
        assert!(numbers("1..-1").is_err() && numbers("x").is_err() && numbers("1 2").is_err());
    }

    #[test]
    fn a_range_stands_for_its_numbers() {
        assert_eq!(range("0..2").unwrap().unwrap(), ["0", "1", "2"]);
        assert!(range("ascending").is_none() && range("0..x").is_none());
        assert!(range("2..1").unwrap().is_err() && range("0..99999999").unwrap().is_err());
    }

    proptest! {
        #[test]
        fn no_text_can_stop_them(text in "([a-c<>=*. 0-9()-]|in |previous|excludes|\\.\\.|ms){0,14}|.*") {
            let _ = within(&text);
            let _ = relation(&text);
            let _ = gap_bound(&text);
            let _ = numbers(&text);
            let _ = range(&text);
        }
    }
}
