//! Invitations: links with which people join.

use axum::extract::State as Given;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::model::Author;
use crate::domain::invitation::Invitation;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::invitation::{self, Uninvite};
use crate::views::invitation as view;

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("/invitations", "The caller's invitations", list)
            .signed()
            .answers::<Invitations>(200),
        Call::post("/invitations", "Make a link with which people join", make)
            .takes::<Wanted>()
            .answers::<Made>(201),
        Call::delete("/invitations/{id}", "Take an invitation back", end),
    ]
}

/// A link with which people join.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
struct One {
    id: i64,
    /// For whom it is, as the inviter noted it.
    note: String,
    /// How many joined with it.
    uses: i32,
    /// How many may.
    most_uses: i32,
    created_at: String,
    expires_at: String,
}

impl One {
    fn of(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            note: invitation.note,
            uses: invitation.uses,
            most_uses: invitation.most_uses,
            created_at: invitation.created_at.rfc3339(),
            expires_at: invitation.expires_at.rfc3339(),
        }
    }
}

/// The caller's invitations, and who came by them.
#[derive(Debug, Serialize, JsonSchema)]
struct Invitations {
    invitations: Vec<One>,
    invited: Vec<Author>,
}

/// A new invitation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// For whom it is, for the inviter to remember.
    #[serde(default)]
    note: String,
    /// How many may join with it, 1 to 1000.
    uses: i32,
    /// For how many days, 1 to 365.
    days: i64,
}

/// A new invitation with its link, which cannot be looked up again.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NewInvitation")]
struct Made {
    link: String,
    invitation: One,
}

async fn list(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<Invitations>, Failed> {
    let author = crate::domain::policy::require_actor(caller)?;
    let look = state.read(move |db| Ok::<_, Refusal>(view::of(db, author)?));
    let (invitations, invited) = look.await?;
    Ok(Json(Invitations {
        invitations: invitations.into_iter().map(One::of).collect(),
        invited: invited.iter().map(Author::of).collect(),
    }))
}

async fn make(
    Given(state): Given<State>,
    writer: Writer,
    Json(wanted): Json<Wanted>,
) -> Result<(http::StatusCode, Json<Made>), Failed> {
    let (note, uses, days) = (&wanted.note, wanted.uses, wanted.days);
    let made = invitation::invite(state.operations(), writer.caller, note, uses, days);
    let (link, invitation) = made.await?;
    let invitation = One::of(invitation);
    Ok((http::StatusCode::CREATED, Json(Made { link, invitation })))
}

async fn end(
    Given(state): Given<State>,
    writer: Writer,
    Path(id): Path<i64>,
) -> Result<http::StatusCode, Failed> {
    let end = Uninvite { id };
    state.operations().run(writer.caller, end).await?;
    Ok(http::StatusCode::NO_CONTENT)
}
