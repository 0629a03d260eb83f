//! What the settings of a scenario mean for the decisions of `spark`, and whether Spark would
//! take them.

use super::cluster::Cluster;
use super::conf::{Conf, within};
use super::job::{Read, Step};
use super::meaning::Meaning;
use super::shape::ManagerName;
use super::table::DataFile;
use super::{Job, Scenario, Table};
use crate::diagnostic::{Code, Diagnostic};
use crate::spark::files::{self, File, FilesError, Settings};
use crate::spark::parallelism::{self, Backend, Parallelism};
use crate::units::{Bytes, number};

/// Tasks of one stage that the simulator takes on.
pub const MOST_TASKS: u64 = 50_000_000;

impl Scenario {
    /// `SparkContext.defaultParallelism`.
    pub fn default_parallelism(&self) -> Parallelism {
        default_parallelism(&self.conf, &self.cluster)
    }

    /// What decides how files are cut, and where the number of cores in it comes from.
    pub fn files_settings(&self) -> (Settings, Parallelism) {
        files_settings(&self.conf, &self.cluster)
    }

    /// Above so many directories side by side Spark lists with a job, of at most so many tasks.
    pub fn listing_settings(&self) -> (u64, u64) {
        let prefix = "spark.sql.sources.parallelPartitionDiscovery";
        let value = |key: &str| {
            let value = self.conf.long(&format!("{prefix}.{key}"));
            value.and_then(|it| u64::try_from(it).ok())
        };
        (value("threshold").unwrap_or(32), value("parallelism").unwrap_or(10_000).max(1))
    }
}

fn int(conf: &Conf, key: &str) -> Option<i32> {
    conf.long(key).and_then(|it| i32::try_from(it).ok())
}

fn default_parallelism(conf: &Conf, cluster: &Cluster) -> Parallelism {
    let cores = i32::try_from(cluster.cores()).unwrap_or(i32::MAX);
    let backend = if cluster.manager == ManagerName::Local {
        Backend::Local { threads: cores }
    } else {
        Backend::Cluster { registered_cores: cores }
    };
    parallelism::default_parallelism(int(conf, "spark.default.parallelism"), backend)
}

fn files_settings(conf: &Conf, cluster: &Cluster) -> (Settings, Parallelism) {
    let leaf = int(conf, "spark.sql.leafNodeDefaultParallelism");
    let leaf = parallelism::leaf_parallelism(leaf, default_parallelism(conf, cluster));
    let least = int(conf, "spark.sql.files.minPartitionNum");
    let least = parallelism::min_partition_num(least, leaf);
    let settings = Settings {
        max_partition_bytes: conf.bytes("spark.sql.files.maxPartitionBytes").unwrap_or(0),
        open_cost: conf.bytes("spark.sql.files.openCostInBytes").unwrap_or(0),
        min_partition_num: i64::from(least.value),
        max_partition_num: conf.long("spark.sql.files.maxPartitionNum"),
    };
    (settings, least)
}

/// Settings that decide counts: Spark refuses others, or would hang itself.
const COUNTS: [(&str, i64, i64); 8] = [
    ("spark.default.parallelism", 1, 10_000_000),
    ("spark.sql.leafNodeDefaultParallelism", 1, 10_000_000),
    ("spark.sql.files.minPartitionNum", 1, 10_000_000),
    ("spark.sql.files.maxPartitionNum", 1, i32::MAX as i64),
    ("spark.sql.shuffle.partitions", 1, 10_000_000),
    ("spark.sql.adaptive.coalescePartitions.initialPartitionNum", 1, 10_000_000),
    ("spark.sql.adaptive.coalescePartitions.minPartitionNum", 1, 10_000_000),
    ("spark.sql.sources.parallelPartitionDiscovery.parallelism", 1, 10_000_000),
];

/// Settings that are sizes and must lie in a range.
const SIZES: [&str; 4] = [
    "spark.sql.files.maxPartitionBytes",
    "spark.sql.files.openCostInBytes",
    "spark.sql.adaptive.advisoryPartitionSizeInBytes",
    "spark.sql.adaptive.coalescePartitions.minPartitionSize",
];

/// Refuses what Spark would refuse, and what nobody means. Remembers what is in force.
pub(super) fn check(meaning: &mut Meaning<'_>, conf: &Conf) {
    for (key, low, high) in COUNTS {
        let Some(value) = conf.long(key) else { continue };
        if within(value, low, high).is_none() {
            meaning.problems.push(conf.complain(key, &format!("between {low} and {high}")));
        }
    }
    for key in SIZES {
        let low = i64::from(key != "spark.sql.files.openCostInBytes");
        let high = i64::try_from(Bytes::MAX.get()).expect("2^60 fits");
        let Some(value) = conf.bytes(key) else { continue };
        if within(value, low, high).is_none() {
            meaning.problems.push(conf.complain(key, "at least 1 byte and at most 1024 PiB"));
        }
    }
    let key = "spark.memory.fraction";
    if conf.double(key).is_some_and(|it| it > 1.0) {
        let problem = conf.complain(key, "at most 1: a heap has no more than itself");
        meaning.problems.push(Diagnostic { code: Code::OutOfRange, ..problem });
    }
    for key in COUNTS.map(|it| it.0).into_iter().chain(SIZES) {
        if let Some((text, origin)) = conf.text(key) {
            let text = text.to_owned();
            meaning.note(key, &text, origin);
        }
    }
    for key in ["spark.sql.adaptive.enabled", "spark.sql.adaptive.coalescePartitions.enabled"] {
        if let Some((text, origin)) = conf.text(key) {
            let text = text.to_owned();
            meaning.note(key, &text, origin);
        }
    }
}

