//! Amounts, such as `2`, `>= 1` and `1..3`, and shapes, such as `makespan <= 1.3 * longest`.

use std::ops::Range;

use super::reader::Flaw;
use super::scan::Cursor;
use super::suggest::did_you_mean;
use crate::model::expect::{Amount, Quantity, Ratios, Shape};

const AMOUNT: &str = "write `2`, `\">= 1\"` or `\"1..3\"`";
const SHAPE: &str = "write `makespan <= 1.3 * longest` or `makespan in 0.9..1.1 * longest`";

/// How a number is compared with a bound.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Operator {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

/// Reads `n`, `OP n` or `a..b`, both ends included.
pub(crate) fn amount(text: &str) -> Result<Amount, Flaw> {
    let whole = 0..text.len();
    if text.contains('%') {
        let message = "a share of the trials says how often a program shows a behaviour, not how many there are";
        return Err(Flaw::new(whole, message, "not an amount", AMOUNT));
    }
    let mut cursor = Cursor::new(text);
    let operator = operator(&mut cursor);
    let first = whole_number(&mut cursor)?;
    cursor.skip_space();
    let found = match operator {
        None if cursor.eat("..") => Some((first, Some(whole_number(&mut cursor)?))),
        None => Some((first, Some(first))),
        Some(Operator::Less) => first.checked_sub(1).map(|most| (0, Some(most))),
        Some(Operator::AtMost) => Some((0, Some(first))),
        Some(Operator::AtLeast) => Some((first, None)),
        Some(Operator::More) => first.checked_add(1).map(|least| (least, None)),
    };
    cursor.end(AMOUNT)?;
    match found {
        Some((least, most)) if most.is_none_or(|most| least <= most) => Ok(Amount { least, most }),
        _ => {
            let message = "no number fits this amount";
            Err(Flaw::new(whole, message, "never true", AMOUNT))
        }
    }
}

/// Reads `Q OP k * Q` or `Q in a..b * Q`. `<` and `<=` mean the same: no measured length is exact.
pub(crate) fn shape(text: &str) -> Result<Shape, Flaw> {
    let mut cursor = Cursor::new(text);
    let (left, left_at) = quantity(&mut cursor)?;
    cursor.skip_space();
    let ratios = ratios(&mut cursor, SHAPE)?;
    cursor.expect("*", SHAPE)?;
    let (right, right_at) = quantity(&mut cursor)?;
    cursor.end(SHAPE)?;
    if left == right {
        let message = format!("both lengths are `{}`", left.name());
        let at = left_at.start..right_at.end;
        return Err(Flaw::new(at, message, "the same", SHAPE));
    }
    Ok(Shape {
        left,
        ratios,
        right,
    })
}

/// The ratios that `OP k` or `in a..b` accepts; `hint` shows what is being read.
pub(crate) fn ratios(cursor: &mut Cursor<'_>, hint: &str) -> Result<Ratios, Flaw> {
    let start = cursor.at();
    let (least, most) = match operator(cursor) {
        Some(Operator::Less | Operator::AtMost) => (0.0, number(cursor, hint)?),
        Some(Operator::AtLeast | Operator::More) => (number(cursor, hint)?, f64::INFINITY),
        None if cursor.eat("in") => {
            let least = number(cursor, hint)?;
            cursor.expect("..", hint)?;
            (least, number(cursor, hint)?)
        }
        None => {
            let message = "expected `<`, `<=`, `>`, `>=` or `in`";
            return cursor.fail(message, "expected a comparison", hint);
        }
    };
    band(least, most, start..cursor.at(), hint)
}

/// Ratios from one to another, which something must fit.
pub(crate) fn band(least: f64, most: f64, at: Range<usize>, hint: &str) -> Result<Ratios, Flaw> {
    if least > most || most == 0.0 {
        let message = "no lengths fit this band";
        return Err(Flaw::new(at, message, "never true", hint));
    }
    Ok(Ratios { least, most })
}

/// Steps over `<`, `<=`, `>` or `>=`.
pub(crate) fn operator(cursor: &mut Cursor<'_>) -> Option<Operator> {
    cursor.skip_space();
    let signs = [
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("<", Operator::Less),
        (">", Operator::More),
    ];
    let found = signs.into_iter().find(|(sign, _)| cursor.eat(sign));
    found.map(|(_, operator)| operator)
}

