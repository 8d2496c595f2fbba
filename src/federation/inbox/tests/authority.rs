//! Well-signed activities of people who may not do what they ask for, or ask for nonsense
//! (security.md 3.3, H87 to H128; federation.md 9.17). Whatever they send, the scene stays as it is.

use serde_json::json;

use super::remote::joined;
use super::*;
use crate::domain::caller::Viewer;
use crate::domain::flag::{Docket, Lines};
use crate::domain::page::PageRequest;
use crate::store::testing::db_test;
use crate::store::{flags, follows, moderation, moderators, notices};

/// A hub with things worth taking: a thread by anna with an answer by mia, a thread by mia, the
/// moderator mod of another server, the follower fan; and cars, a group elsewhere that anna joined,
/// where leo wrote a thread.
struct Scene {
    room: Room,
    /// Another server than the one of mia.
    evil: Peer,
    eve: FakeActor,
    /// Of the same server as mia.
    ann: FakeActor,
    mia: FakeActor,
    cars: FakeActor,
    post: String,
    comment: String,
    note: Value,
    thread: Value,
}

impl Scene {
    async fn new(store: Store) -> Self {
        let (room, cars) = joined(store).await;
        let evil = Peer::new();
        let (eve, ann, mia) = (
            evil.person("eve"),
            room.peer.person("ann"),
            room.peer.person("mia"),
        );
        let (_, post) = room.local_post().await;
        let note = room.peer.note(&mia, 1, &room.group(), "A thread by mia");
        room.takes(&mia, &room.peer.create(&mia, &note)).await;
        let answer = room.peer.answer(&mia, 2, &post, "An answer by mia");
        room.takes(&mia, &room.peer.create(&mia, &answer)).await;
        room.takes(&mia, &room.peer.act(&mia, "Like", 3, &json!(post)))
            .await;
        let follow = room.peer.act(&ann, "Follow", 4, &json!(room.group()));
        room.takes(&ann, &follow).await;
        let leo = room.peer.person("leo");
        let mut thread = room.peer.note(&leo, 5, &cars.id, "A thread by leo");
        thread["type"] = json!("Page");
        let created = room.peer.create(&leo, &thread);
        room.takes(&cars, &room.peer.act(&cars, "Announce", 6, &created))
            .await;
        // Nobody has to be fetched for the first time while the scene is looked at.
        for id in [&eve.id, &ann.id, &mia.id] {
            room.federation.resolver().actor(id).await.unwrap();
        }
        let comment = answer["id"].as_str().unwrap().to_owned();
        Self {
            room,
            evil,
            eve,
            ann,
            mia,
            cars,
            post,
            comment,
            note,
            thread,
        }
    }

    /// Everything that nobody may change, as text.
    async fn state(&self) -> String {
        let (tea, anna) = (self.room.tea, self.room.anna.actor().unwrap());
        let names = self.room.hall.operations.names.clone();
        let uris = [
            self.post.clone(),
            self.note["id"].as_str().unwrap().to_owned(),
            self.thread["id"].as_str().unwrap().to_owned(),
        ];
        let comment = self.comment.clone();
        let actors = [
            self.room.group(),
            "http://hub.test/u/anna".to_owned(),
            self.mia.id.clone(),
            self.cars.id.clone(),
        ];
        let read = move |db: &mut crate::store::Db| {
            let mut lines = Vec::new();
            for uri in uris {
                let known = super::super::super::resolve::find_object(db, &names, &uri)?;
                let ObjectId::Post(id) = known.expect("a thread").id else {
                    continue;
                };
                lines.push(format!("{:?}", posts::find(db, id)?));
            }
            lines.push(format!("{:?}", comments::find_by_uri(db, &comment)?));
            for uri in actors {
                lines.push(format!("{:?}", actors::find_by_uri(db, &uri)?));
            }
            for group in [Some(tea), None] {
                lines.push(format!("{:?}", moderation::list_bans(db, group, 100)?));
                let of = group.map_or(Lines::Hub, Lines::Group);
                let log = moderation::list_log(db, Viewer::Visitor, of, PageRequest::first(100))?;
                lines.push(format!("{:?}", log.items));
            }
            let reports = flags::list(db, Docket::Group(tea), false, PageRequest::first(100))?;
            lines.push(format!("{:?}", reports.items));
            lines.push(format!("{:?}", moderators::list(db, tea)?));
            lines.push(format!("{:?}", follows::list_instances(db, tea)?));
            lines.push(format!("{:?}", follows::list_groups_of(db, anna, 100)?));
            lines.push(format!("{} notices", notices::count_unread(db, anna)?));
            Ok(lines.join("\n"))
        };
        let state = self.room.hall.read(read).await;
        format!("{state}\n{} told", self.room.hall.log().await.len())
    }

