//! How an executor's heap is divided among execution, storage and the rest.
//!
//! Source: `UnifiedMemoryManager`, `MemoryManager` and `ExecutionMemoryPool` (core,
//! `org.apache.spark.memory`), and the checks in `internal/config`.

use super::Version;
use super::heap::Collector;
use crate::units::number::java_long;

/// What Spark keeps out of every pool: 300 MiB.
pub const RESERVED: i64 = 300 << 20;
/// The smallest heap with which Spark starts: one and a half times [`RESERVED`].
pub const SMALLEST_HEAP: i64 = RESERVED / 2 * 3;
/// What an array of longs begins with in the heap, in bytes.
const ARRAY_HEADER: i64 = 16;

/// What decides how memory is divided, in the units in which Spark keeps it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// `Runtime.maxMemory` in bytes (see [`heap`](super::heap)).
    pub usable_heap: i64,
    /// `spark.executor.memory` in bytes where it is set; here a bare number means bytes.
    pub executor_memory: Option<i64>,
    /// `spark.memory.fraction`.
    pub fraction: f64,
    /// `spark.memory.storageFraction`.
    pub storage_fraction: f64,
    /// `spark.memory.offHeap.enabled`.
    pub off_heap_enabled: bool,
    /// `spark.memory.offHeap.size` in bytes.
    pub off_heap_size: i64,
}

impl Settings {
    /// Spark's defaults for a heap.
    pub const fn of_heap(usable_heap: i64) -> Self {
        Self {
            usable_heap,
            executor_memory: None,
            fraction: 0.6,
            storage_fraction: 0.5,
            off_heap_enabled: false,
            off_heap_size: 0,
        }
    }
}

/// The pools of an executor, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unified {
    /// The usable heap.
    pub heap: i64,
    /// What Spark keeps free.
    pub reserved: i64,
    /// What is left to the code of the job: its own objects.
    pub user: i64,
    /// M: execution and storage together.
    pub pool: i64,
    /// R: the part of `pool` from which execution evicts no cached block.
    pub storage_region: i64,
    /// Off the heap, execution and storage together.
    pub off_heap: i64,
    /// The part of `off_heap` from which execution evicts no cached block.
    pub off_heap_storage_region: i64,
    /// Whether the data of sorts and hashes lies off the heap.
    pub tungsten_off_heap: bool,
}

/// Why an executor does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// The heap is too small.
    #[error("the usable heap of {0} bytes is below the {SMALLEST_HEAP} bytes that Spark needs")]
    HeapTooSmall(i64),
    /// `spark.executor.memory` is too small, or a bare number that was meant in MiB.
    #[error("spark.executor.memory is {0} bytes, below the {SMALLEST_HEAP} bytes that Spark needs")]
    ExecutorTooSmall(i64),
    /// `spark.memory.storageFraction` is not in [0, 1).
    #[error("spark.memory.storageFraction must be at least 0 and below 1")]
    StorageFraction,
    /// `spark.memory.offHeap.size` is negative.
    #[error("spark.memory.offHeap.size must not be negative")]
    NegativeOffHeap,
    /// Off-heap memory is enabled and has no size.
    #[error("spark.memory.offHeap.size must be above 0 when spark.memory.offHeap.enabled is true")]
    NoOffHeap,
    /// `spark.memory.fraction` leaves nothing for execution.
    #[error("spark.memory.fraction leaves no memory for execution")]
    NothingForExecution,
}

impl MemoryError {
    /// The exception that Spark throws.
    pub fn java_class(self, version: Version) -> &'static str {
        match self {
            Self::HeapTooSmall(_) | Self::ExecutorTooSmall(_) => CONDITION,
            Self::StorageFraction | Self::NegativeOffHeap if version >= Version::V4_0 => CONDITION,
            _ => "java.lang.IllegalArgumentException",
        }
    }

    /// The name of the error condition, where Spark gives it one.
    pub fn condition(self, version: Version) -> Option<&'static str> {
        match self {
            Self::HeapTooSmall(_) => Some("INVALID_DRIVER_MEMORY"),
            Self::ExecutorTooSmall(_) => Some("INVALID_EXECUTOR_MEMORY"),
            Self::StorageFraction | Self::NegativeOffHeap if version >= Version::V4_0 => {
                Some("INVALID_CONF_VALUE.REQUIREMENT")
            }
            _ => None,
        }
    }
}

