//! What holds for the whole house, in one binary: its tidiness, its worked example, the words that
//! it answers mistakes with, and what must hold for every scenario there is.

#![allow(clippy::unwrap_used, reason = "tests may; clippy knows it of test functions only")]

mod broken;
#[cfg(feature = "cli")]
mod cli;
mod properties;
mod scenarios;
mod support;
mod tidy;
mod worked_example;
