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
    let times = pairs.map(|(launch, finish)| finish.checked_sub(*launch).map(millis));
    times.collect::<Option<_>>().filter(|_| fits(stage)).map(Work::Each)
}

/// What they were told.
fn told(stage: &Nap) -> Option<Work> {
    fits(stage).then(|| Work::Each(stage.sleep_ms.iter().copied().map(millis).collect()))
}

fn fits(stage: &Nap) -> bool {
    let tasks = stage.sleep_ms.len();
    stage.launch_ms.len() == tasks && stage.finish_ms.len() == tasks
}

fn millis(count: u64) -> Seconds {
    Seconds::micros(count.saturating_mul(1000))
}

/// A span of the models; what is below zero is no time.
fn span(millis: f64) -> Seconds {
    Seconds::from_f64(millis / 1e3)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evidence::answers::{Share, Sleepers};

    fn nap(id: u64, sleep_ms: &[u64], extra: u64) -> Nap {
        let launch_ms = vec![1; sleep_ms.len()];
        let finish_ms = sleep_ms.iter().map(|sleep| sleep + 1 + extra).collect();
        Nap { id, sleep_ms: sleep_ms.to_vec(), launch_ms, finish_ms }
    }

    fn job(submitted_ms: u64, pool: &str, stages: Vec<Nap>) -> Sleepers {
        Sleepers { submitted_ms, pool: pool.into(), stages }
    }

    fn row(executors: &[u32], mode: &str, jobs: Vec<Sleepers>) -> Schedule {
        let share = |weight, min_share| Share { weight, min_share };
        let pools = [("a".into(), share(1, 0)), ("b".into(), share(1, 3))];
        Schedule {
            master: "local-cluster[2,1,600]".into(),
            mode: mode.into(),
            pools: BTreeMap::from(pools),
            executors: executors.to_vec(),
            jobs,
            makespan_ms: 1000,
            cold: false,
            disturbed: false,
        }
    }

    /// Both answers in milliseconds, and the constants that enter them.
    fn answers(row: &Schedule) -> (f64, f64, &'static Backend) {
        let made = makespans(row, Version::V4_1).unwrap();
        let millis = |seconds: f64| (seconds * 1e3).round();
        (millis(made.measured), millis(made.asked), scheduler::backend("4.1", false))
    }

    #[test]
    fn stages_wait_and_launches_follow_each_other() {
        let stages = vec![nap(3, &[2000, 3000, 2000], 15), nap(4, &[2000], 15)];
        let (measured, asked, it) = answers(&row(&[1, 1], "FIFO", vec![job(0, "a", stages)]));
        let around = 2.0 * it.submit_ms.typical + it.next_stage_ms.typical;
        let gap = it.gap_ms.typical.max(0.0);
        assert!((measured - (around + gap + 6045.0)).abs() <= 1.0, "{measured}");
        let each = it.launch_ms.typical + it.overhead_ms.typical;
        assert!((asked - (around + gap + 3.0 * each + 6000.0)).abs() <= 1.0, "{asked}");
    }

    #[test]
    fn the_lower_stage_is_served_first_or_the_pool_below_its_share() {
        // The slots fall free at 100, 200 and 300; both other jobs wait for them.
        let jobs = |first, second| {
            let before = job(0, "default", vec![nap(0, &[100, 200, 300], 0)]);
            let mut jobs = vec![before, job(10, "a", vec![nap(first, &[5000, 100, 100], 0)])];
            jobs.push(job(10, "b", vec![nap(second, &[2000, 2000, 2000], 0)]));
            jobs
        };
        let submit = scheduler::backend("4.1", false).submit_ms.typical;
        let measured = |mode, jobs| answers(&row(&[2, 1], mode, jobs)).0 - submit.round();
        assert!((measured("FIFO", jobs(1, 2)) - 5100.0).abs() <= 1.0);
        // The long task of pool `a` begins when the first of the other pool has ended.
        assert!((measured("FIFO", jobs(2, 1)) - 7100.0).abs() <= 1.0);
        assert!((measured("FAIR", jobs(1, 2)) - 7100.0).abs() <= 1.0);
    }
}
