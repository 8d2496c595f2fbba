//! What the store says about an entry: who did it, where, to what.

use serde_json::Value;

use crate::domain::activity::{Activity, Entry, Logged};
use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::comment::Comment;
use crate::domain::flag::Flag;
use crate::domain::ids::{ActorId, CommentId, FlagId, MessageId, ObjectId, PostId, Uri};
use crate::domain::names::Names;
use crate::domain::post::{Post, PostKind};
use crate::domain::quote::Quote;
use crate::federation::document;
use crate::federation::write::{self, Addressing, Envelope, GroupRef, MessageDocument};
use crate::settings::Settings;
use crate::store::{Db, Res, actors, comments, flags, follows, messages, polls, posts, quotes};

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

/// A report with the ids of all that it names.
pub(super) struct Report {
    pub(super) flag: Flag,
    pub(super) reporter: Actor,
    pub(super) subject: Actor,
    pub(super) objects: Vec<String>,
}

impl Report {
    fn read(db: &mut Db, flag: FlagId) -> Res<Option<Self>> {
        let Some(flag) = flags::find(db, flag)? else {
            return Ok(None);
        };
        let people = (
            actors::find(db, flag.reporter)?,
            actors::find(db, flag.subject)?,
        );
        let (Some(reporter), Some(subject)) = people else {
            return Ok(None);
        };
        let mut objects = Vec::new();
        for number in &flag.objects {
            let post = posts::find(db, PostId(*number))?.map(|post| post.uri);
            let found = match post {
                Some(uri) => Some(uri),
                None => comments::find(db, CommentId(*number))?.map(|comment| comment.uri),
            };
            let found = match found {
                Some(uri) => Some(uri),
                None => messages::find(db, MessageId(*number))?.map(|message| message.uri),
            };
            objects.extend(found.map(|uri| uri.as_str().to_owned()));
        }
        Ok(Some(Self {
            flag,
            reporter,
            subject,
            objects,
        }))
    }
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
    /// The id of the Follow that is asked, answered or undone; or of the Join that is answered.
    pub(super) follow: Option<String>,
    pub(super) report: Option<Report>,
    /// The hub's own actor, where it may have to speak.
    pub(super) hub: Option<Actor>,
    /// A private message.
    pub(super) letter: Option<Letter>,
    /// What was chosen in a poll.
    pub(super) choice: Option<String>,
    pub(super) profile: Option<Value>,
    /// The quote that is answered or no longer allowed, with the id of what it quotes if that can
    /// be read.
    pub(super) quote: Option<(Quote, Option<Uri>)>,
    /// What the text quotes that asks to.
    pub(super) quoted: Option<String>,
}

