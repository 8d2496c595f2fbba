//! What the store says about an entry: who did it, where, to what.

use serde_json::Value;

use crate::domain::activity::{Activity, Logged};
use crate::domain::actor::Actor;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::names::Names;
use crate::domain::post::Post;
use crate::federation::write::{
    self, Addressing, Around, CommentDocument, Envelope, GroupRef, MentionRef, Place,
    PostDocument, Replies,
};
use crate::store::{Db, Res, actors, comments, follows, moderation, notices, posts};

/// A post or comment with everything that its document names.
pub(super) struct Thing {
    pub(super) uri: String,
    pub(super) author: Actor,
    pub(super) post: Post,
    pub(super) comment: Option<Comment>,
    /// Its document, titled and as a Note, if it was written here and is there to be read.
    pub(super) document: Option<Value>,
    pub(super) note: Option<Value>,
    pub(super) addressing: Option<Addressing>,
    /// How its document is called by those who must forget it.
    pub(super) former_type: &'static str,
}

/// Everything about one entry.
pub(super) struct Scene<'a> {
    pub(super) names: &'a Names,
    pub(super) logged: &'a Logged,
    pub(super) by: Actor,
    pub(super) group: Option<Actor>,
    pub(super) thing: Option<Thing>,
    /// The other actor of the entry: the follower, the followed, the banned.
    pub(super) other: Option<Actor>,
    /// The id of the Follow that is asked, answered or undone.
    pub(super) follow: Option<String>,
    pub(super) flag: Option<crate::domain::flag::Flag>,
    pub(super) profile: Option<Value>,
}

impl<'a> Scene<'a> {
    pub(super) fn read(
        db: &mut Db,
        names: &'a Names,
        logged: &'a Logged,
    ) -> Res<Option<Self>> {
        let entry = &logged.entry;
        let Some(by) = actors::find(db, entry.by)? else { return Ok(None) };
        let group = match entry.group {
            Some(group) => actors::find(db, group)?,
            None => None,
        };
        let thing = match object_of(&entry.activity) {
            Some(object) => Thing::read(db, names, object)?,
            None => None,
        };
        let other = match other_of(&entry.activity) {
            Some(other) => actors::find(db, other)?,
            None => None,
        };
        let follow = match &entry.activity {
            Activity::FollowAccepted { follow, .. }
            | Activity::FollowRejected { follow, .. }
            | Activity::Unfollowed { follow, .. } => Some(follow.clone()),
            Activity::Followed { target } => {
                follows::find(db, *target, entry.by)?.map(|follow| follow.uri)
            }
            _ => None,
        };
        let flag = match entry.activity {
            Activity::Flagged { flag } => moderation::find_flag(db, flag)?,
            _ => None,
        };
        let profile = match entry.activity {
            Activity::ProfileUpdated { actor } => profile(db, names, actor)?,
            _ => None,
        };
        Ok(Some(Self { names, logged, by, group, thing, other, follow, flag, profile }))
    }

    pub(super) fn author_is_local(&self) -> bool {
        self.thing.as_ref().is_some_and(|thing| thing.author.local)
    }

    /// Whether the deed is of a moderator rather than of an author.
    pub(super) fn is_governance(&self) -> bool {
        matches!(
            self.logged.entry.activity,
            Activity::Removed { .. }
                | Activity::Unremoved { .. }
                | Activity::Locked { .. }
                | Activity::Featured { .. }
                | Activity::ModeratorChanged { .. }
                | Activity::Banned { .. }
        )
    }

    /// The group's Announce of the post by its id.
    pub(super) fn boost(&self) -> Option<(ActorId, Value)> {
        let group = self.group.as_ref().filter(|group| group.local)?;
        let thing = self.thing.as_ref().filter(|thing| thing.comment.is_none())?;
        Some((group.id, announce_post(self.names, group, &thing.post, &thing.author)))
    }
}

/// The Announce of a post that its local group made, for whoever fetches it.
pub(super) fn boosted(db: &mut Db, names: &Names, id: PostId) -> Res<Option<Value>> {
    let Some(post) = posts::find(db, id)? else { return Ok(None) };
    let (group, author) = (actors::find(db, post.group)?, actors::find(db, post.author)?);
    let (Some(group), Some(author)) = (group.filter(|group| group.local), author) else {
        return Ok(None);
    };
    Ok(Some(announce_post(names, &group, &post, &author)))
}

fn announce_post(names: &Names, group: &Actor, post: &Post, author: &Actor) -> Value {
    let envelope = Envelope {
        id: names.activity("announce", &format!("post-{}", post.id)).to_string(),
        actor: group.uri.to_string(),
        addressing: Addressing::boost(&GroupRef::of(group), author.uri.as_str()),
        published: post.published_at,
    };
    write::announce_object(&envelope, post.uri.as_str())
}

impl Thing {
    fn read(db: &mut Db, names: &Names, object: ObjectId) -> Res<Option<Self>> {
        let comment = match object {
            ObjectId::Comment(id) => comments::find(db, id)?,
            ObjectId::Post(_) => None,
        };
        let post = match (object, &comment) {
            (ObjectId::Post(id), _) => posts::find(db, id)?,
            (ObjectId::Comment(_), Some(comment)) => posts::find(db, comment.post)?,
            (ObjectId::Comment(_), None) => None,
        };
        let Some(post) = post else { return Ok(None) };
        let author = comment.as_ref().map_or(post.author, |comment| comment.author);
        let (author, group) = (actors::find(db, author)?, actors::find(db, post.group)?);
        let (Some(author), Some(group)) = (author, group) else { return Ok(None) };
        let mut thing = Self {
            uri: comment.as_ref().map_or(&post.uri, |comment| &comment.uri).to_string(),
            former_type: if comment.is_some() { "Note" } else { "Article" },
            author,
            post,
            comment,
            document: None,
            note: None,
            addressing: None,
        };
        if thing.author.local {
            thing.word(db, names, &group, object)?;
        }
        Ok(Some(thing))
    }

