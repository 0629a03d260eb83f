//! One function per question that a person asks.

mod init;
mod simulate;
pub mod verify;

pub use init::init;
pub use simulate::{Failed, Wanted, simulate};
