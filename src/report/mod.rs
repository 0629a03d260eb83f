//! Facts, and the ways to write them.
//!
//! Renderers only write: every number they print stands in the facts, and all they do to it is
//! rounding and spelling. One way to write is one file with one `const FORMAT` and one row here.

mod csv;
mod facts;
mod json;
mod markdown;
#[cfg(test)]
mod sample;
mod style;
mod table;
mod text;
mod timeline;
mod words;
mod wrap;

pub use facts::*;
pub use json::{pretty, schema};
pub use style::Style;
#[cfg(feature = "cli")]
pub(crate) use wrap::prose;

/// A way to write a report.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Writes it. The text ends with a newline, and none of its lines with a space.
    pub write: fn(&Report, Options) -> String,
}

/// What a renderer may know besides the facts. Only the text format heeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns that a line may take.
    pub width: usize,
    /// Whether to colour.
    pub style: Style,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 80, style: Style::Plain }
    }
}

/// Every way to write, the default first. One row each.
#[rustfmt::skip]
pub static FORMATS: &[Format] = &[
    text::FORMAT,
    json::FORMAT,
    markdown::FORMAT,
    csv::FORMAT,
];

/// The way to write of that name.
pub fn format(name: &str) -> Option<Format> {
    FORMATS.iter().copied().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_keeps_its_lines_clean() {
        for report in [sample::twenty_nodes(), sample::aggregate(), sample::hostile()] {
            for form in FORMATS {
                for width in [0, 20, 40, 80, 120, 200, 100_000] {
                    let text = (form.write)(&report, Options { width, style: Style::Plain });
                    assert!(text.ends_with('\n'), "{} does not end its last line", form.name);
                    for line in text.lines() {
                        assert_eq!(line, line.trim_end(), "{} at {width}", form.name);
                        assert!(!line.contains('\u{1b}'), "{} at {width}: {line:?}", form.name);
                    }
                }
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        for width in 20..=200 {
            for report in [sample::twenty_nodes(), sample::aggregate()] {
                let plain = (text::FORMAT.write)(&report, Options { width, style: Style::Plain });
                let ansi = (text::FORMAT.write)(&report, Options { width, style: Style::Ansi });
                assert_ne!(plain, ansi);
                assert_eq!(plain, style::stripped(&ansi));
            }
        }
    }

    #[test]
    fn text_keeps_to_its_width() {
        for report in [sample::twenty_nodes(), sample::aggregate()] {
            for width in [80, 100, 120, 160, 200] {
                let text = (text::FORMAT.write)(&report, Options { width, style: Style::Plain });
                for line in text.lines() {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn formats_have_names_of_their_own() {
        for form in FORMATS {
            assert_eq!(FORMATS.iter().filter(|it| it.name == form.name).count(), 1);
        }
        assert!(format("text").is_some() && format("html").is_none());
    }
}
