//! Stages, as facts.

use super::{Load, interval};
use crate::physical::{Plan, Source, Stage};
use crate::report::{self as facts, Split, Spread, StageRun, Write};
use crate::scenario::Scenario;
use crate::sim::{self, Run};
use crate::spark::files::Bound;
use crate::stats::weighted_spread;
use crate::units::number::{count, float};
use crate::units::{Bytes, Moment};

pub(super) fn facts(
    scenario: &Scenario,
    plan: &Plan,
    loads: &[Load],
    run: &Run,
    spans: &[Vec<f64>],
) -> Vec<facts::Stage> {
    let one = |(index, stage): (usize, &Stage)| {
        let (load, run) = (&loads[index], &run.stages[index]);
        let total = |of: &dyn Fn(u64) -> u64| -> u64 {
            stage.tasks.runs().iter().map(|(task, n)| of(task.bytes).saturating_mul(*n)).sum()
        };
        let written = total(&|bytes| stage.written(bytes));
        let shuffles = matches!(stage.sink, crate::physical::Sink::Shuffle { .. });
        facts::Stage {
            id: count(index),
            job: scenario.jobs[stage.job].name.clone(),
            what: stage.what.join(" → "),
            parents: stage.parents.iter().map(|it| count(*it)).collect(),
            tasks: stage.tasks.count(),
            tasks_because: stage.because.clone(),
            certainty: if stage.estimated { "estimate" } else { "exact" }.to_owned(),
            input: stage.tasks.bytes().get(),
            task_input: spread(stage.tasks.spread(|it| Bytes::new(it.bytes).as_f64())),
            split: split(stage),
            shuffle_write: if shuffles { written } else { 0 },
            output: if shuffles { 0 } else { written },
            task_time: slices(load),
            task_seconds: seconds(load),
            memory: load.memory.facts(),
            run: stage_run(run),
            seconds: interval(spans.get(index).cloned().unwrap_or_default()),
        }
    };
    plan.stages.iter().enumerate().map(one).collect()
}

fn spread((min, median, max): (f64, f64, f64)) -> Spread {
    Spread { min, median, max }
}

/// The spread of task times over the runs of equal tasks.
fn seconds(load: &Load) -> Spread {
    let values = load.costs.iter().map(|(cost, n)| (cost.seconds().as_f64(), *n)).collect();
    spread(weighted_spread(values))
}

fn slices(load: &Load) -> Vec<facts::Slice> {
    let slices = load.typical().into_iter().flat_map(|it| &it.slices);
    slices
        .map(|it| facts::Slice {
            name: it.name.to_owned(),
            seconds: it.seconds.typical,
            from: it.from.clone(),
        })
        .collect()
}

fn split(stage: &Stage) -> Option<Split> {
    let Source::Files(scan) = &stage.source else { return None };
    let bound_by = match scan.bound {
        Bound::MaxPartitionBytes => "spark.sql.files.maxPartitionBytes",
        Bound::OpenCost => "spark.sql.files.openCostInBytes",
        Bound::BytesPerCore => "bytes per core",
    };
    Some(Split {
        bytes: scan.split.get(),
        bound_by: bound_by.to_owned(),
        because: scan.because.clone(),
        files: scan.files.0,
        files_whole: scan.files.1,
    })
}

fn stage_run(run: &sim::StageRun) -> StageRun {
    let at = |moment: Moment| moment.since(Moment::START).as_f64();
    StageRun {
        ready: at(run.submitted),
        first: at(run.first_launch),
        end: at(run.finished),
        waves: run.waves,
        last_wave_tasks: run.last_wave.tasks,
        last_wave_idle: run.last_wave.idle.as_f64(),
    }
}

pub(super) fn writes(scenario: &Scenario, plan: &Plan) -> Vec<Write> {
    let one = |it: &crate::physical::PlannedWrite| Write {
        job: scenario.jobs[it.job].name.clone(),
        table: it.table.clone(),
        files: it.files,
        file_bytes: Bytes::from_f64(it.bytes.as_f64() / float(it.files.max(1))).get(),
        because: it.because.clone(),
    };
    plan.writes.iter().map(one).collect()
}
