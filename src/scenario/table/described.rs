//! Files as a scenario describes them.

use super::{Found, Names, World};
use crate::diagnostic::Code;
use crate::scenario::conf::Origin;
use crate::scenario::meaning::Meaning;
use crate::scenario::shape::TableFile;
use crate::stats::{LogNormal, Purpose, Seed};
use crate::units::{Bytes, number};

/// The weight of a file of mean size; large enough that none rounds to nothing.
const WEIGHT: u64 = 1 << 40;
/// The most files of a table that is described rather than read.
const MOST_FILES: u64 = 10_000_000;

/// Files as described: any two of size, files and file size, or a size alone as one file.
pub(super) fn described(
    meaning: &mut Meaning<'_>,
    world: &World<'_, '_>,
    name: &str,
    file: &TableFile,
) -> Option<Found> {
    let path = |field: &'static str| ["tables", name, field].map(str::to_owned);
    let (total, count) = match (file.size, file.files, file.file_size) {
        (Some(size), count, None) => (size.0, count.unwrap_or(1)),
        (None, count, Some(each)) => {
            let count = count.unwrap_or(1);
            (Bytes::new(each.0.get().saturating_mul(count)), count)
        }
        (Some(size), None, Some(each)) => {
            let each = each.0.get().max(1);
            (size.0, size.0.get().div_ceil(each).max(1))
        }
        (Some(_), Some(_), Some(_)) => {
            let message = format!("table `{name}` says the same thing twice");
            let label = "two of `size`, `files` and `file_size` are enough";
            meaning.problem(Code::Conflict, &["tables", name, "file_size"], message, label);
            return None;
        }
        (None, _, None) => {
            let message = format!("the size of table `{name}` is not known");
            let label = "add `size` or `file_size`";
            meaning.problem(Code::MissingField, &["tables", name], message, label);
            return None;
        }
    };
    if count > MOST_FILES || total > Bytes::MAX {
        let message = format!(
            "{} files of {} are more than can be planned",
            number::grouped(count),
            total / count.max(1)
        );
        let limit = number::grouped(MOST_FILES);
        let label = format!("at most {limit} files and {} in all", Bytes::MAX);
        let at =
            path(if count > MOST_FILES && file.files.is_some() { "files" } else { "file_size" });
        meaning.problem(Code::TooMuch, &at.each_ref().map(String::as_str), message, &label);
        return None;
    }
    if total == Bytes::ZERO {
        let message = format!("table `{name}` has no bytes");
        let label = "Spark plans no task for it";
        meaning.problem(Code::EmptyTable, &["tables", name], message, label);
        return None;
    }
    let one = || (1, Origin::Default("one file".to_owned()));
    meaning.pick(&["tables", name, "files"], (count > 1).then_some(count), one);
    let equal = || (0.0, Origin::Default("all files are equal".to_owned()));
    let spread = meaning.pick(&["tables", name, "spread"], file.spread, equal);
    let sizes = sizes(total.get(), count, spread, world.seed);
    Some(Found {
        files: sizes.into_iter().map(|bytes| (bytes, 0)).collect(),
        names: Names::All(format!("part{}", file.suffix.as_deref().unwrap_or_default())),
        partition_columns: Vec::new(),
        partitions: vec![Vec::new()],
        directories: (1, 0),
        told_format: None,
        from: "its description".to_owned(),
    })
}

/// `count` sizes that add up to `total`: equal, or lognormal with this log deviation.
fn sizes(total: u64, count: u64, spread: f64, seed: Seed) -> Vec<u64> {
    let files = number::index(count);
    if spread <= 0.0 {
        let (each, rest) = (total / count, total % count);
        return (0..count).map(|it| each + u64::from(it < rest)).take(files).collect();
    }
    let stream = seed.stream(Purpose::Sample, 0);
    let shape = LogNormal::unit_mean(spread);
    let weight = |file: u64| number::float(shape.factor(stream.word(file)).of_whole(WEIGHT));
    let weights: Vec<f64> = (0..count).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    let mut left = total;
    let mut sizes: Vec<u64> = weights
        .iter()
        .map(|weight| {
            let bytes = Bytes::new(total).scale(weight / sum).get().min(left);
            left -= bytes;
            bytes
        })
        .collect();
    if let Some(last) = sizes.last_mut() {
        *last += left;
    }
    sizes
}
