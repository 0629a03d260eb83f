//! The container around an executor's heap, part by part.

use super::ManagerName;
use crate::models::platform::Platform;
use crate::scenario::conf::{Conf, Origin};
use crate::scenario::meaning::Meaning;
use crate::spark::{Version, container};
use crate::units::{Bytes, number};

/// The container around the heap, part by part.
pub(super) fn read(
    meaning: &mut Meaning<'_>,
    conf: &Conf,
    version: Version,
    manager: ManagerName,
    platform: Option<&'static Platform>,
    heap: Bytes,
) -> Option<Vec<(String, Bytes, String)>> {
    let mib = |key: &str| conf.bytes(key).map(|it| it >> 20);
    let (heap_mib, off_heap) =
        (i64::try_from(heap.whole_mib()).unwrap_or(i64::MAX), off_heap(conf));
    let pyspark = mib("spark.executor.pyspark.memory").unwrap_or(0);
    let factor = factor(conf, manager);
    let ask = container::Ask {
        heap: heap_mib,
        overhead: mib("spark.executor.memoryOverhead"),
        factor: factor.0,
        least_overhead: mib("spark.executor.minMemoryOverhead"),
        off_heap,
        pyspark,
    };
    let bytes = |mib: i64| u64::try_from(mib).ok().map(|it| Bytes::new(it.saturating_mul(1 << 20)));
    let mut parts = vec![("heap".to_owned(), bytes(heap_mib)?, "-Xmx".to_owned())];
    let outside = matches!(manager, ManagerName::Local | ManagerName::Databricks);
    if !outside && manager != ManagerName::Standalone {
        let overhead = ask.overhead(version);
        let Some(overhead_bytes) = bytes(overhead).filter(|it| *it <= Bytes::MAX) else {
            meaning.problems.push(conf.complain("spark.executor.memoryOverhead", "0 or more"));
            return None;
        };
        let how = match ask.overhead {
            Some(_) => "spark.executor.memoryOverhead".to_owned(),
            None if overhead == container_least(&ask, version) => {
                let share = factor.0 * 100.0;
                format!("the least; {} % of the heap is less", number::trimmed(share))
            }
            None => format!("{} of the heap ({})", factor.0, factor.1),
        };
        parts.push(("overhead".to_owned(), overhead_bytes, how));
        if ask.overhead.is_none()
            && let Some(source) =
                platform.and_then(|it| it.executor_memory_overhead_factor.as_ref())
        {
            let origin = Origin::Documented(source.source.clone());
            meaning.note("spark.executor.memoryOverhead", &overhead_bytes, origin);
        }
    }
    if !outside {
        for (name, key, part) in [
            ("off-heap", "spark.memory.offHeap.size", off_heap),
            ("Python", "spark.executor.pyspark.memory", pyspark),
        ] {
            if part > 0 {
                parts.push((name.to_owned(), bytes(part)?, key.to_owned()));
            }
        }
    }
    Some(parts)
}

fn container_least(ask: &container::Ask, version: Version) -> i64 {
    container::Ask { heap: 0, overhead: None, ..*ask }.overhead(version)
}

/// `spark.memory.offHeap.size` in MiB, rounded as the container counts it, where it is enabled.
fn off_heap(conf: &Conf) -> i64 {
    let size = conf.bytes("spark.memory.offHeap.size").unwrap_or(0);
    if conf.switch("spark.memory.offHeap.enabled") { size >> 20 } else { 0 }
}

/// The overhead's share of the heap, and whose it is.
fn factor(conf: &Conf, manager: ManagerName) -> (f64, String) {
    const OWN: &str = "spark.executor.memoryOverheadFactor";
    const KUBERNETES: &str = "spark.kubernetes.memoryOverheadFactor";
    let kubernetes = manager == ManagerName::Kubernetes && conf.written(OWN).is_none();
    let key = if kubernetes { KUBERNETES } else { OWN };
    (conf.double(key).unwrap_or(container::OVERHEAD_FACTOR), key.to_owned())
}
