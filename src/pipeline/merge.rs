//! Merges the reports of all shards of a run into the report of the run. What does not belong together is refused, by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Clock;
use crate::discover::Suite;
use crate::model::case::Program;
use crate::model::report::{ProgramResult, Report, ToolchainRow, Trial};
use crate::model::shard::{Manifest, ManifestRow, MergedShard, Shard};
use crate::model::toolchain::Toolchain;
use crate::model::verdict::{Class, Verdict};
use crate::model::version::Version;
use crate::toolchain::platform;

use super::merge_error::MergeError;
use super::report::Start;
use super::request::{LEAST_TOLD, Perturbation};
use super::sharding::{RowName, digests, row_name};
use super::tally::{Tally, concluded};

/// The report of one shard.
struct ShardReport {
    /// The name of its file.
    file: String,
    shard: Shard,
    manifest: Manifest,
    report: Report,
}

/// The parts of a row, each with the name of its file.
type Parts<'s> = Vec<(&'s str, &'s ProgramResult)>;

/// A report of the whole run, and what should be said of the merging.
#[derive(Debug)]
pub struct Merged {
    /// The report.
    pub report: Report,
    /// A sentence for each report that another of the same shard replaces.
    pub notes: Vec<String>,
}

/// Merges the reports of all shards, each with the name of its file. `suite` has to be the one that they were found with.
///
/// # Errors
/// Everything that keeps them from being parts of one run.
pub fn merge(
    suite: &Suite,
    reports: Vec<(String, Report)>,
    clock: Clock,
) -> Result<Merged, Vec<MergeError>> {
    let start = Start::now(clock);
    let (shards, notes) = latest(parsed(reports)?);
    let Some(first) = shards.first() else {
        return Err(vec![MergeError::Nothing]);
    };
    let manifest = first.manifest.clone();
    let problems = problems(suite, &shards, first);
    if !problems.is_empty() {
        return Err(problems);
    }
    let toolchains: Vec<Toolchain> = first.report.toolchains.iter().map(toolchain).collect();
    let merged_from: Vec<MergedShard> = shards.iter().map(provenance).collect();
    let started = shards
        .iter()
        .map(|shard| shard.report.started.clone())
        .min();
    let mut elapsed_ms = 0.0_f64;
    for shard in &shards {
        elapsed_ms = elapsed_ms.max(shard.report.elapsed_ms);
    }
    let (rows, host) = (rows_by_name(shards.iter()), first.report.host.clone());
    let results = manifest.rows.iter().filter_map(|row| {
        let parts = rows.get(&(row.program.clone(), row.toolchain.clone()))?;
        merged_row(suite, &toolchains, &manifest, parts)
    });
    let report = start.report(suite, &toolchains, results.collect(), false);
    Ok(Merged {
        report: Report {
            toolchains: first.report.toolchains.clone(),
            started: started.unwrap_or(report.started),
            elapsed_ms,
            host,
            merged: merged_from,
            ..report
        },
        notes,
    })
}

fn parsed(reports: Vec<(String, Report)>) -> Result<Vec<ShardReport>, Vec<MergeError>> {
    let (mut shards, mut problems) = (Vec::new(), Vec::new());
    for (file, mut report) in reports {
        let shard = report.shard.as_deref().and_then(|shard| shard.parse().ok());
        match (shard, report.manifest.take()) {
            (Some(shard), Some(manifest)) => shards.push(ShardReport {
                file,
                shard,
                manifest,
                report,
            }),
            _ => problems.push(MergeError::NoShard { file }),
        }
    }
    if problems.is_empty() {
        Ok(shards)
    } else {
        Err(problems)
    }
}

/// The shards in their order. Of several reports of one, the last that began is that of a retry, and counts.
fn latest(mut reports: Vec<ShardReport>) -> (Vec<ShardReport>, Vec<String>) {
    reports.sort_by(|a, b| {
        (a.shard.index, &a.report.started).cmp(&(b.shard.index, &b.report.started))
    });
    let mut shards: Vec<ShardReport> = Vec::new();
    let mut notes = Vec::new();
    for report in reports {
        if let Some(before) = shards.pop_if(|before| before.shard == report.shard) {
            notes.push(format!(
                "shard {}: {} began later than {} and replaces it",
                report.shard, report.file, before.file
            ));
        }
        shards.push(report);
    }
    (shards, notes)
}

