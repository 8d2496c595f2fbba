//! Events: who may come, who decides, who is told.

use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::ids::{ActorId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::domain::post::Extra;
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, from_elsewhere, text_post};
use crate::store::testing::db_test;
use crate::store::{events, notices};

use super::{AnswerAttendee, AttendEvent, LeaveEvent, ReceiveJoinAnswer};

const DAY: i64 = 24 * 3600;

fn meeting(now: Ts) -> Event {
    Event {
        starts_at: now.plus_seconds(DAY),
        ends_at: None,
        timezone: "UTC".into(),
        place: Some("Hall".into()),
        online_url: None,
        join_mode: JoinMode::Free,
        capacity: None,
        attendees: 40,
    }
}

fn announcing(group: ActorId, event: Event) -> CreatePost {
    CreatePost {
        extra: Extra::Event(event),
        ..text_post(group, "Meet us", "")
    }
}

/// A hall with anna, who announces this event in her group.
async fn announced(hall: &Hall, change: impl FnOnce(&mut Event)) -> (Caller, PostId) {
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let mut event = meeting(hall.operations.now());
    change(&mut event);
    let post = hall.run(anna, announcing(group, event)).await.unwrap();
    (anna, post)
}

async fn attend(
    hall: &Hall,
    who: Caller,
    post: PostId,
    number: u32,
) -> Result<Option<bool>, String> {
    let remote = matches!(who, Caller::Remote { .. });
    let join = remote.then(|| format!("https://peer.test/join/{number}"));
    let done = hall.run(who, AttendEvent { post, join }).await;
    done.map_err(|refusal| refusal.code.into_owned())
}

async fn coming(hall: &Hall, post: PostId) -> i64 {
    let event = hall.read(move |db| events::find(db, post)).await;
    event.unwrap().attendees
}

async fn last(hall: &Hall) -> Activity {
    hall.log().await.pop().unwrap().entry.activity
}

async fn noticed(hall: &Hall, who: Caller) -> Vec<NoticeKind> {
    let member = who.actor().unwrap();
    let page = hall
        .read(move |db| notices::list(db, member, None, PageRequest::first(10)))
        .await;
    page.items.iter().map(|notice| notice.kind).collect()
}

db_test!(
    s156_to_a_free_event_everybody_comes_and_may_leave,
    |store| {
        let hall = Hall::new(store).await;
        let (_, post) = announced(&hall, |_| ()).await;
        let (ben, mia) = (hall.person("ben").await, hall.remote("mia@peer.test").await);
        assert_eq!(coming(&hall, post).await, 0, "nobody knows it yet");
        assert_eq!(attend(&hall, ben, post, 0).await, Ok(Some(true)));
        assert_eq!(attend(&hall, mia, post, 1).await, Ok(Some(true)));
        let yes = |number| Activity::JoinAccepted {
            post,
            attendee: mia.actor().unwrap(),
            join: format!("https://peer.test/join/{number}"),
        };
        assert_eq!(last(&hall).await, yes(1));
        assert_eq!(
            attend(&hall, mia, post, 2).await,
            Ok(Some(true)),
            "answered again"
        );
        assert_eq!(last(&hall).await, yes(2));
        assert_eq!(coming(&hall, post).await, 2);
        for _ in 0..2 {
            hall.run(mia, LeaveEvent { post }).await.unwrap();
            assert_eq!(coming(&hall, post).await, 1);
        }
    }
);

db_test!(s156_a_full_event_turns_people_away, |store| {
    let hall = Hall::new(store).await;
    let (anna, post) = announced(&hall, |event| event.capacity = Some(1)).await;
    let (ben, mia) = (hall.person("ben").await, hall.remote("mia@peer.test").await);
    assert_eq!(attend(&hall, anna, post, 0).await, Ok(Some(true)));
    assert_eq!(attend(&hall, ben, post, 0).await, Err("event.full".into()));
    assert_eq!(attend(&hall, mia, post, 1).await, Ok(None));
    let attendee = mia.actor().unwrap();
    let join = "https://peer.test/join/1".to_owned();
    let no = Activity::JoinRejected {
        post,
        attendee,
        join,
    };
    assert_eq!(last(&hall).await, no);
    assert_eq!(coming(&hall, post).await, 1);
    hall.run(anna, LeaveEvent { post }).await.unwrap();
    assert_eq!(
        attend(&hall, mia, post, 2).await,
        Ok(Some(true)),
        "a seat is free again"
    );
});

