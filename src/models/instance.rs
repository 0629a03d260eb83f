//! Machine types as vendors sell them: cores, memory, and a price where one is cited.

use std::sync::OnceLock;

use serde::Deserialize;

#[rustfmt::skip] // One row each.
static FILES: &[(&str, &str)] = &[
    ("instances/aws.toml", include_str!("../../models/instances/aws.toml")),
    ("instances/azure.toml", include_str!("../../models/instances/azure.toml")),
    ("instances/gcp.toml", include_str!("../../models/instances/gcp.toml")),
];

/// One vendor's machine types, and where the numbers come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Where cores and memory come from: an address.
    pub source: String,
    /// The day on which it was read.
    pub read: String,
    /// Where the prices come from.
    pub price_source: Option<String>,
    /// The day on which they were read.
    pub price_read: Option<String>,
    /// The region that they hold for.
    pub price_region: Option<String>,
    /// The day for which they were published.
    pub price_date: Option<String>,
    /// Where network bandwidths come from.
    pub network_source: Option<String>,
    /// Where local disks come from.
    pub disk_source: Option<String>,
    /// The machine types.
    pub instance: Vec<Instance>,
}

/// One machine type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// The vendor's name for it.
    pub name: String,
    /// Cores as the vendor counts them (vCPU).
    pub cores: u32,
    /// Memory, spelled as Spark spells sizes.
    pub memory: String,
    /// Dollars per hour on demand, in the catalog's region.
    pub price_per_hour: Option<f64>,
    /// Local disks, as the vendor writes them.
    pub disk: Option<String>,
    /// Baseline network bandwidth in Gbit/s.
    pub network_gbps: Option<f64>,
}

/// All catalogs, loaded once.
pub fn catalogs() -> &'static [Catalog] {
    static LOADED: OnceLock<Vec<Catalog>> = OnceLock::new();
    LOADED.get_or_init(|| FILES.iter().map(|(name, text)| super::load(name, text)).collect())
}

/// The machine type of that name, with its catalog.
pub fn find(name: &str) -> Option<(&'static Catalog, &'static Instance)> {
    let in_catalog = |catalog: &'static Catalog| {
        catalog.instance.iter().find(|it| it.name == name).map(|it| (catalog, it))
    };
    catalogs().iter().find_map(in_catalog)
}

/// Every name there is.
pub fn names() -> impl Iterator<Item = &'static str> {
    catalogs().iter().flat_map(|it| &it.instance).map(|it| it.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn the_catalogs_load_and_no_name_stands_twice() {
        let mut known: Vec<&str> = names().collect();
        let all = known.len();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), all);
        for (catalog, instance) in
            catalogs().iter().flat_map(|it| it.instance.iter().map(move |i| (it, i)))
        {
            let memory: Bytes = instance.memory.parse().expect("memory is a size");
            assert!(memory > Bytes::ZERO && instance.cores > 0, "{}", instance.name);
            assert!(instance.price_per_hour.is_none() || catalog.price_date.is_some());
        }
        assert!(find("m5.4xlarge").is_some_and(|(_, it)| it.cores == 16));
    }
}
