//! Posts: listed, written, changed, deleted, voted on.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::call::{CURSOR, Call, LIMIT, RANGE, SORT};
use super::events::NewEvent;
use super::find::known_group;
use super::held::Held;
use super::media::{NewPicture, attachments};
use super::model::Post;
use super::once::Key;
use crate::domain::activity::Origin;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::poll::{Choice, Poll};
use crate::domain::post::{Extra, PostKind, Range, Sort};
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::extract::{Json, Path, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::markup::{Edit, Markup};
use crate::operations::object::DeleteObject;
use crate::operations::once::Once;
use crate::operations::poll::VoteInPoll;
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::quote::QuotePost;
use crate::operations::reaction::{React, Vote};
use crate::operations::version::ChangeVersion;
use crate::views::{feed, moderation, post};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/groups/{name}/posts", "The posts of a group", list)
            .query(&[SORT, RANGE, LIMIT, CURSOR])
            .answers::<List<Post>>(200),
        Call::post(
            "/groups/{name}/posts",
            "Start a thread in a group; 202 with a HeldPost where it waits for a moderator",
            create,
        )
        .takes::<NewPost>()
        .once()
        .answers::<Post>(201),
        Call::get("/posts/{id}", "A post", show).answers::<Post>(200),
        Call::patch("/posts/{id}", "Change a post", update)
            .takes::<ChangedPost>()
            .answers::<Post>(200),
        Call::delete("/posts/{id}", "Delete a post", delete),
        Call::post("/posts/{id}/vote", "Vote on a post", vote)
            .takes::<NewVote>()
            .answers::<Post>(200),
        Call::post("/posts/{id}/react", "React to a post, or no more", react)
            .takes::<NewReaction>()
            .answers::<Post>(200),
        Call::post("/posts/{id}/poll", "Vote in a poll", choose)
            .takes::<NewChoices>()
            .answers::<Post>(200),
    ]
}

#[derive(Deserialize)]
struct Sorting {
    sort: Option<String>,
    range: Option<String>,
}

async fn list(
    Given(state): Given<State>,
    reader: Reader,
    Path(name): Path<String>,
    Query(sorting): Query<Sorting>,
    Paging(page): Paging,
) -> Result<Json<List<Post>>, Failed> {
    let sort = range(sorting.range.as_deref())?.of(sort(sorting.sort.as_deref())?, state.now());
    let group = known_group(&state, &name).await?;
    let (feed, viewer) = (feed::Feed::Group(group.id), reader.viewer());
    let found = state
        .read(move |db| feed::page(db, viewer, feed, sort, page))
        .await?;
    Ok(Json(List::of(found, |card| Post::of(card, &state))))
}

fn sort(text: Option<&str>) -> Result<Sort, Refusal> {
    let Some(text) = text else {
        return Ok(Sort::New);
    };
    Sort::parse(text).ok_or_else(|| {
        Refusal::invalid(
            "sort",
            "sort.unknown",
            "sort must be new, hot, top or active.",
        )
    })
}

fn range(text: Option<&str>) -> Result<Range, Refusal> {
    let Some(text) = text else {
        return Ok(Range::All);
    };
    Range::parse(text).ok_or_else(|| {
        Refusal::invalid(
            "range",
            "range.unknown",
            "range must be day, week, month, year or all.",
        )
    })
}

/// A new thread.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPost {
    /// One plain line.
    title: String,
    /// Markdown.
    #[serde(default)]
    body: String,
    /// The address that a link post is about.
    #[serde(default)]
    url: Option<String>,
    /// BCP 47 tag.
    #[serde(default)]
    language: Option<String>,
    /// What people choose from.
    #[serde(default)]
    poll: Option<NewPoll>,
    /// Where and when people meet; not together with a poll.
    #[serde(default)]
    event: Option<NewEvent>,
    /// Whether it asks for an answer that helps; not together with a poll or an event.
    #[serde(default)]
    question: bool,
    /// The ActivityPub id of a post or comment that it quotes, if its author allows that.
    #[serde(default)]
    quote: Option<String>,
    /// The pictures that it shows.
    #[serde(default)]
    pictures: Vec<NewPicture>,
}

impl NewPost {
    fn extra(&mut self) -> Result<Extra, Refusal> {
        match (self.poll.take(), self.event.take(), self.question) {
            (Some(poll), None, false) => Ok(Extra::Poll(poll.poll())),
            (None, Some(event), false) => Ok(Extra::Event(event.event()?)),
            (None, None, true) => Ok(Extra::Question),
            (None, None, false) => Ok(Extra::Nothing),
            _ => Err(Refusal::invalid(
                "event",
                "post.both",
                "A post is a poll, a question, or announces an event, but only one of these.",
            )),
        }
    }
}

/// A poll that begins with its post.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPoll {
    /// The texts to choose from, 2 to 20.
    options: Vec<String>,
    /// Whether several may be chosen.
    #[serde(default)]
    multiple: bool,
    /// Until when votes count (RFC 3339), within a year.
    ends_at: String,
}

