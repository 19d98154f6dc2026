use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::model::case::{Case, Program};

const SOUND: &str = r#"
schema = 1
title  = "A program that prints"
claim  = "it prints"
[events]
done = "done"
[behaviours.quiet]
expect = [ { never = "done" } ]
[behaviours.prints]
expect = [ { count = { done = 1 } } ]
[programs.python.listing]
path  = "python/x.py"
shows = "prints"
[programs.bash.echo]
path  = "x.sh"
shows = "prints"
"#;

/// A folder of cases, thrown away at the end of a test.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place {
            root: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Place {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// Adds a sound case.
    fn case(&self, name: &str) -> &Place {
        self.write(&format!("{name}/case.toml"), SOUND)
            .write(&format!("{name}/python/x.py"), "print('done')\n")
            .write(&format!("{name}/x.sh"), "echo done\n")
    }

    fn origin(&self) -> SuiteOrigin {
        suite_origin(Some(self.root.path()), Path::new("/"), &Trust::default()).unwrap()
    }

    fn cases(&self) -> Result<Suite, Vec<DiscoverError>> {
        cases(&self.origin(), &self.path("_cache"))
    }

    /// What is wrong with it, one error a line.
    fn errors(&self) -> String {
        let broken = |suite: Suite| suite.broken.into_iter().flat_map(|case| case.errors);
        let errors = self
            .cases()
            .map_or_else(|errors| errors, |suite| broken(suite).collect());
        assert!(!errors.is_empty(), "nothing is wrong");
        for error in &errors {
            assert!(error.render(false).starts_with("error: "), "{error:?}");
        }
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let root = self.root.path().to_string_lossy().into_owned();
        lines.join("\n").replace(&root, "ROOT")
    }
}

#[test]
fn cases_are_found_in_the_order_of_their_names() {
    let place = Place::new();
    place.case("b").case("a").case("_draft").case(".hidden");
    place.write("notes/readme.md", "").write("readme.md", "");
    let suite = place.cases().unwrap();
    let names: Vec<&str> = suite.cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(suite.cases[0].folder, place.path("a"));
}

#[test]
fn every_problem_of_every_case_is_listed() {
    let place = Place::new();
    place.case("ok").case("a").case("b").case("c");
    place.write("a/case.toml", SOUND.replace("title ", "titel "));
    place.write(
        "b/case.toml",
        SOUND
            .replace("x.sh", "gone.sh")
            .replace("schema = 1", "schema = 2"),
    );
    place.write("c/case.toml", b"schema = 1\n\xff");
    assert_eq!(
        place.errors(),
        "ROOT/a/case.toml:1: `title` is missing\n\
         ROOT/a/case.toml:3: unknown key `titel`\n\
         ROOT/b/case.toml:2: this version of repro reads case files of schema 1\n\
         ROOT/b/case.toml:15: cannot read `gone.sh`: it is not there\n\
         ROOT/c/case.toml:2: not UTF-8: save the file in that encoding"
    );
}

#[test]
fn a_broken_case_is_set_aside_and_the_others_stay_usable() {
    let place = Place::new();
    place.case("ok").case("bad").case("also-bad");
    for bad in ["bad", "also-bad"] {
        place.write(&format!("{bad}/case.toml"), "schema = 1\n");
    }
    let suite = place.cases().unwrap();
    let sound: Vec<&str> = suite.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(sound, ["ok"]);
    let named = |pattern: &str| -> Vec<String> {
        let patterns = [pattern.to_string()];
        let broken = suite.broken_named(&patterns);
        broken.map(|case| case.name.clone()).collect()
    };
    assert_eq!(named("all"), ["also-bad", "bad"]);
    assert_eq!(named("*/python"), ["also-bad", "bad"]);
    assert_eq!(named("bad/python/x"), ["bad"]);
    assert!(named("ok").is_empty());
    // A broken case is no unknown one, and its programs cannot be known.
    assert_eq!(select(&suite, &["bad/python".into()]), Ok(Vec::new()));
    assert!(select(&suite, &["bda".into()]).is_err());
}

