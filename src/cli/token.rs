//! `guildhall token`: gives out bearer tokens for programs.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, Refused};
use super::hub;
use crate::domain::caller::Caller;
use crate::operations::account::create_token;

/// Give out tokens with which programs act for a person
#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Make a token and print it; it cannot be shown again
    Create(Create),
}

#[derive(Args, Debug)]
struct Create {
    /// For whom it acts
    name: String,
    /// What it may do
    #[arg(long, default_value = "read write")]
    scopes: String,
}

impl Token {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Create(verb) => verb.run(context),
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
