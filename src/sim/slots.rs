//! The slots of a cluster and when each is free.

use super::cluster::Cluster;
use super::kernel::{self, Clock, Placed};
use crate::units::{Seconds, number};

/// The most slots that a simulation takes.
const MOST: u64 = 1 << 20;

/// All slots, and the driver that fills them.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// The winner tree of [`kernel`].
    nodes: Vec<u64>,
    count: usize,
    clock: Clock,
    /// The executor of each slot.
    executors: Vec<usize>,
    /// The number that an observer knows a slot by.
    names: Vec<usize>,
    /// Whose task a slot runs, for the caller; 0 is nobody's.
    tags: Vec<usize>,
}

impl Slots {
    /// All slots of a cluster, free at the start; nothing if there are none or too many.
    pub(super) fn new(cluster: &Cluster) -> Option<Self> {
        let count = Some(cluster.slots()).filter(|it| (1..=MOST).contains(it))?;
        let count = number::index(count);
        let leaves = count.next_power_of_two().max(2);
        let horizon = (1 << 52).min((kernel::NEVER >> leaves.trailing_zeros()) - 1);
        let interval = cluster.overheads.launch_interval.min(Seconds::MAX).as_micros();
        let mut slots = Self {
            nodes: vec![kernel::NEVER; 2 * leaves],
            count,
            clock: Clock { driver: 0, interval, horizon },
            executors: cluster.breadth_first(),
            names: (0..count).collect(),
            tags: vec![0; count],
        };
        slots.set(|_, _| 0);
        Some(slots)
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Times at or beyond it are not told apart.
    pub(super) fn horizon(&self) -> u64 {
        self.clock.horizon
    }

    pub(super) fn interval(&self) -> u64 {
        self.clock.interval
    }

    /// The driver's clock.
    pub(super) fn clock(&self) -> Clock {
        self.clock
    }

    fn leaves(&self) -> usize {
        self.nodes.len() / 2
    }

    fn bits(&self) -> u32 {
        self.leaves().trailing_zeros()
    }

    /// When each slot is free, in slot order.
    pub(super) fn times(&self) -> impl Iterator<Item = u64> {
        let bits = self.bits();
        self.nodes[self.leaves()..][..self.count].iter().map(move |key| key >> bits)
    }

    /// The numbers of all slots, to see later which changed.
    pub(super) fn keys(&self) -> &[u64] {
        &self.nodes[self.leaves()..][..self.count]
    }

    /// Gives every slot a time made from its number and its time.
    fn set(&mut self, time: impl Fn(usize, u64) -> u64) {
        let (leaves, bits) = (self.leaves(), self.bits());
        for slot in 0..self.count {
            let next = time(slot, self.nodes[leaves + slot] >> bits).min(self.clock.horizon);
            self.nodes[leaves + slot] = next << bits | number::count(slot);
        }
        kernel::rebuild(&mut self.nodes);
    }

    /// Moves every slot's time by `span`; the last launch in the meantime was at `launch`.
    pub(super) fn advance(&mut self, span: u64, launch: u64) {
        self.set(|_, time| time + span);
        self.clock.driver = (launch + self.clock.interval).min(self.clock.horizon);
    }

    /// When the next slot is free, and which.
    pub(super) fn next(&self) -> (u64, usize) {
        let bits = self.bits();
        (self.nodes[1] >> bits, number::index(self.nodes[1] & ((1 << bits) - 1)))
    }

    /// When the next task would be launched.
    pub(super) fn next_launch(&self) -> u64 {
        self.next().0.max(self.clock.driver)
    }

    /// Places tasks while a slot is free at `limit` or before.
    pub(super) fn place(&mut self, costs: &[u64], limit: u64) -> Placed {
        kernel::place(&mut self.nodes, costs, limit, &mut self.clock)
    }

    /// Places one task in the next slot, whatever its time: launched when, free again when.
    pub(super) fn place_one(&mut self, cost: u64, tag: usize) -> (u64, u64) {
        let (time, slot) = self.next();
        let (launch, free) = self.clock.launch(time, cost);
        self.clock.driver = self.clock.driver.min(self.clock.horizon);
        let key = free << self.bits() | number::count(slot);
        kernel::replay(&mut self.nodes, slot, key);
        self.tags[slot] = tag;
        (launch, free)
    }

    /// The name and the executor of a slot.
    pub(super) fn place_of(&self, slot: usize) -> (usize, usize) {
        (self.names[slot], self.executors[slot])
    }

    pub(super) fn tags(&self) -> &[usize] {
        &self.tags
    }

    /// Tags all slots whose number is not what it was.
    pub(super) fn tag_changed(&mut self, before: &[u64], tag: usize) {
        let leaves = self.leaves();
        for (slot, key) in before.iter().enumerate() {
            if self.nodes[leaves + slot] != *key {
                self.tags[slot] = tag;
            }
        }
    }

    /// Makes ready for tasks that arrive at `now`: slots that have been free are free from now on,
    /// nobody's, and in breadth-first order.
    pub(super) fn open(&mut self, now: u64) {
        if self.next().0 > now {
            return;
        }
        if self.times().any(|time| time > now) {
            self.renumber(now);
        }
        let bits = self.bits();
        for (tag, key) in self.tags.iter_mut().zip(&self.nodes[self.nodes.len() / 2..]) {
            if key >> bits <= now {
                *tag = 0;
            }
        }
        self.set(|_, time| time.max(now));
    }

    /// Orders the slots of each executor by their times, free ones first.
    fn renumber(&mut self, now: u64) {
        let mut order: Vec<usize> = (0..self.count).collect();
        let times: Vec<u64> = self.times().map(|time| time.max(now)).collect();
        order.sort_unstable_by_key(|slot| (self.executors[*slot], times[*slot], *slot));
        let mut places: Vec<usize> = (0..self.count).collect();
        places.sort_unstable_by_key(|slot| (self.executors[*slot], *slot));
        let (names, tags) = (self.names.clone(), self.tags.clone());
        let mut moved = times.clone();
        for (from, to) in order.into_iter().zip(places) {
            moved[to] = times[from];
            self.names[to] = names[from];
            self.tags[to] = tags[from];
        }
        self.set(|slot, _| moved[slot]);
    }

    /// Slot-time between each slot's time and `end`, of those that are free before it.
    pub(super) fn idle_until(&self, end: u64) -> u64 {
        self.times().fold(0, |sum, time| sum.saturating_add(end.saturating_sub(time)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Executor, Overheads};

    fn cluster(slots: &[u32]) -> Cluster {
        let executors = slots.iter().map(|slots| Executor { slots: *slots, node: 0 }).collect();
        Cluster { executors, ..Cluster::default() }
    }

    #[test]
    fn free_slots_are_taken_breadth_first_even_on_busy_executors() {
        // Slots 0, 1 and 2 are the first of three executors; 3 and 4 the second of the first two.
        let mut slots = Slots::new(&cluster(&[2, 2, 1])).unwrap();
        for cost in [100, 10, 100, 20, 30] {
            slots.place_one(cost, 1);
        }
        slots.open(25);
        // Free: slot 1 of executor 1 and slot 3 of executor 0. Both are first slots now.
        assert_eq!(slots.next(), (25, 0));
        assert_eq!(slots.place_of(0), (3, 0));
        slots.place_one(100, 2);
        assert_eq!(slots.next(), (25, 1));
        assert_eq!(slots.place_of(1), (1, 1));
        assert_eq!(slots.tags(), [2, 0, 1, 1, 1]);
        assert_eq!(slots.times().collect::<Vec<_>>(), [125, 25, 100, 100, 30]);
    }

    #[test]
    fn clusters_without_slots_or_with_too_many_are_refused() {
        assert!(Slots::new(&cluster(&[])).is_none());
        assert!(Slots::new(&cluster(&[0, 0])).is_none());
        assert!(Slots::new(&cluster(&[u32::MAX, u32::MAX])).is_none());
        let large = Slots::new(&Cluster::uniform(1 << 20, 1)).unwrap();
        assert!(large.horizon() > 100 * 86_400 * 1_000_000);
    }

    #[test]
    fn time_stops_at_the_horizon() {
        let mut cluster = cluster(&[1]);
        cluster.overheads =
            Overheads { launch_interval: Seconds::micros(u64::MAX), ..Overheads::default() };
        let mut slots = Slots::new(&cluster).unwrap();
        let horizon = slots.horizon();
        for _ in 0..5 {
            slots.place(&[horizon; 100], u64::MAX);
            slots.place_one(horizon, 0);
        }
        assert_eq!(slots.next_launch(), horizon);
    }
}
