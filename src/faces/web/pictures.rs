//! Pictures in forms: of posts and comments, each with a description, and of people and groups.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::media::{FileName, Focus};
use crate::domain::policy;
use crate::domain::post::Attachment;
use crate::domain::refusal::Refusal;
use crate::operations::media::{SetPictures, upload};

use super::answer::{Answer, Led, Page};
use super::form::{Fields, Submission};
use super::group::find;
use super::visit::Visit;
use super::{moderate, settings};

/// The part of a form in which pictures are chosen and described.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Pictures {
    slots: Vec<Slot>,
    /// How large one may be, in words.
    limit: String,
    /// Whether one was chosen already.
    some: bool,
    /// Whether words for them were asked for already.
    asked: bool,
}

/// The field of a form that says that words for its pictures were asked for.
const ASKED: &str = "undescribed";

/// A place for one picture.
#[derive(Clone, Debug, Serialize)]
struct Slot {
    number: u32,
    /// The name of the file that was uploaded already.
    kept: Option<String>,
    url: String,
    alt: String,
    /// What may stay in view where it is cropped.
    focus: Vec<Choice>,
}

/// A part of a picture that can be chosen to stay in view.
#[derive(Clone, Debug, Serialize)]
struct Choice {
    value: String,
    name: String,
    current: bool,
}

/// The parts of a picture by their points, and the texts that name them.
const PARTS: [(&str, &str); 9] = [
    ("0,0", "focus-middle"),
    ("0,1", "focus-top"),
    ("0,-1", "focus-bottom"),
    ("-1,0", "focus-left"),
    ("1,0", "focus-right"),
    ("-1,1", "focus-top-left"),
    ("1,1", "focus-top-right"),
    ("-1,-1", "focus-bottom-left"),
    ("1,-1", "focus-bottom-right"),
];

/// The parts to choose from, the chosen one marked; a point that is none of them, as programs choose
/// it, can be kept.
fn choices(visit: &Visit, chosen: Focus) -> Vec<Choice> {
    let chosen = chosen.to_string();
    let choice = |value: &str, text: &str| Choice {
        value: value.to_owned(),
        name: visit.text(text),
        current: value == chosen,
    };
    let mut all: Vec<Choice> = PARTS.map(|(value, text)| choice(value, text)).into();
    if all.iter().all(|choice| !choice.current) {
        all.insert(0, choice(&chosen, "focus-own"));
    }
    all
}

impl Pictures {
    /// The places of a form, the first of them with what was uploaded already.
    pub(super) fn new(visit: &Visit, kept: &[Attachment]) -> Self {
        let media = &visit.settings.media;
        let names = visit.state.names();
        let slot = |number: u32| {
            let one = usize::try_from(number).ok().and_then(|n| kept.get(n - 1));
            let file = one.and_then(|one| names.media_file(&one.url));
            Slot {
                number,
                kept: file.map(|file| file.to_string()),
                url: one.map(|one| one.url.clone()).unwrap_or_default(),
                alt: one.and_then(|one| one.alt.clone()).unwrap_or_default(),
                focus: choices(visit, one.and_then(|one| one.focus).unwrap_or_default()),
            }
        };
        Self {
            slots: (1..=media.pictures_per_post).map(slot).collect(),
            limit: media.picture_limit.to_string(),
            some: !kept.is_empty(),
            asked: false,
        }
    }

    /// The places of a form that was sent.
    pub(super) fn sent(self, fields: &Fields) -> Self {
        Self {
            asked: fields.ticked(ASKED),
            ..self
        }
    }
}

/// The pictures of a form: those that were uploaded before and are not to go, and those that came
/// with it, which are uploaded now. Beside a refusal of one, the others are there, so that they need
/// not be chosen again, and what was said of it.
pub(super) async fn take(form: &Submission) -> (Vec<Attachment>, Option<Refusal>) {
    let (mut taken, mut refused) = (Vec::new(), None);
    for number in 1..=form.visit.settings.media.pictures_per_post {
        let alt = form.fields.text(&format!("alt-{number}"));
        match chosen(form, &format!("picture-{number}"), alt).await {
            Ok(Some(url)) => taken.push(described(form, number, url)),
            Ok(None) => taken.extend(kept(form, number)),
            Err(refusal) => {
                taken.push(described(form, number, String::new()));
                refused = refused.or(Some(refusal));
            }
        }
    }
    let refused = refused.or_else(|| ask_for_words(&form.fields, &taken));
    (taken, refused)
}

/// Asks for words for pictures that come without; who sends them once more means it.
fn ask_for_words(fields: &Fields, pictures: &[Attachment]) -> Option<Refusal> {
    let goes_out = !fields.ticked("preview") && !fields.ticked("keep");
    let bare = |one: &Attachment| one.alt.as_deref().unwrap_or_default().trim().is_empty();
    let sentence = "There is a picture that nobody has described yet. Who cannot see it would miss \
        it: please say what it shows. If it is only for decoration, send it again as it is.";
    (goes_out && !fields.ticked(ASKED) && pictures.iter().any(bare))
        .then(|| Refusal::invalid(ASKED, "media.undescribed", sentence))
}

