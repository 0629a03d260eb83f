//! How facts are spelled: the same number reads the same in every format.

use crate::units::number::{java_long, trimmed};
use crate::units::{Bytes, Ratio, Seconds, Usd};

use super::facts::{Capacity, Interval, Part, Spread, Stage, Verdict};

pub(super) use crate::units::number::grouped;

/// `2.48 GiB`.
pub(super) fn bytes(count: u64) -> String {
    Bytes::new(count).to_string()
}

/// `128 MiB`, of a quantity over tasks.
pub(super) fn bytes_of(count: f64) -> String {
    Bytes::from_f64(count).to_string()
}

/// `2.48 GiB (2,668,080,660 bytes)`.
pub(super) fn exact_bytes(count: u64) -> String {
    if count < 1024 { bytes(count) } else { format!("{} ({} bytes)", bytes(count), grouped(count)) }
}

/// `48 s`.
pub(super) fn seconds(value: f64) -> String {
    if value > 0.0 { Seconds::from_f64(value).to_string() } else { "0 s".to_owned() }
}

/// `48 s (46 s to 51 s)`; one number where nothing is uncertain.
pub(super) fn interval(value: Interval) -> String {
    between(value, seconds)
}

/// `$0.0412 ($0.0395 to $0.0438)`.
pub(super) fn dollars(value: Interval) -> String {
    between(value, dollar)
}

/// `$1,234.50`.
pub(super) fn dollar(value: f64) -> String {
    Usd::new(value).map_or_else(|| "no amount".to_owned(), |it| it.to_string())
}

fn between(value: Interval, spell: fn(f64) -> String) -> String {
    let (typical, low, high) = (spell(value.typical), spell(value.low), spell(value.high));
    if low == high && low == typical { typical } else { format!("{typical} ({low} to {high})") }
}

/// `84.2 %`.
pub(super) fn share(ratio: f64) -> String {
    Ratio::of(ratio, 1.0).to_string()
}

/// `1,234` or `1.5`: a plain quantity such as core-seconds.
pub(super) fn amount(value: f64) -> String {
    if value < 1000.0 {
        trimmed(value.max(0.0))
    } else {
        grouped(u64::try_from(java_long(value.round())).unwrap_or(0))
    }
}

/// `1 task`, `81 tasks`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `128 MiB`, or `1 MiB to 128 MiB` where tasks differ in print.
pub(super) fn byte_spread(spread: Spread) -> String {
    between_ends(spread, bytes_of)
}

/// `10 s`, or `8 s to 10 s`.
pub(super) fn second_spread(spread: Spread) -> String {
    between_ends(spread, seconds)
}

fn between_ends(spread: Spread, spell: fn(f64) -> String) -> String {
    let (min, max) = (spell(spread.min), spell(spread.max));
    if min == max { max } else { format!("{min} to {max}") }
}

/// `2.48 GiB`; a dash where there is nothing.
pub(super) fn some_bytes(count: u64) -> String {
    if count == 0 { nothing() } else { bytes(count) }
}

/// What stands in a cell without a value.
pub(super) fn nothing() -> String {
    "–".to_owned()
}

/// `0, 1`; a dash where there are none.
pub(super) fn ids(ids: &[u64]) -> String {
    if ids.is_empty() {
        return nothing();
    }
    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
    ids.join(", ")
}

/// `81`; `~73` where it rests on an estimate.
pub(super) fn tasks(stage: &Stage) -> String {
    let about = if stage.certainty == "exact" { "" } else { "~" };
    format!("{about}{}", grouped(stage.tasks))
}

/// What stays unused on a fully packed node.
pub(super) fn unused(it: &Capacity) -> String {
    match (it.unused_cores, it.unused_memory) {
        (0, 0) => "nothing".to_owned(),
        (0, memory) => format!("no core and {}", bytes(memory)),
        (cores, 0) => format!("{} and no memory", counted(cores, "core")),
        (cores, memory) => format!("{} and {}", counted(cores, "core"), bytes(memory)),
    }
}

/// A part as the cells of a row: name, size, bytes, arithmetic.
pub(super) fn part(part: &Part) -> [String; 4] {
    total(&plain(&part.name), part.bytes, &plain(&part.how))
}

/// A sum as the cells of a row below its parts.
pub(super) fn total(name: &str, count: u64, how: &str) -> [String; 4] {
    [name.to_owned(), bytes(count), grouped(count), how.to_owned()]
}

/// A verdict in a word or two.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fits => "fits",
        Verdict::Spills => "spills",
        Verdict::OutOfMemory => "out of memory",
    }
}

/// A verdict as a sentence about all tasks.
pub(super) fn verdict_sentence(verdict: Verdict, spilled: u64) -> String {
    match verdict {
        Verdict::Fits => "Memory fits.".to_owned(),
        Verdict::Spills => {
            format!("Memory does not hold everything: tasks spill {} to disk.", bytes(spilled))
        }
        Verdict::OutOfMemory => "A task runs out of memory: the job fails.".to_owned(),
    }
}

/// What bounds the time, as the beginning of a sentence.
pub(super) fn bound(by: &str) -> String {
    match by {
        "slots" => "The number of slots bounds the time".to_owned(),
        "storage" => "Storage bounds the time".to_owned(),
        "longest-task" => "The longest task bounds the time".to_owned(),
        "driver" => "The driver bounds the time".to_owned(),
        "submission" => "The times of submission bound the time".to_owned(),
        "start-up" => "Starting up bounds the time".to_owned(),
        other => format!("{} bounds the time", capital(other)),
    }
}

/// Text with a full stop at its end, for the end of a sentence.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim();
    let done = text.is_empty() || text.ends_with(['.', '!', '?', ':']);
    if done { text.to_owned() } else { format!("{text}.") }
}

/// Text as a sentence: a capital at its beginning where that is not the name of a setting, and a
/// full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    let name = first.contains('.') || first.contains('_') || first.contains('(');
    ended(&if name { text.to_owned() } else { capital(text) })
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_uppercase().collect::<String>());
    first.unwrap_or_default() + letters.as_str()
}

/// What a person wrote, without anything that would steer a terminal or break a line.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_without_width_is_one_number() {
        let spelled = |typical, low, high| interval(Interval { typical, low, high });
        assert_eq!(spelled(48.0, 46.0, 51.0), "48 s (46 s to 51 s)");
        assert_eq!(spelled(48.0, 48.0, 48.0), "48 s");
        assert_eq!(spelled(48.001, 48.002, 47.999), "48 s");
    }

    #[test]
    fn no_number_is_too_strange_to_be_spelled() {
        for value in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            for text in [seconds(value), dollar(value), share(value), amount(value)] {
                assert!(!text.is_empty());
            }
        }
        assert_eq!(seconds(0.0), "0 s");
        assert_eq!(amount(1234.5), "1,235");
    }

    #[test]
    fn sentences_begin_and_end() {
        assert_eq!(sentence("the file is cut"), "The file is cut.");
        assert_eq!(sentence("spark.cores.max = 20 grants 4"), "spark.cores.max = 20 grants 4.");
        assert_eq!(sentence(""), "");
    }
}
