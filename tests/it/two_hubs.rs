//! Two hubs that federate with each other: what is done on one is seen on the other.

use serde_json::{Value, json};

use crate::support::{Hub, Kind, eventually, id, on_both};

/// A hub with a group and its owner.
async fn hub(kind: Kind, owner: &str, group: &str) -> Hub {
    let mut hub = Hub::with(kind, "[delivery]\nbackoff_base = \"200ms\"");
    hub.user(owner, "admin");
    hub.group(group, owner);
    hub.start().await;
    hub
}

async fn find(hub: &Hub, path: &str, fits: impl Fn(&Value) -> bool) -> Option<Value> {
    let items = hub.list(path, "").await;
    items.into_iter().find(|item| fits(item))
}

/// Waits for an item of a list.
async fn see(hub: &Hub, what: &str, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
    eventually(what, async || find(hub, path, &fits).await).await
}

/// A person of `guest` and the owner of a group of `home` write to each other in that group.
struct Journey<'a> {
    home: &'a Hub,
    owner: &'a str,
    group: &'a str,
    guest: &'a Hub,
    person: &'a str,
}

impl Journey<'_> {
    /// The group's posts as the home hub has them, and as the guest's has them.
    fn posts(&self) -> (String, String) {
        let here = format!("/groups/{}/posts", self.group);
        let there = format!("/groups/{}@{}/posts", self.group, self.home.domain);
        (here, there)
    }

    /// How many follow the group, its owner perhaps among them.
    async fn followers(&self) -> i64 {
        let followers = format!("{}/c/{}/followers", self.home.base, self.group);
        let count = self.home.document(&followers).await.expect(200);
        count["totalItems"].as_i64().expect("a count")
    }

    async fn join(&self) {
        let before = self.followers().await;
        let path = format!("/groups/{}@{}/join", self.group, self.home.domain);
        let answer = self.guest.api("POST", &path, self.person, json!({})).await;
        assert!(matches!(answer.status, 200..=202), "{answer:?}");
        eventually("the guest among the followers", async || {
            (self.followers().await == before + 1).then_some(())
        })
        .await;
    }

    /// A post of the guest, on both hubs.
    async fn post(&self) -> (Value, Value) {
        let (here, there) = self.posts();
        let text = json!({"title": "From the other side", "body": "Is this **on**?"});
        let posted = self.guest.api("POST", &there, self.person, text).await;
        let posted = posted.expect(201);
        let uri = posted["ap_id"].clone();
        let arrived = see(self.home, "the guest's post at home", &here, |post| {
            post["ap_id"] == uri
        })
        .await;
        assert_eq!(arrived["title"], "From the other side");
        assert!(
            arrived["content_html"]
                .to_string()
                .contains("<strong>on</strong>")
        );
        assert_eq!(arrived["author"]["local"], false);
        (arrived, posted)
    }

    /// An answer of the owner, on both hubs, and the guest's answer to it.
    async fn comment(&self, here: &Value, there: &Value) -> (Value, Value) {
        let path_here = format!("/posts/{}/comments", id(here));
        let path_there = format!("/posts/{}/comments", id(there));
        let text = json!({"body": "It is."});
        let answer = self.home.api("POST", &path_here, self.owner, text).await;
        let answer = answer.expect(201);
        let arrived = see(self.guest, "the owner's comment", &path_there, |comment| {
            comment["ap_id"] == answer["ap_id"]
        })
        .await;
        let text = json!({"body": "Splendid.", "parent_id": arrived["id"]});
        let reply = self.guest.api("POST", &path_there, self.person, text).await;
        let reply = reply.expect(201);
        let seen = see(self.home, "the guest's reply", &path_here, |comment| {
            comment["ap_id"] == reply["ap_id"]
        })
        .await;
        assert_eq!(
            seen["parent_id"], answer["id"],
            "threaded under what it answers"
        );
        (answer, arrived)
    }

    /// Votes in both directions, changed and taken back.
    async fn vote(&self, here: &Value, there: &Value, (comment, copy): (&Value, &Value)) {
        let votes = |item: &Value| (item["upvotes"].clone(), item["downvotes"].clone());
        let path = format!("/comments/{}/vote", id(copy));
        let thread = format!("/posts/{}/comments", id(here));
        for (value, up, down) in [(1, 1, 0), (-1, 0, 1), (0, 0, 0), (1, 1, 0)] {
            let vote = json!({"value": value});
            self.guest
                .api("POST", &path, self.person, vote)
                .await
                .expect(200);
            let expected = (json!(up), json!(down));
            let what = format!("the guest's vote of {value} at home");
            see(self.home, &what, &thread, |item| {
                item["ap_id"] == comment["ap_id"] && votes(item) == expected
            })
            .await;
        }
        let path = format!("/posts/{}/vote", id(here));
        let vote = json!({"value": 1});
        self.home
            .api("POST", &path, self.owner, vote)
            .await
            .expect(200);
        let (_, list) = self.posts();
        see(
            self.guest,
            "the owner's vote at the guest's",
            &list,
            |post| post["ap_id"] == there["ap_id"] && votes(post) == (json!(1), json!(0)),
        )
        .await;
    }

    /// Each edits what they wrote.
    async fn edit(&self, here: &Value, there: &Value, comment: &Value) {
        let (list_here, _) = self.posts();
        let path = format!("/posts/{}", id(there));
        let change = json!({"title": "From the far side", "body": "It *was*."});
        self.guest
            .api("PATCH", &path, self.person, change)
            .await
            .expect(200);
        let post = see(self.home, "the edited post", &list_here, |post| {
            post["ap_id"] == here["ap_id"] && post["title"] == "From the far side"
        })
        .await;
        assert!(post["content_html"].to_string().contains("<em>was</em>"));
        assert!(!post["edited_at"].is_null());
        let path = format!("/comments/{}", id(comment));
        let change = json!({"body": "It is not."});
        self.home
            .api("PATCH", &path, self.owner, change)
            .await
            .expect(200);
        let path = format!("/posts/{}/comments", id(there));
        see(self.guest, "the edited comment", &path, |other| {
            other["ap_id"] == comment["ap_id"]
                && other["content_html"].to_string().contains("It is not.")
        })
        .await;
    }

    /// Each deletes what they wrote.
    async fn delete(&self, here: &Value, there: &Value, comment: &Value) {
        let (list_here, _) = self.posts();
        let path = format!("/comments/{}", id(comment));
        let answer = self
            .home
            .api("DELETE", &path, self.owner, Value::Null)
            .await;
        assert_eq!(answer.status, 204, "{answer:?}");
        let path = format!("/posts/{}/comments", id(there));
        eventually("the comment gone at the guest's", async || {
            let comments = self.guest.list(&path, "").await;
            let stands = |c: &Value| c["ap_id"] == comment["ap_id"] && c["deleted"] != true;
            (!comments.iter().any(stands)).then_some(())
        })
        .await;
        let path = format!("/posts/{}", id(there));
        let answer = self
            .guest
            .api("DELETE", &path, self.person, Value::Null)
            .await;
        assert_eq!(answer.status, 204, "{answer:?}");
        eventually("the post gone at home", async || {
            let posts = self.home.list(&list_here, "").await;
            let stands = |p: &Value| p["ap_id"] == here["ap_id"] && p["deleted"] != true;
            (!posts.iter().any(stands)).then_some(())
        })
        .await;
        let uri = here["ap_id"].as_str().expect("an id");
        assert_eq!(
            self.guest.document(uri).await.status,
            410,
            "a tombstone stays"
        );
    }

    async fn make(&self) {
        self.join().await;
        let (here, there) = self.post().await;
        let (comment, copy) = self.comment(&here, &there).await;
        self.vote(&here, &there, (&comment, &copy)).await;
        self.edit(&here, &there, &comment).await;
        self.delete(&here, &there, &comment).await;
    }
}

