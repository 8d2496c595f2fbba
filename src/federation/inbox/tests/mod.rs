//! Activities from a stub peer on loopback, from the signed request to the effect, on both
//! databases.

mod authority;
mod documents;
mod events;
mod fixtures;
mod hostile;
mod messages;
mod moderation;
mod order;
#[cfg(test)]
mod peer;
mod polls;
mod remote;
mod stories;

use serde_json::Value;

use crate::crypto::digest::Digest;
use crate::domain::activity::{Activity as Deed, Logged};
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::post::Post;
use crate::federation::receive::{Delivery, Reception};
use crate::federation::{Federation, sign};
use crate::net::{Client, Limits};
use crate::operations::testing::Hall;
use crate::store::{Store, actors, comments, inbox, posts};

use super::{Outcome, process};
use peer::{FakeActor, Peer};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A hub at `hub.test` with the person anna, who moderates the group tea, and a peer.
struct Room {
    hall: Hall,
    federation: Federation,
    peer: Peer,
    anna: Caller,
    tea: ActorId,
}

/// What the hub answered, and what came of everything that waited then.
#[derive(Debug, PartialEq)]
struct Taken {
    status: u16,
    outcomes: Vec<Outcome>,
}

impl Room {
    async fn new(store: Store) -> Self {
        let hall = Hall::new(store).await;
        let client = Client::new("hub.test", Limits::default(), true).unwrap();
        let federation = Federation::new(hall.operations.clone(), client);
        let anna = hall.person("anna").await;
        let tea = hall.group("tea", anna).await;
        Self {
            hall,
            federation,
            peer: Peer::new(),
            anna,
            tea,
        }
    }

    #[expect(clippy::unused_self, reason = "reads like the others at the call")]
    fn group(&self) -> String {
        "http://hub.test/c/tea".to_owned()
    }

    /// Signs and posts an activity, without processing it.
    async fn post(&self, from: &FakeActor, activity: &Value) -> Reception {
        self.post_raw(from, activity.to_string().as_bytes()).await
    }

    async fn post_raw(&self, from: &FakeActor, body: &[u8]) -> Reception {
        let inbox = url::Url::parse("http://hub.test/inbox").unwrap();
        let now = self.hall.operations.now();
        let headers = sign::post(&from.key, &from.key_id, &inbox, &Digest::of(body), now).unwrap();
        let headers = headers.into_iter().collect();
        let method = http::Method::POST;
        let delivery = Delivery {
            method: &method,
            target: "/inbox",
            headers: &headers,
            body,
        };
        self.federation.receive(delivery).await
    }

    /// Signs and posts an activity, and processes everything that waits.
    async fn send(&self, from: &FakeActor, activity: &Value) -> Taken {
        let status = match self.post(from, activity).await {
            Reception::Accepted => 202,
            Reception::Rejected(no) => no.status,
        };
        Taken {
            status,
            outcomes: self.work().await,
        }
    }

    /// Like [`Self::send`], where all must go well.
    async fn takes(&self, from: &FakeActor, activity: &Value) {
        let taken = self.send(from, activity).await;
        assert_eq!(
            taken,
            Taken {
                status: 202,
                outcomes: vec![Outcome::Done]
            },
            "{activity}"
        );
        assert_eq!(self.hall.read(inbox::count).await, 0, "the row is gone");
    }

    async fn work(&self) -> Vec<Outcome> {
        let now = self.hall.operations.now();
        let due = self
            .hall
            .read(move |db| inbox::list_due(db, now, 100, &[]))
            .await;
        let mut outcomes = Vec::new();
        for row in due {
            outcomes.push(process(&self.federation, row).await);
        }
        outcomes
    }

    async fn find_post(&self, uri: &str) -> Option<Post> {
        let uri = uri.to_owned();
        self.hall.read(move |db| posts::find_by_uri(db, &uri)).await
    }

    async fn find_comment(&self, uri: &str) -> Option<Comment> {
        let uri = uri.to_owned();
        self.hall
            .read(move |db| comments::find_by_uri(db, &uri))
            .await
    }

    async fn find_actor(&self, uri: &str) -> Option<Actor> {
        let uri = uri.to_owned();
        self.hall
            .read(move |db| actors::find_by_uri(db, &uri))
            .await
    }

    /// A local post by anna, its row and its id.
    async fn local_post(&self) -> (PostId, String) {
        let id = self.hall.post(self.anna, self.tea, "A pot of tea").await;
        (id, format!("http://hub.test/post/{id}"))
    }

    async fn last_logged(&self) -> Logged {
        self.hall.log().await.pop().expect("something was recorded")
    }

    async fn votes(&self, post: PostId) -> (i64, i64) {
        let post = self
            .hall
            .read(move |db| posts::find(db, post))
            .await
            .unwrap();
        (post.upvotes, post.downvotes)
    }
}

/// The object of an entry about one.
fn object_of(logged: &Logged) -> ObjectId {
    match &logged.entry.activity {
        Deed::Created { object } | Deed::Updated { object } | Deed::Deleted { object } => *object,
        other => panic!("not about an object: {other:?}"),
    }
}
