//! Text in, a [`Scenario`] that cannot be wrong out, or every problem at once.
//!
//! A file is read into a tree in which everything knows its place; the command line is laid over
//! it; the tree is held against the schema of its types; and then every field gets its meaning
//! exactly once.

mod check;
pub mod cluster;
pub mod conf;
pub mod job;
mod meaning;
mod overrides;
pub mod settings;
pub mod shape;
pub mod table;
mod tree;
pub mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

pub use check::schema;
pub use cluster::Cluster;
pub use conf::{Conf, Origin};
pub use job::{Job, Step};
pub use meaning::Resolved;
pub use overrides::Overrides;
pub use table::Table;

use crate::diagnostic::{self, Code, Diagnostic, Place, SourceId, Sources};
use crate::evidence::{Disk, Watch};
use crate::models::engine;
use crate::spark::Version;
use crate::stats::Seed;
use crate::units::Ratio;
use meaning::Meaning;
use shape::{PoolFile, ScenarioFile};
use tree::{Node, Value};

/// How many runs the intervals are made of, where nobody says: enough for the 5th and the 95th
/// percentile to stand on ten runs each.
const RUNS: u32 = 200;
/// The seed, where nobody says.
const SEED: u64 = 42;
/// Placements that an interval may cost where nobody says how many runs to make; about a second.
const PLACEMENTS: u64 = 50_000_000;

/// A scenario that can be planned and simulated. Made only by [`Scenario::read`].
#[derive(Clone, Debug)]
pub struct Scenario {
    /// A name for reports.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The Spark that decides.
    pub version: Version,
    /// Spark's settings.
    pub conf: Conf,
    /// The machines, and what is granted on them.
    pub cluster: Cluster,
    /// The tables that jobs read.
    pub tables: Vec<Table>,
    /// What runs.
    pub jobs: Vec<Job>,
    /// The pools of the FAIR scheduler; the first is the default pool.
    pub pools: Vec<Pool>,
    /// Whether pools share fairly; else the first job comes first.
    pub fair: bool,
    /// How many runs, where somebody said.
    runs: Option<u32>,
    /// Where luck comes from.
    pub seed: Seed,
    /// How much of it there is.
    pub noise: Noise,
    /// Every value that enters the answer, and who set it.
    pub resolved: Vec<Resolved>,
}

/// A pool of the FAIR scheduler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// Its share against other pools.
    pub weight: u32,
    /// Cores that it gets before shares count.
    pub min_share: u32,
}

/// How much luck is simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Whether any is.
    pub on: bool,
    /// Standard deviation of the logarithm of task times, where somebody said.
    pub spread: Option<f64>,
    /// Share of stragglers, where somebody said.
    pub stragglers: Option<Ratio>,
}

/// What reading a scenario needs beside its text.
pub struct Surroundings<'a> {
    /// Where files are.
    pub disk: &'a dyn Disk,
    /// The directory that paths are relative to: that of the scenario file.
    pub base: &'a Path,
    /// What stands on the command line.
    pub overrides: &'a Overrides,
    /// Told while tables are read; can stop the reading.
    pub watch: Watch<'a>,
}

impl Scenario {
    /// Reads a scenario. Warnings are returned beside it; where anything is wrong, everything that
    /// is wrong is returned instead, sorted by place.
    ///
    /// # Errors
    /// All problems of the text, the command line, and the tables that they name.
    pub fn read(
        sources: &mut Sources,
        source: SourceId,
        mut around: Surroundings<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let tree = tree::read(sources, source, &mut problems);
        let mut tree = match tree {
            Some(tree) if problems.is_empty() => tree,
            _ => return Err(sorted(problems)),
        };
        around.overrides.apply(&mut tree, sources, &mut problems);
        problems.extend(check::check(&tree));
        let slips: BTreeSet<Place> =
            problems.iter().filter(|it| it.is_error()).filter_map(|it| it.place).collect();
        let spoilt = problems.iter().any(Diagnostic::is_error);
        // Without the words that are wrong the rest may still mean something.
        let file = match ScenarioFile::deserialize(tree.plain_without(&slips)) {
            Ok(file) => file,
            Err(_) if spoilt => return Err(sorted(problems)),
            Err(error) => {
                return Err(vec![Diagnostic::new(Code::Syntax, error.message().to_owned())]);
            }
        };
        let mut meaning = Meaning::new(&tree, sources);
        let fallback = sources.get(source).name.clone();
        let scenario = give_meaning(&mut meaning, file, &fallback, &mut around);
        let found = meaning.problems.into_iter();
        problems.extend(found.filter(|it| !spoilt || stands_alone(it.code)));
        let problems = sorted(problems);
        match scenario {
            Some(mut scenario) if !problems.iter().any(Diagnostic::is_error) => {
                scenario.resolved = meaning.resolved;
                Ok((scenario, problems))
            }
            _ => Err(problems),
        }
    }

    /// How many runs the intervals are made of, for a plan of so many tasks.
    pub fn runs(&self, tasks: u64) -> u32 {
        if !self.noise.on {
            return 1;
        }
        let affordable = u32::try_from(PLACEMENTS / tasks.max(1)).unwrap_or(u32::MAX);
        self.runs.unwrap_or_else(|| affordable.clamp(20, RUNS))
    }
}

