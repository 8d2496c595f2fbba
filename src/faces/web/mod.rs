//! The pages for people: complete without JavaScript, in the languages of the hub.
//!
//! A handler reads a [`Visit`] (or a form), calls one view or operation, and answers with a page or
//! leads on. Pages at addresses that other servers ask for, too, are functions of the room's door;
//! all others are routes here.

mod about;
mod account;
mod across;
mod admin;
mod announce;
mod answer;
mod appearance;
mod assets;
mod away;
mod beneath;
mod brand;
mod calendar;
mod compose;
mod confirm;
mod desk;
mod drafts;
mod elsewhere;
mod embed;
mod events;
mod export;
mod feeds;
mod filters;
mod following;
mod form;
mod found;
mod frame;
mod governed;
mod group;
mod held;
mod home;
mod intent;
mod invitations;
mod keeping;
mod known;
mod leaving;
mod live;
mod log;
mod look;
mod members;
mod messages;
mod model;
mod moderate;
mod moving;
mod names;
mod notices;
mod notify;
mod order;
mod people;
mod person;
mod pictures;
mod purge;
mod questions;
mod quotes;
mod related;
mod removal;
mod report;
mod routes;
mod rules;
mod search;
mod servers;
mod settings;
mod sharing;
mod sign;
mod site;
mod sitemap;
mod styleguide;
mod thread;
mod visit;
mod write;

#[cfg(test)]
mod elsewhere_tests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod sharing_tests;
#[cfg(test)]
mod tests;

use std::future::Future;

use axum::extract::{self, FromRequestParts as _, Request};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

pub(crate) use routes::routes;
pub(crate) use visit::Visit;

use crate::domain::refusal::Refusal;
use crate::faces::shared::State;
use crate::faces::shared::error::{Face, Refused};
use crate::faces::shared::html::{Pages, Source};
use crate::faces::shared::pictures::Pictures;

use answer::Answer;
use form::Submission;

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("templates/", $name)))),*]
    };
}

const TEMPLATES: &[Source] = templates![
    "_answer.html",
    "_answer_actions.html",
    "_answer_state.html",
    "_avatar.html",
    "_body.html",
    "_brand.html",
    "_comment.html",
    "_comment_alone.html",
    "_comment_rest.html",
    "_conversations.html",
    "_copy.html",
    "_draft.html",
    "_draft_state.html",
    "_empty.html",
    "_event.html",
    "_export_progress.html",
    "_face.html",
    "_field_wrong.html",
    "_follow.html",
    "_gallery.html",
    "_group_side.html",
    "_group_tabs.html",
    "_held.html",
    "_join.html",
    "_known.html",
    "_keep.html",
    "_link_card.html",
    "_kept_answer.html",
    "_live.html",
    "_home_field.html",
    "_log.html",
    "_look.html",
    "_marks.html",
    "_meeting.html",
    "_names.html",
    "_news.html",
    "_naming.html",
    "_orders.html",
    "_ranges.html",
    "_picture_form.html",
    "_picture_kept.html",
    "_picture_sent.html",
    "_pictures.html",
    "_people.html",
    "_poll.html",
    "_results.html",
    "_sure.html",
    "_quote.html",
    "_pieces.html",
    "_plan.html",
    "_unanswered.html",
    "_unread.html",
    "_posts.html",
    "_preview.html",
    "_react.html",
    "_reactions.html",
    "_role.html",
    "_related.html",
    "_report.html",
    "_rule_choice.html",
    "_rules.html",
    "_task.html",
    "_shared.html",
    "_sending.html",
    "_similar.html",
    "_time.html",
    "_token.html",
    "_toolbar.html",
    "_vote.html",
    "_watch.html",
    "_way.html",
    "_ways.html",
    "_when.html",
    "_wrong.html",
    "account.html",
    "appearance.html",
    "about.html",
    "about_edit.html",
    "about_index.html",
    "admin.html",
    "admin_groups.html",
    "announcements.html",
    "away.html",
    "bare.html",
    "base.html",
    "confirm.html",
    "conversation.html",
    "desk.html",
    "drafts.html",
    "elsewhere.html",
    "embed.html",
    "export.html",
    "feed.rss.xml",
    "feed.xml",
    "forgot.html",
    "filters.html",
    "following.html",
    "found_group.html",
    "group.html",
    "group_about.html",
    "group_members.html",
    "groups.html",
    "guests.html",
    "held.html",
    "history.html",
    "home.html",
    "invitations.html",
    "intent.html",
    "leave.html",
    "leaving.html",
    "linked.html",
    "log.html",
    "members.html",
    "messages.html",
    "moderation.html",
    "moving.html",
    "new_message.html",
    "notices.html",
    "notifications.html",
    "people.html",
    "person.html",
    "purge.html",
    "events.html",
    "questions.html",
    "quotes.html",
    "refused.html",
    "report.html",
    "report_message.html",
    "removal.html",
    "reset.html",
    "rules_edit.html",
    "saved.html",
    "search.html",
    "server.html",
    "servers.html",
    "settings.html",
    "sign_in.html",
    "sign_up.html",
    "sitemap.xml",
    "styleguide.html",
    "tag.html",
    "thread.html",
    "unsubscribe.html",
    "wordings.html",
    "write.html",
];

