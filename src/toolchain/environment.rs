//! The environment of what `repro` starts: an allow-list, so that neither the user's settings nor a
//! build server's tokens get through.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::languages::recipe;
use super::surroundings::Surroundings;
use crate::model::toolchain::Toolchain;

/// A command's environment: names and values, each name once, sorted.
pub type Environment = Vec<(OsString, OsString)>;

/// What every program and every compiler sees.
const FIXED: &[(&str, &str)] = &[("LC_ALL", "C.UTF-8"), ("TZ", "UTC"), ("NO_COLOR", "1")];

/// Where a program finds the system's own commands.
const SYSTEM: &[&str] = &["/usr/bin", "/bin"];

/// What a compiler may see of the user's variables: how to reach a registry, and where things are.
const FOR_BUILDS: &[&str] = &[
    "HOME",
    "CARGO_HOME",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "GOPROXY",
    "SDKROOT",
    "DEVELOPER_DIR",
];

/// The same, by how a name begins. A token would have to be named by the user's own cargo settings.
const FOR_BUILDS_PREFIXES: &[&str] = &["CARGO_HTTP_", "CARGO_NET_", "CARGO_SOURCE_", "NIX_"];

/// What a program sees. Nothing of the user's: its home and its folder for temporary files are its
/// own empty `work_folder`. Hash seeds stay random, since a program that depends on one is to show it.
#[must_use]
pub fn environment(toolchain: &Toolchain, work_folder: &Path) -> Environment {
    let system = SYSTEM.iter().map(PathBuf::from);
    let mut vars = fixed(toolchain, system);
    vars.insert("HOME".into(), work_folder.into());
    vars.insert("TMPDIR".into(), work_folder.into());
    let recipe = recipe(&toolchain.language);
    let engine = recipe.and_then(|r| r.engine(&toolchain.implementation));
    let own = recipe.map_or(&[][..], |r| r.environment).iter();
    let own = own.chain(engine.map_or(&[][..], |e| e.environment));
    vars.extend(own.map(|(k, v)| (OsString::from(k), OsString::from(v))));
    vars.into_iter().collect()
}

/// What a compiler sees: besides, what it needs to reach a registry and to find a linker.
#[must_use]
pub fn build_environment(toolchain: &Toolchain, surroundings: &Surroundings) -> Environment {
    let mut vars = fixed(toolchain, surroundings.path.iter().cloned());
    for (name, value) in &surroundings.vars {
        let text = name.to_string_lossy();
        if FOR_BUILDS.contains(&text.as_ref())
            || FOR_BUILDS_PREFIXES.iter().any(|p| text.starts_with(p))
        {
            vars.insert(name.clone(), value.clone());
        }
    }
    vars.into_iter().collect()
}

fn fixed(
    toolchain: &Toolchain,
    folders: impl Iterator<Item = PathBuf> + Clone,
) -> BTreeMap<OsString, OsString> {
    let own = toolchain.path.parent().map(Path::to_path_buf);
    // A folder with a colon in its name cannot stand in PATH; the binary itself is called by its path.
    let path = env::join_paths(own.into_iter().chain(folders.clone()))
        .or_else(|_| env::join_paths(folders))
        .unwrap_or_default();
    let mut vars: BTreeMap<OsString, OsString> = FIXED
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .collect();
    vars.insert(OsStr::new("PATH").into(), path);
    vars
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &[&str] = &[
        "FORCE_COLOR",
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "_JAVA_OPTIONS",
        "CLASSPATH",
        "NODE_OPTIONS",
        "NODE_EXTRA_CA_CERTS",
        "BUN_OPTIONS",
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONHASHSEED",
        "LD_PRELOAD",
        "RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_BOOTSTRAP",
        "GOFLAGS",
        "CARGO_TARGET_DIR",
        "CARGO_REGISTRY_TOKEN",
        "TOKIO_WORKER_THREADS",
        "GITHUB_TOKEN",
        "GITHUB_OUTPUT",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "CI_JOB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "SSH_AUTH_SOCK",
    ];

    fn toolchain(language: &str) -> Toolchain {
        Toolchain {
            language: language.into(),
            implementation: "x".into(),
            version: None,
            path: "/opt/x/bin/x".into(),
        }
    }

    fn value(env: &Environment, name: &str) -> Option<String> {
        let found = env.iter().find(|(n, _)| n == name)?;
        Some(found.1.to_string_lossy().into_owned())
    }

    #[test]
    fn a_program_sees_the_allow_list_and_nothing_else() {
        let env = environment(&toolchain("python"), Path::new("/a folder"));
        let names: Vec<_> = env.iter().map(|(n, _)| n.to_string_lossy()).collect();
        let expected = [
            "HOME",
            "LC_ALL",
            "NO_COLOR",
            "PATH",
            "PYTHONDONTWRITEBYTECODE",
            "PYTHONNOUSERSITE",
            "PYTHONUNBUFFERED",
            "TMPDIR",
            "TZ",
        ];
        assert_eq!(names, expected);
        assert_eq!(value(&env, "HOME").unwrap(), "/a folder");
        assert_eq!(value(&env, "PATH").unwrap(), "/opt/x/bin:/usr/bin:/bin");
        let env = environment(&toolchain("java"), Path::new("/w"));
        assert_eq!(value(&env, "PYTHONUNBUFFERED"), None);
    }

    #[test]
    fn an_implementation_adds_its_own_to_what_its_language_has() {
        let mut deno = toolchain("javascript");
        deno.implementation = "deno".into();
        let env = environment(&deno, Path::new("/w"));
        assert_eq!(value(&env, "DENO_NO_UPDATE_CHECK").as_deref(), Some("1"));
        assert_eq!(value(&env, "DO_NOT_TRACK"), None);
        // What it keeps, it keeps in the folder that goes with the trial.
        assert_eq!(value(&env, "HOME").as_deref(), Some("/w"));
        let mut pypy = toolchain("python");
        pypy.implementation = "pypy".into();
        let env = environment(&pypy, Path::new("/w"));
        assert!(value(&env, "PYTHONUNBUFFERED").is_some());
    }

    #[test]
    fn a_compiler_sees_proxies_and_path_but_nothing_hostile() {
        let mut surroundings = Surroundings {
            path: vec!["/usr/local/bin".into()],
            ..Surroundings::default()
        };
        for name in HOSTILE.iter().chain(&["https_proxy", "CARGO_HTTP_CAINFO"]) {
            surroundings.vars.insert(name.into(), "x".into());
        }
        surroundings.vars.insert("LC_ALL".into(), "de_DE".into());
        let env = build_environment(&toolchain("rust"), &surroundings);
        for name in HOSTILE {
            assert_eq!(value(&env, name), None, "{name}");
        }
        assert_eq!(value(&env, "PATH").unwrap(), "/opt/x/bin:/usr/local/bin");
        assert_eq!(value(&env, "LC_ALL").unwrap(), "C.UTF-8");
        assert!(value(&env, "https_proxy").is_some());
        assert!(value(&env, "CARGO_HTTP_CAINFO").is_some());
    }

    #[test]
    fn a_folder_that_cannot_stand_in_path_is_left_out() {
        let mut odd = toolchain("rust");
        odd.path = "/opt/a:b/bin/x".into();
        let env = environment(&odd, Path::new("/w"));
        assert_eq!(value(&env, "PATH").unwrap(), "/usr/bin:/bin");
    }
}