    /// Sends it, and fails if it changed anything.
    async fn stays(&self, before: &str, row: &str, from: &FakeActor, activity: &Value) {
        let taken = self.room.send(from, activity).await;
        let ours = row.starts_with("H89") || row.starts_with("H90");
        let known: &[u16] = if ours { &[401] } else { &[202, 400] };
        assert!(known.contains(&taken.status), "{row}: {taken:?}");
        let after = self.state().await;
        for (line, now) in before.lines().zip(after.lines()) {
            assert_eq!(line, now, "{row} changed something: {activity}");
        }
    }
}

/// Who sends, and what.
type Attack = fn(&Scene) -> (FakeActor, Value);

/// An activity of eve about something.
fn eves(scene: &Scene, kind: &str, object: &Value) -> (FakeActor, Value) {
    (
        scene.eve.clone(),
        scene.evil.act(&scene.eve, kind, 100, object),
    )
}

/// An activity of ann, from the server of mia.
fn anns(scene: &Scene, kind: &str, object: &Value) -> (FakeActor, Value) {
    (
        scene.ann.clone(),
        scene.room.peer.act(&scene.ann, kind, 100, object),
    )
}

/// What cars announces.
fn announced(scene: &Scene, inner: &Value) -> (FakeActor, Value) {
    (
        scene.cars.clone(),
        scene.room.peer.act(&scene.cars, "Announce", 100, inner),
    )
}

fn changed(thing: &Value, field: &str, value: Value) -> Value {
    let mut thing = thing.clone();
    thing[field] = value;
    thing
}

fn local_note(scene: &Scene, by: &FakeActor) -> Value {
    json!({"id": scene.post, "type": "Note", "attributedTo": by.id, "content": "<p>owned</p>",
        "to": [PUBLIC], "cc": [scene.room.group()], "updated": "2026-06-01T13:00:00Z"})
}

