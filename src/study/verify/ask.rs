//! Asks the planner what a recorded row asked Spark.

use super::Compared;
use super::order::listing_order;
use crate::evidence::answers::{Coalesce, Conf, Files, Hash, Memory};
use crate::spark::files::{Chunk, File, FilesError, Partitions};
use crate::spark::format::Format;
use crate::spark::heap::Collector;
use crate::spark::parallelism::{Origin, Parallelism};
use crate::spark::{Version, adaptive, files, hashing, listing, memory, parallelism};
use crate::units::ParseError;
use crate::units::conf::{self, ByteUnit};
use crate::units::number::{count, index};

/// What the planner makes of a directory of files, listed in the order that the row tells; where
/// it tells none, in the order of the sizes, and, where the recorded splits show another one, in
/// that one. The second answer is whether the splits had to show it.
pub(super) fn files(row: &Files, version: Version) -> Result<(Vec<Compared>, bool), String> {
    let listed = listed(row, version)?;
    let settings = files_settings(row).map_err(|it| it.to_string())?;
    let number = u32::try_from(listed.len()).map_err(|it| it.to_string())?;
    let ask = |order: &[u32]| {
        let file = |it: &u32| listed[index(u64::from(*it))].0;
        match files::partitions(order.iter().map(file), &settings) {
            Ok(made) => made_files(row, &made, order),
            Err(error) => failed_files(row, error),
        }
    };
    if let Some(told) = &row.listing {
        let seen: Vec<u32> = (0..number).filter(|it| listed[index(u64::from(*it))].1).collect();
        let mut sorted = told.clone();
        sorted.sort_unstable();
        let listing = Compared::new("listing", Some(&sorted), &seen);
        return Ok((if listing.differs() { vec![listing] } else { ask(told) }, false));
    }
    let compared = ask(&(0..number).collect::<Vec<_>>());
    let recorded = row.splits.as_deref().filter(|_| compared.iter().any(Compared::differs));
    match recorded.and_then(|it| listing_order(listed.len(), it)) {
        Some(order) => Ok((ask(&order), true)),
        None => Ok((compared, false)),
    }
}

/// The answers, with the files counted as the row counts them.
fn made_files(row: &Files, made: &Partitions, order: &[u32]) -> Vec<Compared> {
    let piece = |it: &Chunk| (order[index(u64::from(it.file))], it.start, it.len);
    let splits = made.iter().map(|it| it.iter().map(piece).collect()).collect();
    vec![
        Compared::new("error", row.error.as_ref(), &"none".to_owned()),
        Compared::new("partitions", row.partitions.as_ref(), &count(made.len())),
        Compared::new("partition_bytes", row.partition_bytes.as_ref(), &made.bytes().collect()),
        Compared::new("splits", row.splits.as_ref(), &splits),
    ]
}

fn failed_files(row: &Files, error: FilesError) -> Vec<Compared> {
    let class = error.java_class().map_or_else(|| error.to_string(), str::to_owned);
    let given = [row.partitions.is_some(), row.partition_bytes.is_some(), row.splits.is_some()];
    let partitions = given.contains(&true).then(|| format!("{:?} partitions", row.partitions));
    vec![
        Compared::new("error", row.error.as_ref(), &class),
        Compared { answer: "partitions", recorded: partitions, answered: error.to_string() },
    ]
}

/// The files as the planner is given them, and whether Spark sees them; what it does not see is
/// there with zero bytes, so that the others keep their places.
fn listed(row: &Files, version: Version) -> Result<Vec<(File, bool)>, String> {
    let format = Format::named(&row.format).ok_or_else(|| format!("format {}", row.format))?;
    let number = row.file_sizes.len();
    let numbered = || (0..number).map(|it| format!("part-{it:05}{}", row.ext)).collect();
    let names: Vec<String> = row.names.clone().unwrap_or_else(numbered);
    let dirs = row.dirs.clone().unwrap_or_else(|| vec![String::new(); number]);
    if names.len() != number || dirs.len() != number {
        return Err("as many sizes as names and directories".to_owned());
    }
    let whole = whole_files(row, format)?;
    let paths: Vec<(&str, &str)> =
        dirs.iter().zip(&names).map(|(dir, name)| (dir.as_str(), name.as_str())).collect();
    let selected = listing::selected(&paths);
    Ok(row
        .file_sizes
        .iter()
        .zip(paths)
        .zip(selected)
        .map(|((&size, (_, name)), seen)| {
            let splittable = format.splittable(name, whole, version);
            (File { length: if seen { size } else { 0 }, splittable }, seen)
        })
        .collect())
}

