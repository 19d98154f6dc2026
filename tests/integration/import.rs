//! The listings of an article become cases, and a later import tells what has changed.

use std::fs;

use repro::model::verdict::Verdict;

use crate::harness::{Ran, Repro, Suite};
use crate::needs::{here, needs};

const LISTINGS: [&str; 3] = [
    "f3e277db114d937e624ede1e89f4fe7faf676e920fbf20e64391a83a77460718",
    "532b22c02532b493aa30020bb8ef7f0d7ec1914894acede52afdbc18a6247855",
    "63d5de025df18b3590b27ef8797d544d09e1200583834914603169098c85fd61",
];

fn article() -> Suite {
    Suite::of(&[("article.md", include_str!("../fixtures/article.md"))])
}

fn import(suite: &Suite) -> Ran {
    let repro = Repro::new().in_folder(suite.path());
    repro.args(["import", "article.md"]).run()
}

#[test]
fn three_listings_become_three_cases_byte_for_byte() {
    let suite = article();
    let ran = import(&suite).exits(0);
    for (case, sha256) in ["article-1", "article-3", "article-4"].iter().zip(LISTINGS) {
        assert!(
            ran.stdout.contains(&format!("imported   {case}")),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains(sha256), "{}", ran.stdout);
    }
    let ran = ran.says("left out   listing 2").says("under \"A pool\"");
    assert!(ran.stdout.contains("lines 10-"), "{}", ran.stdout);
    assert!(
        suite
            .path()
            .join("cases/article-4/java/ThreadPoolExample.java")
            .is_file()
    );
    // The cases hold their listings to the byte, so this would be refused.
    Repro::new()
        .in_folder(suite.path())
        .arg("lint")
        .run()
        .exits(0)
        .says("3 cases");
}

const ISSUE: &str = "# One after another\n\n### Reproduction\n\n```python\nimport asyncio, time\n\nasync def work(n):\n    \
    print('start', n)\n    time.sleep(0.1)\n    print('end', n)\n\nasync def main():\n    await \
    asyncio.gather(work(1), work(2))\n\nasyncio.run(main())\n```\n\nThis is the line:\n\n```python\n    \
    time.sleep(0.1)\n```\n\n### Expected behavior\n\n```\nstart 1\nstart 2\nend 1\nend 2\n```\n\n\
    ### Actual behavior\n\n```console\n$ python a.py\nstart 1\nend 1\nstart 2\nend 2\n```\n";

#[test]
fn an_issues_outputs_become_two_behaviours_and_its_fragment_no_case() {
    let suite = Suite::of(&[("issue.md", ISSUE)]);
    let repro = || Repro::new().in_folder(suite.path());
    let import = || repro().args(["import", "issue.md"]).run().exits(0);
    import()
        .says("imported   issue-1")
        .says("left out   listing 2")
        .says("a fragment: it lacks a first line without indentation")
        .says("expected   listing 3")
        .says("actual     listing 4");
    import()
        .says("unchanged  issue-1")
        .says("actual     listing 4");
    repro().arg("lint").run().exits(0).says("1 case");
    needs!(here("python"));
    let judged = repro().args(["run", "issue-1"]).judged();
    let row = &judged.report.results[0];
    // As long as the machine is busy it may stay open, and it is nothing else.
    if row.verdict != Verdict::Inconclusive {
        assert_eq!(row.verdict, Verdict::Pass, "{row:?}");
        assert_eq!(row.behaviours.get("actual"), Some(&1));
    }
}

#[test]
fn an_output_that_ends_too_early_is_told_from_the_whole() {
    let short = "```python\nprint('a')\n```\n\nIt should print\n\n```\na\nb {c}\n```\n\nbut I got\n\n```\na\n```\n";
    let suite = Suite::of(&[("short.md", short)]);
    let repro = || Repro::new().in_folder(suite.path());
    repro().args(["import", "short.md"]).run().exits(0);
    needs!(here("python"));
    let shown = || {
        let judged = repro().args(["run", "short-1"]).judged();
        let row = &judged.report.results[0];
        assert_ne!(row.verdict, Verdict::Ambiguous);
        row.trials[0].behaviour.clone()
    };
    let may_be = |shown: Option<String>, wanted: &str| shown.is_none_or(|shown| shown == wanted);
    assert!(may_be(shown(), "actual"));
    suite.edit(
        "cases/short-1/python/listing.py",
        "print('a')",
        "print('a\\nb {c}')",
    );
    let file = suite.path().join("cases/short-1/case.toml");
    let text = fs::read_to_string(&file).unwrap();
    let kept = text.lines().filter(|line| !line.starts_with("listing ="));
    let kept: Vec<&str> = kept.collect();
    fs::write(&file, kept.join("\n")).unwrap();
    assert!(may_be(shown(), "expected"));
}

