//! A reply to a post or to another comment, from here or from elsewhere.

use crate::domain::activity::{Activity, Entry, Origin};
use crate::domain::caller::Caller;
use crate::domain::comment::{Comment, path};
use crate::domain::ids::{ActorId, CommentId, ObjectId, Uri};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::{self, Relation};
use crate::domain::post::{Attachment, MAX_ATTACHMENTS, Post};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::access::{Birth, Subject};
use crate::operations::markup::{Markup, Rendered, checked_language, storable};
use crate::operations::notice::{self, Place};
use crate::operations::{Desk, Operation, media, post};
use crate::store::placed::Around;
use crate::store::{comments, held, tallies, watches};

/// Members who are told of an answer because they follow the thread.
const MOST_FOLLOWERS: u32 = 1_000;

/// A comment comes into being; the caller is its author.
#[derive(Clone, Debug)]
pub(crate) struct CreateComment {
    /// What it answers.
    pub(crate) parent: ObjectId,
    /// The text.
    pub(crate) body: Markup,
    /// BCP 47 tag.
    pub(crate) language: Option<String>,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// Spoken as a moderator; ignored from everybody else.
    pub(crate) distinguished: bool,
    /// From where.
    pub(crate) origin: Origin,
}

impl Operation for CreateComment {
    type Output = CommentId;
    const NAME: &'static str = "create_comment";

    fn of_a_crowd(&self) -> Option<ObjectId> {
        Some(self.parent)
    }

    fn perform(&self, desk: &mut Desk<'_>) -> Result<CommentId, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        let (parent, relation, around) = desk.subject_to_answer(self.parent, author)?;
        self.check(desk, &parent, &relation, &around)?;
        let limit = desk.settings.posts.mention_limit;
        let text = self.body.render(desk.db, desk.names, limit)?;
        let comment = self.comment(desk, author, &parent, &relation, &text)?;
        if !comments::insert(desk.db, &comment)? {
            return known(desk, &comment.uri);
        }
        tallies::add_comments(desk.db, parent.post.id, 1, Some(desk.now))?;
        let object = ObjectId::Comment(comment.id);
        post::index(desk, object, "", &text)?;
        let others: Vec<ActorId> = text
            .mentions
            .iter()
            .filter(|id| **id != parent.author)
            .copied()
            .collect();
        tell_members(desk, author, &parent, object, &others)?;
        if around.followed {
            tell_followers(desk, author, &parent, object, &others)?;
        }
        desk.stir(parent.post.id);
        let also_from = around.moved_from.filter(|from| *from != parent.group.id);
        self.tell(desk, author, &parent, object, (others, also_from))?;
        Ok(comment.id)
    }
}

impl CreateComment {
    fn check(
        &self,
        desk: &mut Desk<'_>,
        parent: &Subject,
        relation: &Relation,
        around: &Around,
    ) -> Result<(), Refusal> {
        policy::require_not_banned(relation, desk.now)?;
        let local = self.origin.is_local();
        Self::require_welcome(desk.caller, parent, relation, around)?;
        if is_locked(desk, parent)? && !policy::moderates(desk.caller, relation, parent.group.local)
        {
            return Err(Refusal::forbidden(
                "comment.locked",
                "This thread is locked: moderators closed it for new answers.",
            ));
        }
        let gone = parent.post.hidden() && parent.group.local;
        if gone || local && (parent.deleted() || parent.removed() || parent.post.hidden()) {
            return Err(Refusal::new(
                Kind::Gone,
                "comment.parent_gone",
                "What you answer is no longer there.",
            ));
        }
        if local && self.body.is_blank() {
            return Err(Refusal::invalid(
                "body",
                "comment.blank",
                "Please write something.",
            ));
        }
        let most = usize::try_from(desk.settings.posts.comment_limit).unwrap_or(usize::MAX);
        if self.body.length() > most && local {
            return Err(Refusal::invalid(
                "body",
                "comment.too_long",
                format!("A comment has at most {most} letters."),
            ));
        }
        let depth = parent.comment.as_ref().map_or(0, |comment| comment.depth);
        if i64::from(depth) >= i64::from(desk.settings.posts.comment_depth) {
            return Err(Refusal::forbidden(
                "comment.too_deep",
                "This thread is nested too deeply; please answer further up.",
            ));
        }
        Ok(())
    }

