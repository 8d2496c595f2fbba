//! What the caller keeps of what they read, and what texts said before.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT};
use super::model::{Comment, Found, Post};
use crate::domain::caller::Caller;
use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::policy;
use crate::domain::reading::Watch;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::object::RestoreObject;
use crate::operations::reading::{SaveObject, WatchThread};
use crate::text::diff::PieceKind;
use crate::views::history::{self, Step};
use crate::views::saved::{self, Kept};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/saved", "What the caller saved for later", list)
            .signed()
            .query(&[LIMIT, CURSOR])
            .answers::<List<Found>>(200),
        Call::post(
            "/posts/{id}/save",
            "Save a post for later, or no longer",
            save_post,
        )
        .takes::<Saving>()
        .nothing(),
        Call::post(
            "/comments/{id}/save",
            "Save a comment for later, or no longer",
            save_comment,
        )
        .takes::<Saving>()
        .nothing(),
        Call::post(
            "/posts/{id}/watch",
            "Follow a thread, mute it, or neither",
            watch,
        )
        .takes::<Watching>()
        .nothing(),
        Call::post("/posts/{id}/restore", "Take a deletion back", restore_post).nothing(),
        Call::post(
            "/comments/{id}/restore",
            "Take a deletion back",
            restore_comment,
        )
        .nothing(),
        Call::get("/posts/{id}/versions", "What a post said before", of_post)
            .answers::<List<Version>>(200),
        Call::get(
            "/comments/{id}/versions",
            "What a comment said before",
            of_comment,
        )
        .answers::<List<Version>>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Paging(page): Paging,
) -> Result<Json<List<Found>>, Failed> {
    let member = policy::require_actor(caller)?;
    let found = state.read(move |db| saved::page(db, member, page)).await?;
    Ok(Json(List::of(found, |kept| match kept {
        Kept::Post(card) => Found::Post(Post::of(card, &state)),
        Kept::Comment(card) => Found::Comment(Comment::of(card)),
    })))
}

/// Whether something is saved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Saving {
    saved: bool,
}

async fn save_post(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Saving>,
) -> Result<StatusCode, Failed> {
    save(&state, writer.caller, ObjectId::Post(PostId(id)), new.saved).await
}

async fn save_comment(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Saving>,
) -> Result<StatusCode, Failed> {
    let object = ObjectId::Comment(CommentId(id));
    save(&state, writer.caller, object, new.saved).await
}

async fn save(
    state: &State,
    caller: Caller,
    object: ObjectId,
    saved: bool,
) -> Result<StatusCode, Failed> {
    let save = SaveObject { object, saved };
    state.operations().run(caller, save).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the caller does with a thread.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Watching {
    /// `followed`, `muted`, or null for neither.
    watch: Option<String>,
}

async fn watch(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<Watching>,
) -> Result<StatusCode, Failed> {
    let watch = match &new.watch {
        Some(text) => Some(Watch::parse(text).ok_or_else(|| {
            let sentence = "watch must be followed, muted or null.";
            Refusal::invalid("watch", "watch.unknown", sentence)
        })?),
        None => None,
    };
    let set = WatchThread {
        post: PostId(id),
        watch,
    };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn restore_post(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    restore(&state, writer.caller, ObjectId::Post(PostId(id))).await
}

async fn restore_comment(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    restore(&state, writer.caller, ObjectId::Comment(CommentId(id))).await
}

async fn restore(state: &State, caller: Caller, object: ObjectId) -> Result<StatusCode, Failed> {
    let restore = RestoreObject {
        object,
        relay: None,
    };
    state.operations().run(caller, restore).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a text said at a time.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Version")]
struct Version {
    written_at: String,
    /// Empty for comments.
    title: String,
    body: String,
}

impl Version {
    fn of(step: Step) -> Self {
        let said = |pieces: Vec<crate::text::diff::Piece>| {
            let there = pieces.into_iter().filter(|one| one.kind != PieceKind::Gone);
            there.map(|piece| piece.text).collect()
        };
        Self {
            written_at: step.written_at.rfc3339(),
            title: said(step.title),
            body: said(step.text),
        }
    }
}

async fn of_post(
    Given(state): Given<State>,
    reader: Reader,
    Path(id): Path<i64>,
) -> Result<Json<List<Version>>, Failed> {
    versions(&state, reader, ObjectId::Post(PostId(id))).await
}

async fn of_comment(
    Given(state): Given<State>,
    reader: Reader,
    Path(id): Path<i64>,
) -> Result<Json<List<Version>>, Failed> {
    versions(&state, reader, ObjectId::Comment(CommentId(id))).await
}

async fn versions(
    state: &State,
    Reader(caller): Reader,
    object: ObjectId,
) -> Result<Json<List<Version>>, Failed> {
    let (public, now) = (state.settings().posts.history_public, state.now());
    let found = state
        .read(move |db| history::of(db, caller, object, public, now))
        .await?;
    let items = found.versions.into_iter().map(Version::of).collect();
    Ok(Json(List { items, next: None }))
}
