//! What is quoted, as it is shown; and the quotes of what somebody wrote: who may, who does, and
//! taking it back.

use serde::Serialize;

use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::quote::QuotePolicy;
use crate::domain::refusal::Refusal;
use crate::operations::quote::{RevokeQuote, SetQuotePolicy};
use crate::views::quote::{self, QuoteCard, QuoteLine};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::home::PAGE;
use super::model::{Face, List, is_web};
use super::visit::Visit;

/// What a post or comment quotes: a card where it can be shown, else the address.
#[derive(Clone, Debug, Serialize)]
pub(super) struct QuoteModel {
    href: String,
    shown: bool,
    /// Its title, or the address; a comment has none.
    title: Option<String>,
    author: Option<Face>,
    excerpt: String,
}

impl QuoteModel {
    /// A quote; `None` where there is nothing that could be shown.
    pub(super) fn new(card: &QuoteCard) -> Option<Self> {
        let Some(text) = &card.text else {
            return is_web(&card.uri).then(|| Self {
                href: card.uri.clone(),
                shown: false,
                title: Some(card.uri.clone()),
                author: None,
                excerpt: String::new(),
            });
        };
        Some(Self {
            href: path(text.object),
            shown: true,
            title: text.title.clone(),
            author: Some(Face::new(&text.author)),
            excerpt: text.excerpt.clone(),
        })
    }
}

/// The page of a post or comment.
fn path(object: ObjectId) -> String {
    match object {
        ObjectId::Post(id) => format!("/post/{id}"),
        ObjectId::Comment(id) => format!("/comment/{id}"),
    }
}

#[derive(Serialize)]
struct Model {
    policy: &'static str,
    policies: [&'static str; 3],
    quotes: List<Line>,
}

#[derive(Serialize)]
struct Line {
    id: i64,
    by: Face,
    at: i64,
    href: String,
    excerpt: String,
    source_url: Option<String>,
}

impl Line {
    fn new(line: QuoteLine) -> Self {
        Self {
            id: line.quote.id,
            by: Face::new(&line.by),
            at: line.quote.created_at.0,
            href: path(line.object),
            excerpt: line.excerpt,
            source_url: Some(line.quote.uri).filter(|uri| is_web(uri)),
        }
    }
}

/// `/quotes`: who quotes the one who looks, and who may.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let (author, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let look = visit.state.read(move |db| {
        let policy = quote::policy(db, author)?;
        Ok::<_, Refusal>((policy, quote::of_author(db, author, request)?))
    });
    let (policy, page) = look.await?;
    let all = [
        QuotePolicy::Everybody,
        QuotePolicy::Followers,
        QuotePolicy::Nobody,
    ];
    let model = Model {
        policy: policy.as_str(),
        policies: all.map(QuotePolicy::as_str),
        quotes: List::new(page, "/quotes", Line::new),
    };
    Ok(Page::new("quotes.html", visit.text("quotes-title"), &model)
        .unlisted()
        .into())
}

/// `/quotes/policy`: who may quote them without being asked.
pub(super) async fn set_policy(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let policy = form.fields.chosen("policy", QuotePolicy::parse)?;
    let set = SetQuotePolicy { policy };
    visit.state.operations().run(visit.caller(), set).await?;
    Ok(Led::to("/quotes").note("saved").into())
}

/// `/quotes/revoke`: one quote is no longer allowed.
pub(super) async fn revoke(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let quote = form.fields.text("quote").parse().unwrap_or(0);
    let revoke = RevokeQuote { quote };
    visit.state.operations().run(visit.caller(), revoke).await?;
    Ok(Led::to("/quotes").note("quote-revoked").into())
}
