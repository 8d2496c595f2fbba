//! What is sent for an entry of the outbox log: which documents, in whose name, for which reader.
//!
//! Entries hold ids; the documents are made from what the store says now, so a retried Create
//! already carries the newest text and what is gone is sent to nobody.

mod report;
mod scene;
mod word;

use std::sync::Arc;

use serde_json::Value;

use self::scene::Scene;
use super::proof;
use super::quirks::{Forms, Happening, PeerClass, forms};
use super::write::{self, Addressing, Envelope, GroupRef};
use crate::domain::activity::{Activity, Entry, Logged};
use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::names::Names;
use crate::domain::post::Post;
use crate::settings::Settings;
use crate::store::{Db, Res, StoreError, outbox, posts, privacy};

/// A document ready to be signed and sent.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    /// Who signs it.
    pub(crate) signer: ActorId,
    /// The exact bytes.
    pub(crate) body: Arc<[u8]>,
}

/// In which role a server reads an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reader {
    /// It has followers of the group.
    Follower(PeerClass),
    /// Somebody there is told in any case.
    Direct(PeerClass),
}

impl Reader {
    fn class(self) -> PeerClass {
        match self {
            Self::Follower(class) | Self::Direct(class) => class,
        }
    }
}

/// The documents that an entry means for a reader; none where there is nothing for its class.
///
/// # Errors
/// What the store says.
pub(crate) fn documents(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    logged: &Logged,
    reader: Reader,
) -> Res<Vec<Sending>> {
    let Some(scene) = Scene::read(db, names, settings, logged)? else {
        return Ok(Vec::new());
    };
    if scene.is_about_poll() && !reader.class().reads_questions() {
        return Ok(Vec::new());
    }
    let native = settings.federation.native_forms;
    let drafts = match reader {
        Reader::Follower(class) => for_follower(&scene, class, native),
        Reader::Direct(class) => for_direct(&scene, class, native),
    };
    let mut sendings = Vec::with_capacity(drafts.len());
    for (signer, document) in drafts {
        let mut document = write::with_context(document);
        if settings.federation.proofs {
            document = proof::prove(db, names, signer, document, logged.at)?;
        }
        let bytes = serde_json::to_vec(&document)
            .map_err(|e| StoreError::Unreadable(format!("a document to be sent: {e}")))?;
        sendings.push(Sending {
            signer,
            body: bytes.into(),
        });
    }
    Ok(sendings)
}

/// The activity at one of the hub's own activity addresses, as a viewer may fetch it and without
/// `@context`; `None` where nothing of which they may know is logged under it.
///
/// # Errors
/// What the store says.
pub(crate) fn fetchable(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    viewer: Viewer,
    (kind, uuid): (&str, &str),
) -> Res<Option<Value>> {
    if let Some(post) = uuid.strip_prefix("post-").and_then(|id| id.parse().ok()) {
        return Ok(
            scene::boosted(db, names, viewer, PostId(post))?.map(|document| {
                if kind == "undo" {
                    word::unboost(names, &document)
                } else {
                    document
                }
            }),
        );
    }
    let logged = match uuid.strip_prefix(MADE).and_then(|id| id.parse().ok()) {
        Some(post) => posts::find(db, PostId(post))?
            .filter(|post| post.local && !post.hidden())
            .map(|post| remembered(&post)),
        None => outbox::find_by_uuid(db, uuid)?.map(|row| row.logged),
    };
    let Some(logged) = logged.filter(|logged| logged.entry.activity.is_for_everybody()) else {
        return Ok(None);
    };
    let entry = &logged.entry;
    let places: Vec<ActorId> = entry.group.into_iter().chain([entry.by]).collect();
    if !privacy::list_hidden(db, viewer, &places)?.is_empty() {
        return Ok(None);
    }
    let Some(scene) = Scene::read(db, names, settings, &logged)? else {
        return Ok(None);
    };
    let document = match kind {
        "announce" => wrapped(&scene).map(|(_, document)| document),
        _ => word::by_author(&scene, false),
    };
    let asked = names.activity(kind, uuid);
    let document =
        document.filter(|found| found.get("id").and_then(Value::as_str) == Some(asked.as_str()));
    Ok(document)
}

/// What the uuid of a [`remembered`] entry begins with; the id of the post follows.
const MADE: &str = "made-";

/// The entry of a local post's creation, made from the post itself: for when the log has forgotten
/// it, and the same each time.
pub(super) fn remembered(post: &Post) -> Logged {
    let object = ObjectId::Post(post.id);
    let activity = Activity::Created { object };
    Logged {
        seq: 0,
        entry: Entry::new(post.author, Some(post.group), activity, post.id.0),
        uuid: format!("{MADE}{}", post.id),
        at: post.published_at,
    }
}

type Draft = (ActorId, Value);

