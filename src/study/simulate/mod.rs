//! What happens when a scenario runs: plan, cost, simulation, and the facts of it.

mod capacity;
mod memory;
mod price;
mod stages;
mod timeline;

use std::ops::Range;

use rayon::prelude::*;

use crate::cost::{Surroundings, TaskCost};
use crate::diagnostic::Diagnostic;
use crate::metrics::{self, StageLoad};
use crate::models;
use crate::physical::{self, Plan, Source, Stage, Task};
use crate::report::{self as facts, Answer, Interval, Note, Report, Resolved, Schedule, Verdict};
use crate::scenario::Scenario;
use crate::scenario::shape::ManagerName;
use crate::sim::{self, Cluster, Mode, Overheads, Pool, Run, Stop, TaskRun, Work};
use crate::stats::{Luck, Noise, Stragglers, quantile};
use crate::units::{Moment, Ratio, Seconds, number};

/// Tasks of the largest timeline that is drawn.
const MOST_DRAWN: u64 = 1_000_000;

/// What a person wants to see beside the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Every value that enters the answer, and who set it.
    pub resolved: bool,
    /// One row for each task.
    pub timeline: bool,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// The simulated time is longer than the simulator can count.
    #[error("the jobs take longer than the simulator can count on so many slots")]
    TooLong,
    /// More tasks than can be drawn.
    #[error("a timeline of {0} tasks is too long to draw; at most {MOST_DRAWN}")]
    TooManyToDraw(u64),
}

/// Simulates a scenario. `warnings` are those of reading it.
///
/// # Errors
/// [`Failed`], for scenarios of absurd length.
pub fn simulate(
    scenario: &Scenario,
    wanted: Wanted,
    warnings: &[Diagnostic],
) -> Result<Report, Failed> {
    let plan = physical::plan(scenario);
    let loads = loads(scenario, &plan);
    let model = Model::new(scenario, &plan, &loads);
    let tasks: u64 = plan.stages.iter().map(|it| it.tasks.count()).sum();
    if wanted.timeline && tasks > MOST_DRAWN {
        return Err(Failed::TooManyToDraw(tasks));
    }
    let (run, drawn) = model.calm(wanted.timeline)?;
    let runs = scenario.runs(tasks);
    let luck = model.luck(scenario, 0..runs)?;
    let seconds = interval(luck.makespans);
    let stages = stages::facts(scenario, &plan, &loads, &run, &luck.stages);
    let measured = metrics::measure(&run);
    let bound = metrics::bound(
        &bound_loads(&plan, &loads, &run),
        measured.makespan,
        scenario.cluster.slots(),
        model.cluster.overheads.launch_interval,
    );
    let cost = price::cost(&scenario.cluster, seconds);
    let verdict = stages.iter().map(|it| it.memory.verdict).max().unwrap_or(Verdict::Fits);
    Ok(Report {
        version: facts::VERSION,
        scenario: scenario.name.clone(),
        description: scenario.description.clone(),
        spark: scenario.version.to_string(),
        seed: scenario.seed.0,
        runs,
        answer: Answer {
            tasks,
            slots: scenario.cluster.slots(),
            seconds,
            dollars: cost.dollars,
            memory: verdict,
            bound: bound.map_or_else(nothing, fact),
        },
        capacity: capacity::facts(&scenario.cluster),
        memory: memory::facts(scenario),
        schedule: Schedule {
            seconds,
            seconds_without_noise: measured.makespan.as_f64(),
            lower_bound: measured.lower_bound.as_f64(),
            utilisation: measured.utilisation.get(),
            idle_core_seconds: measured.idle.as_f64(),
            cold_start: Some(cold_start(scenario)),
        },
        cost,
        writes: stages::writes(scenario, &plan),
        notes: notes(scenario, &plan, warnings),
        accepted_without_effect: scenario.conf.without_effect().map(str::to_owned).collect(),
        resolved: wanted.resolved.then(|| resolved(scenario, &model, runs)),
        timeline: wanted.timeline.then(|| timeline::facts(&plan, &run, &drawn)),
        stages,
    })
}

fn fact(bound: metrics::Bound) -> facts::Bound {
    facts::Bound {
        by: bound.limit.as_str().to_owned(),
        because: bound.because,
        change: bound.change,
    }
}

