//! Who comes along when somebody moves, and what followers hear of a moved thread.

use super::{MoveAway, MoveThread, ReceiveMove, SetAliases};
use crate::domain::activity::Activity;
use crate::domain::caller::{Caller, Viewer};
use crate::domain::ids::ActorId;
use crate::domain::membership::{Ban, FollowState};
use crate::operations::membership::{JoinGroup, ReceiveFollow};
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::store::{Db, actors, follows, moderation, moderators, moves, posts};

async fn follow(hall: &Hall, follower: Caller, target: ActorId) {
    let uri = format!("https://peer.test/follows/{target}");
    hall.run(follower, ReceiveFollow { target, uri })
        .await
        .unwrap();
}

fn away(target: ActorId) -> MoveAway {
    MoveAway {
        group: None,
        target,
        notice: String::new(),
    }
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
        let mut group = actors::find(db, den)?.unwrap();
        group.manually_approves = true;
        actors::set_profile(db, &group)?;
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
    hall.run(anna, away(target)).await.unwrap();
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
    let refused = hall.run(anna, away(target)).await.unwrap_err();
    assert_eq!(refused.code, "move.again");
    let here = SetAliases {
        group: None,
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

db_test!(
    a_group_moves_with_its_members_and_leaves_a_notice,
    |store| {
        let hall = Hall::new(store).await;
        let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
        let tea = hall.group("tea", anna).await;
        hall.pass(1);
        let second = ben.actor().unwrap();
        hall.write(move |db, now| moderators::insert(db, tea, second, now))
            .await;
        hall.run(ben, JoinGroup { group: tea }).await.unwrap();
        follow(&hall, hall.remote("mia@peer.test").await, tea).await;
        let target = hall.remote_group("tea@new.test").await;
        let person = hall.remote("leo@new.test").await.actor().unwrap();
        let leave = |target| MoveAway {
            group: Some(tea),
            target,
            notice: "We have moved".into(),
        };
        for (who, to, code) in [
            (ben, target, "founder.required"),
            (Caller::Visitor, target, "sign_in.required"),
            (anna, person, "move.nowhere"),
            (anna, tea, "move.nowhere"),
        ] {
            let refused = hall.run(who, leave(to)).await.unwrap_err();
            assert_eq!(refused.code, code);
        }
        hall.run(anna, leave(target)).await.unwrap();
        assert_eq!(state(&hall, tea, ben).await, None);
        assert_eq!(state(&hall, target, ben).await, Some(FollowState::Pending));
        let group = hall.read(move |db| actors::find(db, tea)).await.unwrap();
        assert!(group.posting_restricted, "nobody begins a thread any more");
        let pinned = hall
            .read(move |db| posts::list_featured(db, Viewer::Visitor, tea))
            .await;
        assert_eq!(pinned[0].title, "We have moved");
        let log = hall.log().await;
        let by_group = log.iter().filter(|row| row.entry.by == tea);
        let told: Vec<&Activity> = by_group.map(|row| &row.entry.activity).collect();
        assert!(told.contains(&&Activity::Moved { target }), "{told:?}");
        assert_eq!(told.last(), Some(&&Activity::ProfileUpdated { actor: tea }));
        let again = hall.run(anna, leave(target)).await.unwrap_err();
        assert_eq!(again.code, "move.again");
    }
);
