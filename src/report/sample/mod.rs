//! Reports written by hand, for tests of whatever writes them. The numbers of `twenty_nodes` are
//! those of the worked example; the others are made up to show every section.

mod aggregate;
mod twenty_nodes;

pub(crate) use aggregate::aggregate;
pub(crate) use twenty_nodes::twenty_nodes;

use super::facts::{
    Bound, Interval, Note, Part, Report, Resolved, Slice, Spread, TaskRun, Timeline,
};

/// What no study says: strange numbers, empty lists, and texts that would break a line or a cell.
pub(crate) fn hostile() -> Report {
    let rude = "a|b\u{1b}[31m\r\n<b>*c*  ".to_owned();
    let mut report = twenty_nodes();
    report.scenario.clone_from(&rude);
    report.description.clone_from(&rude);
    report.answer.bound = Bound { by: rude.clone(), because: rude.clone(), change: String::new() };
    report.answer.seconds = Interval { typical: f64::NAN, low: -1.0, high: f64::INFINITY };
    report.capacity.why = vec![rude.clone(), String::new()];
    report.stages[0].what.clone_from(&rude);
    report.stages[0].tasks = u64::MAX;
    report.stages[0].input = u64::MAX;
    report.stages[0].task_time.clear();
    report.schedule.idle_core_seconds = f64::INFINITY;
    report.notes = vec![Note { code: rude.clone(), text: rude.clone() }];
    report.accepted_without_effect = vec!["x".repeat(300)];
    report.resolved = Some(Vec::new());
    report.timeline = Some(Timeline { tasks: vec![run(7, 0, u64::MAX, f64::NAN, f64::INFINITY)] });
    report
}

/// A task on a slot, for timelines: five slots make an executor.
fn run(stage: u64, task: u64, slot: u64, start: f64, end: f64) -> TaskRun {
    TaskRun { stage, task, executor: slot / 5, slot, start, end }
}

fn part(name: &str, bytes: u64, how: &str) -> Part {
    Part { name: name.to_owned(), bytes, how: how.to_owned() }
}

fn slice(name: &str, seconds: f64, from: &str) -> Slice {
    Slice { name: name.to_owned(), seconds, from: from.to_owned() }
}

fn resolved(name: &str, value: &str, origin: &str) -> Resolved {
    Resolved { name: name.to_owned(), value: value.to_owned(), origin: origin.to_owned() }
}

fn same(value: f64) -> Spread {
    Spread { min: value, median: value, max: value }
}

/// The tasks of [`twenty_nodes`], for timelines.
pub(crate) fn twenty_nodes_tasks() -> Vec<TaskRun> {
    twenty_nodes::tasks()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_add_up_as_a_report_promises() {
        let sum = |parts: &[Part]| parts.iter().map(|it| it.bytes).sum::<u64>();
        for report in [twenty_nodes(), aggregate()] {
            assert_eq!(sum(&report.memory.regions), report.memory.usable_heap);
            assert_eq!(sum(&report.capacity.container), report.capacity.container_granted);
        }
    }
}