#[test]
fn a_folder_without_cases_is_an_error() {
    let place = Place::new();
    assert!(
        place
            .errors()
            .contains("no cases in ROOT: a case is a folder")
    );
    place.case("a");
    let inside = suite_origin(Some(&place.path("a")), Path::new("/"), &Trust::default()).unwrap();
    let error = cases(&inside, &place.path("_cache")).unwrap_err();
    assert!(
        error[0].to_string().contains("give the folder above"),
        "{error:?}"
    );
    let gone = suite_origin(Some(&place.path("gone")), Path::new("/"), &Trust::default()).unwrap();
    let error = cases(&gone, &place.path("_cache")).unwrap_err();
    assert!(
        error[0].to_string().ends_with("gone: it is not there"),
        "{error:?}"
    );
}

#[test]
fn cases_may_be_numbered() {
    let place = Place::new();
    place.case("01-first").case("404");
    let suite = place.cases().unwrap();
    let names: Vec<&str> = suite.cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, ["01-first", "404"]);
}

#[test]
fn cases_of_a_collection_come_after_those_of_none_and_are_selected_by_its_name() {
    let place = Place::new();
    place
        .case("own")
        .case("atlas/ticks")
        .case("atlas/all-at-once");
    // A folder that holds no case is no collection.
    place.write("notes/deep/er/case.toml", SOUND);
    let suite = place.cases().unwrap();
    let found = |of: &[Case]| -> Vec<String> {
        let name = |case: &Case| format!("{:?}/{}", case.collection, case.name);
        of.iter().map(name).collect()
    };
    let atlas = ["Some(\"atlas\")/all-at-once", "Some(\"atlas\")/ticks"];
    assert_eq!(found(&suite.cases), ["None/own", atlas[0], atlas[1]]);
    let selected = select(&suite, &["atlas".into()]).unwrap();
    let cases: Vec<usize> = selected.iter().map(|program| program.case).collect();
    assert_eq!(cases, [1, 1, 2, 2]);
    assert_eq!(
        select(&suite, &["ticks/bash".into()]).unwrap(),
        [Selected {
            case: 2,
            program: 1
        }]
    );
    let error = select(&suite, &["atlsa".into()]).unwrap_err();
    assert!(error[0].to_string().ends_with("did you mean `atlas`?"));
    // One name means one case, or one collection.
    place.case("more/Ticks").case("more/atlas");
    let errors = place.errors();
    for pair in [
        "ROOT/atlas/ticks and ROOT/more/Ticks",
        "ROOT/atlas and ROOT/more/atlas",
    ] {
        let wanted = format!("{pair} have one name");
        assert!(errors.contains(&wanted), "{wanted}\n{errors}");
    }
}

#[test]
fn names_that_cannot_be_are_named() {
    let place = Place::new();
    place
        .case("same")
        .case("SAME")
        .case("all")
        .case("ünï\nx")
        .case("a b")
        .case("-a")
        .case("🦀")
        .case("\u{202e}case")
        .case(&"a".repeat(250));
    let errors = place.errors();
    let long = format!("ROOT/{} cannot be a case", "a".repeat(250));
    for part in [
        &long,
        "ROOT/🦀 cannot be a case",
        "ROOT/\\u{202e}case cannot be a case",
        "ROOT/SAME and ROOT/same have one name, if letter case is ignored",
        "ROOT/all cannot be a case",
        "ROOT/ünï\\nx cannot be a case",
        "ROOT/a b cannot be a case",
        "ROOT/-a cannot be a case",
    ] {
        assert!(errors.contains(part), "{part}\n{errors}");
    }
}

#[test]
fn a_program_stays_within_its_case() {
    let place = Place::new();
    place.case("a").write("secret.txt", "secret");
    fs::remove_file(place.path("a/x.sh")).unwrap();
    symlink("../secret.txt", place.path("a/x.sh")).unwrap();
    assert!(
        place
            .errors()
            .contains("`x.sh` is a symbolic link that leads out of the case")
    );
    fs::remove_file(place.path("a/x.sh")).unwrap();
    symlink("python/x.py", place.path("a/x.sh")).unwrap();
    assert!(place.cases().is_ok(), "a link within the case is sound");
}

