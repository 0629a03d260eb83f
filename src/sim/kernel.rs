//! The innermost loops: rows of tasks onto the slot that is free first.
//!
//! A slot is one number, `time << bits | slot`, so that the least number is the slot that is free
//! first, the lowest slot among equals. Two structures find it without branches: a sorted array
//! for few slots and a winner tree for more. Their sizes are constants, so that the loops unroll
//! and no index has to be checked. Nothing can overflow: times stay below 2^53, a piece has at
//! most [`PIECE`] tasks, and intervals are below 2^52.
#![expect(clippy::cast_possible_truncation, reason = "the slot is in the low bits of its number")]

use std::hint::select_unpredictable;

/// The most tasks that one call places.
pub(super) const PIECE: usize = 1024;

/// The driver's side of placing tasks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// When the driver can launch again.
    pub(super) driver: u64,
    /// The span between two launches.
    pub(super) interval: u64,
    /// Times are kept at or below it.
    pub(super) horizon: u64,
}

/// What a call did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// How many tasks were placed.
    pub(super) count: usize,
    /// The latest time at which a slot that took one is free again.
    pub(super) latest: u64,
}

impl Clock {
    /// Launches a task in a slot that is free since `time`: when, and when the slot is free again.
    #[inline]
    pub(super) fn launch(&mut self, time: u64, cost: u64) -> (u64, u64) {
        let launch = time.max(self.driver);
        self.driver = launch.wrapping_add(self.interval);
        (launch, launch.wrapping_add(cost).min(self.horizon))
    }
}

/// The number of a slot that does not exist: later than all others.
pub(super) const NEVER: u64 = u64::MAX >> 1;

/// The lesser of two numbers below 2^63, chosen without a branch: nobody can predict it. (The sign
/// of a difference, because compilers turn a plain minimum back into a branch.)
#[inline]
pub(super) fn winner(one: u64, other: u64) -> u64 {
    select_unpredictable(other.wrapping_sub(one).cast_signed() < 0, other, one)
}

/// The greater of two numbers below 2^63, in the same way.
#[inline]
pub(super) fn later(one: u64, other: u64) -> u64 {
    select_unpredictable(one.wrapping_sub(other).cast_signed() < 0, other, one)
}

/// Places tasks while a slot is free at `limit` or before. `nodes` is the winner tree: node 1 is
/// the root, node i has the children 2i and 2i + 1, and the leaves are the upper half.
pub(super) fn place(nodes: &mut [u64], costs: &[u64], limit: u64, clock: &mut Clock) -> Placed {
    let costs = &costs[..costs.len().min(PIECE)];
    let placed = match nodes.len() {
        0..=16 => array::<8>(nodes, costs, limit, clock),
        32 => array::<16>(nodes, costs, limit, clock),
        64 => tree::<64>(nodes, costs, limit, clock),
        128 => tree::<128>(nodes, costs, limit, clock),
        256 => tree::<256>(nodes, costs, limit, clock),
        512 => tree::<512>(nodes, costs, limit, clock),
        1024 => tree::<1024>(nodes, costs, limit, clock),
        2048 => tree::<2048>(nodes, costs, limit, clock),
        4096 => tree::<4096>(nodes, costs, limit, clock),
        8192 => tree::<8192>(nodes, costs, limit, clock),
        16_384 => tree::<16_384>(nodes, costs, limit, clock),
        32_768 => tree::<32_768>(nodes, costs, limit, clock),
        _ => any_tree(nodes, costs, limit, clock),
    };
    clock.driver = clock.driver.min(clock.horizon);
    placed
}

fn tree<const NODES: usize>(
    nodes: &mut [u64],
    costs: &[u64],
    limit: u64,
    clock: &mut Clock,
) -> Placed {
    let nodes: &mut [u64; NODES] = nodes.try_into().expect("the caller matched the length");
    let leaves = NODES / 2;
    let bits = leaves.trailing_zeros();
    let mut local = *clock;
    let mut latest = 0;
    let mut count = 0;
    let mut root = nodes[1];
    for cost in costs {
        let time = root >> bits;
        if time > limit {
            break;
        }
        let slot = root as usize & (leaves - 1);
        let (_, free) = local.launch(time, *cost);
        latest = later(latest, free);
        let mut key = free << bits | slot as u64;
        let mut node = slot | leaves;
        nodes[node] = key;
        for _ in 0..bits {
            key = winner(key, nodes[node ^ 1]);
            node >>= 1;
            nodes[node] = key;
        }
        root = key;
        count += 1;
    }
    *clock = local;
    Placed { count, latest }
}

