//! What follows the numbers: files, notes, settings.

use super::super::table::{Column, Rows};
use super::super::wrap::{prose, wrap};
use super::super::{Options, Report, words};

pub(super) fn writes(report: &Report, options: Options) -> String {
    if report.writes.is_empty() {
        return String::new();
    }
    let mut rows = Rows::new(&[
        ("job", Column::Name),
        ("table", Column::Name),
        ("files", Column::Number),
        ("each", Column::Number),
        ("why", Column::Prose),
    ]);
    for write in &report.writes {
        rows.push([
            words::plain(&write.job),
            words::plain(&write.table),
            words::grouped(write.files),
            words::bytes(write.file_bytes),
            words::plain(&write.because),
        ]);
    }
    rows.write(options.width, options.style)
}

pub(super) fn notes(report: &Report, options: Options) -> String {
    let note = |code: &str, text: &str| {
        let code = options.style.fair(words::plain(code).trim());
        let text = words::sentence(&words::plain(text));
        wrap(&format!("{code}: {text}"), options.width, "  - ", "    ")
    };
    report.notes.iter().map(|it| note(&it.code, &it.text)).collect()
}

pub(super) fn accepted(report: &Report, options: Options) -> String {
    if report.accepted_without_effect.is_empty() {
        return String::new();
    }
    let keys: Vec<String> =
        report.accepted_without_effect.iter().map(|it| words::plain(it)).collect();
    let text = format!("These settings are set and change nothing here: {}.", keys.join(", "));
    prose(&text, options.width)
}

pub(super) fn resolved(report: &Report, options: Options) -> String {
    let Some(values) = report.resolved.as_ref().filter(|it| !it.is_empty()) else {
        return String::new();
    };
    let mut rows =
        Rows::new(&[("name", Column::Prose), ("value", Column::Prose), ("set by", Column::Prose)]);
    for value in values {
        let name = folded(&words::plain(&value.name), options.width / 2);
        rows.push([name, words::plain(&value.value), words::plain(&value.origin)]);
    }
    rows.write(options.width, options.style)
}

/// A long dotted name on more than one line, broken behind a dot.
fn folded(name: &str, limit: usize) -> String {
    let mut lines = vec![String::new()];
    for piece in name.split_inclusive('.') {
        let line = lines.last_mut().expect("it begins with one line and never loses any");
        if line.trim().is_empty() || line.chars().count() + piece.chars().count() <= limit {
            line.push_str(piece);
        } else {
            lines.push(format!("  {piece}"));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_break_behind_a_dot() {
        let name = "spark.sql.adaptive.coalescePartitions.parallelismFirst";
        assert_eq!(folded(name, 40), "spark.sql.adaptive.coalescePartitions.\n  parallelismFirst");
        assert_eq!(folded(name, 100), name);
        assert_eq!(folded("", 0), "");
    }
}
