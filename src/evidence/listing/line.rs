//! One line of a listing, in each of the forms that are known.

use super::inventory::Layout;

/// What a line of a listing says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An object or a file, and its bytes.
    Object(String, u64),
    /// An old version of an object.
    OldVersion(String, u64),
    /// The mark of a deleted object.
    Deleted(String),
    /// Nothing that matters: a directory, a heading, a blank line.
    Nothing,
    /// How many objects the listing has.
    Total(u64),
    /// A size that was rounded for people.
    Rounded,
    /// The line cannot be read, and why.
    Bad(&'static str),
}

/// The forms of listings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `aws s3 ls --recursive`.
    Aws,
    /// `hdfs dfs -ls -R`.
    Hdfs,
    /// `gcloud storage ls -l -r`, and `gsutil ls -l -r`, which prints the same.
    Gcloud,
    /// A CSV file of an S3 inventory.
    Inventory,
}

impl Form {
    /// The command or the report that makes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "`aws s3 ls --recursive`",
            Self::Hdfs => "`hdfs dfs -ls -R`",
            Self::Gcloud => "`gcloud storage ls -l -r`",
            Self::Inventory => "an S3 inventory",
        }
    }

    pub(super) fn read(self, line: &str, layout: Option<&Layout>) -> Said {
        match self {
            _ if line.trim().is_empty() => Said::Nothing,
            Self::Aws => aws(line),
            Self::Hdfs => hdfs(line),
            Self::Gcloud => gcloud(line),
            Self::Inventory => layout.map_or(Said::Bad("no columns"), |layout| layout.read(line)),
        }
    }
}

/// `2024-05-01 09:30:00       1234 some/key with spaces`; the key stands after one space.
fn aws(line: &str) -> Said {
    let start = line.trim_start();
    if let Some(count) = start.strip_prefix("Total Objects:") {
        return count.trim().parse().map_or(Said::Bad("no number of objects"), Said::Total);
    }
    if start.starts_with("Total Size:") {
        return Said::Nothing;
    }
    if start.starts_with("PRE ") {
        return Said::Bad("a folder that was not listed; list with --recursive");
    }
    let Some((moment, rest)) = line.split_at_checked(19) else { return Said::Bad("too short") };
    if !shaped(moment, "0000-00-00 00:00:00") {
        return Said::Bad("no date and time at its start");
    }
    let Some((size, key)) = rest.trim_start_matches(' ').split_once(' ') else {
        return Said::Bad("no key after the size");
    };
    let unit = key.split(' ').next().unwrap_or_default();
    if size.parse::<f64>().is_ok()
        && matches!(unit, "Byte" | "Bytes" | "KiB" | "MiB" | "GiB" | "TiB" | "PiB")
    {
        return Said::Rounded;
    }
    object(size, key)
}

/// `-rw-r--r--   3 user group   1234 2024-05-01 09:30 /some/path with spaces`.
fn hdfs(line: &str) -> Said {
    if line.starts_with("Found ") && line.ends_with(" items") {
        return Said::Nothing;
    }
    let Some(([mode, _, _, _, size], rest)) = fields::<5>(line) else {
        return Said::Bad("too few fields");
    };
    let kind = mode.as_bytes()[0];
    if mode.len() < 10 || !mode.bytes().skip(1).all(|it| b"rwxsStT-+.".contains(&it)) {
        return Said::Bad("no file mode at its start");
    }
    let Some(([date, time], path)) = fields::<2>(rest) else { return Said::Bad("too few fields") };
    if !shaped(date, "0000-00-00") || !shaped(time, "00:00") {
        let unit = matches!(date, "K" | "M" | "G" | "T" | "P" | "E");
        return if unit { Said::Rounded } else { Said::Bad("no date and time after the size") };
    }
    match kind {
        b'd' if !path.is_empty() => Said::Nothing,
        b'-' => object(size, path),
        _ => Said::Bad("neither a file nor a directory"),
    }
}

