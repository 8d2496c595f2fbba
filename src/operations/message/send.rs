//! Somebody writes to somebody.

use crate::domain::activity::{Activity, Entry, Origin};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::ids::{ActorId, ConversationId, MessageId};
use crate::domain::message::{MOST_MEMBERS, Message};
use crate::domain::policy::{self, Relation};
use crate::domain::refusal::Refusal;
use crate::operations::access::Birth;
use crate::operations::markup::Markup;
use crate::operations::{Desk, Operation, block, object};
use crate::store::{actors, blocks, messages, moderation};

use super::welcome::willing;

/// The caller writes to these people, and nobody else reads it.
#[derive(Clone, Debug)]
pub(crate) struct SendMessage {
    /// To whom; the caller may be among them.
    pub(crate) to: Vec<ActorId>,
    /// The text.
    pub(crate) body: Markup,
    /// From where.
    pub(crate) origin: Origin,
}

impl Operation for SendMessage {
    type Output = MessageId;
    const NAME: &'static str = "send_message";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<MessageId, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        if let Origin::Remote { uri, .. } = &self.origin
            && let Some(known) = messages::find_by_uri(desk.db, uri.as_str())?
        {
            return Ok(known.id);
        }
        let ban = moderation::find_ban(desk.db, None, author, desk.now)?;
        let relation = Relation {
            moderator: false,
            ban,
        };
        policy::require_not_banned(&relation, desk.now)?;
        let people = self.recipients(desk, author)?;
        let conversation = conversation(desk, author, &people)?;
        let message = self.message(desk, author, conversation)?;
        let ids: Vec<ActorId> = people.iter().map(|person| person.id).collect();
        let unaware = block::list_avoiding(desk, &ids, author)?;
        messages::insert(desk.db, &message, &unaware)?;
        if object::is_local(desk, author)? {
            for to in people.iter().filter(|person| !person.local) {
                if blocks::is_blocked(desk.db, to.id, author)? {
                    continue;
                }
                let activity = Activity::MessageSent {
                    message: message.id,
                    to: to.id,
                };
                desk.record(Entry::new(author, None, activity, conversation.0).to([to.id]));
            }
        }
        Ok(message.id)
    }
}

impl SendMessage {
    /// The others in the conversation: people who are there, and one of this hub among all.
    fn recipients(&self, desk: &mut Desk<'_>, author: ActorId) -> Result<Vec<Actor>, Refusal> {
        let mut people = actors::list_by_ids(desk.db, &self.to)?;
        people.retain(|actor| actor.id != author);
        let writable = |actor: &Actor| {
            let person = matches!(actor.kind, ActorKind::Person | ActorKind::Service);
            person && actor.deleted_at.is_none()
        };
        let local = self.origin.is_local();
        let sound = !people.is_empty() && people.len() < MOST_MEMBERS;
        people = willing(desk, &self.origin, author, people)?;
        let meant = if local {
            people.iter().all(writable)
        } else {
            people.retain(writable);
            people.iter().any(|actor| actor.local)
        };
        if sound && meant {
            return Ok(people);
        }
        Err(Refusal::invalid(
            "to",
            "message.to",
            format!("A message goes to between one and {MOST_MEMBERS} people, and to people only."),
        ))
    }

    fn message(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        conversation: ConversationId,
    ) -> Result<Message, Refusal> {
        let local = self.origin.is_local();
        if local && self.body.is_blank() {
            return Err(Refusal::invalid(
                "body",
                "message.blank",
                "Please write something.",
            ));
        }
        let most = usize::try_from(desk.settings.posts.comment_limit).unwrap_or(usize::MAX);
        if self.body.length() > most {
            return Err(Refusal::invalid(
                "body",
                "message.too_long",
                format!("A message has at most {most} letters."),
            ));
        }
        let id = desk.message_id();
        let Birth {
            uri, published_at, ..
        } = desk.birth(&self.origin, || desk.names.message(id))?;
        let limit = desk.settings.posts.mention_limit;
        let text = self.body.render(desk.db, desk.names, limit)?;
        Ok(Message {
            id,
            uri,
            conversation,
            author,
            source: text.source,
            html: text.html,
            published_at,
            edited_at: None,
            deleted_at: None,
            local,
        })
    }
}

/// The one conversation among the author and these people.
fn conversation(
    desk: &mut Desk<'_>,
    author: ActorId,
    people: &[Actor],
) -> Result<ConversationId, Refusal> {
    let mut members: Vec<ActorId> = people.iter().map(|person| person.id).collect();
    members.push(author);
    members.sort_unstable();
    members.dedup();
    let fresh = ConversationId(desk.next_id());
    Ok(messages::ensure_conversation(
        desk.db, &members, fresh, desk.now,
    )?)
}
