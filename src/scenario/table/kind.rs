//! What kind of files a table has: their format and their compression.

use crate::diagnostic::Code;
use crate::models::format as rates;
use crate::scenario::conf::Origin;
use crate::scenario::meaning::Meaning;
use crate::scenario::shape::TableFile;
use crate::spark::Version;
use crate::spark::format::Format;

pub(super) fn format(
    meaning: &mut Meaning<'_>,
    version: Version,
    name: &str,
    file: &TableFile,
    told: Option<&str>,
) -> Option<Format> {
    let known = Format::ALL.map(Format::name);
    let Some(written) = file.format.as_deref().or(told) else {
        let message = format!("the format of table `{name}` is not known");
        let problem =
            meaning.about(Code::MissingField, &["tables", name], message, "the files do not tell");
        meaning.problems.push(problem.help(format!("add `format`: {}", known.join(", "))));
        return None;
    };
    let Some(format) = Format::named(written) else {
        let message = format!("there is no format `{written}`");
        let label = format!("one of {}", known.join(", "));
        let path = ["tables", name, "format"];
        let problem = meaning.about(Code::UnknownName, &path, message, &label);
        let problem = match written {
            "delta" => problem.help("a Delta table is given by its `path`; leave the format away"),
            _ => problem.suggest(written, known),
        };
        meaning.problems.push(problem);
        return None;
    };
    if format == Format::Xml && !format.built_in(version) {
        let message = format!("Spark {version} has no format `xml` of its own");
        let label = "built in since Spark 4.0";
        meaning.problem(Code::Unsupported, &["tables", name, "format"], message, label);
        return None;
    }
    Some(format)
}

/// The compression, by the catalog's name: as written, or as the file's name says, or the format's
/// default.
pub(super) fn codec(
    meaning: &mut Meaning<'_>,
    name: &str,
    file: &TableFile,
    format: Format,
    end: &str,
) -> Option<String> {
    let path = ["tables", name, "codec"];
    let Some(rates) = rates::find(format.name()) else {
        return Some(file.codec.clone().unwrap_or_else(|| "none".to_owned()));
    };
    if let Some(written) = &file.codec
        && rates.codec(written).is_none()
    {
        let known: Vec<&str> = rates.codec.iter().map(|it| it.name.as_str()).collect();
        let message = format!("there is no rate for {} with `{written}`", format.name());
        let problem = meaning.about(Code::UnknownName, &path, message, "read here");
        let problem = problem.suggest(written, known.iter().copied());
        meaning.problems.push(problem.help(format!("measured: {}", known.join(", "))));
        return None;
    }
    let by_name = rates.codec_of(end);
    let default = || (by_name.to_owned(), Origin::Default(format!("the name ends like `{end}`")));
    Some(meaning.pick(&path, file.codec.clone(), default))
}