/// `      1234  2024-05-01T09:30:00Z  gs://bucket/some/key`.
fn gcloud(line: &str) -> Said {
    let start = line.trim_start();
    if start.starts_with("TOTAL:") || (start.starts_with("gs://") && start.ends_with([':', '/'])) {
        return Said::Nothing;
    }
    let Some(([size, moment], key)) = fields::<2>(line) else { return Said::Bad("too few fields") };
    if !moment.get(..19).is_some_and(|it| shaped(it, "0000-00-00T00:00:00")) {
        return Said::Bad("no date and time after the size");
    }
    let key = key.trim_start_matches(' ');
    if !key.starts_with("gs://") {
        return Said::Bad("no gs:// address at its end");
    }
    if size.ends_with(['B', 'b']) {
        return Said::Rounded;
    }
    object(size, key)
}

pub(super) fn object(size: &str, key: &str) -> Said {
    match size.parse::<u64>() {
        _ if key.is_empty() => Said::Bad("no name"),
        Ok(bytes) if bytes <= crate::units::Bytes::MAX.get() => Said::Object(key.to_owned(), bytes),
        Ok(_) => Said::Bad("a size that no file has"),
        Err(_) => Said::Bad("no number of bytes where the size stands"),
    }
}

/// The first fields, parted by spaces, and what follows after one space more.
fn fields<const N: usize>(line: &str) -> Option<([&str; N], &str)> {
    let mut fields = [""; N];
    let mut rest = line;
    for field in &mut fields {
        rest = rest.trim_start_matches(' ');
        let end = rest.find(' ').unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        (*field, rest) = rest.split_at(end);
    }
    Some((fields, rest.strip_prefix(' ').unwrap_or(rest)))
}

/// Whether the text has the shape: a digit where the shape has one, else the same character.
fn shaped(text: &str, shape: &str) -> bool {
    let same = |(it, like): (u8, u8)| if like == b'0' { it.is_ascii_digit() } else { it == like };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(key: &str, bytes: u64) -> Said {
        Said::Object(key.into(), bytes)
    }

    #[test]
    fn lines_of_aws() {
        assert_eq!(aws("2013-09-02 21:37:53         10 a.txt"), object("a.txt", 10));
        assert_eq!(
            aws("2013-09-02 21:37:53 5368709120  two  spaces"),
            object(" two  spaces", 5_368_709_120)
        );
        assert_eq!(aws("Total Objects: 10"), Said::Total(10));
        assert_eq!(aws("   Total Size: 2.9 MiB"), Said::Nothing);
        assert_eq!(aws("2013-09-02 21:37:53    2.9 MiB a"), Said::Rounded);
        assert_eq!(aws("2013-09-02 21:37:53   10 Bytes a"), Said::Rounded);
        for bad in [
            "                           PRE a/",
            "",
            "2013-09-02 21:37:53",
            "é2013-09-02 21:37:5",
            "2013-09-02 21:37:53 x a",
            "2013-09-02 21:37:53 99999999999999999999 a",
        ] {
            assert!(matches!(aws(bad), Said::Bad(_)), "{bad}");
        }
    }

    #[test]
    fn lines_of_hdfs() {
        let file = "-rw-r--r--   3 me us   1234 2024-05-01 09:30 /t/a b";
        assert_eq!(hdfs(file), object("/t/a b", 1234));
        assert_eq!(hdfs("drwxr-xr-t+  - me us 0 2024-05-01 09:30 /t"), Said::Nothing);
        assert_eq!(hdfs("Found 3 items"), Said::Nothing);
        assert_eq!(hdfs("-rw-r--r--   3 me us  1.2 K 2024-05-01 09:30 /t/a"), Said::Rounded);
        for bad in [
            "ls: Permission denied",
            "-rw-r--r--   3 me us   1234 2024-05-01 09:30",
            "x",
            "- - - - - - - -",
        ] {
            assert!(matches!(hdfs(bad), Said::Bad(_)), "{bad}");
        }
    }

    #[test]
    fn lines_of_gcloud() {
        assert_eq!(gcloud("   7  2024-05-01T09:30:00Z  gs://b/a b"), object("gs://b/a b", 7));
        assert_eq!(gcloud("gs://b/dir/:"), Said::Nothing);
        assert_eq!(gcloud("TOTAL: 1 objects, 7 bytes (7B)"), Said::Nothing);
        assert_eq!(gcloud("1.2MiB  2024-05-01T09:30:00Z  gs://b/a"), Said::Rounded);
        assert!(matches!(gcloud("   7  2024-05-01  gs://b/a"), Said::Bad(_)));
    }
}
