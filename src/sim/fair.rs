//! Which pool is served next.
//!
//! `FairSchedulingAlgorithm` (`core/scheduler/SchedulingAlgorithm.scala`): a pool that runs less
//! than its minimum share comes before one that does not; of two such, the one that runs the
//! smaller part of its share; of two others, the one that runs less for its weight; the name
//! decides between equals. Spark asks anew for each offer, and an offer is one freed slot, or all
//! slots when a stage is submitted.

use std::cmp::Ordering;

use super::cluster::{Mode, Pool};

/// The pools of a cluster and how many tasks each runs.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    pools: Vec<Pool>,
    running: Vec<u32>,
    fair: bool,
}

impl Shares {
    /// The pools of a mode, `default` behind them; FIFO is one pool.
    pub(super) fn new(mode: &Mode) -> Self {
        let (fair, mut pools) = match mode {
            Mode::Fifo => (false, Vec::new()),
            Mode::Fair(pools) => (true, pools.clone()),
        };
        pools.push(Pool::default());
        Self { running: vec![0; pools.len()], pools, fair }
    }

    pub(super) fn len(&self) -> usize {
        self.pools.len()
    }

    /// Whether pools share.
    pub(super) fn fair(&self) -> bool {
        self.fair
    }

    /// The pool that a job with this number of a pool is in.
    pub(super) fn pool_of(&self, pool: usize) -> usize {
        pool.min(self.pools.len() - 1)
    }

    /// Counts the running tasks, given the pool of each slot plus one, and 0 for idle slots.
    pub(super) fn count(&mut self, tags: &[usize]) {
        self.running.fill(0);
        for tag in tags.iter().filter(|tag| **tag > 0) {
            self.running[tag - 1] += 1;
        }
    }

    /// A task of this tag ended.
    pub(super) fn release(&mut self, tag: usize) {
        if let Some(pool) = tag.checked_sub(1) {
            self.running[pool] = self.running[pool].saturating_sub(1);
        }
    }

    /// A task of this tag was launched.
    pub(super) fn take(&mut self, tag: usize) {
        if let Some(pool) = tag.checked_sub(1) {
            self.running[pool] = self.running[pool].saturating_add(1);
        }
    }

    /// The pool to serve among some.
    pub(super) fn choose(&self, among: impl Iterator<Item = usize>) -> Option<usize> {
        among.min_by(|a, b| self.compare(*a, *b))
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        let needy = |it: usize| self.running[it] < self.pools[it].min_share;
        match (needy(a), needy(b)) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => {
                let part = |it: usize| ratio(self.running[it], self.pools[it].min_share);
                part(a).total_cmp(&part(b)).then_with(|| self.names(a, b))
            }
            (false, false) => {
                let part = |it: usize| ratio(self.running[it], self.pools[it].weight);
                part(a).total_cmp(&part(b)).then_with(|| self.names(a, b))
            }
        }
    }

    fn names(&self, a: usize, b: usize) -> Ordering {
        self.pools[a].name.cmp(&self.pools[b].name).then(a.cmp(&b))
    }
}

fn ratio(running: u32, of: u32) -> f64 {
    f64::from(running) / f64::from(of.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(name: &str, weight: u32, min_share: u32) -> Pool {
        Pool { name: name.into(), weight, min_share }
    }

    /// Which pool is served, given what each runs.
    fn served(pools: &[Pool], running: &[u32]) -> usize {
        let mut shares = Shares::new(&Mode::Fair(pools.to_vec()));
        shares.running[..running.len()].copy_from_slice(running);
        shares.choose(0..pools.len()).unwrap()
    }

    #[test]
    fn the_needy_come_first_then_ratios_then_names() {
        let pools = [pool("b", 1, 2), pool("a", 3, 0), pool("c", 1, 4)];
        assert_eq!(served(&pools, &[1, 0, 4]), 0);
        assert_eq!(served(&pools, &[1, 0, 1]), 2);
        assert_eq!(served(&pools, &[1, 0, 2]), 0);
        assert_eq!(served(&pools, &[2, 5, 4]), 1);
        assert_eq!(served(&pools, &[2, 6, 4]), 1);
        assert_eq!(served(&pools, &[2, 7, 4]), 0);
        assert_eq!(served(&[pool("b", 1, 0), pool("a", 1, 0)], &[3, 3]), 1);
    }

    #[test]
    fn unknown_pools_are_the_default_pool() {
        let shares = Shares::new(&Mode::Fair(vec![pool("a", 1, 0)]));
        assert_eq!((shares.pool_of(0), shares.pool_of(1), shares.pool_of(99)), (0, 1, 1));
        assert_eq!(Shares::new(&Mode::Fifo).pool_of(99), 0);
    }
}