fn whole_files(row: &Files, format: Format) -> Result<bool, String> {
    let Some(option) = format.whole_file_option() else { return Ok(false) };
    match row.options.iter().find(|it| it.0.eq_ignore_ascii_case(option.name)) {
        Some((_, value)) => conf::boolean(value).map_err(|it| it.to_string()),
        None => Ok(option.default),
    }
}

fn files_settings(row: &Files) -> Result<files::Settings, ParseError> {
    let bytes = |key, default| size(&row.conf, key).map(|it| it.unwrap_or(default));
    let int = |key| row.conf.get(key).map(|it| conf::int(it)).transpose();
    let default =
        Parallelism { value: row.default_parallelism, origin: Origin::DefaultParallelism };
    let leaf = int("spark.sql.leafNodeDefaultParallelism")?;
    let leaf = parallelism::leaf_parallelism(leaf, default);
    let least = parallelism::min_partition_num(int("spark.sql.files.minPartitionNum")?, leaf);
    Ok(files::Settings {
        max_partition_bytes: bytes("spark.sql.files.maxPartitionBytes", 128 << 20)?,
        open_cost: bytes("spark.sql.files.openCostInBytes", 4 << 20)?,
        min_partition_num: i64::from(least.value),
        max_partition_num: int("spark.sql.files.maxPartitionNum")?.map(i64::from),
    })
}

fn size(given: &Conf, key: &str) -> Result<Option<i64>, ParseError> {
    given.get(key).map(|it| conf::bytes(it, ByteUnit::Byte)).transpose()
}

/// What the planner makes of a heap.
pub(super) fn memory(row: &Memory, version: Version) -> Result<Vec<Compared>, String> {
    let settings = memory_settings(&row.conf).map_err(|it| it.to_string())?;
    let set_page = size(&row.conf, "spark.buffer.pageSize").map_err(|it| it.to_string())?;
    let (made, error) = match memory::unified(&settings) {
        Ok(made) => (Some(made), None),
        Err(error) => (None, Some(error)),
    };
    let none = || "none".to_owned();
    let class = error.map_or_else(none, |it| it.java_class(version).to_owned());
    let name = error.and_then(|it| it.condition(version)).map_or_else(none, str::to_owned);
    let page =
        made.map(|it| set_page.unwrap_or_else(|| it.page_size(row.cores, Collector::G1, version)));
    let bytes = |answer, recorded: Option<i64>, made: Option<i64>| {
        Compared::new(answer, recorded.map(Some).as_ref(), &made)
    };
    let pool = made.map(|it| it.pool);
    Ok(vec![
        Compared::new("error", row.error.as_ref(), &class),
        Compared::new("condition", row.condition.as_ref(), &name),
        bytes("max_heap", row.max_heap, pool),
        bytes("max_on_heap_storage", row.max_on_heap_storage, pool),
        bytes("max_off_heap_storage", row.max_off_heap_storage, made.map(|it| it.off_heap)),
        bytes("page_size", row.page_size, page),
    ])
}

fn memory_settings(given: &Conf) -> Result<memory::Settings, ParseError> {
    let get = |key: &str| given.get(key);
    let heap = get("spark.testing.memory").map(|it| conf::long(it)).transpose()?;
    let mut settings = memory::Settings::of_heap(heap.unwrap_or(0));
    settings.executor_memory = size(given, "spark.executor.memory")?;
    if let Some(it) = get("spark.memory.fraction") {
        settings.fraction = conf::double(it)?;
    }
    if let Some(it) = get("spark.memory.storageFraction") {
        settings.storage_fraction = conf::double(it)?;
    }
    if let Some(it) = get("spark.memory.offHeap.enabled") {
        settings.off_heap_enabled = conf::boolean(it)?;
    }
    settings.off_heap_size = size(given, "spark.memory.offHeap.size")?.unwrap_or(0);
    Ok(settings)
}

/// The hash of typed values.
pub(super) fn hash(row: &Hash) -> Vec<Compared> {
    let values: Vec<_> = row.cells.iter().map(|it| it.value()).collect();
    vec![Compared::new("hash", row.hash.as_ref(), &hashing::hash(&values))]
}

/// The joined ranges of shuffle partitions: one list, or none where nothing is joined.
pub(super) fn coalesce(row: &Coalesce) -> Vec<Compared> {
    let settings = adaptive::Settings {
        advisory: row.advisory,
        min_partitions: row.min_partition_num,
        min_size: row.min_partition_size,
    };
    let pair = |it: std::ops::Range<usize>| (count(it.start), count(it.end));
    let made = adaptive::coalesce(&row.sizes, &settings);
    let specs = made.into_iter().map(|it| it.into_iter().map(pair).collect()).collect();
    vec![Compared::new("specs", row.specs.as_ref(), &specs)]
}
