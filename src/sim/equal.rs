//! The closed form for equal tasks: whole rounds at once.
//!
//! When every slot falls free within one task's time, the next round of tasks meets the slots in
//! the same order, one round later. So whole rounds only move all times, and a million rounds cost
//! as much as one.

use super::slots::Slots;

/// Places up to `rounds` tasks in each slot, each costing `cost`, as long as they are launched at
/// `limit` or before: how many rounds that were. Zero says that the slots are not in step, or that
/// the driver is too slow to keep them so.
pub(super) fn rounds(slots: &mut Slots, cost: u64, rounds: u64, limit: u64) -> u64 {
    if rounds == 0 || cost == 0 || !in_step(slots, cost) {
        return 0;
    }
    let last = slots.times().max().unwrap_or(0);
    let until = |end: u64| end.saturating_sub(last) / cost;
    let mut rounds = rounds.min(until(slots.horizon()));
    if last > limit {
        return 0;
    }
    rounds = rounds.min(until(limit).saturating_add(1));
    if rounds > 0 {
        slots.advance(rounds * cost, last + (rounds - 1) * cost);
    }
    rounds
}

/// Whether a slot that takes a task is free again only after all others took theirs, and no launch
/// waits for the driver.
fn in_step(slots: &Slots, cost: u64) -> bool {
    let interval = slots.interval();
    let (first, _) = slots.next();
    let last = slots.times().max().unwrap_or(first);
    let Some(spare) = cost.checked_sub(last - first).filter(|spare| *spare > 0) else {
        return false;
    };
    if interval == 0 {
        return true;
    }
    let mut times: Vec<u64> = slots.times().collect();
    times.sort_unstable();
    spare >= interval
        && slots.clock().driver <= first
        && times.windows(2).all(|pair| pair[1] - pair[0] >= interval)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sim::{Cluster, Overheads};
    use crate::units::Seconds;

    proptest! {
        #[test]
        fn rounds_at_once_equal_task_by_task(
            count in 1_u32..40,
            head in prop::collection::vec(0_u64..50, 0..80),
            cost in 1_u64..60,
            wanted in 1_u64..9,
            interval in 0_u64..3,
            limit in 0_u64..600,
        ) {
            let mut cluster = Cluster::uniform(count, 1);
            cluster.overheads =
                Overheads { launch_interval: Seconds::micros(interval), ..Overheads::default() };
            let mut fast = Slots::new(&cluster).unwrap();
            fast.place(&head, u64::MAX);
            let mut slow = fast.clone();
            let done = rounds(&mut fast, cost, wanted, limit);
            for _ in 0..done * u64::from(count) {
                prop_assert!(slow.next().0 <= limit);
                slow.place_one(cost, 0);
            }
            prop_assert_eq!(slow.keys(), fast.keys());
            if done > 0 {
                prop_assert_eq!(slow.next_launch(), fast.next_launch());
            }
        }
    }

    #[test]
    fn slots_in_step_take_all_rounds() {
        let mut slots = Slots::new(&Cluster::uniform(300, 1)).unwrap();
        assert_eq!(rounds(&mut slots, 10, 33_333, u64::MAX), 33_333);
        assert!(slots.times().all(|time| time == 333_330));
    }
}