impl NewPoll {
    fn poll(self) -> Poll {
        let choice = |name| Choice { name, votes: 0 };
        Poll {
            multiple: self.multiple,
            ends_at: Ts::parse(&self.ends_at),
            choices: self.options.into_iter().map(choice).collect(),
            ..Poll::default()
        }
    }
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    Key(key): Key,
    Path(name): Path<String>,
    Json(mut new): Json<NewPost>,
) -> Result<Response, Failed> {
    let (group, extra) = (known_group(&state, &name).await?, new.extra()?);
    let create = CreatePost {
        group: group.id,
        kind: PostKind::written(&new.body, new.url.as_deref()),
        title: new.title,
        body: Markup::Markdown(new.body),
        link_url: new.url,
        language: new.language,
        sensitive: false,
        warning: None,
        attachments: attachments(state.names(), new.pictures)?,
        extra,
        thumbnail: None,
        origin: Origin::Local,
    };
    let make = QuotePost {
        post: create,
        quote: new.quote,
        stamp: None,
    };
    let create = Once { key, make };
    let id = state.operations().run(writer.caller, create).await?;
    made(&state, &writer, id).await
}

/// What a new post is answered with: itself, or that it waits for a moderator.
pub(super) async fn made(state: &State, writer: &Writer, id: PostId) -> Result<Response, Failed> {
    match card(state, Some(writer.actor), id).await {
        Err(refusal) if refusal.kind == Kind::NotFound => {
            let held = state.read(move |db| moderation::waiting_post(db, id));
            let held = Held::of(held.await?);
            Ok((StatusCode::ACCEPTED, Json(held)).into_response())
        }
        shown => Ok((StatusCode::CREATED, Json(shown?)).into_response()),
    }
}

pub(super) async fn card(
    state: &State,
    viewer: Option<ActorId>,
    id: PostId,
) -> Result<Post, Refusal> {
    state
        .read(move |db| post::card(db, viewer, id))
        .await
        .map(|card| Post::of(card, state))
}

async fn show(
    Given(state): Given<State>,
    reader: Reader,
    Path(id): Path<i64>,
) -> Result<Json<Post>, Failed> {
    Ok(Json(card(&state, reader.viewer(), PostId(id)).await?))
}

/// What changes of a post; what is left out stays as it is, and null takes away.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::option_option,
    reason = "outside: whether it changes; inside: whether there is one"
)]
struct ChangedPost {
    /// One plain line.
    #[serde(default)]
    title: Option<String>,
    /// Markdown.
    #[serde(default)]
    body: Option<String>,
    /// The address that a link post is about.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    url: Option<Option<String>>,
    /// BCP 47 tag.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    language: Option<Option<String>>,
    /// The whole event as it is now.
    #[serde(default)]
    event: Option<NewEvent>,
    /// All pictures that it shows now; those that it showed before and are left out are deleted.
    #[serde(default)]
    pictures: Option<Vec<NewPicture>>,
    /// The `edited_at` (or `published_at`, where it was never edited) of what is changed: if that
    /// is no longer the newest, nothing changes (409). Left out: whichever is there is changed.
    #[serde(default)]
    version: Option<String>,
}

/// Tells null from nothing.
#[expect(clippy::option_option, reason = "as in the struct above")]
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(input).map(Some)
}

async fn update(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(changed): Json<ChangedPost>,
) -> Result<Json<Post>, Failed> {
    let event = changed.event.map(NewEvent::event).transpose()?;
    let change = UpdatePost {
        post: PostId(id),
        title: changed.title,
        body: changed.body.map(Markup::Markdown),
        link_url: changed.url,
        language: changed.language,
        sensitive: None,
        warning: None,
        attachments: changed
            .pictures
            .map(|pictures| attachments(state.names(), pictures))
            .transpose()?,
        extra: event.map_or(Extra::Nothing, Extra::Event),
        thumbnail: None,
        edit: Edit::Local,
    };
    let update = ChangeVersion {
        object: ObjectId::Post(PostId(id)),
        version: changed.version,
        change,
    };
    state.operations().run(writer.caller, update).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}

async fn delete(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let object = ObjectId::Post(PostId(id));
    state
        .operations()
        .run(
            writer.caller,
            DeleteObject {
                object,
                relay: None,
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A vote.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVote {
    /// 1, 0 to take it back, or -1.
    #[schemars(range(min = -1, max = 1))]
    pub(super) value: i16,
}

async fn vote(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewVote>,
) -> Result<Json<Post>, Failed> {
    let object = ObjectId::Post(PostId(id));
    let vote = Vote {
        object,
        value: new.value,
        relay: None,
    };
    state.operations().run(writer.caller, vote).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}

/// A reaction.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewReaction {
    /// The emoji: one of the hub's, or one with which somebody reacted already.
    pub(super) content: String,
    /// Whether from now on, or no more.
    pub(super) on: bool,
}

impl NewReaction {
    /// The operation that does it.
    pub(super) fn to(self, object: ObjectId) -> React {
        React {
            object,
            content: self.content,
            on: self.on,
        }
    }
}

async fn react(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewReaction>,
) -> Result<Json<Post>, Failed> {
    let react = new.to(ObjectId::Post(PostId(id)));
    state.operations().run(writer.caller, react).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}

/// A vote in a poll.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewChoices {
    /// The places of the chosen options, from 0.
    choices: Vec<i32>,
}

async fn choose(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewChoices>,
) -> Result<Json<Post>, Failed> {
    let vote = VoteInPoll {
        post: PostId(id),
        choices: new.choices,
    };
    state.operations().run(writer.caller, vote).await?;
    Ok(Json(card(&state, Some(writer.actor), PostId(id)).await?))
}
