//! The `guildhall` binary: parses arguments and hands over to [`guildhall::cli`].

fn main() -> std::process::ExitCode {
    guildhall::cli::run()
}
