//! Questions: listed, and which answer helped.

use axum::extract::State as Given;
use schemars::JsonSchema;
use serde::Deserialize;

use super::across::{GROUP, Wanted};
use super::call::{CURSOR, Call, LIMIT, Parameter};
use super::model::Post;
use super::number::Number;
use super::posts::card;
use crate::domain::ids::{CommentId, PostId};
use crate::domain::question::{Of, Which};
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::question::{ChooseAnswer, WithdrawAnswer};
use crate::views::{post, question};

const STATE: Parameter = Parameter {
    name: "state",
    schema: "string",
    about: "`open` (the default) or `answered`",
};

const ORDER: Parameter = Parameter {
    name: "order",
    schema: "string",
    about: "`newest` (the default) or `oldest`: which stand first",
};

/// In which order.
#[derive(Deserialize)]
struct Order {
    order: Option<String>,
}

impl Order {
    fn oldest_first(&self) -> Result<bool, Refusal> {
        match self.order.as_deref() {
            None | Some("newest") => Ok(false),
            Some("oldest") => Ok(true),
            Some(_) => {
                let sentence = "order must be newest or oldest.";
                Err(Refusal::invalid("order", "order.unknown", sentence))
            }
        }
    }
}

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/questions",
            "Questions of all groups, the newest first unless `order` says otherwise",
            list,
        )
        .query(&[STATE, ORDER, GROUP, LIMIT, CURSOR])
        .answers::<List<Post>>(200),
        Call::post(
            "/posts/{id}/answer",
            "Say which answer to a question helped, or that none did",
            choose,
        )
        .takes::<Choice>()
        .answers::<Post>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    reader: Reader,
    Query(wanted): Query<Wanted>,
    Query(order): Query<Order>,
    Paging(page): Paging,
) -> Result<Json<List<Post>>, Failed> {
    let viewer = reader.viewer();
    let open = !wanted.is_second(["open", "answered"])?;
    let which = Which {
        of: Of::one(wanted.group(&state).await?),
        open,
        oldest_first: order.oldest_first()?,
    };
    let found = state
        .read(move |db| question::page(db, viewer, &which, page))
        .await?;
    Ok(Json(List::of(found, |card| Post::of(card, &state))))
}

/// Which answer helped.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Choice {
    /// The comment; null: none did after all.
    comment_id: Option<Number>,
}

async fn choose(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
    Json(choice): Json<Choice>,
) -> Result<Json<Post>, Failed> {
    let post = PostId(id);
    let operations = state.operations();
    if let Some(Number(comment)) = choice.comment_id {
        let answer = CommentId(comment);
        check(&state, &writer, post, answer).await?;
        let choose = ChooseAnswer {
            answer,
            chosen: true,
            relay: None,
        };
        operations.run(writer.caller, choose).await?;
    } else {
        let withdraw = WithdrawAnswer { post };
        operations.run(writer.caller, withdraw).await?;
    }
    Ok(Json(card(&state, Some(writer.actor), post).await?))
}

/// The answer must be of the thread that the address names.
async fn check(
    state: &State,
    writer: &Writer,
    post: PostId,
    comment: CommentId,
) -> Result<(), Refusal> {
    let viewer = Some(writer.actor);
    let found = state
        .read(move |db| post::comment(db, viewer, comment))
        .await?;
    if found.comment.post == post {
        return Ok(());
    }
    let sentence = "comment_id must be a comment of this post.";
    Err(Refusal::invalid("comment_id", "comment.parent", sentence))
}
