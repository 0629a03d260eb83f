//! Reading files: how many tasks, and why.

use super::tasks::{Task, Tasks};
use super::{Scan, scan_of};
use crate::scenario::Scenario;
use crate::scenario::job::Read;
use crate::spark::files::{self, Bound, File, Partitions, Settings};
use crate::spark::format::Format;
use crate::spark::parallelism::{Origin, Parallelism};
use crate::units::number::grouped;
use crate::units::{Bytes, number};

/// The tasks of a scan, how its files were cut, and why there are that many.
pub(super) fn scan(scenario: &Scenario, read: &Read) -> (Tasks, Scan, String) {
    let table = &scenario.tables[read.table];
    let all = || table.files.iter();
    let file = |it: &crate::scenario::table::DataFile| File {
        length: it.bytes,
        splittable: it.splittable,
    };
    let chosen: Vec<File> = match &read.files {
        None => all().map(file).collect(),
        Some(files) => {
            files.iter().map(|it| file(&table.files[number::index(u64::from(*it))])).collect()
        }
    };
    let (settings, minimum) = scenario.files_settings();
    let partitions = files::partitions(chosen.iter().copied(), &settings)
        .expect("validation refuses what cannot be cut");
    let tasks = tasks(&partitions);
    let read_files = chosen.iter().filter(|it| it.length > 0).count();
    let whole = chosen.iter().filter(|it| it.length > 0 && !it.splittable).count();
    let columnar = matches!(table.format, Format::Parquet | Format::Orc);
    let scan = Scan {
        format: table.format,
        codec: table.codec.clone(),
        columns: if columnar { read.columns.get() } else { 1.0 },
        expansion: table.expansion,
        split: Bytes::new(u64::try_from(partitions.split.bytes).unwrap_or(0)),
        bound: partitions.split.bound,
        because: split_because(&partitions, &settings, minimum),
        files: (number::count(read_files), number::count(whole)),
    };
    let mut because = tasks_because(scenario, read, &scan, &tasks, &partitions);
    if scan.bound == Bound::BytesPerCore {
        because.push_str(&alone(&chosen, &settings, minimum));
    }
    (tasks, scan, because)
}

fn tasks(partitions: &Partitions) -> Tasks {
    let mut tasks = Tasks::default();
    for chunks in partitions.iter() {
        let bytes = chunks.iter().map(|it| it.len).sum();
        tasks.push(Task { bytes, pieces: number::count(chunks.len()) });
    }
    tasks
}

/// What maxPartitionBytes would do by itself, where more cores make Spark cut finer.
fn alone(chosen: &[File], settings: &Settings, minimum: Parallelism) -> String {
    let most = u64::try_from(settings.max_partition_bytes).unwrap_or(u64::MAX).max(1);
    let pieces: u64 = chosen
        .iter()
        .filter(|it| it.length > 0)
        .map(|it| if it.splittable { it.length.div_ceil(most) } else { 1 })
        .sum();
    format!(
        "; at {} (maxPartitionBytes) it would be {}, too few for the {} {}",
        Bytes::new(most),
        grouped(pieces),
        grouped(u64::try_from(minimum.value).unwrap_or(0)),
        origin(minimum.origin),
    )
}

/// The split size, spelled out.
fn split_because(partitions: &Partitions, settings: &Settings, minimum: Parallelism) -> String {
    let size = |bytes: i64| Bytes::new(u64::try_from(bytes).unwrap_or(0)).to_string();
    let split = partitions.split;
    let per_core = format!(
        "{} of files and open costs ÷ {} ({}) = {}",
        size(split.total),
        grouped(u64::try_from(minimum.value).unwrap_or(0)),
        origin(minimum.origin),
        size(split.bytes_per_core),
    );
    let least = format!("{} (openCostInBytes)", size(settings.open_cost));
    let most = format!("{} (maxPartitionBytes)", size(settings.max_partition_bytes));
    match split.bound {
        Bound::MaxPartitionBytes => format!("{per_core}, more than the most, {most}"),
        Bound::OpenCost => format!("{per_core}, less than the least, {least}"),
        Bound::BytesPerCore => format!("{per_core}, between {least} and {most}"),
    }
}

/// What the number of partitions that the bytes are divided by comes from.
pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::MinPartitionNum => "spark.sql.files.minPartitionNum",
        Origin::LeafNodeDefaultParallelism => "spark.sql.leafNodeDefaultParallelism",
        Origin::DefaultParallelism => "spark.default.parallelism",
        Origin::LocalThreads => "threads of the local master",
        Origin::RegisteredCores => "cores of all executors",
        Origin::AtLeastTwo => "at least two",
    }
}

fn tasks_because(
    scenario: &Scenario,
    read: &Read,
    scan: &Scan,
    tasks: &Tasks,
    partitions: &Partitions,
) -> String {
    let what = scan_of(scenario, read.table);
    let (files, whole) = scan.files;
    let pieces = number::count(partitions.chunks.len());
    let mut text = format!(
        "{what}: {} {} cut every {} into {} {}",
        grouped(files),
        if files == 1 { "file" } else { "files" },
        scan.split,
        grouped(pieces),
        if pieces == 1 { "piece" } else { "pieces" },
    );
    if whole > 0 {
        text.push_str(&format!(" ({} cannot be cut)", grouped(whole)));
    }
    if pieces > tasks.count() {
        text.push_str(&format!(", packed into {} tasks", grouped(tasks.count())));
    }
    if let Some(size) = partitions.repacked {
        let size = Bytes::new(u64::try_from(size).unwrap_or(0));
        text.push_str(&format!(", packed again to {size} for maxPartitionNum"));
    }
    text
}
