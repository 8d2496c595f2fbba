//! An admin steers what is sent to a server: tried again at once, held back, or sent again.

use crate::domain::flag::LogEntry;
use crate::domain::host::Steering;
use crate::domain::ids::LOCAL_INSTANCE;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation};
use crate::store::{instances, moderation};

/// An admin steers the deliveries to a server. The engine hears of it at the commit.
#[derive(Clone, Debug)]
pub(crate) struct SteerDeliveries {
    /// Its name.
    pub(crate) host: String,
    /// What becomes of them.
    pub(crate) steering: Steering,
}

impl Operation for SteerDeliveries {
    type Output = ();
    const NAME: &'static str = "steer_deliveries";
    const UNSEEN: bool = true;

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let unknown = || Refusal::not_found("host.unknown", "The hub knows no such server.");
        let known = instances::find_by_host(desk.db, &self.host)?;
        let known = known.filter(|known| known.id != LOCAL_INSTANCE);
        let known = known.ok_or_else(unknown)?;
        let paused = match self.steering {
            Steering::Retry => known.paused,
            Steering::Pause => true,
            Steering::Resume => false,
        };
        if self.steering != Steering::Retry && paused == known.paused {
            return Ok(());
        }
        instances::set_paused(desk.db, known.id, paused)?;
        desk.steer(known.id, self.steering);
        let entry = LogEntry {
            group: None,
            moderator: desk.caller.actor(),
            action: format!("server-{}", self.steering.as_str()),
            object: None,
            actor: None,
            host: Some(known.host),
            reason: String::new(),
            at: desk.now,
        };
        let id = desk.next_id();
        Ok(moderation::insert_log(desk.db, id, &entry)?)
    }
}
