//! Groups: looked at, joined and left.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::call::{CURSOR, Call, LIMIT};
use super::find::{any_group, known_group};
use super::model::{Group, Membership};
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::membership::{JoinGroup, LeaveGroup};
use crate::views::{directory, group};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/groups", "The groups of this hub", list)
            .query(&[LIMIT, CURSOR])
            .answers::<List<Group>>(200),
        Call::get("/groups/{name}", "A group", show).answers::<Group>(200),
        Call::post("/groups/{name}/join", "Join a group", join).answers::<Membership>(200),
        Call::post("/groups/{name}/leave", "Leave a group", leave).answers::<Membership>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    _: Reader,
    Paging(page): Paging,
) -> Result<Json<List<Group>>, Failed> {
    let found = state.read(move |db| directory::groups(db, page)).await?;
    Ok(Json(List::of(found, |group| Group::of(&group))))
}

async fn show(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(name): Path<String>,
) -> Result<Json<Group>, Failed> {
    let (found, now) = (known_group(&state, &name).await?, state.now());
    let page = state
        .read(move |db| group::page(db, found, caller, now))
        .await?;
    Ok(Json(Group::page(&page)))
}

async fn join(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
) -> Result<Json<Membership>, Failed> {
    let group = any_group(&state, &name).await?;
    let join = JoinGroup { group: group.id };
    let membership = state.operations().run(writer.caller, join).await?;
    Ok(Json(Membership::of(&group, Some(membership))))
}

async fn leave(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
) -> Result<Response, Failed> {
    let group = known_group(&state, &name).await?;
    let leave = LeaveGroup { group: group.id };
    state.operations().run(writer.caller, leave).await?;
    Ok((StatusCode::OK, Json(Membership::of(&group, None))).into_response())
}
