//! Broken and hostile documents (security.md 3.2, H63 to H86), from the signed request to what is
//! stored.

use serde_json::json;

use super::*;
use crate::operations::testing::START;
use crate::store::testing::db_test;

/// What a row of the table must come to.
enum Comes {
    /// Not taken, with this status.
    To(u16),
    /// Taken, and without effect.
    ToNothing,
    /// Stored as a post of which this holds.
    ToPost(fn(&Post) -> bool),
}

use Comes::{To, ToNothing, ToPost};

/// What must be true of a stored actor.
type Check = fn(&Actor) -> bool;

/// A change of a good Create, and what comes of it.
type Row = (&'static str, fn(&mut Value), Comes);

fn good(_: &Post) -> bool {
    true
}

async fn check(room: &Room, rows: &[Row]) {
    let mia = room.peer.person("mia");
    for (number, (name, change, comes)) in (1..).zip(rows) {
        let note = room.peer.note(&mia, number, &room.group(), "Good words");
        let id = note["id"].as_str().unwrap().to_owned();
        let mut create = room.peer.create(&mia, &note);
        change(&mut create);
        let taken = room.send(&mia, &create).await;
        let later = |outcome: &Outcome| matches!(outcome, Outcome::Later(_));
        assert!(!taken.outcomes.iter().any(later), "{name}: {taken:?}");
        let post = room.find_post(&id).await;
        match comes {
            To(status) => assert_eq!((taken.status, post), (*status, None), "{name}"),
            ToNothing => assert_eq!((taken.status, post), (202, None), "{name}"),
            ToPost(holds) => {
                let post = post.unwrap_or_else(|| panic!("{name}: nothing stored, {taken:?}"));
                assert!(holds(&post), "{name}: {post:?}");
            }
        }
        assert_eq!(room.hall.read(inbox::count).await, 0, "{name}");
    }
}

db_test!(h63_to_h69_broken_bodies_are_answered_and_left, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let like = room
        .peer
        .act(&mia, "Like", 1, &json!("http://hub.test/post/1"));
    let like = like.to_string();
    let with = |field: &str| like.replacen('{', &format!("{{{field},"), 1).into_bytes();
    let many = format!("\"to\":[{}\"x\"]", "\"x\",".repeat(150_000));
    let objects = format!("\"tag\":[{}{{}}]", "{},".repeat(150_000));
    let rows: Vec<(&str, Vec<u8>)> = vec![
        ("H63 empty", Vec::new()),
        ("H63 null", b"null".to_vec()),
        ("H63 array", b"[]".to_vec()),
        ("H63 string", b"\"x\"".to_vec()),
        ("H63 number", b"1".to_vec()),
        ("H63 truncated", like.as_bytes()[..like.len() - 1].to_vec()),
        (
            "H64 invalid UTF-8",
            with("\"name\":\"\u{1}\"")
                .iter()
                .map(|b| if *b == 1 { 0xff } else { *b })
                .collect(),
        ),
        (
            "H64 UTF-16",
            like.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "H64 byte order mark",
            [b"\xEF\xBB\xBF", like.as_bytes()].concat(),
        ),
        (
            "H65 200 deep",
            with(&format!("\"x\":{}{}", "[".repeat(200), "]".repeat(200))),
        ),
        (
            "H65 100,000 deep",
            with(&format!(
                "\"x\":{}{}",
                "[".repeat(100_000),
                "]".repeat(100_000)
            )),
        ),
        ("H66 huge exponent", with("\"x\":1e400")),
        ("H67 id twice", with("\"id\":\"https://m.example/1\"")),
        ("H67 actor twice", with("\"actor\":\"https://m.example/1\"")),
        (
            "H67 object twice",
            with("\"object\":\"https://m.example/1\""),
        ),
        ("H67 type twice", with("\"type\":\"Create\"")),
        (
            "H67 id twice by escape",
            with("\"\\u0069d\":\"https://m.example/1\""),
        ),
        ("H68 lone surrogate", with("\"name\":\"\\ud800\"")),
        ("H68 NUL", with("\"name\":\"a\\u0000b\"")),
        ("H69 recipients", with(&many)),
        ("H69 tags", with(&objects)),
    ];
    for (name, body) in rows {
        match room.post_raw(&mia, &body).await {
            Reception::Rejected(no) => assert_eq!(no.status, 400, "{name}: {}", no.sentence),
            Reception::Accepted => panic!("{name} was accepted"),
        }
    }
    assert_eq!(room.hall.read(inbox::count).await, 0);
    assert_eq!(room.peer.fetches(), 0, "nothing is fetched for them");
    for (name, field) in [
        (
            "H66 forty digits",
            "\"x\":1234567890123456789012345678901234567890",
        ),
        ("H66 minus zero", "\"x\":-0"),
        (
            "H68 prototype",
            "\"__proto__\":{\"type\":\"Create\"},\"constructor\":1",
        ),
    ] {
        let taken = room.post_raw(&mia, &with(field)).await;
        assert_eq!(taken, Reception::Accepted, "{name}");
    }
});

