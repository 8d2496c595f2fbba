//! The composer: what is filled in, and what stands around it.

use serde::Serialize;

use crate::crypto::token::random;
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Form, Meeting};
use crate::domain::ids::{ActorId, DraftId, Handle};
use crate::domain::refusal::Refusal;
use crate::text::markdown::{self, Links};
use crate::views::draft::{self, DraftCard};
use crate::views::group::{self, GroupPage};
use crate::views::post::PostCard;

use super::answer::{Page, Wrong};
use super::form::Fields;
use super::frame::{Choice, choices};
use super::group::GroupModel;
use super::model::{Face, PostModel, is_web};
use super::people::may_found;
use super::pictures::Pictures;
use super::visit::Visit;

/// How long a poll lasts if nobody says otherwise, in days.
const USUAL_DAYS: i64 = 7;
/// The zone of somebody who never said one.
const USUAL_ZONE: &str = "UTC";

/// What somebody writes, and what becomes of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// The draft in which it is kept.
    pub(super) draft: Option<DraftId>,
    /// What is filled in.
    pub(super) content: Content,
    /// The handle of the group that was chosen.
    group: String,
    /// When it is to be posted, as a clock in the sheet's time zone shows it.
    publish_at: String,
    /// The group of a draft.
    place: Option<Actor>,
    /// What tells this sheet from others: sent twice, it becomes one post.
    once: String,
}

impl Sheet {
    /// An empty sheet, with what the address says.
    pub(super) fn asked(visit: &Visit) -> Self {
        let said = |name| visit.query(name).unwrap_or_default().to_owned();
        Self {
            draft: visit
                .query("draft")
                .and_then(|id| id.parse().ok())
                .map(DraftId),
            content: Content {
                title: said("title"),
                url: said("url"),
                body: said("body"),
                quote: said("quote"),
                language: visit.language.clone(),
                form: Form::parse(&said("form")),
                days: USUAL_DAYS,
                ..Content::default()
            },
            group: said("group"),
            ..Self::default()
        }
    }

    /// A draft.
    pub(super) fn kept(card: DraftCard) -> Self {
        let content = card.draft.content;
        let at = card.draft.publish_at;
        Self {
            draft: Some(card.draft.id),
            publish_at: at
                .and_then(|at| at.local(&content.timezone))
                .unwrap_or_default(),
            content,
            group: String::new(),
            place: card.group,
            once: String::new(),
        }
    }

    /// The form as it was sent.
    pub(super) fn read(visit: &Visit, fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            draft: fields.text("draft").parse().ok().map(DraftId),
            content: Content {
                title: text("title"),
                url: fields.text("url").trim().to_owned(),
                body: text("body"),
                language: text("language"),
                sensitive: fields.ticked("sensitive"),
                form: Form::parse(fields.text("form")),
                options: text("options"),
                multiple: fields.ticked("multiple"),
                days: fields.text("days").parse().unwrap_or(USUAL_DAYS),
                meeting: meeting(fields),
                quote: fields.text("quote").trim().to_owned(),
                attachments: Vec::new(),
                timezone: fields.text("zone").trim().to_owned(),
            },
            once: fields.text("once").to_owned(),
            group: fields
                .filled("group")
                .or_else(|| visit.query("group").map(str::to_owned))
                .unwrap_or_default(),
            publish_at: fields.text("publish_at").trim().to_owned(),
            place: None,
        }
    }

    /// When it is to be posted.
    pub(super) fn time(&self) -> Result<Ts, Refusal> {
        Ts::in_zone(&self.publish_at, &self.content.timezone).ok_or_else(|| {
            let sentence = "Please say day and time, and a time zone like Europe/Berlin.";
            Refusal::invalid("publish_at", "event.when", sentence)
        })
    }
}

fn meeting(fields: &Fields) -> Meeting {
    let text = |name| fields.text(name).trim().to_owned();
    Meeting {
        starts: text("starts_at"),
        ends: text("ends_at"),
        timezone: text("timezone"),
        place: text("place"),
        online: text("online_url"),
        restricted: fields.ticked("restricted"),
        capacity: text("capacity"),
    }
}

/// What lies around a sheet: where it goes, and where else it could.
pub(super) struct Desktop {
    page: Option<GroupPage>,
    fixed: bool,
    groups: Vec<Actor>,
    servers: usize,
    zone: Option<String>,
}

impl Desktop {
    /// Looks up the group that was chosen, by path, field or draft, and those to choose from.
    ///
    /// # Errors
    /// If the group of the path cannot be written in.
    pub(super) async fn lay(
        visit: &Visit,
        member: ActorId,
        sheet: &Sheet,
    ) -> Result<Self, Refusal> {
        let fixed = !visit.param("name").is_empty();
        let handle = if fixed {
            Some(visit.handle()?)
        } else {
            Handle::parse(&sheet.group).map(|handle| visit.here(handle))
        };
        let (caller, now, place) = (visit.caller(), visit.now, sheet.place.clone());
        let look = visit.state.read(move |db| {
            let found = match handle {
                Some(handle) => Some(group::find(db, &handle)?),
                None => place.filter(|group| group.deleted_at.is_none()),
            };
            let page = match found {
                Some(found) => Some(group::page(db, found, caller, now)?),
                None => None,
            };
            let servers = match &page {
                Some(page) if page.open => draft::servers(db, &page.group)?,
                _ => 0,
            };
            Ok::<_, Refusal>(Self {
                fixed,
                servers,
                groups: if fixed {
                    Vec::new()
                } else {
                    draft::groups(db, member)?
                },
                zone: draft::time_zone(db, member)?,
                page,
            })
        });
        let desktop = look.await?;
        match &desktop.page {
            Some(page) if !page.open => Err(Refusal::forbidden(
                "group.members_only",
                "Only members write in this group. You can ask to join it.",
            )),
            _ => Ok(desktop),
        }
    }

