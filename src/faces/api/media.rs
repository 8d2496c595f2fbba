//! Pictures: uploaded, described, deleted, and shown by people and groups.

use axum::extract::{Request, State as Given};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::call::Call;
use super::find::known_group;
use crate::domain::ids::ActorId;
use crate::domain::media::{FileName, Focus, Media, WIDTHS};
use crate::domain::names::Names;
use crate::domain::post::Attachment;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::{Json, Path};
use crate::faces::shared::token::Writer;
use crate::faces::shared::{Failed, State, multipart};
use crate::operations::media::{DescribeMedia, SetPictures, delete, upload};

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::post(
            "/media",
            "Upload a picture; what nothing shows within a day is deleted",
            create,
        )
        .takes_form::<NewMedia>()
        .answers::<Uploaded>(201),
        Call::patch(
            "/media/{key}",
            "Describe a picture, or say what of it stays in view",
            describe,
        )
        .takes::<Description>()
        .answers::<Uploaded>(200),
        Call::delete(
            "/media/{key}",
            "Delete a picture that nothing shows",
            remove,
        ),
        Call::patch(
            "/profile/pictures",
            "Show yourself with another picture or cover",
            set_own,
        )
        .takes::<ChangedPictures>()
        .nothing(),
        Call::patch(
            "/groups/{name}/pictures",
            "Give a group another picture or cover, as its moderator",
            set_groups,
        )
        .takes::<ChangedPictures>()
        .nothing(),
    ]
}

/// A form with a picture: JPEG, PNG, GIF (its first frame), WebP or AVIF.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only described: files are read piece by piece")]
struct NewMedia {
    /// The picture.
    file: String,
    /// What it shows, for those who cannot see it.
    alt: Option<String>,
    /// What stays in view where it is cropped: two numbers from -1 to 1 with a comma between them,
    /// to the right and upwards from the middle.
    focal_point: Option<String>,
}

/// A picture as the hub keeps it: without what the file held besides.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Media")]
struct Uploaded {
    /// By which posts and comments take it.
    key: String,
    url: String,
    /// A smaller one, 640 pixels wide at most.
    preview_url: String,
    media_type: &'static str,
    width: i32,
    height: i32,
    /// A blurred preview in a few letters.
    blurhash: String,
    /// What it shows, for those who cannot see it.
    alt: Option<String>,
    /// What stays in view where it is cropped: from -1 to 1, to the right and upwards.
    focal_point: [f64; 2],
}

impl Uploaded {
    fn of(names: &Names, one: &Media) -> Self {
        Self {
            url: names.media(&one.file_of_width(None)),
            preview_url: names.media(&one.file_of_width(Some(WIDTHS[1]))),
            media_type: one.kind.media_type(),
            width: one.width,
            height: one.height,
            blurhash: one.blurhash.clone(),
            alt: one.alt.clone(),
            focal_point: one.focus.point(),
            key: one.key.clone(),
        }
    }
}

async fn create(
    Given(state): Given<State>,
    writer: Writer,
    request: Request,
) -> Result<Response, Failed> {
    let (head, body) = request.into_parts();
    let parts = multipart::read(&head.headers, body, &state.settings(), 1).await?;
    let field = |wanted: &str| {
        let found = parts.fields.iter().find(|(name, _)| name == wanted);
        found.map(|(_, text)| text.as_str())
    };
    let alt = field("alt").unwrap_or_default();
    let focus = field("focal_point").map(|text| Focus::parse(text).ok_or_else(outside));
    let focus = focus.transpose()?;
    let file = parts.files.into_iter().find(|(name, _)| name == "file");
    let (_, bytes) = file.ok_or_else(nothing)?;
    let uploading = Box::pin(upload(state.operations(), writer.caller, &bytes, alt));
    let mut picture = uploading.await.map_err(of_no_kind)?;
    if focus.is_some() {
        let describe = DescribeMedia {
            key: picture.key,
            alt: None,
            focus,
        };
        picture = state.operations().run(writer.caller, describe).await?;
    }
    let shown = Json(Uploaded::of(state.names(), &picture));
    Ok((StatusCode::CREATED, shown).into_response())
}

