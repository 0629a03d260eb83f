//! Versions of Spark: every setting that each of them knows, with its type, default and unit.
//!
//! The files are written by `conformance/record registry`, which asks Spark itself.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::units::conf::{ByteUnit, TimeUnit};

#[rustfmt::skip] // One row each.
static FILES: &[(&str, &str)] = &[
    ("3.5", include_str!("../../models/engines/spark-3.5.conf.csv")),
    ("4.1", include_str!("../../models/engines/spark-4.1.conf.csv")),
];

/// The version that is used where the scenario names none: the newest that is compared with
/// real Spark.
pub const DEFAULT: &str = "4.1";

/// The versions there are, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(version, _)| *version)
}

/// What a setting holds, and what a bare number means for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// true or false.
    Boolean,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A number.
    Double,
    /// A size; a bare number has this unit.
    Bytes(ByteUnit),
    /// A time; a bare number has this unit.
    Time(TimeUnit),
    /// One of these words (with `|` between them), in any case.
    Word(String),
    /// Anything else: names, lists, patterns.
    Text,
}

/// One setting that a version of Spark knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its default as Spark spells it; nothing where Spark has none.
    pub default: Option<String>,
    /// `deprecated`, `removed` or `alternative` (another name of the same setting).
    pub status: Option<String>,
    /// What Spark says to use instead.
    pub replaced_by: Option<String>,
}

/// A row of the file; its other columns are for people.
#[derive(Deserialize)]
struct Row {
    key: String,
    r#type: String,
    default: Option<String>,
    unit: Option<String>,
    status: Option<String>,
    replaced_by: Option<String>,
    values: Option<String>,
}

/// All settings of one version of Spark, sorted by name.
#[derive(Debug)]
pub struct Registry {
    keys: Vec<Key>,
    /// Beginnings of keys whose last part is free, such as `spark.executorEnv.`.
    families: Vec<String>,
}

impl Registry {
    /// The settings of a version such as `"3.5"`.
    pub fn of(version: &str) -> Option<&'static Self> {
        static LOADED: [OnceLock<Registry>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
        let index = FILES.iter().position(|(name, _)| *name == version)?;
        let (name, text) = FILES[index];
        Some(LOADED[index].get_or_init(|| match Self::parse(text) {
            Ok(registry) => registry,
            Err(error) => panic!("models/engines of {name} does not load: {error}"),
        }))
    }

    /// The setting of that name.
    pub fn get(&self, name: &str) -> Option<&Key> {
        let found = self.keys.binary_search_by(|it| it.name.as_str().cmp(name));
        found.ok().map(|index| &self.keys[index])
    }

    /// All settings.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Whether Spark knows a family of keys that begin like this one.
    pub fn in_family(&self, name: &str) -> bool {
        self.families.iter().any(|it| name.starts_with(it.as_str()))
    }

    /// A setting's default, following those that fall back to another key.
    pub fn default_of(&self, name: &str) -> Option<&str> {
        const LONGEST_CHAIN: usize = 8;
        let mut default = self.get(name)?.default.as_deref()?;
        for _ in 0..LONGEST_CHAIN {
            match default.strip_prefix("-> ") {
                Some(other) => default = self.get(other)?.default.as_deref()?,
                None => return Some(default),
            }
        }
        None
    }

    fn parse(text: &str) -> Result<Self, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        let mut registry = Self { keys: Vec::new(), families: Vec::new() };
        for row in reader.deserialize() {
            let row: Row = row?;
            if row.r#type == "prefix" {
                registry.families.push(row.key.trim_end_matches('*').to_owned());
            } else {
                registry.keys.push(key(row));
            }
        }
        registry.keys.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(registry)
    }
}

fn key(row: Row) -> Key {
    let unit = row.unit.unwrap_or_default();
    let kind = match row.r#type.trim_end_matches('?') {
        "boolean" => Kind::Boolean,
        "int" => Kind::Int,
        "long" => Kind::Long,
        "double" => Kind::Double,
        "bytes" => ByteUnit::named(&unit).map_or(Kind::Text, Kind::Bytes),
        "time" => TimeUnit::named(&unit).map_or(Kind::Text, Kind::Time),
        "enum" => row.values.map_or(Kind::Text, Kind::Word),
        _ => Kind::Text,
    };
    Key {
        name: row.key,
        kind,
        default: row.default.filter(|it| it != "<computed>"),
        status: row.status,
        replaced_by: row.replaced_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_knows_the_settings_that_everybody_sets() {
        for version in versions() {
            let registry = Registry::of(version).expect("it is compiled in");
            let default = |key: &str| registry.default_of(key).map(str::to_lowercase);
            assert_eq!(default("spark.executor.memory").as_deref(), Some("1g"));
            assert_eq!(default("spark.sql.files.maxPartitionBytes").as_deref(), Some("128mb"));
            assert_eq!(default("spark.sql.shuffle.partitions").as_deref(), Some("200"));
            assert_eq!(default("spark.executor.memoryOverhead"), None);
            let memory = registry.get("spark.executor.memory").map(|it| &it.kind);
            assert_eq!(memory, Some(&Kind::Bytes(ByteUnit::Mib)), "{version}");
            assert!(registry.keys().len() > 1000 && registry.in_family("spark.hadoop.fs.x"));
            let advisory = default("spark.sql.adaptive.advisoryPartitionSizeInBytes");
            assert!(advisory.is_some_and(|it| it.starts_with("64")), "{version}");
        }
        assert!(Registry::of("2.4").is_none());
    }

    #[test]
    fn defaults_can_be_read_as_what_they_are() {
        use crate::units::conf;
        for version in versions() {
            let registry = Registry::of(version).expect("it is compiled in");
            for key in registry.keys() {
                let Some(default) = registry.default_of(&key.name) else { continue };
                let sound = match &key.kind {
                    Kind::Boolean => conf::boolean(default).is_ok(),
                    Kind::Int => conf::int(default).is_ok(),
                    Kind::Long => conf::long(default).is_ok(),
                    Kind::Double => conf::double(default).is_ok(),
                    Kind::Bytes(unit) => conf::bytes(default, *unit).is_ok(),
                    Kind::Time(unit) => conf::micros(default, *unit).is_ok(),
                    Kind::Word(_) | Kind::Text => true,
                };
                assert!(sound, "{version} {}: {default}", key.name);
            }
        }
    }
}
