//! Diagnostics as text for a terminal: the line, the words underlined, the way out.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Place, Sources};
use crate::report::Style;

use super::findings::Findings;

/// More than these are counted, not shown.
const SHOWN: usize = 50;
/// Bytes of a line on either side of the words that are shown.
const AROUND: usize = 400;

/// Every diagnostic as it stands in the list, and how many there are. Empty where there are none.
pub(super) fn render(findings: &Findings, width: usize, style: Style) -> String {
    let all = &findings.diagnostics;
    if all.is_empty() {
        return String::new();
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Ansi => Renderer::styled(),
    };
    let renderer = renderer.term_width(width);
    let mut text = String::new();
    for diagnostic in all.iter().take(SHOWN) {
        text.push_str(&tidy(&renderer.render(&[group(diagnostic, &findings.sources)])));
        text.push('\n');
    }
    let errors = all.iter().filter(|it| it.is_error()).count();
    let warnings = all.len() - errors;
    text.extend([format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))]);
    if all.len() > SHOWN {
        text.extend([format!(" ({SHOWN} of them shown)")]);
    }
    text.push('\n');
    text
}

/// Without spaces at the ends of lines, and without the line that joins a place to a cut line.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).filter(|it| it.trim_start() != ":::");
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = if diagnostic.is_error() { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    if let Some(place) = diagnostic.place {
        group = placed(group, diagnostic, place, sources);
    }
    group.elements(diagnostic.help.iter().map(|it| Level::HELP.message(it)))
}

/// Adds the line, or what is shown of it.
fn placed<'a>(
    group: Group<'a>,
    diagnostic: &'a Diagnostic,
    place: Place,
    sources: &'a Sources,
) -> Group<'a> {
    let source = sources.get(place.source);
    let excerpt = Excerpt::of(&source.text, place.start..place.end);
    let words = AnnotationKind::Primary.span(excerpt.words.clone()).label(&diagnostic.label);
    if source.name.starts_with('-') {
        return group.element(on_command_line(&source.name, &excerpt, &diagnostic.label));
    }
    let snippet = Snippet::source(excerpt.text).annotation(words);
    let line = sources.line(place);
    if excerpt.cut == 0 {
        return group.element(snippet.path(&source.name).line_start(line));
    }
    let origin = Origin::path(&source.name).line(line).char_column(excerpt.column);
    group.element(origin).element(snippet.path(None::<&str>).line_start(line))
}

/// `--conf key=value`, as it was typed: no file and no line to count.
fn on_command_line<'a>(
    flag: &str,
    excerpt: &Excerpt<'a>,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let shift = flag.len() + 1;
    let words = excerpt.words.start + shift..excerpt.words.end + shift;
    Snippet::source(format!("{flag} {}", excerpt.text))
        .line_numbering(false)
        .annotation(AnnotationKind::Primary.span(words).label(label))
}

/// A part of a text that is short enough to look at.
struct Excerpt<'a> {
    text: &'a str,
    /// Where the words stand in `text`.
    words: Range<usize>,
    /// Bytes of the line that stand before `text`.
    cut: usize,
    /// Letters before the words, counted from 1.
    column: usize,
}

impl<'a> Excerpt<'a> {
    /// The lines that the words touch; of long lines, what is near the first of the words.
    fn of(all: &'a str, words: Range<usize>) -> Self {
        let start = before(all, words.start);
        let end = before(all, words.end).max(start);
        let line = all[..start].rfind('\n').map_or(0, |it| it + 1);
        let last = all[end..].find('\n').map_or(all.len(), |it| end + it);
        let from = match start - line {
            0..=AROUND => line,
            _ => before(all, start - AROUND),
        };
        let to = last.min(before(all, start.saturating_add(2 * AROUND)));
        Self {
            text: &all[from..to],
            words: start - from..end.min(to) - from,
            cut: from - line,
            column: all[line..start].chars().count() + 1,
        }
    }
}

/// The last place at or before `index` where a letter begins, or the end.
fn before(text: &str, index: usize) -> usize {
    let index = index.min(text.len());
    (0..=index).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn findings(text: &str, diagnostics: &[(Code, &str, &str, &str)]) -> Findings {
        let mut findings = Findings::default();
        let source = findings.sources.add("scenario.toml", text);
        for (code, message, words, label) in diagnostics {
            let start = text.find(words).unwrap();
            let place = Place { source, start, end: start + words.len() };
            findings.diagnostics.push(Diagnostic::new(*code, *message).at(place, *label));
        }
        findings
    }

    #[test]
    fn the_words_are_underlined_and_the_way_out_is_shown() {
        let text = "name = \"a\"\n\n[tables.events]\nsize = \"10 parsecs\"\nfromat = \"csv\"\n";
        let mut findings = findings(
            text,
            &[
                (Code::BadValue, "this is no size", "\"10 parsecs\"", "such as \"10.1g\""),
                (Code::UnknownField, "there is no field `fromat`", "fromat", "not a field"),
            ],
        );
        let last = findings.diagnostics.pop().unwrap();
        findings.diagnostics.push(last.suggest("fromat", ["format", "size"]));
        let conf = findings.sources.add("--conf", "spark.sql.shuffle.partition=200");
        let place = Place { source: conf, start: 0, end: 27 };
        findings.diagnostics.push(
            Diagnostic::new(Code::UnknownSetting, "Spark 3.5 does not know this key")
                .at(place, "ignored"),
        );
        findings
            .diagnostics
            .push(Diagnostic::new(Code::Unreadable, "cannot read `x`: permission denied"));
        insta::assert_snapshot!(render(&findings, 80, Style::Plain));
    }

    #[test]
    fn a_line_of_ten_megabytes_is_shown_in_part() {
        let text = format!("x = \"{}€WRONG{}\"", "é".repeat(2_500_000), "y".repeat(5_000_000));
        let findings = findings(&text, &[(Code::BadValue, "wrong", "WRONG", "here")]);
        let shown = render(&findings, 80, Style::Plain);
        assert!(shown.contains("scenario.toml:1:2500007"), "{shown}");
        assert!(shown.contains("WRONG") && shown.len() < 2_000, "{}", shown.len());
    }

    #[test]
    fn a_long_stretch_and_a_stretch_beyond_the_end_do_no_harm() {
        let text = "é\n".repeat(3_000_000);
        let mut findings = Findings::default();
        let source = findings.sources.add("long.toml", text.as_str());
        for (start, end) in [(0, text.len()), (1, 2), (text.len(), text.len() + 9), (9, 3)] {
            let place = Place { source, start, end };
            findings.diagnostics.push(Diagnostic::new(Code::Syntax, "wrong").at(place, "here"));
        }
        let shown = render(&findings, 80, Style::Ansi);
        assert!(shown.len() < 100_000, "{}", shown.len());
        assert!(shown.ends_with("4 errors, 0 warnings\n"));
    }

    #[test]
    fn a_thousand_errors_are_counted_and_some_are_shown() {
        let mut findings = Findings::default();
        for _ in 0..1000 {
            findings.diagnostics.push(Diagnostic::new(Code::Syntax, "wrong"));
        }
        let shown = render(&findings, 80, Style::Plain);
        assert!(shown.ends_with("1000 errors, 0 warnings (50 of them shown)\n"));
        assert_eq!(render(&Findings::default(), 80, Style::Plain), "");
    }
}
