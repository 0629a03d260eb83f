//! The bill, line by line, or why there is none.

use super::super::table::{Column, Rows};
use super::super::wrap::{named, prose};
use super::super::{Options, Report, words};

pub(super) fn write(report: &Report, options: Options) -> String {
    let it = &report.cost;
    let note = words::sentence(&words::plain(&it.note));
    let mut text = match it.dollars {
        Some(dollars) => named("in all", &words::dollars(dollars), options.width),
        None => prose(&format!("No dollars. {note}"), options.width),
    };
    if it.dollars.is_some() && !note.is_empty() {
        text.push_str(&prose(&note, options.width));
    }
    if !it.lines.is_empty() {
        text.push('\n');
        text.push_str(&lines(report, options));
    }
    text
}

fn lines(report: &Report, options: Options) -> String {
    let mut rows = Rows::new(&[
        ("charge", Column::Name),
        ("an hour", Column::Number),
        ("dollars", Column::Number),
        ("price from", Column::Prose),
    ]);
    for line in &report.cost.lines {
        rows.push([
            words::plain(&line.name),
            words::dollar(line.dollars_per_hour),
            words::dollars(line.dollars),
            words::plain(&line.source),
        ]);
    }
    rows.write(options.width, options.style)
}