db_test!(h70_to_h74_envelopes_are_read_in_every_shape, |store| {
    let room = Room::new(store).await;
    let rows: Vec<Row> = vec![
        ("H70 no type", |c| c["type"] = json!(null), To(400)),
        ("H70 number", |c| c["type"] = json!(7), To(400)),
        (
            "H70 unknown",
            |c| c["type"] = json!("Frobnicate"),
            ToNothing,
        ),
        (
            "H70 array",
            |c| c["type"] = json!(["Frob", "Create", "Note"]),
            ToPost(good),
        ),
        ("H71 no id", |c| c["id"] = json!(null), To(400)),
        ("H71 relative", |c| c["id"] = json!("/1"), To(400)),
        ("H71 number", |c| c["id"] = json!(1), To(400)),
        ("H71 script", |c| c["id"] = json!("javascript:1"), To(400)),
        (
            "H71 4 KiB",
            |c| c["id"] = json!(format!("{}{}", c["id"], "x".repeat(4096))),
            To(400),
        ),
        (
            "H71 blanks",
            |c| c["id"] = json!(format!("{} x", c["id"].as_str().unwrap())),
            To(400),
        ),
        (
            "H71 fragment",
            |c| c["id"] = json!(format!("{}#x", c["id"].as_str().unwrap())),
            ToPost(good),
        ),
        (
            "H72 actor as object",
            |c| c["actor"] = json!({"id": c["actor"], "type": "Person"}),
            ToPost(good),
        ),
        (
            "H72 array of one",
            |c| c["actor"] = json!([c["actor"]]),
            ToPost(good),
        ),
        (
            "H72 array of two",
            |c| c["actor"] = json!([c["actor"], "https://m.example/2"]),
            To(400),
        ),
        ("H72 null", |c| c["actor"] = json!(null), To(400)),
        ("H73 null", |c| c["object"] = json!(null), ToNothing),
        ("H73 empty", |c| c["object"] = json!({}), ToNothing),
        (
            "H73 nested",
            |c| {
                for _ in 0..10 {
                    c["object"] =
                        json!({"type": "Create", "actor": c["actor"], "object": c["object"]});
                }
            },
            ToNothing,
        ),
        (
            "H74 no context",
            |c| {
                c.as_object_mut().unwrap().remove("@context");
            },
            ToPost(good),
        ),
        (
            "H74 unknown",
            |c| c["@context"] = json!("https://nowhere.example/x"),
            ToPost(good),
        ),
        (
            "H74 remapped",
            |c| {
                c["@context"] = json!({"content": "https://x.example/name", "name": "as:content"});
                c["object"]["name"] = json!("A name stays a name");
            },
            ToPost(|post| post.title == "A name stays a name"),
        ),
        (
            "H74 huge",
            |c| c["@context"] = json!(vec!["https://x.example/"; 5_000]),
            ToPost(good),
        ),
    ];
    check(&room, &rows).await;
    assert_eq!(room.peer.fetches(), 1, "but for the key nothing is fetched");
});

db_test!(
    h73_of_several_objects_each_is_dealt_with_for_itself,
    |store| {
        let room = Room::new(store).await;
        let mia = room.peer.person("mia");
        let notes: Vec<Value> = (1..=50)
            .map(|number| room.peer.note(&mia, number, &room.group(), "One of many"))
            .collect();
        let mut create = room.peer.create(&mia, &notes[0]);
        create["object"] = json!(notes);
        let taken = room.send(&mia, &create).await;
        assert_eq!(taken.status, 202);
        assert!(
            room.find_post(notes[0]["id"].as_str().unwrap())
                .await
                .is_some()
        );
        assert!(room.hall.log().await.len() <= 20, "H73: bounded");
    }
);

