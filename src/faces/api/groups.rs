//! Groups: looked at, changed, joined and left.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{CURSOR, Call, LIMIT};
use super::find::{any_group, known_group};
use super::model::{Group, Membership};
use crate::domain::actor::Approval;
use crate::domain::reading::Level;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::actor::Keys;
use crate::operations::group::{CreateGroup, RenameGroup, UpdateGroup};
use crate::operations::membership::{JoinGroup, LeaveGroup};
use crate::operations::reading::SetLevels;
use crate::views::{directory, group};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/groups", "The groups of this hub", list)
            .query(&[LIMIT, CURSOR])
            .answers::<List<Group>>(200),
        Call::post("/groups", "Found a group", create)
            .takes::<NewGroup>()
            .answers::<Group>(201),
        Call::get("/groups/{name}", "A group", show).answers::<Group>(200),
        Call::patch("/groups/{name}", "Change a group, as its moderator", update)
            .takes::<ChangedGroup>()
            .answers::<Group>(200),
        Call::post(
            "/groups/{name}/rename",
            "Give a group another name, as a moderator of the hub; the old one keeps leading to it",
            rename,
        )
        .takes::<NewName>()
        .answers::<Group>(200),
        Call::post("/groups/{name}/join", "Join a group", join).answers::<Membership>(200),
        Call::post("/groups/{name}/leave", "Leave a group", leave).answers::<Membership>(200),
        Call::post(
            "/groups/{name}/news",
            "Say what the caller wants to hear of a group that they follow",
            hear,
        )
        .takes::<Wanted>()
        .answers::<Group>(200),
    ]
}

async fn list(
    Given(state): Given<State>,
    reader: Reader,
    Paging(page): Paging,
) -> Result<Json<List<Group>>, Failed> {
    let viewer = reader.viewer();
    let found = state
        .read(move |db| directory::groups(db, viewer, page))
        .await?;
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

/// A new group; whoever founds it is its first member and moderator.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewGroup {
    /// The name in its handle: 3 to 30 of a to z, 0 to 9 and _.
    name: String,
    /// What people call it: one plain line.
    title: String,
    /// What it is about, in Markdown.
    #[serde(default)]
    summary: String,
    /// Whether only moderators start threads.
    #[serde(default)]
    posting_restricted: bool,
    /// Whether only members whom its moderators let in read and write in it, for ever.
    #[serde(default)]
    private: bool,
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewGroup>,
) -> Result<Response, Failed> {
    let name = new.name.clone();
    let create = CreateGroup {
        name: new.name,
        title: new.title,
        summary: new.summary,
        owner: None,
        posting_restricted: new.posting_restricted,
        private: new.private,
        keys: Keys::generate().await?,
    };
    state.operations().run(writer.caller, create).await?;
    let shown = show(Given(state), Reader(writer.caller), Path(name)).await?;
    Ok((StatusCode::CREATED, shown).into_response())
}

/// What changes of a group; what is left out stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedGroup {
    /// What people call it: one plain line.
    #[serde(default)]
    title: Option<String>,
    /// What it is about, in Markdown; an empty text takes it away.
    #[serde(default)]
    summary: Option<String>,
    /// Whether only moderators start threads.
    #[serde(default)]
    posting_restricted: Option<bool>,
    /// Whether it is listed in directories and found by searches.
    #[serde(default)]
    discoverable: Option<bool>,
    /// Whose posts wait for a moderator: `none`, `newcomers` or `all`.
    #[serde(default)]
    approval: Option<String>,
}

async fn update(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(changed): Json<ChangedGroup>,
) -> Result<Json<Group>, Failed> {
    let approval = changed.approval.as_deref().map(approval).transpose()?;
    let update = UpdateGroup {
        group: known_group(&state, &name).await?.id,
        title: changed.title,
        summary: changed.summary,
        posting_restricted: changed.posting_restricted,
        discoverable: changed.discoverable,
        approval,
    };
    state.operations().run(writer.caller, update).await?;
    show(Given(state), Reader(writer.caller), Path(name)).await
}

/// The name that a group shall have.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewName {
    /// 3 to 30 of a to z, 0 to 9 and _
    name: String,
}

async fn rename(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(new): Json<NewName>,
) -> Result<Json<Group>, Failed> {
    let rename = RenameGroup {
        group: known_group(&state, &name).await?.id,
        name: new.name.clone(),
    };
    state.operations().run(writer.caller, rename).await?;
    show(Given(state), Reader(writer.caller), Path(new.name)).await
}

fn approval(text: &str) -> Result<Approval, Refusal> {
    Approval::parse(text).ok_or_else(|| {
        let sentence = "approval must be none, newcomers or all.";
        Refusal::invalid("approval", "group.approval", sentence)
    })
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

/// What the caller wants to hear.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// `all` for every new thread, `own` for what concerns them, or `nothing`.
    news: String,
}

async fn hear(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Result<Json<Group>, Failed> {
    let level = Level::parse(&wanted.news).ok_or_else(|| {
        let sentence = "news must be all, own or nothing.";
        Refusal::invalid("news", "news.unknown", sentence)
    })?;
    let group = known_group(&state, &name).await?;
    let levels = vec![(group.id, level)];
    let set = state.operations().run(writer.caller, SetLevels { levels });
    set.await?;
    show(Given(state), Reader(writer.caller), Path(name)).await
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
