//! What a table's files are: the plain facts that every way of reading ends in.

use std::collections::BTreeMap;

use super::names;
use super::problem::{Kind, Problem};
use crate::units::{Bytes, Rows};

/// One file that Spark would read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is, below the table's root with `/` between names; absolute where a Delta log says so.
    pub path: String,
    /// Its size.
    pub bytes: Bytes,
    /// Its partition, an index into [`Files::partitions`].
    pub partition: usize,
    /// Its rows, where a Delta log tells them (rows under a deletion vector included).
    pub rows: Option<Rows>,
}

/// The values that all files of one partition share.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition {
    /// One value, as text, for each of [`Files::partition_columns`]; `None` is null.
    pub values: Vec<Option<String>>,
}

/// Why something that was found is not among the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A file that is hidden by its name.
    HiddenFile,
    /// A directory that is hidden by its name and was not entered.
    HiddenDirectory,
    /// A file in such a directory, where a listing shows it.
    InHiddenDirectory,
    /// A Parquet summary, `_metadata` or `_common_metadata`.
    Summary,
    /// A file without bytes.
    ZeroLength,
    /// A file of a partitioned table in a directory that is no partition.
    OutsidePartitions,
    /// A file below a directory that is no `key=value`; read only with `recursiveFileLookup`.
    Nested,
    /// A link that leads to nothing.
    BrokenLink,
    /// An object that stands for a directory.
    FolderMarker,
    /// A version of an object that is not the latest one.
    OldVersion,
    /// The mark that an object was deleted.
    DeleteMarker,
}

impl Why {
    /// The reason as a person reads it after a number, such as `3 hidden files`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HiddenFile => "hidden files",
            Self::HiddenDirectory => "hidden directories",
            Self::InHiddenDirectory => "files in hidden directories",
            Self::Summary => "Parquet summary files",
            Self::ZeroLength => "files without bytes",
            Self::OutsidePartitions => "files outside the partitions",
            Self::Nested => "files in directories that are no partitions",
            Self::BrokenLink => "links to nothing",
            Self::FolderMarker => "objects that stand for directories",
            Self::OldVersion => "old versions",
            Self::DeleteMarker => "delete markers",
        }
    }
}

/// How many of a kind there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their bytes, as far as these were seen.
    pub bytes: Bytes,
    /// One of them, the first that was met.
    pub example: String,
}

impl Tally {
    pub(crate) fn add(&mut self, example: &str, bytes: u64) {
        if self.count == 0 {
            example.clone_into(&mut self.example);
        }
        self.count = self.count.saturating_add(1);
        self.bytes = Bytes::new(self.bytes.get().saturating_add(bytes));
    }
}

/// All that is known of a table's files.
///
/// Files stand in byte order of their paths, the order in which object stores list them. On a local
/// disk Spark keeps the order of the file system. Both give partitions of the same sizes: Spark
/// sorts the cut files by length, so the order only says which of two equal lengths comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// The files that Spark would read.
    pub files: Vec<File>,
    /// The partition columns, from the root inwards or as a Delta log has them.
    pub partition_columns: Vec<String>,
    /// The partitions that have files; exactly one, without values, where there are no columns.
    pub partitions: Vec<Partition>,
    /// Directories that Spark lists to find the files, the root included; 0 where a log was read.
    pub directories: u64,
    /// The most directories that stand in one directory: above 32, Spark lists with a job.
    pub widest: u64,
    /// What was found and left out.
    pub ignored: BTreeMap<Why, Tally>,
    /// The endings of the files' names, such as `.snappy.parquet`.
    pub suffixes: BTreeMap<String, Tally>,
}

impl Files {
    /// The bytes of all files.
    pub fn bytes(&self) -> Bytes {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The rows of all files, where each one's rows are known.
    pub fn rows(&self) -> Option<Rows> {
        let sum = |all: u64, file: &File| file.rows.and_then(|rows| all.checked_add(rows.get()));
        self.files.iter().try_fold(0, sum).map(Rows::new)
    }

    /// The partition values of a file, in the order of [`Files::partition_columns`].
    pub fn values(&self, file: &File) -> &[Option<String>] {
        &self.partitions[file.partition].values
    }

    /// The format that the suffixes tell, by Spark's name for it: `parquet`, `csv`, `text` …
    /// Nothing where no suffix tells one or where they tell several.
    pub fn format(&self) -> Option<&'static str> {
        let mut told = self.suffixes.keys().filter_map(|suffix| names::format(suffix));
        let first = told.next()?;
        told.all(|other| other == first).then_some(first)
    }

    /// Puts the files in order and counts their suffixes.
    pub(crate) fn settle(mut self) -> Result<Self, Problem> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut total = Bytes::ZERO;
        for file in &self.files {
            total = sum(total, file.bytes).ok_or_else(too_large)?;
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            let suffix = names::suffix(name);
            if let Some(tally) = self.suffixes.get_mut(suffix) {
                tally.add(&file.path, file.bytes.get());
            } else {
                self.suffixes
                    .entry(suffix.to_owned())
                    .or_default()
                    .add(&file.path, file.bytes.get());
            }
        }
        Ok(self)
    }
}

fn sum(total: Bytes, bytes: Bytes) -> Option<Bytes> {
    let sum = total.get().checked_add(bytes.get())?;
    (sum <= Bytes::MAX.get()).then(|| Bytes::new(sum))
}

fn too_large() -> Problem {
    Problem::new(Kind::TooLarge, format!("the files are larger than {} together", Bytes::MAX))
        .or("check that what was read is a listing or a log and that its sizes are bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, bytes: u64) -> File {
        File { path: path.into(), bytes: Bytes::new(bytes), partition: 0, rows: None }
    }

    fn files(files: Vec<File>) -> Files {
        Files { files, partitions: vec![Partition::default()], ..Files::default() }
    }

    #[test]
    fn files_are_put_in_byte_order_and_their_format_is_told() {
        let settled = files(vec![file("b.csv.gz", 2), file("a.csv", 1), file("c", 3)]);
        let settled = settled.settle().unwrap();
        assert_eq!(settled.files[0].path, "a.csv");
        assert_eq!(settled.format(), Some("csv"));
        assert_eq!(settled.suffixes[".csv.gz"].count, 1);
        assert_eq!(settled.bytes(), Bytes::new(6));
        let mixed = files(vec![file("a.csv", 1), file("b.json", 1)]).settle().unwrap();
        assert_eq!(mixed.format(), None);
    }

    #[test]
    fn more_bytes_than_there_can_be_are_refused() {
        let max = Bytes::MAX.get();
        assert!(files(vec![file("a", max)]).settle().is_ok());
        let refused = files(vec![file("a", max), file("b", 1)]).settle().unwrap_err();
        assert_eq!(refused.kind, Kind::TooLarge);
        assert!(files(vec![file("a", u64::MAX), file("b", u64::MAX)]).settle().is_err());
    }

    #[test]
    fn rows_are_known_where_all_are() {
        let mut two = files(vec![file("a", 1), file("b", 1)]);
        two.files[0].rows = Some(Rows::new(5));
        assert_eq!(two.rows(), None);
        two.files[1].rows = Some(Rows::new(7));
        assert_eq!(two.rows(), Some(Rows::new(12)));
    }
}
