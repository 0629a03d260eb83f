//! What the cluster manager grants: how many executors start, on what, and why no more.

use super::{Executor, ManagerName, Node};
use crate::diagnostic::{Code, Diagnostic};
use crate::models::platform::Platform;
use crate::scenario::conf::{Conf, Origin, within};
use crate::scenario::meaning::Meaning;
use crate::scenario::shape::{ClusterFile, YarnFile, YarnSchedulerName};
use crate::spark::container;
use crate::spark::placement::{self, Limit};
use crate::units::{Bytes, number};

/// What the cluster manager grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Executors that one empty machine can hold.
    pub per_node: u32,
    /// Executors that were asked for, where somebody asked.
    pub asked: Option<u32>,
    /// Executors that run.
    pub executors: u32,
    /// What the manager takes off a node for one executor, rounding included.
    pub container: Bytes,
    /// Cores that stay unused on a fully packed machine.
    pub unused_cores: u32,
    /// Memory that stays unused on a fully packed machine.
    pub unused_memory: Bytes,
    /// Why no further executor fits, and why fewer run than asked for.
    pub why: Vec<String>,
}

/// How YARN rounds and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yarn {
    /// Its rounding, in MiB.
    pub rounding: container::Yarn,
    /// Whether it counts cores.
    pub counts_cores: bool,
}

/// What is known when executors are placed.
struct Place<'a> {
    conf: &'a Conf,
    manager: ManagerName,
    nodes: u32,
    node: &'a Node,
    executor: &'a Executor,
}

#[expect(clippy::too_many_arguments, reason = "each of them decides something")]
pub(super) fn read(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    conf: &Conf,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    nodes: u32,
    node: &Node,
    executor: &Executor,
) -> Option<Grant> {
    let place = Place { conf, manager, nodes, node, executor };
    let asked = asked(meaning, file, &place);
    let container = container(meaning, file, &place, platform)?;
    let wanted = cores_max(meaning, &place)?;
    let per_node = place.fit(container.granted, container.cores, u32::MAX);
    // What a manager does not count is used all the same.
    let used = per_node.executors.saturating_mul(executor.cores);
    let unused_cores = node.offered_cores.saturating_sub(used);
    let (limit, unused_memory) = (per_node.limit, per_node.free_memory);
    if per_node.executors == 0 {
        meaning.problems.push(place.too_large(meaning, container.granted, limit));
        return None;
    }
    let mut why =
        vec![place.why(container.granted, per_node.executors, limit, unused_cores, unused_memory)];
    why.extend(container.how);
    let room = u64::from(per_node.executors) * u64::from(nodes);
    let most = asked.map_or(u64::MAX, |it| it.1).min(wanted.executors);
    let executors = room.min(most);
    place.compare(meaning, file, asked, room, wanted.executors, &mut why);
    if executors == 0 {
        let message = "no executor starts".to_owned();
        let problem = Diagnostic::new(Code::NoSlots, message);
        // Only a limit on cores leaves nothing where something fits.
        let problem = match conf.written("spark.cores.max").and_then(|it| it.place) {
            Some(at) => problem.at(at, format!("less than the {} of one executor", executor.cores)),
            None => problem,
        };
        meaning.problems.push(problem.help(why.join("; ")));
        return None;
    }
    Some(Grant {
        per_node: per_node.executors,
        asked: asked.and_then(|it| u32::try_from(it.1).ok()),
        executors: u32::try_from(executors).unwrap_or(u32::MAX),
        container: container.granted,
        unused_cores,
        unused_memory: Bytes::mib(unused_memory),
        why,
    })
}

/// How many executors were asked for: the path that says so, and the number.
fn asked(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    place: &Place<'_>,
) -> Option<(&'static str, u64)> {
    const KEY: &str = "spark.executor.instances";
    let per_node = file.executor.as_ref().and_then(|it| it.per_node);
    let path = ["cluster", "executor", "per_node"];
    if let Some(per_node) = per_node {
        let total = u64::from(per_node) * u64::from(place.nodes);
        let origin = meaning.origin(&path).unwrap_or(Origin::Derived("overrides".to_owned()));
        meaning.note("cluster.executor.per_node", &per_node, origin);
        return Some(("executor.per_node", total));
    }
    let Some(setting) = place.conf.written(KEY) else { return place.by_default(meaning) };
    let (value, origin) = (setting.value.clone(), setting.origin.clone());
    let Some(count) = place.conf.long(KEY).and_then(|it| within(it, 1, 1_000_000)) else {
        meaning.problems.push(place.conf.complain(KEY, "between 1 and 1000000"));
        return None;
    };
    meaning.note(KEY, &value, origin);
    Some(("spark.executor.instances", count))
}

/// What a manager takes off a node for one executor.
struct Container {
    granted: Bytes,
    /// Cores that the manager looks at, if it does.
    cores: Option<u32>,
    how: Option<String>,
}