/// The pictures of a form that were uploaded before and are not to go.
pub(super) fn all_kept(form: &Submission) -> Vec<Attachment> {
    let numbers = 1..=form.visit.settings.media.pictures_per_post;
    numbers.filter_map(|number| kept(form, number)).collect()
}

fn kept(form: &Submission, number: u32) -> Option<Attachment> {
    let (fields, names) = (&form.fields, form.visit.state.names());
    let file = FileName::parse(fields.text(&format!("kept-{number}")))?;
    let goes = fields.ticked(&format!("drop-{number}"));
    (!goes).then(|| described(form, number, names.media(&file)))
}

/// A picture with what the form says of it.
fn described(form: &Submission, number: u32, url: String) -> Attachment {
    let said = |what: &str| form.fields.text(&format!("{what}-{number}"));
    Attachment {
        url,
        alt: Some(said("alt").to_owned()),
        focus: Focus::parse(said("focus")),
        ..Attachment::default()
    }
}

/// The address of a picture that was chosen in a field, once it is uploaded.
async fn chosen(form: &Submission, field: &str, alt: &str) -> Result<Option<String>, Refusal> {
    let Some((_, bytes)) = form.files.iter().find(|(name, _)| name == field) else {
        return Ok(None);
    };
    let (visit, operations) = (&form.visit, form.visit.state.operations());
    let picture = Box::pin(upload(operations, visit.caller(), bytes, alt)).await?;
    let names = visit.state.names();
    Ok(Some(names.media(&picture.file_of_width(None))))
}

/// `/pictures`: one picture before its form, for the script that shows how far it is. The form takes it
/// as one that was uploaded before.
pub(super) async fn send(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_actor(visit.caller())?;
    let number: u32 = form.fields.text("number").parse().unwrap_or(1);
    let sent = form.files.iter().find(|(name, _)| name == "file");
    let bytes = sent.map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
    let operations = visit.state.operations();
    let refusal = match Box::pin(upload(operations, visit.caller(), bytes, "")).await {
        Ok(picture) => {
            let file = picture.file_of_width(None);
            let slot = Slot {
                number,
                kept: Some(file.to_string()),
                url: visit.state.names().media(&file),
                alt: String::new(),
                focus: Vec::new(),
            };
            let model = minijinja::context! { slot };
            return Ok(Page::new("_picture_sent.html", "", &model).into());
        }
        Err(refusal) => refusal,
    };
    let wrong = visit.sentence(&refusal);
    let model = minijinja::context! { wrong };
    let page = Page::new("_picture_sent.html", "", &model);
    Ok(page.rejected(&refusal).into())
}

/// The picture and the cover of somebody, in the form that changes them.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Shown {
    icon: Option<String>,
    image: Option<String>,
    /// How large another may be, in words.
    limit: String,
}

impl Shown {
    /// What an actor shows now.
    pub(super) fn of(visit: &Visit, actor: &Actor) -> Self {
        Self {
            icon: actor.icon_url.clone(),
            image: actor.image_url.clone(),
            limit: visit.settings.media.picture_limit.to_string(),
        }
    }
}

/// `/settings/pictures`: one's own picture and cover.
pub(super) async fn own(form: Submission) -> Result<Answer, Refusal> {
    let actor = policy::require_actor(form.visit.caller())?;
    let done = set(&form, actor).await;
    settings::outcome(&form.visit, None, done, "saved")
}

/// `/c/{name}/moderation/pictures`: those of a group.
pub(super) async fn groups(form: Submission) -> Result<Answer, Refusal> {
    let group = find(&form.visit).await?;
    let back = format!("/c/{}/moderation", group.handle());
    match set(&form, group.id).await {
        Ok(()) => Ok(Led::to(back).note("saved").into()),
        Err(refusal) => moderate::again(&form, refusal).await,
    }
}

async fn set(form: &Submission, actor: ActorId) -> Result<(), Refusal> {
    let set = SetPictures {
        actor,
        icon: changed(form, "icon").await?,
        image: changed(form, "image").await?,
    };
    let visit = &form.visit;
    visit.state.operations().run(visit.caller(), set).await
}

/// The key of a picture that was chosen in a field, or that there is to be none; outside: whether it
/// changes.
async fn changed(form: &Submission, field: &str) -> Result<Option<Option<String>>, Refusal> {
    let url = chosen(form, field, "").await?;
    let file = url.and_then(|url| form.visit.state.names().media_file(&url));
    let drops = form.fields.ticked(&format!("drop-{field}"));
    Ok(match file {
        Some(file) => Some(Some(file.key)),
        None => drops.then_some(None),
    })
}
