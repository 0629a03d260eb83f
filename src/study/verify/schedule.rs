//! Simulates a recorded group of sleeping jobs and compares when it ended.
//!
//! Two questions, both asked of [`sim::simulate`]: with each task as long as it really was, and
//! with only what it was told to sleep and what `models/scheduler.toml` says that Spark adds.

use std::collections::BTreeMap;

use crate::evidence::answers::{Nap, Schedule};
use crate::models::scheduler::{self, Backend};
use crate::sim::{self, Cluster, Executor, Job, Mode, Overheads, Pool, Stage, Stop, Work};
use crate::spark::Version;
use crate::units::{Moment, Seconds};

/// When the last task ended, in seconds since the first submission.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Makespans {
    /// In Spark.
    pub(super) recorded: f64,
    /// Here, given how long each task really took.
    pub(super) measured: f64,
    /// Here, given only what each task was told to sleep.
    pub(super) asked: f64,
}

/// Both answers for a row. The error says why it cannot be simulated.
pub(super) fn makespans(row: &Schedule, version: Version) -> Result<Makespans, String> {
    if row.makespan_ms == 0 {
        return Err("a makespan of zero".to_owned());
    }
    let backend = scheduler::backend(version.name(), row.master.starts_with("local["));
    let pools: Vec<Pool> = row
        .pools
        .iter()
        .map(|(name, it)| Pool { name: name.clone(), weight: it.weight, min_share: it.min_share })
        .collect();
    let run = |overheads, time: fn(&Nap) -> Option<Work>| {
        let jobs = jobs(row, &pools, backend, time)?;
        let executors = row.executors.iter().map(|slots| Executor { slots: *slots, node: 0 });
        let executors = executors.collect();
        makespan(&Cluster { executors, mode: mode(row, &pools)?, overheads }, &jobs)
    };
    Ok(Makespans {
        recorded: millis(row.makespan_ms).as_f64(),
        measured: run(of_measured(backend), taken)?,
        asked: run(of_asked(backend), told)?,
    })
}

fn makespan(cluster: &Cluster, jobs: &[Job]) -> Result<f64, String> {
    let run = sim::simulate(cluster, jobs);
    match run.stop {
        Stop::Finished => Ok(run.makespan.since(Moment::START).as_f64()),
        stop => Err(format!("the simulation stopped: {stop:?}")),
    }
}

/// Of tasks whose launch and finish are known, only what lies outside of them.
fn of_measured(backend: &Backend) -> Overheads {
    Overheads {
        submit_delay: span(backend.submit_ms.typical),
        relaunch_gap: span(backend.gap_ms.typical),
        ..Overheads::default()
    }
}

/// The time that launching takes is the driver's and the task's own.
fn of_asked(backend: &Backend) -> Overheads {
    Overheads {
        launch_interval: span(backend.launch_ms.typical),
        task_overhead: span(backend.launch_ms.typical + backend.overhead_ms.typical),
        ..of_measured(backend)
    }
}

fn mode(row: &Schedule, pools: &[Pool]) -> Result<Mode, String> {
    match row.mode.as_str() {
        "FIFO" => Ok(Mode::Fifo),
        "FAIR" => Ok(Mode::Fair(pools.to_vec())),
        other => Err(format!("scheduler mode {other}")),
    }
}

/// Every stage is a job of its own, in the order of Spark's numbers, which is that of the jobs
/// and of the stages in them: so it can wait for the stage before it and for the driver after.
fn jobs(
    row: &Schedule,
    pools: &[Pool],
    backend: &Backend,
    time: fn(&Nap) -> Option<Work>,
) -> Result<Vec<Job>, String> {
    let mut order: Vec<(u64, usize, usize)> = row
        .jobs
        .iter()
        .enumerate()
        .flat_map(|(job, it)| {
            it.stages.iter().enumerate().map(move |(place, stage)| (stage.id, job, place))
        })
        .collect();
    order.sort_unstable();
    let numbers: BTreeMap<(usize, usize), usize> =
        order.iter().enumerate().map(|(number, it)| ((it.1, it.2), number)).collect();
    let made = order.iter().map(|&(id, job, place)| {
        let asked = &row.jobs[job];
        let before = place.checked_sub(1).map(|place| numbers[&(job, place)]);
        let tasks = time(&asked.stages[place])
            .ok_or_else(|| format!("stage {id}: the times of its tasks do not fit"))?;
        Ok(Job {
            submitted: Moment::START + millis(asked.submitted_ms),
            after: before.into_iter().collect(),
            delay: before.map_or(Seconds::ZERO, |_| span(backend.next_stage_ms.typical)),
            pool: pools.iter().position(|it| it.name == asked.pool).unwrap_or(pools.len()),
            stages: vec![Stage { parents: Vec::new(), tasks }],
        })
    });
    made.collect()
}

/// From launch to finish.
fn taken(stage: &Nap) -> Option<Work> {
    let pairs = stage.launch_ms.iter().zip(&stage.finish_ms);
    let times: Option<Vec<Seconds>> =
        pairs.map(|(launch, finish)| finish.checked_sub(*launch).map(millis)).collect();
    let fits = stage.launch_ms.len() == stage.sleep_ms.len()
        && stage.finish_ms.len() == stage.sleep_ms.len();
    times.filter(|_| fits).map(Work::Each)
}

/// What they were told.
fn told(stage: &Nap) -> Option<Work> {
    Some(Work::Each(stage.sleep_ms.iter().copied().map(millis).collect()))
}

fn millis(count: u64) -> Seconds {
    Seconds::micros(count.saturating_mul(1000))
}

/// A span of the models; what is below zero is no time.
fn span(millis: f64) -> Seconds {
    Seconds::from_f64(millis / 1e3)
}
