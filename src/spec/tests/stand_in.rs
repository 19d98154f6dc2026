//! Stand-ins and their routes.

use super::{each_is_one_problem, whole};
use crate::model::case::Reply;

#[test]
fn a_program_overrides_routes_and_adds_some() {
    let case = whole();
    let base = case.stand_in.unwrap();
    assert_eq!(
        base.routes["data2"].reply,
        Reply::Answer {
            status: 200,
            json: r#"{"z":[1,2.5,"x"],"a":true}"#.into()
        }
    );
    assert_eq!(base.routes["cut"].reply, Reply::Reset);
    assert_eq!(base.routes["hang"].reply, Reply::Never);
    assert_eq!(case.programs[0].stand_in.as_ref(), Some(&base));
    let own = case.programs[2].stand_in.as_ref().unwrap();
    let names: Vec<&String> = own.routes.keys().collect();
    assert_eq!(names, ["data1", "data2", "hang", "cut", "extra"]);
    assert!(matches!(
        own.routes["data1"].reply,
        Reply::Answer { status: 404, .. }
    ));
}

#[test]
fn a_mistake_in_a_route_is_one_problem_with_its_place() {
    each_is_one_problem(&[
        (
            "https://api",
            "api",
            "\"api.example.com\": `api.example.com` is no origin",
        ),
        ("\"/hang\"", "\"hang\"", "\"hang\": `hang` is no path"),
        (
            "\"/hang\"",
            "\"/data/{x}\"",
            "hang: `data2` and `hang` answer the same path",
        ),
        (
            "never = true }",
            "never = true, status = 200 }",
            "{ path = \"/hang\", never = true, status = 200 }: a route that never",
        ),
        ("status = 500", "status = 99", "99: `99` is no status"),
        (
            "{ z = [1, 2.5",
            "{ z = [1, inf",
            "inf: JSON has no such number",
        ),
    ]);
}
