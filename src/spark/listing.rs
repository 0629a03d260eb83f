//! Which files of a directory Spark sees, and how many jobs it takes to list them.
//!
//! Source: `InMemoryFileIndex` and `PartitioningAwareFileIndex` (sql/core,
//! `execution/datasources`), `HadoopFSUtils` (core, `util`).

use super::Version;

/// The settings of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `spark.sql.sources.parallelPartitionDiscovery.threshold`.
    pub threshold: u64,
    /// `spark.sql.sources.parallelPartitionDiscovery.parallelism`.
    pub parallelism: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threshold: 32, parallelism: 10_000 }
    }
}

/// A directory and what is in it, as far as a listing is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The directories in it that are not hidden.
    pub children: Vec<Directory>,
}

/// A job that lists directories on executors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListingJob {
    /// The directories it begins with; executors go down from there without further jobs.
    pub paths: u64,
    /// Its tasks.
    pub tasks: u64,
}

/// The jobs that listing these paths takes, in order. `driver_lists` is whether the only path is
/// on a file system of `spark.sql.sources.useListFilesFileSystemList` (4.0 and later, by default
/// `s3a`), which lists itself in the driver.
pub fn jobs(
    roots: &[Directory],
    settings: Settings,
    driver_lists: bool,
    version: Version,
) -> Vec<ListingJob> {
    let mut jobs = vec![];
    if !(driver_lists && roots.len() == 1 && version >= Version::V4_0) {
        let mut levels = vec![roots];
        while let Some(level) = levels.pop() {
            let paths = crate::units::number::count(level.len());
            if paths > settings.threshold {
                jobs.push(ListingJob { paths, tasks: paths.min(settings.parallelism) });
            } else {
                levels.extend(level.iter().rev().map(|it| it.children.as_slice()));
            }
        }
    }
    jobs
}

/// Whether Spark leaves out a file or a directory of this name when it lists
/// (`HadoopFSUtils.shouldFilterOutPathName`).
pub fn hidden(name: &str) -> bool {
    let kept = name.starts_with("_common_metadata") || name.starts_with("_metadata");
    !kept && (!data_name(name) || name.ends_with("._COPYING_"))
}

/// Whether the rows of a listed file count as data (`PartitioningAwareFileIndex.isDataPath`).
pub fn data_name(name: &str) -> bool {
    !(name.starts_with('_') && !name.contains('=') || name.starts_with('.'))
}

/// Whether a scan of a directory reads each of these files, given as the directory below it (empty
/// for the directory itself, `/` between the parts) and the name. Where some directory is named
/// `key=value`, the table is partitioned, and a file outside of such directories is not read;
/// where none is, only the files of the directory itself are.
pub fn selected(files: &[(&str, &str)]) -> Vec<bool> {
    let seen =
        |(dir, name): (&str, &str)| !parts(dir).any(hidden) && !hidden(name) && data_name(name);
    let partitioned = files.iter().any(|it| seen(*it) && has_key(it.0));
    let read =
        |it: &(&str, &str)| seen(*it) && if partitioned { has_key(it.0) } else { it.0.is_empty() };
    files.iter().map(read).collect()
}

fn parts(dir: &str) -> impl Iterator<Item = &str> {
    dir.split('/').filter(|it| !it.is_empty())
}

fn has_key(dir: &str) -> bool {
    parts(dir).any(|it| it.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(children: usize, below: &Directory) -> Directory {
        Directory { children: vec![below.clone(); children] }
    }

    fn counted(roots: &[Directory]) -> usize {
        jobs(roots, Settings::default(), false, Version::V4_1).len()
    }

    #[test]
    fn a_level_of_more_than_32_directories_is_a_job() {
        let leaf = Directory::default();
        let roots = [10, 32, 33, 50].map(|it| counted(&vec![leaf.clone(); it]));
        assert_eq!(roots, [0, 0, 1, 1]);
        let children = [10, 32, 33, 50].map(|it| counted(&[of(it, &leaf)]));
        assert_eq!(children, [0, 0, 1, 1]);
        let nested = of(2, &of(2, &of(50, &leaf)));
        assert_eq!(counted(std::slice::from_ref(&nested)), 4);
        assert_eq!(counted(&[of(40, &of(50, &leaf))]), 1);
        let on = |version| jobs(std::slice::from_ref(&nested), Settings::default(), true, version);
        assert_eq!(Version::ALL.map(|it| on(it).len()), [4, 0, 0]);
    }

    #[test]
    fn a_job_has_at_most_10000_tasks() {
        let many = vec![Directory::default(); 10_001];
        let made = jobs(&many, Settings::default(), true, Version::V4_1);
        assert_eq!(made, [ListingJob { paths: 10_001, tasks: 10_000 }]);
    }

    #[test]
    fn hidden_names_are_left_out() {
        for name in [
            "_SUCCESS",
            ".part-0.crc",
            ".hidden=1",
            "_temporary",
            "part-0._COPYING_",
            "a.csv._COPYING_",
            "_started_17",
        ] {
            assert!(hidden(name), "{name}");
        }
        for name in ["part-0", "_k=1", "k=_", "_metadata", "_common_metadata", "a_b", "a.b"] {
            assert!(!hidden(name), "{name}");
        }
        assert!(data_name("_k=1") && !data_name("_metadata"));
    }

    #[test]
    fn a_partitioned_table_reads_only_its_partitions() {
        let plain = [("", "a"), ("archive", "b"), ("", "_SUCCESS"), ("_temporary/0", "c")];
        assert_eq!(selected(&plain), [true, false, false, false]);
        let keyed = [("k=1", "a"), ("", "stray"), ("k=1/sub", "b"), ("sub", "c"), ("sub/k=2", "d")];
        assert_eq!(selected(&keyed), [true, false, true, false, true]);
        assert_eq!(selected(&[("_k=1", "a"), (".staging/k=1", "b")]), [true, false]);
        assert_eq!(selected(&[("", "a"), ("k=1", "_metadata")]), [true, false]);
    }
}
