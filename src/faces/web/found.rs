//! Finding things: what another server's address is here.

use crate::domain::actor::Actor;
use crate::domain::ids::Handle;
use crate::domain::names::Local;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::federation::inbox::{Brought, bring};
use crate::views::{actor, post};

use super::answer::{Answer, Led};
use super::model::Face;
use super::visit::{Visit, is_local_path};

/// Letters of each part of what somebody brings from elsewhere, as many as an address can hold.
const SHARED: [usize; 4] = [700, 250, 100, 30];

/// Whether a text is an address or a whole handle.
pub(super) fn is_address(text: &str) -> bool {
    let web = text.starts_with("https://") || text.starts_with("http://");
    let handle = Handle::parse(text).is_some_and(|handle| handle.host.is_some());
    web || handle
}

/// The page here of what an address or handle stands for. Members may have other servers asked.
pub(super) async fn local_path(visit: &Visit, text: &str) -> Result<Option<String>, Refusal> {
    match visit.state.names().parse(text) {
        Some(Local::Person(name)) => return Ok(Some(format!("/u/{name}"))),
        Some(Local::Group(name)) => return Ok(Some(format!("/c/{name}"))),
        Some(Local::Post(id)) => return Ok(Some(format!("/post/{id}"))),
        Some(Local::Comment(id)) => return Ok(Some(format!("/comment/{id}"))),
        _ => {}
    }
    let (uri, viewer) = (text.to_owned(), visit.actor());
    let known = visit
        .state
        .read(move |db| post::find_by_uri(db, viewer, &uri))
        .await?;
    if let Some(object) = known {
        return Ok(Some(super::thread::place(visit, object).await?));
    }
    if let Some(actor) = known_or_asked(visit, text).await? {
        return Ok(Some(Face::new(&actor).href));
    }
    brought(visit, text).await
}

/// The page of what a member's address stands for, fetched from its server: a post, or a comment.
async fn brought(visit: &Visit, text: &str) -> Result<Option<String>, Refusal> {
    if visit.signed.is_none() || !text.contains("://") {
        return Ok(None);
    }
    // Whatever another server does wrong, what was searched for is not known here.
    match Box::pin(bring(&visit.state.federation, text)).await {
        Ok(Some(Brought::Object(object))) => Ok(Some(super::thread::place(visit, object).await?)),
        Ok(Some(Brought::Actor(actor))) => Ok(Some(Face::new(&actor).href)),
        Ok(None) | Err(_) => Ok(None),
    }
}

async fn known_or_asked(visit: &Visit, text: &str) -> Result<Option<Actor>, Refusal> {
    let handle = Handle::parse(text).map(|handle| visit.here(handle));
    let uri = text.to_owned();
    let wanted = handle.clone();
    let look = visit.state.read(move |db| match wanted {
        Some(handle) => actor::find_by_handle(db, &handle, None),
        None => actor::find_by_uri(db, &uri),
    });
    let known = look.await?;
    if known.is_some() || visit.signed.is_none() {
        return Ok(known.filter(|actor| actor.deleted_at.is_none()));
    }
    let resolver = visit.state.federation.resolver();
    let asked = match &handle {
        Some(handle) => resolver.handle(handle, None).await,
        None => resolver.actor(text).await,
    };
    // Whatever another server does wrong, what was searched for is not known here.
    Ok(asked.ok())
}

/// `/authorize_interaction?uri=`: where somebody arrives who wants to take part from here.
pub(super) async fn interact(visit: Visit) -> Result<Answer, Refusal> {
    let uri = visit
        .query("uri")
        .or(visit.query("url"))
        .unwrap_or_default();
    let uri = uri.trim_start_matches("acct:").to_owned();
    policy::require_actor(visit.caller())?;
    if let Some(path) = local_path(&visit, &uri).await? {
        return Ok(Led::to(path).into());
    }
    Err(Refusal::not_found(
        "interaction.unknown",
        "This hub does not know that address, or could not read it. Please check it, or search for its words.",
    ))
}

/// `/share?title=&text=&url=`: where somebody arrives who wants to post something here that they
/// found elsewhere (FEP-3b86); with `answers=` they want to answer it.
pub(super) async fn share(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let answers = visit.query("answers").unwrap_or_default().to_owned();
    if !answers.is_empty()
        && let Some(path) = local_path(&visit, &answers).await?
    {
        return Ok(Led::to(path).into());
    }
    let paths = SHARED.map(|most| composer(&visit, most));
    let path = paths.into_iter().find(|path| is_local_path(path));
    Ok(Led::to(path.unwrap_or_else(|| "/new".to_owned())).into())
}

/// The composer with what somebody brought, of each part so many letters at most.
fn composer(visit: &Visit, most: usize) -> String {
    let mut given = url::form_urlencoded::Serializer::new(String::new());
    for (theirs, ours) in [("title", "title"), ("text", "body"), ("url", "url")] {
        let text: String = visit
            .query(theirs)
            .unwrap_or_default()
            .chars()
            .take(most)
            .collect();
        if !text.is_empty() {
            given.append_pair(ours, &text);
        }
    }
    format!("/new?{}", given.finish())
}
