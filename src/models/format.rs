//! File formats: what reading and writing them costs, measured on real Spark.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::Measured;

#[rustfmt::skip] // One row each.
static FILES: &[(&str, &str)] = &[
    ("formats/binaryFile.toml", include_str!("../../models/formats/binaryFile.toml")),
    ("formats/csv.toml", include_str!("../../models/formats/csv.toml")),
    ("formats/json.toml", include_str!("../../models/formats/json.toml")),
    ("formats/orc.toml", include_str!("../../models/formats/orc.toml")),
    ("formats/parquet.toml", include_str!("../../models/formats/parquet.toml")),
    ("formats/text.toml", include_str!("../../models/formats/text.toml")),
];

/// A file format.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Spark's name for it.
    pub name: String,
    /// `always`, `by-suffix` or `never`; Spark's own rule decides, this is for people.
    pub splittable: String,
    /// `all-columns`, or `needed-columns` where the others are skipped.
    pub reads: String,
    /// The compression that Spark writes by default, by version.
    pub default_codec: BTreeMap<String, String>,
    /// How the numbers were measured.
    pub source: String,
    /// When.
    pub measured: String,
    /// On what.
    pub machine: String,
    /// Seconds of processor time that opening and closing one file takes.
    pub open_seconds_per_file: Measured,
    /// Its compressions.
    pub codec: Vec<Codec>,
}

/// A format with one compression.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codec {
    /// Its name, as Spark's `compression` option takes it.
    pub name: String,
    /// How the names of such files end.
    pub suffixes: Vec<String>,
    /// Whether such files can be cut; Spark's own rule decides, this is for people.
    pub splittable: bool,
    /// Bytes of file that one core decodes in a second.
    pub decode_bytes_per_second: Measured,
    /// The same by the bytes of the rows that come out.
    pub decode_row_bytes_per_second: Measured,
    /// `decode_bytes_per_second` where a quarter of the columns is read, for each byte that is touched; nothing
    /// where there are no columns to leave out.
    pub pruned_decode_bytes_per_second: Option<Measured>,
    /// Bytes of file that one core writes in a second; nothing where Spark cannot write it.
    pub encode_bytes_per_second: Option<Measured>,
    /// The same by the bytes of the rows that go in.
    pub encode_row_bytes_per_second: Option<Measured>,
    /// Bytes in Spark's row form for each byte of file.
    pub row_bytes_per_file_byte: Measured,
}

impl Format {
    /// The compression of that name.
    pub fn codec(&self, name: &str) -> Option<&Codec> {
        self.codec.iter().find(|it| it.name.eq_ignore_ascii_case(name))
    }

    /// The compression of a file by how its name ends; what the format is without a suffix if no
    /// ending is known.
    pub fn codec_of(&self, file_name: &str) -> &str {
        let length = |it: &Codec| {
            let ends = it.suffixes.iter().filter(|end| file_name.ends_with(end.as_str()));
            ends.map(String::len).max()
        };
        let best = self.codec.iter().filter_map(|it| Some((length(it)?, it)));
        let best = best.max_by_key(|(length, _)| *length).map(|(_, it)| it.name.as_str());
        let default = if self.reads == "needed-columns" { "snappy" } else { "none" };
        best.unwrap_or(default)
    }
}

fn formats() -> &'static [Format] {
    static LOADED: OnceLock<Vec<Format>> = OnceLock::new();
    LOADED.get_or_init(|| FILES.iter().map(|(name, text)| super::load(name, text)).collect())
}

/// The format of that name; nothing for those that were not measured.
pub fn find(name: &str) -> Option<&'static Format> {
    formats().iter().find(|it| it.name == name)
}

/// What a version of Spark writes by default.
pub fn default_codec(format: &str, version: &str) -> Option<String> {
    find(format)?.default_codec.get(version).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogs_load_and_every_rate_is_a_rate() {
        for format in formats() {
            for codec in &format.codec {
                assert!(codec.decode_bytes_per_second.is_sound(), "{} {}", format.name, codec.name);
                assert!(codec.row_bytes_per_file_byte.is_sound(), "{} {}", format.name, codec.name);
            }
            assert_eq!(format.default_codec.len(), super::super::engine::versions().count());
        }
    }

    #[test]
    fn the_longest_suffix_tells_the_codec() {
        let parquet = find("parquet").expect("it is measured");
        assert_eq!(parquet.codec_of("part-0.zstd.parquet"), "zstd");
        assert_eq!(parquet.codec_of("part-0.parquet"), "snappy");
        assert_eq!(find("csv").expect("it is measured").codec_of("a.csv"), "none");
    }
}
