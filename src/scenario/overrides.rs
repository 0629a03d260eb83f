//! What stands on the command line and wins over the scenario file.

use super::tree::{self, Entry, Node, Table, Value};
use crate::diagnostic::{Code, Diagnostic, Place, SourceId, Sources};

/// Everything that overrides a scenario file, in the order in which it is applied: the properties
/// file, then `--set`, then `--conf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// A settings file in the format of spark-defaults.conf: its name and its text.
    pub properties: Option<(String, String)>,
    /// `path=value`, as given to `--set`.
    pub set: Vec<String>,
    /// `key=value`, as given to `--conf`.
    pub conf: Vec<String>,
}

impl Overrides {
    pub(super) fn apply(
        &self,
        tree: &mut Node,
        sources: &mut Sources,
        problems: &mut Vec<Diagnostic>,
    ) {
        if let Some((name, text)) = &self.properties {
            let source = sources.add(name.clone(), text.clone());
            for (key, value, place) in properties(source, text) {
                let node = Node { place, value: Value::Text(value) };
                set_conf(tree, key, Entry { key: place, node }, problems);
            }
        }
        for text in &self.set {
            let source = sources.add("--set", text.clone());
            set(tree, source, text, problems);
        }
        for text in &self.conf {
            let source = sources.add("--conf", text.clone());
            let whole = Place { source, start: 0, end: text.len() };
            let Some((key, value)) = text.split_once('=') else {
                let problem = Diagnostic::new(Code::Syntax, "a setting is given as key=value");
                problems.push(problem.at(whole, "there is no `=`"));
                continue;
            };
            let place = Place { start: key.len() + 1, ..whole };
            let node = Node { place, value: Value::Text(value.to_owned()) };
            let key_place = Place { end: key.len(), ..whole };
            set_conf(tree, key.trim().to_owned(), Entry { key: key_place, node }, problems);
        }
    }
}

/// Settings keep their whole key as one entry, so that they never collide with tables.
fn set_conf(tree: &mut Node, key: String, entry: Entry, problems: &mut Vec<Diagnostic>) {
    if let Value::Table(root) = &mut tree.value
        && let Some(conf) = root.get_mut("conf")
        && let Value::Table(conf) = &mut conf.node.value
    {
        let parts: Vec<&str> = key.split('.').collect();
        forget(conf, &parts);
    }
    let place = entry.key;
    if tree.set(&["conf".to_owned(), key], entry).is_err() {
        let problem = Diagnostic::new(Code::WrongType, "`conf` is a table in the scenario");
        problems.push(problem.at(place, "cannot be set"));
    }
}

/// Takes a key out of a table of settings, however its parts are nested there.
fn forget(conf: &mut Table, parts: &[&str]) {
    for taken in 1..=parts.len() {
        let (head, rest) = parts.split_at(taken);
        let head = head.join(".");
        if rest.is_empty() {
            if conf.get(&head).is_some_and(|it| !matches!(it.node.value, Value::Table(_))) {
                conf.remove(&head);
            }
        } else if let Some(entry) = conf.get_mut(&head)
            && let Value::Table(inner) = &mut entry.node.value
        {
            forget(inner, rest);
        }
    }
}

fn set(tree: &mut Node, source: SourceId, text: &str, problems: &mut Vec<Diagnostic>) {
    let whole = Place { source, start: 0, end: text.len() };
    let Some((path, value)) = text.split_once('=') else {
        let problem = Diagnostic::new(Code::Syntax, "an override is given as path=value");
        problems.push(
            problem
                .at(whole, "there is no `=`")
                .help("for example `--set tables.events.size=20g` or `--set jobs.0.pool=etl`"),
        );
        return;
    };
    let key_place = Place { end: path.len(), ..whole };
    let Some(keys) = keys(path) else {
        let problem = Diagnostic::new(Code::Syntax, "this is not a path of keys");
        problems.push(problem.at(key_place, "keys with dots between them belong here"));
        return;
    };
    let offset = path.len() + 1;
    if let [first, rest @ ..] = keys.as_slice()
        && first == "conf"
        && !rest.is_empty()
    {
        let place = Place { start: offset, ..whole };
        let node = Node { place, value: Value::Text(unquoted(value)) };
        return set_conf(tree, rest.join("."), Entry { key: key_place, node }, problems);
    }
    let plain =
        || Node { place: Place { start: offset, ..whole }, value: Value::Text(value.to_owned()) };
    let node = tree::read_value(source, value, offset).unwrap_or_else(plain);
    if let Err(end) = tree.set(&keys, Entry { key: key_place, node }) {
        let message = format!("`{end}` holds a value, so nothing can be set inside it");
        problems.push(Diagnostic::new(Code::UnknownField, message).at(key_place, "read here"));
    }
}

/// A setting's value, with or without the quotes of TOML.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.unwrap_or(value).to_owned()
}

/// `tables."my table".size` as its parts, read as TOML reads dotted keys.
fn keys(path: &str) -> Option<Vec<String>> {
    let table: toml::Table = toml::from_str(&format!("{path} = 0")).ok()?;
    let mut keys = Vec::new();
    let mut at = &toml::Value::Table(table);
    while let toml::Value::Table(table) = at {
        let (key, value) = table.iter().next()?;
        keys.push(key.clone());
        at = value;
    }
    Some(keys)
}

/// Reads a Java properties file as spark-submit does (`java.util.Properties`, values trimmed):
/// comments with `#` or `!`, a key that ends at white space, `=` or `:`, lines that go on after
/// a backslash.
fn properties(source: SourceId, text: &str) -> Vec<(String, String, Place)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let mut logical = line.trim().to_owned();
        let mut end = start + line.len();
        let comment = logical.starts_with(['#', '!']);
        while !comment && continues(&logical) && lines.peek().is_some() {
            let next = lines.next().expect("it was peeked at");
            logical.pop();
            logical.push_str(next.trim());
            end += next.len();
        }
        if !logical.is_empty() && !comment {
            let (key, value) = key_value(&logical);
            let place = Place { source, start, end: start + text[start..end].trim_end().len() };
            found.push((key, value, place));
        }
        start = end;
    }
    found
}

fn continues(line: &str) -> bool {
    line.chars().rev().take_while(|it| *it == '\\').count() % 2 == 1
}

fn key_value(line: &str) -> (String, String) {
    let mut escaped = false;
    let ends = |(_, it): &(usize, char)| {
        let end = !escaped && (it.is_whitespace() || *it == '=' || *it == ':');
        escaped = *it == '\\' && !escaped;
        end
    };
    let end = line.char_indices().find(ends).map_or(line.len(), |(index, _)| index);
    let (key, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (unescape(key), unescape(value.trim()))
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('t') => plain.push('\t'),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some(other) => plain.push(other),
                None => {}
            },
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_properties_file_is_read_as_spark_submit_reads_it() {
        let text = "# comment\nspark.a 1\nspark.b=2\nspark.c : three \\\n   four\n\n! x\nspark.d\n";
        let source = Sources::default().add("spark-defaults.conf", text);
        let found: Vec<_> =
            properties(source, text).into_iter().map(|(key, value, _)| (key, value)).collect();
        let expected =
            [("spark.a", "1"), ("spark.b", "2"), ("spark.c", "three four"), ("spark.d", "")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }

    #[test]
    fn paths_are_split_as_toml_splits_keys() {
        let expected = ["tables", "my table", "size"].map(str::to_owned).to_vec();
        assert_eq!(keys("tables.\"my table\".size"), Some(expected));
        assert_eq!(keys("tables..size"), None);
    }
}