db_test!(h75_to_h77_times_and_texts_are_held_to_bounds, |store| {
    fn now(post: &Post) -> bool {
        post.published_at.rfc3339() == START
    }
    fn without_words(post: &Post) -> bool {
        post.title.starts_with("Post by @mia@") && post.html.is_empty()
    }
    let room = Room::new(store).await;
    let rows: Vec<Row> = vec![
        (
            "H75 year 0",
            |c| c["object"]["published"] = json!("0000-01-01T00:00:00Z"),
            ToPost(now),
        ),
        (
            "H75 year 9999",
            |c| c["object"]["published"] = json!("9999-12-31T23:59:59Z"),
            ToPost(now),
        ),
        (
            "H75 number",
            |c| c["object"]["published"] = json!(1_u64 << 63),
            ToPost(now),
        ),
        (
            "H75 in ten years",
            |c| c["object"]["published"] = json!("2036-06-01T12:00:00Z"),
            ToPost(now),
        ),
        (
            "H75 before 1990",
            |c| c["object"]["published"] = json!("1989-12-31T23:59:59Z"),
            ToPost(now),
        ),
        (
            "H75 no date",
            |c| c["object"]["published"] = json!("yesterday"),
            ToPost(now),
        ),
        (
            "H75 good",
            |c| c["object"]["published"] = json!("2026-05-01T00:00:00+02:00"),
            ToPost(|post| post.published_at.rfc3339() == "2026-04-30T22:00:00Z"),
        ),
        (
            "H76 500 KB",
            |c| c["object"]["content"] = json!(format!("<p>{}</p>", "long ".repeat(100_000))),
            ToPost(|post| post.html.chars().count() < 100_100 && post.html.ends_with("…</p>")),
        ),
        (
            "H76 null",
            |c| c["object"]["content"] = json!(null),
            ToPost(without_words),
        ),
        (
            "H76 array",
            |c| c["object"]["content"] = json!(["x"]),
            ToPost(without_words),
        ),
        (
            "H76 object",
            |c| c["object"]["content"] = json!({"x": "y"}),
            ToPost(without_words),
        ),
        (
            "H77 languages",
            |c| {
                let map: serde_json::Map<String, Value> = (0..5_000)
                    .map(|n| (format!("aa-x{n}"), json!("<p>words of one tongue</p>")))
                    .collect();
                c["object"]["contentMap"] = Value::Object(map);
                c["object"]["content"] = json!(null);
            },
            ToPost(|post| post.html == "<p>words of one tongue</p>"),
        ),
        (
            "H77 odd tags",
            |c| {
                c["object"]["contentMap"] = json!({"<b>": "<p>no</p>", "x": "<p>no</p>", "de": "<p>Worte auf deutsch</p>", "fr": null});
                c["object"]["content"] = json!(null);
            },
            ToPost(|post| {
                post.html == "<p>Worte auf deutsch</p>" && post.language.as_deref() == Some("de")
            }),
        ),
    ];
    check(&room, &rows).await;
});

