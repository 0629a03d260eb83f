//! How large the container of an executor or a driver is, and what a cluster manager makes of it.
//!
//! Source: `ResourceProfile.calculateOverHeadMemory` and `ResourceProfile.getResourcesForClusterManager`
//! (core, `resource`), `BasicDriverFeatureStep` and `BasicExecutorFeatureStep` (Kubernetes), `Client`
//! and `YarnAllocator` (YARN), and the schedulers of Hadoop's resource manager. All sizes are in
//! MiB, the unit in which Spark keeps them.

use super::Version;
use crate::units::number::java_long;

/// `spark.executor.memoryOverheadFactor` unless set.
pub const OVERHEAD_FACTOR: f64 = 0.10;
/// The factor that Kubernetes in cluster mode uses for Python and R programs unless one is set.
pub const KUBERNETES_PYTHON_FACTOR: f64 = 0.40;
/// The least overhead unless set, in MiB.
pub const LEAST_OVERHEAD: i64 = 384;
/// `spark.yarn.am.memory` unless set, in MiB: the application master of YARN's client mode.
pub const YARN_AM_MEMORY: i64 = 512;

/// What is asked for one container, in MiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask {
    /// `spark.executor.memory` (or that of the driver): the `-Xmx` of the JVM.
    pub heap: i64,
    /// `spark.executor.memoryOverhead`, where set.
    pub overhead: Option<i64>,
    /// `spark.executor.memoryOverheadFactor`, or what stands in for it.
    pub factor: f64,
    /// `spark.executor.minMemoryOverhead`, where set; 3.5 does not know it.
    pub least_overhead: Option<i64>,
    /// `spark.memory.offHeap.size`, where off-heap memory is enabled. Not part of a driver.
    pub off_heap: i64,
    /// `spark.executor.pyspark.memory`, where set and the program is Python. Not part of a driver.
    pub pyspark: i64,
}

impl Ask {
    /// Spark's defaults for a heap of so many MiB.
    pub const fn of_heap(heap: i64) -> Self {
        Self {
            heap,
            overhead: None,
            factor: OVERHEAD_FACTOR,
            least_overhead: None,
            off_heap: 0,
            pyspark: 0,
        }
    }

    /// The memory beside the heap, in MiB: as set, or a part of the heap, and then not below a
    /// least size.
    pub fn overhead(&self, version: Version) -> i64 {
        let least = match version {
            Version::V3_5 => LEAST_OVERHEAD,
            Version::V4_0 | Version::V4_1 => self.least_overhead.unwrap_or(LEAST_OVERHEAD),
        };
        self.overhead.unwrap_or_else(|| self.share().max(least))
    }

    /// `(int)(factor * heap)`, where an `int` holds it.
    fn share(&self) -> i64 {
        let heap = crate::units::number::float(self.heap.max(0).unsigned_abs());
        java_long(self.factor * heap).clamp(i64::from(i32::MIN), i64::from(i32::MAX))
    }

    /// The whole container on YARN and Kubernetes, in MiB; a sum that does not fit saturates.
    /// Standalone grants the heap alone.
    pub fn container(&self, version: Version) -> i64 {
        [self.overhead(version), self.off_heap, self.pyspark]
            .into_iter()
            .fold(self.heap, i64::saturating_add)
    }
}

/// How YARN rounds, in MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yarn {
    /// `yarn.scheduler.minimum-allocation-mb`.
    pub least: i64,
    /// `yarn.scheduler.maximum-allocation-mb`.
    pub most: i64,
    /// The multiple to which it rounds up: for the Capacity scheduler `least`, for the Fair
    /// scheduler `yarn.resource-types.memory-mb.increment-allocation`.
    pub step: i64,
}

impl Yarn {
    /// The Capacity scheduler, whose step is its least allocation.
    pub const fn capacity(least: i64, most: i64) -> Self {
        Self { least, most, step: least }
    }

    /// The Fair scheduler.
    pub const fn fair(least: i64, most: i64, increment: i64) -> Self {
        Self { least, most, step: increment }
    }

