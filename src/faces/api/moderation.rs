//! What moderators do: reports and bans.

use axum::extract::State as Given;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::{CURSOR, Call, LIMIT};
use super::docket::{Ban, Report, Request};
use super::find::{known_group, person};
use super::model::{Author, Membership};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::flag::Docket;
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::page::Cursor;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::membership::AnswerRequest;
use crate::operations::moderation::{Ban as BanSomebody, Unban};
use crate::views::{group, moderation};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "/groups/{name}/reports",
            "Open reports, for moderators",
            reports,
        )
        .signed()
        .query(&[LIMIT, CURSOR])
        .answers::<List<Report>>(200),
        Call::get(
            "/groups/{name}/requests",
            "Who asked to join a private group, for moderators",
            requests,
        )
        .signed()
        .answers::<List<Request>>(200),
        Call::post(
            "/groups/{name}/requests/{person}",
            "Let somebody in who asked to join, or turn them down",
            answer,
        )
        .takes::<Decision>()
        .answers::<Membership>(200),
        Call::post("/groups/{name}/bans", "Ban somebody from a group", ban)
            .takes::<NewBan>()
            .answers::<Ban>(201),
        Call::delete(
            "/groups/{name}/bans/{person}",
            "Let somebody in again",
            unban,
        ),
        Call::post(
            "/bans",
            "Ban somebody from the whole hub, as an admin",
            hub_ban,
        )
        .takes::<NewBan>()
        .answers::<Ban>(201),
        Call::delete("/bans/{person}", "Let somebody in again", hub_unban),
    ]
}

async fn reports(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(name): Path<String>,
    Paging(page): Paging,
) -> Result<Json<List<Report>>, Failed> {
    let (found, now) = (known_group(&state, &name).await?, state.now());
    let reports = state.read(move |db| {
        let (id, local) = (found.id, found.local);
        let group = group::page(db, found, caller, now)?;
        policy::require_moderator(caller, &group.relation, local)?;
        let docket = Docket::Group(id);
        Ok::<_, Refusal>(moderation::reports(db, docket, true, page)?)
    });
    let reports = reports.await?;
    Ok(Json(List {
        items: Report::gather(reports.items),
        next: reports.next.map(Cursor::encode),
    }))
}

async fn requests(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Path(name): Path<String>,
) -> Result<Json<List<Request>>, Failed> {
    let (found, now) = (known_group(&state, &name).await?, state.now());
    let waiting = state.read(move |db| {
        let (id, local) = (found.id, found.local);
        let group = group::page(db, found, caller, now)?;
        policy::require_moderator(caller, &group.relation, local)?;
        Ok::<_, Refusal>(moderation::requests(db, id)?)
    });
    let request = |(person, at): (Actor, Ts)| Request {
        person: Author::of(&person),
        asked_at: at.rfc3339(),
    };
    Ok(Json(List {
        items: waiting.await?.into_iter().map(request).collect(),
        next: None,
    }))
}

/// What a moderator says to somebody who asked to join.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// Whether they may come in.
    accept: bool,
}

async fn answer(
    Given(state): Given<State>,
    writer: Writer,
    Path((name, who)): Path<(String, String)>,
    Json(decision): Json<Decision>,
) -> Result<Json<Membership>, Failed> {
    let group = known_group(&state, &name).await?;
    let answer = AnswerRequest {
        group: group.id,
        follower: person(&state, &who).await?.id,
        accepted: decision.accept,
    };
    state.operations().run(writer.caller, answer).await?;
    let accepted = decision.accept.then_some(FollowState::Accepted);
    Ok(Json(Membership::of(&group, accepted)))
}

/// A ban from a group, or from the whole hub.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBan {
    /// Their ActivityPub id or handle.
    person: String,
    /// Why; shown to them.
    #[serde(default)]
    reason: String,
    /// Whether what they wrote there goes too.
    #[serde(default)]
    remove_content: bool,
    /// When it ends by itself, as in 2027-01-31T12:00:00Z; left out: it does not.
    #[serde(default)]
    until: Option<String>,
}

async fn ban(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(new): Json<NewBan>,
) -> Result<Response, Failed> {
    let group = known_group(&state, &name).await?;
    ban_from(&state, &writer, Some(group.id), new).await
}

async fn hub_ban(
    Given(state): Given<State>,
    writer: Writer,
    Json(new): Json<NewBan>,
) -> Result<Response, Failed> {
    ban_from(&state, &writer, None, new).await
}

async fn ban_from(
    state: &State,
    writer: &Writer,
    group: Option<ActorId>,
    new: NewBan,
) -> Result<Response, Failed> {
    let until = until(new.until.as_deref())?;
    let person = person(state, &new.person).await?;
    let ban = BanSomebody {
        group,
        actor: person.id,
        reason: new.reason.clone(),
        until,
        remove_content: new.remove_content,
        relay: None,
    };
    state.operations().run(writer.caller, ban).await?;
    let shown = Ban {
        person: Author::of(&person),
        reason: new.reason,
        until: until.map(Ts::rfc3339),
    };
    Ok((StatusCode::CREATED, Json(shown)).into_response())
}

fn until(text: Option<&str>) -> Result<Option<Ts>, Refusal> {
    let wrong = || {
        let sentence = "until must be a time such as 2027-01-31T12:00:00Z.";
        Refusal::invalid("until", "ban.until", sentence)
    };
    text.map(|text| Ts::parse(text).ok_or_else(wrong))
        .transpose()
}

async fn unban(
    Given(state): Given<State>,
    writer: Writer,
    Path((name, who)): Path<(String, String)>,
) -> Result<StatusCode, Failed> {
    let group = known_group(&state, &name).await?;
    unban_from(&state, &writer, Some(group.id), &who).await
}

async fn hub_unban(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
) -> Result<StatusCode, Failed> {
    unban_from(&state, &writer, None, &who).await
}

async fn unban_from(
    state: &State,
    writer: &Writer,
    group: Option<ActorId>,
    who: &str,
) -> Result<StatusCode, Failed> {
    let unban = Unban {
        group,
        actor: person(state, who).await?.id,
        relay: None,
    };
    state.operations().run(writer.caller, unban).await?;
    Ok(StatusCode::NO_CONTENT)
}
