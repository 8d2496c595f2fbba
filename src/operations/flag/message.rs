//! A private message is reported by somebody who got it: the hub's moderators read this one, and
//! nothing else of the conversation.

use super::{File, file, worded};
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, FlagId, MessageId, Uri};
use crate::domain::message::Message;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, object};
use crate::store::{actors, messages};

/// Somebody shows a message that they got to the hub's moderators, who could not read it before.
#[derive(Clone, Debug)]
pub(crate) struct ReportMessage {
    /// Which.
    pub(crate) message: MessageId,
    /// Why.
    pub(crate) reason: String,
    /// Whether the server of its author is told, too.
    pub(crate) forward: bool,
    /// The id of the Flag that came from elsewhere.
    pub(crate) uri: Option<Uri>,
}

impl Operation for ReportMessage {
    type Output = FlagId;
    const NAME: &'static str = "report_message";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FlagId, Refusal> {
        let reporter = policy::require_actor(desk.caller)?;
        let missing = || Refusal::not_found("message.not_found", "There is no such message.");
        let message = messages::find(desk.db, self.message)?.ok_or_else(missing)?;
        if message.author == reporter || !got(desk, reporter, &message)? {
            return Err(missing());
        }
        let subject = actors::find(desk.db, message.author)?.ok_or_else(missing)?;
        let local = object::is_local(desk, reporter)?;
        file(
            desk,
            File {
                uri: self.uri.clone(),
                group: None,
                objects: vec![message.id.0],
                subject: &subject,
                reason: worded(&self.reason, local)?,
                forward: self.forward,
            },
        )
    }
}

/// Whether the reporter is in the conversation. Servers report in their own name, so of another
/// server it is enough that somebody of it is.
fn got(desk: &mut Desk<'_>, reporter: ActorId, message: &Message) -> Result<bool, Refusal> {
    if !matches!(desk.caller, Caller::Remote { .. }) {
        let own = messages::find_conversation(desk.db, message.conversation, reporter)?;
        return Ok(own.is_some());
    }
    let members = messages::list_members(desk.db, &[message.conversation])?;
    let members: Vec<ActorId> = members.into_iter().map(|(_, actor)| actor).collect();
    let Some(reporter) = actors::find(desk.db, reporter)? else {
        return Ok(false);
    };
    let members = actors::list_by_ids(desk.db, &members)?;
    let theirs = |member: &crate::domain::actor::Actor| {
        member.host == reporter.host && member.id != message.author
    };
    Ok(message.local && members.iter().any(theirs))
}
