//! One activity on its way to its effect: who did it, how far it is believed, what to mark.

use std::sync::Arc;

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Uri};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::store::inbox::Received;
use crate::store::traces::Trace;
use crate::store::{actors, seen};

use super::super::resolve::Resolver;
use super::super::wire::{Activity, Ref, address};
use super::super::{Federation, receive};
use super::backfill::learn_moderators;
use super::visits;

/// The code of a refusal that means: this was dealt with before.
pub(super) const SEEN_BEFORE: &str = "activity.seen";

/// What a handler did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The effect and the mark are written.
    Applied,
    /// There is nothing to do; why, for the log.
    Ignored(&'static str),
}

/// What a handler says.
pub(super) type Handled = Result<Verdict, Refusal>;

/// One activity to be applied.
pub(super) struct Case<'a> {
    /// The floor.
    pub(super) federation: &'a Federation,
    /// Its budget of fetches.
    pub(super) resolver: &'a Resolver<'a>,
    /// What is to be applied.
    pub(super) activity: Activity,
    /// Who did it.
    pub(super) by: Actor,
    /// The remote group that announced it; `None`: it came from its actor.
    pub(super) via: Option<Actor>,
    /// Whether the words are its actor's: signed, or vouched for by a group of the actor's server.
    /// Otherwise content is asked of its origin.
    pub(super) believed: bool,
    /// When it came.
    pub(super) now: Ts,
    raw: Option<String>,
    marks: Vec<Vec<u8>>,
    void: Option<Vec<u8>>,
}

impl<'a> Case<'a> {
    /// What its actor signed and sent.
    pub(super) fn received(
        federation: &'a Federation,
        resolver: &'a Resolver<'a>,
        row: &Received,
        activity: Activity,
        by: Actor,
    ) -> Self {
        Self {
            federation,
            resolver,
            activity,
            by,
            via: None,
            believed: true,
            now: row.received_at,
            raw: Some(without_blind_copies(&row.body)),
            marks: vec![row.digest.clone()],
            void: None,
        }
    }

    /// What a remote group announced; its mark is that of its own id.
    pub(super) fn announced(
        federation: &'a Federation,
        resolver: &'a Resolver<'a>,
        group: &Actor,
        activity: Activity,
        by: Actor,
        now: Ts,
    ) -> Self {
        let own = by.host == group.host;
        let id = Uri::parse(&activity.id).filter(|id| id.same_host(&by.uri));
        Self {
            federation,
            resolver,
            by,
            via: Some(group.clone()),
            believed: own,
            now,
            raw: None,
            marks: id
                .map(|id| receive::mark(id.as_str(), true))
                .into_iter()
                .collect(),
            void: None,
            activity,
        }
    }

    /// Runs an operation as the activity's actor; its effect and the marks are one transaction.
    pub(super) async fn run<O: Operation>(&self, operation: O) -> Handled {
        self.run_as(Caller::Remote { actor: self.by.id }, operation)
            .await
    }

    /// Runs an operation as somebody else: the author of fetched content, or the hub itself where a
    /// remote group's server answers for one of its own.
    pub(super) async fn run_as<O: Operation>(&self, caller: Caller, operation: O) -> Handled {
        let (marks, void) = (self.marks.clone(), self.void.clone());
        let done = self
            .federation
            .operations
            .run_with(caller, operation, move |db, now| {
                for mark in &marks {
                    if !seen::insert(db, mark, now)? {
                        return Err(seen_before());
                    }
                }
                if let Some(void) = &void {
                    seen::insert(db, void, now)?;
                }
                Ok(())
            });
        Box::pin(done).await?;
        Ok(Verdict::Applied)
    }

    /// The same case about the activity that is undone, which must not come late: its id is marked
    /// too (security.md H102).
    pub(super) fn undoing(&self, inner: Activity) -> Self {
        let id = Uri::parse(&inner.id).filter(|id| id.same_host(&self.by.uri));
        Self {
            federation: self.federation,
            resolver: self.resolver,
            activity: inner,
            by: self.by.clone(),
            via: self.via.clone(),
            believed: self.believed,
            now: self.now,
            raw: self.raw.clone(),
            marks: self.marks.clone(),
            void: id.map(|id| receive::mark(id.as_str(), true)),
        }
    }

    /// Remembers that what is undone must not come late, where nothing else is to be done.
    pub(super) async fn remember_undone(&self) -> Result<(), Refusal> {
        let Some(void) = self.void.clone().filter(|_| self.believed) else {
            return Ok(());
        };
        let now = self.now;
        let store = &self.federation.operations.store;
        store
            .write(move |db| Ok::<_, Refusal>(seen::insert(db, &void, now).map(drop)?))
            .await
    }

