//! What a run amounts to: bounds, utilisation, and the one thing that limits the time.

mod bound;

use crate::sim::Run;
use crate::units::number::float;
use crate::units::{Ratio, Seconds};

pub use bound::{Bound, Limit, StageLoad, bound};

/// What a run amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metrics {
    /// From the beginning to the last task's end.
    pub makespan: Seconds,
    /// Busy slot-time as a share of all slot-time.
    pub utilisation: Ratio,
    /// Slot-time that nobody used.
    pub idle: Seconds,
    /// What no schedule on these slots can beat (Graham 1969).
    pub lower_bound: Seconds,
}

/// Measures a run. `chains` are the stages that must follow each other, job by job, as indices
/// into the run's stages.
pub fn measure(run: &Run) -> Metrics {
    let makespan = run.makespan.since(crate::units::Moment::START);
    let all = makespan.as_f64() * float(run.slots);
    Metrics {
        makespan,
        utilisation: Ratio::of(run.busy.as_f64(), all),
        idle: Seconds::from_f64((all - run.busy.as_f64()).max(0.0)),
        lower_bound: lower_bound(run),
    }
}

/// What no schedule on these slots can beat: all work spread evenly, and for stages that follow
/// each other the longest task of each (R. L. Graham, Bounds on multiprocessing timing anomalies,
/// SIAM J. Appl. Math. 17, 1969).
fn lower_bound(run: &Run) -> Seconds {
    let slots = run.slots.max(1);
    let even = run.busy.as_f64() / float(slots);
    // A stage that begins when another ended cannot overlap it, whatever the schedule: such stages
    // add up. Stages that overlap may share the slots, so only the longest of them counts.
    let mut chain = 0.0;
    let mut reached = crate::units::Moment::START;
    let mut stages: Vec<_> = run.stages.iter().collect();
    stages.sort_by_key(|it| (it.submitted, it.finished));
    for stage in stages {
        if stage.submitted >= reached {
            let work = stage.busy.as_f64() / float(slots);
            chain += work.max(stage.longest.as_f64());
            reached = stage.finished;
        }
    }
    Seconds::from_f64(even.max(chain).min(run.makespan.since(crate::units::Moment::START).as_f64()))
}
