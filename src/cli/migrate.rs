//! `guildhall migrate`: brings the database up to date.

use clap::Args;
use serde_json::json;

use super::context::{Context, Refused};
use super::hub;

/// Create the database or bring it up to date
#[derive(Args, Debug)]
pub(super) struct Migrate {}

impl Migrate {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        hub::run(context, |operations| async move {
            drop(operations);
            Ok(())
        })?;
        context.say("The database is up to date.");
        if context.json {
            context.answer("", &json!({ "migrated": true }));
        }
        Ok(())
    }
}
