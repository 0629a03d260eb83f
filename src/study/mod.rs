//! One function per question that a person asks.

pub mod verify;