fn container(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    place: &Place<'_>,
    platform: Option<&'static Platform>,
) -> Option<Container> {
    let asked = place.executor.asked();
    let cores = Some(place.executor.cores);
    if !place.manager.is_yarn() {
        return Some(Container { granted: asked, cores, how: None });
    }
    let yarn = yarn(meaning, file.yarn.as_ref(), place.node, platform);
    let asked_mib = i64::try_from(asked.whole_mib()).unwrap_or(i64::MAX);
    match yarn.rounding.granted(asked_mib) {
        Ok(granted) => {
            let granted = Bytes::mib(u64::try_from(granted).unwrap_or(0));
            let step = Bytes::mib(u64::try_from(yarn.rounding.step).unwrap_or(0));
            let rounded = format!("YARN rounds {asked} up to {granted}, in steps of {step}");
            let how = (granted != asked).then_some(rounded);
            Some(Container { granted, cores: cores.filter(|_| yarn.counts_cores), how })
        }
        Err(error) => {
            let path = ["cluster", "yarn", "maximum_allocation"];
            let label = "more than this";
            let problem = meaning.about(Code::ExecutorTooLarge, &path, error.to_string(), label);
            let problem = problem.help(place.arithmetic());
            meaning.problems.push(problem.help(
                "lower `executor.memory`, or raise \
                `yarn.maximum_allocation` (yarn.scheduler.maximum-allocation-mb)",
            ));
            None
        }
    }
}

fn yarn(
    meaning: &mut Meaning<'_>,
    file: Option<&YarnFile>,
    node: &Node,
    platform: Option<&'static Platform>,
) -> Yarn {
    let file = file.cloned().unwrap_or_default();
    let mib = |bytes: Bytes| i64::try_from(bytes.whole_mib()).unwrap_or(i64::MAX);
    let hadoop = || Origin::Default("yarn-default.xml of Hadoop".to_owned());
    let path = |field: &'static str| ["cluster", "yarn", field];
    let documented = platform.and_then(|it| it.yarn_minimum_allocation_mb.as_ref());
    let least =
        meaning.pick(&path("minimum_allocation"), file.minimum_allocation.map(|it| it.0), || {
            match documented {
                Some(fact) => {
                    let mib = u64::try_from(number::java_long(fact.value)).unwrap_or(1);
                    (Bytes::mib(mib), Origin::Documented(fact.source.clone()))
                }
                None => (Bytes::gib(1), hadoop()),
            }
        });
    let whole = || (node.offered_memory, Origin::Default("what the node offers".to_owned()));
    let most = file.maximum_allocation.map(|it| it.0);
    let most = meaning.pick(&path("maximum_allocation"), most, whole);
    let fair = file.scheduler == Some(YarnSchedulerName::Fair);
    let rounding = if fair {
        let step = file.increment.map(|it| it.0);
        let step = meaning.pick(&path("increment"), step, || (Bytes::gib(1), hadoop()));
        container::Yarn::fair(mib(least), mib(most), mib(step))
    } else {
        container::Yarn::capacity(mib(least), mib(most))
    };
    let no = || (false, Origin::Default("DefaultResourceCalculator".to_owned()));
    let counts_cores = meaning.pick(&path("count_cores"), file.count_cores, no);
    Yarn { rounding, counts_cores }
}

/// Executors that `spark.cores.max` leaves room for.
struct Wanted {
    executors: u64,
}

fn cores_max(meaning: &mut Meaning<'_>, place: &Place<'_>) -> Option<Wanted> {
    const KEY: &str = "spark.cores.max";
    let Some(setting) = place.conf.written(KEY) else {
        return Some(Wanted { executors: u64::MAX });
    };
    let (value, origin) = (setting.value.clone(), setting.origin.clone());
    if place.manager != ManagerName::Standalone {
        let problem = Diagnostic::new(Code::PassedOver, format!("`{KEY}` is for standalone only"));
        let problem = match setting.place {
            Some(at) => problem.at(at, format!("{} does not read it", place.manager)),
            None => problem,
        };
        meaning.problems.push(problem);
        return Some(Wanted { executors: u64::MAX });
    }
    let Some(cores) = place.conf.long(KEY).and_then(|it| within(it, 1, i64::from(i32::MAX))) else {
        meaning.problems.push(place.conf.complain(KEY, "a number of cores, at least 1"));
        return None;
    };
    meaning.note(KEY, &value, origin);
    Some(Wanted { executors: cores / u64::from(place.executor.cores) })
}