    /// The group into which the sheet goes.
    pub(super) fn group(&self) -> Option<ActorId> {
        self.page.as_ref().map(|page| page.group.id)
    }

    /// The page of the composer.
    pub(super) fn page(
        &self,
        visit: &Visit,
        sheet: Sheet,
        with: impl FnOnce(Model) -> Model,
    ) -> Page {
        let model = with(self.model(visit, sheet));
        Page::new("write.html", visit.text("write-title"), &model).unlisted()
    }

    fn model(&self, visit: &Visit, sheet: Sheet) -> Model {
        let group = self.page.as_ref().map(GroupModel::new);
        let chosen = self.page.as_ref().map(|page| page.group.id);
        let mut content = sheet.content;
        if !is_web(&content.quote) {
            content.quote.clear();
        }
        let zone = self.zone.as_deref().unwrap_or(USUAL_ZONE);
        let guess = self.zone.is_none() && content.timezone.is_empty();
        for own in [&mut content.timezone, &mut content.meeting.timezone] {
            if own.is_empty() {
                zone.clone_into(own);
            }
        }
        let goal = |group: &Actor| Goal {
            face: Face::new(group),
            current: Some(group.id) == chosen,
        };
        let back = group.as_ref().map_or("/", |group| group.href()).to_owned();
        Model {
            new: true,
            fixed: self.fixed,
            draft: sheet.draft.map(|draft| draft.0),
            groups: self.groups.iter().map(goal).collect(),
            travel: self.page.as_ref().map(|page| self.travel(page)),
            publish_at: sheet.publish_at,
            once: if sheet.once.is_empty() {
                random()
            } else {
                sheet.once
            },
            guess,
            group,
            ..Model::edit(visit, content, back)
        }
    }

    /// Where what is written goes, in a word and what the sentence about it needs.
    fn travel(&self, page: &GroupPage) -> Travel {
        let group = &page.group;
        Travel {
            kind: match group {
                group if group.is_private_group() => "private",
                group if group.local => "open",
                _ => "elsewhere",
            },
            servers: self.servers,
            host: group.host.clone(),
        }
    }
}

/// A group to choose.
#[derive(Serialize)]
struct Goal {
    face: Face,
    current: bool,
}

#[derive(Serialize)]
struct Travel {
    kind: &'static str,
    servers: usize,
    host: String,
}

/// What the page of the composer is filled with.
#[derive(Serialize)]
pub(super) struct Model {
    #[serde(flatten)]
    content: Content,
    new: bool,
    fixed: bool,
    comment: bool,
    draft: Option<i64>,
    group: Option<GroupModel>,
    groups: Vec<Goal>,
    may_found: bool,
    travel: Option<Travel>,
    publish_at: String,
    /// What tells a new sheet from others.
    once: String,
    /// The version that is changed.
    version: Option<String>,
    /// What stands there now, where it was changed meanwhile.
    standing: Option<String>,
    /// Whether the time zone is a guess that the browser can better.
    guess: bool,
    forms: Vec<&'static str>,
    action: String,
    back: String,
    languages: Vec<Choice>,
    preview: Option<Preview>,
    similar: Vec<PostModel>,
    pictures: Pictures,
    wrong: Wrong,
}

/// What is written, as it would look.
#[derive(Serialize)]
struct Preview {
    html: String,
    options: Vec<String>,
}

impl Model {
    /// The page that changes what is there already.
    pub(super) fn edit(visit: &Visit, content: Content, back: String) -> Self {
        Self {
            new: false,
            fixed: false,
            comment: false,
            draft: None,
            group: None,
            groups: Vec::new(),
            may_found: may_found(visit),
            travel: None,
            publish_at: String::new(),
            once: String::new(),
            version: None,
            standing: None,
            guess: false,
            forms: Form::ALL.iter().map(|form| form.as_str()).collect(),
            action: visit.path.split('?').next().unwrap_or("/").to_owned(),
            back,
            languages: choices(visit, Some(&content.language)),
            preview: None,
            similar: Vec::new(),
            pictures: Pictures::new(visit, &content.attachments),
            wrong: Wrong::default(),
            content,
        }
    }

    /// Whether it is a comment that is changed.
    pub(super) fn of_comment(self, comment: bool) -> Self {
        Self { comment, ..self }
    }

    /// The change of this version.
    pub(super) fn of_version(self, version: Option<String>) -> Self {
        Self { version, ..self }
    }

    /// Beside what stands there now.
    pub(super) fn beside_what_stands(self, text: String) -> Self {
        Self {
            standing: Some(text),
            ..self
        }
    }

    /// As the form was sent.
    pub(super) fn sent(self, fields: &Fields) -> Self {
        Self {
            pictures: self.pictures.sent(fields),
            ..self
        }
    }

    /// With what was wrong with the form.
    pub(super) fn wrong(self, wrong: Wrong) -> Self {
        Self { wrong, ..self }
    }

    /// With what it would look like.
    pub(super) fn previewed(self) -> Self {
        let lines = self.content.options.lines().map(str::trim);
        let poll = self.content.form == Form::Poll;
        let options = lines.filter(|line| poll && !line.is_empty());
        let preview = Preview {
            html: markdown::render(&self.content.body, &Links::NONE),
            options: options.map(str::to_owned).collect(),
        };
        Self {
            preview: Some(preview),
            ..self
        }
    }

    /// With what is like it already.
    pub(super) fn beside(self, similar: &[PostCard], viewer: Option<ActorId>) -> Self {
        let similar = similar.iter().map(|card| PostModel::new(card, viewer));
        Self {
            similar: similar.collect(),
            ..self
        }
    }
}