/// Everything that keeps these shards from being all of one run of this suite.
fn problems(suite: &Suite, shards: &[ShardReport], first: &ShardReport) -> Vec<MergeError> {
    let mut problems = Vec::new();
    for shard in shards {
        problems.extend(difference(shard, first));
        if shard.report.partial {
            problems.push(MergeError::Interrupted {
                file: shard.file.clone(),
                shard: shard.shard,
            });
        }
    }
    if !problems.is_empty() {
        return problems;
    }
    let here = digests(suite.cases.iter());
    let other = first.manifest.suite.iter();
    let other = other.filter(|(case, digest)| here.get(*case) != Some(*digest));
    let other: Vec<String> = other.map(|(case, _)| case.clone()).collect();
    if !other.is_empty() {
        problems.push(MergeError::OtherCasesHere { cases: other });
    }
    let present: BTreeSet<u32> = shards.iter().map(|shard| shard.shard.index).collect();
    let lost = (1..=first.shard.total).filter(|index| !present.contains(index));
    let lost: Vec<u32> = lost.collect();
    if !lost.is_empty() {
        let total = first.shard.total;
        problems.push(MergeError::Hole { lost, total });
    }
    problems.extend(shards.iter().flat_map(foreign_rows));
    problems.extend(doubles(shards));
    problems
}

/// What is not the same of two shards.
fn difference(shard: &ShardReport, first: &ShardReport) -> Option<MergeError> {
    let differs = |what: String| MergeError::Foreign {
        file: shard.file.clone(),
        first: first.file.clone(),
        what,
    };
    let (mine, other) = (&shard.manifest, &first.manifest);
    let (tool, other_tool) = (&shard.report.repro, &first.report.repro);
    if tool != other_tool {
        return Some(differs(format!(
            "it was written by repro {tool}, not {other_tool}"
        )));
    }
    if shard.shard.total != first.shard.total {
        let (total, other) = (shard.shard.total, first.shard.total);
        return Some(differs(format!(
            "it is one of {total} shards, not of {other}"
        )));
    }
    if mine.command != other.command {
        return Some(differs(format!(
            "it is of `repro {}`, not `repro {}`",
            mine.command, other.command
        )));
    }
    let names = mine.options.keys().chain(other.options.keys());
    let mut names = names.filter(|name| mine.options.get(*name) != other.options.get(*name));
    if let Some(name) = names.next() {
        let of = |options: &Manifest| options.options.get(name).cloned().unwrap_or("none".into());
        return Some(differs(format!(
            "its option `{name}` is {}, not {}",
            of(mine),
            of(other)
        )));
    }
    let cases = mine.suite.keys().chain(other.suite.keys());
    let mut cases = cases.filter(|case| mine.suite.get(*case) != other.suite.get(*case));
    if let Some(case) = cases.next() {
        return Some(differs(format!("its case {case} is another")));
    }
    let rows = mine.rows.iter().filter(|row| !other.rows.contains(row));
    let row = rows
        .chain(other.rows.iter().filter(|row| !mine.rows.contains(row)))
        .next();
    let row = row.map(|row| differs(format!("its manifest is another: see {row}")));
    row.or_else(|| (mine != other).then(|| differs("the order of its manifest is another".into())))
}

/// Rows that a shard should not have, and rows that it lacks.
fn foreign_rows(shard: &ShardReport) -> Vec<MergeError> {
    let mine = |row: &&ManifestRow| row.trials.contains_key(&shard.shard.index);
    let wanted = shard.manifest.rows.iter().filter(mine);
    let wanted: BTreeSet<_> = wanted
        .map(|row| (row.program.clone(), row.toolchain.clone()))
        .collect();
    let found: BTreeSet<_> = shard.report.results.iter().map(row_name).collect();
    let problem = |program: &RowName, is_missing| MergeError::Row {
        file: shard.file.clone(),
        program: program.0.clone(),
        is_missing,
    };
    let missing = wanted.difference(&found).map(|row| problem(row, true));
    let foreign = found.difference(&wanted).map(|row| problem(row, false));
    missing.chain(foreign).collect()
}

