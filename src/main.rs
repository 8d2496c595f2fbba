//! The `guildhall` binary: parses arguments and hands over to [`guildhall::cli`].

/// The hub makes and drops small things all the time, on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    guildhall::cli::run()
}
