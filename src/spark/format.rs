//! Which files Spark cuts: by format, options, and the suffix of the name.
//!
//! Source: `isSplitable` of each `FileFormat`, `TextBasedFileFormat` and `Utils.isFileSplittable`
//! (sql/core), and Hadoop's `CompressionCodecFactory.getCodec`. Spark 3.5 ships Hadoop 3.3, which
//! looks for a suffix letter by letter; Spark 4.0 and 4.1 ship Hadoop 3.4, where `.GZ` is `.gz`
//! (HADOOP-18029). Both asked with real Spark 3.5.9 and 4.1.4.

use super::Version;

/// The format of the files of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Apache Parquet.
    Parquet,
    /// Apache ORC.
    Orc,
    /// Apache Avro.
    Avro,
    /// Comma-separated values.
    Csv,
    /// JSON, one object a line unless `multiLine`.
    Json,
    /// Lines of text, or whole files with `wholetext`.
    Text,
    /// XML, built in since 4.0.
    Xml,
    /// One row a file.
    BinaryFile,
}

/// An option of a reader that keeps files whole where it is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeFileOption {
    /// How it is written, in any case.
    pub name: &'static str,
    /// What it is unless set. Spark reads XML with records over many lines unless told otherwise
    /// (`XmlOptions.multiLine`), so by default it never cuts XML.
    pub default: bool,
}

/// The suffixes by which stock Hadoop recognises a compressed file, and whether its codec can
/// start in the middle of a file.
const CODECS: [(&str, bool); 6] = [
    (".bz2", true),
    (".deflate", false),
    (".gz", false),
    (".lz4", false),
    (".snappy", false),
    (".zst", false),
];

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Parquet,
        Self::Orc,
        Self::Avro,
        Self::Csv,
        Self::Json,
        Self::Text,
        Self::Xml,
        Self::BinaryFile,
    ];

    /// The name under which Spark knows it: `spark.read.format(…)`, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// The name under which Spark knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Orc => "orc",
            Self::Avro => "avro",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Text => "text",
            Self::Xml => "xml",
            Self::BinaryFile => "binaryFile",
        }
    }

    /// Whether this version of Spark reads it without a package that it does not ship.
    pub fn built_in(self, version: Version) -> bool {
        match self {
            Self::Avro => false,
            Self::Xml => version >= Version::V4_0,
            _ => true,
        }
    }

    /// The option with which a record may be longer than a line, and files are not cut.
    pub const fn whole_file_option(self) -> Option<WholeFileOption> {
        match self {
            Self::Csv | Self::Json => Some(WholeFileOption { name: "multiLine", default: false }),
            Self::Xml => Some(WholeFileOption { name: "multiLine", default: true }),
            Self::Text => Some(WholeFileOption { name: "wholetext", default: false }),
            Self::Parquet | Self::Orc | Self::Avro | Self::BinaryFile => None,
        }
    }

    /// Whether Spark may cut a file of this name. `whole_files` is whether the option
    /// [`whole_file_option`](Self::whole_file_option) is true.
    pub fn splittable(self, file_name: &str, whole_files: bool, version: Version) -> bool {
        match self {
            Self::Parquet | Self::Orc | Self::Avro => true,
            Self::BinaryFile => false,
            Self::Csv | Self::Json | Self::Text | Self::Xml => {
                !whole_files && codec(file_name, version).is_none_or(|(_, splittable)| splittable)
            }
        }
    }
}

/// The suffix by which Hadoop takes a file for a compressed one, or nothing. Files with other
/// suffixes (`.zip`, `.xz`, `.gzip`) are cut, and then read as if they were text.
pub fn codec_suffix(file_name: &str, version: Version) -> Option<&'static str> {
    codec(file_name, version).map(|(suffix, _)| suffix)
}

fn codec(file_name: &str, version: Version) -> Option<(&'static str, bool)> {
    CODECS.into_iter().find(|(suffix, _)| {
        let name = file_name.as_bytes();
        let stem = name.len().saturating_sub(suffix.len());
        let end = &name[stem..];
        let same = match version {
            Version::V3_5 => end == suffix.as_bytes(),
            Version::V4_0 | Version::V4_1 => end.eq_ignore_ascii_case(suffix.as_bytes()),
        };
        // A name that is nothing but a suffix has none.
        stem > 0 && same
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bzip2_can_be_read_from_the_middle() {
        let cut = |name: &str| Format::Csv.splittable(name, false, Version::V4_1);
        for whole in ["a.csv.gz", "a.lz4", "a.snappy", "a.zst", "a.deflate", "a..gz", "漢.gz"] {
            assert!(!cut(whole), "{whole}");
        }
        for known in ["a.bz2", "a.csv", "a", "", "a.zstd", "a.gzip", "a.zip", "a.xz", "a.gz.1"] {
            assert!(cut(known), "{known}");
        }
    }

    #[test]
    fn capitals_count_since_hadoop_3_4() {
        let found = |name| Version::ALL.map(|it| codec_suffix(name, it));
        assert_eq!(found("a.GZ"), [None, Some(".gz"), Some(".gz")]);
        assert_eq!(found("a.csv.Bz2"), [None, Some(".bz2"), Some(".bz2")]);
        assert_eq!(found("a.bz2.gz"), [Some(".gz"); 3]);
        assert_eq!([found(".gz"), found("gz"), found("a.xgz")], [[None; 3]; 3]);
    }

    #[test]
    fn columnar_files_are_always_cut_and_binary_files_never() {
        for format in [Format::Parquet, Format::Orc, Format::Avro] {
            assert!(format.splittable("a.gz", true, Version::V3_5));
        }
        assert!(!Format::BinaryFile.splittable("a", false, Version::V3_5));
    }

    #[test]
    fn records_longer_than_a_line_keep_their_file_whole() {
        for format in Format::ALL {
            let whole = !format.splittable("a", true, Version::V4_1);
            let option = format.whole_file_option().is_some() || format == Format::BinaryFile;
            assert_eq!(whole, option, "{format:?}");
            assert_eq!(Format::named(&format.name().to_uppercase()), Some(format));
        }
        assert_eq!(Format::named("delta"), None);
        assert!(!Format::Xml.built_in(Version::V3_5) && Format::Xml.built_in(Version::V4_0));
    }
}
