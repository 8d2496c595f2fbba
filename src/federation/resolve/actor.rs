//! Actors: from the store, else from their origin; and anew when what is known is old.

use serde_json::Value;

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::Uri;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::actor::NoteAbsence;
use crate::store::{StoreError, actors, moves};

use super::super::wire;
use super::Resolver;

/// What an account says of itself where somebody moves.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// The account.
    pub(crate) actor: Actor,
    /// The ids of other accounts that it says are its own.
    pub(crate) also_known_as: Vec<String>,
    /// Whether it says that it has moved, too.
    pub(crate) moved_on: bool,
}

impl Resolver<'_> {
    /// The actor with this id, fetched if it is not known.
    ///
    /// # Errors
    /// If it is deleted, or not known and cannot be had.
    pub(crate) async fn actor(&self, uri: &str) -> Result<Actor, Refusal> {
        let known = self.known_actor(uri).await?;
        self.known_or_fetched(uri, known).await
    }

    async fn known_or_fetched(&self, uri: &str, known: Option<Actor>) -> Result<Actor, Refusal> {
        match known {
            Some(actor) if actor.deleted_at.is_some() => Err(gone()),
            Some(actor) => Ok(actor),
            None if self.federation.names().is_local(uri) => Err(gone()),
            None => self.learn_once(uri).await,
        }
    }

    /// Fetches and stores an actor who is not known; those who want the same one at once wait for
    /// whoever came first.
    async fn learn_once(&self, uri: &str) -> Result<Actor, Refusal> {
        let turn = self.federation.memory.learning(uri);
        let _turn = turn.lock().await;
        match self.known_actor(uri).await? {
            Some(actor) if actor.deleted_at.is_some() => Err(gone()),
            Some(actor) => Ok(actor),
            None => self.learn(&self.named_document(uri).await?).await,
        }
    }

    /// The actor with this id, of whom `known` is stored; fetched anew if that is older than
    /// `federation.actor_refresh`; if that fails, as it is known.
    ///
    /// # Errors
    /// If it is deleted, or not known and cannot be had.
    pub(crate) async fn fresh_actor(
        &self,
        uri: &str,
        known: Option<Actor>,
    ) -> Result<Actor, Refusal> {
        let actor = self.known_or_fetched(uri, known).await?;
        let age = self
            .federation
            .settings()
            .federation
            .actor_refresh
            .seconds();
        let old = actor
            .fetched_at
            .is_some_and(|at| at.plus_seconds(age) < self.federation.now());
        if actor.local || !old || !self.federation.may_ask(uri) {
            return Ok(actor);
        }
        match self.refresh(uri).await {
            Ok(fresh) => Ok(fresh),
            Err(refusal) => {
                tracing::debug!(actor.uri = uri, why = %refusal, "kept as known");
                Ok(actor)
            }
        }
    }

    /// The actor with this id as its server describes it now.
    ///
    /// # Errors
    /// If it cannot be had, or is no actor.
    pub(crate) async fn refresh(&self, uri: &str) -> Result<Actor, Refusal> {
        self.learn(&self.document(uri).await?).await
    }

    /// Stores the actor in a document from its origin.
    async fn learn(&self, document: &Value) -> Result<Actor, Refusal> {
        let actor = wire::Actor::from_value(document).map_err(|no| {
            Refusal::new(
                Kind::Invalid,
                "actor.unreadable",
                format!("The actor is no use: {no}."),
            )
        })?;
        self.federation.upsert(&actor).await
    }

    /// Looks whether a known actor is still there: what its server says now is stored. Who is gone,
    /// and still is a day later, is gone for good.
    ///
    /// # Errors
    /// If its server cannot be asked.
    pub(crate) async fn recheck(&self, actor: &Actor) -> Result<(), Refusal> {
        let gone = match self.refresh(actor.uri.as_str()).await {
            Err(refusal) if refusal.kind == Kind::Gone => true,
            other => other.map(|_| false)?,
        };
        let noted = NoteAbsence {
            actor: actor.id,
            gone,
        };
        let operations = &self.federation.operations;
        operations.run(Caller::System, noted).await
    }

    /// Which other accounts the one with this id says are its own: by its document as its server
    /// gives it now, or as they set it here.
    ///
    /// # Errors
    /// If it cannot be had, or is no actor.
    pub(crate) async fn claim(&self, uri: &str) -> Result<Claim, Refusal> {
        let known = self.known_actor(uri).await?.filter(|actor| actor.local);
        if let Some(actor) = known {
            let store = &self.federation.operations.store;
            let id = actor.id;
            let found = store.look_up(move |db| {
                let moved_on = moves::find(db, id)?.is_some();
                Ok::<_, StoreError>((moves::list_aliases(db, id)?, moved_on))
            });
            let (also_known_as, moved_on) = found.await.map_err(Refusal::from)?;
            return Ok(Claim {
                actor,
                also_known_as,
                moved_on,
            });
        }
        let document = self.document(uri).await?;
        let actor = wire::Actor::from_value(&document).map_err(|no| {
            Refusal::new(
                Kind::Invalid,
                "actor.unreadable",
                format!("The actor is no use: {no}."),
            )
        })?;
        Ok(Claim {
            also_known_as: actor.also_known_as.clone(),
            moved_on: actor.moved_to.is_some(),
            actor: self.federation.upsert(&actor).await?,
        })
    }

    /// The actor with this id, if it is known.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn known_actor(&self, uri: &str) -> Result<Option<Actor>, Refusal> {
        let Some(uri) = Uri::parse(uri) else {
            return Ok(None);
        };
        let store = &self.federation.operations.store;
        let found = store
            .look_up(move |db| actors::find_by_uri(db, uri.as_str()))
            .await;
        found.map_err(Refusal::from)
    }
}

fn gone() -> Refusal {
    Refusal::new(
        Kind::Gone,
        "actor.gone",
        "This person or group does not exist any more.",
    )
}
