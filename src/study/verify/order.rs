//! In which order Spark listed the files of a recorded row.
//!
//! Pieces of equal length are packed in listing order, and a local directory is listed in the
//! order in which its file system keeps it. A row gives the sizes by name, so where the two orders
//! differ, the order is read off the recorded splits: pieces of equal length tell which file came
//! first. This is the only thing that is taken from an answer; whether some order explains all of
//! it is what the comparison then finds out.

use std::collections::{BTreeMap, BTreeSet};

/// A piece of a recorded partition: file, start, length.
type Piece = (u32, u64, u64);

/// An order of `files` files in which a stable sort by length gives the recorded pieces, or
/// nothing where the pieces contradict each other. Where they leave it open, the lower number
/// comes first.
pub(super) fn listing_order(files: usize, splits: &[Vec<Piece>]) -> Option<Vec<u32>> {
    let files = u32::try_from(files).ok()?;
    let (mut last, mut edges) = (BTreeMap::new(), BTreeSet::new());
    for &(file, _, length) in splits.iter().flatten() {
        if file >= files {
            return None;
        }
        if let Some(before) = last.insert(length, file).filter(|it| *it != file) {
            edges.insert((before, file));
        }
    }
    sorted(files, &edges)
}

/// A topological order, the lowest number first among those that are free.
fn sorted(files: u32, edges: &BTreeSet<(u32, u32)>) -> Option<Vec<u32>> {
    let mut before = BTreeMap::<u32, usize>::new();
    for (_, after) in edges {
        *before.entry(*after).or_default() += 1;
    }
    let mut free: BTreeSet<u32> = (0..files).filter(|it| !before.contains_key(it)).collect();
    let mut order = vec![];
    while let Some(file) = free.pop_first() {
        order.push(file);
        for (_, after) in edges.range((file, 0)..=(file, u32::MAX)) {
            let left = before.get_mut(after).expect("every edge was counted");
            *left -= 1;
            if *left == 0 {
                free.insert(*after);
            }
        }
    }
    (order.len() == usize::try_from(files).ok()?).then_some(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pieces_tell_which_file_came_first() {
        let splits = [vec![(2, 0, 10), (2, 10, 10)], vec![(0, 0, 10), (1, 0, 7), (0, 10, 7)]];
        assert_eq!(listing_order(4, &splits), Some(vec![1, 2, 0, 3]));
        let splits = [vec![(2, 0, 10), (2, 10, 10)], vec![(0, 0, 10), (2, 20, 7), (1, 0, 7)]];
        assert_eq!(listing_order(4, &splits), Some(vec![2, 0, 1, 3]));
        assert_eq!(listing_order(2, &[]), Some(vec![0, 1]));
        assert_eq!(listing_order(2, &[vec![(2, 0, 1)]]), None);
    }

    #[test]
    fn pieces_that_contradict_each_other_have_no_order() {
        let back_and_forth = [vec![(0, 0, 5), (1, 0, 5), (0, 5, 5)]];
        assert_eq!(listing_order(2, &back_and_forth), None);
    }
}