#[test]
fn a_later_import_tells_what_moved_changed_came_and_went() {
    let suite = article();
    import(&suite).exits(0);
    import(&suite)
        .exits(0)
        .says("unchanged  article-1")
        .says("unchanged  article-4");
    let text = include_str!("../fixtures/article.md");
    fs::write(
        suite.path().join("article.md"),
        format!("A line more.\n\n{text}"),
    )
    .unwrap();
    import(&suite).exits(0).says("moved      article-3");
    let between = format!("```python\nprint(1)\n```\n\n{text}");
    fs::write(suite.path().join("article.md"), between).unwrap();
    import(&suite)
        .exits(0)
        .says("imported   article-6\n           listing 1,")
        .says("moved      article-1\n           listing 2,");
    fs::write(suite.path().join("article.md"), text).unwrap();
    import(&suite).exits(1).says("gone       article-6");
    suite.edit(
        "article.md",
        "newFixedThreadPool(2)",
        "newFixedThreadPool(3)",
    );
    let ran = import(&suite).exits(1).says("changed    article-4");
    assert!(
        ran.stdout.contains(&format!("was {}", LISTINGS[2])),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("newFixedThreadPool(3)")
            && ran.stdout.contains("newFixedThreadPool(2)"),
        "{}",
        ran.stdout
    );
    let source = suite
        .path()
        .join("cases/article-4/java/ThreadPoolExample.java");
    assert!(
        fs::read_to_string(source)
            .unwrap()
            .contains("newFixedThreadPool(2)")
    );
    fs::write(suite.path().join("article.md"), "```python\npass\n```\n").unwrap();
    import(&suite)
        .exits(1)
        .says("gone       article-4")
        .says("The cases have not changed.");
}

#[test]
fn two_articles_of_one_name_are_two_and_one_that_moves_stays_one() {
    let listing = |text: &str| format!("```python\n{text}\n```\n");
    let suite = Suite::of(&[
        ("one/README.md", &listing("print(1)")),
        ("two/README.md", &listing("print(2)")),
    ]);
    let import = |article: &str| {
        let repro = Repro::new().in_folder(suite.path());
        repro.args(["import", article]).run().exits(0)
    };
    import("one/README.md").says("imported   readme-1");
    import("two/README.md").says("imported   two-readme-1");
    import("one/README.md").says("unchanged  readme-1");
    import("two/README.md").says("unchanged  two-readme-1");
    fs::rename(suite.path().join("two"), suite.path().join("three")).unwrap();
    import("three/README.md").says("unchanged  two-readme-1");
}

#[test]
fn what_is_in_the_way_is_left_alone_and_nothing_else_is_written() {
    let suite = article();
    suite.write("cases/article-4/mine", "");
    import(&suite)
        .exits(2)
        .complains("cases/article-4 exists, and nothing is written over");
    assert!(!suite.path().join("cases/article-1").exists());
    assert!(!suite.path().join("cases/imports.toml").exists());
    suite.write("cases/imports.toml", "listing = 1\n");
    import(&suite)
        .exits(2)
        .complains("it is written by `repro import`");
}

#[test]
fn an_article_without_listings_is_refused() {
    let suite = Suite::of(&[("article.md", "# Nothing\n")]);
    import(&suite).exits(2).complains("no fenced listing");
    let suite = Suite::of(&[(
        "article.md",
        "```\nplain\n```\n\n```ruby\nputs 1\nputs 2\n```\n",
    )]);
    import(&suite)
        .exits(0)
        .says("listing 1, line 2\n           its fence names no language")
        .says("listing 2, lines 6-7\n           repro does not run `ruby`");
    assert!(!suite.path().join("cases").exists());
    let suite = Suite::of(&[("other.md", "")]);
    import(&suite).exits(2).complains("cannot read article.md");
}