    /// Whom the one who is answered blocks answers them nowhere in the groups of this hub, and from
    /// this hub nowhere at all. What a group elsewhere lets in, others here may read.
    fn require_welcome(
        caller: Caller,
        parent: &Subject,
        relation: &Relation,
        around: &Around,
    ) -> Result<(), Refusal> {
        let group = &parent.group;
        let ours = group.local || !matches!(caller, Caller::Remote { .. });
        if !ours || !around.unwelcome || policy::moderates(caller, relation, group.local) {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "comment.unwelcome",
            "Who wrote this takes no answers from you.",
        ))
    }

    fn comment(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        parent: &Subject,
        relation: &Relation,
        text: &Rendered,
    ) -> Result<Comment, Refusal> {
        let id = desk.comment_id();
        let attachments = if self.origin.is_local() {
            media::claim(desk, author, &self.attachments, id.0)?
        } else {
            let first = self.attachments.iter().take(MAX_ATTACHMENTS);
            first.cloned().collect()
        };
        let Birth {
            uri,
            url,
            published_at,
        } = desk.birth(&self.origin, || desk.names.comment(id))?;
        let above = parent.comment.as_ref();
        Ok(Comment {
            id,
            url,
            uri,
            post: parent.post.id,
            parent: above.map(|comment| comment.id),
            author,
            depth: above.map_or(0, |comment| comment.depth) + 1,
            path: path(above.map(|comment| comment.path.as_str()), id),
            source: text.source.clone(),
            html: text.html.clone(),
            language: self.language_below(&parent.post)?,
            published_at,
            edited_at: None,
            deleted_at: None,
            removed_at: None,
            removal_reason: None,
            upvotes: 0,
            downvotes: 0,
            distinguished: self.distinguished
                && policy::moderates(desk.caller, relation, parent.group.local),
            locked: false,
            local: self.origin.is_local(),
            sensitive: self.sensitive,
            warning: self.warning.as_deref().map(storable),
            attachments,
        })
    }

    /// The language that its author says; who writes here and says none writes in that of the post.
    fn language_below(&self, post: &Post) -> Result<Option<String>, Refusal> {
        let local = self.origin.is_local();
        let said = checked_language(self.language.as_deref(), local)?;
        Ok(said.or_else(|| post.language.clone().filter(|_| local)))
    }

    fn tell(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        parent: &Subject,
        object: ObjectId,
        (mentions, also_from): (Vec<ActorId>, Option<ActorId>),
    ) -> Result<(), Refusal> {
        let relay = self.origin.relay();
        let local = self.origin.is_local();
        if !desk.is_told(&parent.group, author)? {
            return Ok(());
        }
        if !(local || relay.is_some()) {
            return Ok(held::note_unannounced(desk.db, object)?);
        }
        let mut to = Vec::new();
        if local {
            to.push(parent.author);
            to.extend(mentions);
            to.extend(desk.followers_of(author, &parent.group)?);
        }
        let activity = Activity::Created { object };
        let key = parent.post.id.0;
        if let Some(from) = also_from {
            let entry = Entry::new(author, Some(from), activity.clone(), key);
            desk.record(entry.relay(relay.clone()));
        }
        let entry = Desk::entry_in(&parent.group, author, activity, key);
        desk.record(entry.to(to).relay(relay));
        Ok(())
    }
}

/// The comment that was here before.
fn known(desk: &mut Desk<'_>, uri: &Uri) -> Result<CommentId, Refusal> {
    let known = comments::find_by_uri(desk.db, uri.as_str())?;
    known
        .map(|comment| comment.id)
        .ok_or_else(|| Refusal::not_found("comment.not_found", "There is no such comment."))
}

/// Who is answered hears of it, and who is mentioned.
fn tell_members(
    desk: &mut Desk<'_>,
    author: ActorId,
    parent: &Subject,
    object: ObjectId,
    mentioned: &[ActorId],
) -> Result<(), Refusal> {
    let (place, number) = (Place::of(parent), object.number());
    if parent.local() {
        let answered = [parent.author];
        notice::tell_members(desk, place, NoticeKind::Answer, &answered, author, number)?;
    }
    let mentioned = notice::living_here(desk, mentioned)?;
    notice::tell_members(desk, place, NoticeKind::Mention, &mentioned, author, number)
}

/// Members who follow the thread hear of it, unless they hear of it anyway.
fn tell_followers(
    desk: &mut Desk<'_>,
    author: ActorId,
    parent: &Subject,
    object: ObjectId,
    mentioned: &[ActorId],
) -> Result<(), Refusal> {
    let mut followers = watches::list_followers(desk.db, parent.post.id, MOST_FOLLOWERS)?;
    followers.retain(|id| *id != parent.author && !mentioned.contains(id));
    let (place, number) = (Place::of(parent), object.number());
    notice::tell_members(desk, place, NoticeKind::Thread, &followers, author, number)
}

/// Whether moderators closed the thread, or a comment on the way to the parent.
fn is_locked(desk: &mut Desk<'_>, parent: &Subject) -> Result<bool, Refusal> {
    match &parent.comment {
        _ if parent.post.locked => Ok(true),
        Some(comment) => Ok(comments::is_locked(desk.db, comment)?),
        None => Ok(false),
    }
}
