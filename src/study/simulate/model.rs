//! A scenario as the simulator takes it, and many runs of it with different luck.

use rayon::prelude::*;

use super::{Failed, Load};
use crate::models;
use crate::physical::{Plan, Stage};
use crate::report::Interval;
use crate::scenario::shape::ManagerName;
use crate::scenario::{Job, Scenario, Step};
use crate::sim::{self, Cluster, Mode, Overheads, Pool, Run, Stop, TaskRun, Work};
use crate::stats::{Luck, Noise, Stragglers};
use crate::units::{Moment, Ratio, Seconds, number};

/// A scenario as the simulator takes it.
pub(super) struct Model {
    pub(super) cluster: Cluster,
    jobs: Vec<sim::Job>,
    pub(super) noise: Noise,
}

/// What many runs amount to.
pub(super) struct Runs {
    /// From the first submission to the last task's end, in seconds.
    pub(super) makespans: Vec<f64>,
    /// For each stage, its spans.
    pub(super) stages: Vec<Vec<f64>>,
}

impl Model {
    pub(super) fn new(scenario: &Scenario, plan: &Plan, loads: &[Load]) -> Self {
        let overheads = overheads(scenario);
        let stage = |index: usize, first: usize| {
            let stage = &plan.stages[index];
            // A measured pace has the overhead of a task in it.
            let inside = if stage.pace.is_some() { overheads.task_overhead } else { Seconds::ZERO };
            let groups = loads[index].costs.iter();
            let groups = groups.map(|(cost, n)| (cost.seconds().saturating_sub(inside), *n));
            sim::Stage {
                parents: stage.parents.iter().map(|it| it - first).collect(),
                tasks: Work::Groups(groups.collect()),
            }
        };
        let jobs = plan.jobs.iter().map(|planned| {
            let job = &scenario.jobs[planned.job];
            sim::Job {
                submitted: Moment::START + job.at,
                after: job.after.clone(),
                delay: listing(scenario, job, &plan.stages[planned.first]),
                pool: job.pool,
                stages: (planned.first..planned.end).map(|it| stage(it, planned.first)).collect(),
            }
        });
        let noise = noise(scenario, loads);
        Self { cluster: cluster(scenario, overheads), jobs: jobs.collect(), noise }
    }

    /// The run without noise, and its tasks where they are to be drawn.
    pub(super) fn calm(&self, draw: bool) -> Result<(Run, Vec<TaskRun>), Failed> {
        let mut drawn: Vec<TaskRun> = Vec::new();
        let run = if draw {
            sim::watch(&self.cluster, &self.jobs, None, &mut drawn)
        } else {
            sim::simulate(&self.cluster, &self.jobs)
        };
        if run.stop == Stop::Finished { Ok((run, drawn)) } else { Err(Failed::TooLong) }
    }

    /// Many runs, on all threads; equal numbers on any number of them.
    pub(super) fn luck(&self, scenario: &Scenario, runs: u32) -> Result<Runs, Failed> {
        let luck = Luck::new(&self.noise, scenario.seed);
        if let [job] = self.jobs.as_slice()
            && job.stages.len() == 1
        {
            return self.one_stage(&luck, runs, job.submitted);
        }
        let one = |run: u32| -> Result<(f64, Vec<f64>), Failed> {
            let run = sim::simulate_noisy(&self.cluster, &self.jobs, &luck, run);
            if run.stop != Stop::Finished {
                return Err(Failed::TooLong);
            }
            let span = |it: &sim::StageRun| it.finished.since(it.submitted).as_f64();
            let stages = run.stages.iter().map(span).collect();
            Ok((run.makespan.since(Moment::START).as_f64(), stages))
        };
        let all: Result<Vec<_>, Failed> = (0..runs).into_par_iter().map(one).collect();
        let all = all?;
        let stages = all.first().map_or(0, |(_, stages)| stages.len());
        Ok(Runs {
            stages: (0..stages).map(|it| all.iter().map(|(_, s)| s[it]).collect()).collect(),
            makespans: all.into_iter().map(|(makespan, _)| makespan).collect(),
        })
    }

