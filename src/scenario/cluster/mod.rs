//! The machines, and what the cluster manager grants on them.

use super::conf::{Conf, Origin};
use super::meaning::Meaning;
use super::shape::{ClusterFile, CollectorName, ManagerName};
use crate::diagnostic::Code;
use crate::models::instance;
use crate::models::platform::{self, Platform};
use crate::models::storage::{self, Storage};
use crate::spark::Version;
use crate::units::{Bytes, Rate, Usd, number};

mod container;
mod executor;
mod grant;

pub use executor::{Executor, name_of as collector_name};
pub use grant::{Grant, Yarn};

/// Slots that the simulator takes on.
pub const MOST_SLOTS: u64 = 1 << 20;

/// The machines, and what is granted on them.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Who shares out the machines.
    pub manager: ManagerName,
    /// How many worker machines.
    pub nodes: u32,
    /// One of them.
    pub node: Node,
    /// One executor.
    pub executor: Executor,
    /// How many executors run, and why.
    pub grant: Grant,
    /// Where tables are, if somebody said.
    pub storage: Option<&'static Storage>,
    /// What is charged, line by line.
    pub charges: Vec<Charge>,
    /// Whether the machines have a price.
    pub priced: bool,
}

/// A worker machine.
#[derive(Clone, Debug)]
pub struct Node {
    /// `m5.4xlarge`, or nothing where it was described.
    pub instance: Option<String>,
    /// Its cores.
    pub cores: u32,
    /// Its memory.
    pub memory: Bytes,
    /// Cores that the manager may hand out.
    pub offered_cores: u32,
    /// Memory that the manager may hand out.
    pub offered_memory: Bytes,
    /// What its disks move in a second, if somebody said.
    pub disk: Option<Rate>,
    /// What its network moves in a second, if it is known.
    pub network: Option<Rate>,
}

/// A line of the bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// What is charged.
    pub name: String,
    /// Dollars per hour for the whole cluster.
    pub per_hour: Usd,
    /// Where the price comes from.
    pub source: String,
}

impl Cluster {
    /// Tasks that run at the same time.
    pub fn slots(&self) -> u64 {
        u64::from(self.grant.executors) * u64::from(self.executor.slots)
    }

    /// Cores of all executors.
    pub fn cores(&self) -> u64 {
        u64::from(self.grant.executors) * u64::from(self.executor.cores)
    }
}

/// Gives the cluster its meaning; nothing where something is wrong with it.
pub(super) fn read(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    conf: &mut Conf,
    version: Version,
) -> Option<Cluster> {
    let default = || (ManagerName::Standalone, Origin::Default("plan".to_owned()));
    let manager = meaning.pick(&["cluster", "manager"], file.manager, default);
    let default = || (1, Origin::Default("one machine".to_owned()));
    let nodes = meaning.pick(&["cluster", "nodes"], file.nodes, default);
    if manager == ManagerName::Local && nodes > 1 {
        let message = "`local` runs on one machine".to_owned();
        meaning.problem(Code::Conflict, &["cluster", "nodes"], message, "leave this away");
    }
    let platform = platform::find(manager.as_str());
    let node = node(meaning, file, manager, platform);
    let storage = storage(meaning, file);
    let node = node?;
    let executor = executor::read(meaning, file, conf, version, manager, platform, &node);
    let executor = executor?;
    let grant = grant::read(meaning, file, conf, manager, platform, nodes, &node, &executor)?;
    let charges = charges(meaning, file, nodes, &node, platform);
    let catalog = file.instance.as_deref().and_then(instance::find);
    let listed = catalog.is_some_and(|(_, it)| it.price_per_hour.is_some());
    let priced = listed || file.node.as_ref().is_some_and(|it| it.price_per_hour.is_some());
    let storage = storage?;
    let cluster = Cluster { manager, nodes, node, executor, grant, storage, charges, priced };
    if cluster.slots() > MOST_SLOTS {
        let message = format!("{} slots are too many", number::grouped(cluster.slots()));
        let label = format!("at most {}", number::grouped(MOST_SLOTS));
        meaning.problem(Code::TooMuch, &["cluster", "nodes"], message, &label);
        return None;
    }
    Some(cluster)
}

