//! The split size of a scan, and what decided it.

use super::{File, FilesError};

/// The settings that decide how files are cut and packed, as Spark keeps them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `spark.sql.files.maxPartitionBytes`.
    pub max_partition_bytes: i64,
    /// `spark.sql.files.openCostInBytes`.
    pub open_cost: i64,
    /// `spark.sql.files.minPartitionNum`, or what stands in for it
    /// (see [`parallelism`](crate::spark::parallelism)).
    pub min_partition_num: i64,
    /// `spark.sql.files.maxPartitionNum`, where it is set.
    pub max_partition_num: Option<i64>,
}

/// What decided the split size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `spark.sql.files.maxPartitionBytes`.
    MaxPartitionBytes,
    /// `spark.sql.files.openCostInBytes`.
    OpenCost,
    /// The bytes, open costs included, that each of the minimal number of partitions would get.
    BytesPerCore,
}

/// The longest piece of a file, and what decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitSize {
    /// In bytes. Zero or less only under settings that nobody means.
    pub bytes: i64,
    /// Which of three limits it is; where two are equal, the first of [`Bound`].
    pub bound: Bound,
    /// The length of all files that are not empty, plus the open cost of each.
    pub total: i64,
    /// `total` divided by the minimal number of partitions.
    pub bytes_per_core: i64,
}

/// The split size: `FilePartition.maxSplitBytes`.
///
/// # Errors
/// [`FilesError::ZeroMinPartitionNum`] and [`FilesError::TooManyBytes`].
pub fn split_size(
    files: impl Iterator<Item = File>,
    settings: &Settings,
) -> Result<SplitSize, FilesError> {
    let (bytes, count) = files.filter(|it| it.length > 0).fold((0_i128, 0_i128), |sum, it| {
        (sum.0.saturating_add(i128::from(it.length)), sum.1.saturating_add(1))
    });
    split_size_of(bytes, count, settings)
}

/// The split size of `count` files, none of them empty, with `bytes` in all.
fn split_size_of(bytes: i128, count: i128, settings: &Settings) -> Result<SplitSize, FilesError> {
    let open_costs = count.checked_mul(i128::from(settings.open_cost));
    let total = open_costs.and_then(|it| it.checked_add(bytes)).ok_or(FilesError::TooManyBytes)?;
    let total = i64::try_from(total).map_err(|_| FilesError::TooManyBytes)?;
    if settings.min_partition_num == 0 {
        return Err(FilesError::ZeroMinPartitionNum);
    }
    let bytes_per_core =
        total.checked_div(settings.min_partition_num).ok_or(FilesError::TooManyBytes)?;
    let wanted = settings.open_cost.max(bytes_per_core);
    let (bytes, bound) = if settings.max_partition_bytes <= wanted {
        (settings.max_partition_bytes, Bound::MaxPartitionBytes)
    } else if settings.open_cost >= bytes_per_core {
        (settings.open_cost, Bound::OpenCost)
    } else {
        (bytes_per_core, Bound::BytesPerCore)
    };
    Ok(SplitSize { bytes, bound, total, bytes_per_core })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Settings = Settings {
        max_partition_bytes: 128 << 20,
        open_cost: 4 << 20,
        min_partition_num: 1,
        max_partition_num: None,
    };

    fn sized(sizes: &[u64], settings: Settings) -> Result<SplitSize, FilesError> {
        split_size(sizes.iter().map(|&length| File { length, splittable: true }), &settings)
    }

    #[test]
    fn each_of_the_three_limits_can_decide() {
        let ten = sized(&[1; 10], DEFAULT).unwrap();
        assert_eq!((ten.bytes, ten.bound), (41_943_050, Bound::BytesPerCore));
        let many = Settings { min_partition_num: 10, ..DEFAULT };
        let three = sized(&[1, 1, 1], many).unwrap();
        assert_eq!((three.bytes, three.bound), (4 << 20, Bound::OpenCost));
        let large = sized(&[1 << 40], DEFAULT).unwrap();
        assert_eq!((large.bytes, large.bound), (128 << 20, Bound::MaxPartitionBytes));
        let narrow = Settings { max_partition_bytes: 1 << 20, ..many };
        assert_eq!(sized(&[1], narrow).unwrap().bound, Bound::MaxPartitionBytes);
    }

    #[test]
    fn empty_files_cost_nothing() {
        let with = sized(&[0, 5, 0, 7], DEFAULT).unwrap();
        assert_eq!(with, sized(&[5, 7], DEFAULT).unwrap());
        assert_eq!(with.total, 12 + 2 * (4 << 20));
    }

    #[test]
    fn sums_that_spark_cannot_hold_are_refused() {
        let huge = Settings { open_cost: i64::MAX, ..DEFAULT };
        assert_eq!(sized(&[1], huge), Err(FilesError::TooManyBytes));
        assert_eq!(sized(&[u64::MAX], DEFAULT), Err(FilesError::TooManyBytes));
        let lowest = Settings { open_cost: i64::MIN, min_partition_num: -1, ..DEFAULT };
        assert_eq!(sized(&[1, 1], lowest), Err(FilesError::TooManyBytes));
        let none = Settings { min_partition_num: 0, ..DEFAULT };
        assert_eq!(sized(&[], none), Err(FilesError::ZeroMinPartitionNum));
    }
}