fn nothing() -> Refusal {
    let sentence = "Please send the picture as the part \"file\" of multipart/form-data.";
    Refusal::invalid("file", "media.missing", sentence)
}

fn outside() -> Refusal {
    let sentence =
        "A focal point is two numbers from -1 to 1, to the right and upwards from the middle.";
    Refusal::invalid("focal_point", "media.focus", sentence)
}

/// The point of a picture that stays in view, if one is said.
fn focus(point: Option<[f64; 2]>) -> Result<Option<Focus>, Refusal> {
    let read = point.map(|[x, y]| Focus::new(x, y).ok_or_else(outside));
    read.transpose()
}

/// What is no picture has a status of its own (security.md H219).
fn of_no_kind(refusal: Refusal) -> Failed {
    if refusal.code == "media.kind" {
        return Failed::with_status(refusal, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    refusal.into()
}

/// What a picture shows; what is left out stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Description {
    /// For those who cannot see it; an empty text takes the description away.
    #[serde(default)]
    alt: Option<String>,
    /// What stays in view where it is cropped: from -1 to 1, to the right and upwards.
    #[serde(default)]
    focal_point: Option<[f64; 2]>,
}

async fn describe(
    Given(state): Given<State>,
    writer: Writer,
    Path(key): Path<String>,
    Json(description): Json<Description>,
) -> Result<Json<Uploaded>, Failed> {
    let describe = DescribeMedia {
        key,
        alt: description.alt,
        focus: focus(description.focal_point)?,
    };
    let picture = state.operations().run(writer.caller, describe).await?;
    Ok(Json(Uploaded::of(state.names(), &picture)))
}

async fn remove(
    Given(state): Given<State>,
    writer: Writer,
    Path(key): Path<String>,
) -> Result<StatusCode, Failed> {
    delete(state.operations(), writer.caller, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The pictures of a person or group; what is left out stays, and null takes away.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::option_option,
    reason = "outside: whether it changes; inside: whether there is one"
)]
struct ChangedPictures {
    /// The `key` of the picture beside the name.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    icon: Option<Option<String>>,
    /// The `key` of the cover above the profile.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    image: Option<Option<String>>,
}

/// Tells null from nothing.
#[expect(clippy::option_option, reason = "as in the struct above")]
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(input).map(Some)
}

async fn set_own(
    Given(state): Given<State>,
    writer: Writer,
    Json(changed): Json<ChangedPictures>,
) -> Result<StatusCode, Failed> {
    set(&state, writer, writer.actor, changed).await
}

async fn set_groups(
    Given(state): Given<State>,
    writer: Writer,
    Path(name): Path<String>,
    Json(changed): Json<ChangedPictures>,
) -> Result<StatusCode, Failed> {
    let group = known_group(&state, &name).await?;
    set(&state, writer, group.id, changed).await
}

async fn set(
    state: &State,
    writer: Writer,
    actor: ActorId,
    changed: ChangedPictures,
) -> Result<StatusCode, Failed> {
    let set = SetPictures {
        actor,
        icon: changed.icon,
        image: changed.image,
    };
    state.operations().run(writer.caller, set).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A picture that a post or comment shows.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPicture {
    /// The `key` of an uploaded picture of the caller.
    key: String,
    /// What it shows, for those who cannot see it; left out: as it was described before.
    #[serde(default)]
    alt: Option<String>,
    /// What stays in view where it is cropped, from -1 to 1, to the right and upwards; left out: as
    /// it was said before.
    #[serde(default)]
    focal_point: Option<[f64; 2]>,
}

/// The attachments that stand for these pictures.
///
/// # Errors
/// If a focal point lies outside of its picture.
pub(super) fn attachments(
    names: &Names,
    pictures: Vec<NewPicture>,
) -> Result<Vec<Attachment>, Refusal> {
    let attachment = |one: NewPicture| {
        Ok(Attachment {
            url: names.media(&FileName::full(one.key)),
            alt: one.alt,
            focus: focus(one.focal_point)?,
            ..Attachment::default()
        })
    };
    pictures.into_iter().map(attachment).collect()
}
