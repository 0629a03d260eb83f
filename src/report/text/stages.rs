//! What each stage does, in how many tasks, why that many, and how long.

use super::super::table::{Column, Rows};
use super::super::wrap::of_stage;
use super::super::{Options, Report, Split, Stage, words};

/// From here on there is room for the columns that only add to the sentences below the table.
const WIDE: usize = 160;

pub(super) fn write(report: &Report, options: Options) -> String {
    if report.stages.is_empty() {
        return String::new();
    }
    let mut text =
        if options.width < WIDE { narrow(report, options) } else { wide(report, options) };
    for stage in &report.stages {
        text.push('\n');
        text.push_str(&why(stage, options.width));
    }
    text
}

fn narrow(report: &Report, options: Options) -> String {
    let mut rows = Rows::new(&[
        ("stage", Column::Number),
        ("what", Column::Prose),
        ("tasks", Column::Number),
        ("a task reads", Column::Number),
        ("waves", Column::Number),
        ("time", Column::Number),
    ]);
    for stage in &report.stages {
        rows.push([
            stage.id.to_string(),
            words::plain(&stage.what),
            words::tasks(stage),
            words::bytes_of(stage.task_input.median),
            words::grouped(stage.run.waves),
            words::seconds(stage.seconds.typical),
        ]);
    }
    rows.write(options.width, options.style)
}

fn wide(report: &Report, options: Options) -> String {
    let mut rows = Rows::new(&[
        ("stage", Column::Number),
        ("job", Column::Name),
        ("what", Column::Prose),
        ("tasks", Column::Number),
        ("reads", Column::Number),
        ("a task reads", Column::Number),
        ("split size", Column::Number),
        ("shuffles", Column::Number),
        ("writes", Column::Number),
        ("waves", Column::Number),
        ("a task takes", Column::Number),
        ("time", Column::Number),
    ]);
    for stage in &report.stages {
        let split = stage.split.as_ref().map_or_else(words::nothing, |it| words::bytes(it.bytes));
        rows.push([
            stage.id.to_string(),
            words::plain(&stage.job),
            words::plain(&stage.what),
            words::tasks(stage),
            words::bytes(stage.input),
            words::bytes_of(stage.task_input.median),
            split,
            words::some_bytes(stage.shuffle_write),
            words::some_bytes(stage.output),
            words::grouped(stage.run.waves),
            words::seconds(stage.task_seconds.median),
            words::interval(stage.seconds),
        ]);
    }
    rows.write(options.width, options.style)
}

fn why(stage: &Stage, width: usize) -> String {
    let because = words::plain(&stage.tasks_because);
    let certainty = match stage.certainty.as_str() {
        "exact" => "This is Spark's own arithmetic.".to_owned(),
        "estimate" => "The bytes are estimated, so the number of tasks is too.".to_owned(),
        other => words::sentence(&words::plain(other)),
    };
    let tasks = words::counted(stage.tasks, "task");
    let job = words::plain(&stage.job);
    let because = words::ended(&because);
    let mut text = format!("{tasks} of job {job}: {because} {certainty} {}", takes(stage));
    if let Some(split) = &stage.split {
        text.push(' ');
        text.push_str(&cut(split));
    }
    of_stage(stage.id, &text, width)
}

fn takes(stage: &Stage) -> String {
    format!(
        "A task reads {} and takes {}; the stage takes {}.",
        words::byte_spread(stage.task_input),
        words::second_spread(stage.task_seconds),
        words::interval(stage.seconds),
    )
}

fn cut(split: &Split) -> String {
    let whole = match split.files_whole {
        0 => String::new(),
        count => format!(", of which {} cannot be cut", words::grouped(count)),
    };
    format!(
        "The split size of {} is bound by {}: {}. The bytes come from {}{whole}.",
        words::bytes(split.bytes),
        words::plain(&split.bound_by),
        words::plain(&split.because),
        words::counted(split.files, "file"),
    )
}
