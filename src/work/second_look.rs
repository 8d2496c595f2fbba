//! Asks a day later once more for those whom their own server said to be gone (security.md H154).

use std::time::Duration;

use super::Stopping;
use crate::domain::refusal::Refusal;
use crate::federation::Federation;
use crate::operations::actor::PATIENCE;
use crate::store::{Db, Res, absences, actors};

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(1);
/// Actors of one look.
const MOST: u32 = 100;

/// Looks until the hub stops.
pub(super) async fn run(federation: &Federation, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        tokio::select! {
            () = stopping.token.cancelled() => return Ok(()),
            looked = once(federation) => looked?,
        }
    }
    Ok(())
}

/// Asks for everybody who is due. Whose server cannot be asked now is asked for at the next look.
pub(super) async fn once(federation: &Federation) -> Res<()> {
    let until = federation.now().plus_seconds(-PATIENCE);
    let find = move |db: &mut Db| {
        let ids = absences::list_until(db, until, MOST)?;
        actors::list_by_ids(db, &ids)
    };
    for actor in federation.operations.store.read(find).await? {
        let asked: Result<(), Refusal> = Box::pin(federation.resolver().recheck(&actor)).await;
        if let Err(why) = asked {
            tracing::debug!(actor.uri = %actor.uri, %why, "somebody could not be asked for");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Peer, World};
    use super::*;
    use crate::domain::actor::Actor;
    use crate::domain::ids::ActorId;
    use crate::store::follows;
    use crate::store::testing::db_test;

    const HOUR: i64 = 3_600;

    /// Whether somebody is a member of the group, and whether they are gone for good.
    async fn stands(world: &World, actor: &Actor) -> (bool, bool) {
        let (group, id): (ActorId, ActorId) = (world.group, actor.id);
        let find = move |db: &mut Db| {
            let member = follows::find(db, group, id)?.is_some();
            let actor = actors::find(db, id)?.expect("it is known");
            Ok((member, actor.deleted_at.is_some()))
        };
        world.hall.read(find).await
    }

    db_test!(
        h154_who_is_gone_is_gone_for_good_when_that_is_still_so_a_day_later,
        |store| {
            let world = World::new(store).await;
            let blog = Peer::new().await;
            let mia = world.somebody(&blog, "gotosocial", "mia", false).await;
            let ann = world.somebody(&blog, "gotosocial", "ann", false).await;
            for fan in [&mia, &ann] {
                world.follow(fan).await;
                world.federation.resolver().recheck(fan).await.unwrap();
                assert_eq!(stands(&world, fan).await, (false, false), "the first look");
            }
            world.hall.pass(23 * HOUR);
            world.federation.resolver().recheck(&mia).await.unwrap();
            once(&world.federation).await.unwrap();
            assert_eq!(stands(&world, &mia).await, (false, false), "not a day yet");
            let back = serde_json::json!({"id": ann.uri, "type": "Person",
                "preferredUsername": "ann", "inbox": format!("{}/inbox", ann.uri)});
            blog.serves("/users/ann", &back);
            world.hall.pass(2 * HOUR);
            once(&world.federation).await.unwrap();
            assert_eq!(stands(&world, &mia).await, (false, true), "still gone");
            assert_eq!(stands(&world, &ann).await, (false, false), "there again");
            let until = world.federation.now();
            let left = world
                .hall
                .read(move |db| absences::list_until(db, until, MOST))
                .await;
            assert_eq!(left, [], "nobody is waited for");
        }
    );
}