impl ManagerName {
    /// As it is written in a scenario.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Standalone => "standalone",
            Self::Yarn => "yarn",
            Self::Kubernetes => "kubernetes",
            Self::Databricks => "databricks",
            Self::Emr => "emr",
            Self::Dataproc => "dataproc",
        }
    }

    /// Whether YARN rounds its containers.
    pub const fn is_yarn(self) -> bool {
        matches!(self, Self::Yarn | Self::Emr | Self::Dataproc)
    }
}

impl std::fmt::Display for ManagerName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.pad(self.as_str())
    }
}

fn node(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    manager: ManagerName,
    platform: Option<&'static Platform>,
) -> Option<Node> {
    let written = file.node.clone().unwrap_or_default();
    let found = match &file.instance {
        None => None,
        Some(name) => Some(instance(meaning, name)?),
    };
    let catalog = |source: &str, read: &str| Origin::Default(format!("{source}, read {read}"));
    let from = found.map(|(it, _)| catalog(&it.source, &it.read));
    let cores = written.cores.or(found.map(|(_, it)| it.cores));
    let memory = written.memory.map(|it| it.0);
    let memory = memory.or(found.and_then(|(_, it)| it.memory.parse().ok()));
    let (Some(cores), Some(memory)) = (cores, memory) else {
        let message = "what one machine is like is not known".to_owned();
        let label = "not in here";
        let problem = meaning.about(Code::MissingField, &["cluster"], message, label);
        let problem = problem
            .help("`node = { cores = 16, memory = \"64g\" }` describes it")
            .help("`instance = \"m5.4xlarge\"` takes it from the catalogs");
        meaning.problems.push(problem);
        return None;
    };
    let origin = |meaning: &Meaning<'_>, field: &str| {
        let written = meaning.origin(&["cluster", "node", field]);
        written.or_else(|| from.clone()).unwrap_or(Origin::Derived("other fields".to_owned()))
    };
    let cores_origin = origin(meaning, "cores");
    meaning.note("cluster.node.cores", &cores, cores_origin);
    let memory_origin = origin(meaning, "memory");
    meaning.note("cluster.node.memory", &memory, memory_origin);
    let (offered_cores, offered_memory) = offered(meaning, file, manager, platform, cores, memory)?;
    let network = written.network_bandwidth.map(|it| it.0);
    let gigabit = |gbps: f64| Rate::new(gbps * 1e9 / 8.0);
    let network = network.or_else(|| found.and_then(|(_, it)| it.network_gbps).and_then(gigabit));
    if let Some(rate) = network {
        let origin = meaning.origin(&["cluster", "node", "network_bandwidth"]);
        let source = found.and_then(|(it, _)| it.network_source.clone()).unwrap_or_default();
        meaning.note(
            "cluster.node.network_bandwidth",
            &rate,
            origin.unwrap_or(Origin::Default(source)),
        );
    }
    let disk = written.disk_bandwidth.map(|it| it.0);
    if let (Some(rate), Some(origin)) =
        (disk, meaning.origin(&["cluster", "node", "disk_bandwidth"]))
    {
        meaning.note("cluster.node.disk_bandwidth", &rate, origin);
    }
    Some(Node {
        instance: file.instance.clone(),
        cores,
        memory,
        offered_cores,
        offered_memory,
        disk,
        network,
    })
}

fn instance(
    meaning: &mut Meaning<'_>,
    name: &str,
) -> Option<(&'static instance::Catalog, &'static instance::Instance)> {
    let found = instance::find(name);
    if found.is_none() {
        let message = format!("there is no machine type `{name}` in the catalogs");
        let path = ["cluster", "instance"];
        let problem = meaning.about(Code::UnknownName, &path, message, "looked up here");
        let problem = problem
            .suggest(name, instance::names())
            .help("describe it instead: `node = { cores = 16, memory = \"64g\" }`");
        meaning.problems.push(problem);
    }
    found
}

