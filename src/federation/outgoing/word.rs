//! The activities of local actors in words.

use serde_json::Value;

use super::report;
use super::scene::{Letter, Scene, Thing};
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;
use crate::domain::names::Names;
use crate::domain::quote::QuoteState;
use crate::federation::quirks::{PeerClass, ReactionForm};
use crate::federation::write::{
    self, Addressing, Block, Echo, Envelope, GroupRef, PollVote, QuoteEcho,
};

/// What the entry's actor did, as that actor says it; `note` chooses the form of a post. `None`
/// where the actor is not ours or what it is about is gone.
pub(super) fn by_author(scene: &Scene<'_>, note: bool) -> Option<Value> {
    if !scene.by.local {
        return None;
    }
    match &scene.logged.entry.activity {
        Activity::Created { .. } => {
            let thing = scene.thing.as_ref()?;
            let envelope = content(scene, thing, "create", published(thing))?;
            Some(write::create(&envelope, document(thing, note)?))
        }
        Activity::Updated { .. } | Activity::Tallied { .. } => {
            let thing = scene.thing.as_ref()?;
            let envelope = content(scene, thing, "update", scene.logged.at)?;
            Some(write::update(&envelope, document(thing, note)?))
        }
        Activity::PollVoted { .. } => poll_vote(scene),
        Activity::Deleted { .. } => {
            let thing = scene.thing.as_ref()?;
            Some(write::delete(&deed(scene, "delete")?, &thing.uri))
        }
        Activity::Restored { .. } => {
            let thing = scene.thing.as_ref()?;
            let inner = write::delete(&deed(scene, "delete")?, &thing.uri);
            Some(write::undo(&deed(scene, "undo")?, inner))
        }
        Activity::Voted { value, .. } => vote(scene, *value, &scene.logged.uuid),
        Activity::Unvoted {
            value, vote: cast, ..
        } => {
            let envelope = vote_envelope(scene, "undo", &scene.logged.uuid)?;
            let cast = cast.as_ref().unwrap_or(&scene.logged.uuid);
            Some(write::undo(&envelope, vote(scene, *value, cast)?))
        }
        Activity::Reacted { .. } | Activity::Unreacted { .. } => {
            reaction(scene, ReactionForm::Like)
        }
        Activity::Flagged { .. } => report::to_forum(scene),
        Activity::FlagResolved { .. } => report::resolve(scene),
        Activity::Banned { .. } if scene.group.is_none() => site_ban(scene),
        Activity::Moved { .. } => {
            let target = scene.other.as_ref()?.uri.as_str();
            let addressing = Addressing::followers(scene.by.followers.as_deref());
            let envelope = envelope(scene, "move", addressing);
            Some(write::move_account(&envelope, target))
        }
        Activity::ThreadMoved { .. } => {
            let uri = scene.thing.as_ref()?.post.uri.as_str();
            thread_move(scene, uri.into())
        }
        Activity::QuoteAnswered { .. } => quote_answer(scene),
        Activity::QuoteRevoked { .. } => {
            let (quote, _) = scene.quote.as_ref()?;
            let stamp = scene.names.stamp(&quote.uuid);
            Some(write::delete(&to_other(scene, "delete")?, stamp.as_str()))
        }
        Activity::QuoteAsked { .. } => {
            let thing = scene.thing.as_ref()?;
            let envelope = to_other(scene, "quote")?;
            let asked = scene.quoted.as_ref()?;
            Some(write::quote_request(
                &envelope,
                asked,
                document(thing, note)?,
            ))
        }
        Activity::ProfileUpdated { .. } => {
            let envelope = envelope(scene, "update", profile_readers(scene));
            Some(write::update(&envelope, scene.profile.clone()?))
        }
        Activity::ProfileDeleted { .. } => {
            let envelope = envelope(scene, "delete", profile_readers(scene));
            Some(write::delete_account(&envelope))
        }
        _ => request(scene).or_else(|| governance(scene)),
    }
}

/// Requests to follow or attend, and what is answered to them.
fn request(scene: &Scene<'_>) -> Option<Value> {
    match &scene.logged.entry.activity {
        Activity::FollowAccepted { .. } => Some(write::accept(
            &to_other(scene, "accept")?,
            &echo(scene, true)?,
        )),
        Activity::FollowRejected { .. } => Some(write::reject(
            &to_other(scene, "reject")?,
            &echo(scene, true)?,
        )),
        Activity::Followed { .. } => follow(scene),
        Activity::Unfollowed { .. } => Some(write::undo(&to_other(scene, "undo")?, follow(scene)?)),
        Activity::Joined { .. } => attendance(scene, "join", write::join),
        Activity::Left { .. } => attendance(scene, "leave", write::leave),
        Activity::JoinAccepted { .. } => {
            Some(write::accept(&to_other(scene, "accept")?, &joined(scene)?))
        }
        Activity::JoinRejected { .. } => {
            Some(write::reject(&to_other(scene, "reject")?, &joined(scene)?))
        }
        _ => None,
    }
}

