//! Moves of the caller, and of groups, to accounts on other servers and from them.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::find::known_group;
use super::model::Author;
use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::moving::SetAliases;
use crate::views::account;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/moving", "The caller's other accounts", show)
            .signed()
            .answers::<Moving>(200),
        Call::patch("/moving", "Name the caller's other accounts", name)
            .takes::<Aliases>()
            .nothing(),
        Call::post("/moving", "Move to another account", away)
            .takes::<Away>()
            .nothing(),
        Call::patch(
            "/groups/{name}/moving",
            "Name the groups elsewhere that are this one",
            name_group,
        )
        .takes::<Aliases>()
        .nothing(),
        Call::post(
            "/groups/{name}/moving",
            "Move a group to another server",
            group_away,
        )
        .takes::<Away>()
        .nothing(),
    ]
}

/// Where somebody comes from, and where they went.
#[derive(Serialize, JsonSchema)]
struct Moving {
    /// The ActivityPub ids of their other accounts.
    aliases: Vec<String>,
    /// The account to which they moved.
    moved_to: Option<Author>,
}

async fn show(Given(state): Given<State>, Reader(caller): Reader) -> Result<Json<Moving>, Failed> {
    let member = policy::require_actor(caller)?;
    let look = state.read(move |db| account::whereabouts(db, member));
    let found = look.await?;
    Ok(Json(Moving {
        aliases: found.aliases,
        moved_to: found.moved.as_ref().map(Author::of),
    }))
}

/// Other accounts.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Aliases {
    /// Their ActivityPub ids.
    aliases: Vec<String>,
}

async fn set(
    state: &State,
    writer: &Writer,
    group: Option<ActorId>,
    new: Aliases,
) -> Result<StatusCode, Failed> {
    let uris = new.aliases;
    let set = SetAliases { group, uris };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn name(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<Aliases>,
) -> Result<StatusCode, Failed> {
    set(&state, &writer, None, new).await
}

async fn name_group(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(new): Json<Aliases>,
) -> Result<StatusCode, Failed> {
    let group = known_group(&state, &name).await?.id;
    set(&state, &writer, Some(group), new).await
}

/// Where to.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Away {
    /// The ActivityPub id or handle of the new account, which must name the old one as its alias.
    target: String,
    /// The title of a post that stays pinned in a group that moves; empty for none.
    #[serde(default)]
    notice: String,
}

async fn go(
    state: &State,
    writer: &Writer,
    group: Option<ActorId>,
    to: Away,
) -> Result<StatusCode, Failed> {
    let federation = &state.federation;
    let moving = federation.move_away(writer.caller, group, &to.target, &to.notice);
    Box::pin(moving).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn away(
    Given(state): Given<State>,
    writer: Writer,
    Json(to): Json<Away>,
) -> Result<StatusCode, Failed> {
    go(&state, &writer, None, to).await
}

async fn group_away(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(to): Json<Away>,
) -> Result<StatusCode, Failed> {
    let group = known_group(&state, &name).await?.id;
    go(&state, &writer, Some(group), to).await
}
