//! The few colours that the text report knows.

use super::wrap::glued;

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Letters only; the text is complete without colour.
    #[default]
    Plain,
    /// ANSI escape codes, for a terminal.
    Ansi,
}

impl Style {
    /// A heading, or what matters most.
    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What may be passed over at the first reading.
    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// Good news.
    pub(super) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// News that cost something.
    pub(super) fn fair(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Bad news.
    pub(super) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    /// Word by word, so that a line can break between any two of them. Numbers are tied to their
    /// units before, because colour would hide one from the other.
    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => {
                let words: Vec<String> =
                    glued(text).split(' ').map(|it| painted(code, it)).collect();
                words.join(" ")
            }
        }
    }
}

fn painted(code: &str, word: &str) -> String {
    if word.is_empty() { String::new() } else { format!("\u{1b}[{code}m{word}\u{1b}[0m") }
}

/// The text without escape codes.
pub(super) fn stripped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split("\u{1b}[");
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or(piece, |(_, rest)| rest));
    }
    plain
}

/// Columns that a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    if text.contains('\u{1b}') { stripped(text).chars().count() } else { text.chars().count() }
}
