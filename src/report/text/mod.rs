//! Text for a terminal, and for reading aloud: the answer first, then how it comes about.

mod answer;
mod capacity;
mod cost;
mod memory;
mod rest;
mod schedule;
mod stages;
mod times;

use super::wrap::unglued;
use super::{Format, Options, Report, Style, timeline, words};

pub(super) const FORMAT: Format = Format { name: "text", write };

type Section = (&'static str, fn(&Report, Options) -> String);

/// In the order in which they are read; a section without a word is left out. One row each.
#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    ("Capacity", capacity::write),
    ("Stages", stages::write),
    ("Memory of an executor", memory::write),
    ("Schedule", schedule::write),
    ("Timeline", timeline::write),
    ("Where a task's time goes", times::write),
    ("Cost", cost::write),
    ("Files that are written", rest::writes),
    ("Notes", rest::notes),
    ("Accepted without effect", rest::accepted),
    ("Every value and who set it", rest::resolved),
];

fn write(report: &Report, options: Options) -> String {
    let mut text = title(report, options.style);
    text.push_str(&answer::write(report, options));
    for (heading, section) in SECTIONS {
        let body = section(report, options);
        if !body.is_empty() {
            text.extend([format!("\n{}\n{body}", options.style.bold(heading))]);
        }
    }
    unglued(&text)
}

fn title(report: &Report, style: Style) -> String {
    let name = words::plain(&report.scenario);
    let luck = format!("{}, seed {}", words::counted(report.runs.into(), "run"), report.seed);
    let rest = format!("Spark {}, {luck}", words::plain(&report.spark));
    format!("{} {}\n", style.bold(name.trim()), style.dim(&format!("({rest})")))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn at(report: &Report, width: usize) -> String {
        write(report, Options { width, style: Style::Plain })
    }

    #[test]
    fn the_worked_example_reads_well_in_80_columns() {
        insta::assert_snapshot!(at(&sample::twenty_nodes(), 80));
    }

    #[test]
    fn the_worked_example_reads_well_in_200_columns() {
        insta::assert_snapshot!(at(&sample::twenty_nodes(), 200));
    }

    #[test]
    fn everything_at_once_reads_well_in_80_columns() {
        insta::assert_snapshot!(at(&sample::aggregate(), 80));
    }

    #[test]
    fn everything_at_once_reads_well_in_200_columns() {
        insta::assert_snapshot!(at(&sample::aggregate(), 200));
    }
}
