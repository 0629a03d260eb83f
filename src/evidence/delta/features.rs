//! What a table asks of its readers, and which of it does not change the list of files.

use std::path::Path;

use super::action::{Metadata, Protocol};
use crate::evidence::problem::{Kind, Problem};

/// Reader features (PROTOCOL.md, "Valid Feature Names in Table Features") that leave the live files
/// and their sizes as the log tells them. A V2 checkpoint is refused where one would be needed.
const HARMLESS: &[&str] = &[
    "columnMapping",
    "deletionVectors",
    "timestampNtz",
    "typeWidening",
    "typeWidening-preview",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    "variantShredding",
    "variantShredding-preview",
    "variantType",
    "variantType-preview",
];

const NEWEST_READER: i64 = 3;

/// Refuses what is not known here.
pub(super) fn check(protocol: &Protocol, log: &Path) -> Result<(), Problem> {
    let way_out = "describe the table by `size` and `files`; `DESCRIBE DETAIL` tells both";
    if protocol.min_reader_version > NEWEST_READER {
        let what = format!(
            "the table needs a Delta reader of version {}; {NEWEST_READER} is the newest known here",
            protocol.min_reader_version
        );
        return Err(Problem::new(Kind::Feature, what).at(log).or(way_out));
    }
    let features = protocol.reader_features.iter().flatten();
    let unknown: Vec<String> = features
        .filter(|it| !HARMLESS.contains(&it.as_str()))
        .map(|it| format!("`{it}`"))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let what = format!(
        "the table needs {}, which is not known here and may change which files are live",
        unknown.join(", ")
    );
    Err(Problem::new(Kind::Feature, what).at(log).or(way_out))
}

/// The names of the partition columns in the log: other ones where columns are mapped
/// (PROTOCOL.md, "Column Mapping").
pub(super) fn physical_columns(metadata: &Metadata) -> Vec<String> {
    let mode = metadata.configuration.get("delta.columnMapping.mode").and_then(|it| it.as_deref());
    if mode.is_none_or(|mode| mode == "none") {
        return metadata.partition_columns.clone();
    }
    let schema: serde_json::Value =
        serde_json::from_str(&metadata.schema_string).unwrap_or_default();
    let fields = schema["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    let physical = |column: &String| {
        let field = fields.iter().find(|field| field["name"] == column.as_str());
        let mapped =
            field.and_then(|it| it["metadata"]["delta.columnMapping.physicalName"].as_str());
        mapped.unwrap_or(column).to_owned()
    };
    metadata.partition_columns.iter().map(physical).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_features_are_named() {
        let features = vec!["deletionVectors".to_owned(), "catalogManaged".to_owned()];
        let protocol = |version, features| Protocol {
            min_reader_version: version,
            reader_features: Some(features),
            ..Protocol::default()
        };
        let refused = check(&protocol(3, features), Path::new("l")).unwrap_err();
        assert!(refused.what.contains("`catalogManaged`") && !refused.what.contains("deletion"));
        assert!(check(&protocol(3, vec!["v2Checkpoint".to_owned()]), Path::new("l")).is_ok());
        assert!(check(&protocol(4, Vec::new()), Path::new("l")).is_err());
    }

    #[test]
    fn mapped_columns_have_other_names_in_the_log() {
        let schema = r#"{"type":"struct","fields":[{"name":"k","type":"string","nullable":true,
            "metadata":{"delta.columnMapping.id":1,"delta.columnMapping.physicalName":"col-7"}}]}"#;
        let mut metadata = Metadata {
            schema_string: schema.into(),
            partition_columns: vec!["k".into(), "other".into()],
            ..Metadata::default()
        };
        assert_eq!(physical_columns(&metadata), ["k", "other"]);
        metadata.configuration.insert("delta.columnMapping.mode".into(), Some("name".into()));
        assert_eq!(physical_columns(&metadata), ["col-7", "other"]);
        metadata.schema_string = "no".into();
        assert_eq!(physical_columns(&metadata), ["k", "other"]);
    }
}