/// What an author's microblog readers get of an edit or deletion; a removal of what was written
/// here reaches them as its author's deletion, so that copies vanish (federation.md 4.0.8).
pub(super) fn to_microblog(scene: &Scene<'_>, note: bool) -> Option<(ActorId, Value)> {
    let thing = scene.thing.as_ref().filter(|thing| thing.author.local)?;
    let signer = thing.author.id;
    match &scene.logged.entry.activity {
        Activity::Updated { .. } | Activity::Tallied { .. } => {
            let envelope = content(scene, thing, "update", scene.logged.at)?;
            Some((signer, write::update(&envelope, document(thing, note)?)))
        }
        Activity::Deleted { .. } | Activity::Removed { .. } => {
            let group = GroupRef::of(scene.group.as_ref()?);
            let kind = if note { "Note" } else { thing.former_type };
            let envelope = Envelope::governance(
                id(scene, "delete"),
                thing.author.uri.to_string(),
                &group,
                scene.logged.at,
            );
            Some((
                signer,
                write::delete_as_tombstone(&envelope, &thing.uri, kind),
            ))
        }
        _ => None,
    }
}

/// A private message for one of its readers, in the form that the reader's server knows; or its
/// deletion.
pub(super) fn letter(scene: &Scene<'_>, letter: &Letter, class: PeerClass) -> Option<Value> {
    let said = &letter.said;
    if matches!(scene.logged.entry.activity, Activity::MessageDeleted { .. }) {
        return Some(write::delete(&to_other(scene, "delete")?, &said.uri));
    }
    if letter.deleted {
        return None;
    }
    let envelope = to_other(scene, "create")?;
    let object = if class.reads_chat_messages() {
        write::chat_message(said, scene.other.as_ref()?.uri.as_str())
    } else {
        write::message_note(said, class.reads_notes())
    };
    Some(write::letter(&envelope, object))
}

