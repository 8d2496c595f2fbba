//! What holds for votes.

use crate::domain::activity::{Activity, Lane};
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Kind;
use crate::operations::moderation::Ban;
use crate::operations::testing::Hall;
use crate::store::posts;
use crate::store::testing::db_test;

use super::Vote;

fn vote(object: ObjectId, value: i16) -> Vote {
    Vote {
        object,
        value,
        relay: None,
    }
}

db_test!(a_person_has_one_vote_and_may_change_it, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "Vote on me").await;
    let object = ObjectId::Post(post);
    let mut ranks = Vec::new();
    for (value, up, down) in [(1, 1, 0), (1, 1, 0), (-1, 0, 1), (0, 0, 0), (0, 0, 0)] {
        hall.run(ben, vote(object, value)).await.unwrap();
        let stored = hall.read(move |db| posts::find(db, post)).await.unwrap();
        assert_eq!(
            (stored.upvotes, stored.downvotes),
            (up, down),
            "after {value}"
        );
        ranks.push(crate::domain::post::hot_rank(up, down, stored.published_at));
    }
    let log = hall.log().await;
    let votes: Vec<_> = log
        .iter()
        .filter(|l| l.entry.lane() == Lane::Votes)
        .collect();
    let told: Vec<_> = votes.iter().map(|l| l.entry.activity.clone()).collect();
    let (liked, disliked) = (votes[0].uuid.clone(), votes[2].uuid.clone());
    let cast = |value| Activity::Voted { object, value };
    let undone = |value, uuid| Activity::Unvoted {
        object,
        value,
        vote: Some(uuid),
    };
    assert_eq!(
        told,
        [cast(1), undone(1, liked), cast(-1), undone(-1, disliked)],
        "what changes nothing is told to nobody, and nobody has two votes"
    );
    assert_eq!(
        hall.run(ben, vote(object, 7)).await.unwrap_err().kind,
        Kind::Invalid
    );
});

db_test!(banned_people_do_not_vote, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let ben = hall.person("ben").await;
    let group = hall.group("drivers", anna).await;
    let object = ObjectId::Post(hall.post(anna, group, "Vote on me").await);
    let ban = Ban {
        group: Some(group),
        actor: ben.actor().unwrap(),
        reason: "spam".into(),
        until: None,
        remove_content: false,
        relay: None,
    };
    hall.run(anna, ban).await.unwrap();
    assert_eq!(
        hall.run(ben, vote(object, 1)).await.unwrap_err().kind,
        Kind::Banned
    );
});

db_test!(votes_on_ones_own_words_do_not_count, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "Vote on me").await;
    for value in [1, -1, 0] {
        hall.run(anna, vote(ObjectId::Post(post), value))
            .await
            .unwrap();
    }
    let stored = hall.read(move |db| posts::find(db, post)).await.unwrap();
    assert_eq!((stored.upvotes, stored.downvotes), (0, 0));
    assert_eq!(hall.log().await.len(), 1, "only the post itself is told of");
});
