//! What the cluster grants, as facts.

use crate::report::{Capacity, Part};
use crate::scenario::Cluster;

pub(super) fn facts(cluster: &Cluster) -> Capacity {
    let (node, executor, grant) = (&cluster.node, &cluster.executor, &cluster.grant);
    let described = || format!("{} cores, {}", node.cores, node.memory);
    let parts = executor.container.iter().map(|(name, bytes, how)| Part {
        name: name.clone(),
        bytes: bytes.get(),
        how: how.clone(),
    });
    let executors = u64::from(grant.executors);
    Capacity {
        manager: cluster.manager.to_string(),
        nodes: u64::from(cluster.nodes),
        node: node.instance.clone().unwrap_or_else(described),
        node_cores: u64::from(node.cores),
        node_memory: node.memory.get(),
        offered_cores: u64::from(node.offered_cores),
        offered_memory: node.offered_memory.get(),
        executors_per_node: u64::from(grant.per_node),
        executors_asked: grant.asked.map(u64::from),
        executors,
        executor_cores: u64::from(executor.cores),
        executor_heap: executor.heap.get(),
        container: parts.collect(),
        container_granted: grant.container.get(),
        cores: cluster.cores(),
        heap: executor.heap.get().saturating_mul(executors),
        slots: cluster.slots(),
        unused_cores: u64::from(grant.unused_cores),
        unused_memory: grant.unused_memory.get(),
        why: grant.why.clone(),
    }
}
