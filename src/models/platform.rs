//! Platforms: how a vendor shapes executors, as far as a cited page tells. Never compared with the
//! real thing.

use std::sync::OnceLock;

use serde::Deserialize;

#[rustfmt::skip] // One row each.
static FILES: &[(&str, &str)] = &[
    ("platforms/databricks.toml", include_str!("../../models/platforms/databricks.toml")),
    ("platforms/dataproc.toml", include_str!("../../models/platforms/dataproc.toml")),
    ("platforms/emr.toml", include_str!("../../models/platforms/emr.toml")),
];

/// A vendor's platform. The files hold more facts than are read here.
#[derive(Clone, Debug, Deserialize)]
pub struct Platform {
    /// Its name in scenarios.
    pub platform: String,
    /// The share of a node's memory that YARN gets.
    pub yarn_memory_factor: Option<Fact>,
    /// The smallest YARN container, in MiB.
    pub yarn_minimum_allocation_mb: Option<Fact>,
    /// Memory beside the heap, as a share of it.
    pub executor_memory_overhead_factor: Option<Fact>,
    /// What the platform itself charges, in dollars for each vCPU and hour.
    pub price_usd_per_vcpu_hour: Option<Fact>,
    /// Executors of one node.
    pub executors_per_node: Option<Fact>,
    /// How a node's memory becomes an executor's heap.
    pub executor_memory: Option<HeapRule>,
    /// Machine types for which that rule does not hold.
    pub offheap: Option<Exceptions>,
    /// What nodes offer to YARN, by machine type.
    #[serde(default)]
    pub node: Vec<Node>,
    /// Where `node` comes from.
    pub node_table: Option<Citation>,
    /// Executors that the platform makes by default, by machine type.
    #[serde(default)]
    pub default_executor: Vec<DefaultExecutor>,
}

/// A number that a page tells.
#[derive(Clone, Debug, Deserialize)]
pub struct Fact {
    /// The number.
    pub value: f64,
    /// The page's address.
    pub source: String,
    /// The day on which it was read.
    pub read: String,
}

/// A page.
#[derive(Clone, Debug, Deserialize)]
pub struct Citation {
    /// Its address.
    pub source: String,
    /// The day on which it was read.
    pub read: String,
}

/// (memory × `kernel_factor` − `node_services_mb`) × `container_factor`.
#[derive(Clone, Debug, Deserialize)]
pub struct HeapRule {
    /// What the kernel leaves.
    pub kernel_factor: f64,
    /// What the node's own services take, in MiB.
    pub node_services_mb: f64,
    /// What the container leaves to the heap.
    pub container_factor: f64,
    /// The page's address.
    pub source: String,
}

/// Machine types that are exceptions.
#[derive(Clone, Debug, Deserialize)]
pub struct Exceptions {
    /// Their names.
    pub instances: Vec<String>,
    /// The page's address.
    pub source: String,
}

/// What a node offers to YARN.
#[derive(Clone, Debug, Deserialize)]
pub struct Node {
    /// The machine type.
    pub instance: String,
    /// MiB.
    pub yarn_memory_mb: u64,
}

/// An executor that a platform makes by default.
#[derive(Clone, Debug, Deserialize)]
pub struct DefaultExecutor {
    /// The machine type.
    pub instance: String,
    /// Cores, where the page tells.
    pub cores: Option<u32>,
    /// Heap in MiB.
    pub memory_mb: u64,
    /// The page's address.
    pub source: String,
}

/// The platform of that name.
pub fn find(name: &str) -> Option<&'static Platform> {
    static LOADED: OnceLock<Vec<Platform>> = OnceLock::new();
    let load = || FILES.iter().map(|(name, text)| super::load(name, text)).collect();
    LOADED.get_or_init(load).iter().find(|it| it.platform == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogs_load() {
        for name in ["databricks", "dataproc", "emr"] {
            assert!(find(name).is_some(), "{name}");
        }
        let emr = find("emr").expect("it is compiled in");
        let node = emr.node.iter().find(|it| it.instance == "m5.4xlarge");
        assert_eq!(node.map(|it| it.yarn_memory_mb), Some(57_344));
    }
}
