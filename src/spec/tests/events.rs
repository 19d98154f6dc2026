//! Events and spans.

use super::each_is_one_problem;

#[test]
fn a_mistake_in_an_event_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "\"start\"      = ",
            "\"Start\" = 'x'\n\"start\" = ",
            "\"Start\": `Start` cannot be a label",
        ),
        (
            "\"start\"      = ",
            "\"@exit\" = 'x'\n\"start\" = ",
            "\"@exit\": `@exit` is given",
        ),
        (
            "\"start\"      = ",
            "\"data1.asked\" = 'x'\n\"start\" = ",
            "data1: this route gives `data1.asked`",
        ),
        (
            "{_} sec",
            "{_:integer} sec",
            "integer: `integer` is no kind of hole",
        ),
        (
            "'/^Error/'",
            "'/^Error(/'",
            "(: bad regular expression: unclosed group",
        ),
        ("'/^\\s+at /'", "'at'", "at: expected a regular expression"),
        (
            "stream = \"stderr\"",
            "stream = \"err\"",
            "\"err\": `err` is no stream",
        ),
    ]);
}

#[test]
fn a_mistake_in_a_span_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "to = \"slow.done\" }",
            "to = \"slow.don\" }",
            "slow.don: no event is called `slow.don`",
        ),
        (
            "by = \"id\"",
            "by = \"key\"",
            "key: `start` captures no `key`",
        ),
        (
            "pair = \"fifo\"",
            "pair = \"lifo\"",
            "\"lifo\": `lifo` is no way to pair",
        ),
        (
            "open = \"allow\"",
            "open = true",
            "true: expected `\"allow\"`, found true or false",
        ),
    ]);
}
