//! Spark's settings: what was set, what it means, and where it comes from.

use std::collections::BTreeMap;
use std::fmt;

use super::tree::{Entry, Table, Value};
use crate::diagnostic::{Code, Diagnostic, Place, Sources};
use crate::models::engine::{Key, Kind, Registry};
use crate::units::conf as spelling;

/// Settings that change an answer. A known setting outside this list is accepted and listed as
/// having no effect here.
const MODELLED: &[&str] = &[
    "spark.buffer.pageSize",
    "spark.cores.max",
    "spark.default.parallelism",
    "spark.driver.cores",
    "spark.dynamicAllocation.enabled",
    "spark.driver.memory",
    "spark.executor.cores",
    "spark.executor.instances",
    "spark.executor.memory",
    "spark.executor.memoryOverhead",
    "spark.executor.memoryOverheadFactor",
    "spark.executor.minMemoryOverhead",
    "spark.executor.pyspark.memory",
    "spark.kubernetes.memoryOverheadFactor",
    "spark.memory.fraction",
    "spark.memory.offHeap.enabled",
    "spark.memory.offHeap.size",
    "spark.memory.storageFraction",
    "spark.scheduler.mode",
    "spark.sql.adaptive.advisoryPartitionSizeInBytes",
    "spark.sql.adaptive.coalescePartitions.enabled",
    "spark.sql.adaptive.coalescePartitions.initialPartitionNum",
    "spark.sql.adaptive.coalescePartitions.minPartitionNum",
    "spark.sql.adaptive.coalescePartitions.minPartitionSize",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst",
    "spark.sql.adaptive.enabled",
    "spark.sql.files.maxPartitionBytes",
    "spark.sql.files.maxPartitionNum",
    "spark.sql.files.minPartitionNum",
    "spark.sql.files.openCostInBytes",
    "spark.sql.leafNodeDefaultParallelism",
    "spark.sql.shuffle.partitions",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism",
    "spark.sql.sources.parallelPartitionDiscovery.threshold",
    "spark.task.cpus",
];

/// Who set a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person, at this place (`scenario.toml:12` or `--conf`).
    Written(String),
    /// A default, and whose it is.
    Default(String),
    /// Worked out from other values.
    Derived(String),
    /// A vendor's document; never compared with the real thing.
    Documented(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(place) => write!(out, "{place}"),
            Self::Default(whose) => write!(out, "default: {whose}"),
            Self::Derived(how) => write!(out, "derived: {how}"),
            Self::Documented(source) => write!(out, "documented, not run: {source}"),
        }
    }
}

/// A setting that somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// As it was spelled.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
    /// Where it stands, if it was written.
    pub place: Option<Place>,
}

/// All settings of an application; those that nobody set have Spark's defaults.
#[derive(Clone, Debug)]
pub struct Conf {
    version: &'static str,
    registry: &'static Registry,
    set: BTreeMap<String, Setting>,
}

impl Conf {
    pub(super) fn new(version: &'static str) -> Self {
        let registry = Registry::of(version).expect("versions have registries");
        Self { version, registry, set: BTreeMap::new() }
    }

    /// Takes over what was written, and says what is wrong with it.
    pub(super) fn read(
        &mut self,
        table: &Table,
        sources: &Sources,
        problems: &mut Vec<Diagnostic>,
    ) {
        for (key, entry) in flat(table) {
            let place = entry.node.place;
            let value = match &entry.node.value {
                Value::Text(text) => text.clone(),
                Value::Integer(number) => number.to_string(),
                Value::Float(number) => number.to_string(),
                Value::Boolean(switch) => switch.to_string(),
                Value::Table(_) | Value::Array(_) => continue,
            };
            let problem = self.judge(&key, &value, entry.key, place);
            let refused = problem.as_ref().is_some_and(Diagnostic::is_error);
            problems.extend(problem);
            if refused {
                continue;
            }
            let origin = Origin::Written(sources.describe(place));
            self.set.insert(key, Setting { value, origin, place: Some(place) });
        }
    }

    fn judge(&self, key: &str, value: &str, key_place: Place, place: Place) -> Option<Diagnostic> {
        let Some(known) = self.registry.get(key) else {
            return unknown(self.registry, self.version, key, key_place);
        };
        if let Some(error) = refused(known, value) {
            let message = format!("Spark refuses this value of `{key}`");
            return Some(Diagnostic::new(Code::RefusedSetting, message).at(place, error));
        }
        let status = known.status.as_deref().filter(|it| *it != "alternative")?;
        let message = format!("`{key}` is {status} in Spark {}", self.version);
        let problem = Diagnostic::new(Code::DeprecatedSetting, message).at(key_place, "set here");
        Some(match &known.replaced_by {
            Some(other) => problem.help(format!("use `{other}`")),
            None => problem,
        })
    }

    /// Sets what was spelled by a short name elsewhere in the scenario.
    pub(super) fn put(&mut self, key: &str, value: String, origin: Origin, place: Option<Place>) {
        self.set.insert(key.to_owned(), Setting { value, origin, place });
    }

    /// What somebody set for a key.
    pub fn written(&self, key: &str) -> Option<&Setting> {
        self.set.get(key)
    }

