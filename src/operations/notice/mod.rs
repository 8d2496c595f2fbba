//! Notices: members are told what happened to them, and mark it read.

use crate::domain::host::Severity;
use crate::domain::ids::ActorId;
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{actors, notices};

/// Leaves a notice for each of these people who lives here, but never for who did it. `object` is
/// the number of what it is about.
pub(super) fn tell(
    desk: &mut Desk<'_>,
    kind: NoticeKind,
    people: &[ActorId],
    by: ActorId,
    object: i64,
) -> Result<(), Refusal> {
    if people.is_empty() {
        return Ok(());
    }
    let mut told = actors::list_by_ids(desk.db, people)?;
    told.retain(|actor| actor.local && actor.id != by);
    // People of servers that are kept away notify nobody.
    if !told.is_empty() && actors::severity_of(desk.db, by)? == Severity::None {
        for actor in told {
            let id = desk.next_id();
            notices::insert(desk.db, id, actor.id, kind, by, object, desk.now)?;
        }
    }
    Ok(())
}

/// A member has seen their notices.
#[derive(Clone, Debug)]
pub(crate) struct MarkNoticesRead;

impl Operation for MarkNoticesRead {
    type Output = ();
    const NAME: &'static str = "mark_notices_read";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        Ok(notices::set_read(desk.db, member, desk.now)?)
    }
}
