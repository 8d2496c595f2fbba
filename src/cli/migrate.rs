//! `guildhall migrate`: brings the database up to date.

use clap::Args;
use serde_json::json;

use super::context::{Context, Refused, say};
use super::hub;

/// Create the database or bring it up to date
#[derive(Args, Debug)]
pub(super) struct Migrate {}

/// Creates and migrates the database, and makes what every hub has.
pub(super) fn run(context: &Context) -> Result<(), Refused> {
    hub::run(context, |operations| async move {
        drop(operations);
        Ok(())
    })?;
    say("The database is up to date.");
    if context.json {
        context.answer("", &json!({ "migrated": true }));
    }
    Ok(())
}
