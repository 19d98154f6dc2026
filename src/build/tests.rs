use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::clock::Clock;
use crate::left_out::{left_out, needs};
use crate::model::toolchain::Toolchain;
use crate::process::{Stop, tool};
use crate::progress::{Listener, Progress};
use crate::toolchain::{Found, Surroundings, default_for};

/// A folder for sources and one for the cache, and what the listener heard.
struct Bench {
    folder: tempfile::TempDir,
    surroundings: Surroundings,
    heard: Mutex<Vec<String>>,
}

impl Listener for Bench {
    fn on(&self, progress: &Progress) {
        self.heard.lock().unwrap().push(format!("{progress:?}"));
    }
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let mut surroundings = Surroundings::current(Clock::Real);
        let cache = folder.path().join("cache");
        surroundings.vars.insert("REPRO_CACHE".into(), cache.into());
        Bench {
            folder,
            surroundings,
            heard: Mutex::default(),
        }
    }

    /// The toolchain installed here; its absence is said, and ends the test.
    fn toolchain(&self, language: &str) -> Option<Toolchain> {
        match default_for(language, &self.surroundings) {
            Found::Toolchain(toolchain) => Some(toolchain),
            other @ (Found::Missing { .. } | Found::Broken { .. }) => {
                left_out(&format!("no {language} here: {other:?}"));
                None
            }
        }
    }

    /// A shell script in place of a toolchain's binaries.
    fn fake(&self, language: &str, binaries: &[(&str, &str)]) -> Toolchain {
        let bin = self.folder.path().join("fake");
        fs::create_dir_all(&bin).unwrap();
        for (name, text) in binaries {
            fs::write(bin.join(name), format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        Toolchain {
            language: language.into(),
            implementation: "fake".into(),
            version: None,
            path: bin.join(binaries[0].0),
        }
    }

    fn request(&self, toolchain: &Toolchain, variant: &str, file: &str, text: &str) -> Request {
        let source = self.folder.path().join("sources").join(variant).join(file);
        fs::create_dir_all(source.parent().unwrap()).unwrap();
        fs::write(&source, text).unwrap();
        Request {
            case: "some case".into(),
            program: format!("{}/{variant}", toolchain.language),
            source,
            files: Vec::new(),
            commands: None,
            toolchain: toolchain.clone(),
            limit: LIMIT,
            took: None,
        }
    }

    fn build(&self, requests: &[Request]) -> Vec<Result<Built, BuildError>> {
        let cache = Cache::open(&self.surroundings).unwrap();
        assert_eq!(cache.warning, None);
        all(requests, &cache, &self.surroundings, self, &Stop::default())
    }

    fn build_within(
        &self,
        requests: &[Request],
        limit: Duration,
    ) -> Vec<Result<Built, BuildError>> {
        let hurried = requests.iter().cloned();
        let hurried = hurried.map(|request| Request { limit, ..request });
        self.build(&hurried.collect::<Vec<_>>())
    }

    fn output(&self, built: &Built) -> String {
        let work = tempfile::tempdir_in(self.folder.path()).unwrap();
        built.artifact.prepare(work.path()).unwrap();
        let none: [(&str, &str); 0] = [];
        let command = built.artifact.command(work.path(), ["one"], none);
        let output = tool(
            &command,
            Duration::from_secs(60),
            Clock::Real,
            &Stop::default(),
        )
        .unwrap();
        assert_eq!(output.code, Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn heard(&self, word: &str) -> usize {
        self.heard
            .lock()
            .unwrap()
            .iter()
            .filter(|h| h.contains(word))
            .count()
    }

    fn cached_files(&self, name: &str) -> Vec<PathBuf> {
        let built = self.folder.path().join("cache/built");
        let entries = fs::read_dir(built)
            .unwrap()
            .map(|e| e.unwrap().path().join("out").join(name));
        entries.filter(|p| p.is_file()).collect()
    }
}

#[test]
fn a_python_script_runs_by_its_own_name_from_a_copy() {
    let bench = Bench::new();
    let python = needs!(bench.toolchain("python"));
    let text = "import os, sys\nprint(sys.argv, sorted(os.listdir('.')), os.environ['PYTHONUNBUFFERED'])\n";
    let request = bench.request(&python, "listing", "blocking call.py", text);
    let built = bench
        .build(std::slice::from_ref(&request))
        .remove(0)
        .unwrap();
    assert_eq!(built.build_ms, None);
    assert_eq!(bench.heard("Build"), 0);
    fs::write(&request.source, "changed").unwrap();
    assert_eq!(
        bench.output(&built),
        "['blocking call.py', 'one'] ['blocking call.py'] 1\n"
    );
}

#[test]
fn a_node_script_runs_from_a_copy() {
    let bench = Bench::new();
    let node = needs!(bench.toolchain("javascript"));
    let text = "console.log(require('path').basename(__filename), process.argv[2])";
    let built = bench.build(&[bench.request(&node, "listing", "main.js", text)]);
    assert_eq!(bench.output(built[0].as_ref().unwrap()), "main.js one\n");
}

#[test]
fn java_is_compiled_once_and_a_bad_class_leaves_the_others_alone() {
    let bench = Bench::new();
    let java = needs!(bench.toolchain("java"));
    let good = "public class Good { public static void main(String[] a) { System.out.println(\"é \" + a[0]); } }";
    let requests = [
        bench.request(&java, "good", "Good.java", good),
        bench.request(&java, "bad", "Bad.java", "public class Bad { int x = ; }"),
        bench.request(&java, "elsewhere", "file.java", "class Other { }"),
    ];
    let built = bench.build(&requests);
    assert!(built[0].as_ref().unwrap().build_ms.is_some());
    assert_eq!(bench.output(built[0].as_ref().unwrap()), "é one\n");
    let bad = built[1].as_ref().unwrap_err();
    assert_eq!(bad.fault, Fault::Program);
    assert!(bad.message.starts_with("Bad.java:1: error"), "{bad}");
    let other = built[2].as_ref().unwrap_err();
    assert!(
        other.message.contains("no class `file` came of file.java"),
        "{other}"
    );
    assert_eq!(
        bench.heard("BuildsStarted { programs: 3, expected: None }"),
        1
    );

    let again = bench.build(&requests[..1]);
    assert_eq!(again[0].as_ref().unwrap().build_ms, None);
    assert_eq!(bench.heard("BuildStarted"), 3);

    fs::write(&bench.cached_files("Good.class")[0], "cut").unwrap();
    let repaired = bench.build(&requests[..1]);
    assert_eq!(bench.output(repaired[0].as_ref().unwrap()), "é one\n");
    assert_eq!(bench.heard("Warning"), 1);
}

/// One test for all of it: a build of Go's library from nothing is expensive.
#[test]
fn go_programs_share_one_call_and_one_that_is_bad_leaves_the_others_alone() {
    let mut bench = Bench::new();
    let go = needs!(bench.toolchain("go"));
    // No settings of the user's count, and only what asks for a module needs a network.
    for (name, value) in [
        ("GOFLAGS", "-mod=nonsense"),
        ("GOPROXY", "https://127.0.0.1:9"),
    ] {
        bench.surroundings.vars.insert(name.into(), value.into());
    }
    let says = |text: &str| {
        format!(
            "package main\n\nimport \"os\"\n\nfunc main() {{ os.Stdout.WriteString(\"{text} \" + os.Args[1] + \"\\n\") }}\n"
        )
    };
    let requests = [
        bench.request(&go, "first", "main.go", &says("first")),
        bench.request(
            &go,
            "bad",
            "bad.go",
            "package main\n\nfunc main() { nothing() }\n",
        ),
        bench.request(&go, "second", "main.go", &says("second")),
        bench.request(&go, "no-main", "no_main.go", "package other\n"),
        bench.request(
            &go,
            "module",
            "module.go",
            "package main\n\nimport \"golang.org/x/sync/errgroup\"\n\nfunc main() { new(errgroup.Group).Wait() }\n",
        ),
    ];
    let built = bench.build(&requests);
    assert_eq!(bench.output(built[0].as_ref().unwrap()), "first one\n");
    assert_eq!(bench.output(built[2].as_ref().unwrap()), "second one\n");
    let bad = built[1].as_ref().unwrap_err();
    assert_eq!(bad.fault, Fault::Program);
    assert!(
        bad.message.contains("bad.go:3") && bad.message.contains("undefined: nothing"),
        "{bad}"
    );
    let no_main = built[3].as_ref().unwrap_err();
    assert!(no_main.message.contains("no main packages"), "{no_main}");
    let module = built[4].as_ref().unwrap_err();
    assert_eq!(module.fault, Fault::Environment, "{module}");
    assert!(module.message.contains("set GOPROXY"), "{module}");
    assert_eq!(bench.heard("compiles Go's own library"), 1);
    assert_eq!(
        bench.heard("BuildStarted"),
        6,
        "one for all, which Go ends where a module is missing, and one each"
    );

    let good = [requests[0].clone(), requests[2].clone()];
    assert!(
        bench
            .build(&good)
            .iter()
            .all(|b| b.as_ref().unwrap().build_ms.is_none())
    );
    for file in bench.cached_files("main") {
        fs::write(file, "cut").unwrap();
    }
    let repaired = bench.build(&good);
    assert_eq!(bench.output(repaired[1].as_ref().unwrap()), "second one\n");
}

/// One test for all of it: a build of what programs depend on is expensive.
#[test]
fn rust_programs_share_one_call_and_one_that_is_bad_leaves_the_others_alone() {
    let bench = Bench::new();
    let rust = needs!(bench.toolchain("rust"));
    let says = |text: &str| {
        format!(
            "#[tokio::main]\nasync fn main() {{ println!(\"{text} {{}}\", std::env::args().nth(1).unwrap()); }}\n"
        )
    };
    let requests = [
        bench.request(&rust, "spawn.x", "main.rs", &says("first")),
        bench.request(
            &rust,
            "bad",
            "bad.rs",
            "fn main() { nothing_of_that_name(); }",
        ),
        bench.request(&rust, "spawn-x", "main.rs", &says("second")),
    ];
    let built = bench.build(&requests);
    if let Err(error) = &built[0]
        && error.message.contains("could not be fetched")
    {
        return left_out(&format!("no network here: {error}"));
    }
    assert_eq!(bench.output(built[0].as_ref().unwrap()), "first one\n");
    assert_eq!(bench.output(built[2].as_ref().unwrap()), "second one\n");
    let bad = built[1].as_ref().unwrap_err();
    assert_eq!(bad.fault, Fault::Program);
    assert!(
        bad.message.contains("nothing_of_that_name") && bad.message.contains("bad.rs:1"),
        "{bad}"
    );
    assert_eq!(
        (
            bench.heard("BuildStarted"),
            bench.heard("compiles tokio and rayon")
        ),
        (1, 1)
    );

    // What is in the cache needs no call; what is damaged is built again, with what is new.
    let good = [requests[0].clone(), requests[2].clone()];
    assert!(
        bench
            .build(&good)
            .iter()
            .all(|b| b.as_ref().unwrap().build_ms.is_none())
    );
    assert_eq!(bench.heard("BuildStarted"), 1);
    let program = good[0].clone();
    fs::write(&program.source, says("third")).unwrap();
    for file in bench.cached_files("program") {
        fs::write(file, "cut").unwrap();
    }
    let built = bench.build(&[program, good[1].clone()]);
    assert_eq!(bench.output(built[0].as_ref().unwrap()), "third one\n");
    assert_eq!(bench.output(built[1].as_ref().unwrap()), "second one\n");
    assert_eq!(
        (
            bench.heard("BuildStarted"),
            bench.heard("compiles tokio and rayon")
        ),
        (2, 1)
    );
}

#[test]
fn a_registry_out_of_reach_is_no_programs_fault() {
    let bench = Bench::new();
    let text = "echo 'noise' >&2; echo 'error: failed to download from somewhere' >&2; exit 101";
    let fake = bench.fake("rust", &[("rustc", ""), ("cargo", text)]);
    let built = bench.build(&[bench.request(&fake, "x", "main.rs", "fn main() {}")]);
    let error = built[0].as_ref().unwrap_err();
    assert_eq!(error.fault, Fault::Environment);
    assert!(error.message.contains("could not be fetched"), "{error}");
    assert!(
        error
            .message
            .ends_with("error: failed to download from somewhere"),
        "{error}"
    );
}

#[test]
fn a_compiler_that_hangs_is_ended_and_one_that_floods_is_cut_short() {
    let bench = Bench::new();
    let fake = bench.fake("java", &[("java", ""), ("javac", "sleep 1000")]);
    let request = bench.request(&fake, "x", "X.java", "");
    let built = bench.build_within(std::slice::from_ref(&request), Duration::from_millis(200));
    let error = built[0].as_ref().unwrap_err();
    assert!(
        error.message.contains("did not end within 0.2 s"),
        "{error}"
    );
    bench.fake(
        "java",
        &[("java", ""), ("javac", "yes é | head -c 1000000; exit 1")],
    );
    let built = bench.build(std::slice::from_ref(&request));
    let error = built[0].as_ref().unwrap_err();
    assert!(
        error.message.len() < 17_000 && error.message.contains("bytes left out …\n"),
        "{error}"
    );
    assert_eq!(error.fault, Fault::Program);
}

#[test]
fn a_compiler_that_leaves_nothing_says_nothing_or_is_gone_gets_its_own_message() {
    let bench = Bench::new();
    for (javac, fault, expected) in [
        ("exit 0", Fault::Program, "no class `X` came of X.java"),
        ("exit 3", Fault::Program, "exited with 3 and said nothing"),
        ("kill -9 $$", Fault::Environment, "ended by SIGKILL"),
        (
            "echo 'No space left on device' >&2; exit 1",
            Fault::Environment,
            "No space",
        ),
    ] {
        let fake = bench.fake("java", &[("java", ""), ("javac", javac)]);
        let built = bench.build(&[bench.request(&fake, "x", "X.java", "")]);
        let error = built[0].as_ref().unwrap_err();
        assert_eq!(error.fault, fault, "{error}");
        assert!(error.message.contains(expected), "{error}");
    }
    let fake = bench.fake("java", &[("java", "")]);
    fs::remove_file(fake.path.with_file_name("javac")).unwrap();
    let error = bench
        .build(&[bench.request(&fake, "x", "X.java", "")])
        .remove(0)
        .unwrap_err();
    assert_eq!(error.fault, Fault::Environment);
    assert!(
        error.message.contains("there is no") && error.message.contains("javac"),
        "{error}"
    );
}

#[test]
fn a_source_that_is_gone_or_no_file_is_named() {
    let bench = Bench::new();
    let fake = bench.fake("java", &[("java", "")]);
    let mut request = bench.request(&fake, "x", "X.java", "");
    for source in [
        bench.folder.path().join("gone.java"),
        bench.folder.path().to_path_buf(),
    ] {
        request.source = source.clone();
        let error = bench
            .build(std::slice::from_ref(&request))
            .remove(0)
            .unwrap_err();
        assert_eq!(error.fault, Fault::Environment);
        assert!(
            error.message.contains(&source.display().to_string()),
            "{error}"
        );
    }
    request.toolchain.language = "cobol".into();
    let error = bench.build(&[request]).remove(0).unwrap_err();
    assert!(error.message.contains("`cobol`"), "{error}");
}

#[test]
fn two_runs_that_share_a_cache_build_a_program_once() {
    let bench = Bench::new();
    let text = r#"for out; do [ "$before" = -d ] && break; before=$out; done; sleep 0.1; echo x > "$out/X.class""#;
    let fake = bench.fake("java", &[("java", ""), ("javac", text)]);
    let requests = [bench.request(&fake, "x", "X.java", "")];
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| bench.build(&requests).remove(0).unwrap());
        }
    });
    assert_eq!(
        (
            bench.heard("BuildFinished"),
            bench.cached_files("X.class").len()
        ),
        (1, 1)
    );
}

/// A real cargo with an empty home and a proxy that refuses: nothing leaves this machine.
#[test]
fn a_real_cargo_without_a_network_says_what_to_do() {
    let mut bench = Bench::new();
    let rust = needs!(bench.toolchain("rust"));
    let home = bench.folder.path().join("home");
    let vars = &mut bench.surroundings.vars;
    vars.insert("CARGO_HOME".into(), home.into());
    for name in ["https_proxy", "HTTPS_PROXY", "CARGO_HTTP_PROXY"] {
        vars.insert(name.into(), "http://127.0.0.1:9".into());
    }
    vars.insert("CARGO_NET_RETRY".into(), "0".into());
    let built = bench.build(&[bench.request(&rust, "x", "main.rs", "fn main() {}")]);
    let error = built[0].as_ref().unwrap_err();
    assert_eq!(error.fault, Fault::Environment);
    assert!(error.message.contains("could not be fetched"), "{error}");
}
