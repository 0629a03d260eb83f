//! What really happened, read from where it is, as plain facts. Nothing here estimates.

pub mod answers;
pub mod directory;
mod discovery;
pub mod disk;
pub mod files;
pub mod names;
pub mod problem;
pub mod progress;
pub use disk::{Disk, Local};
pub use files::{File, Files, Partition, Tally, Why};
pub use problem::{Kind, Place, Problem};
pub use progress::{Progress, Step, Watch};
