//! `name@host` to an actor, by WebFinger; the way back must lead to the same handle
//! (federation.md 1.1, security.md H147, H149).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{Handle, Uri};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::actors;

use super::super::wire;
use super::Resolver;

const ACCEPTED: &str = "application/jrd+json, application/json;q=0.9";

impl Resolver<'_> {
    /// The actor at this address, asked of its server if it is not known. Where a server has a
    /// person and a group of one name, `kind` decides.
    ///
    /// # Errors
    /// If there is none, or its server cannot be asked.
    pub(crate) async fn handle(
        &self,
        handle: &Handle,
        kind: Option<ActorKind>,
    ) -> Result<Actor, Refusal> {
        let names = self.federation.names();
        let host = handle.host.clone().filter(|host| host != names.host());
        let wanted = Handle {
            name: handle.name.clone(),
            host,
        };
        let known = wanted.clone();
        let store = &self.federation.operations.store;
        let found = store
            .read(move |db| actors::find_by_handle(db, &known, kind))
            .await;
        match found.map_err(Refusal::from)? {
            Some(actor) if actor.deleted_at.is_none() => Ok(actor),
            Some(_) => Err(nobody()),
            None => match &wanted.host {
                Some(host) => self.ask(&wanted.name, host, kind).await,
                None => Err(nobody()),
            },
        }
    }

    async fn ask(&self, name: &str, host: &str, kind: Option<ActorKind>) -> Result<Actor, Refusal> {
        let scheme = if self.federation.settings().federation.development {
            "http"
        } else {
            "https"
        };
        let root = Uri::parse(&format!("{scheme}://{host}/")).filter(|root| root.host() == host);
        let Some(mut url) = root.and_then(|root| root.url()) else {
            return Err(nobody());
        };
        if name.contains(['/', '?', '#', '@', ':', '&', '%']) {
            return Err(nobody());
        }
        url.set_path("/.well-known/webfinger");
        url.query_pairs_mut()
            .append_pair("resource", &format!("acct:{name}@{host}"));
        self.spend()?;
        let answer = self.federation.fetch_json(url.as_str(), ACCEPTED).await?;
        let answer = wire::WebFinger::from_value(&answer.value).map_err(|_unreadable| nobody())?;
        let id = answer
            .actor_id(kind.map(ActorKind::as_str))
            .ok_or_else(nobody)?;
        let document = self.document(id).await?;
        let actor = wire::Actor::from_value(&document).map_err(|_unreadable| nobody())?;
        let subject = Handle::parse(answer.subject.trim_start_matches("acct:"));
        let back = subject.is_some_and(|subject| {
            subject.name.eq_ignore_ascii_case(&actor.preferred_username)
                && subject.host.is_some_and(|at| leads_back(&at, host, &actor))
        });
        if !back {
            return Err(nobody());
        }
        self.federation.upsert(&actor).await
    }
}

/// Whether the host in the answer is the one asked, or the one where the actor lives.
fn leads_back(subject: &str, asked: &str, actor: &wire::Actor) -> bool {
    let home = Uri::parse(&actor.id)
        .map(|id| id.host())
        .unwrap_or_default();
    subject.eq_ignore_ascii_case(asked) || subject.eq_ignore_ascii_case(&home)
}

fn nobody() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "handle.unknown",
        "Nobody is known at this address. Please check how it is written.",
    )
}
