//! What several operations read first: the thing acted upon, its group, and how the caller stands.

use crate::domain::activity::{Entry, Origin};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::comment::Comment;
use crate::domain::flag::LogEntry;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId, Uri};
use crate::domain::policy::Relation;
use crate::domain::post::Post;
use crate::domain::refusal::{Kind, Refusal};
use crate::store::placed::{Around, Placed};
use crate::store::{actors, comments, follows, moderation, moderators, placed, privacy};

use super::markup::storable;
use super::{Desk, moving};

/// Servers of an author's followers that hear directly, and followers on servers that have no
/// common inbox, at most this many of each.
const MOST_REACHED: u32 = 1_000;

/// A post or comment with the thread and group around it.
pub(super) struct Subject {
    pub(super) id: ObjectId,
    pub(super) author: ActorId,
    pub(super) post: Post,
    pub(super) comment: Option<Comment>,
    pub(super) group: Actor,
}

impl Subject {
    /// Whether it was written here.
    pub(super) fn local(&self) -> bool {
        match &self.comment {
            Some(comment) => comment.local,
            None => self.post.local,
        }
    }

    /// Whether its author deleted it.
    pub(super) fn deleted(&self) -> bool {
        match &self.comment {
            Some(comment) => comment.deleted_at.is_some(),
            None => self.post.deleted_at.is_some(),
        }
    }

    /// Whether a moderator removed it.
    pub(super) fn removed(&self) -> bool {
        match &self.comment {
            Some(comment) => comment.removed_at.is_some(),
            None => self.post.removed_at.is_some(),
        }
    }
}

/// Under which id, at which page and when something came into being.
pub(super) struct Birth {
    pub(super) uri: Uri,
    pub(super) url: String,
    pub(super) published_at: Ts,
}

