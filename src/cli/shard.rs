//! `--shard`: which part of a run this machine does.

use std::fs;

use clap::Args;

use crate::model::shard::Shard;

use super::failure::Failure;

/// Which part of a run this machine does.
#[derive(Debug, Clone, Copy, Args)]
pub struct ShardArgs {
    /// Do only this part of the work, counted from 1, for `repro merge`; `auto` takes it from the CI engine or the batch system
    #[arg(
        id = "shard",
        long = "shard",
        value_name = "K/N|auto",
        value_parser = wanted,
        help_heading = "Shards"
    )]
    wanted: Option<Wanted>,
}

/// The part that somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Auto,
    This(Shard),
}

fn wanted(text: &str) -> Result<Wanted, String> {
    match text {
        "auto" => Ok(Wanted::Auto),
        text => text.parse().map(Wanted::This),
    }
}

impl ShardArgs {
    /// The part, if the work is divided. An engine that asks for a sign that it is gets one.
    ///
    /// # Errors
    /// No engine or more than one says which part this is, or what one says is no part.
    pub fn shard(self) -> Result<Option<Shard>, Failure> {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        match self.wanted {
            None => Ok(None),
            Some(Wanted::This(shard)) => Ok(Some(shard)),
            Some(Wanted::Auto) => {
                let (engine, shard) = of_environment(&var).map_err(Failure::usage)?;
                if let Some(file) = engine.sign.and_then(var) {
                    let failed =
                        |error| Failure::environment(format_args!("cannot write {file}: {error}"));
                    fs::write(&file, "").map_err(failed)?;
                }
                Ok(Some(shard))
            }
        }
    }
}

/// A CI engine or a batch system, and the variables by which it tells which part a job is.
#[derive(Debug)]
struct Engine {
    name: &'static str,
    index: &'static str,
    total: &'static str,
    first: First,
    /// The variable that names a file to be made as a sign that the work is divided.
    sign: Option<&'static str>,
}

/// The index of the first part.
#[derive(Debug)]
enum First {
    Zero,
    One,
    /// What these variables say: the first, and the step to the next.
    Told(&'static str, &'static str),
}

const fn engine(
    name: &'static str,
    index: &'static str,
    total: &'static str,
    first: First,
) -> Engine {
    Engine {
        name,
        index,
        total,
        first,
        sign: None,
    }
}

