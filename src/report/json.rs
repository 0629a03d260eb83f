//! JSON: the facts as they stand, and their schema.

use super::{Format, Options, Report};

pub(super) const FORMAT: Format = Format { name: "json", write };

fn write(report: &Report, _: Options) -> String {
    pretty(report)
}

/// Facts or a schema as JSON, a field a line.
pub fn pretty(facts: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(facts)
        .expect("facts are structs, lists, texts and numbers, and all of these are JSON");
    text.push('\n');
    text
}

/// The JSON Schema of a report.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).into()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_version_stands_first_and_what_was_not_asked_for_is_not_there() {
        let text = write(&sample::twenty_nodes(), Options::default());
        assert!(text.starts_with("{\n  \"version\": 1,\n  \"scenario\": \"twenty-nodes\""));
        assert!(!text.contains("\"resolved\"") && !text.contains("\"timeline\""));
    }

    #[test]
    fn the_schema_describes_every_field() {
        let schema = schema();
        let value = serde_json::to_value(sample::aggregate()).expect("facts are JSON");
        for field in value.as_object().expect("a report is an object").keys() {
            assert!(schema["properties"][field]["description"].is_string(), "{field}");
        }
    }
}