db_test!(
    s156_to_a_restricted_event_come_those_whom_the_organiser_accepts,
    |store| {
        let hall = Hall::new(store).await;
        let restrict = |event: &mut Event| {
            event.join_mode = JoinMode::Restricted;
            event.capacity = Some(1);
        };
        let (anna, post) = announced(&hall, restrict).await;
        let (ben, mia) = (hall.person("ben").await, hall.remote("mia@peer.test").await);
        let before = hall.log().await.len();
        assert_eq!(attend(&hall, mia, post, 1).await, Ok(Some(false)));
        assert_eq!(attend(&hall, ben, post, 0).await, Ok(Some(false)));
        assert_eq!(hall.log().await.len(), before, "no answer yet");
        assert_eq!(coming(&hall, post).await, 0);
        assert_eq!(noticed(&hall, anna).await, [NoticeKind::JoinAsked; 2]);
        let answer = |who: Caller, accepted| AnswerAttendee {
            post,
            attendee: who.actor().unwrap(),
            accepted,
        };
        let others = hall.run(ben, answer(mia, true)).await.unwrap_err();
        assert_eq!(others.code, "moderator.required");
        hall.run(anna, answer(mia, true)).await.unwrap();
        let yes = Activity::JoinAccepted {
            post,
            attendee: mia.actor().unwrap(),
            join: "https://peer.test/join/1".into(),
        };
        assert_eq!(last(&hall).await, yes);
        let full = hall.run(anna, answer(ben, true)).await.unwrap_err();
        assert_eq!(full.code, "event.full");
        hall.run(anna, answer(ben, false)).await.unwrap();
        assert_eq!(noticed(&hall, ben).await, [NoticeKind::JoinAnswered]);
        assert_eq!(last(&hall).await, yes, "people here get no activity");
        hall.run(anna, answer(mia, false)).await.unwrap();
        assert!(matches!(last(&hall).await, Activity::JoinRejected { .. }));
        assert_eq!(coming(&hall, post).await, 0);
    }
);

db_test!(
    nobody_comes_to_what_is_over_or_takes_nobody_this_way,
    |store| {
        let hall = Hall::new(store).await;
        let (_, post) = announced(&hall, |event| event.join_mode = JoinMode::External).await;
        let ben = hall.person("ben").await;
        assert_eq!(
            attend(&hall, ben, post, 0).await,
            Err("event.closed".into())
        );
        hall.pass(DAY);
        assert_eq!(attend(&hall, ben, post, 0).await, Err("event.over".into()));
        let mia = hall.remote("mia@peer.test").await;
        assert_eq!(attend(&hall, mia, post, 1).await, Ok(None));
    }
);

db_test!(a_member_asks_the_organiser_of_an_event_elsewhere, |store| {
    let hall = Hall::new(store).await;
    let (anna, leo) = (hall.person("anna").await, hall.remote("leo@far.test").await);
    let mia = hall.remote("mia@peer.test").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let post = CreatePost {
        origin: from_elsewhere("https://peer.test/e/1", now),
        ..announcing(group, meeting(now))
    };
    let post = hall.run(mia, post).await.unwrap();
    assert_eq!(coming(&hall, post).await, 40, "as its server counts");
    assert_eq!(
        attend(&hall, leo, post, 1).await,
        Err("event.elsewhere".into())
    );
    assert_eq!(attend(&hall, anna, post, 0).await, Ok(Some(false)));
    assert_eq!(last(&hall).await, Activity::Joined { post });
    let answer = |accepted| ReceiveJoinAnswer {
        post,
        attendee: anna.actor().unwrap(),
        accepted,
    };
    let others = hall.run(leo, answer(true)).await.unwrap_err();
    assert_eq!(others.code, "event.organiser");
    hall.run(mia, answer(true)).await.unwrap();
    assert_eq!(attend(&hall, anna, post, 0).await, Ok(Some(true)));
    assert_eq!(noticed(&hall, anna).await, [NoticeKind::JoinAnswered]);
    hall.run(anna, LeaveEvent { post }).await.unwrap();
    assert_eq!(last(&hall).await, Activity::Left { post });
    let late = hall.run(mia, answer(true)).await.unwrap_err();
    assert_eq!(late.code, "event.attendee");
});

db_test!(an_event_is_where_and_when_it_can_be, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("tea", anna).await;
    let now = hall.operations.now();
    let with = |change: &dyn Fn(&mut Event)| {
        let mut event = meeting(now);
        change(&mut event);
        announcing(group, event)
    };
    for (post, code) in [
        (with(&|event| event.ends_at = Some(now)), "event.end"),
        (
            with(&|event| event.timezone = "Teatime".into()),
            "event.zone",
        ),
        (with(&|event| event.capacity = Some(0)), "event.capacity"),
        (
            with(&|event| event.online_url = Some("javascript:x".into())),
            "event.online",
        ),
    ] {
        assert_eq!(hall.run(anna, post).await.unwrap_err().code, code);
    }
});
