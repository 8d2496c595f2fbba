//! What admins want with the deliveries to a server takes effect at once.

use tokio::time::Instant;

use super::Engine;
use crate::domain::host::Steering;
use crate::domain::ids::InstanceId;

impl Engine {
    pub(super) fn steer(&mut self, instance: InstanceId, steering: Steering) {
        let slot = self.slot(instance);
        let Some(server) = self.servers.get_mut(slot) else {
            return;
        };
        match steering {
            Steering::Retry => server.retry(Instant::now()),
            Steering::Pause => server.paused = true,
            Steering::Resume => server.paused = false,
        }
        self.line_up(slot);
    }
}
