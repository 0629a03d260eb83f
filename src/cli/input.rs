//! Reads what a person wrote: small enough, a file, and text.

#![expect(clippy::disallowed_methods, reason = "the CLI is where files are opened")]

use std::fs::File;
use std::io::{self, Read, stdin};

use crate::diagnostic::{Code, Diagnostic, SourceId};
use crate::units::Bytes;

use super::findings::{BadInput, Findings};

/// How large a file may be, and what it is called when it is larger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) bytes: Bytes,
    pub(super) what: &'static str,
}

/// For a scenario.
pub(super) const SCENARIO: Limit = Limit { bytes: Bytes::mib(16), what: "a scenario" };
/// For a file of settings.
pub(super) const PROPERTIES: Limit = Limit { bytes: Bytes::mib(1), what: "a properties file" };

/// For recorded answers of real Spark.
pub(super) const RECORDINGS: Limit = Limit { bytes: Bytes::gib(1), what: "a recording" };

/// What `-` is called in diagnostics.
const STDIN: &str = "<stdin>";

/// Keeps the text of a file, or of standard input for `-`, among the sources.
pub(super) fn text(
    path: &str,
    limit: Limit,
    findings: &mut Findings,
) -> Result<SourceId, BadInput> {
    let name = if path == "-" { STDIN } else { path };
    let bytes = match read(path, limit) {
        Ok(bytes) => bytes,
        Err(error) => return findings.fail(unreadable(name, &error)),
    };
    let Some(bytes) = bytes else { return findings.fail(too_large(name, limit)) };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(findings.sources.add(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => findings.fail(not_text(name, error.utf8_error().valid_up_to())),
    }
}

/// The bytes; nothing where there are too many. No more than the limit is ever held.
fn read(path: &str, limit: Limit) -> io::Result<Option<Vec<u8>>> {
    let most = limit.bytes.get();
    if path == "-" {
        return bounded(stdin().lock(), most);
    }
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if about.len() > most { Ok(None) } else { bounded(file, most) }
}

fn bounded(from: impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|it| u64::try_from(it.len()).is_ok_and(|it| it <= most)))
}

fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::Unreadable, format!("cannot read `{name}`: {error}"));
    match error.kind() {
        io::ErrorKind::IsADirectory => {
            diagnostic.help(format!("`plan init {name}` writes a scenario for what is in there"))
        }
        _ => diagnostic,
    }
}

fn too_large(name: &str, limit: Limit) -> Diagnostic {
    let Limit { bytes, what } = limit;
    Diagnostic::new(
        Code::TooLarge,
        format!("`{name}` is larger than {bytes}, too large for {what}"),
    )
}

fn not_text(name: &str, offset: usize) -> Diagnostic {
    let message = format!("`{name}` is not UTF-8: byte {offset} (counted from 0) begins no letter");
    Diagnostic::new(Code::NotUtf8, message).help("save the file as UTF-8, or pass the right file")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limit = Limit { bytes: Bytes::new(8), what: "a test" };

    fn outcome(path: &str) -> Result<String, Code> {
        let mut findings = Findings::default();
        match text(path, SMALL, &mut findings) {
            Ok(id) => Ok(findings.sources.get(id).text.clone()),
            Err(BadInput) => Err(findings.diagnostics[0].code),
        }
    }

    #[test]
    fn every_way_to_be_no_text_has_its_code() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        assert_eq!(outcome(&file("good", b"12345678")), Ok("12345678".to_owned()));
        assert_eq!(outcome(&file("mark", b"\xef\xbb\xbfab")), Ok("ab".to_owned()));
        assert_eq!(outcome(&file("large", b"123456789")), Err(Code::TooLarge));
        assert_eq!(outcome(&file("bytes", b"ab\xff")), Err(Code::NotUtf8));
        assert_eq!(outcome(folder.path().to_str().unwrap()), Err(Code::Unreadable));
        assert_eq!(outcome("no/such/file"), Err(Code::Unreadable));
        assert_eq!(outcome("a\0b"), Err(Code::Unreadable));
    }

    #[test]
    #[cfg(unix)]
    fn a_file_without_end_is_too_large() {
        assert_eq!(outcome("/dev/zero"), Err(Code::TooLarge));
    }
}