/// The same for trees of any size.
fn any_tree(nodes: &mut [u64], costs: &[u64], limit: u64, clock: &mut Clock) -> Placed {
    let bits = (nodes.len() / 2).trailing_zeros();
    let mut placed = Placed::default();
    for cost in costs {
        let time = nodes[1] >> bits;
        if time > limit {
            break;
        }
        let slot = nodes[1] & ((1 << bits) - 1);
        let (_, free) = clock.launch(time, *cost);
        placed.latest = later(placed.latest, free);
        replay(nodes, slot as usize, free << bits | slot);
        placed.count += 1;
    }
    placed
}

/// Gives one slot a new number and plays its matches again.
pub(super) fn replay(nodes: &mut [u64], slot: usize, mut key: u64) {
    let mut node = slot + nodes.len() / 2;
    nodes[node] = key;
    while node > 1 {
        key = winner(key, nodes[node ^ 1]);
        node >>= 1;
        nodes[node] = key;
    }
}

/// Plays all matches.
pub(super) fn rebuild(nodes: &mut [u64]) {
    for node in (1..nodes.len() / 2).rev() {
        nodes[node] = nodes[2 * node].min(nodes[2 * node + 1]);
    }
}

/// The same on a sorted array, which is made from the leaves and written back to them.
fn array<const WIDTH: usize>(
    nodes: &mut [u64],
    costs: &[u64],
    limit: u64,
    clock: &mut Clock,
) -> Placed {
    let leaves = nodes.len() / 2;
    let bits = leaves.trailing_zeros();
    let mut sorted = [NEVER; WIDTH];
    sorted[..leaves].copy_from_slice(&nodes[leaves..]);
    sorted.sort_unstable();
    let mut local = *clock;
    let mut placed = Placed::default();
    for cost in costs {
        let time = sorted[0] >> bits;
        if time > limit {
            break;
        }
        let (_, free) = local.launch(time, *cost);
        placed.latest = later(placed.latest, free);
        let slot = sorted[0] & ((1 << bits) - 1);
        insert(&mut sorted, free << bits | slot);
        placed.count += 1;
    }
    *clock = local;
    for key in sorted.into_iter().filter(|key| *key != NEVER) {
        nodes[leaves + (key as usize & (leaves - 1))] = key;
    }
    rebuild(nodes);
    placed
}

/// Takes the first number out and puts `key` where it belongs.
#[inline]
fn insert<const WIDTH: usize>(sorted: &mut [u64; WIDTH], key: u64) {
    let mut before = 0;
    for place in 0..WIDTH - 1 {
        let after = sorted[place + 1];
        sorted[place] = winner(later(key, before), after);
        before = after;
    }
    sorted[WIDTH - 1] = key.max(before);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stats::{Purpose, Seed};

    /// A tree whose slots are all free at 0.
    fn fresh(slots: usize) -> Vec<u64> {
        let leaves = slots.next_power_of_two().max(2);
        let mut nodes = vec![NEVER; 2 * leaves];
        for slot in 0..slots {
            nodes[leaves + slot] = slot as u64;
        }
        rebuild(&mut nodes);
        nodes
    }

    fn plain(
        slots: usize,
        costs: &[u64],
        limit: u64,
        clock: &mut Clock,
    ) -> (Placed, BTreeSet<(u64, usize)>) {
        let mut free: BTreeSet<(u64, usize)> = (0..slots).map(|slot| (0, slot)).collect();
        let mut placed = Placed::default();
        for cost in costs {
            let (time, slot) = *free.first().unwrap();
            if time > limit {
                break;
            }
            free.remove(&(time, slot));
            let (_, again) = clock.launch(time, *cost);
            free.insert((again, slot));
            placed = Placed { count: placed.count + 1, latest: placed.latest.max(again) };
        }
        (placed, free)
    }

    #[test]
    fn every_kernel_agrees_with_an_ordered_set_slot_by_slot() {
        let stream = Seed(8).stream(Purpose::Cases, 0);
        for slots in [1, 2, 3, 7, 8, 9, 16, 17, 32, 60, 300, 700, 1024, 1500, 5000, 9000, 20_000] {
            for (range, interval, limit) in [(3, 0, 1 << 50), (1000, 1, 1 << 50), (50, 0, 40)] {
                let costs: Vec<u64> = (0..PIECE as u64).map(|it| stream.word(it) % range).collect();
                let clock = Clock { driver: 0, interval, horizon: 900 };
                let (mut ours, mut theirs) = (clock, clock);
                let mut nodes = fresh(slots);
                let placed = place(&mut nodes, &costs, limit, &mut ours);
                let (expected, free) = plain(slots, &costs, limit, &mut theirs);
                assert_eq!(placed, expected, "{slots} {range}");
                assert_eq!(ours.driver, theirs.driver.min(900));
                let leaves = nodes.len() / 2;
                for (time, slot) in free {
                    assert_eq!(nodes[leaves + slot], (time * leaves as u64) | slot as u64);
                }
                assert_eq!(nodes[1], nodes[leaves..].iter().copied().min().unwrap());
            }
        }
    }
}
