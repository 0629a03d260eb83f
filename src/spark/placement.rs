//! How many executors start on which node, and what is left of each node.
//!
//! Source: `Master.scheduleExecutorsOnWorkers` (core, `deploy/master`) for standalone. YARN and
//! Kubernetes decide by their own schedulers; here it is only how many containers of a size fit.

/// A node as its manager sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Free cores.
    pub cores: u32,
    /// Free memory in MiB.
    pub memory: u64,
}

/// What an application asks a standalone master for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// `spark.executor.cores`; where not set, a node has one executor with all the cores it gets.
    pub cores_per_executor: Option<u32>,
    /// `spark.executor.memory` in MiB (with off-heap and Python memory, where asked for).
    pub memory: u64,
    /// `spark.cores.max`, less the cores that it already has.
    pub cores_left: u32,
    /// How many more executors it may have.
    pub executors_left: u32,
    /// `spark.deploy.spreadOutApps` (3.5: `spark.deploy.spreadOut`) of the master.
    pub spread_out: bool,
}

impl Ask {
    /// An application without limits on a master with default settings.
    pub const fn unlimited(cores_per_executor: Option<u32>, memory: u64) -> Self {
        Self {
            cores_per_executor,
            memory,
            cores_left: i32::MAX.unsigned_abs(),
            executors_left: i32::MAX.unsigned_abs(),
            spread_out: true,
        }
    }
}

/// What stops a node from taking one more executor, or one more core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Too few free cores.
    Cores,
    /// Too little free memory.
    Memory,
    /// `spark.cores.max`.
    CoresMax,
    /// The limit of executors.
    Executors,
}

/// What starts on one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Executors.
    pub executors: u32,
    /// Their cores together.
    pub cores: u32,
    /// Cores that stay free.
    pub free_cores: u32,
    /// Memory that stays free, in MiB.
    pub free_memory: u64,
    /// Why there is not more.
    pub limit: Option<Limit>,
}

/// What the master of a standalone cluster starts on each node. The nodes with most free cores
/// are served first; the answer is in the order of `nodes`.
pub fn standalone(nodes: &[Node], ask: &Ask) -> Vec<Placed> {
    let step = ask.cores_per_executor.unwrap_or(1).max(1);
    let usable = |node: &Node| node.memory >= ask.memory && node.cores >= step;
    let mut order: Vec<usize> = (0..nodes.len()).filter(|it| usable(&nodes[*it])).collect();
    order.sort_by_key(|it| std::cmp::Reverse(nodes[*it].cores));
    let free: u64 = order.iter().map(|it| u64::from(nodes[*it].cores)).sum();
    let mut round = Round {
        ask,
        step,
        cores_left: u32::try_from(free).unwrap_or(u32::MAX).min(ask.cores_left),
        executors: 0,
        made: nodes
            .iter()
            .map(|it| Placed { free_cores: it.cores, free_memory: it.memory, ..Placed::default() })
            .collect(),
    };
    round.serve(order);
    let cores_left = round.cores_left;
    let why = |it: &Placed| limit(it, ask, step, cores_left);
    round.made.iter().map(|it| Placed { limit: Some(why(it)), ..*it }).collect()
}

/// The state of one call of the master.
struct Round<'a> {
    ask: &'a Ask,
    step: u32,
    cores_left: u32,
    executors: u32,
    made: Vec<Placed>,
}

impl Round<'_> {
    /// Round after round, a step for each node that can take one; a node is filled at once
    /// where the master does not spread out.
    fn serve(&mut self, mut nodes: Vec<usize>) {
        while !nodes.is_empty() {
            nodes.retain(|&node| {
                let served = self.give(node);
                while served && !self.ask.spread_out && self.give(node) {}
                served && self.ask.spread_out
            });
        }
    }

    /// Gives a node one step of cores, where possible: a new executor, or a core more for its only
    /// one.
    fn give(&mut self, node: usize) -> bool {
        let it = &mut self.made[node];
        let grows = self.ask.cores_per_executor.is_none() && it.executors > 0;
        let cores = self.cores_left >= self.step && it.free_cores >= self.step;
        let room = it.free_memory >= self.ask.memory && self.executors < self.ask.executors_left;
        if !cores || !(grows || room) {
            return false;
        }
        if !grows {
            it.executors += 1;
            it.free_memory -= self.ask.memory;
            self.executors += 1;
        }
        it.cores += self.step;
        it.free_cores -= self.step;
        self.cores_left -= self.step;
        true
    }
}

