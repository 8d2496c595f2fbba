//! Activities from a stub peer on loopback, from the signed request to the effect, on both
//! databases.

mod announces;
#[cfg(test)]
mod authority;
mod bounds;
#[cfg(test)]
mod content;
#[cfg(test)]
mod documents;
mod elsewhere;
mod events;
#[cfg(test)]
mod fixtures;
mod followed;
mod follows;
mod hostile;
mod keys;
mod messages;
#[cfg(test)]
mod moderation;
mod moves;
mod order;
#[cfg(test)]
mod peer;
mod polls;
mod private;
mod questions;
mod quotes;
mod remote;
mod statements;
mod stories;
mod updates;
mod votes;

use http::{HeaderMap, Method};
use serde_json::Value;

use crate::crypto::digest::{self, Digest};
use crate::crypto::keypair::PrivateKey;
use crate::domain::activity::{Activity as Deed, Logged};
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::membership::FollowState;
use crate::domain::post::Post;
use crate::federation::outgoing::{Reader, documents};
use crate::federation::receive::{Head, Rejection};
use crate::federation::{Federation, sign};
use crate::net::{Client, Limits};
use crate::operations::testing::Hall;
use crate::settings::Settings;
use crate::store::{Store, actors, comments, inbox, outbox, posts};

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

/// How the hub answers a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reception {
    Accepted,
    Rejected(Rejection),
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

    /// Changes the settings in force.
    fn set(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = Settings::clone(&self.federation.settings());
        change(&mut settings);
        self.federation.operations.live.reload(settings).unwrap();
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
        self.post_from("192.0.2.1", from, body).await
    }

    /// The same, from some network.
    async fn post_from(&self, network: &str, from: &FakeActor, body: &[u8]) -> Reception {
        let inbox = url::Url::parse("http://hub.test/inbox").unwrap();
        let now = self.hall.operations.now();
        let headers = sign::post(&from.key, &from.key_id, &inbox, &Digest::of(body), now).unwrap();
        let headers = headers.into_iter().collect();
        self.deliver_from(network, "/inbox", &headers, body).await
    }

    /// The headers of a delivery by RFC 9421 with a nonce, made with a key that need not be the
    /// actor's.
    fn rfc9421(&self, from: &FakeActor, key: &PrivateKey, body: &str) -> HeaderMap {
        let inbox = url::Url::parse("http://hub.test/inbox").unwrap();
        let (now, digest) = (self.hall.operations.now(), Digest::of(body.as_bytes()));
        let headers = sign::post_rfc9421(key, &from.key_id, &inbox, &digest, now).unwrap();
        let headers: HeaderMap = headers.into_iter().collect();
        let input = headers["signature-input"].to_str().unwrap();
        let input = format!("{input};nonce=\"n\"");
        self.resigned(&headers, &input, key, body)
    }

    /// The same with another `Signature-Input`, signed anew.
    #[expect(clippy::unused_self, reason = "reads like the others at the call")]
    fn resigned(&self, of: &HeaderMap, input: &str, key: &PrivateKey, body: &str) -> HeaderMap {
        let mut headers = of.clone();
        let text = |name: &str| of[name].to_str().unwrap().to_owned();
        let digest = Digest::of(body.as_bytes()).content_digest();
        let base = format!(
            "\"@method\": POST\n\"@target-uri\": http://hub.test/inbox\n\"content-digest\": {digest}\n\
             \"content-type\": {}\n\"date\": {}\n\"@signature-params\": {}",
            text("content-type"),
            text("date"),
            input.trim_start_matches("sig1="),
        );
        let signature = digest::base64(&key.sign(base.as_bytes()).unwrap());
        headers.insert("signature-input", input.parse().unwrap());
        headers.insert("signature", format!("sig1=:{signature}:").parse().unwrap());
        headers
    }

    /// Posts what is signed already.
    async fn deliver(&self, target: &str, headers: &HeaderMap, body: &[u8]) -> Reception {
        self.deliver_from("192.0.2.1", target, headers, body).await
    }

    /// The same, from some network.
    async fn deliver_from(
        &self,
        network: &str,
        target: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Reception {
        let head = Head {
            method: &Method::POST,
            target,
            headers,
        };
        let taken = async {
            let presented = self.federation.expect(head)?;
            let verified = self.federation.believe(&presented, body, network).await?;
            self.federation.keep(verified).await
        };
        match taken.await {
            Ok(()) => Reception::Accepted,
            Err(no) => Reception::Rejected(no),
        }
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
        let due = self.hall.read(move |db| inbox::list_all_due(db, now)).await;
        let mut outcomes = Vec::new();
        let mut done = Vec::new();
        for row in due {
            let id = row.id;
            let outcome = process(&self.federation, row).await;
            if !matches!(outcome, Outcome::Later(_)) {
                done.push(id);
            }
            outcomes.push(outcome);
        }
        self.hall.write(move |db, _| inbox::delete(db, &done)).await;
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

    /// What is sent of the newest entry to whom it names, and who signs it.
    async fn told(&self, reader: Reader) -> Vec<(ActorId, Value)> {
        let logged = self.last_logged().await;
        let (names, live) = (
            self.hall.operations.names.clone(),
            self.hall.operations.live.clone(),
        );
        let sendings = self
            .hall
            .read(move |db| documents(db, &names, &live.get(), &logged, reader))
            .await;
        let document = |body: &[u8]| serde_json::from_slice(body).unwrap();
        sendings
            .iter()
            .map(|sending| (sending.signer, document(&sending.body)))
            .collect()
    }

    /// The inboxes to which the newest entry goes in any case.
    async fn inboxes(&self) -> Vec<String> {
        let uuid = self.last_logged().await.uuid;
        let targets = self.hall.read(move |db| {
            let row = outbox::find_by_uuid(db, &uuid)?.expect("it is logged");
            outbox::list_targets(db, row.id)
        });
        let targets = targets.await;
        targets.into_iter().map(|target| target.inbox).collect()
    }

    /// Where the follow of one by another stands.
    async fn follow(&self, target: ActorId, follower: ActorId) -> Option<FollowState> {
        let found = self
            .hall
            .read(move |db| crate::store::follows::find(db, target, follower));
        found.await.map(|follow| follow.state)
    }

    /// The row of somebody on a peer.
    async fn id_of(&self, actor: &FakeActor) -> ActorId {
        self.find_actor(&actor.id).await.expect("it is known").id
    }

    /// The documents of the last entry of the log for a reader.
    async fn sent(&self, reader: Reader) -> Vec<Value> {
        let logged = self.last_logged().await;
        let operations = &self.hall.operations;
        let (names, live) = (operations.names.clone(), operations.live.clone());
        let sendings = self
            .hall
            .read(move |db| documents(db, &names, &live.get(), &logged, reader))
            .await;
        let parse = |body: &[u8]| serde_json::from_slice(body).expect("JSON");
        sendings
            .iter()
            .map(|sending| parse(&sending.body))
            .collect()
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