fn nothing() -> facts::Bound {
    let word = "nothing".to_owned();
    facts::Bound { by: word.clone(), because: "there is nothing to run".to_owned(), change: word }
}

/// What a stage needs, worked out once.
pub(crate) struct Load {
    /// For each run of equal tasks: what one costs, and how many there are.
    pub(crate) costs: Vec<(TaskCost, u64)>,
    /// Memory of its tasks.
    pub(crate) memory: memory::Need,
}

impl Load {
    /// The most common kind of task.
    fn typical(&self) -> Option<&TaskCost> {
        self.costs.iter().max_by_key(|(_, count)| *count).map(|(cost, _)| cost)
    }
}

fn loads(scenario: &Scenario, plan: &Plan) -> Vec<Load> {
    plan.stages.iter().map(|stage| load(scenario, stage)).collect()
}

fn load(scenario: &Scenario, stage: &Stage) -> Load {
    let memory = memory::need(scenario, stage);
    let around = surroundings(scenario, stage);
    let cost = |task: &Task| {
        let spilled = crate::cost::spilled(stage.held(task.bytes), memory.share);
        crate::cost::task(stage, task, spilled, &around)
    };
    let costs = stage.tasks.runs().iter().map(|(task, count)| (cost(task), *count)).collect();
    Load { costs, memory }
}

/// Tasks are spread breadth-first, so a wave of few tasks has the nodes almost to itself.
fn surroundings(scenario: &Scenario, stage: &Stage) -> Surroundings {
    let cluster = &scenario.cluster;
    let per_executor = u64::from(cluster.executor.slots);
    let executors = u64::from(cluster.grant.executors);
    let nodes = u64::from(cluster.nodes).min(executors).max(1);
    let at_once = stage.tasks.count().min(per_executor * executors);
    Surroundings {
        storage: cluster.storage,
        disk: cluster.node.disk,
        network: cluster.node.network,
        neighbours: at_once.div_ceil(nodes).max(1),
    }
}

/// A scenario as the simulator takes it.
pub(crate) struct Model {
    cluster: Cluster,
    jobs: Vec<sim::Job>,
    noise: Noise,
}

/// What many runs amount to.
struct Runs {
    makespans: Vec<f64>,
    /// For each stage, its spans.
    stages: Vec<Vec<f64>>,
}

impl Model {
    fn new(scenario: &Scenario, plan: &Plan, loads: &[Load]) -> Self {
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
                delay: Seconds::ZERO,
                pool: job.pool,
                stages: (planned.first..planned.end).map(|it| stage(it, planned.first)).collect(),
            }
        });
        let noise = noise(scenario, loads);
        Self { cluster: cluster(scenario, overheads), jobs: jobs.collect(), noise }
    }

    /// The run without noise, and its tasks where they are to be drawn.
    fn calm(&self, draw: bool) -> Result<(Run, Vec<TaskRun>), Failed> {
        let mut drawn: Vec<TaskRun> = Vec::new();
        let run = if draw {
            sim::watch(&self.cluster, &self.jobs, None, &mut drawn)
        } else {
            sim::simulate(&self.cluster, &self.jobs)
        };
        if run.stop == Stop::Finished { Ok((run, drawn)) } else { Err(Failed::TooLong) }
    }

    /// Many runs, on all threads; equal numbers on any number of them.
    fn luck(&self, scenario: &Scenario, runs: Range<u32>) -> Result<Runs, Failed> {
        let luck = Luck::new(&self.noise, scenario.seed);
        let one = |run: u32| -> Result<(f64, Vec<f64>), Failed> {
            let run = sim::simulate_noisy(&self.cluster, &self.jobs, &luck, run);
            if run.stop != Stop::Finished {
                return Err(Failed::TooLong);
            }
            let span = |it: &sim::StageRun| it.finished.since(it.submitted).as_f64();
            let stages = run.stages.iter().map(span).collect();
            Ok((run.makespan.since(Moment::START).as_f64(), stages))
        };
        let all: Result<Vec<_>, Failed> = runs.into_par_iter().map(one).collect();
        let all = all?;
        let stages = all.first().map_or(0, |(_, stages)| stages.len());
        Ok(Runs {
            stages: (0..stages).map(|it| all.iter().map(|(_, s)| s[it]).collect()).collect(),
            makespans: all.into_iter().map(|(makespan, _)| makespan).collect(),
        })
    }
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

