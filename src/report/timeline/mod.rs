//! A run as a drawing: time to the right, slots downwards, a letter for each stage.

mod axis;
mod rows;

use std::collections::BTreeMap;

use super::wrap::{prose, wrap};
use super::{Options, Report, Stage, TaskRun, words};
use crate::units::number::{count, float, index, java_long};
use rows::{Row, Rows};

/// The longest that a run is drawn; whatever ends later (or never) is cut there.
const LONGEST: f64 = 1e12;
/// Stages in the legend; letters beyond come round again.
const NAMED: usize = 26;

/// What one cell of the drawing saw: slot-seconds of each stage.
type Cell = BTreeMap<u64, f64>;

/// The drawing; nothing where no timeline was asked for.
pub(super) fn write(report: &Report, options: Options) -> String {
    let Some(timeline) = &report.timeline else { return String::new() };
    let end = timeline.tasks.iter().map(|it| until(it.end)).fold(0.0, f64::max);
    if end <= 0.0 {
        return String::new();
    }
    let rows = Rows::of(&report.capacity, &timeline.tasks);
    let margin = rows.margin() + 2;
    let columns = options.width.saturating_sub(margin + 3).clamp(20, 400);
    let cells = fill(&rows, &timeline.tasks, end, columns);
    let span = end / float(count(columns));
    let mut text = String::new();
    for (row, cells) in rows.all().iter().zip(&cells) {
        let drawn: String = cells.iter().map(|it| letter(it, row, span, &report.stages)).collect();
        let width = rows.margin();
        text.extend([format!("  {:>width$} │{drawn}│\n", row.name)]);
    }
    text.push_str(&axis::draw(margin, columns, end));
    text.push_str(&legend(report, &rows, options.width));
    text
}

fn until(time: f64) -> f64 {
    if time.is_nan() { 0.0 } else { time.clamp(0.0, LONGEST) }
}

/// Shares each task out over the cells that it touches.
fn fill(rows: &Rows, tasks: &[TaskRun], end: f64, columns: usize) -> Vec<Vec<Cell>> {
    let mut cells = vec![vec![Cell::new(); columns]; rows.all().len()];
    let scale = float(count(columns)) / end;
    for task in tasks {
        let (from, to) = (until(task.start) * scale, until(task.end) * scale);
        let first = cell(from, columns);
        let last = cell(to, columns);
        let row = &mut cells[rows.place(task)];
        for (at, cell) in row.iter_mut().enumerate().take(last + 1).skip(first) {
            let left = float(count(at));
            let share = (to.min(left + 1.0) - from.max(left)).max(0.0);
            *cell.entry(task.stage).or_insert(0.0) += share / scale;
        }
    }
    cells
}

fn cell(at: f64, columns: usize) -> usize {
    index(u64::try_from(java_long(at)).unwrap_or(0)).min(columns - 1)
}

/// The stage that was busy longest: a capital where half of the slots or more were busy.
fn letter(cell: &Cell, row: &Row, span: f64, stages: &[Stage]) -> char {
    let busy: f64 = cell.values().sum();
    let room = span * float(row.slots.max(1));
    let most = cell.iter().max_by(|(_, one), (_, other)| one.total_cmp(other));
    match most {
        Some((stage, _)) if busy >= 0.05 * room => {
            let capital = letter_of(*stage, stages);
            if busy >= 0.495 * room { capital } else { capital.to_ascii_lowercase() }
        }
        _ => '·',
    }
}

/// `A` for the first stage of the report, and so on; round again after `Z`.
fn letter_of(stage: u64, stages: &[Stage]) -> char {
    let place = stages.iter().position(|it| it.id == stage).unwrap_or(index(stage));
    ('A'..='Z').nth(place % NAMED).unwrap_or('?')
}

fn legend(report: &Report, rows: &Rows, width: usize) -> String {
    let mut text = String::from("\n");
    for stage in report.stages.iter().take(NAMED) {
        let first = format!("  {} ", letter_of(stage.id, &report.stages));
        let what = words::plain(&stage.what);
        text.push_str(&wrap(&format!("stage {}: {what}", stage.id), width, &first, "    "));
    }
    let small = "Small letters: fewer than half of the row's slots are busy. Dots: none.";
    text.push_str(&prose(&format!("{small} {}", rows.story()), width));
    text
}

#[cfg(test)]
mod tests {
    use super::super::facts::Timeline;
    use super::super::{Style, sample};
    use super::*;

    fn drawn(slots: u64, executors: u64, tasks: Vec<TaskRun>, width: usize) -> String {
        let mut report = sample::twenty_nodes();
        report.capacity.slots = slots;
        report.capacity.executors = executors;
        report.timeline = Some(Timeline { tasks });
        write(&report, Options { width, style: Style::Plain })
    }

    /// `waves` of tasks of a second on every slot, and then one on every tenth.
    fn waves(slots: u64, executors: u64, waves: u32) -> Vec<TaskRun> {
        let per = slots / executors;
        let run = |wave: u32, slot: u64| TaskRun {
            stage: 0,
            task: u64::from(wave) * slots + slot,
            executor: slot / per,
            slot,
            start: f64::from(wave),
            end: f64::from(wave) + 1.0,
        };
        let full = (0..waves).flat_map(|wave| (0..slots).map(move |slot| run(wave, slot)));
        full.chain((0..slots).step_by(10).map(|slot| run(waves, slot))).collect()
    }

    #[test]
    fn few_slots_have_a_row_each() {
        insta::assert_snapshot!(drawn(20, 4, sample::twenty_nodes_tasks(), 80));
        insta::assert_snapshot!(drawn(8, 1, waves(8, 1, 3), 80));
    }

    #[test]
    fn many_slots_are_folded() {
        insta::assert_snapshot!(drawn(10_000, 500, waves(10_000, 500, 4), 80));
        insta::assert_snapshot!(drawn(300, 1, waves(300, 1, 4), 80));
    }

    #[test]
    fn no_more_rows_than_a_screen_holds_and_no_wider_than_asked() {
        for (slots, executors) in [(1, 1), (39, 3), (300, 60), (300, 1), (10_000, 500), (7, 7)] {
            for width in [80, 200] {
                let text = drawn(slots, executors, waves(slots, executors, 2), width);
                assert!(text.lines().filter(|it| it.contains('│')).count() <= rows::MOST + 1);
                assert!(text.lines().all(|it| it.chars().count() <= width), "{text}");
            }
        }
    }
}
