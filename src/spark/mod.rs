//! What does Spark decide? Pure functions of settings and sizes, per version, with no estimate in
//! them: what cannot be known exactly is an argument.
//!
//! Each file names the class of Spark whose decision it repeats. Numbers are kept in the types that
//! Spark uses for them (`long`, `int`, `double`), so that they round and refuse as they do there.

pub mod adaptive;
pub mod container;
pub mod files;
pub mod format;
pub mod hashing;
pub mod heap;
pub mod listing;
pub mod map_status;
pub mod memory;
pub mod parallelism;
pub mod placement;

use std::fmt;

/// A Spark release line whose decisions are known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Spark 3.5.
    V3_5,
    /// Spark 4.0.
    V4_0,
    /// Spark 4.1.
    #[default]
    V4_1,
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::V3_5, Self::V4_0, Self::V4_1];

    /// The line of a release such as `3.5.9`, `4.1` or `4.0.0-preview2`; nothing for others.
    pub fn of(release: &str) -> Option<Self> {
        let mut parts = release.trim().splitn(3, '.');
        match (parts.next()?, parts.next()?) {
            ("3", "5") => Some(Self::V3_5),
            ("4", "0") => Some(Self::V4_0),
            ("4", "1") => Some(Self::V4_1),
            _ => None,
        }
    }

    /// `3.5`, `4.0` or `4.1`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3_5 => "3.5",
            Self::V4_0 => "4.0",
            Self::V4_1 => "4.1",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_release_names_its_line() {
        assert_eq!(Version::of("3.5.9"), Some(Version::V3_5));
        assert_eq!(Version::of("4.0.0-preview2"), Some(Version::V4_0));
        assert_eq!(Version::of("4.1"), Some(Version::V4_1));
        for other in ["", "4", "3.50.1", "4.2.0", "four"] {
            assert_eq!(Version::of(other), None, "{other}");
        }
        assert!(Version::V3_5 < Version::V4_0 && Version::V4_0 < Version::V4_1);
        assert_eq!(Version::ALL.map(|it| Version::of(it.name())), Version::ALL.map(Some));
    }
}
