//! What really happened? Recorded facts, parsed.

pub mod answers;
