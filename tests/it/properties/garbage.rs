//! Whatever text comes in, the answer is a scenario or problems that can be shown.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;
use sparkplan::diagnostic::Sources;
use sparkplan::scenario::Overrides;

use super::{disk, generator, shown};
use crate::support::{self, read_with};

fn reads(text: &str, overrides: &Overrides) {
    let mut sources = Sources::default();
    match read_with(&mut sources, "garbage.toml", text, &disk(), overrides) {
        Ok((_, warnings)) => shown(&sources, &warnings),
        Err(problems) => {
            assert!(problems.iter().any(sparkplan::diagnostic::Diagnostic::is_error));
            shown(&sources, &problems);
        }
    }
}

/// One change to a text: the part between two of its letters becomes something else.
#[derive(Clone, Debug)]
struct Change {
    at: Index,
    letters: usize,
    new: String,
}

fn change() -> impl Strategy<Value = Change> {
    let words = prop::sample::select(
        &[
            "",
            "\"",
            "'''",
            "[",
            "]]",
            "{",
            "}",
            "=",
            ".",
            ",",
            "\n",
            "#",
            "é",
            "\u{feff}",
            "🦀",
            "-",
            "1e999",
            "0x",
            "99999999999999999999",
            "nan",
            "1979-05-27",
            "true",
            "\\u0000",
            "\r",
            "\0",
            "[[jobs]]\n",
            "read",
            "𝔘",
            "\u{200b}",
            "{ a.b = 1 }",
            "[[[[[[[[[[[[[[",
        ][..],
    );
    let new = prop_oneof![4 => words.prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    (any::<Index>(), 0_usize..12, new).prop_map(|(at, letters, new)| Change { at, letters, new })
}

impl Change {
    fn apply(&self, text: &mut String) {
        let edges: Vec<usize> =
            text.char_indices().map(|it| it.0).chain(std::iter::once(text.len())).collect();
        let first = self.at.index(edges.len());
        let last = (first + self.letters).min(edges.len() - 1);
        let range: Range<usize> = edges[first]..edges[last];
        text.replace_range(range, &self.new);
    }
}

fn texts() -> impl Strategy<Value = String> {
    let example = support::text(&support::root().join("scenarios/twenty-nodes.toml"));
    prop_oneof![1 => Just(example), 2 => generator::scenario()]
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn spoilt_scenarios_are_answered(
        text in texts(),
        changes in proptest::collection::vec(change(), 1..4),
    ) {
        let mut text = text;
        for change in &changes {
            change.apply(&mut text);
        }
        reads(&text, &Overrides::default());
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        reads(&String::from_utf8_lossy(&bytes), &Overrides::default());
    }

    #[test]
    fn any_command_line_is_answered(
        set in "\\PC{0,30}",
        path in "(cluster|tables|jobs|conf|x)(\\.(node|0|steps|size|\"a b\"|t0)){0,3}",
        value in "\\PC{0,10}|[0-9]{1,25}|\\[.{0,4}\\]|\\{.{0,4}\\}",
        conf in "(spark\\.[a-z.]{0,12}|)=?\\PC{0,10}",
        properties in "(\\PC{0,20}[\\\\\n:= ]{0,3}){0,4}",
    ) {
        let overrides = Overrides {
            properties: Some(("spark-defaults.conf".to_owned(), properties)),
            set: vec![set, format!("{path}={value}")],
            conf: vec![conf],
        };
        let example = support::text(&support::root().join("scenarios/twenty-nodes.toml"));
        reads(&example, &overrides);
    }
}

#[test]
fn a_text_as_deep_as_a_cave_is_answered() {
    for (open, close) in [("[", "]"), ("{ a = ", "}"), ("a.", "")] {
        let deep = format!("x = {}1{}", open.repeat(20_000), close.repeat(20_000));
        reads(&deep, &Overrides::default());
        reads(&format!("{}b = 1", "a.".repeat(20_000)), &Overrides::default());
        let set = vec![format!("{}b=1", "a.".repeat(20_000)), format!("a={deep}")];
        let conf = vec![format!("{}b=1", "a.".repeat(20_000))];
        reads(&deep, &Overrides { properties: None, set, conf });
    }
}
