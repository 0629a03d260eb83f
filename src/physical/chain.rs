//! The steps of a job as a chain of stages, cut wherever rows have to move.

use super::shuffle::{self, Wanted};
use super::tasks::{Task, Tasks};
use super::{Operator, OperatorKind, Plan, PlannedJob, PlannedWrite, Sink, Source, Stage, scan};
use crate::models::{format, operators};
use crate::scenario::Scenario;
use crate::scenario::job::{Job, Read, Step, Write};
use crate::units::Bytes;
use crate::units::number::{float, grouped};

/// Plans all jobs of a scenario.
pub fn plan(scenario: &Scenario) -> Plan {
    let mut plan = Plan { stages: Vec::new(), jobs: Vec::new(), writes: Vec::new() };
    for (index, job) in scenario.jobs.iter().enumerate() {
        let first = plan.stages.len();
        Chain::begin(scenario, &mut plan, index, job).run(job);
        plan.jobs.push(PlannedJob { job: index, first, end: plan.stages.len() });
    }
    plan
}

/// The stage that is being put together, and the stages before it.
struct Chain<'a> {
    scenario: &'a Scenario,
    plan: &'a mut Plan,
    stage: Stage,
    /// Row bytes at this point, for each byte of rows that the stage reads.
    rows: f64,
}

impl<'a> Chain<'a> {
    fn begin(scenario: &'a Scenario, plan: &'a mut Plan, index: usize, job: &Job) -> Self {
        let Some(Step::Read(read)) = job.steps.first() else {
            unreachable!("validation lets jobs begin with a read only");
        };
        let mut parents = Vec::new();
        if let Some(listing) = listing(scenario, index, read) {
            plan.stages.push(listing);
            parents.push(plan.stages.len() - 1);
        }
        let (tasks, scan, because) = scan::scan(scenario, read);
        let stage = Stage {
            job: index,
            what: vec![super::scan_of(scenario, read.table)],
            parents,
            tasks,
            because,
            estimated: false,
            source: Source::Files(scan),
            operators: Vec::new(),
            sink: Sink::Nothing,
            pace: job.pace,
        };
        Self { scenario, plan, stage, rows: 1.0 }
    }

    fn run(mut self, job: &Job) {
        for step in &job.steps {
            self.step(step);
        }
        self.plan.stages.push(self.stage);
    }