/// Why a node did not get more, the node's own limits first.
fn limit(placed: &Placed, ask: &Ask, step: u32, cores_left: u32) -> Limit {
    let grows = ask.cores_per_executor.is_none() && placed.executors > 0;
    if placed.free_cores < step {
        Limit::Cores
    } else if !grows && placed.free_memory < ask.memory {
        Limit::Memory
    } else if cores_left < step {
        Limit::CoresMax
    } else {
        Limit::Executors
    }
}

/// How many containers of a size fit a node of YARN or Kubernetes, at most `wanted`.
///
/// `cores` is what the manager looks at: the cores that a Kubernetes pod requests, or those of a
/// YARN container under the `DominantResourceCalculator`; nothing under YARN's
/// `DefaultResourceCalculator`, which looks at memory alone and grants the cores all the same.
pub fn fit(node: Node, memory: u64, cores: Option<u32>, wanted: u32) -> Placed {
    let by_memory = node.memory.checked_div(memory).unwrap_or(u64::MAX);
    let by_cores = match cores {
        Some(cores) => node.cores.checked_div(cores).map_or(u64::MAX, u64::from),
        None => u64::MAX,
    };
    let most = by_memory.min(by_cores);
    let executors = u32::try_from(most).unwrap_or(u32::MAX).min(wanted);
    let taken = executors.saturating_mul(cores.unwrap_or(0));
    let limit = match () {
        () if u64::from(executors) < most => Limit::Executors,
        () if by_memory <= by_cores => Limit::Memory,
        () => Limit::Cores,
    };
    Placed {
        executors,
        cores: taken,
        free_cores: node.cores.saturating_sub(taken),
        free_memory: node.memory.saturating_sub(u64::from(executors).saturating_mul(memory)),
        limit: Some(limit),
    }
}

