//! Writing: new posts, and changes of posts and comments, each with a preview that the server makes.

use serde::Serialize;

use crate::domain::activity::Origin;
use crate::domain::clock::Ts;
use crate::domain::event::{Event, JoinMode};
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::policy;
use crate::domain::poll::{Choice as Answered, Poll};
use crate::domain::post::{Extra, PostKind};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::comment::UpdateComment;
use crate::operations::markup::{Edit, Markup};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::quote::QuotePost;
use crate::text::markdown::{self, Links};
use crate::views::group::GroupPage;
use crate::views::post;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::frame::{Choice, choices};
use super::group::{GroupModel, seen};
use super::held;
use super::thread::place;
use super::visit::Visit;

/// How long a poll lasts if nobody says otherwise, in days.
const USUAL_DAYS: i64 = 7;
/// A day in seconds.
const DAY: i64 = 24 * 3600;

/// What somebody writes.
#[derive(Clone, Default)]
struct Draft {
    title: String,
    url: String,
    body: String,
    language: String,
    sensitive: bool,
    form: Form,
    options: String,
    multiple: bool,
    days: i64,
    meeting: Meeting,
    quote: String,
}

/// The fields about an event.
#[derive(Clone, Debug, Default, Serialize)]
struct Meeting {
    starts: String,
    ends: String,
    timezone: String,
    place: String,
    online: String,
    restricted: bool,
    capacity: String,
}

/// What is written: chosen by a link above the form, and said by a hidden field in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    /// A text, a link, or both.
    #[default]
    Text,
    /// A question with answers to choose from.
    Poll,
    /// A meeting.
    Event,
}

impl Form {
    fn parse(text: &str) -> Self {
        match text {
            "poll" => Self::Poll,
            "event" => Self::Event,
            _ => Self::Text,
        }
    }
}

#[derive(Serialize)]
struct Model {
    group: Option<GroupModel>,
    action: String,
    back: String,
    comment: bool,
    title: String,
    url: String,
    body: String,
    sensitive: bool,
    form: Form,
    options: String,
    multiple: bool,
    days: i64,
    meeting: Meeting,
    quote: String,
    languages: Vec<Choice>,
    preview: Option<String>,
    wrong: Wrong,
}

impl Draft {
    fn read(fields: &Fields) -> Self {
        Self {
            title: fields.text("title").to_owned(),
            url: fields.text("url").trim().to_owned(),
            body: fields.text("body").to_owned(),
            language: fields.text("language").to_owned(),
            sensitive: fields.ticked("sensitive"),
            form: Form::parse(fields.text("form")),
            options: fields.text("options").to_owned(),
            multiple: fields.ticked("multiple"),
            days: fields.text("days").parse().unwrap_or(USUAL_DAYS),
            meeting: Meeting::read(fields),
            quote: fields.text("quote").trim().to_owned(),
        }
    }

    /// What the post carries besides its words: of a poll one choice stands on each line.
    fn extra(&self, now: Ts) -> Result<Extra, Refusal> {
        match self.form {
            Form::Text => Ok(Extra::Nothing),
            Form::Poll => Ok(Extra::Poll(self.poll(now))),
            Form::Event => Ok(Extra::Event(self.meeting.event()?)),
        }
    }

    fn poll(&self, now: Ts) -> Poll {
        let lines = self.options.lines().map(str::trim);
        let choices = lines.filter(|line| !line.is_empty()).map(|line| Answered {
            name: line.to_owned(),
            votes: 0,
        });
        Poll {
            multiple: self.multiple,
            ends_at: Some(now.plus_seconds(self.days.saturating_mul(DAY))),
            choices: choices.collect(),
            ..Poll::default()
        }
    }

    fn link(&self) -> Option<String> {
        (!self.url.is_empty()).then(|| self.url.clone())
    }

    fn language(&self) -> Option<String> {
        crate::text::language::tag(&self.language)
    }

    fn model(self, visit: &Visit, back: String) -> Model {
        Model {
            group: None,
            action: visit.path.split('?').next().unwrap_or("/").to_owned(),
            back,
            comment: false,
            languages: choices(visit, Some(&self.language)),
            title: self.title,
            url: self.url,
            body: self.body,
            sensitive: self.sensitive,
            form: self.form,
            options: self.options,
            multiple: self.multiple,
            days: self.days,
            meeting: self.meeting,
            quote: self.quote,
            preview: None,
            wrong: Wrong::default(),
        }
    }
}

