//! The shape of a scenario file: what may be written where. What it means is said elsewhere.
//!
//! The JSON Schema that `plan schema` prints and the check of every file come from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

mod steps;

use super::written::{Rate, Share, Size, Span};

pub use steps::*;

/// A scenario for `plan`: a cluster, tables, and jobs that run over them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: Option<u32>,
    /// A name for reports; the file's name by default.
    pub name: Option<String>,
    /// What this is about, for people.
    pub description: Option<String>,
    /// Which Spark decides.
    pub engine: Option<EngineFile>,
    /// The machines and how they are shared out.
    pub cluster: ClusterFile,
    /// Settings as in spark-defaults.conf: any `spark.*` key.
    pub conf: Option<BTreeMap<String, SettingFile>>,
    /// The tables that jobs read, by name.
    pub tables: Option<BTreeMap<String, TableFile>>,
    /// What runs, in this order unless `at` or `after` says otherwise.
    pub jobs: Vec<JobFile>,
    /// Pools of the FAIR scheduler, by name.
    pub pools: Option<BTreeMap<String, PoolFile>>,
    /// How the simulation is run.
    pub simulation: Option<SimulationFile>,
}

/// A setting's value, or a table of settings whose keys go on (`sql.shuffle.partitions = 200`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum SettingFile {
    /// Text, as Spark reads it.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// true or false.
    Boolean(bool),
    /// More of the key.
    More(BTreeMap<String, SettingFile>),
}

/// Which Spark decides.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineFile {
    /// Version of Spark: `"3.5"` or `"4.1"`.
    pub spark: Option<String>,
}

/// Who shares out the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ManagerName {
    /// Everything in one JVM, `local[N]`.
    Local,
    /// Spark's own master and workers.
    Standalone,
    /// Hadoop YARN.
    Yarn,
    /// Kubernetes.
    Kubernetes,
    /// Databricks, as far as its documents tell.
    Databricks,
    /// Amazon EMR on EC2, as far as its documents tell.
    Emr,
    /// Google Dataproc, as far as its documents tell.
    Dataproc,
}

/// The machines and how they are shared out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterFile {
    /// Who shares out the machines; `standalone` by default.
    pub manager: Option<ManagerName>,
    /// How many worker machines; 1 by default.
    #[schemars(range(min = 1, max = 100_000))]
    pub nodes: Option<u32>,
    /// A machine type from the catalogs, such as `m5.4xlarge`.
    pub instance: Option<String>,
    /// One worker machine, described; fields given here win over those of `instance`.
    pub node: Option<NodeFile>,
    /// One executor.
    pub executor: Option<ExecutorFile>,
    /// The driver.
    pub driver: Option<DriverFile>,
    /// Where the tables are, from `models/storage`: s3, adls, gcs, hdfs, ebs or nvme.
    pub storage: Option<String>,
    /// Charges on top of the machines' price, a line each.
    pub charges: Option<Vec<ChargeFile>>,
    /// How YARN is set up.
    pub yarn: Option<YarnFile>,
}

/// One worker machine.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeFile {
    /// Cores as the cluster manager counts them.
    #[schemars(range(min = 1, max = 4096))]
    pub cores: Option<u32>,
    /// Memory of the machine.
    pub memory: Option<Size>,
    /// Cores that the manager may not hand out (system daemons); 0 by default.
    #[schemars(range(min = 0, max = 4096))]
    pub reserved_cores: Option<u32>,
    /// Memory that the manager may not hand out; standalone: 1 GiB, others: 0 by default.
    pub reserved_memory: Option<Size>,
    /// Price of one machine in dollars per hour.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub price_per_hour: Option<f64>,
    /// What one machine's disks move in a second, all tasks together.
    pub disk_bandwidth: Option<Rate>,
    /// What one machine's network moves in a second, all tasks together.
    pub network_bandwidth: Option<Rate>,
}

/// The garbage collector of a JVM: it decides how much of the heap is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CollectorName {
    /// G1, the default of Java 9 and later on machines with 2 processors and 1,792 MiB or more.
    G1,
    /// The throughput collector.
    Parallel,
    /// The serial collector, the default on small machines.
    Serial,
}

/// One executor. These are short names of Spark's settings.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExecutorFile {
    /// `spark.executor.cores`.
    #[schemars(range(min = 1, max = 4096))]
    pub cores: Option<u32>,
    /// `spark.executor.memory`: the heap.
    pub memory: Option<Size>,
    /// Executors wanted on each node.
    #[schemars(range(min = 1, max = 4096))]
    pub per_node: Option<u32>,
    /// Executors wanted in all (`spark.executor.instances`).
    #[schemars(range(min = 1, max = 1_000_000))]
    pub count: Option<u32>,
    /// `spark.executor.memoryOverhead`.
    pub overhead: Option<Size>,
    /// `spark.memory.offHeap.size`, and off-heap memory switched on.
    pub off_heap: Option<Size>,
    /// The JVM's garbage collector; what Java chooses by itself by default.
    pub collector: Option<CollectorName>,
}