#[test]
fn what_is_no_regular_file_is_named_and_never_opened() {
    let place = Place::new();
    place.case("a");
    let (script, program) = (place.path("a/x.sh"), place.path("a/python/x.py"));
    for (kind, make) in [
        ("a named pipe", (&|| fifo(&script)) as &dyn Fn()),
        ("a folder", &|| fs::create_dir(&script).unwrap()),
        ("its symbolic links run in a loop", &|| {
            symlink("x.sh", &script).unwrap();
        }),
    ] {
        fs::remove_file(&script)
            .or_else(|_| fs::remove_dir(&script))
            .unwrap();
        make();
        let errors = place.errors();
        assert!(errors.starts_with("ROOT/a/case.toml:15: "), "{errors}");
        assert!(errors.contains(kind), "{errors}");
    }
    fs::remove_file(&program).unwrap();
    symlink("/dev/zero", &program).unwrap();
    assert!(place.errors().contains("leads out of the case"));
}

#[test]
fn a_case_file_that_is_no_file_is_named() {
    let place = Place::new();
    fs::create_dir_all(place.path("pipe")).unwrap();
    fifo(&place.path("pipe/case.toml"));
    fs::create_dir_all(place.path("folder/case.toml")).unwrap();
    fs::create_dir_all(place.path("link")).unwrap();
    symlink("gone", place.path("link/case.toml")).unwrap();
    symlink("loop", place.path("loop")).unwrap();
    place.write("large/case.toml", vec![b'#'; 2 << 20]);
    assert_eq!(
        place.errors(),
        "cannot read ROOT/loop/case.toml: its symbolic links run in a loop\n\
         cannot read ROOT/folder/case.toml: it is a folder, not a regular file\n\
         cannot read ROOT/large/case.toml: it is larger than 1024 KiB\n\
         cannot read ROOT/link/case.toml: it is not there\n\
         cannot read ROOT/pipe/case.toml: it is a named pipe, not a regular file"
    );
}

#[test]
fn a_program_has_a_greatest_size() {
    let place = Place::new();
    place.case("a").write("a/x.sh", vec![b'#'; (1 << 20) + 1]);
    assert!(
        place
            .errors()
            .contains("`x.sh`: it is larger than 1024 KiB")
    );
    place.write("a/x.sh", vec![b'#'; 1 << 20]);
    assert!(place.cases().is_ok());
}

#[test]
fn a_listing_is_the_published_one_or_a_problem() {
    let place = Place::new();
    let sum = "sha256:5998c7b9d46a3f7a8b0e2b0d2bb1d6c3bd3f5b5f2d4a0a3f4a2f3cf2b9d1c0aa";
    let listed = |sum: &str| {
        SOUND.replace(
            "path  = \"x.sh\"",
            &format!("path = \"x.sh\"\nlisting = \"{sum}\""),
        )
    };
    place.case("a").write("a/case.toml", listed(sum));
    let errors = place.cases().unwrap_err();
    let [DiscoverError::Problem(problem)] = errors.as_slice() else {
        panic!("{errors:?}");
    };
    assert_eq!(problem.text[problem.span.clone()], format!("\"{sum}\""));
    let found = problem.message.rsplit(' ').next().unwrap();
    place.write("a/case.toml", listed(&format!("sha256:{found}")));
    assert!(place.cases().is_ok());
    place.write("a/x.sh", "echo done\r\n");
    assert!(place.errors().contains("is not the published listing"));
}

#[test]
fn an_unreadable_folder_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.case("a").case("b");
    let mode =
        |mode| fs::set_permissions(place.path("a"), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o000);
    // The superuser reads everything.
    if fs::read_dir(place.path("a")).is_err() {
        assert!(place.errors().contains("permission denied"));
    }
    mode(0o755);
}

