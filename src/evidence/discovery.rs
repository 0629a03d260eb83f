//! Found paths become files with partitions, as Spark discovers them.
//!
//! The rules are those of Spark's `PartitioningAwareFileIndex` (`allFiles`, `inferPartitioning`) and
//! `PartitioningUtils` (`parsePartition`, `resolvePartitions`), and are the same in 3.5 and 4.1:
//! a directory with a data file gives its `key=value` names from the inside outwards until a name
//! that is no pair; all must give the same columns and stop at the same place. Without any column
//! only the files that lie directly in the root are read.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{File, Files, Partition, Tally, Why};
use super::names::{self, Pair};
use super::problem::{Kind, Problem};
use crate::spark::listing as spark;
use crate::units::{Bytes, number};

/// Collects what is found below a root; paths are relative to it, with `/` between names.
#[derive(Debug, Default)]
pub(crate) struct Gatherer {
    found: Vec<Found>,
    directories: BTreeSet<String>,
    /// Directories with a data file, and their places in `found`.
    leaves: BTreeMap<String, usize>,
    last: Option<(String, usize)>,
    ignored: BTreeMap<Why, Tally>,
}

#[derive(Debug)]
struct Found {
    path: String,
    leaf: usize,
    bytes: u64,
}

/// Where a directory with data stands among the partitions.
struct Leaf {
    pairs: Vec<Pair>,
    base: String,
}

impl Gatherer {
    /// One file. Hidden names in its path are dealt with here.
    pub(crate) fn file(&mut self, path: &str, bytes: u64) {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        if directory.split('/').any(spark::hidden) {
            return self.ignore(Why::InHiddenDirectory, path, bytes);
        }
        if spark::hidden(name) {
            return self.ignore(Why::HiddenFile, path, bytes);
        }
        if !spark::data_name(name) {
            self.directory(directory);
            return self.ignore(Why::Summary, path, bytes);
        }
        let leaf = self.leaf(directory);
        self.found.push(Found { path: path.to_owned(), leaf, bytes });
    }

