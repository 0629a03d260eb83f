//! Which part of a listing is the table: the one that was asked for, or what all files share.

use crate::spark::listing as spark;

/// A path without scheme, bucket and outer slashes: `s3://b/t/` and `/t` are both `t`.
pub(super) fn bare(path: &str) -> &str {
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |it| it.1));
    path.trim_start_matches('/')
}

/// What remains of a key below a root; a root that is the key itself is a table of one file.
pub(super) fn below<'a>(key: &'a str, root: &str) -> Option<&'a str> {
    if root.is_empty() {
        return Some(key);
    }
    let rest = key.strip_prefix(root)?;
    if rest.is_empty() {
        return key.rsplit('/').next();
    }
    rest.strip_prefix('/')
}

/// The directory that all visible files share, up to the first `key=value`.
pub(super) fn shared<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let mut shared: Option<&str> = None;
    for key in keys.filter(|key| !key.split('/').any(spark::hidden)) {
        let directory = key.rsplit_once('/').map_or("", |(directory, _)| directory);
        shared = Some(shared.map_or(directory, |it| common(it, directory)));
    }
    let shared = shared.unwrap_or_default();
    let plain = |part: &&str| !part.contains('=');
    shared.split('/').take_while(plain).collect::<Vec<_>>().join("/")
}

fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let mut end = 0;
    let mut start = 0;
    for (a, b) in one.split('/').zip(other.split('/')) {
        if a != b {
            break;
        }
        end = start + a.len();
        start = end + 1;
    }
    &one[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_directory_ends_before_the_partitions() {
        let shared = |keys: &[&str]| shared(keys.iter().copied());
        assert_eq!(shared(&["w/t/k=1/a", "w/t/k=1/b"]), "w/t");
        assert_eq!(shared(&["w/t/a", "w/tt/b"]), "w");
        assert_eq!(shared(&["w/t/a", "w/t/b", "z/_tmp/c"]), "w/t");
        assert_eq!(shared(&["a", "b"]), "");
        assert_eq!(shared(&["", "é/a"]), "");
        assert_eq!(shared(&[]), "");
    }

    #[test]
    fn roots_select_whole_names() {
        assert_eq!(below("t/a", "t"), Some("a"));
        assert_eq!(below("tt/a", "t"), None);
        assert_eq!(below("t/a", "t/a"), Some("a"));
        assert_eq!(below("t/a", ""), Some("t/a"));
        assert_eq!([bare("s3://b/t/"), bare("/t/a"), bare("s3://b")], ["t/", "t/a", ""]);
    }
}