/// Trials that two shards claim to have run.
fn doubles(shards: &[ShardReport]) -> Vec<MergeError> {
    let mut problems = Vec::new();
    for ((program, _), parts) in rows_by_name(shards.iter()) {
        let mut seen: BTreeMap<u32, &str> = BTreeMap::new();
        let trials = parts
            .iter()
            .flat_map(|(file, row)| row.trials.iter().map(move |t| (file, t.id)));
        let double = trials
            .into_iter()
            .find_map(|(file, id)| Some((seen.insert(id, file)?, file, id)));
        problems.extend(double.map(|(first, file, trial)| MergeError::Double {
            first: first.into(),
            file: (*file).into(),
            program,
            trial,
        }));
    }
    problems
}

/// The parts of each row, each with the name of its file.
fn rows_by_name<'s>(shards: impl Iterator<Item = &'s ShardReport>) -> BTreeMap<RowName, Parts<'s>> {
    let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for shard in shards {
        for row in &shard.report.results {
            rows.entry(row_name(row))
                .or_default()
                .push((shard.file.as_str(), row));
        }
    }
    rows
}

/// The row that these parts come to.
fn merged_row(
    suite: &Suite,
    toolchains: &[Toolchain],
    manifest: &Manifest,
    parts: &[(&str, &ProgramResult)],
) -> Option<ProgramResult> {
    let rows: Vec<&ProgramResult> = parts.iter().map(|(_, row)| *row).collect();
    let first = *rows.first()?;
    let case = suite.cases.iter().find(|case| case.name == first.case)?;
    let program = case
        .programs
        .iter()
        .find(|program| program.name() == first.program());
    let toolchain = toolchains
        .iter()
        .find(|known| Some(known.name()) == first.toolchain);
    let program = program.map(|program| match toolchain {
        Some(toolchain) => program.on(platform(toolchain)).clone(),
        None => program.clone(),
    });
    // A log that is judged as no program of the case has none.
    let unnamed = || Program::unnamed(case, &first.language, &first.variant);
    let program = program.unwrap_or_else(unnamed);
    let weightiest = rows.iter().min_by_key(|row| row.verdict.class());
    let tallies = tallies(&rows, manifest.command == "judge");
    let Some(merged) = concluded(case, &program, toolchain, tallies, least_told(manifest)) else {
        return weightiest.map(|row| (*row).clone());
    };
    let build_ms = rows.iter().filter_map(|row| row.build_ms).reduce(f64::max);
    let merged = ProgramResult { build_ms, ..merged };
    let unfit = rows
        .iter()
        .find(|row| row.verdict.class() == Class::Environment);
    Some(match (rows.as_slice(), unfit) {
        // It says more of the reason than can be found out again.
        ([alone], _) => ProgramResult {
            verdict: alone.verdict,
            reason: alone.reason.clone(),
            ..merged
        },
        (_, Some(unfit)) if merged.verdict.class() > Class::Environment => ProgramResult {
            verdict: Verdict::Error,
            reason: unfit.reason.clone(),
            ..merged
        },
        _ => merged,
    })
}

/// The trials of all parts, apart for each perturbation, in the order in which they would have been run.
fn tallies(rows: &[&ProgramResult], are_traces: bool) -> Vec<Tally> {
    let mut trials: Vec<Trial> = rows
        .iter()
        .flat_map(|row| row.trials.iter().cloned())
        .collect();
    trials.sort_by_key(|trial| trial.id);
    let mut tallies: Vec<Tally> = Vec::new();
    for statistics in rows.iter().flat_map(|row| &row.statistics) {
        let name = statistics
            .perturbation
            .as_deref()
            .and_then(Perturbation::named);
        let name = name.map(Perturbation::name);
        let at = tallies
            .iter()
            .position(|tally| tally.perturbation() == name);
        let at = at.unwrap_or_else(|| {
            tallies.push(Tally::new(name));
            tallies.len() - 1
        });
        tallies[at].add_orders(&statistics.orders);
    }
    for trial in trials {
        let name = trial.perturbation.as_deref();
        let tally = tallies
            .iter_mut()
            .find(|tally| are_traces || tally.perturbation() == name);
        if let Some(tally) = tally {
            tally.add_stored(trial);
        }
    }
    let asked = rows.iter().filter_map(|row| row.asked).sum();
    if let Some(first) = tallies.first_mut() {
        if are_traces {
            first.count_asked_by_traces();
        } else {
            first.asked = asked;
        }
    }
    tallies
}

