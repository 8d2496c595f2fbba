//! Comments: listed in thread order, written, changed, deleted, voted on.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{CURSOR, Call, LIMIT};
use super::media::{NewPicture, attachments};
use super::model::Comment;
use super::number::Number;
use super::once::Key;
use super::posts::{NewReaction, NewVote};
use crate::domain::activity::Origin;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::comment::{CreateComment, UpdateComment};
use crate::operations::markup::{Edit, Markup};
use crate::operations::object::DeleteObject;
use crate::operations::once::Once;
use crate::operations::quote::QuoteComment;
use crate::operations::reaction::Vote;
use crate::operations::version::ChangeVersion;
use crate::views::{post, thread};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/posts/{id}/comments",
            "The comments of a post, in thread order",
            list,
        )
        .query(&[LIMIT, CURSOR])
        .answers::<List<Comment>>(200),
        Call::post("/posts/{id}/comments", "Answer a post or a comment", create)
            .takes::<NewComment>()
            .once()
            .answers::<Comment>(201),
        Call::patch("/comments/{id}", "Change a comment", update)
            .takes::<ChangedComment>()
            .answers::<Comment>(200),
        Call::delete("/comments/{id}", "Delete a comment", delete),
        Call::post("/comments/{id}/vote", "Vote on a comment", vote)
            .takes::<NewVote>()
            .answers::<Comment>(200),
        Call::post(
            "/comments/{id}/react",
            "React to a comment, or no more",
            react,
        )
        .takes::<NewReaction>()
        .answers::<Comment>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    reader: Reader,
    Path(id): Path<i64>,
    Paging(page): Paging,
) -> Result<Json<List<Comment>>, Failed> {
    let viewer = reader.viewer();
    let found = state
        .read(move |db| thread::thread(db, viewer, PostId(id), page))
        .await?;
    if viewer.is_some() && !found.post.local {
        state.federation.want_thread(PostId(id));
    }
    Ok(Json(List::of(found.comments, Comment::of)))
}

/// An answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewComment {
    /// Markdown.
    body: String,
    /// The comment of this thread that it answers; left out: the post itself.
    #[serde(default)]
    parent_id: Option<Number>,
    /// BCP 47 tag of its language; left out: that of the post.
    #[serde(default)]
    language: Option<String>,
    /// The pictures that it shows.
    #[serde(default)]
    pictures: Vec<NewPicture>,
    /// The ActivityPub id of a post or comment that it quotes, if its author allows that.
    #[serde(default)]
    quote: Option<String>,
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    Key(key): Key,
    Path(id): Path<i64>,
    Json(new): Json<NewComment>,
) -> Result<Response, Failed> {
    let parent = parent(&state, writer.actor, PostId(id), new.parent_id).await?;
    let comment = CreateComment {
        parent,
        body: Markup::Markdown(new.body),
        language: new.language,
        sensitive: false,
        warning: None,
        attachments: attachments(state.names(), new.pictures)?,
        distinguished: false,
        origin: Origin::Local,
    };
    let make = QuoteComment {
        comment,
        quote: new.quote,
        stamp: None,
    };
    let create = Once { key, make };
    let id = state.operations().run(writer.caller, create).await?;
    let shown = card(&state, writer.actor, id).await?;
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

/// What is answered, which must be of the thread that the address names.
pub(super) async fn parent(
    state: &State,
    viewer: ActorId,
    thread: PostId,
    parent: Option<Number>,
) -> Result<ObjectId, Refusal> {
    let Some(Number(number)) = parent.filter(|parent| parent.0 != thread.0) else {
        return Ok(ObjectId::Post(thread));
    };
    let foreign = || {
        let sentence = "parent_id must be a comment of this post.";
        Refusal::invalid("parent_id", "comment.parent", sentence)
    };
    let id = CommentId(number);
    let card = state
        .read(move |db| post::comment(db, Some(viewer), id))
        .await;
    let card = card.map_err(|refusal| {
        if refusal.is_passing() {
            refusal
        } else {
            foreign()
        }
    })?;
    if card.comment.post != thread {
        return Err(foreign());
    }
    Ok(ObjectId::Comment(id))
}

async fn card(state: &State, viewer: ActorId, id: CommentId) -> Result<Comment, Refusal> {
    state
        .read(move |db| post::comment(db, Some(viewer), id))
        .await
        .map(Comment::of)
}

/// What changes of a comment.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedComment {
    /// Markdown.
    body: String,
    /// All pictures that it shows now; left out: as they are.
    #[serde(default)]
    pictures: Option<Vec<NewPicture>>,
    /// The `edited_at` (or `published_at`, where it was never edited) of what is changed: if that
    /// is no longer the newest, nothing changes (409). Left out: whichever is there is changed.
    #[serde(default)]
    version: Option<String>,
}

async fn update(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(changed): Json<ChangedComment>,
) -> Result<Json<Comment>, Failed> {
    let change = UpdateComment {
        comment: CommentId(id),
        body: Markup::Markdown(changed.body),
        language: None,
        sensitive: None,
        warning: None,
        attachments: changed
            .pictures
            .map(|pictures| attachments(state.names(), pictures))
            .transpose()?,
        edit: Edit::Local,
    };
    let update = ChangeVersion {
        object: ObjectId::Comment(CommentId(id)),
        version: changed.version,
        change,
    };
    state.operations().run(writer.caller, update).await?;
    Ok(Json(card(&state, writer.actor, CommentId(id)).await?))
}

async fn delete(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let object = ObjectId::Comment(CommentId(id));
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

async fn vote(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewVote>,
) -> Result<Json<Comment>, Failed> {
    let object = ObjectId::Comment(CommentId(id));
    let vote = Vote {
        object,
        value: new.value,
        relay: None,
    };
    state.operations().run(writer.caller, vote).await?;
    Ok(Json(card(&state, writer.actor, CommentId(id)).await?))
}

async fn react(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewReaction>,
) -> Result<Json<Comment>, Failed> {
    let react = new.to(ObjectId::Comment(CommentId(id)));
    state.operations().run(writer.caller, react).await?;
    Ok(Json(card(&state, writer.actor, CommentId(id)).await?))
}
