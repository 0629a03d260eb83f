//! What a simulation found, as plain facts: no clock, no path, no host, so equal studies give
//! equal bytes. Serialised as it stands, it is the JSON output.

use schemars::JsonSchema;
use serde::Serialize;

/// Version of the JSON output; grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

/// The answer to `plan simulate`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// The scenario's name.
    pub scenario: String,
    /// What the scenario says it is about; empty where it says nothing.
    pub description: String,
    /// The version of Spark whose decisions these are.
    pub spark: String,
    /// Equal scenarios with equal seeds give equal reports.
    pub seed: u64,
    /// How many runs with different luck the intervals are made of.
    pub runs: u32,
    /// The answer in short.
    pub answer: Answer,
    /// What the cluster grants.
    pub capacity: Capacity,
    /// The stages, in the order in which they are planned.
    pub stages: Vec<Stage>,
    /// Memory of one executor.
    pub memory: Memory,
    /// What the cluster does over time.
    pub schedule: Schedule,
    /// What it costs.
    pub cost: Cost,
    /// Files that are written, one row for each write.
    pub writes: Vec<Write>,
    /// What a person should know about this answer.
    pub notes: Vec<Note>,
    /// Known settings that were set and change nothing here.
    pub accepted_without_effect: Vec<String>,
    /// Every value that enters the answer and who set it; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Vec<Resolved>>,
    /// One row for each task of one typical run; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
}

/// The answer in short.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// Tasks of all stages together.
    pub tasks: u64,
    /// Tasks that run at the same time.
    pub slots: u64,
    /// From the first submission to the last task's end.
    pub seconds: Interval,
    /// In dollars; nothing without a price.
    pub dollars: Option<Interval>,
    /// The worst memory verdict of all stages.
    pub memory: Verdict,
    /// Bytes that the tasks of all stages together write to disk for want of memory.
    pub spilled: u64,
    /// The one thing that bounds the time.
    pub bound: Bound,
}

/// A number that may be wrong, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Interval {
    /// The middle of the runs (median).
    pub typical: f64,
    /// One run in twenty is below this.
    pub low: f64,
    /// One run in twenty is above this.
    pub high: f64,
}

/// What limits the time, and what would change it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Bound {
    /// A stable word: `slots`, `storage`, `longest-task`, `driver`, `submission` or `start-up`.
    pub by: String,
    /// One sentence with the numbers.
    pub because: String,
    /// The setting to change, or what else to do.
    pub change: String,
}

/// What the cluster grants.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Capacity {
    /// `standalone`, `yarn`, …
    pub manager: String,
    /// Worker machines.
    pub nodes: u64,
    /// One machine: `m5.4xlarge`, or its cores and memory.
    pub node: String,
    /// Cores of one machine.
    pub node_cores: u64,
    /// Bytes of memory of one machine.
    pub node_memory: u64,
    /// Cores that the manager can hand out on one machine.
    pub offered_cores: u64,
    /// Bytes that the manager can hand out on one machine.
    pub offered_memory: u64,
    /// Executors that one machine can hold.
    pub executors_per_node: u64,
    /// Executors that were asked for, where somebody asked.
    pub executors_asked: Option<u64>,
    /// Executors that run.
    pub executors: u64,
    /// Cores of one executor.
    pub executor_cores: u64,
    /// Bytes of heap of one executor.
    pub executor_heap: u64,
    /// The container of one executor, part by part.
    pub container: Vec<Part>,
    /// Bytes that the manager takes off a node for one executor, rounding included.
    pub container_granted: u64,
    /// Cores of all executors.
    pub cores: u64,
    /// Bytes of heap of all executors.
    pub heap: u64,
    /// Tasks that run at the same time.
    pub slots: u64,
    /// Cores that stay unused on a fully packed machine.
    pub unused_cores: u64,
    /// Bytes that stay unused on a fully packed machine.
    pub unused_memory: u64,
    /// Why no further executor fits, and why fewer run than asked for.
    pub why: Vec<String>,
}

/// A part of something, with its arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// How many bytes.
    pub bytes: u64,
    /// How it comes about.
    pub how: String,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Stage {
    /// Its number, unique in the report.
    pub id: u64,
    /// The job that it belongs to.
    pub job: String,
    /// What it does: `read events → filter → shuffle write`.
    pub what: String,
    /// Stages that must end before it begins.
    pub parents: Vec<u64>,
    /// How many tasks.
    pub tasks: u64,
    /// Why that many.
    pub tasks_because: String,
    /// Whether the number of tasks is Spark's own arithmetic on given sizes (`exact`) or rests on
    /// an estimate of bytes (`estimate`).
    pub certainty: String,
    /// Bytes that all tasks read.
    pub input: u64,
    /// Bytes that a task reads.
    pub task_input: Spread,
    /// How files were cut; only for stages that read files.
    pub split: Option<Split>,
    /// Bytes that all tasks write to a shuffle.
    pub shuffle_write: u64,
    /// Bytes that all tasks write to files.
    pub output: u64,
    /// Where the time of a typical task goes.
    pub task_time: Vec<Slice>,
    /// Seconds of one task without noise.
    pub task_seconds: Spread,
    /// Memory of its tasks.
    pub memory: TaskMemory,
    /// When it runs, in the run without noise.
    pub run: StageRun,
    /// Seconds from the moment it may begin to its last task's end.
    pub seconds: Interval,
}