    /// One directory that Spark lists, and those above it.
    pub(crate) fn directory(&mut self, path: &str) {
        let mut path = path;
        while !path.is_empty() && self.directories.insert(path.to_owned()) {
            path = path.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// Something that is left out.
    pub(crate) fn ignore(&mut self, why: Why, path: &str, bytes: u64) {
        self.ignored.entry(why).or_default().add(path, bytes);
    }

    fn leaf(&mut self, directory: &str) -> usize {
        if let Some((last, leaf)) = &self.last
            && last == directory
        {
            return *leaf;
        }
        self.directory(directory);
        let next = self.leaves.len();
        let leaf = *self.leaves.entry(directory.to_owned()).or_insert(next);
        self.last = Some((directory.to_owned(), leaf));
        leaf
    }

    /// The files. With `recursive` (Spark's `recursiveFileLookup`) every file is read and no
    /// directory is a partition.
    pub(crate) fn finish(mut self, recursive: bool) -> Result<Files, Problem> {
        let (columns, partitions) = if recursive {
            (Vec::new(), vec![Some(Vec::new()); self.leaves.len()])
        } else {
            self.partitions()?
        };
        let mut files = Files {
            partition_columns: columns,
            directories: number::count(self.directories.len()).saturating_add(1),
            widest: self.widest(),
            ..Files::default()
        };
        let mut numbers: Vec<Option<usize>> = vec![None; partitions.len()];
        let mut known: BTreeMap<Vec<Option<String>>, usize> = BTreeMap::new();
        let outside =
            if files.partition_columns.is_empty() { Why::Nested } else { Why::OutsidePartitions };
        for Found { path, leaf, bytes } in std::mem::take(&mut self.found) {
            let Some(values) = &partitions[leaf] else {
                self.ignore(outside, &path, bytes);
                continue;
            };
            if bytes == 0 {
                self.ignore(Why::ZeroLength, &path, 0);
                continue;
            }
            let partition = *numbers[leaf].get_or_insert_with(|| {
                let next = known.len();
                *known.entry(values.clone()).or_insert(next)
            });
            files.files.push(File { path, bytes: Bytes::new(bytes), partition, rows: None });
        }
        files.partitions = in_order(known, &mut files.files);
        files.ignored = self.ignored;
        some(files)?.settle()
    }

    fn widest(&self) -> u64 {
        let mut inside: BTreeMap<&str, u64> = BTreeMap::new();
        for directory in &self.directories {
            let above = directory.rsplit_once('/').map_or("", |(above, _)| above);
            let count = inside.entry(above).or_default();
            *count = count.saturating_add(1);
        }
        inside.into_values().max().unwrap_or(0)
    }

    /// The columns, and for each directory with data its values; `None` where it is not read.
    #[expect(clippy::type_complexity, reason = "used once, right above")]
    fn partitions(&self) -> Result<(Vec<String>, Vec<Option<Vec<Option<String>>>>), Problem> {
        let mut leaves: Vec<(&str, usize)> = self.leaves.iter().map(|(k, v)| (&**k, *v)).collect();
        leaves.sort_by_key(|(_, at)| *at);
        let paths: Vec<&str> = leaves.into_iter().map(|(path, _)| path).collect();
        let parsed: Vec<Leaf> = paths.iter().map(|it| parse(it)).collect::<Result<_, _>>()?;
        let Some(first) = parsed.iter().position(|leaf| !leaf.pairs.is_empty()) else {
            let root = |path: &&str| path.is_empty().then(Vec::new);
            return Ok((Vec::new(), paths.iter().map(root).collect()));
        };
        one_base(&paths, &parsed, first)?;
        one_set_of_columns(&paths, &parsed, first)?;
        let columns = parsed[first].pairs.iter().map(|pair| pair.column.clone()).collect();
        let values = |leaf: Leaf| {
            let pairs = (!leaf.pairs.is_empty()).then_some(leaf.pairs);
            pairs.map(|pairs| pairs.into_iter().map(|pair| pair.value).collect())
        };
        Ok((columns, parsed.into_iter().map(values).collect()))
    }
}

/// Reads the names of a directory from the inside outwards.
fn parse(path: &str) -> Result<Leaf, Problem> {
    let mut pairs = Vec::new();
    let mut here = path;
    while !here.is_empty() {
        let (above, name) = here.rsplit_once('/').unwrap_or(("", here));
        match names::pair(name) {
            Some(Ok(pair)) => pairs.push(pair),
            Some(Err(part)) => return Err(half_a_pair(path, name, part)),
            None if !pairs.is_empty() => break,
            None => {}
        }
        here = above;
    }
    pairs.reverse();
    let base = if pairs.is_empty() { path } else { here };
    Ok(Leaf { pairs, base: base.to_owned() })
}

fn half_a_pair(path: &str, name: &str, part: &str) -> Problem {
    Problem::new(Kind::Partitions, format!("the directory `{name}` has an empty partition {part}"))
        .at(path.as_ref())
        .or("rename it to `column=value`; Spark refuses to read it as it is")
}

/// `PartitioningUtils.parsePartitions`: "Conflicting directory structures detected".
fn one_base(paths: &[&str], leaves: &[Leaf], first: usize) -> Result<(), Problem> {
    let base = leaves[first].base.to_lowercase();
    let Some(other) = leaves.iter().position(|leaf| leaf.base.to_lowercase() != base) else {
        return Ok(());
    };
    let what = format!(
        "`{}` and `{}` do not belong to one partitioned table: Spark refuses to read them together",
        shown(paths[first]),
        shown(paths[other])
    );
    let way_out = "give one of the directories as the table, move what does not belong, \
                   or read with `recursiveFileLookup = true`";
    Err(Problem::new(Kind::Partitions, what).or(way_out))
}

/// `PartitioningUtils.resolvePartitions`: "Conflicting partition column names detected".
fn one_set_of_columns(paths: &[&str], leaves: &[Leaf], first: usize) -> Result<(), Problem> {
    let columns = |leaf: &Leaf| -> Vec<String> {
        leaf.pairs.iter().map(|pair| pair.column.to_lowercase()).collect()
    };
    let wanted = columns(&leaves[first]);
    let twice = (1..wanted.len()).find(|at| wanted[..*at].contains(&wanted[*at]));
    if let Some(at) = twice {
        let what = format!("`{}` has the partition column `{}` twice", paths[first], wanted[at]);
        return Err(Problem::new(Kind::Partitions, what).or("rename one of the directories"));
    }
    let differs = |leaf: &Leaf| !leaf.pairs.is_empty() && columns(leaf) != wanted;
    let Some(other) = leaves.iter().position(differs) else { return Ok(()) };
    let what = format!(
        "`{}` and `{}` have different partition columns: Spark refuses to read them together",
        shown(paths[first]),
        shown(paths[other])
    );
    Err(Problem::new(Kind::Partitions, what)
        .or("give every file of the table the same `column=value` directories in the same order"))
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

/// The partitions in the order of their values, and the files' numbers to match.
pub(crate) fn in_order(
    known: BTreeMap<Vec<Option<String>>, usize>,
    files: &mut [File],
) -> Vec<Partition> {
    let mut places = vec![0; known.len()];
    let mut partitions = Vec::with_capacity(known.len());
    for (place, (values, met)) in known.into_iter().enumerate() {
        places[met] = place;
        partitions.push(Partition { values });
    }
    for file in files {
        file.partition = places[file.partition];
    }
    partitions
}

/// The files, or why there are none.
fn some(files: Files) -> Result<Files, Problem> {
    if !files.files.is_empty() {
        return Ok(files);
    }
    if let Some(zero) = files.ignored.get(&Why::ZeroLength) {
        let what = format!(
            "its files have no bytes ({} of them, such as `{}`): Spark reads nothing",
            number::grouped(zero.count),
            zero.example
        );
        return Err(Problem::new(Kind::ZeroLength, what)
            .or("give a path with data, or describe the table by `size` and `files`"));
    }
    if let Some(nested) = files.ignored.get(&Why::Nested) {
        let (directory, _) = nested.example.rsplit_once('/').unwrap_or_default();
        let what = "its files lie in directories that are no `column=value` partitions, \
                    and Spark does not look into those";
        return Err(Problem::new(Kind::Empty, what).or(format!(
            "give the directory itself, such as `{directory}`, or read with `recursiveFileLookup = true`"
        )));
    }
    let left_out: Vec<String> = files.ignored.iter().map(|(why, it)| left_out(*why, it)).collect();
    let what = match left_out.join(", ") {
        none if none.is_empty() => "there is no file in it".to_owned(),
        some => format!("there is no file in it that Spark would read, only {some}"),
    };
    Err(Problem::new(Kind::Empty, what).or("give the directory that holds the table's files"))
}

fn left_out(why: Why, tally: &Tally) -> String {
    format!("{} {} (`{}`)", number::grouped(tally.count), why.name(), tally.example)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(paths: &[(&str, u64)], recursive: bool) -> Result<Files, Problem> {
        let mut gatherer = Gatherer::default();
        for (path, bytes) in paths {
            gatherer.file(path, *bytes);
        }
        gatherer.finish(recursive)
    }

    fn paths(files: &Files) -> Vec<&str> {
        files.files.iter().map(|file| &*file.path).collect()
    }

    #[test]
    fn without_partitions_only_the_root_is_read() {
        let all = [("b", 1), ("a", 2), ("archive/c", 3), ("_SUCCESS", 0), (".x/y", 1), ("z", 0)];
        let files = gather(&all, false).unwrap();
        assert_eq!(paths(&files), ["a", "b"]);
        let ignored: Vec<(Why, u64)> =
            files.ignored.iter().map(|(why, it)| (*why, it.count)).collect();
        let expected = [
            (Why::HiddenFile, 1),
            (Why::InHiddenDirectory, 1),
            (Why::ZeroLength, 1),
            (Why::Nested, 1),
        ];
        assert_eq!(ignored, expected);
        assert_eq!((files.directories, files.widest), (2, 1));
        assert_eq!(paths(&gather(&all, true).unwrap()), ["a", "archive/c", "b"]);
    }

    #[test]
    fn partitions_come_from_directories_and_strays_are_not_read() {
        let found = [
            ("k=2/h=0/a", 1),
            ("k=10/h=1/b", 1),
            ("k=__HIVE_DEFAULT_PARTITION__/h=x%2Fy/c", 1),
            ("stray", 9),
            ("_k=1/d", 0),
        ];
        let refused = gather(&found, false).unwrap_err();
        assert_eq!(refused.kind, Kind::Partitions, "another column");
        let files = gather(&found[..4], false).unwrap();
        assert_eq!(files.partition_columns, ["k", "h"]);
        assert_eq!(paths(&files).len(), 3);
        assert_eq!(files.ignored[&Why::OutsidePartitions].example, "stray");
        let null = files.files.iter().find(|file| file.path.ends_with('c')).unwrap();
        assert_eq!(files.values(null), [None, Some("x/y".to_owned())]);
        assert_eq!(files.partitions[0].values[0], None, "partitions stand in order");
        assert_eq!((files.directories, files.widest), (7, 3));
    }

    #[test]
    fn a_directory_above_the_partitions_is_allowed_and_two_are_not() {
        let files = gather(&[("t/k=1/a", 1), ("t/k=2/b", 1)], false).unwrap();
        assert_eq!(files.partition_columns, ["k"]);
        assert!(gather(&[("t/k=1/a", 1), ("t/k=2/deep/b", 1)], false).is_ok());
        for odd in ["u/k=1/a", "k=1/a", "archive/a"] {
            let refused = gather(&[("t/k=1/a", 1), (odd, 1)], false).unwrap_err();
            assert_eq!(refused.kind, Kind::Partitions, "{odd}");
        }
    }

    #[test]
    fn pairs_that_are_none_and_columns_that_differ_are_refused() {
        for odd in ["k=/a", "=1/a", "k=1/k=2/a"] {
            assert_eq!(gather(&[(odd, 1)], false).unwrap_err().kind, Kind::Partitions, "{odd}");
        }
        let refused = gather(&[("k=1/a", 1), ("k=1/h=2/a", 1)], false).unwrap_err();
        assert_eq!(refused.kind, Kind::Partitions);
        assert!(gather(&[("K=1/a", 1), ("k=2/a", 1)], false).is_ok(), "case does not matter");
    }

    #[test]
    fn nothing_to_read_has_a_reason() {
        let kind = |found: &[(&str, u64)]| gather(found, false).unwrap_err().kind;
        assert_eq!(kind(&[]), Kind::Empty);
        assert_eq!(kind(&[("_SUCCESS", 3)]), Kind::Empty);
        assert_eq!(kind(&[("a", 0), ("b", 0)]), Kind::ZeroLength);
        assert_eq!(kind(&[("x/y/a", 1)]), Kind::Empty);
    }
}
