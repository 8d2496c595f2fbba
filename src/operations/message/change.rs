//! Messages are changed or deleted by who wrote them, and read by whom they were written to.

use crate::domain::activity::{Activity, Entry};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ConversationId, MessageId};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::markup::Markup;
use crate::operations::{Desk, Operation};
use crate::store::{actors, messages};

/// Somebody elsewhere changes a message of theirs; one that is older than what is known changes
/// nothing.
#[derive(Clone, Debug)]
pub(crate) struct UpdateMessage {
    /// Which.
    pub(crate) message: MessageId,
    /// The text.
    pub(crate) body: Markup,
    /// When, by its author's word.
    pub(crate) edited_at: Ts,
}

impl Operation for UpdateMessage {
    type Output = ();
    const NAME: &'static str = "update_message";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let mut message = super::own(desk, self.message)?;
        let edited_at = self.edited_at.min(desk.now);
        if message.deleted_at.is_some() || edited_at <= message.edited_at.unwrap_or_default() {
            return Ok(());
        }
        let text = self.body.render(desk.db, desk.names, 0)?;
        message.html = text.html;
        message.source = text.source;
        message.edited_at = Some(edited_at);
        Ok(messages::set_content(desk.db, &message)?)
    }
}

/// The caller deletes a message of theirs, or takes that back.
#[derive(Clone, Debug)]
pub(crate) struct DeleteMessage {
    /// Which.
    pub(crate) message: MessageId,
    /// Whether it is deleted now.
    pub(crate) deleted: bool,
}

impl Operation for DeleteMessage {
    type Output = ();
    const NAME: &'static str = "delete_message";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let message = super::own(desk, self.message)?;
        if message.deleted_at.is_some() == self.deleted {
            return Ok(());
        }
        messages::set_deleted(desk.db, message.id, self.deleted.then_some(desk.now))?;
        if !(message.local && self.deleted) {
            return Ok(());
        }
        let members = messages::list_members(desk.db, &[message.conversation])?;
        let people: Vec<ActorId> = members.into_iter().map(|(_, actor)| actor).collect();
        for to in actors::list_by_ids(desk.db, &people)? {
            if to.local {
                continue;
            }
            let activity = Activity::MessageDeleted {
                message: message.id,
                to: to.id,
            };
            let key = message.conversation.0;
            desk.record(Entry::new(message.author, None, activity, key).to([to.id]));
        }
        Ok(())
    }
}

/// The caller has seen a conversation to its end.
#[derive(Clone, Debug)]
pub(crate) struct ReadConversation {
    /// Which; done already if it is none of the caller's.
    pub(crate) conversation: ConversationId,
}

impl Operation for ReadConversation {
    type Output = ();
    const NAME: &'static str = "read_conversation";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        Ok(messages::set_read(desk.db, self.conversation, member)?)
    }
}
