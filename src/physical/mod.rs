//! A job becomes stages and tasks, by asking `spark`.
//!
//! Counts that follow from given sizes alone are Spark's own arithmetic and exact. Whatever comes
//! after a shuffle rests on an estimate of its bytes, and says so.

mod chain;
mod scan;
mod shuffle;

mod tasks;

use crate::scenario::Scenario;
use crate::scenario::job::Pace;
use crate::spark::files::Bound;
use crate::spark::format::Format;
use crate::units::Bytes;

pub use chain::plan;
pub use shuffle::BYPASS;
pub use tasks::{Task, Tasks};

/// All stages of a scenario, in the order in which Spark numbers them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The stages of all jobs.
    pub stages: Vec<Stage>,
    /// The jobs, as ranges of `stages`.
    pub jobs: Vec<PlannedJob>,
    /// Files that are written.
    pub writes: Vec<PlannedWrite>,
}

/// A job and its stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedJob {
    /// Its index in the scenario.
    pub job: usize,
    /// Its first stage.
    pub first: usize,
    /// One past its last stage.
    pub end: usize,
}

/// What a step writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedWrite {
    /// The job that writes.
    pub job: usize,
    /// What is written.
    pub table: String,
    /// How many files.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: Bytes,
    /// The arithmetic.
    pub because: String,
}

/// A stage: the same work for every task, over different bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The job that it belongs to.
    pub job: usize,
    /// What it does, step by step.
    pub what: Vec<String>,
    /// Stages that must end before it begins, as indices into [`Plan::stages`].
    pub parents: Vec<usize>,
    /// Its tasks, in index order.
    pub tasks: Tasks,
    /// Why that many.
    pub because: String,
    /// Whether the number of tasks rests on an estimate.
    pub estimated: bool,
    /// Where its tasks read from.
    pub source: Source,
    /// What its tasks do with what they read, in order.
    pub operators: Vec<Operator>,
    /// Where its tasks write to.
    pub sink: Sink,
    /// How long its tasks take, where somebody measured it.
    pub pace: Option<Pace>,
}

/// Where the tasks of a stage read from. A task's bytes are counted as they are stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Files of a table.
    Files(Scan),
    /// The shuffle that other stages wrote; bytes as they were written.
    Shuffle {
        /// Bytes in Spark's row form for each byte of shuffle.
        expansion: f64,
    },
    /// Directories that are listed; a task's bytes mean nothing.
    Directories,
}

/// How the files of a table were cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The format.
    pub format: Format,
    /// The compression, by the catalog's name.
    pub codec: String,
    /// The share of the bytes that is read: columnar formats skip columns.
    pub columns: f64,
    /// Bytes in Spark's row form for each byte that is read.
    pub expansion: f64,
    /// The split size.
    pub split: Bytes,
    /// What decided it.
    pub bound: Bound,
    /// The arithmetic.
    pub because: String,
    /// Files that are read, and those of them that cannot be cut.
    pub files: (u64, u64),
}

/// What a task does with rows. `rows` is the bytes of rows that go in, for each byte of rows that
/// the stage reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operator {
    /// What it does.
    pub kind: OperatorKind,
    /// Row bytes in, as a multiple of the row bytes that the task reads.
    pub rows: f64,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    /// Keeps some rows.
    Filter,
    /// Keeps some columns.
    Project,
    /// Groups the rows of one task.
    PartialAggregate,
    /// Merges groups after a shuffle.
    FinalAggregate,
    /// Sorts the rows of one task.
    Sort,
    /// Looks at rows to find the bounds of ranges.
    Sample,
}

/// Where the tasks of a stage write to.
#[derive(Clone, Debug, PartialEq)]
pub enum Sink {
    /// Nowhere: the result goes to the driver or is dropped.
    Nothing,
    /// A shuffle into so many partitions.
    Shuffle {
        /// How many.
        partitions: u64,
        /// Row bytes that are written, as a multiple of those that a task reads.
        rows: f64,
        /// Bytes of shuffle for each byte of rows.
        compression: f64,
    },
    /// Files.
    Files {
        /// The format.
        format: String,
        /// The compression.
        codec: String,
        /// Row bytes that are written, as a multiple of those that a task reads.
        rows: f64,
        /// Bytes of file for each byte of rows.
        compression: f64,
        /// Files that each task writes.
        files_per_task: u64,
    },
}

impl Stage {
    /// Row bytes that a task reads, of so many stored bytes.
    pub fn rows(&self, stored: u64) -> f64 {
        let stored = Bytes::new(stored).as_f64();
        match &self.source {
            Source::Files(scan) => stored * scan.columns * scan.expansion,
            Source::Shuffle { expansion } => stored * expansion,
            Source::Directories => 0.0,
        }
    }

    /// Bytes that a task writes to its sink.
    pub fn written(&self, stored: u64) -> u64 {
        match &self.sink {
            Sink::Nothing => 0,
            Sink::Shuffle { rows, compression, .. } | Sink::Files { rows, compression, .. } => {
                Bytes::from_f64(self.rows(stored) * rows * compression).get()
            }
        }
    }

    /// The most row bytes that an operator or the sink of a task wants to hold at once.
    pub fn held(&self, stored: u64) -> f64 {
        let holds = |it: &Operator| match it.kind {
            OperatorKind::PartialAggregate | OperatorKind::FinalAggregate | OperatorKind::Sort => {
                it.rows
            }
            OperatorKind::Filter | OperatorKind::Project | OperatorKind::Sample => 0.0,
        };
        let most = self.operators.iter().map(holds).fold(0.0, f64::max);
        let sink = match self.sink {
            Sink::Shuffle { partitions, rows, .. } if partitions > BYPASS => rows,
            _ => 0.0,
        };
        self.rows(stored) * most.max(sink)
    }
}

/// The partition columns and values of a scan, and other words about a stage, for `what`.
pub(crate) fn scan_of(scenario: &Scenario, table: usize) -> String {
    format!("read {}", scenario.tables[table].name)
}
