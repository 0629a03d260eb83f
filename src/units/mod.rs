//! Quantities that cannot be mixed up, and the two ways people spell them.
//!
//! Counted things are integers: bytes, rows, cores, and time in microseconds. Floats are kept for
//! rates, ratios and money, whose constructors refuse NaN. Numeric `as` casts live on this floor
//! and nowhere else.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the one place where numbers change their kind"
)]

pub mod bytes;
pub mod conf;
pub mod count;
pub mod money;
pub mod number;
pub mod rate;
pub mod time;

pub use bytes::Bytes;
pub use count::{Cores, Rows};
pub use money::Usd;
pub use rate::{Rate, Ratio};
pub use time::{Moment, Seconds};

/// What was expected and what was found instead, for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found `{found}`")]
pub struct ParseError {
    /// What would have been right, with an example.
    pub expected: &'static str,
    /// What was written.
    pub found: String,
}

impl ParseError {
    fn new(expected: &'static str, found: &str) -> Self {
        Self { expected, found: shortened(found) }
    }
}

/// Keeps a message readable when what was written is not.
fn shortened(text: &str) -> String {
    const LIMIT: usize = 60;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Splits `"10.1 GiB"` into the number and the unit, which may be empty.
fn split(text: &str) -> Option<(f64, String)> {
    let text = text.trim();
    let end = text.find(|it: char| !(it.is_ascii_digit() || it == '.' || it == '_'));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number.replace('_', "").parse().ok()?;
    number.is_finite().then(|| (number, unit.trim().to_ascii_lowercase()))
}
