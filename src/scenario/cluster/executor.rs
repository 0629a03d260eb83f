//! One executor: its cores, its heap, and the container around them.

use super::{ManagerName, Node};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::models::platform::Platform;
use crate::scenario::conf::{Conf, Origin, within};
use crate::scenario::meaning::Meaning;
use crate::scenario::shape::{ClusterFile, ExecutorFile};
use crate::spark::Version;
use crate::spark::heap::{self, Collector, UsableHeap};
use crate::spark::memory::{self, MemoryError, Unified};
use crate::units::{Bytes, number};

/// One executor.
#[derive(Clone, Debug)]
pub struct Executor {
    /// Its cores.
    pub cores: u32,
    /// Tasks that run in it at the same time.
    pub slots: u32,
    /// Its heap, as asked for.
    pub heap: Bytes,
    /// The JVM's garbage collector.
    pub collector: Collector,
    /// What the JVM reports of the heap.
    pub usable: UsableHeap,
    /// How Spark divides it.
    pub unified: Unified,
    /// The container, part by part: a name, its bytes, and its arithmetic.
    pub container: Vec<(String, Bytes, String)>,
}

impl Executor {
    /// What it asks of the cluster manager.
    pub fn asked(&self) -> Bytes {
        self.container.iter().map(|(_, bytes, _)| *bytes).sum()
    }
}

pub(super) fn read(
    meaning: &mut Meaning<'_>,
    file: &ClusterFile,
    conf: &mut Conf,
    version: Version,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    node: &Node,
) -> Option<Executor> {
    let written = file.executor.clone().unwrap_or_default();
    short_names(meaning, conf, &written, file);
    documented(meaning, conf, manager, platform, node);
    let cores = cores(meaning, conf, manager, node);
    let heap = heap(meaning, conf, manager);
    let slots = cores.and_then(|it| slots(meaning, conf, it));
    let heap = heap?;
    let collector = collector(meaning, &written, node, heap);
    let usable = heap::usable_heap(long(heap), collector);
    let unified = unified(meaning, conf, manager, heap, usable);
    let container = super::container::read(meaning, conf, version, manager, platform, heap);
    Some(Executor {
        cores: cores?,
        slots: slots?,
        heap,
        collector,
        usable,
        unified: unified?,
        container: container?,
    })
}

fn long(bytes: Bytes) -> i64 {
    i64::try_from(bytes.get()).unwrap_or(i64::MAX)
}

/// A size as Spark spells it, in its largest whole unit of MiB or bytes.
fn spelled(bytes: Bytes) -> String {
    let mib = bytes.whole_mib();
    if Bytes::mib(mib) == bytes { format!("{mib}m") } else { format!("{}b", bytes.get()) }
}

/// Short names of the scenario become Spark's settings. Where both were written in the same place
/// and differ, nobody knows which is meant; else what was written later wins.
fn short_names(
    meaning: &mut Meaning<'_>,
    conf: &mut Conf,
    executor: &ExecutorFile,
    file: &ClusterFile,
) {
    let driver = file.driver.clone().unwrap_or_default();
    let number = |it: Option<u32>| it.map(|it| it.to_string());
    let size = |it: Option<crate::scenario::written::Size>| it.map(|it| spelled(it.0));
    let off_heap = executor.off_heap.map(|_| "true".to_owned());
    #[rustfmt::skip] // One row each.
    let rows: [(&[&str], &str, Option<String>); 8] = [
        (&["executor", "cores"], "spark.executor.cores", number(executor.cores)),
        (&["executor", "memory"], "spark.executor.memory", size(executor.memory)),
        (&["executor", "count"], "spark.executor.instances", number(executor.count)),
        (&["executor", "overhead"], "spark.executor.memoryOverhead", size(executor.overhead)),
        (&["executor", "off_heap"], "spark.memory.offHeap.size", size(executor.off_heap)),
        (&["executor", "off_heap"], "spark.memory.offHeap.enabled", off_heap),
        (&["driver", "cores"], "spark.driver.cores", number(driver.cores)),
        (&["driver", "memory"], "spark.driver.memory", size(driver.memory)),
    ];
    for (path, key, value) in rows {
        let Some(value) = value else { continue };
        let path: Vec<&str> = std::iter::once("cluster").chain(path.iter().copied()).collect();
        let place = meaning.place(&path);
        if let Some(setting) = conf.written(key) {
            let source = |place: Option<Place>| place.map(|it| it.source);
            match source(setting.place).cmp(&source(place)) {
                std::cmp::Ordering::Greater => continue,
                std::cmp::Ordering::Equal if setting.value != value => {
                    let message = format!("`{key}` is set twice, to {} and {value}", setting.value);
                    let problem = Diagnostic::new(Code::Conflict, message);
                    let problem = match place {
                        Some(place) => problem.at(place, format!("this is `{key}` too")),
                        None => problem,
                    };
                    meaning.problems.push(problem.help("keep the one that is meant"));
                }
                _ => {}
            }
        }
        let origin = meaning.origin(&path).unwrap_or(Origin::Derived("overrides".to_owned()));
        conf.put(key, value, origin, place);
    }
}

