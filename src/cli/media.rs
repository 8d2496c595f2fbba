//! `guildhall media`: pictures that must go, and those that are not taken any more.

use std::future::Future;
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::{Context, Refused, say};
use super::hub;
use crate::domain::caller::Caller;
use crate::domain::refusal::Refusal;
use crate::net::{Limits, Service};
use crate::operations::Operations;
use crate::operations::media::{LiftPictureBlock, Purged, purge};
use crate::text::title::one_line;
use crate::views;

/// Delete pictures for good, and see which are not taken any more
#[derive(Args, Debug)]
pub(super) struct Media {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Delete a picture wherever the hub keeps it, and take it no more
    Purge(Purge),
    /// List the pictures that are not taken any more
    Blocks,
    /// Let a picture be taken again
    Lift {
        /// Its number in the list of `blocks`
        number: i64,
    },
}

#[derive(Args, Debug)]
struct Purge {
    /// The address of the picture, or of a post or comment all of whose pictures must go
    address: String,
    /// Why; everybody can read it in the log
    #[arg(long)]
    reason: String,
}

impl Media {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::Purge(verb) => verb.run(context),
            Verb::Blocks => blocks(context),
            Verb::Lift { number } => hub::run(context, |operations| async move {
                let lift = LiftPictureBlock { id: number };
                Ok(operations.run(Caller::System, lift).await?)
            }),
        }
    }
}

impl Purge {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let done = with_files(context, |operations| async move {
            let caller = Caller::System;
            Ok(purge(&operations, caller, &self.address, &self.reason).await?)
        })?;
        if done.unseen > 0 {
            say(
                "this hub did not know how all of these pictures look: what lies at their addresses \
                 is not fetched any more, but would not be known elsewhere",
            );
        }
        say("browsers that showed them already may keep them for a while");
        let machine = json!({
            "uploaded": done.uploaded, "elsewhere": done.elsewhere, "unseen": done.unseen,
        });
        context.answer(sentence(done), &machine);
        Ok(())
    }
}

fn sentence(done: Purged) -> String {
    format!(
        "{} uploaded here and deleted with all files, {} of other servers dropped; none of them is \
         taken again",
        done.uploaded, done.elsewhere
    )
}

/// Runs a verb's work on a hub that reaches its files, also where they lie in a bucket.
fn with_files<T, F>(context: &Context, work: impl FnOnce(Operations) -> F) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    let service = Service::new(Limits::default())
        .map_err(|error| Refused::from(format!("no client for services: {error}")))?;
    hub::run(context, |operations| {
        operations.media.cupboard.set_carrier(Arc::new(service));
        work(operations)
    })
}

fn blocks(context: &Context) -> Result<(), Refused> {
    let blocks = hub::run(context, |operations| async move {
        let blocks = operations.store.read(views::media::blocks).await;
        Ok(blocks.map_err(Refusal::from)?)
    })?;
    let mut words = Vec::new();
    let mut machine: Vec<Value> = Vec::new();
    for (block, by) in blocks {
        let at = block.at.rfc3339();
        let what = block.url.as_deref().unwrap_or("uploaded here");
        words.push(format!(
            "{}\t{at}\t{what}\t{}",
            block.id,
            one_line(&block.reason)
        ));
        machine.push(json!({
            "number": block.id, "created_at": at, "url": block.url, "reason": block.reason,
            "known": block.likeness.is_some(), "by": by.map(|by| by.full_handle()),
        }));
    }
    context.answer(words.join("\n"), &json!({ "blocks": machine }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::user::tests::folder;

    #[test]
    fn a_picture_is_blocked_listed_and_let_in_again() {
        let (_folder, context) = folder();
        let purge = |address: &str, reason: &str| {
            let verb = Purge {
                address: address.to_owned(),
                reason: reason.to_owned(),
            };
            verb.run(&context)
        };
        for (address, reason, says) in [
            ("nonsense", "Spam", "address of a picture"),
            ("/post/1", "Spam", "no such post"),
            ("https://a.example/1.png", " ", "say why"),
        ] {
            let refused = purge(address, reason).unwrap_err();
            assert!(
                refused.sentences[0].contains(says),
                "{address}: {refused:?}"
            );
        }
        purge("https://a.example/1.png", "Spam").unwrap();
        let listed = hub::run(&context, |operations| async move {
            Ok(operations.store.read(views::media::blocks).await.unwrap())
        });
        let listed = listed.unwrap();
        let (block, by) = &listed[0];
        assert_eq!(block.url.as_deref(), Some("https://a.example/1.png"));
        assert!(block.likeness.is_none() && by.is_none());
        blocks(&context).unwrap();
        let lift = |number| Media {
            verb: Verb::Lift { number },
        };
        lift(block.id).run(&context).unwrap();
        let refused = lift(block.id).run(&context).unwrap_err();
        assert!(
            refused.sentences[0].contains("no such block"),
            "{refused:?}"
        );
    }
}