    fn operator(&mut self, kind: OperatorKind, what: impl Into<String>) {
        self.stage.operators.push(Operator { kind, rows: self.rows });
        self.stage.what.push(what.into());
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Read(_) => {}
            Step::Filter { keeps, .. } => {
                self.operator(OperatorKind::Filter, "filter");
                self.rows *= keeps.get();
            }
            Step::Project { keeps } => {
                self.operator(OperatorKind::Project, "project");
                self.rows *= keeps.get();
            }
            Step::Aggregate { by, keeps } => self.aggregate(by, keeps.get()),
            Step::Sort { by } => self.sort(by),
            Step::Repartition { into, by } => self.repartition(*into, by),
            Step::Coalesce { into } => self.coalesce(u64::from(*into)),
            Step::Write(write) => self.write(write),
        }
    }

    /// Two phases. Every task may meet every group, so that what the first phase leaves is at most
    /// the result for each task, and at most what went in.
    fn aggregate(&mut self, by: &[String], keeps: f64) {
        let tasks = float(self.stage.tasks.count().max(1));
        let before = self.rows;
        let one_row = by.is_empty();
        self.operator(OperatorKind::PartialAggregate, "partial aggregate");
        self.rows = before * if one_row { 0.0 } else { (keeps * tasks).min(1.0) };
        let left = if self.rows > 0.0 { before * keeps / self.rows } else { 1.0 };
        self.shuffle(if one_row { Wanted::One } else { Wanted::Spark }, "aggregate");
        self.operator(OperatorKind::FinalAggregate, "final aggregate");
        self.rows *= left;
    }

    /// Ranges are found by a job of its own, which runs everything up to here once more
    /// (`ShuffleExchangeExec`, `RangePartitioner.sketch`; core and sql/core).
    fn sort(&mut self, by: &[String]) {
        let (partitions, _) = shuffle::partitions(self.scenario, &Wanted::Spark);
        if partitions > 1 {
            let mut sample = self.stage.clone();
            sample.operators.push(Operator { kind: OperatorKind::Sample, rows: self.rows });
            sample.what.push(format!("sample {} for ranges", by.join(", ")));
            self.plan.stages.push(sample);
            self.stage.parents = vec![self.plan.stages.len() - 1];
        }
        self.shuffle(Wanted::Spark, "sort");
        self.operator(OperatorKind::Sort, format!("sort by {}", by.join(", ")));
    }

    fn repartition(&mut self, into: Option<u32>, by: &[String]) {
        let wanted = match into {
            Some(1) => Wanted::One,
            Some(into) => Wanted::Given(u64::from(into)),
            None => Wanted::Spark,
        };
        let what = if by.is_empty() {
            "repartition".to_owned()
        } else {
            format!("repartition by {}", by.join(", "))
        };
        self.shuffle(wanted, &what);
    }

    fn coalesce(&mut self, into: u64) {
        let parents = self.stage.tasks.count();
        self.stage.what.push(format!("coalesce({into})"));
        if into < parents {
            self.stage.tasks = self.stage.tasks.coalesced(into);
            let because = format!("{}, merged into {} by coalesce", self.stage.because, into);
            self.stage.because = because;
        }
    }

    /// Ends the stage with a shuffle and begins the one that reads it.
    fn shuffle(&mut self, wanted: Wanted, what: &str) {
        let (partitions, _) = shuffle::partitions(self.scenario, &wanted);
        let compression = operators::catalog().shuffle.file_bytes_per_row_byte.typical;
        self.stage.sink = Sink::Shuffle { partitions, rows: self.rows, compression };
        self.stage.what.push("shuffle write".to_owned());
        let reduced = shuffle::reduce(self.scenario, &wanted, &self.stage.tasks, |task| {
            self.stage.written(task.bytes)
        });
        let pace = self.stage.pace;
        let next = Stage {
            job: self.stage.job,
            what: vec![format!("shuffle read for {what}")],
            parents: vec![self.plan.stages.len()],
            tasks: reduced.tasks,
            because: reduced.because,
            estimated: !matches!(wanted, Wanted::Given(_) | Wanted::One),
            source: Source::Shuffle { expansion: 1.0 / compression },
            operators: Vec::new(),
            sink: Sink::Nothing,
            pace,
        };
        self.plan.stages.push(std::mem::replace(&mut self.stage, next));
        self.rows = 1.0;
    }

    fn write(&mut self, write: &Write) {
        let compression = format::find(&write.format)
            .and_then(|it| it.codec(&write.codec))
            .map_or(1.0, |it| 1.0 / it.row_bytes_per_file_byte.typical);
        let files_per_task = if write.partition_by.is_empty() { 1 } else { write.values };
        self.stage.sink = Sink::Files {
            format: write.format.clone(),
            codec: write.codec.clone(),
            rows: self.rows,
            compression,
            files_per_task,
        };
        self.stage.what.push(format!("write {}", write.name));
        let tasks = self.stage.tasks.count();
        let bytes = self.stage.tasks.runs().iter();
        let bytes = bytes.map(|(it, n)| Bytes::new(self.stage.written(it.bytes)) * *n).sum();
        let because = if write.partition_by.is_empty() {
            format!("{} tasks, one file each that has rows", grouped(tasks))
        } else {
            let values = grouped(files_per_task);
            let columns = write.partition_by.join(", ");
            format!("{} tasks × {values} values of {columns} each", grouped(tasks))
        };
        self.plan.writes.push(PlannedWrite {
            job: self.stage.job,
            table: write.name.clone(),
            files: tasks.saturating_mul(files_per_task).max(1),
            bytes,
            because,
        });
    }
}

/// The job that lists directories, where there are so many that the driver does not do it alone
/// (`InMemoryFileIndex`, sql/core).
fn listing(scenario: &Scenario, job: usize, read: &Read) -> Option<Stage> {
    let (_, widest) = scenario.tables[read.table].directories;
    let (threshold, parallelism) = scenario.listing_settings();
    if widest <= threshold {
        return None;
    }
    let tasks = widest.min(parallelism);
    let pieces = widest.div_ceil(tasks.max(1));
    Some(Stage {
        job,
        what: vec![format!("list {} directories", grouped(widest))],
        parents: Vec::new(),
        tasks: Tasks::equal(Task { bytes: 0, pieces }, tasks),
        because: format!(
            "{} directories side by side, more than {threshold} \
             (spark.sql.sources.parallelPartitionDiscovery.threshold)",
            grouped(widest)
        ),
        estimated: false,
        source: Source::Directories,
        operators: Vec::new(),
        sink: Sink::Nothing,
        pace: None,
    })
}