/// The driver.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DriverFile {
    /// `spark.driver.cores`.
    #[schemars(range(min = 1, max = 4096))]
    pub cores: Option<u32>,
    /// `spark.driver.memory`.
    pub memory: Option<Size>,
}

/// A charge on top of the machines' price.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeFile {
    /// What it is called on the bill.
    pub name: String,
    /// Dollars per hour for the whole cluster.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub per_hour: Option<f64>,
    /// Dollars per hour for each node.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub per_node_hour: Option<f64>,
}

/// Which of YARN's schedulers rounds the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum YarnSchedulerName {
    /// Steps of `minimum_allocation`.
    Capacity,
    /// Steps of `increment`.
    Fair,
}

/// How YARN is set up.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YarnFile {
    /// `yarn.nodemanager.resource.memory-mb`; the node's memory less what is reserved by default.
    pub node_memory: Option<Size>,
    /// `yarn.scheduler.minimum-allocation-mb`; 1 GiB by default.
    pub minimum_allocation: Option<Size>,
    /// `yarn.scheduler.maximum-allocation-mb`; `node_memory` by default.
    pub maximum_allocation: Option<Size>,
    /// Step of the Fair scheduler; 1 GiB by default.
    pub increment: Option<Size>,
    /// `capacity` by default.
    pub scheduler: Option<YarnSchedulerName>,
    /// Whether YARN counts cores (`DominantResourceCalculator`); false by default.
    pub count_cores: Option<bool>,
}

/// A table: where its files are, or what they are like.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// parquet, orc, csv, json, text, xml, avro or binaryFile; what the files' names say by default.
    pub format: Option<String>,
    /// A directory of files, or a Delta table; taken relative to the scenario file.
    pub path: Option<String>,
    /// A file with a saved listing (`aws s3 ls --recursive`, `hdfs dfs -ls -R`, S3 inventory CSV).
    pub listing: Option<String>,
    /// The part of the listing that is this table: what its paths begin with.
    pub prefix: Option<String>,
    /// Bytes of all files together.
    pub size: Option<Size>,
    /// How many files; 1 by default.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub files: Option<u64>,
    /// Bytes of one file.
    pub file_size: Option<Size>,
    /// How unequal the files are: the standard deviation of the logarithm of their sizes; 0 by
    /// default, which is all equal.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub spread: Option<f64>,
    /// Compression, such as `snappy`, `zstd` or `gzip`; what the suffix or the format says by
    /// default.
    pub codec: Option<String>,
    /// What the files' names end in; decides whether compressed text can be split.
    pub suffix: Option<String>,
    /// Options of the reader.
    pub options: Option<OptionsFile>,
    /// Bytes in memory (Spark's row form) for each byte of file; the format's own by default.
    #[schemars(range(min = 0.01, max = 1000.0))]
    pub expansion: Option<f64>,
}

/// Options of Spark's reader that change how files are split.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionsFile {
    /// Records of csv, json or xml may span lines: files are not split.
    #[serde(rename = "multiLine")]
    pub multi_line: Option<bool>,
    /// Each text file is one row: files are not split.
    pub wholetext: Option<bool>,
}

/// A job: steps over one table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobFile {
    /// A name for reports.
    pub name: String,
    /// What it does, in order; the first step reads.
    pub steps: Vec<StepFile>,
    /// The FAIR pool that it runs in.
    pub pool: Option<String>,
    /// When it is submitted, after the start of the simulation.
    pub at: Option<Span>,
    /// Jobs that must have ended before this one starts.
    pub after: Option<Vec<String>>,
    /// How long a task of this job takes, as you measured it; replaces the cost model.
    pub pace: Option<PaceFile>,
}

/// A measured speed: a task over so many bytes takes so long, everything included.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaceFile {
    /// Bytes of input of the task that was measured.
    pub bytes: Size,
    /// How long it took.
    pub takes: Span,
}

/// A pool of the FAIR scheduler.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolFile {
    /// Its share against other pools; 1 by default.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub weight: Option<u32>,
    /// Cores that it gets before shares count; 0 by default.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub min_share: Option<u32>,
}

/// How the simulation is run.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulationFile {
    /// How many runs with different luck the interval is made of; 200 by default.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub runs: Option<u32>,
    /// Equal seeds give equal answers; 42 by default.
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_u64))]
    pub seed: Option<u64>,
    /// Whether luck is simulated at all; true by default.
    pub noise: Option<bool>,
    /// How unequal tasks of equal bytes are: the standard deviation of the logarithm of their
    /// times; as learned from event logs by default.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub spread: Option<f64>,
    /// Share of the tasks that take several times as long; as learned from event logs by default.
    pub stragglers: Option<Share>,
}
