//! What one task of a kind costs: pure formulas over rates of `models`, slice by slice.
//!
//! Task time = launch + open + read + decode + compute + shuffle + spill + write. Processor time of
//! a core and waiting for storage are added, which is what a task does that reads and decodes in
//! turn. Every slice says which rate it used.

mod rates;

use crate::models::{self, Measured};
use crate::physical::{OperatorKind, Sink, Source, Stage, Task};
use crate::units::number::float;
use crate::units::{Bytes, Seconds};

pub use rates::Surroundings;

/// A part of a task's time.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// What is done.
    pub name: &'static str,
    /// Seconds, and how far off the rate may be.
    pub seconds: Measured,
    /// The rate, and the catalog that it comes from.
    pub from: String,
}

/// What a task costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskCost {
    /// Its parts; nothing in them is zero.
    pub slices: Vec<Slice>,
}

impl TaskCost {
    /// The sum of all parts.
    pub fn seconds(&self) -> Seconds {
        Seconds::from_f64(self.slices.iter().map(|it| it.seconds.typical).sum())
    }

    /// How far the rates may be off, as factors of the typical time: the least and the most.
    pub fn factors(&self) -> (f64, f64) {
        let sum =
            |of: fn(&Measured) -> f64| self.slices.iter().map(|it| of(&it.seconds)).sum::<f64>();
        let typical = sum(|it| it.typical);
        if typical > 0.0 {
            (sum(|it| it.low) / typical, sum(|it| it.high) / typical)
        } else {
            (1.0, 1.0)
        }
    }

    /// Time of a processor, longer where tasks share it.
    fn compute(
        &mut self,
        name: &'static str,
        seconds: Measured,
        from: impl Into<String>,
        around: &Surroundings,
    ) {
        self.add(name, times(around.crowding.max(1.0), seconds), from);
    }

    /// Time of waiting.
    fn add(&mut self, name: &'static str, seconds: Measured, from: impl Into<String>) {
        if seconds.typical > 0.0 {
            self.slices.push(Slice { name, seconds, from: from.into() });
        }
    }
}

const GIB: f64 = 1_073_741_824.0;

/// So much of something that takes `per_unit` seconds each.
fn times(amount: f64, per_unit: Measured) -> Measured {
    Measured {
        typical: amount * per_unit.typical,
        low: amount * per_unit.low,
        high: amount * per_unit.high,
    }
}

/// So many bytes at a rate; the fastest rate gives the shortest time.
fn over(bytes: f64, rate: Measured) -> Measured {
    Measured { typical: bytes / rate.typical, low: bytes / rate.high, high: bytes / rate.low }
}

/// A number without a spread.
const fn certain(number: f64) -> Measured {
    Measured { typical: number, low: number, high: number }
}

/// What a task of a stage costs. `spilled` are the row bytes that it spills.
pub fn task(stage: &Stage, task: &Task, spilled: f64, around: &Surroundings) -> TaskCost {
    let mut cost = TaskCost::default();
    if let Some(pace) = stage.pace {
        let share = float(task.bytes) / pace.bytes.as_f64();
        let from = format!("as measured by you: {} for {}", pace.takes, pace.bytes);
        cost.add("your pace", certain(pace.takes.as_f64() * share), from);
        return cost;
    }
    let operators = models::operators::catalog();
    cost.compute(
        "set up",
        operators.task.cpu_seconds_per_task,
        "models/operators.toml, task",
        around,
    );
    source(&mut cost, stage, task, around);
    compute(&mut cost, stage, task, around);
    if spilled > 0.0 {
        let per_gib = operators.spill.seconds_per_gib;
        cost.compute(
            "spill",
            times(spilled / GIB, per_gib),
            "models/operators.toml, spill",
            around,
        );
        let disk = spilled * operators.spill.disk_bytes_per_spilled_byte;
        cost.add("spill to disk", around.disk_seconds(2.0 * disk), "the node's disks, shared");
    }
    sink(&mut cost, stage, task, around);
    cost
}