/// The files of texts, which every language has.
macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        &[
            ("en", concat!($(include_str!(concat!("texts/en/", $name)), "\n"),*)),
            ("de", concat!($(include_str!(concat!("texts/de/", $name)), "\n"),*)),
        ]
    };
}

const TEXTS: &[Source] = texts![
    "admin.ftl",
    "desk.ftl",
    "focus.ftl",
    "following.ftl",
    "look.ftl",
    "mail.ftl",
    "marks.ftl",
    "media.ftl",
    "names.ftl",
    "pages.ftl",
    "post.ftl",
    "run.ftl",
    "self.ftl",
    "sharing.ftl",
    "wire.ftl",
    "wording.ftl",
];

/// Templates and texts.
pub(crate) fn pages(pictures: Pictures) -> Pages {
    Pages::new(TEMPLATES, TEXTS, assets::path, pictures)
}

/// The page at `/`.
pub(crate) async fn home(visit: Visit) -> Response {
    show_kept(visit, home::show).await
}

/// The page of the group `{name}`.
pub(crate) async fn group(visit: Visit) -> Response {
    show_kept(visit, group::show).await
}

/// The page of the person `{name}`.
pub(crate) async fn person(visit: Visit) -> Response {
    show_kept(visit, person::show).await
}

/// The page of the post `{id}`.
pub(crate) async fn post_page(visit: Visit) -> Response {
    show_kept(visit, thread::show).await
}

/// Leads to the comment `{id}` in its thread.
pub(crate) async fn comment(visit: Visit) -> Response {
    show(visit, thread::comment).await
}

/// The page that says that there is none.
pub(crate) async fn missing(visit: Visit) -> Response {
    visit.respond(Err(Refusal::not_found(
        "page.not_found",
        "There is no such page.",
    )))
}

/// The layer around all pages: what failed beneath it (a wrong method, a panic, a request that took
/// too long) becomes a page, too.
pub(crate) async fn render_failures(
    extract::State(state): extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let mut kept = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(failed) = Refused::of(&mut response) else {
        return response;
    };
    let Ok(visit) = Visit::from_request_parts(&mut kept, &state).await else {
        return response;
    };
    let mut page = visit.refused(&failed.refusal, failed.status(Face::Web));
    if let Some(allow) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    page
}

async fn show<F, Fut>(visit: Visit, handler: F) -> Response
where
    F: FnOnce(Visit) -> Fut,
    Fut: Future<Output = Result<Answer, Refusal>>,
{
    let outcome = handler(visit.clone()).await;
    visit.respond(outcome)
}

/// A page that many visitors look at; those who carry no cookie share it for a moment.
async fn show_kept<F, Fut>(visit: Visit, handler: F) -> Response
where
    F: FnOnce(Visit) -> Fut,
    Fut: Future<Output = Result<Answer, Refusal>>,
{
    let Some((key, now)) = visit.shared() else {
        return show(visit, handler).await;
    };
    if let Some(response) = visit.state.kept.find(&key, &now) {
        return response;
    }
    let response = show(visit.clone(), handler).await;
    visit.state.kept.keep(key, now, response).await
}

/// A page that is looked at.
fn page<F, Fut>(handler: F) -> MethodRouter<State>
where
    F: Fn(Visit) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    get(move |visit: Visit| show(visit, handler))
}

/// A form that is sent, with the token of this browser's pages.
fn sent<F, Fut>(handler: F) -> MethodRouter<State>
where
    F: Fn(Submission) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    post(move |form: Submission| async move {
        let visit = form.visit.clone();
        let outcome = match form.check_token() {
            Ok(()) => handler(form).await,
            Err(refusal) => Err(refusal),
        };
        visit.respond_to_form(outcome)
    })
}

/// A form without a token: what it does harms nobody, and it stands on pages that set no cookie.
fn chosen<F, Fut>(handler: F) -> MethodRouter<State>
where
    F: Fn(Submission) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<Answer, Refusal>> + Send + 'static,
{
    post(move |form: Submission| async move {
        let visit = form.visit.clone();
        let outcome = handler(form).await;
        visit.respond_to_form(outcome)
    })
}
