//! `guildhall inbox`: received activities that could not be dealt with.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::{Context, Refused};
use super::hub;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::refusal::Refusal;
use crate::operations::inbox::{Release, ReleaseParked};
use crate::text::title::one_line;
use crate::views;

/// See what other servers sent that could not be dealt with, and decide about it
#[derive(Args, Debug)]
pub(super) struct Inbox {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// List what was tried five times and put aside
    List,
    /// Try it again, now
    Retry(Which),
    /// Drop it
    Discard(Which),
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Which {
    /// Its number in the list
    number: Option<i64>,
    /// All of them
    #[arg(long)]
    all: bool,
}

impl Inbox {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::List => list(context),
            Verb::Retry(which) => which.release(context, Release::Retry),
            Verb::Discard(which) => which.release(context, Release::Discard),
        }
    }
}

fn list(context: &Context) -> Result<(), Refused> {
    let parked = hub::run(context, |operations| async move {
        let parked = operations.store.read(views::inbox::parked).await;
        Ok(parked.map_err(Refusal::from)?)
    })?;
    let lines = parked.iter().map(|row| {
        let (at, why) = (row.received_at.rfc3339(), one_line(&row.error));
        format!("{}\t{at}\t{}\t{why}\n", row.id, row.uri)
    });
    let words: String = lines.collect();
    let rows: Vec<Value> = parked
        .iter()
        .map(|row| {
            json!({"number": row.id, "received_at": Ts::rfc3339(row.received_at), "uri": row.uri,
                "actor": row.actor_uri, "attempts": row.attempts, "error": row.error})
        })
        .collect();
    context.answer(words.trim_end(), &json!({ "parked": rows }));
    Ok(())
}

impl Which {
    fn release(self, context: &Context, release: Release) -> Result<(), Refused> {
        let row = self.number.filter(|_| !self.all);
        let rows = hub::run(context, |operations| async move {
            let releasing = ReleaseParked { row, release };
            Ok(operations.run(Caller::System, releasing).await?)
        })?;
        context.answer(rows, &json!({ "activities": rows }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::user::tests::folder;

    #[test]
    fn one_or_all_are_meant_and_an_unknown_one_is_said() {
        let (_folder, context) = folder();
        list(&context).unwrap();
        let which = |number, all| Which { number, all };
        which(None, true).release(&context, Release::Retry).unwrap();
        let refused = which(Some(7), false)
            .release(&context, Release::Discard)
            .unwrap_err();
        assert!(
            refused.sentences[0].contains("under the number 7"),
            "{refused:?}"
        );
    }
}