impl<'a> Scene<'a> {
    pub(super) fn read(
        db: &mut Db,
        names: &'a Names,
        settings: &Settings,
        logged: &'a Logged,
    ) -> Res<Option<Self>> {
        let entry = &logged.entry;
        let Some(by) = actors::find(db, entry.by)? else {
            return Ok(None);
        };
        let group = match entry.group {
            Some(group) => actors::find(db, group)?,
            None => None,
        };
        let thing = match object_of(&entry.activity) {
            Some(object) => Thing::read(db, names, object)?,
            None => None,
        };
        let quote = match entry.activity {
            Activity::QuoteAnswered { quote } | Activity::QuoteRevoked { quote } => {
                quotes::find(db, quote)?
            }
            _ => None,
        };
        let quoted = match (&entry.activity, object_of(&entry.activity)) {
            (Activity::QuoteAsked { .. }, Some(object)) => {
                quotes::find_quoted(db, object.number())?
            }
            _ => None,
        };
        let other = other_of(&entry.activity)
            .or(quote.as_ref().map(|quote| quote.quoter))
            .or(quoted.as_ref().and_then(|quoted| quoted.author));
        let other = match other {
            Some(other) => actors::find(db, other)?,
            None => None,
        };
        let quote = match quote {
            Some(quote) => {
                let object = document::number(db, quote.object)?;
                Some((quote, object))
            }
            None => None,
        };
        let follow = asked(db, entry)?;
        let (report, hub) = match entry.activity {
            Activity::Flagged { flag } | Activity::FlagResolved { flag } => (
                Report::read(db, flag)?,
                actors::find_by_uri(db, names.instance().as_str())?,
            ),
            _ => (None, None),
        };
        let letter = match entry.activity {
            Activity::MessageSent { message, .. } | Activity::MessageDeleted { message, .. } => {
                Letter::read(db, message)?
            }
            _ => None,
        };
        let choice = match entry.activity {
            Activity::PollVoted { post, choice } => chosen(db, post, choice)?,
            _ => None,
        };
        let profile = profile(db, names, settings, &entry.activity)?;
        Ok(Some(Self {
            names,
            logged,
            by,
            group,
            thing,
            other,
            follow,
            report,
            hub,
            letter,
            choice,
            profile,
            quote,
            quoted: quoted.map(|quoted| quoted.uri),
        }))
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

    /// Whether it happened in or below a poll.
    pub(super) fn is_about_poll(&self) -> bool {
        let thread = self.thing.as_ref().map(|thing| thing.post.kind);
        thread == Some(PostKind::Question)
    }

    /// The group's Announce of the post by its id.
    pub(super) fn boost(&self) -> Option<(ActorId, Value)> {
        let group = self.group.as_ref().filter(|group| group.local)?;
        let thing = self
            .thing
            .as_ref()
            .filter(|thing| thing.comment.is_none())?;
        Some((
            group.id,
            announce_post(self.names, group, &thing.post, &thing.author),
        ))
    }
}

/// The Announce of a post that its local group made, for a viewer who fetches it.
pub(super) fn boosted(
    db: &mut Db,
    names: &Names,
    viewer: Viewer,
    id: PostId,
) -> Res<Option<Value>> {
    let Some(post) = posts::find_for(db, viewer, id)? else {
        return Ok(None);
    };
    let (group, author) = (
        actors::find(db, post.group)?,
        actors::find(db, post.author)?,
    );
    let (Some(group), Some(author)) = (group.filter(|group| group.local), author) else {
        return Ok(None);
    };
    Ok(Some(announce_post(names, &group, &post, &author)))
}

fn announce_post(names: &Names, group: &Actor, post: &Post, author: &Actor) -> Value {
    let envelope = Envelope {
        id: names
            .activity("announce", &format!("post-{}", post.id))
            .to_string(),
        actor: group.uri.to_string(),
        addressing: Addressing::boost(&GroupRef::of(group), author.uri.as_str()),
        published: post.published_at,
    };
    write::announce_object(&envelope, post.uri.as_str())
}

/// A private message.
pub(super) struct Letter {
    pub(super) said: MessageDocument,
    pub(super) deleted: bool,
}

impl Letter {
    fn read(db: &mut Db, id: MessageId) -> Res<Option<Self>> {
        let Some(message) = messages::find(db, id)? else {
            return Ok(None);
        };
        let deleted = message.deleted_at.is_some();
        let said = document::message(db, &message)?;
        Ok(said.map(|said| Self { said, deleted }))
    }
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
        let author = comment
            .as_ref()
            .map_or(post.author, |comment| comment.author);
        let Some(author) = actors::find(db, author)? else {
            return Ok(None);
        };
        let mut thing = Self {
            uri: comment
                .as_ref()
                .map_or(&post.uri, |comment| &comment.uri)
                .to_string(),
            former_type: if comment.is_some() { "Note" } else { "Article" },
            author,
            post,
            comment,
            document: None,
            note: None,
            addressing: None,
        };
        if thing.author.local {
            thing.word(db, names)?;
        }
        Ok(Some(thing))
    }

