//! `repro why`: the cause, the line and what was seen of programs in the shape in which people post them.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::harness::{Ran, Repro, fixtures};
use super::needs::{here, left_out, needs};

fn why(args: &[&str]) -> Ran {
    Repro::new().arg("why").args(args.iter().copied()).run()
}

fn answer(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn the_answer_is_on_stdout_and_the_output_on_stderr_and_the_code_is_that_of_the_findings() {
    let ran = why(&["--format", "json", "--", "sh", "-c", "echo one; exit 7"]).exits(0);
    let answer = answer(&ran);
    assert_eq!(answer["evidence"]["exit"], "7");
    assert_eq!(answer["schema"], "repro-why/1");
    assert_eq!(ran.stderr, "one\n");
    // Nothing was seen from within, which is not the same as healthy.
    assert_eq!(answer["checked"].as_array().unwrap().len(), 0);
    assert_eq!(answer["not_checked"].as_array().unwrap().len(), 7);
}

#[test]
fn what_cannot_be_started_and_what_is_no_trace_is_said() {
    why(&["no-such-command"])
        .exits(3)
        .complains("cannot start no-such-command");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    why(&["--from", readme.to_str().unwrap()])
        .exits(2)
        .complains("is not what --keep-trace writes");
}

/// What a program of the fixtures is expected to show. `None` stands for a healthy one.
struct Expected {
    main: PathBuf,
    lasting: Option<String>,
    fault: Option<(String, String, String, u64)>,
}

/// The marks with which comments begin.
const COMMENTS: [&str; 2] = ["# ", "// "];

/// Reads `# expect: CAUSE CERTAINTY [FILE]` or `# expect: none`, `# for: TIME`, and the line that is marked `# <--`.
fn expected(path: &Path) -> Expected {
    let mains = ["main.py", "main.js", "main.go", "Main.java"].map(|name| path.join(name));
    let main = match path.is_dir() {
        true => mains.into_iter().find(|main| main.exists()).unwrap(),
        false => path.to_path_buf(),
    };
    let text = fs::read_to_string(&main).unwrap();
    let said = |key: &str| {
        let comments = text
            .lines()
            .filter_map(|line| COMMENTS.iter().find_map(|mark| line.strip_prefix(mark)));
        comments
            .filter_map(|comment| comment.strip_prefix(key))
            .map(str::to_owned)
            .next()
    };
    let words = said("expect: ").unwrap();
    let words: Vec<&str> = words.split(' ').collect();
    let fault = match words[..] {
        ["none"] => None,
        [cause, certainty, ..] => {
            let name = main.file_name().unwrap().to_str().unwrap();
            let file = words.get(2).map_or(name, |file| file);
            let text = fs::read_to_string(main.with_file_name(file)).unwrap();
            let at = text.lines().position(|line| line.ends_with(" <--"));
            let line = at.unwrap() as u64 + 1;
            Some((cause.into(), certainty.into(), file.into(), line))
        }
        _ => panic!("{}: {words:?}", main.display()),
    };
    Expected {
        lasting: said("for: "),
        main,
        fault,
    }
}

/// What runs a program: a compiler is told to, and may be given a whole module.
fn arguments(main: &Path) -> Vec<&std::ffi::OsStr> {
    let name = main.file_name().unwrap();
    match main.extension().is_some_and(|extension| extension == "go") {
        true if main.with_file_name("go.mod").exists() => vec!["run".as_ref(), ".".as_ref()],
        true => vec!["run".as_ref(), name],
        false => vec![name],
    }
}

/// The words that run a program. Sources of several files have to be compiled by whoever wrote them. Where programs are built
/// beforehand, `runtime` is their folder.
fn words(path: &Path, main: &Path, runtime: &Path, compiled: &Path) -> Vec<OsString> {
    if main.extension().is_some_and(|extension| extension == "rs") {
        return vec![runtime.join(main.file_stem().unwrap()).into()];
    }
    if !path.is_dir() || main.extension().is_none_or(|extension| extension != "java") {
        let own = arguments(main).into_iter().map(OsString::from);
        return std::iter::once(runtime.into()).chain(own).collect();
    }
    let compiler = runtime.with_file_name("javac");
    let mut args: Vec<OsString> = ["-d", compiled.to_str().unwrap(), "-sourcepath"]
        .map(OsString::from)
        .into();
    args.extend([path.into(), main.into()]);
    duct::cmd(compiler, args).run().unwrap();
    vec![
        runtime.into(),
        "-cp".into(),
        compiled.into(),
        main.file_stem().unwrap().into(),
    ]
}

/// What is wrong with the answer, if anything.
fn wrong(path: &Path, runtime: &Path) -> Option<String> {
    let expected = expected(path);
    let compiled = tempfile::tempdir().unwrap();
    let folder = expected.main.parent().unwrap();
    let mut repro = Repro::new()
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .in_folder(folder)
        .args(["why", "--format", "json"]);
    if let Some(lasting) = &expected.lasting {
        repro = repro.args(["--for", lasting]);
    }
    let ran = repro
        .arg("--")
        .args(words(path, &expected.main, runtime, compiled.path()))
        .run();
    let answer = answer(&ran);
    let findings = answer["findings"].as_array().unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let told = findings.iter().map(|f| {
        format!(
            "{} {} {}:{}",
            f["cause"], f["certainty"], f["file"], f["line"]
        )
    });
    let told: Vec<String> = told.collect();
    let is_right = match &expected.fault {
        None => findings
            .iter()
            .all(|finding| finding["certainty"] != "certain"),
        Some((cause, certainty, file, line)) => findings.first().is_some_and(|first| {
            // What a busy machine can have brought about is no certainty.
            let late = answer["evidence"]["late"].as_f64().unwrap_or(0.0);
            let is_sure = first["certainty"] == **certainty
                || late > 0.1 && first["certainty"] == "hint" && certainty == "certain";
            let is_cause = first["cause"] == **cause && is_sure;
            let extra = findings
                .iter()
                .skip(1)
                .any(|f| f["certainty"] == "certain" && f["cause"] != **cause);
            is_cause && first["file"] == **file && first["line"] == *line && !extra
        }),
    };
    (!is_right).then(|| {
        format!(
            "{name}: {told:?} instead of {:?}\n{}",
            expected.fault, ran.stderr
        )
    })
}

/// What is wrong again and again: a busy machine may hide a fault several times. A healthy program has one more try alone.
fn still_wrong(is_sick: bool, once: impl FnMut() -> Option<String>) -> Option<String> {
    let tries = if is_sick { 4 } else { 2 };
    let all: Option<Vec<String>> = std::iter::repeat_with(once).take(tries).collect();
    all.and_then(|mut tries| tries.pop())
}

/// The programs of a folder, each observed on its own; two at a time.
fn all_wrong(programs: &[PathBuf], runtime: &Path) -> Vec<String> {
    let halves = programs.chunks(programs.len().div_ceil(2));
    thread::scope(|scope| {
        let running: Vec<_> = halves
            .map(|half| {
                scope.spawn(move || {
                    let still = |path: &PathBuf| {
                        let is_sick = expected(path).fault.is_some();
                        still_wrong(is_sick, || wrong(path, runtime))
                    };
                    half.iter().filter_map(still).collect::<Vec<_>>()
                })
            })
            .collect();
        running
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect()
    })
}

#[test]
fn programs_as_people_post_them_are_explained_and_healthy_ones_are_left_alone() {
    let runtime = needs!(here("python"));
    let entries = fs::read_dir(fixtures("why/python")).unwrap();
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    programs.retain(|path| path.file_name().is_some_and(|name| name != "__pycache__"));
    programs.sort();
    assert!(programs.len() >= 50, "{}", programs.len());
    let wrong = all_wrong(&programs, runtime);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_for_node() {
    let runtime = needs!(here("javascript"));
    let entries = fs::read_dir(fixtures("why/javascript")).unwrap();
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    programs.sort();
    assert!(programs.len() >= 30, "{}", programs.len());
    let wrong = all_wrong(&programs, runtime);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_for_go() {
    let runtime = needs!(here("go"));
    let entries = fs::read_dir(fixtures("why/go")).unwrap();
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    programs.sort();
    assert!(programs.len() >= 50, "{}", programs.len());
    let wrong = all_wrong(&programs, runtime);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Builds a package as its author would, and says where its programs are.
fn build(manifest: &Path) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("why");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    duct::cmd!(
        cargo,
        "build",
        "--locked",
        "--quiet",
        "--manifest-path",
        manifest
    )
    .env("CARGO_TARGET_DIR", &target)
    .run()
    .unwrap();
    target.join("debug")
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_same_for_rust() {
    needs!(here("rust"));
    let package = fixtures("why/rust");
    let built = build(&package.join("Cargo.toml"));
    let entries = fs::read_dir(package.join("src/bin")).unwrap();
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    programs.sort();
    assert!(programs.len() >= 29, "{}", programs.len());
    let wrong = all_wrong(&programs, &built);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The built-in programs in Rust that show a pitfall.
const BUILT_IN_RUST: &[(&str, &str, &str)] = &[
    ("blocking-call--join-blocking", "stall", "certain"),
    ("blocking-call--join-many-threads", "stall", "certain"),
    ("blocking-io--std-net", "stall", "certain"),
    ("sequential-await--await-each", "sequential", "hint"),
    ("sequential-await--made-first", "sequential", "hint"),
];

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_same_for_the_built_in_programs_in_rust() {
    needs!(here("rust"));
    let origin = serve();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = build(&root.join("cases/_rust/Cargo.toml"));
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(&built).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.contains("--") || path.extension().is_some() || path.is_dir() {
            continue;
        }
        seen += 1;
        let known = BUILT_IN_RUST.iter().find(|(program, ..)| *program == name);
        // Their pools of two are what their cases are about, and may be told or not.
        let may = ["io-pool--blocking-pool", "fixed-pool--two-threads"].contains(&name.as_str());
        let once = || {
            let ran = Repro::new()
                .env("REPRO_STAND_IN", &origin)
                .args(["why", "--format", "json", "--"])
                .arg(&path)
                .run();
            let answer = answer(&ran);
            let findings = answer["findings"].as_array().unwrap();
            let first = findings.first();
            let is_first = |cause: &str, certainty: &str| {
                first.is_some_and(|f| f["cause"] == *cause && f["certainty"] == *certainty)
            };
            let is_right = match known {
                Some((_, cause, certainty)) => is_first(cause, certainty),
                None => may || findings.iter().all(|f| f["certainty"] != "certain"),
            };
            (!is_right).then(|| format!("{name}: {findings:?}\n{}", ran.stderr))
        };
        wrong.extend(still_wrong(known.is_some(), once));
    }
    assert!(seen >= 25, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn built_in_programs_of_go_have_no_finding_that_is_certain() {
    let runtime = needs!(here("go"));
    let origin = serve();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/article");
    let mut wrong = Vec::new();
    for folder in fs::read_dir(&cases).unwrap() {
        let folder = folder.unwrap().path().join("go");
        for program in fs::read_dir(&folder).into_iter().flatten() {
            let path = program.unwrap().path();
            let text = fs::read_to_string(&path).unwrap_or_default();
            // Modules beside the standard library would have to be fetched.
            if text.is_empty() || text.contains("golang.org/x/") {
                continue;
            }
            let ran = Repro::new()
                .env("REPRO_STAND_IN", &origin)
                .args(["why", "--format", "json", "--"])
                .arg(runtime)
                .arg("run")
                .arg(&path)
                .run();
            let answer = answer(&ran);
            let findings = answer["findings"].as_array().unwrap();
            let is_seen = answer["not_checked"].as_array().unwrap().len() == 1;
            if !is_seen || findings.iter().any(|f| f["certainty"] == "certain") {
                wrong.push(format!("{}: {findings:?}\n{}", path.display(), ran.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_for_java() {
    let runtime = needs!(here("java"));
    let entries = fs::read_dir(fixtures("why/java")).unwrap();
    let mut programs: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    programs.sort();
    assert!(programs.len() >= 35, "{}", programs.len());
    let wrong = all_wrong(&programs, runtime);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the built-in programs ask of: `/page` after 800 ms, `/data1` fails after 100 ms, and `/data2` is there after 500 ms.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || respond(stream));
        }
    });
    origin
}

fn respond(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    while lines
        .next()
        .and_then(Result::ok)
        .is_some_and(|line| !line.is_empty())
    {}
    let (status, after) = match first.split(' ').nth(1) {
        Some("/data1") => ("500 Broken", 100),
        Some("/data2") => ("200 OK", 500),
        _ => ("200 OK", 800),
    };
    thread::sleep(Duration::from_millis(after));
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    );
}

/// The built-in programs that show a pitfall: the first finding. All others have none that is certain.
const BUILT_IN: &[(&str, &str, &str)] = &[
    ("blocking-call/python/blocking_call.py", "stall", "certain"),
    ("blocking-call/python/swapped.py", "stall", "certain"),
    ("blocking-io/python/urlopen.py", "stall", "certain"),
    ("blocking-io/python/file.py", "stall", "certain"),
    ("fixed-pool/python/two_threads.py", "pool", "certain"),
    ("io-pool/python/default_executor.py", "pool", "certain"),
    ("fail-fast/python/gather.py", "failfast", "certain"),
    (
        "sequential-await/python/await_each.py",
        "sequential",
        "hint",
    ),
    (
        "sequential-await/python/made_first.py",
        "sequential",
        "hint",
    ),
    ("blocking-call/java/OneThread.java", "pool", "hint"),
    ("blocking-io/java/OneThread.java", "pool", "hint"),
    ("fixed-pool/java/OneThread.java", "pool", "hint"),
    ("fixed-pool/java/ThreadPoolExample.java", "pool", "certain"),
    ("fixed-pool/java/UnboundedQueue.java", "pool", "certain"),
    ("io-pool/java/FixedPool.java", "pool", "certain"),
    ("sequential-await/java/GetEach.java", "sequential", "hint"),
];

/// Those of which two causes are a name, or that are about what is none of the causes.
const BUILT_IN_THAT_MAY: &[&str] = &[
    // Main ends while a sibling is at work.
    "fail-fast/python/main_returns.py",
    "fail-fast/java/AllOf.java",
    "fail-fast/java/CompletableCancel.java",
    "fail-fast/java/SubmitAndForget.java",
];

#[test]
fn the_built_in_programs_have_the_findings_that_their_cases_are_about() {
    let wrong = wrong_built_in("python", "py", needs!(here("python")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_for_the_built_in_programs_in_java() {
    let wrong = wrong_built_in("java", "java", needs!(here("java")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The built-in programs of a language whose first finding is another one.
fn wrong_built_in(language: &str, extension: &str, runtime: &Path) -> Vec<String> {
    let origin = serve();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/article");
    let mut wrong = Vec::new();
    for folder in fs::read_dir(&cases).unwrap() {
        let folder = folder.unwrap().path().join(language);
        for program in fs::read_dir(&folder).into_iter().flatten() {
            let path = program.unwrap().path();
            if path.extension().is_none_or(|of| of != extension) {
                continue;
            }
            let name = path.strip_prefix(&cases).unwrap().to_str().unwrap();
            let known = BUILT_IN.iter().find(|(program, ..)| *program == name);
            let once = || {
                let (first, ran) = first_finding(&path, runtime, &origin);
                let is_right = match known {
                    Some((_, cause, certainty)) => first == [*cause, *certainty],
                    None => BUILT_IN_THAT_MAY.contains(&name) || first[1] != "certain",
                };
                (!is_right).then(|| format!("{name}: {first:?}\n{}", ran.stderr))
            };
            wrong.extend(still_wrong(known.is_some(), once));
        }
    }
    wrong
}

/// The cause and certainty of the first finding about a built-in program; empty if there is none.
fn first_finding(path: &Path, runtime: &Path, origin: &str) -> ([String; 2], Ran) {
    // Some of them leave files behind, which others of the same name would trip over.
    let work = tempfile::tempdir().unwrap();
    let ran = Repro::new()
        .env("REPRO_STAND_IN", origin)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .in_folder(work.path())
        .args(["why", "--format", "json", "--"])
        .arg(runtime)
        .arg(path)
        .run();
    let first = answer(&ran)["findings"][0].clone();
    let word = |of: &str| first[of].as_str().unwrap_or_default().to_owned();
    ([word("cause"), word("certainty")], ran)
}

/// The agent's jar is what its sources give.
#[test]
fn the_jar_of_the_agent_is_built_from_the_sources_beside_it() {
    let runtime = needs!(here("java"));
    let compiler = runtime.with_file_name("javac");
    let version = duct::cmd!(&compiler, "-version").stderr_to_stdout().read();
    if !version.unwrap().starts_with("javac 17.") {
        return left_out("no JDK 17 here");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/toolchain/probes/java");
    let home = compiler.parent().unwrap().parent().unwrap();
    let check = duct::cmd!(folder.join("build.sh"), "--check").env("JAVA_HOME", home);
    check.run().unwrap();
}

/// What a JVM says of the variable that loads the agent is no output of the program's.
#[test]
fn what_a_runtime_says_of_our_variables_is_left_out_and_what_it_says_of_the_users_stays() {
    let runtime = needs!(here("java"));
    let run = |own: Option<&str>| {
        let mut repro = Repro::new().in_folder(&fixtures("why/java"));
        if let Some(own) = own {
            repro = repro.env("JAVA_TOOL_OPTIONS", own);
        }
        let ran = repro.args(["why", "--"]).arg(runtime);
        ran.arg("ok_plain_steps.java").run().stderr
    };
    assert_eq!(run(None), "step 4\n");
    let own = "Picked up JAVA_TOOL_OPTIONS: -Down=1\n";
    assert_eq!(run(Some("-Down=1")), format!("{own}step 4\n"));
}

/// What a program prints, with its tracebacks and warnings, is the same with and without a probe.
#[test]
fn a_program_prints_the_same_with_a_probe() {
    let runtime = needs!(here("python"));
    let folder = fixtures("why/python");
    for program in [
        "sick_gather_fails_and_ends.py",
        "sick_never_awaited.py",
        "ok_multiprocessing.py",
    ] {
        let plain = duct::cmd(runtime, [program])
            .dir(&folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stderr_to_stdout();
        let plain = plain.stdout_capture().unchecked().run().unwrap();
        let plain = String::from_utf8(plain.stdout).unwrap();
        let ran = Repro::new()
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .in_folder(&folder)
            .args(["why", "--"])
            .arg(runtime)
            .arg(program)
            .run();
        assert_eq!(ran.stderr, plain, "{program}");
    }
}
