//! Members and groups move to accounts elsewhere (federation.md 4.12).

use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::moving::MoveAway;
use crate::store::actors;

use super::Federation;

impl Federation {
    /// Moves a member, or a group of theirs, to the account at an address or handle, if that one's
    /// document, fetched now, names the old account among its own. `notice` is pinned in a group
    /// that moves.
    ///
    /// # Errors
    /// If there is no such account, it does not name the old one, or they moved lately.
    pub(crate) async fn move_away(
        &self,
        caller: Caller,
        group: Option<ActorId>,
        to: &str,
        notice: &str,
    ) -> Result<(), Refusal> {
        let me = group.unwrap_or(policy::require_actor(caller)?);
        let kind = match group {
            Some(_) => ActorKind::Group,
            None => ActorKind::Person,
        };
        let resolver = self.resolver();
        let uri = match Handle::parse(to).filter(|handle| handle.host.is_some()) {
            Some(handle) => {
                let found = Box::pin(resolver.handle(&handle, Some(kind))).await?;
                found.uri.to_string()
            }
            None => to.to_owned(),
        };
        let claim = Box::pin(resolver.claim(&uri)).await?;
        let own = self
            .operations
            .store
            .read(move |db| actors::find(db, me))
            .await
            .map_err(Refusal::from)?;
        let named = own.is_some_and(|own| {
            let uri = own.uri.as_str();
            claim.also_known_as.iter().any(|known| known == uri)
        });
        if !named {
            return Err(Refusal::invalid(
                "target",
                "move.unnamed",
                "The new account must first name this one among its own (as an alias).",
            ));
        }
        let away = MoveAway {
            group,
            target: claim.actor.id,
            notice: notice.to_owned(),
        };
        self.operations.run(caller, away).await
    }
}