const ATTACKS: &[(&str, Attack)] = &[
    ("H87 id of another server", |s| {
        let (from, like) = eves(s, "Like", &json!(s.post));
        (
            from,
            changed(&like, "id", json!(format!("{}/1", s.room.peer.base))),
        )
    }),
    ("H88 id of this hub", |s| {
        let (from, like) = eves(s, "Like", &json!(s.post));
        (
            from,
            changed(&like, "id", json!("http://hub.test/activities/like/1")),
        )
    }),
    ("H89 one of our people", |s| {
        let (from, like) = eves(s, "Like", &json!(s.post));
        (
            from,
            changed(&like, "actor", json!("http://hub.test/u/anna")),
        )
    }),
    ("H90 upper case", |s| {
        let (from, delete) = eves(s, "Delete", &json!(s.post));
        (
            from,
            changed(&delete, "actor", json!("http://HUB.test/u/anna")),
        )
    }),
    ("H90 trailing dot", |s| {
        let (from, delete) = eves(s, "Delete", &json!(s.post));
        (
            from,
            changed(&delete, "actor", json!("http://hub.test./u/anna")),
        )
    }),
    ("H90 port", |s| {
        let (from, delete) = eves(s, "Delete", &json!(s.post));
        (
            from,
            changed(&delete, "actor", json!("http://hub.test:80/u/anna")),
        )
    }),
    ("H91 author of another server", |s| {
        let note = changed(
            &local_note(s, &s.mia),
            "id",
            json!(format!("{}/1", s.evil.base)),
        );
        eves(s, "Create", &note)
    }),
    ("H91 one of our people", |s| {
        let note = changed(
            &local_note(s, &s.mia),
            "id",
            json!(format!("{}/1", s.evil.base)),
        );
        eves(
            s,
            "Create",
            &changed(&note, "attributedTo", json!("http://hub.test/u/anna")),
        )
    }),
    ("H91 neighbour, not served", |s| {
        let note = changed(
            &local_note(s, &s.mia),
            "id",
            json!(format!("{}/77", s.mia.id)),
        );
        anns(s, "Create", &note)
    }),
    ("H92 number", |s| {
        eves(s, "Update", &changed(&s.note, "attributedTo", json!(1)))
    }),
    ("H92 digits", |s| {
        eves(s, "Update", &changed(&s.note, "attributedTo", json!("1")))
    }),
    ("H92 nobody", |s| {
        eves(s, "Update", &changed(&s.note, "attributedTo", json!([])))
    }),
    ("H92 first eve, then mia", |s| {
        eves(
            s,
            "Update",
            &changed(&s.note, "attributedTo", json!([s.eve.id, s.mia.id])),
        )
    }),
    ("H93 object of another server", |s| {
        let note = changed(&s.note, "content", json!("<p>owned</p>"));
        eves(
            s,
            "Create",
            &changed(&note, "id", json!(format!("{}/88", s.mia.id))),
        )
    }),
    ("H94 known object of another", |s| {
        eves(
            s,
            "Create",
            &changed(&s.note, "attributedTo", json!(s.eve.id)),
        )
    }),
    ("H94 wider audience by a neighbour", |s| {
        anns(
            s,
            "Create",
            &changed(&s.note, "attributedTo", json!(s.ann.id)),
        )
    }),
    ("H95 one of our posts", |s| {
        eves(s, "Create", &local_note(s, &s.eve))
    }),
    ("H95 one of our posts, changed", |s| {
        eves(s, "Update", &local_note(s, &s.eve))
    }),
    ("H96 object of another", |s| {
        eves(
            s,
            "Update",
            &changed(&s.note, "content", json!("<p>owned</p>")),
        )
    }),
    ("H96 object of a neighbour", |s| {
        anns(
            s,
            "Update",
            &changed(&s.note, "attributedTo", json!(s.ann.id)),
        )
    }),
    ("H96 our actor", |s| {
        eves(
            s,
            "Update",
            &json!({"id": "http://hub.test/u/anna", "type": "Person",
        "preferredUsername": "anna", "inbox": format!("{}/inbox", s.evil.base)}),
        )
    }),
    ("H96 our group", |s| {
        eves(
            s,
            "Update",
            &json!({"id": s.room.group(), "type": "Group",
        "preferredUsername": "tea", "name": "owned", "inbox": format!("{}/inbox", s.evil.base)}),
        )
    }),
    ("H99 our post", |s| eves(s, "Delete", &json!(s.post))),
    ("H99 object of another", |s| {
        eves(s, "Delete", &s.note["id"])
    }),
    ("H99 object of a neighbour", |s| {
        anns(s, "Delete", &json!(s.comment))
    }),
    ("H99 a removal by nobody", |s| {
        let (from, delete) = eves(s, "Delete", &json!(s.post));
        (from, changed(&delete, "summary", json!("spam")))
    }),
    ("H100 another actor", |s| {
        eves(s, "Delete", &json!(s.mia.id))
    }),
    ("H100 a neighbour", |s| anns(s, "Delete", &json!(s.mia.id))),
    ("H100 our actor", |s| {
        eves(s, "Delete", &json!("http://hub.test/u/anna"))
    }),
    ("H102 vote of another", |s| {
        let like = s.room.peer.act(&s.mia, "Like", 3, &json!(s.post));
        eves(s, "Undo", &like)
    }),
    ("H102 vote of another, as one's own", |s| {
        let like = s.room.peer.act(&s.mia, "Like", 3, &json!(s.post));
        eves(s, "Undo", &changed(&like, "actor", json!(s.eve.id)))
    }),
    ("H102 follow of another", |s| {
        let follow = s.room.peer.act(&s.ann, "Follow", 4, &json!(s.room.group()));
        eves(s, "Undo", &follow)
    }),
    ("H102 follow of another, by its id", |s| {
        eves(s, "Undo", &json!(format!("{}#Follow/4", s.ann.id)))
    }),
    ("H102 unknown", |s| {
        eves(s, "Undo", &json!(format!("{}#Like/999", s.eve.id)))
    }),
    ("H106 announce in announce", |s| {
        let like = s.room.peer.act(&s.ann, "Like", 101, &s.thread["id"]);
        let inner = s.room.peer.act(&s.cars, "Announce", 102, &like);
        announced(s, &inner)
    }),
    ("H106 itself", |s| {
        let (from, announce) = announced(s, &json!(null));
        let id = announce["id"].clone();
        (from, changed(&announce, "object", id))
    }),
    ("H106 by a person", |s| eves(s, "Announce", &json!(s.post))),
    ("H108 actor and object of two servers", |s| {
        let forged = changed(&s.thread, "content", json!("<p>owned</p>"));
        let mut update = s.evil.act(&s.eve, "Update", 101, &forged);
        update["published"] = json!("2026-06-01T11:59:00Z");
        announced(s, &update)
    }),
    ("H109 follow never sent", |s| {
        let follow =
            json!({"type": "Follow", "actor": "http://hub.test/u/anna", "object": s.eve.id});
        eves(s, "Accept", &follow)
    }),
    ("H109 follow of another", |s| {
        let follow =
            json!({"type": "Follow", "actor": "http://hub.test/u/anna", "object": s.cars.id});
        eves(s, "Reject", &follow)
    }),
    ("H109 follow by an unknown id", |s| {
        eves(s, "Accept", &json!("http://hub.test/activities/follow/1"))
    }),
    ("H110 nobody", |s| {
        eves(s, "Follow", &json!("http://hub.test/c/nobody"))
    }),
    ("H110 the hub itself", |s| {
        eves(s, "Follow", &json!("http://hub.test/"))
    }),
    ("H112 oneself", |s| eves(s, "Follow", &json!(s.eve.id))),
    ("H113 a stranger bans", |s| {
        let (from, block) = eves(s, "Block", &json!(s.mia.id));
        (from, changed(&block, "target", json!(s.room.group())))
    }),
    ("H113 a stranger bans from the hub", |s| {
        let (from, block) = eves(s, "Block", &json!(s.mia.id));
        (from, changed(&block, "target", json!("http://hub.test/")))
    }),
    ("H114 a stranger pins", |s| {
        let (from, add) = eves(s, "Add", &json!(s.post));
        (
            from,
            changed(&add, "target", json!("http://hub.test/c/tea/featured")),
        )
    }),
    ("H114 a stranger becomes moderator", |s| {
        let (from, add) = eves(s, "Add", &json!(s.eve.id));
        (
            from,
            changed(&add, "target", json!("http://hub.test/c/tea/moderators")),
        )
    }),
    ("H114 a stranger removes the moderator", |s| {
        let (from, remove) = eves(s, "Remove", &json!("http://hub.test/u/anna"));
        (
            from,
            changed(&remove, "target", json!("http://hub.test/c/tea/moderators")),
        )
    }),
    ("H117 a stranger locks", |s| eves(s, "Lock", &json!(s.post))),
    ("H117 a stranger unlocks", |s| {
        eves(
            s,
            "Undo",
            &json!({"type": "Lock", "actor": s.eve.id, "object": s.post}),
        )
    }),
    ("H116 a move to our actor", |s| {
        let (from, moved) = eves(s, "Move", &json!(s.eve.id));
        (
            from,
            changed(&moved, "target", json!("http://hub.test/u/anna")),
        )
    }),
    ("H116 a move of another", |s| {
        let (from, moved) = eves(s, "Move", &json!(s.mia.id));
        (from, changed(&moved, "target", json!(s.eve.id)))
    }),
    ("H120 for nobody", |s| {
        let note = json!({"id": format!("{}/9", s.eve.id), "type": "Note", "attributedTo": s.eve.id,
            "to": [], "cc": [], "content": "<p>for nobody</p>", "audience": s.room.group()});
        let (from, create) = eves(s, "Create", &note);
        (from, changed(&create, "to", json!([])))
    }),
    ("H120 public in bto alone", |s| {
        let note = json!({"id": format!("{}/9", s.eve.id), "type": "Note", "attributedTo": s.eve.id,
            "to": [s.room.group()], "bto": [PUBLIC], "content": "<p>hidden</p>"});
        let (from, create) = eves(s, "Create", &note);
        (
            from,
            changed(
                &changed(&create, "to", json!([s.room.group()])),
                "bto",
                json!([PUBLIC]),
            ),
        )
    }),
    ("s178 our post inside an announced Create", |s| {
        announced(
            s,
            &json!({"id": format!("{}#c/1", s.cars.id),
        "type": "Create", "actor": s.cars.id, "to": [PUBLIC], "object": local_note(s, &s.cars)}),
        )
    }),
    ("s178 our post itself, announced", |s| {
        announced(s, &local_note(s, &s.cars))
    }),
    ("s178 our group's name on a thread", |s| {
        let thread = changed(&s.thread, "id", json!("http://hub.test/c/tea"));
        announced(
            s,
            &json!({"id": format!("{}#c/2", s.cars.id), "type": "Update", "actor": s.cars.id,
            "to": [PUBLIC], "object": thread}),
        )
    }),
];