/// Microblogs show boosts of what is public, so they hear nothing of a private group.
fn for_follower(scene: &Scene<'_>, class: PeerClass, native: bool) -> Vec<Draft> {
    let Some(happening) = happening(scene) else {
        return Vec::new();
    };
    let Forms {
        wrapped: wraps,
        boost,
        unboost,
        by_author,
        by_group,
    } = forms(happening, class);
    let mut drafts = Vec::new();
    if wraps {
        drafts.extend(wrapped(scene));
    }
    let private = scene.group.as_ref().is_some_and(Actor::is_private_group);
    if (boost || unboost) && !private {
        let boosted = scene.boost().map(|(group, document)| {
            let document = if unboost {
                word::unboost(scene.names, &document)
            } else {
                document
            };
            (group, document)
        });
        drafts.extend(boosted);
    }
    if by_author && !private {
        let note = native && class.reads_notes();
        drafts.extend(word::to_microblog(scene, note));
    }
    if matches!(happening, Happening::ThreadMoved) && wraps {
        let signer = scene.logged.entry.by;
        drafts.extend(word::context_move(scene).map(|document| (signer, document)));
    }
    if by_group {
        let signer = scene.logged.entry.by;
        drafts.extend(word::by_author(scene, false).map(|document| (signer, document)));
    }
    drafts
}

fn for_direct(scene: &Scene<'_>, class: PeerClass, native: bool) -> Vec<Draft> {
    let by = &scene.by;
    if scene.is_governance() && scene.group.as_ref().is_some_and(|group| group.local) {
        return wrapped(scene).into_iter().collect();
    }
    if !by.local {
        return Vec::new();
    }
    if let Some(letter) = &scene.letter {
        let worded = word::letter(scene, letter, class);
        return worded
            .map(|document| (by.id, document))
            .into_iter()
            .collect();
    }
    if matches!(
        scene.logged.entry.activity,
        Activity::Voted { value: -1, .. } | Activity::Unvoted { value: -1, .. }
    ) && !class.reads_dislikes()
    {
        return Vec::new();
    }
    let choice = matches!(scene.logged.entry.activity, Activity::AnswerChosen { .. });
    if choice && !class.reads_choices() {
        return Vec::new();
    }
    if matches!(
        scene.logged.entry.activity,
        Activity::Reacted { .. } | Activity::Unreacted { .. }
    ) {
        let form = class.reads_reactions();
        let worded = form.and_then(|form| word::reaction(scene, form));
        return worded
            .map(|document| (by.id, document))
            .into_iter()
            .collect();
    }
    if class.reads_notes() && matches!(scene.logged.entry.activity, Activity::Flagged { .. }) {
        return report::to_microblog(scene).into_iter().collect();
    }
    let microblog = native && class.reads_notes();
    if microblog && matches!(scene.logged.entry.activity, Activity::Deleted { .. }) {
        return word::to_microblog(scene, true).into_iter().collect();
    }
    word::by_author(scene, microblog)
        .map(|document| (by.id, document))
        .into_iter()
        .collect()
}

/// The group's Announce of the activity: a foreign one as it came, one of ours as we word it.
fn wrapped(scene: &Scene<'_>) -> Option<Draft> {
    let group = scene.group.as_ref().filter(|group| group.local)?;
    let inner = match &scene.logged.entry.relay {
        Some(raw) => write::normalise(&serde_json::from_str(raw).ok()?),
        None if scene.by.local => word::by_author(scene, false)?,
        None => return None,
    };
    let envelope = Envelope {
        id: scene
            .names
            .activity("announce", &scene.logged.uuid)
            .to_string(),
        actor: group.uri.to_string(),
        addressing: Addressing::announce(&GroupRef::of(group)),
        published: scene.logged.at,
    };
    Some((group.id, write::announce(&envelope, &inner)))
}

fn happening(scene: &Scene<'_>) -> Option<Happening> {
    Some(match &scene.logged.entry.activity {
        Activity::Created {
            object: ObjectId::Post(_),
        } => Happening::Post,
        Activity::Created {
            object: ObjectId::Comment(_),
        } => Happening::Comment,
        Activity::Updated { .. } | Activity::Tallied { .. } => Happening::Edit,
        Activity::Deleted { .. } => Happening::Deletion,
        Activity::Restored { .. } | Activity::Unremoved { .. } => Happening::Restoration,
        Activity::Removed { .. } if scene.author_is_local() => Happening::RemovalOfOurs,
        Activity::Removed { .. } => Happening::RemovalOfTheirs,
        Activity::Voted { .. } | Activity::Unvoted { .. } => Happening::Vote,
        Activity::Locked { .. }
        | Activity::Featured { .. }
        | Activity::ModeratorChanged { .. }
        | Activity::Banned { .. } => Happening::Governance,
        Activity::AnswerChosen { .. } => Happening::Choice,
        Activity::Moved { .. } => Happening::AccountMoved,
        Activity::ThreadMoved { .. } => Happening::ThreadMoved,
        Activity::ProfileUpdated { .. } => Happening::GroupChanged,
        Activity::ProfileDeleted { .. } => Happening::GroupGone,
        Activity::FollowAccepted { .. }
        | Activity::FollowRejected { .. }
        | Activity::Followed { .. }
        | Activity::Unfollowed { .. }
        | Activity::PollVoted { .. }
        | Activity::Reacted { .. }
        | Activity::Unreacted { .. }
        | Activity::Joined { .. }
        | Activity::Left { .. }
        | Activity::JoinAccepted { .. }
        | Activity::JoinRejected { .. }
        | Activity::MessageSent { .. }
        | Activity::MessageDeleted { .. }
        | Activity::QuoteAnswered { .. }
        | Activity::QuoteRevoked { .. }
        | Activity::QuoteAsked { .. }
        | Activity::Flagged { .. }
        | Activity::FlagResolved { .. } => return None,
    })
}

#[cfg(test)]
mod moderation_tests;
#[cfg(test)]
mod tests;
