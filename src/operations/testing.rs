//! A hall for tests of operations: a store, a clock that stands still, people and groups.

use crate::domain::activity::{Logged, Origin};
use crate::domain::actor::{Actor, ActorKind, Approval};
use crate::domain::caller::Caller;
use crate::domain::clock::{Clock, Ts};
use crate::domain::ids::{
    ActorId, CommentId, Ids, InstanceId, LOCAL_INSTANCE, ObjectId, PostId, Uri,
};
use crate::domain::membership::Role;
use crate::domain::post::{Attachment, Extra, PostKind};
use crate::domain::refusal::Refusal;
use crate::settings::{Live, Settings};
use crate::store::{Db, Res, Store, actors, inbox, instances, moderators, outbox};

use super::comment::CreateComment;
use super::markup::Markup;
use super::post::CreatePost;
use super::{Operation, Operations};

/// The moment at which a test's clock stands in the beginning.
pub(crate) const START: &str = "2026-06-01T12:00:00Z";

/// Operations over a fresh store, for a hub at `hub.test`.
#[derive(Clone)]
pub(crate) struct Hall {
    /// The floor under test.
    pub(crate) operations: Operations,
    clock: Clock,
}

impl Hall {
    /// Changes what an actor says of themselves.
    pub(crate) async fn change_actor(
        &self,
        id: ActorId,
        change: impl Fn(&mut Actor) + Send + 'static,
    ) {
        self.write(move |db, _now| {
            let mut actor = actors::find(db, id)?.expect("an actor");
            change(&mut actor);
            actors::set_profile(db, &actor)
        })
        .await;
    }

    /// A hall over a fresh store.
    pub(crate) async fn new(store: Store) -> Self {
        let settings = Settings::for_development("hub.test".parse().expect("a host"));
        let clock = Clock::fixed(Ts::parse(START).expect("a time"));
        let live = Live::new(settings);
        let operations = Operations::new(store, live, clock.clone(), Ids::new(0));
        let hall = Self { operations, clock };
        hall.write(|db, now| instances::ensure_local(db, "hub.test", now))
            .await;
        hall
    }

    /// A hall over operations that stand already.
    pub(crate) fn over(operations: Operations) -> Self {
        let clock = operations.clock.clone();
        Self { operations, clock }
    }