    /// The activity as it came, where a local group announces it: only what its actor sent here,
    /// and in a private group nothing that names the public (statement 63).
    pub(super) fn relay(&self, group: &Actor) -> Option<String> {
        let mut named = self.activity.to.iter().chain(&self.activity.cc);
        let opens = group.is_private_group() && named.any(|uri| address::is_public(uri));
        self.raw
            .clone()
            .filter(|_| group.local && self.via.is_none() && !opens)
    }

    /// The id of what the activity is about.
    pub(super) fn object_id(&self) -> Result<&str, Refusal> {
        self.activity.object_id().ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "activity.object",
                "The activity is about nothing.",
            )
        })
    }

    /// The stored post or comment that the activity is about, with its group. One whose `audience`
    /// names another group is about something else (federation.md 4.0.5).
    pub(super) async fn subject(&self) -> Result<Option<(Trace, Actor)>, Refusal> {
        let asked = visits::Subject {
            names: Arc::clone(&self.federation.operations.names),
            uri: self.object_id()?.to_owned(),
        };
        let store = &self.federation.operations.store;
        let found = self.federation.visits.subject.ask(store, asked).await?;
        let Some((known, group)) = found else {
            return Ok(None);
        };
        let audience = &self.activity.audience;
        let meant = audience.is_empty() || audience.iter().any(|uri| uri == group.uri.as_str());
        let heard = self.via.as_ref().is_none_or(|via| via.id == group.id);
        Ok((meant && heard).then_some((known, group)))
    }

    /// The actor of a row that is known to exist.
    pub(super) async fn actor_of(&self, id: ActorId) -> Result<Actor, Refusal> {
        let found = self
            .federation
            .operations
            .store
            .look_up(move |db| actors::find(db, id))
            .await;
        found.map_err(Refusal::from)?.ok_or_else(|| {
            Refusal::not_found("actor.not_found", "There is no such person or group.")
        })
    }

    /// The local actor with this id, if there is one.
    pub(super) async fn local_actor(&self, uri: &str) -> Result<Option<Actor>, Refusal> {
        let known = self.resolver.known_actor(uri).await?;
        Ok(known.filter(|actor| actor.local && actor.deleted_at.is_none()))
    }

    /// Runs a moderator's operation. The server of a remote group answers for the group, and
    /// anybody's server for its own people (federation.md 4.0.7); where the actor is no moderator
    /// that is known of a remote group, the group is asked for its moderators once.
    pub(super) async fn moderate<O: Operation + Clone>(
        &self,
        group: &Actor,
        concerned: Option<&Actor>,
        operation: O,
    ) -> Handled {
        let announced = !group.local && self.via.as_ref().is_some_and(|via| via.id == group.id);
        let own = concerned.is_some_and(|actor| actor.host == self.by.host);
        if announced && (self.by.host == group.host || own) {
            return self.run_as(Caller::System, operation).await;
        }
        let caller = Caller::Remote { actor: self.by.id };
        match self.run_as(caller, operation.clone()).await {
            Err(refusal)
                if announced
                    && refusal.kind == Kind::Forbidden
                    && self.federation.may_ask(group.uri.as_str()) =>
            {
                let learnt = learn_moderators(self.federation, self.resolver, group);
                Box::pin(learnt).await?;
                self.run_as(caller, operation).await
            }
            handled => handled,
        }
    }

    /// Whether an address lies on the actor's own server.
    pub(super) fn is_own_host(&self, uri: &str) -> bool {
        Uri::parse(uri).is_some_and(|uri| uri.same_host(&self.by.uri))
    }

    /// What the activity is about, as it came.
    pub(super) fn object(&self) -> Result<&Ref, Refusal> {
        self.activity.object().ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "activity.object",
                "The activity is about nothing.",
            )
        })
    }
}

/// The activity without those who got it without the others' knowledge: it may be announced
/// (security.md H121). Peers rarely send them, so the text is nearly always the one that came.
fn without_blind_copies(body: &str) -> String {
    const BLIND: [&str; 2] = ["bto", "bcc"];
    if !BLIND.iter().any(|name| body.contains(name)) {
        return body.to_owned();
    }
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(body) else {
        return body.to_owned();
    };
    let mut inner = Some(&mut value);
    let mut any = false;
    while let Some(serde_json::Value::Object(fields)) = inner {
        for name in BLIND {
            any |= fields.remove(name).is_some();
        }
        inner = fields.get_mut("object");
    }
    if any {
        value.to_string()
    } else {
        body.to_owned()
    }
}

fn seen_before() -> Refusal {
    Refusal::new(Kind::Conflict, SEEN_BEFORE, "This was dealt with before.")
}
