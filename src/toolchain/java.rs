//! Java: a JDK, since programs are compiled before they run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::probe::{Answer, ask};
use super::recipe::{
    Build, Call, Compiler, Engine, EntryPoint, Recipe, Source, Starter, Syntax, asdf, mise, place,
};
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;
use crate::model::version::Version;

pub(super) const RECIPE: Recipe = Recipe {
    language: "java",
    aliases: &[],
    extensions: &["java"],
    starter: Starter {
        needs: None,
        pitfall: Source::new("Pitfall.java", include_str!("starters/Pitfall.java")),
        remedy: Source::new("Remedy.java", include_str!("starters/Remedy.java")),
    },
    revision: 1,
    engines: &[Engine {
        implementations: &["openjdk", "hotspot", "graalvm", "openj9"],
        commands: &["java"],
        places: &[
            place("JAVA_HOME", "", "bin/java"),
            place(
                "SDKMAN_CANDIDATES_DIR",
                ".sdkman/candidates",
                "java/*/bin/java",
            ),
            asdf("installs/java/*/bin/java"),
            mise("installs/java/*/bin/java"),
            place("", ".jdks", "*/bin/java"),
            place("", "/usr/lib/jvm", "*/bin/java"),
            place(
                "",
                "/Library/Java/JavaVirtualMachines",
                "*/Contents/Home/bin/java",
            ),
        ],
        probe,
        args: &[],
        environment: &[],
        preload: None,
    }],
    install: "install a JDK with your system's packages (`default-jdk`) or from https://adoptium.net/",
    build: Build::Each(Compiler {
        beside: |_| Vec::new(),
        command,
        environment: |_| Vec::new(),
        together: None,
        why_slow: None,
        fetches: None,
        artefact,
        run,
    }),
    environment: &[],
    capture_probe: Some(Source::new(
        "CaptureProbe.java",
        include_str!("capture_probes/CaptureProbe.java"),
    )),
    startup_cpu_ms: 80,
    background_threads: &["C1 CompilerThre", "C2 CompilerThre"],
    read_version: version,
    version_flag: "-version",
    file_name: Some(public_class),
    entry_point: Some(EntryPoint {
        patterns: &[r"\bmain\s*\("],
        says: "a `main`",
    }),
    imports: &[],
    flush: "flush after each line",
    syntax: Syntax {
        also: &["kotlin", "csharp"],
        line_comment: "//",
        block_comment: Syntax::C_COMMENT,
        strings: &[("\"\"\"", true), ("\"", false), ("'", false)],
        keywords: "abstract boolean break byte case catch char class continue default do double else enum extends false final \
                   finally float for if implements import instanceof int interface long new null package private protected \
                   public record return short static super switch synchronized this throw throws true try var void volatile \
                   while yield",
    },
    runtime_probe: Some(super::probes::java::PROBE),
};

fn probe(path: &Path, surroundings: &Surroundings) -> Result<Option<Answer>, String> {
    let output = ask(
        path,
        &["-XshowSettings:properties", "-version"],
        surroundings,
    )?;
    let Some((home, answer)) = read(&String::from_utf8_lossy(&output.stderr)) else {
        return Ok(None);
    };
    if compiler(&answer.path).is_file() {
        Ok(Some(answer))
    } else {
        let home = home.display();
        Err(format!(
            "there is no compiler in {home}, only a runtime: install the JDK of this version, \
             which has `bin/javac`"
        ))
    }
}

/// The home and the answer, from the table of properties.
fn read(text: &str) -> Option<(PathBuf, Answer)> {
    let property = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().split_once('='));
        let value = lines.find(|(key, _)| key.trim_end() == name);
        value.map(|(_, value)| value.trim())
    };
    let home = PathBuf::from(property("java.home")?);
    let machine = property("java.vm.name").unwrap_or_default();
    let implementation = if text.contains("GraalVM") {
        "graalvm"
    } else if machine.contains("OpenJ9") {
        "openj9"
    } else if machine.contains("HotSpot(TM)") {
        "hotspot"
    } else {
        "openjdk"
    };
    let answer = Answer {
        implementation: implementation.to_string(),
        version: property("java.version").and_then(version),
        path: home.join("bin/java"),
    };
    Some((home, answer))
}