/// The spread of a quantity over tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Spread {
    /// The smallest.
    pub min: f64,
    /// The median.
    pub median: f64,
    /// The largest.
    pub max: f64,
}

/// How files were cut into tasks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Split {
    /// The split size in bytes.
    pub bytes: u64,
    /// Which setting bound it.
    pub bound_by: String,
    /// The arithmetic.
    pub because: String,
    /// Files that are read.
    pub files: u64,
    /// Files that cannot be cut.
    pub files_whole: u64,
}

/// A part of a task's time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Slice {
    /// `launch`, `open`, `read`, `decode`, `compute`, `shuffle write`, …
    pub name: String,
    /// Seconds.
    pub seconds: f64,
    /// The rate and the catalog that it comes from.
    pub from: String,
}

/// Whether tasks get by with their memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It fits.
    Fits,
    /// It spills to disk.
    Spills,
    /// A task cannot get the memory that it cannot do without.
    OutOfMemory,
}

/// Memory of the tasks of one stage.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TaskMemory {
    /// Whether tasks get by.
    pub verdict: Verdict,
    /// Bytes that the largest task wants to hold at once.
    pub needed: u64,
    /// Bytes that a task gets while all slots of its executor are busy.
    pub share: u64,
    /// Bytes that all tasks of the stage together write to disk because of it.
    pub spilled: u64,
    /// The arithmetic in one sentence.
    pub because: String,
}

/// When a stage runs, in the run without noise.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StageRun {
    /// Seconds after the start when it may begin.
    pub ready: f64,
    /// Seconds after the start when its first task starts.
    pub first: f64,
    /// Seconds after the start when its last task ends.
    pub end: f64,
    /// Waves of tasks over the slots.
    pub waves: u64,
    /// Tasks of the last wave.
    pub last_wave_tasks: u64,
    /// Slot-seconds that idle while the last wave runs.
    pub last_wave_idle: f64,
}

/// Memory of one executor.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Memory {
    /// The garbage collector, which decides how much of the heap is usable.
    pub collector: String,
    /// Bytes of heap that the JVM reports as usable.
    pub usable_heap: u64,
    /// Whether `usable_heap` is exact for that collector or a measured ratio.
    pub usable_heap_exact: bool,
    /// Regions of the heap, in order, with their arithmetic; they add up to `usable_heap`.
    pub regions: Vec<Part>,
    /// Execution and storage together, in bytes.
    pub unified: u64,
    /// Bytes outside the heap that Spark manages.
    pub off_heap: u64,
    /// Tasks that run in one executor at the same time.
    pub tasks: u64,
    /// Most that a task can get while all run and nothing is cached, in bytes.
    pub task_share: u64,
    /// What a task is sure to get before it waits, in bytes.
    pub task_share_least: u64,
    /// The same question by the rule of thumb of many guides, in bytes.
    pub rule_of_thumb: u64,
    /// The rule of thumb, spelled out.
    pub rule_of_thumb_how: String,
    /// Bytes of one page of memory.
    pub page: u64,
}

/// What the cluster does over time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Schedule {
    /// From the first submission to the last task's end, over all runs.
    pub seconds: Interval,
    /// The same in the run without noise.
    pub seconds_without_noise: f64,
    /// Seconds that no schedule on these slots can beat, without noise.
    pub lower_bound: f64,
    /// Busy slot-seconds as a share of all slot-seconds, without noise.
    pub utilisation: f64,
    /// Idle core-seconds, without noise.
    pub idle_core_seconds: f64,
    /// Seconds that starting up adds where the cluster is cold; not part of `seconds`.
    pub cold_start: Option<Interval>,
}

/// What it costs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cost {
    /// Dollars in all; nothing without a price.
    pub dollars: Option<Interval>,
    /// One line for each charge.
    pub lines: Vec<CostLine>,
    /// Why there are no dollars, or what they leave out.
    pub note: String,
}

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CostLine {
    /// What is charged.
    pub name: String,
    /// Dollars per hour, all nodes together.
    pub dollars_per_hour: f64,
    /// Dollars.
    pub dollars: Interval,
    /// Where the price comes from, with its date.
    pub source: String,
}

/// Files that a job writes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Write {
    /// The job.
    pub job: String,
    /// What is written.
    pub table: String,
    /// How many files.
    pub files: u64,
    /// Bytes of a typical file.
    pub file_bytes: u64,
    /// The arithmetic.
    pub because: String,
}

/// Something a person should know about this answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Note {
    /// A stable word, for `plan explain`.
    pub code: String,
    /// One or two sentences.
    pub text: String,
}

/// A value that enters the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Resolved {
    /// What it is: a path in the scenario, a setting, or a constant of a model.
    pub name: String,
    /// The value, printed.
    pub value: String,
    /// Who set it, or where the default comes from.
    pub origin: String,
}

/// One typical run, task by task.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Timeline {
    /// One row for each task, in the order of their starts.
    pub tasks: Vec<TaskRun>,
}

/// One task of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TaskRun {
    /// Its stage.
    pub stage: u64,
    /// Its index in the stage.
    pub task: u64,
    /// The executor, counted from 0.
    pub executor: u64,
    /// The slot, counted from 0 over the whole cluster.
    pub slot: u64,
    /// Seconds after the start.
    pub start: f64,
    /// Seconds after the start.
    pub end: f64,
}
