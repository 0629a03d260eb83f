//! Storage: latency and bandwidth, as far as a cited page tells.

use std::sync::OnceLock;

use serde::Deserialize;

#[rustfmt::skip] // One row each.
static FILES: &[(&str, &str)] = &[
    ("storage/adls.toml", include_str!("../../models/storage/adls.toml")),
    ("storage/ebs.toml", include_str!("../../models/storage/ebs.toml")),
    ("storage/gcs.toml", include_str!("../../models/storage/gcs.toml")),
    ("storage/hdfs.toml", include_str!("../../models/storage/hdfs.toml")),
    ("storage/nvme.toml", include_str!("../../models/storage/nvme.toml")),
    ("storage/s3.toml", include_str!("../../models/storage/s3.toml")),
];

/// A kind of storage. What no page tells is nothing; the files hold more facts than are read here.
#[derive(Clone, Debug, Deserialize)]
pub struct Storage {
    /// Its name in scenarios.
    pub kind: String,
    /// How long the first byte takes, in milliseconds.
    pub first_byte_ms: Option<Fact>,
    /// What one connection moves, in 10^6 bytes a second.
    pub connection_mb_per_s: Option<Fact>,
}

/// A number, or a range, that a page tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Fact {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    /// The page's address.
    pub source: String,
    /// The day on which it was read.
    pub read: String,
}

impl Fact {
    /// The number, or the middle of the range.
    pub fn typical(&self) -> Option<f64> {
        self.value.or_else(|| Some(f64::midpoint(self.low?, self.high?)))
    }
}

/// All kinds of storage, loaded once.
pub fn catalog() -> &'static [Storage] {
    static LOADED: OnceLock<Vec<Storage>> = OnceLock::new();
    LOADED.get_or_init(|| FILES.iter().map(|(name, text)| super::load(name, text)).collect())
}

/// The storage of that name.
pub fn find(name: &str) -> Option<&'static Storage> {
    catalog().iter().find(|it| it.kind == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogs_load_and_facts_have_addresses() {
        for storage in catalog() {
            for fact in storage.first_byte_ms.iter().chain(&storage.connection_mb_per_s) {
                assert!(fact.typical().is_some_and(|it| it > 0.0), "{}", storage.kind);
                assert!(fact.source.starts_with("https://"), "{}", storage.kind);
            }
        }
        assert!(find("s3").is_some_and(|it| it.connection_mb_per_s.is_some()));
    }
}
