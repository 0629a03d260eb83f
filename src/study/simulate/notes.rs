//! What a person should know about an answer, and everything that entered it.

use super::model::Model;
use crate::diagnostic::Diagnostic;
use crate::models;
use crate::physical::Plan;
use crate::report::{Note, Resolved};
use crate::scenario::{Cluster, Scenario};
use crate::units::{Ratio, number};

pub(super) fn notes(scenario: &Scenario, plan: &Plan, warnings: &[Diagnostic]) -> Vec<Note> {
    let mut notes: Vec<Note> = warnings
        .iter()
        .map(|it| Note { code: it.code.as_str().to_owned(), text: it.message.clone() })
        .collect();
    let mut add = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    let costed = plan.stages.iter().any(|it| it.pace.is_none());
    if costed && let Some(text) = unknown_storage(&scenario.cluster) {
        add("no-storage", text);
    }
    if scenario.conf.switch("spark.dynamicAllocation.enabled") {
        let text = "dynamic allocation is not simulated: all executors that fit are taken as there \
                    from the beginning";
        add("dynamic-allocation", text.to_owned());
    }
    if let Some(text) = crowded(&scenario.cluster) {
        add("crowded", text);
    }
    if costed {
        let machine = &models::operators::catalog().machine;
        let text = format!(
            "times rest on rates measured on {machine}; give `pace` where you know how long your \
             tasks take"
        );
        add("rates", text);
    }
    if plan.stages.iter().any(|it| it.estimated) {
        let text = "task counts after a shuffle rest on an estimate of its bytes, spread evenly";
        add("estimated-shuffle", text.to_owned());
    }
    notes
}

/// What is not known about where tables are.
fn unknown_storage(cluster: &Cluster) -> Option<String> {
    let connection = cluster.storage.and_then(|it| it.connection_mb_per_s.as_ref());
    let (disk, network) = (cluster.node.disk, cluster.node.network);
    match cluster.storage {
        None if disk.is_none() => Some(
            "waiting for storage is not counted: nobody said where the tables are \
             (`cluster.storage`, or `cluster.node.disk_bandwidth`)"
                .to_owned(),
        ),
        Some(storage) if connection.is_none() && disk.is_none() && network.is_none() => {
            Some(format!(
                "waiting for {} is not counted: no page that we read tells its bandwidth; give \
                 `cluster.node.disk_bandwidth` or `network_bandwidth`",
                storage.kind
            ))
        }
        _ => None,
    }
}

/// Says that a manager granted more cores than there are.
fn crowded(cluster: &Cluster) -> Option<String> {
    let granted = cluster.grant.per_node.saturating_mul(cluster.executor.cores);
    (granted > cluster.node.cores).then(|| {
        format!(
            "{} does not count cores: a full node runs {granted} cores' worth of tasks on {}, and \
             tasks take longer by as much",
            cluster.manager, cluster.node.cores
        )
    })
}

pub(super) fn resolved(scenario: &Scenario, model: &Model, runs: u32) -> Vec<Resolved> {
    let mut rows: Vec<Resolved> = scenario
        .resolved
        .iter()
        .map(|it| Resolved {
            name: it.name.clone(),
            value: it.value.clone(),
            origin: it.origin.to_string(),
        })
        .collect();
    let mut add = |name: &str, value: String, origin: String| {
        rows.push(Resolved { name: name.to_owned(), value, origin });
    };
    let overheads = model.cluster.overheads;
    let catalog = models::scheduler::catalog();
    let source =
        format!("models/scheduler.toml, measured {} on {}", catalog.measured, catalog.machine);
    add("driver: submit delay", overheads.submit_delay.to_string(), source.clone());
    add("driver: launch interval", overheads.launch_interval.to_string(), source.clone());
    add("relaunch gap", overheads.relaunch_gap.to_string(), source);
    let learned = models::noise::catalog();
    let from = format!("models/noise.toml, {}", learned.measured);
    add("task overhead", overheads.task_overhead.to_string(), from.clone());
    add("noise: spread of tasks", number::trimmed(model.noise.tasks), from.clone());
    let stragglers = model.noise.stragglers.map_or(0.0, |it| it.probability);
    add("noise: stragglers", Ratio::of(stragglers, 1.0).to_string(), from);
    let measured = "measured spread of the rates, weighted by time".to_owned();
    add("noise: spread of runs", number::trimmed(model.noise.run), measured);
    add(
        "simulation.runs",
        runs.to_string(),
        "simulation.runs, or as many as a second allows".to_owned(),
    );
    rows
}