impl Place<'_> {
    /// What fits on one empty machine.
    fn fit(&self, container: Bytes, cores: Option<u32>, wanted: u32) -> placement::Placed {
        let node = placement::Node {
            cores: self.node.offered_cores,
            memory: self.node.offered_memory.whole_mib(),
        };
        match self.manager {
            ManagerName::Local | ManagerName::Databricks => placement::Placed {
                executors: 1,
                cores: self.executor.cores,
                free_cores: node.cores.saturating_sub(self.executor.cores),
                free_memory: node.memory.saturating_sub(container.whole_mib()),
                limit: Some(Limit::Executors),
            },
            ManagerName::Standalone => {
                let ask = placement::Ask::unlimited(
                    Some(self.executor.cores),
                    container.whole_mib().max(1),
                );
                placement::standalone(&[node], &ask).first().copied().unwrap_or_default()
            }
            _ => placement::fit(node, container.whole_mib().max(1), cores, wanted),
        }
    }

    /// Without a count and without dynamic allocation YARN and Kubernetes are asked for two
    /// (`SchedulerBackendUtils.DEFAULT_NUMBER_EXECUTORS`, core).
    fn by_default(&self, meaning: &mut Meaning<'_>) -> Option<(&'static str, u64)> {
        const TWO: u64 = 2;
        let dynamic = self.conf.switch("spark.dynamicAllocation.enabled");
        let counted = matches!(self.manager, ManagerName::Yarn | ManagerName::Kubernetes);
        if !counted || dynamic {
            return None;
        }
        let origin = Origin::Default("Spark's SchedulerBackendUtils".to_owned());
        meaning.note("spark.executor.instances", &TWO, origin);
        let message = "nobody says how many executors: Spark starts 2".to_owned();
        let path = ["cluster", "executor"];
        let problem = meaning.about(Code::FewerExecutors, &path, message, "no count in here");
        let way_out = "say it: `executor = { …, per_node = … }`, or `count`";
        meaning.problems.push(problem.help(way_out));
        Some(("Spark", TWO))
    }

    /// The container of one executor, added up.
    fn arithmetic(&self) -> String {
        let parts = self.executor.container.iter();
        let parts: Vec<String> =
            parts.map(|(name, bytes, how)| format!("{bytes} {name} ({how})")).collect();
        format!("one executor: {}", parts.join(" + "))
    }

    fn why(
        &self,
        container: Bytes,
        executors: u32,
        limit: Option<Limit>,
        free_cores: u32,
        free_memory: u64,
    ) -> String {
        let node = self.node;
        let taken = Bytes::new(container.get() * u64::from(executors));
        let used = format!(
            "{executors} × {container} = {taken} of the {} that a node offers, {executors} × {} of \
             its {} cores",
            node.offered_memory, self.executor.cores, node.offered_cores
        );
        let left = Bytes::mib(free_memory);
        match limit {
            Some(Limit::Memory) => {
                format!("{used}; {left} are left, one more executor needs {container}")
            }
            Some(Limit::Cores) => format!(
                "{used}; {free_cores} {} left, one more executor needs {}",
                if free_cores == 1 { "core is" } else { "cores are" },
                self.executor.cores
            ),
            _ => format!("{used}; {} runs one executor on a machine", self.manager),
        }
    }

    fn too_large(
        &self,
        meaning: &Meaning<'_>,
        container: Bytes,
        limit: Option<Limit>,
    ) -> Diagnostic {
        let node = self.node;
        let (message, field) = if limit == Some(Limit::Cores) {
            let message = format!(
                "an executor of {} cores does not fit on a node that offers {}",
                self.executor.cores, node.offered_cores
            );
            (message, "cores")
        } else {
            let offered = node.offered_memory;
            let whole = if offered == node.memory {
                String::new()
            } else {
                format!(" of its {}", node.memory)
            };
            let message = format!(
                "an executor of {container} does not fit on a node that offers {offered}{whole}"
            );
            (message, "memory")
        };
        let path = ["cluster", "executor", field];
        let problem = meaning.about(Code::ExecutorTooLarge, &path, message, "asked for here");
        problem.help(self.arithmetic()).help(format!(
            "ask for less (`executor.{field}`), or take a larger machine (`node` or `instance`)"
        ))
    }

    /// Says why fewer executors run than somebody asked for, or than fit.
    fn compare(
        &self,
        meaning: &mut Meaning<'_>,
        file: &ClusterFile,
        asked: Option<(&'static str, u64)>,
        room: u64,
        by_cores_max: u64,
        why: &mut Vec<String>,
    ) {
        let nodes = self.nodes;
        if by_cores_max < room.min(asked.map_or(u64::MAX, |it| it.1)) {
            let cores = self.executor.cores;
            why.push(format!(
                "spark.cores.max allows {by_cores_max} executors of {cores} cores; the cluster has \
                 room for {room}"
            ));
        }
        let Some((what, asked)) = asked else { return };
        if asked < room && self.manager == ManagerName::Standalone && by_cores_max > asked {
            why.push(format!(
                "{what} asks for {asked}; a standalone master starts {room} unless \
                 `spark.cores.max = {}` stops it",
                asked * u64::from(self.executor.cores)
            ));
        }
        if asked > room {
            let per_node = file.executor.as_ref().and_then(|it| it.per_node);
            let (path, message) = match per_node {
                Some(wanted) => (
                    ["cluster", "executor", "per_node"],
                    format!(
                        "{} grants {} executors a node, not {wanted}",
                        self.manager,
                        room / u64::from(nodes)
                    ),
                ),
                None => (
                    ["cluster", "executor", "count"],
                    format!("{} grants {room} executors, not {asked}", self.manager),
                ),
            };
            let problem = meaning.about(Code::FewerExecutors, &path, message.clone(), "asked here");
            let problem = problem.help(self.arithmetic()).help(why.join("; "));
            meaning.problems.push(problem);
            why.push(message);
        }
    }
}
