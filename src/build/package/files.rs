//! The package that holds all programs of one call.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use super::super::plan::Plan;
use crate::toolchain::Package;
use crate::work_folder::remove_folder;

/// Writes the package into `folder`: the manifest, the lock, and each source in a folder of its own.
pub(in super::super) fn write(
    folder: &Path,
    plans: &[&Plan<'_>],
    names: &[String],
    manager: &Package,
) -> io::Result<()> {
    let package = folder.join("package");
    remove_folder(&package)?;
    let mut manifest = manager.manifest.text.to_string();
    for (plan, name) in plans.iter().zip(names) {
        // The compiler shows the path in its messages, and the program in those of a panic.
        fs::create_dir_all(package.join(name))?;
        plan.write(&package.join(name))?;
        let path = Path::new(name).join(plan.file);
        let path = toml::Value::from(path.to_string_lossy().as_ref());
        // Writing to a string cannot fail.
        let _ = write!(manifest, "\n[[bin]]\nname = \"{name}\"\npath = {path}\n");
    }
    fs::write(package.join(manager.manifest.file), manifest)?;
    fs::write(package.join(manager.lock.file), manager.lock.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::Request;
    use crate::build::names::names;
    use crate::model::toolchain::Toolchain;
    use crate::toolchain::{Build, recipe};

    #[test]
    fn names_are_plain_and_differ() {
        let t = tempfile::tempdir().unwrap();
        let source = t.path().join("it's \"x\".rs");
        fs::write(&source, "fn main() {}").unwrap();
        let request = |case: &str, program: &str| Request {
            case: case.into(),
            program: program.into(),
            source: source.clone(),
            files: Vec::new(),
            commands: None,
            toolchain: Toolchain {
                language: "rust".into(),
                implementation: "rustc".into(),
                version: None,
                path: source.clone(),
            },
            limit: crate::build::LIMIT,
            took: None,
        };
        let long = "long".repeat(100);
        let requests = [
            request("blocking-call", "rust/join"),
            request("Blocking-call", "rust/join"),
            request("né w\n", "rust/a.b"),
            request(&long, "rust/x"),
        ];
        let plans: Vec<_> = requests.iter().map(|r| Plan::new(r).unwrap()).collect();
        let plans: Vec<_> = plans.iter().collect();
        let names = names(&plans);
        let Build::Package(manager) = recipe("rust").unwrap().build else {
            panic!("no package");
        };
        let expected = [
            "blocking-call--join",
            "Blocking-call--join--2",
            "n--w---a-b",
        ];
        assert_eq!(names[..3], expected);
        assert_eq!(names[3].len(), 63);

        write(t.path(), &plans, &names, &manager).unwrap();
        let manifest = fs::read_to_string(t.path().join("package/Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let programs = manifest["bin"].as_array().unwrap();
        assert_eq!(programs.len(), 4);
        for program in programs {
            let path = program["path"].as_str().unwrap();
            assert!(t.path().join("package").join(path).is_file(), "{path}");
        }
        // What an earlier call left is gone.
        write(t.path(), &plans[..1], &names[..1], &manager).unwrap();
        assert!(!t.path().join("package").join(&names[3]).exists());
    }
}
