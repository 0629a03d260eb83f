//! CSV: one row for each stage, plain numbers, units in the names of the columns.

use super::{Format, Options, Report, Stage, words};

pub(super) const FORMAT: Format = Format { name: "csv", write };

type Column = (&'static str, fn(&Report, &Stage) -> String);

/// One row each. Later columns may be added; names and order of these stay.
#[rustfmt::skip]
const COLUMNS: &[Column] = &[
    ("scenario", |report, _| report.scenario.clone()),
    ("job", |_, it| it.job.clone()),
    ("stage", |_, it| it.id.to_string()),
    ("what", |_, it| it.what.clone()),
    ("parents", |_, it| joined(&it.parents)),
    ("tasks", |_, it| it.tasks.to_string()),
    ("certainty", |_, it| it.certainty.clone()),
    ("slots", |report, _| report.capacity.slots.to_string()),
    ("input_bytes", |_, it| it.input.to_string()),
    ("task_input_min_bytes", |_, it| it.task_input.min.to_string()),
    ("task_input_median_bytes", |_, it| it.task_input.median.to_string()),
    ("task_input_max_bytes", |_, it| it.task_input.max.to_string()),
    ("split_bytes", |_, it| it.split.as_ref().map_or_else(String::new, |it| it.bytes.to_string())),
    ("split_bound_by", |_, it| it.split.as_ref().map_or_else(String::new, |it| it.bound_by.clone())),
    ("files", |_, it| it.split.as_ref().map_or_else(String::new, |it| it.files.to_string())),
    ("shuffle_write_bytes", |_, it| it.shuffle_write.to_string()),
    ("output_bytes", |_, it| it.output.to_string()),
    ("task_min_seconds", |_, it| it.task_seconds.min.to_string()),
    ("task_median_seconds", |_, it| it.task_seconds.median.to_string()),
    ("task_max_seconds", |_, it| it.task_seconds.max.to_string()),
    ("memory", |_, it| words::verdict(it.memory.verdict).replace(' ', "-")),
    ("memory_needed_bytes", |_, it| it.memory.needed.to_string()),
    ("memory_share_bytes", |_, it| it.memory.share.to_string()),
    ("spilled_bytes", |_, it| it.memory.spilled.to_string()),
    ("waves", |_, it| it.run.waves.to_string()),
    ("last_wave_tasks", |_, it| it.run.last_wave_tasks.to_string()),
    ("last_wave_idle_slot_seconds", |_, it| it.run.last_wave_idle.to_string()),
    ("ready_seconds", |_, it| it.run.ready.to_string()),
    ("first_start_seconds", |_, it| it.run.first.to_string()),
    ("end_seconds", |_, it| it.run.end.to_string()),
    ("typical_seconds", |_, it| it.seconds.typical.to_string()),
    ("low_seconds", |_, it| it.seconds.low.to_string()),
    ("high_seconds", |_, it| it.seconds.high.to_string()),
];

fn write(report: &Report, _: Options) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let mut push = |row: Vec<String>| {
        rows.write_record(row).expect("memory takes every row, and all rows are equally long");
    };
    push(COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect());
    for stage in &report.stages {
        push(COLUMNS.iter().map(|(_, of)| words::plain(&of(report, stage))).collect());
    }
    let bytes = rows.into_inner().expect("memory can be flushed");
    String::from_utf8(bytes).expect("text stays text")
}

fn joined(ids: &[u64]) -> String {
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    ids.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_stage_is_a_row() {
        let text = write(&sample::aggregate(), Options::default());
        assert_eq!(text.lines().count(), 3);
        insta::assert_snapshot!(write(&sample::twenty_nodes(), Options::default()));
    }
}