db_test!(
    s178_and_h87_to_h120_nobody_does_what_is_not_theirs,
    |store| {
        let scene = Scene::new(store).await;
        let before = scene.state().await;
        for (row, attack) in ATTACKS {
            let (from, activity) = attack(&scene);
            scene.stays(&before, row, &from, &activity).await;
        }
    }
);

/// All kinds of activities that anybody ever sends.
const KINDS: [&str; 26] = [
    "Create",
    "Update",
    "Delete",
    "Undo",
    "Announce",
    "Follow",
    "Accept",
    "Reject",
    "TentativeAccept",
    "TentativeReject",
    "Like",
    "Dislike",
    "EmojiReact",
    "Flag",
    "Block",
    "Add",
    "Remove",
    "Lock",
    "Unlock",
    "Move",
    "Join",
    "Leave",
    "Invite",
    "Ignore",
    "Offer",
    "Resolve",
];

/// What a foreign group, or a stranger, could say about a local group in all kinds of activities:
/// about each thing, aimed at each place, plainly, undone, and announced.
fn sayings(scene: &Scene, by: &FakeActor) -> Vec<Value> {
    let group = scene.room.group();
    let things = [
        json!(group),
        json!("http://hub.test/u/anna"),
        json!(scene.post),
        json!(scene.mia.id),
        json!(by.id),
        json!({"id": scene.post, "type": "Page", "attributedTo": by.id, "to": [PUBLIC],
            "audience": group, "name": "owned", "commentsEnabled": false, "stickied": true}),
        json!({"id": group, "type": "Group", "preferredUsername": "tea", "name": "owned",
            "inbox": format!("{}/inbox", by.id), "attributedTo": [by.id], "moderators": [by.id]}),
    ];
    let targets = [
        json!(null),
        json!(group),
        json!(format!("{group}/moderators")),
        json!(format!("{group}/featured")),
        json!(format!("{group}/followers")),
        json!("http://hub.test/"),
    ];
    let mut said = Vec::new();
    for kind in KINDS {
        for thing in &things {
            // Who is gone says nothing more.
            if kind == "Delete" && *thing == json!(by.id) {
                continue;
            }
            for target in &targets {
                let number = said.len() + 1_000;
                let id = |part: &str| format!("{}#{part}/{number}", by.id);
                let plain = json!({"id": id("plain"), "type": kind, "actor": by.id, "to": [PUBLIC],
                    "cc": [group], "audience": group, "object": thing, "target": target,
                    "summary": "because", "removeData": true});
                let as_anna = changed(
                    &changed(&plain, "actor", json!("http://hub.test/u/anna")),
                    "id",
                    json!("http://hub.test/activities/x/1"),
                );
                let wrap = |kind: &str, inner: &Value| {
                    json!({"id": id(kind), "type": kind, "actor": by.id, "to": [PUBLIC],
                        "cc": [group], "object": inner})
                };
                let outer = [
                    wrap("Undo", &plain),
                    wrap("Announce", &plain),
                    wrap("Announce", &changed(&as_anna, "summary", json!("as anna"))),
                    wrap("Announce", &wrap("Undo", &plain)),
                    plain,
                ];
                said.push(outer[number % outer.len()].clone());
            }
        }
    }
    said
}

