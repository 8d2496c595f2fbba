//! What a text says about quotes (FEP-044f): who may quote it, and what it quotes.

use serde_json::{Value, json};

use super::address::GroupRef;
use super::parts::{put, set};

/// What a post or comment quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QuoteRef {
    /// The id of what is quoted.
    pub(crate) uri: String,
    /// The stamp by which its author allows it.
    pub(crate) stamp: Option<String>,
}

/// Who may quote a post or comment, and what it quotes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Quoting {
    /// Who may without asking; where nobody is named, nothing is said about it.
    pub(crate) quotable_by: Vec<String>,
    /// What it quotes.
    pub(crate) quote: Option<QuoteRef>,
}

impl Quoting {
    /// What those see before the text who do not know quotes; Mastodon leaves it away where it
    /// shows the quote.
    pub(super) fn fallback(&self) -> String {
        self.quote.as_ref().map_or_else(String::new, |quote| {
            let uri = super::parts::escape(&quote.uri);
            format!("<p class=\"quote-inline\">RE: <a href=\"{uri}\">{uri}</a></p>")
        })
    }

    /// Nothing out of a private group may be quoted, so nobody is invited to.
    pub(super) fn write(&self, document: &mut Value, group: Option<&GroupRef>) {
        let private = group.is_some_and(|group| group.private);
        if !self.quotable_by.is_empty() && !private {
            let policy = json!({"canQuote": {"automaticApproval": self.quotable_by}});
            set(document, "interactionPolicy", policy);
        }
        if let Some(quote) = &self.quote {
            for key in ["quote", "quoteUri", "_misskey_quote"] {
                set(document, key, json!(quote.uri));
            }
            put(document, "quoteAuthorization", quote.stamp.as_ref());
        }
    }
}
