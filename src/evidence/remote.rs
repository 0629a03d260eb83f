//! Addresses of what lies elsewhere, and the command that makes a listing of it.

use super::problem::{Kind, Problem};

/// Schemes of stores, and the command that lists one, with `{}` for the address.
#[rustfmt::skip] // One row each.
const STORES: &[(&str, &str)] = &[
    ("s3", "aws s3 ls --recursive {}"),
    ("s3a", "aws s3 ls --recursive {}"),
    ("s3n", "aws s3 ls --recursive {}"),
    ("gs", "gcloud storage ls -l -r {}"),
    ("hdfs", "hdfs dfs -ls -R {}"),
    ("viewfs", "hdfs dfs -ls -R {}"),
    ("webhdfs", "hdfs dfs -ls -R {}"),
    ("abfs", "hdfs dfs -ls -R {}"),
    ("abfss", "hdfs dfs -ls -R {}"),
    ("wasb", "hdfs dfs -ls -R {}"),
    ("wasbs", "hdfs dfs -ls -R {}"),
    ("adl", "hdfs dfs -ls -R {}"),
    ("oss", "hdfs dfs -ls -R {}"),
    ("cosn", "hdfs dfs -ls -R {}"),
    ("dbfs", "hdfs dfs -ls -R {}"),
];

/// The local path that an address means, or why it is none here.
pub(crate) fn local(address: &str) -> Result<&str, Problem> {
    if let Some(path) = address.strip_prefix("file:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        return Ok(path.strip_prefix("localhost").unwrap_or(path));
    }
    let Some((scheme, rest)) = address.split_once(':') else { return Ok(address) };
    let store = STORES.iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name));
    let is_scheme = scheme.len() > 1 && scheme.bytes().all(|it| it.is_ascii_alphanumeric());
    match store {
        Some((_, command)) => Err(remote(&command.replace("{}", &quoted(&typed(scheme, rest))))),
        None if rest.starts_with("//") && is_scheme => {
            Err(remote(&format!("hdfs dfs -ls -R {}", quoted(address))))
        }
        None => Ok(address),
    }
}

/// The address as its command takes it: `aws` knows only `s3://`, and lists below a slash.
fn typed(scheme: &str, rest: &str) -> String {
    if scheme.to_ascii_lowercase().starts_with("s3") {
        let rest = rest.trim_end_matches('/');
        return format!("s3:{rest}/");
    }
    format!("{scheme}:{rest}")
}

fn quoted(address: &str) -> String {
    let plain = |it: char| it.is_alphanumeric() || "/:.-_=@".contains(it);
    if address.chars().all(plain) {
        address.to_owned()
    } else {
        format!("'{}'", address.replace('\'', r"'\''"))
    }
}

fn remote(command: &str) -> Problem {
    Problem::new(Kind::Remote, "this lies in a remote store, and `plan` never uses the network").or(
        format!("save a listing with `{command} > listing.txt` and give that file as the table's listing; \
                 of a Delta table copy the `_delta_log` folder instead"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_addresses_are_answered_with_a_command() {
        let way_out = |address| local(address).unwrap_err().way_out.unwrap();
        assert!(
            way_out("s3a://b/t x/").contains("`aws s3 ls --recursive 's3://b/t x/' > listing.txt`")
        );
        assert!(way_out("gs://b/t").contains("`gcloud storage ls -l -r gs://b/t > listing.txt`"));
        assert!(
            way_out("abfss://c@a.dfs.core.windows.net/t").contains("hdfs dfs -ls -R abfss://c@a")
        );
        assert!(way_out("dbfs:/t").contains("hdfs dfs -ls -R dbfs:/t"));
        assert!(way_out("https://x/y").contains("hdfs dfs -ls -R https://x/y"));
    }

    #[test]
    fn local_paths_stay() {
        for (address, path) in [
            ("a/b", "a/b"),
            ("file:///a", "/a"),
            ("file:/a", "/a"),
            ("C:\\a", "C:\\a"),
            ("a:b", "a:b"),
        ] {
            assert_eq!(local(address).unwrap(), path);
        }
    }
}
