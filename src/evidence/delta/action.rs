//! One line of a commit: the actions that change which files are live (PROTOCOL.md, "Actions").

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

/// The line; actions that do not matter here are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub(super) add: Option<Add<'a>>,
    #[serde(borrow)]
    pub(super) remove: Option<Remove<'a>>,
    #[serde(rename = "metaData")]
    pub(super) metadata: Option<Metadata>,
    pub(super) protocol: Option<Protocol>,
}

/// A file that becomes live.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Add<'a> {
    #[serde(borrow)]
    pub(super) path: Cow<'a, str>,
    #[serde(default)]
    pub(super) partition_values: Values,
    pub(super) size: u64,
    #[serde(borrow)]
    pub(super) stats: Option<Cow<'a, str>>,
    pub(super) deletion_vector: Option<Vector>,
}

/// A file that is live no more.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Remove<'a> {
    #[serde(borrow)]
    pub(super) path: Cow<'a, str>,
    pub(super) deletion_vector: Option<Vector>,
}

/// Partition values by (physical) column; null and the empty string are both null.
pub(super) type Values = BTreeMap<String, Option<String>>;

/// Which rows of a file are deleted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Vector {
    pub(super) storage_type: String,
    pub(super) path_or_inline_dv: String,
    pub(super) offset: Option<i64>,
    #[serde(default)]
    pub(super) cardinality: u64,
}

/// What the table is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) schema_string: String,
    #[serde(default)]
    pub(super) partition_columns: Vec<String>,
    #[serde(default)]
    pub(super) configuration: BTreeMap<String, Option<String>>,
}

/// What a reader must know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protocol {
    pub(super) min_reader_version: i64,
    #[serde(default)]
    pub(super) min_writer_version: i64,
    pub(super) reader_features: Option<Vec<String>>,
    pub(super) writer_features: Option<Vec<String>>,
}

impl Vector {
    /// The part of a file's key that tells its deletion vector (PROTOCOL.md, "Derived Fields").
    pub(super) fn id(&self) -> String {
        match self.offset {
            Some(offset) => format!("{}{}@{offset}", self.storage_type, self.path_or_inline_dv),
            None => format!("{}{}", self.storage_type, self.path_or_inline_dv),
        }
    }
}

/// The rows that a file's statistics tell, if they do.
pub(super) fn rows(stats: &str) -> Option<u64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Stats {
        num_records: Option<u64>,
    }
    serde_json::from_str::<Stats>(stats).ok()?.num_records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_for_what_matters() {
        let text = r#"{"add":{"path":"a%20b","partitionValues":{"k":null,"l":""},"size":7,
            "stats":"{\"numRecords\":3,\"minValues\":{\"x\":1}}","tags":null,"deletionVector":
            {"storageType":"u","pathOrInlineDv":"abc","offset":4,"sizeInBytes":1,"cardinality":2}}}"#;
        let line: Line = serde_json::from_str(text).unwrap();
        let add = line.add.unwrap();
        assert_eq!(add.stats.as_deref().and_then(rows), Some(3));
        assert_eq!(add.deletion_vector.unwrap().id(), "uabc@4");
        assert_eq!(add.partition_values["k"], None);
        let other: Line = serde_json::from_str(r#"{"commitInfo":{"a":[1]}}"#).unwrap();
        assert!(other.add.is_none() && other.metadata.is_none());
        assert!(serde_json::from_str::<Line>(r#"{"add":{"path":"a","size":-1}}"#).is_err());
        assert_eq!(rows("{}"), None);
        assert_eq!(rows("no"), None);
    }
}