db_test!(
    h78_to_h85_lists_names_and_links_are_held_to_bounds,
    |store| {
        fn fallback(post: &Post) -> bool {
            post.title == "Good words"
        }
        fn link(post: &Post) -> bool {
            post.url == "https://m.example/page"
        }
        let room = Room::new(store).await;
        let rows: Vec<Row> = vec![
            (
                "H78 100 KB",
                |c| c["object"]["name"] = json!("long ".repeat(20_000)),
                ToPost(|post| post.title.chars().count() <= 300 && post.title.ends_with('…')),
            ),
            (
                "H78 direction",
                |c| c["object"]["name"] = json!("\u{202e}gnp.exe \u{2066}x\u{2069}"),
                ToPost(|post| post.title == "gnp.exe x"),
            ),
            (
                "H78 zalgo",
                |c| c["object"]["name"] = json!(format!("Tea{}", "\u{301}".repeat(5_000))),
                ToPost(|post| post.title.chars().count() < 15),
            ),
            (
                "H78 nothing to see",
                |c| c["object"]["name"] = json!("\u{200b}\u{feff}\u{2060}"),
                ToPost(fallback),
            ),
            (
                "H78 composed",
                |c| c["object"]["name"] = json!("Ka\u{308}se"),
                ToPost(|post| post.title == "Käse"),
            ),
            (
                "H80 links",
                |c| {
                    c["object"]["url"] = json!([{"type": "Link", "href": "javascript:1"},
            {"type": "Link", "href": "data:text/html,x"}, {"type": "Link", "href": "https://m.example/page"}]);
                },
                ToPost(link),
            ),
            (
                "H80 script",
                |c| c["object"]["url"] = json!("javascript:1"),
                ToPost(|post| post.url == post.uri.as_str()),
            ),
            (
                "H82 five hundred",
                |c| {
                    let one = json!({"type": "Image", "url": "https://m.example/1.png", "width": -4, "height": 1e9,
                "blurhash": "x".repeat(10_000)});
                    c["object"]["attachment"] = json!(vec![one; 500]);
                },
                ToPost(|post| post.attachments.len() == 16),
            ),
            (
                "H82 no media",
                |c| {
                    c["object"]["attachment"] = json!([{"type": "Document", "mediaType": "text/html",
            "url": "javascript:1"}, {"type": "Document", "mediaType": "text/html", "url": "data:text/html,x"}]);
                },
                ToPost(|post| post.attachments.is_empty()),
            ),
            (
                "H83 ten thousand",
                |c| {
                    let group = c["object"]["tag"][0].clone();
                    let mut tags: Vec<Value> = (0..10_000)
                .map(|n| json!({"type": "Mention", "href": format!("https://m.example/{n}")})).collect();
                    tags.insert(0, group);
                    c["object"]["tag"] = json!(tags);
                },
                ToPost(good),
            ),
            (
                "H83 hashtag",
                |c| {
                    let group = c["object"]["tag"][0].clone();
                    c["object"]["tag"] = json!([group, {"type": "Hashtag", "name": format!("#{}", "x".repeat(300))},
                {"type": "Emoji", "name": ":<script>:", "icon": {"type": "Image", "url": "https://m.example/x.png"}}]);
                },
                ToPost(|post| !post.html.contains("<script>")),
            ),
            (
                "H247 custom emoji",
                |c| {
                    let group = c["object"]["tag"][0].clone();
                    let emoji = json!({"type": "Emoji", "name": ":x:",
                        "icon": {"type": "Image", "url": "https://m.example/x.png"}});
                    let mut tags = vec![emoji; 90];
                    tags.insert(0, group);
                    c["object"]["tag"] = json!(tags);
                    c["object"]["content"] = json!(format!(
                        "<p>Many <code>:x:</code> <a href=\"https://m.example/:x:\" title=\":x:\">:x:</a> {}</p>",
                        ":x:".repeat(1_000)
                    ));
                },
                // Emoji stay the words that they are, so nothing is put into an attribute.
                ToPost(|post| {
                    post.html.contains("title=\":x:\"")
                        && post.html.contains("<code>:x:</code>")
                        && !post.html.contains("x.png")
                }),
            ),
            (
                "H84 poll",
                |c| {
                    c["object"]["type"] = json!("Question");
                    c["object"]["votersCount"] = json!(-1);
                    c["object"]["oneOf"] = json!(vec![
                        json!({"type": "Note", "name": "yes",
                "replies": {"totalItems": 1_u64 << 63}});
                        10_000
                    ]);
                },
                ToPost(|post| post.html.matches("<li>").count() <= 20),
            ),
            (
                "H85 SQL",
                |c| {
                    c["object"]["name"] = json!("'; DROP TABLE posts; -- \"\\%00");
                    c["object"]["summary"] = json!("x' OR '1'='1");
                    c["object"]["contentMap"] = json!({"en": "'"});
                    c["object"]["url"] = json!("https://m.example/'%00;--");
                },
                ToPost(|post| {
                    post.title == "'; DROP TABLE posts; -- \"\\%00"
                        && post.url == "https://m.example/'%00;--"
                        && post.warning.as_deref() == Some("x' OR '1'='1")
                }),
            ),
        ];
        check(&room, &rows).await;
    }
);

db_test!(h83_a_flood_of_mentions_tells_ten_people, |store| {
    use crate::store::notices;
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let mut tags = Vec::new();
    let mut people = Vec::new();
    for number in 0..15 {
        let name = format!("member{number}");
        people.push(room.hall.person(&name).await.actor().unwrap());
        tags.push(json!({"type": "Mention", "href": format!("http://hub.test/u/{name}")}));
    }
    let mut note = room.peer.note(&mia, 1, &room.group(), "Look, everybody");
    tags.push(note["tag"][0].clone());
    note["tag"] = json!(tags);
    room.takes(&mia, &room.peer.create(&mia, &note)).await;
    let mut told = 0;
    for person in people {
        told += room
            .hall
            .read(move |db| notices::count_unread(db, person))
            .await;
    }
    assert_eq!(told, 10);
});

