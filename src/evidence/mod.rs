//! What really happened, read from where it is, as plain facts. Nothing here estimates.
//!
//! [`read`] takes a path to a directory of files, to one file, or to a Delta table;
//! [`listing::read`] takes a saved listing of files that lie elsewhere. Both end in [`Files`].
//! [`answers`] are what real Spark answered when it was asked. All access goes through [`Disk`],
//! which only reads.

pub mod answers;
pub mod delta;
pub mod directory;
mod discovery;
pub mod disk;
pub mod files;
mod lines;
pub mod listing;
pub mod names;
pub mod problem;
pub mod progress;
mod remote;

use std::path::Path;

pub use delta::Delta;
pub use disk::{Disk, Local};
pub use files::{File, Files, Partition, Tally, Why};
pub use listing::Listing;
pub use problem::{Kind, Place, Problem};
pub use progress::{Progress, Step, Watch};

use disk::What;

/// A table as it lies on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its files.
    pub files: Files,
    /// What its Delta log tells, where it has one.
    pub delta: Option<Delta>,
}

/// Reads the table at `path`, a local path or a `file:` address: a Delta table where the directory
/// has a `_delta_log`, else the files that Spark would read. `recursive` is Spark's
/// `recursiveFileLookup`, which Delta tables do not know.
///
/// # Errors
/// Remote addresses, patterns, paths inside a Delta table, and all that [`directory::read`] and
/// [`delta::read`] refuse.
pub fn read(disk: &dyn Disk, path: &str, recursive: bool, watch: Watch) -> Result<Table, Problem> {
    let root = Path::new(remote::local(path)?);
    if disk.look(root).is_err() && path.contains(['*', '?', '[', '{']) {
        let what = "this is a pattern; only one file or one directory is read";
        let way_out = "give the directory, or `key=value` directories below one table as one table";
        return Err(Problem::new(Kind::Glob, what).at(root).or(way_out));
    }
    if is_delta(disk, root) {
        let (files, delta) = delta::read(disk, root, watch)?;
        return Ok(Table { files, delta: Some(delta) });
    }
    if let Some(table) = root.ancestors().skip(1).find(|above| is_delta(disk, above)) {
        return Err(inside(table).at(root));
    }
    let files = directory::read(disk, root, recursive, watch)?;
    Ok(Table { files, delta: None })
}

fn is_delta(disk: &dyn Disk, root: &Path) -> bool {
    disk.look(&root.join(delta::LOG)).is_ok_and(|it| it == What::Directory)
}

fn inside(table: &Path) -> Problem {
    let table = if table == Path::new("") { Path::new(".") } else { table };
    let what = "this lies inside a Delta table, where dead files lie beside live ones";
    Problem::new(Kind::InsideTable, what)
        .or(format!("give the table itself: `{}`", table.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use disk::Memory;
    use progress::unwatched;

    fn at(disk: &Memory, path: &str) -> Result<Table, Problem> {
        read(disk, path, false, &mut unwatched)
    }

    #[test]
    fn a_directory_is_read_and_a_delta_table_is_told_from_it() {
        let disk = Memory::new()
            .sized("t/a.csv", 5)
            .file("d/_delta_log/00000000000000000000.json", "no")
            .sized("d/k=1/a.parquet", 7);
        assert_eq!(at(&disk, "t").unwrap().files.bytes().get(), 5);
        assert_eq!(at(&disk, "file:t/a.csv").unwrap().files.files.len(), 1);
        assert_eq!(at(&disk, "d").unwrap_err().kind, Kind::Broken);
        let inside = at(&disk, "d/k=1").unwrap_err();
        assert_eq!(inside.kind, Kind::InsideTable);
        assert!(inside.way_out.unwrap().contains("`d`"));
    }

    #[test]
    fn paths_that_are_none_are_answered() {
        let disk = Memory::new().sized("t/a[1].csv", 5);
        assert_eq!(at(&disk, "t/*.csv").unwrap_err().kind, Kind::Glob);
        assert!(at(&disk, "t/a[1].csv").is_ok(), "a name that looks like a pattern");
        assert_eq!(at(&disk, "s3://b/t").unwrap_err().kind, Kind::Remote);
        assert_eq!(at(&disk, "u").unwrap_err().kind, Kind::Missing);
    }
}
