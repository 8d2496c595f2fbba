//! Private messages, as those who wrote or got them see them. Nobody else has a view of them.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, ConversationId, MessageId};
use crate::domain::message::Message;
use crate::domain::page::{Page, PageRequest};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, blocks, messages};

/// A message with who wrote it, and to whom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MessageCard {
    /// The message.
    pub(crate) message: Message,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// The others in the conversation.
    pub(crate) to: Vec<Actor>,
}

/// A conversation in a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConversationCard {
    /// The row.
    pub(crate) id: ConversationId,
    /// The others in it.
    pub(crate) others: Vec<Actor>,
    /// Its newest message.
    pub(crate) last: Option<Message>,
    /// Whether the member has not seen that yet.
    pub(crate) unread: bool,
}

/// Who talks in some conversations.
struct Circle {
    members: Vec<(ConversationId, ActorId)>,
    people: Vec<Actor>,
}

impl Circle {
    fn read(db: &mut Db, of: &[ConversationId]) -> Res<Self> {
        let members = messages::list_members(db, of)?;
        let ids: Vec<ActorId> = members.iter().map(|(_, actor)| *actor).collect();
        let people = actors::list_by_ids(db, &ids)?;
        Ok(Self { members, people })
    }

    fn find(&self, id: ActorId) -> Option<Actor> {
        self.people.iter().find(|actor| actor.id == id).cloned()
    }

    /// Everybody in a conversation but one.
    fn others(&self, of: ConversationId, but: ActorId) -> Vec<Actor> {
        let here = self
            .members
            .iter()
            .filter(|(id, actor)| *id == of && *actor != but);
        here.filter_map(|(_, actor)| self.find(*actor)).collect()
    }
}

/// The conversations of a member with somebody whom they want to see, the last written in first:
/// five queries.
pub(crate) fn conversations(
    db: &mut Db,
    member: ActorId,
    request: PageRequest,
) -> Res<Page<ConversationCard>> {
    let page = messages::list_conversations(db, member, request)?;
    let ids: Vec<ConversationId> = page.items.iter().map(|one| one.id).collect();
    let circle = Circle::read(db, &ids)?;
    let everybody: Vec<ActorId> = circle.people.iter().map(|actor| actor.id).collect();
    let unwanted = blocks::list_unwanted(db, member, &everybody)?;
    let last: Vec<MessageId> = page.items.iter().map(|one| one.last).collect();
    let mut last = messages::list_by_ids(db, &last)?;
    last.retain(|message| !unwanted.contains(&message.author));
    let mut cards = page.map(|one| ConversationCard {
        id: one.id,
        others: circle.others(one.id, member),
        last: last.iter().find(|message| message.id == one.last).cloned(),
        unread: one.last > one.read,
    });
    let wanted = |actor: &Actor| !unwanted.contains(&actor.id);
    cards.items.retain(|card| card.others.iter().any(wanted));
    Ok(cards)
}

/// One conversation of the member's.
///
/// # Errors
/// If the member has no such conversation.
pub(crate) fn conversation_card(
    db: &mut Db,
    member: ActorId,
    id: ConversationId,
) -> Result<ConversationCard, Refusal> {
    let found = messages::find_conversation(db, id, member)?.ok_or_else(no_conversation)?;
    Ok(ConversationCard {
        id,
        others: Circle::read(db, &[id])?.others(id, member),
        last: messages::find(db, found.last)?,
        unread: found.last > found.read,
    })
}

fn no_conversation() -> Refusal {
    Refusal::not_found("conversation.not_found", "There is no such conversation.")
}

/// The others in a conversation of the member's, with a page of its messages, newest first.
///
/// # Errors
/// If the member has no such conversation.
pub(crate) fn conversation(
    db: &mut Db,
    member: ActorId,
    id: ConversationId,
    request: PageRequest,
) -> Result<(Vec<Actor>, Page<MessageCard>), Refusal> {
    messages::find_conversation(db, id, member)?.ok_or_else(no_conversation)?;
    let others = Circle::read(db, &[id])?.others(id, member);
    let page = messages::list(db, member, Some(id), request)?;
    Ok((others, cards(db, page)?))
}

/// All messages that a member wrote or got, newest first.
pub(crate) fn page(db: &mut Db, member: ActorId, request: PageRequest) -> Res<Page<MessageCard>> {
    let page = messages::list(db, member, None, request)?;
    cards(db, page)
}

/// One message that the member wrote or got.
///
/// # Errors
/// If the member has no such message.
pub(crate) fn card(db: &mut Db, member: ActorId, id: MessageId) -> Result<MessageCard, Refusal> {
    let missing = || Refusal::not_found("message.not_found", "There is no such message.");
    let message = messages::find(db, id)?.ok_or_else(missing)?;
    let seen = messages::find_conversation(db, message.conversation, member)?;
    seen.ok_or_else(missing)?;
    let page = Page {
        items: vec![message],
        next: None,
    };
    cards(db, page)?.items.pop().ok_or_else(missing)
}

fn cards(db: &mut Db, page: Page<Message>) -> Res<Page<MessageCard>> {
    let mut ids: Vec<ConversationId> = page.items.iter().map(|one| one.conversation).collect();
    ids.dedup();
    let circle = Circle::read(db, &ids)?;
    let next = page.next;
    let card = |message: Message| {
        Some(MessageCard {
            author: circle.find(message.author)?,
            to: circle.others(message.conversation, message.author),
            message,
        })
    };
    let items = page.items.into_iter().filter_map(card).collect();
    Ok(Page { items, next })
}

/// In how many conversations something waits for a member to be read.
pub(crate) fn unread(db: &mut Db, member: ActorId) -> Res<i64> {
    messages::count_unread(db, member)
}
