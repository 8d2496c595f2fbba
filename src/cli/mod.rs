//! The verbs an operator types; the only room that wires all others together.
//!
//! One verb, one file: it declares its arguments with clap and is run with the [`Context`]. Results go
//! to stdout, words for people to stderr; with `--json` the result is JSON. Exit codes: 0 done,
//! 1 refused with the reason, 2 usage.

mod block;
mod check;
mod context;
mod decode_picture;
mod document;
#[doc(hidden)]
pub mod fuzz;
mod group;
mod hub;
mod inbox;
mod init;
mod media;
mod migrate;
mod serve;
mod token;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use context::{Context, Refused};

/// Guildhall: a self-hosted community hub whose groups live on the open fediverse.
#[derive(Parser, Debug)]
#[command(
    name = "guildhall",
    version,
    propagate_version = true,
    disable_help_subcommand = true
)]
struct Arguments {
    /// The settings file [default: guildhall.toml, then config/guildhall.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Answer in JSON, for machines
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

/// What the program can be told to do.
#[derive(Subcommand, Debug)]
enum Verb {
    Serve(serve::Serve),
    Init(init::Init),
    Check(check::Check),
    Document(document::Document),
    Migrate(migrate::Migrate),
    User(user::User),
    Token(token::Token),
    Group(group::Group),
    Block(block::Block),
    Inbox(inbox::Inbox),
    Media(media::Media),
    #[command(hide = true)]
    DecodePicture(decode_picture::DecodePicture),
}

impl Verb {
    fn run(self, context: &Context) -> Result<(), Refused> {
        match self {
            Self::Serve(_) => serve::run(context),
            Self::Init(verb) => verb.run(context),
            Self::Check(_) => check::run(context),
            Self::Document(verb) => verb.run(context),
            Self::Migrate(_) => migrate::run(context),
            Self::User(verb) => verb.run(context),
            Self::Token(verb) => verb.run(context),
            Self::Group(verb) => verb.run(context),
            Self::Block(verb) => verb.run(context),
            Self::Inbox(verb) => verb.run(context),
            Self::Media(verb) => verb.run(context),
            Self::DecodePicture(_) => decode_picture::run(),
        }
    }
}

/// Runs the verb that the command line asks for and returns its exit code: 0 done, 1 refused, 2 usage.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return context::show_usage(&usage),
    };
    let context = Context::of_process(arguments.config, arguments.json);
    match arguments.verb.run(&context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refused) => {
            context.show_refusal(&refused);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_line_is_well_formed() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn config_and_json_are_taken_before_and_after_the_verb() {
        for line in [
            "guildhall --config x.toml --json check",
            "guildhall check --config x.toml --json",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(arguments.config, Some(PathBuf::from("x.toml")));
            assert!(arguments.json);
            assert!(matches!(arguments.verb, Verb::Check(_)));
        }
    }

    #[test]
    fn misuse_is_a_usage_error() {
        for line in [
            "guildhall",
            "guildhall chekc",
            "guildhall check --colour",
            "guildhall init --domain https://x",
        ] {
            let usage = Arguments::try_parse_from(line.split(' ')).unwrap_err();
            assert_eq!(usage.exit_code(), 2, "{line}");
        }
    }
}