fn quantity(cursor: &mut Cursor<'_>) -> Result<(Quantity, Range<usize>), Flaw> {
    cursor.skip_space();
    let (name, at) = cursor.take_while(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let found = Quantity::named(name);
    found.map(|q| (q, at.clone())).ok_or_else(|| {
        let hint = did_you_mean(name, Quantity::ALL.map(Quantity::name));
        Flaw {
            at: if name.is_empty() { cursor.here() } else { at },
            message: "expected `makespan`, `longest`, `sum` or `gap`".into(),
            label: "expected a length".into(),
            hint,
        }
    })
}

fn whole_number(cursor: &mut Cursor<'_>) -> Result<u64, Flaw> {
    cursor.skip_space();
    let (digits, at) = cursor.take_while(|c| c.is_ascii_digit());
    digits.parse().map_err(|_| {
        let (message, at) = if digits.is_empty() {
            ("expected a whole number", cursor.here())
        } else {
            ("this number is too large", at)
        };
        Flaw::new(at, message, "not an amount", AMOUNT)
    })
}

/// A decimal number. `0.9..1.1` reads as `0.9`: a point belongs to it only if a digit follows.
pub(crate) fn number(cursor: &mut Cursor<'_>, hint: &str) -> Result<f64, Flaw> {
    cursor.skip_space();
    let (_, whole) = cursor.take_while(|c| c.is_ascii_digit());
    let mut text = whole.clone();
    let rest = cursor.rest();
    if rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        cursor.eat(".");
        text.end = cursor.take_while(|c| c.is_ascii_digit()).1.end;
    }
    let value = cursor.read(&text).parse::<f64>().ok();
    let value = value.filter(|v| !whole.is_empty() && v.is_finite());
    value.ok_or_else(|| {
        let at = if text.is_empty() { cursor.here() } else { text };
        let message = "expected a number such as `1.3`";
        Flaw::new(at, message, "expected a number", hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_have_a_least_and_a_most() {
        for (text, least, most) in [
            ("2", 2, Some(2)),
            (">= 1", 1, None),
            ("> 1", 2, None),
            ("<3", 0, Some(2)),
            ("<= 3", 0, Some(3)),
            ("1..3", 1, Some(3)),
            (" 1 .. 3 ", 1, Some(3)),
        ] {
            assert_eq!(amount(text), Ok(Amount { least, most }), "{text}");
        }
    }

    #[test]
    fn amounts_that_nothing_fits_are_refused() {
        for text in [
            "",
            "x",
            "<0",
            "3..1",
            "1..",
            "..3",
            "-1",
            "1.5",
            "2 3",
            "= 2",
            "50%..60%",
            "99999999999999999999",
            "> 18446744073709551615",
        ] {
            assert!(amount(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shapes_are_bands_of_a_ratio() {
        let band = |text| {
            shape(text)
                .map(|s| (s.left, s.ratios.least, s.ratios.most, s.right))
                .unwrap()
        };
        let (makespan, longest) = (Quantity::Makespan, Quantity::Longest);
        let up = f64::INFINITY;
        assert_eq!(
            band("makespan >= 0.95 * sum"),
            (makespan, 0.95, up, Quantity::Sum)
        );
        assert_eq!(band("makespan<1.3*longest"), (makespan, 0.0, 1.3, longest));
        assert_eq!(
            band("makespan in 0.9..1.1 * longest"),
            (makespan, 0.9, 1.1, longest)
        );
        assert_eq!(
            band("gap in 1 .. 2 * longest"),
            (Quantity::Gap, 1.0, 2.0, longest)
        );
    }

    #[test]
    fn a_bad_shape_points_at_its_fault() {
        for (text, fault) in [
            ("makspan <= 1.3 * longest", "makspan"),
            ("makespan = 1.3 * longest", "="),
            ("makespan <= x * longest", "x"),
            ("makespan <= 1.3 longest", "l"),
            ("makespan <= 1.3 * ", ""),
            ("makespan in 2..1 * sum", "in 2..1"),
            ("makespan < 0 * sum", "< 0"),
            ("makespan in 1 * sum", "*"),
            ("sum <= 1 * sum", "sum <= 1 * sum"),
            ("makespan <= 1 * sum, twice", ", twice"),
        ] {
            let flaw = shape(text).unwrap_err();
            assert_eq!(&text[flaw.at.clone()], fault, "{text}: {}", flaw.message);
        }
    }

    proptest! {
        #[test]
        fn no_text_can_stop_them(text in "([a-z<>=*. 0-9é]|makespan|sum|in|\\.\\.){0,12}|.*") {
            let _ = shape(&text);
            let _ = amount(&text);
        }
    }
}