    /// What YARN grants for a container, in MiB.
    ///
    /// # Errors
    /// Spark refuses to start when the container is above the largest allocation.
    pub fn granted(self, container: i64) -> Result<i64, AboveLargest> {
        if container > self.most {
            return Err(AboveLargest { container, most: self.most });
        }
        let (asked, step) = (container.max(self.least).max(0), self.step.max(1));
        let missing = (step - asked % step) % step;
        Ok(asked.saturating_add(missing).min(self.most))
    }
}

/// A container that YARN would never grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a container of {container} MiB is above the {most} MiB that YARN grants at most")]
pub struct AboveLargest {
    /// What was asked for, in MiB.
    pub container: i64,
    /// `yarn.scheduler.maximum-allocation-mb`.
    pub most: i64,
}

/// What a standalone worker offers of a machine with so many MiB: all but 1 GiB, at least 1 GiB
/// (`WorkerArguments.inferDefaultMemory`).
pub fn worker_memory(machine: i64) -> i64 {
    machine.saturating_sub(1024).max(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(ask: Ask, version: Version) -> i64 {
        ask.container(version)
    }

    #[test]
    fn known_heaps_make_known_containers() {
        let known = [
            (1024, 384, 1408, 1433, 2048, 1536),
            (2048, 384, 2432, 2867, 3072, 2560),
            (3840, 384, 4224, 5376, 5120, 4608),
            (3850, 385, 4235, 5390, 5120, 4608),
            (4096, 409, 4505, 5734, 5120, 4608),
            (8192, 819, 9011, 11_468, 9216, 9216),
            (20_480, 2048, 22_528, 28_672, 22_528, 22_528),
        ];
        for (heap, overhead, whole, python, step_1024, step_512) in known {
            let ask = Ask::of_heap(heap);
            let of_python = Ask { factor: KUBERNETES_PYTHON_FACTOR, ..ask };
            for version in Version::ALL {
                assert_eq!(ask.overhead(version), overhead);
                assert_eq!(container(ask, version), whole);
                assert_eq!(container(of_python, version), python);
            }
            assert_eq!(Yarn::capacity(1024, 1 << 20).granted(whole), Ok(step_1024));
            assert_eq!(Yarn::fair(1024, 1 << 20, 512).granted(whole), Ok(step_512));
        }
    }

    #[test]
    fn the_facts_of_the_kubernetes_suites_hold() {
        let one = Ask::of_heap(1024);
        let python = Ask { pyspark: 42, ..one };
        assert_eq!(container(python, Version::V4_1), 1450);
        let off_heap = Ask { off_heap: 42, ..one };
        assert_eq!(container(off_heap, Version::V4_1), 1450);
        let profile = Ask { overhead: Some(1024), pyspark: 3072, ..Ask::of_heap(2048) };
        assert_eq!(container(profile, Version::V3_5), 6144);
        let least = Ask { least_overhead: Some(500), ..one };
        let containers = Version::ALL.map(|it| container(least, it));
        assert_eq!(containers, [1408, 1524, 1524]);
        let set = Ask { overhead: Some(150), ..least };
        assert_eq!(container(set, Version::V4_1), 1174);
        let driver = Ask { least_overhead: Some(200), ..Ask::of_heap(5000) };
        assert_eq!(container(driver, Version::V4_1), 5500);
        assert_eq!(container(Ask::of_heap(YARN_AM_MEMORY), Version::V4_1), 896);
    }

    #[test]
    fn yarn_refuses_what_it_would_never_grant() {
        let yarn = Yarn::capacity(1024, 8192);
        assert_eq!(yarn.granted(8192), Ok(8192));
        assert_eq!(yarn.granted(8193), Err(AboveLargest { container: 8193, most: 8192 }));
        assert_eq!(Yarn::capacity(1000, 8192).granted(8100), Ok(8192));
        assert_eq!(Yarn::fair(1, 8192, 1).granted(1409), Ok(1409));
        assert_eq!(Yarn::fair(0, i64::MAX, 0).granted(i64::MAX), Ok(i64::MAX));
        assert_eq!(Yarn::capacity(1024, 8192).granted(i64::MIN), Ok(1024));
    }

    #[test]
    fn a_worker_leaves_the_machine_a_gibibyte() {
        assert_eq!([65_536, 1500, 0].map(worker_memory), [64_512, 1024, 1024]);
    }
}
