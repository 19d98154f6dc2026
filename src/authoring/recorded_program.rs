//! Which program a command runs, as far as its words tell.

use std::ffi::OsString;
use std::path::Path;

use crate::process::quoted as for_shell;
use crate::toolchain::recipe_for;

use super::neighbours::{Neighbours, neighbours};
use crate::read_file::{LARGEST_TEXT, read_file};

/// The program that a command runs, as the case that is made of it holds it.
pub struct RecordedProgram {
    /// Its language.
    pub language: String,
    /// Its variant, after which the case is named unless the author chooses a name.
    pub variant: String,
    /// The path of its source within the folder of the case.
    pub file: String,
    /// The content of its source.
    pub source: Vec<u8>,
    /// The other files that it uses.
    pub neighbours: Neighbours,
    /// Keys of the program and their values, as TOML writes them, besides `shows`.
    pub keys: Vec<(&'static str, String)>,
}

/// The source that the command runs, if repro knows its language; else a script that runs the command as it is.
///
/// # Errors
/// A sentence that names the file or folder that cannot be read.
pub fn identify(command: &[OsString]) -> Result<RecordedProgram, String> {
    match source_of(command) {
        Some((at, implementation)) => of_source_file(command, at, implementation),
        None => script(command),
    }
}

/// The index of the source among the words, as in `app.py`, `python app.py` or `go run app.go`, and the implementation
/// that runs it, if that is not the default one of its language.
fn source_of(command: &[OsString]) -> Option<(usize, Option<&'static str>)> {
    let is_run = |word: &OsString| word == "run";
    let at = match command {
        [only, ..] if recipe_for(Path::new(only)).is_some() => 0,
        [_, run, _, ..] if is_run(run) => 2,
        [_, _, ..] => 1,
        _ => return None,
    };
    let path = Path::new(&command[at]);
    let recipe = recipe_for(path).filter(|_| path.is_file())?;
    if at == 0 {
        return Some((at, None));
    }
    let engine = recipe.runner(Path::new(&command[0]))?;
    let name = engine.implementations.first().copied();
    let usual = recipe
        .engines
        .first()
        .and_then(|e| e.implementations.first().copied());
    Some((at, name.filter(|name| Some(*name) != usual)))
}

fn of_source_file(
    command: &[OsString],
    at: usize,
    implementation: Option<&str>,
) -> Result<RecordedProgram, String> {
    let path = Path::new(&command[at]);
    let shown = path.display();
    let source =
        read_file(path, LARGEST_TEXT).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let language = recipe_for(path).map_or("", |recipe| recipe.language);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let file = format!("{language}/{file}");
    let mut keys = vec![("path", quoted(&file))];
    let neighbours = neighbours(path);
    let list = |words: Vec<String>| {
        let list = (!words.is_empty()).then(|| toml::Value::from(words));
        list.map(|list| list.to_string())
    };
    let files = neighbours.beside.iter().filter_map(|path| path.file_name());
    let files = files.map(|name| format!("{language}/{}", name.to_string_lossy()));
    let args = command[at + 1..].iter();
    let args = args.map(|word| word.to_string_lossy().into_owned());
    let needs = implementation.map(|name| format!("{{ {name} = \"*\" }}"));
    let others = [
        ("files", list(files.collect())),
        ("needs", needs),
        ("args", list(args.collect())),
    ];
    keys.extend(
        others
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    Ok(RecordedProgram {
        language: language.into(),
        variant: plain_name(&path.file_stem().unwrap_or_default().to_string_lossy()),
        file,
        source,
        neighbours,
        keys,
    })
}

/// The script changes into the folder where it was recorded, since the command may use files there.
fn script(command: &[OsString]) -> Result<RecordedProgram, String> {
    let here = std::env::current_dir()
        .map_err(|error| format!("cannot find the current folder: {error}"))?;
    let words: Vec<String> = command.iter().map(|word| for_shell(word)).collect();
    let here = for_shell(here.as_os_str());
    let first = Path::new(&command[0]).file_stem().unwrap_or_default();
    let variant = plain_name(&first.to_string_lossy());
    let file = format!("shell/{variant}.sh");
    Ok(RecordedProgram {
        language: "shell".into(),
        keys: vec![
            ("path", quoted(&file)),
            ("run", "[\"sh\", \"{source}\"]".into()),
        ],
        file,
        variant,
        source: format!("cd {here} && exec {}\n", words.join(" ")).into_bytes(),
        neighbours: Neighbours::default(),
    })
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// `ThreadPoolExample` as `thread-pool-example`.
fn plain_name(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && plain.ends_with(|p: char| p.is_ascii_lowercase()) {
            plain.push('-');
        }
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => plain.push(c),
            _ if !plain.ends_with('-') => plain.push('-'),
            _ => {}
        }
    }
    let plain: String = plain.chars().take(40).collect();
    let plain = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let plain = plain.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    match plain {
        "" | "all" => "recorded".into(),
        plain => plain.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn of(words: &[&str]) -> RecordedProgram {
        let words: Vec<OsString> = words.iter().map(Into::into).collect();
        identify(&words).unwrap()
    }

    fn keys(program: &RecordedProgram) -> Vec<String> {
        let keys = program.keys.iter();
        keys.map(|(key, value)| format!("{key} = {value}"))
            .collect()
    }

    #[test]
    fn a_source_is_taken_for_what_it_is_where_its_own_language_runs_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            path.to_string_lossy().into_owned()
        };
        let (py, js, go) = (file("MyApp.py"), file("app.js"), file("app.go"));
        let app = of(&["python3.12", &py, "-v", "1"]);
        assert_eq!(
            (app.language.as_str(), app.variant.as_str()),
            ("python", "my-app")
        );
        assert_eq!(
            keys(&app),
            ["path = \"python/MyApp.py\"", "args = [\"-v\", \"1\"]"]
        );
        assert_eq!(of(&[&py]).language, "python");
        assert_eq!(of(&["go", "run", &go]).language, "go");
        assert_eq!(
            keys(&of(&["deno", "run", &js])),
            ["path = \"javascript/app.js\"", "needs = { deno = \"*\" }"]
        );
        // None of these runs it as its language would.
        for words in [
            &["cat", &py][..],
            &["python", "-u", &py],
            &["node", &py],
            &["env"],
        ] {
            assert_eq!(of(words).language, "shell", "{words:?}");
        }
    }

    #[test]
    fn what_is_no_source_becomes_a_script_that_a_shell_reads_as_it_was_typed() {
        let script = of(&["./Run Me.sh", "--n=1", "it's"]);
        assert_eq!(script.file, "shell/run-me.sh");
        let text = String::from_utf8(script.source).unwrap();
        assert!(
            text.ends_with(" && exec './Run Me.sh' --n=1 'it'\\''s'\n"),
            "{text}"
        );
    }

    #[test]
    fn any_name_becomes_one_that_a_case_may_have() {
        for (name, plain) in [
            ("ThreadPoolExample", "thread-pool-example"),
            ("2 fast__2", "fast-2"),
            ("all", "recorded"),
            ("été", "t"),
            ("…", "recorded"),
        ] {
            assert_eq!(plain_name(name), plain);
        }
    }
}
