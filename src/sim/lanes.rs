//! Four replications at once.
//!
//! One winner tree waits for its own results most of the time. Four of them, one for each
//! replication, fill each other's pauses. Every lane does what [`kernel`](super::kernel) does.
#![expect(clippy::cast_possible_truncation, reason = "the slot is in the low bits of its number")]

use super::kernel::{Clock, NEVER, PIECE, later, winner};

/// How many replications run at once.
pub(super) const LANES: usize = 4;

/// One winner tree and one clock for each lane.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    nodes: Vec<u64>,
    slots: usize,
    clocks: [Clock; LANES],
    latest: [u64; LANES],
}

impl Lanes {
    /// Lanes of so many slots each; the clock is the one that each begins with.
    pub(super) fn new(slots: usize, clock: Clock) -> Self {
        let leaves = slots.next_power_of_two().max(2);
        let nodes = vec![NEVER; 2 * leaves * LANES];
        Self { nodes, slots, clocks: [clock; LANES], latest: [0; LANES] }
    }

    /// Begins a stage: all slots of each lane are free at its start.
    pub(super) fn open(&mut self, starts: [u64; LANES]) {
        let size = self.nodes.len() / LANES;
        let bits = (size / 2).trailing_zeros();
        for (nodes, start) in self.nodes.chunks_exact_mut(size).zip(starts) {
            for (slot, node) in nodes[size / 2..][..self.slots].iter_mut().enumerate() {
                *node = start << bits | slot as u64;
            }
            super::kernel::rebuild(nodes);
        }
        self.latest = [0; LANES];
    }

    /// When the last slot that took a task since [`Lanes::open`] is free again, in each lane.
    pub(super) fn latest(&self) -> [u64; LANES] {
        self.latest
    }

    /// Places the same number of tasks in every lane, at most [`PIECE`].
    pub(super) fn place(&mut self, costs: &[Vec<u64>; LANES]) {
        match self.nodes.len() / LANES {
            4 => self.tree::<4>(costs),
            8 => self.tree::<8>(costs),
            16 => self.tree::<16>(costs),
            32 => self.tree::<32>(costs),
            64 => self.tree::<64>(costs),
            128 => self.tree::<128>(costs),
            256 => self.tree::<256>(costs),
            512 => self.tree::<512>(costs),
            1024 => self.tree::<1024>(costs),
            2048 => self.tree::<2048>(costs),
            4096 => self.tree::<4096>(costs),
            8192 => self.tree::<8192>(costs),
            16_384 => self.tree::<16_384>(costs),
            32_768 => self.tree::<32_768>(costs),
            size => self.one_by_one(size, costs),
        }
        for clock in &mut self.clocks {
            clock.driver = clock.driver.min(clock.horizon);
        }
    }

    fn tree<const NODES: usize>(&mut self, costs: &[Vec<u64>; LANES]) {
        let leaves = NODES / 2;
        let bits = leaves.trailing_zeros();
        let (mut clocks, mut latest) = (self.clocks, self.latest);
        let mut trees = self.nodes.chunks_exact_mut(NODES);
        let trees: [&mut [u64; NODES]; LANES] = std::array::from_fn(|_| {
            let tree = trees.next().expect("there is a tree for each lane");
            tree.try_into().expect("the caller matched the size")
        });
        let mut keys: [u64; LANES] = std::array::from_fn(|lane| trees[lane][1]);
        let [a, b, c, d] = costs.each_ref().map(|it| &it[..it.len().min(PIECE)]);
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            let costs = [*a, *b, *c, *d];
            let mut places = [0; LANES];
            for lane in 0..LANES {
                let slot = keys[lane] as usize & (leaves - 1);
                let (_, free) = clocks[lane].launch(keys[lane] >> bits, costs[lane]);
                latest[lane] = later(latest[lane], free);
                keys[lane] = free << bits | slot as u64;
                places[lane] = slot | leaves;
                trees[lane][places[lane]] = keys[lane];
            }
            for _ in 0..bits {
                for lane in 0..LANES {
                    let place = places[lane] & (NODES - 1);
                    keys[lane] = winner(keys[lane], trees[lane][place ^ 1]);
                    places[lane] = place >> 1;
                    trees[lane][places[lane]] = keys[lane];
                }
            }
        }
        (self.clocks, self.latest) = (clocks, latest);
    }

    fn one_by_one(&mut self, size: usize, costs: &[Vec<u64>; LANES]) {
        for (lane, nodes) in self.nodes.chunks_exact_mut(size).enumerate() {
            let clock = &mut self.clocks[lane];
            let placed = super::kernel::place(nodes, &costs[lane], u64::MAX, clock);
            self.latest[lane] = self.latest[lane].max(placed.latest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Purpose, Seed};

    #[test]
    fn each_lane_does_what_the_kernel_does_alone() {
        let stream = Seed(4).stream(Purpose::Cases, 0);
        for slots in [1, 3, 8, 13, 60, 300, 1000, 10_000, 20_000] {
            let clock = Clock { driver: 0, interval: 2, horizon: 1 << 40 };
            let mut lanes = Lanes::new(slots, clock);
            let costs: [Vec<u64>; LANES] = std::array::from_fn(|lane| {
                let part = stream.part(lane as u64);
                (0..PIECE as u64).map(|it| part.word(it) % 500).collect()
            });
            lanes.open([0, 7, 100, 0]);
            lanes.place(&costs);
            lanes.place(&costs);
            for (lane, start) in [0, 7, 100, 0].into_iter().enumerate() {
                let mut alone = Lanes::new(slots, clock);
                alone.open([start; LANES]);
                let size = alone.nodes.len() / LANES;
                let mut expected = 0;
                let mut clock = clock;
                for _ in 0..2 {
                    let nodes = &mut alone.nodes[..size];
                    let placed =
                        super::super::kernel::place(nodes, &costs[lane], u64::MAX, &mut clock);
                    expected = expected.max(placed.latest);
                }
                assert_eq!(lanes.latest()[lane], expected, "{slots} {lane}");
                assert_eq!(lanes.nodes[lane * size..][1..size], alone.nodes[1..size]);
            }
        }
    }
}