#[test]
fn the_nearest_settings_name_the_folder() {
    let place = Place::new();
    place
        .case("mine/a")
        .write("sub/deep/x", "")
        .case("sub/cases/b");
    let from = |folder: &str| suite_origin(None, &place.path(folder), &Trust::default());
    let phrase = |folder| from(folder).unwrap().to_string();
    assert_eq!(phrase("sub/deep"), "built in");
    assert_eq!(phrase("sub"), "./cases");
    place.write("repro.toml", "cases = \"mine\"\n");
    let settings = place.path("repro.toml");
    let named = format!("(named by {})", settings.display());
    assert_eq!(phrase(""), format!("./mine {named}"));
    assert_eq!(
        phrase("sub"),
        format!("{} {named}", place.path("mine").display())
    );
    place.write("sub/repro.toml", "# nothing\n");
    assert_eq!(phrase("sub"), "./cases");
    place.write("sub/repro.toml", "case = \"x\"\n");
    let errors = from("sub/deep").unwrap_err();
    assert!(
        errors[0]
            .to_string()
            .ends_with("repro.toml:1: unknown key `case`"),
        "{errors:?}"
    );
    let flag = suite_origin(Some(Path::new("mine")), &place.path(""), &Trust::default()).unwrap();
    assert_eq!(flag.to_string(), "mine");
    assert_eq!(cases(&flag, &place.path("_cache")).unwrap().cases.len(), 1);
}

#[test]
fn the_built_in_cases_are_those_of_this_repository() {
    let cache = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |from: &SuiteOrigin| -> Vec<String> {
        let suite = cases(from, cache.path()).unwrap_or_else(|errors| {
            let shown: Vec<String> = errors.iter().map(|e| e.render(false)).collect();
            panic!("{}", shown.join("\n"))
        });
        let programs = |case: &Case| case.programs.iter().map(Program::name).collect::<String>();
        let cases = suite.cases.iter();
        cases
            .map(|case| format!("{} {}", case.name, programs(case)))
            .collect()
    };
    let own = suite_origin(Some(Path::new("cases")), here, &Trust::default()).unwrap();
    assert_eq!(names(&own), names(&SuiteOrigin::BuiltIn));
    assert!(
        built_in::embedded()
            .keys()
            .all(|name| !name.starts_with(['_', '.']))
    );
}

#[test]
fn an_empty_folder_of_that_name_is_not_chosen() {
    let place = Place::new();
    fs::create_dir_all(place.path("cases/notes")).unwrap();
    assert_eq!(
        suite_origin(None, &place.path(""), &Trust::default()),
        Ok(SuiteOrigin::BuiltIn)
    );
    let other = Place::new();
    other.write("cases", "a file");
    assert_eq!(
        suite_origin(None, &other.path(""), &Trust::default()),
        Ok(SuiteOrigin::BuiltIn)
    );
}

fn suite() -> Suite {
    let place = Place::new();
    place.case("blocking-call").case("pool").cases().unwrap()
}

fn selected(patterns: &[&str]) -> Result<Vec<String>, String> {
    let suite = suite();
    let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    let name = |s: &Selected| {
        let case = &suite.cases[s.case];
        format!("{}/{}", case.name, case.programs[s.program].name())
    };
    match select(&suite, &patterns) {
        Ok(found) => Ok(found.iter().map(name).collect()),
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Err(lines.join("\n"))
        }
    }
}

#[test]
fn programs_are_selected_once_and_in_the_order_of_the_suite() {
    let all = [
        "blocking-call/python/listing",
        "blocking-call/bash/echo",
        "pool/python/listing",
        "pool/bash/echo",
    ];
    let rows: [(&[&str], &[usize]); 7] = [
        (&["all"], &[0, 1, 2, 3]),
        (&["pool"], &[2, 3]),
        (&["pool/bash"], &[3]),
        (&["pool/python/listing", "blocking-call"], &[0, 1, 2]),
        (&["*/python"], &[0, 2]),
        (&["*/*/e*o", "pool", "pool"], &[1, 2, 3]),
        (&["b*"], &[0, 1]),
    ];
    for (patterns, wanted) in rows {
        let wanted: Vec<String> = wanted.iter().map(|&i| all[i].to_string()).collect();
        assert_eq!(selected(patterns).unwrap(), wanted, "{patterns:?}");
    }
}

