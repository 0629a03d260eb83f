//! A scenario for what is there.