/// Whether a problem of this kind is true even where other words of the scenario were left out
/// because they were wrong.
fn stands_alone(code: Code) -> bool {
    !matches!(
        code,
        Code::MissingField
            | Code::OutOfRange
            | Code::ExecutorTooLarge
            | Code::ZeroSplitSize
            | Code::NoSlots
            | Code::TooMuch
            | Code::FewerExecutors
            | Code::PassedOver
    )
}

fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostic::sort(&mut problems);
    problems
}

fn give_meaning(
    meaning: &mut Meaning<'_>,
    file: ScenarioFile,
    fallback_name: &str,
    around: &mut Surroundings<'_>,
) -> Option<Scenario> {
    let (engine, version) = engine(meaning, file.engine.and_then(|it| it.spark));
    let mut conf = Conf::new(engine);
    if let Some(Value::Table(table)) = meaning.tree.find(&["conf"]).map(|it: &Node| &it.value) {
        let mut problems = Vec::new();
        conf.read(table, meaning.sources, &mut problems);
        meaning.problems.extend(problems);
    }
    let simulation = file.simulation.unwrap_or_default();
    let default = || (SEED, Origin::Default("plan".to_owned()));
    let seed = meaning.pick(&["simulation", "seed"], simulation.seed, default);
    let seed = Seed(seed);
    let on = || (true, Origin::Default("plan".to_owned()));
    let noise = Noise {
        on: meaning.pick(&["simulation", "noise"], simulation.noise, on),
        spread: simulation.spread,
        stragglers: simulation.stragglers.map(|it| it.0),
    };
    let cluster = cluster::read(meaning, &file.cluster, &mut conf, version);
    let mut world =
        table::World { disk: around.disk, base: around.base, version, seed, watch: around.watch };
    let tables: Vec<Table> = file
        .tables
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, file)| table::read(meaning, &mut world, name, file))
        .collect();
    let pools = pools(&file.pools.unwrap_or_default());
    let names: Vec<String> = pools.iter().map(|it| it.name.clone()).collect();
    let codec = |format: &str| crate::models::format::default_codec(format, version.name());
    let jobs = job::read(meaning, file.jobs, &tables, &names, codec);
    let fair = fair(meaning, &conf, &names);
    settings::check(meaning, &conf);
    let cluster = cluster?;
    if !meaning.problems.iter().any(Diagnostic::is_error) {
        settings::check_scans(meaning, &conf, &cluster, &tables, &jobs);
    }
    Some(Scenario {
        name: file.name.unwrap_or_else(|| fallback_name.to_owned()),
        description: file.description.unwrap_or_default(),
        version,
        cluster,
        conf,
        tables,
        jobs,
        pools,
        fair: fair?,
        runs: simulation.runs,
        seed,
        noise,
        resolved: Vec::new(),
    })
}

/// The engine, by the name under which its settings are kept; the default one where the one that
/// was asked for is not known, so that the rest can be looked at.
fn engine(meaning: &mut Meaning<'_>, written: Option<String>) -> (&'static str, Version) {
    let default = || (engine::DEFAULT.to_owned(), Origin::Default("newest compared".to_owned()));
    let wanted = meaning.pick(&["engine", "spark"], written, default);
    let known =
        || engine::versions().find(|it| wanted == *it || wanted.starts_with(&format!("{it}.")));
    if let Some(found) = known().and_then(|name| Some((name, Version::of(name)?))) {
        return found;
    }
    let versions: Vec<&str> = engine::versions().collect();
    let message = format!("Spark {wanted} is not known here");
    let label = format!("known: {}", versions.join(", "));
    meaning.problem(Code::UnknownName, &["engine", "spark"], message, &label);
    (engine::DEFAULT, Version::of(engine::DEFAULT).expect("the default is a version"))
}

fn pools(written: &BTreeMap<String, PoolFile>) -> Vec<Pool> {
    let default = PoolFile { weight: None, min_share: None };
    let rest = written.iter().filter(|(name, _)| *name != "default");
    let first = ("default", written.get("default").copied().unwrap_or(default));
    std::iter::once(first)
        .chain(rest.map(|(name, pool)| (name.as_str(), *pool)))
        .map(|(name, pool)| Pool {
            name: name.to_owned(),
            weight: pool.weight.unwrap_or(1),
            min_share: pool.min_share.unwrap_or(0),
        })
        .collect()
}

/// Whether pools share fairly (`spark.scheduler.mode`).
fn fair(meaning: &mut Meaning<'_>, conf: &Conf, pools: &[String]) -> Option<bool> {
    let (mode, origin) = conf.text("spark.scheduler.mode")?;
    let fair = match mode.to_ascii_uppercase().as_str() {
        "FAIR" => true,
        "FIFO" => false,
        _ => {
            let problem = conf.complain("spark.scheduler.mode", "FIFO or FAIR");
            meaning.problems.push(problem);
            return None;
        }
    };
    if !fair && pools.len() > 1 {
        let message = "pools have no effect while `spark.scheduler.mode` is FIFO".to_owned();
        let label = "Spark reads them in FAIR mode only";
        let problem = meaning.about(Code::PassedOver, &["pools"], message, label);
        let problem = problem.help("add `spark.scheduler.mode = \"FAIR\"` to `[conf]`");
        meaning.problems.push(problem);
    }
    meaning.note("spark.scheduler.mode", &mode.to_owned(), origin);
    Some(fair)
}