/// What a vendor's document says of executors on this machine, where nobody says otherwise.
fn documented(
    meaning: &mut Meaning<'_>,
    conf: &mut Conf,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    node: &Node,
) {
    let Some(platform) = platform else { return };
    let mut default = |key: &str, value: String, source: &str| {
        if conf.written(key).is_none() {
            conf.put(key, value, Origin::Documented(source.to_owned()), None);
        }
    };
    let row = platform.default_executor.iter();
    let row = row.clone().find(|it| Some(&it.instance) == node.instance.as_ref());
    if let Some(row) = row {
        default("spark.executor.memory", format!("{}m", row.memory_mb), &row.source);
        if let Some(cores) = row.cores {
            default("spark.executor.cores", cores.to_string(), &row.source);
        }
    }
    if let Some(factor) = &platform.executor_memory_overhead_factor {
        let value = factor.value.to_string();
        default("spark.executor.memoryOverheadFactor", value, &factor.source);
    }
    if let (ManagerName::Databricks, Some(fact)) = (manager, &platform.executors_per_node) {
        default("spark.executor.cores", node.offered_cores.to_string(), &fact.source);
    }
    let excepted = platform.offheap.as_ref().is_some_and(|it| {
        node.instance.as_ref().is_some_and(|instance| it.instances.contains(instance))
    });
    if let Some(rule) = platform.executor_memory.as_ref().filter(|_| !excepted) {
        let mib = number::float(node.memory.whole_mib());
        let heap = (mib * rule.kernel_factor - rule.node_services_mb) * rule.container_factor;
        let heap = number::java_long(heap).max(0);
        default("spark.executor.memory", format!("{heap}m"), &rule.source);
    }
    let missing = ["spark.executor.cores", "spark.executor.memory"];
    let missing: Vec<&str> =
        missing.into_iter().filter(|key| conf.written(key).is_none()).collect();
    if !missing.is_empty() {
        let message = format!("how {manager} shapes executors on this machine is not documented");
        let problem = meaning.about(Code::MissingField, &["cluster"], message, "not in here");
        let way_out =
            format!("`executor = {{ cores = …, memory = \"…\" }}` ({})", missing.join(", "));
        meaning.problems.push(problem.help(way_out));
    }
}

/// `spark.executor.cores`; a standalone worker gives all its cores to one executor where nobody
/// says, and local mode has the machine's.
fn cores(meaning: &mut Meaning<'_>, conf: &Conf, manager: ManagerName, node: &Node) -> Option<u32> {
    const KEY: &str = "spark.executor.cores";
    let all = match manager {
        ManagerName::Local => Some("local mode uses the machine's cores"),
        ManagerName::Standalone => Some("Spark: all cores of the worker"),
        _ => None,
    };
    let written = conf.written(KEY);
    if let (None, Some(why)) = (written, all) {
        meaning.note(KEY, &node.offered_cores, Origin::Default(why.to_owned()));
        return Some(node.offered_cores);
    }
    let (_, origin) = conf.text(KEY)?;
    let cores = conf.long(KEY).and_then(|it| within(it, 1, 4096));
    let Some(cores) = cores.and_then(|it| u32::try_from(it).ok()) else {
        meaning.problems.push(conf.complain(KEY, "between 1 and 4096"));
        return None;
    };
    meaning.note(KEY, &cores, origin);
    Some(cores)
}

/// The heap: `spark.executor.memory`, or the driver's in local mode.
fn heap(meaning: &mut Meaning<'_>, conf: &Conf, manager: ManagerName) -> Option<Bytes> {
    let local = manager == ManagerName::Local;
    let key = if local { "spark.driver.memory" } else { "spark.executor.memory" };
    let (text, origin) = conf.text(key)?;
    let text = text.to_owned();
    let bytes = conf.bytes(key).and_then(crate::scenario::conf::size);
    let Some(heap) = bytes else {
        meaning.problems.push(conf.complain(key, "at most 1024 PiB"));
        return None;
    };
    meaning.note(key, &text, origin);
    Some(heap)
}