    fn word(&mut self, db: &mut Db, names: &Names, group: &Actor, object: ObjectId) -> Res<()> {
        let mut around = around(db, object, &self.post)?;
        match &self.comment {
            None => {
                // A microblog's own text is never named by its group's hashtag twice.
                let document =
                    PostDocument::of(names, &self.post, &self.author, group, around);
                self.addressing = Some(document.addressing());
                let titled = write::post(&document);
                self.former_type = match titled.get("type").and_then(Value::as_str) {
                    Some("Page") => "Page",
                    _ => "Article",
                };
                if !self.post.hidden() {
                    self.note = Some(write::post_note(&document));
                    self.document = Some(titled);
                }
            }
            Some(comment) => {
                let Some((parent, parent_author)) = parent(db, comment, &self.post)? else {
                    return Ok(());
                };
                around.mentions.retain(|mention| mention.uri != parent_author.uri.as_str());
                let place = Place {
                    thread: &self.post,
                    group,
                    parent: &parent,
                    parent_author: &parent_author,
                };
                let document =
                    CommentDocument::of(names, comment, &self.author, place, around);
                self.addressing = Some(document.addressing());
                if !comment.hidden() {
                    let worded = write::comment(&document);
                    self.note = Some(worded.clone());
                    self.document = Some(worded);
                }
            }
        }
        Ok(())
    }
}

/// The titled document of a local post or comment; `None` if it is foreign, hidden or unknown.
pub(in crate::federation) fn titled(
    db: &mut Db,
    names: &Names,
    object: ObjectId,
) -> Res<Option<Value>> {
    Ok(Thing::read(db, names, object)?.and_then(|thing| thing.document))
}

/// The same as microblogs read it.
pub(in crate::federation) fn noted(
    db: &mut Db,
    names: &Names,
    object: ObjectId,
) -> Res<Option<Value>> {
    Ok(Thing::read(db, names, object)?.and_then(|thing| thing.note))
}

fn parent(db: &mut Db, comment: &Comment, post: &Post) -> Res<Option<(String, Actor)>> {
    let (uri, author) = match comment.parent {
        None => (post.uri.to_string(), post.author),
        Some(id) => match comments::find(db, id)? {
            Some(parent) => (parent.uri.to_string(), parent.author),
            None => return Ok(None),
        },
    };
    Ok(actors::find(db, author)?.map(|author| (uri, author)))
}

/// How many answers a document lists by id (federation.md 4.2.2).
const FIRST_REPLIES: u32 = 5;

fn around(db: &mut Db, object: ObjectId, post: &Post) -> Res<Around> {
    let mentioned = notices::list_mentions(db, object)?;
    let people = actors::list_by_ids(db, &mentioned)?;
    let parent = match object {
        ObjectId::Post(_) => None,
        ObjectId::Comment(id) => Some(id),
    };
    let first = comments::list_answers(db, post.id, parent, FIRST_REPLIES)?;
    let total = match object {
        ObjectId::Post(_) => u64::try_from(post.comment_count).unwrap_or(0),
        ObjectId::Comment(_) => u64::try_from(first.len()).unwrap_or(0),
    };
    Ok(Around {
        mentions: people.iter().map(MentionRef::of).collect(),
        replies: Replies {
            first: first.iter().map(|answer| answer.uri.to_string()).collect(),
            total,
            ..Replies::default()
        },
        shares: 0,
    })
}

fn profile(db: &mut Db, names: &Names, actor: ActorId) -> Res<Option<Value>> {
    use crate::domain::actor::ActorKind;
    let (Some(actor), Some(key)) = (actors::find(db, actor)?, actors::find_key_of(db, actor)?)
    else {
        return Ok(None);
    };
    let Some(pem) = crate::crypto::keypair::PublicKey::from_der(&key.public_der)
        .ok()
        .and_then(|key| key.to_pem().ok())
    else {
        return Ok(None);
    };
    Ok(Some(match actor.kind {
        ActorKind::Group => {
            write::group(names, &write::GroupDocument::of(&actor, pem, &[]))
        }
        _ => write::person(names, &write::PersonDocument::of(&actor, pem)),
    }))
}

fn object_of(activity: &Activity) -> Option<ObjectId> {
    match activity {
        Activity::Created { object }
        | Activity::Updated { object }
        | Activity::Deleted { object }
        | Activity::Restored { object }
        | Activity::Removed { object, .. }
        | Activity::Unremoved { object, .. }
        | Activity::Voted { object, .. }
        | Activity::Unvoted { object, .. } => Some(*object),
        Activity::Locked { post, .. } | Activity::Featured { post, .. } => {
            Some(ObjectId::Post(*post))
        }
        _ => None,
    }
}

fn other_of(activity: &Activity) -> Option<ActorId> {
    match activity {
        Activity::FollowAccepted { follower, .. } | Activity::FollowRejected { follower, .. } => {
            Some(*follower)
        }
        Activity::Followed { target } | Activity::Unfollowed { target, .. } => Some(*target),
        Activity::ModeratorChanged { moderator, .. } => Some(*moderator),
        Activity::Banned { actor, .. }
        | Activity::ProfileUpdated { actor }
        | Activity::ProfileDeleted { actor } => Some(*actor),
        _ => None,
    }
}
