//! An author changes a comment.

use crate::domain::activity::Activity;
use crate::domain::comment::Comment;
use crate::domain::ids::{CommentId, ObjectId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::post::{Attachment, MAX_ATTACHMENTS};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::markup::{Edit, Markup, checked_language, storable};
use crate::operations::{Desk, Operation, media, notice, post, version};
use crate::store::{comments, notices};

/// An author changes a comment.
#[derive(Clone, Debug)]
#[expect(
    clippy::option_option,
    reason = "outside: whether it changes; inside: whether there is one"
)]
pub(crate) struct UpdateComment {
    /// Which.
    pub(crate) comment: CommentId,
    /// The text.
    pub(crate) body: Markup,
    /// BCP 47 tag; `None`: as it is.
    pub(crate) language: Option<Option<String>>,
    /// Not for everybody's eyes; `None`: as it is.
    pub(crate) sensitive: Option<bool>,
    /// The author's content warning; `None`: as it is.
    pub(crate) warning: Option<Option<String>>,
    /// Pictures and files; `None`: as they are.
    pub(crate) attachments: Option<Vec<Attachment>>,
    /// From where.
    pub(crate) edit: Edit,
}

impl Operation for UpdateComment {
    type Output = ();
    const NAME: &'static str = "update_comment";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut comment = desk.comment(self.comment)?;
        let object = ObjectId::Comment(comment.id);
        let subject = desk.subject(object)?;
        policy::require_author(desk.caller, comment.author)?;
        let relation = desk.relation(&subject.group)?;
        policy::require_not_banned(&relation, desk.now)?;
        if comment.hidden() {
            return Err(Refusal::new(
                Kind::Gone,
                "comment.gone",
                "This comment is no longer there.",
            ));
        }
        let local = matches!(self.edit, Edit::Local);
        self.check(desk, local)?;
        let known = comment.edited_at;
        let Some(at) = post::edited_at(desk, &self.edit, known, comment.published_at) else {
            return Ok(());
        };
        let limit = desk.settings.posts.mention_limit;
        let text = self.body.render(desk.db, desk.names, limit)?;
        comment.html.clone_from(&text.html);
        comment.source.clone_from(&text.source);
        self.change(desk, &mut comment)?;
        comment.edited_at = Some(at);
        if let Some(before) = &subject.comment {
            version::keep_comment(desk, before, &comment)?;
        }
        comments::set_content(desk.db, &comment)?;
        let before = notices::list_mentions(desk.db, object)?;
        post::index_anew(desk, object, "", &text)?;
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
            comment.author,
            object.number(),
        )?;
        let relay = self.edit.relay();
        if desk.is_told(&subject.group, comment.author)? && (local || relay.is_some()) {
            let activity = Activity::Updated { object };
            let mut to = if local { text.mentions } else { Vec::new() };
            if local {
                to.push(answered(desk, &comment, subject.post.author)?);
                to.extend(desk.followers_of(comment.author, &subject.group)?);
            }
            let entry = Desk::entry_in(&subject.group, comment.author, activity, subject.post.id.0);
            desk.record(entry.to(to).relay(relay));
        }
        Ok(())
    }
}

impl UpdateComment {
    /// Applies what changes besides the text.
    fn change(&self, desk: &mut Desk<'_>, comment: &mut Comment) -> Result<(), Refusal> {
        if let Some(language) = &self.language {
            let local = matches!(self.edit, Edit::Local);
            comment.language = checked_language(language.as_deref(), local)?;
        }
        if let Some(sensitive) = self.sensitive {
            comment.sensitive = sensitive;
        }
        if let Some(warning) = &self.warning {
            comment.warning = warning.as_deref().map(storable);
        }
        if let Some(attachments) = &self.attachments {
            comment.attachments = if matches!(self.edit, Edit::Local) {
                media::claim(desk, comment.author, attachments, comment.id.0)?
            } else {
                attachments.iter().take(MAX_ATTACHMENTS).cloned().collect()
            };
        }
        Ok(())
    }

    fn check(&self, desk: &Desk<'_>, local: bool) -> Result<(), Refusal> {
        if local && self.body.is_blank() {
            return Err(Refusal::invalid(
                "body",
                "comment.blank",
                "Please write something.",
            ));
        }
        let most = usize::try_from(desk.settings.posts.comment_limit).unwrap_or(usize::MAX);
        if local && self.body.length() > most {
            return Err(Refusal::invalid(
                "body",
                "comment.too_long",
                format!("A comment has at most {most} letters."),
            ));
        }
        Ok(())
    }
}

/// Who wrote what a comment answers.
fn answered(
    desk: &mut Desk<'_>,
    comment: &Comment,
    post_author: crate::domain::ids::ActorId,
) -> Result<crate::domain::ids::ActorId, Refusal> {
    match comment.parent {
        Some(parent) => Ok(desk.comment(parent)?.author),
        None => Ok(post_author),
    }
}