/// How many tasks run at once: the cores, by `spark.task.cpus`.
fn slots(meaning: &mut Meaning<'_>, conf: &Conf, cores: u32) -> Option<u32> {
    const KEY: &str = "spark.task.cpus";
    let (_, origin) = conf.text(KEY)?;
    let cpus = conf.long(KEY).and_then(|it| within(it, 1, 4096));
    let Some(cpus) = cpus.and_then(|it| u32::try_from(it).ok()) else {
        meaning.problems.push(conf.complain(KEY, "between 1 and 4096"));
        return None;
    };
    meaning.note(KEY, &cpus, origin);
    if cpus > cores {
        let message = format!("a task needs {cpus} cores and an executor has {cores}");
        let problem = Diagnostic::new(Code::NoSlots, message);
        let problem = match conf.written(KEY).and_then(|it| it.place) {
            Some(place) => problem.at(place, "no task can ever start"),
            None => problem,
        };
        meaning.problems.push(problem.help("raise `executor.cores` or lower `spark.task.cpus`"));
        return None;
    }
    Some(cores / cpus)
}

/// What Java chooses by itself: G1 on machines with 2 processors and 1,792 MiB, else Serial.
fn collector(
    meaning: &mut Meaning<'_>,
    written: &ExecutorFile,
    node: &Node,
    heap: Bytes,
) -> Collector {
    const SERVER: Bytes = Bytes::mib(1792);
    let server = node.cores >= 2 && node.memory.max(heap) >= SERVER;
    let default = || {
        let name = if server { Collector::G1 } else { Collector::Serial };
        (name_of(name).to_owned(), Origin::Default("Java's own choice for this machine".to_owned()))
    };
    let path = ["cluster", "executor", "collector"];
    let chosen = written.collector.map(super::collector);
    meaning.pick(&path, chosen.map(|it| name_of(it).to_owned()), default);
    chosen.unwrap_or(if server { Collector::G1 } else { Collector::Serial })
}

/// The collector's name, for people.
pub fn name_of(collector: Collector) -> &'static str {
    match collector {
        Collector::G1 => "G1",
        Collector::Parallel => "Parallel",
        Collector::Serial => "Serial",
        Collector::Zgc => "ZGC",
        Collector::Shenandoah => "Shenandoah",
    }
}

fn unified(
    meaning: &mut Meaning<'_>,
    conf: &Conf,
    manager: ManagerName,
    heap: Bytes,
    usable: UsableHeap,
) -> Option<Unified> {
    let key = "spark.executor.memory";
    for key in ["spark.memory.fraction", "spark.memory.storageFraction"] {
        let (text, origin) = conf.text(key)?;
        meaning.note(key, &text.to_owned(), origin);
    }
    // For this one check Spark takes a bare number as bytes.
    let bare = conf.written(key).and_then(|it| it.value.trim().parse::<i64>().ok());
    let settings = memory::Settings {
        usable_heap: usable.bytes,
        executor_memory: (manager != ManagerName::Local).then(|| bare.unwrap_or(long(heap))),
        fraction: conf.double("spark.memory.fraction")?,
        storage_fraction: conf.double("spark.memory.storageFraction")?,
        off_heap_enabled: conf.switch("spark.memory.offHeap.enabled"),
        off_heap_size: conf.bytes("spark.memory.offHeap.size").unwrap_or(0),
    };
    match memory::unified(&settings) {
        Ok(unified) => Some(unified),
        Err(error) => {
            let local = manager == ManagerName::Local;
            meaning.problems.push(refusal(conf, error, local));
            None
        }
    }
}

fn refusal(conf: &Conf, error: MemoryError, local: bool) -> Diagnostic {
    let memory = if local { "spark.driver.memory" } else { "spark.executor.memory" };
    let (code, key) = match error {
        MemoryError::HeapTooSmall(_) | MemoryError::ExecutorTooSmall(_) => {
            (Code::InvalidExecutorMemory, memory)
        }
        MemoryError::StorageFraction => (Code::RefusedSetting, "spark.memory.storageFraction"),
        MemoryError::NegativeOffHeap | MemoryError::NoOffHeap => {
            (Code::RefusedSetting, "spark.memory.offHeap.size")
        }
        MemoryError::NothingForExecution => (Code::RefusedSetting, "spark.memory.fraction"),
    };
    let problem = Diagnostic::new(code, error.to_string());
    let problem = match conf.written(key).and_then(|it| it.place) {
        Some(place) => problem.at(place, "set here"),
        None => problem,
    };
    match code {
        Code::InvalidExecutorMemory => problem
            .help(format!("set `{memory}` to 512m or more, with its unit"))
            .help("INVALID_EXECUTOR_MEMORY: 1.5 × the 300 MiB that Spark reserves"),
        _ => problem,
    }
}
