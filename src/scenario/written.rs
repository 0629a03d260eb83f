//! Quantities as they may be written in a scenario: text with a unit, or a bare number.
//!
//! Each type carries a word in its JSON Schema (`x-quantity`) by which the check of a file knows
//! how to read it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::units::{self, Bytes, ParseError, Ratio, Seconds};

/// The keyword under which a schema names its quantity.
pub(crate) const QUANTITY: &str = "x-quantity";

/// A kind of quantity, by the word that schemas use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    Size,
    Span,
    Rate,
    Share,
}

impl Quantity {
    pub(crate) fn named(word: &str) -> Option<Self> {
        [Self::Size, Self::Span, Self::Rate, Self::Share].into_iter().find(|it| it.word() == word)
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Span => "span",
            Self::Rate => "rate",
            Self::Share => "share",
        }
    }

    /// Whether the text can be read.
    pub(crate) fn check(self, text: &str) -> Result<(), ParseError> {
        match self {
            Self::Size => text.parse::<Bytes>().map(|_| ()),
            Self::Span => text.parse::<Seconds>().map(|_| ()),
            Self::Rate => text.parse::<units::Rate>().map(|_| ()),
            Self::Share => share(text).map(|_| ()),
        }
    }
}

fn share(text: &str) -> Result<Ratio, ParseError> {
    let expected = "a share between 0 and 1, such as 0.4";
    let error = || ParseError { expected, found: text.to_owned() };
    text.trim().parse().ok().and_then(Ratio::new).ok_or_else(error)
}

/// What serde finds: text or a number, as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Text(String),
    Integer(i64),
    Float(f64),
}

impl Spelled {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
        }
    }
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $kind:expr, $parse:expr, $schema:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Spelled::deserialize(from)?.text();
                $parse(&text).map(Self).map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = $schema;
                schema.insert(QUANTITY.to_owned(), $kind.word().into());
                schema
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}

quantity!(
    /// A size: `"10.1g"`, `"64 GB"`, or a bare number of bytes.
    Size, Bytes, Quantity::Size, |text: &str| text.parse::<Bytes>(),
    json_schema!({ "type": ["string", "integer"], "minimum": 0,
        "examples": ["128m", "10.1g", "64 GiB"] })
);
quantity!(
    /// A span of time: `"90 s"`, `"5 min"`, or a bare number of seconds.
    Span, Seconds, Quantity::Span, |text: &str| text.parse::<Seconds>(),
    json_schema!({ "type": ["string", "number"], "minimum": 0, "examples": ["90 s", "5 min"] })
);
quantity!(
    /// A rate: `"125 MiB/s"`, or a bare number of bytes per second.
    Rate, units::Rate, Quantity::Rate, |text: &str| text.parse::<units::Rate>(),
    json_schema!({ "type": ["string", "number"], "minimum": 1, "examples": ["125 MiB/s"] })
);
quantity!(
    /// A share between 0 and 1.
    Share, Ratio, Quantity::Share, share,
    json_schema!({ "type": "number", "minimum": 0, "maximum": 1, "examples": [0.4] })
);
