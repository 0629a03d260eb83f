//! A directory of files of any format, or a single file, on the disk.

use std::path::{Path, PathBuf};

use super::discovery::Gatherer;
use super::disk::{Disk, Entry, What};
use super::files::{Files, Why};
use super::problem::{Kind, Problem};
use super::progress::{Counter, Step, Watch};
use crate::spark::listing as spark;

/// A directory that is still to be listed.
struct Open {
    /// Below the root, with `/` between names.
    relative: String,
    path: PathBuf,
    /// Where it really is; kept only below a link.
    real: Option<PathBuf>,
    /// The real directories from which links led here.
    left: Vec<PathBuf>,
}

/// Reads a directory as Spark does, or one file. With `recursive` (Spark's `recursiveFileLookup`)
/// every file below the root is read and no directory is a partition. Links are followed.
///
/// # Errors
/// Nothing there, no right to read, a link that leads back, names that are not UTF-8, `key=value`
/// directories that do not fit together, and nothing to read.
pub fn read(disk: &dyn Disk, root: &Path, recursive: bool, watch: Watch) -> Result<Files, Problem> {
    let mut gatherer = Gatherer::default();
    match disk.look(root).map_err(|error| Problem::io(root, &error))? {
        What::File(bytes) => gatherer.file(own_name(root)?, bytes),
        _ => walk(disk, root, &mut gatherer, &mut Counter::new(Step::Directory, watch))?,
    }
    gatherer.finish(recursive).map_err(|problem| placed(problem, root))
}

fn own_name(path: &Path) -> Result<&str, Problem> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| not_text(path))
}

fn walk(
    disk: &dyn Disk,
    root: &Path,
    gatherer: &mut Gatherer,
    counter: &mut Counter,
) -> Result<(), Problem> {
    let top = Open { relative: String::new(), path: root.to_owned(), real: None, left: Vec::new() };
    let mut open = vec![top];
    while let Some(directory) = open.pop() {
        gatherer.directory(&directory.relative);
        let entries = disk.list(&directory.path);
        for entry in entries.map_err(|error| Problem::io(&directory.path, &error))? {
            counter.one()?;
            if let Some(below) = met(disk, &directory, &entry, gatherer)? {
                open.push(below);
            }
        }
    }
    Ok(())
}

/// Takes one entry; a directory to be entered is handed back.
fn met(
    disk: &dyn Disk,
    above: &Open,
    entry: &Entry,
    gatherer: &mut Gatherer,
) -> Result<Option<Open>, Problem> {
    let path = above.path.join(&entry.name);
    let name = entry.name.to_str().ok_or_else(|| not_text(&path))?;
    let relative = match above.relative.as_str() {
        "" => name.to_owned(),
        above => format!("{above}/{name}"),
    };
    match entry.what {
        What::File(bytes) => gatherer.file(&relative, bytes),
        What::Gone => gatherer.ignore(Why::BrokenLink, &relative, 0),
        What::Directory if spark::hidden(name) => {
            gatherer.ignore(Why::HiddenDirectory, &relative, 0);
        }
        What::Directory if entry.link => {
            return through_link(disk, above, path, relative).map(Some);
        }
        What::Directory => {
            let real = above.real.as_ref().map(|real| real.join(name));
            return Ok(Some(Open { relative, path, real, left: above.left.clone() }));
        }
    }
    Ok(None)
}

fn through_link(
    disk: &dyn Disk,
    above: &Open,
    path: PathBuf,
    relative: String,
) -> Result<Open, Problem> {
    let real = |it: &Path| disk.real(it).map_err(|error| Problem::io(it, &error));
    let target = real(&path)?;
    let mut left = above.left.clone();
    left.push(match &above.real {
        Some(known) => known.clone(),
        None => real(&above.path)?,
    });
    if left.iter().any(|it| it.starts_with(&target)) {
        let what =
            format!("this link leads back to `{}`: Spark would list it for ever", target.display());
        let problem = Problem::new(Kind::LinkLoop, what).at(&path);
        return Err(problem.or("remove the link, or give a directory that does not contain it"));
    }
    Ok(Open { relative, path, real: Some(target), left })
}