/// What the manager may hand out on a machine. A standalone worker keeps 1 GiB for the system
/// (`WorkerArguments.inferDefaultMemory`, core).
fn offered(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    cores: u32,
    memory: Bytes,
) -> Option<(u32, Bytes)> {
    let written = file.node.clone().unwrap_or_default();
    let path = ["cluster", "node", "reserved_cores"];
    let none = || (0, Origin::Default("plan: none".to_owned()));
    let reserved_cores = meaning.pick(&path, written.reserved_cores, none);
    if reserved_cores >= cores {
        let message = format!("{reserved_cores} of {cores} cores are reserved");
        meaning.problem(Code::OutOfRange, &path, message, "nothing would be left");
        return None;
    }
    if let Some(memory) =
        file.yarn.as_ref().filter(|_| manager.is_yarn()).and_then(|it| it.node_memory)
    {
        let origin = meaning.origin(&["cluster", "yarn", "node_memory"]);
        let origin = origin.unwrap_or(Origin::Derived("overrides".to_owned()));
        meaning.note("cluster.yarn.node_memory", &memory.0, origin);
        return Some((cores - reserved_cores, memory.0));
    }
    if let Some(found) = on_platform(meaning, file, manager, platform, memory) {
        return found.map(|memory| (cores - reserved_cores, memory));
    }
    let path = ["cluster", "node", "reserved_memory"];
    let default = || match manager {
        ManagerName::Standalone => {
            (Bytes::gib(1), Origin::Default("Spark's worker keeps 1 GiB".to_owned()))
        }
        _ => (Bytes::ZERO, Origin::Default("plan: none".to_owned())),
    };
    let reserved = meaning.pick(&path, written.reserved_memory.map(|it| it.0), default);
    let left = memory.saturating_sub(reserved);
    if left == Bytes::ZERO {
        let message = format!("{reserved} of {memory} are reserved");
        meaning.problem(Code::OutOfRange, &path, message, "nothing would be left");
        return None;
    }
    Some((cores - reserved_cores, left))
}

/// What YARN gets of a machine on EMR and Dataproc, as documented; the outer nothing means that
/// no document is needed, the inner that one is missing.
#[expect(clippy::option_option, reason = "not needed and not there are different")]
fn on_platform(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    memory: Bytes,
) -> Option<Option<Bytes>> {
    let platform = platform.filter(|_| manager.is_yarn())?;
    if file.node.as_ref().is_some_and(|it| it.reserved_memory.is_some()) {
        return None;
    }
    let name = "cluster.yarn.node_memory";
    let row = platform.node.iter().find(|it| Some(&it.instance) == file.instance.as_ref());
    if let Some(row) = row {
        let source = platform.node_table.as_ref().map_or("", |it| it.source.as_str());
        let memory = Bytes::mib(row.yarn_memory_mb);
        meaning.note(name, &memory, Origin::Documented(source.to_owned()));
        return Some(Some(memory));
    }
    if let Some(factor) = &platform.yarn_memory_factor {
        let memory = Bytes::mib(memory.scale(factor.value).whole_mib());
        meaning.note(name, &memory, Origin::Documented(factor.source.clone()));
        return Some(Some(memory));
    }
    let message = format!("what {manager} gives to YARN on this machine is not documented");
    let problem = meaning.about(Code::MissingField, &["cluster"], message, "not in here");
    let way_out =
        "`[cluster.yarn]` with `node_memory = \"…\"`: yarn.nodemanager.resource.memory-mb";
    meaning.problems.push(problem.help(way_out));
    Some(None)
}

