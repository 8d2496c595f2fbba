//! `guildhall group`: founds groups.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, Refused};
use super::hub;
use crate::domain::caller::Caller;
use crate::operations::actor::Keys;
use crate::operations::group::CreateGroup;

/// Found groups
#[derive(Args, Debug)]
pub(super) struct Group {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Found a group
    Create(Create),
}

#[derive(Args, Debug)]
struct Create {
    /// The name in the handle: 3 to 30 of a to z, 0 to 9 and _
    name: String,
    /// The name for display
    #[arg(long)]
    title: String,
    /// What it is about, in Markdown
    #[arg(long, default_value = "")]
    summary: String,
    /// The person who becomes its first member and moderator
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
}

impl Group {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Create(verb) => verb.run(context),
        }
    }
}

impl Create {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let name = self.name.clone();
        let uri = hub::run(context, |operations| async move {
            let owner = match &self.owner {
                Some(owner) => Some(hub::account_of(&operations, owner).await?),
                None => None,
            };
            let create = CreateGroup {
                name: self.name.clone(),
                title: self.title,
                summary: self.summary,
                owner,
                posting_restricted: false,
                keys: Keys::generate().await?,
            };
            operations.run(Caller::System, create).await?;
            Ok(operations.names.group(&self.name))
        })?;
        let machine = json!({ "name": name, "uri": uri.as_str() });
        context.answer(uri, &machine);
        Ok(())
    }
}