impl Meeting {
    fn read(fields: &Fields) -> Self {
        let text = |name| fields.text(name).trim().to_owned();
        Self {
            starts: text("starts_at"),
            ends: text("ends_at"),
            timezone: text("timezone"),
            place: text("place"),
            online: text("online_url"),
            restricted: fields.ticked("restricted"),
            capacity: text("capacity"),
        }
    }

    fn of(event: &Event) -> Self {
        let local = |at: Ts| at.local(&event.timezone).unwrap_or_default();
        Self {
            starts: local(event.starts_at),
            ends: event.ends_at.map(local).unwrap_or_default(),
            timezone: event.timezone.clone(),
            place: event.place.clone().unwrap_or_default(),
            online: event.online_url.clone().unwrap_or_default(),
            restricted: event.join_mode == JoinMode::Restricted,
            capacity: event
                .capacity
                .map(|most| most.to_string())
                .unwrap_or_default(),
        }
    }

    fn event(&self) -> Result<Event, Refusal> {
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let time = |name: &'static str, text: &str| {
            Ts::in_zone(text, &self.timezone).ok_or_else(|| {
                let sentence = "Please say day and time, and a time zone like Europe/Berlin.";
                Refusal::invalid(name, "event.when", sentence)
            })
        };
        let ends_at = filled(&self.ends).map(|text| time("ends_at", &text));
        let capacity = filled(&self.capacity).map(|text| text.parse::<i64>().unwrap_or(0));
        Ok(Event {
            starts_at: time("starts_at", &self.starts)?,
            ends_at: ends_at.transpose()?,
            timezone: self.timezone.clone(),
            place: filled(&self.place),
            online_url: filled(&self.online),
            join_mode: if self.restricted {
                JoinMode::Restricted
            } else {
                JoinMode::Free
            },
            capacity,
            attendees: 0,
        })
    }
}

impl Model {
    /// The body as it would look.
    fn previewed(mut self) -> Self {
        self.preview = Some(markdown::render(&self.body, &Links::NONE));
        self
    }
}

/// `/c/{name}/new`.
pub(super) async fn new_form(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let page = writable(&visit).await?;
    let draft = Draft {
        title: visit.query("title").unwrap_or_default().to_owned(),
        url: visit.query("url").unwrap_or_default().to_owned(),
        quote: visit.query("quote").unwrap_or_default().to_owned(),
        language: visit.language.clone(),
        form: Form::parse(visit.query("form").unwrap_or_default()),
        days: USUAL_DAYS,
        meeting: Meeting {
            timezone: "UTC".to_owned(),
            ..Meeting::default()
        },
        ..Draft::default()
    };
    Ok(new_page(&visit, &page, draft, |model| model).into())
}

/// The group of the path, if the one who looks may look into it.
async fn writable(visit: &Visit) -> Result<GroupPage, Refusal> {
    let page = seen(visit).await?;
    if page.open {
        return Ok(page);
    }
    Err(Refusal::forbidden(
        "group.members_only",
        "Only members write in this group. You can ask to join it.",
    ))
}

fn new_page(
    visit: &Visit,
    page: &GroupPage,
    draft: Draft,
    with: impl FnOnce(Model) -> Model,
) -> Page {
    let group = GroupModel::new(page);
    let model = with(draft.model(visit, group.href().to_owned()));
    let model = Model {
        group: Some(group),
        ..model
    };
    Page::new("write.html", visit.text("write-title"), &model).unlisted()
}

