//! Where the time of a typical task goes, stage by stage.

use super::super::table::{Column, Rows};
use super::super::{Options, Report, Stage, words};
use crate::units::number::{float, index, java_long};

pub(super) fn write(report: &Report, options: Options) -> String {
    let stages = report.stages.iter().filter(|it| !it.task_time.is_empty());
    let tables: Vec<String> = stages.map(|it| table(it, options)).collect();
    tables.join("\n")
}

fn table(stage: &Stage, options: Options) -> String {
    let bar = if options.width < 120 { 12 } else { 30 };
    let longest = stage.task_time.iter().map(|it| it.seconds).fold(0.0, f64::max);
    let mut rows = Rows::new(&[
        ("stage", Column::Number),
        ("part", Column::Name),
        ("time", Column::Number),
        ("", Column::Name),
        ("rate and where it is from", Column::Prose),
    ]);
    for slice in &stage.task_time {
        rows.push([
            stage.id.to_string(),
            words::plain(&slice.name),
            words::seconds(slice.seconds),
            drawn(slice.seconds, longest, bar),
            words::plain(&slice.from),
        ]);
    }
    rows.write(options.width, options.style)
}

/// A bar; the longest part fills it, and no part is too short to be seen.
fn drawn(part: f64, longest: f64, columns: u64) -> String {
    let eighths = if longest > 0.0 { part / longest * float(columns * 8) } else { 0.0 };
    let least = u64::from(part > 0.0);
    let eighths = u64::try_from(java_long(eighths.round())).unwrap_or(0);
    let eighths = eighths.clamp(least, columns * 8);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    "█".repeat(index(eighths / 8)) + rest[index(eighths % 8)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_part_fills_the_bar() {
        assert_eq!(drawn(10.0, 10.0, 4), "████");
        assert_eq!(drawn(5.0, 10.0, 4), "██");
        assert_eq!(drawn(0.5, 10.0, 4), "▎");
        assert_eq!(drawn(1e-9, 10.0, 4), "▏");
        assert_eq!(drawn(f64::NAN, 0.0, 4), "");
    }
}