/// Those that give both numbers, each as its manual has them.
const ENGINES: [Engine; 8] = [
    engine("GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", First::One),
    engine(
        "Semaphore",
        "SEMAPHORE_JOB_INDEX",
        "SEMAPHORE_JOB_COUNT",
        First::One,
    ),
    engine(
        "CircleCI",
        "CIRCLE_NODE_INDEX",
        "CIRCLE_NODE_TOTAL",
        First::Zero,
    ),
    engine(
        "Buildkite",
        "BUILDKITE_PARALLEL_JOB",
        "BUILDKITE_PARALLEL_JOB_COUNT",
        First::Zero,
    ),
    engine(
        "Bitbucket",
        "BITBUCKET_PARALLEL_STEP",
        "BITBUCKET_PARALLEL_STEP_COUNT",
        First::Zero,
    ),
    Engine {
        sign: Some("TEST_SHARD_STATUS_FILE"),
        ..engine(
            "Bazel",
            "TEST_SHARD_INDEX",
            "TEST_TOTAL_SHARDS",
            First::Zero,
        )
    },
    engine(
        "Slurm",
        "SLURM_ARRAY_TASK_ID",
        "SLURM_ARRAY_TASK_COUNT",
        First::Told("SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
    ),
    engine(
        "AWS Batch",
        "AWS_BATCH_JOB_ARRAY_INDEX",
        "AWS_BATCH_JOB_ARRAY_SIZE",
        First::Zero,
    ),
];

/// The engine that runs this job, and the part that the job is.
fn of_environment(
    var: &dyn Fn(&str) -> Option<String>,
) -> Result<(&'static Engine, Shard), String> {
    let told = ENGINES.iter();
    let told: Vec<&Engine> = told.filter(|engine| var(engine.index).is_some()).collect();
    match told.as_slice() {
        [engine] => Ok((engine, engine.shard(var)?)),
        [] => {
            let known: Vec<&str> = ENGINES.iter().map(|engine| engine.name).collect();
            Err(format!(
                "`--shard auto` finds no variable of {}: write `--shard K/N`",
                known.join(", ")
            ))
        }
        [one, other, ..] => Err(format!(
            "`--shard auto` finds {} of {} and {} of {}: write `--shard K/N`",
            one.index, one.name, other.index, other.name
        )),
    }
}

impl Engine {
    fn shard(&self, var: &dyn Fn(&str) -> Option<String>) -> Result<Shard, String> {
        let number = |name: &str| -> Result<u32, String> {
            let text = var(name).ok_or_else(|| {
                format!(
                    "{} sets {} and not {name}: write `--shard K/N`",
                    self.name, self.index
                )
            })?;
            let number = text.parse();
            number.map_err(|_| format!("{name} is `{text}`, which is no number"))
        };
        let (first, step) = match self.first {
            First::Zero => (0, 1),
            First::One => (1, 1),
            First::Told(first, step) => {
                let step = var(step).map_or(Ok(1), |_| number(step))?;
                (number(first)?, step.max(1))
            }
        };
        let (index, total) = (number(self.index)?, number(self.total)?);
        let index = index.checked_sub(first).map(|after| after / step + 1);
        Shard::new(index.unwrap_or(0), total).map_err(|why| {
            format!(
                "{} says {}: {why}",
                self.index,
                number(self.index).unwrap_or(0)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Result<(&'static str, String), String> {
        let var = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_string())
        };
        of_environment(&var).map(|(engine, shard)| (engine.name, shard.to_string()))
    }

    #[test]
    fn each_engine_counts_in_its_own_way() {
        for (variables, name, shard) in [
            (
                &[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "5")][..],
                "GitLab",
                "3/5",
            ),
            (
                &[("SEMAPHORE_JOB_INDEX", "1"), ("SEMAPHORE_JOB_COUNT", "4")],
                "Semaphore",
                "1/4",
            ),
            (
                &[("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "4")],
                "CircleCI",
                "1/4",
            ),
            (
                &[
                    ("BUILDKITE_PARALLEL_JOB", "3"),
                    ("BUILDKITE_PARALLEL_JOB_COUNT", "4"),
                ],
                "Buildkite",
                "4/4",
            ),
            (
                &[
                    ("BITBUCKET_PARALLEL_STEP", "1"),
                    ("BITBUCKET_PARALLEL_STEP_COUNT", "2"),
                ],
                "Bitbucket",
                "2/2",
            ),
            (
                &[("TEST_SHARD_INDEX", "6"), ("TEST_TOTAL_SHARDS", "7")],
                "Bazel",
                "7/7",
            ),
            (
                &[
                    ("SLURM_ARRAY_TASK_ID", "14"),
                    ("SLURM_ARRAY_TASK_COUNT", "8"),
                    ("SLURM_ARRAY_TASK_MIN", "0"),
                    ("SLURM_ARRAY_TASK_STEP", "2"),
                ],
                "Slurm",
                "8/8",
            ),
            (
                &[
                    ("AWS_BATCH_JOB_ARRAY_INDEX", "0"),
                    ("AWS_BATCH_JOB_ARRAY_SIZE", "16"),
                ],
                "AWS Batch",
                "1/16",
            ),
        ] {
            assert_eq!(found(variables), Ok((name, shard.to_string())));
        }
    }

    #[test]
    fn what_no_engine_or_two_say_and_what_is_no_part_is_refused() {
        for (variables, says) in [
            (&[][..], "finds no variable of GitLab, Semaphore"),
            (
                &[("CI_NODE_INDEX", "1"), ("CIRCLE_NODE_INDEX", "0")],
                "of GitLab and",
            ),
            (&[("CI_NODE_INDEX", "1")], "not CI_NODE_TOTAL"),
            (
                &[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "5")],
                "counted from 1",
            ),
            (
                &[("CIRCLE_NODE_INDEX", "5"), ("CIRCLE_NODE_TOTAL", "5")],
                "no shard 6 of 5",
            ),
            (
                &[("CI_NODE_INDEX", "x"), ("CI_NODE_TOTAL", "5")],
                "no number",
            ),
        ] {
            let error = found(variables).unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
