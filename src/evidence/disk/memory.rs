//! A disk that is a table of names: for tests, and for whoever has the bytes already.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Disk, Entry, Source, What};

/// Files by path, without links.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Held>,
    closed: BTreeSet<PathBuf>,
}

#[derive(Clone, Debug)]
enum Held {
    Bytes(Arc<[u8]>),
    Size(u64),
}

impl Held {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => crate::units::number::count(bytes.len()),
            Self::Size(size) => *size,
        }
    }
}

impl Memory {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// The disk with one file more.
    #[must_use]
    pub fn file(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), Held::Bytes(bytes.into().into()));
        self
    }

    /// The disk with one file more, whose bytes nobody will ask for.
    #[must_use]
    pub fn sized(mut self, path: &str, size: u64) -> Self {
        self.files.insert(path.into(), Held::Size(size));
        self
    }

    /// The disk without a file.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        self.files.remove(Path::new(path));
        self
    }

    /// The disk with a file or a directory that may not be read.
    #[must_use]
    pub fn closed(mut self, path: &str) -> Self {
        self.closed.insert(path.into());
        self
    }

    fn allow(&self, path: &Path) -> io::Result<()> {
        if self.closed.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }
}

impl Disk for Memory {
    fn look(&self, path: &Path) -> io::Result<What> {
        if let Some(held) = self.files.get(path) {
            return Ok(What::File(held.len()));
        }
        let inside = self.files.keys().any(|file| file.starts_with(path));
        if inside { Ok(What::Directory) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        self.allow(path)?;
        let mut entries = BTreeMap::new();
        for (file, held) in &self.files {
            let Ok(rest) = file.strip_prefix(path) else { continue };
            let mut parts = rest.iter();
            let Some(name) = parts.next() else { continue };
            let deeper = parts.next().is_some();
            let what = if deeper { What::Directory } else { What::File(held.len()) };
            entries.insert(name.to_owned(), what);
        }
        let entry = |(name, what)| Entry { name, what, link: false };
        Ok(entries.into_iter().map(entry).collect())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        self.allow(path)?;
        match self.files.get(path) {
            Some(Held::Bytes(bytes)) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Some(Held::Size(_)) => Err(io::Error::other("only the size of this file is known")),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        self.look(path).map(|_| path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_what_files_lie_in() {
        let disk = Memory::new().sized("t/a/b", 5).file("t/c", "xy");
        assert_eq!(disk.look(Path::new("t/a")).unwrap(), What::Directory);
        assert_eq!(disk.look(Path::new("t/c")).unwrap(), What::File(2));
        let names: Vec<_> = disk.list(Path::new("t")).unwrap();
        assert_eq!(names.len(), 2);
        assert_eq!((names[0].what, names[1].what), (What::Directory, What::File(2)));
    }
}
