//! What the name of a file or of a directory says: partition, suffix, format. Which names are hidden
//! is said by [`crate::spark::listing`].
//!
//! The rules are Spark's: `PartitioningUtils.parsePartitionColumn` (sql).

/// The name that stands for a null value in a `key=value` directory.
pub const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// One `key=value` directory: the column, and its value where it is not null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The column, unescaped.
    pub column: String,
    /// The value, unescaped, as text; `None` is null.
    pub value: Option<String>,
}

/// Reads a directory name; `None` where it is no pair. An empty column or value is an error that
/// says which of them is empty.
pub fn pair(name: &str) -> Option<Result<Pair, &'static str>> {
    let (column, value) = name.split_once('=')?;
    Some(match (column.is_empty(), value.is_empty()) {
        (true, _) => Err("column"),
        (_, true) => Err("value"),
        _ => Ok(Pair {
            column: unescape(column),
            value: (value != NULL_PARTITION).then(|| unescape(value)),
        }),
    })
}

/// Undoes `%XX`; each stands for one character below 256 (Spark's `unescapePathName`).
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        plain.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).and_then(hex);
        plain.push(code.map_or('%', char::from));
        rest = &rest[at + if code.is_some() { 3 } else { 1 }..];
    }
    plain.push_str(rest);
    plain
}

/// Undoes `%XX` where each stands for one byte of UTF-8, as in URIs; `None` where that is no text.
pub fn decode_uri(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3).and_then(hex)).flatten();
        plain.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(plain).ok()
}

fn hex(digits: &str) -> Option<u8> {
    let all = digits.bytes().all(|it| it.is_ascii_hexdigit());
    if all { u8::from_str_radix(digits, 16).ok() } else { None }
}

/// Endings that say how a file is compressed, within a text file's name or before a format.
const CODECS: &[&str] = &[
    "gz", "gzip", "bz2", "lz4", "snappy", "zst", "zstd", "deflate", "zlib", "xz", "zip", "lzo",
    "brotli", "br", "Z", "GZ",
];

/// Endings and the format that Spark calls by this name.
#[rustfmt::skip] // One row each.
const FORMATS: &[(&str, &str)] = &[
    ("parquet", "parquet"), ("parq", "parquet"),
    ("orc", "orc"),
    ("avro", "avro"),
    ("csv", "csv"), ("tsv", "csv"), ("psv", "csv"),
    ("json", "json"), ("jsonl", "json"), ("ndjson", "json"),
    ("xml", "xml"),
    ("txt", "text"), ("text", "text"),
];

/// The part of a name that tells format and codec: `.snappy.parquet`, `.csv.gz`, `.log`, or nothing.
pub fn suffix(name: &str) -> &str {
    let Some((stem, last)) = name.rsplit_once('.') else { return "" };
    let Some((front, before)) = stem.rsplit_once('.') else { return &name[stem.len()..] };
    let codec_first = format_of(last).is_some() && CODECS.contains(&before);
    let codec_last = CODECS.contains(&last) && format_of(before).is_some();
    let kept = if codec_first || codec_last { front } else { stem };
    &name[kept.len()..]
}

/// The format that a suffix tells, by Spark's name for it.
pub fn format(suffix: &str) -> Option<&'static str> {
    suffix.rsplit('.').find_map(format_of)
}

fn format_of(ending: &str) -> Option<&'static str> {
    let ending = ending.to_ascii_lowercase();
    FORMATS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_unescaped_character_by_character() {
        let read = |name| pair(name).unwrap().unwrap();
        assert_eq!(read("a=x%2Fy%3A").value.unwrap(), "x/y:");
        assert_eq!(read("a%3Db=c=d"), Pair { column: "a=b".into(), value: Some("c=d".into()) });
        assert_eq!(read("a=__HIVE_DEFAULT_PARTITION__").value, None);
        assert_eq!(read("a=100%").value.unwrap(), "100%");
        assert_eq!(read("a=%zz%4").value.unwrap(), "%zz%4");
        assert_eq!(read("a=%E9é%").value.unwrap(), "éé%");
        assert_eq!(pair("plain"), None);
        assert_eq!((pair("=x"), pair("x=")), (Some(Err("column")), Some(Err("value"))));
    }

    #[test]
    fn uris_are_decoded_as_utf8() {
        assert_eq!(decode_uri("a%20b%C3%A9").unwrap(), "a bé");
        assert_eq!(decode_uri("100%25+").unwrap(), "100%+");
        assert_eq!(decode_uri("%"), Some("%".into()));
        assert_eq!(decode_uri("%FF"), None);
    }

    #[test]
    fn suffixes_tell_the_format() {
        let told = |name| (suffix(name), format(suffix(name)));
        assert_eq!(told("part-0-c000.snappy.parquet"), (".snappy.parquet", Some("parquet")));
        assert_eq!(told("a.b.csv.gz"), (".csv.gz", Some("csv")));
        assert_eq!(told("events.2024.JSON"), (".JSON", Some("json")));
        assert_eq!(told("a.log"), (".log", None));
        assert_eq!(told("a.gz"), (".gz", None));
        assert_eq!(told("part-00000"), ("", None));
        assert_eq!(told("a.b.log.gz"), (".gz", None));
    }
}