const CONDITION: &str = "org.apache.spark.SparkIllegalArgumentException";

/// Divides the memory: `UnifiedMemoryManager.apply`.
///
/// # Errors
/// Every [`MemoryError`], in the order in which Spark finds them.
pub fn unified(settings: &Settings) -> Result<Unified, MemoryError> {
    let heap = settings.usable_heap;
    if heap < SMALLEST_HEAP {
        return Err(MemoryError::HeapTooSmall(heap));
    }
    if let Some(asked) = settings.executor_memory.filter(|it| *it < SMALLEST_HEAP) {
        return Err(MemoryError::ExecutorTooSmall(asked));
    }
    if !(0.0..1.0).contains(&settings.storage_fraction) {
        return Err(MemoryError::StorageFraction);
    }
    let pool = part(heap - RESERVED, settings.fraction);
    let storage_region = part(pool, settings.storage_fraction);
    if pool.saturating_sub(storage_region) <= 0 {
        return Err(MemoryError::NothingForExecution);
    }
    let off_heap = settings.off_heap_size;
    if off_heap < 0 {
        return Err(MemoryError::NegativeOffHeap);
    }
    if settings.off_heap_enabled && off_heap == 0 {
        return Err(MemoryError::NoOffHeap);
    }
    Ok(Unified {
        heap,
        reserved: RESERVED,
        user: (heap - RESERVED).saturating_sub(pool),
        pool,
        storage_region,
        off_heap,
        off_heap_storage_region: part(off_heap, settings.storage_fraction),
        tungsten_off_heap: settings.off_heap_enabled,
    })
}

/// `(long)(bytes * fraction)`.
fn part(bytes: i64, fraction: f64) -> i64 {
    java_long(float(bytes) * fraction)
}

fn float(bytes: i64) -> f64 {
    let magnitude = crate::units::number::float(bytes.unsigned_abs());
    if bytes < 0 { -magnitude } else { magnitude }
}

impl Unified {
    /// What the execution pool starts with: M − R.
    pub const fn execution(&self) -> i64 {
        self.pool - self.storage_region
    }

    /// The same off the heap.
    pub const fn off_heap_execution(&self) -> i64 {
        self.off_heap - self.off_heap_storage_region
    }

    /// The most that one of `active` tasks may hold while `cached` bytes are stored: an equal
    /// share of what storage cannot keep (`ExecutionMemoryPool.acquireMemory`).
    pub fn most_per_task(&self, active: u32, cached: i64) -> i64 {
        let kept = cached.clamp(0, self.storage_region);
        (self.pool - kept) / i64::from(active.max(1))
    }

    /// What one of `active` tasks gets before it is made to wait: half an equal share of the
    /// execution pool as it starts.
    pub fn least_per_task(&self, active: u32) -> i64 {
        self.execution() / (2 * i64::from(active.max(1)))
    }

    /// The size of a page of Tungsten memory when `spark.buffer.pageSize` is not set
    /// (`MemoryManager.pageSizeBytes`). `cores` are those of the executor.
    pub fn page_size(&self, cores: u32, collector: Collector, version: Version) -> i64 {
        const SAFETY: i64 = 16;
        let execution =
            if self.tungsten_off_heap { self.off_heap_execution() } else { self.execution() };
        let wanted = execution / i64::from(cores.max(1)) / SAFETY;
        let wanted = wanted.clamp(1 << 20, 64 << 20).unsigned_abs().next_power_of_two();
        let page = i64::try_from(wanted).expect("at most 64 MiB");
        let aligned = match collector {
            Collector::G1 => true,
            Collector::Zgc | Collector::Shenandoah => version >= Version::V4_1,
            Collector::Parallel | Collector::Serial => false,
        };
        if aligned && !self.tungsten_off_heap { page - ARRAY_HEADER } else { page }
    }
}

