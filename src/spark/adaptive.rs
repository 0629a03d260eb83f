//! How adaptive execution joins small shuffle partitions.
//!
//! Source: `CoalesceShufflePartitions` and `ShufflePartitionsUtil` (sql/core,
//! `execution/adaptive`). The same in 3.5, 4.0 and 4.1.

use std::ops::Range;

use crate::units::number::{float, java_long};

/// What decides how large joined partitions become, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `spark.sql.adaptive.advisoryPartitionSizeInBytes`, or that of the only shuffle.
    pub advisory: u64,
    /// The least number of partitions wanted (see [`min_partitions`]).
    pub min_partitions: u64,
    /// `spark.sql.adaptive.coalescePartitions.minPartitionSize`.
    pub min_size: u64,
}

/// The number of partitions that joining should leave for a group of shuffles: the whole number
/// for a single group, else a share by size, at least 1.
///
/// `whole` is `spark.sql.adaptive.coalescePartitions.minPartitionNum`; where that is not set, it
/// is the default parallelism with `parallelismFirst`, and 1 without.
pub fn min_partitions(whole: u64, groups: &[u64], group: usize) -> u64 {
    let total: u128 = groups.iter().map(|it| u128::from(*it)).sum();
    let size = groups.get(group).copied().unwrap_or(0);
    if groups.len() < 2 || total == 0 {
        return whole.max(1);
    }
    let total = float(u64::try_from(total).unwrap_or(u64::MAX));
    let share = float(whole) * float(size) / total;
    java_long((share + 0.5).floor()).unsigned_abs().max(1)
}

/// The size that joined partitions should not exceed, for shuffles with so many bytes in all.
pub fn target_size(total: u64, settings: &Settings) -> u64 {
    let share = (float(total) / float(settings.min_partitions.max(1))).ceil();
    java_long(share).unsigned_abs().min(settings.advisory).max(settings.min_size)
}

/// Joins neighbouring partitions of one or more shuffles that are read together: ranges of
/// partitions, or nothing where every partition is read by itself as before. Runs of empty
/// partitions between the ranges are not read at all.
///
/// `sizes` has one list a shuffle. Shuffles without partitions do not count; where the others
/// differ in their number of partitions, nothing is joined.
pub fn coalesce(sizes: &[Vec<u64>], settings: &Settings) -> Option<Vec<Range<usize>>> {
    let mut shuffles = sizes.iter().filter(|it| !it.is_empty());
    let Some(first) = shuffles.next() else {
        return (!sizes.is_empty()).then(|| std::iter::once(0..0).collect());
    };
    let mut totals = first.clone();
    for shuffle in shuffles {
        if shuffle.len() != totals.len() {
            return None;
        }
        for (total, size) in totals.iter_mut().zip(shuffle) {
            *total = total.saturating_add(*size);
        }
    }
    let total = totals.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
    let ranges = join(&totals, target_size(total, settings), settings.min_size);
    (ranges.len() < totals.len()).then_some(ranges)
}