impl Desk<'_> {
    /// Where a post or comment came into being: here it gets the id that is minted for it; what
    /// comes from elsewhere keeps its own, is never of this hub and never of the future.
    pub(super) fn birth(
        &self,
        origin: &Origin,
        mint: impl FnOnce() -> Uri,
    ) -> Result<Birth, Refusal> {
        let (uri, url, published_at) = match origin {
            Origin::Local => (mint(), None, self.now),
            Origin::Remote {
                uri,
                url,
                published_at,
                ..
            } => {
                if self.names.is_local(uri.as_str()) {
                    return Err(Refusal::new(
                        Kind::Invalid,
                        "object.local",
                        "An object of this hub cannot come from elsewhere.",
                    ));
                }
                (uri.clone(), url.clone(), (*published_at).min(self.now))
            }
        };
        Ok(Birth {
            url: url.unwrap_or_else(|| uri.as_str().to_owned()),
            uri,
            published_at,
        })
    }

    /// A group that is there.
    pub(super) fn group(&mut self, id: ActorId) -> Result<Actor, Refusal> {
        there(actors::find(self.db, id)?)
    }

    /// The hub's own actor; `None` before the hub was founded.
    pub(super) fn instance(&mut self) -> Result<Option<Actor>, Refusal> {
        Ok(actors::find_by_uri(
            self.db,
            self.names.instance().as_str(),
        )?)
    }

    /// A comment, hidden ones too.
    pub(super) fn comment(&mut self, id: CommentId) -> Result<Comment, Refusal> {
        comments::find(self.db, id)?.ok_or_else(|| missing(ObjectId::Comment(id)))
    }

    /// Whether the caller may look into a group. What a group of another server says of people
    /// elsewhere is that server's to know.
    pub(super) fn sees(&mut self, group: &Actor) -> Result<bool, Refusal> {
        let open = match self.caller {
            _ if !group.is_private_group() => true,
            Caller::System => true,
            Caller::Remote { .. } if !group.local => true,
            Caller::Visitor | Caller::Member { .. } | Caller::Remote { .. } => {
                let viewer = self.caller.actor().into();
                privacy::sees(self.db, viewer, group.id)?
            }
        };
        Ok(open)
    }

    /// A post or comment with what is around it, hidden ones too; where the caller may not look
    /// into its group, there is none but their own.
    pub(super) fn subject(&mut self, id: ObjectId) -> Result<Subject, Refusal> {
        Ok(self.subject_and_relation(id)?.0)
    }

    /// The same, and how the caller stands to its group.
    pub(super) fn subject_and_relation(
        &mut self,
        id: ObjectId,
    ) -> Result<(Subject, Relation), Refusal> {
        let (post, comment) = self.thread_of(id)?;
        let placed = placed::find(self.db, post, self.caller.actor())?;
        self.stand(id, comment, placed)
    }

    /// The same, with what matters to an answer by `author`, who asks.
    pub(super) fn subject_to_answer(
        &mut self,
        id: ObjectId,
        author: ActorId,
    ) -> Result<(Subject, Relation, Around), Refusal> {
        let (post, comment) = self.thread_of(id)?;
        let answered = comment.as_ref().map(|comment| comment.author);
        let since = moving::lately(self.now);
        let found = placed::find_around(self.db, post, author, answered, since)?;
        let (placed, around) = found.ok_or_else(|| missing(ObjectId::Post(post)))?;
        let (subject, relation) = self.stand(id, comment, Some(placed))?;
        Ok((subject, relation, around))
    }

    /// The thread of something, and the comment if it is one.
    fn thread_of(&mut self, id: ObjectId) -> Result<(PostId, Option<Comment>), Refusal> {
        match id {
            ObjectId::Post(post) => Ok((post, None)),
            ObjectId::Comment(comment) => {
                let comment = self.comment(comment)?;
                Ok((comment.post, Some(comment)))
            }
        }
    }

    fn stand(
        &mut self,
        id: ObjectId,
        comment: Option<Comment>,
        placed: Option<Placed>,
    ) -> Result<(Subject, Relation), Refusal> {
        let caller = self.caller.actor();
        let placed = placed.ok_or_else(|| missing(id))?;
        let (post, group) = (placed.post, there(Some(placed.group))?);
        let author = comment
            .as_ref()
            .map_or(post.author, |comment| comment.author);
        if caller != Some(author) && !self.sees(&group)? {
            return Err(missing(id));
        }
        let ban = match caller.filter(|_| placed.banned) {
            Some(actor) => moderation::find_ban(self.db, Some(group.id), actor, self.now)?,
            None => None,
        };
        let relation = Relation {
            moderator: placed.moderated,
            ban,
        };
        let subject = Subject {
            id,
            author,
            post,
            comment,
            group,
        };
        Ok((subject, relation))
    }

    /// How the caller stands to a group.
    pub(super) fn relation(&mut self, group: &Actor) -> Result<Relation, Refusal> {
        let Some(actor) = self.caller.actor() else {
            return Ok(Relation::default());
        };
        Ok(Relation {
            moderator: moderators::is_moderator(self.db, group.id, actor)?,
            ban: moderation::find_ban(self.db, Some(group.id), actor, self.now)?,
        })
    }

    /// An entry about something in a group: told to the group's followers if it is local, and to
    /// the group itself if it is remote and the deed was done here.
    pub(super) fn entry_in(
        group: &Actor,
        by: ActorId,
        activity: crate::domain::activity::Activity,
        order_key: i64,
    ) -> Entry {
        let entry = Entry::new(by, Some(group.id), activity, order_key);
        if group.local {
            entry
        } else {
            entry.to([group.id])
        }
    }

    /// Through whom the followers of a local author hear of what they write in a group; of what is
    /// written in a private one they hear nothing.
    pub(super) fn followers_of(
        &mut self,
        author: ActorId,
        group: &Actor,
    ) -> Result<Vec<ActorId>, Refusal> {
        if group.manually_approves {
            return Ok(Vec::new());
        }
        Ok(follows::list_reaching(self.db, author, MOST_REACHED)?)
    }

    /// Whether others must hear of this deed: it happened in a local group, or was done here.
    pub(super) fn is_told(&mut self, group: &Actor, by: ActorId) -> Result<bool, Refusal> {
        if group.local {
            return Ok(true);
        }
        Ok(actors::find(self.db, by)?.is_some_and(|actor| actor.local))
    }

    /// Writes a line of the moderation log.
    pub(super) fn log(
        &mut self,
        group: Option<ActorId>,
        action: &str,
        object: Option<ObjectId>,
        actor: Option<ActorId>,
        reason: &str,
    ) -> Result<(), Refusal> {
        let entry = LogEntry {
            group,
            moderator: self.caller.actor(),
            action: action.to_owned(),
            object: object.map(ObjectId::number),
            actor,
            host: None,
            reason: storable(reason),
            at: self.now,
        };
        let id = self.next_id();
        Ok(moderation::insert_log(self.db, id, &entry)?)
    }
}

/// A group, if it is one and was not deleted.
fn there(found: Option<Actor>) -> Result<Actor, Refusal> {
    let group = found
        .filter(|actor| actor.kind == ActorKind::Group)
        .ok_or_else(|| Refusal::not_found("group.not_found", "There is no such group."))?;
    if group.deleted_at.is_some() {
        return Err(Refusal::new(
            Kind::Gone,
            "group.gone",
            "This group was deleted.",
        ));
    }
    Ok(group)
}

fn missing(id: ObjectId) -> Refusal {
    match id {
        ObjectId::Post(_) => Refusal::not_found("post.not_found", "There is no such post."),
        ObjectId::Comment(_) => {
            Refusal::not_found("comment.not_found", "There is no such comment.")
        }
    }
}
