//! The regions of the heap, what a task gets of them, and whether that is enough.

use super::super::table::{Column, Rows};
use super::super::wrap::{named, of_stage};
use super::super::{Memory, Options, Report, Stage, Verdict, words};

pub(super) fn write(report: &Report, options: Options) -> String {
    let it = &report.memory;
    let width = options.width;
    let mut text = regions(it, options);
    text.push('\n');
    text.push_str(&named("a task gets", &share(it), width));
    text.push_str(&named("rule of thumb", &thumb(it), width));
    if it.off_heap > 0 {
        let off_heap = format!("{} that Spark manages", words::exact_bytes(it.off_heap));
        text.push_str(&named("off the heap", &off_heap, width));
    }
    text.push_str(&named("a page", &words::bytes(it.page), width));
    if !report.stages.is_empty() {
        text.push('\n');
    }
    for stage in &report.stages {
        text.push_str(&verdict(stage, options));
    }
    text
}

fn regions(it: &Memory, options: Options) -> String {
    let mut rows = Rows::new(&[
        ("region", Column::Name),
        ("size", Column::Number),
        ("bytes", Column::Number),
        ("how it comes about", Column::Prose),
    ]);
    for part in &it.regions {
        rows.push(words::part(part));
    }
    let certainty = if it.usable_heap_exact {
        format!("all of the heap, as {} reports it", it.collector)
    } else {
        format!("what {} leaves of the heap, by a measured ratio", it.collector)
    };
    rows.push(words::total("usable heap", it.usable_heap, &words::plain(&certainty)));
    rows.write(options.width, options.style)
}

fn share(it: &Memory) -> String {
    format!(
        "up to {} with {} running and nothing cached; at least {} before it has to wait. Storage \
         and execution share {}",
        words::exact_bytes(it.task_share),
        words::counted(it.tasks, "task"),
        words::bytes(it.task_share_least),
        words::exact_bytes(it.unified),
    )
}

fn thumb(it: &Memory) -> String {
    format!("{} = {}", words::bytes(it.rule_of_thumb), words::plain(&it.rule_of_thumb_how))
}

fn verdict(stage: &Stage, options: Options) -> String {
    let it = &stage.memory;
    let word = words::capital(words::verdict(it.verdict));
    let (word, more) = match it.verdict {
        Verdict::Fits => (options.style.good(&word), String::new()),
        Verdict::Spills => {
            (options.style.fair(&format!("{word} {}", words::bytes(it.spilled))), String::new())
        }
        Verdict::OutOfMemory => (options.style.bad(&word), " The job fails.".to_owned()),
    };
    let because = words::sentence(&words::plain(&it.because));
    let text = format!("{word}. {because}{more}");
    of_stage(stage.id, &text, options.width)
}
