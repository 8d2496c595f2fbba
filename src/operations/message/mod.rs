//! Private messages: written, changed, deleted, read.

mod change;
mod send;
mod welcome;

pub(crate) use change::{DeleteMessage, ReadConversation, UpdateMessage};
pub(crate) use send::SendMessage;
pub(crate) use welcome::SetMessagePolicy;

use crate::domain::ids::MessageId;
use crate::domain::message::Message;
use crate::domain::refusal::Refusal;
use crate::store::messages;

use super::Desk;

/// A message of the caller's own; of others' messages nobody is told that there are any.
fn own(desk: &mut Desk<'_>, id: MessageId) -> Result<Message, Refusal> {
    let caller = crate::domain::policy::require_actor(desk.caller)?;
    messages::find(desk.db, id)?
        .filter(|message| message.author == caller)
        .ok_or_else(|| Refusal::not_found("message.not_found", "There is no such message."))
}

#[cfg(test)]
mod tests;
