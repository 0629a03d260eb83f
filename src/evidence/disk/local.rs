//! The disk of this machine.
#![expect(clippy::disallowed_methods, reason = "the one file that opens files")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Disk, Entry, Source, What};

/// The file system of this machine, read only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Disk for Local {
    fn look(&self, path: &Path) -> io::Result<What> {
        fs::metadata(path).map(|it| what(&it))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        fs::read_dir(path)?.map(|entry| seen(&entry?)).collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        let file = fs::File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Box::new(file))
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }
}

fn seen(entry: &fs::DirEntry) -> io::Result<Entry> {
    let link = entry.file_type()?.is_symlink();
    let met = if link { fs::metadata(entry.path()) } else { entry.metadata() };
    let what = match met {
        Ok(it) => what(&it),
        Err(error) if error.kind() == io::ErrorKind::NotFound => What::Gone,
        // A link to itself.
        Err(error) if link && error.kind() != io::ErrorKind::PermissionDenied => What::Gone,
        Err(error) => return Err(error),
    };
    Ok(Entry { name: entry.file_name(), what, link })
}

fn what(it: &fs::Metadata) -> What {
    match it.file_type() {
        kind if kind.is_dir() => What::Directory,
        kind if kind.is_file() => What::File(it.len()),
        _ => What::File(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn files_directories_and_broken_links_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), b"abc").unwrap();
        fs::create_dir(folder.path().join("dir")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("nowhere", folder.path().join("gone")).unwrap();
        let mut entries = Local.list(folder.path()).unwrap();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        let what: Vec<What> = entries.iter().map(|it| it.what).collect();
        assert_eq!(what[0], What::Directory);
        assert_eq!(what[1], What::File(3));
        #[cfg(unix)]
        assert_eq!((what[2], entries[2].link), (What::Gone, true));
        let mut text = String::new();
        Local.open(&folder.path().join("file")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
    }

    #[test]
    fn a_directory_cannot_be_opened_as_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Local.open(folder.path()).is_err());
        assert!(Local.look(&folder.path().join("none")).is_err());
    }
}