    /// The common case, four runs at once: the stage's span is that of the job.
    fn one_stage(&self, luck: &Luck, runs: u32, submitted: Moment) -> Result<Runs, Failed> {
        /// Runs that one thread takes at a time.
        const PIECE: u32 = 16;
        let piece = |start: u32| {
            let end = (start.saturating_mul(PIECE).saturating_add(PIECE)).min(runs);
            sim::replicate(&self.cluster, &self.jobs, luck, start * PIECE..end)
        };
        let pieces: Result<Vec<_>, Stop> =
            (0..runs.div_ceil(PIECE)).into_par_iter().map(piece).collect();
        let ends: Vec<Moment> = pieces.map_err(|_| Failed::TooLong)?.concat();
        Ok(Runs {
            makespans: ends.iter().map(|it| it.since(Moment::START).as_f64()).collect(),
            stages: vec![ends.iter().map(|it| it.since(submitted).as_f64()).collect()],
        })
    }
}

/// The driver's listing before a job: of a table whose files are found by looking. A Delta log
/// needs none, and a measured pace has it in it.
fn listing(scenario: &Scenario, job: &Job, stage: &Stage) -> Seconds {
    let Some(Step::Read(read)) = job.steps.first() else { return Seconds::ZERO };
    let table = &scenario.tables[read.table];
    let (directories, _) = table.directories;
    if job.pace.is_some() || directories == 0 {
        return Seconds::ZERO;
    }
    let around = super::surroundings(scenario, stage);
    crate::cost::listing(number::count(table.files.len()), directories, &around)
}

fn cluster(scenario: &Scenario, overheads: Overheads) -> Cluster {
    let cluster = &scenario.cluster;
    let nodes = cluster.nodes.max(1);
    let executor =
        |index: u32| sim::Executor { slots: cluster.executor.slots, node: index % nodes };
    let pool = |it: &crate::scenario::Pool| Pool {
        name: it.name.clone(),
        weight: it.weight,
        min_share: it.min_share,
    };
    let pools = scenario.pools.iter().map(pool).collect();
    Cluster {
        executors: (0..cluster.grant.executors).map(executor).collect(),
        mode: if scenario.fair { Mode::Fair(pools) } else { Mode::Fifo },
        overheads,
    }
}

fn backend(scenario: &Scenario) -> &'static models::scheduler::Backend {
    let local = scenario.cluster.manager == ManagerName::Local;
    models::scheduler::backend(scenario.version.name(), local)
}

/// What the driver adds to the tasks, measured on real Spark. Launches follow each other at the
/// driver's own pace: executors start tasks with processors of their own.
fn overheads(scenario: &Scenario) -> Overheads {
    const MILLI: f64 = 1e-3;
    let backend = backend(scenario);
    let span = |millis: f64| Seconds::from_f64(millis * MILLI);
    Overheads {
        submit_delay: span(backend.submit_ms.typical),
        launch_interval: span(backend.offer_ms.typical),
        task_overhead: Seconds::from_f64(models::noise::catalog().task_overhead_seconds.typical),
        relaunch_gap: span(backend.gap_ms.typical),
    }
}

pub(super) fn cold_start(scenario: &Scenario) -> Interval {
    const MILLI: f64 = 1e-3;
    let cold = backend(scenario).cold_start_ms;
    Interval { typical: cold.typical * MILLI, low: cold.low * MILLI, high: cold.high * MILLI }
}

/// The spread of tasks as learned from logs, and that of the rates as measured, weighted by time.
fn noise(scenario: &Scenario, loads: &[Load]) -> Noise {
    /// From the 10th to the 90th percentile of a normal distribution, in standard deviations.
    const TENTH_TO_NINETIETH: f64 = 2.563_103;
    if !scenario.noise.on {
        return Noise::default();
    }
    let learned = models::noise::catalog();
    let tasks = scenario.noise.spread.unwrap_or(learned.sigma.typical);
    let share = scenario.noise.stragglers.map_or(learned.straggler_share.typical, Ratio::get);
    let mut weighted = (0.0, 0.0);
    for (cost, count) in loads.iter().flat_map(|it| &it.costs) {
        let (low, high) = cost.factors();
        let weight = cost.seconds().as_f64() * number::float(*count);
        if low > 0.0 && high > low {
            weighted.0 += weight * libm::log(high / low) / TENTH_TO_NINETIETH;
        }
        weighted.1 += weight;
    }
    let run = if weighted.1 > 0.0 { weighted.0 / weighted.1 } else { 0.0 };
    let stragglers = (share > 0.0)
        .then_some(Stragglers { probability: share, factor: learned.straggler_factor.typical });
    Noise { tasks, run, stragglers }
}
