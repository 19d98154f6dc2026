//! Toolchains, and how a person names one.

use std::fmt;
use std::path::PathBuf;

use super::version::Version;

/// A language, an implementation and a version, installed here.
#[derive(Debug, Clone, PartialEq)]
pub struct Toolchain {
    /// Lower case: `python`, `javascript`, `java`, `rust`.
    pub language: String,
    /// Lower case: `cpython`, `node`, `openjdk`, `rustc`.
    pub implementation: String,
    /// As the running interpreter told it; `None` if its answer could not be read.
    pub version: Option<Version>,
    /// The real binary, as the running interpreter told it: never a version manager's shim.
    pub path: PathBuf,
}

impl Toolchain {
    /// `python cpython 3.13.0`.
    #[must_use]
    pub fn name(&self) -> String {
        let version = self
            .version
            .as_ref()
            .map_or_else(|| "unknown".into(), ToString::to_string);
        format!("{} {} {version}", self.language, self.implementation)
    }
}

/// A toolchain as version ranges are held against it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Platform<'t> {
    /// Its implementation.
    pub implementation: &'t str,
    /// Its version, if that is known.
    pub version: Option<&'t Version>,
    /// Whether its versions are those of the language, as those of `PyPy` are and Deno's are not.
    pub counts: bool,
}

/// `L[:IMPL][@V]`: which toolchains somebody means.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// The language, lower case.
    pub language: String,
    /// The implementation, lower case.
    pub implementation: Option<String>,
    /// A version or a family of versions: `3.12` means every 3.12.x.
    pub version: Option<Version>,
}

impl Selector {
    /// Reads `python`, `python@3.12`, `javascript:bun` or `javascript:bun@1.2`.
    ///
    /// # Errors
    /// A sentence that shows the form expected.
    pub fn parse(text: &str) -> Result<Selector, String> {
        let wrong = || {
            format!(
                "`{text}` is not a toolchain: write LANGUAGE[:IMPLEMENTATION][@VERSION], as in `python@3.12`"
            )
        };
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        };
        let (language, implementation) = match name.split_once(':') {
            Some((language, implementation)) => (language, Some(implementation)),
            None => (name, None),
        };
        let is_word = |w: &str| {
            !w.is_empty()
                && w.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+#-_".contains(c))
        };
        if !is_word(language) || !implementation.is_none_or(is_word) {
            return Err(wrong());
        }
        let language = language.to_lowercase();
        Ok(Selector {
            version: version
                .map(|v| Version::parse(v).ok_or_else(wrong))
                .transpose()?,
            implementation: implementation.map(str::to_lowercase),
            language,
        })
    }

    /// Whether `toolchain` is one of those meant.
    #[must_use]
    pub fn matches(&self, toolchain: &Toolchain) -> bool {
        self.language == toolchain.language
            && self
                .implementation
                .as_ref()
                .is_none_or(|i| *i == toolchain.implementation)
            && self.version.as_ref().is_none_or(|wanted| {
                toolchain
                    .version
                    .as_ref()
                    .is_some_and(|have| have.is_in_family(wanted))
            })
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.language)?;
        if let Some(implementation) = &self.implementation {
            write!(f, ":{implementation}")?;
        }
        match &self.version {
            Some(version) => write!(f, "@{version}"),
            None => Ok(()),
        }
    }
}