/// The share of the trials that has to be told, as the manifest has it.
fn least_told(manifest: &Manifest) -> f64 {
    let given = manifest.options.get("least-told");
    let percent = given.and_then(|given| given.strip_suffix('%')?.parse::<f64>().ok());
    percent.map_or(LEAST_TOLD, |percent| percent / 100.0)
}

fn toolchain(row: &ToolchainRow) -> Toolchain {
    Toolchain {
        language: row.language.clone(),
        implementation: row.implementation.clone(),
        version: Version::parse(&row.version),
        path: row.path.clone(),
    }
}

fn provenance(shard: &ShardReport) -> MergedShard {
    let report = &shard.report;
    MergedShard {
        shard: shard.shard.to_string(),
        host: report.host.clone(),
        started: report.started.clone(),
        elapsed_ms: report.elapsed_ms,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::rejudge::{StoredTrace, rejudge};
    use super::*;
    use crate::discover::SuiteOrigin;
    use crate::model::interval::Interval;
    use crate::model::trace::Stream;
    use crate::random::Random;
    use crate::spec;
    use crate::trace_format::{self, TraceFile, TraceOrigin};

    const CASE: &str = "schema = 1\ntitle = \"t\"\nclaim = \"c\"\nextra = { stdout = true }\n\
        [events]\none = \"one\"\ntwo = \"two\"\n\
        [behaviours.first]\nexpect = [ { order = \"one < two\" } ]\n\
        [behaviours.second]\npitfall = true\nexpect = [ { order = \"two < one\" } ]\n\
        [programs.python.p]\npath = \"p.py\"\nshows = { first = \"must\", second = \"may\" }\n\
        [programs.go.q]\npath = \"q.go\"\nshows = \"second\"\n";

    fn suite() -> Suite {
        let case = spec::read(Path::new("case.toml"), CASE, "sample", Path::new(".")).unwrap();
        Suite {
            from: SuiteOrigin::BuiltIn,
            cases: vec![case],
            own: 0,
            broken: Vec::new(),
            replacing: Vec::new(),
        }
    }

    /// Traces of two programs: most show a behaviour, some none, and some cannot be told.
    fn traces(suite: &Suite, count: u32) -> Vec<StoredTrace<'_>> {
        let mut random = Random::seeded(7);
        let case = &suite.cases[0];
        let trace = |trial: u32| {
            let program = &case.programs[usize::from(random.below(3) == 0)];
            let logs = [
                "0.1 one\n0.2 two\n",
                "0.1 two\n0.2 one\n",
                "0.1 one\n",
                "0.1 one\n0.2 x\n0.3 two\n",
            ];
            let log = logs[[0, 0, 0, 1, 2, 3, 0][random.below(7)]];
            let mut trace = trace_format::plain(Path::new("a.log"), log).unwrap();
            if random.below(5) == 0 {
                // Which came first cannot be told.
                trace.lines[0].stream = Stream::Stderr;
                for line in &mut trace.lines {
                    line.first = Interval::between(0, 500_000_000);
                    line.last = line.first;
                }
            }
            let origin = TraceOrigin {
                case: case.name.clone(),
                program: program.name(),
                toolchain: None,
                trial,
            };
            StoredTrace {
                case,
                program: program.clone(),
                saved: TraceFile { origin, trace },
                path: PathBuf::from(format!("{trial}.jsonl")),
            }
        };
        (1..=count).map(trace).collect()
    }

    fn shard(suite: &Suite, count: u32, shard: Option<Shard>) -> Report {
        rejudge(suite, traces(suite, count), Clock::manual(), 0.5, shard)
    }

    fn shards(suite: &Suite, count: u32, total: u32) -> Vec<(String, Report)> {
        let report = |index| {
            let report = shard(suite, count, Some(Shard { index, total }));
            // As it is written and read.
            let json = serde_json::to_vec(&report).unwrap();
            (
                format!("{index}.json"),
                serde_json::from_slice(&json).unwrap(),
            )
        };
        (1..=total).map(report).collect()
    }

    /// A report without what depends on the machine, the time and how it came about.
    fn found(report: Report) -> String {
        let mut report = serde_json::to_value(report).unwrap();
        let fields = report.as_object_mut().unwrap();
        for field in ["started", "elapsed_ms", "host", "merged"] {
            fields.remove(field);
        }
        serde_json::to_string_pretty(&report).unwrap()
    }

    #[test]
    fn the_traces_of_a_run_split_judged_and_merged_give_the_report_of_the_run_byte_for_byte() {
        let suite = suite();
        for count in [1, 2, 40, 500] {
            let whole = found(shard(&suite, count, None));
            for total in [1, 2, 7, 64] {
                let merged = merge(&suite, shards(&suite, count, total), Clock::manual()).unwrap();
                assert_eq!(found(merged.report), whole, "{count} traces in {total}");
            }
        }
    }

    /// Reports with the names of their files.
    type Named = Vec<(String, Report)>;

    fn refused(suite: &Suite, reports: Named) -> String {
        let problems = merge(suite, reports, Clock::manual()).unwrap_err();
        problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect()
    }

    #[test]
    fn a_lost_a_doubled_and_a_foreign_shard_are_refused_by_name() {
        let suite = suite();
        let all = || shards(&suite, 40, 4);
        let with = |change: &dyn Fn(&mut Named)| {
            let mut reports = all();
            change(&mut reports);
            refused(&suite, reports)
        };
        let manifest = |report: &mut Report, change: &dyn Fn(&mut Manifest)| {
            change(report.manifest.as_mut().unwrap());
        };
        for (said, expected) in [
            (
                with(&|all| drop(all.remove(2))),
                "a hole: there is no report of shard 3 of 4",
            ),
            (
                with(&|all| drop(all.drain(1..3))),
                "no report of shard 2 and 3 of 4",
            ),
            (with(&|all| all[1].1.shard = None), "2.json is no shard"),
            (
                with(&|all| all[1].1.partial = true),
                "2.json is only a part of shard 2/4",
            ),
            (
                with(&|all| all[1].1.repro = "9".into()),
                "written by repro 9, not",
            ),
            (
                with(&|all| {
                    manifest(&mut all[1].1, &|m| {
                        m.options.insert("trials".into(), "9".into());
                    });
                }),
                "its option `trials` is 9, not none",
            ),
            (
                with(&|all| {
                    manifest(&mut all[1].1, &|m| {
                        m.suite.insert("sample".into(), "0".into());
                    });
                }),
                "its case sample is another",
            ),
            (
                with(&|all| manifest(&mut all[1].1, &|m| m.rows.truncate(1))),
                "its manifest is another: see sample/",
            ),
            (
                with(&|all| all[1] = ("x.json".into(), shards(&suite, 40, 3).remove(1).1)),
                "x.json does not belong to the run of 1.json: it is one of 3 shards, not of 4",
            ),
            (
                with(&|all| all[1].1.results.truncate(1)),
                "2.json lacks its share of sample/",
            ),
            (
                with(&|all| {
                    let trial = all[0].1.results[0].trials[0].clone();
                    all[2].1.results[0].trials.push(trial);
                }),
                "a double: trial 1 of sample/",
            ),
        ] {
            assert!(said.contains(expected), "{said}");
        }
        assert_eq!(refused(&suite, Vec::new()), "there is nothing to merge\n");
    }

    #[test]
    fn other_cases_than_those_that_were_run_are_refused() {
        let mut suite = suite();
        let reports = shards(&suite, 4, 2);
        suite.cases[0].name = "another".into();
        assert!(refused(&suite, reports).contains("these are not the cases that were run: sample"));
    }

    #[test]
    fn a_shard_that_was_run_again_replaces_the_first_and_says_so() {
        let suite = suite();
        let mut reports = shards(&suite, 40, 2);
        let mut retried = reports[0].clone();
        retried.0 = "retried.json".into();
        retried.1.started = "9999".into();
        reports[0].1.partial = true;
        reports.insert(0, retried);
        let merged = merge(&suite, reports, Clock::manual()).unwrap();
        assert_eq!(
            merged.notes,
            ["shard 1/2: retried.json began later than 1.json and replaces it"]
        );
    }
}
