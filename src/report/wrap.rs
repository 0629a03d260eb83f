//! Breaks prose into lines.

use super::style::columns;

/// The narrowest that prose is set, however narrow the terminal.
const LEAST: usize = 24;
/// The widest: longer lines are hard to follow, however wide the terminal.
const MOST: usize = 120;
/// What stays on the line of its number.
const UNITS: [&str; 15] = [
    "B", "KiB", "MiB", "GiB", "TiB", "PiB", "µs", "ms", "s", "min", "h", "d", "%", "bytes", "tasks",
];
/// A space at which no line breaks; it becomes a plain one when the line is done.
const GLUE: char = '\u{a0}';

/// The text with numbers tied to their units.
pub(super) fn glued(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let number = out.ends_with(|it: char| it.is_ascii_digit());
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']).trim_end_matches("/s");
        let longer = ["\u{a0}min", "\u{a0}h", "\u{a0}d"].iter().any(|it| out.ends_with(it));
        let more = longer && word.starts_with(|it: char| it.is_ascii_digit());
        if !out.is_empty() {
            out.push(if more || number && UNITS.contains(&bare) { GLUE } else { ' ' });
        }
        out.push_str(word);
    }
    out
}

/// The text with plain spaces again.
pub(super) fn unglued(text: &str) -> String {
    text.replace(GLUE, " ")
}

/// Lines of at most `width` columns: the first begins with `first`, the others with `rest`. A word
/// that is longer than a line keeps a line of its own.
pub(super) fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    let width = width.clamp(LEAST, MOST);
    let text = glued(text);
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut used = columns(first);
    let mut fresh = true;
    for word in text.split(' ').filter(|it| !it.is_empty()) {
        let needed = columns(word) + usize::from(!fresh);
        if !fresh && used + needed > width {
            out.push_str(line.trim_end());
            out.push('\n');
            rest.clone_into(&mut line);
            used = columns(rest);
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        used += columns(word) + usize::from(!fresh);
        fresh = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    unglued(&out)
}

/// Prose, two columns in.
pub(crate) fn prose(text: &str, width: usize) -> String {
    wrap(text, width, "  ", "  ")
}

/// What is said about one stage: its number hangs in a column of its own.
pub(super) fn of_stage(id: u64, text: &str, width: usize) -> String {
    wrap(text, width, &format!("  {:<10}", format!("stage {id}")), "            ")
}

/// A line with a name before it: the value hangs in its own column.
pub(super) fn named(name: &str, value: &str, width: usize) -> String {
    const NAME: usize = 16;
    let indent = " ".repeat(NAME + 2);
    wrap(value, width, &format!("  {name:<NAME$}"), &indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_hangs_and_long_words_stand_alone() {
        let text = "one two three spark.sql.adaptive.coalescePartitions.initialPartitionNum four";
        insta::assert_snapshot!(wrap(text, 24, "- ", "  "), @r"
        - one two three
          spark.sql.adaptive.coalescePartitions.initialPartitionNum
          four
        ");
        let text = "a worker hands out 64 GiB of memory, and 16 of 17 cores";
        assert!(wrap(text, 24, "", "").contains("out\n64 GiB of"));
        assert_eq!(wrap("", 80, "- ", "  "), "-\n");
    }
}
