//! What the cluster does over time.

use super::super::table::{Column, Rows};
use super::super::wrap::named;
use super::super::{Options, Report, Schedule, Stage, words};

pub(super) fn write(report: &Report, options: Options) -> String {
    let it = &report.schedule;
    let width = options.width;
    let mut text = String::new();
    text.push_str(&named("time", &total(it), width));
    text.push_str(&named("lower bound", &least(it), width));
    text.push_str(&named("utilisation", &busy(it), width));
    if let Some(cold) = it.cold_start {
        let cold = format!("{} more where the cluster has to start first", words::interval(cold));
        text.push_str(&named("cold start", &cold, width));
    }
    if !report.stages.is_empty() {
        text.push('\n');
        text.push_str(&stages(&report.stages, options));
    }
    text
}

fn total(it: &Schedule) -> String {
    let (noisy, calm) = (words::interval(it.seconds), words::seconds(it.seconds_without_noise));
    format!("{noisy}; {calm} without noise")
}

fn least(it: &Schedule) -> String {
    format!("{}: no order of tasks on these slots is faster", words::seconds(it.lower_bound))
}

fn busy(it: &Schedule) -> String {
    let idle = words::amount(it.idle_core_seconds);
    format!("{} of all slot time is busy; {idle} core-seconds idle", words::share(it.utilisation))
}

fn stages(stages: &[Stage], options: Options) -> String {
    let mut rows = Rows::new(&[
        ("stage", Column::Number),
        ("after", Column::Name),
        ("ready at", Column::Number),
        ("first task", Column::Number),
        ("end", Column::Number),
        ("last wave", Column::Number),
        ("idle in it", Column::Number),
    ]);
    for stage in stages {
        let run = &stage.run;
        rows.push([
            stage.id.to_string(),
            words::ids(&stage.parents),
            words::seconds(run.ready),
            words::seconds(run.first),
            words::seconds(run.end),
            words::counted(run.last_wave_tasks, "task"),
            format!("{} slot-s", words::amount(run.last_wave_idle)),
        ]);
    }
    rows.write(options.width, options.style)
}
