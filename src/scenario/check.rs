//! Holds a tree against the schema of its types, and reports every slip at once.
//!
//! Serde would stop at its first error; after this check it finds none.

use schemars::schema_for;
use serde_json::Value as Json;

use super::shape::ScenarioFile;
use super::tree::{Node, Table, Value};
use super::written::{QUANTITY, Quantity};
use crate::diagnostic::{Code, Diagnostic, Place};

/// The JSON Schema of a scenario file.
pub fn schema() -> Json {
    schema_for!(ScenarioFile).to_value()
}

/// Every way in which the tree differs from the shape of a scenario.
pub(super) fn check(tree: &Node) -> Vec<Diagnostic> {
    let schema = schema();
    let mut check = Check { definitions: &schema["$defs"], problems: Vec::new() };
    check.node(tree, &schema, "the scenario");
    check.problems
}

struct Check<'a> {
    definitions: &'a Json,
    problems: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    fn node(&mut self, node: &Node, schema: &'a Json, name: &str) {
        let (schema, definition) = self.resolve(schema);
        if definition == "SettingFile" {
            self.setting(node);
        } else if let Some(word) = schema[QUANTITY].as_str() {
            let quantity = Quantity::named(word).expect("the types name their quantities");
            self.quantity(node, schema, quantity, name);
        } else if let Some(choices) = schema["anyOf"].as_array() {
            self.step(node, choices);
        } else if let Some(names) = names(schema) {
            self.one_of(node, &names, name);
        } else {
            self.typed(node, schema, name);
        }
    }

    /// Follows references and takes the null out of optional values.
    fn resolve(&self, schema: &'a Json) -> (&'a Json, &'a str) {
        if let Some(reference) = schema["$ref"].as_str() {
            let definition = reference.rsplit('/').next().expect("a reference has a last part");
            return (self.resolve(&self.definitions[definition]).0, definition);
        }
        match schema["anyOf"].as_array().map(Vec::as_slice) {
            Some([value, null]) if null["type"] == "null" => self.resolve(value),
            _ => (schema, ""),
        }
    }

    fn typed(&mut self, node: &Node, schema: &'a Json, name: &str) {
        match (type_of(schema), &node.value) {
            ("object", Value::Table(table)) => self.table(node.place, table, schema, name),
            ("array", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(item, &schema["items"], &format!("{name}[{index}]"));
                }
            }
            ("string", Value::Text(_)) | ("boolean", Value::Boolean(_)) => {}
            ("integer" | "number", Value::Integer(number)) => {
                self.range(node, schema, crate::units::number::from_long(*number), name);
            }
            ("number", Value::Float(number)) => self.range(node, schema, *number, name),
            (expected, found) => self.wrong_type(node.place, expected, found, name),
        }
    }

    fn wrong_type(&mut self, place: Place, expected: &str, found: &Value, name: &str) {
        let expected_kind = match expected {
            "object" => "a table",
            "array" => "a list",
            "string" => "text",
            "boolean" => "true or false",
            "integer" => "a whole number",
            _ => "a number",
        };
        let message = format!("{} is {}, not {expected_kind}", subject(name), found.kind());
        let problem = Diagnostic::new(Code::WrongType, message)
            .at(place, format!("{expected_kind} belongs here"));
        self.problems.push(match (expected, found) {
            ("string", Value::Integer(_) | Value::Float(_)) => problem.help("write it in quotes"),
            ("integer" | "number", Value::Text(_)) => problem.help("write it without quotes"),
            ("array", _) => problem.help("put it in brackets: `[…]`"),
            _ => problem,
        });
    }

    fn range(&mut self, node: &Node, schema: &Json, number: f64, name: &str) {
        let bound = |keyword: &str| schema[keyword].as_f64();
        let low = bound("minimum").unwrap_or(f64::NEG_INFINITY);
        let high = bound("maximum").unwrap_or(f64::INFINITY);
        if (low..=high).contains(&number) {
            return;
        }
        let label = match (low.is_finite(), high.is_finite()) {
            (true, true) => format!("between {low} and {high}"),
            (true, false) => format!("at least {low}"),
            _ => format!("at most {high}"),
        };
        let message = format!("{} is out of range", subject(name));
        self.problems.push(Diagnostic::new(Code::OutOfRange, message).at(node.place, label));
    }

    fn quantity(&mut self, node: &Node, schema: &Json, quantity: Quantity, name: &str) {
        let text = match &node.value {
            Value::Text(text) if quantity != Quantity::Share => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            other => {
                let expected = if quantity == Quantity::Share { "number" } else { "string" };
                return self.wrong_type(node.place, expected, other, name);
            }
        };
        if let Err(error) = quantity.check(&text) {
            let (code, what) = match quantity {
                Quantity::Share => (Code::OutOfRange, "is out of range"),
                _ => (Code::BadValue, "cannot be read as written"),
            };
            let problem = Diagnostic::new(code, format!("{} {what}", subject(name)));
            self.problems.push(problem.at(node.place, error.to_string()));
        } else if let Value::Integer(number) = node.value {
            self.range(node, schema, crate::units::number::from_long(number), name);
        }
    }

    fn one_of(&mut self, node: &Node, names: &[&str], name: &str) {
        let Value::Text(text) = &node.value else {
            return self.wrong_type(node.place, "string", &node.value, name);
        };
        if names.contains(&text.as_str()) {
            return;
        }
        let message = format!("there is no {name} `{text}`");
        let problem = Diagnostic::new(Code::UnknownName, message)
            .at(node.place, format!("one of {}", names.join(", ")))
            .suggest(text, names.iter().copied());
        self.problems.push(problem);
    }

    fn table(&mut self, place: Place, table: &Table, schema: &'a Json, name: &str) {
        let properties = schema["properties"].as_object();
        let others = schema.get("additionalProperties").filter(|it| it.is_object());
        for (key, entry) in table {
            match (properties.and_then(|it| it.get(key)), others) {
                (Some(property), _) | (None, Some(property)) => {
                    self.node(&entry.node, property, key);
                }
                (None, None) => {
                    let known: Vec<&str> =
                        properties.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
                    let message = format!("{} has no field `{key}`", subject(name));
                    let problem = Diagnostic::new(Code::UnknownField, message)
                        .at(entry.key, "not known here")
                        .suggest(key, known.iter().copied())
                        .help(format!("known here: {}", known.join(", ")));
                    self.problems.push(problem);
                }
            }
        }
        for field in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !table.contains_key(field) {
                self.missing(place, field, &schema["properties"][field], name);
            }
        }
    }

    fn missing(&mut self, place: Place, field: &str, property: &Json, name: &str) {
        let about = property["description"].as_str().unwrap_or("needed here");
        let message = format!("{} needs the field `{field}`", subject(name));
        let whole_file = name == "the scenario";
        let problem = Diagnostic::new(Code::MissingField, message);
        let problem = if whole_file { problem } else { problem.at(place, "not in here") };
        self.problems.push(problem.help(format!("`{field}`: {about}")));
    }

    /// A step is the one alternative whose verb (its first required field) is there.
    fn step(&mut self, node: &Node, choices: &'a [Json]) {
        let Value::Table(table) = &node.value else {
            return self.wrong_type(node.place, "object", &node.value, "a step");
        };
        let alternatives: Vec<(&Json, &str)> = choices
            .iter()
            .map(|it| self.resolve(it).0)
            .filter_map(|it| Some((it, it["required"][0].as_str()?)))
            .collect();
        let verbs: Vec<&str> = alternatives.iter().map(|(_, verb)| *verb).collect();
        let chosen: Vec<_> =
            alternatives.iter().filter(|(_, verb)| table.contains_key(*verb)).collect();
        match chosen.as_slice() {
            [(schema, verb)] => self.table(node.place, table, schema, &step_of(verb)),
            [] => {
                let keys = table.keys().find_map(|key| {
                    crate::diagnostic::nearest(key, verbs.iter().copied()).map(|near| (key, near))
                });
                let problem = Diagnostic::new(Code::MissingField, "this step says nothing to do")
                    .at(node.place, format!("a step has one of {}", verbs.join(", ")));
                self.problems.push(match keys {
                    Some((key, near)) => problem.help(format!("`{key}`: did you mean `{near}`?")),
                    None => problem,
                });
            }
            several => {
                let verbs: Vec<_> = several.iter().map(|(_, verb)| format!("`{verb}`")).collect();
                let message = format!("one step, {} verbs: {}", verbs.len(), verbs.join(" and "));
                let problem = Diagnostic::new(Code::Conflict, message)
                    .at(node.place, "each step does one thing")
                    .help("write one step for each");
                self.problems.push(problem);
            }
        }
    }

    fn setting(&mut self, node: &Node) {
        match &node.value {
            Value::Table(table) => table.values().for_each(|it| self.setting(&it.node)),
            Value::Array(_) => {
                let problem = Diagnostic::new(Code::WrongType, "a setting is not a list")
                    .at(node.place, "Spark takes text")
                    .help("write lists as Spark does, in one text: `\"a,b,c\"`");
                self.problems.push(problem);
            }
            _ => {}
        }
    }
}

fn step_of(verb: &str) -> String {
    let article = if verb.starts_with('a') { "an" } else { "a" };
    format!("{article} {verb} step")
}

/// A name as the subject of a sentence: words stay words, names of fields are quoted.
fn subject(name: &str) -> String {
    let words = name.starts_with("the ") || name.starts_with("a ") || name.starts_with("an ");
    if words { name.to_owned() } else { format!("`{name}`") }
}

fn type_of(schema: &Json) -> &str {
    match &schema["type"] {
        Json::Array(types) => {
            types.iter().filter_map(Json::as_str).find(|it| *it != "null").unwrap_or("")
        }
        other => other.as_str().unwrap_or(""),
    }
}

/// The names that an enumeration allows.
fn names(schema: &Json) -> Option<Vec<&str>> {
    if let Some(names) = schema["enum"].as_array() {
        return Some(names.iter().filter_map(Json::as_str).collect());
    }
    let choices = schema["oneOf"].as_array()?;
    Some(choices.iter().filter_map(|it| it["const"].as_str()).collect())
}