on_both!(two_hubs_federate_in_both_directions, |kind| {
    let tea = hub(kind, "anna", "tea").await;
    let cars = hub(kind, "ben", "cars").await;
    let out = Journey {
        home: &tea,
        owner: "anna",
        group: "tea",
        guest: &cars,
        person: "ben",
    };
    let back = Journey {
        home: &cars,
        owner: "ben",
        group: "cars",
        guest: &tea,
        person: "anna",
    };
    out.make().await;
    back.make().await;
});

on_both!(
    post_of_a_groups_own_hub_reaches_its_members_elsewhere,
    |kind| {
        let tea = hub(kind, "anna", "tea").await;
        let cars = hub(kind, "ben", "cars").await;
        let journey = Journey {
            home: &tea,
            owner: "anna",
            group: "tea",
            guest: &cars,
            person: "ben",
        };
        let before = journey.followers().await;
        journey.join().await;
        let (here, there) = journey.posts();
        let text = json!({"title": "Welcome", "body": "To everybody."});
        let posted = tea.api("POST", &here, "anna", text).await.expect(201);
        let arrived = see(&cars, "the owner's post at the guest's", &there, |post| {
            post["ap_id"] == posted["ap_id"]
        })
        .await;
        assert_eq!(arrived["title"], "Welcome");
        let path = "/groups/tea@".to_owned() + &tea.domain + "/leave";
        let left = cars.api("POST", &path, "ben", json!({})).await;
        assert!(matches!(left.status, 200..=202), "{left:?}");
        eventually("the guest follows no more", async || {
            (journey.followers().await == before).then_some(())
        })
        .await;
    }
);

on_both!(
    what_somebody_who_is_followed_posts_reaches_their_follower,
    |kind| {
        let tea = hub(kind, "anna", "tea").await;
        let cars = hub(kind, "ben", "cars").await;
        let person = format!("/people/anna@{}", tea.domain);
        let follow = format!("{person}/follow");
        let asked = cars.api("POST", &follow, "ben", json!({})).await;
        let asked = asked.expect(200);
        assert!(asked["state"] == "pending" || asked["state"] == "accepted");
        eventually("the follow accepted", async || {
            let seen = cars.api("GET", &person, "ben", Value::Null).await;
            (seen.json()["followed"] == "accepted").then_some(())
        })
        .await;
        let text = json!({"title": "Only for friends of anna", "body": "Hello."});
        let posted = tea.api("POST", "/groups/tea/posts", "anna", text).await;
        let posted = posted.expect(201);
        let there = format!("/groups/tea@{}/posts", tea.domain);
        let arrived = eventually(
            "anna's post, though nobody there is in the group",
            async || {
                let list = cars.api("GET", &there, "ben", Value::Null).await;
                let items = list.json()["items"].as_array().cloned();
                let mut items = items.unwrap_or_default().into_iter();
                items.find(|post| post["ap_id"] == posted["ap_id"])
            },
        )
        .await;
        assert_eq!(arrived["title"], "Only for friends of anna");
        let left = cars.api("DELETE", &follow, "ben", Value::Null).await;
        assert_eq!(left.status, 204, "{left:?}");
        let followers = format!("{}/u/anna/followers", tea.base);
        eventually("nobody follows anna any more", async || {
            let count = tea.document(&followers).await.expect(200);
            (count["totalItems"] == 0).then_some(())
        })
        .await;
    }
);
