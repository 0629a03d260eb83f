//! One function per question that a person asks.

mod simulate;
pub mod verify;

pub use simulate::{Failed, Wanted, simulate};