/// `/c/{name}/new`, sent: a post, or a look at it.
pub(super) async fn new(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_actor(visit.caller())?;
    let (page, draft) = (writable(visit).await?, Draft::read(&form.fields));
    if form.fields.ticked("preview") {
        return Ok(new_page(visit, &page, draft, Model::previewed).into());
    }
    let made = match draft.extra(visit.now) {
        Ok(extra) => post_it(visit, &page, &draft, extra).await,
        Err(refusal) => Err(refusal),
    };
    match made {
        Ok(id) => {
            let note = if held::waits(visit, id).await {
                "held"
            } else {
                "posted"
            };
            Ok(Led::to(format!("/post/{id}")).note(note).into())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let page = new_page(visit, &page, draft, |model| Model { wrong, ..model });
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn post_it(
    visit: &Visit,
    page: &GroupPage,
    draft: &Draft,
    extra: Extra,
) -> Result<PostId, Refusal> {
    let create = CreatePost {
        group: page.group.id,
        kind: PostKind::written(&draft.body, draft.link().as_deref()),
        title: draft.title.clone(),
        body: Markup::Markdown(draft.body.clone()),
        link_url: draft.link(),
        language: draft.language(),
        sensitive: draft.sensitive,
        warning: None,
        attachments: Vec::new(),
        extra,
        origin: Origin::Local,
    };
    let create = QuotePost {
        post: create,
        quote: (!draft.quote.is_empty()).then(|| draft.quote.clone()),
        stamp: None,
    };
    visit.state.operations().run(visit.caller(), create).await
}

/// `/post/{id}/edit` and `/comment/{id}/edit`.
pub(super) async fn edit_form(visit: Visit) -> Result<Answer, Refusal> {
    let (draft, back) = stored(&visit).await?;
    Ok(edit_page(&visit, draft.model(&visit, back)).into())
}

fn edit_page(visit: &Visit, model: Model) -> Page {
    let comment = visit.path.starts_with("/comment/");
    let model = Model { comment, ..model };
    Page::new("write.html", visit.text("edit-title"), &model).unlisted()
}

/// What is to be changed, for its author only, and where it stands.
async fn stored(visit: &Visit) -> Result<(Draft, String), Refusal> {
    let object = visit.object()?;
    let back = place(visit, object).await?;
    let viewer = visit.actor();
    let (author, draft) = visit
        .state
        .read(move |db| match object {
            ObjectId::Post(id) => {
                let card = post::visible_card(db, viewer, id)?;
                let (post, event) = (card.post, card.event.map(|card| card.event));
                let draft = Draft {
                    form: if event.is_some() {
                        Form::Event
                    } else {
                        Form::Text
                    },
                    meeting: event.as_ref().map(Meeting::of).unwrap_or_default(),
                    title: post.title,
                    url: post.link_url.unwrap_or_default(),
                    body: post.source.unwrap_or_default(),
                    language: post.language.unwrap_or_default(),
                    sensitive: post.sensitive,
                    ..Draft::default()
                };
                Ok::<_, Refusal>((post.author, draft))
            }
            ObjectId::Comment(id) => {
                let comment = post::comment(db, viewer, id)?.comment;
                let body = comment.source.unwrap_or_default();
                Ok((
                    comment.author,
                    Draft {
                        body,
                        ..Draft::default()
                    },
                ))
            }
        })
        .await?;
    policy::require_author(visit.caller(), author)?;
    Ok((draft, back))
}

/// `.../edit`, sent: the change, or a look at it.
pub(super) async fn edit(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (_, back) = stored(visit).await?;
    let draft = Draft::read(&form.fields);
    if form.fields.ticked("preview") {
        return Ok(edit_page(visit, draft.model(visit, back).previewed()).into());
    }
    match change(visit, &draft).await {
        Ok(()) => Ok(Led::to(back).note("saved").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let page = edit_page(
                visit,
                Model {
                    wrong,
                    ..draft.model(visit, back)
                },
            );
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn change(visit: &Visit, draft: &Draft) -> Result<(), Refusal> {
    let (operations, caller) = (visit.state.operations(), visit.caller());
    let body = Markup::Markdown(draft.body.clone());
    match visit.object()? {
        ObjectId::Comment(comment) => {
            let update = UpdateComment {
                comment,
                body,
                language: None,
                sensitive: None,
                warning: None,
                attachments: None,
                edit: Edit::Local,
            };
            operations.run(caller, update).await
        }
        ObjectId::Post(post) => {
            let update = UpdatePost {
                post,
                title: Some(draft.title.clone()),
                body: Some(body),
                link_url: Some(draft.link()),
                language: Some(draft.language()),
                sensitive: Some(draft.sensitive),
                warning: None,
                attachments: None,
                extra: match draft.form {
                    Form::Event => Extra::Event(draft.meeting.event()?),
                    Form::Text | Form::Poll => Extra::Nothing,
                },
                edit: Edit::Local,
            };
            operations.run(caller, update).await
        }
    }
}
