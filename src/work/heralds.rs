//! Tells members of new threads in groups of which they want to hear everything.

use std::time::Duration;

use super::Stopping;
use crate::domain::caller::Caller;
use crate::domain::ids::PostId;
use crate::operations::Operations;
use crate::operations::notice::TellOfThread;
use crate::store::{Res, thread_news};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(5);
/// Threads of one look.
const BATCH: u32 = 50;

/// Looks until the hub stops.
pub(super) async fn run(operations: &Operations, stopping: &Stopping) -> Res<()> {
    while stopping.pause(EVERY).await {
        once(operations, stopping).await?;
    }
    Ok(())
}

/// Tells of each thread that waits until all have been told; of how many that was done. What fails
/// is tried again at the next look.
pub(super) async fn once(operations: &Operations, stopping: &Stopping) -> Res<usize> {
    let waiting = operations
        .store
        .read(|db| thread_news::list(db, BATCH))
        .await?;
    Ok(stopping
        .each(waiting, |post| tell(operations, stopping, post))
        .await)
}

async fn tell(operations: &Operations, stopping: &Stopping, post: PostId) -> bool {
    while !stopping.token.is_cancelled() {
        match operations.run(Caller::System, TellOfThread { post }).await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%post, %error, "members could not be told of a thread");
                return false;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::caller::Caller;
    use crate::domain::ids::{ActorId, ObjectId};
    use crate::domain::notice::NoticeKind;
    use crate::domain::page::PageRequest;
    use crate::domain::post::Sort;
    use crate::domain::reading::{Level, Watch};
    use crate::operations::membership::{JoinGroup, LeaveGroup};
    use crate::operations::reading::{SetLevels, WatchThread};
    use crate::operations::testing::{Hall, text_post};
    use crate::operations::trial;
    use crate::store::testing::db_test;
    use crate::store::{Address, notices};
    use crate::views::feed::{self, Feed};

    async fn member(hall: &Hall, name: &str, group: ActorId) -> Caller {
        let member = trial::member(trial::person(&hall.operations, name).await);
        hall.run(member, JoinGroup { group }).await.unwrap();
        member
    }

    async fn hears(hall: &Hall, member: Caller, group: ActorId, level: Level) {
        let levels = vec![(group, level)];
        hall.run(member, SetLevels { levels }).await.unwrap();
    }

    async fn kinds(hall: &Hall, of: Caller) -> Vec<NoticeKind> {
        let to = of.actor().unwrap();
        let page = PageRequest::first(20);
        let found = hall
            .read(move |db| notices::list(db, to, None, page))
            .await
            .items;
        found.into_iter().map(|notice| notice.kind).collect()
    }

    async fn look(hall: &Hall) -> usize {
        once(&hall.operations, &Stopping::default()).await.unwrap()
    }

    db_test!(who_wants_all_hears_of_each_new_thread_once, |store| {
        let hall = Hall::over(trial::hub(store).await);
        let anna = trial::member(trial::person(&hall.operations, "anna").await);
        let tea = hall.group("tea", anna).await;
        let ben = member(&hall, "ben", tea).await;
        let carl = member(&hall, "carl", tea).await;
        let dora = member(&hall, "dora", tea).await;
        hall.post(anna, tea, "Before anybody asked").await;
        assert_eq!(look(&hall).await, 0, "nothing waits");
        for who in [ben, carl, dora] {
            hears(&hall, who, tea, Level::All).await;
        }
        hall.run(dora, LeaveGroup { group: tea }).await.unwrap();
        hall.post(ben, tea, "Which pot?").await;
        let named = text_post(tea, "Ask them", "@carl knows");
        hall.run(anna, named).await.unwrap();
        let gone = hall.post(anna, tea, "Gone").await;
        let delete = crate::operations::object::DeleteObject {
            object: ObjectId::Post(gone),
            relay: None,
        };
        hall.run(anna, delete).await.unwrap();
        assert_eq!(look(&hall).await, 3);
        assert_eq!(kinds(&hall, ben).await, [NoticeKind::NewThread]);
        let both = [NoticeKind::NewThread, NoticeKind::Mention];
        assert_eq!(
            kinds(&hall, carl).await,
            both,
            "the mention alone is enough"
        );
        assert_eq!(kinds(&hall, dora).await, [], "no longer in it");
        assert_eq!(look(&hall).await, 0, "once");
    });

    db_test!(
        a_post_is_one_row_however_many_hear_of_it_and_they_are_told_in_pieces,
        |store| {
            let hall = Hall::over(trial::hub(store).await);
            let anna = trial::member(trial::person(&hall.operations, "anna").await);
            let tea = hall.group("tea", anna).await;
            let postgres = matches!(hall.operations.store.address(), Address::Postgres(_));
            let mut took = Vec::new();
            for many in [1, 249] {
                for n in 0..many {
                    let fan = hall.person(&format!("fan{many}n{n}")).await;
                    hall.run(fan, JoinGroup { group: tea }).await.unwrap();
                    hears(&hall, fan, tea, Level::All).await;
                }
                let before = hall.operations.store.statements();
                let post = hall.post(anna, tea, "News").await;
                let published = hall.operations.store.statements() - before;
                assert_eq!(hall.read(|db| thread_news::list(db, 10)).await, [post]);
                let tell = TellOfThread { post };
                let before = hall.operations.store.statements();
                let done = hall.run(Caller::System, tell).await.unwrap();
                took.push((published, hall.operations.store.statements() - before));
                assert_eq!(done, many == 1, "200 at once");
                look(&hall).await;
            }
            assert_eq!(took[0].0, took[1].0, "publishing costs the same: {took:?}");
            if postgres {
                assert!(took[1].1 < 20, "{took:?}");
            }
            let told = hall.read(|db| thread_news::list(db, 10)).await;
            assert_eq!(told, []);
        }
    );

    db_test!(
        who_wants_nothing_hears_of_followed_threads_alone_and_reads_it_in_the_group,
        |store| {
            let hall = Hall::over(trial::hub(store).await);
            let anna = trial::member(trial::person(&hall.operations, "anna").await);
            let tea = hall.group("tea", anna).await;
            let ben = member(&hall, "ben", tea).await;
            let stranger = trial::member(trial::person(&hall.operations, "emil").await);
            let post = hall.post(ben, tea, "Which pot?").await;
            let levels = vec![(tea, Level::Nothing)];
            let refused = hall.run(stranger, SetLevels { levels }).await;
            assert_eq!(refused.unwrap_err().code, "group.not_joined");
            hears(&hall, ben, tea, Level::Nothing).await;
            hall.comment(anna, ObjectId::Post(post), "@ben iron").await;
            assert_eq!(kinds(&hall, ben).await, []);
            let id = ben.actor().unwrap();
            let joined = async || {
                let page = PageRequest::first(5);
                let list = move |db: &mut crate::store::Db| {
                    feed::page(db, Some(id), Feed::Joined(id), Sort::New, page)
                };
                hall.read(list).await.items.len()
            };
            assert_eq!(joined().await, 0);
            let watch = Some(Watch::Followed);
            hall.run(ben, WatchThread { post, watch }).await.unwrap();
            hall.comment(anna, ObjectId::Post(post), "or clay").await;
            assert_eq!(kinds(&hall, ben).await, [NoticeKind::Answer]);
            hears(&hall, ben, tea, Level::Own).await;
            assert_eq!(joined().await, 1);
        }
    );
}
