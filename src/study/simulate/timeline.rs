//! One run, task by task.

use crate::physical::Plan;
use crate::report::{TaskRun, Timeline};
use crate::sim::{self, Run};
use crate::units::Moment;
use crate::units::number::count;

pub(super) fn facts(plan: &Plan, run: &Run, drawn: &[sim::TaskRun]) -> Timeline {
    let at = |moment: Moment| moment.since(Moment::START).as_f64();
    let one = |it: &sim::TaskRun| {
        let first = plan.jobs.get(it.job).map_or(0, |job| job.first);
        TaskRun {
            stage: count(first + it.stage),
            task: it.index,
            executor: count(it.executor),
            slot: count(it.slot),
            start: at(it.start),
            end: at(it.end),
        }
    };
    debug_assert_eq!(count(drawn.len()), run.stages.iter().map(|it| it.tasks).sum::<u64>());
    Timeline { tasks: drawn.iter().map(one).collect() }
}