/// One pass over the sizes, with one range open at a time.
fn join(sizes: &[u64], target: u64, min_size: u64) -> Vec<Range<usize>> {
    let mut made: Vec<Range<usize>> = vec![];
    let (mut start, mut open, mut last) = (0, 0_u64, 0_u64);
    for (place, &size) in sizes.iter().enumerate() {
        if place <= start || open.saturating_add(size) <= target {
            open = open.saturating_add(size);
            continue;
        }
        if open >= min_size {
            if open > 0 {
                made.push(start..place);
            }
            (start, last, open) = (place, open, size);
            continue;
        }
        // Too small to stand alone: it goes to the smaller of its neighbours.
        match made.last_mut().filter(|_| last > 0 && last < size) {
            Some(before) => {
                before.end = place;
                (start, last, open) = (place, last.saturating_add(open), size);
            }
            None => open = open.saturating_add(size),
        }
    }
    if open < min_size && last > 0 {
        made.iter_mut().last().expect("a last size has a range").end = sizes.len();
    } else if open > 0 || made.is_empty() {
        made.push(start..sizes.len());
    }
    made
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(sizes: &[&[u64]], min_partitions: u64) -> Option<Vec<(usize, usize)>> {
        let sizes: Vec<_> = sizes.iter().map(|it| it.to_vec()).collect();
        let settings = Settings { advisory: 100, min_partitions, min_size: 0 };
        let ranges = coalesce(&sizes, &settings)?;
        Some(ranges.into_iter().map(|it| (it.start, it.end)).collect())
    }

    #[test]
    fn the_cases_of_shuffle_partitions_util_suite_hold() {
        let joined = |sizes: [u64; 5]| of(&[&sizes], 1).unwrap();
        assert_eq!(joined([10, 0, 20, 0, 0]), [(0, 5)]);
        assert_eq!(joined([10, 0, 90, 20, 0]), [(0, 3), (3, 5)]);
        assert_eq!(joined([110, 10, 100, 110, 0]), [(0, 1), (1, 2), (2, 3), (3, 4)]);
        assert_eq!(joined([30, 30, 0, 40, 110]), [(0, 4), (4, 5)]);
        assert_eq!(of(&[&[100, 110, 100, 110, 110]], 1), None);
        assert_eq!(of(&[&[0; 5]], 1), Some(vec![(0, 5)]));
    }

    #[test]
    fn shuffles_that_are_read_together_are_joined_together() {
        let two = of(&[&[0, 99, 0, 20, 0], &[30, 0, 70, 0, 30]], 1);
        assert_eq!(two, Some(vec![(0, 1), (1, 2), (2, 4), (4, 5)]));
        let halves = of(&[&[10, 5, 5, 0, 20], &[5, 10, 0, 10, 5]], 2);
        assert_eq!(halves, Some(vec![(0, 3), (3, 5)]));
        let gap = of(&[&[200, 0, 0, 0, 0], &[100, 0, 300, 0, 0]], 1);
        assert_eq!(gap, Some(vec![(0, 1), (2, 3)]));
        assert_eq!(of(&[&[1, 2], &[1, 2, 3]], 1), None);
        assert_eq!(of(&[&[], &[1, 2]], 1), Some(vec![(0, 2)]));
        assert_eq!((of(&[&[], &[]], 1), of(&[], 1)), (Some(vec![(0, 0)]), None));
    }

    #[test]
    fn a_small_partition_goes_to_the_smaller_neighbour() {
        const MIB: u64 = 1 << 20;
        let settings = Settings { advisory: 64 * MIB, min_partitions: 1, min_size: MIB };
        let of = |first| coalesce(&[vec![first * MIB, MIB / 2, 64 * MIB]], &settings).unwrap();
        assert_eq!(of(64), [0..1, 1..3]);
        assert_eq!(of(60), [0..2, 2..3]);
    }

    #[test]
    fn the_target_follows_the_wanted_number_of_partitions() {
        let computed = |maps: u64, block: u64, min_partitions| {
            let settings = Settings { advisory: 64 << 20, min_partitions, min_size: 1 << 20 };
            let sizes = vec![maps * block; 200];
            let made = coalesce(&[sizes], &settings).map_or(200, |it| it.len());
            (target_size(maps * block * 200, &settings), made)
        };
        assert_eq!(computed(100, 10_353, 16), (12_941_250, 17));
        assert_eq!(computed(100, 10_353, 1), (67_108_864, 4));
        assert_eq!(computed(100, 1_051, 16), (1_313_750, 16));
        assert_eq!(computed(8, 106, 16), (1_048_576, 1));
        assert_eq!(computed(50, 218_603, 400), (5_465_075, 200));
    }

    #[test]
    fn groups_share_the_wanted_number_by_size() {
        let of = |groups: &[u64]| [0, 1].map(|it| min_partitions(10, groups, it));
        assert_eq!(of(&[5]), [10, 10]);
        assert_eq!(of(&[0, 0]), [10, 10]);
        assert_eq!(of(&[75, 25]), [8, 3]);
        assert_eq!(of(&[1000, 1]), [10, 1]);
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_leave_out_only_empty_partitions(
            sizes in prop::collection::vec(prop_oneof![Just(0), 0..50_u64, any::<u64>()], 0..40),
            advisory in 0..200_u64, min_partitions in 0..9_u64, min_size in 0..40_u64,
        ) {
            let settings = Settings { advisory, min_partitions, min_size };
            let mut next = 0;
            for range in coalesce(std::slice::from_ref(&sizes), &settings).unwrap_or_default() {
                prop_assert!(range.start >= next && range.end <= sizes.len());
                prop_assert!(sizes[next..range.start].iter().all(|it| *it == 0));
                next = range.end;
            }
        }
    }
}
