//! Reports: raised by anybody, resolved by moderators.

use crate::domain::activity::{Activity, Entry};
use crate::domain::flag::Flag;
use crate::domain::ids::{ActorId, FlagId, ObjectId, Uri};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::markup::storable;
use crate::operations::{Desk, Operation, object};
use crate::store::moderation;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 5_000;

/// Somebody asks a group's moderators to look at something.
#[derive(Clone, Debug)]
pub(crate) struct RaiseFlag {
    /// Whose moderators.
    pub(crate) group: ActorId,
    /// The post or comment, if it is one.
    pub(crate) object: Option<ObjectId>,
    /// The person, or who wrote the object.
    pub(crate) subject: ActorId,
    /// Why.
    pub(crate) reason: String,
    /// The id of the Flag that came from elsewhere.
    pub(crate) uri: Option<Uri>,
}

impl Operation for RaiseFlag {
    type Output = FlagId;
    const NAME: &'static str = "raise_flag";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<FlagId, Refusal> {
        let reporter = policy::require_actor(desk.caller)?;
        let group = desk.group(self.group)?;
        let reason: String = storable(self.reason.trim())
            .chars()
            .take(LONGEST_REASON)
            .collect();
        let local = object::is_local(desk, reporter)?;
        if local && reason.is_empty() {
            return Err(Refusal::invalid(
                "reason",
                "flag.reason",
                "Please say in a few words what is wrong.",
            ));
        }
        let id = FlagId(desk.next_id());
        let minted = || desk.names.activity("flag", &crate::crypto::token::uuid());
        let flag = Flag {
            id,
            uri: self.uri.clone().unwrap_or_else(minted),
            group: group.id,
            reporter,
            object: self.object.map(ObjectId::number),
            subject: self.subject,
            reason,
            created_at: desk.now,
            resolved_at: None,
            resolved_by: None,
        };
        let new = moderation::insert_flag(desk.db, &flag)?;
        if new && local && !group.local {
            let activity = Activity::Flagged { flag: id };
            desk.record(Entry::new(reporter, Some(group.id), activity, id.0).to([group.id]));
        }
        Ok(id)
    }
}

/// A moderator is done with a report, and with all others on the same thing.
#[derive(Clone, Debug)]
pub(crate) struct ResolveFlag {
    /// Which.
    pub(crate) flag: FlagId,
}

impl Operation for ResolveFlag {
    type Output = ();
    const NAME: &'static str = "resolve_flag";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let flag = moderation::find_flag(desk.db, self.flag)?
            .ok_or_else(|| Refusal::not_found("flag.not_found", "There is no such report."))?;
        let group = desk.group(flag.group)?;
        let relation = desk.relation(&group)?;
        policy::require_moderator(desk.caller, &relation, group.local)?;
        let by = desk.caller.actor().unwrap_or(group.id);
        Ok(moderation::set_resolved(desk.db, &flag, by, desk.now)?)
    }
}
