//! What really happened, read from where it is, as plain facts. Nothing here estimates.

pub mod answers;
pub mod delta;
pub mod directory;
mod discovery;
pub mod disk;
pub mod files;
mod lines;
pub mod names;
pub mod problem;
pub mod progress;

pub use delta::Delta;
pub use disk::{Disk, Local};
pub use files::{File, Files, Partition, Tally, Why};
pub use problem::{Kind, Place, Problem};
pub use progress::{Progress, Step, Watch};
