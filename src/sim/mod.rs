//! What a cluster does with tasks: discrete events in whole microseconds, deterministic.
//!
//! A cluster is a row of executors with slots; a job is a graph of stages; a stage is a row of
//! tasks whose times are known. Like Spark, the simulation is greedy: whenever a slot is free and
//! a task waits, the task is launched. What is decided, and where Spark decides it:
//!
//! 1. A stage is submitted when all its parents are complete (`DAGScheduler.submitStage`). It then
//!    fills the free slots breadth-first, one task per executor and pass, tasks in index order
//!    (`TaskSchedulerImpl.resourceOffers`). Spark shuffles the executors first; here they keep
//!    their order.
//! 2. A slot that falls free is offered alone. Which of several stages gets it is decided by
//!    [`Mode`]: FIFO by job and stage, or FAIR by pool (`SchedulingAlgorithm.scala`).
//! 3. A task ends at a time that is known when it is launched, so the end of a stage is known when
//!    its last task is launched. Nothing else has to be simulated.
//!
//! At equal times, slots that fall free come first, in slot order, then submissions by job and
//! stage. Slots are numbered breadth-first over the executors, so that the lowest free slot is
//! the one that Spark's passes reach first. When a stage is submitted and finds some slots free and
//! some busy, the slots of each executor are numbered anew: free ones first, then the busy ones in
//! the order of their ends.
//!
//! [`simulate`] needs memory in proportion to slots, [`watch`] tells an [`Observer`] about each
//! task, [`replicate`] repeats the simulation under noise.
//!
//! ```
//! use sparkplan::sim::{Cluster, Job, Stage, Work, simulate};
//! use sparkplan::units::Seconds;
//!
//! // 81 tasks of 10 s on 4 executors of 5 slots: four full waves and a fifth with one task.
//! let stage = Stage { parents: vec![], tasks: Work::equal(Seconds::new(10), 81) };
//! let run = simulate(&Cluster::uniform(4, 5), &[Job { stages: vec![stage], ..Job::default() }]);
//! assert_eq!(run.makespan.as_micros(), 50_000_000);
//! assert_eq!((run.stages[0].waves, run.stages[0].last_wave.tasks), (5, 1));
//! assert_eq!(run.stages[0].last_wave.idle, Seconds::new(190));
//! ```

mod cluster;
mod engine;
mod equal;
mod fair;
mod graph;
mod job;
mod kernel;
mod lanes;
mod replicate;
mod run;
mod slots;
mod taskset;
#[cfg(test)]
mod twin;

pub use cluster::{Cluster, Executor, Mode, Overheads, Pool};
pub use engine::{simulate, simulate_noisy, watch};
pub use job::{Job, Stage, Work};
pub use replicate::replicate;
pub use run::{LastWave, Observer, Run, StageRun, Stop, TaskRun};