    fn word(&mut self, db: &mut Db, names: &Names) -> Res<()> {
        match &self.comment {
            None => {
                let Some(said) = document::post(db, names, &self.post)? else {
                    return Ok(());
                };
                self.addressing = Some(said.addressing());
                let titled = write::post(&said);
                self.former_type = match self.post.kind {
                    PostKind::Page => "Page",
                    PostKind::Question => "Question",
                    PostKind::Event => "Event",
                    _ => "Article",
                };
                if !self.post.hidden() {
                    self.note = Some(write::post_note(&said));
                    self.document = Some(titled);
                }
            }
            Some(comment) => {
                let Some(said) = document::comment(db, names, comment)? else {
                    return Ok(());
                };
                self.addressing = Some(said.addressing());
                if !comment.hidden() {
                    let worded = write::comment(&said);
                    self.note = Some(worded.clone());
                    self.document = Some(worded);
                }
            }
        }
        Ok(())
    }
}

/// The text of a choice by its place.
fn chosen(db: &mut Db, post: PostId, place: i32) -> Res<Option<String>> {
    let Some(poll) = polls::find(db, post)? else {
        return Ok(None);
    };
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    Ok(poll.choices.get(place).map(|choice| choice.name.clone()))
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
        | Activity::Unvoted { object, .. }
        | Activity::Reacted { object, .. }
        | Activity::Unreacted { object, .. } => Some(*object),
        Activity::AnswerChosen { comment, .. }
        | Activity::Locked {
            comment: Some(comment),
            ..
        }
        | Activity::QuoteAsked {
            comment: Some(comment),
            ..
        } => Some(ObjectId::Comment(*comment)),
        Activity::Locked { post, .. }
        | Activity::Featured { post, .. }
        | Activity::Tallied { post }
        | Activity::Joined { post }
        | Activity::Left { post }
        | Activity::JoinAccepted { post, .. }
        | Activity::JoinRejected { post, .. }
        | Activity::QuoteAsked { post, .. }
        | Activity::ThreadMoved { post, .. }
        | Activity::PollVoted { post, .. } => Some(ObjectId::Post(*post)),
        _ => None,
    }
}

/// The document of an actor whose profile changed.
fn profile(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    activity: &Activity,
) -> Res<Option<Value>> {
    let Activity::ProfileUpdated { actor } = activity else {
        return Ok(None);
    };
    let actor = actors::find(db, *actor)?;
    actor
        .map(|actor| document::actor(db, names, settings, &actor))
        .transpose()
}

/// The id of the request that is made, answered or taken back.
fn asked(db: &mut Db, entry: &Entry) -> Res<Option<String>> {
    Ok(match &entry.activity {
        Activity::FollowAccepted { follow, .. }
        | Activity::FollowRejected { follow, .. }
        | Activity::Unfollowed { follow, .. } => Some(follow.clone()),
        Activity::JoinAccepted { join, .. } | Activity::JoinRejected { join, .. } => {
            Some(join.clone())
        }
        Activity::Followed { target } => {
            follows::find(db, *target, entry.by)?.map(|follow| follow.uri)
        }
        _ => None,
    })
}

fn other_of(activity: &Activity) -> Option<ActorId> {
    match activity {
        Activity::FollowAccepted { follower, .. } | Activity::FollowRejected { follower, .. } => {
            Some(*follower)
        }
        Activity::Followed { target }
        | Activity::Unfollowed { target, .. }
        | Activity::Moved { target } => Some(*target),
        Activity::ModeratorChanged { moderator, .. } => Some(*moderator),
        Activity::JoinAccepted { attendee, .. } | Activity::JoinRejected { attendee, .. } => {
            Some(*attendee)
        }
        Activity::MessageSent { to, .. }
        | Activity::MessageDeleted { to, .. }
        | Activity::ThreadMoved { to, .. } => Some(*to),
        Activity::Banned { actor, .. }
        | Activity::ProfileUpdated { actor }
        | Activity::ProfileDeleted { actor } => Some(*actor),
        _ => None,
    }
}