db_test!(h79_h81_odd_actors_are_no_use_or_made_harmless, |store| {
    let room = Room::new(store).await;
    let long = "x".repeat(10_000);
    let refused: [(&str, &str, Value); 9] = [
        ("H79 slash", "preferredUsername", json!("a/b")),
        ("H79 at", "preferredUsername", json!("a@b")),
        ("H79 blank", "preferredUsername", json!("a b")),
        ("H79 tag", "preferredUsername", json!("<b>")),
        ("H79 long", "preferredUsername", json!(long)),
        (
            "H81 elsewhere",
            "inbox",
            json!("https://elsewhere.example/inbox"),
        ),
        ("H81 literal", "inbox", json!("http://192.0.2.1/inbox")),
        ("H81 missing", "inbox", json!(null)),
        ("H81 script", "inbox", json!("javascript:1")),
    ];
    for (number, (name, field, value)) in (1..).zip(refused) {
        // Each on a server of its own: one that gave no key is left alone for a while.
        let peer = Peer::new();
        let id = format!("{}/users/odd{number}", peer.base);
        let odd = peer.actor("Person", &id, "odd", 0);
        let mut document = peer.served(&id);
        document[field] = value;
        peer.serve(&id, document);
        let note = peer.note(&odd, 1, &room.group(), "From an odd actor");
        let taken = room.send(&odd, &peer.create(&odd, &note)).await;
        assert_eq!((taken.status, taken.outcomes), (401, vec![]), "{name}");
        assert_eq!(room.find_actor(&id).await, None, "{name}");
    }
    let harmless: [(&str, &str, Value, Check); 4] = [
        (
            "H78 name",
            "name",
            json!("\u{202e}Mia\u{200b} \u{1}X"),
            |actor| actor.title == "Mia X",
        ),
        (
            "H79 reserved",
            "preferredUsername",
            json!("admin"),
            |actor| actor.full_handle().starts_with("admin@"),
        ),
        (
            "H81 shared",
            "endpoints",
            json!({"sharedInbox": "https://elsewhere.example/inbox"}),
            |actor| actor.shared_inbox.is_none(),
        ),
        (
            "H85 SQL",
            "summary",
            json!("<p onclick=x>'; DROP TABLE actors; --</p>"),
            |actor| actor.summary_html == "<p>'; DROP TABLE actors; --</p>",
        ),
    ];
    for (number, (name, field, value, holds)) in (1..).zip(harmless) {
        let id = format!("{}/users/mild{number}", room.peer.base);
        let mild = room.peer.actor("Person", &id, &format!("mild{number}"), 0);
        let mut document = room.peer.served(&id);
        document[field] = value;
        room.peer.serve(&id, document);
        let note = room.peer.note(&mild, 1, &room.group(), "From a mild actor");
        room.takes(&mild, &room.peer.create(&mild, &note)).await;
        let actor = room.find_actor(&id).await.unwrap();
        assert!(holds(&actor), "{name}: {actor:?}");
    }
});

db_test!(h86_no_mutation_of_real_activities_panics, |store| {
    let room = Room::new(store).await;
    let mia = room.peer.person("mia");
    let note = room.peer.note(&mia, 1, &room.group(), "Good words");
    let bodies = [
        room.peer.create(&mia, &note).to_string(),
        room.peer
            .act(
                &mia,
                "Undo",
                1,
                &room.peer.act(&mia, "Like", 2, &note["id"]),
            )
            .to_string(),
        room.peer
            .act(&mia, "Flag", 3, &json!([mia.id, note["id"]]))
            .to_string(),
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    for body in bodies.iter().cycle().take(150) {
        let mut bytes = body.clone().into_bytes();
        for _ in 0..=random(3) {
            let (at, length) = (random(bytes.len()), bytes.len());
            match random(4) {
                0 => bytes[at] = b"\"\\{}[],:0\xff"[random(10)],
                1 => bytes.truncate(at.max(1)),
                2 => {
                    bytes.remove(at.min(length - 1));
                }
                _ => bytes.extend_from_within(at..length.min(at + 20)),
            }
        }
        let status = match room.post_raw(&mia, &bytes).await {
            Reception::Accepted => 202,
            Reception::Rejected(no) => no.status,
        };
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            [202, 400, 401, 413, 415].contains(&status),
            "{status} for {text}"
        );
        room.work().await;
    }
});
