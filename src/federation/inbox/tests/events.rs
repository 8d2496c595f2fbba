//! Events from elsewhere, and who comes to events of this hub.

use serde_json::json;

use super::*;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::post::{Extra, PostKind};
use crate::operations::event::AttendEvent;
use crate::operations::post::CreatePost;
use crate::operations::testing::text_post;
use crate::store::events;
use crate::store::testing::db_test;

impl Room {
    async fn event(&self, post: PostId) -> Event {
        let found = self.hall.read(move |db| events::find(db, post)).await;
        found.expect("an event")
    }

    /// An event of anna's tomorrow.
    async fn local_event(&self, join_mode: JoinMode, capacity: Option<i64>) -> (PostId, String) {
        let event = Event {
            starts_at: self.hall.operations.now().plus_seconds(24 * 3600),
            ends_at: None,
            timezone: "UTC".into(),
            place: None,
            online_url: None,
            join_mode,
            capacity,
            attendees: 0,
        };
        let post = CreatePost {
            extra: Extra::Event(event),
            ..text_post(self.tea, "Meet us", "")
        };
        let id = self.hall.run(self.anna, post).await.unwrap();
        (id, format!("http://hub.test/post/{id}"))
    }

    async fn last_deed(&self) -> Deed {
        self.last_logged().await.entry.activity
    }
}

/// An event as Mobilizon words it, posted into the group by mention.
fn event(room: &Room, by: &FakeActor) -> Value {
    let mut event = room.peer.note(by, 4, &room.group(), "Tea for all");
    event["type"] = json!("Event");
    event["name"] = json!("Tea for all");
    event["startTime"] = json!("2026-07-01T18:00:00+02:00");
    event["endTime"] = json!("2026-07-01T20:00:00+02:00");
    event["timezone"] = json!("Europe/Berlin");
    event["joinMode"] = json!("free");
    event["maximumAttendeeCapacity"] = json!(20);
    event["participantCount"] = json!(3);
    event["location"] = json!({"type": "Place", "name": "Hall",
        "address": {"type": "PostalAddress", "streetAddress": "Main Street 1", "addressLocality": "Town"}});
    event
}

db_test!(
    s156_an_event_from_elsewhere_keeps_its_time_and_place,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let mut event = event(&room, &mia);
        room.takes(&mia, &room.peer.create(&mia, &event)).await;
        let post = room.find_post(event["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(
            (post.kind, post.title.as_str()),
            (PostKind::Event, "Tea for all")
        );
        let stored = room.event(post.id).await;
        assert_eq!(Some(stored.starts_at), Ts::parse("2026-07-01T16:00:00Z"));
        assert_eq!(stored.ends_at, Ts::parse("2026-07-01T18:00:00Z"));
        assert_eq!(stored.timezone, "Europe/Berlin");
        assert_eq!(stored.place.as_deref(), Some("Hall, Main Street 1, Town"));
        assert_eq!((stored.capacity, stored.attendees), (Some(20), 3));
        event["startTime"] = json!("2026-07-02T18:00:00+02:00");
        event["endTime"] = Value::Null;
        event["updated"] = json!("2026-06-01T11:30:00Z");
        let update = room.peer.act(&mia, "Update", 1, &event);
        room.takes(&mia, &update).await;
        let moved = room.event(post.id).await;
        assert_eq!(Some(moved.starts_at), Ts::parse("2026-07-02T16:00:00Z"));
    }
);

db_test!(s156_join_is_accepted_and_leave_ends_it, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let (post, uri) = room.local_event(JoinMode::Free, None).await;
    let join = room.peer.act(&mia, "Join", 1, &json!(uri));
    room.takes(&mia, &join).await;
    assert_eq!(room.event(post).await.attendees, 1);
    let attendee = room.find_actor(&mia.id).await.unwrap().id;
    let yes = Deed::JoinAccepted {
        post,
        attendee,
        join: join["id"].as_str().unwrap().to_owned(),
    };
    assert_eq!(room.last_deed().await, yes);
    room.takes(&mia, &room.peer.act(&mia, "Leave", 2, &json!(uri)))
        .await;
    assert_eq!(room.event(post).await.attendees, 0);
    room.takes(&mia, &room.peer.act(&mia, "Join", 3, &json!(uri)))
        .await;
    let undo = room.peer.act(
        &mia,
        "Undo",
        4,
        &room.peer.act(&mia, "Join", 3, &json!(uri)),
    );
    room.takes(&mia, &undo).await;
    assert_eq!(room.event(post).await.attendees, 0);
});

db_test!(
    s156_a_restricted_event_waits_and_a_full_one_rejects,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let (restricted, uri) = room.local_event(JoinMode::Restricted, None).await;
        let before = room.hall.log().await.len();
        room.takes(&mia, &room.peer.act(&mia, "Join", 1, &json!(uri)))
            .await;
        assert_eq!(room.event(restricted).await.attendees, 0);
        let attendee = room.id_of(&mia).await;
        let waits =
            move |db: &mut crate::store::Db| events::find_attendance(db, restricted, attendee);
        let waits = room.hall.read(waits).await.map(|one| one.accepted);
        assert_eq!(waits, Some(false), "it is pending");
        assert_eq!(room.hall.log().await.len(), before, "no answer yet");
        let (full, uri) = room.local_event(JoinMode::Free, Some(1)).await;
        let own = AttendEvent {
            post: full,
            join: None,
        };
        room.hall.run(room.anna, own).await.unwrap();
        let join = room.peer.act(&mia, "Join", 2, &json!(uri));
        room.takes(&mia, &join).await;
        assert_eq!(room.event(full).await.attendees, 1);
        assert!(matches!(room.last_deed().await, Deed::JoinRejected { .. }));
    }
);

db_test!(s156_the_organiser_elsewhere_answers_our_join, |store| {
    let room = Room::new(store).await;
    let (mia, leo) = (room.peer.person("mia"), room.peer.person("leo"));
    let event = event(&room, &mia);
    room.takes(&mia, &room.peer.create(&mia, &event)).await;
    let uri = event["id"].as_str().unwrap();
    let post = room.find_post(uri).await.unwrap().id;
    let anna = room.anna.actor().unwrap();
    let ask = AttendEvent { post, join: None };
    room.hall.run(room.anna, ask).await.unwrap();
    let uuid = room.last_logged().await.uuid;
    let join = format!("http://hub.test/activities/join/{uuid}");
    let embedded =
        json!({"id": join, "type": "Join", "actor": "http://hub.test/u/anna", "object": uri});
    let expected = async || {
        let found = room
            .hall
            .read(move |db| events::find_attendance(db, post, anna))
            .await;
        found.map(|one| one.accepted)
    };
    room.send(&leo, &room.peer.act(&leo, "Accept", 1, &embedded))
        .await;
    assert_eq!(expected().await, Some(false), "leo has no say");
    room.takes(&mia, &room.peer.act(&mia, "Accept", 2, &embedded))
        .await;
    assert_eq!(expected().await, Some(true));
    room.takes(&mia, &room.peer.act(&mia, "Reject", 3, &json!(join)))
        .await;
    assert_eq!(expected().await, None);
});
