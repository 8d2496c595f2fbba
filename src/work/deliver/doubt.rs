//! What refusals tell of those who follow: an inbox that is gone, a group that nobody follows any
//! more (federation.md 3.7, statements 169 and 171).

use std::time::Duration;

use moka::sync::Cache;

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, InstanceId};
use crate::domain::refusal::Refusal;
use crate::federation::Federation;
use crate::operations::membership::ForgetFollowers;
use crate::store::{Db, Res, actors, follows};

/// Actors that one refusal has us ask for.
const MOST: u32 = 5;
/// So many times a server says that nobody there follows a group before it is believed.
const TIMES: u32 = 3;

/// How often servers disowned our groups of late.
pub(super) struct Doubts {
    disowned: Cache<(ActorId, InstanceId), u32>,
}

impl Default for Doubts {
    fn default() -> Self {
        let disowned = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(Duration::from_hours(24))
            .build();
        Self { disowned }
    }
}

impl Doubts {
    /// A server says that nobody there follows a group. When it said so often enough, its followers
    /// are asked for, and those that are still there follow no more: their own server should know.
    pub(super) async fn disowned(
        &self,
        federation: &Federation,
        group: ActorId,
        instance: InstanceId,
    ) {
        let key = (group, instance);
        let times = self.disowned.get(&key).unwrap_or(0) + 1;
        self.disowned.insert(key, times);
        if times < TIMES {
            return;
        }
        self.disowned.invalidate(&key);
        let find = move |db: &mut Db| follows::list_followers(db, group, instance, MOST);
        ask_for(federation, find).await;
        let forget = ForgetFollowers { group, instance };
        match federation.operations.run(Caller::System, forget).await {
            Ok(gone) => tracing::info!(gone, server = instance.0, "followers were disowned"),
            Err(why) => tracing::warn!(%why, "disowned followers could not be forgotten"),
        }
    }
}

/// An inbox does not exist any more: whoever receives there is asked for. Who is gone follows no
/// more; who is not may have moved to another inbox.
pub(super) async fn inbox_is_gone(federation: &Federation, instance: InstanceId, inbox: &str) {
    if !federation.may_ask(inbox) {
        return;
    }
    let inbox = inbox.to_owned();
    let find = move |db: &mut Db| actors::list_by_inbox(db, instance, &inbox, MOST);
    ask_for(federation, find).await;
}

/// Asks for some actors as their server has them now.
async fn ask_for(
    federation: &Federation,
    find: impl FnOnce(&mut Db) -> Res<Vec<Actor>> + Send + 'static,
) {
    let found = federation.operations.store.read(find).await;
    let asked = async {
        for actor in found? {
            Box::pin(federation.resolver().recheck(&actor)).await?;
        }
        Ok::<_, Refusal>(())
    };
    if let Err(why) = Box::pin(asked).await {
        tracing::debug!(%why, "a follower could not be asked for");
    }
}
