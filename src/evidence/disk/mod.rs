//! The one way to files: look, list and open; nothing is ever written.

use std::ffi::OsString;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

mod local;
pub mod memory;

pub use local::Local;
pub use memory::Memory;

/// What stands at a path, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A file of this many bytes; sockets and the like are files without bytes, as for Java.
    File(u64),
    /// A directory.
    Directory,
    /// A link to nothing, or a file that went away while it was looked at.
    Gone,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its own name.
    pub name: OsString,
    /// What it is, links followed.
    pub what: What,
    /// Whether it is a symbolic link.
    pub link: bool,
}

/// A file that is open for reading.
pub trait Source: Read + Seek + Send {}

impl<T: Read + Seek + Send> Source for T {}

/// A place where files are. Only for reading.
pub trait Disk: Send + Sync {
    /// What stands at the path; an error where nothing does.
    fn look(&self, path: &Path) -> io::Result<What>;
    /// The entries of a directory, in any order.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;
    /// Opens a file at its start.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>>;
    /// The path with all its links followed.
    fn real(&self, path: &Path) -> io::Result<PathBuf>;
}
