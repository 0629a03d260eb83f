//! Memory: the regions of a heap, and whether the tasks of a stage get by with their share.

use crate::physical::Stage;
use crate::report::{Memory, Part, TaskMemory, Verdict};
use crate::scenario::Scenario;
use crate::scenario::shape::ManagerName;
use crate::spark::memory as spark;
use crate::units::Bytes;
use crate::units::number::{float, grouped};

/// What the tasks of a stage need, and what they get.
pub(crate) struct Need {
    /// The most that a task wants to hold.
    pub(crate) held: Bytes,
    /// What a task gets while its neighbours run.
    pub(crate) share: Bytes,
    /// Tasks in one executor at the same time.
    pub(crate) active: u32,
    /// What all tasks spill.
    pub(crate) spilled: Bytes,
    /// What a task cannot do without.
    pub(crate) least: Bytes,
}

/// Bytes from one of Spark's signed numbers.
fn bytes(number: i64) -> Bytes {
    Bytes::new(u64::try_from(number).unwrap_or(0))
}

pub(super) fn need(scenario: &Scenario, stage: &Stage) -> Need {
    let cluster = &scenario.cluster;
    let executor = &cluster.executor;
    let executors = u64::from(cluster.grant.executors).max(1);
    let active = stage.tasks.count().div_ceil(executors).min(u64::from(executor.slots)).max(1);
    let active = u32::try_from(active).unwrap_or(u32::MAX);
    let share = bytes(executor.unified.most_per_task(active, 0));
    let held = |stored: u64| stage.held(stored);
    let most = stage.tasks.runs().iter().map(|(task, _)| held(task.bytes)).fold(0.0, f64::max);
    let spilled: f64 = stage
        .tasks
        .runs()
        .iter()
        .map(|(task, count)| crate::cost::spilled(held(task.bytes), share) * float(*count))
        .sum();
    let page = page(scenario);
    let consumers = if most > 0.0 { 2 } else { 0 };
    Need {
        held: Bytes::from_f64(most),
        share,
        active,
        spilled: Bytes::from_f64(spilled),
        least: page * consumers,
    }
}

fn page(scenario: &Scenario) -> Bytes {
    let executor = &scenario.cluster.executor;
    let set = scenario.conf.bytes("spark.buffer.pageSize");
    let computed =
        || executor.unified.page_size(executor.cores, executor.collector, scenario.version);
    bytes(set.unwrap_or_else(computed))
}

impl Need {
    fn verdict(&self) -> Verdict {
        if self.share < self.least {
            Verdict::OutOfMemory
        } else if self.spilled > Bytes::ZERO {
            Verdict::Spills
        } else {
            Verdict::Fits
        }
    }

    pub(super) fn facts(&self) -> TaskMemory {
        let verdict = self.verdict();
        let (held, share, active) = (self.held, self.share, self.active);
        let because = match verdict {
            Verdict::Fits if held == Bytes::ZERO => {
                "its tasks stream: they hold no more than a batch of rows".to_owned()
            }
            Verdict::Fits => format!(
                "the largest task holds {held}, its share is {share} ({active} tasks at once)"
            ),
            Verdict::Spills => format!(
                "the largest task holds {held}, its share is {share} ({active} tasks at once): {} \
                 go to disk in all",
                self.spilled
            ),
            Verdict::OutOfMemory => format!(
                "a share of {share} ({active} tasks at once) is less than the {} that a sort and \
                 its rows need to begin (two pages)",
                self.least
            ),
        };
        TaskMemory {
            verdict,
            needed: held.get(),
            share: share.get(),
            spilled: self.spilled.get(),
            because,
        }
    }
}

pub(super) fn facts(scenario: &Scenario) -> Memory {
    let executor = &scenario.cluster.executor;
    let unified = &executor.unified;
    let conf = &scenario.conf;
    let fraction = conf.double("spark.memory.fraction").unwrap_or(0.6);
    let storage_fraction = conf.double("spark.memory.storageFraction").unwrap_or(0.5);
    let part = |name: &str, number: i64, how: String| Part {
        name: name.to_owned(),
        bytes: bytes(number).get(),
        how,
    };
    let usable = bytes(unified.heap);
    let pool = grouped(bytes(unified.pool).get());
    let execution = unified.pool - unified.storage_region;
    let regions = vec![
        part("reserved", unified.reserved, "300 MiB, always".to_owned()),
        part("user", unified.user, format!("({usable} − 300 MiB) × (1 − {fraction})")),
        part("storage", unified.storage_region, format!("{pool} × {storage_fraction}")),
        part("execution", execution, format!("{pool} × (1 − {storage_fraction})")),
    ];
    let heap = i64::try_from(executor.heap.get()).unwrap_or(i64::MAX);
    let thumb = spark::rule_of_thumb(heap, fraction, storage_fraction, executor.cores);
    let local = scenario.cluster.manager == ManagerName::Local;
    Memory {
        collector: format!(
            "{}{}",
            crate::scenario::cluster::collector_name(executor.collector),
            if local { ", the driver's JVM" } else { "" }
        ),
        usable_heap: usable.get(),
        usable_heap_exact: executor.usable.exact,
        regions,
        unified: bytes(unified.pool).get(),
        off_heap: bytes(unified.off_heap).get(),
        tasks: u64::from(executor.slots),
        task_share: bytes(unified.most_per_task(executor.slots, 0)).get(),
        task_share_least: bytes(unified.least_per_task(executor.slots)).get(),
        rule_of_thumb: bytes(thumb).get(),
        rule_of_thumb_how: format!(
            "({} − 300 MiB) × {fraction} × {} ÷ {} cores",
            executor.heap,
            1.0 - storage_fraction,
            executor.cores
        ),
        page: page(scenario).get(),
    }
}