#[test]
fn patterns_that_match_nothing_are_all_named() {
    let error = selected(&["pol", "pool", "pool/pyton", "*/ruby"]).unwrap_err();
    assert_eq!(
        error.lines().take(2).collect::<Vec<_>>(),
        [
            "no program matches `pol`: did you mean `pool`?",
            "no program matches `pool/pyton`: did you mean `pool/python`?",
        ]
    );
    assert!(
        error
            .lines()
            .nth(2)
            .unwrap()
            .starts_with("no program matches `*/ruby`: ")
    );
    assert!(selected(&[]).unwrap_err().contains("nothing is selected"));
}

#[test]
fn a_fragment_or_a_slip_in_any_segment_is_answered_with_what_fits() {
    let rows = [
        (
            "python",
            "`'*/python'` (blocking-call/python/listing, pool/python/listing)",
        ),
        (
            "listing",
            "`'*/*/listing'` (blocking-call/python/listing, pool/python/listing)",
        ),
        (
            "echo",
            "`'*/*/echo'` (blocking-call/bash/echo, pool/bash/echo)",
        ),
        ("blocking", "`blocking-call`"),
        ("pool/listing", "`pool/python/listing`"),
        ("pool/python/list", "`pool/python/listing`"),
        ("pool/bsah/ecko", "`pool/bash/echo`"),
        (
            "*/pyhton",
            "`'*/python'` (blocking-call/python/listing, pool/python/listing)",
        ),
    ];
    for (pattern, wanted) in rows {
        let error = selected(&[pattern]).unwrap_err();
        assert_eq!(
            error,
            format!("no program matches `{pattern}`: did you mean {wanted}?")
        );
    }
    let stranger = selected(&["cobol"]).unwrap_err();
    assert!(
        stranger.ends_with("there is `blocking-call`, `pool`, `all`"),
        "{stranger}"
    );
}

#[test]
fn what_is_not_among_ones_own_cases_is_looked_up_among_the_built_in_ones() {
    let place = Place::new();
    place.case("cases/mine").case("cases/fixed-pool");
    let read = |from: &SuiteOrigin| cases(from, &place.path("_cache")).unwrap();
    let origin = |flag| suite_origin(flag, &place.path(""), &Trust::default()).unwrap();
    let suite = read(&origin(None));
    let selected = |pattern: &str| -> Vec<String> {
        let selected = select(&suite, &[pattern.to_string()]).unwrap();
        let name =
            |s: &Selected| format!("{} {}", suite.cases[s.case].name, suite.is_built_in(s.case));
        let mut names: Vec<String> = selected.iter().map(name).collect();
        names.dedup();
        names
    };
    assert_eq!(selected("all"), ["fixed-pool false", "mine false"]);
    assert_eq!(selected("*/python"), ["fixed-pool false", "mine false"]);
    assert_eq!(selected("blocking-call"), ["blocking-call true"]);
    // A name of one's own wins, and it is known that it does.
    assert_eq!(selected("fixed-pool"), ["fixed-pool false"]);
    assert_eq!(suite.replacing, ["fixed-pool"]);
    // A folder that was asked for stands alone, and so do the built-in cases.
    let alone = read(&origin(Some(Path::new("cases"))));
    assert_eq!((alone.cases.len(), alone.own), (2, 2));
    let built_in = read(&origin(Some(Path::new("built-in"))));
    assert!((0..built_in.cases.len()).all(|at| built_in.is_built_in(at)));
    assert!(select(&built_in, &["mine".into()]).is_err());
}

#[test]
fn a_copy_of_a_built_in_case_replaces_nothing() {
    let place = Place::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    symlink(here.join("cases"), place.path("cases")).unwrap();
    let from = suite_origin(None, &place.path(""), &Trust::default()).unwrap();
    let suite = cases(&from, &place.path("_cache")).unwrap();
    assert_eq!(suite.replacing, [""; 0]);
    assert_eq!(suite.own, suite.cases.len());
}

