//! What happens when a scenario runs: plan, cost, simulation, and the facts of it.

mod capacity;
mod memory;
mod model;
mod notes;
mod price;
mod stages;
mod timeline;

use crate::cost::{Surroundings, TaskCost};
use crate::diagnostic::Diagnostic;
use crate::metrics::{self, StageLoad};
use crate::physical::{self, Plan, Source, Stage, Task};
use crate::report::{self as facts, Answer, Interval, Report, Schedule, Verdict};
use crate::scenario::Scenario;
use crate::sim::{self, Run};
use crate::stats::quantile;
use crate::units::{Ratio, Seconds, number};

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

use model::Model;

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
    let luck = model.luck(scenario, runs)?;
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
            spilled: stages.iter().map(|it| it.memory.spilled).fold(0, u64::saturating_add),
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
            cold_start: Some(model::cold_start(scenario)),
        },
        cost,
        writes: stages::writes(scenario, &plan),
        notes: notes::notes(scenario, &plan, warnings),
        accepted_without_effect: scenario.conf.without_effect().map(str::to_owned).collect(),
        resolved: wanted.resolved.then(|| notes::resolved(scenario, &model, runs)),
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

/// Busy cores for each core of a node, where so many tasks run on it.
fn crowding(cluster: &crate::scenario::Cluster, tasks: u64) -> f64 {
    let executor = &cluster.executor;
    let per_task = number::float(u64::from(executor.cores / executor.slots.max(1)));
    number::float(tasks) * per_task / number::float(u64::from(cluster.node.cores.max(1)))
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
        crowding: crowding(cluster, at_once.div_ceil(nodes)),
    }
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
