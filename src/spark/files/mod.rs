//! How a scan of files becomes partitions: the split size, the cuts and the packing.
//!
//! Source: `FilePartition` and `PartitionedFileUtil` in
//! `sql/core/.../execution/datasources`, as `FileSourceScanExec` calls them (the V1 path, which the
//! built-in formats take unless `spark.sql.sources.useV1SourceList` says otherwise). The same in
//! 3.5, 4.0 and 4.1.

mod packing;
mod size;

use std::cmp::Reverse;
use std::ops::Range;

pub use size::{Bound, Settings, SplitSize, split_size};

/// The most pieces that [`partitions`] makes; Spark's driver would hold an object for each.
pub const MOST_CHUNKS: u64 = 1 << 25;

/// A file of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Its size in bytes. A file of zero bytes is not there for Spark.
    pub length: u64,
    /// Whether it may be cut (see [`format`](crate::spark::format)).
    pub splittable: bool,
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which file, counted from zero in listing order, empty files included.
    pub file: u32,
    /// Where it starts, in bytes.
    pub start: u64,
    /// How long it is, in bytes.
    pub len: u64,
}

/// The partitions of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitions {
    /// The split size with which the files were cut.
    pub split: SplitSize,
    /// All pieces, partition after partition.
    pub chunks: Vec<Chunk>,
    /// Where each partition ends in `chunks`.
    pub ends: Vec<u32>,
    /// The larger size with which the pieces were packed again, where
    /// `spark.sql.files.maxPartitionNum` asked for it.
    pub repacked: Option<i64>,
}

/// Why there are no partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// Spark throws, because it would cut a file into pieces of zero bytes.
    #[error("the split size is 0 bytes: Spark cannot cut a file by it")]
    ZeroSplitSize,
    /// Spark throws, because it would divide by zero.
    #[error("the minimal number of partitions is 0: Spark cannot divide by it")]
    ZeroMinPartitionNum,
    /// Spark's 64-bit sums would wrap around silently.
    #[error("the sizes and open costs of the files do not fit Spark's 64-bit sums")]
    TooManyBytes,
    /// More than [`MOST_CHUNKS`].
    #[error("the files would be cut into {0} pieces, more than {MOST_CHUNKS}")]
    TooManyChunks(u128),
}

impl FilesError {
    /// The exception that Spark throws, where it throws one.
    pub const fn java_class(self) -> Option<&'static str> {
        match self {
            Self::ZeroSplitSize => Some("java.lang.IllegalArgumentException"),
            Self::ZeroMinPartitionNum => Some("java.lang.ArithmeticException"),
            Self::TooManyBytes | Self::TooManyChunks(_) => None,
        }
    }
}

impl Partitions {
    /// How many partitions there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The pieces of each partition, in the order in which Spark reads them.
    pub fn iter(&self) -> impl Iterator<Item = &[Chunk]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let pieces = &self.chunks[span(start, end)];
            start = end;
            pieces
        })
    }

    /// The bytes of each partition.
    pub fn bytes(&self) -> impl Iterator<Item = u64> {
        self.iter().map(|pieces| pieces.iter().map(|it| it.len).sum())
    }
}

fn span(start: u32, end: u32) -> Range<usize> {
    let place = |at| usize::try_from(at).expect("a place in a vector");
    place(start)..place(end)
}

