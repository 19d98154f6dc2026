//! The terms on which a supervisor starts its program, as one word of its command line.

use crate::process::{Resources, SandboxRule, SandboxRules};

/// The first argument that makes `repro` a supervisor; the terms, the program and its arguments follow.
pub(super) const ENTRY: &str = "__supervise";
/// The same, where the program's stdin is handed over first.
pub(super) const ENTRY_WITH_STDIN: &str = "__supervise-with-stdin";

/// On what terms a program is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    /// What its processes may have.
    pub(super) resources: Resources,
    /// Whether its mounts and its shared memory are nobody else's.
    pub(super) apart: bool,
    /// The sandbox around it; none if `None`.
    pub(super) sandbox: Option<SandboxRules>,
}

impl Terms {
    /// `BYTES:FILES:APART/`, or `BYTES:FILES:APART/RULE,RULE:PORT` in a sandbox; port 0 is none.
    pub(super) fn word(&self) -> String {
        let sandbox = self.sandbox.as_ref().map_or_else(String::new, |sandbox| {
            let names: Vec<&str> = sandbox.rules.iter().map(|rule| rule.name()).collect();
            format!("{}:{}", names.join(","), sandbox.port.unwrap_or(0))
        });
        let apart = self.apart;
        format!("{}:{apart}/{sandbox}", self.resources.word())
    }

    /// Reads what [`Terms::word`] wrote.
    pub(super) fn from_word(word: &str) -> Option<Terms> {
        let (resources, sandbox) = word.split_once('/')?;
        let (resources, apart) = resources.rsplit_once(':')?;
        Some(Terms {
            apart: apart.parse().ok()?,
            resources: Resources::from_word(resources)?,
            sandbox: match sandbox {
                "" => None,
                word => Some(sandbox_from_word(word)?),
            },
        })
    }
}

fn sandbox_from_word(word: &str) -> Option<SandboxRules> {
    let (names, port) = word.split_once(':')?;
    let names = names.split(',').filter(|name| !name.is_empty());
    let rules = names.map(SandboxRule::named);
    let port: u16 = port.parse().ok()?;
    Some(SandboxRules {
        rules: rules.collect::<Option<_>>()?,
        port: (port != 0).then_some(port),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(sandbox: Option<SandboxRules>) -> Terms {
        let resources = Resources {
            file_bytes: 1 << 40,
            open_files: 3,
        };
        let apart = sandbox.is_some();
        Terms {
            resources,
            apart,
            sandbox,
        }
    }

    #[test]
    fn terms_are_read_back_from_their_word() {
        let sandbox = |rules, port| Some(SandboxRules { rules, port });
        for (sandbox, word) in [
            (None, "1099511627776:3:false/"),
            (sandbox(vec![], None), "1099511627776:3:true/:0"),
            (
                sandbox(vec![SandboxRule::Files], Some(80)),
                "1099511627776:3:true/files:80",
            ),
            (
                sandbox(SandboxRule::ALL.to_vec(), None),
                "1099511627776:3:true/files,network,signals,calls:0",
            ),
        ] {
            let terms = terms(sandbox);
            assert_eq!(terms.word(), word);
            assert_eq!(Terms::from_word(word), Some(terms));
        }
    }

    #[test]
    fn any_other_word_is_refused() {
        for resources in [
            "",
            "5",
            "5:",
            "-1:2",
            "5:2",
            "5:2:3",
            "5:2:true:4",
            "-1:2:true",
        ] {
            assert_eq!(
                Terms::from_word(&format!("{resources}/")),
                None,
                "{resources}"
            );
        }
        for sandbox in ["files", "doors:0", "files:x", "files:70000"] {
            assert_eq!(
                Terms::from_word(&format!("5:2:true/{sandbox}")),
                None,
                "{sandbox}"
            );
        }
    }
}
