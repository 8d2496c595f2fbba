//! What holds for votes.

use crate::domain::activity::{Activity, Lane};
use crate::domain::caller::Caller;
use crate::domain::ids::ObjectId;
use crate::domain::refusal::Kind;
use crate::operations::moderation::Ban;
use crate::operations::testing::Hall;
use crate::store::posts;
use crate::store::testing::db_test;
use crate::views::post;

use super::{React, Vote};

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

db_test!(a_reaction_is_a_vote_that_says_more, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(mia, group, "React to me").await;
    let object = ObjectId::Post(post);
    let react = |content: &str, on| React {
        object,
        content: content.to_owned(),
        on,
    };
    let stands = async |viewer: Caller| {
        let viewer = viewer.actor();
        let card = hall
            .operations
            .store
            .read(move |db| post::card(db, viewer, post))
            .await
            .unwrap();
        let told = card.reactions.into_iter();
        let told: Vec<_> = told.map(|r| (r.content, r.count, r.mine)).collect();
        (card.post.upvotes, card.my_vote, told)
    };
    for (who, content) in [(ben, "🎉"), (ben, "🎉"), (anna, "🎉"), (ben, "👍")] {
        hall.run(who, react(content, true)).await.unwrap();
    }
    let party = ("🎉".to_owned(), 2, true);
    let thumb = |mine| ("👍".to_owned(), 1, mine);
    assert_eq!(stands(ben).await, (2, 1, vec![party.clone(), thumb(true)]));
    assert_eq!(stands(anna).await, (2, 1, vec![party, thumb(false)]));
    for (content, votes) in [("🎉", 2), ("👍", 1)] {
        hall.run(ben, react(content, false)).await.unwrap();
        assert_eq!(stands(ben).await.0, votes, "it goes with the last");
    }
    hall.run(ben, react("👍", true)).await.unwrap();
    hall.run(ben, vote(object, -1)).await.unwrap();
    let left = vec![("🎉".to_owned(), 1, false)];
    assert_eq!(
        stands(ben).await,
        (1, -1, left),
        "who dislikes takes it back"
    );
    for (who, content, code) in [
        (ben, "🦓", "reaction.unknown"),
        (ben, "", "reaction.unknown"),
        (Caller::Visitor, "👍", "sign_in.required"),
    ] {
        let refused = hall.run(who, react(content, true)).await.unwrap_err();
        assert_eq!(refused.code, code);
    }
    let own = ObjectId::Post(hall.post(ben, group, "Mine").await);
    let refused = hall
        .run(
            ben,
            React {
                object: own,
                ..react("👍", true)
            },
        )
        .await;
    assert_eq!(refused.unwrap_err().code, "reaction.own");
});

db_test!(a_reaction_goes_with_the_vote_that_it_brought, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "React to me").await;
    let object = ObjectId::Post(post);
    let react = |on| React {
        object,
        content: "👍".to_owned(),
        on,
    };
    let votes = async || {
        let stored = hall.read(move |db| posts::find(db, post)).await.unwrap();
        stored.upvotes
    };
    for (voted, after) in [(false, 0), (true, 1)] {
        if voted {
            hall.run(ben, vote(object, 1)).await.unwrap();
            hall.pass(1);
        }
        hall.run(ben, react(true)).await.unwrap();
        assert_eq!(votes().await, 1);
        hall.run(ben, react(false)).await.unwrap();
        assert_eq!(votes().await, after, "voted before: {voted}");
    }
});
