//! The CSV files of an S3 inventory: no heading, keys URL-encoded, columns as they were chosen.
//!
//! Bucket and key come first; where all versions are listed, `VersionId`, `IsLatest` and
//! `IsDeleteMarker` follow; then the chosen fields, the size before all others
//! (docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html, read 2026-11-20).
//! A heading that somebody put on top, such as the `fileSchema` of the manifest, is used.

use super::line::{Said, object};
use crate::evidence::names;

/// Where the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    key: usize,
    size: usize,
    latest: Option<usize>,
    deleted: Option<usize>,
}

impl Layout {
    /// Tells the columns from one line, a heading or a record; `None` where they cannot be told.
    pub(super) fn of(line: &str) -> Option<Self> {
        let fields = fields(line)?;
        let truth = |at: usize| fields.get(at).is_some_and(|it| it == "true" || it == "false");
        let named = |name: &str| fields.iter().position(|it| it.trim().eq_ignore_ascii_case(name));
        if let (Some(key), Some(size)) = (named("key"), named("size")) {
            let (latest, deleted) = (named("islatest"), named("isdeletemarker"));
            return Some(Self { key, size, latest, deleted });
        }
        if truth(3) && truth(4) {
            return Some(Self { key: 1, size: 5, latest: Some(3), deleted: Some(4) });
        }
        fields.get(2)?.parse::<u64>().ok()?;
        Some(Self { key: 1, size: 2, latest: None, deleted: None })
    }

    pub(super) fn read(&self, line: &str) -> Said {
        let Some(fields) = fields(line) else { return Said::Bad("a quote that does not end") };
        let (Some(key), Some(size)) = (fields.get(self.key), fields.get(self.size)) else {
            return Said::Bad("too few columns");
        };
        if key.trim().eq_ignore_ascii_case("key") && size.trim().eq_ignore_ascii_case("size") {
            return Said::Nothing;
        }
        let Some(key) = names::decode_uri(&key.replace('+', " ")) else {
            return Said::Bad("a key that is not UTF-8");
        };
        let says =
            |at: Option<usize>, what| at.and_then(|at| fields.get(at)).is_some_and(|it| it == what);
        if says(self.deleted, "true") {
            return Said::Deleted(key);
        }
        match object(size, &key) {
            Said::Object(key, bytes) if says(self.latest, "false") => Said::OldVersion(key, bytes),
            said => said,
        }
    }
}

/// The fields of one line of CSV; `None` where a quote does not end.
fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let field = fields.last_mut()?;
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => field.push(letter),
        }
    }
    (!quoted).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_the_first_line() {
        let plain = r#""b","t/k%3D1/a+b%2Bc","123","2024-05-01T09:30:00.000Z""#;
        let layout = Layout::of(plain).unwrap();
        assert_eq!(layout.read(plain), Said::Object("t/k=1/a b+c".into(), 123));
        let versions =
            |latest, deleted, size| format!(r#""b","a","v1","{latest}","{deleted}","{size}""#);
        let layout = Layout::of(&versions("true", "false", "7")).unwrap();
        assert_eq!(layout.read(&versions("true", "false", "7")), Said::Object("a".into(), 7));
        assert_eq!(layout.read(&versions("false", "false", "7")), Said::OldVersion("a".into(), 7));
        assert_eq!(layout.read(&versions("true", "true", "")), Said::Deleted("a".into()));
        let heading = "Bucket, Key, ETag, Size";
        let layout = Layout::of(heading).unwrap();
        assert_eq!(layout.read(heading), Said::Nothing);
        assert_eq!(layout.read(r#""b","a,""b""","e","9""#), Said::Object("a,\"b\"".into(), 9));
    }

    #[test]
    fn what_has_no_size_is_no_inventory() {
        assert_eq!(Layout::of(r#""b","a","2024-05-01T09:30:00.000Z""#), None);
        assert_eq!(Layout::of("plain text"), None);
        assert_eq!(Layout::of(r#""b","a","#), None);
        let layout = Layout::of("b,a,1").unwrap();
        for bad in ["b,a", "b,a,x", r#"b,"a,1"#, "b,%FF,1", "b,,1"] {
            assert!(matches!(layout.read(bad), Said::Bad(_)), "{bad}");
        }
    }
}
