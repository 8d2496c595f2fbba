//! Drafts: kept, thrown away, posted by hand or when their time comes; and answers until they are
//! sent.

mod answer;
mod publish;

pub(crate) use answer::{DiscardAnswer, KeepAnswer, SendAnswer};
pub(crate) use publish::{PostDraft, PublishDraft, ShelveDraft};

use crate::domain::activity::Origin;
use crate::domain::clock::Ts;
use crate::domain::draft::{Content, Draft};
use crate::domain::ids::{ActorId, DraftId};
use crate::domain::policy;
use crate::domain::post::PostKind;
use crate::domain::refusal::Refusal;
use crate::store::{drafts, media as pictures};

use super::markup::{Markup, storable};
use super::post::CreatePost;
use super::quote::QuotePost;
use super::{Desk, Operation, media};

/// How far ahead a post may be planned, in seconds: a year.
const FURTHEST: i64 = 366 * 24 * 3600;
/// The most letters of all small fields of a draft together.
const SMALL: usize = 20_000;

/// Somebody keeps what they write, to go on later; or plans when it is posted by itself.
#[derive(Clone, Debug)]
pub(crate) struct SaveDraft {
    /// The draft that is kept anew; `None`: a new one.
    pub(crate) draft: Option<DraftId>,
    /// Where it is to be posted, if that is chosen.
    pub(crate) group: Option<ActorId>,
    /// What is written.
    pub(crate) content: Content,
    /// When it is to be posted by itself: then it must be a post that could be posted now.
    pub(crate) publish_at: Option<Ts>,
}

impl Operation for SaveDraft {
    type Output = DraftId;
    const NAME: &'static str = "save_draft";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<DraftId, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        let known = match self.draft {
            Some(id) => Some(own(desk, id)?),
            None => None,
        };
        self.check_size(desk)?;
        if known.is_none() {
            check_room(desk, author)?;
        }
        if let Some(at) = self.publish_at {
            self.check_plan(desk, at)?;
        }
        let id = known
            .as_ref()
            .map_or_else(|| DraftId(desk.next_id()), |known| known.id);
        let mut content = stored(&self.content)?;
        content.attachments = media::claim(desk, author, &content.attachments, id.0)?;
        let draft = Draft {
            id,
            author,
            group: self.group,
            content,
            publish_at: self.publish_at,
            refusal: None,
            created_at: known.map_or(desk.now, |known| known.created_at),
            updated_at: desk.now,
        };
        drafts::upsert(desk.db, &draft)?;
        if !self.content.timezone.is_empty() && self.publish_at.is_some() {
            drafts::set_time_zone(desk.db, author, &self.content.timezone)?;
        }
        Ok(draft.id)
    }
}

impl SaveDraft {
    fn check_size(&self, desk: &Desk<'_>) -> Result<(), Refusal> {
        let most = usize::try_from(desk.settings.posts.body_limit).unwrap_or(usize::MAX);
        let content = &self.content;
        let small = Content {
            body: String::new(),
            ..content.clone()
        };
        let small = serde_json::to_string(&small).map_err(Refusal::fault)?;
        if content.body.chars().count() > most || small.len() > SMALL {
            return Err(Refusal::invalid(
                "body",
                "post.too_long",
                format!("A post has at most {most} letters."),
            ));
        }
        Ok(())
    }

    /// What is planned could be posted now, but for the time.
    fn check_plan(&self, desk: &mut Desk<'_>, at: Ts) -> Result<(), Refusal> {
        if at <= desk.now || at > desk.now.plus_seconds(FURTHEST) {
            let sentence = "Please choose a time within the next year.";
            return Err(Refusal::invalid("publish_at", "draft.time", sentence));
        }
        let group = self.group.ok_or_else(no_group)?;
        let create = post_of(&self.content, group, at)?;
        create.post.check(desk, at).map(drop)
    }
}

/// Somebody throws a draft away, or takes back what was planned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DiscardDraft {
    /// Which.
    pub(crate) draft: DraftId,
}

impl Operation for DiscardDraft {
    type Output = ();
    const NAME: &'static str = "discard_draft";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let draft = own(desk, self.draft)?;
        pictures::doom_attached(desk.db, draft.id.0, desk.now)?;
        drafts::delete(desk.db, draft.id)?;
        Ok(())
    }
}

/// A draft of the caller; there is none of anybody else.
fn own(desk: &mut Desk<'_>, id: DraftId) -> Result<Draft, Refusal> {
    let author = policy::require_actor(desk.caller)?;
    drafts::find(desk.db, id)?
        .filter(|draft| draft.author == author)
        .ok_or_else(|| Refusal::not_found("draft.not_found", "There is no such draft."))
}

fn check_room(desk: &mut Desk<'_>, author: ActorId) -> Result<(), Refusal> {
    let most = desk.settings.posts.drafts;
    if drafts::count(desk.db, author)? < i64::from(most) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "draft.full",
        format!("You have {most} drafts already. Please post or discard one of them first."),
    ))
}

/// The content without the letter that no database keeps.
fn stored(content: &Content) -> Result<Content, Refusal> {
    let text = serde_json::to_string(content).map_err(Refusal::fault)?;
    let text = storable(&text.replace("\\u0000", ""));
    serde_json::from_str(&text).map_err(Refusal::fault)
}

fn no_group() -> Refusal {
    let sentence = "Please choose the group into which this goes.";
    Refusal::invalid("group", "draft.group", sentence)
}

/// The post that a content is, if it is posted at a moment.
fn post_of(content: &Content, group: ActorId, at: Ts) -> Result<QuotePost, Refusal> {
    let link = content.link()?;
    let quote = content.quote.trim();
    let post = CreatePost {
        group,
        kind: PostKind::written(&content.body, link.as_deref()),
        title: content.title.clone(),
        body: Markup::Markdown(content.body.clone()),
        link_url: link,
        language: crate::text::language::tag(&content.language),
        sensitive: content.sensitive,
        warning: None,
        attachments: content.attachments.clone(),
        extra: content.extra(at)?,
        thumbnail: None,
        origin: Origin::Local,
    };
    Ok(QuotePost {
        post,
        quote: (!quote.is_empty()).then(|| quote.to_owned()),
        stamp: None,
    })
}

#[cfg(test)]
mod answer_tests;
#[cfg(test)]
mod tests;