fn not_text(path: &Path) -> Problem {
    Problem::new(Kind::NotText, "its name is not UTF-8")
        .at(path)
        .or("rename it; names that are no text cannot be matched with partitions")
}

/// Gives a problem of discovery its place: the root, or what it names below the root.
pub(crate) fn placed(problem: Problem, root: &Path) -> Problem {
    match &problem.place {
        None => problem.at(root),
        Some(place) => {
            let path = root.join(&place.path);
            problem.at(&path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::disk::{Local, Memory};
    use crate::evidence::progress::unwatched;
    use std::ops::ControlFlow;

    fn at(disk: &dyn Disk, root: &str) -> Result<Files, Problem> {
        read(disk, Path::new(root), false, &mut unwatched)
    }

    #[test]
    fn a_single_file_is_a_table_without_partitions() {
        let disk = Memory::new().sized("t/k=1/a.csv.gz", 7).sized("t/_a", 1).sized("t/empty", 0);
        let files = at(&disk, "t/k=1/a.csv.gz").unwrap();
        assert_eq!((files.files[0].path.as_str(), files.bytes().get()), ("a.csv.gz", 7));
        assert!(files.partition_columns.is_empty());
        assert_eq!(at(&disk, "t/_a").unwrap_err().kind, Kind::Empty);
        assert_eq!(at(&disk, "t/empty").unwrap_err().kind, Kind::ZeroLength);
        assert_eq!(at(&disk, "u").unwrap_err().kind, Kind::Missing);
    }

    #[test]
    fn a_directory_that_may_not_be_read_is_named() {
        let disk = Memory::new().sized("t/k=1/a", 7).sized("t/k=2/b", 7).closed("t/k=2");
        let problem = at(&disk, "t").unwrap_err();
        assert_eq!(problem.kind, Kind::Unreadable);
        assert_eq!(problem.place.unwrap().path, Path::new("t/k=2"));
    }

    #[test]
    fn hidden_directories_are_not_entered() {
        let disk = Memory::new().sized("t/a", 7).sized("t/_tmp/b", 7).closed("t/_tmp");
        let files = at(&disk, "t").unwrap();
        assert_eq!(files.ignored[&Why::HiddenDirectory].example, "_tmp");
    }

    #[test]
    fn a_long_walk_can_be_stopped() {
        let disk = (0..5000).fold(Memory::new(), |disk, n| disk.sized(&format!("t/{n}"), 1));
        let stopped = read(&disk, Path::new("t"), false, &mut |_| ControlFlow::Break(()));
        assert_eq!(stopped.unwrap_err().kind, Kind::Stopped);
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes real links")]
    fn links_are_followed_unless_they_lead_back() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("table");
        let aside = folder.path().join("aside");
        std::fs::create_dir_all(root.join("k=1")).unwrap();
        std::fs::create_dir_all(&aside).unwrap();
        std::fs::write(aside.join("a"), "12").unwrap();
        symlink(&aside, root.join("k=2")).unwrap();
        symlink(&aside, root.join("k=3")).unwrap();
        symlink("nowhere", root.join("gone")).unwrap();
        let files = at(&Local, root.to_str().unwrap()).unwrap();
        assert_eq!(files.files.len(), 2, "one directory through two links");
        assert_eq!(files.ignored[&Why::BrokenLink].count, 1);
        assert!(std::fs::read(aside.join("a")).is_ok());

        symlink(&root, aside.join("k=4")).unwrap();
        let problem = at(&Local, root.to_str().unwrap()).unwrap_err();
        assert_eq!(problem.kind, Kind::LinkLoop);
        std::fs::remove_file(aside.join("k=4")).unwrap();
        symlink(".", root.join("k=1/self=1")).unwrap();
        assert_eq!(at(&Local, root.to_str().unwrap()).unwrap_err().kind, Kind::LinkLoop);
    }
}