fn fifo(path: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, 0o600.into()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_settings_can_stop_it(text in "(cases = )?[\"'a-z=\\[\\]\n.0é]{0,12}") {
        let place = Place::new();
        place.write("repro.toml", text);
        let _ = suite_origin(None, &place.path(""), &Trust::default());
    }
}

#[test]
fn what_belongs_to_somebody_else_tells_us_nothing_unless_that_is_trusted() {
    if !rustix::process::geteuid().is_root() {
        return crate::left_out::left_out("files of another user: this one may not give them away");
    }
    let place = Place::new();
    place.case("mine/a");
    place.write("repro.toml", "cases = \"mine\"\n");
    let (settings_file, folder, here) =
        (place.path("repro.toml"), place.path("mine"), place.path(""));
    let origin = |trust: &Trust| suite_origin(None, &here, trust);
    let refused = |trust: &Trust| match origin(trust) {
        Err(problems) => problems[0].to_string(),
        Ok(origin) => panic!("{origin}"),
    };
    let nobody = Some(12_345);
    let trust = Trust::in_folders(std::slice::from_ref(&here), None).unwrap();
    let servant = Trust::in_folders(&[], nobody).unwrap();
    for foreign in [&settings_file, &folder] {
        assert!(origin(&Trust::default()).is_ok());
        std::os::unix::fs::chown(foreign, nobody, None).unwrap();
        let said = refused(&Trust::default());
        let start = format!(
            "{} belongs to another user, with the number 12345",
            foreign.display()
        );
        assert!(said.starts_with(&start), "{said}");
        assert!(said.contains("--trust"), "{said}");
        assert!(origin(&trust).is_ok() && origin(&servant).is_ok());
        std::os::unix::fs::chown(foreign, Some(0), None).unwrap();
    }
    // A link of somebody else's leads where he wants it to.
    fs::rename(&folder, place.path("real")).unwrap();
    symlink("real", &folder).unwrap();
    assert!(origin(&Trust::default()).is_ok());
    std::os::unix::fs::lchown(&folder, nobody, None).unwrap();
    assert!(refused(&Trust::default()).contains("belongs to another user"));
    assert!(Trust::in_folders(&[place.path("gone")], None).is_err());
}

#[test]
fn a_case_or_a_program_of_somebody_elses_is_set_aside_and_the_others_stay() {
    if !rustix::process::geteuid().is_root() {
        return crate::left_out::left_out("files of another user: this one may not give them away");
    }
    let place = Place::new();
    place.case("mine");
    place.case("theirs");
    let origin = SuiteOrigin::Folder {
        folder: place.path(""),
        shown: String::new(),
        settings: None,
        alone: true,
    };
    let cache = tempfile::tempdir().unwrap();
    let found = |trust: &Trust| cases(&origin, cache.path()).unwrap().trusted_by(trust);
    let names = |suite: &Suite| suite.cases.iter().map(|case| case.name.clone()).collect();
    let nobody = Some(12_345);
    for part in ["", "/case.toml", "/python", "/python/x.py"] {
        let foreign = place.path(&format!("theirs{part}"));
        std::os::unix::fs::chown(&foreign, nobody, None).unwrap();
        let suite = found(&Trust::default()).unwrap();
        let left: Vec<String> = names(&suite);
        assert_eq!((left, suite.own), (vec!["mine".to_string()], 1), "{part}");
        assert_eq!(suite.broken.len(), 1);
        let said = suite.broken[0].errors[0].to_string();
        assert!(said.contains("belongs to another user"), "{said}");
        let trusting = Trust::in_folders(&[place.path("theirs")], None).unwrap();
        assert_eq!(found(&trusting).unwrap().cases.len(), 2);
        std::os::unix::fs::chown(&foreign, Some(0), None).unwrap();
    }
    for folder in ["mine", "theirs"] {
        std::os::unix::fs::chown(place.path(folder), nobody, None).unwrap();
    }
    assert_eq!(found(&Trust::default()).unwrap_err().len(), 2);
}