/// What of a local group nobody from outside may change.
async fn rule_of(scene: &Scene) -> String {
    let (tea, post, note) = (
        scene.room.tea,
        scene.post.clone(),
        scene.note["id"].as_str().unwrap().to_owned(),
    );
    let names = scene.room.hall.operations.names.clone();
    let read = move |db: &mut crate::store::Db| {
        let mut lines = vec![
            format!("{:?}", moderators::list(db, tea)?),
            format!("{:?}", moderation::list_bans(db, Some(tea), 100)?),
            format!("{:?}", moderation::list_bans(db, None, 100)?),
            format!(
                "{:?}",
                moderation::list_log(
                    db,
                    Viewer::Visitor,
                    Lines::Group(tea),
                    PageRequest::first(100)
                )?
                .items
            ),
            format!(
                "{:?}",
                actors::find(db, tea)?.map(|group| (group.title, group.inbox, group.deleted_at))
            ),
        ];
        for uri in [post, note] {
            let known = super::super::super::resolve::find_object(db, &names, &uri)?;
            let ObjectId::Post(id) = known.expect("a thread").id else {
                continue;
            };
            let post = posts::find(db, id)?.expect("a thread");
            lines.push(format!(
                "{:?}",
                (
                    post.title,
                    post.html,
                    post.locked,
                    post.featured_at,
                    post.removed_at,
                    post.deleted_at
                )
            ));
        }
        Ok(lines.join("\n"))
    };
    scene.room.hall.read(read).await
}

