//! `name@host` to an actor, by WebFinger; the way back must lead to the same handle
//! (federation.md 1.1, security.md H147, H149).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{Handle, Uri};
use crate::domain::refusal::{Kind, Refusal};
use crate::net::check_url;
use crate::store::actors;

use super::super::wire;
use super::{FetchError, Resolver};

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
            .look_up(move |db| actors::find_by_handle(db, &known, kind))
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
        let answer = self.finger(name, host).await?;
        let id = answer
            .actor_id(kind.map(ActorKind::as_str))
            .ok_or_else(nobody)?;
        let document = self.document(id).await?;
        let actor = wire::Actor::from_value(&document).map_err(|_unreadable| nobody())?;
        let home = Uri::parse(&actor.id).map(|id| id.host());
        let (name, home) = (&actor.preferred_username, home.unwrap_or_default());
        if !is_about(&answer, name, &[host, &home]) {
            return Err(nobody());
        }
        if home != host {
            // A handle at one host for an actor at another: both must say so.
            let there = self.finger(name, &home).await?;
            let same = there.actor_id(kind.map(ActorKind::as_str)) == Some(actor.id.as_str());
            if !same || !is_about(&there, name, &[host, &home]) {
                return Err(nobody());
            }
        }
        self.federation.upsert(&actor).await
    }

    /// What WebFinger says at this host of this name.
    pub(in crate::federation) async fn finger(
        &self,
        name: &str,
        host: &str,
    ) -> Result<wire::WebFinger, Refusal> {
        let development = self.federation.settings().federation.development;
        let scheme = if development { "http" } else { "https" };
        let root = Uri::parse(&format!("{scheme}://{host}/")).filter(|root| root.host() == host);
        let Some(mut url) = root.and_then(|root| root.url()) else {
            return Err(malformed_handle());
        };
        let odd = name.contains(['/', '?', '#', '@', ':', '&', '%']);
        if odd || check_url(&url, development).is_err() {
            return Err(malformed_handle());
        }
        url.set_path("/.well-known/webfinger");
        url.query_pairs_mut()
            .append_pair("resource", &format!("acct:{name}@{host}"));
        self.spend(url.as_str())?;
        let answer = match self.federation.fetch_json(url.as_str(), ACCEPTED).await {
            Err(FetchError::Gone) => return Err(nobody()),
            answer => answer?,
        };
        wire::WebFinger::from_value(&answer.value).map_err(|_unreadable| nobody())
    }
}

/// Whether an answer is about this name at one of these hosts.
fn is_about(answer: &wire::WebFinger, name: &str, hosts: &[&str]) -> bool {
    let subject = Handle::parse(answer.subject.trim_start_matches("acct:"));
    subject.is_some_and(|subject| {
        let at = subject.host.unwrap_or_default();
        let known = hosts.iter().any(|host| at.eq_ignore_ascii_case(host));
        known && subject.name.eq_ignore_ascii_case(name)
    })
}

/// Says that a handle cannot name anybody; nothing was asked.
pub(crate) fn malformed_handle() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "handle.malformed",
        "This is no address of a person or group. Please write it as name@host.",
    )
}

fn nobody() -> Refusal {
    Refusal::new(
        Kind::NotFound,
        "handle.unknown",
        "Nobody is known at this address. Please check how it is written.",
    )
}
