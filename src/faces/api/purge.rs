//! Pictures that had to go: deleted and blocked by admins, and let in again.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::model::Author;
use crate::domain::actor::Actor;
use crate::domain::media::PictureBlock;
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::List;
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::media::{LiftPictureBlock, Purged, purge};
use crate::views::media;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::post(
            "/media/purge",
            "Delete a picture wherever the hub keeps it and take it no more, as an admin",
            send,
        )
        .takes::<NewPurge>()
        .answers::<Done>(200),
        Call::get(
            "/media/blocks",
            "Pictures that are not taken any more, the newest first, for admins",
            list,
        )
        .signed()
        .answers::<List<Block>>(200),
        Call::delete(
            "/media/blocks/{id}",
            "Let a picture be taken again, as an admin",
            lift,
        ),
    ]
}

/// A picture that must go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPurge {
    /// The address of the picture, or of a post or comment all of whose pictures must go.
    address: String,
    /// Why; everybody can read it in the log.
    reason: String,
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Purged")]
struct Done {
    /// Uploaded pictures, of which every file was deleted.
    uploaded: usize,
    /// Pictures of other servers, which were dropped here and are fetched no more.
    elsewhere: usize,
    /// Those among them of which the hub did not know how they look: only their address is blocked.
    unseen: usize,
}

impl From<Purged> for Done {
    fn from(purged: Purged) -> Self {
        let Purged {
            uploaded,
            elsewhere,
            unseen,
        } = purged;
        Self {
            uploaded,
            elsewhere,
            unseen,
        }
    }
}

/// A picture that is not taken any more.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PictureBlock")]
struct Block {
    id: i64,
    /// Its address, if it lies elsewhere.
    url: Option<String>,
    /// Whether nothing that looks like it is taken either.
    known: bool,
    reason: String,
    /// Who blocked it; null: the operator.
    by: Option<Author>,
    created_at: String,
}

impl Block {
    fn of((block, by): (PictureBlock, Option<Actor>)) -> Self {
        Self {
            id: block.id,
            url: block.url,
            known: block.likeness.is_some(),
            reason: block.reason,
            by: by.as_ref().map(Author::of),
            created_at: block.at.rfc3339(),
        }
    }
}

async fn send(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewPurge>,
) -> Result<Json<Done>, Failed> {
    let purging = purge(state.operations(), writer.caller, &new.address, &new.reason);
    let done = Box::pin(purging).await?;
    Ok(Json(done.into()))
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<List<Block>>, Failed> {
    policy::require_admin(caller)?;
    let blocks = state.read(media::blocks).await?;
    let items = blocks.into_iter().map(Block::of).collect();
    Ok(Json(List { items, next: None }))
}

async fn lift(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<StatusCode, Failed> {
    let lift = LiftPictureBlock { id };
    state.operations().run(writer.caller, lift).await?;
    Ok(StatusCode::NO_CONTENT)
}