/// The group takes its boost of a post back.
pub(super) fn unboost(names: &Names, boost: &Value) -> Value {
    let text = |key: &str| {
        boost
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |key: &str| {
        let items = boost
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let id = text("id");
    let uuid = id.rsplit('/').next().unwrap_or_default();
    let envelope = Envelope {
        id: names.activity("undo", uuid).to_string(),
        actor: text("actor"),
        addressing: Addressing {
            to: list("to"),
            cc: list("cc"),
            audience: boost
                .get("audience")
                .and_then(Value::as_str)
                .map(str::to_owned),
        },
        published: Ts::parse(&text("published")).unwrap_or_default(),
    };
    write::undo(&envelope, boost.clone())
}

fn id(scene: &Scene<'_>, kind: &str) -> String {
    scene.names.activity(kind, &scene.logged.uuid).to_string()
}

fn envelope(scene: &Scene<'_>, kind: &str, addressing: Addressing) -> Envelope {
    Envelope {
        id: id(scene, kind),
        actor: scene.by.uri.to_string(),
        addressing,
        published: scene.logged.at,
    }
}

/// Who hears of a profile.
fn profile_readers(scene: &Scene<'_>) -> Addressing {
    if scene.by.kind == ActorKind::Group {
        return Addressing::of_group(&GroupRef::of(&scene.by));
    }
    Addressing::everybody(scene.by.followers.as_deref())
}

fn to_other(scene: &Scene<'_>, kind: &str) -> Option<Envelope> {
    let other = scene.other.as_ref()?;
    Some(envelope(
        scene,
        kind,
        Addressing::one(other.uri.as_str(), None),
    ))
}

/// A moved thread as a conversation, for NodeBB.
pub(super) fn context_move(scene: &Scene<'_>) -> Option<Value> {
    let post = &scene.thing.as_ref()?.post;
    let context = format!("{}/context", post.uri);
    let object = serde_json::json!({"id": context, "type": "OrderedCollection"});
    let mut document = thread_move(scene, object)?;
    let id = format!("{}-context", scene.logged.uuid);
    if let Some(fields) = document.as_object_mut() {
        let id = scene.names.activity("move", &id).to_string();
        fields.insert("id".to_owned(), id.into());
    }
    Some(document)
}

fn thread_move(scene: &Scene<'_>, object: Value) -> Option<Value> {
    let (origin, target) = (scene.group.as_ref()?, scene.other.as_ref()?);
    let envelope = deed(scene, "move")?;
    Some(write::move_thread(
        &envelope,
        object,
        origin.uri.as_str(),
        target.uri.as_str(),
    ))
}

fn quote_answer(scene: &Scene<'_>) -> Option<Value> {
    let (quote, object) = scene.quote.as_ref()?;
    let echo = QuoteEcho {
        id: quote.request.clone(),
        quoter: scene.other.as_ref()?.uri.to_string(),
        object: object.as_ref()?.to_string(),
        instrument: quote.uri.clone(),
    };
    if quote.state != QuoteState::Accepted {
        return Some(write::quote_answer(
            &to_other(scene, "reject")?,
            &echo,
            None,
        ));
    }
    let stamp = scene.names.stamp(&quote.uuid);
    let envelope = to_other(scene, "accept")?;
    Some(write::quote_answer(&envelope, &echo, Some(stamp.as_str())))
}

/// The Follow as it was received (or as we sent it).
fn echo(scene: &Scene<'_>, received: bool) -> Option<Echo> {
    let other = scene.other.as_ref()?.uri.to_string();
    let by = scene.by.uri.to_string();
    let (actor, object) = if received { (other, by) } else { (by, other) };
    Some(Echo {
        kind: "Follow",
        id: scene.follow.clone()?,
        actor,
        object,
    })
}

fn follow(scene: &Scene<'_>) -> Option<Value> {
    let echo = echo(scene, false)?;
    let envelope = Envelope {
        id: echo.id,
        ..to_other(scene, "follow")?
    };
    Some(write::follow(&envelope, &echo.object))
}

fn document(thing: &Thing, note: bool) -> Option<Value> {
    if note {
        thing.note.clone()
    } else {
        thing.document.clone()
    }
}

fn published(thing: &Thing) -> Ts {
    thing
        .comment
        .as_ref()
        .map_or(thing.post.published_at, |comment| comment.published_at)
}

fn content(scene: &Scene<'_>, thing: &Thing, kind: &str, at: Ts) -> Option<Envelope> {
    Some(Envelope {
        id: id(scene, kind),
        actor: thing.author.uri.to_string(),
        addressing: thing.addressing.clone()?,
        published: at,
    })
}

/// A vote whose id bears this uuid.
fn vote(scene: &Scene<'_>, value: i16, uuid: &str) -> Option<Value> {
    let thing = scene.thing.as_ref()?;
    Some(if value < 0 {
        write::dislike(&vote_envelope(scene, "dislike", uuid)?, &thing.uri)
    } else {
        write::like(&vote_envelope(scene, "like", uuid)?, &thing.uri)
    })
}

/// A reaction, or its Undo, in the form that its reader knows; the id is the same in both.
pub(super) fn reaction(scene: &Scene<'_>, form: ReactionForm) -> Option<Value> {
    let thing = scene.thing.as_ref()?;
    let worded = |content: &str, uuid: &str| {
        let envelope = vote_envelope(scene, "like", uuid)?;
        Some(match form {
            ReactionForm::Like => write::like_with(&envelope, &thing.uri, content),
            ReactionForm::EmojiReact => write::emoji_react(&envelope, &thing.uri, content),
        })
    };
    match &scene.logged.entry.activity {
        Activity::Reacted { content, .. } => worded(content, &scene.logged.uuid),
        Activity::Unreacted {
            content, reaction, ..
        } => {
            let envelope = vote_envelope(scene, "undo", &scene.logged.uuid)?;
            Some(write::undo(&envelope, worded(content, reaction)?))
        }
        _ => None,
    }
}

fn poll_vote(scene: &Scene<'_>) -> Option<Value> {
    let thing = scene.thing.as_ref()?;
    let addressing = Addressing::one(thing.author.uri.as_str(), None);
    let vote = PollVote {
        id: format!("{}#votes/{}", scene.by.uri, scene.logged.uuid),
        question: thing.uri.clone(),
        choice: scene.choice.clone()?,
    };
    Some(write::poll_vote(
        &envelope(scene, "create", addressing),
        &vote,
    ))
}

/// A Join or Leave, for the organiser.
fn attendance(scene: &Scene<'_>, kind: &str, write: fn(&Envelope, &str) -> Value) -> Option<Value> {
    let thing = scene.thing.as_ref()?;
    let addressing = Addressing::one(thing.author.uri.as_str(), None);
    Some(write(&envelope(scene, kind, addressing), &thing.uri))
}

/// The Join that is answered, as it was received.
fn joined(scene: &Scene<'_>) -> Option<Echo> {
    Some(Echo {
        kind: "Join",
        id: scene.follow.clone()?,
        actor: scene.other.as_ref()?.uri.to_string(),
        object: scene.thing.as_ref()?.uri.clone(),
    })
}

fn vote_envelope(scene: &Scene<'_>, kind: &str, uuid: &str) -> Option<Envelope> {
    let thing = scene.thing.as_ref()?;
    let group = scene.group.as_ref().map(GroupRef::of);
    let addressing = Addressing::vote(group.as_ref(), thing.author.uri.as_str());
    Some(Envelope {
        id: scene.names.activity(kind, uuid).to_string(),
        ..envelope(scene, kind, addressing)
    })
}

/// A deed within a group: public, with a copy to the group.
fn deed(scene: &Scene<'_>, kind: &str) -> Option<Envelope> {
    let group = GroupRef::of(scene.group.as_ref()?);
    let by = scene.by.uri.to_string();
    Some(Envelope::governance(
        id(scene, kind),
        by,
        &group,
        scene.logged.at,
    ))
}

/// A ban from the whole hub: its target is the hub, and everybody hears of it.
fn site_ban(scene: &Scene<'_>) -> Option<Value> {
    let target = scene.names.instance().to_string();
    ban(scene, target, |scene, kind| {
        Some(envelope(scene, kind, Addressing::everybody(None)))
    })
}

/// A Block, or the Undo of one, in envelopes of its kind.
fn ban(
    scene: &Scene<'_>,
    target: String,
    envelope: impl Fn(&Scene<'_>, &str) -> Option<Envelope>,
) -> Option<Value> {
    let Activity::Banned {
        banned,
        reason,
        until,
        remove_content,
        ..
    } = &scene.logged.entry.activity
    else {
        return None;
    };
    let block = Block {
        person: scene.other.as_ref()?.uri.to_string(),
        target,
        reason: reason.clone(),
        until: until.map(Ts),
        remove_data: *remove_content,
    };
    let block = write::block(&envelope(scene, "block")?, &block);
    Some(if *banned {
        block
    } else {
        write::undo(&envelope(scene, "undo")?, block)
    })
}

fn governance(scene: &Scene<'_>) -> Option<Value> {
    let group = GroupRef::of(scene.group.as_ref()?);
    let undone = |inner: Value| Some(write::undo(&deed(scene, "undo")?, inner));
    match &scene.logged.entry.activity {
        Activity::Removed {
            reason,
            with_replies,
            ..
        } => {
            let thing = scene.thing.as_ref()?;
            let envelope = deed(scene, "delete")?;
            Some(write::delete_as_moderator(
                &envelope,
                &thing.uri,
                reason,
                *with_replies,
            ))
        }
        Activity::Unremoved { reason, .. } => {
            let thing = scene.thing.as_ref()?;
            let envelope = deed(scene, "delete")?;
            undone(write::delete_as_moderator(
                &envelope, &thing.uri, reason, false,
            ))
        }
        Activity::Locked { locked, reason, .. } => {
            let thing = scene.thing.as_ref()?;
            let lock = write::lock(&deed(scene, "lock")?, &thing.uri, reason);
            if *locked { Some(lock) } else { undone(lock) }
        }
        Activity::AnswerChosen { chosen, .. } => {
            let thing = scene.thing.as_ref()?;
            let choice = write::choose_answer(&deed(scene, "choose")?, &thing.uri);
            if *chosen {
                Some(choice)
            } else {
                undone(choice)
            }
        }
        Activity::Featured { featured, .. } => {
            let thing = scene.thing.as_ref()?;
            listed(scene, *featured, &thing.uri, &group.featured)
        }
        Activity::ModeratorChanged { added, .. } => listed(
            scene,
            *added,
            scene.other.as_ref()?.uri.as_str(),
            &group.moderators,
        ),
        Activity::Banned { .. } => ban(scene, group.uri, deed),
        _ => None,
    }
}

fn listed(scene: &Scene<'_>, added: bool, uri: &str, collection: &str) -> Option<Value> {
    Some(if added {
        write::add(&deed(scene, "add")?, uri, collection)
    } else {
        write::remove(&deed(scene, "remove")?, uri, collection)
    })
}