/// The tasks that an executor runs at once: its cores divided by `spark.task.cpus`
/// (`TaskSchedulerImpl`).
pub fn slots(cores: u32, cpus_per_task: u32) -> u32 {
    cores / cpus_per_task.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORKERS: [Node; 3] = [Node { cores: 10, memory: 512 }; 3];

    fn cores(ask: Ask) -> [u32; 3] {
        let placed = standalone(&WORKERS, &ask);
        [0, 1, 2].map(|it| placed[it].cores)
    }

    /// What three workers of 10 cores and 512 MiB get: spread out, and filled one by one.
    fn both(ask: Ask) -> [[u32; 3]; 2] {
        [true, false].map(|spread_out| cores(Ask { spread_out, ..ask }))
    }

    #[test]
    fn the_cases_of_master_suite_hold() {
        let any = Ask::unlimited(None, 1);
        assert_eq!(both(Ask { memory: 128, ..any }), [[10; 3]; 2]);
        assert_eq!(both(Ask { cores_left: 8, ..any }), [[3, 3, 2], [8, 0, 0]]);
        assert_eq!(both(Ask { cores_left: 16, ..any }), [[6, 5, 5], [10, 6, 0]]);
        assert_eq!(both(Ask::unlimited(Some(2), 128)), [[8; 3]; 2]);
        assert_eq!(both(Ask::unlimited(Some(3), 32)), [[9; 3]; 2]);
        let twenty = |it| Ask { cores_left: 20, ..Ask::unlimited(Some(it), 1) };
        assert_eq!(both(twenty(2)), [[8, 6, 6], [10, 10, 0]]);
        assert_eq!(both(twenty(3)), [[6, 6, 6], [9, 9, 0]]);
        let two = Ask { executors_left: 2, ..Ask::unlimited(Some(4), 1) };
        assert_eq!(both(two), [[4, 4, 0], [8, 0, 0]]);
        let five = Ask { cores_left: 18, executors_left: 5, ..Ask::unlimited(Some(4), 1) };
        assert_eq!(both(five), [[8, 4, 4], [8, 8, 0]]);
    }

    #[test]
    fn twenty_nodes_hold_sixty_executors() {
        let nodes = [Node { cores: 16, memory: 64_512 }; 20];
        let placed = standalone(&nodes, &Ask::unlimited(Some(5), 21_504));
        let one = Placed {
            executors: 3,
            cores: 15,
            free_cores: 1,
            free_memory: 0,
            limit: Some(Limit::Cores),
        };
        assert_eq!(placed, [one; 20]);
        let four = Ask { cores_left: 20, ..Ask::unlimited(Some(5), 21_504) };
        let placed = standalone(&nodes, &four);
        assert_eq!(placed.iter().map(|it| it.executors).sum::<u32>(), 4);
        assert_eq!(placed[0].limit, Some(Limit::CoresMax));
        assert_eq!(slots(5, 2), 2);
    }

    #[test]
    fn the_nodes_with_most_cores_are_served_first() {
        let nodes = [4, 16, 8].map(|cores| Node { cores, memory: 1024 });
        let six = Ask { cores_left: 6, spread_out: false, ..Ask::unlimited(None, 1024) };
        assert_eq!(standalone(&nodes, &six)[1].cores, 6);
        let large = standalone(&nodes, &Ask::unlimited(Some(4), 2048));
        assert!(large.iter().all(|it| it.executors == 0 && it.limit == Some(Limit::Memory)));
    }

    #[test]
    fn containers_fit_by_memory_and_where_asked_by_cores() {
        let node = Node { cores: 16, memory: 65_536 };
        let by_memory = fit(node, 23_654, None, 100);
        assert_eq!((by_memory.executors, by_memory.free_memory), (2, 18_228));
        assert_eq!((by_memory.limit, by_memory.free_cores), (Some(Limit::Memory), 16));
        let by_cores = fit(node, 1024, Some(5), 100);
        assert_eq!((by_cores.executors, by_cores.free_cores), (3, 1));
        assert_eq!(by_cores.limit, Some(Limit::Cores));
        assert_eq!(fit(node, 1024, Some(5), 2).limit, Some(Limit::Executors));
        assert_eq!(fit(node, 0, Some(0), 7).executors, 7);
    }

    fn some_nodes() -> impl Strategy<Value = Vec<Node>> {
        let node = (0..20_u32, 0..600_u64).prop_map(|(cores, memory)| Node { cores, memory });
        prop::collection::vec(node, 0..6)
    }

    proptest! {
        #[test]
        fn no_node_gives_more_than_it_has(
            nodes in some_nodes(), each in prop::option::of(0..6_u32), memory in 0..300_u64,
            cores_left in 0..60_u32, executors_left in 0..9_u32, spread_out: bool,
        ) {
            let ask =
                Ask { cores_per_executor: each, memory, cores_left, executors_left, spread_out };
            let placed = standalone(&nodes, &ask);
            for (node, it) in nodes.iter().zip(&placed) {
                prop_assert_eq!(it.cores + it.free_cores, node.cores);
                prop_assert_eq!(u64::from(it.executors) * memory + it.free_memory, node.memory);
                if let Some(each) = each {
                    prop_assert_eq!(it.cores, it.executors * each.max(1));
                }
            }
            prop_assert!(placed.iter().map(|it| it.cores).sum::<u32>() <= cores_left);
            prop_assert!(placed.iter().map(|it| it.executors).sum::<u32>() <= executors_left);
        }
    }
}
