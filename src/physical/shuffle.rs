//! After a shuffle: how many partitions, and what AQE makes of them.

use super::tasks::{Task, Tasks};
use crate::scenario::Scenario;
use crate::spark::{adaptive, map_status};
use crate::units::number::grouped;
use crate::units::{Bytes, number};

/// Up to so many partitions a shuffle is written without buffering rows
/// (`spark.shuffle.sort.bypassMergeThreshold`, `SortShuffleWriter.shouldBypassMergeSort`).
pub const BYPASS: u64 = 200;

/// How the number of partitions of a shuffle was decided.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// A person gave it: AQE leaves it alone.
    Given(u64),
    /// Everything goes to one partition.
    One,
    /// `spark.sql.shuffle.partitions`, or what AQE starts with.
    Spark,
}

/// What comes out of a shuffle.
pub(super) struct Reduced {
    /// Tasks that read them.
    pub(super) tasks: Tasks,
    /// Why that many.
    pub(super) because: String,
}

/// How many partitions the map side writes, and whose number it is.
pub(super) fn partitions(scenario: &Scenario, wanted: &Wanted) -> (u64, String) {
    let conf = &scenario.conf;
    let setting = |key: &str| conf.long(key).and_then(|it| u64::try_from(it).ok());
    let initial = "spark.sql.adaptive.coalescePartitions.initialPartitionNum";
    match wanted {
        Wanted::Given(count) => (*count, "as the step says; AQE leaves it alone".to_owned()),
        Wanted::One => (1, "everything in one partition".to_owned()),
        Wanted::Spark => {
            if let Some(count) = setting(initial).filter(|_| coalesces(scenario)) {
                (count, format!("{initial} = {count}"))
            } else {
                let count = setting("spark.sql.shuffle.partitions").unwrap_or(200);
                (count, format!("spark.sql.shuffle.partitions = {count}"))
            }
        }
    }
}

fn coalesces(scenario: &Scenario) -> bool {
    scenario.conf.switch("spark.sql.adaptive.enabled")
        && scenario.conf.switch("spark.sql.adaptive.coalescePartitions.enabled")
}

/// The tasks that read a shuffle. `maps` are the tasks that wrote it and `written` says how many
/// bytes each wrote; every map task is taken to spread its bytes evenly.
pub(super) fn reduce(
    scenario: &Scenario,
    wanted: &Wanted,
    maps: &Tasks,
    written: impl Fn(&Task) -> u64,
) -> Reduced {
    let (count, whose) = partitions(scenario, wanted);
    let total: u64 = maps.runs().iter().map(|(it, n)| written(it) * n).sum();
    let pieces = maps.count();
    let fixed = || Reduced {
        tasks: spread(total, count, pieces),
        because: format!("{} partitions: {whose}", grouped(count)),
    };
    if !matches!(wanted, Wanted::Spark) || !coalesces(scenario) {
        return fixed();
    }
    let size: u64 = maps.runs().iter().map(|(it, n)| reported(written(it), count) * n).sum();
    let sizes = vec![vec![size; number::index(count)]];
    let settings = settings(scenario);
    let Some(ranges) = adaptive::coalesce(&sizes, &settings) else { return fixed() };
    let mut tasks = Tasks::default();
    for range in &ranges {
        let end = |at: usize| part(total, number::count(at), count);
        let bytes = end(range.end) - end(range.start);
        tasks.push(Task { bytes, pieces: pieces * number::count(range.len()) });
    }
    if ranges.is_empty() {
        tasks.push(Task { bytes: total, pieces });
    }
    let because = format!(
        "{} partitions ({whose}) of about {}, joined by AQE to at most {}",
        grouped(count),
        Bytes::new(total / count.max(1)),
        Bytes::new(adaptive::target_size(size.saturating_mul(count), &settings)),
    );
    Reduced { tasks, because }
}

/// What a map task's share for one of `count` partitions looks like to AQE.
fn reported(written: u64, count: u64) -> u64 {
    map_status::decode(map_status::encode(written / count.max(1)))
}

fn settings(scenario: &Scenario) -> adaptive::Settings {
    let conf = &scenario.conf;
    let prefix = "spark.sql.adaptive.coalescePartitions";
    let size = |key: &str| conf.bytes(key).and_then(|it| u64::try_from(it).ok()).unwrap_or(0);
    let given =
        conf.long(&format!("{prefix}.minPartitionNum")).and_then(|it| u64::try_from(it).ok());
    let parallelism = u64::try_from(scenario.default_parallelism().value).unwrap_or(1);
    let first = conf.switch(&format!("{prefix}.parallelismFirst"));
    let least = given.unwrap_or(if first { parallelism } else { 1 });
    adaptive::Settings {
        advisory: size("spark.sql.adaptive.advisoryPartitionSizeInBytes"),
        min_partitions: least.max(1),
        min_size: size(&format!("{prefix}.minPartitionSize")),
    }
}

/// Byte where the part of the first `index` of `count` partitions ends.
fn part(total: u64, index: u64, count: u64) -> u64 {
    let end = u128::from(total) * u128::from(index) / u128::from(count.max(1));
    u64::try_from(end).unwrap_or(u64::MAX)
}

fn spread(total: u64, count: u64, pieces: u64) -> Tasks {
    let mut tasks = Tasks::default();
    let (each, rest) = (total / count.max(1), total % count.max(1));
    tasks.append(Task { bytes: each + 1, pieces }, rest);
    tasks.append(Task { bytes: each, pieces }, count - rest);
    tasks
}
