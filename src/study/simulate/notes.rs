//! What a person should know about an answer, and everything that entered it.

use super::model::Model;
use crate::diagnostic::Diagnostic;
use crate::models;
use crate::physical::Plan;
use crate::report::{Note, Resolved};
use crate::scenario::Scenario;
use crate::units::{Ratio, number};

pub(super) fn notes(scenario: &Scenario, plan: &Plan, warnings: &[Diagnostic]) -> Vec<Note> {
    let mut notes: Vec<Note> = warnings
        .iter()
        .map(|it| Note { code: it.code.as_str().to_owned(), text: it.message.clone() })
        .collect();
    let mut add = |code: &str, text: String| notes.push(Note { code: code.to_owned(), text });
    let costed = plan.stages.iter().any(|it| it.pace.is_none());
    let storage = &scenario.cluster;
    if costed && storage.storage.is_none() && storage.node.disk.is_none() {
        let text = "waiting for storage is not counted: nobody said where the tables are \
                    (`cluster.storage`, or `cluster.node.disk_bandwidth`)";
        add("no-storage", text.to_owned());
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
