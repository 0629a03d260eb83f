//! What was written, as a tree in which every key and every value knows its place.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Place, SourceId, Sources};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// A value as TOML knows it; dates are kept as their text.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Table(Table),
    Array(Vec<Node>),
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
}

/// Entries by key; every key knows where it stands.
pub(crate) type Table = BTreeMap<String, Entry>;

/// A key's place and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Place,
    pub(crate) node: Node,
}

impl Value {
    /// What a person calls it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Array(_) => "a list",
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "true or false",
        }
    }
}

impl Node {
    /// The value at a path such as `["jobs", "0", "name"]`.
    pub(crate) fn find(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        match &self.value {
            Value::Table(table) => table.get(*first)?.node.find(rest),
            Value::Array(items) => items.get(first.parse::<usize>().ok()?)?.find(rest),
            _ => None,
        }
    }

    /// The plain value, for deserialising, without the entries of tables whose key or value
    /// stands at one of these places. Lists keep all that they hold.
    pub(crate) fn plain_without(&self, slips: &BTreeSet<Place>) -> toml::Value {
        match &self.value {
            Value::Table(table) => {
                let good =
                    |it: &&Entry| !slips.contains(&it.key) && !slips.contains(&it.node.place);
                let entries = table.iter().filter(|(_, it)| good(it));
                let plain = entries.map(|(key, it)| (key.clone(), it.node.plain_without(slips)));
                toml::Value::Table(plain.collect())
            }
            Value::Array(items) => {
                toml::Value::Array(items.iter().map(|it| it.plain_without(slips)).collect())
            }
            Value::Text(text) => toml::Value::String(text.clone()),
            Value::Integer(number) => toml::Value::Integer(*number),
            Value::Float(number) => toml::Value::Float(*number),
            Value::Boolean(switch) => toml::Value::Boolean(*switch),
        }
    }

    /// Puts a value at a path of keys, making tables on the way. Answers with the path up to
    /// what stands in the way, where something does.
    pub(crate) fn set(&mut self, path: &[String], entry: Entry) -> Result<(), String> {
        let (first, rest) = path.split_first().expect("a path names something");
        let slot = match &mut self.value {
            Value::Table(table) => table,
            Value::Array(items) => {
                let index: Option<usize> = first.parse().ok();
                let item = index.and_then(|it| items.get_mut(it)).ok_or_else(|| first.clone())?;
                if rest.is_empty() {
                    *item = entry.node;
                    return Ok(());
                }
                return item.set(rest, entry).map_err(|it| format!("{first}.{it}"));
            }
            _ => return Err(first.clone()),
        };
        if rest.is_empty() {
            slot.insert(first.clone(), entry);
            return Ok(());
        }
        let place = entry.key;
        let empty =
            || Entry { key: place, node: Self { place, value: Value::Table(Table::new()) } };
        let next = slot.entry(first.clone()).or_insert_with(empty);
        next.node.set(rest, entry).map_err(|it| format!("{first}.{it}"))
    }
}

/// Reads TOML. What can be read is returned, whatever else is wrong.
pub(crate) fn read(
    sources: &Sources,
    source: SourceId,
    problems: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let text = &sources.get(source).text;
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..text.len().min(1));
        let place = Place { source, start: span.start, end: span.end.max(span.start) };
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        problems.push(Diagnostic::new(Code::Syntax, "this is not TOML").at(place, message));
    }
    errors.is_empty().then(|| from_table(source, &table, problems))
}

/// Reads one TOML value, as on the right of an equals sign.
pub(crate) fn read_value(source: SourceId, text: &str, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let mut problems = Vec::new();
    let mut node = from_value(source, &value, &mut problems);
    shift(&mut node, offset);
    problems.is_empty().then_some(node)
}

fn shift(node: &mut Node, offset: usize) {
    let move_place = |place: &mut Place| {
        place.start += offset;
        place.end += offset;
    };
    move_place(&mut node.place);
    match &mut node.value {
        Value::Table(table) => {
            for entry in table.values_mut() {
                move_place(&mut entry.key);
                shift(&mut entry.node, offset);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| shift(it, offset)),
        _ => {}
    }
}

fn place<T>(source: SourceId, spanned: &Spanned<T>) -> Place {
    let span = spanned.span();
    Place { source, start: span.start, end: span.end }
}

fn from_table(
    source: SourceId,
    table: &Spanned<DeTable<'_>>,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    Node { place: place(source, table), value: entries(source, table.get_ref(), problems) }
}

fn entries(source: SourceId, table: &DeTable<'_>, problems: &mut Vec<Diagnostic>) -> Value {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key_place = place(source, key);
        let text: &std::borrow::Cow<'_, str> = key.get_ref();
        (text.to_string(), Entry { key: key_place, node: from_value(source, value, problems) })
    };
    Value::Table(table.iter().map(entry).collect())
}

fn from_value(
    source: SourceId,
    spanned: &Spanned<DeValue<'_>>,
    problems: &mut Vec<Diagnostic>,
) -> Node {
    let place = place(source, spanned);
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(switch) => Value::Boolean(*switch),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Integer(number) => {
            if let Ok(number) =
                i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            {
                Value::Integer(number)
            } else {
                let message = "this number needs more than 64 bits";
                problems.push(Diagnostic::new(Code::OutOfRange, message).at(place, ""));
                Value::Integer(0)
            }
        }
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Float(number),
            _ => {
                let message = "this number is not finite";
                problems.push(Diagnostic::new(Code::OutOfRange, message).at(place, ""));
                Value::Float(0.0)
            }
        },
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|it| from_value(source, it, problems)).collect())
        }
        DeValue::Table(table) => entries(source, table, problems),
    };
    Node { place, value }
}
