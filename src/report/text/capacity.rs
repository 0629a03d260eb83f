//! Nodes, executors, cores, slots; the container of an executor; what stays unused, and why.

use super::super::table::{Column, Rows};
use super::super::wrap::{named, prose};
use super::super::{Capacity, Options, Report, words};

pub(super) fn write(report: &Report, options: Options) -> String {
    let it = &report.capacity;
    let width = options.width;
    let mut text = String::new();
    text.push_str(&named("nodes", &nodes(it), width));
    text.push_str(&named("executors", &executors(it), width));
    text.push_str(&named("slots", &slots(it), width));
    if it.container_granted > 0 {
        text.push_str(&named("container", &container(it), width));
    }
    let unused = format!("{} on a fully packed node", words::unused(it));
    text.push_str(&named("unused", &unused, width));
    if it.container.len() > 1 {
        text.push('\n');
        text.push_str(&parts(it, options));
    }
    let why: Vec<String> = it.why.iter().map(|it| words::sentence(&words::plain(it))).collect();
    let why = why.join(" ");
    if !why.trim().is_empty() {
        text.push('\n');
        text.push_str(&prose(&why, width));
    }
    text
}

fn nodes(it: &Capacity) -> String {
    format!(
        "{} × {}; {} hands out {} and {} of {} on each",
        words::grouped(it.nodes),
        node(it),
        words::plain(&it.manager),
        words::counted(it.offered_cores, "core"),
        words::bytes(it.offered_memory),
        words::bytes(it.node_memory),
    )
}

/// A machine that has a name is also told by its size.
fn node(it: &Capacity) -> String {
    let name = words::plain(&it.node);
    let memory = words::bytes(it.node_memory);
    let size = format!("{}, {memory}", words::counted(it.node_cores, "core"));
    if name.contains(&memory) { name } else { format!("{name} ({size})") }
}

fn executors(it: &Capacity) -> String {
    let asked = match it.executors_asked {
        Some(asked) if asked != it.executors => format!(" of {} asked for", words::grouped(asked)),
        _ => String::new(),
    };
    format!(
        "{}{asked}, each with {} and {} of heap; a node holds up to {}",
        words::grouped(it.executors),
        words::counted(it.executor_cores, "core"),
        words::bytes(it.executor_heap),
        words::grouped(it.executors_per_node),
    )
}

fn slots(it: &Capacity) -> String {
    format!(
        "{} at the same time, on {} with {} of heap",
        words::counted(it.slots, "task"),
        words::counted(it.cores, "core"),
        words::bytes(it.heap),
    )
}

fn container(it: &Capacity) -> String {
    let granted = words::bytes(it.container_granted);
    match it.container.as_slice() {
        [] => granted,
        [only] => format!("{granted}: {}", words::plain(&only.how)),
        _ => format!("{granted} for one executor, added up below"),
    }
}

fn parts(it: &Capacity, options: Options) -> String {
    let mut rows = Rows::new(&[
        ("container", Column::Name),
        ("size", Column::Number),
        ("bytes", Column::Number),
        ("how it comes about", Column::Prose),
    ]);
    for part in &it.container {
        rows.push(words::part(part));
    }
    let granted = it.container_granted;
    rows.push(words::total("granted", granted, "what one executor takes off a node"));
    rows.write(options.width, options.style)
}
