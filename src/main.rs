//! The command `plan`.

fn main() -> std::process::ExitCode {
    sparkplan::cli::main()
}