/// The partitions of a scan: the files are cut, the pieces sorted and packed.
///
/// # Errors
/// Every [`FilesError`].
pub fn partitions(
    files: impl Iterator<Item = File> + Clone,
    settings: &Settings,
) -> Result<Partitions, FilesError> {
    let split = split_size(files.clone(), settings)?;
    let mut chunks = packing::cut(files, split.bytes)?;
    chunks.sort_by_key(|it| Reverse(it.len));
    let ends = packing::pack(&chunks, split.bytes, settings.open_cost);
    let repacked = match settings.max_partition_num {
        Some(most) if i128::try_from(ends.len()).is_ok_and(|it| it > i128::from(most)) => {
            Some(packing::desired_size(&chunks, settings.open_cost, most)?)
        }
        _ => None,
    };
    let ends = repacked.map_or(ends, |size| packing::pack(&chunks, size, settings.open_cost));
    Ok(Partitions { split, chunks, ends, repacked })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MIB: u64 = 1 << 20;

    fn settings(max: i64, open: i64, min_num: i64, max_num: Option<i64>) -> Settings {
        Settings {
            max_partition_bytes: max,
            open_cost: open,
            min_partition_num: min_num,
            max_partition_num: max_num,
        }
    }

    fn defaults(min_num: i64, max_num: Option<i64>) -> Settings {
        settings(128 << 20, 4 << 20, min_num, max_num)
    }

    fn split(sizes: &[u64], splittable: bool, settings: &Settings) -> Partitions {
        partitions(sizes.iter().map(|&length| File { length, splittable }), settings).unwrap()
    }

    fn lengths(made: &Partitions) -> Vec<Vec<u64>> {
        made.iter().map(|pieces| pieces.iter().map(|it| it.len).collect()).collect()
    }

    #[test]
    fn the_cases_of_file_source_strategy_suite_hold() {
        let of = |sizes: &[u64], max, open, num| {
            lengths(&split(sizes, true, &settings(max, open, num, None)))
        };
        assert_eq!(of(&[1; 10], 128 << 20, 4 << 20, 1), [vec![1; 10]]);
        assert_eq!(of(&[5, 5, 5], 11, 1, 1), [vec![5, 5], vec![5]]);
        assert_eq!(of(&[15, 3], 10, 1, 1), [vec![10], vec![5, 3]]);
        let six: [Vec<u64>; 4] = [vec![2], vec![2, 1], vec![1, 1], vec![1]];
        assert_eq!(of(&[2, 2, 1, 1, 1, 1], 4, 1, 1), six);
        assert_eq!(of(&[1, 1, 1], 128 << 20, 4 << 20, 10).len(), 3);
        assert_eq!(of(&[2 * MIB; 12], 2 << 20, 4 << 20, 8).len(), 12);
        assert_eq!(of(&[4 * MIB; 12], 2 << 20, 4 << 20, 16).len(), 24);
        assert_eq!(of(&[3, 1, 1], 2, 0, 1).len(), 3);
        let zipped = split(&[3, 1, 1], false, &settings(2, 0, 1, None));
        assert_eq!(lengths(&zipped), [vec![3], vec![1, 1]]);
    }

    #[test]
    fn the_computed_cases_hold() {
        let counted = |sizes: &[u64], num, most| split(sizes, true, &defaults(num, most)).len();
        assert_eq!([8, 200].map(|num| counted(&[1024 * MIB], num, None)), [8, 200]);
        assert_eq!(split(&[1024 * MIB], false, &defaults(8, None)).len(), 1);
        assert_eq!([8, 1000].map(|num| counted(&[MIB; 1000], num, None)), [39, 1000]);
        assert_eq!(counted(&vec![102_400; 10_000], 100, None), 313);
        let most = [None, Some(5000), Some(4096), Some(3000)];
        let repacked = most.map(|most| counted(&vec![256 * MIB; 4096], 400, most));
        assert_eq!(repacked, [8192, 8192, 4096, 4096]);
        let dirs = split(&[100, 20, 100, 20, 100, 20].map(|it| it * MIB), true, &defaults(1, None));
        let bins: Vec<u64> = dirs.bytes().map(|it| it / MIB).collect();
        assert_eq!(bins, [100, 100, 120, 40]);
        assert_eq!(lengths(&split(&[128 * MIB + 1], true, &defaults(1, None))), [[128 * MIB], [1]]);
    }

    #[test]
    fn a_suggested_maximum_packs_the_same_pieces_again() {
        let packed = |most| {
            let files = vec![50_000_000; 300_000];
            split(&files, true, &defaults(1, most)).len()
        };
        let most = [None, Some(20_000), Some(50_000), Some(200_000)];
        assert_eq!(most.map(packed), [150_000, 20_000, 50_000, 150_000]);
    }

    /// Section by section what Spark does, with vectors of vectors.
    fn slow(files: &[File], settings: &Settings, size: i64) -> Vec<Vec<Chunk>> {
        let mut chunks = vec![];
        for (file, it) in (0..).zip(files) {
            let step = if it.splittable { u64::try_from(size).unwrap() } else { it.length };
            let mut rest = it.length;
            while rest > 0 {
                let len = rest.min(step);
                chunks.push(Chunk { file, start: it.length - rest, len });
                rest -= len;
            }
        }
        let mut sorted = vec![];
        while !chunks.is_empty() {
            let longest = chunks.iter().map(|it| it.len).max().unwrap();
            let first = chunks.iter().position(|it| it.len == longest).unwrap();
            sorted.push(chunks.remove(first));
        }
        let packed = |size: i64| {
            let (mut bins, mut bin, mut filled) = (vec![], vec![], 0);
            for it in &sorted {
                let len = i64::try_from(it.len).unwrap();
                if filled + len > size {
                    bins.push(std::mem::take(&mut bin));
                    filled = 0;
                }
                filled += len + settings.open_cost;
                bin.push(*it);
            }
            bins.push(bin);
            bins.retain(|it| !it.is_empty());
            bins
        };
        let bins = packed(size);
        match settings.max_partition_num {
            Some(most) if i64::try_from(bins.len()).unwrap() > most => {
                let total: u64 = sorted.iter().map(|it| it.len).sum();
                let costs = settings.open_cost * i64::try_from(sorted.len()).unwrap();
                let fluid = i64::try_from(total).unwrap() + costs;
                packed(fluid / most + i64::from(fluid % most > 0))
            }
            _ => bins,
        }
    }

    fn some_files() -> impl Strategy<Value = Vec<File>> {
        let length = prop_oneof![Just(0), 1..60_u64, 1..2_000_u64, Just(100)];
        let file = (length, prop::bool::weighted(0.8));
        prop::collection::vec(
            file.prop_map(|(length, splittable)| File { length, splittable }),
            0..40,
        )
    }

    proptest! {
        #[test]
        fn the_packing_agrees_with_its_slow_twin(
            files in some_files(), max in 1..300_i64, open in 0..150_i64, num in 1..50_i64,
            most in prop::option::of(1..60_i64),
        ) {
            prop_assume!(open > 0 || files.iter().map(|it| it.length).sum::<u64>() >= 50);
            let settings = settings(max, open, num, most);
            let made = partitions(files.iter().copied(), &settings).unwrap();
            let slow = slow(&files, &settings, made.split.bytes);
            prop_assert_eq!(made.iter().map(<[Chunk]>::to_vec).collect::<Vec<_>>(), slow);
        }

        #[test]
        fn every_byte_is_read_exactly_once(files in some_files(), max in 1..300_i64) {
            let made = partitions(files.iter().copied(), &settings(max, 3, 5, Some(7))).unwrap();
            let mut chunks = made.chunks.clone();
            chunks.sort_by_key(|it| (it.file, it.start));
            let mut chunks = chunks.into_iter().peekable();
            for (place, file) in (0_u32..).zip(&files) {
                let mut read = 0;
                while let Some(it) = chunks.next_if(|it| it.file == place) {
                    prop_assert!(it.start == read && it.len > 0);
                    read += it.len;
                }
                prop_assert_eq!(read, file.length);
            }
            prop_assert!(chunks.next().is_none());
            prop_assert_eq!(made.bytes().sum::<u64>(), files.iter().map(|it| it.length).sum::<u64>());
            prop_assert_eq!(made.bytes().filter(|it| *it == 0).count(), 0);
        }

        #[test]
        fn no_input_makes_it_panic(
            lengths in prop::collection::vec(any::<u64>(), 0..5), splittable: bool,
            max: i64, open: i64, num: i64, most: Option<i64>,
        ) {
            let files = lengths.iter().map(|&length| File { length, splittable });
            let _ = partitions(files, &settings(max, open, num, most));
        }
    }
}
