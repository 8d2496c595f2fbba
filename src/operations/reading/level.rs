//! What members hear of the groups that they follow.

use crate::domain::ids::ActorId;
use crate::domain::policy;
use crate::domain::reading::Level;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::{Desk, Operation};
use crate::store::follows;

/// A member says what they want to hear of groups that they follow; of others nothing is kept.
#[derive(Clone, Debug)]
pub(crate) struct SetLevels {
    /// Of which group what.
    pub(crate) levels: Vec<(ActorId, Level)>,
}

impl Operation for SetLevels {
    type Output = ();
    const NAME: &'static str = "set_levels";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let member = policy::require_actor(desk.caller)?;
        let mut changed = 0;
        for level in Level::ALL {
            let wanted = self.levels.iter().filter(|(_, wanted)| *wanted == level);
            let groups: Vec<ActorId> = wanted.map(|(group, _)| *group).collect();
            if !groups.is_empty() {
                changed += follows::set_level(desk.db, member, &groups, level)?;
            }
        }
        if changed == 0 && !self.levels.is_empty() {
            return Err(Refusal::new(
                Kind::Conflict,
                "group.not_joined",
                "You hear of groups that you are in. Please join it first.",
            ));
        }
        Ok(())
    }
}
