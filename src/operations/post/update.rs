//! An author changes a post.

use crate::domain::activity::Activity;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::post::{Attachment, Extra, MAX_ATTACHMENTS, Post};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::Subject;
use crate::operations::markup::{Edit, Markup, Rendered, checked_language, storable};
use crate::operations::{Desk, Operation, event, media, notice, poll, version};
use crate::store::{notices, posts};

/// An author changes a post; what is `None` stays as it is.
#[derive(Clone, Debug)]
#[expect(
    clippy::option_option,
    reason = "outside: whether it changes; inside: whether there is one"
)]
pub(crate) struct UpdatePost {
    /// Which.
    pub(crate) post: PostId,
    /// One plain line.
    pub(crate) title: Option<String>,
    /// The text.
    pub(crate) body: Option<Markup>,
    /// The address that a link post is about.
    pub(crate) link_url: Option<Option<String>>,
    /// BCP 47 tag.
    pub(crate) language: Option<Option<String>>,
    /// Not for everybody's eyes.
    pub(crate) sensitive: Option<bool>,
    /// The author's content warning.
    pub(crate) warning: Option<Option<String>>,
    /// Pictures and files.
    pub(crate) attachments: Option<Vec<Attachment>>,
    /// What it carries besides, as it is now; with `Nothing` that stays as it is.
    pub(crate) extra: Extra,
    /// The address of the picture that its author's server shows beside the link, as it is now.
    pub(crate) thumbnail: Option<String>,
    /// From where.
    pub(crate) edit: Edit,
}

impl Operation for UpdatePost {
    type Output = ();
    const NAME: &'static str = "update_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let subject = desk.subject(ObjectId::Post(self.post))?;
        let mut post = subject.post.clone();
        policy::require_author(desk.caller, post.author)?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        if post.hidden() {
            return Err(Refusal::new(
                Kind::Gone,
                "post.gone",
                "This post is no longer there.",
            ));
        }
        let changed = self.change_extra(desk, &post)?;
        let Some(edited_at) = edited_at(desk, &self.edit, post.edited_at, post.published_at) else {
            // Counts without a newer text are no edit (federation.md 4.4).
            return if changed {
                self.tell(desk, &subject, Vec::new())
            } else {
                Ok(())
            };
        };
        let text = self.change(desk, &mut post)?;
        post.edited_at = Some(edited_at);
        let object = ObjectId::Post(post.id);
        version::keep_post(desk, &subject.post, &post)?;
        posts::set_content(desk.db, &post)?;
        if self.link_url.is_some() || self.body.is_some() {
            super::link::note_anew(desk, &post, &subject.group, self.thumbnail.as_deref())?;
        }
        let before = notices::list_mentions(desk.db, object)?;
        let mentions = text
            .as_ref()
            .map_or_else(|| before.clone(), |text| text.mentions.clone());
        if let Some(text) = &text {
            super::index_anew(desk, object, &post.title, text)?;
            let new: Vec<_> = text
                .mentions
                .iter()
                .filter(|id| !before.contains(id))
                .copied()
                .collect();
            notice::tell(
                desk,
                NoticeKind::Mention,
                &new,
                post.author,
                object.number(),
            )?;
        }
        self.tell(desk, &subject, mentions)
    }
}

impl UpdatePost {
    /// Takes over what the post carries; whether that changed anything. What people here choose
    /// from never changes: they have chosen already.
    fn change_extra(&self, desk: &mut Desk<'_>, post: &Post) -> Result<bool, Refusal> {
        match &self.extra {
            Extra::Poll(said) if !post.local => poll::recount(desk, post.id, said),
            Extra::Event(said) => event::change(desk, post.id, said, post.local),
            Extra::Nothing | Extra::Question | Extra::Poll(_) => Ok(false),
        }
    }

    fn tell(
        &self,
        desk: &mut Desk<'_>,
        subject: &Subject,
        mentions: Vec<ActorId>,
    ) -> Result<(), Refusal> {
        let (author, id) = (subject.author, self.post);
        let relay = self.edit.relay();
        let local = matches!(self.edit, Edit::Local);
        if desk.is_told(&subject.group, author)? && (local || relay.is_some()) {
            let object = ObjectId::Post(id);
            let activity = Activity::Updated { object };
            let mut to = Vec::new();
            if local {
                to = mentions;
                to.extend(desk.followers_of(author, &subject.group)?);
            }
            let entry = Desk::entry_in(&subject.group, author, activity, id.0)
                .to(to)
                .relay(relay);
            desk.record(entry);
        }
        Ok(())
    }

    /// Applies the changes; gives the new text back if there is one.
    fn change(&self, desk: &mut Desk<'_>, post: &mut Post) -> Result<Option<Rendered>, Refusal> {
        let foreign = !matches!(self.edit, Edit::Local);
        if let Some(title) = &self.title {
            post.title = super::checked_title(desk, title, foreign)?;
        }
        if let Some(Some(url)) = &self.link_url
            && !super::create::is_web_address(url, !foreign)
        {
            return Err(Refusal::invalid(
                "url",
                "post.link",
                "A link is a whole web address that begins with https:// or http://.",
            ));
        }
        if let Some(link_url) = &self.link_url {
            post.link_url.clone_from(link_url);
        }
        if let Some(language) = &self.language {
            post.language = checked_language(language.as_deref(), !foreign)?;
        }
        if let Some(sensitive) = self.sensitive {
            post.sensitive = sensitive;
        }
        if let Some(warning) = &self.warning {
            post.warning = warning.as_deref().map(storable);
        }
        if let Some(attachments) = &self.attachments {
            post.attachments = if foreign {
                attachments.iter().take(MAX_ATTACHMENTS).cloned().collect()
            } else {
                media::claim(desk, post.author, attachments, post.id.0)?
            };
        }
        let Some(body) = &self.body else {
            return self.title.as_ref().map(|_| kept(desk, post)).transpose();
        };
        let most = usize::try_from(desk.settings.posts.body_limit).unwrap_or(usize::MAX);
        if post.local && body.length() > most {
            return Err(Refusal::invalid(
                "body",
                "post.too_long",
                format!("A post has at most {most} letters."),
            ));
        }
        let limit = desk.settings.posts.mention_limit;
        let text = body.render(desk.db, desk.names, limit)?;
        post.html.clone_from(&text.html);
        post.source.clone_from(&text.source);
        Ok(Some(text))
    }
}

/// The text as it stands, so that a new title is found by search.
fn kept(desk: &mut Desk<'_>, post: &Post) -> Result<Rendered, Refusal> {
    let object = ObjectId::Post(post.id);
    Ok(Rendered {
        html: post.html.clone(),
        source: post.source.clone(),
        hashtags: notices::list_hashtags(desk.db, object)?,
        mentions: notices::list_mentions(desk.db, object)?,
    })
}

/// When an edit counts as made: strictly after what is known; `None` for a foreign edit that is
/// older than what is known (federation.md 4.4).
pub(in crate::operations) fn edited_at(
    desk: &Desk<'_>,
    edit: &Edit,
    known: Option<crate::domain::clock::Ts>,
    published_at: crate::domain::clock::Ts,
) -> Option<crate::domain::clock::Ts> {
    let last = known.unwrap_or(published_at);
    match edit {
        Edit::Local => {
            let next = crate::domain::clock::Ts(last.seconds() * 1_000_000).plus_seconds(1);
            Some(desk.now.max(next))
        }
        Edit::Remote { edited_at, .. } => {
            let at = (*edited_at).min(desk.now);
            (at > last).then_some(at)
        }
    }
}