    /// Everything that somebody set.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.set.iter().map(|(key, setting)| (key.as_str(), setting))
    }

    /// Known settings that somebody set and that change nothing here.
    pub fn without_effect(&self) -> impl Iterator<Item = &str> {
        let idle = |key: &&str| !MODELLED.contains(key) && self.registry.get(key).is_some();
        self.set.keys().map(String::as_str).filter(idle)
    }

    /// The value in force and who set it; nothing where Spark has no default.
    pub fn text(&self, key: &str) -> Option<(&str, Origin)> {
        debug_assert!(MODELLED.contains(&key), "{key} is used but not listed as modelled");
        if let Some(setting) = self.set.get(key) {
            return Some((&setting.value, setting.origin.clone()));
        }
        let default = self.registry.default_of(key)?;
        Some((default, Origin::Default(format!("Spark {}", self.version))))
    }

    /// A size in bytes; nothing where Spark has no default.
    pub fn bytes(&self, key: &str) -> Option<i64> {
        let Kind::Bytes(unit) = self.registry.get(key)?.kind else { return None };
        self.text(key).and_then(|(text, _)| spelling::bytes(text, unit).ok())
    }

    /// A whole number; nothing where Spark has no default.
    pub fn long(&self, key: &str) -> Option<i64> {
        self.text(key).and_then(|(text, _)| spelling::long(text).ok())
    }

    /// A number; nothing where Spark has no default.
    pub fn double(&self, key: &str) -> Option<f64> {
        self.text(key).and_then(|(text, _)| spelling::double(text).ok())
    }

    /// A switch; off where Spark has no default.
    pub fn switch(&self, key: &str) -> bool {
        self.text(key).and_then(|(text, _)| spelling::boolean(text).ok()).unwrap_or(false)
    }

    /// A complaint about a setting that was written, for values that the model cannot take.
    pub(super) fn complain(&self, key: &str, range: &str) -> Diagnostic {
        let message = format!("`{key}` is out of range");
        let problem = Diagnostic::new(Code::RefusedSetting, message);
        match self.set.get(key).and_then(|it| it.place) {
            Some(place) => problem.at(place, range.to_owned()),
            None => problem.help(range.to_owned()),
        }
    }
}

/// `conf.spark.sql = { shuffle = 1 }` as `spark.sql.shuffle = 1`.
fn flat(table: &Table) -> Vec<(String, &Entry)> {
    let mut found = Vec::new();
    for (key, entry) in table {
        match &entry.node.value {
            Value::Table(inner) => {
                let below = flat(inner).into_iter();
                found.extend(below.map(|(rest, entry)| (format!("{key}.{rest}"), entry)));
            }
            _ => found.push((key.clone(), entry)),
        }
    }
    found
}

fn refused(key: &Key, value: &str) -> Option<String> {
    let error = match &key.kind {
        Kind::Boolean => spelling::boolean(value).err(),
        Kind::Int => spelling::int(value).err(),
        Kind::Long => spelling::long(value).err(),
        Kind::Double => spelling::double(value).err(),
        Kind::Bytes(unit) => spelling::bytes(value, *unit).err(),
        Kind::Time(unit) => spelling::micros(value, *unit).err(),
        Kind::Word(words) => {
            let known = words.split('|').any(|it| it.eq_ignore_ascii_case(value.trim()));
            return (!known).then(|| format!("one of {}", words.replace('|', ", ")));
        }
        Kind::Text => None,
    };
    error.map(|it| it.to_string())
}

/// Settings of other software, which Spark hands on or never sees.
const FOREIGN: &[&str] = &[
    "spark.databricks.",
    "spark.dataproc.",
    "spark.delta.",
    "spark.emr.",
    "spark.fabric.",
    "spark.microsoft.",
    "spark.synapse.",
    "spark.cassandra.",
    "spark.celeborn.",
    "spark.comet.",
    "spark.datasource.",
    "spark.es.",
    "spark.gluten.",
    "spark.hive.",
    "spark.hoodie.",
    "spark.mesos.",
    "spark.mongodb.",
    "spark.openlineage.",
    "spark.rapids.",
    "spark.snowflake.",
    "spark.sql.iceberg.",
];

/// A word about a key that this version does not know; none about keys of other software.
fn unknown(registry: &Registry, version: &str, key: &str, place: Place) -> Option<Diagnostic> {
    if registry.in_family(key) || FOREIGN.iter().any(|prefix| key.starts_with(prefix)) {
        return None;
    }
    let near = crate::diagnostic::nearest(key, registry.keys().iter().map(|it| it.name.as_str()));
    let message = format!("Spark {version} does not know the setting `{key}`");
    let problem = Diagnostic::new(Code::UnknownSetting, message);
    Some(match near {
        Some(near) => {
            problem.at(place, "Spark would ignore it").help(format!("did you mean `{near}`?"))
        }
        None if key.starts_with("spark.") => problem.at(place, "Spark would ignore it"),
        None => problem
            .at(place, "spark-submit ignores settings that do not begin with `spark.`")
            .help("settings for Hadoop are written as `spark.hadoop.…`"),
    })
}

/// A limit on numbers from settings, so that sums of them fit.
pub(super) fn within(value: i64, low: i64, high: i64) -> Option<u64> {
    (low..=high).contains(&value).then(|| u64::try_from(value).ok()).flatten()
}

/// A size setting as bytes, where it is not negative.
pub(super) fn size(value: i64) -> Option<crate::units::Bytes> {
    let limit = i64::try_from(crate::units::Bytes::MAX.get()).expect("2^60 fits");
    within(value, 0, limit).map(crate::units::Bytes::new)
}