/// The rule of thumb for the memory of a core: what is left of the heap after 300 MiB, times both
/// fractions, divided by the cores. Spark itself gives a task more as long as little is cached.
pub fn rule_of_thumb(heap: i64, fraction: f64, storage_fraction: f64, cores: u32) -> i64 {
    let left = float(heap.saturating_sub(RESERVED).max(0));
    java_long(left * fraction * storage_fraction / f64::from(cores.max(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GIB: i64 = 1 << 30;

    fn of(heap: i64) -> Unified {
        unified(&Settings::of_heap(heap)).unwrap()
    }

    #[test]
    fn the_pools_of_known_heaps() {
        let known = [
            (GIB, 455_501_414, 227_750_707),
            (954_728_448, 384_093_388, 192_046_694),
            (1_037_959_168, 434_031_820, 217_015_910),
            (4 * GIB, 2_388_236_697, 1_194_118_348),
            (8 * GIB, 4_965_217_075, 2_482_608_537),
            (10 * GIB, 6_253_707_264, 3_126_853_632),
        ];
        for (heap, pool, region) in known {
            assert_eq!((of(heap).pool, of(heap).storage_region), (pool, region));
        }
        let large = of(21 * GIB);
        assert_eq!(large.pool, 13_340_403_302);
        assert_eq!(large.user + large.pool + large.reserved, 21 * GIB);
        assert_eq!(large.most_per_task(5, 0), 2_668_080_660);
        assert_eq!(rule_of_thumb(21 * GIB, 0.6, 0.5, 5), 1_334_040_330);
    }

    #[test]
    fn running_tasks_share_equally() {
        let four = of(4 * GIB);
        let shares = [1, 4, 8].map(|it| four.most_per_task(it, 0));
        assert_eq!(shares, [2_388_236_697, 597_059_174, 298_529_587]);
        assert_eq!(four.least_per_task(4), 149_264_793);
        assert_eq!(four.most_per_task(1, 4 * GIB), four.execution());
        assert_eq!(four.most_per_task(0, -1), four.pool);
    }

    #[test]
    fn pages_grow_with_the_share_of_a_core() {
        let page = |heap, cores| of(heap).page_size(cores, Collector::G1, Version::V3_5);
        assert_eq!(page(GIB, 1), 16_777_200);
        assert_eq!(page(4 * GIB, 4), 33_554_416);
        assert_eq!(page(8 * GIB, 4), 67_108_848);
        let zgc = Version::ALL.map(|it| of(GIB).page_size(1, Collector::Zgc, it));
        assert_eq!(zgc, [16_777_216, 16_777_216, 16_777_200]);
        assert_eq!(of(GIB).page_size(1, Collector::Serial, Version::V4_1), 16 << 20);
    }

    #[test]
    fn what_spark_refuses_is_refused_by_name() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = Settings::of_heap(SMALLEST_HEAP);
            change(&mut settings);
            unified(&settings).unwrap_err()
        };
        let small = refused(|it| it.usable_heap -= 1);
        assert_eq!(small.condition(Version::V3_5), Some("INVALID_DRIVER_MEMORY"));
        let bare = refused(|it| it.executor_memory = Some(2048));
        assert_eq!(bare.condition(Version::V4_1), Some("INVALID_EXECUTOR_MEMORY"));
        assert_eq!(refused(|it| it.off_heap_enabled = true), MemoryError::NoOffHeap);
        assert_eq!(refused(|it| it.fraction = 0.0), MemoryError::NothingForExecution);
        assert_eq!(refused(|it| it.fraction = f64::NAN), MemoryError::NothingForExecution);
        let whole = refused(|it| it.storage_fraction = 1.0);
        assert_eq!(whole.java_class(Version::V3_5), "java.lang.IllegalArgumentException");
        assert_eq!(whole.java_class(Version::V4_1), CONDITION);
        assert_eq!(refused(|it| it.off_heap_size = -1), MemoryError::NegativeOffHeap);
    }

    proptest! {
        #[test]
        fn no_setting_makes_it_panic(
            usable_heap: i64, executor_memory: Option<i64>, fraction: f64, storage_fraction: f64,
            off_heap_enabled: bool, off_heap_size: i64, tasks: u32, cached: i64,
        ) {
            let settings = Settings {
                usable_heap, executor_memory, fraction, storage_fraction, off_heap_enabled,
                off_heap_size,
            };
            rule_of_thumb(usable_heap, fraction, storage_fraction, tasks);
            if let Ok(it) = unified(&settings) {
                it.most_per_task(tasks, cached);
                it.least_per_task(tasks);
                it.page_size(tasks, Collector::G1, Version::V4_1);
            }
        }
    }
}