fn cold_start(scenario: &Scenario) -> Interval {
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

/// The median of the runs, and the 5th and 95th percentile.
pub(crate) fn interval(mut samples: Vec<f64>) -> Interval {
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&samples, share).unwrap_or(0.0);
    Interval { typical: at(0.5), low: at(0.05), high: at(0.95) }
}

fn bound_loads(plan: &Plan, loads: &[Load], run: &Run) -> Vec<StageLoad> {
    let one = |((stage, load), run): ((&Stage, &Load), &sim::StageRun)| {
        let total = load.typical().map_or(0.0, |it| it.seconds().as_f64());
        let waits = |name: &str| matches!(name, "read" | "first byte" | "shuffle fetch" | "write");
        let part = load.typical().and_then(|cost| {
            let largest = cost.slices.iter();
            let largest = largest.max_by(|a, b| a.seconds.typical.total_cmp(&b.seconds.typical))?;
            let share = Ratio::of(largest.seconds.typical, total);
            Some((largest.name, share, waits(largest.name)))
        });
        StageLoad {
            name: stage.what.join(" → "),
            span: run.finished.since(run.submitted),
            tasks: run.tasks,
            longest: run.longest,
            median: load.typical().map_or(Seconds::ZERO, TaskCost::seconds),
            part,
            whole_files: matches!(&stage.source, Source::Files(scan) if scan.files.1 > 0),
            reads_files: matches!(&stage.source, Source::Files(_)),
        }
    };
    plan.stages.iter().zip(loads).zip(&run.stages).map(one).collect()
}

fn notes(scenario: &Scenario, plan: &Plan, warnings: &[Diagnostic]) -> Vec<Note> {
    let mut notes: Vec<Note> = warnings
        .iter()
        .map(|it| Note { code: it.code.as_str().to_owned(), text: it.message.clone() })
        .collect();
    let mut add = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    let costed = plan.stages.iter().any(|it| it.pace.is_none());
    let storage = &scenario.cluster;
    if costed && storage.storage.is_none() && storage.node.disk.is_none() {
        let text = "waiting for storage is not counted: nobody said where the tables are \
                    (`cluster.storage`, or `cluster.node.disk_bandwidth`)";
        add("no-storage", text.to_owned());
    }
    if costed {
        let machine = &models::operators::catalog().machine;
        let text = format!(
            "times rest on rates measured on {machine}; give `pace` where you know how long your \
             tasks take"
        );
        add("rates", text);
    }
    if plan.stages.iter().any(|it| it.estimated) {
        let text = "task counts after a shuffle rest on an estimate of its bytes, spread evenly";
        add("estimated-shuffle", text.to_owned());
    }
    notes
}

fn resolved(scenario: &Scenario, model: &Model, runs: u32) -> Vec<Resolved> {
    let mut rows: Vec<Resolved> = scenario
        .resolved
        .iter()
        .map(|it| Resolved {
            name: it.name.clone(),
            value: it.value.clone(),
            origin: it.origin.to_string(),
        })
        .collect();
    let mut add = |name: &str, value: String, origin: String| {
        rows.push(Resolved { name: name.to_owned(), value, origin });
    };
    let overheads = model.cluster.overheads;
    let catalog = models::scheduler::catalog();
    let source =
        format!("models/scheduler.toml, measured {} on {}", catalog.measured, catalog.machine);
    add("driver: submit delay", overheads.submit_delay.to_string(), source.clone());
    add("driver: launch interval", overheads.launch_interval.to_string(), source.clone());
    add("relaunch gap", overheads.relaunch_gap.to_string(), source);
    let learned = models::noise::catalog();
    let from = format!("models/noise.toml, {}", learned.measured);
    add("task overhead", overheads.task_overhead.to_string(), from.clone());
    add("noise: spread of tasks", number::trimmed(model.noise.tasks), from.clone());
    let stragglers = model.noise.stragglers.map_or(0.0, |it| it.probability);
    add("noise: stragglers", Ratio::of(stragglers, 1.0).to_string(), from);
    let measured = "measured spread of the rates, weighted by time".to_owned();
    add("noise: spread of runs", number::trimmed(model.noise.run), measured);
    add(
        "simulation.runs",
        runs.to_string(),
        "simulation.runs, or as many as a second allows".to_owned(),
    );
    rows
}