/// Up to Java 8, versions begin with `1.`: `1.8.0_402` is 8.
fn version(text: &str) -> Option<Version> {
    Version::parse(text).map(Version::without_leading_one)
}

/// The public class of a source: its file must have that name.
fn public_class(source: &str) -> Option<&str> {
    let after = source.split("public class ").nth(1)?;
    let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    Some(&after[..end]).filter(|name| !name.is_empty())
}

/// Beside `java`; up to Java 8, `java` may be that of the runtime inside the JDK.
fn compiler(java: &Path) -> PathBuf {
    let beside = java.with_file_name("javac");
    let outside = java.ancestors().nth(3).map(|jdk| jdk.join("bin/javac"));
    match outside {
        Some(outside)
            if !beside.is_file() && java.parent().is_some_and(|b| b.ends_with("jre/bin")) =>
        {
            outside
        }
        _ => beside,
    }
}

fn command(toolchain: &Toolchain, source: &Path, out: &Path) -> Call {
    let fixed = [
        // The compiler lives for half a second: its own optimiser would not pay.
        "-J-XX:TieredStopAtLevel=1",
        "-encoding",
        "UTF-8",
        "-proc:none",
        "-d",
    ];
    let mut args: Vec<OsString> = fixed.map(OsString::from).into();
    args.extend([out.into(), source.into()]);
    (compiler(&toolchain.path), args)
}

fn artefact(source: &Path) -> (PathBuf, String) {
    let class = source.with_extension("class");
    let name = source.with_extension("");
    let advice = format!(
        "no class `{0}` came of {1}: the class that holds `main` is to be named after its file, and to be in no package",
        name.display(),
        source.display()
    );
    (class, advice)
}

fn run(toolchain: &Toolchain, source: &Path, out: &Path) -> Call {
    let class = source.with_extension("");
    let args = vec!["-cp".into(), out.into(), class.into()];
    (toolchain.path.clone(), args)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = "Property settings:
    java.home = /usr/lib/jvm/java-17-openjdk-amd64
    java.library.path = /usr/java/packages/lib
        /usr/lib/jni
    java.version = 17.0.15
    java.version.date = 2025-04-15
    java.vm.name = OpenJDK 64-Bit Server VM

openjdk version \"17.0.15\" 2025-04-15
";

    #[test]
    fn the_properties_name_home_version_and_implementation() {
        let (home, answer) = read(SETTINGS).unwrap();
        assert_eq!(home, PathBuf::from("/usr/lib/jvm/java-17-openjdk-amd64"));
        assert_eq!(answer.version.unwrap().to_string(), "17.0.15");
        assert_eq!(answer.implementation, "openjdk");
        assert_eq!(answer.path, home.join("bin/java"));
        assert!(read("openjdk version \"17\"").is_none());
    }

    #[test]
    fn a_public_class_is_found() {
        assert_eq!(public_class("public class A_b1 {"), Some("A_b1"));
        assert_eq!(public_class("class A {"), None);
        assert_eq!(public_class("public class "), None);
    }

    #[test]
    fn implementations_are_told_apart() {
        let graal = SETTINGS.replace("java.version.date", "java.vendor.version = GraalVM CE\n x");
        let j9 = SETTINGS.replace("OpenJDK 64-Bit", "Eclipse OpenJ9");
        let oracle = SETTINGS.replace("OpenJDK 64", "Java HotSpot(TM) 64");
        for (text, name) in [(graal, "graalvm"), (j9, "openj9"), (oracle, "hotspot")] {
            assert_eq!(read(&text).unwrap().1.implementation, name);
        }
    }

    #[test]
    fn the_compiler_of_an_old_jdk_is_outside_its_runtime() {
        let jdk = tempfile::tempdir().unwrap();
        let java = jdk.path().join("jre/bin/java");
        assert_eq!(compiler(&java), jdk.path().join("bin/javac"));
        let java = jdk.path().join("bin/java");
        assert_eq!(compiler(&java), jdk.path().join("bin/javac"));
    }
}
