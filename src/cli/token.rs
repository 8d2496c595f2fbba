//! `guildhall token`: gives out bearer tokens for programs, and takes them back.

use std::io::Read;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, Refused};
use super::hub;
use super::user::read_secret;
use crate::crypto::token::hash_hex;
use crate::domain::caller::Caller;
use crate::operations::account::{RevokeToken, create_token};

/// Give out and take back tokens with which programs act for a person
#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Make a token and print it; it cannot be shown again
    Create(Create),
    /// Take a token back; it opens nothing any more
    Revoke(Revoke),
}

#[derive(Args, Debug)]
struct Create {
    /// For whom it acts
    name: String,
    /// What it may do
    #[arg(long, default_value = "read write")]
    scopes: String,
}

#[derive(Args, Debug)]
struct Revoke {
    /// For whom it acts
    name: String,
    /// Read the token from the first line of standard input
    #[arg(long, required = true)]
    token_stdin: bool,
}

impl Token {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Create(verb) => verb.run(context),
            Verb::Revoke(verb) => verb.run(context, std::io::stdin()),
        }
    }
}

impl Create {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let token = hub::run(context, |operations| async move {
            let actor = hub::account_of(&operations, &self.name).await?;
            Ok(create_token(&operations, Caller::System, actor, &self.scopes).await?)
        })?;
        let machine = json!({ "token": token });
        context.answer(token, &machine);
        Ok(())
    }
}

impl Revoke {
    fn run(self, context: &Context, input: impl Read) -> Result<(), Refused> {
        let token = read_secret("token", input)?;
        hub::run(context, |operations| async move {
            let revoke = RevokeToken {
                actor: hub::account_of(&operations, &self.name).await?,
                token_hash: hash_hex(token.expose().trim()),
            };
            Ok(operations.run(Caller::System, revoke).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::user::tests::{create, folder};

    #[test]
    fn a_token_is_taken_back_once() {
        let (_folder, context) = folder();
        create(&context, "anna", "correct horse battery staple").unwrap();
        let token = hub::run(&context, |operations| async move {
            let actor = hub::account_of(&operations, "anna").await?;
            Ok(create_token(&operations, Caller::System, actor, "").await?)
        });
        let token = format!("{}\n", token.unwrap());
        let revoke = |input: &str| {
            let verb = Revoke {
                name: "anna".to_owned(),
                token_stdin: true,
            };
            verb.run(&context, input.as_bytes())
        };
        revoke(&token).unwrap();
        for (input, part) in [(token.as_str(), "no such token"), ("", "no token on")] {
            let refused = revoke(input).unwrap_err();
            assert!(refused.sentences[0].contains(part), "{refused:?}");
        }
    }
}