/// Refuses scans that Spark could not plan, or that have more tasks than can be simulated.
pub(super) fn check_scans(
    meaning: &mut Meaning<'_>,
    conf: &Conf,
    cluster: &Cluster,
    tables: &[Table],
    jobs: &[Job],
) {
    let (settings, _) = files_settings(conf, cluster);
    for (index, job) in jobs.iter().enumerate() {
        let Some(Step::Read(read)) = job.steps.first() else { continue };
        let index = index.to_string();
        let path = ["jobs", &index, "steps", "0", "read"];
        if let Err(error) = countable(&tables[read.table], read, &settings) {
            let code = match error {
                FilesError::ZeroSplitSize => Code::ZeroSplitSize,
                FilesError::ZeroMinPartitionNum => Code::RefusedSetting,
                FilesError::TooManyBytes | FilesError::TooManyChunks(_) => Code::TooMuch,
            };
            let message = match error {
                FilesError::TooManyChunks(pieces) => format!(
                    "the files would be cut into {} pieces, more than {}",
                    number::grouped(u64::try_from(pieces).unwrap_or(u64::MAX)),
                    number::grouped(files::MOST_CHUNKS),
                ),
                _ => error.to_string(),
            };
            let problem = meaning.about(code, &path, message, "read here");
            meaning.problems.push(match code {
                Code::ZeroSplitSize => problem.help(
                    "set `spark.sql.files.openCostInBytes` to its default, 4m, or lower \
                     `spark.sql.files.minPartitionNum`",
                ),
                _ => problem.help("raise `spark.sql.files.maxPartitionBytes`"),
            });
        } else if let Some(bytes) = too_wide(&tables[read.table], read) {
            let message = format!("the rows that are read fill {bytes:.0e} bytes of memory");
            let label = format!("at most {}", Bytes::MAX);
            let problem = meaning.about(Code::TooMuch, &path, message, &label);
            let way_out = "lower the `expansion` or the size of the table";
            meaning.problems.push(problem.help(way_out));
        } else if read.files.as_ref().is_some_and(Vec::is_empty) {
            let message = "no file lies in these partitions".to_owned();
            let problem = meaning.about(Code::EmptyTable, &path, message, "read here");
            meaning.problems.push(problem.help("Spark plans no task for it"));
        }
    }
    for (index, job) in jobs.iter().enumerate() {
        for (step, it) in job.steps.iter().enumerate() {
            if let Step::Write(write) = it
                && write.values > 1
                && write.partition_by.is_empty()
            {
                let (index, step) = (index.to_string(), step.to_string());
                let path = ["jobs", &index, "steps", &step, "values"];
                let message = format!("`values` of `{}` has no effect", write.name);
                let label = "it counts the values of the columns in `partition_by`";
                let problem = meaning.about(Code::PassedOver, &path, message, label);
                let way_out = "add `partition_by = [\"…\"]`, or leave `values` away";
                meaning.problems.push(problem.help(way_out));
            }
        }
    }
}

/// Bytes of a scan as rows in memory, where they are more than sums of them can hold.
fn too_wide(table: &Table, read: &Read) -> Option<f64> {
    let stored: u128 = chosen(table, read).map(|it| u128::from(it.length)).sum();
    let stored = number::float(u64::try_from(stored).unwrap_or(u64::MAX));
    let rows = stored * table.expansion.max(1.0);
    (rows > Bytes::MAX.as_f64()).then_some(rows)
}

/// The files that a step reads.
fn chosen<'a>(table: &'a Table, read: &'a Read) -> impl Iterator<Item = File> + 'a {
    let one = |it: &DataFile| File { length: it.bytes, splittable: it.splittable };
    let all = read.files.is_none().then(|| table.files.iter().map(one));
    let some = read.files.iter().flatten();
    let some = some.map(move |it| one(&table.files[number::index(u64::from(*it))]));
    all.into_iter().flatten().chain(some)
}

/// Whether a scan can be cut, and into how many pieces, without cutting it.
fn countable(table: &Table, read: &Read, settings: &Settings) -> Result<(), FilesError> {
    let split = files::split_size(chosen(table, read), settings)?;
    let mut pieces: u128 = 0;
    for file in chosen(table, read).filter(|it| it.length > 0) {
        if file.splittable {
            let step = u64::try_from(split.bytes).ok().filter(|it| *it > 0);
            let step = step.ok_or(FilesError::ZeroSplitSize)?;
            pieces += u128::from(file.length.div_ceil(step));
        } else {
            pieces += 1;
        }
    }
    if pieces > u128::from(files::MOST_CHUNKS) {
        return Err(FilesError::TooManyChunks(pieces));
    }
    Ok(())
}
