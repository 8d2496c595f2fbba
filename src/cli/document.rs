//! `guildhall document`: prints the documents that are written from the settings tree.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::context::{Context, Refused};
use crate::settings::{render_config, render_reference, render_schema};

/// Print a document of the settings
#[derive(Args, Debug)]
pub(super) struct Document {
    /// Which document
    which: Which,
}

/// The documents there are.
#[derive(ValueEnum, Clone, Copy, Debug)]
enum Which {
    /// config/guildhall.toml: every setting with its default, commented out
    Config,
    /// docs/settings.md: the reference
    Reference,
    /// A JSON schema of the settings file, for editors
    Schema,
}

impl Document {
    #[expect(clippy::unnecessary_wraps, reason = "every verb may refuse")]
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        let text = match self.which {
            Which::Config => render_config(),
            Which::Reference => render_reference(),
            Which::Schema => render_schema(),
        };
        context.answer(&text, &json!({ "text": text }));
        Ok(())
    }
}
