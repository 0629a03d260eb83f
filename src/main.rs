//! The command `plan`.

fn main() {}
