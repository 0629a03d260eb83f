//! How many partitions Spark would like to have, and which setting says so.
//!
//! Source: `defaultParallelism` of `LocalSchedulerBackend` and `CoarseGrainedSchedulerBackend`
//! (core), `SparkSession.leafNodeDefaultParallelism` (sql/core) and `FilePartition.maxSplitBytes`.

/// What runs the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// `local[N]`: so many threads in the driver.
    Local {
        /// N; for `local[*]` the processors of the machine, for `local` 1.
        threads: i32,
    },
    /// Standalone, YARN, Kubernetes and `local-cluster`.
    Cluster {
        /// The cores of the executors that are registered when the query is planned.
        registered_cores: i32,
    },
}

/// Where a number of partitions comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `spark.sql.files.minPartitionNum`.
    MinPartitionNum,
    /// `spark.sql.leafNodeDefaultParallelism`.
    LeafNodeDefaultParallelism,
    /// `spark.default.parallelism`.
    DefaultParallelism,
    /// The threads of `local[N]`.
    LocalThreads,
    /// The cores of the registered executors.
    RegisteredCores,
    /// Two, because the registered executors have fewer cores.
    AtLeastTwo,
}

impl Origin {
    /// The setting, where it is one.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::MinPartitionNum => Some("spark.sql.files.minPartitionNum"),
            Self::LeafNodeDefaultParallelism => Some("spark.sql.leafNodeDefaultParallelism"),
            Self::DefaultParallelism => Some("spark.default.parallelism"),
            Self::LocalThreads | Self::RegisteredCores | Self::AtLeastTwo => None,
        }
    }
}

/// A number of partitions and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parallelism {
    /// How many.
    pub value: i32,
    /// Who says so.
    pub origin: Origin,
}

/// `SparkContext.defaultParallelism`. `setting` is `spark.default.parallelism`, where set.
pub fn default_parallelism(setting: Option<i32>, backend: Backend) -> Parallelism {
    let (value, origin) = match (setting, backend) {
        (Some(value), _) => (value, Origin::DefaultParallelism),
        (None, Backend::Local { threads }) => (threads, Origin::LocalThreads),
        (None, Backend::Cluster { registered_cores }) if registered_cores < 2 => {
            (2, Origin::AtLeastTwo)
        }
        (None, Backend::Cluster { registered_cores }) => {
            (registered_cores, Origin::RegisteredCores)
        }
    };
    Parallelism { value, origin }
}

/// `SparkSession.leafNodeDefaultParallelism`. `setting` is `spark.sql.leafNodeDefaultParallelism`,
/// where set.
pub fn leaf_parallelism(setting: Option<i32>, default: Parallelism) -> Parallelism {
    setting
        .map_or(default, |value| Parallelism { value, origin: Origin::LeafNodeDefaultParallelism })
}

/// The number of partitions among which the bytes of a scan are divided. `setting` is
/// `spark.sql.files.minPartitionNum`, where set.
pub fn min_partition_num(setting: Option<i32>, leaf: Parallelism) -> Parallelism {
    setting.map_or(leaf, |value| Parallelism { value, origin: Origin::MinPartitionNum })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(registered_cores: i32) -> Parallelism {
        default_parallelism(None, Backend::Cluster { registered_cores })
    }

    #[test]
    fn a_cluster_counts_the_cores_it_has_now() {
        assert_eq!(cluster(300), Parallelism { value: 300, origin: Origin::RegisteredCores });
        assert_eq!(cluster(2).origin, Origin::RegisteredCores);
        for few in [1, 0, -1] {
            assert_eq!(cluster(few), Parallelism { value: 2, origin: Origin::AtLeastTwo });
        }
    }

    #[test]
    fn a_local_driver_counts_its_threads() {
        let one = default_parallelism(None, Backend::Local { threads: 1 });
        assert_eq!(one, Parallelism { value: 1, origin: Origin::LocalThreads });
    }

    #[test]
    fn the_nearest_setting_wins() {
        let default = default_parallelism(Some(7), Backend::Local { threads: 1 });
        assert_eq!(default, Parallelism { value: 7, origin: Origin::DefaultParallelism });
        let leaf = leaf_parallelism(Some(9), default);
        assert_eq!(leaf_parallelism(None, default), default);
        assert_eq!(min_partition_num(None, leaf), leaf);
        let files = min_partition_num(Some(11), leaf);
        assert_eq!((leaf.value, files.value), (9, 11));
        assert_eq!(files.origin.key(), Some("spark.sql.files.minPartitionNum"));
        assert_eq!(cluster(3).origin.key(), None);
    }
}
