//! What happened: the outcome of one simulation.

use crate::units::{Moment, Seconds};

/// The outcome of one simulation. Where [`Run::stop`] is not [`Stop::Finished`], it holds what
/// was known when the simulation stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// When the last stage finished, since the beginning.
    pub makespan: Moment,
    /// Every stage, in the order of jobs and of stages in a job.
    pub stages: Vec<StageRun>,
    /// Slot-time in tasks, their overhead included.
    pub busy: Seconds,
    /// Tasks that run at once.
    pub slots: u64,
    /// Why the simulation ended.
    pub stop: Stop,
}

/// Why a simulation ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// Every stage finished.
    #[default]
    Finished,
    /// Simulated time ran out: 2^(63 − bits of the slot number) microseconds, at most 2^52.
    /// That is 101 days for a million slots, 17 years for ten thousand, 142 for two thousand.
    Horizon,
    /// The cluster has no slot.
    NoSlots,
    /// The cluster has more than 2^20 slots.
    TooManySlots,
    /// Stages or jobs wait for themselves or for something that does not exist.
    Stuck,
}

/// The outcome of one stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageRun {
    /// The number of the job.
    pub job: usize,
    /// The number of the stage in its job.
    pub stage: usize,
    /// How many tasks it has.
    pub tasks: u64,
    /// When all it waited for was complete.
    pub submitted: Moment,
    /// When its first task was launched.
    pub first_launch: Moment,
    /// When its last task ended.
    pub finished: Moment,
    /// Slot-time in its tasks, their overhead included.
    pub busy: Seconds,
    /// Its longest task, overhead included.
    pub longest: Seconds,
    /// Tasks divided by slots, rounded up.
    pub waves: u64,
    /// What remains after the full waves.
    pub last_wave: LastWave,
}

/// The last tasks of a stage: as many as remain after the full waves, a full wave where none do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastWave {
    /// How many tasks.
    pub tasks: u64,
    /// When the first of them was launched.
    pub began: Moment,
    /// Slot-time in them, their overhead included.
    pub busy: Seconds,
    /// Slot-time from where a slot found no task of this stage left to the stage's end, without
    /// the time in which it was still busy; where stages overlap, others may have used it.
    pub idle: Seconds,
}

/// One task as it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRun {
    /// The number of the job.
    pub job: usize,
    /// The number of the stage in its job.
    pub stage: usize,
    /// The number of the task in its stage.
    pub index: u64,
    /// The executor's number.
    pub executor: usize,
    /// The slot's number in the cluster, breadth-first; tasks of one slot never overlap.
    pub slot: usize,
    /// When it was launched.
    pub start: Moment,
    /// When it ended.
    pub end: Moment,
}

/// Is told about every task at its launch.
pub trait Observer {
    /// Whether it listens; where it does not, tasks are not looked at one by one.
    const LISTENS: bool = true;

    /// A task was launched.
    fn task(&mut self, task: &TaskRun);
}

/// Listens to nothing.
impl Observer for () {
    const LISTENS: bool = false;

    fn task(&mut self, _: &TaskRun) {}
}

/// Keeps everything.
impl Observer for Vec<TaskRun> {
    fn task(&mut self, task: &TaskRun) {
        self.push(*task);
    }
}
