//! `guildhall group`: founds groups, and gives them other names.

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::{Context, Refused};
use super::hub;
use crate::domain::caller::Caller;
use crate::domain::ids::Handle;
use crate::operations::actor::Keys;
use crate::operations::group::{CreateGroup, RenameGroup};
use crate::views::group;

/// Found and rename groups
#[derive(Args, Debug)]
pub(super) struct Group {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Found a group
    Create(Create),
    /// Give a group another name; the old one keeps leading to it
    Rename(Rename),
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
    /// Only members whom its moderators let in read and write in it, for ever
    #[arg(long)]
    private: bool,
}

#[derive(Args, Debug)]
struct Rename {
    /// The name that it has
    name: String,
    /// The name that it shall have: 3 to 30 of a to z, 0 to 9 and _
    new: String,
}

impl Group {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Create(verb) => verb.run(context),
            Verb::Rename(verb) => verb.run(context),
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
                private: self.private,
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

impl Rename {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let new = self.new.clone();
        let uri = hub::run(context, |operations| async move {
            let handle = Handle {
                name: self.name,
                host: None,
            };
            let find = move |db: &mut _| group::find(db, &handle);
            let group = operations.store.read(find).await?;
            let rename = RenameGroup {
                group: group.id,
                name: self.new,
            };
            operations.run(Caller::System, rename).await?;
            Ok(group.uri)
        })?;
        let machine = json!({ "name": new, "uri": uri.as_str() });
        context.answer(uri, &machine);
        Ok(())
    }
}