    /// Moves the clock forward.
    pub(crate) fn pass(&self, seconds: i64) {
        if let Clock::Fixed(at) = &self.clock {
            at.fetch_add(seconds * 1_000_000, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Writes to the store without an operation.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        f: impl Fn(&mut Db, Ts) -> Res<T> + Send + 'static,
    ) -> T {
        let now = self.operations.now();
        self.operations
            .store
            .write(move |db| f(db, now))
            .await
            .expect("a test writes")
    }

    /// Reads from the store.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Db) -> Res<T> + Send + 'static,
    ) -> T {
        self.operations.store.read(f).await.expect("a test reads")
    }

    /// How many received activities wait.
    pub(crate) async fn waiting(&self) -> i64 {
        self.read(inbox::count).await
    }

    /// Runs an operation.
    pub(crate) async fn run<O: Operation>(
        &self,
        caller: Caller,
        operation: O,
    ) -> Result<O::Output, Refusal> {
        self.operations.run(caller, operation).await
    }

    /// A local person, as the caller that they are.
    pub(crate) async fn person(&self, name: &str) -> Caller {
        let actor = self.local(ActorKind::Person, name).await;
        Caller::Member {
            actor,
            role: Role::Member,
        }
    }

    /// A person on another server, `name@host`, as the caller that they are.
    pub(crate) async fn remote(&self, handle: &str) -> Caller {
        Caller::Remote {
            actor: self.foreign(ActorKind::Person, handle).await,
        }
    }

    /// A group on another server, `name@host`.
    pub(crate) async fn remote_group(&self, handle: &str) -> ActorId {
        self.foreign(ActorKind::Group, handle).await
    }

    /// A local group with its first moderator.
    pub(crate) async fn group(&self, name: &str, moderator: Caller) -> ActorId {
        let group = self.local(ActorKind::Group, name).await;
        let moderator = moderator.actor().expect("somebody moderates");
        self.write(move |db, now| moderators::insert(db, group, moderator, now))
            .await;
        group
    }

    /// A local post.
    pub(crate) async fn post(&self, author: Caller, group: ActorId, title: &str) -> PostId {
        self.run(author, text_post(group, title, "A text."))
            .await
            .expect("a post")
    }

    /// A local comment.
    pub(crate) async fn comment(&self, author: Caller, parent: ObjectId, body: &str) -> CommentId {
        self.run(author, answer(parent, body))
            .await
            .expect("a comment")
    }

    /// Everything in the outbox log, numbered now.
    pub(crate) async fn log(&self) -> Vec<Logged> {
        self.write(|db, _| outbox::sequence(db, 1000)).await;
        let rows = self.read(|db| outbox::list_after(db, 0, 1000)).await;
        rows.into_iter().map(|row| row.logged).collect()
    }

    async fn local(&self, kind: ActorKind, name: &str) -> ActorId {
        let names = &self.operations.names;
        let uri = match kind {
            ActorKind::Group => names.group(name),
            _ => names.person(name),
        };
        self.actor(kind, name, "hub.test", uri, LOCAL_INSTANCE)
            .await
    }

    async fn foreign(&self, kind: ActorKind, handle: &str) -> ActorId {
        let (name, host) = handle.split_once('@').expect("name@host");
        let fresh = InstanceId(self.operations.next_id());
        let known = host.to_owned();
        let instance = self
            .write(move |db, now| instances::ensure(db, &known, fresh, now))
            .await;
        let uri = Uri::parse(&format!("https://{host}/users/{name}")).expect("an id");
        self.actor(kind, name, host, uri, instance).await
    }

    async fn actor(
        &self,
        kind: ActorKind,
        name: &str,
        host: &str,
        uri: Uri,
        instance: InstanceId,
    ) -> ActorId {
        let now = self.operations.now();
        let local = instance == LOCAL_INSTANCE;
        let actor = Actor {
            id: ActorId(self.operations.next_id()),
            url: uri.as_str().to_owned(),
            inbox: format!("{uri}/inbox"),
            uri,
            kind,
            name: name.to_owned(),
            host: host.to_owned(),
            instance,
            local,
            title: name.to_owned(),
            summary_html: String::new(),
            summary_source: None,
            icon_url: None,
            image_url: None,
            shared_inbox: Some(format!("https://{host}/inbox")),
            outbox: None,
            followers: None,
            moderators: None,
            featured: None,
            discoverable: true,
            indexable: true,
            manually_approves: false,
            posting_restricted: false,
            followers_count: 0,
            created_at: now,
            updated_at: now,
            fetched_at: (!local).then_some(now),
            deleted_at: None,
            approval: Approval::default(),
        };
        let id = actor.id;
        self.write(move |db, _| actors::insert(db, &actor)).await;
        id
    }
}

/// A group that stands in no store.
pub(crate) fn group_at(uri: &str, local: bool) -> Actor {
    let uri = Uri::parse(uri).expect("an id");
    let now = Ts::parse(START).expect("a time");
    Actor {
        approval: Approval::default(),
        id: ActorId(1),
        url: uri.as_str().to_owned(),
        inbox: format!("{uri}/inbox"),
        host: uri.host(),
        uri,
        kind: ActorKind::Group,
        name: "tea".to_owned(),
        instance: LOCAL_INSTANCE,
        local,
        title: "Tea".to_owned(),
        summary_html: String::new(),
        summary_source: None,
        icon_url: None,
        image_url: None,
        shared_inbox: None,
        outbox: None,
        followers: None,
        moderators: None,
        featured: None,
        discoverable: true,
        indexable: true,
        manually_approves: false,
        posting_restricted: false,
        followers_count: 0,
        created_at: now,
        updated_at: now,
        fetched_at: None,
        deleted_at: None,
    }
}

/// A text post from here.
pub(crate) fn text_post(group: ActorId, title: &str, body: &str) -> CreatePost {
    CreatePost {
        group,
        kind: PostKind::Article,
        title: title.to_owned(),
        body: Markup::Markdown(body.to_owned()),
        link_url: None,
        language: None,
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        extra: Extra::Nothing,
        thumbnail: None,
        origin: Origin::Local,
    }
}

/// An answer from here.
pub(crate) fn answer(parent: ObjectId, body: &str) -> CreateComment {
    CreateComment {
        parent,
        body: Markup::Markdown(body.to_owned()),
        language: None,
        sensitive: false,
        warning: None,
        attachments: Vec::new(),
        distinguished: false,
        origin: Origin::Local,
    }
}

/// Something from elsewhere, with the activity that brought it.
pub(crate) fn from_elsewhere(uri: &str, published_at: Ts) -> Origin {
    Origin::Remote {
        uri: Uri::parse(uri).expect("an id"),
        url: None,
        published_at,
        relay: Some(format!("{{\"object\":\"{uri}\"}}")),
    }
}

/// A picture of somebody's, uploaded and described, for what they write next.
pub(crate) async fn picture(operations: &Operations, owner: Caller, alt: &str) -> Attachment {
    let png = crate::media::testing::png(8, 8);
    let uploaded = super::media::upload(operations, owner, &png, alt).await;
    let uploaded = uploaded.expect("a picture");
    Attachment {
        url: operations.names.media(&uploaded.file_of_width(None)),
        alt: Some(alt.to_owned()),
        ..Attachment::default()
    }
}