/// The storage that was named; the outer nothing where there is no such storage.
#[expect(clippy::option_option, reason = "not named and not known are different")]
fn storage(meaning: &mut Meaning<'_>, file: &ClusterFile) -> Option<Option<&'static Storage>> {
    let Some(name) = &file.storage else { return Some(None) };
    let found = storage::find(name);
    if let Some(storage) = found {
        let origin = meaning.origin(&["cluster", "storage"]);
        meaning.note("cluster.storage", name, origin.unwrap_or(Origin::Derived(String::new())));
        Some(Some(storage))
    } else {
        let known: Vec<&str> = storage::catalog().iter().map(|it| it.kind.as_str()).collect();
        let message = format!("there is no storage `{name}` in the catalog");
        let label = format!("one of {}", known.join(", "));
        let path = ["cluster", "storage"];
        let problem = meaning.about(Code::UnknownName, &path, message, &label);
        meaning.problems.push(problem.suggest(name, known));
        None
    }
}

fn charges(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    nodes: u32,
    node: &Node,
    platform: Option<&'static Platform>,
) -> Vec<Charge> {
    let nodes_f64 = f64::from(nodes);
    let mut charges = Vec::new();
    let mut add = |name: String, per_hour: f64, source: String| {
        charges.extend(Usd::new(per_hour).map(|per_hour| Charge { name, per_hour, source }));
    };
    let written = file.node.as_ref().and_then(|it| it.price_per_hour);
    let catalog = node.instance.as_deref().and_then(instance::find);
    let machine = node.instance.clone().unwrap_or_else(|| "node".to_owned());
    let line = format!("{nodes} × {machine}");
    if let Some(price) = written {
        let origin = meaning.origin(&["cluster", "node", "price_per_hour"]);
        let origin = origin.unwrap_or(Origin::Derived("other fields".to_owned()));
        meaning.note("cluster.node.price_per_hour", &price, origin.clone());
        add(line, price * nodes_f64, origin.to_string());
    } else if let Some((catalog, found)) = catalog
        && let Some(price) = found.price_per_hour
    {
        let source = price_source(catalog);
        meaning.note("cluster.node.price_per_hour", &price, Origin::Default(source.clone()));
        add(line, price * nodes_f64, source);
    }
    if let Some(price) = platform.and_then(|it| it.price_usd_per_vcpu_hour.as_ref()) {
        let per_hour = price.value * nodes_f64 * f64::from(node.cores);
        let source = format!("{}, read {} (documented, not run)", price.source, price.read);
        add("platform, by vCPU of the workers".to_owned(), per_hour, source);
    }
    for (index, charge) in file.charges.iter().flatten().enumerate() {
        let path = ["cluster".to_owned(), "charges".to_owned(), index.to_string()];
        let path = path.each_ref().map(String::as_str);
        let per_hour =
            charge.per_hour.unwrap_or(0.0) + charge.per_node_hour.unwrap_or(0.0) * nodes_f64;
        let origin = meaning.origin(&path).unwrap_or(Origin::Derived("overrides".to_owned()));
        if charge.per_hour.is_none() && charge.per_node_hour.is_none() {
            let message = format!("the charge `{}` has no price", charge.name);
            let label = "add `per_hour` or `per_node_hour`";
            meaning.problem(Code::MissingField, &path, message, label);
        }
        add(charge.name.clone(), per_hour, origin.to_string());
    }
    charges
}

fn price_source(catalog: &instance::Catalog) -> String {
    let part = |it: &Option<String>| it.clone().unwrap_or_default();
    format!(
        "{}, on demand in {} on {}, read {}",
        part(&catalog.price_source),
        part(&catalog.price_region),
        part(&catalog.price_date),
        part(&catalog.price_read)
    )
}

/// The name of the collector that was asked for.
pub(super) const fn collector(name: CollectorName) -> crate::spark::heap::Collector {
    use crate::spark::heap::Collector;
    match name {
        CollectorName::G1 => Collector::G1,
        CollectorName::Parallel => Collector::Parallel,
        CollectorName::Serial => Collector::Serial,
    }
}
