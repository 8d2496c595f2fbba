//! What applies to a server, asked often and remembered for a moment.

use std::time::Duration;

use moka::sync::Cache;

use crate::domain::host::{Severity, Treatment};
use crate::domain::refusal::Refusal;
use crate::operations::Operations;
use crate::store::host_rules;

/// How long an answer stands; a rule that another process sets is in force after that.
const STANDS: Duration = Duration::from_secs(5);

/// Answers that were given lately; forgotten when a rule changes here.
#[derive(Clone)]
pub(in crate::operations) struct Remembered(Cache<String, Treatment>);

impl Remembered {
    /// What was said holds no longer.
    pub(in crate::operations) fn forget(&self) {
        self.0.invalidate_all();
    }
}

impl Default for Remembered {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(20_000)
                .time_to_live(STANDS)
                .build(),
        )
    }
}

impl Operations {
    /// What applies to a server (its name with an optional port): by the settings, by hand, by
    /// lists.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn treatment(&self, host: &str) -> Result<Treatment, Refusal> {
        if !self.live.get().federation.admits(host) {
            return Ok(Treatment {
                severity: Severity::Suspend,
                ..Treatment::WELCOME
            });
        }
        if let Some(known) = self.treatments.0.get(host) {
            return Ok(known);
        }
        let name = host.to_owned();
        let asked = self
            .store
            .read(move |db| host_rules::treatment(db, &name))
            .await;
        let said = asked.map_err(Refusal::from)?;
        self.treatments.0.insert(host.to_owned(), said);
        Ok(said)
    }

    /// Whether the hub hears a server and speaks to it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(crate) async fn admits(&self, host: &str) -> Result<bool, Refusal> {
        Ok(self.treatment(host).await?.admits())
    }
}
