//! People: looked at, followed and not; and whom or what the caller follows.

use axum::extract::State as Given;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{CURSOR, Call, LIMIT, Parameter};
use super::find::{any_person, person};
use super::model::Author;
use crate::domain::actor::ActorKind;
use crate::domain::membership::FollowState;
use crate::domain::policy;
use crate::faces::shared::extract::{Json, Path, Query};
use crate::faces::shared::paginate::{List, Paging};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::membership::{FollowPerson, UnfollowPerson};
use crate::views::actor::{self, Profile};
use crate::views::following::{self, Which};

const PERSON: &str = "/people/{person}";
const FOLLOW: &str = "/people/{person}/follow";

const KIND: Parameter = Parameter {
    name: "kind",
    schema: "string",
    about: "`people` (the default) or `groups`",
};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(PERSON, "A person", show).answers::<Person>(200),
        Call::post(FOLLOW, "Follow somebody", follow).answers::<Follow>(200),
        Call::delete(FOLLOW, "Follow somebody no more", unfollow),
        Call::get(
            "/following",
            "Whom or which groups the caller follows, the last first",
            list,
        )
        .signed()
        .query(&[KIND, LIMIT, CURSOR])
        .answers::<List<Following>>(200),
    ]
}

/// A person with what they wrote, counted.
#[derive(Serialize, JsonSchema)]
struct Person {
    #[serde(flatten)]
    author: Author,
    /// The page for people.
    url: String,
    /// What they say about themselves, as safe HTML.
    summary_html: String,
    created_at: String,
    post_count: i64,
    comment_count: i64,
    /// How many follow them; null: they live elsewhere, or do not show it.
    follower_count: Option<i64>,
    /// Where the caller's follow stands: `accepted`, `pending`, `unreachable` while the other server
    /// does not take the request, `refused`, or null for none.
    followed: Option<&'static str>,
}

impl Person {
    fn of(profile: &Profile) -> Self {
        let actor = &profile.actor;
        let state = profile.followed.map(FollowState::as_str);
        Self {
            author: Author::of(actor),
            url: actor.url.clone(),
            summary_html: actor.summary_html.clone(),
            created_at: actor.created_at.rfc3339(),
            post_count: profile.post_count,
            comment_count: profile.comment_count,
            follower_count: profile.followers,
            followed: state.map(|state| match state {
                "pending" if profile.unreachable => "unreachable",
                state => state,
            }),
        }
    }
}

async fn show(
    Given(state): Given<State>,
    reader: Reader,
    Path(who): Path<String>,
) -> Result<Json<Person>, Failed> {
    let viewer = reader.viewer();
    let found = person(&state, &who).await?;
    let profile = state
        .read(move |db| actor::profile(db, viewer, found))
        .await?;
    Ok(Json(Person::of(&profile)))
}

/// How the caller stands to somebody.
#[derive(Serialize, JsonSchema)]
struct Follow {
    /// Their handle.
    person: String,
    /// `accepted`, or `pending` until their server answers; `refused` where it said no lately.
    state: &'static str,
}

async fn follow(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
) -> Result<Json<Follow>, Failed> {
    let found = any_person(&state, &who).await?;
    let follow = FollowPerson { person: found.id };
    let done = state.operations().run(writer.caller, follow).await?;
    Ok(Json(Follow {
        person: found.handle().to_string(),
        state: done.as_str(),
    }))
}

async fn unfollow(
    Given(state): Given<State>,
    writer: Writer,
    Path(who): Path<String>,
) -> Result<StatusCode, Failed> {
    let person = person(&state, &who).await?.id;
    let end = UnfollowPerson { person };
    state.operations().run(writer.caller, end).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody, or a group, whom the caller follows.
#[derive(Serialize, JsonSchema)]
struct Following {
    #[serde(flatten)]
    who: Author,
    /// Whether it is a group.
    group: bool,
    /// `accepted`, `pending` or `refused`.
    state: &'static str,
}

/// What of it is asked for.
#[derive(Deserialize)]
struct Wanted {
    kind: Option<String>,
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
    Query(wanted): Query<Wanted>,
    Paging(page): Paging,
) -> Result<Json<List<Following>>, Failed> {
    let member = policy::require_actor(caller)?;
    let which = Which::parse(wanted.kind.as_deref());
    let found = state
        .read(move |db| following::page(db, member, which, page))
        .await?;
    Ok(Json(List::of(found, |one| Following {
        who: Author::of(&one.actor),
        group: one.actor.kind == ActorKind::Group,
        state: one.state.as_str(),
    })))
}