fn source(cost: &mut TaskCost, stage: &Stage, task: &Task, around: &Surroundings) {
    let operators = models::operators::catalog();
    match &stage.source {
        Source::Files(scan) => {
            let bytes = float(task.bytes) * scan.columns;
            let files = float(task.pieces);
            if let Some((latency, from)) = around.first_byte() {
                cost.add("first byte", certain(files * latency), from);
            }
            if let Some((seconds, from)) = around.storage_seconds(bytes) {
                cost.add("read", seconds, from);
            }
            if let Some(format) = models::format::find(scan.format.name()) {
                let name = format!("models/formats/{}.toml", format.name);
                cost.compute(
                    "open",
                    times(files, format.open_seconds_per_file),
                    name.clone(),
                    around,
                );
                if let Some(codec) = format.codec(&scan.codec) {
                    let from = format!("{name}, {}", codec.name);
                    cost.compute(
                        "decode",
                        over(bytes, codec.decode_bytes_per_second),
                        from,
                        around,
                    );
                }
            }
        }
        Source::Shuffle { .. } => {
            let rows = stage.rows(task.bytes);
            let per_gib = operators.seconds_per_gib("shuffle_read");
            let from = "models/operators.toml, shuffle_read";
            cost.compute("shuffle read", times(rows / GIB, per_gib), from, around);
            let network = around.network_seconds(float(task.bytes));
            cost.add("shuffle fetch", network, "the node's network, shared");
        }
        Source::Directories => {
            let folders = float(task.pieces);
            let per_folder = operators.listing.cpu_seconds_per_folder;
            cost.compute(
                "list",
                times(folders, per_folder),
                "models/operators.toml, listing",
                around,
            );
            if let Some((latency, from)) = around.first_byte() {
                cost.add("list requests", certain(folders * latency), from);
            }
        }
    }
}

fn compute(cost: &mut TaskCost, stage: &Stage, task: &Task, around: &Surroundings) {
    let operators = models::operators::catalog();
    let rows = stage.rows(task.bytes);
    for operator in &stage.operators {
        let (name, rate) = match operator.kind {
            OperatorKind::Filter => ("filter", "filter"),
            OperatorKind::Project => ("project", "project"),
            OperatorKind::PartialAggregate => ("partial aggregate", "aggregate_many_groups"),
            OperatorKind::FinalAggregate => ("final aggregate", "aggregate_many_groups"),
            OperatorKind::Sort => ("sort", "sort"),
            // Sampling keeps a reservoir: it looks at every row once, as a filter does.
            OperatorKind::Sample => ("sample", "filter"),
        };
        let amount = rows * operator.rows / GIB;
        let from = format!("models/operators.toml, {rate}");
        cost.compute(name, times(amount, operators.seconds_per_gib(rate)), from, around);
    }
}

fn sink(cost: &mut TaskCost, stage: &Stage, task: &Task, around: &Surroundings) {
    let operators = models::operators::catalog();
    let read = stage.rows(task.bytes);
    let written = float(stage.written(task.bytes));
    match &stage.sink {
        Sink::Nothing => {}
        Sink::Shuffle { partitions, rows, .. } => {
            let wide = *partitions > crate::physical::BYPASS;
            let rate = if wide { "shuffle_write_wide" } else { "shuffle_write" };
            let per_gib = operators.seconds_per_gib(rate);
            let from = format!("models/operators.toml, {rate}");
            cost.compute("shuffle write", times(read * rows / GIB, per_gib), from, around);
            cost.add("shuffle to disk", around.disk_seconds(written), "the node's disks, shared");
        }
        Sink::Files { format, codec, files_per_task, .. } => {
            let rate = models::format::find(format)
                .and_then(|it| it.codec(codec))
                .and_then(|it| it.encode_bytes_per_second);
            if let Some(rate) = rate {
                let from = format!("models/formats/{format}.toml, {codec}");
                cost.compute("encode", over(written, rate), from, around);
            }
            if let Some((seconds, from)) = around.storage_seconds(written) {
                cost.add("write", seconds, from);
            }
            let more = float(files_per_task.saturating_sub(1));
            let per_file = times(more, operators.write.cpu_seconds_per_file);
            cost.compute("more files", per_file, "models/operators.toml, write", around);
            let per_task = operators.write.cpu_seconds_per_task;
            cost.compute("commit", per_task, "models/operators.toml, write", around);
        }
    }
}

/// What the driver needs to list so many files in so many directories before a job begins: its own
/// time, and a request for each directory and each further thousand files where storage answers
/// requests.
pub fn listing(files: u64, directories: u64, around: &Surroundings) -> Seconds {
    const FILES_PER_REQUEST: u64 = 1000;
    let rates = &models::operators::catalog().listing;
    let own = float(files) * rates.cpu_seconds_per_file.typical
        + float(directories) * rates.cpu_seconds_per_folder.typical;
    let requests = float(directories + files / FILES_PER_REQUEST);
    let waiting = around.first_byte().map_or(0.0, |(latency, _)| requests * latency);
    Seconds::from_f64(own + waiting)
}

/// Row bytes that a task spills: it fills its share of memory, writes it out, and begins again;
/// what is left at the end stays in memory (`UnsafeExternalSorter.spill`, core).
pub fn spilled(held: f64, share: Bytes) -> f64 {
    let share = share.as_f64();
    if held <= share || share <= 0.0 {
        return 0.0;
    }
    ((held / share).ceil() - 1.0) * share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_not_spilled_and_the_last_buffer_stays() {
        let share = Bytes::new(100);
        for (held, expected) in [(0.0, 0.0), (100.0, 0.0), (101.0, 100.0), (250.0, 200.0)] {
            assert!((spilled(held, share) - expected).abs() < 1e-9, "{held}");
        }
    }
}
