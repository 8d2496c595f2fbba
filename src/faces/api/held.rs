//! Posts that wait for a moderator's word.

use axum::extract::State as Given;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT};
use super::find::known_group;
use super::model::{Author, Post};
use super::posts::card;
use crate::domain::ids::PostId;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::post::{ApprovePost, RejectPost};
use crate::views::group;
use crate::views::moderation::{self, Waiting};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/groups/{name}/held",
            "Posts that wait for a moderator",
            list,
        )
        .signed()
        .query(&[LIMIT, CURSOR])
        .answers::<List<Held>>(200),
        Call::post("/held/{id}/approve", "Let a waiting post in", approve).answers::<Post>(200),
        Call::post("/held/{id}/reject", "Turn a waiting post down", reject)
            .takes::<Rejection>()
            .answers::<Held>(200),
    ]
}

/// A post that waits until a moderator lets it in.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HeldPost")]
#[expect(clippy::struct_field_names, reason = "the names are stable")]
pub(super) struct Held {
    /// The number that the post will have.
    id: i64,
    /// The ActivityPub id that it has, or will have.
    ap_id: String,
    /// The group's `name`.
    group: String,
    author: Author,
    title: String,
    /// Safe HTML.
    content_html: String,
    /// The address that a link post is about.
    link_url: Option<String>,
    held_at: String,
}

impl Held {
    pub(super) fn of(waiting: Waiting) -> Self {
        let Waiting {
            held,
            author,
            group,
        } = waiting;
        Self {
            id: held.id.0,
            ap_id: held.uri.to_string(),
            group: group.handle().to_string(),
            author: Author::of(&author),
            title: held.title,
            content_html: held.html,
            link_url: held.link_url,
            held_at: held.held_at.rfc3339(),
        }
    }
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(name): Path<String>,
    Paging(page): Paging,
) -> Result<Json<List<Held>>, Failed> {
    let (found, now) = (known_group(&state, &name).await?, state.now());
    let waiting = state.read(move |db| {
        let group = group::page(db, found, caller, now)?;
        policy::require_moderator(caller, &group.relation, group.group.local)?;
        Ok::<_, Refusal>(moderation::waiting(db, &group.group, page)?)
    });
    Ok(Json(List::of(waiting.await?, Held::of)))
}

async fn approve(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<Json<Post>, Failed> {
    let post = PostId(id);
    let approve = ApprovePost { post };
    state.operations().run(writer.caller, approve).await?;
    Ok(Json(card(&state, Some(writer.actor), post).await?))
}

/// Why a post is turned down.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rejection {
    /// For the log.
    #[serde(default)]
    reason: String,
}

async fn reject(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(rejection): Json<Rejection>,
) -> Result<Json<Held>, Failed> {
    let post = PostId(id);
    let reason = rejection.reason;
    let look = state.read(move |db| moderation::waiting_post(db, post));
    let held = Held::of(look.await?);
    let reject = RejectPost { post, reason };
    state.operations().run(writer.caller, reject).await?;
    Ok(Json(held))
}
