//! Seeds and streams, task-time noise, and what a set of samples amounts to.
//!
//! Nothing here has a state that others could disturb: a draw is a function of (seed, purpose,
//! run, stage, index), so any number of threads, in any order, sees the same numbers, and two
//! plans are compared under the same luck. Exponentials and logarithms of the samplers come from
//! `libm`, so that the draws are the same on every platform.

pub mod estimate;
pub mod lognormal;
pub mod noise;
pub mod normal;
pub mod seed;

pub use estimate::{Estimate, paired, quantile, weighted_spread};
pub use lognormal::LogNormal;
pub use noise::{Luck, Noise, RunLuck, StageLuck, Stragglers};
pub use seed::{Purpose, Seed, Stream};