db_test!(
    s180_no_activity_of_a_foreign_group_or_person_rules_a_local_group,
    |store| {
        let scene = Scene::new(store).await;
        let before = rule_of(&scene).await;
        for by in [scene.cars.clone(), scene.eve.clone()] {
            let said = sayings(&scene, &by);
            assert!(said.len() > 1_000, "{}", said.len());
            for some in said.chunks(100) {
                for activity in some {
                    drop(scene.room.post(&by, activity).await);
                }
                scene.room.work().await;
                assert_eq!(before, rule_of(&scene).await, "one of {some:?}");
            }
        }
    }
);

db_test!(
    s179_content_of_a_third_server_is_never_stored_as_embedded,
    |store| {
        let scene = Scene::new(store).await;
        let third = Peer::new();
        let joe = third.person("joe");
        let said = third.note(&joe, 1, &scene.cars.id, "What joe said");
        let mut never = third.note(&joe, 2, &scene.cars.id, "Never said");
        third.serve(never["id"].as_str().unwrap(), json!(404));
        never["to"] = json!([PUBLIC]);
        let forged = changed(&said, "content", json!("<p>What eve says joe said</p>"));
        let by_joe =
            |kind: &str, number: u32, object: &Value| third.act(&joe, kind, number, object);
        let by_cars = |kind: &str, number: u32, object: &Value| {
            scene.room.peer.act(&scene.cars, kind, number, object)
        };
        let embedded = [
            by_cars("Announce", 200, &forged),
            by_cars("Announce", 201, &by_joe("Create", 201, &forged)),
            by_cars("Announce", 202, &by_joe("Update", 202, &forged)),
            by_cars("Announce", 203, &by_cars("Create", 303, &forged)),
            by_cars("Update", 204, &forged),
            by_cars("Create", 205, &forged),
            by_cars("Announce", 206, &by_joe("Create", 206, &never)),
            by_cars("Update", 207, &never),
        ];
        for activity in &embedded {
            assert_eq!(scene.room.send(&scene.cars, activity).await.status, 202);
            let post = scene.room.find_post(said["id"].as_str().unwrap()).await;
            let words = post.map(|post| post.html).unwrap_or_default();
            assert!(!words.contains("eve says"), "{activity} was believed");
            let never = scene.room.find_post(never["id"].as_str().unwrap()).await;
            assert_eq!(never, None, "{activity}");
        }
        let post = scene.room.find_post(said["id"].as_str().unwrap()).await;
        assert!(
            post.unwrap().html.contains("What joe said"),
            "its origin is believed"
        );
    }
);
