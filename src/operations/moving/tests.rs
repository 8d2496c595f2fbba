//! Who comes along when somebody moves, and what followers hear of a moved thread.

use super::{MoveAway, MoveThread, ReceiveMove, SetAliases};
use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::{Ban, FollowState};
use crate::operations::membership::ReceiveFollow;
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::store::{Db, follows, moderation, moves, posts};

async fn follow(hall: &Hall, follower: Caller, target: ActorId) {
    let uri = format!("https://peer.test/follows/{target}");
    hall.run(follower, ReceiveFollow { target, uri })
        .await
        .unwrap();
}

async fn state(hall: &Hall, target: ActorId, follower: Caller) -> Option<FollowState> {
    let follower = follower.actor().unwrap();
    let find = move |db: &mut Db| follows::find(db, target, follower);
    hall.read(find).await.map(|follow| follow.state)
}

db_test!(memberships_and_bans_come_along, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let (tea, den) = (hall.group("tea", anna).await, hall.group("den", anna).await);
    let bar = hall.group("bar", anna).await;
    let (old, new) = (
        hall.remote("mia@old.test").await,
        hall.remote("mia@new.test").await,
    );
    follow(&hall, old, tea).await;
    follow(&hall, old, den).await;
    let mia = old.actor().unwrap();
    hall.write(move |db, now| {
        let mut group = crate::store::actors::find(db, den)?.unwrap();
        group.manually_approves = true;
        crate::store::actors::set_profile(db, &group)?;
        let reason = "spam".to_owned();
        let ban = Ban {
            reason,
            until: None,
        };
        moderation::upsert_ban(db, Some(bar), mia, &ban, now)
    })
    .await;
    let target = new.actor().unwrap();
    assert!(hall.run(old, ReceiveMove { target }).await.unwrap());
    assert_eq!(state(&hall, tea, old).await, None);
    assert_eq!(state(&hall, tea, new).await, Some(FollowState::Accepted));
    let waits = Some(FollowState::Pending);
    assert_eq!(state(&hall, den, new).await, waits, "moderators decide");
    let now = hall.operations.now();
    let ban = move |db: &mut Db| moderation::find_ban(db, Some(bar), target, now);
    assert!(hall.read(ban).await.is_some(), "a move ends no ban");
});

db_test!(nobody_moves_twice_in_a_week_or_in_a_chain, |store| {
    let hall = Hall::new(store).await;
    let mut mias = Vec::new();
    for host in ["a", "b", "c"] {
        mias.push(hall.remote(&format!("mia@{host}.test")).await);
    }
    let target = |place: usize| ReceiveMove {
        target: mias[place].actor().unwrap(),
    };
    assert!(hall.run(mias[0], target(1)).await.unwrap());
    assert!(!hall.run(mias[0], target(2)).await.unwrap(), "too soon");
    assert!(
        !hall.run(mias[2], target(0)).await.unwrap(),
        "H116: a chain"
    );
    assert!(
        !hall.run(mias[2], target(2)).await.unwrap(),
        "to themselves"
    );
    hall.pass(7 * 24 * 3600);
    assert!(hall.run(mias[0], target(2)).await.unwrap());
});

db_test!(a_member_who_moves_away_says_where, |store| {
    let hall = Hall::new(store).await;
    let (anna, new) = (
        hall.person("anna").await,
        hall.remote("anna@new.test").await,
    );
    let me = anna.actor().unwrap();
    let mia = hall.remote("mia@peer.test").await;
    follow(&hall, mia, me).await;
    let target = new.actor().unwrap();
    hall.run(anna, MoveAway { target }).await.unwrap();
    let log = hall.log().await;
    let moved = log
        .iter()
        .find(|logged| logged.entry.activity == Activity::Moved { target });
    let entry = &moved.expect("it is told").entry;
    assert_eq!((entry.by, entry.group), (me, Some(me)), "to her followers");
    assert_eq!(
        hall.read(move |db| moves::find(db, me)).await.unwrap().0,
        target
    );
    let refused = hall.run(anna, MoveAway { target }).await.unwrap_err();
    assert_eq!(refused.code, "move.again");
    let here = SetAliases {
        uris: vec!["http://hub.test/u/anna".to_owned()],
    };
    assert!(hall.run(anna, here).await.is_err(), "no alias of this hub");
});

db_test!(a_thread_moves_between_groups_of_one_moderator, |store| {
    let hall = Hall::new(store).await;
    let (anna, bert) = (hall.person("anna").await, hall.person("bert").await);
    let (tea, pots) = (
        hall.group("tea", anna).await,
        hall.group("pots", anna).await,
    );
    let other = hall.group("other", bert).await;
    let post = hall.post(bert, tea, "Which pot?").await;
    let thread = |group| MoveThread { post, group };
    assert!(hall.run(bert, thread(pots)).await.is_err());
    assert!(hall.run(anna, thread(other)).await.is_err());
    hall.run(anna, thread(pots)).await.unwrap();
    let moved = hall.read(move |db| posts::find(db, post)).await.unwrap();
    assert_eq!((moved.id, moved.group), (post, pots));
    let again = hall.run(anna, thread(pots)).await.unwrap_err();
    assert_eq!(again.code, "thread.there");
    let object = crate::domain::ids::ObjectId::Post(post);
    hall.comment(bert, object, "Clay.").await;
    let log = hall.log().await;
    let last: Vec<_> = log.iter().rev().take(2).map(|l| l.entry.group).collect();
    assert!(
        last.contains(&Some(tea)) && last.contains(&Some(pots)),
        "both announce"
    );
});
