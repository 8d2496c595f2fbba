//! Answers that the caller began and has not sent.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::comments::parent;
use super::number::Number;
use crate::domain::draft::KeptAnswer;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::List;
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::draft::{DiscardAnswer, KeepAnswer};
use crate::views::draft;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/drafts/answers",
            "The answers that the caller began, the last kept first",
            list,
        )
        .signed()
        .answers::<List<BegunAnswer>>(200),
        Call::delete(
            "/drafts/answers/{id}",
            "Discard what was begun as the answer to a post or comment of this id",
            discard,
        ),
        Call::post(
            "/posts/{id}/draft",
            "Keep what is typed as an answer, until it is sent from the pages or discarded",
            keep,
        )
        .takes::<NewBegunAnswer>()
        .nothing(),
    ]
}

/// What is typed into an answer, in the place of what was kept before; an empty text discards it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBegunAnswer {
    /// Markdown, as far as it goes.
    body: String,
    /// The comment of this thread that it answers; left out: the post itself.
    #[serde(default)]
    parent_id: Option<Number>,
}

/// An answer that was begun.
#[derive(Debug, Serialize, JsonSchema)]
struct BegunAnswer {
    post_id: i64,
    /// The post or comment that it answers.
    parent_id: i64,
    /// Markdown.
    body: String,
    updated_at: String,
}

impl BegunAnswer {
    fn of(answer: KeptAnswer) -> Self {
        Self {
            post_id: answer.post.0,
            parent_id: answer.to.number(),
            body: answer.body,
            updated_at: answer.kept_at.rfc3339(),
        }
    }
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<List<BegunAnswer>>, Failed> {
    let author = policy::require_actor(caller)?;
    let found = state.read(move |db| draft::answers(db, author)).await?;
    let answers = found.into_iter().map(|card| BegunAnswer::of(card.answer));
    let items = answers.collect();
    Ok(Json(List { items, next: None }))
}

async fn discard(
    Given(state): Given<State>,
    writer: Writer,
    Path(to): Path<i64>,
) -> Result<StatusCode, Failed> {
    let discard = DiscardAnswer { to };
    state.operations().run(writer.caller, discard).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn keep(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(new): Json<NewBegunAnswer>,
) -> Result<StatusCode, Failed> {
    let to: ObjectId = parent(&state, writer.actor, PostId(id), new.parent_id).await?;
    let body = new.body;
    let keep = KeepAnswer { to, body };
    state.operations().run(writer.caller, keep).await?;
    Ok(StatusCode::NO_CONTENT)
}
